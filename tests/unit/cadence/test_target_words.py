"""Rhythms as ILDs type them."""

from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.cadence.calendar import SchoolCalendar
from protocols.cadence.target_words import TargetFault, Wish, read_wish, say_target
from protocols.cadence.targets import Target

NOW = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)
TODAY = NOW.date()


def wish(
    school: str, days: int | None, starts: date = TODAY, ends: date | None = None, because: str = ""
) -> Wish:
    return Wish(school, days, starts, ends, because)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "lincoln weekly until 30 January because Grace is new",
            wish("lincoln", 5, ends=date(2027, 1, 30), because="Grace is new"),
            id="all of it",
        ),
        pytest.param(
            "lincoln back to every three weeks from March",
            wish("lincoln", 15, date(2027, 3, 1)),
            id="from a month",
        ),
        pytest.param("lincoln middle every 2 weeks", wish("lincoln middle", 10), id="a name of two words"),
        pytest.param("Lincoln is monthly now.", None, id="a rhythm that does not stand last is a name"),
        pytest.param("PS 15 monthly", wish("PS 15", 20), id="a number in the name"),
        pytest.param("PS 15", wish("PS", 15), id="a bare number is a rhythm"),
        pytest.param("juniper k-8 8 school days", wish("juniper k-8", 8), id="school days counted"),
        pytest.param("lincoln: twice a month", wish("lincoln", 10), id="a colon after the name"),
        pytest.param(
            "academy for young writers weekly", wish("academy for young writers", 5), id="for in a name"
        ),
        pytest.param(
            "harbor weekly for six weeks", wish("harbor", 5, ends=date(2027, 1, 10)), id="a number of weeks"
        ),
        pytest.param(
            "harbor weekly from 4 January for two months because of the new team",
            wish("harbor", 5, date(2027, 1, 4), date(2027, 3, 3), "the new team"),
            id="a number of months from a day",
        ),
        pytest.param(
            "harbor weekly until March", wish("harbor", 5, ends=date(2027, 2, 28)), id="until a month"
        ),
        pytest.param(
            "harbor weekly through March", wish("harbor", 5, ends=date(2027, 3, 31)), id="through a month"
        ),
        pytest.param(
            "harbor weekly until the end of December",
            wish("harbor", 5, ends=date(2026, 12, 31)),
            id="the end of a month",
        ),
        pytest.param(
            "harbor weekly until the end of term",
            wish("harbor", 5, ends=date(2027, 1, 15)),
            id="the end of term",
        ),
        pytest.param(
            "harbor weekly until the end of the year",
            wish("harbor", 5, ends=date(2027, 6, 11)),
            id="the end of the year",
        ),
        pytest.param(
            "harbor weekly from November", wish("harbor", 5), id="a month that has begun is from today"
        ),
        pytest.param("harbor weekly starting Monday", wish("harbor", 5, date(2026, 11, 30)), id="a weekday"),
        pytest.param("lincoln back to normal", wish("lincoln", None), id="back to normal"),
        pytest.param("lincoln as in the roster", wish("lincoln", None), id="as in the roster"),
        pytest.param(
            "lincoln back to the roster from 1 Feb",
            wish("lincoln", None, date(2027, 2, 1)),
            id="back from a day",
        ),
        pytest.param("lincoln", None, id="a school alone"),
        pytest.param("lincoln middle", None, id="a school of two words"),
    ],
)
def test_words_are_read(text: str, expected: Wish | None, calendar: SchoolCalendar) -> None:
    assert read_wish(text, NOW, calendar) == expected


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("lincoln until 30 January", "I see no rhythm", id="no rhythm"),
        pytest.param("lincoln weekly until the cows come home", "as a day", id="no day"),
        pytest.param("lincoln weekly until 3 November", "past", id="an end that is past"),
        pytest.param("lincoln weekly from 5 Oct", "past", id="a beginning that is past"),
        pytest.param("lincoln weekly from March until January", "before it begins", id="the wrong order"),
    ],
)
def test_what_cannot_be_used_says_what_to_write(text: str, says: str, calendar: SchoolCalendar) -> None:
    with pytest.raises(TargetFault, match=says):
        read_wish(text, NOW, calendar)


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (Target(5, TODAY), "every week"),
        (Target(8, TODAY, date(2027, 1, 30)), "every 8 school days until Sat 30 Jan"),
    ],
)
def test_a_target_is_said_with_its_end(target: Target, said: str) -> None:
    assert say_target(target, TODAY) == said


@given(st.text(max_size=80))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    with suppress(TargetFault):
        found = read_wish(text, NOW, SchoolCalendar(()))
        assert found is None or (found.school and found.starts >= TODAY)
