"""How principals find their visits: anonymous, so never of so few, nor so finely, that somebody's answer shows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from statistics import median, quantiles

from handlers.answers.insight_work import Figures, SmallGroupError, Work, answerer, month_of, ranked, term_of
from protocols.insight import measures
from protocols.insight.measures import FEWEST_ANSWERS, coarse
from protocols.insight.query import KINDS, Filters, Grouping
from protocols.insight.small_groups import Answerer, may_cut, open_groups
from storage import insight
from storage.insight import Cut

LINES = {
    Grouping.ILD: "ild",
    Grouping.NETWORK: "network",
    Grouping.LEVEL: "level",
    Grouping.TIER: "tier",
    Grouping.EXPERIENCE: "experience",
}
MANY = 4 * FEWEST_ANSWERS
"""From so many principals up a quarter of them is a group that may be shown, so that the middle half is said."""
Ratings = Mapping[int, list[int]]
"""School -> its principal's own ratings."""


def usefulness(work: Work) -> Figures:
    """Raises ``SmallGroupError`` where the principals asked about are too few, or could be subtracted from others."""
    found = insight.ratings(work.turn.tx, work.cut)
    everybody = _everybody(work)
    filters = {key: names for key, names in work.query.filters.items() if key != "kind"}
    if found and not (may_cut(everybody, filters) and _is_apart(work, found)):
        raise SmallGroupError
    groups, left_out = _groups(work, found, everybody, filters)
    whole = measures.usefulness({str(school): given for school, given in found.items()})
    missing = []
    if left_out:
        missing.append(f"{left_out} of the groups, which could show what single principals answered")
    if silent := _silent(work, found):
        missing.append(silent)
    answers = sum(len(given) for given in found.values())
    notes = (f"{answers} answers of {len(found)} principals, on a scale of 1 to 4.", *_spread(found))
    return Figures(whole, groups, "of 4", of=len(found), notes=notes, missing=tuple(missing))


def _everybody(work: Work) -> list[Answerer]:
    """All whom the asker may ask about who answered, whatever the question cuts them down to."""
    places = {place.school.id: place for place in work.ground.places}
    cut = replace(work.cut, schools=frozenset(places), but=frozenset(), ilds=None)
    return [answerer(places[school]) for school in insight.ratings(work.turn.tx, cut)]


def _is_apart(work: Work, found: Ratings) -> bool:
    """Whether an ILD's answers cannot be told from those of her schools: visits another ILD made there count, too."""
    if work.cut.ilds is None:
        return True
    of_schools = insight.ratings(work.turn.tx, replace(work.cut, ilds=None))
    return not 0 < len(set(of_schools) - set(found)) < FEWEST_ANSWERS


def _groups(
    work: Work, found: Ratings, everybody: Sequence[Answerer], filters: Filters
) -> tuple[dict[str, float | None], int]:
    """The groups that may be shown with their means, and how many may not."""
    by = work.query.by
    if by in LINES:
        rated: dict[str, dict[str, list[int]]] = {}
        for school, given in found.items():
            rated.setdefault(work.label(work.by_id[school]), {})[str(school)] = given
        shown = {
            label
            for label in open_groups({label: len(some) for label, some in rated.items()})
            if may_cut(everybody, {**filters, LINES[by]: (label,)})
        }
        means = {label: measures.usefulness(some) for label, some in rated.items() if label in shown}
        return ranked(means), len(rated) - len(shown)
    if by is Grouping.SCHOOL:
        return {}, len(found)
    each = {label: _mean(insight.ratings(work.turn.tx, cut)) for label, cut in _cuts(work)}
    asked = {label: mean for label, (mean, count) in each.items() if count}
    if by is None:  # not asked for: months that may not be shown are no loss
        return {label: mean for label, (mean, _count) in each.items() if mean is not None}, 0
    known: dict[str, float | None] = {label: mean for label, mean in asked.items() if mean is not None}
    return known if by is not Grouping.KIND else ranked(known), len(asked) - len(known)


def _mean(given: Ratings) -> tuple[float | None, int]:
    return measures.usefulness({str(school): some for school, some in given.items()}), len(given)


def _cuts(work: Work) -> Iterable[tuple[str, Cut]]:
    """The same visits by kind, or month by month or term by term."""
    if work.query.by is Grouping.KIND:
        for kind in sorted(work.cut.kinds or KINDS):
            yield kind, replace(work.cut, kinds=frozenset((kind,)))
        return
    label_of = term_of(work) if work.query.by is Grouping.TERM else month_of
    for label, days in groupby(work.period.each_day(), key=label_of):
        inside = list(days)
        yield label, replace(work.cut, start=inside[0], end=inside[-1])


def _silent(work: Work, found: Ratings) -> str:
    """Principals who were visited and have not said."""
    visited = {school for school, _ild, _visits in insight.visits_by_school(work.turn.tx, work.cut)}
    silent = len(visited - set(found))
    return f"{silent} of {len(visited)} principals who were visited have not said" if silent else ""


def _spread(found: Ratings) -> tuple[str, ...]:
    """The middle and, of many, the middle half; the lowest of a few could be somebody's own."""
    if not found:
        return ()
    means = [sum(given) / len(given) for given in found.values()]
    middle = f"Median {coarse(median(means), len(means)):g}"
    if len(means) < MANY:
        return (f"{middle}.",)
    low, _half, high = quantiles(means, n=4)
    return (f"{middle}, the middle half from {coarse(low, MANY):g} to {coarse(high, MANY):g}.",)
