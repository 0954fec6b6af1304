"""Text on its way to a screen: made safe to show, split at a natural border, shortened visibly.

Shared by every renderer, because people type and paste anything and each platform has its own limits.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable

NOTHING = "Nothing to show."
NO_OPTIONS = "There is nothing to choose from."

# Control characters show nothing and some are refused (NUL by HTML and PNG alike). The two overrides turn the
# reading direction of what follows and so can forge a text; real right-to-left text does not need them.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202d\u202e]")
# Half a character, left over from a cut UTF-16 string: it cannot be sent as UTF-8.
_HALVES = re.compile("[\ud800-\udfff]")
_SENTENCE_END = re.compile(r"[.!?…。؟]['\")\]”’]?\s")
_JOINERS = {"\u200d", "\ufe0e", "\ufe0f"}
_LONGEST_GRAPHEME = 32


def picture_words(title: str, sentence: str) -> str:
    """What is said instead of a picture, its title included: for those who do not see it."""
    title, sentence = clean(title).strip(), clean(sentence).strip()
    said = sentence if sentence.startswith(title) else "\n".join(filter(None, (title, sentence)))
    return said or "A chart"


def file_label(label: str, name: str) -> str:
    """What a file is called where it is offered: "The memo (memo.pdf)", and no more than "CSV" for throughline.csv."""
    label, name = clean(label).strip(), clean(name)
    if label and name.casefold().endswith(f".{label.casefold()}"):
        return label
    return f"{label} ({name})".strip()


def clean(text: str) -> str:
    """The text with line ends as ``\\n`` and without what no screen can show (controls, half characters)."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _HALVES.sub("\ufffd", _UNSEEN.sub("", text))


def split(text: str, limit: int, weigh: Callable[[str], int] = len) -> list[str]:
    """Cut the text into pieces that weigh ``limit`` at most; joined they are the text again, nothing lost.

    Cuts after a paragraph, else a line, a sentence, a word; never inside a letter with its accents or an emoji.
    ``weigh`` says how a platform counts; the weight of two texts together is the sum of theirs.
    """
    pieces = []
    while weigh(text) > limit:
        fitting = bisect_right(range(min(limit, len(text)) + 1), limit, key=lambda end: weigh(text[:end])) - 1
        cut = _border(text, max(fitting, 1))
        pieces.append(text[:cut])
        text = text[cut:]
    return [*pieces, text] if text else pieces


def shorten(text: str, limit: int, weigh: Callable[[str], int] = len) -> str:
    """The text, or its beginning with an ellipsis. For labels whose full text stands elsewhere."""
    if weigh(text) <= limit:
        return text
    return split(text, limit - 1, weigh)[0].rstrip(" \n.,;:") + "…"


def figure(value: float) -> str:
    """A number as people write it: ``1,204``, ``3.5``, ``0``; two decimals at most."""
    written = f"{value:,.2f}".rstrip("0").rstrip(".")
    return "0" if written == "-0" else written


def _border(text: str, end: int) -> int:
    """The best place to cut at or before ``end``; not in the first half, where a piece would become a scrap."""
    floor = end // 2
    for mark in ("\n\n", "\n"):
        if (at := text.rfind(mark, floor, end)) > 0:
            return at + len(mark)
    sentences = [found.end() for found in _SENTENCE_END.finditer(text, floor, end)]
    if sentences:
        return sentences[-1]
    if (at := text.rfind(" ", floor, end)) > 0:
        return at + 1
    for cut in range(end, max(end - _LONGEST_GRAPHEME, 0), -1):
        joined = unicodedata.combining(text[cut]) or text[cut] in _JOINERS or text[cut - 1] == "\u200d"
        if not joined:
            return cut
    return end
