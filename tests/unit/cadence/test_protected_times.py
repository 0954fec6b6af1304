"""Allowed times where people live by different clocks: two zones in one district, and the changes of the clock."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.cadence.calendar import Half, SchoolCalendar
from protocols.cadence.protected import SCHOOL_CLOSES, SCHOOL_OPENS, Audience, ProtectedRule, is_protected
from protocols.cadence.protected_times import Elsewhere, Start, found_rule, nearest_allowed, refusal

EAST, CENTRAL, PHOENIX = (
    ZoneInfo("America/New_York"),
    ZoneInfo("America/Chicago"),
    ZoneInfo("America/Phoenix"),
)
AUGUST = date(2026, 8, 31)
TUE_MORNING = ProtectedRule(1, Half.AM, "all", AUGUST)
THU_SOUTH = ProtectedRule(3, Half.PM, "network:South", AUGUST)
NORTH = Audience.of(network="North", role="principal")
SOUTH = Audience.of(network="South", role="principal")
NOW = datetime(2026, 11, 30, 8, 0)  # noqa: DTZ001  # a Monday, local wall time
TUE, THU = date(2026, 12, 1), date(2026, 12, 3)


@pytest.mark.parametrize(
    ("wanted", "minutes", "audience", "others", "expected"),
    [
        pytest.param(Start(TUE, time(12, 30)), 60, NORTH, None, None, id="half past twelve, all in the East"),
        pytest.param(
            Start(TUE, time(12, 30)), 60, NORTH, (CENTRAL, SOUTH), TUE_MORNING,
            id="an ILD in the East, a principal in the Central zone, where it is still morning",
        ),
        pytest.param(
            Start(TUE, time(13)), 60, NORTH, (CENTRAL, SOUTH), None, id="from one o'clock on it is noon there"
        ),
        pytest.param(
            Start(THU, time(12, 30)), 30, NORTH, (CENTRAL, SOUTH), None,
            id="a protected afternoon there has not begun",
        ),
        pytest.param(
            Start(THU, time(12, 30)), 31, NORTH, (CENTRAL, SOUTH), THU_SOUTH, id="one that runs a minute into it"
        ),
        pytest.param(
            Start(TUE, time(12, 30)), 60, None, (CENTRAL, SOUTH), TUE_MORNING,
            id="nobody invited lives by the asker's clock",
        ),
        pytest.param(
            Start(TUE, time(9)), 60, None, (CENTRAL, SOUTH), TUE_MORNING, id="morning by both clocks"
        ),
        pytest.param(
            Start(TUE, time(13, 30)), 30, NORTH, (PHOENIX, SOUTH), TUE_MORNING,
            id="a zone without daylight saving, two hours behind in winter",
        ),
        pytest.param(
            Start(date(2026, 9, 15), time(14, 30)), 30, NORTH, (PHOENIX, SOUTH), TUE_MORNING,
            id="the same zone, three hours behind in September",
        ),
        pytest.param(
            Start(date(2026, 9, 15), time(15)), 30, NORTH, (PHOENIX, SOUTH), None, id="and noon there at three"
        ),
    ],
)  # fmt: skip
def test_a_rule_holds_by_the_clock_of_each_person(
    calendar: SchoolCalendar,
    wanted: Start,
    minutes: int,
    audience: Audience | None,
    others: tuple[ZoneInfo, Audience] | None,
    expected: ProtectedRule | None,
) -> None:
    elsewhere = [Elsewhere(EAST, *others)] if others else []
    rules = (TUE_MORNING, THU_SOUTH)
    assert found_rule(wanted, minutes, rules, calendar, audience=audience, elsewhere=elsewhere) == expected


@pytest.mark.parametrize(
    ("day", "hour_there"),
    [
        pytest.param(date(2026, 10, 30), 8, id="the Friday before the clocks go back"),
        pytest.param(date(2026, 11, 2), 8, id="the Monday after"),
        pytest.param(date(2027, 3, 12), 8, id="the Friday before the clocks go forward"),
        pytest.param(date(2027, 3, 15), 8, id="the Monday after that"),
    ],
)
def test_two_zones_that_change_together_stay_an_hour_apart(day: date, hour_there: int) -> None:
    assert Elsewhere(EAST, CENTRAL, SOUTH).see(Start(day, time(9))) == Start(day, time(hour_there))


def test_between_a_zone_that_changes_and_one_that_does_not_the_distance_changes() -> None:
    there = Elsewhere(EAST, PHOENIX, SOUTH)
    assert there.see(Start(date(2026, 10, 30), time(12))).at == time(9)
    assert there.see(Start(date(2026, 11, 2), time(12))).at == time(10)


def test_the_times_that_are_offered_suit_both_clocks(calendar: SchoolCalendar) -> None:
    there = Elsewhere(EAST, CENTRAL, SOUTH)
    refused = refusal(
        Start(TUE, time(12, 30)),
        60,
        [TUE_MORNING],
        calendar,
        audience=NORTH,
        now=NOW,
        people=2,
        elsewhere=[there],
    )
    assert refused is not None
    assert [start.say(NOW.date()) for start in refused.nearest] == [
        "Tue 1 Dec 13:00",
        "Wed 2 Dec 8:30",
        "Mon 30 Nov 15:00",
    ]


def test_before_school_opens_over_there_nothing_is_offered_here(calendar: SchoolCalendar) -> None:
    there = Elsewhere(EAST, CENTRAL, SOUTH)
    found = nearest_allowed(
        Start(date(2026, 12, 2), time(7, 30)), 30, [], calendar, audience=NORTH, now=NOW, elsewhere=[there]
    )
    assert found[0] == Start(date(2026, 12, 2), time(8, 30))


@given(
    halves=st.sets(st.tuples(st.integers(0, 4), st.sampled_from(list(Half))), max_size=7),
    day=st.dates(date(2026, 9, 1), date(2027, 5, 28)),
    hour=st.integers(7, 16),
    minutes=st.sampled_from([30, 60, 90, 180]),
    zone=st.sampled_from([CENTRAL, PHOENIX, ZoneInfo("America/Los_Angeles")]),
    is_anybody_here=st.booleans(),
)
def test_every_offer_is_allowed_by_every_clock(
    calendar: SchoolCalendar,
    halves: set[tuple[int, Half]],
    day: date,
    hour: int,
    minutes: int,
    zone: ZoneInfo,
    is_anybody_here: bool,
) -> None:
    rules = [ProtectedRule(weekday, half, "all", AUGUST) for weekday, half in halves]
    there = Elsewhere(EAST, zone, SOUTH)
    now = datetime(2026, 8, 31)  # noqa: DTZ001  # local wall time
    audience = NORTH if is_anybody_here else None
    found = nearest_allowed(
        Start(day, time(hour)), minutes, rules, calendar, audience=audience, now=now, elsewhere=[there]
    )
    assert len({(start.day, start.at < time(12)) for start in found}) == len(found)
    seen = [(there.see(start), SOUTH) for start in found]
    seen += [(start, NORTH) for start in found] if is_anybody_here else []
    for start, whose in seen:
        begins = start.at.hour * 60 + start.at.minute
        assert calendar.is_school_day(start.day)
        assert SCHOOL_OPENS <= begins <= begins + minutes <= SCHOOL_CLOSES
        assert not is_protected(start.day, start.at, rules, calendar, audience=whose, minutes=minutes)
