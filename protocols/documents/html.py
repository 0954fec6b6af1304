"""A web page, or a mail written as one: its words in reading order, without scripts, menus and what nobody sees."""

import codecs
import re

from lxml import etree

from protocols.documents.document import DAMAGED, DocumentFault
from protocols.documents.plain import SAMPLE, decode
from protocols.documents.sheet import BULLET, Sheet, raised

_NOT_READ = """
area audio button canvas datalist dialog embed head iframe map math menu nav noscript object param script
select source style svg template track video
"""
_SET_APART = """
address article aside blockquote body caption center dd details dir div dl dt fieldset figcaption figure
footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main ol p pre section summary table tbody td
tfoot th thead tr ul
"""
_UNREAD, _BLOCKS = frozenset(_NOT_READ.split()), frozenset(_SET_APART.split())
_STRUCK = frozenset({"del", "s", "strike"})
_HIDDEN = re.compile(
    r"(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:;|$))",
    re.I,
)
_LINE_THROUGH = re.compile(r"text-decoration[^;:]*:[^;]*line-through", re.I)
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_WESTERN = frozenset({"iso8859-1", "ascii"})
LONGEST_CELL = 1200
"""Characters. A table with a longer cell lays out a page; its cells are read one after the other."""
STRUCK = "Words that are struck through I have left out."


def read_html(data: bytes, *, charset: str | None = None) -> tuple[str, tuple[str, ...]]:
    """The page's text and notes about it. ``charset`` is what came beside the page; its own mark goes before it."""
    text = _DECLARATION.sub("", _decode(data, charset)).replace("\x00", "")
    # "huge": without it, what is nested deeper than 256 boxes is dropped in silence.
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        raise DocumentFault(DAMAGED) from None
    if root is None:
        return "", ()
    reader = _Reader()
    reader.read(_main_part(root))
    return reader.sheet.text(), (STRUCK,) if reader.has_struck else ()


def _decode(data: bytes, charset: str | None) -> str:
    for mark in (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        if data.startswith(mark):
            return decode(data) or ""
    named = _CHARSET.search(data[:SAMPLE])
    for name in (named[1].decode("ascii", "ignore") if named else "", charset or ""):
        try:
            codec = codecs.lookup(name).name
        except (LookupError, ValueError):
            continue
        if codec.startswith("utf-16"):  # a page that one can read the name in is not in UTF-16
            continue
        return data.decode("cp1252" if codec in _WESTERN else codec, "replace")
    return decode(data) or data.decode("utf-8", "replace")


def _main_part(root: etree._Element) -> etree._Element:
    """What the page itself says is its content, where that is most of its words."""
    marked = [one for one in root.iter("main", "article") if one.tag == "main" or one.getparent() is not None]
    marked += [one for one in root.iter() if isinstance(one.tag, str) and one.get("role") == "main"]
    whole = len(_all_words(root))
    for one in sorted(marked, key=lambda element: -len(_all_words(element))):
        if len(_all_words(one)) * 2 > whole:
            return one
    return root


class _Reader:
    """Walks the page once. ``line`` gathers the words between two edges of blocks."""

    def __init__(self) -> None:
        self.sheet = Sheet()
        self.has_struck = False
        self._line = ""
        self._marker = ""
        self._counted: dict[etree._Element, int] = {}

    def read(self, element: etree._Element) -> None:
        self._walk(element, is_verbatim=False)
        self._end_line()

    def _walk(self, element: etree._Element, *, is_verbatim: bool) -> None:
        if self.sheet.is_full:
            return
        tag = element.tag if isinstance(element.tag, str) else ""
        if tag and tag not in _UNREAD and not _is_hidden(element):
            if tag in _STRUCK or _LINE_THROUGH.search(element.get("style") or ""):
                self.has_struck = self.has_struck or bool(_all_words(element).strip())
            else:
                self._enter(element, tag, is_verbatim or tag in ("pre", "textarea"))

    def _enter(self, element: etree._Element, tag: str, is_verbatim: bool) -> None:
        if tag == "br":
            self._line += "\n"
            return
        if tag == "sup":
            self._line += raised(_all_words(element), self._line)
            return
        if tag == "table" and (rows := _data_rows(element)) is not None:
            self._end_line()
            self.sheet.table([[self._words(cell) for cell in row] for row in rows])
            return
        is_block = tag in _BLOCKS
        if is_block:
            self._end_line()
        if tag == "li":
            self._marker = self._marker_of(element)
        self._add(element.text, is_verbatim)
        for child in element:
            self._walk(child, is_verbatim=is_verbatim)
            self._add(child.tail, is_verbatim)
        if is_block:
            self._end_line()
        if tag == "li":
            self._marker = ""

    def _words(self, cell: etree._Element) -> str:
        inner = _Reader()
        inner.read(cell)
        self.has_struck = self.has_struck or inner.has_struck
        return inner.sheet.text()

    def _marker_of(self, item: etree._Element) -> str:
        """ "2." where the list is numbered, as a browser counts it."""
        parent = item.getparent()
        if parent is None or parent.tag != "ol":
            return BULLET
        number = _whole(item.get("value"), self._counted.get(parent, _whole(parent.get("start"), 1) - 1) + 1)
        self._counted[parent] = number
        kind = parent.get("type") or "1"
        return f"{chr(ord(kind) + number - 1)}." if kind in ("a", "A") and 1 <= number <= 26 else f"{number}."

    def _add(self, words: str | None, is_verbatim: bool) -> None:
        if words:
            self._line += words if is_verbatim else re.sub(r"\s+", " ", words)

    def _end_line(self) -> None:
        words, self._line = self._line, ""
        if not words.strip():
            return
        if self._marker:
            self.sheet.item(self._marker, words)
            self._marker = ""
        else:
            self.sheet.paragraph(words)


def _all_words(element: etree._Element) -> str:
    return "".join(str(words) for words in element.itertext())


def _is_hidden(element: etree._Element) -> bool:
    return element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style") or ""))


def _data_rows(table: etree._Element) -> list[list[etree._Element]] | None:
    """The rows of a table that holds data, cells that span rows standing in each; None for one that lays out a page."""
    if table.get("role") == "presentation" or table.find(".//table") is not None:
        return None
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]
    if sum(bool(row) for row in rows) < 1 or max((len(row) for row in rows), default=0) < 2:
        return None
    if any(len(_all_words(cell)) > LONGEST_CELL for row in rows for cell in row):
        return None
    return _spread(rows)


def _spread(rows: list[list[etree._Element]]) -> list[list[etree._Element]]:
    """Every cell in each row and column it spans, so that a day beside three lines is the day of each of them."""
    spread: list[list[etree._Element]] = []
    open_cells: dict[int, tuple[etree._Element, int]] = {}
    empty = etree.Element("td")
    for row in rows:
        line: list[etree._Element] = []
        cells = iter(row)
        cell = next(cells, None)
        while cell is not None or len(line) in open_cells:
            place = len(line)
            if place in open_cells:
                held, left = open_cells.pop(place)
                line.append(held)
                if left > 1:
                    open_cells[place] = (held, left - 1)
                continue
            assert cell is not None
            down, across = _span(cell, "rowspan"), _span(cell, "colspan")
            for step in range(across):
                line.append(cell if step == 0 else empty)
                if down > 1:
                    open_cells[place + step] = (cell if step == 0 else empty, down - 1)
            cell = next(cells, None)
        spread.append(line)
    return spread


def _span(cell: etree._Element, name: str) -> int:
    return min(max(_whole(cell.get(name), 1), 1), 50)


def _whole(words: str | None, other: int) -> int:
    words = (words or "").strip()
    return int(words) if words.isascii() and words.isdigit() and len(words) < 7 else other
