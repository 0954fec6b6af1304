"""How long a demand takes: the memo's own figure before ours."""

from datetime import date

import pytest

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
    assert reading.demands[0].minutes == 60
