"""Numbers of a data conversation: the figures that a line tells, each in a unit that says what it may be laid against.

Read in layers, each taking its words out of the line: first what is no figure (``figure_numerals``), then shares,
ratings, time and money, last counts of things. Units:

    %                    a share: 57 %, 12 of 40, 3/4 of, two thirds of, 1 in 4, all 12
    % change             how much more or fewer: up 12 %, 5 % fewer (negative)
    percentage point     the difference of two shares
    level                a rating of four levels; "level of 5" of another scale
    minute               hours too, which are exactly so many minutes
    $                    money
    student, visit, …    a count, by its noun in the singular (``figure_words``); "" where the line does not say

Time, money and counts are kept apart by what they are per: "minute per week". A range tells its middle; a change ("from
40 to 52 %") where it has come to; a multiple ("twice as many") nothing.
"""

import re

from protocols.guided.figure_numerals import YEAR, blanked, without_labels, without_spans
from protocols.guided.figure_readers import LEVEL, PERCENT, READERS, Figure

_ALL = re.compile(
    r"(?<!\bnot )(?<!\bat )(?<!\bafter )(?<!\balmost )(?<!\bnearly )\b(?:all|every|each|everybody|everyone)\b"
    r"(?!\s(?:other|day|week|month|year|time|in all)\b|-)",
    re.IGNORECASE,
)
_NONE = re.compile(
    r"\b(?:none|nobody|no[ -]one|no\s(?:[a-z]+\s)?(?:students?|kids?|child|children|teachers?))\b",
    re.IGNORECASE,
)
_WHOLE_LEVEL = re.compile(r"\blevel\s(?P<n>[0-9])\b", re.IGNORECASE)


def read_figures(line: str) -> tuple[Figure, ...]:
    """The figures that a line tells, in their order, each once; () where it tells none.

    "Every teacher" is 100 percent, "nobody" 0 and "level 2" a rating where no number is there. A number that may be a
    year counts only where nothing else does.
    """
    text = without_labels(line)
    figures = _with_number(without_spans(text)) or _with_number(text)
    certain = [figure for figure in figures if not _may_be_year(figure)]
    return tuple(dict.fromkeys(certain or _without_number(line) or figures))


def _with_number(text: str) -> list[Figure]:
    found: list[tuple[int, Figure]] = []
    for pattern, read in READERS:
        for match in pattern.finditer(text):
            if figure := read(match):
                found.append((match.start(), figure))
                text = f"{text[: match.start()]}{blanked(match)}{text[match.end() :]}"
    return [figure for _, figure in sorted(found, key=lambda each: each[0])]


def _without_number(line: str) -> list[Figure]:
    if level := _WHOLE_LEVEL.search(line):
        return [Figure(float(level["n"]), LEVEL)]
    if _ALL.search(line):
        return [Figure(100, PERCENT)]
    return [Figure(0, PERCENT)] if _NONE.search(line) else []


def _may_be_year(figure: Figure) -> bool:
    return figure.unit not in (PERCENT, "$") and re.fullmatch(YEAR, f"{figure.value:g}") is not None
