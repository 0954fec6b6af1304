"""A named stretch of days, and the words that name days, months, years and units of time."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from protocols.insight.calendar import Calendar

_MONTH_NAMES = (
    "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|september sept sep|"
    "october oct|november nov|december dec"
)
_DAY_NAMES = "monday mon|tuesday tues tue|wednesday wed|thursday thurs thur thu|friday fri|saturday|sunday"
MONTHS = {
    name: number for number, names in enumerate(_MONTH_NAMES.split("|"), start=1) for name in names.split()
}
WEEKDAYS = {name: number for number, names in enumerate(_DAY_NAMES.split("|")) for name in names.split()}
MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
WEEKDAY = "|".join(sorted(WEEKDAYS, key=len, reverse=True))
DAYNUM = (
    r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?![\d/-])(?! (?:days?|weeks?|months?|percent|semester|quarter|term)\b)"
)
DAYS = re.compile(
    r"\b(?P<number>\d+) (?:plus |or more |school |calendar |straight |full |whole |"
    r"consecutive |entire |solid )*(?P<unit>day|week|month)s?\b"
    r"|\b(?:for|in|over|than|least|about|after|like|gone|went|go|every|without|of) (?:a|1|"
    r"one) (?:whole |full |entire |solid )?(?P<unit2>week|month)\b"
    r"|\b(?:a|1) (?:whole |full |entire |solid )?(?P<unit3>week|month) (?:or more|plus|without|with no|"
    r"between)"
)
YEARMARK = (
    r"(?:(?: of| in| from)?(?: the)? (?P<mark>(?:last|previous|prior|past) (?:school )?year|"
    r"this (?:school )?year|the year before"
    r"|(?:19|20)\d\d(?!-)|(?:sy |school year )?(?:20)?\d\d[-/](?:20)?\d\d))?"
)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of days as it was named, before it is cut at today.

    `rolling` is the number of days where it was named as so many days or weeks up to today. `unit` is the kind of
    period ("month", "week", ...), by which "the one before" and "against last" are understood. `is_same_point` is "this
    time last year", known only once the other period is. `yearmark` tells that its year was said. `length` is how many
    characters name it, where that is less than the pattern took.
    """

    start: date
    end: date
    unit: str
    rolling: int | None = None
    is_same_point: bool = False
    yearmark: bool = False
    length: int | None = None


Reader = Callable[[Calendar, re.Match[str], "date | None", bool], "Span | None"]
"""Makes a span of what a pattern found; None where it is no span after all. Raises UnknownDate. The last two arguments
are ``after`` and ``upcoming`` of ``read_span``."""


def unit_named(word: str) -> str:
    """The unit of ``Calendar`` that a word stands for: "terms" are semesters, a "marking period" is a quarter."""
    word = word.rsplit(" ", 1)[-1].removesuffix("s")
    return {"term": "semester", "period": "quarter"}.get(word, word)
