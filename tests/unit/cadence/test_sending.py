"""When an unasked-for message may go."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.cadence.calendar import Closure, ClosureKind, Half
from protocols.cadence.protected import Audience, ProtectedRule
from protocols.cadence.sending import Away, Hours, digest_instant, instant_of, may_send, next_open

ZONES = [
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Phoenix",
    "Pacific/Honolulu",
]
EAST = ZoneInfo("America/New_York")
AUGUST = date(2026, 8, 1)
ANYONE = Audience.of(network="North", role="principal")


def protect(*halves: tuple[int, Half]) -> list[ProtectedRule]:
    return [ProtectedRule(weekday, half, "all", AUGUST) for weekday, half in halves]


@pytest.mark.parametrize(
    ("week", "rules", "local"),
    [
        pytest.param(date(2026, 11, 30), [], "2026-11-30 06:30", id="an ordinary Monday"),
        pytest.param(
            date(2026, 11, 30),
            protect((0, Half.AM)),
            "2026-11-30 12:00",
            id="a protected morning waits for noon",
        ),
        pytest.param(
            date(2026, 11, 30),
            protect((0, Half.PM)),
            "2026-11-30 06:30",
            id="a protected afternoon does not matter",
        ),
        pytest.param(
            date(2026, 11, 30),
            protect((0, Half.AM), (0, Half.PM)),
            "2026-12-01 06:30",
            id="a protected Monday",
        ),
        pytest.param(
            date(2026, 11, 30),
            protect((0, Half.AM), (0, Half.PM), (1, Half.AM)),
            "2026-12-01 12:00",
            id="a protected Monday and Tuesday morning",
        ),
        pytest.param(date(2026, 9, 7), [], "2026-09-08 06:30", id="Labor Day moves it to Tuesday"),
        pytest.param(
            date(2026, 9, 7),
            protect((1, Half.AM)),
            "2026-09-08 12:00",
            id="to Tuesday noon if that morning is protected",
        ),
        pytest.param(date(2026, 12, 21), [], None, id="a whole week closed has no digest"),
        pytest.param(date(2026, 6, 15), [], None, id="nor has a week before the year"),
        pytest.param(date(2027, 3, 1), [], "2027-03-01 06:30", id="a testing week has one"),
        pytest.param(
            date(2026, 11, 30),
            protect(*((weekday, half) for weekday in range(5) for half in Half)),
            None,
            id="a week with no open half-hour has none",
        ),
    ],
)
def test_when_the_digest_goes(calendar, week, rules, local):
    found = digest_instant(week, EAST, rules, calendar, audience=ANYONE)
    assert (found and f"{found.astimezone(EAST):%Y-%m-%d %H:%M}") == local


def test_a_snow_day_on_monday_moves_the_digest(calendar):
    snow = Closure(date(2027, 2, 1), date(2027, 2, 1), ClosureKind.SNOW, "Snow day")
    found = digest_instant(date(2027, 2, 1), EAST, [], calendar.with_closures([snow]), audience=ANYONE)
    assert found.astimezone(EAST).date() == date(2027, 2, 2)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    "week", [date(2026, 10, 26), date(2026, 11, 2), date(2027, 3, 8), date(2027, 3, 15)], ids=str
)
def test_the_digest_keeps_its_wall_time_over_a_change_of_the_clock(calendar, zone, week):
    found = digest_instant(week, ZoneInfo(zone), [], calendar, audience=ANYONE)
    assert found.astimezone(ZoneInfo(zone)).time() == time(6, 30)
    assert found.tzinfo is UTC


def test_the_six_zones_get_it_at_six_different_hours_but_one_wall_time(calendar):
    found = [
        digest_instant(date(2027, 1, 11), ZoneInfo(zone), [], calendar, audience=ANYONE) for zone in ZONES
    ]
    assert [instant.hour for instant in found] == [11, 12, 13, 14, 13, 16]


def test_a_week_that_does_not_begin_on_monday_is_refused(calendar):
    with pytest.raises(ValueError, match="not a Monday"):
        digest_instant(date(2026, 12, 1), EAST, [], calendar, audience=ANYONE)


def test_missing_time():
    assert instant_of(date(2027, 3, 14), time(2, 30), EAST).astimezone(EAST).time() == time(3, 30)


def test_repeated_time():
    first = instant_of(date(2026, 11, 1), time(1, 30), EAST)
    assert first == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "rules", "quiet", "expected"),
    [
        pytest.param("2026-11-30 10:07", [], None, "2026-11-30 10:07", id="in working hours it goes at once"),
        pytest.param("2026-11-30 05:00", [], None, "2026-11-30 07:00", id="before work it waits for seven"),
        pytest.param(
            "2026-11-30 17:00", [], None, "2026-12-01 07:00", id="after work it waits for the morning"
        ),
        pytest.param("2026-12-04 16:59", [], None, "2026-12-04 16:59", id="the last minute of the week"),
        pytest.param("2026-12-04 18:00", [], None, "2026-12-07 07:00", id="a weekend is left alone"),
        pytest.param("2026-12-18 17:30", [], None, "2027-01-04 07:00", id="so is a winter break"),
        pytest.param(
            "2026-12-01 09:00", protect((1, Half.AM)), None, "2026-12-01 12:00", id="protected till noon"
        ),
        pytest.param(
            "2026-12-01 13:00", protect((1, Half.PM)), None, "2026-12-02 07:00", id="protected till evening"
        ),
        pytest.param(
            "2026-11-30 08:00",
            [],
            Hours(time(7), time(9)),
            "2026-11-30 09:00",
            id="a person's own quiet hours",
        ),
        pytest.param(
            "2026-11-30 15:10",
            [],
            Hours(time(15), time(8)),
            "2026-12-01 08:00",
            id="quiet hours over midnight",
        ),
        pytest.param("2026-11-30 10:00", [], Hours(time(0), time(23, 59)), None, id="quiet all day is never"),
        pytest.param(
            "2027-06-11 18:00", [], None, None, id="after the last known year there is no open time"
        ),
    ],
)
def test_when_a_reminder_goes(calendar, now, rules, quiet, expected):
    instant = datetime.fromisoformat(now).replace(tzinfo=EAST)
    found = next_open(instant, EAST, rules, calendar, audience=ANYONE, quiet=quiet)
    assert (found and f"{found.astimezone(EAST):%Y-%m-%d %H:%M}") == expected


@given(
    now=st.datetimes(datetime(2026, 8, 20), datetime(2027, 6, 30), timezones=st.just(UTC)),  # noqa: DTZ001  # made aware by timezones
    zone=st.sampled_from(ZONES),
    halves=st.sets(st.tuples(st.integers(0, 4), st.sampled_from(list(Half))), max_size=8),
)
def test_the_next_open_moment_is_open_and_no_half_hour_before_it_is(calendar, now, zone, halves):
    place, rules = ZoneInfo(zone), protect(*halves)
    found = next_open(now, place, rules, calendar, audience=ANYONE)
    if found is None:
        return
    assert found >= now
    assert may_send(found, place, rules, calendar, audience=ANYONE)
    if found > now:
        assert not may_send(now, place, rules, calendar, audience=ANYONE)
        earlier = found - timedelta(minutes=1)
        assert earlier < now or not may_send(earlier, place, rules, calendar, audience=ANYONE)


CLOCK = st.builds(time, st.integers(0, 23), st.sampled_from([0, 10, 30, 45]))
HOURS = st.builds(Hours, CLOCK, CLOCK)
AWAY = st.builds(
    lambda day, days: Away(day, day + timedelta(days=days)),
    st.dates(date(2026, 8, 20), date(2027, 6, 10)),
    st.integers(0, 200),
)


@given(
    now=st.datetimes(datetime(2026, 8, 20), datetime(2027, 6, 30), timezones=st.just(UTC)),  # noqa: DTZ001  # made aware by timezones
    zone=st.sampled_from(ZONES),
    halves=st.sets(st.tuples(st.integers(0, 4), st.sampled_from(list(Half))), max_size=8),
    working=HOURS,
    quiet=st.none() | HOURS,
    away=st.none() | AWAY,
)
def test_the_next_open_moment_heeds_hours_quiet_and_days_away(
    calendar, now, zone, halves, working, quiet, away
):
    place, rules = ZoneInfo(zone), protect(*halves)
    wishes = {"audience": ANYONE, "working": working, "quiet": quiet, "away": away}
    found = next_open(now, place, rules, calendar, **wishes)
    if found is None:
        return
    local = found.astimezone(place)
    assert found >= now
    assert working.covers(local.time())
    assert quiet is None or not quiet.covers(local.time())
    assert away is None or not away.covers(local.date())
    assert may_send(found, place, rules, calendar, **wishes)
    if found > now:
        earlier = found - timedelta(minutes=1)
        assert earlier < now or not may_send(earlier, place, rules, calendar, **wishes)


@given(
    now=st.datetimes(datetime(2026, 9, 1), datetime(2027, 1, 10), timezones=st.just(UTC)),  # noqa: DTZ001  # made aware by timezones
    days=st.integers(0, 60),
)
def test_who_comes_back_while_there_is_school_is_written_to_then(calendar, now, days):
    away = Away(now.date() - timedelta(days=1), now.date() + timedelta(days=days))
    found = next_open(now, EAST, [], calendar, audience=ANYONE, away=away)
    assert found is not None
    first = next(iter(calendar.school_days(away.ends + timedelta(days=1), away.ends + timedelta(days=30))))
    assert found.astimezone(EAST).date() == first


def test_days_away_that_end_before_they_begin_are_refused():
    with pytest.raises(ValueError, match="is before"):
        Away(date(2026, 12, 2), date(2026, 12, 1))
