"""Who sees what, in words: made from the table of permissions, so that what is said is what holds."""

from dataclasses import dataclass

from handlers.cards import Item
from handlers.permissions import TABLE, Right, Scope
from protocols.guided.steps import join_names
from storage.people import Role


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that is kept, and the right that reading it takes. ``invited``: those who have it may ask others in
    (``Right.TAKE_PART``); ``note`` says what others see in place of it."""

    what: str
    right: Right
    invited: bool = False
    note: str = ""


SAID = Kept("What is said in a visit", Right.SEE_RUN, invited=True)
VISITS = Kept("That a visit took place, when and how long", Right.SEE_VISITS)
DIGEST = Kept(
    "Who has done what of the digest", Right.SEE_DIGEST_STATE, note="The office that asked sees numbers."
)
PROTECTED = Kept("Protected time kept and lost", Right.SEE_PROTECTED)
ORIGINALS = Kept("A memo as it came", Right.SEE_MANDATE)
COUNTS = Kept("How many schools have done it, in numbers", Right.SEE_DONE_COUNTS)
LOG = Kept("The log of what was done, without a word of it", Right.SEE_AUDIT)

OF_ROLE: dict[Role, tuple[Kept, ...]] = {
    Role.ILD: (SAID, VISITS, DIGEST),
    Role.PRINCIPAL: (SAID, VISITS, DIGEST),
    Role.EXECUTIVE: (VISITS, PROTECTED, SAID),
    Role.UNIT: (ORIGINALS, COUNTS, SAID),
    Role.ADMINISTRATOR: (LOG, PROTECTED, SAID),
}
"""What each role is told at first; all of it is in the README."""

_WHO: dict[Role, dict[Scope, str]] = {
    Role.ILD: {
        Scope.OWN_NETWORK: "the school’s ILD",
        Scope.ALL: "ILDs",
        Scope.OWN: "an ILD their own",
    },
    Role.PRINCIPAL: {
        Scope.OWN_SCHOOL: "its principal",
        Scope.ALL: "principals",
        Scope.OWN: "a principal their own",
    },
    Role.EXECUTIVE: {Scope.ALL: "executives", Scope.OWN: "an executive their own"},
    Role.UNIT: {Scope.ALL: "offices", Scope.OWN: "an office its own"},
    Role.ADMINISTRATOR: {Scope.ALL: "the administrator", Scope.OWN: "an administrator their own"},
}


def say_readers(kept: Kept) -> str:
    """ "The school’s ILD and its principal. Nobody else." A row in which everybody has their own says so at once."""
    scopes = {role: scope for role, scope in TABLE[kept.right].items() if scope is not None}
    own = [role for role, scope in scopes.items() if scope is Scope.OWN]
    named = [_WHO[role][scope] for role, scope in scopes.items() if scope is not Scope.OWN]
    if len(own) > 2:
        said = join_names(["everybody their own", *(f"{who} all" for who in named)])
    else:
        said = join_names([*named, *(_WHO[role][Scope.OWN] for role in own)])
    invited = ", and whom they invite" if kept.invited else ""
    return " ".join(filter(None, (f"{said[:1].upper()}{said[1:]}{invited}. Nobody else.", kept.note)))


def items_for(role: Role) -> tuple[Item, ...]:
    """Each thing that this role is told of, and who reads it."""
    return tuple(Item(say_readers(kept), lead=f"{kept.what}:") for kept in OF_ROLE[role])
