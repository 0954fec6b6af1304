"""School after all: the visits that a closure had called off, and those of them that can be put back.

Whoever opens days again does not plan visits, so their ILDs read which were called off and press to have them back;
the principals are told and answer, as for any visit.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from handlers.actions import Action, ActionError, act
from handlers.cadence import planning
from handlers.cadence.visit_changes import (
    audit,
    network_of,
    require_slot,
    say_visit,
    school_of,
    start_of,
    tell_other,
)
from handlers.calendars.calendar_effects import LOOK_AHEAD, TODAY_ONLY, Effect
from handlers.cards import Block, Button, Buttons, Card, Emphasis, Item, Items, Text, plain
from handlers.district import District
from handlers.errors import StaleError, UserError
from handlers.permissions import Right, Subject, require
from handlers.post import tell_when_open
from handlers.turn import Cards, Topic, Turn, Values
from protocols.cadence.calendar import VISIT_MINUTES, SchoolCalendar
from storage import called_off, people, visits
from storage.database import Tx
from storage.people import Person, School
from storage.visits import Visit

SETTLED = "That is settled already. “my week” shows what is planned."


def offer_back(tx: Tx, district: District, effect: Effect, *, why: str, key: str, now: datetime) -> int:
    """Tell each ILD of the visits that had been called off for what is open again; how many visits can be put back.

    ``district`` has the calendar after the change, ``key`` names the change.
    """
    today = now.astimezone(district.zone).date()
    schools = {school.id: school for school in people.schools_on(tx, today)}
    by_ild: dict[int, list[Visit]] = defaultdict(list)
    for visit in called_off.called_off(tx, today, today + LOOK_AHEAD, school_ids=list(schools)):
        school = schools[visit.school_id]
        is_open_again = _takes(effect.after, visit, school) and not _takes(effect.before, visit, school)
        if is_open_again and school.ild_id is not None:
            by_ild[school.ild_id].append(visit)
    count = 0
    for ild in people.get_people(tx, by_ild, on=today).values():
        turn = Turn(tx=tx, person=ild, now=now, district=district, key=f"reopened:{key}")
        count += _tell(turn, by_ild[ild.id], schools, why, key)
    return count


def _takes(calendar: SchoolCalendar, visit: Visit, school: School) -> bool:
    concerns = planning.concerns_of(school)
    return calendar.takes_visit(visit.day, start_of(visit), visit.minutes or VISIT_MINUTES, concerns=concerns)


def _tell(turn: Turn, off: Sequence[Visit], schools: dict[int, School], why: str, key: str) -> int:
    items, free = [], []
    for visit in off:
        when = say_visit(visit, turn.today)
        obstacle = _obstacle(turn, visit, schools[visit.school_id], turn.person)
        if obstacle:
            items.append(Item(f"{when}. {obstacle}", lead=visit.school))
            continue
        free.append(visit)
        back = Button("Put it back", act("reopened.back", visit=visit.id, v=visit.version))
        items.append(Item(f"{when}, free for both.", lead=visit.school, buttons=(back,)))
    blocks: list[Block] = [Text(f"{why}."), Items(tuple(items), title="Called off before")]
    if len(free) > 1:
        first, last = free[0].day.toordinal(), free[-1].day.toordinal()
        button = act("reopened.all", ild=turn.person.id, first=first, last=last)
        blocks.append(Buttons((Button(f"Put all {len(free)} back", button, Emphasis.PRIMARY),)))
    is_today = any(visit.day == turn.today for visit in free)
    days = max(visit.day for visit in off) - turn.today
    tell_when_open(
        turn.tx,
        turn.district,
        turn.person,
        Card("", tuple(blocks)),
        kind="visit_today" if is_today else "reopened",
        period=f"reopened:{key}",
        now=turn.now,
        lifetime=TODAY_ONLY if is_today else days + timedelta(days=1),
    )
    return len(free)


def _obstacle(turn: Turn, visit: Visit, school: School, ild: Person) -> str:
    """Why it cannot come back as it was; empty where it can."""
    if visits.is_made_good(turn.tx, visit.id):
        return "Another visit stands in for it."
    network = planning.load_network(turn.tx, ild, turn.today, until=max(visit.day, turn.today))
    if not planning.is_free_for_both(turn.tx, turn.district, network, school, visit.day, visit.half):
        return "That half-day is not free for both any more."
    return ""


def press_back(turn: Turn, action: Action, _values: Values) -> Cards:
    """One visit is planned again as it was."""
    visit = visits.get(turn.tx, action.number("visit"))
    if visit is None:
        raise StaleError(SETTLED)
    school_of(turn, visit)
    if visit.version != action.number("v"):
        raise StaleError(SETTLED)
    return [plain(f"Put back: {_put_back(turn, visit)}.")]


def press_all(turn: Turn, action: Action, _values: Values) -> Cards:
    """All of those days that are still free for both sides."""
    ild_id = action.number("ild")
    try:
        first, last = (date.fromordinal(action.number(key)) for key in ("first", "last"))
    except ValueError:
        raise ActionError(f"{action.name} needs days") from None
    schools = {school.id: school for school in people.schools_on(turn.tx, turn.today, ild_id=ild_id)}
    found = called_off.called_off(turn.tx, max(first, turn.today), last, school_ids=list(schools))
    for visit in found:
        subject = Subject(school=schools[visit.school_id])
        require(turn.person, Right.PLAN_VISIT, subject, object=f"visit:{visit.id}")
    said, left = [], []
    for visit in found:
        try:
            said.append(_put_back(turn, visit))
        except (UserError, StaleError):
            left.append(f"{visit.school} {say_visit(visit, turn.today)}")
    if not said:
        raise StaleError(SETTLED)
    rest = f" Not free any more: {'; '.join(left)}." if left else ""
    return [plain(f"Put back: {'; '.join(said)}. The principals get a note.{rest}")]


def _put_back(turn: Turn, visit: Visit) -> str:
    """Raises ``UserError`` where its time is past or taken, ``StaleError`` where it was settled before."""
    school = school_of(turn, visit)
    ild = network_of(turn, school).ild
    require_slot(turn, school, visit.day, start_of(visit))
    when = f"{visit.school}, {say_visit(visit, turn.today)}"
    if obstacle := _obstacle(turn, visit, school, ild):
        raise UserError(f"{when}: {obstacle[:1].lower()}{obstacle[1:]}")
    if not called_off.put_back(
        turn.tx, visit.id, version=visit.version, ild_id=ild.id, put_by=turn.person.id, at=turn.now
    ):
        raise StaleError(SETTLED)
    audit(turn, "visit.put_back", visit.id)
    sentence = f"The visit to {visit.school} on {say_visit(visit, turn.today)} takes place after all."
    tell_other(turn, school, visit.id, f"back:{visit.version}", sentence)
    return when


TOPIC = Topic(
    name="reopened",
    actions={"reopened.back": press_back, "reopened.all": press_all},
    in_place_alone=frozenset({"reopened.back", "reopened.all"}),
)
