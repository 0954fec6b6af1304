"""How wide a text will be, for pictures that are written and not drawn: a browser sets the letters, with a font that
we do not choose. Measured is the widest of the usual ones (DejaVu Sans), so that a line has room in all of them.
"""

import re
import unicodedata

_WIDTHS = {
    0.28: "'ijlIJ",
    0.32: " ,.\u00a0·’‘",
    0.35: "/:;\\|f-",
    0.40: "()[]t!",
    0.42: "r",
    0.46: '"',
    0.52: "*_`sz“”–",
    0.56: "?cL",
    0.59: "Fkvxy",
    0.62: "PTYaoe",
    0.64: "ESbdghnpqu$0123456789{}",
    0.69: "KAVBRXZ",
    0.73: "CU",
    0.78: "HNDG&",
    0.82: "OQw",
    0.86: "#+<=>^~M",
    1.00: "%mW@…—",
}
"""The advance of a letter in parts of the font's size."""
_OF = {letter: width for width, letters in _WIDTHS.items() for letter in letters}
_OTHER = 0.75
_SPACE = re.compile(r"[ \t\r\n]+")  # not the no-break space, which is there to hold words together
_BOLDER = 1.15


def measure(text: str, size: float, *, is_bold: bool = False) -> float:
    """The width of one line, at most, in the unit of ``size``."""
    return sum(map(_width, text)) * size * (_BOLDER if is_bold else 1)


def wrap(text: str, width: float, size: float, *, is_bold: bool = False) -> list[str]:
    """The text in lines no wider than ``width``. A word too long for a line is cut; nothing is lost but spaces."""
    lines: list[str] = []
    line = ""
    for word in filter(None, _SPACE.split(text)):
        longer = f"{line} {word}" if line else word
        if measure(longer, size, is_bold=is_bold) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        *full, line = _cut(word, width, size, is_bold=is_bold)
        lines += full
    return [*lines, line] if line else lines


def _cut(word: str, width: float, size: float, *, is_bold: bool) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and measure(pieces[-1] + letter, size, is_bold=is_bold) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def _width(letter: str) -> float:
    if unicodedata.combining(letter):
        return 0
    if unicodedata.east_asian_width(letter) in "WF":
        return 1
    return _OF.get(unicodedata.normalize("NFD", letter)[0], _OTHER)
