"""A unit's scorecard: how it answers what schools ask of it, as numbers that name no school and nobody.

Schools are counted and compared all year; the units that serve them are counted the same way, so that the centre
looks at itself in the same mirror. A request counts at the unit that has it, from the day on which it came there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median

from protocols.cadence.calendar import SchoolCalendar
from protocols.centre.service_requests import OPEN, State, is_late

BANDS: tuple[tuple[str, int, int | None], ...] = (
    ("same day", 0, 0),
    ("1 day", 1, 1),
    ("2 to 3", 2, 3),
    ("4 to 5", 4, 5),
    ("6 to 10", 6, 10),
    ("over 10", 11, None),
)
"""School days: what a band is called, from, to."""


@dataclass(frozen=True, slots=True)
class Case:
    """One request at a unit, without a word of it. Days are local; ``done`` is the last time the unit said so."""

    came: date
    state: State
    answered: date | None = None
    done: date | None = None
    reopened: int = 0
    promised: date | None = None


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Counts of requests; medians and ages in school days, None where there is nothing to count."""

    asked: int
    answered: int
    done: int
    declined: int
    withdrawn: int
    reopened: int
    handed_on: int
    open: int
    unanswered: int
    late: int
    days_to_answer: tuple[int, ...]
    days_to_done: tuple[int, ...]
    ages: tuple[int, ...]

    @property
    def median_to_answer(self) -> float | None:
        return median(self.days_to_answer) if self.days_to_answer else None

    @property
    def median_to_done(self) -> float | None:
        return median(self.days_to_done) if self.days_to_done else None

    @property
    def median_age(self) -> float | None:
        return median(self.ages) if self.ages else None

    @property
    def oldest(self) -> int | None:
        return max(self.ages, default=None)

    def within(self, days: int) -> int:
        """How many had their first answer within so many school days."""
        return sum(one <= days for one in self.days_to_answer)


def score(cases: Iterable[Case], *, today: date, calendar: SchoolCalendar, handed_on: int = 0) -> Scorecard:
    """Count the requests that came to a unit. ``handed_on`` are those it gave to another, which count there."""
    rows = list(cases)
    open_now = [one for one in rows if one.state in OPEN]
    finished = [one for one in rows if one.done is not None and one.state in (State.DONE, State.MENDED)]
    return Scorecard(
        asked=len(rows),
        answered=sum(one.answered is not None for one in rows),
        done=len(finished),
        declined=sum(one.state is State.DECLINED for one in rows),
        withdrawn=sum(one.state is State.WITHDRAWN for one in rows),
        reopened=sum(one.reopened > 0 for one in rows),
        handed_on=handed_on,
        open=len(open_now),
        unanswered=sum(one.state is State.NEW for one in open_now),
        late=sum(is_late(one.state, one.promised, today) for one in open_now),
        days_to_answer=_spans(calendar, ((one.came, one.answered) for one in rows)),
        days_to_done=_spans(calendar, ((one.came, one.done) for one in finished)),
        ages=_spans(calendar, ((one.came, today) for one in open_now)),
    )


def _spans(calendar: SchoolCalendar, pairs: Iterable[tuple[date, date | None]]) -> tuple[int, ...]:
    return tuple(sorted(calendar.school_days_since(start, end) for start, end in pairs if end is not None))


def in_bands(days: Iterable[int]) -> tuple[int, ...]:
    """How many of the spans fall into each of ``BANDS``."""
    spans = list(days)
    return tuple(
        sum(first <= one and (last is None or one <= last) for one in spans) for _name, first, last in BANDS
    )


def say_days(value: float | None) -> str:
    """ "2", "2.5", "—" """
    return "—" if value is None else f"{value:g}"
