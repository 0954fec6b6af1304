"""Cut a memo into passages: sentences, bullets, table rows and headings, each with its place in the text.

Copes with what memos are made of: letterheads, hard line wraps, bullets (``●``, ``•``, ``-``, ``1.``,
``a)``), rows of tables, abbreviations, citations in brackets after the full stop. Linear in the length of
the text; a stretch without any punctuation is cut at a blank after ``LONGEST`` characters, and where more than
``WIDEST`` blanks stand in a row, so that no later pattern sees an endless sentence, or endless blanks in one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from protocols.buffer.audience import headed_audience

LONGEST = 1500
"""No passage is longer than this many characters."""
WIDEST = 100
"""Wider than the gap between two columns of a page."""
WIDEST_GAP = 12
"""So many blanks may stand between two sentences of one line."""


class Kind(StrEnum):
    SENTENCE = "sentence"
    BULLET = "bullet"
    HEADING = "heading"
    FIELD = "field"


@dataclass(frozen=True, slots=True)
class Passage:
    """``text[start:end]`` without its list marker or trailing citation.

    ``lead`` is the index of the passage ("Schools must:") that this one continues, ``section`` counts the headings
    passed so far, ``is_first`` marks the first sentence of its block (bullets may hold several).
    """

    start: int
    end: int
    text: str
    kind: Kind
    section: int
    lead: int | None = None
    is_first: bool = True
    marker: str = ""


_LINE = re.compile(r"[^\r\n\f\v\x1c-\x1e\x85\u2028\u2029]+")
_MARKER = re.compile(
    r"[ \t\u00a0]*(?P<marker>[●•▪◦○■□▫‣⁃➢✓➤·*\u2013\u2014-]+(?=[\s\w“\"(])|"
    r"\d{1,2}(?:\.\d{1,2}){1,3}\.?(?=\s)|\(?(?:\d{1,2}|[a-zA-Z]|[ivxIVX]{1,4})[.)](?=\s)|"
    r"(?:step|option|action)\s+\d{1,2}\s*[:.)])[ \t\u00a0]*",
    re.IGNORECASE,
)
_WIDE = re.compile(rf"\s{{{WIDEST},}}")
_INLINE_BULLET = re.compile(r"\s[●•▪■➢‣]\s+")
_CELL_EDGE = re.compile(r"\t+|[ ]*\|[ ]*|[ ]{3,}")
_STOP = re.compile(r"(?<![.!?])[.!?]+[\"”’')\]»*]*(?=\s)")
_FIELD = re.compile(
    r"(?:owner|department|name|mailing address|address|phone|telephone|tel|fax|cell|e-?mail|from|to|cc|date|"
    r"subject|re|attachments?|enclosures?|approved by|issued|memo(?:randum)? (?:no|number)\.?|"
    r"effective date|version|distribution|website|url|office)\s*:",
    re.IGNORECASE,
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|st|no|nos|vs|etc|e\.g|i\.e|inc|dept|ext|approx|fig|sec|art|ch|p|pp|vol|ave|blvd|"
    r"rd|"
    r"jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|mon|tues?|wed|thurs?|fri|sat|sun|u\.s|a\.m|p\.m|ed|"
    r"gov|supt|asst|jr|sr|prof|rev|cf|incl|min|max|hrs?)|\b[A-Z])\.$",
    re.IGNORECASE,
)
_LETTERED = re.compile(
    r"(?i)\b(?:attachment|appendix|form|section|part|schedule|title|option|exhibit|table|group|building|room|annex)\s+[A-Z]\.$"
)
_ENDS_LIKE_SENTENCE = re.compile(r"[.!?:;][\"”’')\]*]*$")
_CITATION = re.compile(r"\s*\((?:[^()]{0,160})\)\s*$")
_CITATION_AHEAD = re.compile(r"\s*\([^()]{3,160}\)")
_CITED = re.compile(
    r"\b(?:code|ccr|usc|cfr|section|§|education law|c\.r\.s|stat|act|m\.g\.l|circular)\b|\d{3,}", re.I
)
_HAS_WORD = re.compile(r"[^\W_]")
_QUESTION = re.compile(r"(?i)(?:what|who|how|why|where|when|which)\b[^,;]*$")
_VERB_LIKE = re.compile(
    r"\b(?:must|shall|should|may|can|will|is|are|was|were|be|has|have|need|needs|please|do|does|required)\b|"
    r"\b(?:last|final)\s+day\s+(?:to|for)\b|\bdeadline\s+(?:to|for)\b",
    re.I,
)


def split_passages(text: str) -> list[Passage]:
    """All passages of the text in order; blank text has none."""
    passages: list[Passage] = []
    section = 0
    lead: int | None = None
    for block in _blocks(text):
        sentences = list(_sentences(text, block))
        is_heading = len(sentences) == 1 and _is_heading(text, block)
        if is_heading:
            section += 1
        if (not block.marker and not block.is_row) or (
            lead is not None and block.marker and _counts_on(passages[lead].marker, block.marker)
        ):
            lead = None
        for position, (start, end) in enumerate(sentences):
            start, end = _trim(text, start, end)
            body = text[start:end]
            if not _HAS_WORD.search(body):
                continue
            if is_heading:
                kind = Kind.HEADING
            elif _FIELD.match(body) and not block.marker:
                kind = Kind.FIELD
            else:
                kind = Kind.BULLET if block.marker else Kind.SENTENCE
            passages.append(
                Passage(
                    start,
                    end,
                    body,
                    kind,
                    section,
                    lead,
                    position == 0,
                    block.marker if position == 0 else "",
                )
            )
            if body.endswith(":") and not is_heading:
                # A bullet that ends in a colon leads the bullets after it, unless it stands among equals.
                lead = len(passages) - 1 if not block.marker or lead is None else lead
    return passages


def sort_of(marker: str) -> str:
    """The same for all bullets of one list: one sign for numbers, one for letters, else the marker itself."""
    inner = marker.strip("().")
    return "1" if inner[:1].isdigit() else "a" if inner.isalpha() else marker


def _counts_on(first: str, second: str) -> bool:
    """ "2." goes on counting from "1." and is no part of it; two equal signs may be a nested list pasted flat."""
    return first != second and sort_of(first) == sort_of(second)


@dataclass(frozen=True, slots=True)
class _Block:
    start: int
    end: int
    marker: str
    is_row: bool


def _blocks(text: str) -> Iterator[_Block]:
    """Lines joined where a hard wrap broke a sentence; bullets and table rows each by themselves."""
    lines = [(m.start(), m.end()) for m in _LINE.finditer(text) if not m[0].isspace()]
    wrap = _wrap_width(lines)
    current: list[int] | None = None
    marker = ""
    is_row = False
    previous_start = previous_end = 0
    for start, end in lines:
        line = text[start:end]
        found = _MARKER.match(line)
        row = bool(_CELL_EDGE.search(line.strip())) and not found
        gap = text.count("\n", previous_end, start) > 1 if current else True
        if (
            current is not None
            and not found
            and not row
            and not is_row
            and not gap
            and _continues(text[previous_start:previous_end], line, wrap=wrap)
        ):
            current[1] = end
        else:
            if current is not None:
                yield from _split_inline(text, _Block(current[0], current[1], marker, is_row))
            marker = found["marker"] if found else ""
            current = [start + (found.end() if found else 0), end]
            is_row = row
        previous_start, previous_end = start, end
    if current is not None:
        yield from _split_inline(text, _Block(current[0], current[1], marker, is_row))


def _split_inline(text: str, block: _Block) -> Iterator[_Block]:
    start, marker = block.start, block.marker
    for found in _INLINE_BULLET.finditer(text, block.start, block.end):
        yield _Block(start, found.start(), marker, block.is_row)
        start, marker = found.end(), found[0].strip()
    yield _Block(start, block.end, marker, block.is_row)


def _wrap_width(lines: list[tuple[int, int]]) -> int:
    """The column at which the text was wrapped by hand, or 0 where its lines are whole paragraphs."""
    widths = sorted(end - start for start, end in lines)
    if len(widths) < 4 or widths[-1] > 130:
        return 0
    return widths[int(len(widths) * 0.9)]


_OPENS_WITH_DAY = re.compile(
    r"(?i)\s*(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+"
    r"\d{1,2}(?:st|nd|rd|th)?|\d{1,2}(?:st|nd|rd|th)?\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*|"
    r"\d{1,2}/\d{1,2}(?:/\d{2,4})?)(?:,?\s+\d{4})?\s*[-–—:|]"
)
"""A row of a list of dates, which never goes on from the line above it."""


def _continues(previous: str, line: str, *, wrap: int) -> bool:
    ending = previous[-12:].rstrip()
    if _ENDS_LIKE_SENTENCE.search(ending) and not _ABBREVIATION.search(ending):
        return False
    body = line.lstrip()
    if _FIELD.match(body) or _OPENS_WITH_DAY.match(body):
        return False
    if body[:1].islower():
        return len(previous) > 12
    return wrap > 45 and len(previous.rstrip()) >= 0.75 * wrap and not body.isupper()


def _sentences(text: str, block: _Block) -> Iterator[tuple[int, int]]:
    start = block.start
    for stop in _STOP.finditer(text, block.start, block.end):
        tail = text[max(start, stop.end() - 24) : stop.end()]
        follows = text[stop.end() : min(stop.end() + WIDEST_GAP, block.end)].lstrip()
        if not follows or follows[0].islower() or _is_abbreviation(tail.rstrip("\"”’')]*")):
            continue
        yield from _bounded(text, start, stop.end())
        start = stop.end()
        cited = _CITATION_AHEAD.match(text, start, block.end)
        if cited and _CITED.search(cited[0]):
            start = cited.end()
    yield from _bounded(text, start, block.end)


def _is_abbreviation(tail: str) -> bool:
    """True for "Dr." and "J.", not for the letter in "Attachment A."."""
    return bool(_ABBREVIATION.search(tail)) and not _LETTERED.search(tail)


def _bounded(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for gap in _WIDE.finditer(text, start, end):
        yield from _short(text, start, gap.start())
        start = gap.end()
    yield from _short(text, start, end)


def _short(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > LONGEST:
        cut = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
        cut = cut if cut > start else start + LONGEST
        yield start, cut
        start = cut
    yield start, end


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Without blanks at the edges, and without a citation in brackets at the end ("(Education Code 32001)")."""
    while start < end and (text[start].isspace() or text[start] in "*|●•>"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in "*|"):
        end -= 1
    cited = _CITATION.search(text, max(start, end - 170), end)
    if cited and cited.start() > start and _CITED.search(cited[0]):
        end = cited.start()
        while end > start and text[end - 1].isspace():
            end -= 1
    return start, end


def _is_heading(text: str, block: _Block) -> bool:
    body = text[block.start : block.end].strip()
    if block.marker.strip("*") or block.is_row or len(body) > 110 or not body or body[-1] in ".;,":
        return False
    if headed_audience(body) and (not block.marker or body.endswith("*")):
        return True
    if block.marker:
        return False
    letters = [c for c in body if c.isalpha()]
    if letters and all(c.isupper() for c in letters):
        return True
    if _QUESTION.match(body):
        return True
    if _is_title_case(body):
        return True
    if ":" in body or _VERB_LIKE.search(body) or _FIELD.match(body):
        return False
    return not any(c.isdigit() for c in body) and len(body.split()) <= 12


_DATED = re.compile(
    r"\b(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sep|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*\b|\d[/:]\d|@"
)


def _is_title_case(body: str) -> bool:
    """ "Continue to Plan for Summer 2027": a heading, though it opens with a verb; never where it names a day."""
    words = [
        word for word in re.findall(r"[^\W\d_]{4,}", body) if word.lower() not in ("with", "from", "into")
    ]
    return (
        len(words) >= 3
        and all(word[0].isupper() for word in words)
        and not _DATED.search(body)
        and ":" not in body
    )
