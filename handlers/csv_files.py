"""CSV files to take along, of which no cell is run: the one place that writes them.

A spreadsheet that opens a CSV takes a text that begins with = + - or @ for a formula, and a formula can fetch pages and
start programs. Names of schools and offices come from rosters and reasons from people, so any cell may begin so; an
apostrophe before it makes it text (OWASP, "CSV Injection").
"""

import csv
import io
from collections.abc import Iterable

_BEGINS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def write_csv(rows: Iterable[Iterable[object]]) -> str:
    """The rows as RFC 4180 has them; None is an empty cell, a number stays a number."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([_inert(value) for value in row] for row in rows)
    return out.getvalue()


def _inert(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, str) and (value.lstrip().startswith(_BEGINS) or value[:1] in ("\t", "\r", "\n")):
        return f"'{value}"
    return value
