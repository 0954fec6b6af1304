"""Each measure's figures are those of a slow and plain count over every row, in whatever district and period.

The plain count knows nothing of how the store is asked: it reads all rows, keeps those the question is about, and
lets ``protocols.insight.measures`` add them up.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlmodel import select

from handlers.answers.insight_figures import figures
from handlers.answers.insight_scope import Ground, Place, load_ground
from handlers.answers.insight_visits import SCHOOL_DAY_MINUTES
from handlers.answers.insight_work import LEVELS as LEVEL_WORDS
from handlers.answers.insight_work import Figures, SmallGroupError
from handlers.district import load_district
from handlers.turn import Turn
from protocols.cadence.intervals import rhythm
from protocols.insight import measures
from protocols.insight.query import KINDS, LEVELS, TIERS, Grouping, Measure, Period, Query
from storage import people, targets
from storage.database import Store, Tx
from storage.tables import (
    DigestRow,
    PromiseRow,
    ProtectedLossRow,
    SchoolRow,
    TargetRow,
    VisitRow,
    WitnessRow,
)
from tests.district import NOW, email
from tests.examples import tried
from tests.protected_rows import protected_rows

TODAY = NOW.date()
FIRST = date(2025, 9, 2)
DAYS = st.integers(0, (TODAY - FIRST).days + 20).map(lambda n: FIRST + timedelta(n))
BY_PLACE = (Grouping.SCHOOL, Grouping.NETWORK, Grouping.LEVEL, Grouping.TIER, Grouping.EXPERIENCE)
CLOSED = "Closed Elementary"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A visit as it is drawn: the school by its place among six, of which the last has closed."""

    school: int
    day: date
    status: str
    kind: str
    minutes: int | None
    led_to_next_step: bool
    confirmed_by: str | None
    useful: int | None
    is_other_ild: bool
    is_made_good: bool
    is_denied: bool


VISITS = st.builds(
    Drawn,
    school=st.integers(0, 5),
    day=DAYS,
    status=st.sampled_from(["held", "held", "held", "cancelled", "planned", "withdrawn"]),
    kind=st.sampled_from(KINDS),
    minutes=st.sampled_from([None, 30, 60, 90]),
    led_to_next_step=st.booleans(),
    confirmed_by=st.sampled_from([None, "principal", "calendar", "imported"]),
    useful=st.sampled_from([None, 1, 2, 3, 4]),
    is_other_ild=st.booleans(),
    is_made_good=st.booleans(),
    is_denied=st.booleans(),
)
LOSSES = st.tuples(
    DAYS, st.sampled_from(["am", "pm"]), st.sampled_from([30, 90, 400]), st.integers(0, 4),
    st.sampled_from(["Budget", "Human Resources"]), st.sampled_from(["legal", "safety"]),
)  # fmt: skip
STEPS = st.tuples(st.integers(0, 4), DAYS, st.booleans())
DIGESTS = st.dictionaries(st.tuples(st.integers(0, 4), DAYS), st.integers(0, 300), max_size=10)
CHANGES = st.lists(st.tuples(st.integers(0, 4), st.sampled_from([None, 3, 8, 20]), DAYS), max_size=3)


@dataclass(frozen=True, slots=True)
class World:
    """The rows as they are put, read back plainly."""

    turn: Turn
    ground: Ground
    visits: list[VisitRow]
    denied: set[int]


class UndoError(Exception):
    """Ends an example: nothing of it is kept."""


@contextmanager
def undone(store: Store) -> Iterator[Tx]:
    try:
        with store.begin() as tx:
            yield tx
            raise UndoError
    except UndoError:
        pass


def put(
    tx: Tx,
    drawn: list[Drawn],
    *,
    losses: list[tuple[date, str, int, int, str, str]],
    steps: list[tuple[int, date, bool]],
    digests: dict[tuple[int, date], int],
    changes: list[tuple[int, int | None, date]],
    asker: str,
) -> World:
    schools = people.schools_on(tx, TODAY)
    closed = SchoolRow(sourced_id="s-closed", name=CLOSED, level="elementary", active=False)
    tx.add(closed)
    tx.flush()
    ids = [*(school.id for school in schools), closed.id or 0]
    carried = {school.id: school.ild_id or 0 for school in schools}
    leads = [school.principal_id or 0 for school in schools]
    ilds = sorted(set(carried.values()))
    rows: list[VisitRow] = []
    for one in drawn:
        school = ids[one.school]
        ild = carried.get(school, ilds[0])
        if one.is_other_ild:
            ild = next(other for other in ilds if other != ild)
        held = one.status == "held"
        row = VisitRow(
            school_id=school,
            ild_id=ild,
            day=one.day.toordinal(),
            half="am",
            minutes=one.minutes,
            kind=one.kind,
            status=one.status,
            cancelled_by="weather" if one.status == "cancelled" and one.led_to_next_step else None,
            confirmed_by=one.confirmed_by if held else None,
            useful=one.useful if held else None,
            led_to_next_step=one.led_to_next_step and held,
            created_at=NOW,
        )
        tx.add(row)
        tx.flush()
        rows.append(row)
        if one.status == "cancelled" and one.is_made_good and len(rows) > 1:
            row.made_good_by = rows[-2].id
        if one.is_denied:
            tx.add(WitnessRow(visit_id=row.id or 0, witness="principal", took_place=False, at=NOW))
    for day, half, minutes, who, office, why in losses:
        tx.add(
            ProtectedLossRow(
                day=day.toordinal(), half=half, minutes=minutes, person_id=leads[who], office=office, reason_class=why
            )
        )  # fmt: skip
    for place, day, is_looked_at in steps:
        tx.add(
            PromiseRow(
                school_id=ids[place], owner_id=leads[place], what="x", by_when=day, evidence="x",
                looked_at=NOW if is_looked_at else None, created_at=NOW,
            )
        )  # fmt: skip
    for (place, week), minutes in digests.items():
        tx.add(
            DigestRow(
                principal_id=leads[place], school_id=ids[place], week=week, minutes=minutes, created_at=NOW
            )
        )
    for place, days, starts in changes:
        tx.add(
            TargetRow(school_id=ids[place], days=days, starts=starts, because="x", set_by=ilds[0], set_at=NOW)
        )
    tx.flush()
    person = people.find_by_email(tx, email(asker), on=TODAY)
    assert person is not None
    turn = Turn(tx=tx, person=person, now=NOW, district=load_district(tx), key="test")
    denied = {
        row.visit_id
        for row in tx.exec(select(WitnessRow))
        if row.witness == "principal" and not row.took_place
    }
    return World(turn, load_ground(turn), list(tx.exec(select(VisitRow))), denied)


@dataclass(frozen=True, slots=True)
class Plain:
    """What a question is about, sorted out row by row."""

    world: World
    query: Query
    period: Period

    @property
    def reached(self) -> dict[int, Place]:
        """Schools of the filters within what the asker may see, by id."""
        wanted = self.query.filters
        return {
            place.school.id: place
            for place in self.world.ground.places
            if place.school.level in wanted.get("level", (place.school.level,))
            and place.school.network in wanted.get("network", (place.school.network,))
            and place.tier in wanted.get("tier", (place.tier,))
            and place.name in wanted.get("school", (place.name,))
        }

    @property
    def places(self) -> dict[int, Place]:
        """Those of them that a named ILD carries."""
        named = self.query.filters.get("ild")
        return {i: place for i, place in self.reached.items() if not named or place.ild in named}

    @property
    def rows(self) -> list[VisitRow]:
        """The visits of any status and time."""
        ilds = {
            i for i, one in self.world.ground.ilds.items() if one.name in self.query.filters.get("ild", ())
        }
        return [
            row
            for row in self.world.visits
            if row.school_id in self.reached
            and (not ilds or row.ild_id in ilds)
            and row.kind in self.query.filters.get("kind", (row.kind,))
        ]

    @property
    def visits(self) -> list[measures.VisitRow]:
        reached = self.reached
        made_good = {row.id for row in self.world.visits if row.status == "held"}
        return [
            measures.VisitRow(
                school=reached[row.school_id].name,
                ild=self.world.ground.ilds[row.ild_id].name,
                day=date.fromordinal(row.day),
                kind=row.kind,
                minutes=row.minutes,
                is_held=row.status == "held",
                is_cancelled=row.status == "cancelled",
                is_made_good=row.made_good_by in made_good,
                reason=row.cancelled_by or "other",
                ended_in_step=row.led_to_next_step,
            )
            for row in self.rows
        ]

    @property
    def inside(self) -> list[VisitRow]:
        return [
            row
            for row in self.rows
            if self.period.start.toordinal() <= row.day <= self.period.end.toordinal()
        ]

    def label(self, name: str) -> str:
        """The group of a school, by what follows from the school alone."""
        place = next(one for one in self.reached.values() if one.name == name)
        match self.query.by:
            case Grouping.NETWORK:
                return place.school.network
            case Grouping.LEVEL:
                level = place.school.level or "other"
                return LEVEL_WORDS.get(level, level)
            case Grouping.TIER:
                return place.tier
            case Grouping.EXPERIENCE:
                return place.experience
            case Grouping.ILD:
                return place.ild or "nobody"
            case _:
                return place.name

    def time_label(self, day: date) -> str:
        if self.query.by is Grouping.TERM:
            term = self.world.turn.district.calendar.term_of(day)
            return term.label if term else "between terms"
        if self.query.by is None and self.period.days <= 45:
            monday = day - timedelta(days=day.weekday())
            return f"{monday.day} {monday:%b}"
        return f"{day:%b %Y}"

    def held_days(self, name: str) -> list[date]:
        return sorted(one.day for one in self.visits if one.is_held and one.school == name)


def known(groups: dict[str, float | None]) -> dict[str, float | None]:
    """Groups with anything in them: whether empty ones are shown is a matter of taste."""
    return {name: pytest.approx(value) for name, value in groups.items() if value}


def count_by(
    plain: Plain, rows: list[measures.VisitRow], *, is_ild_who_made: bool = True
) -> dict[str, float]:
    counted: dict[str, float] = {}
    for row in rows:
        match plain.query.by:
            case Grouping.KIND:
                key = row.kind
            case Grouping.MONTH | Grouping.TERM | None:
                key = plain.time_label(row.day)
            case Grouping.ILD if is_ild_who_made:
                key = row.ild
            case _:
                key = plain.label(row.school)
        counted[key] = counted.get(key, 0) + 1
    return counted


def check_visits(plain: Plain, found: Figures) -> None:
    held = measures.held(plain.visits, plain.period)
    assert found.total == len(held)
    assert known(found.groups) == count_by(plain, held)
    inside = [row for row in plain.inside if row.status == "held"]
    said = " ".join(found.notes)
    if inside:
        for who, words in (
            ("principal", "by principals"),
            ("calendar", "by calendars"),
            ("imported", "by an import"),
        ):
            count = sum(row.confirmed_by == who for row in inside)
            assert (words in said) == bool(count)
            assert not count or f"{count} {words}" in said.replace("confirmed ", "")
        log = sum(row.confirmed_by is None for row in inside)
        assert ("log only" in said) == bool(log)
        denied = sum(row.id in plain.world.denied for row in inside)
        assert ("did not take place" in said) == bool(denied)
        assert denied < 2 or f"{denied} of them" in said
    unsettled = sum(row.status == "planned" and row.day < TODAY.toordinal() for row in plain.inside)
    assert bool(found.missing) == bool(unsettled)
    assert unsettled < 2 or found.missing[0].startswith(f"{unsettled} planned visits")


def check_not_visited(plain: Plain, found: Figures) -> None:
    names = [place.name for place in plain.places.values()]
    unseen = measures.find_unvisited(plain.visits, plain.period, names)
    assert found.total == len(unseen)
    assert found.of == len(names)
    if plain.query.by in (*BY_PLACE[1:], Grouping.ILD):
        counted: dict[str, float] = {}
        for one in unseen:
            counted[plain.label(one.school)] = counted.get(plain.label(one.school), 0) + 1
        assert known(found.groups) == counted
    else:
        assert found.groups == {one.school: one.days for one in unseen}
        assert found.detail == {one.school: one.last.isoformat() if one.last else "never" for one in unseen}


def check_longest_gap(plain: Plain, found: Figures) -> None:
    names = [place.name for place in plain.places.values()]
    gaps = measures.longest_calendar_gaps(plain.visits, plain.period, names, days=plain.query.days)
    assert found.groups == gaps
    assert list(found.groups) == list(gaps)
    if plain.query.days is None:
        assert found.total == max(gaps.values(), default=None)
    said = " ".join(found.notes)
    longest: list[tuple[int, date, date]] = []
    last: list[date] = []
    for name in names:
        days = plain.held_days(name)
        last += [max(past)] if (past := [day for day in days if day <= TODAY]) else []
        longest += [((b - a).days, a, b) for a, b in pairwise(day for day in days if day <= plain.period.end)]
    assert ("Open now" in said) == bool(last)
    assert not last or f", {(TODAY - min(last)).days} days since its last visit" in said
    most = max((one[0] for one in longest), default=0)
    assert ("Longest ever" in said) == bool(longest)
    assert not longest or f", {most} days (" in said


def check_intervals(plain: Plain, found: Figures) -> None:
    held = targets.load(plain.world.turn.tx, list(plain.places))
    calendar = plain.world.turn.district.calendar
    rhythms = {
        place.name: rhythm(
            plain.held_days(place.name),
            target=held[i],
            calendar=calendar,
            start=plain.period.start,
            end=plain.period.end,
        )
        for i, place in plain.places.items()
    }
    whole = measures.intervals_kept(rhythms.values())
    assert (found.total, found.of) == (whole.value, whole.whole)
    labels = {plain.label(name) for name in rhythms}
    assert found.groups == {
        label: measures.intervals_kept(
            one for name, one in rhythms.items() if plain.label(name) == label
        ).value
        for label in labels
    }


def check_evenness(plain: Plain, found: Figures) -> None:
    held = targets.load(plain.world.turn.tx, list(plain.places))
    calendar = plain.world.turn.district.calendar
    expected = {
        place.name: held[i].asked(calendar, plain.period.start, plain.period.end)
        for i, place in plain.places.items()
    }
    names = list(expected)
    counts = measures.count_visits(
        [one for one in plain.visits if one.school in expected], plain.period, key=lambda one: one.school, groups=names
    )  # fmt: skip
    assert found.total == pytest.approx(measures.visit_evenness(counts, expected))
    if plain.query.by in (*BY_PLACE[1:], Grouping.ILD):
        for label, value in found.groups.items():
            own = {name: count for name, count in counts.items() if plain.label(name) == label}
            assert value == pytest.approx(measures.visit_evenness(own, expected))


def check_time_in_schools(plain: Plain, found: Figures) -> None:
    held = measures.held(plain.visits, plain.period)
    days = plain.world.turn.district.calendar.count_school_days(plain.period.start, plain.period.end)
    carried = {place.ild for place in plain.places.values()}
    named = set(plain.query.filters.get("ild", ())) or carried
    own = [one for one in held if one.ild in named]
    share = measures.time_in_schools(
        own, plain.period, working_minutes=days * SCHOOL_DAY_MINUTES * len(named)
    )
    assert found.total == pytest.approx(share.value)
    each = days * SCHOOL_DAY_MINUTES
    assert found.groups == {
        name: pytest.approx(sum(one.minutes or 0 for one in own if one.ild == name) / each) if each else None
        for name in named
    }
    without = measures.without_length(held, plain.period)
    assert any("without a length" in line for line in found.missing) == bool(without)


def cause_named(reason: str) -> str:
    return "ILD" if reason == "ild" else reason.replace("_", " ").capitalize()


def check_cancelled(plain: Plain, found: Figures) -> None:
    rows = [
        one for one in plain.visits if one.is_cancelled and plain.period.start <= one.day <= plain.period.end
    ]
    assert found.total == len(rows)
    if plain.query.by is None:
        counted = measures.count_cancelled(rows, plain.period, key=lambda one: cause_named(one.reason or ""))
        assert known(found.groups) == counted
    else:
        assert known(found.groups) == count_by(plain, rows)
    good = measures.made_good(rows, plain.period)
    said = "was" if good.part == 1 else "were"
    assert not rows or f"{good.part} of {good.whole} {said} made good" in " ".join(found.notes)


def check_next_steps(plain: Plain, found: Figures) -> None:
    held = measures.held(plain.visits, plain.period)
    share = measures.ended_in_step(held, plain.period)
    assert (found.total, found.of) == (pytest.approx(share.value), share.whole)
    counted = count_by(plain, held) if plain.query.by else {}
    if plain.query.by is None:
        for one in held:
            counted[one.school] = counted.get(one.school, 0) + 1
    stepped = count_by(plain, [one for one in held if one.ended_in_step])
    if plain.query.by not in (None, Grouping.MONTH, Grouping.TERM):
        assert found.groups == {
            name: pytest.approx(stepped.get(name, 0) / count) for name, count in counted.items()
        }
    until = min(plain.period.end, TODAY)
    steps = [
        row
        for row in plain.world.turn.tx.exec(select(PromiseRow))
        if row.school_id in plain.places and plain.period.start <= row.by_when <= until
    ]
    looked_at = sum(row.looked_at is not None for row in steps)
    said = f"{looked_at} of {len(steps)} next steps" if steps else "No next step fell due"
    assert said in " ".join(found.notes)


def check_usefulness(plain: Plain, found: Figures | None) -> None:
    rated: dict[str, list[int]] = {}
    for row in plain.inside:
        if row.status == "held" and row.useful is not None:
            rated.setdefault(plain.reached[row.school_id].name, []).append(row.useful)
    if plain.query.filters.get("ild"):
        # Whose visits count, and what others' visits to her schools would tell, is for ``test_small_groups``.
        assert found is None or not 0 < (found.of or 0) < measures.FEWEST_ANSWERS
        return
    if found is None:  # too few, or so cut that somebody's answer could be told
        assert rated
        return
    assert not 0 < len(rated) < measures.FEWEST_ANSWERS
    assert found.total == pytest.approx(measures.usefulness(rated))
    assert found.of == len(rated)


def check_protected(plain: Plain, found: Figures) -> None:
    rows = [
        (school, row)
        for school, row in protected_rows(
            plain.world.turn.tx,
            plain.world.turn.district,
            [place.school for place in plain.places.values()],
            start=plain.period.start,
            end=plain.period.end,
        )
    ]
    share = measures.protected_kept((row for _school, row in rows), plain.period)
    is_kept = plain.query.measure is Measure.PROTECTED_KEPT
    assert found.of == share.whole
    assert found.total == (pytest.approx(share.value) if is_kept else share.whole - share.part)
    grouped: dict[str, list[measures.ProtectedRow]] = {}
    for school, row in rows:
        match plain.query.by:
            case Grouping.MONTH:
                key = f"{row.day:%b %Y}"
            case Grouping.TERM | None if is_kept:
                key = plain.time_label(row.day)
            case Grouping.REASON if not is_kept:
                key = row.reason or ""
            case Grouping.OFFICE | None if not is_kept:
                key = row.office or ""
            case _:
                key = plain.label(plain.reached[school.id].name)
        grouped.setdefault(key, []).append(row)
    shares = {key: measures.protected_kept(some, plain.period) for key, some in grouped.items()}
    if is_kept:
        assert found.groups == {key: pytest.approx(one.value) for key, one in shares.items()}
    else:
        assert known(found.groups) == {
            key: one.whole - one.part for key, one in shares.items() if one.whole > one.part
        }


def check_minutes(plain: Plain, found: Figures) -> None:
    rows = [
        row
        for row in plain.world.turn.tx.exec(select(DigestRow))
        if row.school_id in plain.places and plain.period.start <= row.week <= plain.period.end
    ]
    assert (found.total, found.of) == (sum(row.minutes for row in rows), len(rows))
    counted: dict[str, float] = {}
    for row in rows:
        is_over_time = plain.query.by in (None, Grouping.MONTH, Grouping.TERM)
        name = plain.reached[row.school_id].name
        key = plain.time_label(row.week) if is_over_time else plain.label(name)
        counted[key] = counted.get(key, 0) + row.minutes
    assert known(found.groups) == {key: value for key, value in counted.items() if value}


CHECKS: dict[Measure, tuple[Callable[[Plain, Figures], None], tuple[Grouping | None, ...]]] = {
    Measure.VISITS: (check_visits, (None, *BY_PLACE, Grouping.ILD, Grouping.KIND, Grouping.MONTH, Grouping.TERM)),
    Measure.NOT_VISITED: (check_not_visited, (None, *BY_PLACE, Grouping.ILD)),
    Measure.LONGEST_GAP: (check_longest_gap, (None, Grouping.SCHOOL)),
    Measure.INTERVALS_KEPT: (check_intervals, (None, *BY_PLACE, Grouping.ILD)),
    Measure.EVENNESS: (check_evenness, (None, *BY_PLACE, Grouping.ILD)),
    Measure.TIME_IN_SCHOOLS: (check_time_in_schools, (None, Grouping.ILD)),
    Measure.CANCELLED: (check_cancelled, (None, *BY_PLACE, Grouping.ILD, Grouping.KIND, Grouping.MONTH, Grouping.TERM)),
    Measure.NEXT_STEPS: (check_next_steps, (None, *BY_PLACE, Grouping.ILD, Grouping.KIND)),
    Measure.PROTECTED_KEPT: (check_protected, (None, *BY_PLACE, Grouping.ILD, Grouping.MONTH, Grouping.TERM)),
    Measure.PROTECTED_LOST: (
        check_protected,
        (None, *BY_PLACE, Grouping.ILD, Grouping.MONTH, Grouping.OFFICE, Grouping.REASON),
    ),
    Measure.MINUTES_ASKED: (check_minutes, (None, *BY_PLACE, Grouping.ILD, Grouping.MONTH, Grouping.TERM)),
    Measure.USEFULNESS: (check_usefulness, (None, *BY_PLACE)),
}  # fmt: skip
FILTERS = st.one_of(
    st.just({}),
    st.just({"ild": ("Imani Brooks",)}),
    st.fixed_dictionaries(
        {},
        optional={
            "kind": st.lists(st.sampled_from(KINDS), min_size=1, max_size=2, unique=True).map(tuple),
            "level": st.lists(st.sampled_from(LEVELS), min_size=1, max_size=3, unique=True).map(tuple),
            "tier": st.lists(st.sampled_from(TIERS), min_size=1, max_size=3, unique=True).map(tuple),
            "network": st.just(("North Network",)),
            "ild": st.just(("Imani Brooks",)),
        },
    ),
)


@pytest.mark.parametrize("measure", CHECKS)
def test_figures_are_those_of_a_plain_count(store: Store, measure: Measure) -> None:
    check, groupings = CHECKS[measure]

    @tried(12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        drawn=st.lists(VISITS, max_size=40),
        losses=st.lists(LOSSES, max_size=6),
        steps=st.lists(STEPS, max_size=6),
        digests=DIGESTS,
        changes=CHANGES,
        period=st.tuples(DAYS, DAYS).map(lambda pair: Period(min(pair), max(pair))),
        by=st.sampled_from(groupings),
        filters=FILTERS,
        asker=st.sampled_from(["ruth.castellanos", "ruth.castellanos", "imani.brooks"]),
    )
    def is_so(
        drawn: list[Drawn],
        losses: list[tuple[date, str, int, int, str, str]],
        steps: list[tuple[int, date, bool]],
        digests: dict[tuple[int, date], int],
        changes: list[tuple[int, int | None, date]],
        period: Period,
        by: Grouping | None,
        filters: dict[str, tuple[str, ...]],
        asker: str,
    ) -> None:
        with undone(store) as tx:
            world = put(tx, drawn, losses=losses, steps=steps, digests=digests, changes=changes, asker=asker)
            query = Query(measure, period.start, period.end, by=by, filters=filters)
            try:
                found = figures(world.turn, world.ground, query, period)
            except SmallGroupError:
                assert measure is Measure.USEFULNESS
                check_usefulness(Plain(world, query, period), None)
            else:
                check(Plain(world, query, period), found)

    is_so()
