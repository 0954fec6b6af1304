"""Two school years of plausible visits, with the faults that make the bot worth having.

The autumn is full and the spring thinner ("too many fires"); one veteran's school is forgotten since January; one
visit a unit's meeting pushed out was never made good; others were cancelled and were. The same every time.
"""

import random
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.sample.calendar import PROTECTED
from bot.sample.people import FIRST_DAY, NETWORKS, ZONE, SampleSchool
from protocols.cadence.calendar import Half, SchoolCalendar
from protocols.cadence.day_minutes import minutes_into_day
from protocols.cadence.visits import VISIT_STARTS
from storage import visits
from storage.database import Tx
from storage.tables import MeetingRow, ProtectedLossRow, VisitRow

NEVER_MADE_GOOD = "Westbrook High"
LAST_DAY = {
    "Mill Pond Elementary": date(2027, 1, 14),  # a veteran's school, forgotten since January
    NEVER_MADE_GOOD: date(2027, 2, 26),
    "Lincoln Middle": date(2027, 2, 24),  # the day before the walkthrough that is played
}
"""Schools whose history stops before the clock starts."""
KINDS = ("walkthrough", "walkthrough", "walkthrough", "coaching", "inquiry")
SPRING_SLACK = 1.25
"""In the second semester intervals stretch by a quarter."""
TAKEN = (  # day, half, minutes, office, reason, network or None for both
    (date(2026, 9, 22), Half.AM, 90, "Human Resources", "staffing", None),
    (date(2026, 10, 15), Half.PM, 60, "Assessment", "state", None),
    (date(2026, 11, 17), Half.AM, 60, "Facilities", "safety", "North Network"),
    (date(2026, 12, 8), Half.AM, 90, "Budget", "board", None),
    (date(2027, 1, 14), Half.AM, 60, "Human Resources", "staffing", None),
    (date(2027, 2, 9), Half.AM, 120, "Assessment", "state", None),
    (date(2027, 2, 23), Half.PM, 60, "Human Resources", "staffing", "South Network"),
    (date(2027, 3, 2), Half.AM, 90, "Budget", "board", None),
    (date(2027, 3, 4), Half.PM, 60, "Human Resources", "staffing", "North Network"),
)


def put_history(tx: Tx, calendar: SchoolCalendar, ids: dict[str, int], *, until: date) -> None:
    """Visits held and cancelled from the first day up to ``until``; ``ids`` are schools by name, people by e-mail."""
    chance = random.Random(20270310)  # a fixed seed: everybody's sample district is the same
    for _network, ild, schools in NETWORKS:
        taken: set[tuple[date, Half]] = set()
        for school in sorted(schools, key=lambda each: each.cadence):
            _put_school(tx, calendar, chance, taken, ids[school.name], ids[ild.email], school, until)


def _put_school(
    tx: Tx,
    calendar: SchoolCalendar,
    chance: random.Random,
    taken: set[tuple[date, Half]],
    school_id: int,
    ild_id: int,
    school: SampleSchool,
    until: date,
) -> None:
    until = LAST_DAY.get(school.name, until)
    day: date | None = calendar.add_school_days(FIRST_DAY, chance.randint(1, school.cadence))
    waiting_for: int | None = None
    while day is not None and day <= until:
        slot = _free_slot(calendar, day, taken, chance, until)
        if slot is None:
            return
        taken.add(slot)
        is_cancelled = chance.random() < 0.08
        visit_id = _put_visit(tx, chance, school_id, ild_id, slot, is_cancelled)
        if waiting_for is not None and not is_cancelled:
            visits.make_good(tx, waiting_for, visit_id)
            waiting_for = None
        if is_cancelled:
            waiting_for = visit_id
        term = calendar.term_of(slot[0])
        slack = SPRING_SLACK if term is not None and term.label.startswith("Spring") else 1.0
        step = 2 if is_cancelled else max(2, round(school.cadence * slack * chance.uniform(0.6, 1.1)))
        day = calendar.add_school_days(slot[0], step)


def _free_slot(
    calendar: SchoolCalendar, day: date, taken: set[tuple[date, Half]], chance: random.Random, until: date
) -> tuple[date, Half] | None:
    """The first free protected half-day from ``day`` on; now and then an open one, as in life."""
    candidate: date | None = day
    while candidate is not None and candidate <= until:
        halves = [half for half in Half if (candidate.weekday(), half) in PROTECTED or chance.random() < 0.12]
        for half in halves:
            if (candidate, half) not in taken and calendar.is_visit_day(candidate, half):
                return candidate, half
        candidate = calendar.add_school_days(candidate, 1)
    return None


def _put_visit(
    tx: Tx, chance: random.Random, school_id: int, ild_id: int, slot: tuple[date, Half], is_cancelled: bool
) -> int:
    day, half = slot
    start = VISIT_STARTS[half]
    row = VisitRow(
        school_id=school_id,
        ild_id=ild_id,
        day=day.toordinal(),
        half=half,
        starts=minutes_into_day(start),
        minutes=chance.choice((120, 150, 180, 180, 210)),  # a half-day: rooms, and the talk about them
        kind=chance.choice(KINDS),
        created_at=_instant(day - timedelta(days=7), time(12)),
    )
    if is_cancelled:
        row.status = "cancelled"
        row.cancelled_by, row.cancel_reason = chance.choice(
            (
                ("central_office", "Called to a hearing at the central office"),
                ("ild", "An emergency at another school"),
                ("principal", "The assistant principal was out sick"),
                ("weather", "Ice on the roads"),
            )
        )
    else:
        row.status = "held"
        row.led_to_next_step = chance.random() < 0.72
        row.confirmed_by = "principal" if chance.random() < 0.85 else None
        row.useful = chance.choice((2, 3, 3, 4, 4, 4)) if chance.random() < 0.6 else None
    tx.add(row)
    tx.flush()
    assert row.id is not None
    return row.id


def put_never_made_good(tx: Tx, ids: dict[str, int], ild_email: str) -> None:
    """The visit that a meeting pushed out on 2 March, and that nobody has put back."""
    tx.add(
        VisitRow(
            school_id=ids[NEVER_MADE_GOOD],
            ild_id=ids[ild_email],
            day=date(2027, 3, 2).toordinal(),
            half=Half.AM,
            starts=8 * 60 + 30,
            minutes=60,
            status="cancelled",
            cancelled_by="central_office",
            cancel_reason="A budget meeting took the morning",
            created_at=_instant(date(2027, 2, 22), time(12)),
        )
    )


def put_losses(tx: Tx, ids: dict[str, int], requester_id: int, executive_id: int) -> None:
    """Protected time that offices took this school year, each with its meeting and its reason."""
    for day, half, minutes, office, reason, only in TAKEN:
        start = VISIT_STARTS[half]
        meeting = MeetingRow(
            requester_id=requester_id,
            office=office,
            topic="a matter that could not wait",
            audience=f"network:{only}" if only else "principals",
            day=day,
            starts=minutes_into_day(start),
            minutes=minutes,
            state="overridden",
            decided_by=executive_id,
            reason_class=reason,
            reason="Recorded when the year began.",
            version=2,
            created_at=_instant(day - timedelta(days=4), time(12)),
        )
        tx.add(meeting)
        tx.flush()
        for network, _ild, schools in NETWORKS:
            if only not in (None, network):
                continue
            for school in schools:
                tx.add(
                    ProtectedLossRow(
                        day=day.toordinal(),
                        half=half,
                        minutes=minutes,
                        person_id=ids[school.principal.email],
                        network=network,
                        office=office,
                        reason_class=reason,
                        meeting_id=meeting.id,
                    )
                )


def _instant(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=ZoneInfo(ZONE))
