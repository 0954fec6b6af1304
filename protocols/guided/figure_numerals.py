"""How numbers stand in a typed line: in digits or words, and what looks like one and is a time, a date or a label.

"Grade 3", "room 12", "week 6" and "Algebra 1" name a grade, a room, a week and a course; nobody counted anything there.
"""

import re
import unicodedata

from protocols.buffer.numerals import PATTERN, value_of

_MANY = {"dozen": 12, "hundred": 100, "thousand": 1000}
WORD = rf"(?:zero|(?:an?|{PATTERN})\s(?:{'|'.join(_MANY)})|{PATTERN})\b"
DIGITS = r"(?:(?:[0-9]{1,3}(?:,[0-9]{3}){1,3}|[0-9]{1,9})(?:\.[0-9]{1,6}|[½¼¾])?|\.[0-9]{1,3})"
NUMBER = rf"(?:{DIGITS}|{WORD})"
START = r"(?<![\w#$.])(?<!\d[,/:–-])(?<!\w-)"
"""What a number may stand after: no letter, and no other number that it would be the rest of."""
END = r"(?!\w)(?![.,/:–-]\d)"
YEAR = r"(?:19|20)[0-9]{2}"

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"[0-3]?[0-9](?:st|nd|rd|th)?(?![\w%])"
_MONTH_DAY = r"(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12][0-9]|3[01])(?![0-9/])"
_PERIOD = r"(?:day|week|month|year|term|quarter|semester|trimester|period|lesson|visit|school|block|class)"
_NOT_THIS = "".join(
    rf"(?<!\b{word}\s)" for word in ("each", "every", "last", "this", "next", "per", "a", "one")
)
_LABEL = (
    rf"(?:grades?|gr\.?|class ?room|rooms?|rm\.?|periods|weeks|tiers?|cohort|group|unit|chapter|page|step|section|"
    r"round|phase|test|standard|domain|component|indicator|criterion|goal|look-for|item|question|district|ps|is|ms|hs|network|"
    rf"region|bus|route|ext\.?|no\.|number|q|dok|levels?(?!\s[0-9]\.[0-9])|{_NOT_THIS}{_PERIOD})\s?#?[0-9]{{1,4}}"
)
_COURSE = (
    r"(?:algebra|geometry|integrated|math|ela|english|reading|spanish|french|physics|biology|chemistry|history)"
    r"\s(?:1[0-2]|[1-9])"
)
_MEASURED = r"(?!\s?(?:%|percent|per cent|/|of\b|out of\b|-?(?:minute|min|hour|hr)))(?!,\d)"
_MORE_LABELS = (
    r"(?:[-–/][0-9]{1,3}[a-z]?\b|\s?&\s?[0-9]{1,3}\b|,?\s(?:and|or|to|through)\s[0-9]{1,2}\b(?!\s?%)"
    r"|,\s?[0-9]{1,2}(?=\s?(?:,|:|;|&|and\b|or\b|$)))*"
)
_CHANGED_FROM = rf"\$?{NUMBER}(?:\s?%|\s?percent)?"
_NO_FIGURES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<![\d:])[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9])?(?!\d)(?:\s?[ap]\.?m\b\.?)?",
        r"(?<![\d.,])[01]?[0-9]\s?(?:[ap]m\b|[ap]\.m\.|o[’']clock)",
        r"(?<![\d$,.])(?:\+?1[-. ])?(?:\([0-9]{3}\)\s?|[0-9]{3}[-. ])?[0-9]{3}[-.][0-9]{4}(?!\d)",
        r"(?<!\d)[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}(?!\d)",
        r"(?<!\d)[0-9]{1,2}([-/.])[0-9]{1,2}\1(?:20)?[0-9]{2}(?!\d)",
        # "in October 12 students left": a day follows "on", never "in".
        rf"(?<!\bin )\b{_MONTH}\s?{_DAY}(?:\s?(?:[-–]|to)\s?{_DAY})?(?:,?\s{YEAR})?",
        rf"(?<![\w.,])[0-3]?[0-9](?:st|nd|rd|th)?\s(?:of\s)?(?!may\b){_MONTH}(?:,?\s{YEAR})?",
        # 3/4 is a day in March unless something follows that it may be a share of.
        rf"\b(?:on|by|since|until|till|before|after|from|through|to|week of)\s{_MONTH_DAY}",
        rf"(?<![\w.,/]){_MONTH_DAY}(?!\s+(?:of\b|(?:[a-z-]+\s)?[a-z]{{3,}}s\b|staff\b|children\b))",
        rf"(?<![\w$.,]){YEAR}\s?[-–/]\s?(?:20)?[0-9]{{2}}(?![\d%])",
        rf"\b(?:in|since|by|from|fall|autumn|spring|summer|winter|sy|fy|year|{_MONTH})\s{YEAR}(?![\d%]|,\d)",
        rf"\b(?:{_LABEL}|{_COURSE})(?:\.[0-9]+)*[a-z]?\b{_MEASURED}{_MORE_LABELS}",
        r"#\s?[0-9]+|[’'][0-9]{2}(?![\w%])",
        r"(?<![\w.])[0-9]{1,2}-(?:year|month|week|day|step|part|grade|period)s?\b",
        rf"\bfrom\s{_CHANGED_FROM}(?:\s[a-z]+)?\s(?=to\s(?:just\s|only\s|about\s)?\$?{NUMBER})",
        r"\bbetween\s(?:two|2)\s(?=[a-z])(?!and\b|percent)",
        rf"\b(?:up|down)\sfrom\s{_CHANGED_FROM}",
        rf"\b(?:twice|double|{NUMBER}(?:\stimes|x))\s(?:as|more|the|higher|greater)\b",
    )
)
_SPAN = re.compile(
    rf"\b(?:in|over|within|past|last|next|first|every|after)\s{NUMBER}\s(?:school\s|full\s)?(?:day|week|month|year)s?\b",
    re.IGNORECASE,
)


def named(name: str) -> str:
    """The pattern of a number as a group of this name."""
    return rf"(?P<{name}>{NUMBER})"


def number_of(words: str) -> float:
    """The value of what ``NUMBER`` finds: "1,240", "2½", "twenty-five", "two hundred", "a dozen"."""
    plain = words.casefold().replace(",", "")
    if plain[0] in "0123456789.":
        part = 0.0 if plain[-1] in "0123456789" else unicodedata.numeric(plain[-1])
        return float(plain.rstrip("½¼¾")) + part
    *first, last = plain.split()
    if last in _MANY:
        return (value_of(" ".join(first)) or 1) * _MANY[last]
    return value_of(plain) or 0


def blanked(match: re.Match[str]) -> str:
    """As many characters as were found, so that every other one keeps its place."""
    return "\0" * len(match[0])


def without_labels(line: str) -> str:
    """The line with times, dates, phone numbers, labels and where a change came from blanked."""
    for pattern in _NO_FIGURES:
        line = pattern.sub(blanked, line)
    return line


def without_spans(line: str) -> str:
    """The line with the time blanked in which something was counted: "14 suspensions in 5 weeks"."""
    return _SPAN.sub(blanked, line)
