"""What the district's administrator does in chat: roles, and messages that did not arrive."""

import re

from handlers import audit_trail
from handlers.cards import Card, Item, Items, Text
from handlers.errors import UserError
from handlers.permissions import Right, require
from handlers.turn import Cards, Command, Topic, Turn
from storage import outbox, people
from storage.people import Role

ROLE_WORDS = {
    "ild": Role.ILD,
    "principal": Role.PRINCIPAL,
    "executive": Role.EXECUTIVE,
    "administrator": Role.ADMINISTRATOR,
    "admin": Role.ADMINISTRATOR,
    "unit": Role.UNIT,
}
MOST_LISTED = 20


def _make(turn: Turn, match: re.Match[str]) -> Cards:
    require(turn.person, Right.MANAGE_CALENDAR, object="role")
    role = ROLE_WORDS[match["role"].casefold()]
    unit = (match["unit"] or "").strip() or None
    if (role is Role.UNIT) != (unit is not None):
        raise UserError("Write the office after “unit”: make name@district.org unit Human Resources.")
    person = people.find_by_email(turn.tx, match["email"], on=turn.today)
    if person is None:
        raise UserError(f"Nobody active in the roster has the address {match['email']}.")
    if not people.grant_role(turn.tx, person.id, role, unit=unit, on=turn.today):
        raise UserError(f"{person.name} has that role already.")
    audit_trail.write(turn, "role.granted", f"person:{person.id}", role=role)
    return [Card("", (Text(f"{person.name} is now {_say_role(role, unit)}."),))]


def _unmake(turn: Turn, match: re.Match[str]) -> Cards:
    require(turn.person, Right.MANAGE_CALENDAR, object="role")
    role = ROLE_WORDS[match["role"].casefold()]
    person = people.find_by_email(turn.tx, match["email"], on=turn.today)
    if person is None or not people.end_role(turn.tx, person.id, role, on=turn.today):
        raise UserError(f"Nobody with the address {match['email']} holds that role.")
    audit_trail.write(turn, "role.ended", f"person:{person.id}", role=role)
    return [
        Card(
            "", (Text(f"{person.name} is no longer {_say_role(role, None)}. What they did stays on record."),)
        )
    ]


def _say_role(role: Role, unit: str | None) -> str:
    match role:
        case Role.UNIT:
            return f"with {unit}" if unit else "with a unit"
        case Role.ILD:
            return "an ILD"
        case Role.EXECUTIVE:
            return "an executive"
        case Role.ADMINISTRATOR:
            return "an administrator"
        case Role.PRINCIPAL:
            return "a principal"


def _undelivered(turn: Turn, _match: re.Match[str]) -> Cards:
    require(turn.person, Right.MANAGE_CALENDAR, object="outbox")
    rows = outbox.undelivered(turn.tx, limit=MOST_LISTED)
    if not rows:
        return [Card("", (Text("Every message arrived or is on its way."),))]
    names = people.get_people(turn.tx, {row.recipient_id for row in rows}, on=turn.today)
    items = tuple(
        Item(f"{row.kind}, {row.state}: {row.why or 'no reason given'}", lead=names[row.recipient_id].name)
        for row in rows
    )
    return [Card("Messages that did not arrive", (Items(items),))]


_ROLES = "|".join(ROLE_WORDS)
_ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})

TOPIC = Topic(
    name="admin",
    commands=(
        Command(
            re.compile(
                rf"make (?P<email>\S+@\S+) (?:an? )?(?P<role>{_ROLES})(?: (?P<unit>.+))?", re.IGNORECASE
            ),
            _make,
            example="make name@district.org unit Human Resources",
            what="Give somebody a role: executive, administrator, ild, or a unit's office.",
            roles=_ADMINISTRATORS,
        ),
        Command(
            re.compile(
                rf"(?:end|remove) (?P<email>\S+@\S+) (?:as )?(?:an? )?(?P<role>{_ROLES})", re.IGNORECASE
            ),
            _unmake,
            example="end name@district.org executive",
            what="Take a role away again.",
            roles=_ADMINISTRATORS,
        ),
        Command(
            re.compile(r"(?:show )?undelivered(?: messages)?", re.IGNORECASE),
            _undelivered,
            example="undelivered",
            what="Messages that did not arrive, and why.",
            roles=_ADMINISTRATORS,
        ),
    ),
)
