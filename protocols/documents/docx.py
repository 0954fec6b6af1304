"""Word documents (DOCX): paragraphs, numbered lists and tables in the order in which they stand.

python-docx opens the package and knows its parts; the text is walked here, because what it hands out leaves out much
that people read: text in boxes, in fields to fill in, in changes that were tracked, and notes at the foot.
"""

import io
from collections.abc import Iterator
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE as REL
from lxml import etree

from protocols.documents.docx_lists import Lists, W, read_lists
from protocols.documents.html import STRUCK
from protocols.documents.kinds import check_packed
from protocols.documents.sheet import Sheet, raised

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_LARGE = (3_200_400, 1_828_800)
"""3.5 by 2 inches, in the units of the format."""
_SKIPPED = frozenset(
    {
        f"{W}{name}"
        for name in ("del", "moveFrom", "instrText", "delText", "rPr", "pPr", "sectPr", "tblPr", "sdtPr")
    }
    | {f"{_MC}Fallback"}
)
_TRACKED = frozenset({f"{W}ins", f"{W}del", f"{W}moveFrom", f"{W}moveTo"})
DEEPEST = 40
"""So many tables and boxes may stand in each other."""
_FOOT = {"footnote": REL.FOOTNOTES, "endnote": REL.ENDNOTES}
TRACKED = "It has tracked changes; I read it as if all of them were accepted."
PICTURES = "It holds pictures; what stands on them I have not read."
EMBEDDED = "Another file is embedded in it, which I have not read."


def read_docx(data: bytes) -> tuple[str, tuple[str, ...]]:
    """The document's text and notes about it. Raises ``DocumentFault``, and what python-docx does over a broken one."""
    check_packed(data)
    return _Reader(docx.Document(io.BytesIO(data))).read()


class _Reader:
    """One document, walked once. ``sheet`` is where its words go."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self.sheet = Sheet()
        numbering = _part(document.part, REL.NUMBERING)
        self._lists: Lists = read_lists(numbering)
        styles = _part(document.part, REL.STYLES)
        known = () if styles is None else styles.iter(f"{W}style")
        self._styles = {one.get(f"{W}styleId"): one for one in known}
        self._foot: dict[tuple[str, str], str] = {}
        self._boxes: list[Any] = []
        self._has_struck = False

    def read(self) -> tuple[str, tuple[str, ...]]:
        body = self._document.element.body
        for element in self._heads("header"):
            self._blocks(element, 0)
        self._blocks(body, 0)
        self._put_notes()
        for element in self._heads("footer"):
            self._blocks(element, 0)
        return self.sheet.text(), tuple(self._notes(body))

    def _heads(self, kind: str) -> Iterator[Any]:
        """Headers or footers as they are defined, each once: of first pages, of all, of even ones."""
        seen: set[str] = set()
        rels = self._document.part.rels
        for refers in self._document.element.body.iter(f"{W}{kind}Reference"):
            number = refers.get("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id")
            relation = rels.get(number)
            element = None if relation is None or relation.is_external else _root(relation.target_part)
            if element is None:
                continue
            words = " ".join("".join(element.itertext(f"{W}t")).split())
            if words and words not in seen and not _is_page_number(element, words):
                seen.add(words)
                yield element

    # ---------------------------------------------------------------- blocks

    def _blocks(self, parent: Any, depth: int) -> None:
        """Paragraphs and tables under an element, whatever they are wrapped in."""
        if depth > DEEPEST:
            raise ValueError("too deep")
        for child in parent:
            if self.sheet.is_full:
                return
            if child.tag == f"{W}p":
                self._paragraph(child, depth)
            elif child.tag == f"{W}tbl":
                self._table(child, depth)
            elif child.tag not in _SKIPPED and isinstance(child.tag, str):
                self._blocks(child, depth + 1)

    def _paragraph(self, paragraph: Any, depth: int) -> None:
        words = self._words(paragraph)
        boxes, self._boxes = self._boxes, []
        marker = self._marker(paragraph) if words.strip() else ""
        if marker:
            self.sheet.item(marker, words)
        else:
            self.sheet.paragraph(words)
        for box in boxes:
            self._blocks(box, depth + 1)

    def _table(self, table: Any, depth: int) -> None:
        rows: list[list[str]] = []
        above: dict[int, str] = {}
        for row in _children(table, f"{W}tr"):
            line: list[str] = []
            for cell in _children(row, f"{W}tc"):
                place = len(line)
                words = self._cell(cell, depth)
                merge = cell.find(f"{W}tcPr/{W}vMerge")
                if merge is not None and merge.get(f"{W}val") != "restart":
                    words = above.get(place, "")  # a cell that goes on from the row above stands in each
                elif merge is not None:
                    above[place] = words
                line += [words] + [""] * (_across(cell) - 1)
            rows.append(line)
        self.sheet.table(rows)

    def _cell(self, cell: Any, depth: int) -> str:
        inner = _Cell(self)
        inner.fill(cell, depth + 1)
        return inner.sheet.text()

    # ---------------------------------------------------------------- words

    def _words(self, element: Any) -> str:
        """The words of a paragraph, in order; boxes that are anchored in it are put aside."""
        words: list[str] = []
        self._gather(element, words, 0)
        return "".join(words)

    def _gather(self, element: Any, words: list[str], depth: int) -> None:
        if depth > DEEPEST:
            raise ValueError("too deep")
        for child in element:
            tag = child.tag
            if tag in _SKIPPED or not isinstance(tag, str):
                continue
            if tag == f"{W}t":
                words.append(child.text or "")
            elif tag == f"{W}r":
                self._run(child, words, depth)
            elif tag in (f"{W}tab", f"{W}ptab"):
                words.append("\t")
            elif tag in (f"{W}br", f"{W}cr"):
                words.append("\n")
            elif tag == f"{W}noBreakHyphen":
                words.append("-")
            elif tag == f"{W}softHyphen":
                words.append("\u00ad")
            elif tag == f"{W}txbxContent":
                self._boxes.append(child)
            elif tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
                words.append(self._foot_mark(child))
            else:
                self._gather(child, words, depth + 1)

    def _run(self, run: Any, words: list[str], depth: int) -> None:
        look = run.find(f"{W}rPr")
        if look is not None and (_is_on(look, "vanish") or _is_on(look, "webHidden")):
            return
        if look is not None and (_is_on(look, "strike") or _is_on(look, "dstrike")):
            self._has_struck = True
            return
        own: list[str] = []
        self._gather(run, own, depth + 1)
        raise_ = look.find(f"{W}vertAlign") if look is not None else None
        if raise_ is not None and raise_.get(f"{W}val") == "superscript" and not "".join(own).startswith("["):
            words.append(raised("".join(own), "".join(words[-2:])))
        else:
            words += own

    def _marker(self, paragraph: Any) -> str:
        """The number or bullet that Word shows before it: its own, or its style's."""
        look = paragraph.find(f"{W}pPr")
        if look is None:
            return ""
        style, own = look.find(f"{W}pStyle"), look.find(f"{W}numPr")
        number, depth = _numbered(own)
        name = style.get(f"{W}val") if style is not None else None
        for _ in range(10):  # styles rest on each other
            if number is not None or name not in self._styles:
                break
            known = self._styles[name]
            number, styled = _numbered(known.find(f"{W}pPr/{W}numPr"))
            depth = depth or styled
            based = known.find(f"{W}basedOn")
            name = based.get(f"{W}val") if based is not None else None
        return self._lists.marker(number, depth) if number not in (None, "0") else ""

    # ---------------------------------------------------------------- notes

    def _foot_mark(self, reference: Any) -> str:
        kind = "footnote" if reference.tag == f"{W}footnoteReference" else "endnote"
        key = (kind, reference.get(f"{W}id") or "")
        mark = self._foot.setdefault(key, str(len(self._foot) + 1))
        return f"[{mark}]"

    def _put_notes(self) -> None:
        """The notes at the foot, under the text, each with its mark."""
        roots = {kind: _part(self._document.part, relation) for kind, relation in _FOOT.items()}
        for (kind, number), mark in list(self._foot.items()):
            root = roots[kind]
            found = (
                None
                if root is None
                else next((one for one in root.iter(f"{W}{kind}") if one.get(f"{W}id") == number), None)
            )
            if found is not None:
                words = " ".join(self._words(paragraph).strip() for paragraph in found.iter(f"{W}p"))
                self.sheet.paragraph(f"[{mark}] {words}")

    def _notes(self, body: Any) -> Iterator[str]:
        if any(True for _ in body.iter(*_TRACKED)):
            yield TRACKED
        if self._has_struck:
            yield STRUCK
        if any(True for _ in body.iter(f"{W}object")) or any(
            relation.reltype == REL.A_F_CHUNK for relation in self._document.part.rels.values()
        ):
            yield EMBEDDED
        if any(_is_large(one) for one in body.iter(f"{_DRAWING}extent")):
            yield PICTURES


class _Cell:
    """A cell: a sheet of its own inside the document, with the document's lists and notes."""

    def __init__(self, reader: _Reader) -> None:
        self._reader = reader
        self.sheet = Sheet()

    def fill(self, cell: Any, depth: int) -> None:
        outer, self._reader.sheet = self._reader.sheet, self.sheet
        try:
            self._reader._blocks(cell, depth)
        finally:
            self._reader.sheet = outer


def _children(element: Any, tag: str) -> Iterator[Any]:
    """Children of that kind, those in wrappers (content controls, tracked rows) included."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml", f"{W}moveTo"):
            yield from _children(child, tag)


def _part(part: Any, relation: str) -> Any:
    """The root element of a part that the document refers to, or None."""
    found = next((one for one in part.rels.values() if one.reltype == relation and not one.is_external), None)
    return None if found is None else _root(found.target_part)


def _root(part: Any) -> Any:
    element = getattr(part, "element", None)
    if element is not None:
        return element
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    return etree.fromstring(part.blob, parser)


def _is_on(look: Any, name: str) -> bool:
    found = look.find(f"{W}{name}")
    return found is not None and found.get(f"{W}val") not in ("0", "false", "off")


def _across(cell: Any) -> int:
    span = cell.find(f"{W}tcPr/{W}gridSpan")
    words = (span.get(f"{W}val") if span is not None else None) or "1"
    return min(max(int(words), 1), 60) if words.isascii() and words.isdigit() and len(words) < 4 else 1


def _is_large(extent: Any) -> bool:
    """Whether a picture is large enough to hold words: a letterhead's mark is not."""
    sides = [extent.get(name) or "" for name in ("cx", "cy")]
    return all(side.isdigit() and int(side) >= least for side, least in zip(sides, _LARGE, strict=True))


def _numbered(element: Any) -> tuple[str | None, int]:
    """The list and the depth that a paragraph or style names."""
    if element is None:
        return None, 0
    number, depth = element.find(f"{W}numId"), element.find(f"{W}ilvl")
    level = (depth.get(f"{W}val") if depth is not None else None) or "0"
    return (number.get(f"{W}val") if number is not None else None), int(level) if level.isdigit() else 0


def _is_page_number(element: Any, words: str) -> bool:
    """Whether a header or footer says nothing but which page it is."""
    has_field = any("PAGE" in (one.text or "") for one in element.iter(f"{W}instrText")) or any(
        "PAGE" in (one.get(f"{W}instr") or "") for one in element.iter(f"{W}fldSimple")
    )
    bare = words.casefold()
    for word in ("page", "of", "|", "-", "/"):
        bare = bare.replace(word, " ")
    return (has_field or bare != words.casefold()) and not bare.replace(" ", "").strip("0123456789")
