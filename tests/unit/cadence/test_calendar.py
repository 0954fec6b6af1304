"""Which days count."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.cadence.calendar import Closure, ClosureKind, Half, SchoolCalendar, SchoolYear


@pytest.mark.parametrize(
    ("day", "is_school", "morning", "afternoon"),
    [
        pytest.param(date(2026, 8, 31), True, True, True, id="the first day of the year counts"),
        pytest.param(date(2026, 8, 28), False, False, False, id="the Friday before the year does not"),
        pytest.param(date(2027, 6, 11), True, True, True, id="the last day of the year counts"),
        pytest.param(date(2027, 6, 14), False, False, False, id="the Monday after the year does not"),
        pytest.param(date(2026, 9, 5), False, False, False, id="a Saturday is no school day"),
        pytest.param(date(2026, 9, 7), False, False, False, id="a holiday is no school day"),
        pytest.param(date(2026, 10, 9), False, False, False, id="a staff day is no school day"),
        pytest.param(date(2026, 11, 25), False, False, False, id="the first day of a break is closed"),
        pytest.param(date(2026, 11, 27), False, False, False, id="the last day of a break is closed"),
        pytest.param(date(2026, 11, 30), True, True, True, id="the Monday after a break is open"),
        pytest.param(
            date(2026, 12, 16), True, True, False, id="an early release keeps the morning for visits"
        ),
        pytest.param(date(2027, 3, 3), True, False, False, id="a testing window counts but takes no visits"),
    ],
)
def test_what_a_day_is(calendar, day, is_school, morning, afternoon):
    assert calendar.is_school_day(day) is is_school
    assert calendar.is_visit_day(day, Half.AM) is morning
    assert calendar.is_visit_day(day, Half.PM) is afternoon
    assert calendar.is_visit_day(day) is (morning or afternoon)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        pytest.param(date(2026, 9, 14), date(2026, 9, 21), 5, id="Monday to Monday is a week of five"),
        pytest.param(date(2026, 8, 31), date(2026, 9, 8), 5, id="Labor Day is not counted"),
        pytest.param(date(2026, 12, 18), date(2027, 1, 4), 1, id="a winter break makes nobody late"),
        pytest.param(date(2026, 9, 14), date(2026, 9, 14), 0, id="the same day is 0"),
        pytest.param(date(2026, 9, 15), date(2026, 9, 14), 0, id="the future is 0, not negative"),
        pytest.param(
            date(2026, 9, 12), date(2026, 9, 14), 1, id="from a Saturday the Monday is the first day"
        ),
    ],
)
def test_school_days_since(calendar, start, end, expected):
    assert calendar.school_days_since(start, end) == expected


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        pytest.param(date(2026, 9, 4), 1, date(2026, 9, 8), id="the next school day after Labor Day weekend"),
        pytest.param(date(2026, 9, 8), -1, date(2026, 9, 4), id="backwards over Labor Day"),
        pytest.param(date(2026, 9, 5), 0, date(2026, 9, 8), id="0 rolls a closed day forward"),
        pytest.param(date(2026, 9, 8), 0, date(2026, 9, 8), id="0 keeps a school day"),
        pytest.param(date(2027, 6, 11), 1, None, id="past the last year there is no answer"),
        pytest.param(date(2026, 8, 31), -1, None, id="before the first year there is no answer"),
    ],
)
def test_add_school_days(calendar, day, count, expected):
    assert calendar.add_school_days(day, count) == expected


def test_a_snow_day_inside_a_testing_window_is_a_snow_day(calendar):
    snowed = calendar.with_closures(
        [Closure(date(2027, 3, 3), date(2027, 3, 3), ClosureKind.SNOW, "Snow day")]
    )
    assert calendar.is_school_day(date(2027, 3, 3))
    assert not snowed.is_school_day(date(2027, 3, 3))
    assert snowed.closure_on(date(2027, 3, 3)).title == "Snow day"
    assert snowed.closure_on(date(2027, 3, 4)).title == "State tests"


def test_a_snow_day_pauses_the_clock(calendar):
    snowed = calendar.with_closures(
        [Closure(date(2027, 2, 3), date(2027, 2, 3), ClosureKind.SNOW, "Snow day")]
    )
    assert calendar.school_days_since(date(2027, 2, 1), date(2027, 2, 8)) == 5
    assert snowed.school_days_since(date(2027, 2, 1), date(2027, 2, 8)) == 4


def test_overlapping_breaks_are_counted_once():
    year = SchoolYear("2026-27", date(2026, 9, 1), date(2027, 6, 1))
    one = Closure(date(2026, 12, 21), date(2027, 1, 1), ClosureKind.HOLIDAY, "Winter break")
    two = Closure(date(2026, 12, 24), date(2027, 1, 4), ClosureKind.HOLIDAY, "District office closed")
    calendar = SchoolCalendar((year,), closures=(one, two))
    assert calendar.add_school_days(date(2026, 12, 18), 1) == date(2027, 1, 5)


def test_a_year_without_a_break_has_every_weekday():
    calendar = SchoolCalendar((SchoolYear("short", date(2026, 9, 7), date(2026, 9, 20)),))
    assert calendar.count_school_days(date(2026, 9, 1), date(2026, 9, 30)) == 10


def test_terms_and_years_are_found_by_day(calendar):
    assert calendar.term_of(date(2026, 12, 1)).label == "Fall"
    assert calendar.term_of(date(2027, 1, 18)) is None
    assert calendar.year_of(date(2027, 6, 11)).label == "2026-27"
    assert calendar.year_of(date(2027, 7, 1)) is None


def test_a_closure_that_ends_before_it_starts_is_refused():
    with pytest.raises(ValueError, match="before it starts"):
        Closure(date(2026, 9, 8), date(2026, 9, 7), ClosureKind.HOLIDAY, "Labor Day")


DAYS = st.dates(date(2026, 8, 1), date(2027, 7, 1))


@given(DAYS, DAYS)
def test_counts_and_lists_agree(calendar, start, end):
    days = calendar.school_days(start, end)
    naive = [
        start + timedelta(days=n)
        for n in range((end - start).days + 1)
        if calendar.is_school_day(start + timedelta(days=n))
    ]
    assert list(days) == naive
    assert calendar.count_school_days(start, end) == len(naive)


@given(DAYS, st.integers(1, 60))
def test_adding_school_days_is_the_inverse_of_counting_them(calendar, day, count):
    there = calendar.add_school_days(day, count)
    if there is not None:
        assert calendar.is_school_day(there)
        assert calendar.school_days_since(day, there) == count
