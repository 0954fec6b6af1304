"""Days as they are written out: American, British, ISO and in numbers, alone, in lists and in ranges.

"October 31, 2026", "31st of October", "10/31/26", "2026-10-31", "March 3-14", "October 7, 14 and 21, 2026". Whether
3/11 is March or November is told by a weekday beside it, else by the memo's other dates, else by its issuer's words
(``order_of``); where none of them tells, the day stays open. Month names count only as prose or capitals write them,
so that "may" and "march" stay verbs.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from functools import lru_cache

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
    rf"(?:,?\s+(?P<uy>{YEAR}|['’]\d\d\b)|,(?P<uy2>{YEAR}))?"
    # 31st of October 2024; 7-11 October 2024; 31-Oct-2024
    rf"|(?:(?P<bd0>\d{{1,2}}){_TH}(?P<bto>{_TO}|\s*(?:and|&)\s*)(?:{WEEKDAY}\s+)?)?"
    rf"(?P<bd>\d{{1,2}}){_TH}(?:\s+(?:day\s+)?of\s+|\s{{1,2}}|"
    rf"-)(?P<bm>{MONTH})(?:[\s,-]+(?P<by>{YEAR}|['’]\d\d\b))?(?![\w])"
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
    rf"(?=\s*(?:[.;:)](?!\d)|$)|,?\s+{YEAR}|\s*,\s*(?:and\s+)?\d{{1,2}}(?!\d)|\s+(?:and|&|or)\s+\d{{1,2}}(?!\d)|"
    r"\s+(?:at|from|in|for|to|by|on|between|of|each|every)\b)"
    rf"(?:,?\s+(?P<y>{YEAR}))?"
)
_JOINED = re.compile(
    rf"^\s*(?:,|and|&|or|to|through|thru|until|[-\u2013\u2014/])*\s*(?:and\s+)?(?:{WEEKDAY},?\s*)?$"
)
_DAY_FIRST = re.compile(
    r"(?i)£|€|\.gov\.uk|\.sch\.uk|\.ac\.uk|\.govt\.nz|\.edu\.au|\.gov\.au|\.ie\b|\b0\d{2,4}\s\d{3,4}\s\d{3,4}\b"
)
_BRITISH = re.compile(
    r"(?i)\b(?:pupils?|half[- ]term|programmes?|organis\w+|behaviour|headteachers?|head\s+teachers?|academy\s+trusts?|"
    r"ofsted|local\s+authorit\w+|governors|whilst|outwith|boards?\s+of\s+management|post-primary|kura|tumuaki|wh[aā]nau|"
    r"enrolments?|centres?|licen[cs]e\s+holders?|term\s+[1-4]|year\s+(?:[1-9]|1[0-3])|timetables?|fortnight\w*|practise|"
    r"NSW|Queensland|Victorian|Tasmania\w*|colour|labour|favour|authoris\w+|recognis\w+|utilis\w+|catchment|key\s+stage|"
    r"bank\s+holidays?|public\s+holidays?|inset\s+days?|SEND)\b"
)
_MONTH_FIRST = re.compile(r"\(?\b\d{3}\)?[-. ]\d{3}[-.]\d{4}\b|\b[A-Z]{2} \d{5}\b|\.k12\.\w\w\.us")
_AMERICAN = re.compile(
    r"(?i)\b(?:elementary|superintendents?|school\s+districts?|unified|thanksgiving|middle\s+schools?|title\s+(?:I|1)|"
    r"pre-?k|k-12|k-8|high\s+school\s+principals|semesters?|education\s+code|penal\s+code|public\s+schools|"
    r"organiz\w+|behavior|programs?|enrollment|center|color|authoriz\w+|recogniz\w+|utiliz\w+|IEP|labor\s+day|"
    r"memorial\s+day|spring\s+break|paraprofessionals?|[1-8](?:st|nd|rd|th)[- ]grade\w*)\b"
)


class Order(Enum):
    """What comes first in 3/11."""

    DAY = auto()
    MONTH = auto()
    UNKNOWN = auto()


@dataclass(slots=True)
class WrittenDay:
    """A day as written, before a missing year is settled; ``to_day`` ends a range within the month.

    ``or_reversed``: 3/11 that may as well be the other way round.
    """

    start: int
    end: int
    month: int
    day: int
    year: int | None
    weekday: int | None = None
    to_day: int | None = None
    or_reversed: bool = False


def month_number(name: str) -> int:
    """1 to 12 for a month's name or its short form."""
    return _MONTH_NUMBER[name[:3].lower()]


def weekday_number(name: str) -> int:
    """0 (Monday) to 6 for a weekday's name or its short form."""
    return _DAY_NUMBER[name[:3].lower()]


def written_days(text: str, order: Order | None = None) -> list[WrittenDay]:
    """Every possible day written in ``text``, in order; a year given once for several belongs to each.

    ``order`` is that of the whole memo where ``text`` is a part of one; by default the text itself is asked.
    """
    days = list(_written(text, order))
    _share_years(text, days)
    return [day for day in days if _is_possible(day)]


def _written(text: str, order: Order | None) -> Iterator[WrittenDay]:
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
                _year(year),
                weekday,
                to_day,
            )
            if not year:
                yield from _more_days(text, m.end(), month_number(m["um"]))
        elif m["bm"]:
            month, year_text = month_number(m["bm"]), m["by"]
            year_number = _year(year_text)
            if not m["bd0"]:
                yield WrittenDay(m.start(), m.end(), month, int(m["bd"]), year_number, weekday)
            elif "and" in m["bto"] or "&" in m["bto"]:
                yield WrittenDay(m.start(), m.end("bd0"), month, int(m["bd0"]), year_number, weekday)
                yield WrittenDay(m.start("bd"), m.end(), month, int(m["bd"]), year_number)
            else:
                yield WrittenDay(m.start(), m.end(), month, int(m["bd0"]), year_number, weekday, int(m["bd"]))
        else:
            order = order or order_of(text)
            raw = _numeric(text, m, order)
            if raw:
                yield raw


def _year(words: str | None) -> int | None:
    """ "2026" and "'26"; None where no year stands there."""
    if not words:
        return None
    return int(words) if words.isdigit() else 2000 + int(words[1:])


def _numeric(text: str, m: re.Match[str], order: Order) -> WrittenDay | None:
    if m["na"]:
        a, b, year = int(m["na"]), int(m["nb"]), int(m["ny"])
        year += 2000 if year < 100 else 0
    else:
        a, b, year = int(m["sa"]), int(m["sb"]), 0
        before = text[max(0, m.start() - 24) : m.start()]
        opens_row = _OPENS_LINE.search(before) and _ROW_GOES_ON.match(text, m.end())
        if not m["wd"] and not _SHORT_CUE.search(before) and not opens_row:
            return None
    weekday = weekday_number(m["wd"]) if m["wd"] else None
    if m["na"] and m["ns"] == ".":
        order = Order.DAY
    if weekday is not None and year:
        order = _order_by_weekday(a, b, year, weekday) or order
    is_day_first = a > 12 or (b <= 12 and order is Order.DAY)
    month, day = (b, a) if is_day_first else (a, b)
    is_open = order is Order.UNKNOWN and a <= 12 and b <= 12 and a != b
    return WrittenDay(m.start(), m.end(), month, day, year or None, weekday, or_reversed=is_open)


def _order_by_weekday(a: int, b: int, year: int, weekday: int) -> Order | None:
    """The order in which the day falls on the weekday written beside it; None where both or neither do."""
    fits = [
        order
        for order, month, day in ((Order.MONTH, a, b), (Order.DAY, b, a))
        if 1 <= month <= 12
        and 1 <= day <= month_end(year, month).day
        and date(year, month, day).weekday() == weekday
    ]
    return fits[0] if len(fits) == 1 else None


def _more_days(text: str, position: int, month: int) -> Iterator[WrittenDay]:
    while (more := _MORE_DAYS.match(text, position)) is not None:
        year = int(more["y"]) if more["y"] else None
        yield WrittenDay(more.start("d"), more.end(), month, int(more["d"]), year)
        position = more.end()


_BOTH_NUMBERS = re.compile(r"(?<![\w./-])(\d{1,2})([/.-])(\d{1,2})\2(?:(?:19|20)\d\d|\d\d)(?![\w/.-]?\d)")


@lru_cache(maxsize=32)
def order_of(text: str) -> Order:
    """Whether 3/11 is 3 November or March 11 in this memo.

    Its other dates in numbers tell (a part above 12 is the day), else how it writes days in words, else the marks of
    a country (money, telephone numbers, addresses), else its spelling and its words for schools.
    """
    head = text[:20_000]
    pairs = [(int(a), int(b)) for a, _, b in _BOTH_NUMBERS.findall(head)]
    by_words = (
        len(re.findall(rf"\d{{1,2}}{_TH}\s+(?:of\s+)?{MONTH}", head)),
        len(re.findall(rf"{MONTH}\s+\d{{1,2}}{_TH}(?!\d)", head)),
    )
    for day_first, month_first in (
        (sum(a > 12 for a, _ in pairs), sum(b > 12 for _, b in pairs)),
        by_words,
        (len(_DAY_FIRST.findall(head)), len(_MONTH_FIRST.findall(head))),
        (len(_BRITISH.findall(head)), len(_AMERICAN.findall(head))),
    ):
        if day_first != month_first:
            return Order.DAY if day_first > month_first else Order.MONTH
    return Order.UNKNOWN


_DAY_FIRST_ZONES = re.compile(
    r"Europe|Australia|Africa|Pacific/Auckland|Pacific/Chatham|Asia/(?:Kolkata|Singapore|Hong_Kong)"
)
_MONTH_FIRST_ZONES = re.compile(
    r"US/|Pacific/Honolulu|America/(?:New_York|Detroit|Chicago|Denver|Boise|Phoenix|Los_Angeles|Anchorage|Juneau|"
    r"Indiana/|Kentucky/|Menominee|North_Dakota/|Adak|Nome|Sitka|Puerto_Rico)"
)


def order_in(zone: str) -> Order:
    """How numbers are written where a district's time zone is; unknown where both ways are, as in Canada."""
    if _DAY_FIRST_ZONES.match(zone):
        return Order.DAY
    return Order.MONTH if _MONTH_FIRST_ZONES.match(zone) else Order.UNKNOWN


def settled_order(text: str, habit: Order) -> Order:
    """The memo's own order, else the district's habit."""
    own = order_of(text)
    return habit if own is Order.UNKNOWN else own


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
