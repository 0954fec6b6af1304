"""Terms that the district's school calendar turns into a day: "within ten school days of receipt", "the last school day
before winter break", "before Thanksgiving break", "the first school day in October".

What the calendar does not show for certain stays without a day: a break that is no single closed stretch, a year it
does not hold, a term that starts from anything but the memo.
"""

import re
from datetime import date, timedelta

from protocols.buffer.dates import find_dates
from protocols.buffer.demands import DayCalendar
from protocols.buffer.holidays import holiday, month_end
from protocols.buffer.numerals import value_of
from protocols.buffer.written_dates import MONTH, month_number

LONGEST_TERM = 400
"""Days looked ahead when a term is counted; a calendar without any school day must not be searched for ever."""
LONGEST_BREAK = 30
"""A closed stretch of more days is no break but the end of what the calendar holds."""
SHORTEST_BREAK = 3
"""Weekdays that must be closed in a row for a spring or autumn break; fewer are a long week-end."""

_TERM = re.compile(
    r"(?i)within\s+(?P<count>(?:\d{1,3}|[a-z-]+)(?:\s*\(\d{1,3}\))?)\s+(?:school|instructional|teaching)\s+days?\s+"
    r"(?:of|after|from|following)\s+(?:the\s+)?(?:receipt|receiving|date\s+of\s+this|this\s+(?:memo|notice|"
    r"letter|circular))"
)
_BREAK = re.compile(
    r"(?i)(?P<name>winter|christmas|thanksgiving|spring|february|mid-?winter|easter|fall|autumn)\s+(?:break|recess|vacation|"
    r"holidays?)\b"
)
_FIRST_BACK = re.compile(r"(?i)\bfirst\b|\b(?:after|following)\b")
_BESIDE = re.compile(
    r"(?i)^(?:the\s+)?(?:last\s+|first\s+)?(?:school|instructional|teaching)\s+day\s+(?:immediately\s+)?(?P<way>before|prior\s+to|preceding|"
    r"after|following)\s+"
)
_OF_MONTH = re.compile(
    rf"(?i:^(?:the\s+)?(?P<which>first|last)\s+(?:school|instructional|teaching)\s+day\s+(?:in|of)\s+)(?P<m>{MONTH})"
)


def school_day_of(words: str, memo_date: date, calendar: DayCalendar) -> tuple[date | None, str]:
    """The day that ``words`` mean on ``calendar`` in a memo of ``memo_date``, and how; else None and ""."""
    if (term := _TERM.match(words)) is not None:
        day = _after(memo_date, value_of(term["count"]) or 0, calendar)
        return (day, "counted from the memo's date") if day else (None, "")
    plain = " ".join(words.split())
    if (named := _BREAK.search(plain)) is not None:
        stretch = _break_of(named["name"].lower(), memo_date, calendar)
        if stretch is None:
            return None, ""
        is_back = bool(_FIRST_BACK.search(plain[: named.start()]))
        return (
            (stretch[1], f"the first school day after {named[0]}")
            if is_back
            else (
                stretch[0],
                f"the last school day before {named[0]}",
            )
        )
    if (month := _OF_MONTH.match(plain)) is not None:
        return _of_month(month, memo_date, calendar)
    if (beside := _BESIDE.match(plain)) is not None:
        found = [d for d in find_dates("on " + plain[beside.end() :], memo_date=memo_date) if d.iso]
        is_after = beside["way"].lower() in ("after", "following")
        day = _next_to(found[0].iso, calendar, step=1 if is_after else -1) if found and found[0].iso else None
        return (day, f"by the school calendar, {plain}") if day else (None, "")
    return None, ""


def _after(start: date, count: int, calendar: DayCalendar) -> date | None:
    day = start
    for _ in range(LONGEST_TERM):
        if count <= 0:
            return day if day != start else None
        day += timedelta(days=1)
        count -= calendar.is_school_day(day)
    return None


def _next_to(start: date, calendar: DayCalendar, *, step: int) -> date | None:
    day = start + timedelta(days=step)
    for _ in range(LONGEST_BREAK):
        if calendar.is_school_day(day):
            return day
        day += timedelta(days=step)
    return None


def _of_month(named: re.Match[str], memo_date: date, calendar: DayCalendar) -> tuple[date | None, str]:
    month = month_number(named["m"])
    year = memo_date.year + (month < memo_date.month)
    days = [date(year, month, number) for number in range(1, month_end(year, month).day + 1)]
    open_days = [day for day in days if calendar.is_school_day(day)]
    if not open_days:
        return None, ""
    day = open_days[0] if named["which"].lower() == "first" else open_days[-1]
    return day, f"the {named['which'].lower()} school day of {day:%B %Y}"


def _break_of(name: str, memo_date: date, calendar: DayCalendar) -> tuple[date, date] | None:
    """The school days around the next such break: the last before it and the first after."""
    within = {"winter": (12, 25), "christmas": (12, 25)}.get(name)
    for year in (memo_date.year, memo_date.year + 1):
        if within:
            day: date | None = date(year, *within)
        elif name in ("thanksgiving", "easter"):
            day = holiday("thanksgiving" if name == "thanksgiving" else "easter monday", year)
        else:
            first, last = {
                "spring": ((3, 1), (4, 30)),
                "fall": ((10, 1), (11, 15)),
                "autumn": ((10, 1), (11, 15)),
            }.get(name, ((2, 1), (2, 28)))
            day = _only_closed_week(date(year, *first), date(year, *last), calendar)
        if day is None or day < memo_date:
            continue
        before, after = _next_to(day, calendar, step=-1), _next_to(day, calendar, step=1)
        if calendar.is_school_day(day) or before is None or after is None or before < memo_date:
            return None
        return before, after
    return None


def _only_closed_week(first: date, last: date, calendar: DayCalendar) -> date | None:
    """A day within the one run of closed weekdays between two days; None where there is no such run or several."""
    runs: list[list[date]] = [[]]
    day = first
    while day <= last:
        if day.weekday() < 5:
            if calendar.is_school_day(day):
                runs.append([])
            else:
                runs[-1].append(day)
        day += timedelta(days=1)
    breaks = [run for run in runs if len(run) >= SHORTEST_BREAK]
    return breaks[0][0] if len(breaks) == 1 else None
