"""From letters with places on a page to lines of words, in the order in which one reads them.

A PDF knows where each letter stands and nothing about words, lines or columns. Measures are points (1/72 inch) from
the page's top left corner.
"""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from protocols.documents.sheet import raised

SPACE = 0.18
"""Of the letter size: a gap from here on parts two words."""
GAP = 1.5
"""Of the letter size: a gap from here on parts two cells or columns."""
_SMALL, _RAISED = 0.82, 0.12
_LEAST = 0.45
"""Of a line's letter size: what is smaller is not of that line (beside a drop cap stand three others)."""
_SLOT = 6.0


@dataclass(slots=True)
class Segment:
    """Words that stand together in a line."""

    text: str
    left: float
    right: float


@dataclass(slots=True)
class Line:
    """A line of print. ``size`` is that of most of its letters; ``segments`` are parted by wide gaps."""

    top: float
    bottom: float
    size: float
    segments: list[Segment]
    page: int = 0

    @property
    def left(self) -> float:
        return self.segments[0].left

    @property
    def right(self) -> float:
        return self.segments[-1].right

    @property
    def text(self) -> str:
        return " ".join(segment.text for segment in self.segments)


Letter = dict[str, Any]
"""A letter as pdfplumber has it: text, x0, x1, top, bottom, size, upright."""


@dataclass(slots=True)
class _Row:
    """Letters of one line while it is gathered; its height is that of its largest letter, which comes first."""

    top: float
    bottom: float
    size: float
    letters: list[Letter]


def lines_of(letters: Iterable[Letter]) -> list[Line]:
    """The lines of a page from top to bottom, whatever the order in which its letters were written.

    Large letters are set down first, so that what is printed small beside them (a footnote's mark, "th") finds the
    line it belongs to.
    """
    upright = [
        one for one in letters if one.get("upright", True) and one["text"].strip() and one["size"] > 0.5
    ]
    rows: list[_Row] = []
    near: dict[int, list[_Row]] = {}
    for letter in sorted(upright, key=lambda one: (-round(one["size"]), one["top"], one["x0"])):
        row = _row_for(letter, near)
        if row is None:
            row = _Row(letter["top"], letter["bottom"], letter["size"], [])
            rows.append(row)
            for slot in range(int(row.top // _SLOT), int(row.bottom // _SLOT) + 1):
                near.setdefault(slot, []).append(row)
        row.letters.append(letter)
    found = [_line(row.letters) for row in rows]
    return sorted((line for line in found if line is not None), key=lambda line: (line.top, line.left))


def _row_for(letter: Letter, near: dict[int, list[_Row]]) -> _Row | None:
    middle = (letter["top"] + letter["bottom"]) / 2
    for row in near.get(int(middle // _SLOT), ()):
        reach = 0.1 * (row.bottom - row.top)
        if letter["size"] >= _LEAST * row.size and row.top - reach <= middle <= row.bottom - reach:
            return row
    return None


def _line(row: Sequence[Letter]) -> Line | None:
    """The letters of one line as words; gaps between them say where words end, for blanks are not always written."""
    printed = sorted(row, key=lambda one: float(one["x0"]))
    size = statistics.median(one["size"] for one in printed)
    large = [one for one in printed if one["size"] >= 0.9 * size] or printed
    base = statistics.median(one["bottom"] for one in large)
    segments: list[Segment] = []
    mark = ""
    last: Letter | None = None
    for one in printed:
        text = one["text"]
        if last is not None and _is_printed_twice(last, one):
            continue
        gap = one["x0"] - last["x1"] if last is not None else 0.0
        is_mark = one["size"] < _SMALL * size and one["bottom"] < base - _RAISED * size and bool(segments)
        if mark and not is_mark:
            segments[-1].text += raised(mark, segments[-1].text)
            mark = ""
        if not segments or gap > GAP * size:
            segments.append(Segment("", one["x0"], one["x1"]))
        elif gap > SPACE * size and not mark and not is_mark and not segments[-1].text.endswith(" "):
            segments[-1].text += " "
        if is_mark:
            mark += text
        else:
            segments[-1].text += text
        segments[-1].right = max(segments[-1].right, one["x1"])
        last = one
    if mark:
        segments[-1].text += raised(mark, segments[-1].text)
    for segment in segments:
        segment.text = " ".join(segment.text.split())
    segments = [segment for segment in segments if segment.text]
    if not segments:
        return None
    return Line(min(one["top"] for one in large), max(one["bottom"] for one in large), size, segments)


def _is_printed_twice(last: Letter, one: Letter) -> bool:
    """Whether a letter stands on itself: some programs print twice what is to look bold."""
    return bool(last["text"] == one["text"] and abs(last["x0"] - one["x0"]) < 0.12 * one["size"])


# ---------------------------------------------------------------- columns

LEAST_LINES = 6
"""Lines side by side from which on they are two columns of text."""
LEAST_WORDS = 3


def in_reading_order(lines: Sequence[Line]) -> list[Line]:
    """Lines of text in two columns, the left one first; a heading across both stays where it is."""
    ordered: list[Line] = []
    place = 0
    while place < len(lines):
        end, gutter = _column_run(lines, place)
        if gutter is None:
            ordered.append(lines[place])
            place += 1
            continue
        sides: tuple[list[Line], list[Line]] = ([], [])
        for line in lines[place:end]:
            for side, wanted in enumerate((True, False)):
                own = [one for one in line.segments if (one.right <= gutter) is wanted]
                if own:
                    sides[side].append(Line(line.top, line.bottom, line.size, own, line.page))
        ordered += [*sides[0], *sides[1]]
        place = end
    return ordered


def _column_run(lines: Sequence[Line], start: int) -> tuple[int, float | None]:
    """How far lines from ``start`` on leave a gutter free, and where it is; None where they are no two columns."""
    parted = [line for line in lines[start : start + 3 * LEAST_LINES] if len(line.segments) == 2]
    if len(parted) < LEAST_LINES or len(lines[start].segments) != 2:
        return start, None
    starts = sorted(line.segments[1].left for line in parted)
    gutter = starts[len(starts) // 2] - 1.0
    end = start
    both: list[Line] = []
    for line in lines[start:]:
        if any(one.left < gutter < one.right for one in line.segments):
            break
        if any(abs(one.left - gutter) < 3 for one in line.segments) and len(line.segments) == 2:
            both.append(line)
        end += 1
    words = [len(one.text.split()) for line in both for one in line.segments]
    is_prose = len(both) >= LEAST_LINES and statistics.mean(words) >= LEAST_WORDS and _fills(both)
    return (end, gutter) if is_prose else (start, None)


def _fills(lines: Sequence[Line]) -> bool:
    """Whether most lines on the left reach the same edge: running text does, labels and cells do not."""
    rights = [line.segments[0].right for line in lines]
    width = max(rights) - min(line.left for line in lines)
    return sum(right > max(rights) - 0.2 * width for right in rights) >= 0.6 * len(rights)
