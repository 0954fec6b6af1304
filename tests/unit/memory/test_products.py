"""What was promised is asked for two days before, on a school day."""

from datetime import date

import pytest

from protocols.cadence.calendar import Closure, ClosureKind, SchoolCalendar, SchoolYear
from protocols.memory.products import ask_on, is_asked_for

CALENDAR = SchoolCalendar(
    years=(SchoolYear("2026-27", date(2026, 8, 31), date(2027, 6, 18)),),
    closures=(Closure(date(2026, 11, 25), date(2026, 11, 27), ClosureKind.HOLIDAY, "Thanksgiving break"),),
)
MADE = date(2026, 11, 10)


@pytest.mark.parametrize(
    ("due", "asked"),
    [
        pytest.param(date(2026, 12, 11), date(2026, 12, 9), id="Friday: on Wednesday"),
        pytest.param(
            date(2026, 12, 8), date(2026, 12, 4), id="Tuesday: Sunday is no school day, so on Friday"
        ),
        pytest.param(date(2026, 12, 7), date(2026, 12, 4), id="Monday: on Friday"),
        pytest.param(date(2026, 11, 30), date(2026, 11, 24), id="after a break: on the last day before it"),
        pytest.param(date(2027, 8, 20), date(2027, 8, 18), id="in the summer, two days before all the same"),
    ],
)
def test_the_day_of_asking(due: date, asked: date) -> None:
    assert ask_on(due, CALENDAR) == asked


@pytest.mark.parametrize(
    ("today", "made_on", "is_asked"),
    [
        pytest.param(date(2026, 12, 8), MADE, False, id="three days before"),
        pytest.param(date(2026, 12, 9), MADE, True, id="two days before"),
        pytest.param(date(2026, 12, 11), MADE, True, id="on the day, where the clock had stopped"),
        pytest.param(date(2026, 12, 12), MADE, False, id="after the day"),
        pytest.param(date(2026, 12, 10), date(2026, 12, 9), False, id="promised only yesterday"),
    ],
)
def test_it_is_asked_for_in_time_and_not_when_fresh(today: date, made_on: date, is_asked: bool) -> None:
    due = date(2026, 12, 11)
    assert is_asked_for(due, made_on=made_on, today=today, calendar=CALENDAR) is is_asked
