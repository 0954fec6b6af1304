"""The figures beside a theory of action: each gauge over this term and the last ones, as the answers count it."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from statistics import median

from handlers.answers import insight_visits
from handlers.answers.insight_figures import figures
from handlers.answers.insight_scope import Ground, load_ground
from handlers.answers.insight_work import SmallGroupError, Work, cut_of
from handlers.turn import Turn
from protocols.cadence.calendar import Term
from protocols.centre.theory import Gauge, Line, Reading
from protocols.insight.query import Filters, Measure, Period, Query
from protocols.memory.follow_through import AgreedStep, follow_through
from storage import threads

MOST_TERMS = 4
"""This one and three before it."""
LONGEST_PROMISE = timedelta(days=366)
"""A next step is agreed at most so long before it is due."""
_MEASURES = {
    Gauge.INTERVALS_KEPT: Measure.INTERVALS_KEPT,
    Gauge.EVENNESS: Measure.EVENNESS,
    Gauge.TIME_IN_SCHOOLS: Measure.TIME_IN_SCHOOLS,
    Gauge.PROTECTED_KEPT: Measure.PROTECTED_KEPT,
    Gauge.NEXT_STEPS: Measure.NEXT_STEPS,
    Gauge.MINUTES_ASKED: Measure.MINUTES_ASKED,
    Gauge.USEFULNESS: Measure.USEFULNESS,
}
"""Gauges that are a measure of the answers; the others are counted here."""


def terms_of(turn: Turn) -> tuple[Term, ...]:
    """The terms a theory is looked at over, the earliest first, the last of them the one that runs or ran last."""
    begun = [term for term in turn.district.calendar.terms if term.starts <= turn.today]
    return tuple(sorted(begun, key=lambda term: term.starts)[-MOST_TERMS:])


def readings(turn: Turn, lines: Sequence[Line], *, ild_id: int | None) -> dict[Line, tuple[Reading, ...]]:
    """Each line's figure in each of ``terms_of``, over what the reader may see: of that ILD's network, or all."""
    ground = load_ground(turn)
    own = {p.school.network for p in ground.places if p.school.ild_id == ild_id}
    if ild_id is not None and not own:
        return dict.fromkeys(lines, ())
    filters: Filters = {"network": tuple(sorted(own))} if ild_id is not None else {}
    return {
        line: tuple(_read(turn, ground, line.gauge, term, filters) for term in terms_of(turn))
        for line in lines
    }


def _read(turn: Turn, ground: Ground, gauge: Gauge, term: Term, filters: Filters) -> Reading:
    end = min(term.ends, turn.today)
    value, of = _count(turn, ground, gauge, Period(term.starts, end), filters)
    days = turn.district.calendar.count_school_days(term.starts, end)
    return Reading(term.label, value, of, days)


def _count(
    turn: Turn, ground: Ground, gauge: Gauge, period: Period, filters: Filters
) -> tuple[float | None, float]:
    """(value, how many things were counted)"""
    query = Query(_MEASURES.get(gauge, Measure.VISITS), period.start, period.end, filters=filters)
    match gauge:
        case Gauge.BETWEEN_VISITS:
            places = ground.reach(query)
            work = Work(turn, ground, query, period, places, cut_of(ground, query, period, places))
            gaps = [gap for one in insight_visits.rhythms(work).values() for gap in one.gaps]
            return (median(gaps) if gaps else None), len(gaps)
        case Gauge.LOOKED_AT:
            return _looked_at(turn, [place.school.id for place in ground.reach(query)], period)
        case _:
            try:
                found = figures(turn, ground, query, period)
            except SmallGroupError:
                return None, 0
            if gauge is Gauge.MINUTES_ASKED:
                return (found.total / found.of if found.total is not None and found.of else None), found.of
            return found.total, found.of


def _looked_at(turn: Turn, schools: Sequence[int], period: Period) -> tuple[float | None, float]:
    since = datetime.combine(period.start - LONGEST_PROMISE, time.min, tzinfo=turn.zone)
    steps = [
        AgreedStep(row.school_id, row.by_when, row.looked_at is not None)
        for row in threads.promises_at(turn.tx, schools, since=since)
        if period.start <= row.by_when <= period.end
    ]
    share = follow_through([], steps, schools=(), today=turn.today).whole.steps
    return share.value, share.whole
