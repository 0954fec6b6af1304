"""Whether words ask how the units serve schools (their scorecards), or what came of the pulse.

Those figures have cards of their own; the words are only recognised, and nothing is counted by them. What speaks of the
content of a request is neither, and a wish addressed to a unit is no question.
"""

import re
from collections.abc import Collection
from enum import StrEnum
from functools import lru_cache

from protocols.insight.wording import plain


class About(StrEnum):
    SCORECARD = "scorecard"
    PULSE = "pulse"


_QUESTION = re.compile(
    r"(?:and |so |please |tell me |show me |can you |could you )*"
    r"(?:how|which|what|who|are|is|do|does|did|has|have|show|list|count|average|median|share|number|figures|results?|"
    r"service requests?|pulse|satisfaction|waiting|response)\b"
)
_TO = r"(?: (?:the|our))? <u>"
_REQUESTS = re.compile(
    r"\bservice (?:requests?|tickets?|levels?)\b"
    rf"|\b(?:requests?|tickets?|work orders?) (?:to|with|at){_TO}"
    rf"|\b(?:requests?|tickets?|work orders?) (?:did|does|do|has|have|is|are){_TO}(?: \w+){{0,2}} "
    r"(?:answer|declin|clos|finish|handl|tak|took|reopen|hand|get|got|receiv)\w*"
    r"|<u>(?: \w+){0,3}? (?:answer|respon|repl|react)\w*(?: \w+){0,3}? (?:schools?|principals?|us|requests?)\b"
    rf"|\b(?:answer|response|reply|reaction|waiting) times? (?:of|at|by|in|for){_TO}"
    r"|<u>(?: \w+)? (?:answer|response|reply|reaction|waiting) times?\b"
)
_OF_THEM = r"(?:<u>|\b(?:support|results?|says?|said|answer\w*|find|found|ilds?|c(?:o|a)me (?:of|out)|came out of)\b)"
_PULSE = re.compile(
    rf"\bpulse\b(?=.*{_OF_THEM})|{_OF_THEM}.*\bpulse\b"
    r"|\bprincipals? (?:(?:find|found|think of|thought of|rated?|feel about|felt about|see)|(?:say|said) (?:about|of))"
    r" (?:\w+ )*?<u>"
    r"|\bprincipals? (?:find|found|think of|rated?|feel about) (?:\w+ )*?support\b"
    rf"|\bsupport (?:of|from|by){_TO}|\b(?:satisfied|happy|unhappy)(?: \w+){{0,3}} with{_TO}"
)
_OF_VISITS = re.compile(r"\b(?:visits?|visited|walk ?throughs?|inquir\w+|coaching)\b")
_OF_CONTENT = re.compile(
    r"\b(?:what|which) (?:did|do|does|has|have|is|are|was|were)\b"
    r"(?=.*\b(?:ask(?:ed|ing)? (?:for|about|of)|about|need(?:ed)?|want(?:ed)?|complain\w*)\b)"
)
_OF_WHOEVER_ANSWERED = re.compile(
    r"\bwho (?:\w+ )?(?:answer|respond|repl|rat|vot|said|says?|wrote|gave|complain)\w*"
)
"""The pulse is anonymous, so this is left to be refused."""
_UNITS = r"\b(?:central offices?|units?|offices?|departments?|divisions?|the centre|the center)\b"
_TERM = re.compile(r"\bthis (?:term|semester)\b")
_YEAR = re.compile(r"\bthis (?:school )?year\b|\byear to date\b|\bytd\b")
_PERIOD = re.compile(
    r"\b(?:since|last|past|previous|yesterday|today|week|month|quarter|spring|fall|january|february|march|april|june|july|"
    r"august|september|october|november|december)\b"
)


def read_about(text: str, units: Collection[str]) -> About | None:
    """What the words ask about, if it is one of the two. ``units`` are the names there are."""
    line = mark_units(text, units)
    if not (_QUESTION.match(line) or text.rstrip().endswith("?")):
        return None
    if _PULSE.search(line) and not _OF_VISITS.search(line) and not _OF_WHOEVER_ANSWERED.search(line):
        return About.PULSE
    if _REQUESTS.search(line) and not _OF_CONTENT.search(line):
        return About.SCORECARD
    return None


def mark_units(text: str, units: Collection[str]) -> str:
    """The line of plain words in which every unit, by its name or as "units" and "offices", is ``<u>``."""
    line = plain(text)
    for name in sorted((_plain_name(unit) for unit in units), key=len, reverse=True):
        line = re.sub(rf"\b{re.escape(name)}\b", "<u>", line)
    return re.sub(_UNITS, "<u>", line)


def units_in(text: str, units: Collection[str]) -> list[str]:
    """The units that the words name."""
    line = plain(text)
    return [unit for unit in units if re.search(rf"\b{re.escape(_plain_name(unit))}\b", line)]


_plain_name = lru_cache(maxsize=256)(plain)
"""For names of units, which come with every question; never for what people write."""


def period_of(text: str) -> str | None:
    """ "term" or "year" where that is said or nothing is; None for any other period, which is not counted."""
    line = plain(text)
    if _TERM.search(line):
        return "term"
    return "year" if _YEAR.search(line) or not _PERIOD.search(line) else None
