"""No cell of a CSV that the bot hands out is a formula, and there is one place that writes them."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.csv_files import write_csv
from tests.examples import tried

ROOT = Path(__file__).parent.parent.parent
RUN_BY_SPREADSHEETS = "=+-@＝＋－＠\t\r\n"


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=HYPERLINK(\"https://x.example\",\"Lincoln\")", "'=HYPERLINK(\"https://x.example\",\"Lincoln\")"),
        ("@SUM(1)", "'@SUM(1)"),
        ("+1-555", "'+1-555"),
        ("-", "'-"),
        (" =1+1", "' =1+1"),
        ("\t=1", "'\t=1"),
        ("＝1+1", "'＝1+1"),
        ("Lincoln Middle = best", "Lincoln Middle = best"),
        ("K-8", "K-8"),
        (-5, "-5"),
        (0.5, "0.5"),
        (None, ""),
    ],
)  # fmt: skip
def test_what_a_spreadsheet_would_run_is_made_text_and_numbers_stay(value: object, cell: str) -> None:
    assert read(write_csv([("a", value)])) == [["a", cell]]


@tried(400)
@given(st.lists(st.lists(st.text(max_size=12), min_size=1, max_size=3), min_size=1, max_size=4))
def test_no_text_is_a_formula_and_none_is_lost(rows: list[list[str]]) -> None:
    cells = [cell for row in read(write_csv(rows)) for cell in row]
    assert not any(cell.lstrip().startswith(tuple(RUN_BY_SPREADSHEETS)) for cell in cells)
    plain = [cell for row in rows for cell in row]
    assert all(cell in (text, f"'{text}") for cell, text in zip(cells, plain, strict=True))


def test_nothing_else_writes_a_csv() -> None:
    writers = [
        path.relative_to(ROOT).as_posix()
        for floor in ("bot", "handlers", "storage", "protocols")
        for path in (ROOT / floor).rglob("*.py")
        if "csv.writer" in (text := path.read_text(encoding="utf-8")) or "DictWriter" in text
    ]
    assert writers == ["handlers/csv_files.py"]
