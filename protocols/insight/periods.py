"""Finding the period of a question and the one it is held against ("since labor day", "this semester against last")."""

import re
from calendar import monthrange
from dataclasses import replace
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from protocols.insight.against import AGAINST, Periods, choose
from protocols.insight.calendar import Calendar, UnknownDate
from protocols.insight.named_days import day_of_month
from protocols.insight.sentences import told_length
from protocols.insight.span_words import MONTH, Span
from protocols.insight.spans import read_span
from protocols.insight.wording import Marks

_DAY = timedelta(days=1)
_LONG = 310
"""Days: months without a year that lie further apart ("between october and september") are said the wrong way round."""
_LEAD = re.compile(
    r"(?:(?:in|during|over|for|on|of|from|throughout|within|at|so far|all|just|only|the whole|whole|"
    r"across) )+"
)
_TAIL = re.compile(r" (?:so far|to date|until now|up to now|till now|alone)(?= |$)")
_SINCE = re.compile(
    r"(?:(?:ever|starting|beginning|dating) )?(?:since|back to)(?: (?:about|around|the time(?! change)))? "
    r"(?:(?:(?:i|we|they|everyone|everybody) (?:came|got|were)|coming|getting) back (?:from|"
    r"to) |(?:our|the) return from )?"
)
_SINCE_ON = re.compile(r"(?:from|starting|beginning)(?: (?:on|in|with|from))? ")
_ONWARD = re.compile(r" (?:on|onwards?|forward|to now|til now|and on)(?= |$)")
_TO = re.compile(r" (?:(?:up )?(?:to|until|till|til|through|thru)(?: the end of)?|-) ")
_EDGE = re.compile(r"(?:at |near |toward )?(?:the )?(?:very )?(?:end|close|start|beginning) of (?!the day)")
_BEFORE = re.compile(r"(?:before|prior to|ahead of|leading up to|preceding) ")
_AFTER = re.compile(r"(?:after|following) ")
_EVENT = (
    r"(?:the|our|my) (?:\w+ )?"
    r"(?:board|cabinet|meetings?|report|reports|office|staff|team|council|update|change|start)\b"
)
_ON_OR_AFTER = re.compile(r"on (?:or|and) after |from and after |no earlier than ")
_UP_TO = re.compile(r"(?:(?:(?:up )?(?:until|till|til|through|thru)|up to)(?: the end of)?|by the end of) ")
_AS_OF = re.compile(r"(?:as of|as at|as per|counting back from|by) ")
_NOW = re.compile(r"(?:now|today|present|date|this (?:day|week|month)|the present)(?= |$)")
_BACK = re.compile(
    r"(?:the )?(?P<unit>week|month|quarter|semester|term|year|period|stretch|"
    r"one) (?:before(?: that)?|prior|earlier|preceding)(?= |$)(?! last)"
)
_TURNED = (
    r"(?:improv\w*|chang\w*|increas\w*|decreas\w*|declin\w*|gr[oe]w(?:n|th|ing)?|ris(?:e|en|ing)|rose|dropped|fall(?:en)?|"
    r"better|worse|higher|lower|up|down)"
)
_VAGUE = re.compile(
    r"\b(?:lately|recently|recent|in a while|in ages|for ages|a long time|too long|soon|ago)\b"
)


def find_periods(marks: Marks, calendar: Calendar) -> Periods:
    """Mark every period in the line as `<p>` and say which is asked about and which it is held against."""

    marks.line = _written_plainly(marks.line)
    told = told_length(marks.line)
    known = re.sub(r"\ba year ago\b|\bsince \d+ (?:day|week|month)s? ago\b", "", marks.line[told:])
    puzzled: list[str] = [found[0] for found in _VAGUE.finditer(known)]
    is_change = bool(re.search(rf"\b{AGAINST}\b", marks.line)) or bool(
        re.search(r"\bchange|\bdiffer", marks.line)
    )
    try:
        _mark_periods(marks, told, calendar, is_change=is_change)
        if told and not marks.of("p"):
            _mark_periods(marks, 0, calendar, is_change=is_change)
    except UnknownDate as unknown:
        puzzled.append(str(unknown))
        return Periods(puzzled_by=tuple(puzzled))
    try:
        return replace(choose(marks, calendar), puzzled_by=tuple(puzzled))
    except (UnknownDate, OverflowError, ValueError) as unknown:
        return Periods(puzzled_by=(*puzzled, str(unknown)))


def _mark_periods(marks: Marks, position: int, calendar: Calendar, *, is_change: bool) -> None:
    while position < len(marks.line):
        position = _period_at(marks, position, calendar, is_change=is_change)
        following = marks.line.find(" ", position)
        position = len(marks.line) if following < 0 else following + 1


def _written_plainly(line: str) -> str:
    line = re.sub(r"\b(?:stack|measure|compare|size)s?(?:ed|d)? up to\b", "stack up against", line)
    line = re.sub(
        r"\b((?:sy |school year )?(?:20)?\d\d[-/](?:20)?\d\d|last (?:school )?year) "
        r"((?:before|until|through|after) (?:the )?(?:\w+ (?:break|recess|day)|thanksgiving|halloween|"
        r"christmas))(?= |$)",
        r"\2 \1",
        line,
    )
    line = re.sub(
        r"\bsince ((?:more than |over |at least |about |almost |already )?(?:an?|\d+) (?:day|week|"
        r"month)s?)\b(?! ago)",
        r"for \1",
        line,
    )
    if found := re.search(r"\bthis (week|month)\b", line):
        line = re.sub(rf"\b(?:the )?past {found[1]}\b", f"last {found[1]}", line)
    line = re.sub(
        r"\b(between|from) (?:the )?(\d{1,2}) (and|to|through|thru|until|till|til) "
        rf"(?:the )?(\d{{1,2}})(?: of)? ({MONTH})\b",
        r"\1 \5 \2 \3 \5 \4",
        line,
    )
    line = re.sub(
        rf"\b(?:semester|term) ([12])(?= |$)(?! (?:{MONTH})\b)",
        lambda found: ("1st", "2nd")[int(found[1]) - 1] + " semester",
        line,
    )
    line = re.sub(
        rf"\b({MONTH}|q[1-4]) this year (?:and|vs|versus|against|or|compared (?:to|"
        rf"with)) last(?: year)?(?= |$)",
        r"\1 this year vs \1 last year",
        line,
    )
    # What has changed since a period that is over is held against it, and does not begin with it.
    line = re.sub(
        rf"\b({_TURNED}(?: (?:any|much|more|at all|a lot|or down|or worse|for the better))?) (?:since|from|over|on) "
        rf"(?=(?:the )?(?:last|previous|prior) (?:\w+ )?"
        r"(?:year|semester|term|quarter|month|week|spring|fall|autumn)\b)",
        r"\1 compared to ",
        line,
    )
    line = re.sub(r"\bof (?:the|a|her|his|their|my|our) (?:work ?)?(?:week|day)\b(?! of)", "", line)
    line = re.sub(rf"\b(?:quarter|marking period) ([1-4])(?= |$)(?! (?:{MONTH})\b)", r"q\1", line)
    line = re.sub(
        rf"\b(last|this) (semester|term|year|week|month|quarter) (and|vs|versus|against|or) (this|"
        rf"last)(?! \w*(?:semester|term|year|week|month|quarter|fall|spring|autumn|school|full|\d+)"
        rf"| (?:{MONTH})\b)",
        r"\1 \2 \3 \4 \2",
        line,
    )
    line = re.sub(
        r"\b(this|last|the last) and (last|this) (semester|term|year|week|month|quarter)",
        r"\1 \3 and \2 \3",
        line,
    )
    line = re.sub(
        r"\b(this|last) (vs|versus|against) (last|this) (semester|term|year|week|month|quarter)",
        r"\1 \4 \2 \3 \4",
        line,
    )
    return re.sub(
        r"\b(fall|autumn|spring) (and|vs|versus|against|to|or) (fall|autumn|spring) (last year|20\d\d)",
        r"\1 \4 \2 \3 \4",
        line,
    )


def _period_at(marks: Marks, start: int, calendar: Calendar, *, is_change: bool) -> int:
    rest = marks.line[start:]
    if found := _SINCE.match(rest):
        return _since(marks, start, found.end(), calendar)
    if rest.startswith("between ") and (
        pair := _pair(rest, len("between "), re.compile(r" and (?:the )?"), calendar)
    ):
        if is_change and not re.search(r"visits? between", marks.line):
            return start
        first, second, end = pair
        return marks.put(start, start + end, "p", Span(first.start, second.end, "range"))
    if (found := _ON_OR_AFTER.match(rest)) and (read := read_span(calendar, rest[found.end() :])):
        return marks.put(start, start + found.end() + read[1], "p", _from(read[0], calendar))
    opening = re.match(r"(?:(?:from|starting|between) )?(?:the )?", rest)
    is_compared = not rest.startswith("from ") and re.search(
        r"\bcompar\w*(?: \w+){0,6} $", marks.line[:start]
    )
    if not is_compared and (pair := _pair(rest, opening.end() if opening else 0, _TO, calendar)):
        first, second, end = pair
        return marks.put(start, start + end, "p", Span(first.start, second.end, "range"))
    if (found := _SINCE_ON.match(rest)) and (read := read_span(calendar, rest[found.end() :])):
        end = found.end() + read[1]
        if onward := _ONWARD.match(rest[end:]):
            return marks.put(start, start + end + onward.end(), "p", _from(read[0], calendar))
        if read[0].unit in {"day", "holiday"} and not rest.startswith("from the"):
            return marks.put(start, start + end, "p", _from(read[0], calendar))
        if rest.startswith("from the st") or rest.startswith("from the beg"):
            return marks.put(start, start + end, "p", _from(read[0], calendar))
    if found := _BEFORE.match(rest):
        if read := read_span(calendar, rest[found.end() :].removeprefix("the "), upcoming=True):
            span, cut = read
            year = calendar.in_school_year(span.start - _DAY)
            length = found.end() + cut + (4 if rest[found.end() :].startswith("the ") else 0)
            return marks.put(start, start + length, "p", Span(year.start, span.start - _DAY, "before"))
        if not re.match(r"before (?:i|we|you|my|the board|<)", rest):
            raise UnknownDate(" ".join(rest.split()[:4]))
    if (found := _AFTER.match(rest)) and (
        read := read_span(calendar, rest[found.end() :].removeprefix("the "))
    ):
        span, cut = read
        length = found.end() + cut + (4 if rest[found.end() :].startswith("the ") else 0)
        end_day = calendar.in_school_year(span.end).end if span.yearmark else calendar.today
        return marks.put(start, start + length, "p", Span(span.end + _DAY, end_day, "after"))
    if _AFTER.match(rest) and re.match(_AFTER.pattern + _EVENT, rest):
        raise UnknownDate(" ".join(rest.split()[:4]))
    is_fallen = re.search(r"\b(?:f[ae]ll\w*|follow\w*) $", marks.line[:start])  # "fell through" is called off
    if (
        not is_fallen
        and (found := _UP_TO.match(rest))
        and (read := read_span(calendar, rest[found.end() :], upcoming=True))
    ):
        span, cut = read
        year = calendar.in_school_year(span.start)
        return marks.put(start, start + found.end() + cut, "p", Span(year.start, span.end, "until"))
    if (
        (found := _AS_OF.match(rest))
        and (read := read_span(calendar, rest[found.end() :]))
        and read[0].unit in {"day", "holiday", "today"}
    ):
        return marks.put(start, start + found.end() + read[1], "d", read[0].end)
    if (found := _BACK.match(rest)) and not read_span(calendar, rest):
        if read_span(calendar, rest[found.end() :].strip()):
            raise UnknownDate(found[0])
        return marks.put(start, start + found.end(), "b", found["unit"])
    if (found := _EDGE.match(rest)) and read_span(calendar, rest[found.end() :]):
        raise UnknownDate(found[0].strip())
    lead = _LEAD.match(rest)
    begin = lead.end() if lead else 0
    for skip in (begin, 0):
        if read := read_span(calendar, rest[skip:]):
            end = skip + read[1]
            if tail := _TAIL.match(rest[end:]):
                end += tail.end()
            return marks.put(start, start + end, "p", read[0])
    return start


def _pair(rest: str, begin: int, join: re.Pattern[str], calendar: Calendar) -> tuple[Span, Span, int] | None:
    """Two spans joined: the second is the first of its kind from the start of the first on."""

    read = read_span(calendar, rest[begin:])
    if read is None:
        return None
    first, length = read
    if not (joined := join.match(rest[begin + length :])):
        return None
    middle = begin + length + joined.end()
    tail = rest[middle:].removeprefix("the ")
    middle += len(rest[middle:]) - len(tail)
    if now := _NOW.match(tail):
        return first, Span(calendar.today, calendar.today, "day"), middle + now.end()
    second = read_span(calendar, tail, after=first.start)
    if second is None and first.unit == "day":
        return _to_day_of_month(first, tail, middle)
    if second is None:
        return None
    span, cut = second
    if (
        span.start > calendar.today
        and first.unit in {"month", "day"}
        and span.unit in {"month", "day"}
        and not first.yearmark
    ):
        earlier = read_span(calendar, rest[begin:], after=first.start - relativedelta(years=1))
        again = earlier and read_span(calendar, tail, after=earlier[0].start)
        if earlier and again and again[0].start <= calendar.today:
            first, span = earlier[0], again[0]
    if span.yearmark and not first.yearmark and first.start > span.start:
        earlier = read_span(calendar, rest[begin:], after=first.start - relativedelta(years=1, weeks=2))
        if earlier and earlier[0].start < first.start:
            first = earlier[0]
        else:
            back = relativedelta(years=1)
            first = replace(first, start=first.start - back, end=first.end - back)
    if first.unit == span.unit == "month" and not span.yearmark and (span.end - first.start).days > _LONG:
        raise UnknownDate("which year")
    return (first, span, middle + cut) if span.end >= first.start else None


def _to_day_of_month(first: Span, tail: str, middle: int) -> tuple[Span, Span, int] | None:
    """ "oct 5 to 16": the second day lies in the month of the first."""

    number = re.match(r"(\d{1,2})(?:st|nd|rd|th)?(?= |$)(?! (?:days|weeks))", tail)
    if (
        number is None
        or not first.start.day <= int(number[1]) <= monthrange(first.start.year, first.start.month)[1]
    ):
        return None
    on = first.start.replace(day=int(number[1]))
    return first, Span(on, on, "day"), middle + number.end()


def _since(marks: Marks, start: int, begin: int, calendar: Calendar) -> int:
    rest = marks.line[start + begin :]
    if middle := re.match(rf"(?:the )?(?:middle of |mid )(?=(?:{MONTH})\b)", rest):
        month = read_span(calendar, rest[middle.end() :])
        if month and month[0].unit == "month":
            on = month[0].start.replace(day=15)
            end = start + begin + middle.end() + month[1]
            return marks.put(start, end, "p", _from(Span(on, on, "day"), calendar))
    bare = rest.removeprefix("the ")
    read = read_span(calendar, rest)
    if read is None and bare != rest:
        read = read_span(calendar, bare)
        begin += 4
    if read is None:
        if number := re.match(r"(\d{1,2})(?:st|nd|rd|th)?(?= |$)(?! \w)", bare):
            on = day_of_month(calendar, int(number[1]))
            read = Span(on, on, "day"), number.end()
        elif re.match(r"then\b|that\b", bare):
            return start
        else:
            raise UnknownDate("since " + " ".join(word for word in rest.split()[:3] if word != "."))
    span, end = _from(read[0], calendar), start + begin + read[1]
    if to := _TO.match(marks.line[end:]):
        rest = marks.line[end + to.end() :]
        until = read_span(calendar, rest.removeprefix("the "), after=span.start)
        if until and span.start <= until[0].end and not _NOW.match(rest):
            end += to.end() + until[1] + len(rest) - len(rest.removeprefix("the "))
            span = Span(span.start, until[0].end, "range", yearmark=read[0].yearmark)
    return marks.put(start, end, "p", span)


def _from(span: Span, calendar: Calendar) -> Span:
    """From the start of what was named (a break: from the day after it) to today."""

    start = span.end + _DAY if span.unit == "break" else span.start
    return Span(start, calendar.today, "since")
