"""The figures of visits: how many, where none, how regular, what was cancelled and what came of them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from handlers.answers.insight_made_good import cause_of
from handlers.answers.insight_work import (
    Figures,
    Work,
    add_up,
    add_up_ilds,
    by_time,
    month_of,
    ranked,
    say_spread,
    term_of,
)
from protocols.cadence.intervals import Rhythm, rhythm_of_days
from protocols.cadence.protected import SCHOOL_CLOSES, SCHOOL_OPENS
from protocols.cadence.targets import Targets
from protocols.insight import measures
from protocols.insight.measures import Share
from protocols.insight.query import Grouping
from storage import insight
from storage.longest_gap import longest_ever

BY_PLACE = (Grouping.ILD, Grouping.NETWORK, Grouping.LEVEL, Grouping.TIER, Grouping.EXPERIENCE)
SCHOOL_DAY_MINUTES = SCHOOL_CLOSES - SCHOOL_OPENS


def visits(work: Work) -> Figures:
    tx, cut = work.turn.tx, work.cut
    by_school = insight.visits_by_school(tx, cut)
    total = sum(by_school.values())
    if work.query.by in (Grouping.MONTH, Grouping.TERM, None):
        days, rests = insight.count_by_day(tx, cut)
        groups = by_time(work, days)
    else:
        groups = _visits_by(work, by_school)
        rests = insight.rests_on(tx, cut)
    notes: list[str] = []
    if total and len(work.places) > 1:
        each = [by_school.get(school, 0) for school in work.place_ids]
        notes.append(f"In {sum(count > 0 for count in each)} of {len(each)} schools.")
        notes.extend(say_spread(each, "school", unit="visits"))
    if total:
        notes.append(rests.say())
    return Figures(total, groups, "visits", of=total, notes=tuple(notes), missing=_unsettled(work))


def _visits_by(work: Work, by_school: Mapping[int, int]) -> dict[str, float | None]:
    match work.query.by:
        case Grouping.KIND:
            return ranked(dict(insight.count_by_kind(work.turn.tx, work.cut)))
        case Grouping.ILD:
            # Visits are counted for the ILD who made them, whoever carries the school now.
            return ranked(add_up_ilds(work, insight.visits_by_ild(work.turn.tx, work.cut).items()))
        case _:
            names = dict.fromkeys((work.label(place) for place in work.places), 0.0)
            places = work.by_id
            return ranked(
                names | add_up((work.label(places[school]), count) for school, count in by_school.items())
            )


def _unsettled(work: Work) -> tuple[str, ...]:
    count = insight.count_unsettled(work.turn.tx, work.cut, today=work.turn.today)
    if not count:
        return ()
    said = "1 planned visit" if count == 1 else f"{count} planned visits"
    return (f"{said} of which nobody has said whether it took place",)


def not_visited(work: Work) -> Figures:
    end = work.period.end.toordinal()
    last = insight.last_held(work.turn.tx, replace(work.cut, start=date.min))
    begins = work.period.start.toordinal()
    unseen = [place for place in work.places if last.get(place.school.id, 0) < begins]
    if work.query.by in BY_PLACE:
        groups = dict.fromkeys((work.label(place) for place in work.places), 0.0)
        counts = ranked(groups | add_up((work.label(place), 1) for place in unseen))
        return Figures(len(unseen), counts, "schools", of=len(work.places), missing=_unsettled(work))
    seen = {place.name: last.get(place.school.id) for place in unseen}
    days = {name: None if day is None else end - day for name, day in seen.items()}
    order = sorted(days, key=lambda name: (days[name] is not None, -(days[name] or 0), name))
    return Figures(
        total=len(unseen),
        groups={name: days[name] for name in order},
        unit="days since the last visit",
        of=len(work.places),
        detail={
            name: date.fromordinal(day).isoformat() if (day := seen[name]) else "never" for name in order
        },
        notes=say_spread(days.values(), "school seen before", unit="days"),
        missing=_unsettled(work),
    )


def rhythms(work: Work) -> dict[str, Rhythm]:
    """Each school's intervals over the period, by its name."""
    inside = insight.held_days(work.turn.tx, work.cut)
    last = insight.last_day_before(work.turn.tx, work.cut)
    held = work.ground.roll.targets
    return {
        place.name: rhythm_of_days(
            [*([last[place.school.id]] if place.school.id in last else []), *inside.get(place.school.id, [])],
            targets=held[place.school.id],
            calendar=work.turn.district.calendar,
            start=work.period.start,
            end=work.period.end,
        )
        for place in work.places
    }


def longest_gap(work: Work) -> Figures:
    inside = insight.held_days(work.turn.tx, work.cut)
    last = insight.last_day_before(work.turn.tx, work.cut)
    longest = {
        place.name: measures.longest_calendar_gap(
            last.get(place.school.id), inside.get(place.school.id, ()), work.period
        )
        for place in work.places
    }
    gaps = measures.at_least(longest, work.query.days)
    total = len(gaps) if work.query.days else max(gaps.values(), default=None)
    notes = (
        *say_spread(gaps.values(), "school" if work.query.days is None else "school of these", unit="days"),
        *_now_and_ever(work),
    )
    return Figures(total, dict(gaps), "days", of=len(work.places), notes=notes, missing=_unsettled(work))


def _now_and_ever(work: Work) -> tuple[str, ...]:
    """The gap that is open today, and the longest between two visits there ever was, each with its school."""
    names = work.by_id
    cut = replace(work.of_places, ilds=work.cut.ilds, kinds=work.cut.kinds)
    last = insight.last_held(work.turn.tx, replace(cut, start=date.min, end=work.turn.today))
    notes = []
    if last:
        school, day = min(last.items(), key=lambda pair: (pair[1], names[pair[0]].name))
        open_days = work.turn.today.toordinal() - day
        notes.append(f"Open now: {names[school].name}, {open_days} days since its last visit.")
    if (longest := longest_ever(work.turn.tx, cut)) is not None:
        school, since, until = longest
        span = f"{since.day} {since:%b %Y} to {until.day} {until:%b %Y}"
        notes.append(
            f"Longest ever between two visits: {names[school].name}, {(until - since).days} days ({span})."
        )
    return tuple(notes)


def intervals_kept(work: Work) -> Figures:
    found = rhythms(work)
    whole = measures.intervals_kept(found.values())
    if work.query.by in BY_PLACE:
        grouped: dict[str, list[Rhythm]] = {}
        for place in work.places:
            grouped.setdefault(work.label(place), []).append(found[place.name])
        groups = {label: measures.intervals_kept(some).value for label, some in grouped.items()}
    else:
        groups = {name: one.kept for name, one in found.items()}
    notes = say_spread((one.kept for one in found.values()), "school", unit="share")
    return Figures(
        whole.value, ranked(groups), "share", of=whole.whole, notes=notes, missing=_unsettled(work)
    )


def evenness(work: Work) -> Figures:
    by_school = insight.visits_by_school(work.turn.tx, work.cut)
    counts = {place.name: by_school.get(place.school.id, 0) for place in work.places}
    expected = _expected(work)
    groups: dict[str, float | None] = {}
    if work.query.by in BY_PLACE:
        own: dict[str, dict[str, int]] = {}
        for place in work.places:
            own.setdefault(work.label(place), {})[place.name] = counts[place.name]
        groups = ranked({label: measures.visit_evenness(some, expected) for label, some in own.items()})
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


def _expected(work: Work) -> dict[str, float]:
    """How many visits each school's targets ask for in the period. Most schools have one of a few rhythms."""
    calendar, period = work.turn.district.calendar, work.period
    held = work.ground.roll.targets
    asked: dict[Targets, float] = {}
    expected = {}
    for place in work.places:
        own = held[place.school.id]
        if own not in asked:
            asked[own] = own.asked(calendar, period.start, period.end)
        expected[place.name] = asked[own]
    return expected


def time_in_schools(work: Work) -> Figures:
    rows = insight.minutes_by_ild(work.turn.tx, work.cut)
    days = work.turn.district.calendar.count_school_days(work.period.start, work.period.end)
    ilds = {place.school.ild_id for place in work.places if place.school.ild_id is not None}
    named = work.cut.ilds if work.cut.ilds is not None else frozenset(ilds)
    minutes = add_up((work.ild_name(ild), spent) for ild, spent, _without in rows if ild in named)
    each = days * SCHOOL_DAY_MINUTES
    groups = {work.ild_name(i): (minutes.get(work.ild_name(i)) or 0) / each if each else None for i in named}
    whole = Share(sum(v or 0 for v in minutes.values()), each * len(named))
    without = sum(count for _ild, _spent, count in rows)
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
            pairs = [(cause_of(row), row.visits) for row in rows]
    groups = add_up(pairs)
    is_over_time = work.query.by in (Grouping.MONTH, Grouping.TERM)
    notes = (
        (f"{good} of {total} {'was' if good == 1 else 'were'} made good on another day.",) if total else ()
    )
    if total and len(work.places) > 1:
        names = work.by_id
        each = dict.fromkeys((place.name for place in work.places), 0.0) | add_up(
            (names[row.school_id].name, row.visits) for row in rows
        )
        notes = (*notes, *say_spread(each.values(), "school", unit="visits"))
    return Figures(total, groups if is_over_time else ranked(groups), "visits", of=total, notes=notes)


def next_steps(work: Work) -> Figures:
    tx, cut = work.turn.tx, work.cut
    by_school = insight.steps_by_school(tx, cut)
    whole = Share(
        sum(steps for _visits, steps in by_school.values()),
        sum(visits for visits, _steps in by_school.values()),
    )
    each = (Share(steps, visits).value for visits, steps in by_school.values())
    notes = (*say_spread(each, "school", unit="share"), *_looked_at(work))
    match work.query.by:
        case Grouping.KIND:
            with_step = insight.steps_by_kind(tx, cut)
            counted = insight.count_by_kind(tx, cut)
            shares = _shares((kind, count, with_step.get(kind, 0)) for kind, count in counted.items())
        case Grouping.ILD:
            by_ild = insight.steps_by_ild(tx, cut)
            shares = _shares((work.ild_name(ild), *both) for ild, both in by_ild.items())
        case _:
            places = work.by_id
            shares = _shares((work.label(places[school]), *both) for school, both in by_school.items())
    return Figures(whole.value, ranked(shares), "share", of=whole.whole, notes=notes)


def _shares(rows: Iterable[tuple[str, int, int]]) -> dict[str, float | None]:
    """The share that ended in a next step by group, of (group, visits, those that did)."""
    visits: dict[str, int] = {}
    steps: dict[str, int] = {}
    for group, count, with_step in rows:
        visits[group] = visits.get(group, 0) + count
        steps[group] = steps.get(group, 0) + with_step
    return {group: Share(steps[group], count).value for group, count in visits.items()}


def _looked_at(work: Work) -> tuple[str, ...]:
    """How many of the steps that fell due in the period somebody came back to."""
    until = min(work.period.end, work.turn.today)
    due, looked_at = insight.steps_looked_at(work.turn.tx, replace(work.of_places, end=until))
    if not due:
        return ("No next step fell due then.",)
    return (f"{looked_at} of {due} next steps that fell due then were looked at again.",)


def with_unsettled(work: Work, found: Figures) -> Figures:
    """The same with what is missing in every figure of visits: planned ones of which nobody has said what became."""
    return replace(found, missing=(*found.missing, *_unsettled(work)))
