"""The sheet that readers of documents with a structure write on: paragraphs, items of lists, rows of tables."""

import re
from collections.abc import Sequence

from protocols.documents.document import MAX_TEXT
from protocols.documents.hyphens import heal
from protocols.documents.plain import tidy

_BLANKS = re.compile(r"[^\S\n]+")
_LETTERED = re.compile(r"\w")
_ORDINAL = re.compile(r"(?i)(?:st|nd|rd|th|er|e|o|a|tm|sm)\b")
BULLET = "•"


class Sheet:
    """Text that grows block by block. Stops to grow once it is longer than anybody reads: ``is_full``."""

    def __init__(self) -> None:
        self._blocks: list[str] = []
        self._size = 0
        self._is_in_list = False

    @property
    def is_full(self) -> bool:
        return self._size > MAX_TEXT

    @property
    def is_empty(self) -> bool:
        return not self._blocks

    def paragraph(self, text: str) -> None:
        """A paragraph or heading; line breaks that its writer made stay."""
        text = clean(text)
        if text:
            self._put(text)
            self._is_in_list = False

    def item(self, marker: str, text: str) -> None:
        """One entry of a list, under the one before."""
        text = clean(text)
        if not text:
            return
        line = f"{marker} {text}"
        if self._is_in_list:
            self._blocks[-1] += "\n" + line
            self._size += len(line) + 1
        else:
            self._put(line)
        self._is_in_list = True

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """Rows of cells; what has one column only is paragraphs in a frame."""
        cleaned = [[clean(cell) for cell in row] for row in rows]
        columns = max((len(row) for row in cleaned), default=0)
        used = [n for n in range(columns) if any(len(row) > n and row[n] for row in cleaned)]
        if len(used) <= 1:
            for row in cleaned:
                for cell in row:
                    self.paragraph(cell)
            return
        lines = [
            " | ".join(row[n].replace("\n", " ") if len(row) > n else "" for n in used).strip()
            for row in cleaned
            if any(row)
        ]
        self._put("\n".join(lines))
        self._is_in_list = False

    def text(self) -> str:
        return heal(tidy("\n\n".join(self._blocks)))

    def _put(self, block: str) -> None:
        if not self.is_full:
            self._blocks.append(block)
        self._size += len(block) + 2


def clean(text: str) -> str:
    """Blanks folded, lines trimmed, empty lines gone."""
    lines = (_BLANKS.sub(" ", line).strip() for line in tidy(text).split("\n"))
    return "\n".join(
        line for line in lines if _LETTERED.search(line) or line.strip(" |_.-\u2013\u2014*=\u2022\uf0b7")
    )


def raised(text: str, before: str) -> str:
    """Letters set above the line: "th" of "9th" is part of the word; the mark of a footnote is not, for behind a day
    it would make another day of it."""
    text = text.strip()
    mark = text.rstrip(".,;:)")
    if not mark or _ORDINAL.fullmatch(mark) or not before[-1:].strip():
        return text
    return f"[{mark}]{text[len(mark) :]}"
