"""The school calendar: which days count, and on which of them a visit can be held.

Words
    school year   first to last day of school for students, both included
    term          a named part of a school year (Fall, Spring, Quarter 2)
    closure       a run of days, both ends included, on which school is not as usual
    school day    Monday to Friday, inside a school year, not closed
    visit day     a school day on which visits are planned
    half          a local morning (before noon) or afternoon (from noon)

Every interval of the cadence is counted in school days, so a break never makes a school overdue.
What a closure does depends on its kind:

    ============== ============ ==================== ====================
    kind           school day   visit morning        visit afternoon
    ============== ============ ==================== ====================
    as_usual       yes          yes                  yes
    holiday        no           no                   no
    staff_day      no           no                   no
    snow           no           no                   no
    testing        yes          no                   no
    partial        yes          no                   no
    late_start     yes          if the visit is late yes, before 13:00
    early_release  yes          yes, after 9:30      if the visit is over
    ============== ============ ==================== ====================

``partial`` is a day on which some students stay at home (high schools only, remote instruction): the
district is at work, but nobody would see an ordinary lesson. ``snow`` is any closing that nobody planned.
A late start and an early release bear the time of day at which students come or go (noon where it is not
known): a half-day takes visits where its usual one, an hour from 8:30 or from 13:00, lies in school.
``as_usual`` is school after all, whatever a file or a feed says of that day; it makes no holiday of a
weekend and no school year longer. Closures may overlap: as usual wins, then the one that closes most, so a
snow day inside a testing window is a snow day; all of them together say which visits cannot be held.

A closure is everybody's or only that of one network, school or level: those change where visits can be
held and no count, for the rhythm of all schools is counted on the district's one ruler.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from enum import StrEnum
from functools import total_ordering
from itertools import accumulate

from protocols.cadence.day_minutes import minutes_into_day

SCHOOL_DAYS_A_WEEK = 5
VISIT_MINUTES = 60
"""How long a visit is taken to be where nobody says."""
DISTRICT_WIDE = "all"
NARROW_SCOPES = ("network", "school", "level")


@total_ordering
class Half(StrEnum):
    """Half a local day. ``am`` runs to noon, ``pm`` from noon on; mornings sort before afternoons."""

    AM = "am"
    PM = "pm"

    @property
    def word(self) -> str:
        return "morning" if self is Half.AM else "afternoon"

    def __lt__(self, other: str) -> bool:
        return str(self) < str(other)


VISIT_STARTS = {Half.AM: time(8, 30), Half.PM: time(13)}
"""When a visit begins of which only the half-day is known."""


class ClosureKind(StrEnum):
    """Why a day is not as usual; the module's table says what each kind does. The first of several wins."""

    AS_USUAL = "as_usual"
    HOLIDAY = "holiday"
    STAFF_DAY = "staff_day"
    SNOW = "snow"
    TESTING = "testing"
    PARTIAL = "partial"
    LATE_START = "late_start"
    EARLY_RELEASE = "early_release"

    @property
    def closes_school(self) -> bool:
        return self in (ClosureKind.HOLIDAY, ClosureKind.STAFF_DAY, ClosureKind.SNOW)

    @property
    def has_time(self) -> bool:
        return self in (ClosureKind.LATE_START, ClosureKind.EARLY_RELEASE)


_RANK = {kind: rank for rank, kind in enumerate(ClosureKind)}


def _check_span(what: str, starts: date, ends: date) -> None:
    if ends < starts:
        raise ValueError(f"{what} ends on {ends}, before it starts on {starts}.")


@dataclass(frozen=True, slots=True)
class SchoolYear:
    """First and last day of school for students, both included. Refuses an end before the start."""

    label: str
    starts: date
    ends: date

    def __post_init__(self) -> None:
        _check_span(f"School year {self.label}", self.starts, self.ends)


@dataclass(frozen=True, slots=True)
class Term:
    """A named part of a school year, both ends included."""

    label: str
    starts: date
    ends: date

    def __post_init__(self) -> None:
        _check_span(f"Term {self.label}", self.starts, self.ends)


@dataclass(frozen=True, slots=True)
class Closure:
    """A run of days, both ends included, on which school is closed or not as usual.

    ``at`` is the local time at which students come (a late start) or go (an early release). ``scope`` is ``all``,
    ``network:NAME``, ``school:ID`` or ``level:NAME``. Refuses other scopes, and a time for any other kind.
    """

    starts: date
    ends: date
    kind: ClosureKind
    title: str
    at: time | None = None
    scope: str = DISTRICT_WIDE

    def __post_init__(self) -> None:
        _check_span(self.title, self.starts, self.ends)
        if self.at is not None and not self.kind.has_time:
            raise ValueError(f"{self.title}: only a late start and an early release have a time of day.")
        kind, _, name = self.scope.partition(":")
        if self.scope != DISTRICT_WIDE and (kind not in NARROW_SCOPES or not name):
            raise ValueError(
                f'"{self.scope}" is not a scope. Use all, network:NAME, school:ID or level:NAME.'
            )

    def stops_visit(self, starts: time, minutes: int = VISIT_MINUTES) -> bool:
        """Whether a visit of so many minutes from that local time on cannot be held on its days."""
        at = self.at or time(12)
        match self.kind:
            case ClosureKind.AS_USUAL:
                return False
            case ClosureKind.LATE_START:
                return starts < at
            case ClosureKind.EARLY_RELEASE:
                return minutes_into_day(starts) + minutes > minutes_into_day(at)
            case _:
                return True


@dataclass(frozen=True, slots=True)
class SchoolCalendar:
    """A district's calendar, ready for many questions: every count is two binary searches.

    Outside the years it knows there are no school days; a district with a calendar that has run out gets
    ``None`` from `add_school_days` instead of a guess.
    """

    years: tuple[SchoolYear, ...]
    terms: tuple[Term, ...] = ()
    closures: tuple[Closure, ...] = ()
    _days: tuple[date, ...] = field(init=False, repr=False, compare=False)
    _open: frozenset[date] = field(init=False, repr=False, compare=False)
    _unusual: dict[date, list[Closure]] = field(init=False, repr=False, compare=False)
    _narrow: dict[date, list[Closure]] = field(init=False, repr=False, compare=False)
    _first: int = field(init=False, repr=False, compare=False)
    _positions: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        unusual: dict[date, list[Closure]] = {}
        narrow: dict[date, list[Closure]] = {}
        for closure in sorted(self.closures, key=lambda one: _RANK[one.kind]):
            by_day = unusual if closure.scope == DISTRICT_WIDE else narrow
            for day in days_of(closure.starts, closure.ends):
                by_day.setdefault(day, []).append(closure)
        open_days = {
            day
            for year in self.years
            for day in days_of(year.starts, year.ends)
            if day.weekday() < SCHOOL_DAYS_A_WEEK
            and not (day in unusual and unusual[day][0].kind.closes_school)
        }
        object.__setattr__(self, "_unusual", unusual)
        object.__setattr__(self, "_narrow", narrow)
        object.__setattr__(self, "_open", frozenset(open_days))
        days = tuple(sorted(open_days))
        object.__setattr__(self, "_days", days)
        first, last = (days[0].toordinal(), days[-1].toordinal()) if days else (0, -1)
        opened = [0] * (last - first + 1)
        for day in days:
            opened[day.toordinal() - first] = 1
        object.__setattr__(self, "_first", first)
        object.__setattr__(self, "_positions", tuple(accumulate(opened)))
        object.__setattr__(self, "_hash", hash((self.years, self.terms, self.closures)))

    def __hash__(self) -> int:
        return self._hash

    def is_school_day(self, day: date) -> bool:
        return day in self._open

    def is_visit_day(self, day: date, half: Half | None = None) -> bool:
        """Whether visits are planned that day (with `half`: in that half of it)."""
        return any(
            self.takes_visit(day, VISIT_STARTS[part], concerns=()) for part in ((half,) if half else Half)
        )

    def takes_visit(
        self, day: date, starts: time, minutes: int = VISIT_MINUTES, *, concerns: Collection[str]
    ) -> bool:
        """Whether a visit can be held then at a school of these scopes (``school:12``, ``network:North``)."""
        return day in self._open and self.obstacle(day, starts, minutes, concerns=concerns) is None

    def obstacle(
        self, day: date, starts: time, minutes: int = VISIT_MINUTES, *, concerns: Collection[str]
    ) -> Closure | None:
        """The closure that keeps such a visit from being held, the strongest where there are several."""
        found = [*self._on(day), *(one for one in self._narrow.get(day, ()) if one.scope in concerns)]
        return next((one for one in found if one.stops_visit(starts, minutes)), None)

    def closed_halves(
        self, concerns: Collection[str], *, minutes: int = VISIT_MINUTES
    ) -> frozenset[tuple[date, Half]]:
        """The half-days in which these scopes alone take no visit of so many minutes from the usual hour on: the
        district's closures are not among them."""
        return frozenset(
            (day, half)
            for day, closures in self._narrow.items()
            for half in Half
            if any(one.scope in concerns and one.stops_visit(VISIT_STARTS[half], minutes) for one in closures)
        )

    def closure_on(self, day: date) -> Closure | None:
        """What makes this day unusual for the district, the strongest where several overlap."""
        return next(iter(self._on(day)), None)

    def _on(self, day: date) -> list[Closure]:
        """The district's closures of a day, the strongest first; none where it is as usual after all."""
        found = self._unusual.get(day, [])
        return [] if found and found[0].kind is ClosureKind.AS_USUAL else found

    def school_days(self, start: date, end: date) -> tuple[date, ...]:
        """The school days from `start` to `end`, both included, in order; empty if `end` is earlier."""
        return self._days[bisect_left(self._days, start) : bisect_right(self._days, end)]

    def count_school_days(self, start: date, end: date) -> int:
        """How many school days lie from `start` to `end`, both included."""
        return max(0, bisect_right(self._days, end) - bisect_left(self._days, start))

    def school_days_since(self, day: date, today: date) -> int:
        """The age of something that happened on `day`: school days after it, up to and including `today`.

        Monday to the Monday after is 5 in a week without closures, so a weekly rhythm is 5. Never negative.
        """
        return max(0, self.position(today) - self.position(day))

    def position(self, day: date) -> int:
        """How many school days the calendar has up to and including `day`: a ruler for intervals."""
        return bisect_right(self._days, day)

    def position_of(self, day: int) -> int:
        """`position` of a day that is given as an ordinal, without a search."""
        offset = day - self._first
        if offset < 0:
            return 0
        return self._positions[offset] if offset < len(self._positions) else len(self._days)

    def positions_of(self, start: int, end: int) -> Sequence[int]:
        """`position_of` each day from `start` to `end`, both included, as ordinals."""
        if self._first <= start and end < self._first + len(self._positions):
            return self._positions[start - self._first : end - self._first + 1]
        return [self.position_of(day) for day in range(start, end + 1)]

    def add_school_days(self, day: date, count: int) -> date | None:
        """The `count`-th school day after `day` (before it, if negative); 0 is `day` or the next school day.

        ``None`` when the known years end first.
        """
        if count > 0:
            index = bisect_right(self._days, day) + count - 1
        elif count == 0:
            index = bisect_left(self._days, day)
        else:
            index = bisect_left(self._days, day) + count
        return self._days[index] if 0 <= index < len(self._days) else None

    def year_of(self, day: date) -> SchoolYear | None:
        return next((year for year in self.years if year.starts <= day <= year.ends), None)

    def term_of(self, day: date) -> Term | None:
        return next((term for term in self.terms if term.starts <= day <= term.ends), None)

    def with_closures(self, closures: Iterable[Closure]) -> "SchoolCalendar":
        """The same calendar with more closures, such as a snow day declared this morning."""
        return replace(self, closures=(*self.closures, *closures))


def days_of(start: date, end: date) -> list[date]:
    """Every calendar day from `start` to `end`, both included; empty if `end` is earlier."""
    return [start + timedelta(days=offset) for offset in range((end - start).days + 1)]
