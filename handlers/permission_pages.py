"""The table of permissions told in sentences: for one role, for everybody, as a page, and as data."""

from collections.abc import Sequence
from typing import Any

from handlers.permission_words import MEANINGS, Meaning, Part
from handlers.permissions import REFUSALS, TABLE, Right, Scope
from protocols.guided.steps import join_names
from storage.people import Role

ORDER = (Role.PRINCIPAL, Role.ILD, Role.EXECUTIVE, Role.UNIT, Role.ADMINISTRATOR)
"""The roles as they are told of: those first whom it protects."""
SAY_PLURAL = {
    Role.PRINCIPAL: "principals",
    Role.ILD: "ILDs",
    Role.EXECUTIVE: "executives",
    Role.UNIT: "offices",
    Role.ADMINISTRATOR: "administrators",
}
SAY_ONE = {
    Role.PRINCIPAL: "a principal",
    Role.ILD: "an instructional leadership director (ILD)",
    Role.EXECUTIVE: "an executive",
    Role.UNIT: "on the staff of an office",
    Role.ADMINISTRATOR: "an administrator",
}
_YOU = {"you": "you", "your": "your", "them": "you", "self": "yourself"}
_THEY = {"you": "they", "your": "their", "them": "them", "self": "themselves"}

OPENING = (
    "Principals speak openly only if coaching is not inspection. So who may see and do what is one table, and what it "
    "does not allow is refused. What follows is that table, told in sentences; it is made from the table itself. "
    "Who has two roles may what either may. Who has left may nothing."
)


def reach(meaning: Meaning, scope: Scope) -> str:
    """How far it goes, as the end of a sentence, with ``{you}`` still to be said."""
    match scope:
        case Scope.OWN:
            return meaning.own
        case Scope.OWN_SCHOOL:
            return meaning.school
        case Scope.OWN_NETWORK:
            return meaning.network
        case Scope.ALL:
            return meaning.district


def say_to(right: Right, role: Role) -> str | None:
    """ "You see that a visit took place … at the school you lead." None where the role has no such right."""
    meaning, scope = MEANINGS[right], TABLE[right].get(role)
    if scope is None:
        return None
    begin = "You see" if meaning.is_sight else "You may"
    end = reach(meaning, scope)
    words = f"{begin} {meaning.what}{end and ', '}{end}.".format_map(_YOU)
    return f"{words} {meaning.note}".rstrip()


def say_about(right: Right) -> str:
    """Who has the right and how far, and who has not: "Principals, at the school they lead; ILDs, at the schools they
    accompany. Nobody else." """
    meaning = MEANINGS[right]
    alike: dict[str, list[str]] = {}
    for role in ORDER:
        scope = TABLE[right].get(role)
        if scope is not None:
            alike.setdefault(reach(meaning, scope).format_map(_THEY), []).append(SAY_PLURAL[role])
    has_all = sum(map(len, alike.values())) == len(ORDER)
    if has_all and len(alike) == 1:
        alike = {end: ["everybody"] for end in alike}
    said = "; ".join(f"{join_names(names)}{end and ', '}{end}" for end, names in alike.items())
    others = "" if has_all else "Nobody else."
    return " ".join(filter(None, (f"{said[:1].upper()}{said[1:]}.", others, meaning.note)))


def headline(right: Right) -> str:
    """What it is about, as a heading: "To begin a walkthrough", "That a visit took place"."""
    meaning = MEANINGS[right]
    words = meaning.what if meaning.is_sight else f"to {meaning.what}"
    return f"{words[:1].upper()}{words[1:]}"


def for_role(role: Role) -> str:
    """All that one role may see and do, and what it may not and why, as plain text."""
    lines = [f"If you are {SAY_ONE[role]}", ""]
    for part in Part:
        held = [said for right in _of(part) if (said := say_to(right, role)) is not None]
        if held:
            lines += [f"{part.value}:", *(f"  {said}" for said in held), ""]
    lines += ["What you may not, and what you would read:"]
    lines += [
        f"  {headline(right)}: “{REFUSALS[right]}”" for part in Part for right in _of(part, without=role)
    ]
    return "\n".join(lines)


def for_everybody() -> str:
    """The whole table, each right once, as plain text."""
    lines = [OPENING, ""]
    for part in Part:
        lines += [part.value, *(f"  {headline(right)}. {say_about(right)}" for right in _of(part)), ""]
    return "\n".join(lines).rstrip()


def _of(part: Part, *, without: Role | None = None) -> list[Right]:
    rights = [right for right, meaning in MEANINGS.items() if meaning.part is part]
    return [right for right in rights if without is None or TABLE[right].get(without) is None]


def as_data(roles: Sequence[Role] = ORDER) -> list[dict[str, Any]]:
    """Each right with its words and, for each role, how far it reaches (null: not at all) and the sentence."""
    return [
        {
            "right": right.value,
            "part": meaning.part.value,
            "kind": "see" if meaning.is_sight else "do",
            "what": headline(right),
            "who": say_about(right),
            "refusal": REFUSALS[right],
            "roles": {
                role.value: {
                    "reach": scope.value if (scope := TABLE[right].get(role)) is not None else None,
                    "sentence": say_to(right, role),
                }
                for role in roles
            },
        }
        for part in Part
        for right in _of(part)
        for meaning in (MEANINGS[right],)
    ]


def write_page() -> str:
    """``docs/permissions.md``: the table by part, then by role."""
    lines = ["# Who may see and do what", "", OPENING, ""]
    lines += [
        "`throughline permissions --role principal` prints the same for one role, `--json` as data.",
        "",
    ]
    for part in Part:
        lines += [f"## {part.value}", ""]
        lines += [f"- **{headline(right)}.** {say_about(right)}" for right in _of(part)]
        lines.append("")
    for role in ORDER:
        lines += [f"## If you are {SAY_ONE[role]}", ""]
        for part in Part:
            held = [said for right in _of(part) if (said := say_to(right, role)) is not None]
            if held:
                lines += [f"**{part.value}.** " + " ".join(held), ""]
        refused = [
            f"- {headline(right)}: “{REFUSALS[right]}”" for part in Part for right in _of(part, without=role)
        ]
        lines += ["What you may not, and what you would read:", "", *refused, ""]
    return "\n".join(lines).rstrip() + "\n"
