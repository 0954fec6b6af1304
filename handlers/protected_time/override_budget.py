"""How many overrides each office has a term, and how many are gone: set by the administrator, shown to everybody.

A budget that runs out in the open is worth more than one that is enforced in silence: every notice of an override
says "2 of 3 this term", and `overrides` shows it for all offices. When one has run out, another executive must
second an override, or the one whom the administrator has named for it.
"""

import re
from datetime import date

from handlers import audit_trail
from handlers.cards import Card, Table, Text, plain
from handlers.errors import UserError
from handlers.permissions import Right, require
from handlers.turn import Cards, Command, Topic, Turn
from protocols.cadence.protected_overrides import USUAL_BUDGET, Budget, Span, budget_span
from storage import meetings, people, record
from storage.meetings import Taken
from storage.people import Person, Role

SETTING = "override_budget"
MOST = 99
EACH = ("each office", "every office", "each", "all offices", "offices", "each unit")


def budget_of(turn: Turn, office: str, day: date) -> Budget:
    """The budget of an office in the term of that day."""
    span = budget_span(turn.district.calendar, day)
    taken = meetings.taken_by_office(turn.tx, start=span.starts, end=span.ends).get(office, Taken())
    return Budget(office, _allowed(turn, office), taken.overrides, span.called)


def emergencies_of(turn: Turn, office: str, day: date) -> tuple[int, Span]:
    """How many emergencies an office has had in the term of that day."""
    span = budget_span(turn.district.calendar, day)
    taken = meetings.taken_by_office(turn.tx, start=span.starts, end=span.ends).get(office, Taken())
    return taken.emergencies, span


def beyond(turn: Turn) -> Person | None:
    """Who decides beyond the budget; None: any other executive seconds. Only who is an executive today counts."""
    known = (record.get_setting(turn.tx, SETTING) or {}).get("beyond")
    if known is None:
        return None
    return next((p for p in _executives(turn) if p.id == known), None)


def seconders(turn: Turn, *, apart_from: int) -> list[Person]:
    """Who may second an override of that person."""
    named = beyond(turn)
    if named is not None:
        return [named] if named.id != apart_from else []
    return [person for person in _executives(turn) if person.id != apart_from]


def _executives(turn: Turn) -> list[Person]:
    return people.people_with_role(turn.tx, Role.EXECUTIVE, on=turn.today)


def _allowed(turn: Turn, office: str) -> int:
    known = record.get_setting(turn.tx, SETTING) or {}
    own = {name.casefold(): int(count) for name, count in known.get("offices", {}).items()}
    return own.get(office.casefold(), int(known.get("each", USUAL_BUDGET)))


def _show(turn: Turn, _match: re.Match[str]) -> Cards:
    span = budget_span(turn.district.calendar, turn.today)
    taken = meetings.taken_by_office(turn.tx, start=span.starts, end=span.ends)
    offices = set(taken) | {
        p.unit for p in people.people_with_role(turn.tx, Role.UNIT, on=turn.today) if p.unit
    }
    rows = []
    for office in sorted(offices):
        one = taken.get(office, Taken())
        rows.append((office, f"{one.overrides} of {_allowed(turn, office)}", str(one.emergencies)))
    named = beyond(turn)
    who = f"{named.name} decides" if named else "another executive must second it"
    closing = Text(f"When a budget has run out, {who}. Emergencies are counted apart.", quiet=True)
    if not rows:
        return [plain(f"No office has taken protected time {span.called}.")]
    table = Table(("Office", "Taken", "Emergencies"), tuple(rows), caption=f"Overrides {span.called}")
    return [Card("Overrides of protected time", (table, closing))]


def _set(turn: Turn, match: re.Match[str]) -> Cards:
    require(turn.person, Right.MANAGE_CALENDAR, object="override_budget")
    count = int(match["count"])
    if count > MOST:
        raise UserError(f"More than {MOST} a term is no budget. Write a smaller number.")
    office = (match["office"] or "each office").strip().rstrip(".")
    known = record.get_setting(turn.tx, SETTING) or {}
    if office.casefold() in EACH:
        known["each"] = count
        who = "each office"
    else:
        who = _office_named(turn, office)
        known["offices"] = {**known.get("offices", {}), who: count}
    record.put_setting(turn.tx, SETTING, known)
    audit_trail.write(turn, "override_budget.set", "override_budget", count=count)
    return [plain(f"From now on: {count} a term for {who}. What was taken this term counts.")]


def _office_named(turn: Turn, words: str) -> str:
    wanted = re.sub(r"^the\s+", "", words.casefold())
    units = {p.unit for p in people.people_with_role(turn.tx, Role.UNIT, on=turn.today) if p.unit}
    known = units | {"Executive office", "Instructional leadership"}
    found = [office for office in known if office.casefold() == wanted]
    if not found:
        names = ", ".join(sorted(known))
        raise UserError(f"I don't know an office “{words}”. Write each office, or one of: {names}.")
    return found[0]


def _name_beyond(turn: Turn, match: re.Match[str]) -> Cards:
    require(turn.person, Right.MANAGE_CALENDAR, object="override_budget")
    known = record.get_setting(turn.tx, SETTING) or {}
    words = match["who"].strip().rstrip(".")
    if words.casefold() in ("another executive", "any other executive", "nobody"):
        known.pop("beyond", None)
        said = "When a budget has run out, another executive must second an override."
    else:
        person = people.find_by_email(turn.tx, words, on=turn.today)
        if person is None:
            person = next((p for p in _executives(turn) if p.name.casefold() == words.casefold()), None)
        if person is None or Role.EXECUTIVE not in person.roles:
            names = ", ".join(p.name for p in _executives(turn)) or "nobody yet"
            raise UserError(f"It has to be an executive: {names}. Or write: another executive.")
        known["beyond"] = person.id
        said = f"When a budget has run out, {person.name} decides."
    record.put_setting(turn.tx, SETTING, known)
    audit_trail.write(turn, "override_budget.beyond", "override_budget", person=known.get("beyond"))
    return [plain(said)]


_ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})

TOPIC = Topic(
    name="budget",
    commands=(
        Command(
            re.compile(r"(?:show )?(?:override budgets?|overrides)", re.IGNORECASE),
            _show,
            example="overrides",
            what="How often each office has taken protected time this term, and what it has left.",
        ),
        Command(
            re.compile(
                r"overrides?:? (?P<count>\d{1,4}) (?:a|per|each|every) term(?: for (?P<office>.+))?",
                re.IGNORECASE,
            ),
            _set,
            example="overrides: 3 a term for each office",
            what="Set how often an office may take protected time; also for one office by name.",
            roles=_ADMINISTRATORS,
        ),
        Command(
            re.compile(r"overrides beyond (?:the|a) budget:? (?P<who>.+)", re.IGNORECASE),
            _name_beyond,
            example="overrides beyond the budget: another executive",
            what="Name the executive who decides when a budget has run out.",
            roles=_ADMINISTRATORS,
        ),
    ),
)
