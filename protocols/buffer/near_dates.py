"""Times that hang on the memo's own date or on the school calendar: "by Friday", "by the 15th", "the end of the
month", "within ten school days", "before winter break", "until February".

What leaves a doubt gets no day, and a basis that says which: "next Friday" is this week's for some and the week
after's for others.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from protocols.buffer.demands import Precision
from protocols.buffer.found_dates import FoundDate
from protocols.buffer.holidays import month_end
from protocols.buffer.numerals import value_of
from protocols.buffer.rule_dates import NUMBER, this_month
from protocols.buffer.written_dates import MONTH, WEEKDAY, YEAR, month_number, weekday_number

_TIME_OF_DAY = r"(?:\d{1,2}(?:[:.]\d\d)?\s*(?:[ap]\.?\s?m\b\.?|o['’]clock|hrs?\b)?|noon|midday|midnight)"
_BETWEEN = (
    rf"(?:\s+(?:the|close|end|of|business|play|day|school|work|on|at|around|about|E\.?O\.?[DB]\.?|C\.?O\.?[BP]\.?|"
    rf"{_TIME_OF_DAY}),?){{0,6}}"
)
_WEEKDAY = re.compile(
    rf"(?i:\b(?P<cue>by|before|on|due|than|until|deadline(?:\s+is|:)?){_BETWEEN}\s+)?"
    rf"(?i:\b(?P<which>(?:this|coming|this\s+coming|next|last)\s+)?)\b(?P<wd>{WEEKDAY})(?![\w’'])"
    r"(?i:\s+(?:the\s+)?(?P<nth>\d{1,2})(?:st|nd|rd|th)\b(?!\s+(?-i:[A-Z][a-z]{2}))|\s+of\s+(?P<week>this|next|that)\s+week\b|"
    r"(?P<each>\s+of\s+(?:each|every|the)\b))?"
)
_TOMORROW = re.compile(
    rf"(?i)\b(?:by|before|on|due|is|than|until|for){_BETWEEN}\s+(?P<when>today|tomorrow)\b(?!,?\s+(?-i:{MONTH}))"
)
_OF_MONTH = re.compile(
    r"(?i)(?P<cue>\b(?:by|before|on|until|due|than|after|from)\s+(?:(?:noon|midnight)\s+on\s+)?)(?P<words>the\s+"
    r"(?P<d>\d{1,2})(?:st|nd|rd|th)\b(?:\s+(?P<latin>inst|prox|ult)\b\.?|(?:\s+day)?\s+of\s+(?P<month>the|this|next|each|every)\s+month\b|"
    r"(?=\s*(?:[.,;:!)¹²³*]|$|[\r\n])|\s+(?:and|at|so|if|to|in|or)\b)))"
)
_LATIN = re.compile(
    r"(?i)\b(?:the\s+)?(?P<d>\d{1,2})(?:st|nd|rd|th)\s+(?P<latin>inst|prox|ult)(?:ant|imo)?\b\.?"
)
_END_OF = re.compile(
    r"(?i)\b(?:(?:the\s+)?(?:end|close)\s+of\s+(?P<which>the|this|next)\s+(?P<unit>month|week)\b|month['’]?s[- ]end\b|"
    r"month[- ]end\b(?=\s*[.,;)]))"
)
_DIGITS_AFTER = re.compile(r"\s*,?\s*(?:\d|the\s+\d)")
_PAST = re.compile(r"(?i)\b(?:was|were|had|held|met|happened|sent|received|said)\b[^.;:]{0,40}$")

_TERM_OBJECT = (
    r"(?:\s+(?:of|after|from|following|before|prior\s+to|preceding|in\s+advance\s+of|ahead\s+of)\s+(?:[\w’'/-]+)"
    r"(?:\s+(?!and\b|or\b|if\b|to\b|shall\b|must\b|will\b|should\b|he/she\b)[\w’'/-]+){0,5})"
)
_TERM = re.compile(
    rf"(?i)\b(?:(?:within|no\s+later\s+than|not\s+later\s+than|no\s+more\s+than|not\s+more\s+than|"
    rf"at\s+least|more\s+than|up\s+to)\s+(?:the\s+(?:first\s+|next\s+)?)?)?"
    rf"{NUMBER}\s+(?:(?:consecutive|calendar|school|business|working|operating|instructional|full|clear)\s+)*(?:hour|day|"
    rf"week|month|year)s?\b{_TERM_OBJECT}?"
)
_TERM_OPENS = re.compile(r"(?i)(?:within|no|not)\b")
_HAS_OBJECT = re.compile(
    r"(?i)(?:hour|day|week|month|year)s?\s+(?:of|after|from|following|before|prior|preceding|in\s+advance|ahead)\b"
)
_TERM_FROM_PAPER = re.compile(
    rf"(?i)within\s+(?P<n>{NUMBER})\s+(?:calendar\s+)?(?P<unit>day|week)s?\s+(?:of|from|after|following)\s+(?:the\s+)?"
    r"(?:date\s+of\s+)?(?:receipt\s+of\s+)?this\s+(?:memo(?:randum)?|notice|letter|circular|e-?mail|message|bulletin)"
)
_EDGE_OF_YEAR = re.compile(
    rf"(?i)\b(?:the\s+)?(?:first|last)\s+(?:(?:two|three|four|five|"
    rf"ten)\s+)?(?:full\s+)?(?:school\s+)?(?:days?|weeks?)\s+of\s+"
    rf"(?:the\s+)?(?:school\s+year|school|classes|the\s+month|each\s+month|month|year|term|"
    rf"semester)(?:\s+in\s+(?-i:{MONTH}))?"
    rf"|\b(?:the\s+)?(?:end|start|beginning)\s+of\s+(?:the|each|every)\s+(?:current\s+)?(?:school\s+year|"
    rf"month|term|semester|quarter|year|week|day)\b"
    r"|\bthe\s+(?:next|following|same)\s+(?:(?:school|working|business)\s+)?day\b"
    r"|\bat\s+least\s+(?:once|twice|\w+\s+times)\s+(?:a|per|each|every)\s+(?:school\s+)?(?:day|week|month|"
    r"year|term|semester|quarter)\b"
)
_SEASON = (
    r"(?:winter|spring|fall|autumn|summer|christmas|easter|thanksgiving|february|april|october|mid-?winter|"
    r"mid-?term|holiday|half[- ]term)"
)
_BREAK = re.compile(
    rf"(?i)\b(?:{_SEASON}\s+(?:break|recess|vacation|holidays?)|half[- ]term\b(?!\s+(?:break|holiday))|"
    rf"(?:end|start|beginning|close)\s+of\s+(?:the\s+)?(?:autumn|spring|summer|fall|winter|first|second|third|fourth|"
    rf"\dst|\dnd|\drd|\dth)\s+(?:term|semester|quarter|trimester|marking\s+period|grading\s+period))\b"
)
_BEFORE_BREAK = re.compile(
    r"(?i)(?P<cue>\b(?:by|before|after|prior\s+to|than|until|ahead\s+of|over|during)\s+)?(?P<words>(?:(?:the\s+)?"
    r"(?:(?:first|last|final)\s+)?(?:(?:school|working|instructional|teaching)\s+)?day\s+"
    r"(?:before|after|of|preceding|following)\s+)?(?:the\s+)?)$"
)
_MONTH_ALONE = re.compile(
    rf"(?:\b(?i:between|early|mid|late|in|by|until|till|through|throughout|during|since|from|before|after|"
    rf"of|to|and)[\s-]+(?:the\s+)?)?"
    rf"\b(?P<m>{MONTH})(?:,?\s+(?P<y>{YEAR}))?(?![\w’'])"
)


def weekdays(text: str, memo_date: date) -> Iterator[FoundDate]:
    """ "By Friday", "by 2 pm this Friday", "Friday the 13th", "Friday of next week": counted from the memo's date."""
    for m in _WEEKDAY.finditer(text):
        which = (m["which"] or "").lower().split()
        if m["each"] or not (m["cue"] or "this" in which or "next" in which or m["nth"] or m["week"]):
            continue
        start = m.start("which") if m["which"] else m.start("wd")
        weekday = weekday_number(m["wd"])
        if m["nth"]:
            day, basis = _weekday_and_number(weekday, int(m["nth"]), memo_date)
        elif m["week"]:
            day, basis = _in_week(weekday, m["week"].lower(), memo_date)
        elif "last" in which or _PAST.search(text[max(0, m.start() - 40) : m.start()]):
            continue
        elif "next" in which:
            day, basis = None, f'"next {weekday_name(weekday)}" may be this week\'s or the one after'
        elif weekday == memo_date.weekday():
            day, basis = None, f"the memo itself is of a {memo_date:%A}: that day or a week later"
        else:
            day = memo_date + timedelta(days=(weekday - memo_date.weekday()) % 7)
            basis = f"the first {day:%A} after the memo's date"
        if m["nth"] is None and _DIGITS_AFTER.match(text, m.end()):
            continue
        precision = Precision.DAY if day else Precision.RELATIVE
        yield FoundDate(start, m.end(), precision, day, day, day, basis)
    for m in _TOMORROW.finditer(text):
        day = memo_date + timedelta(days=1 if m["when"].lower() == "tomorrow" else 0)
        yield FoundDate(
            m.start("when"), m.end(), Precision.DAY, day, day, day, "counted from the memo's date"
        )


def weekday_name(weekday: int) -> str:
    """The name of a weekday from its number, Monday being 0."""
    return f"{date(2024, 1, 1 + weekday):%A}"


def _weekday_and_number(weekday: int, number: int, memo_date: date) -> tuple[date | None, str]:
    """ "Friday the 13th": the one month of this and the next in which the 13th is a Friday."""
    days = []
    for ahead in (0, 1):
        month = this_month(memo_date, ahead=ahead)
        if 1 <= number <= month_end(month.year, month.month).day:
            day = month.replace(day=number)
            if day.weekday() == weekday and day >= memo_date:
                days.append(day)
    if len(days) == 1:
        return days[0], f"the next {days[0]:%A} that is the {number}. of a month"
    return None, f"no {weekday_name(weekday)} in the weeks after the memo is the {number}."


def _in_week(weekday: int, which: str, memo_date: date) -> tuple[date | None, str]:
    if which == "that" or memo_date.weekday() > 4:
        return None, "the memo does not say which week is meant"
    monday = memo_date - timedelta(days=memo_date.weekday())
    day = monday + timedelta(days=weekday + (7 if which == "next" else 0))
    return day, f"the {day:%A} of the week {'after' if which == 'next' else 'of'} the memo's date"


def days_of_month(text: str, memo_date: date) -> Iterator[FoundDate]:
    """ "By the 15th", "the 15th inst.", "the 1st of next month": a day that takes its month from the memo's date."""
    for m in [*_OF_MONTH.finditer(text), *_LATIN.finditer(text)]:
        start = m.start("words") if "words" in m.re.groupindex else m.start()
        month = m["month"].lower() if "month" in m.re.groupindex and m["month"] else ""
        if month in ("each", "every"):
            yield FoundDate(start, m.end(), Precision.RELATIVE, basis="it comes back every month")
            continue
        latin = (m["latin"] or "").lower()
        ahead = {"ult": -1, "prox": 1}.get(latin, 1 if month == "next" else 0)
        first = this_month(memo_date, ahead=ahead)
        number = int(m["d"])
        is_settled = bool(latin or month)
        if not is_settled and 0 < number < memo_date.day:
            first = this_month(memo_date, ahead=1)
        if not 1 <= number <= month_end(first.year, first.month).day:
            continue
        day = first.replace(day=number)
        how = "the month the memo names" if is_settled else f"the next {number}. after the memo's date"
        yield FoundDate(start, m.end(), Precision.DAY, day, day, day, how)


def ends_of_periods(text: str, memo_date: date) -> Iterator[FoundDate]:
    """ "The end of the month", "the end of this week" as days, where the memo's own date leaves no doubt."""
    for m in _END_OF.finditer(text):
        unit, is_next = (m["unit"] or "month").lower(), (m["which"] or "").lower() == "next"
        day: date | None
        if unit == "month":
            first = this_month(memo_date, ahead=1 if is_next else 0)
            day = month_end(first.year, first.month)
            basis = f"the last day of {day:%B %Y}"
            if not is_next and (day - memo_date).days < 4:
                day, basis = None, "the memo is of the last days of a month: that month or the next"
        elif memo_date.weekday() < 4:
            day = memo_date + timedelta(days=4 - memo_date.weekday() + (7 if is_next else 0))
            basis = f"the Friday of the {'week after the ' if is_next else ''}memo's week"
        else:
            day, basis = None, "the memo is of the end of a week: that week or the next"
        yield FoundDate(
            m.start(), m.end(), Precision.DAY if day else Precision.RELATIVE, day, day, day, basis
        )


def edges(text: str, memo_date: date) -> Iterator[FoundDate]:
    """The first and last days of school years and terms, and what comes back: no day of their own."""
    for m in _EDGE_OF_YEAR.finditer(text):
        yield FoundDate(m.start(), m.end(), Precision.RELATIVE)


def breaks(text: str, memo_date: date) -> Iterator[FoundDate]:
    """ "Before winter break", "the last school day before half term", "the end of the autumn term"."""
    for m in _BREAK.finditer(text):
        before = text[max(0, m.start() - 60) : m.start()]
        lead = _BEFORE_BREAK.search(before)
        has_edge = lead is not None and re.search(r"(?i)\bday\b", lead["words"])
        if lead and (lead["cue"] or has_edge or re.match(r"(?i)end|close|start|beginning", m[0])):
            start = m.start() - len(lead["words"])
            yield FoundDate(start, m.end(), Precision.RELATIVE, basis="the school calendar decides the day")


def terms(text: str, memo_date: date) -> Iterator[FoundDate]:
    """ "Within ten school days of receipt": no day, except one counted from the memo itself."""
    for m in _TERM.finditer(text):
        counted = _TERM_FROM_PAPER.match(m[0])
        if counted:
            step = (value_of(counted["n"]) or 0) * (7 if counted["unit"].lower() == "week" else 1)
            day = memo_date + timedelta(days=step) if 0 < step < 400 else None
            yield FoundDate(
                m.start(),
                m.end(),
                Precision.DAY if day else Precision.RELATIVE,
                day,
                day,
                day,
                "counted from the memo's date",
            )
        elif _TERM_OPENS.match(m[0]) or _HAS_OBJECT.search(m[0]):
            yield FoundDate(m.start(), m.end(), Precision.RELATIVE)


def months(text: str, memo_date: date) -> Iterator[FoundDate]:
    """Months named for themselves; "until February" lasts to its last day."""
    for m in _MONTH_ALONE.finditer(text):
        has_preposition = m.start("m") > m.start()
        if not m["y"] and (not has_preposition or text[m.end() : m.end() + 2].strip()[:1].isdigit()):
            continue
        month = month_number(m["m"])
        year = int(m["y"]) if m["y"] else (memo_date.year if month >= memo_date.month else memo_date.year + 1)
        first, last = date(year, month, 1), month_end(year, month)
        # "Until February" lasts to its last day; "by February" may mean its first, so it gets no such note.
        is_until = m[0].lower().startswith(("until", "till", "through"))
        start, basis = (m.start(), f"the last day of {last:%B %Y}") if is_until else (m.start("m"), "")
        yield FoundDate(start, m.end(), Precision.COARSE, None, first, last, basis)
