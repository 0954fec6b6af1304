"""What a line of a district's calendar means, told from its words.

Districts name the same thing in many ways ("Schools Closed", "Winter Recess", "Student Holiday", "Institute
Day"). The tables below are tried from top to bottom; the first row that fits decides. What no row fits is not
a closure: a concert stays a concert. An administrator sees what was read before it counts.
"""

import re
from datetime import time

from protocols.cadence.calendar import ClosureKind
from protocols.cadence.moments import read_clock


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_OPEN_ALL_THE_SAME = _words(
    r"schools? (?:is |are )?(?:open|in session)",
    r"regular (?:school )?day",
    r"make-?\s?up day",
    r"\bconcert|\bparty\b|\bparade\b|\bperformance|book fair|\bassembly\b|\bgame\b",
    r"(?:orientation|registration|deadline|report cards?)\b",
)
_NO_STUDENTS = (
    r"no (?:school|classes|students)",
    r"schools? (?:is |are |will be )?closed",
    r"not in attendance|(?:do|does|will) not attend|students? (?:are )?(?:off|out)\b",
    r"student (?:holiday|vacation)",
    r"non-?\s?(?:student|instructional|attendance|school) day",
)
_SOME_STUDENTS = _words(
    r"remote (?:instruction|learning|day)|virtual (?:day|learning)|e-?learning day",
    r"all other students attend",
    r"(?:no (?:school|classes) for|students (?:that|who|in) (?:attend )?|for students attending)"
    r"[^.]*(?:grades?|pre-?k|3-k|kindergarten|elementary|middle|high schools?)",
    r"(?:elementary|middle|high) schools? only|grades? [\dk][\d\s–-]* only",
)
_KINDS: tuple[tuple[ClosureKind, re.Pattern[str]], ...] = (
    (
        ClosureKind.EARLY_RELEASE,
        _words(
            r"early[ -](?:release|dismissal|closing|out)",
            r"dismissed [\w\s]*early|(?:noon|1 ?pm|12:\d\d) dismissal",
            r"half[- ]day\b(?! of)|minimum day|(?:abbreviated|shortened) day",
        ),
    ),
    (
        ClosureKind.LATE_START,
        _words(r"(?:late|delayed) (?:start|opening|arrival)", r"(?:one|two|1|2)[ -]hours? delay"),
    ),
    (ClosureKind.PARTIAL, _SOME_STUDENTS),
    (
        ClosureKind.SNOW,
        _words(
            r"snow day",
            r"(?:inclement|severe|bad) weather",
            r"weather (?:closure|closing|day)",
            r"emergency clos",
        ),
    ),
    (
        ClosureKind.STAFF_DAY,
        _words(
            r"professional (?:development|learning|growth)|\bPD day|\bPL day",
            r"(?:teacher|staff|faculty)s?'? (?:work|planning|development|in-?service|prep|training|convention)",
            r"work ?day\b|in-?service|institute day|clerical day|records? day|(?:teacher )?planning day",
            r"(?:superintendent|chancellor)['’]?s['’]? conference day|staff (?:only|day)",
            r"conferences?\b.*(?:" + "|".join(_NO_STUDENTS) + ")",
        ),
    ),
    (
        ClosureKind.TESTING,
        _words(
            r"\bregents\b(?!.*diploma)",
            r"test(?:s|ing)? (?:window|week|day|period|administration)|state (?:test|assessment|exam)",
            r"assessments? (?:window|week|day|period|administration)|standardi[sz]ed test",
            r"\b(?:midterm|final|AP|IB)s? exam|exams? (?:week|period|days?)|finals week|\bSAT (?:school )?day",
        ),
    ),
    (
        ClosureKind.HOLIDAY,
        _words(
            *_NO_STUDENTS,
            r"\brecess\b|\bbreak\b|\bholidays?\b|\bvacation\b|day off\b|district closed|offices closed",
            r"labor day|thanksgiving|christmas|new year['’]?s|veterans['’]? day|memorial day|juneteenth",
            r"martin luther king|\bMLK\b|president['’]?s['’]? day|washington['’]?s birthday",
            r"indigenous people|columbus day|independence day|good friday|easter monday",
            r"yom kippur|rosh hashanah|\beid\b|diwali|lunar new year|c[eé]sar ch[aá]vez",
        ),
    ),
)

_FIRST_DAY = _words(
    r"first day (?:of|for) (?:school|classes|(?:all )?students|instruction)",
    r"(?:school|classes|instruction) (?:year )?(?:begins?|starts?)\b|students['’]? first day|first day for students",
    r"(?:start|beginning) of (?:the )?school year",
)
_LAST_DAY = _words(
    r"last day (?:of|for) (?:school|classes|(?:all )?students|instruction)",
    r"(?:school|classes) (?:year )?ends?\b|students['’]? last day|end of (?:the )?school year",
)
_NOT_ALL_YEAR = _words(
    r"semester|quarter|trimester|\bterm\b|summer (?:school|session)|teachers?\b|staff\b|before|after|break|recess"
)
_TERM = re.compile(
    r"(?:(?P<order>first|second|third|fourth|1st|2nd|3rd|4th|fall|spring)\s+(?P<unit>semester|trimester|quarter|term)"
    r"|(?P<unit2>semester|trimester|quarter|term)\s+(?P<number>[1-4]))\b",
    re.IGNORECASE,
)
_TIME_OF_DAY = re.compile(
    r"(?<![\d:.])(?:1[0-2]|0?[1-9])(?:[:.][0-5]\d)?\s*[ap]\.?m\b|(?<![\d:.])(?:0?[7-9]|1[0-6]):[0-5]\d(?!\d)|\bnoon\b",
    re.IGNORECASE,
)
_ORDER = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_ENDS = _words(r"\bends?\b|\bend of\b|last day", r"clos(?:es|ing)")
_BEGINS = _words(r"\bbegins?\b|\bstarts?\b|\bstart of\b|first day|\bopens\b")


_UNPLANNED = _words(
    r"snow|\bice\b|\bicy\b|storm|blizzard|hurricane|tornado|flood|weather|\bheat(?:ing)?\b|\bcold\b|\bpower\b|\bwater\b",
    r"boiler|\bgas\b|smoke|\bfire\b|\bair quality|emergency|outbreak|\bflu\b|threat|strike",
)


def is_unplanned(reason: str) -> bool:
    """Whether schools close for something nobody had planned: weather, a building, an emergency."""
    return bool(_UNPLANNED.search(reason))


def guess_time(kind: ClosureKind | None, title: str, note: str = "") -> time | None:
    """When students come or go, where the words of an entry say one time and no other ("Early release, 12:30")."""
    if kind is None or not kind.has_time:
        return None
    for text in (title, note):
        found = {read_clock(match[0]) for match in _TIME_OF_DAY.finditer(text)}
        if len(found) == 1:
            return found.pop()
        if found:
            return None
    return None


def guess_kind(title: str, category: str = "", note: str = "") -> ClosureKind | None:
    """What a calendar entry does to the school day, or None when it does nothing.

    The note and the category decide together with the title: an evening of conferences closes nothing, unless
    its note sends the students home early.
    """
    text = " | ".join(part for part in (title, category, note) if part)
    if _OPEN_ALL_THE_SAME.search(text):
        return None
    return next((kind for kind, words in _KINDS if words.search(text)), None)


def is_first_day(title: str) -> bool:
    return bool(_FIRST_DAY.search(title)) and not _NOT_ALL_YEAR.search(title)


def is_last_day(title: str) -> bool:
    return bool(_LAST_DAY.search(title)) and not _NOT_ALL_YEAR.search(title)


def term_edge(title: str) -> tuple[str, int, bool] | None:
    """(unit, number, whether it begins) of "Spring Semester Begins" or "End of Quarter 1"; None otherwise."""
    match = _TERM.search(title)
    if match is None:
        return None
    begins, ends = bool(_BEGINS.search(title)), bool(_ENDS.search(title))
    if begins is ends:
        return None
    unit = (match["unit"] or match["unit2"]).lower()
    order = (match["order"] or "").lower()
    number = {"fall": 1, "spring": 2}.get(order) or _ORDER.get(order) or int(match["number"])
    return unit, number, begins
