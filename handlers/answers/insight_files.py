"""The rows of an answer as files to take along: a CSV, and a workbook in which numbers are numbers."""

import json
from collections.abc import Sequence
from typing import Any

from handlers.cards import WORKBOOK, Download
from handlers.csv_files import write_csv


def files_of(rows: Sequence[dict[str, Any]], counted: str, missing: Sequence[str]) -> tuple[Download, ...]:
    """Both are headed by what was counted and what is missing."""
    above = [counted, *(f"missing: {line}" for line in missing)]
    columns = list(dict.fromkeys(key for row in rows for key in row)) or ["name", "value"]
    cells = [[row.get(column) for column in columns] for row in rows]
    table = json.dumps({"above": above, "columns": columns, "rows": cells})
    return (
        Download("throughline.csv", "CSV", write_csv([*([line] for line in above), columns, *cells])),
        Download("throughline.xlsx", "XLSX", table, media_type=WORKBOOK),
    )
