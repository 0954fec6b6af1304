"""Whether a promise can be kept, and the few changes that would make it possible."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.cadence.calendar import Closure, ClosureKind, Half, SchoolCalendar, SchoolYear
from protocols.cadence.feasibility import (
    Density,
    Place,
    Promise,
    Span,
    Verdict,
    check,
    count,
    rehearse,
    second_places,
    stretches,
)
from protocols.cadence.feasibility_ways import Way, apply, next_slower, ways
from protocols.cadence.targets import Change, Target, lay, steady
from protocols.cadence.travel import Travel
from tests.examples import tried

START, END = date(2026, 9, 7), date(2027, 5, 14)
"""Thirty-six whole weeks of school, 180 school days: an ordinary American year without its holidays."""
YEAR = SchoolYear("2026-27", START, END)
PLAIN = SchoolCalendar((YEAR,))
FIVE = ((0, Half.AM), (1, Half.AM), (2, Half.AM), (3, Half.AM), (3, Half.PM))


def span(
    *rhythms: int,
    windows: tuple[tuple[int, Half], ...] = FIVE,
    calendar: SchoolCalendar = PLAIN,
    new: int = 0,
    doubled: int = 0,
) -> Span:
    """A network of schools with these rhythms; the principals of the first `new` are new."""
    everything = [
        (day, half)
        for day in calendar.school_days(START, END)
        for half in Half
        if calendar.is_visit_day(day, half)
    ]
    return Span(
        START,
        END,
        calendar,
        places=tuple(place for place in everything if _window(place) in windows),
        promises=tuple(
            Promise(f"School {number + 1:02}", steady(days), is_new=number < new)
            for number, days in enumerate(rhythms)
        ),
        open_places=tuple(place for place in everything if _window(place) not in windows),
        doubled=doubled,
    )


def _window(place: Place) -> tuple[int, Half]:
    return place[0].weekday(), place[1]


@pytest.mark.parametrize(
    ("schools", "days", "doubled", "places", "visits", "slack"),
    [
        pytest.param(
            12, 10, 0, 180, 216, -66, id="twelve every two weeks ask for six of five half-days a week"
        ),
        pytest.param(12, 10, 2, 252, 216, 6, id="with two second visits a week about ten slots are left"),
        pytest.param(
            24, 10, 5, 360, 432, -131, id="twenty-four cannot be done, two visits in every half-day"
        ),
        pytest.param(12, 15, 0, 180, 144, 16, id="twelve every three weeks leave about ten slots"),
        pytest.param(24, 15, 0, 180, 288, -148, id="twenty-four every three weeks cannot be done"),
        pytest.param(18, 20, 0, 180, 162, -5, id="eighteen once a month fit but for the cancellations"),
    ],
)
def test_places_and_visits_of_a_year_are_counted(
    schools: int, days: int, doubled: int, places: int, visits: int, slack: int
) -> None:
    found = count(span(*[days] * schools, doubled=doubled))
    assert (found.places, found.visits, found.slack) == (places, visits, slack)


@pytest.mark.parametrize(
    ("known", "doubled", "second"),
    [
        pytest.param(None, 2, 72, id="where nobody has told the ways, as many as are wanted"),
        pytest.param({}, 2, 0, id="none where no school is near another"),
        pytest.param({("School 01", "School 02"): 31}, 10, 0, id="none a long way apart"),
        pytest.param({("School 01", "School 02"): 12}, 10, 18, id="one pair, every second week"),
        pytest.param({("School 01", "School 02"): 12}, 0, 0, id="none where one visit a half-day is wanted"),
        pytest.param(
            {("School 01", "School 02"): 12, ("School 03", "School 04"): 12},
            10,
            36,
            id="two pairs, every week one",
        ),
    ],
)
def test_second_visits_are_as_many_as_the_ways_allow(
    known: dict[tuple[str, str], int] | None, doubled: int, second: int
) -> None:
    travel = None if known is None else Travel(known)
    year = replace(span(*[10] * 12, doubled=doubled), travel=travel)
    assert len(second_places(year)) == len(set(second_places(year))) == second
    assert count(year).places == 180 + second


def test_second_visits_are_proposed_only_where_schools_are_near() -> None:
    year = span(*[10] * 12)
    near = {(f"School {a:02}", f"School {a + 1:02}"): 10 for a in range(1, 12)}
    assert any(way.doubled for way in ways(replace(year, travel=Travel(near))))
    assert not any(way.doubled for way in ways(replace(year, travel=Travel({}))))
    assert ways(replace(year, travel=Travel({}), doubled=10))


@pytest.mark.parametrize(
    ("rhythms", "density"),
    [
        pytest.param((10, 10, 10), Density.ALWAYS, id="up to five sixths a timetable always exists"),
        pytest.param((5, 5, 5, 10, 10, 10), Density.HARMONIC, id="five, ten and twenty divide each other"),
        pytest.param((5, 5, 5, 10, 15, 15), Density.OPEN, id="ten and fifteen may fit or not"),
        pytest.param((5, 5, 5, 5, 5, 5), Density.OVER, id="six weekly schools in five half-days never fit"),
    ],
)
def test_the_load_alone_says_what_is_certain(rhythms: tuple[int, ...], density: Density) -> None:
    assert count(span(*rhythms)).density is density


def test_a_roomy_year_is_rehearsed_without_a_broken_interval() -> None:
    found = check(span(10, 10, 15, 20))
    assert found.verdict is Verdict.KEPT
    assert found.rehearsal is not None
    assert (found.rehearsal.broken, found.rehearsal.worst, found.rehearsal.school) == (0, 0, "")
    assert found.rehearsal.intervals >= 55
    assert found.stretches == ()


def test_what_is_full_is_rehearsed_with_its_worst_school_named() -> None:
    found = rehearse(span(*[10] * 12))
    assert found.broken > 20
    assert found.worst > 0
    assert found.school.startswith("School ")


def test_a_school_that_is_late_on_the_first_day_is_no_fault_of_the_plan() -> None:
    late = replace(span(10), start=date(2026, 11, 2))
    late = replace(late, promises=(Promise("Adams", steady(10), last=date(2026, 9, 14)),))
    assert rehearse(late).broken == 0


def test_a_second_visit_counts_once_for_each_half_day_of_a_week() -> None:
    found = second_places(span(10, doubled=2))
    assert len(found) == 72
    assert {_window(place) for place in found} == set(FIVE[:2])
    assert count(span(10, doubled=9)).places == 360


def test_the_rehearsal_uses_second_visits_too() -> None:
    tight = span(*[5] * 6)
    assert rehearse(tight).share > 0.1
    assert rehearse(replace(tight, doubled=3)).share < rehearse(tight).share / 2


def test_a_testing_window_breaks_what_is_quicker_than_it_is_long() -> None:
    testing = Closure(date(2027, 3, 1), date(2027, 3, 12), ClosureKind.TESTING, "State testing")
    found = stretches(span(5, 20, calendar=PLAIN.with_closures([testing])))
    assert [(one.after, one.until, one.days, one.schools) for one in found] == [
        (date(2027, 2, 25), date(2027, 3, 15), 12, ("School 01",))
    ]
    assert stretches(span(5, 20)) == ()


def test_a_dated_target_asks_for_its_own_time_only() -> None:
    weekly = lay((Target(15, START),), [Change(5, START, START + timedelta(weeks=6) - timedelta(days=1))])
    for_a_while = replace(span(15), promises=(Promise("Adams", weekly),))
    assert count(for_a_while).visits == 6 + 10
    assert rehearse(for_a_while).broken <= 1


# ---------------------------------------------------------------- what would make it possible


def said(way: Way) -> tuple[int, int, list[tuple[int, int]], int]:
    """(half-days more, second visits, rhythms before and after, schools given away)"""
    return len(way.windows), way.doubled, [(one.before, one.after) for one in way.slower], len(way.given)


@pytest.mark.parametrize(
    ("rhythms", "new", "expected"),
    [
        pytest.param([10, 10, 15, 20], 0, [], id="nothing where it can be kept"),
        pytest.param(
            [10] * 12,
            0,
            [(0, 2, [], 0), (2, 0, [], 0), (0, 0, [(10, 15)] * 10, 0)],
            id="one kind of change is enough, the smallest first",
        ),
        pytest.param([20] * 18, 0, [(0, 1, [], 0), (1, 0, [], 0)], id="no rhythm goes below once a month"),
        pytest.param(
            [10] * 9, 9, [(0, 1, [], 0), (1, 0, [], 0)], id="a new principal is never seen less often"
        ),
        pytest.param([10] * 16, 14, [(0, 5, [], 0)], id="what no three half-days more can do"),
        pytest.param([10] * 20, 18, [(2, 5, [], 0)], id="where no kind does it alone, the smallest mix"),
        pytest.param([5] * 20, 20, [(0, 0, [], 16)], id="where nothing does it, another ILD takes some"),
    ],
)
def test_the_few_changes_that_would_do_it(
    rhythms: list[int], new: int, expected: list[tuple[int, int, list[tuple[int, int]], int]]
) -> None:
    assert [said(way) for way in ways(span(*rhythms, new=new))] == expected


def test_each_way_is_checked_on_the_changed_year_and_needs_every_step() -> None:
    year = span(5, 5, *[10] * 9)
    found = ways(year)
    assert found
    for way in found:
        assert way.after.count.slack >= 0
        assert way.after == check(
            apply(year, windows=way.windows, doubled=way.doubled, slower=way.slower, given=way.given)
        )
        fewer = apply(
            year,
            windows=way.windows[:-1],
            doubled=max(0, way.doubled - 1),
            slower=way.slower[:-1],
            given=way.given[:-1],
        )
        assert count(fewer).slack < 0


def test_the_schools_whose_slower_rhythm_frees_most_go_first() -> None:
    slower = next(way.slower for way in ways(span(5, 5, *[10] * 9)) if way.slower)
    assert [(one.school, one.before, one.after) for one in slower[:2]] == [
        ("School 01", 5, 10),
        ("School 02", 5, 10),
    ]


@pytest.mark.parametrize(
    ("days", "after"), [(3, 5), (5, 10), (8, 10), (10, 15), (15, 20), (20, None), (40, None)]
)
def test_a_rhythm_goes_one_step_slower_and_not_below_once_a_month(days: int, after: int | None) -> None:
    assert next_slower(days) == after


# ---------------------------------------------------------------- what always holds

windows_st = st.sets(st.tuples(st.integers(0, 4), st.sampled_from(list(Half))), min_size=1, max_size=9)
rhythms_st = st.lists(st.sampled_from([5, 8, 10, 15, 20, 30]), min_size=1, max_size=25)


@given(rhythms_st, windows_st, st.integers(0, 5), st.fractions(0, Fraction(1, 2)))
def test_slack_is_places_less_visits_less_those_booked_again(
    rhythms: list[int], windows: set[tuple[int, Half]], doubled: int, cancelled: Fraction
) -> None:
    year = replace(span(*rhythms, windows=tuple(windows), doubled=doubled), cancelled=cancelled)
    found = count(year)
    assert found.slack == found.places - found.visits - found.spare
    assert found.visits + found.spare >= found.visits * float(1 / (1 - cancelled)) - 1
    assert (found.load > 1) == (found.density is Density.OVER)


@given(rhythms_st, windows_st, st.tuples(st.integers(0, 4), st.sampled_from(list(Half))), st.integers(0, 4))
def test_more_room_never_makes_it_worse(
    rhythms: list[int], windows: set[tuple[int, Half]], more: tuple[int, Half], doubled: int
) -> None:
    before = count(span(*rhythms, windows=tuple(windows), doubled=doubled))
    protected = count(span(*rhythms, windows=tuple({*windows, more}), doubled=doubled))
    twice = count(span(*rhythms, windows=tuple(windows), doubled=doubled + 1))
    assert protected.slack >= before.slack
    assert twice.slack >= before.slack
    assert protected.load <= before.load


@given(rhythms_st, st.integers(0, 24), st.sampled_from([5, 10, 20]))
def test_more_promised_never_makes_it_better(rhythms: list[int], index: int, days: int) -> None:
    before = count(span(*rhythms))
    assert count(span(*rhythms, days)).slack <= before.slack
    which = index % len(rhythms)
    quicker = [max(1, one - 3) if number == which else one for number, one in enumerate(rhythms)]
    assert count(span(*quicker)).slack <= before.slack


@tried(15, deadline=None)
@given(rhythms_st)
def test_no_way_is_named_that_does_not_do_it(rhythms: list[int]) -> None:
    year = span(*rhythms)
    found = ways(year)
    assert (count(year).slack >= 0) <= (found == ())
    assert all(way.after.verdict is not Verdict.SHORT for way in found)
    assert [way.steps for way in found] == sorted(way.steps for way in found)
