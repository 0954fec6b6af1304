"""Excerpts in the styles of many issuers, labelled by hand: what is read of them stays at or above the aims."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from protocols.buffer.faithfulness import check_faithful
from protocols.buffer.headlines import headline
from protocols.buffer.reading import read_memo
from tests.eval.labelled import FOLDER, figures_of, load

SETS = sorted(FOLDER.glob("*.txt"))
MEMOS = [memo for path in SETS for memo in load(path)]


def read(memo: dict[str, Any]) -> Any:
    return read_memo(memo["text"], memo_date=date.fromisoformat(memo["ref_date"]))


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_the_figures_hold_on_every_set(path: Path) -> None:
    figures, count = figures_of(path)
    assert count >= 30
    assert figures.any_actor.f1 >= 0.92
    assert figures.school.f1 >= 0.90
    assert figures.dates.f1 >= 0.97
    assert figures.roles.precision >= 0.90
    assert figures.due.f1 >= 0.92
    assert figures.binding.precision >= 0.92


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_not_one_day_is_made_up(path: Path) -> None:
    figures, _ = figures_of(path)
    assert [error for error in figures.errors if "date made up" in error] == []


@pytest.mark.parametrize("memo", MEMOS, ids=lambda memo: str(memo["id"]))
def test_what_is_read_stands_in_the_memo_and_passes_the_gate(memo: dict[str, Any]) -> None:
    reading, day = read(memo), date.fromisoformat(memo["ref_date"])
    assert reading.demands
    for demand in reading.demands:
        assert memo["text"][demand.start : demand.end] == demand.quote
        assert check_faithful(demand.quote, memo["text"], demand, memo_date=day) == ()
        assert headline(demand, reading)


def test_a_set_that_is_marked_wrongly_is_refused(tmp_path: Path) -> None:
    for marked in ("=== x | y | 2027-01-01\n[[must S -: a [[must S -: b]]]]", "=== x | y\nno day"):
        path = tmp_path / "set.txt"
        path.write_text(marked, encoding="utf-8")
        with pytest.raises(ValueError, match=r"x: a demand within|not of the form"):
            load(path)


@pytest.mark.parametrize(
    "part",
    [
        "a",
        " ",
        "by ",
        "1/",
        "10/9 ",
        "October 7, ",
        "by the 15th of ",
        "the day before ",
        "two weeks before ",
        "within ten days of ",
        "no later than ",
        "between ",
        "need the ",
        "schools must submit ",
        "Office of ",
        "if ",
        "A.",
        "a-b ",
        "x, ",
        "(",
        "| ",
        "a@b.",
        "Form ",
        "Attachments A, ",
        "Friday ",
        "the end of the ",
    ],
)
def test_what_repeats_without_end_is_read_to_the_end(part: str) -> None:
    """A rule that tries every way of cutting such a text would never come back."""
    text = part * (6000 // len(part))
    reading = read_memo(text, memo_date=date(2026, 9, 1))
    assert all(text[d.start : d.end] == d.quote for d in reading.demands)
