"""What people write about being disturbed."""

from collections.abc import Callable
from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.cadence.courtesy import RATES, Rate, Topic, less, minutes_open, more
from protocols.cadence.courtesy_words import CourtesyFault, read_away, read_hours, read_topic, read_zone
from protocols.cadence.sending import Away, Hours

NOW = datetime(2026, 11, 30, 10, 0)  # noqa: DTZ001  # a local moment; a Monday


@pytest.mark.parametrize(
    ("words", "starts", "ends"),
    [
        ("8 to 16:30", time(8), time(16, 30)),
        ("8-16.30", time(8), time(16, 30)),
        ("from 7:30 until 5", time(7, 30), time(17)),
        ("8am to 4:30pm", time(8), time(16, 30)),
        ("9 to 5", time(9), time(17)),
        ("12pm to 6 p.m.", time(12), time(18)),
    ],
)
def test_working_hours(words: str, starts: time, ends: time) -> None:
    assert read_hours(words, over_midnight=False) == Hours(starts, ends)


@pytest.mark.parametrize(
    ("words", "starts", "ends"),
    [
        ("from 18 to 7", time(18), time(7)),
        ("6pm to 7am", time(18), time(7)),
        ("12 to 13", time(12), time(13)),
        ("22:30 – 6:15", time(22, 30), time(6, 15)),
    ],
)
def test_quiet_hours_may_run_over_midnight(words: str, starts: time, ends: time) -> None:
    assert read_hours(words, over_midnight=True) == Hours(starts, ends)


@pytest.mark.parametrize(
    "words", ["eight", "8", "8 to", "25 to 26", "13 to 13", "17 to 13:00", "8:75 to 9", "13pm to 14pm"]
)
def test_hours_that_cannot_be(words: str) -> None:
    with pytest.raises(CourtesyFault, match="Write it like 8 to 16:30"):
        read_hours(words, over_midnight=False)


@pytest.mark.parametrize(
    ("words", "zone"),
    [
        ("Chicago", "America/Chicago"),
        ("america/los_angeles", "America/Los_Angeles"),
        ("Los Angeles", "America/Los_Angeles"),
        ("Central time", "America/Chicago"),
        ("pacific", "America/Los_Angeles"),
        ("Hawaii", "Pacific/Honolulu"),
        ("Berlin", "Europe/Berlin"),
    ],
)
def test_zones(words: str, zone: str) -> None:
    assert read_zone(words) == zone


def test_a_zone_that_does_not_exist() -> None:
    with pytest.raises(CourtesyFault, match="I know no zone called “Atlantis”"):
        read_zone("Atlantis")


@pytest.mark.parametrize(
    ("words", "starts", "ends"),
    [
        ("until 3 May", date(2026, 11, 30), date(2027, 5, 3)),
        ("20 Dec to 3 Jan", date(2026, 12, 20), date(2027, 1, 3)),
        ("from 20 Dec until 3 Jan", date(2026, 12, 20), date(2027, 1, 3)),
        ("tomorrow", date(2026, 12, 1), date(2026, 12, 1)),
        ("until Friday", date(2026, 11, 30), date(2026, 12, 4)),
        ("through next week", date(2026, 11, 30), date(2026, 12, 11)),
        ("12/21 - 1/4", date(2026, 12, 21), date(2027, 1, 4)),
    ],
)
def test_days_away(words: str, starts: date, ends: date) -> None:
    assert read_away(words, NOW) == Away(starts, ends)


@pytest.mark.parametrize(
    "words", ["until", "until whenever", "5 Dec to 1 Dec", "1 Nov to 5 Nov", "until 3 May 2030"]
)
def test_days_away_that_cannot_be(words: str) -> None:
    with pytest.raises(CourtesyFault):
        read_away(words, NOW)


@pytest.mark.parametrize(
    ("word", "topic"),
    [
        ("promises", Topic.PROMISES),
        ("overdue schools", Topic.OVERDUE),
        ("the products", Topic.PRODUCTS),
        ("check-ins", Topic.CHECK_INS),
        ("visits", Topic.VISITS),
        ("deadlines", Topic.DEADLINES),
        ("due dates", Topic.DEADLINES),
        ("still-on", Topic.STILL_ON),
        ("still on questions", Topic.STILL_ON),
    ],
)
def test_topics(word: str, topic: Topic) -> None:
    assert read_topic(word) is topic


def refusal_of(read: Callable[[], object]) -> str | None:
    try:
        read()
    except CourtesyFault as fault:
        return str(fault)
    return None


@given(text=st.text(max_size=60))
def test_whatever_is_written_is_read_or_refused_with_a_sentence(text: str) -> None:
    for read in (
        lambda: read_hours(text, over_midnight=True),
        lambda: read_zone(text),
        lambda: read_away(text, NOW),
        lambda: read_topic(text),
    ):
        refusal = refusal_of(read)
        assert refusal is None or refusal[-1] in ".?"


def test_less_and_more_go_one_step_and_stop() -> None:
    assert [less(rate) for rate in RATES] == [Rate.DAILY, Rate.WEEKLY, Rate.NEVER, Rate.NEVER]
    assert [more(rate) for rate in RATES] == [Rate.ONCE, Rate.ONCE, Rate.DAILY, Rate.WEEKLY]


def test_how_much_of_a_day_is_open() -> None:
    assert minutes_open(Hours(time(8), time(16)), None) == 480
    assert minutes_open(Hours(time(8), time(16)), Hours(time(15, 30), time(9))) == 390
