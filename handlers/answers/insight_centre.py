"""The figures of the centre: protected time kept and taken, what was asked of schools."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

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
from handlers.protected_time.protected_rows import protected_time
from handlers.units import unit_named, units_of
from protocols.buffer.digest import SchoolProfile, concerns
from protocols.cadence.protected import MINUTES_OF
from protocols.insight import measures
from protocols.insight.measures import MandateRow, ProtectedRow, Share
from protocols.insight.query import Grouping
from storage import digest_figures


@dataclass(frozen=True, slots=True)
class _Protected:
    """Protected minutes of the places' principals: how many each has (by school), and the rows of those that were
    taken."""

    each: Mapping[int, int]
    by_day: Mapping[date, int]
    lost: Sequence[tuple[int, ProtectedRow]]

    @property
    def whole(self) -> int:
        return sum(self.each.values())

    @property
    def share(self) -> Share:
        whole = self.whole
        return Share(whole - sum(row.lost_minutes for _school, row in self.lost), whole)

    def shares(
        self, wholes: Mapping[str, float | None], key: Callable[[int, ProtectedRow], str]
    ) -> dict[str, float | None]:
        """Which share of each group's minutes was kept; ``key`` is the group of a school's row."""
        lost = add_up((key(school, row), row.lost_minutes) for school, row in self.lost)
        return {
            group: Share((whole or 0) - (lost.get(group) or 0), whole or 0).value
            for group, whole in wholes.items()
        }

    def lost_by_school(self) -> Iterator[tuple[int, int]]:
        """(minutes, those of them that were taken) of each school."""
        lost: dict[int, int] = {}
        for school, row in self.lost:
            lost[school] = lost.get(school, 0) + row.lost_minutes
        return ((minutes, lost.get(school, 0)) for school, minutes in self.each.items())


def _protected(work: Work) -> _Protected:
    period = work.period
    schools = [place.school for place in work.places]
    found = protected_time(work.turn.tx, work.turn.district, schools, start=period.start, end=period.end)
    minutes = found.minutes()
    by_day: Counter[date] = Counter()
    for halves, principals in found.principals():
        for day, half in halves:
            by_day[day] += principals * MINUTES_OF[half]
    return _Protected(
        each={one.id: minutes[one.network] for one in found.led if minutes[one.network]},
        by_day=dict(sorted(by_day.items())),
        lost=[
            (school, row)
            for (school, _day, _half), rows in found.taken.items()
            for row in rows
            if row.lost_minutes
        ],
    )


def protected_kept(work: Work) -> Figures:
    found = _protected(work)
    whole = found.share
    is_over_time = work.query.by in (Grouping.MONTH, Grouping.TERM, None)
    if is_over_time:
        stretch = stretch_of(work)
        wholes = add_up((stretch(day), minutes) for day, minutes in found.by_day.items())
        groups = found.shares(wholes, lambda _school, row: stretch(row.day))
    else:
        places = work.by_id
        wholes = add_up((work.label(places[school]), minutes) for school, minutes in found.each.items())
        groups = found.shares(wholes, lambda school, _row: work.label(places[school]))
    lost = ranked(_lost_by(found, lambda row: row.office or "unknown"))
    notes = [f"{whole.part / 60:,.0f} of {whole.whole / 60:,.0f} principals' hours were kept."]
    if lost:
        taken = ", ".join(f"{office} ({(minutes or 0) / 60:g} h)" for office, minutes in lost.items())
        notes.append(f"Taken by {taken}.")
    each = ((minutes - lost) / minutes for minutes, lost in found.lost_by_school())
    notes.extend(say_spread(each, "school", unit="share"))
    return Figures(
        whole.value, groups if is_over_time else ranked(groups), "share", of=whole.whole, notes=tuple(notes)
    )


def protected_lost(work: Work) -> Figures:
    found = _protected(work)
    whole = found.share
    match work.query.by:
        case Grouping.REASON:
            groups = ranked(_lost_by(found, lambda row: row.reason or "unknown"))
        case Grouping.MONTH:
            groups = _lost_by(found, lambda row: month_of(row.day))
        case Grouping.OFFICE | None:
            groups = ranked(_lost_by(found, lambda row: row.office or "unknown"))
        case _:
            places = work.by_id
            none = dict.fromkeys((work.label(places[school]) for school in found.each), 0.0)
            lost = add_up((work.label(places[school]), row.lost_minutes) for school, row in found.lost)
            groups = ranked(none | lost)
    share = f"{whole.value:.1%} was kept." if whole.value is not None else "No time was protected then."
    hours = (lost / 60 for _minutes, lost in found.lost_by_school())
    notes = (share, *say_spread(hours, "school", unit="hours"))
    return Figures(whole.whole - whole.part, groups, "minutes", of=whole.whole, notes=notes)


def _lost_by(found: _Protected, key: Callable[[ProtectedRow], str]) -> dict[str, float | None]:
    """Minutes taken by group, in order of the days."""
    in_order = sorted(found.lost, key=lambda pair: pair[1].day)
    return add_up((key(row), row.lost_minutes) for _school, row in in_order)


def mandates(work: Work) -> Figures:
    asked = digest_figures.demands(work.turn.tx, start=work.period.start, end=work.period.end)
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
    found = digest_figures.digest_sections(work.turn.tx, work.of_places)
    if not found.items:
        return ("No digest went out then.",)
    given = found.items - found.merged - found.taken_off
    return (
        f"In principals' digests: {given:,} items to do or know, {found.merged:,} merged into others, "
        f"{found.taken_off:,} taken off plates ({found.minutes:,} minutes).",
    )


def _profile(place: Place) -> SchoolProfile:
    return SchoolProfile(
        name=place.name,
        level=place.school.level or "",
        network=place.school.network,
        is_new_principal=place.experience == "new",
    )


def minutes_asked(work: Work) -> Figures:
    tx, cut = work.turn.tx, work.of_places
    by_school = digest_figures.digest_minutes(tx, cut)
    digests = sum(count for count, _minutes in by_school.values())
    total = sum(minutes for _count, minutes in by_school.values())
    if work.query.by is None or work.query.by in (Grouping.MONTH, Grouping.TERM):
        groups = by_time(work, digest_figures.digest_minutes_by_week(tx, cut))
    else:
        places = work.by_id
        groups = ranked(
            add_up((work.label(places[school]), minutes) for school, (_count, minutes) in by_school.items())
        )
    each = (
        f"{total / digests:.0f} minutes a digest, {digests} digests."
        if digests
        else "No digest went out then."
    )
    asked = (
        minutes for minutes, count in digest_figures.digests_by_minutes(tx, cut).items() for _ in range(count)
    )
    spread = say_spread(asked, "principal and week", unit="minutes")
    return Figures(total, groups, "minutes", of=digests, notes=(each, *spread))
