"""The arithmetic of every measure, over plain rows: each is defined here once.

Rows come from storage already cut to the asker's permission and the question's filters. A visit counts only when it
was held: one that was planned and not held is not a visit. Days are the district's school days where a function
takes intervals; those rules live in `protocols.cadence.intervals`, whose `Rhythm` (one school's intervals over a
period) is taken as it is. Every answer carries the spread and not only the mean, and how many things were counted.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import TypeVar

from protocols.cadence.intervals import Rhythm, evenness
from protocols.insight.query import Period

Key = TypeVar("Key", bound=Hashable)
FEWEST_ANSWERS = 5
"""So many principals make a group whose anonymous answers may be shown."""
RATING_RANGE = 3
"""From the lowest rating to the highest."""
RATING_STEPS = (0.1, 0.25, 0.5)
"""How finely a mean of ratings may be said."""


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One visit as storage gives it. `ended_in_step` is None where that is not known."""

    school: str
    ild: str
    day: date
    kind: str
    minutes: int | None
    is_held: bool
    is_cancelled: bool = False
    is_made_good: bool = False
    reason: str | None = None
    ended_in_step: bool | None = None


@dataclass(frozen=True, slots=True)
class ProtectedRow:
    """A stretch of protected time; `lost_minutes` of its `minutes` went to an office, for a reason."""

    day: date
    minutes: int
    lost_minutes: int = 0
    office: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class MandateRow:
    """A demand that reached schools: how many principals it asked, and how many minutes of each."""

    day: date
    office: str
    principals: int
    minutes_each: int | None


@dataclass(frozen=True, slots=True)
class Spread:
    """A total with how it is spread over groups, groups without any included."""

    total: float
    groups: int
    smallest: float
    middle: float
    largest: float


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole; `value` is 0 to 1, None where there is no whole."""

    part: float
    whole: float

    @property
    def value(self) -> float | None:
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True, slots=True)
class Change:
    """A number against the same number for the earlier period; `by` is the difference, None where one is missing."""

    now: float | None
    earlier: float | None

    @property
    def by(self) -> float | None:
        return None if self.now is None or self.earlier is None else self.now - self.earlier


@dataclass(frozen=True, slots=True)
class Unvisited:
    """A school without a held visit. `last` is its last one ever, None if there is none; `days` calendar days since."""

    school: str
    last: date | None
    days: int | None


def held(rows: Iterable[VisitRow], period: Period) -> list[VisitRow]:
    """The visits held in the period."""

    return [row for row in rows if row.is_held and period.start <= row.day <= period.end]


def count_visits(
    rows: Iterable[VisitRow], period: Period, *, key: Callable[[VisitRow], Key], groups: Iterable[Key] = ()
) -> dict[Key, int]:
    """Measure `visits`: held visits by group. `groups` names those that count as 0 when there is no visit."""

    counts: dict[Key, int] = dict.fromkeys(groups, 0)
    for row in held(rows, period):
        counts[key(row)] = counts.get(key(row), 0) + 1
    return counts


def spread(counts: Mapping[Key, int] | Mapping[Key, float]) -> Spread:
    """Total, and smallest, median and largest group. Raises ValueError without any group."""

    if not counts:
        raise ValueError("there is nothing to spread over")
    values = list(counts.values())
    return Spread(sum(values), len(values), min(values), median(values), max(values))


def find_unvisited(rows: Iterable[VisitRow], period: Period, schools: Iterable[str]) -> list[Unvisited]:
    """Measure `not_visited`: schools without a held visit in the period, longest unseen first, never seen at the top.

    `rows` may reach back before the period; they give the last visit and the days since, up to the period's end.
    """

    last: dict[str, date] = {}
    for row in rows:
        if row.is_held and row.day <= period.end:
            last[row.school] = max(row.day, last.get(row.school, row.day))
    found = [
        Unvisited(school, seen, (period.end - seen).days if seen else None)
        for school in dict.fromkeys(schools)
        if (seen := last.get(school)) is None or seen < period.start
    ]
    return sorted(found, key=lambda one: (one.last or date.min, one.school))


def longest_gaps(rhythms: Mapping[str, Rhythm], *, days: int | None = None) -> dict[str, int]:
    """Measure `longest_gap`: each school's longest interval, longest first; with `days`, those that reach it.

    Lengths are in school days, as the intervals of `Rhythm` are.
    """

    longest = {school: one.longest for school, one in rhythms.items() if days is None or one.longest >= days}
    return dict(sorted(longest.items(), key=lambda item: (-item[1], item[0])))


def longest_calendar_gaps(
    rows: Iterable[VisitRow], period: Period, schools: Iterable[str], *, days: int | None = None
) -> dict[str, int]:
    """Measure `longest_gap` in calendar days, as questions say them ("gone 30 days without a visit").

    A gap runs from one held visit to the next; the first from the last visit before the period (or from its first
    day), the last to the period's end.
    """

    seen: dict[str, set[date]] = defaultdict(set)
    for row in rows:
        if row.is_held and row.day <= period.end:
            seen[row.school].add(row.day)
    longest: dict[str, int] = {}
    for school in dict.fromkeys(schools):
        inside = sorted(day.toordinal() for day in seen[school] if day >= period.start)
        before = max((day.toordinal() for day in seen[school] if day < period.start), default=None)
        longest[school] = longest_calendar_gap(before, inside, period)
    return at_least(longest, days)


def longest_calendar_gap(before: int | None, inside: Iterable[int], period: Period) -> int:
    """The longest of one school's gaps, in calendar days. Days are ordinals: the last held visit before the period,
    and those in it, in order."""
    previous, longest = period.start.toordinal() if before is None else before, 0
    for day in (*inside, period.end.toordinal()):
        if day - previous > longest:
            longest = day - previous
        previous = day
    return longest


def at_least(gaps: Mapping[str, int], days: int | None) -> dict[str, int]:
    """The gaps, longest first; with `days`, only those that reach it."""
    kept = {school: gap for school, gap in gaps.items() if days is None or gap >= days}
    return dict(sorted(kept.items(), key=lambda item: (-item[1], item[0])))


def intervals_kept(rhythms: Iterable[Rhythm]) -> Share:
    """Measure `intervals_kept`: intervals between visits within the school's target, of all intervals."""

    rhythms = list(rhythms)
    return Share(sum(one.within for one in rhythms), sum(len(one.gaps) for one in rhythms))


def visit_evenness(counts: Mapping[str, int], expected: Mapping[str, float]) -> float | None:
    """Measure `evenness`: how evenly visits are spread over schools, 0 to 1, each against what its target asks for.

    `expected` is how many visits a school's target makes in the period; a weekly school with four times the visits of
    a monthly one is even. 1 is perfectly even; None below two schools or without a visit.
    """

    return evenness(counts[school] / expected[school] for school in counts if expected.get(school))


def time_in_schools(rows: Iterable[VisitRow], period: Period, *, working_minutes: int) -> Share:
    """Measure `time_in_schools`: minutes of held visits, of the ILDs' working minutes in the period.

    Visits of unknown length count as none, so the share is a lower bound; say how many they were (`without_length`).
    """

    return Share(sum(row.minutes or 0 for row in held(rows, period)), working_minutes)


def without_length(rows: Iterable[VisitRow], period: Period) -> int:
    """Held visits whose minutes are not known."""

    return sum(row.minutes is None for row in held(rows, period))


def count_cancelled(
    rows: Iterable[VisitRow], period: Period, *, key: Callable[[VisitRow], Key]
) -> dict[Key, int]:
    """Measure `cancelled`: visits planned for the period and cancelled, by group, most first."""

    counts = Counter(key(row) for row in rows if row.is_cancelled and period.start <= row.day <= period.end)
    return dict(counts.most_common())


def made_good(rows: Iterable[VisitRow], period: Period) -> Share:
    """Cancelled visits that were held on another day, of all cancelled."""

    cancelled = [row for row in rows if row.is_cancelled and period.start <= row.day <= period.end]
    return Share(sum(row.is_made_good for row in cancelled), len(cancelled))


def protected_kept(rows: Iterable[ProtectedRow], period: Period) -> Share:
    """Measure `protected_kept`: protected minutes that nothing took, of all protected minutes."""

    inside = [row for row in rows if period.start <= row.day <= period.end]
    whole = sum(row.minutes for row in inside)
    return Share(whole - sum(min(row.lost_minutes, row.minutes) for row in inside), whole)


def protected_lost(
    rows: Iterable[ProtectedRow], period: Period, *, key: Callable[[ProtectedRow], Key]
) -> dict[Key, int]:
    """Measure `protected_lost`: protected minutes taken, by office or reason, most first."""

    lost: Counter[Key] = Counter()
    for row in rows:
        if period.start <= row.day <= period.end and row.lost_minutes:
            lost[key(row)] += min(row.lost_minutes, row.minutes)
    return dict(lost.most_common())


def ended_in_step(rows: Iterable[VisitRow], period: Period) -> Share:
    """Measure `next_steps`: held visits that ended in at least one next step, of those where it is known."""

    known = [row for row in held(rows, period) if row.ended_in_step is not None]
    return Share(sum(bool(row.ended_in_step) for row in known), len(known))


def count_mandates(rows: Iterable[MandateRow], period: Period) -> dict[str, int]:
    """Measure `mandates`: demands sent to schools, by office, most first."""

    return dict(Counter(row.office for row in rows if period.start <= row.day <= period.end).most_common())


def minutes_asked(rows: Iterable[MandateRow], period: Period) -> int:
    """Measure `minutes_asked`: minutes asked of all principals together; demands without minutes count as none."""

    return sum(
        row.principals * (row.minutes_each or 0) for row in rows if period.start <= row.day <= period.end
    )


def coarse(mean: float, principals: int) -> float:
    """A mean of ratings, said no more finely than one of so many principals can move it.

    Two answers that differ by one principal would else give hers by subtraction. Of more than thirty it is a tenth.
    """
    step = next((one for one in RATING_STEPS if one >= RATING_RANGE / principals), RATING_STEPS[-1])
    return round(round(mean / step) * step, 2)


def usefulness(ratings: Mapping[str, Iterable[int]]) -> float | None:
    """Measure `usefulness`: the mean of principals' ratings, each principal counting once, as finely as may be said.

    `ratings` holds each principal's own. None where fewer than five principals answered: anonymous answers of so few
    can be read back to a person.
    """

    means = [sum(own) / len(own) for own in map(list, ratings.values()) if own]
    return coarse(sum(means) / len(means), len(means)) if len(means) >= FEWEST_ANSWERS else None
