"""The figures of visits: how many, where none, how regular, what was cancelled and what came of them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from handlers.answers.insight_work import (
    Figures,
    Work,
    add_up,
    by_time,
    month_of,
    ranked,
    say_spread,
    term_of,
)
from protocols.cadence.intervals import Rhythm, rhythm
from protocols.cadence.protected import SCHOOL_CLOSES, SCHOOL_OPENS
from protocols.insight import measures
from protocols.insight.measures import Share
from protocols.insight.query import Grouping
from storage import insight, targets
from storage.insight import SchoolCount

BY_PLACE = (Grouping.ILD, Grouping.NETWORK, Grouping.LEVEL, Grouping.TIER, Grouping.EXPERIENCE)
SCHOOL_DAY_MINUTES = SCHOOL_CLOSES - SCHOOL_OPENS


def visits(work: Work) -> Figures:
    rows = insight.count_by_school(work.turn.tx, work.cut)
    total = sum(row.visits for row in rows)
    match work.query.by:
        case Grouping.KIND:
            groups = ranked(dict(insight.count_by_kind(work.turn.tx, work.cut)))
        case Grouping.MONTH | Grouping.TERM:
            groups = by_time(work, insight.count_by_day(work.turn.tx, work.cut))
        case Grouping.ILD:
            # Visits are counted for the ILD who made them, whoever carries the school now.
            groups = ranked(add_up((work.ild_name(row.ild_id), row.visits) for row in rows))
        case None:
            groups = by_time(work, insight.count_by_day(work.turn.tx, work.cut))
        case _:
            names = dict.fromkeys((work.label(place) for place in work.places), 0.0)
            places = work.by_id
            groups = ranked(names | add_up((work.label(places[row.school_id]), row.visits) for row in rows))
    visited = {row.school_id for row in rows}
    notes: list[str] = []
    if total and len(work.places) > 1:
        notes.append(f"In {len(visited)} of {len(work.places)} schools.")
        notes.extend(say_spread(_per_school(work, rows).values(), "school", unit="visits"))
    if total:
        notes.append(insight.rests_on(work.turn.tx, work.cut).say())
    return Figures(total, groups, "visits", of=total, notes=tuple(notes), missing=_unsettled(work))


def _per_school(work: Work, rows: Iterable[SchoolCount]) -> dict[str, int]:
    """Visits of each school the question is about, schools without any included."""
    places = work.by_id
    counts = {place.name: 0 for place in work.places}
    for row in rows:
        counts[places[row.school_id].name] += row.visits
    return counts


def _unsettled(work: Work) -> tuple[str, ...]:
    count = insight.count_unsettled(work.turn.tx, work.cut, today=work.turn.today)
    if not count:
        return ()
    said = "1 planned visit" if count == 1 else f"{count} planned visits"
    return (f"{said} of which nobody has said whether it took place",)


def not_visited(work: Work) -> Figures:
    inside = insight.held_days(work.turn.tx, work.cut)
    last = insight.last_day_before(work.turn.tx, work.cut)
    unseen = [place for place in work.places if place.school.id not in inside]
    days = {
        place.name: (work.period.end - last[place.school.id]).days if place.school.id in last else None
        for place in unseen
    }
    if work.query.by in BY_PLACE:
        groups = dict.fromkeys((work.label(place) for place in work.places), 0.0)
        counts = ranked(groups | add_up((work.label(place), 1) for place in unseen))
        return Figures(len(unseen), counts, "schools", of=len(work.places), missing=_unsettled(work))
    order = sorted(days, key=lambda name: (days[name] is not None, -(days[name] or 0), name))
    seen = {place.name: last.get(place.school.id) for place in unseen}
    return Figures(
        total=len(unseen),
        groups={name: days[name] for name in order},
        unit="days since the last visit",
        of=len(work.places),
        detail={name: day.isoformat() if (day := seen[name]) else "never" for name in order},
        notes=say_spread(days.values(), "school seen before", unit="days"),
        missing=_unsettled(work),
    )


def rhythms(work: Work) -> dict[str, Rhythm]:
    """Each school's intervals over the period, by its name."""
    inside = insight.held_days(work.turn.tx, work.cut)
    last = insight.last_day_before(work.turn.tx, work.cut)
    held = targets.load(work.turn.tx, list(work.by_id))
    return {
        place.name: rhythm(
            [*([last[place.school.id]] if place.school.id in last else []), *inside.get(place.school.id, [])],
            target=held[place.school.id],
            calendar=work.turn.district.calendar,
            start=work.period.start,
            end=work.period.end,
        )
        for place in work.places
    }


def longest_gap(work: Work) -> Figures:
    inside = insight.held_days(work.turn.tx, work.cut)
    last = insight.last_day_before(work.turn.tx, work.cut)
    rows = [
        measures.VisitRow(place.name, "", day, "", None, is_held=True)
        for place in work.places
        for day in [
            *([last[place.school.id]] if place.school.id in last else []),
            *inside.get(place.school.id, []),
        ]
    ]
    gaps = measures.longest_calendar_gaps(
        rows, work.period, [place.name for place in work.places], days=work.query.days
    )
    total = len(gaps) if work.query.days else max(gaps.values(), default=None)
    notes = (
        *say_spread(gaps.values(), "school" if work.query.days is None else "school of these", unit="days"),
        *_now_and_ever(work),
    )
    return Figures(total, dict(gaps), "days", of=len(work.places), notes=notes, missing=_unsettled(work))


def _now_and_ever(work: Work) -> tuple[str, ...]:
    """The gap that is open today, and the longest between two visits there ever was, each with its school."""
    names = {place.school.id: place.name for place in work.places}
    last = insight.last_held(work.turn.tx, replace(work.cut, start=date.min, end=work.turn.today))
    notes = []
    if last:
        school, day = min(last.items(), key=lambda pair: (pair[1], names[pair[0]]))
        open_days = (work.turn.today - day).days
        notes.append(f"Open now: {names[school]}, {open_days} days since its last visit.")
    if (longest := insight.longest_ever(work.turn.tx, work.cut)) is not None:
        school, since, until = longest
        span = f"{since.day} {since:%b %Y} to {until.day} {until:%b %Y}"
        notes.append(
            f"Longest ever between two visits: {names[school]}, {(until - since).days} days ({span})."
        )
    return tuple(notes)


def intervals_kept(work: Work) -> Figures:
    found = rhythms(work)
    whole = measures.intervals_kept(found.values())
    grouped: dict[str, list[Rhythm]] = {}
    for place in work.places:
        grouped.setdefault(work.label(place), []).append(found[place.name])
    groups = {label: measures.intervals_kept(some).value for label, some in grouped.items()}
    each = (measures.intervals_kept([one]).value for one in found.values())
    notes = say_spread(each, "school", unit="share")
    return Figures(
        whole.value, ranked(groups), "share", of=whole.whole, notes=notes, missing=_unsettled(work)
    )


def evenness(work: Work) -> Figures:
    rows = insight.count_by_school(work.turn.tx, work.cut)
    counts = _per_school(work, rows)
    held = targets.load(work.turn.tx, list(work.by_id))
    calendar, period = work.turn.district.calendar, work.period
    expected = {
        place.name: held[place.school.id].asked(calendar, period.start, period.end) for place in work.places
    }
    groups: dict[str, float | None] = {}
    if work.query.by in BY_PLACE:
        for label in {work.label(place) for place in work.places}:
            names = {place.name for place in work.places if work.label(place) == label}
            groups[label] = measures.visit_evenness({n: counts[n] for n in names}, expected)
        groups = ranked(groups)
    else:
        groups = ranked({name: counts[name] / expected[name] if expected[name] else None for name in counts})
    whole = measures.visit_evenness(counts, expected)
    return Figures(
        whole,
        groups,
        "evenness" if work.query.by in BY_PLACE else "share",
        of=len(counts),
        notes=(
            "1 is perfectly even, 0 is chance.",
            *say_spread(
                (counts[name] / expected[name] if expected[name] else None for name in counts),
                "school of what its rhythm asks",
                unit="share",
            ),
        ),
    )


def time_in_schools(work: Work) -> Figures:
    rows = insight.count_by_school(work.turn.tx, work.cut)
    days = work.turn.district.calendar.count_school_days(work.period.start, work.period.end)
    ilds = {place.school.ild_id for place in work.places if place.school.ild_id is not None}
    named = work.cut.ilds if work.cut.ilds is not None else frozenset(ilds)
    minutes = add_up((work.ild_name(row.ild_id), row.minutes) for row in rows if row.ild_id in named)
    each = days * SCHOOL_DAY_MINUTES
    groups = {work.ild_name(i): (minutes.get(work.ild_name(i)) or 0) / each if each else None for i in named}
    whole = Share(sum(v or 0 for v in minutes.values()), each * len(named))
    without = sum(row.without_length for row in rows)
    missing = (f"{_visits(without)} without a length, counted as none",) if without else ()
    hours = f"{SCHOOL_DAY_MINUTES / 60:g} hours a school day"
    return Figures(
        whole.value,
        ranked(groups),
        "share",
        of=len(named),
        notes=(f"Of {hours}.", *say_spread(groups.values(), "ILD", unit="share")),
        missing=missing,
    )


def _visits(count: int) -> str:
    return "1 visit" if count == 1 else f"{count} visits"


def cancelled(work: Work) -> Figures:
    rows = insight.count_cancelled(work.turn.tx, work.cut)
    total = sum(row.visits for row in rows)
    good = sum(row.made_good for row in rows)
    match work.query.by:
        case Grouping.KIND:
            pairs = [(row.kind, row.visits) for row in rows]
        case Grouping.ILD:
            pairs = [(work.ild_name(row.ild_id), row.visits) for row in rows]
        case Grouping.MONTH:
            pairs = [(month_of(row.day), row.visits) for row in sorted(rows, key=lambda row: row.day)]
        case Grouping.TERM:
            pairs = [(term_of(work)(row.day), row.visits) for row in sorted(rows, key=lambda row: row.day)]
        case Grouping.SCHOOL | Grouping.NETWORK | Grouping.LEVEL | Grouping.TIER | Grouping.EXPERIENCE:
            places = work.by_id
            pairs = [(work.label(places[row.school_id]), row.visits) for row in rows]
        case _:
            pairs = [
                ("ILD" if row.by == "ild" else row.by.replace("_", " ").capitalize(), row.visits)
                for row in rows
            ]
    groups = add_up(pairs)
    is_over_time = work.query.by in (Grouping.MONTH, Grouping.TERM)
    notes = (f"{good} of {total} were made good on another day.",) if total else ()
    if total and len(work.places) > 1:
        names = work.by_id
        each = dict.fromkeys((place.name for place in work.places), 0.0) | add_up(
            (names[row.school_id].name, row.visits) for row in rows
        )
        notes = (*notes, *say_spread(each.values(), "school", unit="visits"))
    return Figures(total, groups if is_over_time else ranked(groups), "visits", of=total, notes=notes)


def next_steps(work: Work) -> Figures:
    rows = insight.count_by_school(work.turn.tx, work.cut)
    places = work.by_id
    whole = Share(sum(row.with_next_step for row in rows), sum(row.visits for row in rows))
    each = add_up((places[row.school_id].name, row.visits) for row in rows)
    with_each = add_up((places[row.school_id].name, row.with_next_step) for row in rows)
    notes = (
        *say_spread(
            (Share(with_each[n] or 0, v or 0).value for n, v in each.items()), "school", unit="share"
        ),
        *_looked_at(work),
    )
    if work.query.by is Grouping.KIND:
        counted = insight.count_by_kind(work.turn.tx, work.cut)
        with_step = insight.steps_by_kind(work.turn.tx, work.cut)
        shares = {kind: with_step.get(kind, 0) / count for kind, count in counted.items() if count}
        return Figures(whole.value, ranked(dict(shares)), "share", of=whole.whole, notes=notes)
    steps: dict[str, float] = {}
    visits: dict[str, float] = {}
    for row in rows:
        label = (
            work.ild_name(row.ild_id) if work.query.by is Grouping.ILD else work.label(places[row.school_id])
        )
        steps[label] = steps.get(label, 0) + row.with_next_step
        visits[label] = visits.get(label, 0) + row.visits
    groups = {label: Share(steps[label], visits[label]).value for label in visits}
    return Figures(whole.value, ranked(groups), "share", of=whole.whole, notes=notes)


def _looked_at(work: Work) -> tuple[str, ...]:
    """How many of the steps that fell due in the period somebody came back to."""
    due, looked_at = insight.steps_looked_at(
        work.turn.tx,
        start=work.period.start,
        end=min(work.period.end, work.turn.today),
        schools=list(work.by_id),
    )
    if not due:
        return ("No next step fell due then.",)
    return (f"{looked_at} of {due} next steps that fell due then were looked at again.",)


def with_unsettled(work: Work, found: Figures) -> Figures:
    """The same with what is missing in every figure of visits: planned ones of which nobody has said what became."""
    return replace(found, missing=(*found.missing, *_unsettled(work)))
