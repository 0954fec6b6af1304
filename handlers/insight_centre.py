"""The figures of the centre: protected time kept and taken, what was asked of schools."""

from collections.abc import Callable, Iterable
from datetime import date

from handlers.insight_scope import Place
from handlers.insight_work import Figures, Work, add_up, add_up_days, by_time, month_of, ranked, stretch_of
from protocols.buffer.digest import SchoolProfile, concerns
from protocols.cadence.protected import MINUTES_OF as PROTECTED_MINUTES
from protocols.cadence.protected import Audience, protected_halves
from protocols.insight import measures
from protocols.insight.measures import MandateRow, ProtectedRow, Share
from protocols.insight.query import Grouping
from storage import insight


def _protected_rows(work: Work) -> list[tuple[str, ProtectedRow]]:
    """(label, stretch) for each principal's protected half-days; what was taken is on a row of its own."""
    rows: list[tuple[str, ProtectedRow]] = []
    halves: dict[str, list[tuple[date, int]]] = {}
    led = [
        (place, place.school.principal_id) for place in work.places if place.school.principal_id is not None
    ]
    for place, _person in led:
        network = place.school.network
        if network not in halves:
            found = protected_halves(
                work.period.start,
                work.period.end,
                work.turn.district.rules,
                work.turn.district.calendar,
                Audience.of(network=network, role="principal"),
            )
            halves[network] = [(day, PROTECTED_MINUTES[half]) for day, half in found]
        rows += [(work.label(place), ProtectedRow(day, minutes)) for day, minutes in halves[network]]
    of_person = {person: place for place, person in led}
    taken = insight.losses(work.turn.tx, start=work.period.start, end=work.period.end, people=list(of_person))
    for loss in taken:
        label = work.label(of_person[loss.person_id])
        rows.append((label, ProtectedRow(loss.day, 0, loss.minutes, loss.office, loss.reason)))
    return rows


def _kept(rows: Iterable[ProtectedRow]) -> Share:
    rows = list(rows)
    whole = sum(row.minutes for row in rows)
    return Share(whole - min(whole, sum(row.lost_minutes for row in rows)), whole)


def protected_kept(work: Work) -> Figures:
    rows = _protected_rows(work)
    whole = _kept(row for _label, row in rows)
    grouped: dict[str, list[ProtectedRow]] = {}
    is_over_time = work.query.by in (Grouping.MONTH, Grouping.TERM, None)
    label_of = stretch_of(work)
    for label, row in sorted(rows, key=lambda pair: pair[1].day):
        grouped.setdefault(label_of(row.day) if is_over_time else label, []).append(row)
    groups = {label: _kept(some).value for label, some in grouped.items()}
    lost = _lost_by(rows, lambda row: row.office or "unknown")
    hours = f"{whole.part / 60:,.0f} of {whole.whole / 60:,.0f} principals' hours were kept."
    notes = [hours]
    if lost:
        taken = ", ".join(f"{office} ({(minutes or 0) / 60:g} h)" for office, minutes in lost.items())
        notes.append(f"Taken by {taken}.")
    return Figures(
        whole.value, groups if is_over_time else ranked(groups), "share", of=whole.whole, notes=tuple(notes)
    )


def protected_lost(work: Work) -> Figures:
    rows = _protected_rows(work)
    whole = _kept(row for _label, row in rows)
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
    return Figures(total, groups, "minutes", of=whole.whole, notes=(share,))


def _lost_by(
    rows: Iterable[tuple[str, ProtectedRow]], key: Callable[[ProtectedRow], str], *, is_ranked: bool = True
) -> dict[str, float | None]:
    added = add_up((key(row), row.lost_minutes) for _label, row in rows if row.lost_minutes)
    return ranked(added) if is_ranked else dict(added)


def mandates(work: Work) -> Figures:
    asked = insight.demands(work.turn.tx, start=work.period.start, end=work.period.end)
    profiles = [_profile(place) for place in work.places]
    memos = {
        row.mandate_id: MandateRow(row.day, row.office, len(profiles), None)
        for row in asked
        if any(concerns(row.audience, profile) for profile in profiles)
    }
    counts = measures.count_mandates(memos.values(), work.period)
    if work.query.by in (Grouping.MONTH, Grouping.TERM):
        days = add_up_days((memo.day, 1) for memo in memos.values())
        return Figures(len(memos), by_time(work, days), "mandates", of=len(memos))
    return Figures(len(memos), dict(counts), "mandates", of=len(memos))


def _profile(place: Place) -> SchoolProfile:
    return SchoolProfile(
        name=place.name,
        level=place.school.level or "",
        network=place.school.network,
        is_new_principal=place.experience == "new",
    )


def minutes_asked(work: Work) -> Figures:
    places = work.by_id
    rows = insight.digest_minutes(
        work.turn.tx, start=work.period.start, end=work.period.end, schools=list(places)
    )
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
    return Figures(total, groups, "minutes", of=len(rows), notes=(each,))
