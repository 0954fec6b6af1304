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

    ============== ============ ============= =================
    kind           school day   visit morning visit afternoon
    ============== ============ ============= =================
    holiday        no           no            no
    staff_day      no           no            no
    snow           no           no            no
    testing        yes          no            no
    partial        yes          no            no
    early_release  yes          yes           no
    ============== ============ ============= =================

``partial`` is a day on which some students stay at home (high schools only, remote instruction): the
district is at work, but nobody would see an ordinary lesson. Closures may overlap; the one that closes
most wins, so a snow day inside a testing window is a snow day.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import total_ordering

SCHOOL_DAYS_A_WEEK = 5


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


class ClosureKind(StrEnum):
    """Why a day is not as usual; the module's table says what each kind does."""

    HOLIDAY = "holiday"
    STAFF_DAY = "staff_day"
    SNOW = "snow"
    TESTING = "testing"
    PARTIAL = "partial"
    EARLY_RELEASE = "early_release"

    @property
    def closes_school(self) -> bool:
        return self in (ClosureKind.HOLIDAY, ClosureKind.STAFF_DAY, ClosureKind.SNOW)

    def stops_visits(self, half: Half) -> bool:
        return self is not ClosureKind.EARLY_RELEASE or half is Half.PM


_WEIGHT = {kind: rank for rank, kind in enumerate(reversed(ClosureKind))}


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
    """A run of days, both ends included, on which school is closed or not as usual."""

    starts: date
    ends: date
    kind: ClosureKind
    title: str

    def __post_init__(self) -> None:
        _check_span(self.title, self.starts, self.ends)


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
    _closed: dict[date, Closure] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        closed: dict[date, Closure] = {}
        for closure in self.closures:
            for day in days_of(closure.starts, closure.ends):
                known = closed.get(day)
                if known is None or _WEIGHT[closure.kind] > _WEIGHT[known.kind]:
                    closed[day] = closure
        open_days = {
            day
            for year in self.years
            for day in days_of(year.starts, year.ends)
            if day.weekday() < SCHOOL_DAYS_A_WEEK and not (day in closed and closed[day].kind.closes_school)
        }
        object.__setattr__(self, "_closed", closed)
        object.__setattr__(self, "_open", frozenset(open_days))
        object.__setattr__(self, "_days", tuple(sorted(open_days)))

    def __hash__(self) -> int:
        return hash((self.years, self.terms, self.closures))

    def is_school_day(self, day: date) -> bool:
        return day in self._open

    def is_visit_day(self, day: date, half: Half | None = None) -> bool:
        """Whether visits are planned that day (with `half`: in that half of it)."""
        if day not in self._open:
            return False
        closure = self._closed.get(day)
        if closure is None:
            return True
        return any(not closure.kind.stops_visits(part) for part in ((half,) if half else Half))

    def closure_on(self, day: date) -> Closure | None:
        """What makes this day unusual, the strongest where several overlap. Weekends have no closure."""
        return self._closed.get(day)

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
