"""A change of the calendar as a value: kept, cut, laid against another, and asked about."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.cadence.calendar import Closure, ClosureKind, Half, SchoolCalendar, SchoolYear, Term, days_of
from protocols.cadence.calendar_edits import (
    CalendarEdit,
    Difference,
    compare,
    cut_out,
    removed_share,
    why_to_ask,
)
from protocols.cadence.protected import Opening, ProtectedRule

DAYS = st.dates(date(2026, 9, 1), date(2026, 10, 31))
KINDS = st.sampled_from(ClosureKind)


@st.composite
def closures(draw: st.DrawFn) -> Closure:
    first, last = sorted((draw(DAYS), draw(DAYS)))
    kind = draw(KINDS)
    at = draw(st.none() | st.times().map(lambda one: one.replace(microsecond=0))) if kind.has_time else None
    scope = draw(st.sampled_from(["all", "school:12", "network:North Network", "level:high"]))
    return Closure(first, last, kind, draw(st.text(max_size=20)), at, scope)


@given(st.lists(closures(), max_size=4))
def test_an_edit_is_the_same_after_it_was_kept(some: list[Closure]) -> None:
    edit = CalendarEdit(
        tuple(some),
        (SchoolYear("2026-27", date(2026, 9, 1), date(2027, 6, 18)),),
        (Term("Fall", date(2026, 9, 1), date(2027, 1, 22)),),
    )
    assert CalendarEdit.from_json(edit.to_json()) == edit


@given(closures(), DAYS, DAYS)
def test_what_is_cut_out_is_gone_and_the_rest_stays(closure: Closure, one: date, other: date) -> None:
    first, last = sorted((one, other))
    left = [day for piece in cut_out(closure, first, last) for day in days_of(piece.starts, piece.ends)]
    assert left == [day for day in days_of(closure.starts, closure.ends) if not first <= day <= last]


MORNINGS = (ProtectedRule(2, Half.AM, "all", date(2026, 8, 31)),)  # Wednesday
WEDNESDAY = date(2026, 12, 16)


def closed(kind: ClosureKind, *, at: time | None = None, scope: str = "all") -> Closure:
    return Closure(WEDNESDAY, WEDNESDAY, kind, "x", at, scope)


@pytest.mark.parametrize(
    ("closure", "scopes", "lost", "halves"),
    [
        pytest.param(closed(ClosureKind.SNOW), (), 1, 1, id="a snow day takes the day and its half-day"),
        pytest.param(closed(ClosureKind.TESTING), (), 0, 1, id="testing takes the half-day"),
        pytest.param(
            closed(ClosureKind.EARLY_RELEASE, at=time(12, 30)),
            (),
            0,
            0,
            id="early release leaves the morning",
        ),
        pytest.param(closed(ClosureKind.EARLY_RELEASE, at=time(9)), (), 0, 1, id="not if it is at nine"),
        pytest.param(
            closed(ClosureKind.LATE_START, at=time(10)), (), 0, 1, id="a late start takes the morning"
        ),
        pytest.param(
            closed(ClosureKind.LATE_START, at=time(8, 30)), (), 0, 0, id="not if it is early enough"
        ),
        pytest.param(
            closed(ClosureKind.SNOW, scope="school:12"),
            {"school:12"},
            0,
            1,
            id="one school's, for that school",
        ),
        pytest.param(
            closed(ClosureKind.SNOW, scope="school:12"), {"school:13"}, 0, 0, id="one school's, for another"
        ),
    ],
)
def test_what_a_closure_takes(closure: Closure, scopes: set[str], lost: int, halves: int) -> None:
    before = SchoolCalendar((SchoolYear("2026-27", date(2026, 8, 31), date(2027, 6, 11)),))
    found = compare(before, before.with_closures([closure]), MORNINGS, scopes=scopes)
    assert (len(found.lost), len(found.halves_lost)) == (lost, halves)
    assert not found.won


def test_a_half_day_that_is_open_all_the_same_is_not_lost() -> None:
    before = SchoolCalendar((SchoolYear("2026-27", date(2026, 8, 31), date(2027, 6, 11)),))
    opening = Opening(WEDNESDAY, WEDNESDAY, None, "all", "")
    rules = (ProtectedRule(2, Half.AM, "all", date(2026, 8, 31), openings=(opening,)),)
    assert not compare(before, before.with_closures([closed(ClosureKind.TESTING)]), rules).halves_lost


@pytest.mark.parametrize("day", [WEDNESDAY, date(2026, 12, 24)], ids=["a holiday", "the middle of a break"])
def test_as_usual_wins_over_whatever_a_feed_says(day: date) -> None:
    holiday = Closure(WEDNESDAY, date(2026, 12, 31), ClosureKind.HOLIDAY, "Break")
    calendar = SchoolCalendar(
        (SchoolYear("2026-27", date(2026, 8, 31), date(2027, 6, 11)),),
        closures=(holiday, Closure(day, day, ClosureKind.AS_USUAL, "School after all")),
    )
    assert calendar.is_visit_day(day)
    assert calendar.closure_on(day) is None


def test_a_late_start_and_an_early_release_of_one_day_both_count() -> None:
    calendar = SchoolCalendar(
        (SchoolYear("2026-27", date(2026, 8, 31), date(2027, 6, 11)),),
        closures=(
            closed(ClosureKind.EARLY_RELEASE, at=time(12)),
            closed(ClosureKind.LATE_START, at=time(10)),
        ),
    )
    held = [hour for hour in range(8, 15) if calendar.takes_visit(WEDNESDAY, time(hour), concerns=())]
    assert held == [10, 11]


@pytest.mark.parametrize(
    ("found", "share"),
    [
        pytest.param([(1, 10)], 0.0, id="the same"),
        pytest.param([(1, 4), (5, 10)], 0.0, id="the same days in two pieces"),
        pytest.param([(1, 9)], 0.1, id="a day less"),
        pytest.param([], 1.0, id="all gone"),
        pytest.param([(1, 20)], 0.0, id="more"),
    ],
)
def test_the_share_of_days_that_go(found: list[tuple[int, int]], share: float) -> None:
    def holiday(first: int, last: int) -> Closure:
        return Closure(date(2026, 12, first), date(2026, 12, last), ClosureKind.HOLIDAY, "x")

    assert removed_share([holiday(1, 10)], [holiday(*one) for one in found], since=date.min) == share


def test_days_that_are_over_are_not_missed() -> None:
    known = Closure(date(2026, 12, 1), date(2026, 12, 10), ClosureKind.HOLIDAY, "x")
    assert removed_share([known], [], since=date(2026, 12, 11)) == 0.0


NOTHING = Difference((), (), (), ())
YEAR = SchoolYear("2026-27", date(2026, 8, 31), date(2027, 6, 11))


@pytest.mark.parametrize(
    ("difference", "share", "years", "why"),
    [
        pytest.param(NOTHING, 0.05, (), None, id="five percent may go"),
        pytest.param(NOTHING, 0.06, (), "takes away 6% of its days", id="more is asked about"),
        pytest.param(NOTHING, 0.0, (YEAR,), None, id="the same year"),
        pytest.param(
            NOTHING, 0.0, (SchoolYear("2026-27", YEAR.starts, date(2027, 6, 18)),), None, id="a longer year"
        ),
        pytest.param(
            NOTHING,
            0.0,
            (SchoolYear("2026-27", YEAR.starts, date(2027, 6, 10)),),
            "makes the school year 2026-27 shorter",
            id="a shorter year",
        ),
        pytest.param(
            NOTHING,
            0.0,
            (SchoolYear("2027-28", date(2027, 9, 7), date(2028, 6, 23)),),
            None,
            id="a new year",
        ),
        pytest.param(
            Difference(tuple(date(2026, 12, day) for day in range(7, 12)), (), (), ()),
            0.0,
            (),
            None,
            id="a week",
        ),
        pytest.param(
            Difference(tuple(date(2026, 12, day) for day in (7, 8, 9, 10, 11, 14)), (), (), ()),
            0.0,
            (),
            "closes 6 school days",
            id="more than a week",
        ),
    ],
)
def test_what_waits_for_a_yes(
    difference: Difference, share: float, years: tuple[SchoolYear, ...], why: str | None
) -> None:
    said = why_to_ask(difference, share, SchoolCalendar((YEAR,)), CalendarEdit(years=years))
    assert said == (f"it {why}" if why else None)


@pytest.mark.parametrize("scope", ["", "nobody", "school:", "role:ild"])
def test_a_closure_of_nobody_is_refused(scope: str) -> None:
    with pytest.raises(ValueError, match="is not a scope"):
        closed(ClosureKind.SNOW, scope=scope)


def test_a_holiday_has_no_time_of_day() -> None:
    with pytest.raises(ValueError, match="only a late start"):
        closed(ClosureKind.HOLIDAY, at=time(12))
