"""Which two lines of a data conversation contradict each other most.

A data-based protocol lays a few chosen figures side by side so that they contradict each other (every teacher rated
effective, 57 % of students proficient) and asks what that means (Honig and others 2010). Only figures in the same unit
can: shares of whatever whole, counts of the same thing, minutes, money, ratings on one scale.
"""

from collections.abc import Sequence
from itertools import combinations, product

from protocols.guided.figure_readers import PERCENT, Figure


def widest_apart(lines: Sequence[Sequence[Figure]]) -> tuple[int, int] | None:
    """The places of the two lines that contradict each other most, the greater figure's first; None where none do.

    A line may tell several figures, and any of them may contradict another line's; two of the same line stand beside
    each other already. Shares go first and are compared by their points, because they are alike in kind; then figures
    of a known unit by their ratio; counts of nobody knows what last, and only against one another.
    """
    pairs = [
        (_distance(one, other), (place, against) if one.value > other.value else (against, place))
        for place, against in combinations(range(len(lines)), 2)
        for one, other in product(lines[place], lines[against])
        if one.unit == other.unit and one.value != other.value
    ]
    return max(pairs, key=lambda pair: pair[0])[1] if pairs else None


def _distance(one: Figure, other: Figure) -> tuple[int, float, float, float, str]:
    """Kind and distance; then the figures themselves, so that the order of lines decides nothing between two pairs."""
    low, high = sorted((one.value, other.value))
    if one.unit == PERCENT:
        return 2, high - low, high, low, one.unit
    least, most = sorted((abs(low), abs(high)))
    ratio = most / (least if least and low * high > 0 else 0.5)
    return int(bool(one.unit)), ratio, high, low, one.unit
