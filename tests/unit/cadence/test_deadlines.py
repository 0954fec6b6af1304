"""On which days an open deadline is brought up."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.cadence.calendar import Closure, ClosureKind, SchoolCalendar, SchoolYear
from protocols.cadence.deadlines import MOST_DAYS, Deadline, due_reminders, reminder_days

CALENDAR = SchoolCalendar(
    years=(SchoolYear("2026-27", date(2026, 8, 31), date(2027, 6, 18)),),
    closures=(Closure(date(2026, 12, 21), date(2027, 1, 1), ClosureKind.HOLIDAY, "Winter break"),),
)


def deadline(told: str, due: str, *, do_not_drop: bool = False) -> Deadline:
    return Deadline(1, date.fromisoformat(due), date.fromisoformat(told), do_not_drop)


@pytest.mark.parametrize(
    ("one", "days", "expected"),
    [
        pytest.param(deadline("2026-12-07", "2026-12-11"), 2, ["2026-12-09"], id="two school days before"),
        pytest.param(
            deadline("2026-12-07", "2026-12-11", do_not_drop=True),
            2,
            ["2026-12-09", "2026-12-10"],
            id="what must not be dropped also the day before",
        ),
        pytest.param(deadline("2026-12-07", "2026-12-15"), 2, ["2026-12-11"], id="over a weekend"),
        pytest.param(deadline("2026-12-07", "2026-12-13"), 2, ["2026-12-10"], id="due on a Sunday"),
        pytest.param(deadline("2026-12-07", "2026-12-09"), 2, ["2026-12-08"], id="told two days before"),
        pytest.param(
            deadline("2026-12-07", "2026-12-09", do_not_drop=True),
            2,
            ["2026-12-08"],
            id="then once, not twice",
        ),
        pytest.param(deadline("2026-12-07", "2026-12-08"), 2, [], id="told the day before"),
        pytest.param(deadline("2026-12-07", "2026-12-07"), 2, [], id="told on its day"),
        pytest.param(deadline("2026-12-14", "2026-12-28"), 2, ["2026-12-17"], id="due in a break"),
        pytest.param(deadline("2026-12-14", "2027-01-04"), 2, ["2026-12-17"], id="due on the first day back"),
        pytest.param(
            deadline("2026-12-18", "2026-12-28", do_not_drop=True),
            2,
            [],
            id="told on the last day before a break",
        ),
        pytest.param(
            deadline("2026-12-07", "2026-12-18"), 5, ["2026-12-11"], id="as many days as somebody wants"
        ),
        pytest.param(deadline("2027-06-14", "2027-08-02"), 2, ["2027-06-17"], id="due in summer"),
    ],
)
def test_the_days_on_which_a_deadline_is_brought_up(one: Deadline, days: int, expected: list[str]) -> None:
    assert [day.isoformat() for day in reminder_days(one, CALENDAR, days=days)] == expected


@given(
    st.dates(date(2026, 9, 1), date(2027, 6, 30)),
    st.integers(-3, 60),
    st.booleans(),
    st.integers(1, MOST_DAYS),
)
def test_every_reminder_is_on_a_school_day_after_it_was_told_and_before_it_is_due(
    told: date, length: int, do_not_drop: bool, days: int
) -> None:
    one = Deadline(1, told + timedelta(days=length), told, do_not_drop)
    found = reminder_days(one, CALENDAR, days=days)
    assert len(found) <= 1 + do_not_drop
    assert all(told < day < one.due and CALENDAR.is_school_day(day) for day in found)
    between = CALENDAR.school_days(told + timedelta(days=1), one.due - timedelta(days=1))
    assert bool(found) == bool(between)


def test_what_was_missed_is_made_up_for_until_its_day_and_the_nearest_comes_first() -> None:
    late = deadline("2026-12-07", "2026-12-11", do_not_drop=True)
    near = Deadline(2, date(2026, 12, 10), date(2026, 12, 7))
    asked = {day: due_reminders([late, near], date(2026, 12, day), CALENDAR) for day in range(7, 13)}
    assert {day: [(one.key, meant.day) for one, meant in found] for day, found in asked.items()} == {
        7: [],
        8: [(2, 8)],
        9: [(2, 8), (1, 9)],
        10: [(2, 8), (1, 10)],
        11: [(1, 10)],
        12: [],
    }
