"""Forgetting somebody who left: who may ask for it, when it is refused, and what was done, in words.

The administrator asks in chat and confirms; ``throughline forget`` does the same for whoever runs the machine.
"""

import re
from dataclasses import dataclass
from datetime import date

from handlers import audit_trail
from handlers.actions import Action, act
from handlers.cards import Button, Buttons, Card, Emphasis, Item, Items, Text, plain
from handlers.errors import UserError
from handlers.permissions import Right, require
from handlers.turn import Cards, Command, Topic, Turn, Values
from protocols.keeping.holds import Bearing, is_held
from storage import people
from storage.database import Tx
from storage.keeping import forgetting, holds, named
from storage.people import Person, Role
from storage.tables import PersonRow

ACTION = "person.forgotten"
_ROLES = {
    Role.PRINCIPAL: "principal",
    Role.ILD: "ILD",
    Role.EXECUTIVE: "executive",
    Role.UNIT: "staff",
    Role.ADMINISTRATOR: "administrator",
}


@dataclass(frozen=True, slots=True)
class Leaver:
    """Somebody who may be forgotten: their number, their name until now, and what they were, for the name after."""

    id: int
    name: str
    role: str
    open_runs: int


def find_leaver(tx: Tx, email: str, *, today: date) -> Leaver:
    """The person of this address. Raises ``UserError`` where they are still here, under hold, or not known."""
    row = forgetting.find(tx, email)
    if row is None or row.id is None:
        raise UserError(f"Nobody has the address {email.strip()}, now or before. Look it up in the roster.")
    return _checked(tx, row, people.get_person(tx, row.id, on=today), today)


def _checked(tx: Tx, row: PersonRow, person: Person, today: date) -> Leaver:
    if forgetting.is_forgotten(row):
        raise UserError("That person was forgotten before; nothing more is kept under their name.")
    if person.roles:
        roles = " and ".join(sorted(_ROLES[role] for role in person.roles))
        raise UserError(
            f"{person.name} is still {roles} today. Forget somebody once they have left: take the role away, or let "
            "the roster do it."
        )
    if person.active and row.sourced_id is not None:
        raise UserError(
            f"{person.name} is still in the roster. Take in a roster without them first; then they can be forgotten."
        )
    in_force = holds.in_force(tx)
    about = Bearing(frozenset({person.id}), frozenset(named.schools_of(tx, person.id)))
    if is_held(in_force, about):
        numbers = ", ".join(str(hold.id) for hold in in_force if hold.covers(about))
        raise UserError(
            f"What is kept about {person.name} is under hold ({numbers}), so nothing of it goes. “holds” says why."
        )
    return Leaver(person.id, person.name, named.last_role(tx, person.id), forgetting.open_runs(tx, person.id))


def forget_leaver(turn: Turn, leaver: Leaver) -> dict[str, int]:
    """Do it, and write down that it was done: numbers, never a name."""
    done = forgetting.forget(turn.tx, leaver.id, role=leaver.role)
    audit_trail.write(turn, ACTION, f"person:{leaver.id}", **done)
    return done


def say_done(tx: Tx, leaver: Leaver) -> list[tuple[str, str]]:
    """What was done, line by line: what went, what stays, and what no machine can find."""
    left = forgetting.left_of(tx, leaver.id)
    figures = ", ".join(f"{says[:1].lower()}{says[1:]} {count:,}" for says, count in left.items())
    return [
        (
            "Gone:",
            "name, addresses, accounts, own calendar, hours and settings, questions, and the words of messages.",
        ),
        ("Kept under the new name:", figures or "nothing"),
        (
            "Not touched:",
            "what others wrote, memos, and messages to others in which the name may stand; those go by their own term. "
            "Older backups hold it all until you throw them away.",
        ),
    ]


# ---------------------------------------------------------------- in chat


def ask(turn: Turn, match: re.Match[str]) -> Cards:
    """Say what would be done, and wait for a yes."""
    require(turn.person, Right.FORGET_PERSON, object="person")
    leaver = find_leaver(turn.tx, match["email"], today=turn.today)
    runs = (
        f" {leaver.name} sits in {leaver.open_runs} open conversations; hand those over first if they are to go on."
        if leaver.open_runs
        else ""
    )
    new = " ".join(forgetting.pseudonym(leaver.id, leaver.role))
    return [
        Card(
            f"Forget {leaver.name}?",
            (
                Text(
                    "Name, address, accounts, own calendar and settings go, and the words of messages to them. "
                    f"Figures stay, under the name {new}. It cannot be taken back.{runs}"
                ),
                Buttons(
                    (
                        Button("Forget", act("forget.do", person=leaver.id), Emphasis.DANGER),
                        Button("Keep", act("forget.keep", person=leaver.id)),
                    )
                ),
            ),
        )
    ]


def press_forget(turn: Turn, action: Action, _values: Values) -> Cards:
    """The administrator has said yes; all is looked at anew."""
    require(turn.person, Right.FORGET_PERSON, object="person")
    row = turn.tx.get(PersonRow, action.number("person"))
    if row is None or row.id is None:
        raise UserError("I can't find that person any more.")
    leaver = _checked(turn.tx, row, people.get_person(turn.tx, row.id, on=turn.today), turn.today)
    forget_leaver(turn, leaver)
    items = tuple(Item(text, lead=lead) for lead, text in say_done(turn.tx, leaver))
    return [Card(" ".join(forgetting.pseudonym(leaver.id, leaver.role)), (Items(items),), in_place=True)]


def press_keep(turn: Turn, _action: Action, _values: Values) -> Cards:
    require(turn.person, Right.FORGET_PERSON, object="person")
    return [plain("Nothing was changed.")]


TOPIC = Topic(
    name="forget",
    commands=(
        Command(
            re.compile(r"forget (?P<email>\S+@\S+)", re.IGNORECASE),
            ask,
            example="forget name@district.org",
            what="Take the name of somebody who left out of what is kept; figures stay.",
            roles=frozenset({Role.ADMINISTRATOR}),
        ),
    ),
    actions={"forget.do": press_forget, "forget.keep": press_keep},
    in_place=frozenset({"forget.do", "forget.keep"}),
)
