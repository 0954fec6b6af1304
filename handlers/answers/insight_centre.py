"""The figures of the centre: protected time kept and taken, what was asked of schools."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
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
    """Protected minutes of the places' principals: how many each has, and the rows of those that were taken."""

    each: Mapping[str, int]
    by_day: Mapping[date, int]
    labels: Mapping[str, str]
    lost: Sequence[tuple[str, ProtectedRow]]

    @property
    def whole(self) -> int:
        return sum(self.each.values())

    @property
    def share(self) -> Share:
        whole = self.whole
        return Share(whole - sum(row.lost_minutes for _name, row in self.lost), whole)

    def shares(
        self, wholes: Mapping[str, float | None], key: Callable[[str, ProtectedRow], str]
    ) -> dict[str, Share]:
        """What was kept of each group's minutes; ``key`` is the group of a school's row."""
        lost = add_up((key(name, row), row.lost_minutes) for name, row in self.lost)
        return {
            group: Share((whole or 0) - (lost.get(group) or 0), whole or 0) for group, whole in wholes.items()
        }

    def by_school(self) -> dict[str, Share]:
        return self.shares(self.each, lambda name, _row: name)


def _protected(work: Work) -> _Protected:
    period = work.period
    schools = [place.school for place in work.places]
    found = protected_time(work.turn.tx, work.turn.district, schools, start=period.start, end=period.end)
    minutes = {network: found.minutes_of(network) for network in found.halves}
    names = work.by_id
    counts = Counter(school.network for school in found.led)
    by_day: Counter[date] = Counter()
    for network, halves in found.halves.items():
        for day, half in halves:
            by_day[day] += counts[network] * MINUTES_OF[half]
    return _Protected(
        each={names[one.id].name: minutes[one.network] for one in found.led if minutes[one.network]},
        by_day=dict(sorted(by_day.items())),
        labels={place.name: work.label(place) for place in work.places},
        lost=[
            (names[school].name, row)
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
        shares = found.shares(wholes, lambda _name, row: stretch(row.day))
    else:
        wholes = add_up((found.labels[name], minutes) for name, minutes in found.each.items())
        shares = found.shares(wholes, lambda name, _row: found.labels[name])
    groups = {label: share.value for label, share in shares.items()}
    lost = ranked(_lost_by(found, lambda row: row.office or "unknown"))
    notes = [f"{whole.part / 60:,.0f} of {whole.whole / 60:,.0f} principals' hours were kept."]
    if lost:
        taken = ", ".join(f"{office} ({(minutes or 0) / 60:g} h)" for office, minutes in lost.items())
        notes.append(f"Taken by {taken}.")
    each = (kept.value for kept in found.by_school().values())
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
            none = dict.fromkeys((found.labels[name] for name in found.each), 0.0)
            lost = add_up((found.labels[name], row.lost_minutes) for name, row in found.lost)
            groups = ranked(none | lost)
    share = f"{whole.value:.1%} was kept." if whole.value is not None else "No time was protected then."
    hours = ((kept.whole - kept.part) / 60 for kept in found.by_school().values())
    notes = (share, *say_spread(hours, "school", unit="hours"))
    return Figures(whole.whole - whole.part, groups, "minutes", of=whole.whole, notes=notes)


def _lost_by(found: _Protected, key: Callable[[ProtectedRow], str]) -> dict[str, float | None]:
    """Minutes taken by group, in order of the days."""
    in_order = sorted(found.lost, key=lambda pair: pair[1].day)
    return add_up((key(row), row.lost_minutes) for _name, row in in_order)


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
