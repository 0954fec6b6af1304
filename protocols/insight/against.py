"""Which of the periods that a question names is asked about, and which it is held against."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from protocols.insight.calendar import Calendar, UnknownDate
from protocols.insight.query import Period
from protocols.insight.span_words import Span
from protocols.insight.wording import Marks

_SOON = timedelta(weeks=3)
AGAINST = (
    r"(?:vs|versus|against|compared?|comparing|comparison|"
    r"relative to|next to|alongside|difference|differs?|"
    r"change[sd]?|stack(?:s|ed)? up|(?:up|down) from|(?<!other )(?<!rather )than|"
    r"better or worse|more or less|fewer or more)"
)
_GROUP = (
    r"(?:elem\w*|middles?|ms|highs?|hs|es|k8|schools?|principals?|new\w*|veterans?|experienced|rookies?|"
    r"others?|rest|"
    r"walkthroughs?|coaching|inquir\w+|meetings?|visits|weekly|biweekly|monthly|tier|networks? \d+)"
)
_LAST_ONE = re.compile(
    r"(?P<join>(?:vs|versus|against|compared (?:to|with)|with|to|than|and|or|from|over)) (?:the )?"
    r"(?P<which>last|previous|prior|this|same)(?: one)?(?= |$)(?! (?:<|\w+day|full|school))"
)
_OVER = re.compile(r"(?<!from )\b(?P<unit>year|month|week|semester|quarter) (?:over|on|to) (?P=unit)\b")


@dataclass(frozen=True, slots=True)
class Periods:
    """What the line says about time.

    `rolling` is set where the period is so many days up to today; `is_against` where a single period is what
    something else is held against; `back` where "the week before" waits for the period of the question before.
    """

    period: Period | None = None
    compare: Period | None = None
    rolling: int | None = None
    is_against: bool = False
    is_same_point: bool = False
    as_of: date | None = None
    back: str | None = None
    puzzled_by: tuple[str, ...] = ()


def choose(marks: Marks, calendar: Calendar) -> Periods:
    """Which of the periods marked in the line is asked about, and which it is held against. Raises UnknownDate."""

    _sure(marks, calendar)
    named = {value: mark for mark, value in marks.of("p") if isinstance(value, Span)}
    spans = [(mark, value) for value, mark in named.items()]
    as_of = next((value for _, value in marks.of("d") if isinstance(value, date)), None)
    back = next((str(value) for _, value in marks.of("b")), None)
    if found := _OVER.search(marks.line):
        unit = found["unit"]
        marks.line = marks.line.replace(found[0], "<o>")
        if spans and unit == "month":
            marks.line = marks.line.replace("<o>", "by month")
            return _single(marks, spans[0], calendar, as_of, back)
        current = calendar.current(unit)
        if unit == "year":
            return Periods(_cut(current, calendar), same_point(current, calendar), as_of=as_of)
        return Periods(_cut(current, calendar), calendar.before(current, unit), as_of=as_of)
    if spans and (found := _LAST_ONE.search(marks.line)):
        span = spans[0][1]
        marks.line = (
            f"{marks.line[: found.start()]}{found['join']} <o> {marks.line[found.end() :].strip()}".strip()
        )
        if span.unit in {"range", "since", "before", "until", "after"}:
            raise UnknownDate(found[0])
        other = calendar.before(Period(span.start, span.end), span.unit)
        return Periods(_cut(Period(span.start, span.end), calendar), other, as_of=as_of)
    if not spans:
        return Periods(as_of=as_of, back=back)
    if len(spans) == 1:
        return _single(marks, spans[0], calendar, as_of, back)
    if len(spans) > 2:
        raise UnknownDate("several periods")
    return _two(marks, spans[0][1], spans[1][1], calendar, as_of)


def _sure(marks: Marks, calendar: Calendar) -> None:
    """Days named without a year that come round within three weeks are as likely still to come as a year old."""

    for _, span in marks.of("p"):
        if isinstance(span, Span) and span.unit in {"day", "range"} and not span.yearmark:
            start, end = (day + relativedelta(years=1) for day in (span.start, span.end))
            if calendar.today < start and end <= calendar.today + _SOON:
                raise UnknownDate("a time still to come")


def _single(
    marks: Marks, marked: tuple[str, Span], calendar: Calendar, as_of: date | None, back: str | None
) -> Periods:
    mark, span = marked
    whole = Period(span.start, span.end)
    if back:
        unit = span.unit if back in {"period", "one", "stretch"} else _unit_of(back)
        return Periods(_cut(whole, calendar), calendar.before(whole, unit), as_of=as_of)
    is_against = bool(re.search(rf"\b{AGAINST}(?: \w+){{0,3}} {mark}", marks.line)) and not re.search(
        rf"\b{_GROUP} {AGAINST} (?:the )?(?:\w+ )?{_GROUP}\b|"
        rf"<[a-z]\d+>(?: \w+){{0,2}} {AGAINST}(?: \w+)* <[a-oq-z]\d+>|\d+ (?:days?|weeks?)",
        marks.line,
    )
    if span.is_same_point:
        current = calendar.year.period
        if is_against or re.search(rf"\b{AGAINST}\b|\b(?:up|down) {mark}", marks.line):
            return Periods(_cut(current, calendar), whole, is_against=True, is_same_point=True, as_of=as_of)
        return Periods(whole, is_same_point=True, as_of=as_of)
    if is_against and span.unit in {"year", "semester", "quarter", "month", "week"}:
        current = calendar.current(span.unit)
        if whole.end < current.start:
            return Periods(_cut(current, calendar), whole, is_against=True, as_of=as_of)
    return Periods(_cut(whole, calendar), rolling=span.rolling, as_of=as_of, is_against=is_against)


def _two(marks: Marks, first: Span, second: Span, calendar: Calendar, as_of: date | None) -> Periods:
    early, late = sorted((first, second), key=lambda span: (span.start, span.end))
    if second.is_same_point or first.is_same_point:
        other = first if second.is_same_point else second
        main = Period(other.start, other.end)
        return Periods(_cut(main, calendar), same_point(main, calendar), as_of=as_of)
    main, other_period = Period(late.start, late.end), Period(early.start, early.end)
    between = re.search(r"<p\d+>(.*?)<p\d+>", marks.line)
    if re.search(rf"\b{AGAINST}\b|\bor <p| and not ", marks.line) or (
        between and re.search(r"\bor\b", between[1])
    ):
        if (
            early.unit == "year"
            and late.unit in {"month", "week", "quarter", "semester", "since", "range"}
            and other_period.end < calendar.year.start
        ):
            return Periods(_cut(main, calendar), same_point(main, calendar, whole=True), as_of=as_of)
        return Periods(_cut(main, calendar), _cut(other_period, calendar), as_of=as_of)
    if late.start <= early.end and early.start <= late.end:
        narrow = min((early, late), key=lambda span: (span.end - span.start).days)
        if early.start <= narrow.start and narrow.end <= max(early.end, late.end):
            return Periods(
                _cut(Period(narrow.start, narrow.end), calendar), rolling=narrow.rolling, as_of=as_of
            )
    if re.search(r"\b(?:separately|apiece|respectively)\b", marks.line) and early.end < late.start:
        return Periods(_cut(main, calendar), _cut(other_period, calendar), as_of=as_of)
    if (late.start - early.end).days <= 4 and between and between[1].strip() in {"and", "plus", ""}:
        return Periods(_cut(Period(early.start, late.end), calendar), as_of=as_of)
    raise UnknownDate("two periods")


def _unit_of(word: str) -> str:
    return "semester" if word == "term" else word


def _cut(period: Period, calendar: Calendar) -> Period:
    """Cut at today; a period that has not begun is not known."""

    if period.start > calendar.today or period.end < period.start:
        raise UnknownDate("a time still to come")
    return Period(period.start, min(period.end, calendar.today))


def same_point(period: Period, calendar: Calendar, *, whole: bool = False) -> Period:
    """The same days a year before; for the school year itself, from last year's first day to the same date."""

    end = period.end if whole else min(period.end, calendar.today)
    if period.start == calendar.year.start and calendar.last_year:
        semesters = calendar.last_year.semesters
        if whole and semesters and calendar.year.semesters and period == calendar.year.semesters[0]:
            return semesters[0]
        return Period(calendar.last_year.start, end - relativedelta(years=1))
    return Period(period.start - relativedelta(years=1), end - relativedelta(years=1))
