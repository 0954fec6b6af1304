"""Find the dates of a memo and say which day each one means, given the memo's own date.

Understands American ("October 31, 2024", "10/31/24"), British ("31 October 2024") and ISO dates, weekdays
before them, dates without a year (the next such day on or after the memo's date, unless the memo elsewhere
gives that day a year, or the words before it tell of something past), ranges and lists ("March 3-14",
"October 7, 14 and 21"), rules ("second Friday in October", "the end of October", "the day before
Thanksgiving") and terms that hang on something undated ("within ten school days of receipt"), which get no
day. Impossible days (31 February), school years, statute numbers, fractions and telephone numbers are no
dates. Nothing is ever guessed: what is not one day has ``iso`` None.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from protocols.buffer.demands import Precision
from protocols.buffer.holidays import HOLIDAY_NAMES, holiday, month_end, nth_weekday
from protocols.buffer.numerals import PATTERN as NUMBER_WORD
from protocols.buffer.numerals import value_of
from protocols.buffer.written_dates import (
    MONTH,
    WEEKDAY,
    YEAR,
    WrittenDay,
    month_number,
    weekday_number,
    written_days,
)

_NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1, "final": -1}
_NTH |= {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5}
_RULE = re.compile(
    rf"(?i:\b(?:the\s+)?(?P<nth>{'|'.join(_NTH)}))\s+(?:(?P<wd>{WEEKDAY})|(?i:(?P<week>week)))\s+(?i:in|of)\s+"
    rf"(?P<m>{MONTH})(?:,?\s+(?P<y>{YEAR}))?"
)
_MONTH_END = re.compile(
    rf"(?i:\b(?:the\s+)?(?:end|close|"
    rf"last\s+(?:calendar\s+)?day)\s+of)\s+(?P<m>{MONTH})(?:,?\s+(?P<y>{YEAR}))?(?!\s+\d)"
)
_MONTH_ALONE = re.compile(
    rf"(?:\b(?i:between|early|mid|late|in|by|until|till|through|throughout|during|since|from|before|after|"
    rf"of|to|and)[\s-]+(?:the\s+)?)?"
    rf"\b(?P<m>{MONTH})(?:,?\s+(?P<y>{YEAR}))?(?![\w’'])"
)
_HOLIDAY = re.compile(rf"\b(?:[Tt]hat\s+|[Tt]he\s+)?(?P<name>{HOLIDAY_NAMES})\b(?:,?\s+(?P<y>{YEAR}))?")
_HOLIDAY_CUE = re.compile(r"(?i)\b(?:by|before|on|until|no(?:t)?\s+later\s+than|due|after)\s+(?:the\s+)?$")
_BREAK_AFTER = re.compile(
    r"(?i)\s+(?:break|recess|vacation|holidays?|week|weekend|party|card|dinner|program|concert)\b"
)

_NUMBER = rf"(?:\d{{1,3}}|{NUMBER_WORD}|an?)(?:\s*\(\d{{1,3}}\))?"
_SHIFT = re.compile(
    rf"(?:\b(?P<wd>{WEEKDAY})|(?i:\bday)|(?i:\b(?P<n>{_NUMBER})\s+(?:calendar\s+)?(?P<unit>days?|weeks?)))"
    r"(?i:\s+(?:immediately\s+|just\s+)?(?P<way>before|prior\s+to|preceding|after|following)\s+(?:the\s+)?)$"
)
_DURING = re.compile(r"(?i)\b(?:during|in|over|for|throughout)\s+(?:the\s+)?(?:last\s+)?$")
_SHIFT_SCHOOL_DAY = re.compile(r"(?i)\b(?:school|business|working|instructional)\s+$")
_NEARBY = re.compile(
    rf"\b(?i:(?P<cue>by|before|on|due|deadline\s+is|until|no\s+later\s+than|not\s+later\s+than)(?:\s+(?:the\s+)?(?:close|"
    rf"end)\s+of\s+(?:business|the\s+day|day|school)"
    rf"(?:\s+on)?)?)\s+(?:(?i:(?:this|coming|this\s+coming)\s+)?(?P<wd>{WEEKDAY})(?![\w’'])(?!\s+of\s+(?:each|every|the)\b)|(?i:(?P<when>today|"
    rf"tomorrow)\b(?!,?\s+{MONTH})))"
)
_TERM_OBJECT = (
    r"(?:\s+(?:of|after|from|following|before|prior\s+to|preceding)\s+(?:[\w’'/-]+)"
    r"(?:\s+(?!and\b|or\b|if\b|to\b|shall\b|must\b|will\b|should\b|he/she\b)[\w’'/-]+){0,5})"
)
_TERM = re.compile(
    rf"(?i)\b(?:(?:within|no\s+later\s+than|not\s+later\s+than|no\s+more\s+than|not\s+more\s+than|"
    rf"at\s+least|more\s+than|up\s+to)\s+(?:the\s+(?:first\s+|next\s+)?)?)?"
    rf"{_NUMBER}\s+(?:(?:consecutive|calendar|school|business|working|instructional|full)\s+)*(?:hour|day|"
    rf"week|month|year)s?\b{_TERM_OBJECT}?"
)
_TERM_OPENS = re.compile(r"(?i)(?:within|no|not)\b")
_EDGE_OF_YEAR = re.compile(
    rf"(?i)\b(?:the\s+)?(?:first|last)\s+(?:(?:two|three|four|five|"
    rf"ten)\s+)?(?:full\s+)?(?:school\s+)?(?:days?|weeks?)\s+of\s+"
    rf"(?:the\s+)?(?:school\s+year|school|classes|the\s+month|each\s+month|month|year|term|"
    rf"semester)(?:\s+in\s+(?-i:{MONTH}))?"
    rf"|\b(?:the\s+)?(?:end|start|beginning)\s+of\s+(?:the|each|every)\s+(?:current\s+)?(?:school\s+year|"
    rf"month|term|semester|quarter|year|week|day)\b"
    r"|\bat\s+least\s+(?:once|twice|\w+\s+times)\s+(?:a|per|each|every)\s+(?:school\s+)?(?:day|week|month|"
    r"year|term|semester|quarter)\b"
)
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


@dataclass(frozen=True, slots=True)
class FoundDate:
    """One expression of time: where it stands, how exact it is, and the days it means (None where unknown)."""

    start: int
    end: int
    precision: Precision
    iso: date | None = None
    first: date | None = None
    last: date | None = None
    basis: str = ""


def find_dates(text: str, *, memo_date: date) -> tuple[FoundDate, ...]:
    """Every expression of time in ``text``, in order and without overlap."""
    taken = _Taken()
    raws = written_days(text)
    for raw in raws:
        taken.add(raw.start, raw.end)
    known = _known_years(raws, memo_date)
    found = _in_order(text, raws, [_settle(text, raw, known, memo_date) for raw in raws])
    for finder in (_rules, _month_ends, _holidays):
        for item in finder(text, memo_date):
            if taken.add(item.start, item.end):
                found.append(item)
    found = [_shifted(text, item, taken) for item in found]
    for finder in (_nearby, _edges, _terms, _months):
        for item in finder(text, memo_date):
            if taken.add(item.start, item.end):
                found.append(item)
    unique = {item.start: item for item in found}
    return tuple(unique[start] for start in sorted(unique))


class _Taken:
    """Which stretches are already read; kept in buckets so that a long memo stays linear."""

    _SIZE = 256

    def __init__(self) -> None:
        self._buckets: dict[int, list[tuple[int, int]]] = defaultdict(list)

    def add(self, start: int, end: int) -> bool:
        """Claim a stretch; False (and nothing claimed) where it overlaps one already claimed."""
        buckets = range(start // self._SIZE, end // self._SIZE + 1)
        if any(start < e and s < end for b in buckets for s, e in self._buckets.get(b, ())):
            return False
        for b in buckets:
            self._buckets[b].append((start, end))
        return True


def _known_years(raws: list[WrittenDay], memo_date: date) -> dict[tuple[int, int], int]:
    """Days that the memo gives a year somewhere: its summary table, without years, means the same days."""
    years: dict[tuple[int, int], set[int]] = defaultdict(set)
    for raw in raws:
        day = _day(raw.year, raw.month, raw.day) if raw.year is not None else None
        if day is not None and -60 <= (day - memo_date).days < 400:
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


def _rules(text: str, memo_date: date) -> Iterator[FoundDate]:
    for m in _RULE.finditer(text):
        nth, month = _NTH[m["nth"].lower()], month_number(m["m"])
        if m["week"]:
            first = date(int(m["y"]) if m["y"] else _next(month, 1, memo_date).year, month, 1)
            yield FoundDate(m.start(), m.end(), Precision.COARSE, None, first, month_end(first.year, month))
            continue
        weekday = weekday_number(m["wd"])
        years = [int(m["y"])] if m["y"] else range(memo_date.year, memo_date.year + 3)
        days = [day for year in years if (day := nth_weekday(year, month, weekday, nth)) is not None]
        day = next((day for day in days if m["y"] or day >= memo_date), None)
        if day is not None:
            yield FoundDate(
                m.start(),
                m.end(),
                Precision.DAY,
                day,
                day,
                day,
                f"the {m['nth'].lower()} {day:%A} of {day:%B %Y}",
            )


def _month_ends(text: str, memo_date: date) -> Iterator[FoundDate]:
    for m in _MONTH_END.finditer(text):
        month = month_number(m["m"])
        day = month_end(memo_date.year, month)
        if m["y"]:
            day = month_end(int(m["y"]), month)
        elif day < memo_date:
            day = month_end(memo_date.year + 1, month)
        yield FoundDate(m.start(), m.end(), Precision.DAY, day, day, day, f"the last day of {day:%B %Y}")


def _holidays(text: str, memo_date: date) -> Iterator[FoundDate]:
    for m in _HOLIDAY.finditer(text):
        years = [int(m["y"])] if m["y"] else [memo_date.year, memo_date.year + 1]
        days = [day for year in years if (day := holiday(m["name"], year)) is not None]
        day = next((day for day in days if m["y"] or day >= memo_date), None)
        context = text[max(0, m.start() - 60) : m.start()]
        is_shifted = bool(_SHIFT.search(context))
        is_rule = "designated" in m["name"]
        is_named = is_rule or (bool(_HOLIDAY_CUE.search(context)) and not _BREAK_AFTER.match(text, m.end()))
        if day is not None and (is_shifted or is_named):
            yield FoundDate(
                m.start(), m.end(), Precision.DAY, day, day, day, f"{' '.join(m['name'].split())} {day.year}"
            )


def _shifted(text: str, item: FoundDate, taken: _Taken) -> FoundDate:
    """ "The day before X", "the Friday preceding X", "two weeks before X": another day than X."""
    if item.iso is None:
        return item
    context = text[max(0, item.start - 60) : item.start]
    m = _SHIFT.search(context)
    if not m:
        return item
    offset = item.start - len(context)
    start = offset + m.start()
    leading = re.search(r"(?i)\bthe\s+$", text[max(0, start - 6) : start])
    if not (leading or m["wd"] or m["n"]) or _DURING.search(context[: m.start()]):
        # "Each day before X" and "in the ten days before X" are stretches, not a day of their own.
        return item
    start -= len(leading[0]) if leading else 0
    if not taken.add(start, item.start):
        return item
    if _SHIFT_SCHOOL_DAY.search(context[: m.start()]):
        return FoundDate(start, item.end, Precision.RELATIVE)
    is_earlier = not m["way"].lower().startswith(("after", "following"))
    if m["wd"]:
        weekday = weekday_number(m["wd"])
        step = (
            (item.iso.weekday() - weekday) % 7 or 7 if is_earlier else (weekday - item.iso.weekday()) % 7 or 7
        )
    else:
        step = ((value_of(m["n"]) if m["n"] else None) or 1) * (
            7 if (m["unit"] or "").lower().startswith("week") else 1
        )
    day = item.iso - timedelta(days=step) if is_earlier else item.iso + timedelta(days=step)
    words = " ".join(text[start : item.end].split())
    return FoundDate(
        start,
        item.end,
        Precision.DAY,
        day,
        day,
        day,
        f"{words}, counted from {item.iso:%d %B %Y}".replace(" 0", " "),
    )


def _nearby(text: str, memo_date: date) -> Iterator[FoundDate]:
    """ "By Friday", "by tomorrow": counted from the memo's date. "Next Friday" is left alone: people differ on it."""
    for m in _NEARBY.finditer(text):
        if m["when"]:
            day = memo_date + timedelta(days=1 if m["when"].lower() == "tomorrow" else 0)
            start = m.start("when")
        else:
            weekday = weekday_number(m["wd"])
            if weekday == memo_date.weekday():
                continue
            day = memo_date + timedelta(days=(weekday - memo_date.weekday()) % 7)
            start = m.start("wd")
        yield FoundDate(
            start,
            m.end(),
            Precision.DAY,
            day,
            day,
            day,
            f"the first {day:%A} after the memo's date" if m["wd"] else "counted from the memo's date",
        )


def _edges(text: str, memo_date: date) -> Iterator[FoundDate]:
    for m in _EDGE_OF_YEAR.finditer(text):
        yield FoundDate(m.start(), m.end(), Precision.RELATIVE)


_HAS_OBJECT = re.compile(
    r"(?i)(?:hour|day|week|month|year)s?\s+(?:of|after|from|following|before|prior|preceding)\b"
)


def _terms(text: str, memo_date: date) -> Iterator[FoundDate]:
    for m in _TERM.finditer(text):
        if _TERM_OPENS.match(m[0]) or _HAS_OBJECT.search(m[0]):
            yield FoundDate(m.start(), m.end(), Precision.RELATIVE)


def _months(text: str, memo_date: date) -> Iterator[FoundDate]:
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
