"""Who should have a half-day, judged by how the coming weeks go when visits fall out: for the planner (`triage`).

About one visit in eight falls out, and nobody knows which. So the coming weeks are played over in several draws of
mishaps, once for each school that could have the half-day; in what follows, whoever is due first is visited. The draws
are the same for every school and every day, so the difference is the choice and the same question has the same answer.

A draw costs the intervals it breaks, and `WORST` times the third power of the worst lateness: one school three days
late weighs as much as about three that are one day late, and no school is given up for the others' sake.
"""

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

FALLS_OUT = 0.12
"""The share of visits that fall out."""
DRAWS = 12
HORIZON = 15
"""School days over which they are played; 20 or 25 serve no better."""
WORST = 0.1
SOON_SHARE = 0.4

Dues = list[tuple[int, int]]
"""(last day on which the visit is in time, number of the school), the first due first."""


def is_seen_anyhow(coming: int, here: int, due: int, target: int) -> bool:
    """An agreed visit that comes in time is enough; one that comes soon makes one more now a waste."""
    return coming <= due or coming - here < SOON_SHARE * target


def cost_of(broken: float, worst: int) -> float:
    """What broken intervals and the worst lateness (school days) weigh together."""
    return broken + WORST * worst**3


@dataclass(slots=True)
class Foresight:
    """The coming half-days and agreed visits, as positions on the calendar's ruler of school days.

    `rests` is how soon after a visit the next may come, `slots` each half-day's position with the schools that cannot
    have it, `agreed` each school's agreed visits, `end` the last day that is looked at.
    """

    targets: Sequence[int]
    rests: Sequence[int]
    slots: Sequence[tuple[int, frozenset[int]]]
    agreed: Sequence[Sequence[int]]
    end: int
    _events: list[tuple[int, int, frozenset[int]]] = field(init=False)
    """(position, the school visited as agreed or -1, the schools that cannot)."""
    _number: list[int] = field(init=False)
    _draws: list[list[bool]] = field(init=False)

    def __post_init__(self) -> None:
        nobody: frozenset[int] = frozenset()
        visits = [(mark, at, -1, nobody) for at, marks in enumerate(self.agreed) for mark in marks]
        free = [(here, len(self.targets), index, cannot) for index, (here, cannot) in enumerate(self.slots)]
        ordered = sorted([*visits, *free], key=lambda event: event[:3])
        self._events = [(here, at if index < 0 else -1, cannot) for here, at, index, cannot in ordered]
        self._number = [number for number, event in enumerate(ordered) if event[2] >= 0]
        chance = Random(1)
        self._draws = [[chance.random() < FALLS_OUT for _ in ordered] for _ in range(DRAWS)]

    def rank(
        self, index: int, schools: Sequence[int], dues: Dues, ripe: Sequence[int], worst: int
    ) -> list[int]:
        """These schools, the one first with which the weeks from half-day `index` on cost least.

        `dues` are all schools' dues by then, `ripe` how early each may be visited, `worst` the worst lateness so far.
        """
        number = self._number[index]
        costs = {
            at: sum(self._play(number, at, list(dues), list(ripe), worst, lost) for lost in self._draws)
            for at in schools
        }
        return sorted(schools, key=costs.__getitem__)

    def _play(
        self, number: int, at: int, dues: Dues, ripe: list[int], worst: int, lost: Sequence[bool]
    ) -> float:
        """What the weeks cost in one draw, if the event `number` is a visit to the school `at`."""
        targets, rests, agreed = self.targets, self.rests, self.agreed
        broken = 0
        here, _, cannot = self._events[number]
        end = min(self.end, here + HORIZON - 1)
        for event in range(number, len(self._events)):
            if event > number:
                here, at, cannot = self._events[event]
                if here > end:
                    break
            if at >= 0:
                due, who = next(one for one in dues if one[1] == at)
            else:
                for due, who in dues:
                    if here < ripe[who] or who in cannot:
                        continue
                    coming = (
                        next((mark for mark in agreed[who] if mark > here), None) if agreed[who] else None
                    )
                    if coming is None or not is_seen_anyhow(coming, here, due, targets[who]):
                        break
                else:
                    continue
            if lost[event]:
                continue
            dues.remove((due, who))
            if here > due:
                broken += 1
                worst = max(worst, here - due)
            insort(dues, (here + targets[who], who))
            ripe[who] = here + rests[who]
        for due, _ in dues:
            if due > end:
                break
            broken += 1
            worst = max(worst, end + 1 - due)
        return cost_of(broken, worst)
