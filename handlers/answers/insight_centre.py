"""The figures of the centre: protected time kept and taken, what was asked of schools."""

from collections.abc import Callable, Iterable

from handlers.answers.insight_scope import Place
from handlers.answers.insight_work import (
    Figures,
    Work,
    add_up,
    add_up_days,
    by_time,
    month_of,
    ranked,
    say_spread,
    stretch_of,
)
from handlers.protected_time.protected_rows import protected_rows
from handlers.units import unit_named, units_of
from protocols.buffer.digest import SchoolProfile, concerns
from protocols.insight import measures
from protocols.insight.measures import MandateRow, ProtectedRow, Share
from protocols.insight.query import Grouping
from storage import insight


def _stretches(work: Work) -> list[tuple[Place, ProtectedRow]]:
    """(school, stretch) for each principal's protected half-days."""
    places = work.by_id
    rows = protected_rows(
        work.turn.tx,
        work.turn.district,
        [place.school for place in work.places],
        start=work.period.start,
        end=work.period.end,
    )
    return [(places[school.id], row) for school, row in rows]


def protected_kept(work: Work) -> Figures:
    stretches = _stretches(work)
    rows = [(work.label(place), row) for place, row in stretches]
    whole = measures.protected_kept((row for _label, row in rows), work.period)
    grouped: dict[str, list[ProtectedRow]] = {}
    is_over_time = work.query.by in (Grouping.MONTH, Grouping.TERM, None)
    label_of = stretch_of(work)
    for label, row in sorted(rows, key=lambda pair: pair[1].day):
        grouped.setdefault(label_of(row.day) if is_over_time else label, []).append(row)
    groups = {label: measures.protected_kept(some, work.period).value for label, some in grouped.items()}
    lost = _lost_by(rows, lambda row: row.office or "unknown")
    hours = f"{whole.part / 60:,.0f} of {whole.whole / 60:,.0f} principals' hours were kept."
    notes = [hours]
    if lost:
        taken = ", ".join(f"{office} ({(minutes or 0) / 60:g} h)" for office, minutes in lost.items())
        notes.append(f"Taken by {taken}.")
    each = (kept.value for kept in _by_school(work, stretches).values())
    notes.extend(say_spread(each, "school", unit="share"))
    return Figures(
        whole.value, groups if is_over_time else ranked(groups), "share", of=whole.whole, notes=tuple(notes)
    )


def protected_lost(work: Work) -> Figures:
    stretches = _stretches(work)
    rows = [(work.label(place), row) for place, row in stretches]
    whole = measures.protected_kept((row for _label, row in rows), work.period)
    total = whole.whole - whole.part
    match work.query.by:
        case Grouping.REASON:
            groups = _lost_by(rows, lambda row: row.reason or "unknown")
        case Grouping.MONTH:
            in_order = sorted(rows, key=lambda pair: pair[1].day)
            groups = _lost_by(in_order, lambda row: month_of(row.day), is_ranked=False)
        case Grouping.OFFICE | None:
            groups = _lost_by(rows, lambda row: row.office or "unknown")
        case _:
            groups = ranked(add_up((label, row.lost_minutes) for label, row in rows))
    share = f"{whole.value:.1%} was kept." if whole.value is not None else "No time was protected then."
    lost = (
        None if kept.value is None else (kept.whole - kept.part) / 60
        for kept in _by_school(work, stretches).values()
    )
    notes = (share, *say_spread(lost, "school", unit="hours"))
    return Figures(total, groups, "minutes", of=whole.whole, notes=notes)


def _by_school(work: Work, stretches: Iterable[tuple[Place, ProtectedRow]]) -> dict[str, Share]:
    """Protected minutes kept at each school, of those it had."""
    rows: dict[str, list[ProtectedRow]] = {}
    for place, row in stretches:
        rows.setdefault(place.name, []).append(row)
    return {name: measures.protected_kept(some, work.period) for name, some in rows.items()}


def _lost_by(
    rows: Iterable[tuple[str, ProtectedRow]], key: Callable[[ProtectedRow], str], *, is_ranked: bool = True
) -> dict[str, float | None]:
    added = add_up((key(row), row.lost_minutes) for _label, row in rows if row.lost_minutes)
    return ranked(added) if is_ranked else dict(added)


def mandates(work: Work) -> Figures:
    asked = insight.demands(work.turn.tx, start=work.period.start, end=work.period.end)
    profiles = [_profile(place) for place in work.places]
    units = units_of(work.turn)
    memos = {
        row.mandate_id: MandateRow(row.day, unit_named(row.office, units) or row.office, len(profiles), None)
        for row in asked
        if any(concerns(row.audience, profile) for profile in profiles)
    }
    counts = measures.count_mandates(memos.values(), work.period)
    groups: dict[str, float | None]
    if work.query.by in (Grouping.MONTH, Grouping.TERM):
        days = add_up_days((memo.day, 1) for memo in memos.values())
        groups = by_time(work, days)
    else:
        groups = dict(counts)
    notes = (*say_spread(counts.values(), "office", unit="mandates"), *_became(work))
    return Figures(len(memos), groups, "mandates", of=len(memos), notes=notes)


def _became(work: Work) -> tuple[str, ...]:
    """What became of them on the way to principals: given, merged, taken off plates."""
    found = insight.digest_sections(work.turn.tx, work.of_places)
    if not (whole := sum(count for count, _minutes in found.values())):
        return ("No digest went out then.",)
    merged, _ = found.get("merged", (0, 0))
    taken, saved = found.get("off_plate", (0, 0))
    given = whole - merged - taken
    return (
        f"In principals' digests: {given:,} items to do or know, {merged:,} merged into others, "
        f"{taken:,} taken off plates ({saved:,} minutes).",
    )


def _profile(place: Place) -> SchoolProfile:
    return SchoolProfile(
        name=place.name,
        level=place.school.level or "",
        network=place.school.network,
        is_new_principal=place.experience == "new",
    )


def minutes_asked(work: Work) -> Figures:
    places = work.by_id
    rows = insight.digest_minutes(work.turn.tx, work.of_places)
    total = sum(minutes for _school, _week, minutes in rows)
    if work.query.by is None or work.query.by in (Grouping.MONTH, Grouping.TERM):
        groups = by_time(work, add_up_days((week, minutes) for _school, week, minutes in rows))
    else:
        groups = ranked(add_up((work.label(places[school]), minutes) for school, _week, minutes in rows))
    each = (
        f"{total / len(rows):.0f} minutes a digest, {len(rows)} digests."
        if rows
        else "No digest went out then."
    )
    spread = say_spread((minutes for _school, _week, minutes in rows), "principal and week", unit="minutes")
    return Figures(total, groups, "minutes", of=len(rows), notes=(each, *spread))
