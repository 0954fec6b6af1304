"""Busy times: when somebody's own calendar is taken. Not what with.

Words
    busy stretch  a run of minutes of one local day in which the person cannot come
    taken half    a half-day in whose usual visit hour the person cannot come

A stretch is kept in the owner's own wall time, as day and minutes since local midnight, because that is how people
plan; ``in_zone`` says it in another zone of the district.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import groupby

from protocols.cadence.calendar import Half
from protocols.cadence.day_minutes import minutes_into_day
from protocols.cadence.travel import lasts_into
from protocols.cadence.visits import VISIT_STARTS

DAY_MINUTES = 24 * 60
VISIT_MINUTES = 60
"""What a visit is planned for."""


@dataclass(frozen=True, slots=True, order=True)
class BusyStretch:
    """``starts`` and ``ends`` are minutes since local midnight, 0 to 1440; ``title`` is empty unless the owner keeps
    titles. Refuses an end that is not after the start, and times outside the day."""

    day: date
    starts: int
    ends: int
    title: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.starts < self.ends <= DAY_MINUTES:
            raise ValueError(f"{self.starts} to {self.ends} is no stretch of a day.")

    def overlaps(self, day: date, start: int, minutes: int) -> bool:
        return self.day == day and start < self.ends and self.starts < start + minutes


def merged(stretches: Iterable[BusyStretch]) -> tuple[BusyStretch, ...]:
    """The same minutes in as few stretches as can be, without titles, in order."""
    found: list[BusyStretch] = []
    for stretch in sorted(stretches):
        last = found[-1] if found else None
        if last is not None and last.day == stretch.day and stretch.starts <= last.ends:
            found[-1] = BusyStretch(last.day, last.starts, max(last.ends, stretch.ends))
        else:
            found.append(BusyStretch(stretch.day, stretch.starts, stretch.ends))
    return tuple(found)


def taken_halves(
    stretches: Iterable[BusyStretch], *, minutes: int = VISIT_MINUTES
) -> frozenset[tuple[date, Half]]:
    """The half-days in which a visit at the usual hour is not possible: ``VISIT_STARTS``, for ``minutes``."""
    return frozenset(
        (stretch.day, half)
        for stretch in stretches
        for half, at in VISIT_STARTS.items()
        if stretch.overlaps(stretch.day, minutes_into_day(at), minutes)
    )


def cramped_halves(stretches: Iterable[BusyStretch]) -> frozenset[tuple[date, Half]]:
    """The half-days that are not free from the usual hour to their end, as two visits need them."""
    return frozenset(
        (stretch.day, half)
        for stretch in stretches
        for half, at in VISIT_STARTS.items()
        if stretch.overlaps(stretch.day, minutes_into_day(at), lasts_into(half))
    )


def split(start: datetime, end: datetime, zone: tzinfo, *, title: str = "") -> list[BusyStretch]:
    """An aware span of time as the stretches it takes of each local day; empty where it does not last.

    Seconds round outwards. Where clocks go back inside it, the stretch covers the repeated hour as often as a wall
    clock shows it; where they go forward, the missing hour is in it.
    """
    found: list[BusyStretch] = []
    here, stop = start.astimezone(UTC), end.astimezone(UTC)
    while here < stop:
        local = here.astimezone(zone)
        tomorrow = datetime.combine(local.date() + timedelta(days=1), time(), tzinfo=zone).astimezone(UTC)
        upto = min(stop, tomorrow) if tomorrow > here else stop
        starts, ends = _wall_span(here, upto, zone, ends_the_day=upto == tomorrow)
        if starts < ends:
            found.append(BusyStretch(local.date(), starts, ends, title))
        here = upto
    return found


def _wall_span(start: datetime, end: datetime, zone: tzinfo, *, ends_the_day: bool) -> tuple[int, int]:
    first, last = start.astimezone(zone), end.astimezone(zone)
    starts = minutes_into_day(first.time())
    ends = (
        DAY_MINUTES
        if ends_the_day
        else minutes_into_day(last.time()) + (1 if last.second or last.microsecond else 0)
    )
    before, after = first.utcoffset(), last.utcoffset()
    if before is not None and after is not None and after < before:
        change = _change(start, end, zone)
        starts = min(starts, minutes_into_day((change + after).time()))
        ends = max(ends, minutes_into_day((change + before).time()))
    return starts, min(ends, DAY_MINUTES)


def _change(start: datetime, end: datetime, zone: tzinfo) -> datetime:
    """The instant, to the second, at which the zone's offset changes between two others; in UTC, without its zone."""
    low, high = start.replace(microsecond=0), end
    offset = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return (high + timedelta(milliseconds=500)).replace(microsecond=0, tzinfo=None)


def in_zone(stretches: Iterable[BusyStretch], ours: tzinfo, theirs: tzinfo) -> tuple[BusyStretch, ...]:
    """Stretches of one zone's wall time as those of another: nine in Denver is eleven in New York."""
    stretches = tuple(stretches)
    if str(ours) == str(theirs):
        return stretches
    return tuple(
        piece
        for stretch in stretches
        for piece in split(
            _instant(stretch.day, stretch.starts, ours),
            _instant(stretch.day, stretch.ends, ours),
            theirs,
            title=stretch.title,
        )
    )


def _instant(day: date, minutes: int, zone: tzinfo) -> datetime:
    midnight = datetime.combine(day, time())
    return (midnight + timedelta(minutes=minutes)).replace(tzinfo=zone)


def minutes_by_day(stretches: Iterable[BusyStretch]) -> dict[date, int]:
    """How many minutes of each day are taken; what overlaps counts once."""
    return {
        day: sum(one.ends - one.starts for one in run)
        for day, run in groupby(merged(stretches), key=lambda one: one.day)
    }
