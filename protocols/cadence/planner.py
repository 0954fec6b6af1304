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

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from itertools import pairwise
from typing import Any

from protocols.cadence.calendar import SCHOOL_DAYS_A_WEEK, Half, SchoolCalendar
from protocols.cadence.intervals import clock_start, say_cadence
from protocols.cadence.moments import say_day
from protocols.cadence.protected import Audience, ProtectedRule, protected_halves

DUE_SHARE = 0.8
EARLIEST_SHARE = 0.6
ALARM_SHARE = 2.0
CAP_STEPS = (0, 1, 2, 3, 5)
VISIT_STARTS = {Half.AM: time(8, 30), Half.PM: time(13)}


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A half-day in which one ILD can visit one school."""

    day: date
    half: Half
    ild: str


@dataclass(frozen=True, slots=True)
class School:
    """A school to be seen every `target` school days.

    `last` is the last held visit. Without one the clock runs from `since` (the first day of the promise, by
    default the school year's). `prefers` holds (weekday, half) that suit the principal, `busy` the half-days
    in which she cannot.
    """

    name: str
    ild: str
    target: int
    last: date | None = None
    since: date | None = None
    prefers: frozenset[tuple[int, Half]] = frozenset()
    busy: frozenset[tuple[date, Half]] = frozenset()

    def __post_init__(self) -> None:
        if self.target < 1:
            raise ValueError(f"{self.name}: a rhythm of {self.target} school days is not possible.")


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """A visit in the plan. `because` is one sentence; `is_fixed` marks one that was agreed before."""

    day: date
    half: Half
    school: str
    ild: str
    because: str = ""
    is_fixed: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """The visits in order, and whether the promise can be kept.

    `load` is visits asked for by all rhythms over the half-days there are (1.0 is full), `loads` the same for
    each ILD. `feasible` says that no ILD's load is over 1. `displaced` are agreed visits on a day
    without school or on a half-day that already has one: they cannot be held and must be moved by hand.
    """

    visits: tuple[PlannedVisit, ...]
    load: float
    loads: Mapping[str, float]
    feasible: bool
    warnings: tuple[str, ...]
    displaced: tuple[PlannedVisit, ...] = ()
    worst_lateness: int = 0

    def to_json(self) -> dict[str, Any]:
        """The shape of `throughline plan --json`."""
        return {
            "visits": [
                {
                    "date": visit.day.isoformat(),
                    "half": str(visit.half),
                    "school": visit.school,
                    "ild": visit.ild,
                    "because": visit.because,
                }
                for visit in self.visits
            ],
            "load": round(self.load, 3),
            "loads": {ild: round(load, 3) for ild, load in self.loads.items()},
            "feasible": self.feasible,
            "warnings": list(self.warnings),
            "displaced": [
                {"date": visit.day.isoformat(), "half": str(visit.half), "school": visit.school}
                for visit in self.displaced
            ],
        }


def open_slots(
    people: Mapping[str, Audience],
    rules: Iterable[ProtectedRule],
    calendar: SchoolCalendar,
    start: date,
    end: date,
) -> tuple[Slot, ...]:
    """The protected half-days of each ILD on visit days, from `start` to `end`, both included, in order."""
    rules = tuple(rules)
    return tuple(
        sorted(
            Slot(day, half, ild)
            for ild, audience in people.items()
            for day, half in protected_halves(start, end, rules, calendar, audience)
            if calendar.is_visit_day(day, half)
        )
    )


def plan(
    schools: Iterable[School],
    slots: Iterable[Slot],
    calendar: SchoolCalendar,
    *,
    start: date,
    end: date,
    fixed: Iterable[PlannedVisit] = (),
) -> Plan:
    """Plan the visits from `start` to `end`, both included.

    `fixed` are agreed visits; those before `start` or after `end` are heeded but not returned. Slots off the
    calendar's visit days are ignored.
    """
    schools = tuple(sorted(schools, key=lambda school: school.name))
    held, displaced = _sort_fixed(fixed, calendar)
    taken = {(visit.day, visit.half, visit.ild) for visit in held}
    free: dict[str, list[Slot]] = {}
    for slot in sorted(set(slots)):
        if start <= slot.day <= end and calendar.is_visit_day(slot.day, slot.half):
            free.setdefault(slot.ild, []).append(slot)
    visits = [visit for visit in held if start <= visit.day <= end]
    loads: dict[str, float] = {}
    warnings = [_say_displaced(visit, start) for visit in displaced if start <= visit.day <= end]
    asked_in_all, places_in_all, worst = 0.0, 0, 0
    weeks = calendar.count_school_days(start, end) / SCHOOL_DAYS_A_WEEK
    for ild in sorted({school.ild for school in schools}):
        own = [school for school in schools if school.ild == ild]
        places = free.get(ild, [])
        network = _Network(own, held, calendar, start, end)
        chosen = network.best([slot for slot in places if (slot.day, slot.half, ild) not in taken])
        visits.extend(chosen)
        worst = max([worst, *network.lateness(chosen)])
        asked = sum(SCHOOL_DAYS_A_WEEK / school.target for school in own) * weeks
        loads[ild] = _load(asked, len(places))
        asked_in_all, places_in_all = asked_in_all + asked, places_in_all + len(places)
        warnings.extend(_say_load(ild, asked, len(places), weeks))
        warnings.extend(network.say_lateness(chosen))
    return Plan(
        visits=tuple(sorted(visits, key=lambda visit: (visit.day, visit.half, visit.ild))),
        load=_load(asked_in_all, places_in_all),
        loads=loads,
        feasible=all(load <= 1 for load in loads.values()),
        warnings=tuple(warnings),
        displaced=displaced,
        worst_lateness=worst,
    )


@dataclass(frozen=True, slots=True)
class Offer:
    """A half-day for a visit that was cancelled: the interval it gives, and whether that is within the target."""

    slot: Slot
    interval: int
    over_by: int
    because: str

    @property
    def keeps(self) -> bool:
        return self.over_by == 0


def slots_that_keep(
    school: School,
    slots: Iterable[Slot],
    calendar: SchoolCalendar,
    *,
    today: date,
    planned: Iterable[PlannedVisit] = (),
    count: int = 3,
) -> tuple[Offer, ...]:
    """Half-days for a visit that fell out, at most `count`: first those that keep the interval within the target,
    the earliest first but none under 0.6 of the period while there are others; then the least late.

    Only free half-days of the school's ILD from `today` on are offered, so nothing else moves.
    """
    taken = {(visit.day, visit.half, visit.ild) for visit in planned}
    began = _began(school, calendar, today)
    found: list[tuple[tuple[bool, bool, Slot], Offer]] = []
    for slot in sorted(set(slots)):
        is_free = (slot.day, slot.half, slot.ild) not in taken and (slot.day, slot.half) not in school.busy
        if slot.ild != school.ild or slot.day < today or not is_free:
            continue
        if not calendar.is_visit_day(slot.day, slot.half):
            continue
        interval = calendar.position(slot.day) - began
        over_by = max(0, interval - school.target)
        is_early = interval < EARLIEST_SHARE * school.target
        found.append(
            ((over_by > 0, is_early, slot), Offer(slot, interval, over_by, _say_offer(interval, school)))
        )
    found.sort(key=lambda pair: pair[0])
    return tuple(offer for _, offer in found[:count])


@dataclass(slots=True)
class _Network:
    """One ILD's schools and agreed visits, as positions on the calendar's ruler of school days."""

    schools: Sequence[School]
    held: Sequence[PlannedVisit]
    calendar: SchoolCalendar
    start: date
    end: date
    _began: dict[str, int] = field(init=False)
    _agreed: dict[str, list[int]] = field(init=False)

    def __post_init__(self) -> None:
        self._began = {school.name: _began(school, self.calendar, self.start) for school in self.schools}
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

    def fill(self, slots: Sequence[Slot], order: "_Order") -> list[PlannedVisit]:
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

    def _waiting(self, school: School, slot: Slot, here: int, visited: int | None) -> "_Waiting | None":
        """The school as a candidate for a slot at position `here`; None when it is not its turn.

        That is when the principal cannot, when less than 0.6 of the period is used, and when an agreed visit
        comes in time, or so soon that one more now would be under 0.6 before it.
        """
        agreed = self._agreed[school.name]
        last = max([visited or 0, self._began[school.name], *(mark for mark in agreed if mark <= here)])
        coming = min((mark for mark in agreed if mark > here), default=None)
        age = here - last
        if age < max(1, EARLIEST_SHARE * school.target) or (slot.day, slot.half) in school.busy:
            return None
        if coming is not None and (
            coming - last <= school.target or coming - here < (1 - EARLIEST_SHARE) * school.target
        ):
            return None
        is_seen = school.last is not None or last > self._began[school.name]
        return _Waiting(school, age, is_seen, (slot.day.weekday(), slot.half) in school.prefers)

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
class _Waiting:
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
            return f"{_days(self.age)} {since}, {over} over."
        if self.would_break(wait) and following is not None:
            late = f"the next open half-day, {say_day(following, today)}, is too late"
            return f"{self.age} of {_days(target)} {since}; {late}."
        liked = ", at a time they prefer" if self.is_preferred else ""
        return f"{self.age} of {_days(target)} {since}{liked}."


_Order = Callable[[_Waiting, int], tuple[Any, ...]]


def triage(cap: float) -> _Order:
    """The order of the module's five steps, with nobody let more than `cap` school days late if avoidable."""

    def order(candidate: _Waiting, wait: int) -> tuple[Any, ...]:
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


def most_overdue_first(candidate: _Waiting, _wait: int) -> tuple[Any, ...]:
    """Plain greedy, the yardstick: whoever has used most of the period."""
    return -candidate.share, candidate.school.target, candidate.school.name


def _began(school: School, calendar: SchoolCalendar, today: date) -> int:
    """Where the running interval began, on the calendar's ruler."""
    if school.last is not None:
        return calendar.position(school.last)
    since = school.since or clock_start(calendar, today) or today
    return calendar.position(date.fromordinal(since.toordinal() - 1))


def _sort_fixed(
    fixed: Iterable[PlannedVisit], calendar: SchoolCalendar
) -> tuple[list[PlannedVisit], tuple[PlannedVisit, ...]]:
    held: list[PlannedVisit] = []
    displaced: list[PlannedVisit] = []
    taken: set[tuple[date, Half, str]] = set()
    for visit in fixed:
        agreed = PlannedVisit(visit.day, visit.half, visit.school, visit.ild, "Agreed already.", True)
        place = (visit.day, visit.half, visit.ild)
        if calendar.is_school_day(visit.day) and place not in taken:
            taken.add(place)
            held.append(agreed)
        else:
            displaced.append(agreed)
    return held, tuple(displaced)


def _load(asked: float, places: int) -> float:
    """Visits asked for over places. Asked for without any place is counted as if there were one."""
    return asked / max(1, places)


def _say_load(ild: str, asked: float, places: int, weeks: float) -> list[str]:
    if asked == 0:
        return []
    if places == 0:
        return [f"{ild} has no protected half-day on a visit day in this time, so nothing can be planned."]
    if asked <= places:
        return []
    a_week = f"{asked / weeks:.1f} visits a week and there are {places / weeks:.1f} half-days"
    return [f"{ild}: the rhythms ask for {a_week}. It takes more half-days, or some slower rhythms."]


def _say_displaced(visit: PlannedVisit, today: date) -> str:
    return (
        f"{visit.school}, {say_day(visit.day, today)}: the agreed visit cannot be held "
        "(no school, or another visit in that half-day). Move it."
    )


def _say_offer(interval: int, school: School) -> str:
    if interval > school.target:
        return f"{_days(interval)} by then, {interval - school.target} over."
    return f"Keeps it at {_days(interval)}, within {school.target}, and moves nothing else."


def _days(count: int) -> str:
    return f"{count} school day{'' if count == 1 else 's'}"
