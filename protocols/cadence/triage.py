"""Which school is visited in which protected half-day.

It is pinwheel scheduling: every school comes round within its own number of school days, and a half-day holds
one school. Orders fill the half-days of one instructional leadership director (ILD) in turn:

    last call            whoever must be seen first; an interval that is broken anyhow may wait some days of
                         grace, and no longer, while intervals that can still be kept are kept
    most overdue first   plain greedy, the yardstick: whoever has used most of the period
    early                nobody before 0.6 of the period, in any order

The plan is the order's that costs least: broken intervals, where a visit that leaves no second chance counts as an
eighth of one, and the worst lateness (`foresight.cost_of`). Then each of the next half-days goes to the school with
which the weeks go best when visits fall out as they do (`foresight`), and the orders go on from there. Whatever is
chosen, no more intervals are broken in the plan than under plain greedy, and nobody is later than its worst, or than
`GRACE`. Every choice still explains itself in a sentence. Agreed visits stay where they are.

At last, visits change places where that suits the principals better (`pleasing`) and no interval is the worse for it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from math import ceil

from protocols.cadence.calendar import SchoolCalendar
from protocols.cadence.foresight import FALLS_OUT, SOON_SHARE, Foresight, cost_of, is_seen_anyhow
from protocols.cadence.intervals import LONGEST_TARGET, clock_start, say_cadence
from protocols.cadence.moments import say_day
from protocols.cadence.pleasing import Picks, please
from protocols.cadence.visits import PlannedVisit, School, Slot

EARLIEST_SHARE = 0.6
GRACE = 2
"""School days that anybody may be late where plain greedy would have nobody as late. In simulated years it keeps up to
3 of 100 intervals that are lost without it, and the year's worst interval is no longer (`make bench`)."""
GRACES = (0, 3, 8)
"""School days of grace of the orders that are tried."""
LOOK_AHEAD = 30
"""Half-days over which the ways of filling them are compared: three to six weeks."""
STEP = 5
"""Half-days that are chosen with foresight; the others are an intention, chosen when their time comes."""


@dataclass(slots=True)
class Network:
    """One ILD's schools and agreed visits, as positions on the calendar's ruler of school days."""

    schools: Sequence[School]
    held: Sequence[PlannedVisit]
    calendar: SchoolCalendar
    start: date
    end: date
    _began: list[int] = field(init=False)
    _agreed: list[list[int]] = field(init=False)
    _rests: list[int] = field(init=False)
    _soonest: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self._rests = [max(1, ceil(EARLIEST_SHARE * school.target)) for school in self.schools]
        self._soonest = [
            rest - max(0, school.grown) for rest, school in zip(self._rests, self.schools, strict=True)
        ]
        # An interval in which the target changed runs as if it had begun later (or earlier): it is due on the same day.
        self._began = [
            interval_began(school, self.calendar, self.start) + school.grown for school in self.schools
        ]
        number = {school.name: at for at, school in enumerate(self.schools)}
        self._agreed = [[] for _ in self.schools]
        for visit in sorted(self.held, key=lambda visit: visit.day):
            position, at = self.calendar.position(visit.day), number.get(visit.school)
            if at is not None and position > self._began[at]:
                self._agreed[at].append(position)

    def best(self, slots: Sequence[Slot]) -> list[PlannedVisit]:
        """The plan that serves best of those that break no more intervals than plain greedy and are no later at worst
        (or than `GRACE`)."""
        if len(slots) > LOOK_AHEAD:
            limit = self.cost(slots, self._fill(slots, most_overdue_first))
            return self._visits(slots, self._least(slots, limit, more=(self._by_stretches(slots),)))
        return self._visits(slots, self._pleasing(slots))

    def fill(self, slots: Sequence[Slot], order: "Order") -> list[PlannedVisit]:
        """Give each free half-day, in turn, to the school that `order` puts first."""
        return self._visits(slots, self._fill(slots, order))

    def _by_stretches(self, slots: Sequence[Slot]) -> Picks:
        """A long plan made as the weeks come: a few half-days at a time, in the way that serves the next weeks best."""
        chosen: list[tuple[int, int]] = []
        agreed: list[PlannedVisit] = list(self.held)
        for first in range(0, len(slots), STEP):
            ahead = slots[first : first + LOOK_AHEAD]
            part = Network(self.schools, agreed, self.calendar, self.start, min(ahead[-1].day, self.end))
            for index, at in part._pleasing(ahead):
                if index < STEP:
                    chosen.append((first + index, at))
                    slot = ahead[index]
                    agreed.append(PlannedVisit(slot.day, slot.half, self.schools[at].name, slot.ild))
        return tuple(chosen)

    def _pleasing(self, slots: Sequence[Slot]) -> Picks:
        """The choice, with visits changed about where that suits the principals and no interval is the worse for it."""

        def is_as_good(then: Picks, now: Picks) -> bool:
            if not self.is_lawful(slots, then):
                return False
            after, before = self.cost(slots, then), self.cost(slots, now)
            return after <= before and after.worst <= before.worst and after.broken <= before.broken

        return please(self.schools, slots, self._choose(slots), is_as_good)

    def _choose(self, slots: Sequence[Slot]) -> Picks:
        limit = self.cost(slots, self._fill(slots, most_overdue_first))
        chosen = self._least(slots, limit)
        foresight = self._foresight(slots)
        for index in range(min(STEP, len(slots))):
            given = tuple(pick for pick in chosen if pick[0] < index)
            for at in self._rank(foresight, slots, index, given):
                if (index, at) in chosen:
                    break
                if found := self._least(slots, limit, (*given, (index, at))):
                    chosen = found
                    break
        return chosen

    def _least(
        self, slots: Sequence[Slot], limit: "Cost", given: Picks = (), more: Sequence[Picks] = ()
    ) -> Picks:
        """Of the ways to go on from what is given, the one that costs least; none where all are worse than is allowed
        beside plain greedy, which cannot be where nothing is given."""
        orders = (most_overdue_first, *(last_call(grace) for grace in GRACES))
        ways = dict.fromkeys((*more, *(self._fill(slots, order, given) for order in orders)))
        costs = {way: self.cost(slots, way) for way in ways}
        allowed = [way for way, cost in costs.items() if cost.is_no_worse(limit)]
        return min(allowed, key=costs.__getitem__, default=())

    def _foresight(self, slots: Sequence[Slot]) -> Foresight:
        return Foresight(
            [school.target for school in self.schools],
            self._rests,
            [
                (
                    self.calendar.position(slot.day),
                    frozenset(
                        at for at, school in enumerate(self.schools) if (slot.day, slot.half) in school.busy
                    ),
                )
                for slot in slots
            ],
            self._agreed,
            self.calendar.position(self.end),
        )

    def _rank(self, foresight: Foresight, slots: Sequence[Slot], index: int, given: Picks) -> list[int]:
        """Who might have the half-day, best first: whoever is due first, whoever can still be in time, and whoever
        plain greedy would take."""
        here = self.calendar.position(slots[index].day)
        seen = list(self._began)
        worst = 0
        for number, at in given:
            position = self.calendar.position(slots[number].day)
            worst = max(worst, position - self._last(at, position, seen) - self.schools[at].target)
            seen[at] = position
        able = list(self._able(slots[index], here, seen))
        orders = ((last_call(0), 3), (last_call(LONGEST_TARGET), 2), (most_overdue_first, 1))
        might = dict.fromkeys(
            at
            for order, width in orders
            for _, at in sorted(able, key=lambda one: order(one[0], self.schools[one[1]].target))[:width]
        )
        if len(might) < 2:
            return list(might)
        last = [self._last(at, here, seen) for at in range(len(self.schools))]
        dues = sorted((last[at] + school.target, at) for at, school in enumerate(self.schools))
        ripe = [
            last[at] + self._rests[at] - (school.grown if last[at] == self._began[at] else 0)
            for at, school in enumerate(self.schools)
        ]
        return foresight.rank(index, list(might), dues, ripe, worst)

    def _fill(self, slots: Sequence[Slot], order: "Order", given: Picks = ()) -> Picks:
        """Give each half-day after those given already to the school that `order` puts first."""
        seen = list(self._began)
        times = [school.last_time for school in self.schools]
        picks = list(given)
        first = picks[-1][0] + 1 if picks else 0
        for index, at in picks:
            seen[at] = self.calendar.position(slots[index].day)
            times[at] = (slots[index].day.weekday(), slots[index].half)
        for index, slot in enumerate(slots[first:], first):
            here = self.calendar.position(slot.day)
            time = (slot.day.weekday(), slot.half)
            best = min(
                (
                    (order(age, self.schools[at].target), times[at] == time, self.schools[at].target, at)
                    for age, at in self._able(slot, here, seen)
                ),
                default=None,
            )
            if best is not None:
                at = best[-1]
                picks.append((index, at))
                seen[at], times[at] = here, time
        return tuple(picks)

    def _last(self, at: int, here: int, seen: Sequence[int]) -> int:
        """The school's last visit before that day, planned or agreed."""
        return max([seen[at], *(mark for mark in self._agreed[at] if mark <= here)])

    def _able(self, slot: Slot, here: int, seen: Sequence[int]) -> Iterator[tuple[int, int]]:
        """The schools that may have a half-day, and how many school days after their last visit it is."""
        place = (slot.day, slot.half)
        for at, (last, soonest) in enumerate(zip(seen, self._soonest, strict=True)):
            if here - last < soonest:
                continue
            school, since = self.schools[at], self._last(at, here, seen)
            grown = school.grown if since == self._began[at] else 0
            if here - since + grown < self._rests[at] or place in school.busy:
                continue
            coming = next((mark for mark in self._agreed[at] if mark > here), None)
            if coming is None or not is_seen_anyhow(coming, here, since + school.target, school.target):
                yield here - since, at

    def cost(self, slots: Sequence[Slot], picks: Picks) -> "Cost":
        """What a way of filling the half-days comes to."""
        positions = [self.calendar.position(slot.day) for slot in slots]
        after = self.calendar.position(self.end) + 1
        marks = self._marks([(at, positions[index]) for index, at in picks])
        late = [length - school.target for school, gaps in self._gaps(marks) for length, _ in gaps]
        following = {position: later for position, later in pairwise([*positions, after]) if later > position}
        at_risk = 0
        for index, at in picks:
            here = positions[index]
            last = max(mark for mark in marks[at] if mark < here)
            at_risk += here - last <= self.schools[at].target < following.get(here, after) - last
        late = [days for days in late if days > 0]
        worst = max(late, default=0)
        return Cost(cost_of(len(late) + FALLS_OUT * at_risk, worst), sum(late), worst, len(late))

    def is_lawful(self, slots: Sequence[Slot], picks: Iterable[tuple[int, int]]) -> bool:
        """Whether each visit is on a half-day on which the principal can, and not too soon after or before another."""
        picks = tuple(picks)
        positions = [self.calendar.position(slot.day) for slot in slots]
        visited = [(at, positions[index]) for index, at in picks]
        if len(set(visited)) < len(visited):
            return False  # the same school, morning and afternoon
        marks = self._marks(visited)
        for index, at in picks:
            school, here = self.schools[at], positions[index]
            last = max((mark for mark in marks[at] if mark < here), default=self._began[at])
            age = here - last + (school.grown if last == self._began[at] else 0)
            soon = min((mark for mark in self._agreed[at] if mark >= here), default=None)
            if (
                slots[index].day,
                slots[index].half,
            ) in school.busy or age < EARLIEST_SHARE * school.target:
                return False
            if soon is not None and soon - here < SOON_SHARE * school.target:
                return False
        return True

    def _marks(self, visited: Iterable[tuple[int, int]]) -> list[list[int]]:
        """School by school, where its intervals end: visits, and the last day that is looked at."""
        start, end = self.calendar.position(self.start), self.calendar.position(self.end)
        marks = [{began, end, *agreed} for began, agreed in zip(self._began, self._agreed, strict=True)]
        for at, position in visited:
            marks[at].add(position)
        return [sorted(mark for mark in one if mark <= max(start, end)) for one in marks]

    def _gaps(self, marks: list[list[int]]) -> list[tuple[School, list[tuple[int, int]]]]:
        """School by school: (length, position at its end) of its intervals, with the one still running at the end."""
        start = self.calendar.position(self.start)
        return [
            (school, [(after - before, after) for before, after in pairwise(own) if after >= start])
            for school, own in zip(self.schools, marks, strict=True)
        ]

    def explain(self, slots: Sequence[Slot], picks: Picks) -> list[PlannedVisit]:
        """The picks as visits with their reasons; a half-day with two visits is there twice."""
        return self._visits(slots, picks)

    def _visits(self, slots: Sequence[Slot], picks: Picks) -> list[PlannedVisit]:
        """The visits with their reasons."""
        positions = [self.calendar.position(slot.day) for slot in slots]
        marks = self._marks([(at, positions[index]) for index, at in picks])
        found = []
        for index, at in picks:
            slot, school, here = slots[index], self.schools[at], positions[index]
            last = max((mark for mark in marks[at] if mark < here), default=here)
            next_day = next((one.day for one in slots[index + 1 :] if one.day > slot.day), None)
            grown = school.grown if last == self._began[at] else 0
            is_seen = school.last is not None or last > self._began[at]
            choice = Choice(school, here - last + grown, is_seen, slot, school.target + grown)
            wait = self.calendar.position(next_day) - here if next_day else 0
            because = choice.say(wait, next_day, self.start)
            found.append(PlannedVisit(slot.day, slot.half, school.name, slot.ild, because))
        return found

    def _of(self, chosen: Iterable[PlannedVisit]) -> list[list[int]]:
        number = {school.name: at for at, school in enumerate(self.schools)}
        return self._marks([(number[visit.school], self.calendar.position(visit.day)) for visit in chosen])

    def lateness(self, chosen: Iterable[PlannedVisit]) -> list[int]:
        """School days over the target, for each interval that is broken."""
        return [
            length - school.target
            for school, gaps in self._gaps(self._of(chosen))
            for length, _ in gaps
            if length > school.target
        ]

    def say_lateness(self, chosen: Iterable[PlannedVisit]) -> list[str]:
        """One sentence for each interval that is not kept: no promise shrinks in silence."""
        days = self.calendar.school_days(date.min, date.max)
        return [
            f"{school.name}: {length + (school.grown if position - length == began else 0)} school days by "
            f"{say_day(days[position - 1], self.start)}, {length - school.target} over "
            f"({say_cadence(school.target)})."
            for began, (school, gaps) in zip(self._began, self._gaps(self._of(chosen)), strict=True)
            for length, position in gaps
            if length > school.target
        ]


@dataclass(frozen=True, slots=True, order=True)
class Cost:
    """What a plan costs, compared in this order: `weight` is `cost_of` the broken intervals, with `FALLS_OUT` for each
    visit that has no other half-day before its interval breaks, and the worst lateness."""

    weight: float
    total: int
    worst: int
    broken: int

    def is_no_worse(self, plain: "Cost") -> bool:
        """Whether no more intervals are broken than under plain greedy, and nobody is later (or than `GRACE`)."""
        return self.broken <= plain.broken and self.worst <= max(GRACE, plain.worst)


@dataclass(frozen=True, slots=True)
class Choice:
    """A school that gets the half-day, `age` school days after its last visit, of `allowed`."""

    school: School
    age: int
    is_seen: bool
    slot: Slot
    allowed: int

    def say(self, wait: int, following: date | None, today: date) -> str:
        """Why this school, in one sentence; `wait` is the school days to the next open half-day."""
        target, over = self.allowed, self.age - self.allowed
        since = "since the last visit" if self.is_seen else "without a visit so far"
        if over > 0:
            return f"{say_school_days(self.age)} {since}, {over} over."
        if self.age + wait > target and following is not None:
            late = f"the next open half-day, {say_day(following, today)}, is too late"
            return f"{self.age} of {say_school_days(target)} {since}; {late}."
        is_liked = (self.slot.day.weekday(), self.slot.half) in self.school.prefers
        liked = ", at a time they prefer" if is_liked else ""
        return f"{self.age} of {say_school_days(target)} {since}{liked}."


Order = Callable[[int, int], tuple[float, ...]]
"""(age, target) in school days -> what is smallest goes first."""


def last_call(grace: int) -> Order:
    """Whoever must be seen first goes first; those who are late already by `grace` school days after their target."""

    def order(age: int, target: int) -> tuple[float, ...]:
        left = target - age if age <= target else target + grace - age
        return left, -age / target

    return order


def most_overdue_first(age: int, target: int) -> tuple[float, ...]:
    """Plain greedy, the yardstick: whoever has used most of the period."""
    return (-age / target,)


def interval_began(school: School, calendar: SchoolCalendar, today: date) -> int:
    """Where the running interval began, on the calendar's ruler."""
    if school.last is not None:
        return calendar.position(school.last)
    since = school.since or clock_start(calendar, today) or today
    return calendar.position(date.fromordinal(since.toordinal() - 1))


def say_school_days(count: int) -> str:
    return f"{count} school day{'' if count == 1 else 's'}"
