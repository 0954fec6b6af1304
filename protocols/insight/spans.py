"""Reading one named period ("last month", "oct 5", "winter break last year") at the start of a line of plain words.

How words are read: a school year is meant wherever a year is named by "last" or "this"; fall is its first semester
and spring its second. A month, a holiday or a weekday is the latest that has begun. Weeks start on Monday. "Past" or
"last" so many days or weeks end today and count today. A period that is still open ends today; one that has not begun,
and an event without a known date, are not guessed.
"""

import re
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from protocols.insight import named_days, named_periods
from protocols.insight.calendar import HOLIDAYS, Calendar, UnknownDate
from protocols.insight.span_words import DAYNUM, MONTH, WEEKDAY, YEARMARK, Reader, Span, unit_named

_DAY = timedelta(days=1)
_MOST = 400
"""More days or weeks than this before, after or within something are a slip of the tongue."""


def _week_of_span(
    calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool
) -> Span | None:
    inner = read_span(calendar, found["rest"], after=after)
    if inner is None:
        if number := re.match(r"(?:the )?(\d{1,2})(?:st|nd|rd|th)?(?= |$)", found["rest"]):
            on = named_days.day_of_month(calendar, int(number[1]))
            inner = (Span(on, on, "day"), number.end())
        else:
            return None
    span, length = inner
    week = calendar.week(span.start)
    return Span(week.start, week.end, "week", length=len(found[0]) - len(found["rest"]) + length)


def _edge_span(calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool) -> Span | None:
    """The start, or the end, of something that has dates."""

    inner = read_span(calendar, found["rest"], after=after, upcoming=upcoming)
    if inner is None:
        return None
    span, length = inner
    on = span.start if re.search("start|begin|first|1st|open", found["edge"]) else span.end
    return Span(on, on, "day", length=len(found[0]) - len(found["rest"]) + length)


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
    if number > _MOST:
        return None
    unit = unit_named(found["unit"])
    if found["which"] in {"last", "final", "closing"}:
        end = span.end
        start = end - relativedelta(**{f"{unit}s": number}) + _DAY  # type: ignore[arg-type]  # days, weeks or months
    else:
        start = span.start
        end = start + relativedelta(**{f"{unit}s": number}) - _DAY  # type: ignore[arg-type]  # days, weeks or months
    return Span(start, end, "days", length=len(found[0]) - len(rest) + length)


def _beside_span(calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool) -> Span | None:
    """The week, or so many days or weeks, just before or after something that has dates."""

    inner = read_span(
        calendar, found["rest"], after=after, upcoming=found["side"] not in {"after", "following"}
    )
    if inner is None:
        return None
    span, cut = inner
    length = len(found[0]) - len(found["rest"]) + cut
    is_before = found["side"] not in {"after", "following"}
    if span.start > calendar.today and not span.yearmark:
        return None
    unit = unit_named(found["unit"])
    if unit == "week" and not found["number"]:
        week = calendar.week((span.start if is_before else span.end) + (-7 if is_before else 7) * _DAY)
        return Span(week.start, week.end, "week", length=length)
    number = int(found["number"] or 1)
    if number > _MOST:
        return None
    stretch = number * (7 if unit == "week" else 1) * _DAY
    if is_before:
        return Span(span.start - stretch, span.start - _DAY, "days", length=length)
    return Span(span.end + _DAY, span.end + stretch, "days", length=length)


def _half_span(calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool) -> Span | None:
    """A half of a month (to the 15th, from the 16th), or of a longer period; a year's halves are its semesters."""

    inner = read_span(calendar, found["rest"], after=after)
    if inner is None:
        return None
    span, cut = inner
    length = len(found[0]) - len(found["rest"]) + cut
    is_first = found["half"] in {"1st", "front"}
    if span.unit == "year":
        year = next((one for one in calendar.vocabulary.years if one.start == span.start), None)
        if year is None or len(year.semesters) != 2:
            return None
        half = year.semesters[0 if is_first else 1]
        return Span(half.start, half.end, "semester", yearmark=span.yearmark, length=length)
    if span.unit not in {"month", "quarter", "semester"}:
        return None
    middle = span.start + ((span.end - span.start).days + 1) // 2 * _DAY
    if span.unit == "month":
        middle = span.start + 15 * _DAY
    first, last = (span.start, middle - _DAY) if is_first else (middle, span.end)
    return Span(first, last, "days", yearmark=span.yearmark, length=length)


def _holiday_week_span(
    calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool
) -> Span | None:
    """ "thanksgiving week", from its Monday to its Sunday."""

    on = named_days.holiday_span(calendar, found, after, False)
    if on is None:
        return None
    week = calendar.week(on.start)
    return Span(week.start, week.end, "week", yearmark=on.yearmark)


def _unknown_span(
    calendar: Calendar, found: re.Match[str], after: date | None, upcoming: bool
) -> Span | None:
    raise UnknownDate(found[0])


_PLACES = (
    r"(?:<[insltke]|(?:(?:the|our|my|all|each|every) )?"
    r"(?:elementar|middle|high|k8|schools?|district|buildings|networks?))"
)
"""What follows "last month in" and is no stretch of it."""
_UNIT = r"(?P<unit>week|month|quarter|marking period|semester|term|school year|year)"
_SINGULAR_END = r"(?= |$)"
# The first that matches and makes a span counts: longer names stand before those that begin like them.
_READERS: tuple[tuple[re.Pattern[str], Reader], ...] = tuple(
    (re.compile(pattern + _SINGULAR_END), reader)
    for pattern, reader in (
        (
            r"(?:(?:at |by |to |in |on )?(?:the |this |that )?(?:same|this|that|equivalent|comparable|"
            r"corresponding|matching|identical) (?:point|"
            r"time|period|stage|date|day|dates|stretch|span|months?|weeks?|window|timeframe|part)(?: in| of|"
            r" as| from|"
            r" during)?(?: the)? (?:last|previous|prior|past) (?:school )?year)"
            r"|last (?:school )?year(?: at| for| in| by| over)?(?: the| this)? (?:same|this) (?:point|"
            r"time|period|date|stage|stretch)"
            r"|(?:a|1|one) year (?:ago|earlier|before)|(?:this|same) (?:time|point) a year (?:ago|earlier)",
            named_periods.same_point_span,
        ),
        (
            r"(?:at |by |to )?(?:the )?(?:same|this|that) (?:point|time|stage|stretch|day|part)(?: of|"
            r" in)?(?: the)? "
            r"(?:last|previous|prior) (?:quarter|semester|term|month|week)",
            _unknown_span,
        ),
        (
            r"(?P<edge>(?:the )?(?:very )?(?:start|beginning|opening|1st day|first day|end|"
            r"close) of) (?P<rest>.+)",
            _edge_span,
        ),
        (
            r"(?:the )?(?:start|beginning|opening|1st day) of (?:the )?(?:school|classes|the year|year|"
            r"school year)"
            + YEARMARK
            + r"|(?:(?:the )?(?:school year|school|year)|classes) (?:started|began|opened|start|starts)"
            + YEARMARK.replace("mark>", "mark2>"),
            named_periods.school_opening_span,
        ),
        (
            r"(?:the )?(?P<which>1st|last|final|opening|closing) (?:(?P<number>\d+) )?(?P<unit>days?|weeks?|"
            r"months?) of (?P<rest>.+)",
            _first_of_span,
        ),
        (
            r"(?:the )?(?P<unit>week|month|quarter|semester|term|year) before last",
            named_periods.before_last_span,
        ),
        (
            r"(?:the )?(?:(?P<number>\d+) )?(?P<unit>days?|weeks?) (?:right |just |immediately |directly )?"
            r"(?P<side>before|prior to|preceding|leading up to|ahead of|after|following) "
            r"(?:the )?(?P<rest>.+)",
            _beside_span,
        ),
        (r"(?P<number>\d+) (?P<unit>day|week|month)s? ago", named_days.ago_span),
        (
            r"(?:the )?(?P<name>" + "|".join(HOLIDAYS) + r") week(?: of| in)?" + YEARMARK,
            _holiday_week_span,
        ),
        (
            r"(?:the )?(?P<half>1st|2nd|front|back|last|latter|other) half of (?:the )?(?P<rest>.+)",
            _half_span,
        ),
        (
            r"(?:the )?(?:last|past|previous|most recent) (?P<number>\d+) "
            r"(?:school|instructional|teaching|class|working|work|business|student) days",
            named_periods.school_days_span,
        ),
        (r"(?:the )?week (?:of|starting|beginning)(?: on)? (?P<rest>.+)", _week_of_span),
        (r"\d{4}-\d{2}-\d{2}", named_days.iso_span),
        (r"(?P<m>\d{1,2})/(?P<d>\d{1,2})(?:/(?P<y>\d{2,4}))?", named_days.slash_span),
        (rf"(?:(?:{WEEKDAY}) )?(?:the )?(?P<month>{MONTH})(?: the)? {DAYNUM}{YEARMARK}", named_days.day_span),
        (rf"(?:(?:{WEEKDAY}) )?(?:the )?{DAYNUM}(?: of)? (?P<month>{MONTH}){YEARMARK}", named_days.day_span),
        (
            r"(?P<name>" + "|".join(HOLIDAYS) + r")(?! break| recess| vacation)" + YEARMARK,
            named_days.holiday_span,
        ),
        (
            rf"(?P<lead>last |past |this |next )?(?!may (?:i|we|you|have|be|not|it|they|"
            rf"she|he)\b)(?P<month>{MONTH}){YEARMARK}",
            named_periods.month_span,
        ),
        (
            r"(?:the )?(?P<lead>last |this |next |the )?(?P<season>fall|autumn|spring)(?: (?:semester|"
            r"term))?(?! break)" + YEARMARK,
            named_periods.season_span,
        ),
        (
            r"(?:the )?(?P<lead>last )?(?P<season>1st|2nd) (?:semester|term)" + YEARMARK,
            named_periods.season_span,
        ),
        (
            r"(?:the )?(?:q(?P<q>[1-4])|(?P<nth>[1-4])(?:st|nd|rd|th) (?:quarter|marking period))" + YEARMARK,
            named_periods.quarter_span,
        ),
        (
            r"(?:sy |school year |the )?(?:20)?\d\d[-/](?:20)?\d\d(?: school year)?",
            named_periods.school_year_span,
        ),
        (
            r"(?:the )?(?:last|past|previous) (?P<number>\d+) (?P<unit>days?|weeks?|months?|semesters?|"
            r"quarters?|terms?|years?)",
            named_periods.rolling_span,
        ),
        (
            r"(?:the |these |this )?past (?:(?P<number>\d+) )?(?P<unit>days?|weeks?|months?)",
            named_periods.rolling_span,
        ),
        (r"(?:the |this )?past (?:calendar )?year", named_periods.past_year_span),
        (r"(?:the )?(?:last|past|previous|prior) full " + _UNIT, named_periods.full_span),
        (
            r"(?P<which>this|current|the current|last|past|previous|prior|the last|the previous|"
            r"the prior|next|the) " + _UNIT + rf"(?! (?:before|after|of|ago|in(?! {_PLACES}))\b)",
            named_periods.unit_span,
        ),
        (r"(?:(?:the )?year to date|ytd|(?:so far )?to date)", named_periods.to_date_span),
        (rf"(?P<lead>last |this |on |next )?(?P<weekday>{WEEKDAY})", named_days.weekday_span),
        (r"today|yesterday|tomorrow", named_days.today_span),
        (
            r"(?:the )?(?P<name>(?!(?:before|after|since|until|till|by|in|on|from|to|the|during|over|"
            r"and|for|of|a)\b)"
            r"\w+(?: (?!break)\w+)? (?:break|recess|vacation))"
            r"(?! (?:that|it|this|those|these|them|down|out|up|into|by)\b)" + YEARMARK,
            named_periods.break_span,
        ),
        (r"(?:the )?(?:calendar )?(?:year )?(?P<number>(?:19|20)\d\d)", named_periods.calendar_year_span),
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
