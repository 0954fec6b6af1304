"""Half-days that belong to schools."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.cadence.calendar import Half
from protocols.cadence.protected import (
    SCHOOL_CLOSES,
    SCHOOL_OPENS,
    Audience,
    ProtectedRule,
    is_protected,
    protected_halves,
    protected_minutes,
)
from protocols.cadence.protected_overrides import OverrideFault, OverrideReason, override
from protocols.cadence.protected_times import Busy, Cost, Start, nearest_allowed, refusal

AUGUST = date(2026, 8, 1)
TUE_MORNING = ProtectedRule(1, Half.AM, "all", AUGUST, reason="Visits come first")
THU_NORTH = ProtectedRule(3, Half.PM, "network:North", AUGUST)
FRI_ILDS = ProtectedRule(4, Half.AM, "role:ild", AUGUST, ends=date(2026, 12, 31))
RULES = (TUE_MORNING, THU_NORTH, FRI_ILDS)
NORTH = Audience.of(network="North", role="principal")
SOUTH = Audience.of(network="South", role="principal")
ILD = Audience.of(network="South", role="ild")
NOW = datetime(2026, 11, 30, 8, 0)  # noqa: DTZ001  # a Monday, local wall time
TUE, THU = date(2026, 12, 1), date(2026, 12, 3)


@pytest.mark.parametrize(
    ("day", "at", "minutes", "audience", "expected"),
    [
        pytest.param(TUE, time(9), 60, SOUTH, True, id="Tuesday at nine, for anyone"),
        pytest.param(TUE, time(6, 30), 0, SOUTH, True, id="before school it is that morning already"),
        pytest.param(TUE, time(11, 59), 0, SOUTH, True, id="a minute to noon"),
        pytest.param(TUE, time(12), 60, SOUTH, False, id="from noon on it is afternoon"),
        pytest.param(TUE, time(12), 0, SOUTH, False, id="noon itself is afternoon"),
        pytest.param(TUE, time(11, 30), 60, SOUTH, True, id="a meeting that starts before noon"),
        pytest.param(date(2026, 11, 30), time(9), 60, SOUTH, False, id="Monday is open"),
        pytest.param(THU, time(11), 60, NORTH, False, id="one that ends when the protected half begins"),
        pytest.param(THU, time(11), 61, NORTH, True, id="one that runs a minute into it"),
        pytest.param(THU, time(13), 60, NORTH, True, id="a network's rule for its own"),
        pytest.param(THU, time(13), 60, SOUTH, False, id="and not for others"),
        pytest.param(date(2026, 12, 4), time(9), 60, ILD, True, id="a role's rule for that role"),
        pytest.param(date(2026, 12, 4), time(9), 60, SOUTH, False, id="and not for another role"),
        pytest.param(date(2027, 1, 8), time(9), 60, ILD, False, id="a rule that has ended"),
        pytest.param(date(2026, 12, 22), time(9), 60, SOUTH, False, id="a holiday protects nothing"),
        pytest.param(date(2027, 3, 2), time(9), 60, SOUTH, True, id="a testing window is still protected"),
    ],
)
def test_what_is_protected(calendar, day, at, minutes, audience, expected):
    assert is_protected(day, at, RULES, calendar, audience=audience, minutes=minutes) is expected


def test_a_meeting_of_several_networks_meets_the_rules_of_each(calendar):
    both = Audience(frozenset({"North", "South"}), frozenset({"principal"}))
    assert is_protected(THU, time(13), RULES, calendar, audience=both)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("is not a scope", {"scope": "everyone"}),
        ("is not a scope", {"scope": "network:"}),
        ("before it starts", {"ends": date(2026, 7, 1)}),
        ("is not 0", {"weekday": 7}),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(name, change):
    with pytest.raises(ValueError, match=name):
        ProtectedRule(**({"weekday": 1, "half": Half.AM, "scope": "all", "starts": AUGUST} | change))


def test_minutes_are_counted_in_school_hours_and_overlapping_rules_once(calendar):
    twice = (*RULES, ProtectedRule(1, Half.AM, "network:North", AUGUST))
    week = (date(2026, 11, 30), date(2026, 12, 4))
    assert protected_minutes(*week, twice, calendar, SOUTH) == 270
    assert protected_minutes(*week, twice, calendar, NORTH) == 270 + 240
    assert protected_minutes(date(2026, 12, 21), date(2027, 1, 1), twice, calendar, NORTH) == 0


def test_protected_halves_come_in_order(calendar):
    found = list(protected_halves(date(2026, 11, 30), date(2026, 12, 4), RULES, calendar, NORTH))
    assert found == [(TUE, Half.AM), (THU, Half.PM)]


@pytest.mark.parametrize("week", [date(2026, 10, 26), date(2026, 11, 2), date(2027, 3, 8), date(2027, 3, 15)])
def test_a_change_of_daylight_saving_never_makes_a_protected_week_shorter(calendar, week):
    assert protected_minutes(week, week + timedelta(days=6), RULES, calendar, SOUTH) == 270


def test_a_refusal_names_the_rule_the_cost_and_three_times(calendar):
    refused = refusal(Start(TUE, time(9)), 60, RULES, calendar, audience=SOUTH, now=NOW, people=24, visits=3)
    assert refused.rule is TUE_MORNING
    assert refused.rule.window == "Tuesday morning"
    assert refused.cost.say() == "24 people x 60 minutes, and 3 visits would move"
    assert [start.say(NOW.date()) for start in refused.nearest] == [
        "Tue 1 Dec 12:00",
        "Mon 30 Nov 15:00",
        "Mon 30 Nov 11:30",
    ]


def test_open_time_is_not_refused(calendar):
    start = Start(TUE, time(13))
    assert refusal(start, 60, RULES, calendar, audience=SOUTH, now=NOW, people=24) is None


def test_a_cost_speaks_of_one_person_as_one():
    assert Cost(1, 30).say() == "1 person x 30 minutes"
    assert Cost(2, 30, 1).say() == "2 people x 30 minutes, and 1 visit would move"


def test_an_override_needs_a_sentence_and_keeps_its_cost(calendar):
    refused = refusal(Start(TUE, time(9)), 60, RULES, calendar, audience=SOUTH, now=NOW, people=24)
    with pytest.raises(OverrideFault, match="one sentence"):
        override(refused, OverrideReason.LEGAL, "  because ")
    taken = override(refused, OverrideReason.LEGAL, "The hearing date is set by the court.")
    assert (taken.start, taken.cost.people, taken.rule) == (Start(TUE, time(9)), 24, TUE_MORNING)


def test_a_busy_afternoon_is_not_offered(calendar):
    busy = [Busy(TUE, time(12), 240)]
    found = nearest_allowed(Start(TUE, time(9)), 60, RULES, calendar, audience=SOUTH, now=NOW, busy=busy)
    assert all(start.day != TUE for start in found)


def test_a_meeting_longer_than_the_school_day_fits_nowhere(calendar):
    assert nearest_allowed(Start(TUE, time(9)), 600, RULES, calendar, audience=SOUTH, now=NOW) == ()


def test_before_a_break_the_offers_jump_over_it(calendar):
    now = datetime(2026, 12, 18, 15, 50)  # noqa: DTZ001  # the last minutes before the winter break
    found = nearest_allowed(Start(date(2026, 12, 22), time(9)), 60, RULES, calendar, audience=SOUTH, now=now)
    assert [start.day for start in found] == [date(2027, 1, 4), date(2027, 1, 4), date(2027, 1, 5)]


HALVES = st.tuples(st.integers(0, 4), st.sampled_from(list(Half)))


@given(
    halves=st.sets(HALVES, max_size=8),
    day=st.dates(date(2026, 9, 1), date(2027, 5, 28)),
    hour=st.integers(0, 23),
    minutes=st.sampled_from([15, 30, 45, 60, 90, 180]),
    now=st.datetimes(datetime(2026, 9, 1), datetime(2027, 5, 28)),  # noqa: DTZ001  # local wall times
    busy=st.lists(
        st.builds(
            Busy, st.dates(date(2026, 9, 1), date(2027, 5, 28)), st.just(time(8)), st.integers(30, 480)
        ),
        max_size=5,
    ),
)
def test_every_offer_is_allowed_ahead_distinct_and_the_nearer_first(
    calendar, halves, day, hour, minutes, now, busy
):
    rules = [ProtectedRule(weekday, half, "all", AUGUST) for weekday, half in halves]
    wanted = Start(day, time(hour))
    found = nearest_allowed(wanted, minutes, rules, calendar, audience=SOUTH, now=now, busy=busy)

    def distance(start: Start) -> timedelta:
        return abs(datetime.combine(start.day, start.at) - datetime.combine(wanted.day, wanted.at))

    assert len(found) <= 3
    assert len({(start.day, start.at < time(12)) for start in found}) == len(found)
    assert [distance(start) for start in found] == sorted(distance(start) for start in found)
    for start in found:
        begins = start.at.hour * 60 + start.at.minute
        assert calendar.is_school_day(start.day)
        assert SCHOOL_OPENS <= begins <= begins + minutes <= SCHOOL_CLOSES
        assert begins % 30 == 0
        assert datetime.combine(start.day, start.at) > now
        assert not is_protected(start.day, start.at, rules, calendar, audience=SOUTH, minutes=minutes)
        assert not any(block.overlaps(start.day, begins, minutes) for block in busy)


@given(
    halves=st.sets(HALVES, max_size=8),
    day=st.dates(date(2026, 9, 1), date(2027, 5, 28)),
    hour=st.integers(7, 15),
    now=st.datetimes(datetime(2026, 9, 1), datetime(2027, 5, 28)),  # noqa: DTZ001  # local wall times
)
def test_nothing_nearer_was_passed_over(calendar, halves, day, hour, now):
    rules = [ProtectedRule(weekday, half, "all", AUGUST) for weekday, half in halves]
    wanted = Start(day, time(hour))
    found = nearest_allowed(wanted, 60, rules, calendar, audience=SOUTH, now=now, count=1)
    at = datetime.combine(wanted.day, wanted.at)
    distances = [
        abs(datetime.combine(day + timedelta(days=offset), time(begins // 60, begins % 60)) - at)
        for offset in range(-20, 21)
        for begins in range(SCHOOL_OPENS, SCHOOL_CLOSES - 59, 30)
        if calendar.is_school_day(day + timedelta(days=offset))
        and datetime.combine(day + timedelta(days=offset), time(begins // 60, begins % 60)) > now
        and not is_protected(
            day + timedelta(days=offset),
            time(begins // 60, begins % 60),
            rules,
            calendar,
            audience=SOUTH,
            minutes=60,
        )
    ]
    if distances:
        assert abs(datetime.combine(found[0].day, found[0].at) - at) == min(distances)
