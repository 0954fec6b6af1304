"""Two visits in one half-day: the way between two schools, and when the second visit can begin.

A half-day holds a second visit where the way between the two schools is known, both fit into its hours, and whoever
visits can be there in time. The planner asks for more: a way of at most `MOST_TRAVEL`, since a longer one costs the
visit it makes room for, and never a third visit. A way that nobody has told is no way: such a half-day holds one.

Words
    way     minutes from one school to another, door to door; one direction stands for both unless both are known
    stay    a visit as a part of a day: when it starts, for how long, and where
    pair    two visits of one half-day

Times are minutes since local midnight. Schools bear the names that the plan gives them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import time

from protocols.cadence.calendar import VISIT_STARTS, Half
from protocols.cadence.day_minutes import minutes_into_day, time_of_day
from protocols.cadence.protected import NOON, SCHOOL_CLOSES, SCHOOL_OPENS

PAIRED_MINUTES = 45
"""How long a visit is planned for that shares its half-day: three classrooms and a debrief."""
MOST_TRAVEL = 30
"""Minutes of a way that the planner still makes a pair of."""
LONGEST_WAY = 180
"""Minutes; more is a slip of whoever wrote it."""
GRID = 5
HOURS = {Half.AM: (SCHOOL_OPENS, NOON), Half.PM: (NOON, SCHOOL_CLOSES)}


@dataclass(frozen=True, slots=True)
class Travel:
    """The ways that are known. Refuses a way of less than a minute or more than `LONGEST_WAY`."""

    minutes: Mapping[tuple[str, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for (one, other), minutes in self.minutes.items():
            if not 1 <= minutes <= LONGEST_WAY:
                raise ValueError(f"From {one} to {other}: {minutes} minutes are no way between two schools.")

    def between(self, one: str, other: str) -> int | None:
        """Minutes from one school to the other; None where nobody has told."""
        if one == other:
            return 0
        return self.minutes.get((one, other), self.minutes.get((other, one)))

    def are_near(self, one: str, other: str) -> bool:
        """Whether the planner may make a pair of them, whichever comes first."""
        ways = (self.between(one, other), self.between(other, one))
        return one != other and all(way is not None and way <= MOST_TRAVEL for way in ways)


@dataclass(frozen=True, slots=True, order=True)
class Stay:
    """A visit as a part of a day."""

    starts: int
    minutes: int
    school: str

    @property
    def ends(self) -> int:
        return self.starts + self.minutes

    @property
    def half(self) -> Half:
        return Half.AM if self.starts < NOON else Half.PM

    @property
    def at(self) -> time:
        return time_of_day(self.starts)


@dataclass(frozen=True, slots=True)
class Clash:
    """The visit beside which another cannot stand, and the way between them (None: nobody has told)."""

    other: Stay
    way: int | None


def clash(stay: Stay, others: Iterable[Stay], travel: Travel) -> Clash | None:
    """What keeps a visit from taking place beside the others of its day: no time, or no known way in its half-day.

    Visits of the other half-day matter where they overlap it, or leave less time than the way is known to take.
    """
    for other in sorted(others):
        is_after = other.starts <= stay.starts
        first, second = (other, stay) if is_after else (stay, other)
        way = travel.between(first.school, second.school)
        if way is None and other.half is stay.half:
            return Clash(other, None)
        if first.ends + (way or 0) > second.starts:
            return Clash(other, way)
    return None


def nearest_start(
    wanted: Stay, others: Iterable[Stay], travel: Travel, *, is_possible: Callable[[int], bool] = bool
) -> int | None:
    """The start in the wanted half-day, nearest to the wanted one, at which the visit can take place; of two as near,
    the later. `is_possible` says what else a start must be (not past, school not closed)."""
    others = tuple(others)
    opens, closes = HOURS[wanted.half]
    starts = [
        start
        for start in range(opens, closes - wanted.minutes + 1, GRID)
        if is_possible(start) and clash(Stay(start, wanted.minutes, wanted.school), others, travel) is None
    ]
    return min(starts, key=lambda start: (abs(start - wanted.starts), -start), default=None)


def usual_stay(half: Half, school: str, starts: int | None = None, minutes: int = PAIRED_MINUTES) -> Stay:
    """A visit at the usual hour of its half-day unless it has one of its own."""
    return Stay(minutes_into_day(VISIT_STARTS[half]) if starts is None else starts, minutes, school)


def second_start(half: Half, school: str, day: Iterable[Stay], travel: Travel) -> int | None:
    """When a visit can be the second of its half-day: the earliest start from the usual hour on.

    `day` are the visits of the day. None where the half-day has no visit or two, the way is not known or longer than
    `MOST_TRAVEL`, or the hours do not hold both.
    """
    day = tuple(day)
    beside = [stay for stay in day if stay.half is half]
    if len(beside) != 1 or not travel.are_near(beside[0].school, school):
        return None
    first = minutes_into_day(VISIT_STARTS[half])
    last = HOURS[half][1] - PAIRED_MINUTES
    starts = range(first, last + 1, GRID)
    return next((s for s in starts if clash(Stay(s, PAIRED_MINUTES, school), day, travel) is None), None)


def most_pairs(asked: Mapping[str, float], travel: Travel) -> float:
    """How many pairs the visits asked for (school -> visits) can make: each visit is in one pair at most.

    Schools with fewest others near them choose first. That is the most there can be unless ways run in rings.
    """
    left = {school: visits for school, visits in sorted(asked.items()) if visits > 0}
    near = {school: {other for other in left if travel.are_near(school, other)} for school in left}
    pairs = 0.0
    while open_ones := [school for school in left if near[school]]:
        school = min(open_ones, key=lambda one: (len(near[one]), one))
        partner = max(near[school], key=lambda other: (left[other], other))
        shared = min(left[school], left[partner])
        pairs += shared
        for one in (school, partner):
            left[one] -= shared
            if left[one] <= 0:
                for others in near.values():
                    others.discard(one)
                near[one] = set()
    return pairs


def lasts_into(half: Half) -> int:
    """Minutes from the usual hour to the end of the half-day: what two visits need of it."""
    return HOURS[half][1] - minutes_into_day(VISIT_STARTS[half])
