"""Days that a memo names by a rule: "second Friday in October", "the last Friday of the month", "the end of
October", "no later than Veterans Day", "the Wednesday before Thanksgiving".
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from protocols.buffer.demands import Precision
from protocols.buffer.found_dates import FoundDate, Taken
from protocols.buffer.holidays import HOLIDAY_NAMES, holiday, month_end, nth_weekday
from protocols.buffer.numerals import PATTERN as NUMBER_WORD
from protocols.buffer.numerals import value_of
from protocols.buffer.written_dates import MONTH, WEEKDAY, YEAR, month_number, weekday_number

NUMBER = rf"(?:\d{{1,3}}|{NUMBER_WORD}|an?)(?:\s*\(\d{{1,3}}\))?"

_NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1, "final": -1}
_NTH |= {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5}
_RULE = re.compile(
    rf"(?i:\b(?:the\s+)?(?P<nth>{'|'.join(_NTH)}))\s+"
    rf"(?:(?P<wd>{WEEKDAY})|(?i:(?P<work>(?:school|business|working|work|instructional|teaching)\s+day|weekday))|"
    rf"(?i:(?P<week>(?:full\s+)?week)))\s+(?i:in|of)\s+"
    rf"(?:(?P<m>{MONTH})(?:,?\s+(?P<y>{YEAR}))?|(?i:(?P<which>the|this|next|each|every|the\s+following)\s+month\b))"
)
_MONTH_END = re.compile(
    rf"(?i:\b(?:the\s+)?(?:very\s+)?(?:end|close|"
    rf"last\s+(?:calendar\s+)?day)\s+of)\s+(?P<m>{MONTH})(?:,?\s+(?P<y>{YEAR}))?(?!\s+\d)"
)
_HOLIDAY = re.compile(rf"\b(?:[Tt]hat\s+|[Tt]he\s+)?(?P<name>{HOLIDAY_NAMES})\b(?:,?\s+(?P<y>{YEAR}))?")
_HOLIDAY_CUE = re.compile(r"(?i)\b(?:by|before|on|until|no(?:t)?\s+later\s+than|due|after)\s+(?:the\s+)?$")
_BREAK_AFTER = re.compile(
    r"(?i)\s+(?:break|recess|vacation|holidays?|week|weekend|party|card|dinner|program|concert)\b"
)
_SHIFT = re.compile(
    rf"(?:\b(?P<wd>{WEEKDAY})|(?i:\bday)|(?i:\b(?P<n>{NUMBER})\s+(?:(?:calendar|full)\s+|"
    r"(?P<kind>school|business|working|instructional|teaching)\s+)?(?P<unit>days?|weeks?)))"
    r"(?i:\s+(?:immediately\s+|just\s+)?(?P<way>before|prior\s+to|preceding|ahead\s+of|in\s+advance\s+of|after|"
    r"following)\s+(?:the\s+)?)$"
)
_DURING = re.compile(r"(?i)\b(?:during|in|over|for|throughout)\s+(?:the\s+)?(?:last\s+)?$")
_SHIFT_SCHOOL_DAY = re.compile(
    r"(?i)\b(?P<last>(?:first|last|final)\s+)?(?:school|business|working|instructional|teaching)\s+$"
)


def rule_dates(text: str, memo_date: date) -> Iterator[FoundDate]:
    """All days named by a rule; one that comes back every month, or hangs on the school calendar, names no day."""
    yield from _rules(text, memo_date)
    yield from _month_ends(text, memo_date)
    yield from _holidays(text, memo_date)


def _one_day(m: re.Match[str], day: date, basis: str) -> FoundDate:
    return FoundDate(m.start(), m.end(), Precision.DAY, day, day, day, basis)


def _rules(text: str, memo_date: date) -> Iterator[FoundDate]:
    for m in _RULE.finditer(text):
        if m["work"] or (m["which"] and m["which"].lower() in ("each", "every")):
            basis = "the school calendar decides the day" if m["work"] else "it comes back every month"
            yield FoundDate(m.start(), m.end(), Precision.RELATIVE, basis=basis)
        elif m["week"]:
            if m["m"]:
                month = month_number(m["m"])
                year = int(m["y"]) if m["y"] else memo_date.year + (month < memo_date.month)
                first = date(year, month, 1)
                yield FoundDate(m.start(), m.end(), Precision.COARSE, None, first, month_end(year, month))
        elif (day := _nth_day(m, memo_date)) is not None:
            yield _one_day(m, day, f"the {m['nth'].lower()} {day:%A} of {day:%B %Y}")


def _nth_day(m: re.Match[str], memo_date: date) -> date | None:
    weekday, nth = weekday_number(m["wd"]), _NTH[m["nth"].lower()]
    if m["which"]:
        month = this_month(memo_date, ahead=0 if m["which"].lower() in ("the", "this") else 1)
        found = nth_weekday(month.year, month.month, weekday, nth)
        return found if found is not None and found >= memo_date else None
    years = [int(m["y"])] if m["y"] else range(memo_date.year, memo_date.year + 3)
    days = [nth_weekday(year, month_number(m["m"]), weekday, nth) for year in years]
    return next((day for day in days if day is not None and (m["y"] or day >= memo_date)), None)


def this_month(memo_date: date, *, ahead: int) -> date:
    """The first of the memo's month, or of the one so many months after it."""
    number = memo_date.year * 12 + memo_date.month - 1 + ahead
    return date(number // 12, number % 12 + 1, 1)


def _month_ends(text: str, memo_date: date) -> Iterator[FoundDate]:
    for m in _MONTH_END.finditer(text):
        month = month_number(m["m"])
        day = month_end(memo_date.year, month)
        if m["y"]:
            day = month_end(int(m["y"]), month)
        elif day < memo_date:
            day = month_end(memo_date.year + 1, month)
        yield _one_day(m, day, f"the last day of {day:%B %Y}")


def _holidays(text: str, memo_date: date) -> Iterator[FoundDate]:
    for m in _HOLIDAY.finditer(text):
        years = [int(m["y"])] if m["y"] else [memo_date.year, memo_date.year + 1]
        days = [day for year in years if (day := holiday(m["name"], year)) is not None]
        day = next((day for day in days if m["y"] or day >= memo_date), None)
        context = text[max(0, m.start() - 60) : m.start()]
        is_shifted = bool(_SHIFT.search(context)) and not _BREAK_AFTER.match(text, m.end())
        is_rule = "designated" in m["name"]
        is_named = is_rule or (bool(_HOLIDAY_CUE.search(context)) and not _BREAK_AFTER.match(text, m.end()))
        if day is not None and (is_shifted or is_named):
            yield _one_day(m, day, f"{' '.join(m['name'].split())} {day.year}")


def shifted(text: str, item: FoundDate, taken: Taken) -> FoundDate:
    """ "The day before X", "the Friday preceding X", "two weeks before X": another day than X."""
    if item.iso is None:
        return item
    context = text[max(0, item.start - 60) : item.start]
    m = _SHIFT.search(context)
    if not m:
        return item
    start = item.start - len(context) + m.start()
    of_school = _SHIFT_SCHOOL_DAY.search(context[: m.start()])
    if of_school:
        start -= len(of_school[0])
    leading = re.search(r"(?i)\bthe\s+$", text[max(0, start - 6) : start])
    if not (leading or m["wd"] or m["n"] or (of_school and of_school["last"])) or _DURING.search(
        context[: m.start()]
    ):
        # "Each day before X" and "in the ten days before X" are stretches, not a day of their own.
        return item
    start -= len(leading[0]) if leading else 0
    if not taken.add(start, item.start):
        return item
    if of_school or m["kind"]:
        basis = f"the school calendar decides the day, counted from {_said(item.iso)}"
        return FoundDate(start, item.end, Precision.RELATIVE, basis=basis)
    is_earlier = not m["way"].lower().startswith(("after", "following"))
    if m["wd"]:
        weekday = weekday_number(m["wd"])
        from_then = item.iso.weekday() - weekday if is_earlier else weekday - item.iso.weekday()
        step = from_then % 7 or 7
    else:
        unit = 7 if (m["unit"] or "").lower().startswith("week") else 1
        step = ((value_of(m["n"]) if m["n"] else None) or 1) * unit
    day = item.iso + timedelta(days=-step if is_earlier else step)
    words = " ".join(text[start : item.end].split())
    basis = f"{words}, counted from {_said(item.iso)}"
    return replace(item, start=start, iso=day, first=day, last=day, basis=basis)


def _said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
