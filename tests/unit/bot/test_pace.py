"""Talking no faster than a platform takes it."""

from datetime import UTC, datetime

import pytest

from bot.platforms.pace import LONGEST_PAUSE, Pace, Window, read_retry_after

NOW = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)


class Ticks:
    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def test_a_burst_goes_at_once_and_then_one_by_one() -> None:
    pace = Pace(rate=2.0, burst=3, clock=Ticks())
    assert [pace.take() for _ in range(6)] == [0, 0, 0, 0.5, 1.0, 1.5]


def test_after_a_rest_there_is_a_burst_again_and_no_more() -> None:
    ticks = Ticks()
    pace = Pace(rate=1.0, burst=2, clock=ticks)
    for _ in range(2):
        pace.take()
    ticks.at = 1_000.0
    assert [pace.take() for _ in range(3)] == [0, 0, 1.0]


def test_one_persons_line_does_not_hold_up_anothers() -> None:
    pace = Pace(rate=1.0, burst=1, clock=Ticks())
    assert [pace.take("a"), pace.take("a"), pace.take("b")] == [0, 1.0, 0]


def test_thousands_of_lines_are_forgotten_once_they_are_idle() -> None:
    ticks = Ticks()
    pace = Pace(rate=1.0, burst=1, clock=ticks)
    for number in range(5_000):
        ticks.at = float(number)
        pace.take(str(number))
    assert len(pace._buckets) < 1_500


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        pytest.param("30", 30.0, id="seconds"),
        pytest.param("0.5", 0.5, id="half a second"),
        pytest.param("-3", 0.0, id="a time that is over"),
        pytest.param("Tue, 24 Nov 2026 14:01:00 GMT", 60.0, id="a date"),
        pytest.param("Tue, 24 Nov 2026 13:00:00 GMT", 0.0, id="a date that is over"),
        pytest.param(None, 5.0, id="nothing"),
        pytest.param("", 5.0, id="an empty word"),
        pytest.param("soon", 5.0, id="a word"),
        pytest.param("nan", 5.0, id="no number"),
        pytest.param("inf", LONGEST_PAUSE, id="for ever"),
        pytest.param("99999", LONGEST_PAUSE, id="longer than anybody should wait"),
    ],
)
def test_how_long_to_wait(value: str | None, seconds: float) -> None:
    assert read_retry_after(value, NOW) == seconds


def test_a_call_holds_its_place_in_the_window_until_a_second_after_its_answer() -> None:
    ticks = Ticks()
    window = Window(most=2, seconds=1.0, clock=ticks)
    assert [window.take(), window.take()] == [0.0, 0.0]
    assert window.take() > 0  # both are under way, and may arrive whenever
    ticks.at = 5.0
    assert window.take() > 0
    window.give_back()
    assert window.take() == 1.0
    ticks.at = 6.0
    assert window.take() == 0.0
