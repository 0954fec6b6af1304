"""Which half-days get a second visit: those without which an interval would break, and no others.

The plan with one visit a half-day comes first. While it breaks an interval, each half-day that holds one visit is tried
with a second school near it: simply added, and (for plans of a few weeks) with the rest planned again round the pair,
for a school that is seen on the way leaves its own half-day to another. What lessens the broken intervals, or the days
they are over, without a later worst one, is kept. At last every second visit that turns out to change nothing is taken
out again. So a plan with pairs is never worse than the one without.

Both visits of a pair that the planner makes take `travel.PAIRED_MINUTES`; an agreed visit stays as it is. People whose
own calendar leaves them only the usual hour of a half-day (`cramped`) are no part of a pair in it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from protocols.cadence.calendar import VISIT_MINUTES, Half, SchoolCalendar
from protocols.cadence.day_minutes import time_of_day
from protocols.cadence.pleasing import Picks
from protocols.cadence.travel import PAIRED_MINUTES, Stay, second_start, usual_stay
from protocols.cadence.triage import LOOK_AHEAD, Network
from protocols.cadence.visits import Pairing, PlannedVisit, School, Slot

TRIED = 6
"""Pairs with which the rest is planned again, each time; those that help most by themselves first."""


class Lateness(NamedTuple):
    """What a plan leaves broken, compared in this order; `worst` is watched on its own."""

    broken: int
    total: int
    worst: int


Trial = tuple[Lateness, int, PlannedVisit, PlannedVisit]
"""What the pair would leave broken if it were simply added, its number, and its two visits: the second is new."""


def stay_of(visit: PlannedVisit) -> Stay:
    """The visit as a part of its day: at the usual hour, for the usual time, unless it has its own."""
    return usual_stay(visit.half, visit.school, visit.starts, visit.minutes or VISIT_MINUTES)


def start_beside(
    school: School, slot: Slot, day: Sequence[PlannedVisit], pairing: Pairing, calendar: SchoolCalendar
) -> int | None:
    """When the school can be visited as the second of that half-day of its ILD; `day` are her visits of that day.

    None where it cannot: no way or a long one, no time, somebody's calendar, the school's hours that day.
    """
    place = slot.day, slot.half
    if place in school.busy | school.cramped | pairing.cramped or any(v.school == school.name for v in day):
        return None
    starts = second_start(slot.half, school.name, map(stay_of, day), pairing.travel)
    if starts is None or not calendar.takes_visit(slot.day, time_of_day(starts), PAIRED_MINUTES, concerns=()):
        return None
    return starts


@dataclass(slots=True)
class Pairer:
    """The planner of pairs for one ILD. `network` holds her agreed visits, `slots` are her free half-days in order,
    `places` all her half-days, those with an agreed visit too."""

    network: Network
    slots: Sequence[Slot]
    places: frozenset[tuple[date, Half]]
    pairing: Pairing
    _schools: dict[str, School] = field(init=False)
    _alone: dict[str, Network] = field(init=False)

    def __post_init__(self) -> None:
        own = self.network
        self._schools = {school.name: school for school in own.schools}
        self._alone = {
            school.name: Network([school], own.held, own.calendar, own.start, own.end)
            for school in own.schools
        }

    def plan(self) -> list[PlannedVisit]:
        """The visits with their reasons; with one visit a half-day unless that breaks an interval."""
        chosen = self.network.best(self.slots)
        if not self.pairing.is_wanted or not self.pairing.travel.minutes:
            return chosen
        seconds: list[PlannedVisit] = []
        while (now := self._lateness(chosen)).broken:
            better = self._better(chosen, seconds, now)
            if better is None:
                break
            chosen, seconds = better
        for second in reversed(list(seconds)):
            without = [visit for visit in chosen if visit is not second]
            if _is_no_worse(self._lateness(without), self._lateness(chosen)):
                chosen, seconds = without, [visit for visit in seconds if visit is not second]
        return self._explained(chosen, seconds) if seconds else chosen

    def _better(
        self, chosen: list[PlannedVisit], seconds: list[PlannedVisit], now: Lateness
    ) -> tuple[list[PlannedVisit], list[PlannedVisit]] | None:
        """The plan with one more pair that leaves least broken; None where no pair helps."""
        late, own = self._late(chosen), self._by_school(chosen)
        trials: list[Trial] = []
        for first, second in self._candidates(chosen):
            with_it = late | {
                second.school: self._alone[second.school].lateness([*own[second.school], second])
            }
            trials.append((_lateness(with_it), len(trials), first, second))
        trials.sort(key=lambda trial: trial[:2])
        added = ((then, at, _with_pair(chosen, first, second), second) for then, at, first, second in trials)
        found = next(([one] for one in added if _helps(one[0], now) and self._is_lawful(one[2])), [])
        if len(self.slots) <= LOOK_AHEAD:
            for _then, at, first, second in trials[:TRIED]:
                pairs = {(one.day, one.half) for one in (*seconds, second)}
                paired = _with_pair(chosen, first, second)
                again = self._planned_round([one for one in paired if (one.day, one.half) in pairs])
                then = self._lateness(again)
                if _helps(then, now) and self._is_lawful(again):
                    found.append((then, at, again, second))
        if not found:
            return None
        _then, _at, best, second = min(found, key=lambda one: one[:2])
        return best, [*seconds, second]

    def _planned_round(self, kept: Sequence[PlannedVisit]) -> list[PlannedVisit]:
        own = self.network
        taken = {(visit.day, visit.half) for visit in kept}
        rest = Network(own.schools, [*own.held, *kept], own.calendar, own.start, own.end).best(
            [slot for slot in self.slots if (slot.day, slot.half) not in taken]
        )
        return [*kept, *rest]

    def _candidates(self, chosen: Sequence[PlannedVisit]) -> Iterator[tuple[PlannedVisit, PlannedVisit]]:
        """Each visit that is alone in its half-day with each second one that could follow or precede it."""
        days: defaultdict[date, list[PlannedVisit]] = defaultdict(list)
        for visit in (*self.network.held, *chosen):
            if visit.ild == self.network.schools[0].ild:
                days[visit.day].append(visit)
        for day in sorted(days):
            for first in sorted(days[day], key=lambda visit: (visit.half, visit.school)):
                place = day, first.half
                if place not in self.places or (not first.is_fixed and place in self._cramped(first)):
                    continue
                visits = [_in_pair(v) if v is first else v for v in days[day]]
                slot = Slot(day, first.half, first.ild)
                for school in self.network.schools:
                    starts = start_beside(school, slot, visits, self.pairing, self.network.calendar)
                    if starts is not None:
                        second = PlannedVisit(
                            day, first.half, school.name, first.ild, starts=starts, minutes=PAIRED_MINUTES
                        )
                        yield first, second

    def _cramped(self, visit: PlannedVisit) -> frozenset[tuple[date, Half]]:
        return self._schools[visit.school].cramped

    def _lateness(self, chosen: Iterable[PlannedVisit]) -> Lateness:
        return _lateness(self._late(chosen))

    def _late(self, chosen: Iterable[PlannedVisit]) -> dict[str, list[int]]:
        """School -> how many days each of its broken intervals is over."""
        return {name: self._alone[name].lateness(own) for name, own in self._by_school(chosen).items()}

    def _by_school(self, chosen: Iterable[PlannedVisit]) -> dict[str, list[PlannedVisit]]:
        own: dict[str, list[PlannedVisit]] = {name: [] for name in self._schools}
        for visit in chosen:
            own[visit.school].append(visit)
        return own

    def _is_lawful(self, chosen: Sequence[PlannedVisit]) -> bool:
        days = [(visit.day, visit.school) for visit in (*self.network.held, *chosen)]
        return len(days) == len(set(days)) and self.network.is_lawful(*self._laid(chosen)[:2])

    def _laid(self, chosen: Sequence[PlannedVisit]) -> tuple[list[Slot], Picks, list[PlannedVisit]]:
        """The half-days with one for each visit, the visits as picks among them, and the visits in that order."""
        used = [(Slot(visit.day, visit.half, visit.ild), stay_of(visit), visit) for visit in chosen]
        taken = {slot for slot, _stay, _visit in used}
        numbers = {school.name: at for at, school in enumerate(self.network.schools)}
        used.sort(key=lambda one: one[:2])
        slots = sorted([*(slot for slot in self.slots if slot not in taken), *(slot for slot, _, _ in used)])
        picks: list[tuple[int, int]] = []
        for slot, _stay, visit in used:
            at = slots.index(slot)
            while picks and picks[-1][0] >= at:
                at += 1
            picks.append((at, numbers[visit.school]))
        return slots, tuple(picks), [visit for _slot, _stay, visit in used]

    def _explained(
        self, chosen: Sequence[PlannedVisit], seconds: Sequence[PlannedVisit]
    ) -> list[PlannedVisit]:
        """Each visit with its reason as it stands in the whole plan, and a second one with the way to it."""
        slots, picks, ordered = self._laid(chosen)
        places = {(second.day, second.half): second for second in seconds}
        found = []
        for said, visit in zip(self.network.explain(slots, picks), ordered, strict=True):
            second = places.get((visit.day, visit.half))
            if second is None:
                found.append(said)  # alone, or alone again
                continue
            timed = replace(said, starts=stay_of(visit).starts, minutes=visit.minutes)
            if (visit.school, visit.starts) == (second.school, second.starts):
                timed = replace(timed, because=self._say_way(visit, chosen, said.because))
            found.append(timed)
        return found

    def _say_way(self, second: PlannedVisit, chosen: Sequence[PlannedVisit], because: str) -> str:
        (first,) = (
            visit
            for visit in (*self.network.held, *chosen)
            if (visit.day, visit.half, visit.ild) == (second.day, second.half, second.ild)
            and visit.school != second.school
        )
        earlier, later = sorted((first, second), key=lambda visit: stay_of(visit).starts)
        way = self.pairing.travel.between(earlier.school, later.school)
        return (
            f"{way} minute{'' if way == 1 else 's'} from {first.school}; a half-day of its own would come too "
            f"late: {because}"
        )


def _lateness(late: Mapping[str, Sequence[int]]) -> Lateness:
    days = [one for own in late.values() for one in own]
    return Lateness(len(days), sum(days), max(days, default=0))


def _helps(then: Lateness, now: Lateness) -> bool:
    """Whether fewer intervals are broken, or as many for fewer days, and the worst of them for no more."""
    return then[:2] < now[:2] and then.worst <= now.worst


def _is_no_worse(then: Lateness, now: Lateness) -> bool:
    """By each of the three: a visit between two broken intervals may leave one, and that one far longer."""
    return all(one <= other for one, other in zip(then, now, strict=True))


def _with_pair(
    chosen: Iterable[PlannedVisit], first: PlannedVisit, second: PlannedVisit
) -> list[PlannedVisit]:
    return [*(_in_pair(visit) if visit is first else visit for visit in chosen), second]


def _in_pair(visit: PlannedVisit) -> PlannedVisit:
    """The visit as one of a pair: one that is agreed stays as it is."""
    if visit.is_fixed or visit.starts is not None:
        return visit
    return replace(visit, starts=stay_of(visit).starts, minutes=PAIRED_MINUTES)
