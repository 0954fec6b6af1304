"""What a change of the policy would do, and that it never rewrites the past."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.cadence.calendar import Half, SchoolCalendar
from protocols.cadence.protected import Audience, Opening, ProtectedRule, protected_halves
from protocols.cadence.protected_changes import Change, Rules, after, effect, to_open, to_protect, uncovered
from protocols.cadence.protected_words import PolicyFault, read_policy

AM, PM = Half.AM, Half.PM
AUGUST = date(2026, 8, 31)
NOW = datetime(2026, 11, 30, 10)  # noqa: DTZ001  # a Monday, local wall time
TUE_AM = ProtectedRule(1, AM, "all", AUGUST)
THU_NORTH = ProtectedRule(3, PM, "network:North", AUGUST, date(2027, 1, 29))
POLICY = Rules((TUE_AM, THU_NORTH), (Opening(date(2026, 12, 8), date(2026, 12, 8), AM),))
NORTH = Audience.of(network="North", role="principal")


def change(
    calendar: SchoolCalendar, words: str, *, scope: str = "all", now: datetime = NOW, policy: Rules = POLICY
) -> Change:
    verb, _, rest = words.partition(" ")
    make = to_open if verb == "open" else to_protect
    return make(read_policy(rest, now.date()), scope, policy, calendar, now)


@pytest.mark.parametrize(
    ("words", "scope", "week", "added", "removed"),
    [
        pytest.param("protect Friday morning", "all", (1, 2), 26, 0, id="one more morning"),
        pytest.param("protect Thursday afternoon", "network:North", (1, 2), 19, 0, id="only what is not yet"),
        pytest.param("protect Thursday afternoon", "all", (1, 2), 26, 0, id="for everybody beside North"),
        pytest.param("open Tuesday morning", "all", (1, 0), 0, 25, id="a morning opened for good"),
        pytest.param("open 15 December morning", "all", (1, 1), 0, 1, id="one morning opened"),
        pytest.param(
            "open next week", "network:North", (2, 2), 0, 1, id="a week: its Tuesday is open already"
        ),
        pytest.param("protect 8 December morning", "all", (1, 1), 1, 0, id="an exception taken back"),
        pytest.param(
            "protect Friday morning from 4 January to 29 January", "all", (1, 2), 4, 0, id="four weeks"
        ),
        pytest.param(
            "protect Friday morning from 4 January to 29 January except 15 January",
            "all",
            (1, 2),
            3,
            0,
            id="three of them",
        ),
    ],
)
def test_what_a_change_does(
    calendar: SchoolCalendar,
    words: str,
    scope: str,
    week: tuple[int, int],
    added: int,
    removed: int,
) -> None:
    does = effect(POLICY, change(calendar, words, scope=scope), calendar, NOW.date())
    assert (does.week_before, does.week_after) == week
    assert (len(does.added), len(does.removed)) == (added, removed)
    assert does.year == "2026-27"


def test_the_minutes_are_those_of_one_person_in_the_whole_year(calendar: SchoolCalendar) -> None:
    does = effect(POLICY, change(calendar, "protect Friday morning"), calendar, NOW.date())
    assert does.minutes_after - does.minutes_before == len(does.added) * 270
    tuesdays = [day for day in calendar.school_days(AUGUST, date(2027, 6, 11)) if day.weekday() == 1]
    assert does.minutes_before == (len(tuesdays) - 1) * 270


@pytest.mark.parametrize(
    ("now", "words", "first"),
    [
        pytest.param("2026-12-01 09:00", "open Tuesday morning", date(2026, 12, 1), id="while it lasts"),
        pytest.param("2026-12-01 12:00", "open Tuesday morning", date(2026, 12, 2), id="once it is over"),
        pytest.param("2026-12-04 11:00", "protect Friday morning", date(2026, 12, 4), id="begun"),
        pytest.param("2026-12-04 15:00", "protect Friday morning", date(2026, 12, 5), id="over"),
        pytest.param("2026-12-01 13:00", "open this week", date(2026, 12, 1), id="its afternoon"),
    ],
)  # fmt: skip
def test_nothing_begins_in_the_past(calendar: SchoolCalendar, now: str, words: str, first: date) -> None:
    every = Rules(tuple(ProtectedRule(day, half, "all", AUGUST) for day in range(4) for half in Half))
    assert change(calendar, words, now=datetime.fromisoformat(now), policy=every).first_day == first


def test_a_morning_that_is_over_stays_protected_when_the_week_is_opened(calendar: SchoolCalendar) -> None:
    now = datetime(2026, 12, 1, 13)  # noqa: DTZ001  # a Tuesday
    opened = change(calendar, "open this week", now=now)
    then = after(POLICY, opened).in_force
    week = (date(2026, 11, 30), date(2026, 12, 4))
    assert list(protected_halves(*week, then, calendar, NORTH)) == [(date(2026, 12, 1), AM)]


def test_a_rule_that_begins_later_goes_when_its_half_day_is_opened(calendar: SchoolCalendar) -> None:
    later = Rules((ProtectedRule(4, AM, "all", date(2027, 1, 4)),))
    assert after(later, change(calendar, "open Friday morning", policy=later)).weekly == ()


def test_protecting_a_day_takes_only_that_day_out_of_a_longer_exception(calendar: SchoolCalendar) -> None:
    week = Rules((TUE_AM,), (Opening(date(2026, 12, 1), date(2026, 12, 18), None),))
    then = after(week, change(calendar, "protect 8 December morning", policy=week))
    found = list(protected_halves(date(2026, 12, 1), date(2026, 12, 18), then.in_force, calendar, NORTH))
    assert found == [(date(2026, 12, 8), AM)]
    assert Opening(date(2026, 12, 8), date(2026, 12, 8), PM) in then.openings


@pytest.mark.parametrize(
    ("networks", "is_open"),
    [({"North"}, True), ({"South"}, False), ({"North", "South"}, False)],
)
def test_an_exception_for_one_network_opens_no_meeting_of_two(
    calendar: SchoolCalendar, networks: set[str], is_open: bool
) -> None:
    opened = after(POLICY, change(calendar, "open 15 December morning", scope="network:North"))
    day = date(2026, 12, 15)
    audience = Audience(frozenset(networks), frozenset({"principal"}))
    assert list(protected_halves(day, day, opened.in_force, calendar, audience)) == (
        [] if is_open else [(day, AM)]
    )


@pytest.mark.parametrize(
    ("wanted", "left"),
    [
        pytest.param((date(2026, 12, 1), None), [(date(2027, 1, 30), None)], id="after the other has ended"),
        pytest.param((date(2026, 12, 1), date(2027, 1, 15)), [], id="inside"),
        pytest.param((date(2027, 2, 1), None), [(date(2027, 2, 1), None)], id="beside"),
        pytest.param(
            (date(2026, 8, 1), date(2027, 2, 26)),
            [(date(2026, 8, 1), date(2026, 8, 30)), (date(2027, 1, 30), date(2027, 2, 26))],
            id="around",
        ),
        pytest.param((date(2026, 12, 1), date(2027, 2, 2)), [], id="what is left holds no such weekday"),
    ],
)
def test_what_is_protected_already_is_not_protected_twice(
    wanted: tuple[date, date | None], left: list[tuple[date, date | None]]
) -> None:
    rule = replace(THU_NORTH, starts=wanted[0], ends=wanted[1])
    assert [(piece.starts, piece.ends) for piece in uncovered(rule, [THU_NORTH])] == left


SENTENCES = st.builds(
    " ".join,
    st.tuples(
        st.sampled_from(["protect", "open"]),
        st.sampled_from(
            [
                "Tuesday morning",
                "Monday to Friday afternoons",
                "8 December morning",
                "this week",
                "next week",
                "Friday all day",
            ]
        ),
        st.sampled_from(["", "until 15 December", "from 4 January to 5 March"]),
    ),
)


@given(
    sentences=st.lists(SENTENCES, max_size=5),
    scope=st.sampled_from(["all", "network:North", "role:ild"]),
    hour=st.integers(0, 23),
)
def test_whatever_is_changed_the_days_before_stay_as_they_were(
    calendar: SchoolCalendar, sentences: list[str], scope: str, hour: int
) -> None:
    now = datetime(2026, 12, 1, hour)  # noqa: DTZ001  # a Tuesday, local wall time
    policy = POLICY
    everybody = Audience(frozenset({"North", "South"}), frozenset({"principal", "ild"}))
    past = (AUGUST, now.date() - timedelta(days=1))
    for audience in (NORTH, everybody):
        before = list(protected_halves(*past, policy.in_force, calendar, audience))
        this_morning = (now.date(), AM) in protected_halves(
            now.date(), now.date(), policy.in_force, calendar, audience
        )
        then = policy
        for words in sentences:
            try:
                then = after(then, change(calendar, words, scope=scope, now=now, policy=then))
            except PolicyFault:
                continue
        assert list(protected_halves(*past, then.in_force, calendar, audience)) == before
        if hour >= 12:
            still = (now.date(), AM) in protected_halves(
                now.date(), now.date(), then.in_force, calendar, audience
            )
            assert still == this_morning
