"""Find the dates of a memo and say which day each one means, given the memo's own date.

Understands American ("October 31, 2024", "10/31/24"), British ("31 October 2024") and ISO dates, weekdays
before them, dates without a year (the next such day on or after the memo's date, unless the memo elsewhere
gives that day a year, or the words before it tell of something past), ranges and lists ("March 3-14",
"October 7, 14 and 21"), rules ("second Friday in October", "the end of October", "the day before
Thanksgiving": ``rule_dates``), days near the memo's own ("by Friday", "the 15th inst.") and terms that hang on
something undated ("within ten school days of receipt": ``near_dates``), which get no day. Impossible days
(31 February), school years, statute numbers, fractions and telephone numbers are no dates. Nothing is ever
guessed: what is not one day, or may be one of two, has ``iso`` None, and ``basis`` says why.
"""

import re
from collections import defaultdict
from dataclasses import replace
from datetime import date

from protocols.buffer.demands import Precision
from protocols.buffer.found_dates import FoundDate, Taken
from protocols.buffer.holidays import month_end
from protocols.buffer.near_dates import breaks, days_of_month, edges, ends_of_periods, months, terms, weekdays
from protocols.buffer.rule_dates import rule_dates, shifted
from protocols.buffer.written_dates import Order, WrittenDay, written_days

_PAST = re.compile(
    r"(?i)\b(?:was|were|had|has\s+been|have\s+been|announced|launched|took\s+effect)\b[^.;:,]{0,40}$|"
    r"\b(?:opened|closed|ended|began|started|met|sent|released|published|posted|issued|received|held|distributed|mailed|"
    r"e-?mailed|notified)\s+(?:\w+\s+){0,2}(?:on|since|from)\s+(?:\w+day,?\s+)?$|"
    r"\b(?:bulletin|circular|memo(?:randum)?|letter|notice|edition|e-?mail|message)(?:\s+(?:of|dated|from))?,?\s+(?:\w+day,?\s+)?$"
)
_TO = re.compile(r"(?i)\s*(?:[-–—]|to|until|till|through|thru)\s*(?:the\s+)?")
_OF_A_PAPER = re.compile(
    r"(?i)\s+(?:notification|memo(?:randum)?|letter|notice|circular|e-?mail|message|bulletin|edition|issue)\b"
)
_FUTURE = re.compile(r"(?i)\b(?:will|must|shall|should|to\s+be|may|can)\b[^.;:]{0,60}$")


def find_dates(text: str, *, memo_date: date, order: Order | None = None) -> tuple[FoundDate, ...]:
    """Every expression of time in ``text``, in order and without overlap.

    ``order`` says whether 3/11 is in November or March where the text is only a part of the memo; by default the text
    itself tells, and 3/11 stays open where it does not.
    """
    taken = Taken()
    raws = written_days(text, order)
    for raw in raws:
        taken.add(raw.start, raw.end)
    known = _known_years(raws, memo_date)
    found = _in_order(text, raws, [_settle(text, raw, known, memo_date) for raw in raws])
    found.extend(item for item in rule_dates(text, memo_date) if taken.add(item.start, item.end))
    found = [shifted(text, item, taken) for item in found]
    for finder in (weekdays, days_of_month, ends_of_periods, breaks, edges, terms, months):
        found.extend(item for item in finder(text, memo_date) if taken.add(item.start, item.end))
    unique = {item.start: item for item in found}
    return tuple(unique[start] for start in sorted(unique))


def _known_years(raws: list[WrittenDay], memo_date: date) -> dict[tuple[int, int], int]:
    """Days that the memo gives a year somewhere: its summary table, without years, means the same days."""
    years: dict[tuple[int, int], set[int]] = defaultdict(set)
    for raw in raws:
        day = _day(raw.year, raw.month, raw.day) if raw.year is not None else None
        if day is not None and not raw.or_reversed and -60 <= (day - memo_date).days < 400:
            years[raw.month, raw.day].add(day.year)
    return {key: min(values) for key, values in years.items() if len(values) == 1}


def _day(year: int, month: int, day: int) -> date | None:
    return date(year, month, day) if 1 <= day <= month_end(year, month).day else None


def _next(month: int, day: int, memo_date: date) -> date:
    """The next such day on or after the memo's date (29 February may be years away)."""
    for year in range(memo_date.year, memo_date.year + 9):
        candidate = _day(year, month, day) if year < 9999 else None
        if candidate is not None and candidate >= memo_date:
            return candidate
    return memo_date


def _settle(text: str, raw: WrittenDay, known: dict[tuple[int, int], int], memo_date: date) -> FoundDate:
    basis = ""
    if raw.or_reversed:
        one, other = date(2000, raw.month, raw.day), date(2000, raw.day, raw.month)
        basis = f"{one.day} {one:%B} or {other.day} {other:%B}: the memo does not say which comes first"
        return FoundDate(raw.start, raw.end, Precision.RELATIVE, basis=basis)
    if raw.year is not None:
        day = date(raw.year, raw.month, raw.day)
    elif (raw.month, raw.day) in known:
        day = date(known[raw.month, raw.day], raw.month, raw.day)
        basis = "the year is given elsewhere in the memo"
    else:
        day = _next(raw.month, raw.day, memo_date)
        before = _day(day.year - 1, raw.month, raw.day)
        basis = f"the next {day.day} {day:%B} after the memo's date"
        if before is not None:
            context = text[max(0, raw.start - 70) : raw.start]
            tells_of_past = _PAST.search(context) and not _FUTURE.search(context)
            is_past = bool(tells_of_past or _OF_A_PAPER.match(text, raw.end))
            if raw.weekday is not None:
                # The weekday knows the year better than the tense does.
                is_past = day.weekday() != raw.weekday == before.weekday() and (memo_date - before).days < 200
            if is_past:
                day = before
                basis = f"the last {day.day} {day:%B} before the memo's date"
    if raw.to_day is not None:
        last = _day(day.year, raw.month, raw.to_day)
        return FoundDate(raw.start, raw.end, Precision.RANGE, None, day, last or day, basis)
    return FoundDate(raw.start, raw.end, Precision.DAY, day, day, day, basis)


def _in_order(text: str, raws: list[WrittenDay], found: list[FoundDate]) -> list[FoundDate]:
    """In "from 1 April to 31 March" without years the end is the first such day after the beginning."""
    ordered = list(found)
    for at in range(1, len(ordered)):
        first, last = ordered[at - 1], ordered[at]
        is_backward = raws[at].year is None and first.iso and last.iso and last.iso < first.iso
        if is_backward and first.iso and _TO.fullmatch(text, first.end, last.start):
            day = _next(raws[at].month, raws[at].day, first.iso)
            basis = f"the next {day.day} {day:%B} after {first.iso.day} {first.iso:%B %Y}"
            ordered[at] = replace(last, iso=day, first=day, last=day, basis=basis)
    return ordered
