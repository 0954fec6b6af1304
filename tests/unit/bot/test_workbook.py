"""A table as a workbook: numbers are numbers, and no text is ever a formula."""

import io
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from bot.attachments import bytes_of
from handlers.answers.insight_files import files_of

CELLS = (
    st.none()
    | st.integers(-(10**9), 10**9)
    | st.sampled_from("=+-@\t\r").flatmap(lambda first: st.text(max_size=40).map(lambda rest: first + rest))
)


def read(data: bytes) -> list[list[Any]]:
    sheet = load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    return [list(row) for row in sheet.iter_rows()]


def test_what_was_counted_stands_above_the_rows() -> None:
    rows = [{"name": "Lincoln Middle", "value": 6}, {"name": "Adams", "value": None}]
    csv, xlsx = files_of(rows, "visits held", ["1 planned visit"])
    values = [[cell.value for cell in row] for row in read(bytes_of(xlsx))]
    assert values == [
        ["visits held", None],
        ["missing: 1 planned visit", None],
        ["name", "value"],
        ["Lincoln Middle", 6],
        ["Adams", None],
    ]
    assert (csv.name, xlsx.name) == ("throughline.csv", "throughline.xlsx")
    assert bytes_of(csv).startswith("\ufeff".encode())


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(CELLS, CELLS), max_size=4), st.text(max_size=30))
def test_no_text_is_a_formula(rows: list[tuple[Any, Any]], counted: str) -> None:
    _csv, xlsx = files_of([{"name": a, "value": b} for a, b in rows], "=" + counted, [])
    kinds = {cell.data_type for row in read(bytes_of(xlsx)) for cell in row}
    assert "f" not in kinds
    assert json.loads(xlsx.content)["rows"] == [list(pair) for pair in rows]
