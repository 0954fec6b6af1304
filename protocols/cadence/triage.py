"""Which school is visited in which protected half-day.

It is pinwheel scheduling: every school comes round within its own number of school days, and a half-day holds
one school. A triage decides each half-day in turn, for one instructional leadership director (ILD) at a time:

    1. the late who are at two periods without a visit, or would pass the cap on lateness before the next
       open half-day;
    2. those whose interval would break before the next open half-day;
    3. the other late ones;
    4. those at 0.8 of their period or more;
    5. those at 0.6 or more, rather than leaving the half-day empty. Nobody under 0.6.

Within a step the one with most of its period used goes first. Saving the interval that can still be saved
before serving one that is lost keeps more intervals where time is tight, but lets the late wait longer, and
somebody must pay for it. So plain "most overdue first" is run as well; its worst lateness, and a little less,
are the caps tried, and of the plans no later at worst than the plain one the one with fewest broken intervals
is taken (then the least lateness in all). Every choice still explains itself in a sentence. Agreed visits
stay where they are.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from protocols.cadence.calendar import SchoolCalendar
from protocols.cadence.intervals import clock_start, say_cadence
from protocols.cadence.moments import say_day
from protocols.cadence.visits import PlannedVisit, School, Slot

DUE_SHARE = 0.8
EARLIEST_SHARE = 0.6
SOON_SHARE = 0.4
ALARM_SHARE = 2.0
CAP_STEPS = (0, 1, 2, 3, 5)


@dataclass(slots=True)
class Network:
    """One ILD's schools and agreed visits, as positions on the calendar's ruler of school days."""

    schools: Sequence[School]
    held: Sequence[PlannedVisit]
    calendar: SchoolCalendar
    start: date
    end: date
    _began: dict[str, int] = field(init=False)
    _agreed: dict[str, list[int]] = field(init=False)

    def __post_init__(self) -> None:
        self._began = {
            school.name: interval_began(school, self.calendar, self.start) for school in self.schools
        }
        self._agreed = {school.name: [] for school in self.schools}
        for visit in sorted(self.held, key=lambda visit: visit.day):
            position = self.calendar.position(visit.day)
            if visit.school in self._agreed and position > self._began[visit.school]:
                self._agreed[visit.school].append(position)

    def best(self, slots: Sequence[Slot]) -> list[PlannedVisit]:
        """The plan that breaks fewest intervals among those no later at worst than plain greedy."""
        plain = self.fill(slots, most_overdue_first)
        worst = max(self.lateness(plain), default=0)
        caps = {max(0, worst - tighter) for tighter in CAP_STEPS}
        plans = [*(self.fill(slots, triage(cap)) for cap in sorted(caps, reverse=True)), plain]
        costs = [self._cost(chosen) for chosen in plans]
        allowed = [index for index, (lateness, *_) in enumerate(costs) if lateness <= worst]
        return plans[min(allowed, key=lambda index: costs[index][1:])]

    def fill(self, slots: Sequence[Slot], order: "Order") -> list[PlannedVisit]:
        """Give each free half-day, in turn, to the school that `order` puts first."""
        visited: dict[str, int] = {}
        chosen: list[PlannedVisit] = []
        positions = [self.calendar.position(slot.day) for slot in slots]
        for index, slot in enumerate(slots):
            following = slots[index + 1].day if index + 1 < len(slots) else None
            chance = positions[index + 1] if following else self.calendar.position(self.end) + 1
            waiting = [
                found
                for school in self.schools
                if (found := self._waiting(school, slot, positions[index], visited.get(school.name)))
            ]
            if not waiting:
                continue
            wait = chance - positions[index]
            first = min(waiting, key=lambda candidate: order(candidate, wait))
            because = first.say(wait, following, self.start)
            chosen.append(PlannedVisit(slot.day, slot.half, first.school.name, slot.ild, because))
            visited[first.school.name] = positions[index]
        return chosen

    def _waiting(self, school: School, slot: Slot, here: int, visited: int | None) -> "Waiting | None":
        """The school as a candidate for a slot at position `here`; None when it is not its turn.

        That is when the principal cannot, when less than 0.6 of the period is used, and when an agreed visit
        comes in time, or so soon (0.4 of the period) that one more now would be wasted.
        """
        agreed = self._agreed[school.name]
        last = max([visited or 0, self._began[school.name], *(mark for mark in agreed if mark <= here)])
        coming = min((mark for mark in agreed if mark > here), default=None)
        age = here - last
        if age < max(1, EARLIEST_SHARE * school.target) or (slot.day, slot.half) in school.busy:
            return None
        if coming is not None and (
            coming - last <= school.target or coming - here < SOON_SHARE * school.target
        ):
            return None
        is_seen = school.last is not None or last > self._began[school.name]
        return Waiting(school, age, is_seen, (slot.day.weekday(), slot.half) in school.prefers)

    def _gaps(self, school: School, chosen: Iterable[PlannedVisit]) -> list[tuple[int, int]]:
        """(length, position at its end) of the school's intervals, with the one still running at the end."""
        start, end = self.calendar.position(self.start), self.calendar.position(self.end)
        visited = [self.calendar.position(visit.day) for visit in chosen if visit.school == school.name]
        agreed = [position for position in self._agreed[school.name] if position <= end]
        marks = sorted({self._began[school.name], *visited, *agreed, end})
        return [(after - before, after) for before, after in pairwise(marks) if after >= start]

    def lateness(self, chosen: Sequence[PlannedVisit]) -> list[int]:
        """School days over the target, for each interval that is broken."""
        return [
            length - school.target
            for school in self.schools
            for length, _ in self._gaps(school, chosen)
            if length > school.target
        ]

    def _cost(self, chosen: Sequence[PlannedVisit]) -> tuple[int, int, int]:
        """(worst lateness, broken intervals, lateness in all)"""
        late = self.lateness(chosen)
        return max(late, default=0), len(late), sum(late)

    def say_lateness(self, chosen: Sequence[PlannedVisit]) -> list[str]:
        """One sentence for each school whose interval cannot be kept."""
        days = self.calendar.school_days(date.min, date.max)
        said = []
        for school in self.schools:
            length, position = max(self._gaps(school, chosen), default=(0, 0))
            if length > school.target:
                by = say_day(days[position - 1], self.start)
                said.append(
                    f"{school.name}: {length} school days by {by}, {length - school.target} over "
                    f"({say_cadence(school.target)})."
                )
        return said


@dataclass(frozen=True, slots=True)
class Waiting:
    """A school that could have the half-day; `wait` is always the school days to the next open one."""

    school: School
    age: int
    is_seen: bool
    is_preferred: bool

    @property
    def share(self) -> float:
        return self.age / self.school.target

    def would_break(self, wait: int) -> bool:
        return self.age <= self.school.target < self.age + wait

    def say(self, wait: int, following: date | None, today: date) -> str:
        """Why this school, in one sentence."""
        target, over = self.school.target, self.age - self.school.target
        since = "since the last visit" if self.is_seen else "without a visit so far"
        if over > 0:
            return f"{say_school_days(self.age)} {since}, {over} over."
        if self.would_break(wait) and following is not None:
            late = f"the next open half-day, {say_day(following, today)}, is too late"
            return f"{self.age} of {say_school_days(target)} {since}; {late}."
        liked = ", at a time they prefer" if self.is_preferred else ""
        return f"{self.age} of {say_school_days(target)} {since}{liked}."


Order = Callable[[Waiting, int], tuple[Any, ...]]


def triage(cap: float) -> Order:
    """The order of the module's five steps, with nobody let more than `cap` school days late if avoidable."""

    def order(candidate: Waiting, wait: int) -> tuple[Any, ...]:
        share, target = candidate.share, candidate.school.target
        if candidate.age > target and (share >= ALARM_SHARE or candidate.age + wait - target > cap):
            step = 1
        elif candidate.would_break(wait):
            step = 2
        elif share > 1:
            step = 3
        else:
            step = 4 if share >= DUE_SHARE else 5
        is_disliked = step > 3 and not candidate.is_preferred
        return step, is_disliked, -share, target, candidate.school.name

    return order


def most_overdue_first(candidate: Waiting, _wait: int) -> tuple[Any, ...]:
    """Plain greedy, the yardstick: whoever has used most of the period."""
    return -candidate.share, candidate.school.target, candidate.school.name


def interval_began(school: School, calendar: SchoolCalendar, today: date) -> int:
    """Where the running interval began, on the calendar's ruler."""
    if school.last is not None:
        return calendar.position(school.last)
    since = school.since or clock_start(calendar, today) or today
    return calendar.position(date.fromordinal(since.toordinal() - 1))


def say_school_days(count: int) -> str:
    return f"{count} school day{'' if count == 1 else 's'}"
