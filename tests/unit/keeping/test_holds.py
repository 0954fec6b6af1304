"""What a hold covers, and its period in words."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.keeping.hold_words import PeriodFault, read_period
from protocols.keeping.holds import Bearing, Hold, is_held

TODAY = date(2026, 11, 24)
OCTOBER = date(2026, 10, 5)


def hold(
    *people: int, schools: tuple[int, ...] = (), starts: date | None = None, ends: date | None = None
) -> Hold:
    return Hold(1, frozenset(people), frozenset(schools), starts, ends)


def about(*people: int, schools: tuple[int, ...] = (), day: date | None = OCTOBER) -> Bearing:
    return Bearing(frozenset(people), frozenset(schools), day)


@pytest.mark.parametrize(
    ("one", "record", "is_covered"),
    [
        (hold(7), about(7), True),
        (hold(7), about(8), False),
        (hold(7), about(8, 7), True),
        (hold(schools=(3,)), about(8, schools=(3,)), True),
        (hold(schools=(3,)), about(8, schools=(4,)), False),
        (hold(7, schools=(3,)), about(7, schools=(4,)), True),
        (hold(), about(8), True),  # everything
        (hold(7), about(), True),  # a record that names nobody is kept rather than let go
        (hold(7, starts=OCTOBER), about(7), True),
        (hold(7, ends=OCTOBER), about(7), True),
        (hold(7, starts=date(2026, 10, 6)), about(7), False),
        (hold(7, ends=date(2026, 10, 4)), about(7), False),
        (hold(7, starts=date(2026, 10, 6)), about(7, day=None), True),
    ],
)
def test_a_hold_covers(one: Hold, record: Bearing, is_covered: bool) -> None:
    assert one.covers(record) is is_covered
    assert is_held([one], record) is is_covered
    assert not is_held([], record)


@pytest.mark.parametrize(
    ("starts", "ends", "period"),
    [
        ("", "", (None, None)),
        ("1 September", "", (date(2026, 9, 1), None)),
        ("1 December", "", (date(2025, 12, 1), None)),
        ("2024-08-30", "", (date(2024, 8, 30), None)),
        ("9/1/2026", "10/31/2026", (date(2026, 9, 1), date(2026, 10, 31))),
        ("1 Sep", "30 Jun", (date(2026, 9, 1), date(2027, 6, 30))),
        ("", "31 October", (None, date(2026, 10, 31))),
        ("Aug 30, 2024", "today", (date(2024, 8, 30), TODAY)),
    ],
)
def test_a_period_in_words(starts: str, ends: str, period: tuple[date | None, date | None]) -> None:
    assert read_period(starts, ends, TODAY) == period


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        ("September", ""),
        ("the flood", ""),
        ("5", ""),
        ("1 Sep 2026", "1 Aug 2026"),
        ("30 Feb", ""),
        ("1 May 12", "x"),
    ],
)
def test_a_period_that_is_not_clear_is_asked_about(starts: str, ends: str) -> None:
    with pytest.raises(PeriodFault):
        read_period(starts, ends, TODAY)


@given(starts=st.text(max_size=40), ends=st.text(max_size=40))
def test_whatever_is_written_a_period_is_read_or_asked_about(starts: str, ends: str) -> None:
    try:
        first, last = read_period(starts, ends, TODAY)
    except PeriodFault:
        return
    assert first is None or last is None or first <= last


@given(
    st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    st.sampled_from(("%Y-%m-%d", "%d %B %Y", "%B %d, %Y", "%m/%d/%Y")),
)
def test_a_day_with_its_year_is_read_as_it_was_written(day: date, form: str) -> None:
    assert read_period(day.strftime(form), "", TODAY) == (day, None)
