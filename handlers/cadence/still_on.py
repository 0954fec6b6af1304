"""Still on? The school day before a visit its principal is asked, so that a half-day that falls out can be used.

Asked is once for each version of a visit: moved, it is another one. Not asked is about a visit put down a moment ago,
nor whoever has just said yes. The answers are those that a visit has anyway: it suits, another time, it falls out.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.actions import Action, act
from handlers.cadence.visit_changes import audit, load, press_agree, say_visit, start_of
from handlers.cards import Block, Button, Buttons, Card, Emphasis, Text, plain
from handlers.district import District, load_district, zone_of
from handlers.post import open_instant, tell_when_open
from handlers.turn import Cards, Topic, Turn, Values
from protocols.cadence.calendar import SchoolCalendar
from storage import people, record, runs, visits
from storage.database import Store, Tx
from storage.people import Person, School
from storage.visits import Visit

FROM = time(7)
"""The principal's time of day from which tomorrow's visits are looked at."""
JUST_PUT = timedelta(hours=24)
"""Whoever was told of a visit so lately has just thought about it."""
YES_HOLDS = 2
"""School days for which a yes is still one."""
LOOK_AHEAD = timedelta(days=21)
LAST_LOOK = "still_on"


# ---------------------------------------------------------------- the clock


def ask_still_on(store: Store, now: datetime) -> int:
    """Once an hour: ask about the visits of the next school day; how many were asked about."""
    hour = now.replace(minute=0, second=0, microsecond=0).isoformat()
    with store.begin() as tx:
        if record.get_setting(tx, LAST_LOOK) == {"hour": hour}:
            return 0
        district = load_district(tx)
        today = now.astimezone(district.zone).date()
        ahead = visits.planned(tx, today, today + LOOK_AHEAD)
        schools = {school.id: school for school in people.schools_on(tx, today)}
        by_principal: dict[int, list[Visit]] = defaultdict(list)
        for visit in ahead:
            school = schools.get(visit.school_id)
            if school and school.principal_id and school.principal_id != visit.ild_id:
                by_principal[school.principal_id].append(visit)
        known = people.get_people(tx, by_principal, on=today)
        count = sum(_ask(tx, district, known[one], schools, by_principal[one], now) for one in by_principal)
        record.put_setting(tx, LAST_LOOK, {"hour": hour})
    return count


def _ask(
    tx: Tx,
    district: District,
    principal: Person,
    schools: dict[int, School],
    ahead: Sequence[Visit],
    now: datetime,
) -> int:
    zone = zone_of(principal, district)
    local = now.astimezone(zone)
    if local.time() < FROM or not principal.active:
        return 0
    told_at = open_instant(tx, district, principal, now)
    if told_at.astimezone(zone).date() != local.date():
        return 0  # later it is no question of the day before
    due = [
        visit
        for visit in ahead
        if is_day_before(visit.day, local.date(), district.calendar)
        and now - (visit.put_at or visit.created_at or now) >= JUST_PUT
        and not _has_said_yes(visit, principal.id, local.date(), zone, district.calendar)
    ]
    begun = runs.begun_visits(tx, [visit.id for visit in due])
    asked = [
        visit
        for visit in due
        if visit.id not in begun
        and record.note_once(tx, kind="still_on", object=f"visit:{visit.id}:{visit.version}", at=now)
    ]
    if not asked:
        return 0
    begins = max(_begins(district, schools[visit.school_id], visit) for visit in asked)
    ids = ",".join(f"{visit.id}.{visit.version}" for visit in asked)
    tell_when_open(
        tx,
        district,
        principal,
        _card(asked, local.date()),
        kind="still_on",
        period=ids,
        now=now,
        not_before=told_at,
        lifetime=begins - told_at,
        subject=f"still_on:{ids}",
    )
    return len(asked)


def is_day_before(day: date, today: date, calendar: SchoolCalendar) -> bool:
    """Whether ``today`` is the last school day before the visit's ``day``."""
    return calendar.is_school_day(today) and calendar.add_school_days(today, 1) == day


def _has_said_yes(
    visit: Visit, principal_id: int, today: date, zone: ZoneInfo, calendar: SchoolCalendar
) -> bool:
    """Within the last two school days: that it suits her, or by putting it down herself."""
    said = visit.put_at if visit.put_by == principal_id else visit.agreed_at
    return said is not None and calendar.school_days_since(said.astimezone(zone).date(), today) <= YES_HOLDS


def _begins(district: District, school: School, visit: Visit) -> datetime:
    zone = ZoneInfo(school.zone) if school.zone else district.zone  # a visit is on the school's clock
    return datetime.combine(visit.day, start_of(visit), tzinfo=zone).astimezone(UTC)


def _card(asked: Iterable[Visit], today: date) -> Card:
    blocks: list[Block] = []
    for visit in asked:
        blocks += [
            Text(
                f"{visit.ild}'s visit to {visit.school}, {say_visit(visit, today)}.",
                lead="" if blocks else "Still on?",
            ),
            Buttons(
                (
                    Button("Yes", act("still_on.yes", visit=visit.id, v=visit.version), Emphasis.PRIMARY),
                    Button("Another time", act("visit.move_form", visit=visit.id, v=visit.version)),
                    Button("It falls out", act("visit.cancel_form", visit=visit.id, v=visit.version)),
                )
            ),
        ]
    return Card("", tuple(blocks))


def still_asked(tx: Tx, subject: str, now: datetime) -> str | None:
    """Before it is sent: None while one of the visits is as it was, and not yet said yes to."""
    district = load_district(tx)
    today = now.astimezone(district.zone).date()
    for part in subject.partition(":")[2].split(","):
        visit_id, _, version = part.partition(".")
        visit = visits.get(tx, int(visit_id))
        school = people.school_on(tx, visit.school_id, today) if visit else None
        if visit is None or school is None or visit.status != "planned" or visit.version != int(version):
            continue
        is_open = not _has_said_yes(
            visit, school.principal_id or 0, today, district.zone, district.calendar
        ) and not runs.begun_visits(tx, [visit.id])
        if is_open and now < _begins(district, school, visit):
            return None
    return "the visit was moved, called off, said yes to, or has begun"


# ---------------------------------------------------------------- the principal


def press_yes(turn: Turn, action: Action, values: Values) -> Cards:
    """It is still on: agreed to, where the ILD put it; who put it down herself says no more than she did."""
    visit = load(turn, action)
    if visit.put_by != turn.person.id:
        return press_agree(turn, action, values)
    audit(turn, "visit.still_on", visit.id)
    return [plain(f"Good: {visit.school}, {say_visit(visit, turn.today)}.")]


TOPIC = Topic(
    name="still_on",
    actions={"still_on.yes": press_yes},
    still_true=still_asked,
    in_place_alone=frozenset({"still_on.yes"}),
)
