"""The clock of an answer runs in school hours."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.cadence.answer_clock import after_school_time, due, reminder
from protocols.cadence.calendar import SchoolCalendar

EAST, CENTRAL = ZoneInfo("America/New_York"), ZoneInfo("America/Chicago")


def at(words: str, zone: ZoneInfo = EAST) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("asked", "days", "expected"),
    [
        pytest.param("2026-11-30 10:00", 2, "2026-12-02 10:00", id="two days later at the same hour"),
        pytest.param("2026-12-04 15:00", 1, "2026-12-07 15:00", id="over a weekend"),
        pytest.param("2026-12-05 15:00", 1, "2026-12-07 16:00", id="asked on a Saturday: all of Monday"),
        pytest.param("2026-11-30 06:00", 1, "2026-11-30 16:00", id="asked before school: all of that day"),
        pytest.param("2026-11-30 19:00", 1, "2026-12-01 16:00", id="asked in the evening: all of the next"),
        pytest.param("2026-11-24 15:00", 2, "2026-12-01 15:00", id="over a break"),
        pytest.param("2026-10-30 15:00", 1, "2026-11-02 15:00", id="over the end of daylight saving"),
        pytest.param("2027-03-12 15:00", 1, "2027-03-15 15:00", id="over the start of daylight saving"),
        pytest.param("2027-06-11 15:00", 3, "2027-06-14 15:00", id="past the end of the calendar"),
    ],
)
def test_when_an_answer_is_due(calendar: SchoolCalendar, asked: str, days: int, expected: str) -> None:
    assert due(at(asked), days, calendar, EAST) == at(expected)


def test_the_clock_is_that_of_whoever_answers(calendar: SchoolCalendar) -> None:
    """Asked at 16:30 in the East, when school is still open in the Central zone."""
    assert due(at("2026-11-30 16:30"), 1, calendar, EAST) == at("2026-12-01 16:00")
    assert due(at("2026-11-30 16:30"), 1, calendar, CENTRAL) == at("2026-12-01 15:30", CENTRAL)


def test_the_reminder_comes_when_half_the_time_has_gone(calendar: SchoolCalendar) -> None:
    assert reminder(at("2026-11-30 10:00"), 2, calendar, EAST) == at("2026-12-01 10:00")
    assert reminder(at("2026-11-30 10:00"), 1, calendar, EAST) == at("2026-11-30 14:15")


@given(
    minutes=st.integers(0, 60 * 24 * 300),
    some=st.integers(1, 5000),
    more=st.integers(0, 5000),
)
def test_more_time_is_never_due_sooner_and_always_in_school_hours(
    calendar: SchoolCalendar, minutes: int, some: int, more: int
) -> None:
    since = at("2026-08-31 00:00") + timedelta(minutes=minutes)
    first = after_school_time(since, some, calendar, EAST)
    then = after_school_time(since, some + more, calendar, EAST)
    assert since <= first
    local = first.astimezone(EAST)
    if calendar.count_school_days(since.astimezone(EAST).date(), local.date()):
        assert first <= then or then.date() > calendar.years[0].ends
