"""Visits that change places because it suits the principals better: a time of the week they like, one they would rather
not have, not always the same one."""

from collections.abc import Callable, Iterable, Sequence
from itertools import combinations

from protocols.cadence.calendar import Half
from protocols.cadence.visits import School, Slot

LIKED, DISLIKED, SAME_TIME = -2, 3, 1

Picks = tuple[tuple[int, int], ...]
"""Half-days given away: (number of the half-day, number of the school), in order."""


def please(
    schools: Sequence[School], slots: Sequence[Slot], picks: Picks, is_as_good: Callable[[Picks, Picks], bool]
) -> Picks:
    """Swap visits where that suits the principals better and the plan then `is_as_good` as the one before."""
    found = list(picks)
    times = [(slot.day.weekday(), slot.half) for slot in slots]
    own = [[index for index, who in found if who == at] for at in range(len(schools))]

    def exchanged(at: int, gone: int, come: int) -> list[int]:
        return sorted(come if index == gone else index for index in own[at])

    def gain(at: int, gone: int, come: int) -> int:
        """How much better the school's times are with a visit in half-day `come` for the one in `gone`."""
        before, after = (
            [times[index] for index in indices] for indices in (own[at], exchanged(at, gone, come))
        )
        return _displeasure(schools[at], before) - _displeasure(schools[at], after)

    for first, second in combinations(range(len(found)), 2):
        (one, a), (other, b) = found[first], found[second]
        if a == b or times[one] == times[other] or gain(a, one, other) + gain(b, other, one) <= 0:
            continue
        trial = list(found)
        trial[first], trial[second] = (one, b), (other, a)
        if is_as_good(tuple(trial), tuple(found)):
            found = trial
            own[a], own[b] = exchanged(a, one, other), exchanged(b, other, one)
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
