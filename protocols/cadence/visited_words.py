"""A visit in one line, as it is written down afterwards: "lincoln 45 min, maths", "roosevelt last Tuesday, coaching".

Days are past ones. A bare weekday is the last such day, today included; "last Tuesday" is the last one before today. A
date without a year is the last such day. What is neither school, day, length nor kind says what the visit was about.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from protocols.cadence.moment_words import DURATION, MONTH_NAMES, NUMBERS, WEEKDAY_NAMES
from protocols.cadence.moments import find_minutes, say_day

LONGEST_MINUTES = 600
"""Ten hours: longer than a school day, so a slip."""
LONGEST_BACK = timedelta(days=366)
KINDS = {
    "network_meeting": ("network meeting",),
    "inquiry": ("cycle of inquiry", "inquiry"),
    "walkthrough": ("walkthrough", "walk-through", "learning walk", "classrooms", "classroom visits"),
    "coaching": ("coaching visit", "coaching", "one-on-one", "one on one", "1:1", "debrief", "modeling"),
}

_WEEKDAYS = "|".join(f"{name}[a-z]*" for name in WEEKDAY_NAMES)
_MONTHS = "|".join(f"{name}[a-z]*" for name in MONTH_NAMES)
_ORDINAL = "(?:st|nd|rd|th)?"
_DAY = re.compile(
    rf"""\b(?:on\s+)?(?:
        (?P<iso>\d{{4}}-\d{{1,2}}-\d{{1,2}})
      | (?P<us>\d{{1,2}}/\d{{1,2}}(?:/(?:20)?\d\d)?)
      | (?:(?:{_WEEKDAYS})\.?,?\s+)?(?:
            (?P<day>\d{{1,2}}){_ORDINAL}\s+(?:of\s+)?(?P<month>{_MONTHS})\b\.?(?:,?\s+(?P<year>20\d\d))?
          | (?P<month2>{_MONTHS})\.?\s+(?P<day2>\d{{1,2}}){_ORDINAL}\b(?:,?\s+(?P<year2>20\d\d))?
        )
      | (?P<word>today|yesterday|this\s+morning|this\s+afternoon)
      | (?P<ago>\d{{1,3}}|{"|".join(NUMBERS)})\s+(?P<unit>days?|weeks?)\s+ago
      | (?:(?P<which>last|this|past)\s+)?(?P<weekday>
            mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs(?:day)?)?|fri(?:day)?|saturday|sunday)
    )(?!\w)\.?""",
    re.IGNORECASE | re.VERBOSE,
)
_FILLER = re.compile(r"\b(?:for|on|at|about|with a|a|the|visit)\b|[:;]", re.IGNORECASE)


class VisitedFault(ValueError):
    """A line that cannot be counted; the text says what to write instead."""


@dataclass(frozen=True, slots=True)
class Visited:
    """``school`` is what the school was called, ``about`` what is left over."""

    school: str
    day: date
    minutes: int | None
    kind: str
    about: str


def read_visited(text: str, today: date) -> Visited:
    """Read the line. Raises ``VisitedFault`` for a day to come or that does not exist, and a length that is a slip."""
    line = " ".join(text.split())
    day, spans = today, []
    found = _DAY.search(line)
    if found is not None:
        day = _past(found, today)
        spans.append(found.span())
    minutes = find_minutes(line)
    if minutes is not None and (length := DURATION.search(line)):
        spans.append(length.span())
        if minutes > LONGEST_MINUTES:
            raise VisitedFault(
                f"{minutes} minutes is longer than a school day. How long was it? Write: 45 min."
            )
    kind, name = _kind(line)
    school, about = _split(line, spans, name)
    return Visited(school, day, minutes, kind, about)


def _kind(line: str) -> tuple[str, str]:
    """The kind that the line names, and by which word."""
    folded = line.casefold()
    for kind, names in KINDS.items():
        for name in names:
            if re.search(rf"(?<!\w){re.escape(name)}s?(?!\w)", folded):
                return kind, name
    return "other", ""


def _split(line: str, spans: list[tuple[int, int]], kind_name: str) -> tuple[str, str]:
    """School and subject: the school ends at the first comma, day, length, kind or "for"."""
    blanked = line
    for start, end in spans:
        blanked = blanked[:start] + "\n" * (end - start) + blanked[end:]
    if kind_name:
        blanked = re.sub(
            rf"(?<!\w){re.escape(kind_name)}s?(?!\w)",
            lambda m: "\n" * len(m[0]),
            blanked,
            flags=re.IGNORECASE,
        )
    parts = re.split(r"\n+|,|:\s|\bfor\b|\babout\b|\bon\b(?=\s*(?:\n|$))", blanked, flags=re.IGNORECASE)
    words = [_trim(part) for part in parts]
    named = [word for word in words if word]
    if not named:
        return "", ""
    return named[0], ", ".join(named[1:])


def _trim(part: str) -> str:
    """Without the small words at both ends: "for", "a visit at"."""
    words = part.split()
    while words and _FILLER.fullmatch(words[0]):
        words.pop(0)
    while words and _FILLER.fullmatch(words[-1]):
        words.pop()
    return " ".join(words).strip(" .")


def _past(match: re.Match[str], today: date) -> date:
    day = _day(match, today)
    if day > today:
        raise VisitedFault(
            f"{say_day(day, today)} is still to come. To plan a visit, write it like: plan lincoln Thu 8:30."
        )
    if today - day > LONGEST_BACK:
        raise VisitedFault("That is more than a year ago. Ask your administrator to import older visits.")
    return day


def _day(match: re.Match[str], today: date) -> date:
    groups = match.groupdict()
    if groups["iso"]:
        return _exact(*(int(part) for part in groups["iso"].split("-")), said=match[0])
    if groups["us"]:
        month, day, *rest = (int(part) for part in groups["us"].split("/"))
        return _last(month, day, rest[0] % 2000 + 2000 if rest else None, today, match[0])
    if month_name := groups["month"] or groups["month2"]:
        month = [name.casefold() for name in MONTH_NAMES].index(month_name[:3].casefold()) + 1
        year = groups["year"] or groups["year2"]
        return _last(
            month, int(groups["day"] or groups["day2"]), int(year) if year else None, today, match[0]
        )
    if groups["word"]:
        return today - timedelta(days=1 if groups["word"].casefold() == "yesterday" else 0)
    if groups["ago"]:
        word = groups["ago"].casefold()
        count = NUMBERS.get(word) or int(word)
        return today - timedelta(days=count * (7 if groups["unit"].casefold().startswith("week") else 1))
    wanted = [name.casefold() for name in WEEKDAY_NAMES].index(groups["weekday"][:3].casefold())
    back = (today.weekday() - wanted) % 7
    return today - timedelta(days=7 if back == 0 and (groups["which"] or "").casefold() == "last" else back)


def _last(month: int, day: int, year: int | None, today: date, said: str) -> date:
    """The last such day up to today; of a year that is given, that one. 29 February is looked for four years back."""
    if year is not None:
        return _exact(year, month, day, said=said)
    for candidate in range(today.year, today.year - 5, -1):
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if found <= today:
            return found
    return _exact(today.year, month, day, said=said)


def _exact(year: int, month: int, day: int, *, said: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise VisitedFault(
            f"There is no day “{said.strip()}”; the month comes first in 12/8. Write it like 24 Nov."
        ) from None
