"""What an administrator says about the school calendar: "snow day", "closed 3 to 5 December because of the flood".

The words are matched whole, so a sentence that only begins like one ("closed questions were dominant") is not one.
Both ends of a run of days are included, because that is how people say it. A date without a year is the coming
one; up to sixty days back it is that past day, for a snow day may be written down the morning after.
"""

import re
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import NamedTuple

from protocols.cadence.calendar import DISTRICT_WIDE, Closure, ClosureKind, SchoolYear, Term
from protocols.cadence.closure_words import is_unplanned
from protocols.cadence.moment_words import MONTH, ORDINAL, WEEKDAY
from protocols.cadence.moments import SLIP_DAYS, MomentFault, read_clock, read_day

LONGEST_RUN = timedelta(days=120)
LONGEST_YEAR = timedelta(days=330)
LONGEST_REASON = 120
REVERSED = timedelta(days=20)
"""So far before its start an end is a slip of the pen, not a day of the year after."""

_DATE = (
    rf"(?:(?:{WEEKDAY}\.?,? )?(?:the )?(?:{MONTH}\.? \d{{1,2}}{ORDINAL}(?:,? 20\d\d)?"
    rf"|\d{{1,2}}{ORDINAL} (?:of )?{MONTH}\.?(?:,? 20\d\d)?)"
    rf"|\d{{4}}-\d{{1,2}}-\d{{1,2}}|\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?"
    rf"|today|tomorrow|yesterday|(?:this |next |coming )?{WEEKDAY})"
)
_TO = r"(?: ?[-–—] ?| (?:to|until|till|through|and) )"
_DAYS = (
    rf"(?:{_DATE}{_TO}{_DATE}|\d{{1,2}}{ORDINAL}{_TO}{_DATE}"
    rf"|{MONTH}\.? \d{{1,2}}{ORDINAL}{_TO}\d{{1,2}}{ORDINAL}(?:,? 20\d\d)?|{_DATE})"
)
_ON = rf"(?: (?:on |from )?(?P<days>{_DAYS}))"
_WHOM = r"(?: (?:at|for|in) (?!\d|noon|midday)(?P<{}>[^,]{{2,80}}?)(?: only)?)?"
_CLOCK = r"(?P<at>\d{1,2}(?:[:.]\d{2})?(?: ?[ap]\.?m\.?)?|noon|midday)"
_WHY = rf"(?:,? (?:because(?: of)?|due to)|:|,) (?P<why>.{{2,{LONGEST_REASON}}}?)"


def _closing(words: str, *, is_dated: bool = True, tail: str = "") -> re.Pattern[str]:
    on = _ON if is_dated else f"{_ON}?"
    return re.compile(
        rf"(?:{words}){_WHOM.format('whom')}{on}{tail}{_WHOM.format('whom_after')}(?:{_WHY})?\.?",
        re.IGNORECASE,
    )


class _Form(NamedTuple):
    """One way of closing: its words, what they mean, and the title where no reason is given."""

    pattern: re.Pattern[str]
    kind: ClosureKind
    title: str


_FORMS = (
    _Form(
        _closing(r"(?:it(?:'s| is) )?(?:a )?(?:snow|ice|storm|weather) day", is_dated=False),
        ClosureKind.SNOW,
        "Snow day",
    ),
    _Form(
        _closing(r"(?:(?:all )?schools? (?:is |are )?)?closed|(?:there is )?no school"),
        ClosureKind.HOLIDAY,
        "Schools closed",
    ),
    _Form(
        _closing(r"(?:staff|PD|professional development|teacher work|in-?service) days?"),
        ClosureKind.STAFF_DAY,
        "Staff day",
    ),
    _Form(_closing(r"holidays?|break"), ClosureKind.HOLIDAY, "Holiday"),
    _Form(
        _closing(r"(?:state |district )?(?:testing|tests|exams)(?: window)?"), ClosureKind.TESTING, "Testing"
    ),
    _Form(
        _closing(
            r"early (?:release|dismissal|closing)(?: days?)?|half[- ]days?",
            tail=rf"(?: (?:at |from )?{_CLOCK})?",
        ),
        ClosureKind.EARLY_RELEASE,
        "Early release",
    ),
    _Form(
        _closing(r"(?:late|delayed) (?:start|opening)(?: days?)?", tail=rf"(?: (?:at |until )?{_CLOCK})?"),
        ClosureKind.LATE_START,
        "Late start",
    ),
)
_REOPEN = re.compile(
    rf"(?:(?:there is |we have )?school(?: as usual)?{_WHOM.format('whom')}{_ON} after all"
    rf"|(?:reopen|open again)(?: schools?)?{_ON.replace('days', 'days2', 1)}"
    rf"|school as usual{_ON.replace('days', 'days3', 1)})\.?",
    re.IGNORECASE,
)
_PERIOD = re.compile(
    rf"(?:school year(?: (?P<year>20\d\d ?[-–/] ?(?:20)?\d\d))?|term (?P<term>[\w][\w .-]{{0,38}}?))"
    rf":? (?:is |runs )?from (?P<first>{_DATE}) (?:to|until|till|through) (?P<last>{_DATE})\.?",
    re.IGNORECASE,
)


def _whole(*patterns: re.Pattern[str]) -> re.Pattern[str]:
    """One pattern that matches what any of these does, without their groups."""
    return re.compile("|".join(re.sub(r"\(\?P<\w+>", "(?:", one.pattern) for one in patterns), re.IGNORECASE)


CLOSING_WORDS = _whole(*(form.pattern for form in _FORMS if not form.kind.has_time))
TIMED_WORDS = _whole(*(form.pattern for form in _FORMS if form.kind.has_time))
REOPENING_WORDS = _whole(_REOPEN)
PERIOD_WORDS = _whole(_PERIOD)


class WordsFault(ValueError):
    """Words about the calendar that cannot be used; the text says what to write instead."""


@dataclass(frozen=True, slots=True)
class CalendarWords:
    """What was said: closures (``as_usual`` where school is after all), or a school year, or a term.

    ``whom`` are the words for whose closure it is ("Lincoln Middle"), empty for the whole district.
    """

    closures: tuple[Closure, ...] = ()
    years: tuple[SchoolYear, ...] = ()
    terms: tuple[Term, ...] = ()
    whom: str = ""


def read_calendar_words(text: str, today: date) -> CalendarWords | None:
    """What a text with folded spaces asks to change, or None where it is no such text.

    Raises ``WordsFault`` where it is one and cannot be used.
    """
    if match := _PERIOD.fullmatch(text):
        return _read_period(match, today)
    if match := _REOPEN.fullmatch(text):
        starts, ends = _read_days(match["days"] or match["days2"] or match["days3"], today)
        closure = Closure(starts, ends, ClosureKind.AS_USUAL, "School after all")
        return CalendarWords((closure,), whom=(match["whom"] or "").strip())
    for form in _FORMS:
        if match := form.pattern.fullmatch(text):
            return _read_closing(match, form, today)
    return None


def _read_closing(match: re.Match[str], form: _Form, today: date) -> CalendarWords:
    starts, ends = _read_days(match["days"], today) if match["days"] else (today, today)
    why = (match["why"] or "").strip().rstrip(".")
    kind = form.kind
    if form.title == "Schools closed" and (starts - today <= timedelta(days=1) or is_unplanned(why)):
        kind = ClosureKind.SNOW
    at = None
    if kind.has_time:
        at = _read_clock(match["at"]) if match["at"] else None
        if at is None and kind is ClosureKind.LATE_START:
            raise WordsFault(f"When does school begin that day? Write it like: {match[0].rstrip('.')} 10:00.")
    title = f"{form.title}: {why}" if why else form.title
    whom = (match["whom"] or match["whom_after"] or "").strip()
    return CalendarWords((Closure(starts, ends, kind, title, at, DISTRICT_WIDE),), whom=whom)


def _read_clock(text: str) -> time:
    try:
        return read_clock(text)
    except MomentFault as fault:
        raise WordsFault(str(fault)) from None


def _read_days(text: str, today: date) -> tuple[date, date]:
    """The first and the last day of "3 to 5 December", "Dec 3-5", "Thursday and Friday" or one day."""
    first, last = _ends(text)
    starts = _day(first, today)
    ends = _day(last, _after(starts, last)) if last else starts
    if ends < starts:
        raise WordsFault(f"{text} ends before it begins. Write it like: 3 to 5 December.")
    if ends - starts > LONGEST_RUN:
        raise WordsFault(f"{text} is {(ends - starts).days + 1} days long. Check its end.")
    if " and " in text.casefold() and (ends - starts).days > 1:
        raise WordsFault("Those days are not next to each other. Write one line for each.")
    return starts, ends


def _ends(text: str) -> tuple[str, str]:
    """The words for the first and the last day, the month filled in where it was said once; "" for one day."""
    if re.fullmatch(_DATE, text, re.IGNORECASE):
        return text, ""
    if match := re.fullmatch(rf"(\d{{1,2}}{ORDINAL}){_TO}({_DATE})", text, re.IGNORECASE):
        month = re.search(rf"{MONTH}\.?(?:,? 20\d\d)?$", match[2], re.IGNORECASE)
        if month is None:
            raise WordsFault(f"Which month is the {match[1]} in? Write it like: 3 to 5 December.")
        return f"{match[1]} {month[0]}", match[2]
    if match := re.fullmatch(
        rf"({MONTH}\.?) (\d{{1,2}}{ORDINAL}){_TO}(\d{{1,2}}{ORDINAL})((?:,? 20\d\d)?)", text, re.IGNORECASE
    ):
        return f"{match[1]} {match[2]}{match[4]}", f"{match[1]} {match[3]}{match[4]}"
    match = re.fullmatch(rf"({_DATE}){_TO}({_DATE})", text, re.IGNORECASE)
    assert match is not None  # every text given here was matched by _DAYS
    year = re.search(r"20\d\d$", match[2])
    lacks_year = year is not None and _has_month(match[1]) and not re.search(r"20\d\d", match[1])
    return (f"{match[1]} {year[0]}" if year is not None and lacks_year else match[1]), match[2]


def _after(starts: date, last: str) -> date:
    """The day from which on the words for an end are looked for, so that it follows the start."""
    return starts + timedelta(days=SLIP_DAYS) - REVERSED if _has_month(last) else starts


def _has_month(text: str) -> bool:
    return bool(re.search(rf"\d.*{MONTH}|{MONTH}.*\d|\d/\d", text, re.IGNORECASE)) and not re.search(
        r"20\d\d", text
    )


def _day(text: str, today: date) -> date:
    try:
        return read_day(text, today)
    except MomentFault as fault:
        raise WordsFault(str(fault)) from None


def _read_period(match: re.Match[str], today: date) -> CalendarWords:
    label = re.sub(r"\s", "", match["year"] or "").replace("–", "-").replace("/", "-")
    reference = date(int(label[:4]), 7, 1) if label else today
    starts = _day(match["first"], reference)
    ends = _day(match["last"], _after(starts, match["last"]))
    if not starts < ends:
        raise WordsFault(
            "That ends before it begins. Write it like: school year 2027-28 from 7 September to 24 June."
        )
    if ends - starts > LONGEST_YEAR:
        raise WordsFault(
            f"From {starts} to {ends} is {(ends - starts).days + 1} days, longer than any school year."
        )
    if match["term"]:
        return CalendarWords(terms=(Term(match["term"].strip(), starts, ends),))
    label = f"{label[:4]}-{label[-2:]}" if label else f"{starts.year}-{ends.year % 100:02d}"
    if label[:4] != str(starts.year):
        raise WordsFault(f"The school year {label} does not begin on {starts}. Check the year.")
    return CalendarWords(years=(SchoolYear(label, starts, ends),))
