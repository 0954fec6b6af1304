"""How long a demand takes: the memo's own figure before ours."""

from datetime import date

import pytest

from protocols.buffer.effort import say_minutes
from protocols.buffer.reading import read_memo

ASKED = "Schools must send seat counts to the Office of Assessment by December 14, 2026"


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        pytest.param(f"{ASKED}; this takes about 10 minutes.", 10, id="in the sentence itself"),
        pytest.param(f"{ASKED} (10 minutes).", 10, id="in brackets"),
        pytest.param(f"{ASKED} (about 45 min).", 45, id="in brackets, roughly"),
        pytest.param(f"{ASKED}, which takes ten to fifteen minutes.", 15, id="a span, in words"),
        pytest.param(f"{ASKED}; the form takes half an hour.", 30, id="half an hour"),
        pytest.param(f"{ASKED}; it takes an hour.", 60, id="an hour"),
        pytest.param(f"{ASKED}.", 30, id="no figure"),
    ],
)
def test_the_memos_own_figure_comes_first(text: str, minutes: int) -> None:
    reading = read_memo(text, memo_date=date(2026, 11, 23))
    assert reading.demands[0].minutes == minutes


@pytest.mark.parametrize("term", ["no later than", "no earlier than", "in no fewer than two rooms by"])
def test_no_later_than_forbids_nothing(term: str) -> None:
    text = f"Principals must hold a conference with each new teacher {term} December 11, 2026."
    reading = read_memo(text, memo_date=date(2026, 11, 23))
    assert reading.demands[0].minutes == 120


@pytest.mark.parametrize(
    ("after", "minutes"),
    [
        pytest.param("This takes about ten minutes.", 10, id="said of it"),
        pytest.param("Your clerk can do this; it takes about ten minutes.", 10, id="said with who may do it"),
        pytest.param("The form takes half an hour.", 30, id="said of the form"),
        pytest.param("The bus from the depot takes 40 minutes.", 30, id="said of something else"),
        pytest.param("The office opens at noon.", 30, id="not said"),
    ],
)
def test_the_sentence_behind_may_say_how_long_it_takes(after: str, minutes: int) -> None:
    reading = read_memo(f"{ASKED}. {after}", memo_date=date(2026, 11, 23))
    assert reading.demands[0].minutes == minutes


@pytest.mark.parametrize(
    ("text", "minutes", "basis"),
    [
        pytest.param(
            "Do not hold the conference; write to the evaluation desk instead.",
            10,
            "a short task",
            id="what is forbidden takes no time, what is done instead does",
        ),
        pytest.param(
            "Keep the papers in a locked place.", 10, "a short task", id="a place is nothing put up"
        ),
        pytest.param("Place a sign at each entrance.", 10, "putting up a notice", id="a sign is placed"),
        pytest.param(
            "Principals must hold a conference with each new teacher.",
            120,
            "several meetings",
            id="each teacher",
        ),
        pytest.param("Principals must meet with every mentor.", 120, "several meetings", id="every mentor"),
        pytest.param("Principals must hold a faculty meeting.", 60, "a meeting", id="one meeting"),
    ],
)
def test_meetings_with_each_of_several_people_are_long(text: str, minutes: int, basis: str) -> None:
    demand = read_memo(text, memo_date=date(2026, 11, 23)).demands[0]
    assert (demand.minutes, demand.minutes_basis) == (minutes, basis)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (2, "2 minutes"),
        (1, "1 minute"),
        (13, "13 minutes"),
        (48, "50 minutes"),
        (58, "1 hour"),
        (68, "1 hour 10 minutes"),
        (90, "1 hour 30 minutes"),
        (323, "5 hours 20 minutes"),
        (118, "2 hours"),
    ],
)
def test_minutes_are_said_as_roughly_as_they_are_known(minutes: int, said: str) -> None:
    assert say_minutes(minutes) == said
