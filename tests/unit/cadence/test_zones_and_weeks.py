"""Clocks that change, two zones in one district, weeks that start on Sunday, and the edges of a school year."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from handlers.week import week_of
from protocols.cadence.calendar import Half, SchoolCalendar
from protocols.cadence.calendar_end import find_gap
from protocols.cadence.moments import MomentFault, read_moment, say_day
from protocols.cadence.protected import Audience, ProtectedRule, protected_minutes
from protocols.cadence.sending import digest_instant, may_send, next_open

EAST, CENTRAL = ZoneInfo("America/New_York"), ZoneInfo("America/Chicago")
ARIZONA = ZoneInfo("America/Phoenix")
ANYONE = Audience()
TUESDAYS = (ProtectedRule(1, Half.AM, "all", date(2026, 8, 31)),)
AUTUMN, SPRING = date(2026, 11, 1), date(2027, 3, 14)  # Sundays on which American clocks change


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize("change", [AUTUMN, SPRING], ids=["autumn", "spring"])
def test_a_protected_half_day_is_as_long_after_a_change_of_the_clock(
    calendar: SchoolCalendar, change: date
) -> None:
    week, next_week = change - timedelta(days=6), change + timedelta(days=1)
    before = protected_minutes(week, week + timedelta(days=4), TUESDAYS, calendar, ANYONE)
    after = protected_minutes(next_week, next_week + timedelta(days=4), TUESDAYS, calendar, ANYONE)
    assert before == after == 270


@pytest.mark.parametrize(
    ("tuesday", "noon"),
    [
        pytest.param("2026-10-27", "16:00", id="before the clocks go back"),
        pytest.param("2026-11-03", "17:00", id="after the clocks go back"),
        pytest.param("2027-03-09", "17:00", id="before the clocks go forward"),
        pytest.param("2027-03-16", "16:00", id="after the clocks go forward"),
    ],
)
def test_a_protected_morning_ends_at_noon_on_the_wall(
    calendar: SchoolCalendar, tuesday: str, noon: str
) -> None:
    ends = utc(f"{tuesday} {noon}")
    for instant, is_open in ((ends - timedelta(minutes=1), False), (ends, True)):
        assert may_send(instant, EAST, TUESDAYS, calendar, audience=ANYONE) is is_open


@pytest.mark.parametrize(
    ("monday", "zone", "expected"),
    [
        pytest.param(date(2026, 10, 26), EAST, "2026-10-26 10:30", id="before the clocks go back"),
        pytest.param(date(2026, 11, 2), EAST, "2026-11-02 11:30", id="the Monday after they went back"),
        pytest.param(date(2027, 3, 8), EAST, "2027-03-08 11:30", id="before the clocks go forward"),
        pytest.param(date(2027, 3, 15), EAST, "2027-03-15 10:30", id="the Monday after they went forward"),
        pytest.param(date(2027, 3, 15), CENTRAL, "2027-03-15 11:30", id="an hour later in the other zone"),
        pytest.param(
            date(2026, 10, 26), ARIZONA, "2026-10-26 13:30", id="where clocks do not change, autumn"
        ),
        pytest.param(date(2027, 3, 15), ARIZONA, "2027-03-15 13:30", id="where clocks do not change, spring"),
    ],
)
def test_the_digest_comes_at_half_past_six_on_the_wall(
    calendar: SchoolCalendar, monday: date, zone: ZoneInfo, expected: str
) -> None:
    assert digest_instant(monday, zone, [], calendar, audience=ANYONE) == utc(expected)


@pytest.mark.parametrize("change", [AUTUMN, SPRING], ids=["autumn", "spring"])
def test_an_interval_is_counted_in_days_whatever_the_clocks_do(
    calendar: SchoolCalendar, change: date
) -> None:
    friday, monday = change - timedelta(days=2), change + timedelta(days=1)
    assert calendar.school_days_since(friday, monday) == 1
    assert calendar.add_school_days(friday, 1) == monday


def test_one_moment_is_protected_for_one_zone_and_open_for_the_other(calendar: SchoolCalendar) -> None:
    moment = utc("2026-12-01 17:15")  # a quarter past twelve in New York, past eleven in Chicago
    assert may_send(moment, EAST, TUESDAYS, calendar, audience=ANYONE)
    assert not may_send(moment, CENTRAL, TUESDAYS, calendar, audience=ANYONE)
    assert next_open(moment, CENTRAL, TUESDAYS, calendar, audience=ANYONE) == utc("2026-12-01 18:00")


@pytest.mark.parametrize(
    ("today", "monday"),
    [
        pytest.param(date(2026, 11, 27), date(2026, 11, 23), id="Friday: the week that ends"),
        pytest.param(date(2026, 11, 28), date(2026, 11, 30), id="Saturday: the coming week"),
        pytest.param(date(2026, 11, 29), date(2026, 11, 30), id="Sunday: the week that begins"),
        pytest.param(date(2026, 11, 30), date(2026, 11, 30), id="Monday"),
        pytest.param(date(2027, 1, 3), date(2027, 1, 4), id="the Sunday after New Year"),
        pytest.param(date(2026, 12, 31), date(2026, 12, 28), id="a week over the year's end"),
    ],
)
def test_this_week_for_whom_it_begins_on_sunday_and_for_whom_on_monday(today: date, monday: date) -> None:
    assert week_of(today) == (monday, monday + timedelta(days=6))


@pytest.mark.parametrize(
    ("now", "words", "expected"),
    [
        ("2026-11-29 18:00", "this Tuesday 9:00", date(2026, 12, 1)),  # on a Sunday
        ("2026-11-28 18:00", "this Tuesday 9:00", date(2026, 12, 1)),  # on a Saturday
        ("2026-11-29 18:00", "Tuesday 9:00", date(2026, 12, 1)),
        ("2026-11-30 07:00", "this Tuesday 9:00", date(2026, 12, 1)),
        ("2026-12-31 18:00", "Tuesday 9:00", date(2027, 1, 5)),
        ("2026-12-31 18:00", "5 Jan 9:00", date(2027, 1, 5)),
    ],
)
def test_days_named_at_the_edge_of_a_week_or_year(now: str, words: str, expected: date) -> None:
    assert read_moment(words, datetime.fromisoformat(now)).day == expected


def test_on_a_weekday_this_week_may_be_past() -> None:
    with pytest.raises(MomentFault, match="is past"):
        read_moment("this Monday", datetime.fromisoformat("2026-12-02 09:00"))


def test_the_year_boundary_makes_nobody_late(calendar: SchoolCalendar) -> None:
    assert calendar.school_days_since(date(2026, 12, 18), date(2027, 1, 4)) == 1
    assert calendar.year_of(date(2026, 12, 31)) == calendar.year_of(date(2027, 1, 1))
    assert say_day(date(2027, 1, 5), date(2026, 12, 30)) == "Tue 5 Jan"


LAST = date(2027, 6, 11)


def test_the_last_school_day_is_one_and_after_it_there_is_none(calendar: SchoolCalendar) -> None:
    assert calendar.is_visit_day(LAST)
    assert calendar.takes_visit(LAST, time(13), concerns=())
    assert calendar.add_school_days(LAST, 1) is None
    assert calendar.count_school_days(LAST, LAST + timedelta(days=60)) == 1
    assert next_open(utc("2027-06-11 20:00"), EAST, (), calendar, audience=ANYONE) == utc("2027-06-11 20:00")
    assert next_open(utc("2027-06-11 21:00"), EAST, (), calendar, audience=ANYONE) is None


def test_summer_sends_no_digest_and_makes_nobody_late(calendar: SchoolCalendar) -> None:
    for week in range(1, 12):
        monday = date(2027, 6, 7) + timedelta(weeks=week)
        assert digest_instant(monday, EAST, (), calendar, audience=ANYONE) is None
    assert calendar.school_days_since(LAST, date(2027, 8, 20)) == 0


@pytest.mark.parametrize(
    ("today", "is_asked"),
    [
        pytest.param(date(2027, 5, 11), False, id="a month and a day before the end"),
        pytest.param(date(2027, 5, 12), True, id="a month before the end"),
        pytest.param(LAST, True, id="the last day"),
        pytest.param(date(2027, 7, 15), True, id="summer"),
    ],
)
def test_the_next_school_year_is_asked_for_in_time(
    calendar: SchoolCalendar, today: date, is_asked: bool
) -> None:
    gap = find_gap(calendar, today)
    assert (gap is not None) is is_asked
    if gap is not None:
        assert "school year 2027-28" in gap.sentence(today)


def test_a_calendar_without_a_school_year_is_asked_for_at_once() -> None:
    gap = find_gap(SchoolCalendar(()), date(2026, 9, 1))
    assert gap is not None
    assert "school year 2026-27 from" in gap.sentence(date(2026, 9, 1))
