"""Until when a demand is held."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.buffer.holding import hold_day, last_hold_day

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("due", "back", "last"),
    [
        pytest.param(None, date(2026, 12, 8), date(2027, 3, 24), id="no day: in two weeks"),
        pytest.param(date(2027, 1, 20), date(2027, 1, 6), date(2027, 1, 19), id="far off: two weeks before"),
        pytest.param(date(2026, 12, 4), date(2026, 11, 29), date(2026, 12, 3), id="near: half-way to it"),
        pytest.param(date(2026, 11, 25), date(2026, 11, 25), date(2026, 11, 24), id="tomorrow"),
        pytest.param(date(2026, 11, 20), date(2026, 12, 1), date(2027, 3, 24), id="passed: in a week"),
    ],
)
def test_when_it_comes_back(due: date | None, back: date, last: date) -> None:
    assert (hold_day(due, TODAY), last_hold_day(due, TODAY)) == (back, last)


def test_a_time_that_is_no_day_is_not_left_for_long() -> None:
    assert hold_day(None, TODAY, is_running=True) == date(2026, 11, 27)


@given(st.dates(TODAY + timedelta(days=2), TODAY + timedelta(days=400)))
def test_it_comes_back_before_its_own_day_and_never_at_once(due: date) -> None:
    assert TODAY < hold_day(due, TODAY) < due
