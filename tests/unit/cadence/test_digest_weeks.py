"""Breaks: nothing goes in a week without school, its items come with the next, and no deadline is lost in between."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.cadence.calendar import Closure, ClosureKind, SchoolCalendar, SchoolYear
from protocols.cadence.digest_weeks import early_day, has_school, is_for, next_digest_week

YEAR = SchoolYear("2026-27", date(2026, 8, 31), date(2027, 6, 18))
CALENDAR = SchoolCalendar(
    years=(YEAR,),
    closures=(
        Closure(date(2026, 11, 26), date(2026, 11, 27), ClosureKind.HOLIDAY, "Thanksgiving"),
        Closure(date(2026, 12, 24), date(2027, 1, 8), ClosureKind.HOLIDAY, "Winter break"),
        Closure(date(2027, 2, 15), date(2027, 2, 19), ClosureKind.HOLIDAY, "Midwinter recess"),
        Closure(date(2027, 3, 22), date(2027, 3, 25), ClosureKind.SNOW, "Snow"),
    ),
)


@pytest.mark.parametrize(
    ("week", "school", "following", "early"),
    [
        pytest.param(date(2026, 11, 23), True, date(2026, 11, 30), None, id="three days are a week"),
        pytest.param(date(2026, 12, 21), True, date(2027, 1, 11), None, id="the last days before a break"),
        pytest.param(
            date(2026, 12, 28), False, date(2027, 1, 11), date(2026, 12, 23), id="a break's first week"
        ),
        pytest.param(date(2027, 1, 4), False, date(2027, 1, 11), None, id="a break's second week"),
        pytest.param(date(2027, 2, 15), False, date(2027, 2, 22), date(2027, 2, 12), id="a week off"),
        pytest.param(date(2027, 3, 22), True, date(2027, 3, 29), None, id="snow until Thursday"),
        pytest.param(date(2027, 6, 14), True, None, None, id="the last week that the calendar knows"),
        pytest.param(date(2027, 6, 21), False, None, date(2027, 6, 18), id="summer"),
        pytest.param(date(2026, 8, 24), False, date(2026, 8, 31), None, id="before the year"),
    ],
)
def test_weeks_and_breaks(week: date, school: bool, following: date | None, early: date | None) -> None:
    assert has_school(week, CALENDAR) is school
    assert next_digest_week(week, CALENDAR) == following
    assert early_day(week, CALENDAR) == early


@pytest.mark.parametrize(
    ("week", "meant", "due", "expected"),
    [
        pytest.param(date(2026, 12, 7), None, None, True, id="without a day, at once"),
        pytest.param(date(2026, 12, 7), None, date(2027, 5, 3), True, id="with a far day, at once"),
        pytest.param(date(2026, 12, 7), date(2026, 12, 7), None, True, id="meant for this week"),
        pytest.param(date(2026, 12, 7), date(2026, 12, 14), None, False, id="meant for a later week"),
        pytest.param(date(2026, 12, 7), date(2026, 11, 30), None, True, id="meant for a week that is over"),
        pytest.param(
            date(2026, 12, 7),
            date(2026, 12, 14),
            date(2026, 12, 11),
            True,
            id="nothing waits past its own day",
        ),
        pytest.param(
            date(2026, 12, 21), date(2026, 12, 28), date(2027, 1, 6), True, id="meant for a break, due in it"
        ),
        pytest.param(
            date(2026, 12, 21),
            date(2026, 12, 28),
            date(2027, 1, 20),
            False,
            id="meant for a break, due after it",
        ),
        pytest.param(date(2027, 1, 11), date(2026, 12, 28), date(2027, 1, 20), True, id="and told after it"),
        pytest.param(date(2026, 12, 28), None, date(2027, 1, 6), True, id="early: due in the break"),
        pytest.param(
            date(2026, 12, 28), None, date(2027, 1, 11), True, id="early: due on the first day back"
        ),
        pytest.param(date(2026, 12, 28), None, date(2027, 1, 12), False, id="early: due after it"),
        pytest.param(date(2026, 12, 28), None, None, False, id="early: without a day"),
        pytest.param(
            date(2027, 6, 21), None, date(2027, 7, 1), True, id="early: due in a summer without end"
        ),
    ],
)
def test_which_digest_tells_it(week: date, meant: date | None, due: date | None, expected: bool) -> None:
    assert is_for(week, meant=meant, due=due, calendar=CALENDAR) is expected


MONDAYS = [date(2026, 8, 31) + timedelta(days=7 * n) for n in range(42)]


@given(
    decided=st.dates(date(2026, 9, 1), date(2027, 5, 31)),
    due=st.none() | st.dates(date(2026, 9, 1), date(2027, 6, 30)),
    weeks_on=st.none() | st.integers(0, 12),
    closures=st.lists(
        st.tuples(st.dates(date(2026, 9, 1), date(2027, 6, 1)), st.integers(0, 20)), max_size=5
    ),
)
def test_everything_is_told_and_before_its_day_if_any_digest_can(
    decided: date, due: date | None, weeks_on: int | None, closures: list[tuple[date, int]]
) -> None:
    calendar = SchoolCalendar(
        years=(YEAR,),
        closures=tuple(
            Closure(start, start + timedelta(days=length), ClosureKind.HOLIDAY, "Closed")
            for start, length in closures
        ),
    )
    meant = (
        None if weeks_on is None else decided - timedelta(days=decided.weekday()) + timedelta(7 * weeks_on)
    )
    goes = {}
    for week in MONDAYS:
        days = calendar.school_days(week, week + timedelta(days=6))
        day = days[0] if days else early_day(week, calendar)
        if day is not None and day > decided:
            goes[day] = is_for(week, meant=meant, due=due, calendar=calendar)
    told = [day for day, is_told in goes.items() if is_told]
    in_time = [day for day in goes if due is not None and day <= due]
    if goes and (meant is None or meant <= MONDAYS[-1]) and any(day > (meant or decided) for day in goes):
        assert told or not [day for day in goes if has_school(day - timedelta(days=day.weekday()), calendar)]
    if in_time and due is not None:
        assert told
        assert told[0] <= due
