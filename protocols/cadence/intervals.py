"""The rhythm of visits to one school: what keeps the promise, and what breaks it.

All lengths are in school days. An interval runs from one held visit to the next: from a Monday to the
Monday after it is 5. Harm comes from drift, not from the average: a school that had six visits in autumn and none
since has a fine mean (Honig and others 2010). So the interval that is still running is counted as soon as it is
longer than the target: by then it is broken, whatever comes.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import fsum, sqrt
from statistics import fmean

from protocols.cadence.calendar import SchoolCalendar
from protocols.cadence.targets import Targets, steady

LONGEST_TARGET = 120


class CadenceFault(ValueError):
    """A rhythm that cannot be read; the text says what to write."""


_WORDS = {
    "weekly": 5, "every week": 5, "once a week": 5, "each week": 5,
    "biweekly": 10, "fortnightly": 10, "every two weeks": 10, "every other week": 10, "twice a month": 10,
    "every second week": 10, "every fortnight": 10,
    "triweekly": 15, "every three weeks": 15, "every third week": 15,
    "monthly": 20, "every month": 20, "once a month": 20, "every four weeks": 20, "every fourth week": 20,
}  # fmt: skip
_NAMES = {5: "every week", 10: "every two weeks", 15: "every three weeks", 20: "every month"}
_COUNTED = re.compile(
    r"(?:every )?(\d{1,3}|two|three|four|five|six)[ -]?(?:(?:school )?days?|(weeks?|wks?))?"
)
_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}


def read_cadence(text: str) -> int:
    """School days between visits, from what people write: "weekly", "every 2 weeks", "15", "8 school days".

    A bare number is school days, as in a roster's column. Raises `CadenceFault` for anything else.
    """
    words = " ".join(text.lower().replace("_", " ").replace("bi-weekly", "biweekly").split()).strip(". ")
    if words in _WORDS:
        return _WORDS[words]
    if match := _COUNTED.fullmatch(words):
        count = _NUMBERS.get(match[1]) or int(match[1])
        days = count * 5 if match[2] else count
        if 1 <= days <= LONGEST_TARGET:
            return days
    raise CadenceFault(
        f'I can\'t read "{text.strip()}" as a rhythm. Write weekly, every two weeks, every three weeks, '
        f"monthly, or a number of school days up to {LONGEST_TARGET}."
    )


def say_cadence(target: int) -> str:
    """The rhythm in words: "every two weeks", "every 8 school days"."""
    return _NAMES.get(target, f"every {target} school days" if target > 1 else "every school day")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one school stands today.

    `last` is the last held visit, or None; `days_since` then runs from the start of the clock. `target` is today's,
    `allowed` how long this interval may last: the same, unless the target changed while it ran.
    `over_by` is 0 while the interval is within what is allowed.
    """

    last: date | None
    days_since: int
    target: int
    over_by: int
    allowed: int

    @property
    def is_overdue(self) -> bool:
        return self.over_by > 0

    @property
    def share(self) -> float:
        """How much of the interval is used up: 1.0 is due today."""
        return self.days_since / self.allowed


def standing(
    visits: Iterable[date],
    *,
    target: int | Targets,
    calendar: SchoolCalendar,
    today: date,
    since: date | None = None,
) -> Standing:
    """Where a school stands: `visits` are the days of held visits, in any order; later ones are ignored.

    A school that was never visited is counted from the day before `since` (the assignment's first day, by
    default the school year's, or that of the year last ended), so that its first school day counts as 1.
    """
    last = max((day for day in visits if day <= today), default=None)
    if last is not None:
        days, after = calendar.school_days_since(last, today), last
    else:
        first = since or clock_start(calendar, today)
        days = calendar.count_school_days(first, today) if first else 0
        after = (first or today) - timedelta(days=1)
    targets = steady(target) if isinstance(target, int) else target
    now = targets.on(today)
    allowed = targets.allowed(calendar, after, today) or (now.days if now else LONGEST_TARGET)
    return Standing(last, days, now.days if now else allowed, max(0, days - allowed), allowed)


def clock_start(calendar: SchoolCalendar, today: date) -> date | None:
    """The first day of the latest school year that has begun by `today`."""
    return max((year.starts for year in calendar.years if year.starts <= today), default=None)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """One school's intervals over a period, each measured by the targets that held while it ran.

    `target` is the one that holds at the period's end. `gaps` are the intervals in order, `within` how many of
    them kept the target.
    """

    visits: int
    gaps: tuple[int, ...]
    target: int
    within: int

    @property
    def longest(self) -> int:
        """The longest interval, 0 without any."""
        return max(self.gaps, default=0)

    @property
    def evenness(self) -> float | None:
        """``max(0, 1 - standard deviation / mean)`` of the gaps: 1 when they are all alike, 0 when they vary as much
        as chance would make them; None with fewer than two gaps."""
        return evenness(self.gaps)

    @property
    def kept(self) -> float | None:
        """Share of intervals within the target, 0 to 1; None while there is no interval."""
        return self.within / len(self.gaps) if self.gaps else None


def rhythm(
    visits: Iterable[date], *, target: int | Targets, calendar: SchoolCalendar, start: date, end: date
) -> Rhythm:
    """The intervals of one school from `start` to `end`, both included.

    The first interval runs from the last visit before `start`, if there is one, else from the day before
    `start`. The interval running at `end` counts only when it is over the target already. Two visits on one
    day are one.
    """
    targets = steady(target) if isinstance(target, int) else target
    days = sorted({day.toordinal() for day in visits})
    return rhythm_of_days(days, targets=targets, calendar=calendar, start=start, end=end)


def rhythm_of_days(
    days: Sequence[int], *, targets: Targets, calendar: SchoolCalendar, start: date, end: date
) -> Rhythm:
    """`rhythm` of days as ordinals, in order: a district's 1,600 schools are walked over for one answer."""
    first, last_day = start.toordinal(), end.toordinal()
    begins, ends = bisect_left(days, first), bisect_right(days, last_day)
    previous = days[begins - 1] if begins else first - 1
    inside = dict.fromkeys(days[begins:ends])
    ruler = calendar.positions_of(first, last_day)
    began = calendar.position_of(previous)
    steady_days = targets.steady_after(previous)
    gaps: list[int] = []
    within = 0
    for day in inside:
        position = ruler[day - first]
        gap = position - began
        gaps.append(gap)
        if gap <= (steady_days or _allowed(targets, calendar, previous, day)):
            within += 1
        previous, began = day, position
    running = max(0, calendar.position_of(last_day) - began)
    if running > (steady_days or _allowed(targets, calendar, previous, last_day)):
        gaps.append(running)
    last = targets.on(end) or (targets.spans[-1] if targets.spans else None)
    return Rhythm(len(inside), tuple(gaps), target=last.days if last else LONGEST_TARGET, within=within)


def _allowed(targets: Targets, calendar: SchoolCalendar, previous: int, day: int) -> int:
    """How long the interval may last; one during which nobody promised anything breaks nothing."""
    after, until = date.fromordinal(previous), date.fromordinal(day)
    allowed = targets.allowed(calendar, after, until)
    return calendar.school_days_since(after, until) if allowed is None else allowed


def evenness(values: Iterable[float]) -> float | None:
    """``max(0, 1 - standard deviation / mean)``: 1 is perfectly even. None below two values or at mean 0."""
    numbers = list(values)
    if len(numbers) < 2 or not (mean := fmean(numbers)):
        return None
    return max(0.0, 1 - sqrt(fsum((number - mean) ** 2 for number in numbers) / len(numbers)) / mean)
