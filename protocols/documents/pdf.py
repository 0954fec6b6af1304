"""PDFs: pages of letters with places become paragraphs, lists, and tables row by row.

pdfplumber says where letters and ruled lines stand; ``pdf_lines`` and ``pdf_blocks`` make lines and paragraphs of
them. pdfium reads what is too damaged for it, and the pages beyond ``LAID_OUT``, without tables.
"""

import io
import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pdfplumber
import pypdfium2

from protocols.documents.document import DAMAGED, LOCKED, MAX_TEXT, NO_WORDS, SCANNED, TOO_LONG, DocumentFault
from protocols.documents.hyphens import heal, words_of
from protocols.documents.pdf_blocks import Block, blocks_of, joined
from protocols.documents.pdf_lines import Letter, Line, in_reading_order, lines_of
from protocols.documents.plain import tidy
from protocols.documents.running import without_running
from protocols.documents.sheet import BULLET, Sheet

MAX_PAGES = 400
LAID_OUT = 40
"""Pages that are read with their tables; it takes a tenth of a second or so each."""
MANY_RULES = 1500
"""Ruled lines of a page from which on they are a drawing."""
FEW_LETTERS = 12
"""A page with no more, and a picture, is a scan."""
LARGE_PICTURE = 0.25
"""Of a page: a picture from which on its words, if any, would be missed."""
LONGEST_CELL = 1500
MANY_PAGES = (
    f"It is long: from page {LAID_OUT + 1} on I read the words and not the tables, so look at deadlines there "
    "yourself."
)


@dataclass(slots=True)
class Page:
    """One page as found: its lines, its tables with their height on it, and what of it could not be read."""

    number: int
    height: float
    lines: list[Line] = field(default_factory=list)
    tables: list[tuple[float, list[list[str]]]] = field(default_factory=list)
    is_picture: bool = False
    has_picture: bool = False
    is_garbled: bool = False
    is_damaged: bool = False


def read_pdf(data: bytes) -> tuple[str, tuple[str, ...]]:
    """The document's text and notes about it. Raises ``DocumentFault``."""
    _check(data)
    try:
        pages, is_longer = _pages(data)
    except DocumentFault:
        raise
    except Exception:  # noqa: BLE001 - over a broken file pdfminer stumbles in ways that it does not name
        return _bare(data)
    text = _text(pages)
    if is_longer:
        text += "\n\n" + _bare_text(data, LAID_OUT)
    if text.strip():
        return text, tuple(_notes(pages, is_longer=is_longer))
    if any(page.is_picture for page in pages) and not _bare_text(data, 0).strip():
        raise DocumentFault(SCANNED)
    return _bare(data)


def _check(data: bytes) -> None:
    """Refuse what even pdfium, which mends much, cannot open: pdfminer may go round in it for ever."""
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise DocumentFault(LOCKED if "password" in str(error).casefold() else DAMAGED) from None
    count = len(pdf)
    pdf.close()
    if count > MAX_PAGES:
        raise DocumentFault(TOO_LONG)


def _pages(data: bytes) -> tuple[list[Page], bool]:
    """The first pages, and whether there are more of them than are laid out."""
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        count = len(pdf.pages)
        found = []
        for number, page in enumerate(pdf.pages[:LAID_OUT], 1):
            try:
                found.append(_page(page, number))
            except Exception:  # noqa: BLE001 - see above; the other pages are read all the same
                found.append(Page(number, 792.0, is_damaged=True))
            page.close()
            if sum(len(line.text) for line in found[-1].lines) > MAX_TEXT:
                raise DocumentFault(TOO_LONG)
    return found, count > LAID_OUT


def _page(page: Any, number: int) -> Page:
    width, height = float(page.width), float(page.height)
    everything = [
        one for one in page.chars if 0 <= one["top"] < height and one["x1"] > 0 and one["x0"] < width
    ]
    letters = [one for one in everything if not one["text"].startswith("(cid:")]
    covered = max((_share(image, width, height) for image in page.images), default=0.0)
    found = Page(number, height)
    found.is_garbled = len(everything) - len(letters) > max(10, 0.3 * len(everything))
    filled = [*letters, *_filled_in(page, height)]
    found.is_picture = covered > 2 * LARGE_PICTURE and len(filled) <= FEW_LETTERS
    found.has_picture = covered > LARGE_PICTURE and not found.is_picture and len(letters) < 400
    rules = len(page.lines) + len(page.rects) + len(page.curves)
    tables = [] if rules < 3 or rules > MANY_RULES else page.find_tables()
    inside: set[int] = set()
    for table in tables:
        rows = _rows(table, filled, inside)
        if rows:
            found.tables.append((float(table.bbox[1]), rows))
    found.lines = lines_of(one for one in filled if id(one) not in inside)
    for line in found.lines:
        line.page = number
    return found


def _share(image: Letter, width: float, height: float) -> float:
    """How much of the page a picture covers."""
    across = min(image["x1"], width) - max(image["x0"], 0)
    down = min(image["bottom"], height) - max(image["top"], 0)
    return float(max(across, 0) * max(down, 0) / max(width * height, 1))


def _filled_in(page: Any, height: float) -> Iterator[Letter]:
    """What somebody has filled in or noted on the page, as one long letter each, where it stands."""
    for one in page.annots:
        raw = one.get("data") or {}
        is_note = str(raw.get("Subtype", "")).strip("/'") == "FreeText"
        value = raw.get("Contents") if is_note else raw.get("V")
        if isinstance(value, bytes):
            encoding = "utf-16" if value.startswith((b"\xfe\xff", b"\xff\xfe")) else "latin-1"
            value = value.decode(encoding, "replace")
        if isinstance(value, str) and value.strip() and 0 <= one["top"] < height:
            size = min(max(one["bottom"] - one["top"], 6.0), 12.0)
            place = {"x0": one["x0"], "x1": one["x1"], "top": one["top"], "bottom": one["top"] + size}
            yield {**place, "text": " ".join(value.split()), "size": size, "upright": True}


# ---------------------------------------------------------------- tables with lines


def _rows(table: Any, letters: Iterable[Letter], inside: set[int]) -> list[list[str]]:
    """The cells of a ruled table, or nothing where it is a frame around text. Its letters' ids go to ``inside``.

    A cell that spans rows stands in each of them, so that the day beside three lines is the day of each.
    """
    grid = [row.cells for row in table.rows]
    columns = max((len(row) for row in grid), default=0)
    if len(grid) < 2 or columns < 2 or sum(cell is not None for row in grid for cell in row) < 4:
        return []
    left, top, right, bottom = table.bbox
    own: dict[tuple[float, ...], list[Letter]] = {
        cell: [] for row in grid for cell in row if cell is not None
    }
    held: set[int] = set()
    for one in letters:
        x, y = (one["x0"] + min(one["x1"], one["x0"] + one["size"])) / 2, (one["top"] + one["bottom"]) / 2
        if not (left <= x <= right and top <= y <= bottom):
            continue
        cell = next((c for c in own if c[0] <= x <= c[2] and c[1] <= y <= c[3]), None)
        if cell is not None:
            own[cell].append(one)
            held.add(id(one))
    texts = {cell: _cell_text(held_by) for cell, held_by in own.items()}
    if max(map(len, texts.values())) > LONGEST_CELL or sum(bool(text) for text in texts.values()) < 3:
        return []
    inside |= held
    lines = [[_cell(grid, texts, row, column) for column in range(columns)] for row in range(len(grid))]
    return [line for line in lines if any(line)]


def _cell(
    grid: Sequence[Sequence[tuple[float, ...] | None]],
    texts: dict[tuple[float, ...], str],
    row: int,
    column: int,
) -> str:
    cell = grid[row][column] if column < len(grid[row]) else None
    if cell is not None:
        return texts[cell]
    middle = next(((one[1] + one[3]) / 2 for one in grid[row] if one is not None), None)
    for above in range(row - 1, -1, -1):
        spanning = grid[above][column] if column < len(grid[above]) else None
        if spanning is not None:
            return texts[spanning] if middle is not None and spanning[3] >= middle else ""
    return ""


def _cell_text(letters: list[Letter]) -> str:
    lines = lines_of(letters)
    return heal("\n".join(line.text for line in lines)).replace("\n", " ")


# ---------------------------------------------------------------- the whole


def _text(pages: Sequence[Page]) -> str:
    kept = without_running([page.lines for page in pages], [page.height for page in pages])
    words = words_of("\n".join(line.text for lines in kept for line in lines))
    sizes = [
        round(line.size, 1) for lines in kept for line in lines for _ in range(max(len(line.text) // 10, 1))
    ]
    body_size = statistics.median(sizes) if sizes else 10.0
    blocks = joined(
        [list(_page_blocks(page, lines, words, body_size)) for page, lines in zip(pages, kept, strict=True)]
    )
    sheet = Sheet()
    for block in blocks:
        if block.rows:
            sheet.table(block.rows)
        elif block.text.startswith(BULLET):
            sheet.item(BULLET, block.text.removeprefix(BULLET))
        else:
            sheet.paragraph(block.text)
    return sheet.text()


def _page_blocks(
    page: Page, lines: Sequence[Line], words: frozenset[str], body_size: float
) -> Iterator[Block]:
    """Text and tables of a page in the order in which they stand on it."""
    rest = list(lines)
    for top, rows in sorted(page.tables, key=lambda one: one[0]):
        above = [line for line in rest if line.top < top]
        rest = [line for line in rest if line.top >= top]
        yield from _text_blocks(above, page, words, body_size)
        yield Block(rows=rows, page=page.number)
    yield from _text_blocks(rest, page, words, body_size)


def _text_blocks(lines: Sequence[Line], page: Page, words: frozenset[str], body_size: float) -> list[Block]:
    return blocks_of(in_reading_order(lines), words=words, body_size=body_size, foot=0.6 * page.height)


def _notes(pages: Sequence[Page], *, is_longer: bool) -> Iterator[str]:
    if is_longer:
        yield MANY_PAGES
    for words, numbers in (
        ("a picture, which I could not read", [page.number for page in pages if page.is_picture]),
        (
            "partly a picture, whose words I could not read",
            [page.number for page in pages if page.has_picture],
        ),
        ("written in letters that I could not make out", [page.number for page in pages if page.is_garbled]),
        ("damaged, and I could not read it", [page.number for page in pages if page.is_damaged]),
    ):
        if numbers:
            yield f"{_say_pages(numbers)} {words}."


def _say_pages(numbers: Sequence[int]) -> str:
    """ "Page 3 is", "Pages 3, 4 and 7 are each"."""
    if len(numbers) == 1:
        return f"Page {numbers[0]} is"
    if len(numbers) > 6:
        return f"{len(numbers)} of its pages (the first is page {numbers[0]}) are each"
    return f"Pages {', '.join(map(str, numbers[:-1]))} and {numbers[-1]} are each"


# ---------------------------------------------------------------- without a layout


def _bare(data: bytes) -> tuple[str, tuple[str, ...]]:
    """The words of a damaged file, as far as there are any."""
    text = _bare_text(data, 0)
    if not text.strip():
        raise DocumentFault(NO_WORDS)
    return text, ("It is damaged; I read what words I found, which may not be all of them.",)


def _bare_text(data: bytes, first: int) -> str:
    """The words of the pages from ``first`` (0 is the first) on, in the order in which they were written."""
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        raise DocumentFault(DAMAGED) from None
    found: list[str] = []
    try:
        for number in range(first, min(len(pdf), MAX_PAGES)):
            page = pdf[number]
            sheet = page.get_textpage()
            found.append(tidy(sheet.get_text_range()))
            sheet.close()
            page.close()
    except pypdfium2.PdfiumError:
        found.append("")
    finally:
        pdf.close()
    return heal("\n\n".join(filter(None, found)))
