"""The figures of cycles of inquiry: how many are open, in which phase, for how long, and how many closed.

Numbers alone. Which way a cycle was decided is its principal's: it is counted only over so many principals
that nobody's can be read off.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from statistics import median

from handlers.answers.insight_scope import Place
from handlers.answers.insight_work import Figures, Work, add_up, answerer, ranked, say_spread
from protocols.cadence.calendar import Term
from protocols.guided.cycle import Way
from protocols.insight.measures import FEWEST_ANSWERS
from protocols.insight.query import Grouping
from protocols.insight.small_groups import Answerer, may_cut
from storage import cycles as store
from storage.cycles import Cycle

_WAYS = {
    Way.ADOPT: "adopted",
    Way.ADAPT: "adapted",
    Way.ABANDON: "abandoned",
    Way.OTHER: "decided in another way",
    Way.NONE: "ended without a decision",
}
UNKNOWN = "not known"
_WAYS_LATER = f"How they were decided I say of a term that is over, from {FEWEST_ANSWERS} principals up."


def cycles(work: Work) -> Figures:
    zone = work.turn.district.zone
    start = datetime.combine(work.period.start, time(), tzinfo=zone).astimezone(work.turn.now.tzinfo)
    after = datetime.combine(work.period.end + timedelta(days=1), time(), tzinfo=zone)
    end = min(after.astimezone(work.turn.now.tzinfo), work.turn.now)
    places = work.by_id
    found = [
        one
        for one in store.between(work.turn.tx, start, end, schools=work.place_ids)
        if one.school_id in places
    ]
    still = [one for one in found if one.ended_at is None or one.ended_at >= end]
    closed = [one for one in found if one.ended_at is not None and one.ended_at < end]
    begun = sum(one.started_at >= start for one in found)
    as_of = min(work.period.end, work.turn.today)

    def age(one: Cycle) -> int:
        return (as_of - one.started_at.astimezone(zone).date()).days

    if work.query.by in (None, Grouping.PHASE):
        groups = ranked(add_up((_phase(one, end), 1) for one in still))
        labels = [(_phase(one, end), one) for one in still]
    else:
        counts = dict.fromkeys(_labels(work, places.values()), 0.0) | add_up(
            (work.label(places[one.school_id]), 1) for one in still
        )
        groups = ranked(counts)
        labels = [(work.label(places[one.school_id]), one) for one in still]
    ages: dict[str, list[int]] = {}
    for label, one in labels:
        ages.setdefault(label, []).append(age(one))
    return Figures(
        len(still),
        groups,
        "open cycles",
        of=len(found),
        detail={label: f"{median(some):g}" for label, some in ages.items()},
        detail_name="median_days_open",
        notes=(
            f"{begun} begun and {len(closed)} closed in that time.",
            *_say_phases(work, still, end),
            *say_spread([age(one) for one in still], "open cycle", unit="days"),
            *_say_in_phase(work, still, as_of, end),
            *_say_ways(work, closed),
        ),
        missing=_unknown(still, end),
    )


def _labels(work: Work, places: Iterable[Place]) -> set[str]:
    return {work.label(place) for place in places}


def _phase(one: Cycle, end: datetime) -> str:
    """The phase a cycle was in at the end of the period; today's is kept, and since when."""
    return one.phase if one.phase and one.phase_since < end else UNKNOWN


def _say_phases(work: Work, still: list[Cycle], end: datetime) -> tuple[str, ...]:
    """Beside another grouping; by phase, the groups say it."""
    if not still or work.query.by in (None, Grouping.PHASE):
        return ()
    counts = Counter(_phase(one, end) for one in still)
    return (f"In their phases: {', '.join(f'{name} {count}' for name, count in counts.most_common())}.",)


def _say_in_phase(work: Work, still: list[Cycle], as_of: date, end: datetime) -> tuple[str, ...]:
    days = [
        (as_of - one.phase_since.astimezone(work.turn.district.zone).date()).days
        for one in still
        if _phase(one, end) != UNKNOWN
    ]
    if not days:
        return ()
    return (f"In their present phase for {median(days):g} days in the median, {max(days)} at the longest.",)


def _say_ways(work: Work, closed: list[Cycle]) -> tuple[str, ...]:
    """How they were decided, term by term: from five principals up, once the term is over.

    Day by day one could tell the newest decision from the figures before it, so of a term that runs nothing is said.
    """
    if not closed:
        return ()
    said = []
    for term in work.turn.district.calendar.terms:
        if term.starts < work.period.start or term.ends > work.period.end or term.ends >= work.turn.today:
            continue
        inside = [one for one in closed if term.starts <= _day(work, one) <= term.ends]
        schools = {one.school_id for one in inside}
        if not schools or not may_cut(_answerers(work, term), work.query.filters):
            continue
        counts = Counter(_WAYS[one.way or Way.NONE] for one in inside)
        ways = ", ".join(f"{count} {way}" for way, count in counts.most_common())
        said.append(f"Of {len(inside)} closed in {term.label}: {ways}.")
    return tuple(said) or (_WAYS_LATER,)


def _answerers(work: Work, term: Term) -> list[Answerer]:
    """The schools with a cycle that closed in the term, of all that the asker may see."""
    zone, utc = work.turn.district.zone, work.turn.now.tzinfo
    start = datetime.combine(term.starts, time(), tzinfo=zone).astimezone(utc)
    end = datetime.combine(term.ends + timedelta(days=1), time(), tzinfo=zone).astimezone(utc)
    places = {place.school.id: place for place in work.ground.places}
    found = store.between(work.turn.tx, start, end, schools=work.place_ids)
    closed = {one.school_id for one in found if one.ended_at is not None and one.ended_at < end}
    return [answerer(places[school]) for school in closed if school in places]


def _day(work: Work, one: Cycle) -> date:
    """On which a closed cycle ended."""
    assert one.ended_at is not None
    return one.ended_at.astimezone(work.turn.district.zone).date()


def _unknown(still: list[Cycle], end: datetime) -> tuple[str, ...]:
    unknown = sum(_phase(one, end) == UNKNOWN for one in still)
    if not unknown:
        return ()
    return (f"the phase of {unknown}, which have moved on since",)
