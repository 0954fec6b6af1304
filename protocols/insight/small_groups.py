"""What may be shown of answers that are anonymous: never so few that a person could be read off.

Five is the least (``FEWEST_ANSWERS``). A group of five can still give somebody away: beside the whole, where those left
over are fewer; by a second question that leaves out one school. So what is asked is cut only along the lines that
everybody knows (networks, ILDs, levels, tiers, experience), never by a list of schools, and each cut is held against
the wider ones it could be subtracted from. What is left, by other days or kinds of visit, is taken away by saying
means only as finely as one person cannot move them (``measures.coarse``).
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from protocols.insight.measures import FEWEST_ANSWERS
from protocols.insight.query import Filters

LINES = ("network", "ild", "level", "tier", "experience")
"""Along these a question may cut those who answered."""
Answerer = Mapping[str, str]
"""Somebody who answered: what each of ``LINES`` says of them."""


def open_groups(counts: Mapping[str, int]) -> frozenset[str]:
    """Which groups of a whole may be shown beside it, by their numbers of answers.

    Those of ``FEWEST_ANSWERS`` and more; and never so that what is left of the whole is a group of fewer.
    """
    shown = {group for group, count in counts.items() if count >= FEWEST_ANSWERS}
    left = sum(count for group, count in counts.items() if group not in shown)
    while shown and 0 < left < FEWEST_ANSWERS:
        least = min(shown, key=lambda group: (counts[group], group))
        shown.remove(least)
        left += counts[least]
    return frozenset(shown)


def may_cut(answerers: Sequence[Answerer], filters: Filters) -> bool:
    """Whether these may be asked about by themselves. ``answerers`` are all who answered, whom the filters cut.

    Nobody at all is no group: that nobody answered may be said.
    """
    chosen = _fitting(answerers, filters)
    if not chosen:
        return True
    if filters.get("school") or len(chosen) < FEWEST_ANSWERS:
        return False
    for line in LINES:
        if not (named := filters.get(line)):
            continue
        wider = {key: names for key, names in filters.items() if key != line}
        counts = Counter(one[line] for one in _fitting(answerers, wider))
        if set(named) & set(counts) - open_groups(counts):
            return False
    return True


def open_cuts(answerers: Sequence[Answerer], filters: Filters, line: str) -> frozenset[str]:
    """Which groups of a line may be asked about by themselves beside the other filters: what ``may_cut`` says of each,
    with those who answered gone through once for all of them."""
    others = {key: names for key, names in filters.items() if key != line}
    groups: dict[str, list[Answerer]] = {}
    for one in answerers:
        groups.setdefault(one[line], []).append(one)
    counts = Counter(one[line] for one in _fitting(answerers, others))
    return frozenset(group for group in open_groups(counts) if may_cut(groups[group], others))


def _fitting(answerers: Sequence[Answerer], filters: Filters) -> Sequence[Answerer]:
    cut = [(line, filters[line]) for line in LINES if filters.get(line)]
    return [one for one in answerers if all(one[line] in names for line, names in cut)] if cut else answerers
