"""Reading one named period ("last month", "oct 5", "winter break last year") at the start of a line of plain words.

How words are read: a school year is meant wherever a year is named by "last" or "this"; fall is its first semester
and spring its second. A month, a holiday or a weekday is the latest that has begun. Weeks start on Monday. "Past" or
"last" so many days or weeks end today and count today. A period that is still open ends today; one that has not begun,
and an event without a known date, are not guessed.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from protocols.insight.calendar import HOLIDAYS, Calendar, UnknownDate
from protocols.insight.wording import plain

_DAY = timedelta(days=1)
_MONTH_NAMES = (
    "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|september sept sep|"
    "october oct|november nov|december dec"
)
_DAY_NAMES = "monday mon|tuesday tues tue|wednesday wed|thursday thurs thur thu|friday fri|saturday|sunday"
_MONTHS = {
    name: number for number, names in enumerate(_MONTH_NAMES.split("|"), start=1) for name in names.split()
}
_WEEKDAYS = {name: number for number, names in enumerate(_DAY_NAMES.split("|")) for name in names.split()}
MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
WEEKDAY = "|".join(sorted(_WEEKDAYS, key=len, reverse=True))
_DAYNUM = (
    r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?![\d/-])(?! (?:days?|weeks?|months?|percent|semester|quarter|term)\b)"
)
_YEARMARK = (
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


def _month_span(calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool) -> Span | None:
    number = _MONTHS[found["month"]]
    mark = found["mark"]
    lead = found["lead"] or ""
    year, first = calendar.recurring(
        lambda year: date(year, number, 1), mark, after=after and after.replace(day=1)
    )
    if lead.strip() in {"last", "past"} and not mark and first >= calendar.year.start.replace(day=1):
        year -= 1
    if lead.strip() == "next":
        raise UnknownDate(found[0])
    month = calendar.month(date(year, number, 1))
    return Span(month.start, month.end, "month", yearmark=bool(mark))


def _day_span(calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool) -> Span | None:
    month, day = _MONTHS[found["month"]], int(found["day"])
    try:
        date(2024, month, day)
        _, on = calendar.recurring(lambda year: _safe(year, month, day), found["mark"], after=after)
    except ValueError:
        raise UnknownDate(found[0]) from None
    return Span(on, on, "day", yearmark=bool(found["mark"]))


def _safe(year: int, month: int, day: int) -> date:
    return date(year, month, day) if (month, day) != (2, 29) else date(year, 2, 28) + _DAY * (year % 4 == 0)


def _slash_span(calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool) -> Span | None:
    month, day, year = int(found["m"]), int(found["d"]), found["y"]
    try:
        if year:
            on = date(int(year) % 100 + 2000, month, day)
        else:
            date(2024, month, day)
            on = calendar.recurring(lambda year: _safe(year, month, day), None, after=after)[1]
    except ValueError:
        raise UnknownDate(found[0]) from None
    return Span(on, on, "day")


def _iso_span(calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool) -> Span | None:
    try:
        on = date.fromisoformat(found[0])
    except ValueError:
        raise UnknownDate(found[0]) from None
    return Span(on, on, "day")


def _unit_span(calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool) -> Span | None:
    """this / last / the previous / current week, month, quarter, semester, year."""

    unit = _unit(found["unit"])
    current = calendar.current(unit)
    which = found["which"]
    if which in {"this", "current", "the current", "the"}:
        return Span(current.start, current.end, unit)
    if which == "next":
        raise UnknownDate(found[0])
    before = calendar.before(current, unit)
    return Span(before.start, before.end, unit)


def _unit(word: str) -> str:
    word = word.rsplit(" ", 1)[-1].removesuffix("s")
    return {"term": "semester", "period": "quarter"}.get(word, word)


def _before_last_span(
    calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool
) -> Span | None:
    unit = _unit(found["unit"])
    before = calendar.before(calendar.before(calendar.current(unit), unit), unit)
    return Span(before.start, before.end, unit)


def _week_of_span(
    calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool
) -> Span | None:
    inner = read_span(calendar, found["rest"], after=after)
    if inner is None:
        if number := re.match(r"(?:the )?(\d{1,2})(?:st|nd|rd|th)?(?= |$)", found["rest"]):
            on = day_of_month(calendar, int(number[1]))
            inner = (Span(on, on, "day"), number.end())
        else:
            return None
    span, length = inner
    week = calendar.week(span.start)
    return Span(week.start, week.end, "week", length=len(found[0]) - len(found["rest"]) + length)


def day_of_month(calendar: Calendar, number: int) -> date:
    first = calendar.today.replace(day=1)
    for month in (first, first - relativedelta(months=1)):
        try:
            on = month.replace(day=number)
        except ValueError:
            continue
        if on <= calendar.today:
            return on
    raise UnknownDate(str(number))


def _rolling_span(
    calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool
) -> Span | None:
    """ "past 6 weeks": days up to and including today."""

    number = int(found["number"] or 1)
    unit = _unit(found["unit"])
    if number < 1 or number > 1500:
        raise UnknownDate(found[0])
    if unit == "month":
        start = calendar.today - relativedelta(months=number) + _DAY
        days = (calendar.today - start).days + 1 if found["number"] else 30
    elif unit in {"day", "week"}:
        days = number * (7 if unit == "week" else 1)
    else:
        raise UnknownDate(found[0])
    return Span(calendar.today - (days - 1) * _DAY, calendar.today, "rolling", rolling=days)


def _season_span(calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool) -> Span | None:
    word = found["season"]
    index = 0 if word in {"fall", "autumn", "1st"} else 1
    lead, mark = (found["lead"] or "").strip(), found["mark"]
    if mark and re.fullmatch(r"(?:19|20)\d\d", mark):
        for year in calendar.vocabulary.years:
            if len(year.semesters) > index and year.semesters[index].start.year == int(mark):
                return Span(year.semesters[index].start, year.semesters[index].end, "semester", yearmark=True)
        raise UnknownDate(found[0])
    if marked := calendar.year_marked(mark):
        if len(marked.semesters) <= index:
            raise UnknownDate(found[0])
        return Span(marked.semesters[index].start, marked.semesters[index].end, "semester", yearmark=True)
    begun = [
        year.semesters[index]
        for year in calendar.vocabulary.years
        if len(year.semesters) > index and year.semesters[index].start <= calendar.today
    ]
    if lead == "last" and begun and begun[-1].end >= calendar.today:
        begun.pop()
    if lead == "next" or not begun:
        raise UnknownDate(found[0])
    return Span(begun[-1].start, begun[-1].end, "semester")


def _quarter_span(
    calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool
) -> Span | None:
    index = int(found["q"] or found["nth"]) - 1
    mark = found["mark"]
    years = [calendar.year] if not mark else [calendar.year_marked(mark) or calendar.year]
    for year in years:
        if len(year.quarters) > index and year.quarters[index].start <= calendar.today:
            return Span(year.quarters[index].start, year.quarters[index].end, "quarter", yearmark=bool(mark))
    raise UnknownDate(found[0])


def _school_year_span(
    calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool
) -> Span | None:
    year = calendar.year_marked(found[0])
    assert year is not None
    return Span(year.start, year.end, "year")


def _calendar_year_span(
    calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool
) -> Span | None:
    number = int(found["number"])
    return Span(date(number, 1, 1), date(number, 12, 31), "calendar year")


def _to_date_span(
    calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool
) -> Span | None:
    return Span(calendar.year.start, calendar.today, "year")


def _edge_span(calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool) -> Span | None:
    """The start, or the end, of something that has dates."""

    inner = read_span(calendar, found["rest"], after=after, upcoming=upcoming)
    if inner is None:
        return None
    span, length = inner
    on = span.start if re.search("start|begin|first|1st|open", found["edge"]) else span.end
    return Span(on, on, "day", length=len(found[0]) - len(found["rest"]) + length)


def _school_opening_span(
    calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool
) -> Span | None:
    year = calendar.year_marked(found["mark"] or found["mark2"]) or calendar.year
    return Span(year.start, year.start, "day")


def _full_span(calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool) -> Span | None:
    unit = _unit(found["unit"])
    before = calendar.before(calendar.current(unit), unit)
    return Span(before.start, before.end, unit)


def _first_of_span(
    calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool
) -> Span | None:
    """The first (or last) so many days or weeks of a period."""

    rest = found["rest"]
    if re.match(r"(?:school|classes)(?: |$)", rest):
        span, length = Span(calendar.year.start, calendar.year.end, "year"), re.match(r"\w+", rest).end()  # type: ignore[union-attr]  # matched above
    else:
        inner = read_span(calendar, rest, after=after)
        if inner is None:
            return None
        span, length = inner
    number = int(found["number"] or 1)
    unit = _unit(found["unit"])
    if found["which"] == "last":
        end = span.end
        start = end - relativedelta(**{f"{unit}s": number}) + _DAY  # type: ignore[arg-type]  # days, weeks or months
    else:
        start = span.start
        end = start + relativedelta(**{f"{unit}s": number}) - _DAY  # type: ignore[arg-type]  # days, weeks or months
    return Span(start, end, "days", length=len(found[0]) - len(rest) + length)


def _weekday_span(
    calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool
) -> Span | None:
    if (found["lead"] or "").strip() == "next":
        raise UnknownDate(found[0])
    back = (calendar.today.weekday() - _WEEKDAYS[found["weekday"]]) % 7
    on = calendar.today - back * _DAY
    if (found["lead"] or "").strip() == "last" and calendar.week(on) == calendar.week(calendar.today):
        on -= 7 * _DAY
    return Span(on, on, "day")


def _today_span(calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool) -> Span | None:
    match found[0]:
        case "yesterday":
            return Span(calendar.today - _DAY, calendar.today - _DAY, "day")
        case "tomorrow":
            raise UnknownDate(found[0])
        case _:
            return Span(calendar.today, calendar.today, "today")


def _holiday_span(
    calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool
) -> Span | None:
    name, mark = found["name"], found["mark"]
    breaks = {plain(one.name) for one in calendar.vocabulary.breaks}
    if upcoming and f"{name} break" in breaks:
        try:
            period = calendar.break_named(f"{name} break", mark, upcoming=True, after=None)
            return Span(period.start, period.end, "break", yearmark=bool(mark))
        except UnknownDate:
            pass
    on = next(on for pattern, on in HOLIDAYS.items() if re.fullmatch(pattern, name))
    if upcoming and not mark:
        after = after or calendar.year.start
    _, day = calendar.recurring(on, mark, after=after)
    return Span(day, day, "holiday", yearmark=bool(mark))


def _break_span(calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool) -> Span | None:
    name = re.sub(r"\b(?:recess|holidays?|vacation)$", "break", found["name"])
    name = re.sub(r"^christmas", "winter", name)
    period = calendar.break_named(name, found["mark"], upcoming=upcoming, after=after)
    return Span(period.start, period.end, "break", yearmark=bool(found["mark"]))


def _same_point_span(
    calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool
) -> Span | None:
    year = calendar.year_marked("last year")
    assert year is not None
    end = calendar.today - relativedelta(years=1)
    return Span(year.start, end, "year", is_same_point=True)


def _unknown_span(
    calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool
) -> Span | None:
    raise UnknownDate(found[0])


_UNIT = r"(?P<unit>week|month|quarter|marking period|semester|term|school year|year)"
_SINGULAR_END = r"(?= |$)"
Reader = Callable[[Calendar, re.Match[str], "date | None", bool], "Span | None"]
_READERS: tuple[tuple[re.Pattern[str], Reader], ...] = tuple(
    (re.compile(pattern + _SINGULAR_END), reader)
    for pattern, reader in (
        (
            r"(?:(?:at |by |to |in |on )?(?:the |this |that )?(?:same|this|that|equivalent) (?:point|"
            r"time|period|stage|date|day|dates|stretch|span|months?|weeks?|window)(?: in| of| as| from|"
            r" during)?(?: the)? (?:last|previous|prior|past) (?:school )?year)"
            r"|last (?:school )?year(?: at| for| in| by| over)?(?: the| this)? (?:same|this) (?:point|"
            r"time|period|date|stage|stretch)"
            r"|(?:a|1|one) year (?:ago|earlier|before)|(?:this|same) (?:time|point) a year (?:ago|earlier)",
            _same_point_span,
        ),
        (
            r"(?P<edge>(?:the )?(?:very )?(?:start|beginning|opening|1st day|first day|end|"
            r"close) of) (?P<rest>.+)",
            _edge_span,
        ),
        (
            r"(?:the )?(?:start|beginning|opening|1st day) of (?:the )?(?:school|classes|the year|year|"
            r"school year)"
            + _YEARMARK
            + r"|(?:(?:the )?school|classes) (?:started|began|opened|start|starts)"
            + _YEARMARK.replace("mark>", "mark2>"),
            _school_opening_span,
        ),
        (
            r"(?:the )?(?P<which>1st|last|opening) (?:(?P<number>\d+) )?(?P<unit>days?|weeks?|"
            r"months?) of (?P<rest>.+)",
            _first_of_span,
        ),
        (r"(?:the )?(?P<unit>week|month|quarter|semester|term|year) before last", _before_last_span),
        (r"(?:the )?week (?:of|starting|beginning)(?: on)? (?P<rest>.+)", _week_of_span),
        (r"\d{4}-\d{2}-\d{2}", _iso_span),
        (r"(?P<m>\d{1,2})/(?P<d>\d{1,2})(?:/(?P<y>\d{2,4}))?", _slash_span),
        (rf"(?:(?:{WEEKDAY}) )?(?:the )?(?P<month>{MONTH})(?: the)? {_DAYNUM}{_YEARMARK}", _day_span),
        (rf"(?:(?:{WEEKDAY}) )?(?:the )?{_DAYNUM}(?: of)? (?P<month>{MONTH}){_YEARMARK}", _day_span),
        (r"(?P<name>" + "|".join(HOLIDAYS) + r")(?! break| recess| vacation)" + _YEARMARK, _holiday_span),
        (
            rf"(?P<lead>last |past |this |next )?(?!may (?:i|we|you|have|be|not|it|they|"
            rf"she|he)\b)(?P<month>{MONTH}){_YEARMARK}",
            _month_span,
        ),
        (
            r"(?:the )?(?P<lead>last |this |next |the )?(?P<season>fall|autumn|spring)(?: (?:semester|"
            r"term))?(?! break)" + _YEARMARK,
            _season_span,
        ),
        (r"(?:the )?(?P<lead>last )?(?P<season>1st|2nd) (?:semester|term)" + _YEARMARK, _season_span),
        (
            r"(?:the )?(?:q(?P<q>[1-4])|(?P<nth>[1-4])(?:st|nd|rd|th) (?:quarter|marking period))"
            + _YEARMARK,
            _quarter_span,
        ),
        (r"(?:sy |school year |the )?(?:20)?\d\d[-/](?:20)?\d\d(?: school year)?", _school_year_span),
        (
            r"(?:the )?(?:last|past|previous) (?P<number>\d+) (?P<unit>days?|weeks?|months?|semesters?|"
            r"quarters?|terms?|years?)",
            _rolling_span,
        ),
        (r"(?:the |these |this )?past (?:(?P<number>\d+) )?(?P<unit>days?|weeks?|months?)", _rolling_span),
        (r"(?:the )?(?:last|past|previous|prior) full " + _UNIT, _full_span),
        (
            r"(?P<which>this|current|the current|last|past|previous|prior|the last|the previous|"
            r"the prior|next|the) " + _UNIT + r"(?! (?:before|after|of|ago|in)\b)",
            _unit_span,
        ),
        (r"(?:(?:the )?year to date|ytd|(?:so far )?to date)", _to_date_span),
        (rf"(?P<lead>last |this |on |next )?(?P<weekday>{WEEKDAY})", _weekday_span),
        (r"today|yesterday|tomorrow", _today_span),
        (
            r"(?:the )?(?P<name>(?!(?:before|after|since|until|till|by|in|on|from|to|the|during|over|"
            r"and|for|of|a)\b)"
            r"\w+(?: (?!break)\w+)? (?:break|recess|vacation))" + _YEARMARK,
            _break_span,
        ),
        (r"(?:the )?(?:calendar )?(?:year )?(?P<number>(?:19|20)\d\d)", _calendar_year_span),
        (r"(?:the )?(?:last |this |next )?(?:summer|winter|trimester|fiscal year|decade)", _unknown_span),
    )
)


def read_span(
    calendar: Calendar, line: str, *, after: date | None = None, upcoming: bool = False
) -> tuple[Span, int] | None:
    """The period named at the start of the line and how many characters name it. Raises UnknownDate."""

    for pattern, reader in _READERS:
        if not (found := pattern.match(line)):
            continue
        span = reader(calendar, found, after, upcoming)
        if span is None:
            continue
        return span, span.length or found.end()
    return None
