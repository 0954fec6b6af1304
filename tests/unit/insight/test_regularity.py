"""How often an answer comes again: what the words say, and on which days that is."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.insight.regularity import LAST, Regularity, ended_period, read_regularity

REGULARITIES = st.builds(Regularity, st.integers(0, 4), st.none() | st.integers(1, LAST))
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("every Monday", Regularity(0)),
        ("each week", Regularity(0)),
        ("weekly", Regularity(0)),
        ("weekly on Thursdays", Regularity(3)),
        ("on Wednesdays", Regularity(2)),
        ("Fridays", Regularity(4)),
        ("every first Monday", Regularity(0, 1)),
        ("on the 1st monday of each month.", Regularity(0, 1)),
        ("the last Friday of the month", Regularity(4, LAST)),
        ("every second Tue", Regularity(1, 2)),
        ("every monday of the third week", Regularity(0, 3)),
        ("each month", Regularity(0, 1)),
        ("monthly", Regularity(0, 1)),
        ("every day", None),
        ("every Sunday", None),
        ("every fifth Monday", None),
        ("every school", None),
        ("", None),
    ],
)
def test_what_the_words_say(words: str, expected: Regularity | None) -> None:
    assert read_regularity(words) == expected


@pytest.mark.parametrize(
    ("often", "day", "expected"),
    [
        (Regularity(0, 1), date(2026, 12, 1), date(2026, 11, 2)),
        (Regularity(0, 1), date(2026, 12, 7), date(2026, 12, 7)),
        (Regularity(0, 1), date(2026, 12, 31), date(2026, 12, 7)),
        (Regularity(4, LAST), date(2027, 1, 1), date(2026, 12, 25)),
        (Regularity(2), date(2026, 12, 8), date(2026, 12, 2)),
    ],
)
def test_the_newest_day(often: Regularity, day: date, expected: date) -> None:
    assert often.last_until(day) == expected


def test_late_is_late_enough() -> None:
    monthly, weekly = Regularity(0, 1), Regularity(0)
    assert monthly.due_on(date(2026, 12, 9), after=date(2026, 11, 18)) == date(2026, 12, 7)
    assert monthly.due_on(date(2026, 12, 22), after=date(2026, 11, 18)) is None
    assert weekly.due_on(date(2026, 12, 11), after=date(2026, 12, 1)) == date(2026, 12, 7)
    assert weekly.due_on(date(2026, 12, 11), after=date(2026, 12, 7)) is None


@pytest.mark.parametrize(
    ("start", "end", "is_monthly", "expected"),
    [
        (date(2026, 12, 1), date(2026, 12, 7), True, date(2026, 11, 30)),
        (date(2026, 12, 7), date(2026, 12, 7), False, date(2026, 12, 6)),
        (date(2026, 9, 1), date(2026, 12, 7), True, None),
        (date(2026, 12, 1), date(2026, 12, 7), False, None),
        (date(2026, 11, 1), date(2026, 11, 30), True, None),
    ],
)
def test_a_month_that_has_just_begun_means_the_one_before(
    start: date, end: date, is_monthly: bool, expected: date | None
) -> None:
    assert ended_period(start, end, today=date(2026, 12, 7), is_monthly=is_monthly) == expected


@given(REGULARITIES, DAYS)
def test_days_follow_on_one_another_and_the_words_say_so(often: Regularity, day: date) -> None:
    last, following = often.last_until(day), often.next_after(day)
    assert last <= day < following
    assert following - last <= timedelta(days=35)
    assert last.weekday() == following.weekday() == often.weekday
    assert often.last_until(following) == following
    assert often.next_after(last) == following
    assert Regularity.decode(often.encode()) == often
    assert read_regularity(often.say()) == often


@pytest.mark.parametrize("line", ["", "7", "0.9", "0.1.1", "x"])
def test_what_is_no_regularity_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="weekday"):
        Regularity.decode(line)
