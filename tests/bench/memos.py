"""Reading a memo for what it asks, beside the two plain ways to do it.

The plain ways: a list of words that ask, over sentences; and the same with ``dateparser`` for the days. Neither
knows who is meant, what a date is for, or whose demand it belongs to; the ratio is what that costs. How much each
finds is ``make eval``'s to say. Memory is the most that Python held while reading, in a run of its own.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from dateparser.search import search_dates

from protocols.buffer.reading import read_memo
from tests.bench.files import megabytes
from tests.bench.ground import Ground
from tests.bench.tables import Column, Report
from tests.bench.timing import Ratio, compare

FOLDER = Path(__file__).parents[1] / "data" / "memos"
WRITTEN = date(2026, 11, 18)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_ASKS = re.compile(
    r"\b(must|shall|required|due|no later than|please|should|need to|submit|ensure)\b", re.IGNORECASE
)


def _by_words(text: str) -> list[str]:
    return [sentence for sentence in _SENTENCE.split(text) if _ASKS.search(sentence)]


def _by_words_and_dateparser(text: str) -> list[tuple[str, object]]:
    settings = {
        "RELATIVE_BASE": datetime(WRITTEN.year, WRITTEN.month, WRITTEN.day, tzinfo=UTC).replace(tzinfo=None)
    }
    return [
        (sentence, search_dates(sentence, languages=["en"], settings=settings))
        for sentence in _by_words(text)
    ]


BASELINES: dict[str, Callable[[str], object]] = {
    "a list of words": _by_words,
    "the list and dateparser": _by_words_and_dateparser,
}


def run(report: Report, _ground: Ground) -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.txt"))]
    memos = {"shortest of four memos": min(texts, key=len), "all four as one": "\n\n".join(texts)}
    for name, baseline in BASELINES.items():
        table = report.ratios(
            f"A memo read for what it asks, against {name}",
            Column("read"),
            Column("plain", f"{name} over sentences"),
        )
        for label, text in memos.items():
            ours = partial(read_memo, text, memo_date=WRITTEN)
            row = f"{label}, {len(text.split()):,} words"
            table.ratio(row, compare(ours, partial(baseline, text), rounds=9))
    table = report.ratios(
        "The same, the most memory that Python held, in megabytes",
        Column("read", form=",.2f"),
        Column("dateparser", "the list and dateparser", ",.2f"),
    )
    for label, text in memos.items():
        ours = partial(read_memo, text, memo_date=WRITTEN)
        table.ratio(label, Ratio(megabytes(ours), megabytes(partial(_by_words_and_dateparser, text))))
