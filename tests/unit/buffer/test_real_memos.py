"""All labelled memos, where they are at hand: read to the end, nothing made up, figures at or above the aims.

The memos stay outside the project; ``DATA`` says where (see the Makefile). Without them this is skipped, and says so.
"""

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from protocols.buffer.faithfulness import check_faithful
from protocols.buffer.headlines import headline
from protocols.buffer.reading import read_memo
from tests.eval.mandates import Figures, measure

PATH = Path(os.environ.get("DATA", "../shared/data")) / "mandates" / "memos.jsonl"
pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not PATH.is_file(), reason=f"NO REAL MEMOS at {PATH}: set DATA to measure on them"),
]


@pytest.fixture(scope="module")
def memos() -> list[dict[str, Any]]:
    return [json.loads(line) for line in PATH.read_text(encoding="utf-8").splitlines() if line.strip()]


def test_every_real_memo_is_read_and_every_quote_passes_the_gate(memos: list[dict[str, Any]]) -> None:
    for memo in memos:
        memo_date = date.fromisoformat(memo["ref_date"])
        reading = read_memo(memo["text"], memo_date=memo_date)
        assert reading.title
        assert reading.one_line
        for demand in reading.demands:
            assert memo["text"][demand.start : demand.end] == demand.quote
            assert headline(demand, reading)
            assert check_faithful(demand.quote, memo["text"], demand, memo_date=memo_date) == ()


def test_the_figures_on_real_memos_hold(memos: list[dict[str, Any]]) -> None:
    figures = Figures()
    for memo in memos:
        measure(memo, figures)
    assert figures.any_actor.f1 >= 0.85
    assert figures.school.f1 >= 0.78
    assert figures.dates.f1 >= 0.95
    assert figures.dates.false == 0
    assert figures.binding.precision >= 0.80
