"""Can the promise be kept at all: the visits that the rhythms ask for, laid against the half-days there are.

Three looks, from the cheapest to the surest:

* **Counting.** Places (half-days on visit days, some of which may hold a second visit) against the visits asked for
  and those that will be cancelled. `slack` is what is left over; below 0 the promise cannot be kept, whoever plans.
* **Density.** Visiting schools each within its own number of days is pinwheel scheduling. At a load of up to 5/6
  there is always a timetable (Kawamura 2024), up to 1 where each rhythm divides the next slower one.
* **A rehearsal.** The planner plans the whole span, and the intervals of that plan are counted.

All lengths are in school days. Cancellations are those of the measurements on a real calendar: 12 of 100.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from math import ceil

from protocols.cadence import planner
from protocols.cadence.calendar import Half, SchoolCalendar
from protocols.cadence.intervals import clock_start
from protocols.cadence.targets import Targets
from protocols.cadence.travel import Travel, most_pairs
from protocols.cadence.visits import School, Slot

CANCELLED = Fraction(12, 100)
"""The share of visits that fall out, as measured over a year."""
ALWAYS_FITS = Fraction(5, 6)
TIGHT_SHARE = Fraction(5, 100)
"""From this share of broken intervals in a rehearsal on, the year is called tight."""
_ILD = "ILD"
_DAY = timedelta(days=1)

Place = tuple[date, Half]


@dataclass(frozen=True, slots=True)
class Promise:
    """One school and what was promised it. `last` is its last held visit; without one the clock runs from the first
    day of the school year. `is_new`: its principal is in the first year, so nobody proposes a slower rhythm."""

    name: str
    targets: Targets
    last: date | None = None
    is_new: bool = False
    busy: frozenset[Place] = frozenset()


@dataclass(frozen=True, slots=True)
class Span:
    """What one ILD's promise rests on from `start` to `end`, both included.

    `places` are her protected half-days on visit days, in order; `open_places` the other half-days on visit days, which
    could be protected. `doubled` half-days of each week hold a second visit (two schools near each other), as many of
    them as the ways between the schools allow; with `travel` None nobody has told any, and all are taken to.
    """

    start: date
    end: date
    calendar: SchoolCalendar
    places: tuple[Place, ...]
    promises: tuple[Promise, ...]
    open_places: tuple[Place, ...] = ()
    doubled: int = 0
    cancelled: Fraction = CANCELLED
    travel: Travel | None = None


class Verdict(StrEnum):
    KEPT = "kept"  # it can be kept, with slack
    TIGHT = "tight"  # it can be kept by count, but not every interval
    SHORT = "short"  # there are fewer places than visits


class Density(StrEnum):
    """What the load alone says: `ALWAYS` and `HARMONIC` prove that a timetable exists, `OVER` that none does."""

    ALWAYS = "always"
    HARMONIC = "harmonic"
    OPEN = "open"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Count:
    """The half-days counted. `visits` are those the rhythms ask for, `spare` those booked again after a cancellation.

    `slack` is places minus both. `load` is visits over places, cancellations left out (1 is full).
    """

    places: int
    visits: int
    spare: int
    load: float
    density: Density

    @property
    def slack(self) -> int:
        return self.places - self.visits - self.spare


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The planner's own plan for the span, without cancellations: intervals over their target, of all; the worst of
    them and its school ("" where none)."""

    broken: int
    intervals: int
    worst: int
    school: str

    @property
    def share(self) -> float:
        return self.broken / self.intervals if self.intervals else 0.0


@dataclass(frozen=True, slots=True)
class Stretch:
    """School days in a row without any place, longer than some rhythms: `schools` cannot be kept across it."""

    after: date
    until: date
    days: int
    schools: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """Whether a promise can be kept, with the three looks. `stretches` break intervals whatever one does."""

    count: Count
    rehearsal: Rehearsal | None
    stretches: tuple[Stretch, ...]

    @property
    def verdict(self) -> Verdict:
        if self.count.slack < 0:
            return Verdict.SHORT
        if self.rehearsal is not None and self.rehearsal.share > TIGHT_SHARE:
            return Verdict.TIGHT
        return Verdict.KEPT


def check(span: Span, *, is_rehearsed: bool = True) -> Check:
    """Lay the promise against the span. Without a rehearsal it is arithmetic, quick enough for a whole district."""
    return Check(count(span), rehearse(span) if is_rehearsed else None, stretches(span))


def count(span: Span) -> Count:
    """The places and the visits asked for. More half-days never make it worse, more schools never better."""
    places = len(span.places) + len(second_places(span))
    asked = sum(
        (promise.targets.asked(span.calendar, span.start, span.end) for promise in span.promises), start=0.0
    )
    visits = ceil(round(asked, 6))
    booked = ceil(round(asked / float(1 - span.cancelled), 6))
    load = asked / max(1, places)
    return Count(places, visits, booked - visits, load, _density(load, span.promises))


def second_places(span: Span) -> tuple[Place, ...]:
    """The half-days that hold a second visit: the first `doubled` of each week.

    Where the schools' ways allow fewer pairs than that, so many of them, spread evenly.
    """
    taken: Counter[date] = Counter()
    found = []
    for day, half in sorted(span.places):
        monday = day - timedelta(days=day.weekday())
        if taken[monday] < span.doubled:
            taken[monday] += 1
            found.append((day, half))
    if not found or span.travel is None:
        return tuple(found)
    asked = {one.name: one.targets.asked(span.calendar, span.start, span.end) for one in span.promises}
    pairs = min(len(found), int(most_pairs(asked, span.travel)))
    return tuple(found[number * len(found) // pairs] for number in range(pairs))


def _density(load: float, promises: Iterable[Promise]) -> Density:
    if load > 1:
        return Density.OVER
    if load <= ALWAYS_FITS:
        return Density.ALWAYS
    rhythms = sorted({span.days for promise in promises for span in promise.targets.spans})
    is_chain = all(slower % quicker == 0 for quicker, slower in pairwise(rhythms))
    return Density.HARMONIC if is_chain else Density.OPEN


def stretches(span: Span) -> tuple[Stretch, ...]:
    """Where the places lie so far apart that some rhythms must break, as in a testing window."""
    marks = sorted({day for day, _half in span.places})
    found = []
    for before, after in pairwise(marks):
        days = span.calendar.school_days_since(before, after)
        hit = tuple(
            promise.name
            for promise in span.promises
            if (held := promise.targets.on(after)) is not None and days > held.days
        )
        if hit:
            found.append(Stretch(before, after, days, hit))
    return tuple(found)


def rehearse(span: Span) -> Rehearsal:
    """Let the planner plan the span and count the intervals it gives; one already broken at the start is left out."""
    held = _plan(span)
    broken = intervals = worst = 0
    school = ""
    for promise in span.promises:
        after = _began(span, promise)
        ends = [*held[promise.name], span.end]
        for position, until in enumerate(ends):
            length = span.calendar.school_days_since(after, until)
            allowed = promise.targets.allowed(span.calendar, after, until)
            over = 0 if allowed is None else length - allowed
            was_late = position == 0 and _is_late(span, promise, after)
            is_running = position == len(ends) - 1
            after = until
            if was_late or (is_running and over <= 0):
                continue
            intervals += 1
            broken += over > 0
            if over > worst:
                worst, school = over, promise.name
    return Rehearsal(broken, intervals, worst, school)


def _began(span: Span, promise: Promise) -> date:
    if promise.last is not None:
        return promise.last
    return (clock_start(span.calendar, span.start) or span.start) - _DAY


def _is_late(span: Span, promise: Promise, after: date) -> bool:
    allowed = promise.targets.allowed(span.calendar, after, span.start)
    return allowed is not None and span.calendar.school_days_since(after, span.start) > allowed


def _plan(span: Span) -> dict[str, list[date]]:
    """School -> the days on which the planner visits it, stretch by stretch wherever a target changes."""
    cuts = {span.start}
    for promise in span.promises:
        cuts |= {one.starts for one in promise.targets.spans if span.start < one.starts <= span.end}
    begins = sorted(cuts)
    ends = [later - _DAY for later in begins[1:]] + [span.end]
    slots = _slots(span)
    held: dict[str, list[date]] = {promise.name: [] for promise in span.promises}
    for begin, end in zip(begins, ends, strict=True):
        schools = [
            School(
                promise.name,
                _ILD,
                target.days,
                last=last,
                busy=promise.busy,
                allowed=promise.targets.allowed(span.calendar, last, begin),
            )
            for promise in span.promises
            for last in [max([*held[promise.name], _began(span, promise)])]
            if (target := promise.targets.on(begin)) is not None
        ]
        planned = planner.plan(schools, slots, span.calendar, start=begin, end=end)
        for visit in planned.visits:
            held[visit.school].append(visit.day)
    return held


def _slots(span: Span) -> Sequence[Slot]:
    """The places as the planner takes them, one visit each. A second visit stands in another half-day of its week, the
    same day's if it can: intervals are counted in days, so it makes no difference to them."""
    taken = {place for place in span.places if span.calendar.is_visit_day(*place)}
    slots = sorted(taken)
    for day, half in second_places(span):
        monday = day - timedelta(days=day.weekday())
        week = [day, *(monday + timedelta(days=offset) for offset in range(5))]
        stands_in = next(
            (
                place
                for near in week
                for place in ((near, other) for other in sorted(Half, key=lambda one: one is half))
                if place not in taken and span.calendar.is_visit_day(*place)
            ),
            None,
        )
        if stands_in is not None:
            taken.add(stands_in)
            slots.append(stands_in)
    return [Slot(day, half, _ILD) for day, half in sorted(slots)]


def best_windows(span: Span) -> list[tuple[int, Half]]:
    """The half-days of the week that are not protected, best first: one of each weekday before a second of any, those
    with most visit days first, mornings before afternoons."""
    days = Counter((day.weekday(), half) for day, half in span.open_places)
    ranked = sorted(days, key=lambda window: (-days[window], window[1], window[0]))
    first = {weekday: next(window for window in ranked if window[0] == weekday) for weekday, _half in ranked}
    return [*first.values(), *(window for window in ranked if window not in first.values())]


def protecting(span: Span, windows: Iterable[tuple[int, Half]]) -> Span:
    """The span with these half-days of every week protected too."""
    wanted = set(windows)
    gained = tuple(place for place in span.open_places if (place[0].weekday(), place[1]) in wanted)
    return replace(
        span,
        places=tuple(sorted({*span.places, *gained})),
        open_places=tuple(place for place in span.open_places if place not in set(gained)),
    )
