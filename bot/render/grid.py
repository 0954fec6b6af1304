"""A table as lines of text: aligned columns where they fit a phone, else one short list of facts a row.

A phone shows about 36 letters of fixed width; a wider table wraps in mid-row and can no longer be read. Screen
readers read rows of facts well and aligned columns badly, so facts are also what plain text uses. Right-to-left
letters are never aligned: the client turns their order, and the columns with it.
"""

import unicodedata
from dataclasses import dataclass
from itertools import zip_longest

from bot.render.prose import clean
from handlers.cards import Table

PHONE_WIDTH = 36
_GAP = "  "


@dataclass(frozen=True, slots=True)
class Row:
    """One row as facts: what it is about, and what is said of it ("Visits: 4").

    A *pair* is the row of a table of two columns, whose title would say the same at each of them: "Visits: 4" is a row.
    """

    name: str
    facts: tuple[str, ...]
    is_pair: bool = False


def facts(table: Table) -> list[Row]:
    """The rows as names with facts; an empty cell is a dash. A row may be shorter or longer than the columns."""
    rows = []
    for cells in table.rows:
        named = [
            (clean(title), clean(cell)) for title, cell in zip_longest(table.columns, cells, fillvalue="")
        ]
        name = named[0][1] if named else ""
        if len(named) == 2 and name:
            rows.append(Row(name, (named[1][1] or "–",), is_pair=True))
            continue
        said = tuple(
            f"{title}: {cell or '–'}" if title else cell for title, cell in named[1:] if title or cell
        )
        rows.append(Row(name, said))
    return rows


def heading(table: Table) -> str:
    """What the rows are about: the title of the first column, of all where there is no row, or just one more column."""
    is_pair = len(table.columns) == 2
    titles = table.columns[:1] if table.rows and not is_pair else table.columns
    return (": " if is_pair else ", ").join(clean(title) for title in titles if title.strip())


def align(table: Table) -> list[str] | None:
    """The lines of the table, titles first, in letters of one width; ``None`` where it would not fit a phone."""
    lines = [tuple(clean(cell) for cell in cells) for cells in (table.columns, *table.rows)]
    if not table.rows or any(not _is_alignable(cell) for cells in lines for cell in cells):
        return None
    columns = list(zip_longest(*lines, fillvalue=""))
    widths = [max(width(cell) for cell in column) for column in columns]
    if sum(widths) + len(_GAP) * (len(widths) - 1) > PHONE_WIDTH:
        return None
    numeric = [all(is_figure(cell) for cell in column[1:]) for column in columns]
    return [
        _GAP.join(
            _pad(cell, size, is_right) for cell, size, is_right in zip(row, widths, numeric, strict=True)
        )
        for row in zip(*columns, strict=True)
    ]


def width(text: str) -> int:
    """How many letters wide a text stands in a fixed-width font: wide (East Asian, emoji) two, marks none."""
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )


def _is_alignable(cell: str) -> bool:
    return "\n" not in cell and all(
        unicodedata.bidirectional(letter) not in ("R", "AL") and unicodedata.category(letter) != "Cf"
        for letter in cell
    )


def is_figure(cell: str) -> bool:
    """Whether a cell holds a number, or nothing: such a column stands to the right."""
    return not cell or cell.strip(" +-–−%.,").replace(",", "").replace(".", "").isdigit()


def _pad(cell: str, size: int, is_right: bool) -> str:
    room = " " * (size - width(cell))
    return room + cell if is_right else cell + room
