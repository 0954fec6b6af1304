"""Days by their names: dates, weekdays, holidays ("oct 5", "10/5", "last tuesday", "labor day")."""

import re
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from protocols.insight.calendar import CLOCKS_CHANGED, HOLIDAYS, Calendar, UnknownDate
from protocols.insight.span_words import MONTHS, WEEKDAYS, Span
from protocols.insight.wording import plain

_DAY = timedelta(days=1)


def day_span(calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool) -> Span | None:
    """ "oct 5", "5th of october"."""

    month, day = MONTHS[found["month"]], int(found["day"])
    try:
        date(2024, month, day)
        _, on = calendar.recurring(lambda year: _safe(year, month, day), found["mark"], after=after)
    except ValueError:
        raise UnknownDate(found[0]) from None
    return Span(on, on, "day", yearmark=bool(found["mark"]))


def slash_span(calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool) -> Span | None:
    """ "10/5", "10/5/24"."""

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


def iso_span(calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool) -> Span | None:
    """ "2024-10-05"."""

    try:
        on = date.fromisoformat(found[0])
    except ValueError:
        raise UnknownDate(found[0]) from None
    return Span(on, on, "day")


def weekday_span(calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool) -> Span | None:
    """ "tuesday", "last tuesday"."""

    if (found["lead"] or "").strip() == "next":
        raise UnknownDate(found[0])
    back = (calendar.today.weekday() - WEEKDAYS[found["weekday"]]) % 7
    on = calendar.today - back * _DAY
    if (found["lead"] or "").strip() == "last" and calendar.week(on) == calendar.week(calendar.today):
        on -= 7 * _DAY
    return Span(on, on, "day")


def today_span(calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool) -> Span | None:
    match found[0]:
        case "yesterday":
            return Span(calendar.today - _DAY, calendar.today - _DAY, "day")
        case "tomorrow":
            raise UnknownDate(found[0])
        case _:
            return Span(calendar.today, calendar.today, "today")


def ago_span(calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool) -> Span | None:
    """ "3 weeks ago": that day, from which something may have begun."""

    number = int(found["number"])
    if number > 400:
        raise UnknownDate(found[0])
    on = calendar.today - relativedelta(**{f"{found['unit']}s": number})  # type: ignore[arg-type]  # days, weeks or months
    return Span(on, on, "day")


def holiday_span(calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool) -> Span | None:
    """A holiday; where what is to come is asked for, the break that has its name."""

    name, mark = found["name"], found["mark"]
    if not mark and not after and re.fullmatch(CLOCKS_CHANGED, name):
        changed = calendar.clocks_changed()
        return Span(changed, changed, "holiday")
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


def day_of_month(calendar: Calendar, number: int) -> date:
    """The latest such day of a month ("the 5th") that has begun. Raises UnknownDate."""

    first = calendar.today.replace(day=1)
    for month in (first, first - relativedelta(months=1)):
        try:
            on = month.replace(day=number)
        except ValueError:
            continue
        if on <= calendar.today:
            return on
    raise UnknownDate(str(number))


def _safe(year: int, month: int, day: int) -> date:
    return date(year, month, day) if (month, day) != (2, 29) else date(year, 2, 28) + _DAY * (year % 4 == 0)
