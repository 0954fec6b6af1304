"""Longer periods by their names ("last month", "past 6 weeks", "fall", "q2", "2024-25", "winter break")."""

import re
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from protocols.insight.calendar import Calendar, UnknownDate
from protocols.insight.span_words import MONTHS, Span, unit_named

_DAY = timedelta(days=1)
_MOST_SCHOOL_DAYS = 400


def month_span(calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool) -> Span | None:
    """ "october", "last october"."""

    number = MONTHS[found["month"]]
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


def unit_span(calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool) -> Span | None:
    """this / last / the previous / current week, month, quarter, semester, year."""

    unit = unit_named(found["unit"])
    current = calendar.current(unit)
    which = found["which"]
    if which in {"this", "current", "the current", "the"}:
        return Span(current.start, current.end, unit)
    if which == "next":
        raise UnknownDate(found[0])
    before = calendar.before(current, unit)
    return Span(before.start, before.end, unit)


def before_last_span(
    calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool
) -> Span | None:
    """ "the week before last"."""

    unit = unit_named(found["unit"])
    before = calendar.before(calendar.before(calendar.current(unit), unit), unit)
    return Span(before.start, before.end, unit)


def full_span(calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool) -> Span | None:
    """ "the last full month": the one before the current."""

    unit = unit_named(found["unit"])
    before = calendar.before(calendar.current(unit), unit)
    return Span(before.start, before.end, unit)


def rolling_span(calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool) -> Span | None:
    """ "past 6 weeks": days up to and including today."""

    number = int(found["number"] or 1)
    unit = unit_named(found["unit"])
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


def past_year_span(
    calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool
) -> Span | None:
    """ "the past year": the twelve months up to and including today, where "last year" is the last school year."""

    return Span(calendar.today - relativedelta(years=1) + _DAY, calendar.today, "days")


def school_days_span(
    calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool
) -> Span | None:
    """ "the last 10 school days": so many days of school up to and including today."""

    left = int(found["number"])
    if not 0 < left <= _MOST_SCHOOL_DAYS:
        raise UnknownDate(found[0])
    day = calendar.today
    while left := left - calendar.is_school_day(day):
        day -= _DAY
    return Span(day, calendar.today, "days")


def season_span(calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool) -> Span | None:
    """ "fall", "spring semester", "1st semester"."""

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


def quarter_span(calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool) -> Span | None:
    """ "q2", "2nd marking period"."""

    index = int(found["q"] or found["nth"]) - 1
    mark = found["mark"]
    years = [calendar.year] if not mark else [calendar.year_marked(mark) or calendar.year]
    for year in years:
        if len(year.quarters) > index and year.quarters[index].start <= calendar.today:
            return Span(year.quarters[index].start, year.quarters[index].end, "quarter", yearmark=bool(mark))
    raise UnknownDate(found[0])


def school_year_span(
    calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool
) -> Span | None:
    """ "2024-25", "sy 24/25"."""

    year = calendar.year_marked(found[0])
    assert year is not None
    return Span(year.start, year.end, "year")


def calendar_year_span(
    calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool
) -> Span | None:
    """ "2024", from January to December."""

    number = int(found["number"])
    return Span(date(number, 1, 1), date(number, 12, 31), "calendar year")


def to_date_span(calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool) -> Span | None:
    """ "year to date"."""

    return Span(calendar.year.start, calendar.today, "year")


def school_opening_span(
    calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool
) -> Span | None:
    """ "the start of school", "school started last year"."""

    year = calendar.year_marked(found["mark"] or found["mark2"]) or calendar.year
    return Span(year.start, year.start, "day")


def break_span(calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool) -> Span | None:
    """ "winter break", by its other names too."""

    name = re.sub(r"\b(?:recess|holidays?|vacation)$", "break", found["name"])
    name = re.sub(r"^christmas", "winter", name)
    period = calendar.break_named(name, found["mark"], upcoming=upcoming, after=after)
    return Span(period.start, period.end, "break", yearmark=bool(found["mark"]))


def same_point_span(
    calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool
) -> Span | None:
    """ "this time last year"."""

    year = calendar.year_marked("last year")
    assert year is not None
    end = calendar.today - relativedelta(years=1)
    return Span(year.start, end, "year", is_same_point=True)
