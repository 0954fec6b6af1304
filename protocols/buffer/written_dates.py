"""Days as they are written out: American, British, ISO and in numbers, alone, in lists and in ranges.

"October 31, 2026", "31st of October", "10/31/26", "2026-10-31", "March 3-14", "October 7, 14 and 21, 2026". Whether
3/11 is March or November is told by the rest of the memo: day first where its other dates or its words are
British. Month names count only as prose or capitals write them, so that "may" and "march" stay verbs.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from protocols.buffer.holidays import month_end

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_MONTH_NUMBER = {name[:3].lower(): number for number, name in enumerate(_MONTHS, 1)}
_DAY_NUMBER = {name: number for number, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))}


def _cased(*names: str) -> str:
    """Names as they are written in prose or in capitals, so that "may" and "march" stay verbs."""
    return "|".join(n for name in names for n in (name, name.upper()))


MONTH = (
    rf"(?:{_cased(*_MONTHS)}|"
    rf"(?:{_cased('Jan', 'Feb', 'Mar', 'Apr', 'Jun', 'Jul', 'Aug', 'Sept', 'Sep', 'Oct', 'Nov', 'Dec')})\b\.?)"
)
WEEKDAY = (
    rf"(?:(?:{_cased('Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday')})|"
    rf"(?:{_cased('Mon', 'Tues', 'Tue', 'Wed', 'Thurs', 'Thur', 'Thu', 'Fri', 'Sat', 'Sun')})\b\.?)"
)
_TH = r"(?:st|nd|rd|th|ST|ND|RD|TH)?"
YEAR = r"(?:19|20)\d\d(?![\d/])"
_TO = r"\s*(?:[-\u2013\u2014]|\bto\b|\bthrough\b|\bthru\b)\s*"

_WRITTEN = re.compile(
    rf"(?<![\w./-])(?<!grades )(?<!Grades )(?<!years )(?:(?P<wd>{WEEKDAY}),?\s+(?:the\s+)?)?(?:"
    # 2024-10-31
    rf"(?P<iy>(?:19|20)\d\d)-(?P<im>\d\d)-(?P<id>\d\d)(?=\D|$)"
    # October 31st, 2024; October 7-11, 2024
    rf"|(?P<um>{MONTH})\s+(?:the\s+)?(?P<ud>\d{{1,2}}){_TH}(?![\w%]|[:/.]\d|,\d{{3}}(?!\d))"
    rf"(?:{_TO}(?P<ud2>\d{{1,2}}){_TH}(?![\w%]|[:/]\d|\s*(?:a|p)\.?m\b))?"
    rf"(?:,?\s+(?P<uy>{YEAR})|,(?P<uy2>{YEAR}))?"
    # 31st of October 2024; 7-11 October 2024; 31-Oct-2024
    rf"|(?:(?P<bd0>\d{{1,2}}){_TH}(?P<bto>{_TO}|\s*(?:and|&)\s*)(?:{WEEKDAY}\s+)?)?"
    rf"(?P<bd>\d{{1,2}}){_TH}(?:\s+(?:day\s+)?of\s+|\s{{1,2}}|"
    rf"-)(?P<bm>{MONTH})(?:[\s,-]+(?P<by>{YEAR}))?(?![\w])"
    # ... but in "No. 12 / March 21, 1997" the month belongs to what follows
    rf"(?!\s+\d{{1,2}}{_TH},?\s+{YEAR})"
    # 10/31/2024, 31.10.2024, 10-31-24
    rf"|(?P<na>\d{{1,2}})(?P<ns>[/.-])(?P<nb>\d{{1,2}})(?P=ns)(?P<ny>{YEAR}|\d\d(?!\d))(?![/-]?\d|\.\d)"
    # by 10/31
    rf"|(?P<sa>\d{{1,2}})/(?P<sb>\d{{1,2}})(?![\d/]|\s*(?:of|cups?|inch|pages?|time|day|hours?|miles?)\b)"
    r")"
)
_SHORT_CUE = re.compile(
    r"(?i)(?:\b(?:by|before|on|due|until|till|through|from|after|than|starting|beginning)|[-\u2013:(]|"
    r"\bto)\s*$"
)
_OPENS_LINE = re.compile(r"(?:^|[\r\n])[ \t\u00a0●•▪*-]*$")
_ROW_GOES_ON = re.compile(r"\s*[:@\u2013\u2014]|\s+-\s")
_MORE_DAYS = re.compile(
    rf"(?:\s*,\s*(?:and\s+|&\s*)?|\s+(?:and|&|or)\s+)(?P<d>\d{{1,2}}){_TH}"
    rf"(?=\s*(?:[.;:)]|$)|,?\s+{YEAR}|\s*,\s*(?:and\s+)?\d{{1,2}}(?!\d)|\s+(?:and|&|or)\s+\d{{1,2}}(?!\d)|"
    r"\s+(?:at|from|in|for|to|by|on|between|of|each|every)\b)"
    rf"(?:,?\s+(?P<y>{YEAR}))?"
)
_JOINED = re.compile(
    rf"^\s*(?:,|and|&|or|to|through|thru|until|[-\u2013\u2014/])*\s*(?:and\s+)?(?:{WEEKDAY},?\s*)?$"
)
_BRITISH = re.compile(
    r"£|\.gov\.uk|\b(?:pupils|half[- ]term|programme|organis(?:e|ation)|behaviour|headteachers?|"
    r"academy trusts?|Ofsted|local authorit)",
    re.I,
)
_AMERICAN = re.compile(
    r"(?i)\b(?:elementary|superintendents?|school districts?|unified)\b|\b\d{3}[-.]\d{3}[-.]\d{4}\b|"
    r"\b(?-i:[A-Z]{2}) \d{5}\b"
)


@dataclass(slots=True)
class WrittenDay:
    """A day as written, before a missing year is settled; ``to_day`` ends a range within the month."""

    start: int
    end: int
    month: int
    day: int
    year: int | None
    weekday: int | None = None
    to_day: int | None = None


def month_number(name: str) -> int:
    """1 to 12 for a month's name or its short form."""
    return _MONTH_NUMBER[name[:3].lower()]


def weekday_number(name: str) -> int:
    """0 (Monday) to 6 for a weekday's name or its short form."""
    return _DAY_NUMBER[name[:3].lower()]


def written_days(text: str) -> list[WrittenDay]:
    """Every possible day written in ``text``, in order; a year given once for several belongs to each."""
    days = list(_written(text))
    _share_years(text, days)
    return [day for day in days if _is_possible(day)]


def _written(text: str) -> Iterator[WrittenDay]:
    is_british = _reads_british(text)
    for m in _WRITTEN.finditer(text):
        weekday = weekday_number(m["wd"]) if m["wd"] else None
        if m["iy"]:
            yield WrittenDay(m.start(), m.end(), int(m["im"]), int(m["id"]), int(m["iy"]), weekday)
        elif m["um"]:
            year = m["uy"] or m["uy2"]
            to_day = int(m["ud2"]) if m["ud2"] else None
            yield WrittenDay(
                m.start(),
                m.end(),
                month_number(m["um"]),
                int(m["ud"]),
                int(year) if year else None,
                weekday,
                to_day,
            )
            if not year:
                yield from _more_days(text, m.end(), month_number(m["um"]))
        elif m["bm"]:
            month, year_text = month_number(m["bm"]), m["by"]
            year_number = int(year_text) if year_text else None
            if not m["bd0"]:
                yield WrittenDay(m.start(), m.end(), month, int(m["bd"]), year_number, weekday)
            elif "and" in m["bto"] or "&" in m["bto"]:
                yield WrittenDay(m.start(), m.end("bd0"), month, int(m["bd0"]), year_number, weekday)
                yield WrittenDay(m.start("bd"), m.end(), month, int(m["bd"]), year_number)
            else:
                yield WrittenDay(m.start(), m.end(), month, int(m["bd0"]), year_number, weekday, int(m["bd"]))
        else:
            raw = _numeric(text, m, is_british)
            if raw:
                yield raw


def _numeric(text: str, m: re.Match[str], is_british: bool) -> WrittenDay | None:
    if m["na"]:
        a, b, year = int(m["na"]), int(m["nb"]), int(m["ny"])
        year += 2000 if year < 100 else 0
    else:
        a, b, year = int(m["sa"]), int(m["sb"]), 0
        before = text[max(0, m.start() - 24) : m.start()]
        opens_row = _OPENS_LINE.search(before) and _ROW_GOES_ON.match(text, m.end())
        if not m["wd"] and not _SHORT_CUE.search(before) and not opens_row:
            return None
    is_day_first = a > 12 or (b <= 12 and (is_british or m["ns"] == "."))
    month, day = (b, a) if is_day_first else (a, b)
    weekday = weekday_number(m["wd"]) if m["wd"] else None
    return WrittenDay(m.start(), m.end(), month, day, year or None, weekday)


def _more_days(text: str, position: int, month: int) -> Iterator[WrittenDay]:
    while (more := _MORE_DAYS.match(text, position)) is not None:
        year = int(more["y"]) if more["y"] else None
        yield WrittenDay(more.start("d"), more.end(), month, int(more["d"]), year)
        position = more.end()


def _reads_british(text: str) -> bool:
    """Whether 3/11 is 3 November here: as most days in words are written, else as the spelling tells."""
    head = text[:20_000]
    day_first = len(re.findall(rf"\d{{1,2}}{_TH}\s+{MONTH}", head))
    month_first = len(re.findall(rf"{MONTH}\s+\d{{1,2}}{_TH}(?!\d)", head))
    return day_first > month_first or (month_first == 0 and _is_spelled_british(head))


def _is_spelled_british(head: str) -> bool:
    return bool(_BRITISH.search(head)) and not _AMERICAN.search(head)


def _is_possible(raw: WrittenDay) -> bool:
    """31 February is no date; 29 February without a year is one."""
    if not 1 <= raw.month <= 12:
        return False
    longest = month_end(raw.year or 2024, raw.month).day
    return 1 <= raw.day <= longest and (raw.to_day is None or raw.day < raw.to_day <= longest)


def _share_years(text: str, raws: list[WrittenDay]) -> None:
    """In "June 30 and August 31, 2025" the year belongs to both; a range over New Year starts a year earlier."""
    for raw, following in zip(reversed(raws[:-1]), reversed(raws[1:]), strict=True):
        if raw.year is None and following.year is not None and following.start - raw.end < 30:
            between = text[raw.end : following.start]
            if _JOINED.match(between):
                wraps = (raw.month, raw.day) > (following.month, following.day)
                raw.year = following.year - 1 if wraps else following.year
