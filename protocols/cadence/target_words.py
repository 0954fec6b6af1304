"""A rhythm as an ILD types it: "lincoln weekly until 30 January because Grace is new".

The order is: the school, the rhythm, from when, until when, why; all but the school and the rhythm may be left out.
"until" a day includes it, "until March" ends with February, "through March" with March. What is not sure is said
back with its dates before anything changes, so a reading need not be asked about.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from protocols.cadence.calendar import SchoolCalendar
from protocols.cadence.intervals import CadenceFault, read_cadence, say_cadence
from protocols.cadence.moment_words import MONTH_NAMES, NUMBERS
from protocols.cadence.moments import MomentFault, find_moment, say_day
from protocols.cadence.targets import Target

HOW_TO_WRITE = "Write it like: rhythm Lincoln weekly until 30 January because Grace is new."
_DAY = timedelta(days=1)
_MONTHS = {name.lower(): number for number, name in enumerate(MONTH_NAMES, start=1)} | {
    "january": 1, "february": 2, "march": 3, "april": 4, "june": 6, "july": 7, "august": 8, "september": 9,
    "sept": 9, "october": 10, "november": 11, "december": 12,
}  # fmt: skip
_MARK = re.compile(
    r",?\s+(?:(?P<from>from|starting(?:\s+(?:on|in))?|beginning|as\s+of)"
    r"|(?P<until>until|till|to\s+the\s+end\s+of|through|thru|up\s+to)"
    r"|(?P<for>for)(?=\s+(?:the\s+next\s+)?(?:\d{1,2}|an?|one|two|three|four|five|six|seven|eight|nine|ten)\s+(?:week|month)))\s+",
    re.IGNORECASE,
)
_WHY = re.compile(r",?\s+because\s+(?:of\s+)?", re.IGNORECASE)
_LINK = re.compile(r"^(?:(?:is|are|goes?|back|again|to|at|on|now|only)\s+)+", re.IGNORECASE)
_BACK = re.compile(
    r"(?:back )?(?:(?:to|as in) )?(?:the )?(?:roster(?:'s)?|normal|usual|default)|back(?: again)?|as before",
    re.IGNORECASE,
)
_MONTH = re.compile(
    r"(?P<edge>(?:the )?(?:beginning|start|end) of )?(?P<month>[a-z]{3,9})\.?(?: (?P<year>20\d\d))?",
    re.IGNORECASE,
)
_PERIOD_END = re.compile(
    r"(?:the )?(?:end of )?(?:the |this )?(?:(?P<term>term|semester)|(?P<year>(?:school )?year))",
    re.IGNORECASE,
)
_SPAN = re.compile(r"(?:the next )?(?P<count>\d{1,2}|[a-z]+) (?P<unit>week|month)s?", re.IGNORECASE)


class TargetFault(ValueError):
    """A rhythm's words that cannot be used; the text says what to write."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for: the school's name as typed, `days` between visits (None: the roster's number again), first
    and last day (None: until further notice), and why ("" where nothing was said)."""

    school: str
    days: int | None
    starts: date
    ends: date | None
    because: str


def read_wish(text: str, now: datetime, calendar: SchoolCalendar) -> Wish | None:
    """Read the words after "rhythm"; None where they name no rhythm and are a school's name alone.

    `now` is the writer's local time. Raises `TargetFault` for days that cannot be read, that are past or in the
    wrong order.
    """
    said, _, why = _cut(_WHY, " ".join(text.split()))
    head, clauses = _clauses(said)
    found = _school_and_rhythm(head)
    if found is None:
        if clauses:
            raise TargetFault(f"I see no rhythm in “{head}”. {HOW_TO_WRITE}")
        return None
    school, days = found
    today = now.date()
    starts, ends = today, None
    for kind, mark, words in clauses:
        if kind == "from":
            starts = max(today, _first_day(words, now))
        elif kind == "until":
            ends = _last_day(words, now, calendar, is_whole=mark not in ("until", "till"))
    for kind, _mark, words in clauses:
        if kind == "for":
            ends = _after(starts, words)
    if ends is not None and ends < starts:
        raise TargetFault(
            f"It would end on {say_day(ends, today)}, before it begins on {say_day(starts, today)}. {HOW_TO_WRITE}"
        )
    return Wish(school, days, starts, ends, why.strip().rstrip("."))


def say_target(target: Target, today: date) -> str:
    """ "every week until Sat 30 Jan" """
    until = f" until {say_day(target.ends, today)}" if target.ends is not None else ""
    return f"{say_cadence(target.days)}{until}"


def _cut(pattern: re.Pattern[str], text: str) -> tuple[str, str, str]:
    match = pattern.search(text)
    return (text[: match.start()], match[0], text[match.end() :]) if match else (text, "", "")


def _clauses(text: str) -> tuple[str, list[tuple[str, str, str]]]:
    """What stands before the first of from, until and for, and each of them: (which, as written, its words)."""
    marks = list(_MARK.finditer(text))
    head = text[: marks[0].start()] if marks else text
    ends = [*(mark.start() for mark in marks), len(text)][1:]
    found = []
    for mark, end in zip(marks, ends, strict=True):
        kind = next(name for name in ("from", "until", "for") if mark[name])
        found.append((kind, mark[kind].lower(), text[mark.end() : end].strip(" .,")))
    return head.strip(" ,."), found


def _school_and_rhythm(head: str) -> tuple[str, int | None] | None:
    """The fewest first words after which a rhythm follows."""
    words = head.split()
    for count in range(1, len(words)):
        tail = " ".join(words[count:])
        school = " ".join(words[:count]).strip(" ,:")
        if _BACK.fullmatch(tail):
            return school, None
        try:
            return school, read_cadence(_LINK.sub("", f"{tail} ").strip())
        except CadenceFault:
            continue
    return None


def _first_day(words: str, now: datetime) -> date:
    if (month := _month(words, now.date())) is not None:
        first, last, is_end = month
        return last if is_end else first
    return _day(words, now)


def _last_day(words: str, now: datetime, calendar: SchoolCalendar, *, is_whole: bool) -> date:
    """ "until March" ends before it, "through March" with it."""
    today = now.date()
    if period := _PERIOD_END.fullmatch(words):
        found = calendar.term_of(today) if period["term"] else calendar.year_of(today)
        if found is None:
            raise TargetFault(f"The calendar does not say when that ends. {HOW_TO_WRITE}")
        return found.ends
    if (month := _month(words, today)) is not None:
        first, last, is_end = month
        return last if is_end or is_whole else first - _DAY
    return _day(words, now)


def _day(words: str, now: datetime) -> date:
    try:
        moment = find_moment(words, now.replace(hour=0, minute=0))
    except MomentFault as fault:
        raise TargetFault(str(fault)) from None
    if moment is None:
        raise TargetFault(f"I can't read “{words}” as a day. {HOW_TO_WRITE}")
    return moment.day


def _month(words: str, today: date) -> tuple[date, date, bool] | None:
    """First and last day of a month named alone, the coming one, and whether its end was meant."""
    match = _MONTH.fullmatch(words)
    if match is None:
        return None
    number = _MONTHS.get(match["month"].lower())
    if number is None:
        return None
    year = int(match["year"]) if match["year"] else today.year + (number < today.month)
    first = date(year, number, 1)
    last = date(year + number // 12, number % 12 + 1, 1) - _DAY
    return first, last, "end" in (match["edge"] or "").lower()


def _after(starts: date, words: str) -> date:
    """The last day of "six weeks" from `starts`."""
    match = _SPAN.match(words)
    assert match is not None  # _MARK looked ahead for it
    count = NUMBERS.get(match["count"].lower()) or int(match["count"])
    if match["unit"].lower() == "week":
        return starts + timedelta(weeks=count) - _DAY
    months = starts.year * 12 + starts.month - 1 + count
    year, month = divmod(months, 12)
    follows = date(year, month + 1, 1)
    return (
        min(follows + timedelta(days=starts.day - 1), date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1))
        - _DAY
    )
