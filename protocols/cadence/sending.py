"""When a message that nobody asked for may go.

An answer goes at once. Everything else (the digest, reminders, overdue schools) waits for a moment at which
it disturbs nothing: on a school day, in working hours, outside the person's quiet hours and never in
protected time. All of it is decided in the reader's own wall time, so a change of daylight saving moves
nothing; only the returned instant is UTC.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from protocols.cadence.calendar import SchoolCalendar
from protocols.cadence.day_minutes import minutes_into_day, time_of_day
from protocols.cadence.digest_weeks import early_day
from protocols.cadence.protected import GRID, Audience, ProtectedRule, is_protected

DIGEST_AT = time(6, 30)
DIGEST_DAYS = 5
LONGEST_WAIT_DAYS = 120


@dataclass(frozen=True, slots=True)
class Hours:
    """Local hours of a day, from `starts` up to but not including `ends`; may run over midnight."""

    starts: time
    ends: time

    def covers(self, at: time) -> bool:
        if self.starts <= self.ends:
            return self.starts <= at < self.ends
        return at >= self.starts or at < self.ends


@dataclass(frozen=True, slots=True)
class Away:
    """Days, both included, on which a person is not there. Refuses an end before the start."""

    starts: date
    ends: date

    def __post_init__(self) -> None:
        if self.ends < self.starts:
            raise ValueError(f"{self.ends} is before {self.starts}.")

    def covers(self, day: date) -> bool:
        return self.starts <= day <= self.ends


WORKING_HOURS = Hours(time(7), time(17))


def instant_of(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The UTC instant of a wall time. A repeated time (autumn) is its first; a missing one (spring) is the
    same distance from midnight, which the clock on the wall shows an hour later."""
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def digest_instant(
    week: date,
    zone: ZoneInfo,
    rules: Iterable[ProtectedRule],
    calendar: SchoolCalendar,
    *,
    audience: Audience,
) -> datetime | None:
    """When the weekly digest of the week beginning on Monday `week` goes to a reader in `zone`.

    Monday 06:30 local; when school is closed that day, the next school day of the week at 06:30; in protected
    time, the next open half-hour. None when the week has no school day, or no open half-hour on any.
    Raises ValueError when `week` is not a Monday.
    """
    if week.weekday() != 0:
        raise ValueError(f"{week} is not a Monday.")
    days = calendar.school_days(week, week + timedelta(days=DIGEST_DAYS - 1))
    return _first_open(days, zone, tuple(rules), calendar, audience)


def early_instant(
    week: date,
    zone: ZoneInfo,
    rules: Iterable[ProtectedRule],
    calendar: SchoolCalendar,
    *,
    audience: Audience,
) -> datetime | None:
    """When the early digest goes that tells what is due in a break which begins with the Monday `week`.

    The first open half-hour of the last school day before it that has one. None for every other week.
    """
    if early_day(week, calendar) is None:
        return None
    days = calendar.school_days(week - timedelta(days=7), week)
    return _first_open(days[::-1], zone, tuple(rules), calendar, audience)


def _first_open(
    days: Iterable[date],
    zone: ZoneInfo,
    rules: tuple[ProtectedRule, ...],
    calendar: SchoolCalendar,
    audience: Audience,
) -> datetime | None:
    for day in days:
        for minutes in range(minutes_into_day(DIGEST_AT), WORKING_HOURS.ends.hour * 60, GRID):
            at = time_of_day(minutes)
            if not is_protected(day, at, rules, calendar, audience=audience):
                return instant_of(day, at, zone)
    return None


def may_send(
    now: datetime,
    zone: ZoneInfo,
    rules: Iterable[ProtectedRule],
    calendar: SchoolCalendar,
    *,
    audience: Audience,
    working: Hours = WORKING_HOURS,
    quiet: Hours | None = None,
    away: Away | None = None,
) -> bool:
    """Whether an unasked-for message may go to this reader at the aware instant `now`."""
    local = now.astimezone(zone)
    day, at = local.date(), local.time()
    return (
        calendar.is_school_day(day)
        and working.covers(at)
        and not (quiet is not None and quiet.covers(at))
        and not (away is not None and away.covers(day))
        and not is_protected(day, at, rules, calendar, audience=audience)
    )


def next_open(
    now: datetime,
    zone: ZoneInfo,
    rules: Iterable[ProtectedRule],
    calendar: SchoolCalendar,
    *,
    audience: Audience,
    working: Hours = WORKING_HOURS,
    quiet: Hours | None = None,
    away: Away | None = None,
) -> datetime | None:
    """The first instant from `now` on at which an unasked-for message may go to this reader, in UTC.

    `now` itself when it may go at once, else the first local half-hour, or the minute at which the person's own
    hours begin. None when there is none in 120 days, counted from the return of who is away (a summer with no next
    year in the calendar, or hours that leave nothing open).
    """
    rules = tuple(rules)
    is_open = partial(
        may_send,
        zone=zone,
        rules=rules,
        calendar=calendar,
        audience=audience,
        working=working,
        quiet=quiet,
        away=away,
    )
    if is_open(now):
        return now.astimezone(UTC)
    today = now.astimezone(zone).date()
    last = max(today, away.ends if away else today) + timedelta(days=LONGEST_WAIT_DAYS)
    marks = {*range(0, 24 * 60, GRID), minutes_into_day(working.starts)}
    if quiet is not None:
        marks.add(minutes_into_day(quiet.ends))
    for day in calendar.school_days(today, last):
        for minutes in sorted(marks):
            instant = instant_of(day, time_of_day(minutes), zone)
            if instant > now and is_open(instant):
                return instant
    return None
