"""Running heads and page numbers: what a printer puts on every page, and nobody wrote for this one.

Removed only where it is certain: the same words at the same height near the edge of most pages, nothing in them but a
number that counts the pages. The first page keeps its head, which is the letterhead.
"""

import re
from collections import defaultdict
from collections.abc import Sequence

from protocols.documents.pdf_lines import Line

EDGE = 0.12
"""Of a page's height, at its top and its foot."""
SAME_HEIGHT = 4.0
_NUMBER = re.compile(r"\d+")
_EDGE = r"[-\u2013\u2014| ]*"
_PAGE = re.compile(
    rf"(?i){_EDGE}(?:page\s*)?(?P<at>\d{{1,3}})(?:\s*(?:of|/)\s*\d{{1,3}})?{_EDGE}(?:p\s?a\s?g\s?e)?"
)
_PAGE_OF = re.compile(rf"(?i){_EDGE}page\s+\d{{1,3}}\s+of\s+\d{{1,3}}{_EDGE}")


def without_running(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> list[list[Line]]:
    """The lines of each page without what runs along. ``heights`` are those of the pages."""
    dropped = _page_numbers(pages, heights) | _repeated(pages, heights)
    return [[line for line in page if id(line) not in dropped] for page in pages]


def _edges(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> list[list[tuple[Line, float]]]:
    """For each page its lines near an edge, with their place: from the top, or (negative) from the foot."""
    found = []
    for page, height in zip(pages, heights, strict=True):
        near = [(line, line.top) for line in page if line.bottom <= EDGE * height]
        near += [(line, line.bottom - height) for line in page if line.top >= (1 - EDGE) * height]
        found.append(near)
    return found


def _page_numbers(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> set[int]:
    """Lines that are a page's number and nothing else: "Page 2 of 5" anywhere near an edge, a bare number where the
    other pages have theirs."""
    edges = _edges(pages, heights)
    sure = {id(line) for near in edges for line, _place in near if _PAGE_OF.fullmatch(line.text)}
    counted: dict[int, list[tuple[int, Line]]] = defaultdict(list)
    for number, near in enumerate(edges):
        for line, _place in near:
            match = _PAGE.fullmatch(line.text)
            if match:
                counted[int(match["at"]) - number].append((number, line))
    for lines in counted.values():
        if len({number for number, _line in lines}) >= max(2, 0.6 * len(pages)):
            sure |= {id(line) for _number, line in lines}
    return sure


def _repeated(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> set[int]:
    """Lines that most pages have at the same height, but for the page's own number; those of the first stay."""
    groups: dict[tuple[str, int], list[tuple[int, Line]]] = defaultdict(list)
    for number, near in enumerate(_edges(pages, heights)):
        for line, place in near:
            groups[_NUMBER.sub("#", line.text), round(place / SAME_HEIGHT)].append((number, line))
    found: set[int] = set()
    for lines in groups.values():
        if len({number for number, _line in lines}) < max(2, 0.6 * len(pages)):
            continue
        if _same_but_for_page(lines):
            found |= {id(line) for number, line in lines if number != lines[0][0]}
    return found


def _same_but_for_page(lines: Sequence[tuple[int, Line]]) -> bool:
    """Whether every number in the lines is the same on all pages, or goes up with the page."""
    rows = [[int(digits[:9]) for digits in _NUMBER.findall(line.text)] for _number, line in lines]
    first_page, first = lines[0][0], rows[0]
    return all(
        len(row) == len(first)
        and all(here in (there, there + number - first_page) for here, there in zip(row, first, strict=True))
        for (number, _line), row in zip(lines, rows, strict=True)
    ) and all(len({row[n] for row in rows}) in (1, len(rows)) for n in range(len(first)))
