"""A table of figures as a workbook, for those who go on counting in a spreadsheet.

Numbers are numbers there, and every text is a text whatever it begins with: nothing that somebody once called a school
is run as a formula when the file is opened.
"""

import io
import json
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

MOST_LETTERS = 32_767
"""Characters that a cell of a workbook holds; a longer text is cut there, and the CSV has it whole."""
WIDEST = 60


def write_workbook(content: str) -> bytes:
    """``content`` is JSON: ``{"above": [texts], "columns": [names], "rows": [[cells]]}``."""
    table = json.loads(content)
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # a new book has one
    sheet.title = "Figures"
    place = 0
    for text in table["above"]:
        place += 1
        _put(sheet.cell(place, 1), text)
    place += 1
    for column, name in enumerate(table["columns"], 1):
        head = sheet.cell(place, column)
        _put(head, name)
        if isinstance(head, Cell):
            head.font = Font(bold=True)
        longest = max((len(str(row[column - 1] or "")) for row in table["rows"]), default=0)
        sheet.column_dimensions[get_column_letter(column)].width = min(max(longest, len(name)) + 2, WIDEST)
    sheet.freeze_panes = f"A{place + 1}"
    for row in table["rows"]:
        place += 1
        for column, value in enumerate(row, 1):
            _put(sheet.cell(place, column), value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _put(cell: Cell | Any, value: str | float | None) -> None:
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)[:MOST_LETTERS]
        cell.data_type = "s"  # else a text that begins with = is taken for a formula
        cell.quotePrefix = True
    else:
        cell.value = value
