"""Numbers of a data conversation: what a line tells, and which two of several contradict each other most.

A data-based protocol lays a few chosen figures side by side so that they contradict each other (every teacher rated
effective, 57 % of students proficient) and asks what that means (Honig and others 2010). Only figures of the same
unit can contradict each other.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

PERCENT = "%"
_NUMBER = re.compile(
    r"(?<![\w.,/-])(?P<sign>[-−])?(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?!\w|[/-]\d)"
    r"(?:\s?(?P<percent>%|percent\b|per cent\b)|\s+(?:out\s+)?of\s+(?P<whole>\d+(?:,\d{3})*)\b)?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_ALL = re.compile(r"\b(?:all|every|each)\b", re.IGNORECASE)
_NONE = re.compile(r"\b(?:none|nobody|no one)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Figure:
    """``value`` in ``unit``: percent, or "" for a plain count."""

    value: float
    unit: str


def read_figure(line: str) -> Figure | None:
    """The number that a line tells; None where it tells none.

    "12 of 40 students" is a share, so that it can be laid against other shares; "every teacher" is 100 percent.
    A percentage goes before a plain number; a year is no figure unless nothing else is there.
    """
    found = list(_NUMBER.finditer(line))
    shares = [share for match in found if (share := _share(match)) is not None]
    if shares:
        return Figure(shares[0], PERCENT)
    counts = [match for match in found if not _YEAR.fullmatch(match["number"])]
    if counts:
        return Figure(_number(counts[0]), "")
    if _ALL.search(line):
        return Figure(100, PERCENT)
    if _NONE.search(line):
        return Figure(0, PERCENT)
    return Figure(_number(found[0]), "") if found else None  # 2000 students: a year is not all it may be


def widest_apart(figures: Sequence[Figure]) -> tuple[int, int] | None:
    """The places of the two figures that contradict each other most, the greater first; None where none do.

    Shares are compared by their points, counts by their ratio; shares go first, because they are alike in kind.
    """
    pairs = [
        (one, other)
        for one, other in combinations(range(len(figures)), 2)
        if figures[one].unit == figures[other].unit and figures[one].value != figures[other].value
    ]
    if not pairs:
        return None
    most = max(pairs, key=lambda pair: _distance(figures[pair[0]], figures[pair[1]]))
    return most if figures[most[0]].value > figures[most[1]].value else (most[1], most[0])


def _distance(one: Figure, other: Figure) -> tuple[bool, float]:
    if one.unit == PERCENT:
        return True, abs(one.value - other.value)
    low, high = sorted((abs(one.value), abs(other.value)))
    return False, high / (low or 0.5)


def _share(match: re.Match[str]) -> float | None:
    if match["percent"]:
        return _number(match)
    if match["whole"]:
        whole = float(match["whole"].replace(",", ""))
        return round(100 * _number(match) / whole, 1) if whole else None
    return None


def _number(match: re.Match[str]) -> float:
    number = float(match["number"].replace(",", ""))
    return -number if match["sign"] else number
