"""The rows of an answer as files to take along: a CSV, and a workbook in which numbers are numbers."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from handlers.cards import WORKBOOK, Download


def files_of(rows: Sequence[dict[str, Any]], counted: str, missing: Sequence[str]) -> tuple[Download, ...]:
    """Both are headed by what was counted and what is missing."""
    above = [counted, *(f"missing: {line}" for line in missing)]
    columns = list(dict.fromkeys(key for row in rows for key in row)) or ["name", "value"]
    cells = [[row.get(column) for column in columns] for row in rows]
    table = json.dumps({"above": above, "columns": columns, "rows": cells})
    return (
        Download("throughline.csv", "CSV", _csv(above, columns, cells)),
        Download("throughline.xlsx", "XLSX", table, media_type=WORKBOOK),
    )


def _csv(above: Sequence[str], columns: Sequence[str], cells: Sequence[Sequence[Any]]) -> str:
    """Cells that a spreadsheet would run as a formula are made text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([_inert(line)] for line in above)
    writer.writerow(columns)
    writer.writerows([_inert(value) for value in row] for row in cells)
    return out.getvalue()


def _inert(value: object) -> object:
    if isinstance(value, str) and value[:1] in "=+-@\t\r":
        return "'" + value
    return "" if value is None else value
