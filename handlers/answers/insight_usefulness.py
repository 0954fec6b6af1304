"""How principals find their visits: anonymous, so never of so few, nor so finely, that somebody's answer shows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from statistics import median, quantiles

from handlers.answers.insight_work import Figures, SmallGroupError, Work, answerer, month_of, ranked, term_of
from protocols.insight import measures
from protocols.insight.measures import FEWEST_ANSWERS, coarse
from protocols.insight.query import Filters, Grouping
from protocols.insight.small_groups import Answerer, may_cut, open_cuts, open_groups
from storage import insight
from storage.insight import Rating

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
    rows = insight.ratings(work.turn.tx, work.cut)
    found = _by_school(rows)
    filters = {key: names for key, names in work.query.filters.items() if key != "kind"}
    everybody = _everybody(work, found if not filters else None)
    # Who answered is not only a matter of schools: of five principals an ILD's visits may have been rated by one.
    is_open = len(found) >= FEWEST_ANSWERS and may_cut(everybody, filters) and _is_apart(work, found)
    if found and not is_open:
        raise SmallGroupError
    groups, left_out = _groups(work, rows, found, everybody, filters)
    whole = measures.usefulness({str(school): given for school, given in found.items()})
    missing = []
    if left_out:
        missing.append(f"{left_out} of the groups, which could show what single principals answered")
    if silent := _silent(work, found):
        missing.append(silent)
    answers = sum(len(given) for given in found.values())
    notes = (f"{answers} answers of {len(found)} principals, on a scale of 1 to 4.", *_spread(found))
    return Figures(whole, groups, "of 4", of=len(found), notes=notes, missing=tuple(missing))


def _by_school(rows: Iterable[Rating]) -> Ratings:
    found: dict[int, list[int]] = {}
    for school, _day, _kind, rating in rows:
        found.setdefault(school, []).append(rating)
    return found


def _everybody(work: Work, found: Ratings | None) -> list[Answerer]:
    """All whom the asker may ask about who answered, whatever the question cuts them down to; ``found`` where it cuts
    nobody off."""
    places = {place.school.id: place for place in work.ground.places}
    if found is None:
        cut = replace(work.cut, schools=frozenset(places), ilds=None)
        found = _by_school(insight.ratings(work.turn.tx, cut))
    return [answerer(places[school]) for school in found]


def _is_apart(work: Work, found: Ratings) -> bool:
    """Whether an ILD's answers cannot be told from those of her schools: visits another ILD made there count, too."""
    if work.cut.ilds is None:
        return True
    of_schools = {row[0] for row in insight.ratings(work.turn.tx, replace(work.cut, ilds=None))}
    return not 0 < len(of_schools - set(found)) < FEWEST_ANSWERS


def _groups(
    work: Work, rows: Sequence[Rating], found: Ratings, everybody: Sequence[Answerer], filters: Filters
) -> tuple[dict[str, float | None], int]:
    """The groups that may be shown with their means, and how many may not."""
    by = work.query.by
    if by in LINES:
        # By what the line says of each school: a label may say it otherwise.
        rated: dict[str, dict[str, list[int]]] = {}
        labels: dict[str, str] = {}
        for school, given in found.items():
            place = work.by_id[school]
            group = answerer(place)[LINES[by]]
            rated.setdefault(group, {})[str(school)] = given
            labels[group] = work.label(place)
        shown = open_groups({group: len(some) for group, some in rated.items()})
        shown &= open_cuts(everybody, filters, LINES[by])
        means = {labels[group]: measures.usefulness(rated[group]) for group in shown}
        return ranked(means), len(rated) - len(shown)
    if by is Grouping.SCHOOL:
        return {}, len(found)
    each = {label: _mean(_by_school(some)) for label, some in _apart(work, rows).items()}
    asked = {label: mean for label, (mean, count) in each.items() if count}
    if by is None:  # not asked for: months that may not be shown are no loss
        return {label: mean for label, (mean, _count) in each.items() if mean is not None}, 0
    known: dict[str, float | None] = {label: mean for label, mean in asked.items() if mean is not None}
    return known if by is not Grouping.KIND else ranked(known), len(asked) - len(known)


def _mean(given: Ratings) -> tuple[float | None, int]:
    return measures.usefulness({str(school): some for school, some in given.items()}), len(given)


def _apart(work: Work, rows: Sequence[Rating]) -> dict[str, list[Rating]]:
    """The same by kind, or month by month or term by term, in order."""
    over_time = term_of(work) if work.query.by is Grouping.TERM else month_of
    apart: dict[str, list[Rating]] = {}
    for row in rows:
        is_by_kind = work.query.by is Grouping.KIND
        apart.setdefault(row[2] if is_by_kind else over_time(date.fromordinal(row[1])), []).append(row)
    return apart


def _silent(work: Work, found: Ratings) -> str:
    """Principals who were visited and have not said."""
    visited = set(insight.visits_by_school(work.turn.tx, work.cut))
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
