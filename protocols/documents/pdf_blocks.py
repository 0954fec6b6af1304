"""From lines of print to paragraphs, items of lists and rows of tables.

Where it is certain that two lines are one paragraph they become one line; where it is certain that they are not, a
blank line parts them; and where neither is, a plain line end is left, which readers of memos take either way.
"""

import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from protocols.documents.hyphens import join_pair, words_of
from protocols.documents.pdf_lines import Line

WIDE_PITCH = 1.35
"""Of the usual distance between lines: from here on a new paragraph begins."""
FULL = 0.88
"""Of a column's width: a line that reaches so far was broken by the printer, not by its writer."""
SAME_SIZE = 0.08
ALIGNED = 4.0
"""Points by which the same edge may differ from line to line."""
LEAST_ROWS = 3

_MARKER = re.compile(
    r"(?:[●•▪◦○■□▫‣⁃➢✓➤·\u2013\u2014*\uf0b7\uf0a7\uf0d8o-]|\(?(?:\d{1,2}|[a-zA-Z]|[ivxIVX]{1,4})[.)]|\d{1,2}(?:\.\d{1,2}){1,3}\.?)\s+\S"
)
_BULLET = re.compile(r"^[●▪◦○■□▫‣⁃➢➤·\uf0b7\uf0a7\uf0d8]\s+|^[o*\u2013\u2014]\s+(?=\S)")
_FIELD = re.compile(r"[A-Z][\w /-]{0,24}:(?:\s|$)")
_STOP = re.compile(r"[.!?:;][\"”’')\]]*$")
_NOTE = re.compile(r"(?:\[?\d{1,2}\]?|[*†‡§])\s*\S")


@dataclass(slots=True)
class Block:
    """A paragraph, or rows of a table where ``rows`` are given. ``is_open``: its last line was full and ended no
    sentence, so the next page may go on with it."""

    text: str = ""
    rows: list[list[str]] = field(default_factory=list)
    page: int = 0
    is_open: bool = False
    is_note: bool = False


def blocks_of(lines: Sequence[Line], *, words: frozenset[str], body_size: float, foot: float) -> list[Block]:
    """The blocks of a stretch of lines. ``foot`` is the height from which on small print is a note at the foot."""
    blocks: list[Block] = []
    pitch = _usual_pitch(lines)
    edges = (min((line.left for line in lines), default=0), max((line.right for line in lines), default=0))
    place = 0
    while place < len(lines):
        end = _table_end(lines, place)
        if end > place:
            blocks.append(Block(rows=_rows(lines[place:end]), page=lines[place].page))
            place = end
            continue
        end = place + 1
        while (
            end < len(lines) and not _starts_anew(lines, end, pitch, edges) and _table_end(lines, end) == end
        ):
            end += 1
        blocks.append(_paragraph(lines[place:end], edges, words, body_size, foot))
        place = end
    return blocks


def _usual_pitch(lines: Sequence[Line]) -> float:
    """The distance between lines of one paragraph, in letter sizes."""
    steps = [
        (after.top - before.top) / before.size
        for before, after in pairwise(lines)
        if 0 < after.top - before.top < 2.2 * before.size and abs(after.size - before.size) < 1
    ]
    return statistics.median_low(steps) if steps else 1.25


def _starts_anew(lines: Sequence[Line], place: int, pitch: float, edges: tuple[float, float]) -> bool:
    """Whether a paragraph surely begins with this line.

    "12. All schools" is the head of an item, and behind a full line that ends with "by October" it is not.
    """
    before, line = lines[place - 1], lines[place]
    step = line.top - before.top
    if step <= 0 or step > WIDE_PITCH * pitch * max(before.size, line.size):
        return True
    if abs(line.size - before.size) > SAME_SIZE * max(before.size, line.size):
        return True
    if not _MARKER.match(line.text):
        return False
    is_outdented = line.left < before.left - ALIGNED
    is_next_item = bool(_MARKER.match(before.text)) and abs(line.left - before.left) <= ALIGNED
    return is_outdented or is_next_item or bool(_STOP.search(before.text)) or not _is_full(before, *edges)


def _paragraph(
    own: Sequence[Line], edges: tuple[float, float], words: frozenset[str], body_size: float, foot: float
) -> Block:
    left, right = edges
    text = own[0].text
    for before, line in pairwise(own):
        text = (
            join_pair(text, line.text, words)
            if _goes_on(before, line, left, right)
            else f"{text}\n{line.text}"
        )
    is_note = own[0].size < 0.93 * body_size and own[0].top > foot and bool(_NOTE.match(own[0].text))
    last = own[-1]
    is_open = _is_full(last, left, right) and not _STOP.search(last.text)
    return Block(_BULLET.sub("• ", text), page=own[0].page, is_open=is_open, is_note=is_note)


def _goes_on(before: Line, line: Line, left: float, right: float) -> bool:
    """Whether two lines, one right under the other, are surely one paragraph."""
    if _FIELD.match(line.text) or not _is_full(before, left, right):
        return False
    return line.left - before.left < 3.0 * line.size


def _is_full(line: Line, left: float, right: float) -> bool:
    """Whether the line's end is where the column ends, give or take a long word."""
    return line.right - left >= FULL * (right - left) or right - line.right < 3.5 * line.size


# ---------------------------------------------------------------- tables without lines


def _table_end(lines: Sequence[Line], start: int) -> int:
    """Behind the last of the lines from ``start`` on whose cells stand under each other; ``start`` for no table."""
    first = lines[start]
    if len(first.segments) < 2 or first.segments[0].text.endswith(":"):
        return start
    edges = [segment.left for segment in first.segments]
    end, rows = start, 0
    for place in range(start, len(lines)):
        line = lines[place]
        if place > start and line.top - lines[place - 1].top > 3.0 * line.size:
            break
        known = [edge for segment in line.segments for edge in edges if abs(segment.left - edge) <= ALIGNED]
        if len(known) < len(line.segments) or (len(line.segments) < 2 and line.left < edges[1] - ALIGNED):
            break
        rows += len(line.segments) >= 2
        end = place + 1
    return end if rows >= LEAST_ROWS else start


def _rows(lines: Sequence[Line]) -> list[list[str]]:
    """The cells of each row; a line with nothing in its first column goes on with the row above."""
    edges = [segment.left for segment in lines[0].segments]
    rows: list[list[str]] = []
    for line in lines:
        cells = [""] * len(edges)
        for segment in line.segments:
            column = min(range(len(edges)), key=lambda n: abs(edges[n] - segment.left))
            cells[column] = f"{cells[column]} {segment.text}".strip()
        if rows and not cells[0]:
            rows[-1] = [f"{old} {new}".strip() for old, new in zip(rows[-1], cells, strict=True)]
        else:
            rows.append(cells)
    return rows


# ---------------------------------------------------------------- from page to page


def joined(pages: Sequence[Sequence[Block]]) -> list[Block]:
    """The blocks of all pages: what goes on behind a page's end is one, its notes at the foot come after it, and the
    head of a table that is printed again on the next page stands once."""
    words = words_of("\n".join(block.text for page in pages for block in page))
    blocks: list[Block] = []
    notes: list[Block] = []
    for page in pages:
        text = [block for block in page if not block.is_note]
        if text and blocks:
            text = _continued(blocks, text, words)
            blocks += notes
            notes = []
        blocks += text
        notes += [block for block in page if block.is_note]
    return blocks + notes


def _continued(blocks: list[Block], page: list[Block], words: frozenset[str]) -> list[Block]:
    """Join the first block of a page to the last of the page before where they are one; the rest of the page."""
    last, first = blocks[-1], page[0]
    if last.rows and first.rows and len(last.rows[0]) == len(first.rows[0]):
        again = 1 if first.rows[0] == last.rows[0] else 0
        last.rows += first.rows[again:]
        return page[1:]
    if last.is_open and not last.rows and not first.rows and first.text[:1].islower():
        last.text = join_pair(last.text, first.text, words)
        last.is_open = first.is_open
        return page[1:]
    return page
