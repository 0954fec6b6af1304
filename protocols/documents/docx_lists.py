"""The numbers that Word shows before paragraphs and keeps elsewhere: "3.", "b)", "Section 2.1"."""

from dataclasses import dataclass, field
from typing import Any

from protocols.documents.sheet import BULLET

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DEEPEST = 9
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
    (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Level:
    """How a level of a list is numbered; ``text`` has "%1" where the first level's number stands."""

    format: str = "decimal"
    text: str = "%1."
    start: int = 1


@dataclass(slots=True)
class Lists:
    """The lists of a document, and how far each of them is. ``levels`` are by number of the list, ``shared`` tells
    which lists count on together."""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    shared: dict[str, str] = field(default_factory=dict)
    _counted: dict[str, list[int]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def marker(self, number: str, depth: int) -> str:
        """What stands before the next paragraph of that list and depth (0 is the outermost); empty for nothing."""
        levels = self.levels.get(number)
        if levels is None or not 0 <= depth < DEEPEST:
            return ""
        level = levels.get(depth, Level())
        if level.format in ("bullet", "none"):
            return BULLET if level.format == "bullet" else ""
        counted = self._counted.setdefault(self.shared.get(number, number), [0] * DEEPEST)
        own_start = (number, depth) not in self._begun and (number, -1 - depth) in self._begun
        counted[depth] = level.start if own_start or not counted[depth] else counted[depth] + 1
        self._begun.add((number, depth))
        counted[depth + 1 :] = [0] * (DEEPEST - depth - 1)
        words = level.text
        for place in range(depth, -1, -1):
            shown = levels.get(place, Level())
            value = counted[place] or shown.start
            words = words.replace(f"%{place + 1}", _written(value, shown.format))
        return words.strip()

    def restart(self, number: str, depth: int) -> None:
        """The list says itself that it begins anew at this depth."""
        self._begun.add((number, -1 - depth))


def read_lists(numbering: Any) -> Lists:
    """The lists of the part of a document that defines them (None: there are none)."""
    lists = Lists()
    if numbering is None:
        return lists
    abstract = {one.get(f"{W}abstractNumId"): _levels(one) for one in numbering.iter(f"{W}abstractNum")}
    for one in numbering.iter(f"{W}num"):
        number, refers = one.get(f"{W}numId"), one.find(f"{W}abstractNumId")
        if number is None or refers is None:
            continue
        shared = refers.get(f"{W}val")
        levels = dict(abstract.get(shared, {}))
        for override in one.iter(f"{W}lvlOverride"):
            depth = _number(override.get(f"{W}ilvl"), 0)
            own, start = override.find(f"{W}lvl"), override.find(f"{W}startOverride")
            if own is not None:
                levels[depth] = _level(own)
            if start is not None:
                base = levels.get(depth, Level())
                levels[depth] = Level(base.format, base.text, _number(start.get(f"{W}val"), 1))
                lists.restart(number, depth)
        lists.levels[number] = levels
        lists.shared[number] = shared or number
    return lists


def _levels(abstract: Any) -> dict[int, Level]:
    return {_number(one.get(f"{W}ilvl"), 0): _level(one) for one in abstract.iter(f"{W}lvl")}


def _level(element: Any) -> Level:
    def of(name: str, other: str) -> str:
        found = element.find(f"{W}{name}")
        return other if found is None else str(found.get(f"{W}val") or "")

    return Level(of("numFmt", "decimal"), of("lvlText", "%1."), _number(of("start", "1"), 1))


def _number(words: str | None, other: int) -> int:
    return int(words) if words and words.isascii() and words.isdigit() and len(words) < 7 else other


def _written(value: int, kind: str) -> str:
    match kind:
        case "lowerLetter" | "upperLetter" if value > 0:
            letters = chr(ord("a") + (value - 1) % 26) * min((value - 1) // 26 + 1, 5)
            return letters.upper() if kind == "upperLetter" else letters
        case "lowerRoman" | "upperRoman" if 0 < value < 4000:
            letters, left = "", value
            for worth, sign in _ROMAN:
                letters, left = letters + sign * (left // worth), left % worth
            return letters.upper() if kind == "upperRoman" else letters
        case "decimalZero":
            return f"{value:02}"
        case _:
            return str(value)
