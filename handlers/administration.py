"""What the district's administrator does in chat: protected half-days, roles, and messages that did not arrive.

Everybody may ask which half-days are protected; only the administrator changes them, and the past stays as it was.
"""

import re
from datetime import date

from handlers import audit_trail
from handlers.cards import Card, Item, Items, Text
from handlers.errors import UserError
from handlers.permissions import Right, require
from handlers.turn import Cards, Command, Topic, Turn
from protocols.cadence.calendar import Half
from protocols.cadence.moments import say_day
from protocols.cadence.protected import ProtectedRule
from storage import calendar, outbox, people
from storage.people import Role

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
ROLE_WORDS = {
    "ild": Role.ILD,
    "principal": Role.PRINCIPAL,
    "executive": Role.EXECUTIVE,
    "administrator": Role.ADMINISTRATOR,
    "admin": Role.ADMINISTRATOR,
    "unit": Role.UNIT,
}
MOST_LISTED = 20


def _show_protected(turn: Turn, _match: re.Match[str]) -> Cards:
    rules = [rule for rule in turn.district.rules if rule.ends is None or rule.ends >= turn.today]
    if not rules:
        return [
            Card(
                "",
                (
                    Text(
                        "No half-day is protected yet. The administrator can write: protect Tuesday morning."
                    ),
                ),
            )
        ]
    items = tuple(
        Item(
            f"since {say_day(rule.starts, turn.today)}, for {rule.whom}"
            + (f": {rule.reason}" if rule.reason else ""),
            lead=rule.window,
        )
        for rule in rules
    )
    closing = Text("Visits and protocols run then. Meetings, requests and digests wait.", quiet=True)
    return [Card("Protected time", (Items(items), closing))]


def _protect(turn: Turn, match: re.Match[str]) -> Cards:
    require(turn.person, Right.MANAGE_CALENDAR, object="protected_time")
    weekday, half, scope = _window(turn, match)
    rule = ProtectedRule(weekday, half, scope, turn.today, None, (match["reason"] or "").strip().rstrip("."))
    for known in turn.district.rules:
        if (known.weekday, known.half, known.scope) == (weekday, half, scope) and known.holds_on(
            _next(turn.today, weekday)
        ):
            raise UserError(f"{known.window} is protected already, for {known.whom}.")
    calendar.put_rule(turn.tx, rule)
    _audit(turn, "protected_time.added", f"{weekday}:{half}:{scope}")
    return [Card("", (Text(f"{rule.window} is protected from today on, for {rule.whom}."),))]


def _open(turn: Turn, match: re.Match[str]) -> Cards:
    require(turn.person, Right.MANAGE_CALENDAR, object="protected_time")
    weekday, half, scope = _window(turn, match)
    window = f"{DAYS[weekday].capitalize()} {half.word}"
    if not calendar.end_rule(turn.tx, weekday=weekday, half=half, scope=scope, on=turn.today):
        raise UserError(f"{window} is not protected. Write “protected time” to see what is.")
    _audit(turn, "protected_time.ended", f"{weekday}:{half}:{scope}")
    return [Card("", (Text(f"{window} is open from today on. What was protected before stays on record."),))]


def _window(turn: Turn, match: re.Match[str]) -> tuple[int, Half, str]:
    weekday = next(i for i, day in enumerate(DAYS) if day.startswith(match["day"].casefold()[:3]))
    half = Half.AM if match["half"].casefold() in ("morning", "am") else Half.PM
    named = (match["who"] or "").strip().casefold()
    if named in ("", "everybody", "everyone", "all"):
        return weekday, half, "all"
    networks = {school.network for school in people.schools_on(turn.tx, turn.today)}
    found = [network for network in networks if network.casefold() == named]
    if found:
        return weekday, half, f"network:{found[0]}"
    if named.rstrip("s") in ROLE_WORDS:
        return weekday, half, f"role:{ROLE_WORDS[named.rstrip('s')]}"
    known = ", ".join(sorted(networks))
    raise UserError(
        f"I don't know whom “{named}” means. Write everybody, ILDs, principals, or a network: {known}."
    )


def _next(today: date, weekday: int) -> date:
    return date.fromordinal(today.toordinal() + (weekday - today.weekday()) % 7)


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


def _audit(turn: Turn, action: str, object: str) -> None:
    audit_trail.write(turn, action, f"protected_time:{object}")


_DAY = r"(?P<day>mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs(?:day)?)?|fri(?:day)?)s?"
_WINDOW = rf"{_DAY} (?P<half>morning|afternoon|am|pm)s?(?: for (?:the )?(?P<who>.+?))?"
_ROLES = "|".join(ROLE_WORDS)
_ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})

TOPIC = Topic(
    name="admin",
    commands=(
        Command(
            re.compile(r"(?:show )?(?:protected time|blackout(?: days?| windows?)?)", re.IGNORECASE),
            _show_protected,
            example="protected time",
            what="Which half-days belong to schools.",
        ),
        Command(
            re.compile(rf"protect {_WINDOW}(?:,? because (?P<reason>.+))?", re.IGNORECASE),
            _protect,
            example="protect Tuesday morning because visits come first",
            what="Protect a half-day of every week from today on.",
            roles=_ADMINISTRATORS,
        ),
        Command(
            re.compile(rf"open {_WINDOW}", re.IGNORECASE),
            _open,
            example="open Tuesday morning",
            what="Stop protecting a half-day from today on.",
            roles=_ADMINISTRATORS,
        ),
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
