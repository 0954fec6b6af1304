"""The figures behind an answer: for each measure, groups with their value, from the store and the definitions.

Every measure is defined in ``protocols.insight.measures``. Its functions work out spreads, gaps and evenness; plain
counts and shares are made by the database, as defined there, for a district's ten years are too many rows to carry.
What is counted is cut to what the asker may see. A ``Figures`` is what an answer, a chart and a CSV are then made of.
"""

from collections.abc import Mapping
from dataclasses import replace

from handlers.answers import (
    insight_centre,
    insight_cycles,
    insight_made_good,
    insight_off_plates,
    insight_usefulness,
    insight_visits,
)
from handlers.answers.insight_off_plates import without_digest
from handlers.answers.insight_scope import Ground
from handlers.answers.insight_work import Figures, Work, cut_of
from handlers.turn import Turn
from protocols.insight.query import Grouping, Measure, Period, Query


def figures(turn: Turn, ground: Ground, query: Query, period: Period) -> Figures:
    """The figures of a query over a period. Raises ``SmallGroupError``."""
    reached = ground.reach(query)
    named = query.filters.get("ild")
    places = tuple(place for place in reached if not named or place.ild in named)
    work = Work(turn, ground, query, period, places, cut_of(ground, query, period, reached))
    found = _count(work)
    is_by_ild = query.by is Grouping.ILD or query.measure is Measure.TIME_IN_SCHOOLS
    return replace(found, groups=_by_name(found.groups)) if is_by_ild else found


def _by_name(groups: Mapping[str, float | None]) -> dict[str, float | None]:
    """ILDs stand in the order of their names: in that of their figures they would be ranked."""
    return dict(sorted(groups.items()))


def _with_vacant(work: Work, found: Figures) -> Figures:
    """Protected time is a principal's: where there is none on record, none is counted."""
    vacant = sum(place.school.principal_id is None for place in work.places)
    if not vacant:
        return found
    said = "1 school without a principal" if vacant == 1 else f"{vacant} schools without a principal"
    return replace(found, missing=(*found.missing, f"{said} in the roster"))


def _count(work: Work) -> Figures:
    match work.query.measure:
        case Measure.VISITS:
            return insight_visits.visits(work)
        case Measure.NOT_VISITED:
            return insight_visits.not_visited(work)
        case Measure.LONGEST_GAP:
            return insight_visits.longest_gap(work)
        case Measure.INTERVALS_KEPT:
            return insight_visits.intervals_kept(work)
        case Measure.EVENNESS:
            return insight_visits.with_unsettled(work, insight_visits.evenness(work))
        case Measure.TIME_IN_SCHOOLS:
            return insight_visits.with_unsettled(work, insight_visits.time_in_schools(work))
        case Measure.CANCELLED:
            return insight_visits.with_unsettled(work, insight_visits.cancelled(work))
        case Measure.MADE_GOOD:
            return insight_visits.with_unsettled(work, insight_made_good.made_good(work))
        case Measure.PROTECTED_KEPT:
            return _with_vacant(work, insight_centre.protected_kept(work))
        case Measure.PROTECTED_LOST:
            return _with_vacant(work, insight_centre.protected_lost(work))
        case Measure.NEXT_STEPS:
            return insight_visits.with_unsettled(work, insight_visits.next_steps(work))
        case Measure.MANDATES:
            return without_digest(work, insight_centre.mandates(work))
        case Measure.TAKEN_OFF:
            return without_digest(work, insight_off_plates.taken_off(work))
        case Measure.CYCLES:
            return insight_cycles.cycles(work)
        case Measure.MINUTES_ASKED:
            return without_digest(work, insight_centre.minutes_asked(work))
        case Measure.USEFULNESS:
            return insight_usefulness.usefulness(work)
