"""The outside of a memo: its own date, the office that signs it, whether a text looks like one, and a mark that
recognises it when it comes again.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from protocols.buffer.dates import find_dates
from protocols.buffer.demands import Precision
from protocols.buffer.written_dates import Order, settled_order

HEAD_LINES = 25
"""Letterheads are at the top; a "Date:" further down belongs to something else."""
MEMO_WORDS = 60
"""From so many words on, a text that somebody pastes is taken for a memo."""
OLDEST = timedelta(days=3 * 366)
"""A memo's own date further back (or ahead of today by more than ``AHEAD``) is another date, or a slip."""
AHEAD = timedelta(days=31)

_FIELD = re.compile(
    r"(?im)^[ \t>*]*(?P<name>to|from|date|sent|subject|re|cc|memorandum|circular(?:\s+\w+)?)\b\s*:"
)
_DATE_FIELD = re.compile(r"(?i)^[ \t>*]*(?:date|sent|date\s+issued|issued)\s*:[ \t]*(?P<value>\S.*)$")
_FROM_FIELD = re.compile(r"(?i)^[ \t>*]*from\s*:[ \t]*(?P<value>\S.*)$")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[/.-]\d{1,2}[/.-]\d\d\b")
_ADDRESS = re.compile(r"<[^>]*>|\S+@\S+|\([^)]*\)")
LONGEST_OFFICE = 80


@dataclass(frozen=True, slots=True)
class Letterhead:
    """``day`` is the memo's own date, ``office`` who signs it; either is None where it cannot be read."""

    day: date | None
    office: str | None


def read_letterhead(text: str, *, today: date, habit: Order = Order.UNKNOWN) -> Letterhead:
    """What the first lines say about the memo itself.

    A "Date:" line wins; else a line that is nothing but a date, or a heading with a date set apart at its end. Only a
    date with its year counts, and only one that a memo received ``today`` can bear. 3/11 is read in the order of the
    whole memo, else by the district's ``habit``.
    """
    order = settled_order(text, habit)
    lines = [line.strip() for line in text[:6000].splitlines() if line.strip()][:HEAD_LINES]
    return Letterhead(_day(lines, today, order), _office(lines))


def looks_like_memo(text: str) -> bool:
    """Whether a text pasted without a word of introduction is a memo: long, or with two lines of a letterhead."""
    return has_letterhead(text) or len(text.split()) >= MEMO_WORDS


def has_letterhead(text: str) -> bool:
    """Whether at least two of To, From, Date, Subject head the text."""
    head = "\n".join(text[:6000].splitlines()[:HEAD_LINES])
    return len({match["name"].lower() for match in _FIELD.finditer(head)}) >= 2


def fingerprint_of(text: str) -> str:
    """The same for the same words, whatever became of spaces, capitals and quotation marks on the way."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return hashlib.sha256(" ".join(re.findall(r"\w+", folded)).encode()).hexdigest()


def _day(lines: list[str], today: date, order: Order) -> date | None:
    for line in lines:
        field = _DATE_FIELD.match(line)
        if field and (day := _read(field["value"], today, order)):
            return day
    for line in lines[:12]:
        alone = re.split(r"\s{3,}|\t", line)[-1]
        if len(alone) <= 40 and (day := _read(alone, today, order, is_whole=True)):
            return day
    return None


def _read(words: str, today: date, order: Order, *, is_whole: bool = False) -> date | None:
    for found in find_dates(words, memo_date=today, order=order):
        if found.iso is None or found.precision is not Precision.DAY:
            continue
        written = words[found.start : found.end]
        if not _YEAR.search(written) or (is_whole and len(words.strip(" .,")) > len(written) + 2):
            continue
        if today - OLDEST <= found.iso <= today + AHEAD:
            return found.iso
    return None


def _office(lines: list[str]) -> str | None:
    for line in lines:
        field = _FROM_FIELD.match(line)
        if field:
            name = " ".join(_ADDRESS.sub(" ", field["value"]).split()).strip(" ,;\"'")
            return name if 0 < len(name) <= LONGEST_OFFICE else None
    return None
