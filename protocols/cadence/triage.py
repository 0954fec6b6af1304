"""Which school is visited in which protected half-day.

It is pinwheel scheduling: every school comes round within its own number of school days, and a half-day holds
one school. Each half-day in turn goes to the school whose *last call* comes first, for one instructional
leadership director (ILD) at a time:

    on time    the last call is the day on which its period ends
    late       its interval is broken anyhow, so it may wait some days of grace, and no longer, while
               intervals that can still be kept are kept
    early      nobody before 0.6 of the period, unless the half-day can hold them in no other way

How much grace serves best depends on how full the weeks are, so several are tried, and plain "most overdue first"
too. Only plans are allowed in which nobody is later than under plain greedy (or than `GRACE`, a school week) and
no more intervals are broken. Of these the one with fewest broken intervals is taken, where a visit that leaves
no second chance counts as an eighth of one and each day of the worst lateness as a quarter; then the least
lateness in all. Every choice still explains itself in a sentence. Agreed visits stay where they are.

At last, visits change places where that suits the principals better (a time of the week they like, one they would
rather not have, not always the same one) and no interval is the worse for it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations, pairwise

from protocols.cadence.calendar import Half, SchoolCalendar
from protocols.cadence.intervals import clock_start, say_cadence
from protocols.cadence.moments import say_day
from protocols.cadence.visits import PlannedVisit, School, Slot

EARLIEST_SHARE = 0.6
SOON_SHARE = 0.4
GRACE = 5
"""School days. A week late is let pass where it keeps more intervals. In simulated years of cancellations that keeps
2 to 11 of 100 intervals more than plain greedy, and the worst interval is about a day longer (`make bench`)."""
GRACES = (3, 5, 2, 8, 0)
RISK = 0.12
"""About one visit in eight is cancelled, so a visit with no second chance counts as so much broken."""
WORST = 0.25
"""What each school day of the worst lateness weighs beside a broken interval."""
LOOK_AHEAD = 20
"""Half-days over which the ways of filling them are compared: about four weeks."""
STEP = 5
LIKED, DISLIKED, SAME_TIME = -2, 3, 1


Picks = tuple[tuple[int, int], ...]
"""Half-days given away: (number of the half-day, number of the school), in order."""


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

    def __post_init__(self) -> None:
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
        """The plan that keeps most intervals among those no later at worst than plain greedy, or than `GRACE`."""
        if len(slots) > LOOK_AHEAD:
            return self._visits(slots, self._choose(slots, [self._by_stretches(slots)]))
        return self._visits(slots, please(self, slots, self._choose(slots)))

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
            for index, at in please(part, ahead, part._choose(ahead)):
                if index < STEP:
                    chosen.append((first + index, at))
                    slot = ahead[index]
                    agreed.append(PlannedVisit(slot.day, slot.half, self.schools[at].name, slot.ild))
        return tuple(chosen)

    def _choose(self, slots: Sequence[Slot], more: Sequence[Picks] = ()) -> Picks:
        plain = self._fill(slots, most_overdue_first)
        ways = [*more, *(self._fill(slots, last_call(grace)) for grace in GRACES)]
        costs = {way: self.cost(slots, way) for way in (*ways, plain)}
        limit = costs[plain]
        allowed = [
            cost
            for cost in costs.values()
            if cost.worst <= max(GRACE, limit.worst) and cost.broken <= limit.broken
        ]
        least = min(allowed)
        return next(way for way, cost in costs.items() if cost == least)

    def _fill(self, slots: Sequence[Slot], order: "Order") -> Picks:
        seen = list(self._began)
        times = [school.last_time for school in self.schools]
        picks: list[tuple[int, int]] = []
        positions = [self.calendar.position(slot.day) for slot in slots]
        earliest = [max(1.0, EARLIEST_SHARE * school.target) for school in self.schools]
        for index, slot in enumerate(slots):
            here = positions[index]
            time = (slot.day.weekday(), slot.half)
            first: tuple[tuple[float, ...], bool, int, int] | None = None
            for at, school in enumerate(self.schools):
                last, target = seen[at], school.target
                coming = None
                for mark in self._agreed[at]:
                    if mark > here:
                        coming = mark
                        break
                    last = max(last, mark)
                age = here - last
                grown = school.grown if last == self._began[at] else 0
                if age + grown < earliest[at] or (slot.day, slot.half) in school.busy:
                    continue
                # An agreed visit that comes in time is enough; one that comes soon makes one more now a waste.
                if coming is not None and (coming - last <= target or coming - here < SOON_SHARE * target):
                    continue
                key = (order(age, target), times[at] == time, target, at)
                if first is None or key < first:
                    first = key
            if first is not None:
                at = first[-1]
                picks.append((index, at))
                seen[at], times[at] = here, time
        return tuple(picks)

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
        return Cost(len(late) + RISK * at_risk + WORST * worst, sum(late), worst, len(late))

    def is_lawful(self, slots: Sequence[Slot], picks: Iterable[tuple[int, int]]) -> bool:
        """Whether each visit is on a half-day on which the principal can, and not too soon after or before another."""
        picks = tuple(picks)
        positions = [self.calendar.position(slot.day) for slot in slots]
        marks = self._marks([(at, positions[index]) for index, at in picks])
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
    """What a plan costs, compared in this order: `weight` is broken intervals, with `RISK` for each visit that has no
    other half-day before its interval breaks and `WORST` for each school day of the worst lateness."""

    weight: float
    total: int
    worst: int
    broken: int


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


def please(network: Network, slots: Sequence[Slot], picks: Picks) -> Picks:
    """Swap visits where that suits the principals better and costs no interval anything."""
    found = list(picks)
    schools = network.schools
    times = [(slot.day.weekday(), slot.half) for slot in slots]
    cost = network.cost(slots, picks)

    def displeasure(at: int, way: Sequence[tuple[int, int]]) -> int:
        return _displeasure(schools[at], [times[index] for index, who in way if who == at])

    for first, second in combinations(range(len(found)), 2):
        (one, a), (other, b) = found[first], found[second]
        if a == b or times[one] == times[other]:
            continue
        trial = list(found)
        trial[first], trial[second] = (one, b), (other, a)
        less = displeasure(a, trial) + displeasure(b, trial) < displeasure(a, found) + displeasure(b, found)
        if less and network.is_lawful(slots, trial):
            then = network.cost(slots, tuple(trial))
            if then <= cost and then.worst <= cost.worst and then.broken <= cost.broken:
                found, cost = trial, then
    return tuple(found)


def _displeasure(school: School, times: Iterable[tuple[int, Half]]) -> int:
    """How little the times of the week suit: liked ones, ones one would rather not, and the same one again."""
    total, last = 0, school.last_time
    for time in times:
        if time in school.prefers:
            total += LIKED
        elif time in school.avoids:
            total += DISLIKED
        elif time == last:
            total += SAME_TIME
        last = time
    return total


def interval_began(school: School, calendar: SchoolCalendar, today: date) -> int:
    """Where the running interval began, on the calendar's ruler."""
    if school.last is not None:
        return calendar.position(school.last)
    since = school.since or clock_start(calendar, today) or today
    return calendar.position(date.fromordinal(since.toordinal() - 1))


def say_school_days(count: int) -> str:
    return f"{count} school day{'' if count == 1 else 's'}"
