"""A policy of protected time as people write it.

    protect Tuesday and Thursday mornings for North Network from 4 January to 11 June because visits come first
    protect Monday to Thursday mornings except the last week of June
    open Tuesday 12 May morning because of the board hearing
    open Tuesday morning

Weekdays alone mean every week; a date means that day. What is not certain is asked: "protect Tuesday" does
not say which half. A week is its Monday to Friday; "the week of 7 June" is the one that follows where 7 June
is a Sunday, since that is where American calendars begin a week, and the one around it on any other day.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from protocols.cadence.calendar import Half
from protocols.cadence.moment_words import MONTH_NAMES
from protocols.cadence.moments import SLIP_DAYS, MomentFault, find_moment
from protocols.cadence.protected import WEEKDAYS

WEDNESDAY, FRIDAY = 2, 4


class PolicyFault(ValueError):
    """Words that say no policy, or not which; the text says what to write."""


@dataclass(frozen=True, slots=True)
class Days:
    """Days by date, both ends included, in one half or both (None)."""

    starts: date
    ends: date
    half: Half | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """What was written: half-days of every week or days by date, for whom (as written), from when to when."""

    windows: tuple[tuple[int, Half], ...] = ()
    days: tuple[Days, ...] = ()
    whom: str = ""
    starts: date | None = None
    ends: date | None = None
    exceptions: tuple[Days, ...] = ()
    reason: str = ""


_WHICH = "Which half-days? Write it like: Tuesday morning, or Tuesday 12 May morning."
_DAY_NAME = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?)s?"
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_REASON = re.compile(r",?\s+because(?:\s+of)?\s+(?P<reason>.+)$", re.IGNORECASE)
_EXCEPT = re.compile(
    r",?\s+(?:except(?:ing)?|apart from|but not)(?:\s+(?:for|on|in|during))*\s+(?P<days>.+?)"
    r"(?=,?\s+(?:for|from|starting|beginning|until|till)\b|$)",
    re.IGNORECASE,
)
_WHOM = re.compile(
    r",?\s+for\s+(?:the\s+)?(?P<whom>.+?)"
    r"(?=,?\s+(?:from|starting|beginning|until|till|through|to|this (?:term|semester|school year))\b|$)",
    re.IGNORECASE,
)
_FROM_TO = re.compile(
    r"(?P<what>.*?)"
    r"(?:(?:^|\s+)(?:from|starting(?: on| from)?|beginning(?: on)?)\s+(?P<starts>.+?)(?:\s+on(?:wards?)?)?)?"
    r"(?:\s+(?:to|until|till|through|up to)\s+(?P<ends>.+))?",
    re.IGNORECASE,
)
_RANGE = re.compile(
    rf"\b(?P<first>{_DAY_NAME})\s*(?:to|through|-|–)\s*(?P<last>{_DAY_NAME})\b", re.IGNORECASE
)
_NUMBERS = re.compile(
    rf"\b(?P<days>\d{{1,2}}(?:st|nd|rd|th)?(?:\s*(?:,|and|&)\s*\d{{1,2}}(?:st|nd|rd|th)?)+)\s+(?P<month>{_MONTH})\b",
    re.IGNORECASE,
)
_WEEK_OF_MONTH = re.compile(
    rf"(?:the\s+)?(?P<which>first|second|third|fourth|last)\s+week\s+(?:of|in)\s+(?P<month>{_MONTH})(?:\s+(?P<year>20\d\d))?",
    re.IGNORECASE,
)
_WEEK_OF = re.compile(
    r"(?:(?:all\s+of\s+)?the\s+)?week\s+(?:of|beginning|starting)\s+(?P<day>.+)", re.IGNORECASE
)
_WEEK = re.compile(r"(?:all\s+of\s+|the\s+whole\s+of\s+)?(?P<which>this|next)\s+week", re.IGNORECASE)
_HALF = re.compile(
    r"\b(?:(?P<am>mornings?|am)|(?P<pm>afternoons?|pm)|(?P<both>(?:all|whole|full)[\s-]days?))\b", re.I
)
_TOKEN = re.compile(
    rf"\s*(?:(?P<day>{_DAY_NAME})\b|(?P<am>mornings?|am)\b|(?P<pm>afternoons?|pm)\b|(?P<both>(?:all|whole|full)[\s-]days?)\b"
    r"|(?P<every>every|each|all|weekdays?|week)\b|(?P<join>,|and\b|&|\+|in\s+the\b|on\b))",
    re.IGNORECASE,
)
_WEEK_NUMBERS = {"first": 0, "second": 1, "third": 2, "fourth": 3}


def read_policy(text: str, today: date) -> Policy:
    """Read what stands after "protect" or "open". Raises `PolicyFault` with what to write instead."""
    rest = " ".join(text.split()).rstrip(".!")
    reason = ""
    if found := _REASON.search(rest):
        reason, rest = found["reason"].strip().rstrip("."), rest[: found.start()]
    rest = _RANGE.sub(_spell_out, rest)
    exceptions: tuple[Days, ...] = ()
    excepted = ""
    if found := _EXCEPT.search(rest):
        excepted, rest = found["days"], rest[: found.start()] + rest[found.end() :]
    whom = ""
    if found := _WHOM.search(rest):
        whom, rest = found["whom"].strip(), rest[: found.start()] + rest[found.end() :]
    split = _FROM_TO.fullmatch(rest.strip())
    assert split is not None  # every part is optional
    what, first, last = split["what"].strip(" ,"), split["starts"], split["ends"]
    is_dated = not what or _is_dated(what)
    if is_dated:
        days = _dated(what, first, last, today)
        starts = ends = None
        windows: tuple[tuple[int, Half], ...] = ()
    else:
        days = ()
        windows = _weekly(what)
        starts = _day(first, today) if first else None
        ends = _last_day(last, starts or today) if last else None
    if starts and ends and ends < starts:
        raise PolicyFault("It would end before it starts. Write: from 4 January to 11 June.")
    if excepted:
        exceptions = _dated(excepted, None, None, starts or today)
    return Policy(windows, days, whom, starts, ends, exceptions, reason)


def _spell_out(match: re.Match[str]) -> str:
    """ "Monday to Thursday" as four days; in either way of writing a week the weekend falls out of it."""
    first, last = _weekday(match["first"]), _weekday(match["last"])
    named = [(first + offset) % 7 for offset in range((last - first) % 7 + 1)]
    return ", ".join(WEEKDAYS[day] for day in named if day <= FRIDAY) or match[0]


def _weekly(what: str) -> tuple[tuple[int, Half], ...]:
    found: list[tuple[int, Half]] = []
    waiting: list[int] = []
    named: list[int] = []
    place = 0
    while place < len(what):
        token = _TOKEN.match(what, place)
        if token is None:
            raise PolicyFault(
                f"I can't read “{what[place:].strip()}”. "
                "Write it like: protect Tuesday and Thursday mornings for North Network from 4 January to 11 June."
            )
        place = token.end()
        if token["day"]:
            weekday = _weekday(token["day"])
            if weekday > FRIDAY:
                raise PolicyFault(
                    f"There is no school on {WEEKDAYS[weekday]}, so there is nothing to protect."
                )
            waiting.append(weekday)
        elif token["am"] or token["pm"] or token["both"]:
            halves = tuple(Half) if token["both"] else (Half.AM if token["am"] else Half.PM,)
            # "Tuesday and Thursday mornings": the half is every day's that has none yet; "Tuesday morning and
            # afternoon": it is one more of the days before. Without a day it is every day's.
            named = waiting or named or list(range(FRIDAY + 1))
            found += [(day, half) for day in named for half in halves]
            waiting = []
    if waiting:
        name = WEEKDAYS[waiting[0]]
        raise PolicyFault(f"Which half of {name}? Write {name} morning, {name} afternoon or {name} all day.")
    if not found:
        raise PolicyFault(
            "Which half-days? Write it like: Tuesday morning, or Tuesday and Thursday mornings."
        )
    return tuple(sorted(set(found)))


def _is_dated(what: str) -> bool:
    """Whether days are named by date; weekdays alone are every week's."""
    if any(pattern.search(what) for pattern in (_WEEK_OF_MONTH, _WEEK_OF, _WEEK)):
        return True
    return bool(
        re.search(
            rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}|{_MONTH}\s+\d|\d{{1,4}}[-/]\d|today|tomorrow"
            r"|(?:this|next|coming)\s+\w+|in\s+\w+\s+(?:days?|weeks?))",
            what,
            re.IGNORECASE,
        )
    )


def _dated(what: str, first: str | None, last: str | None, today: date) -> tuple[Days, ...]:
    if not what:
        if not first:
            raise PolicyFault(_WHICH)
        what = first
    if last:
        if re.fullmatch(r"\d{1,2}(?:st|nd|rd|th)?", what.strip()) and (
            month := re.search(_MONTH, last, re.I)
        ):
            what = f"{what} {month[0]}"
        what, half = _take_half(what)
        last, other = _take_half(last)
        starts = _day(what, today)
        ends = _last_day(last, starts)
        if ends < starts:
            raise PolicyFault("It would end before it starts. Write: from 22 June to 26 June.")
        return (Days(starts, ends, half or other),)
    what = re.sub(r"^(?:from|on)\s+", "", what, flags=re.IGNORECASE)
    whole = _NUMBERS.sub(
        lambda m: ", ".join(f"{day} {m['month']}" for day in re.findall(r"\d{1,2}", m["days"])), what
    )
    whole = re.sub(rf"({_DAY_NAME}),\s*(?=\d|{_MONTH})", r"\1 ", whole, flags=re.IGNORECASE)
    found: list[Days] = []
    without_half = 0
    for part in re.split(r"\s*(?:,|\band\b|&|\+)\s*", whole):
        if not part:
            continue
        spans = re.split(r"\s+(?:to|until|through|–)\s+", part, maxsplit=1)
        if len(spans) == 2:
            found += _dated(spans[0], None, spans[1], today)
        else:
            words, half = _take_half(part)
            if not words and half is not None and found:  # "..., mornings"
                words = ""
            else:
                starts, ends = _span(words, today)
                found.append(Days(starts, ends, half))
            if half is None:
                without_half += 1
                continue
            for place in range(len(found) - 1 - without_half, len(found)):
                one = found[place]
                found[place] = Days(one.starts, one.ends, half)
            without_half = 0
    if not found:  # "from and": between the words for it there is no day
        raise PolicyFault(_WHICH)
    return tuple(found)


def _take_half(words: str) -> tuple[str, Half | None]:
    """The words without the half they name, and the half; "all day" is both."""
    if re.search(r"\bthis (?:morning|afternoon)\b", words, re.IGNORECASE):
        words = re.sub(r"\bthis (?=morning|afternoon)", "today ", words, flags=re.IGNORECASE)
    found = _HALF.search(words)
    if found is None:
        return words.strip(), None
    rest = " ".join((words[: found.start()] + " " + words[found.end() :]).split())
    rest = re.sub(r"\s*\b(?:in the|of|on)$|^(?:the|of)\s+", "", rest)
    if found["both"]:
        return rest, None
    return rest, Half.AM if found["am"] else Half.PM


def _span(words: str, today: date) -> tuple[date, date]:
    if match := _WEEK_OF_MONTH.fullmatch(words):
        return _week_of_month(match["which"].lower(), match["month"], match["year"], today)
    if match := _WEEK_OF.fullmatch(words):
        return week_of(_day(match["day"], today))
    if match := _WEEK.fullmatch(words):
        monday, friday = week_of(today)
        if match["which"].lower() == "this":
            return max(monday, today), friday
        return monday + timedelta(days=7), friday + timedelta(days=7)
    day = _day(words, today)
    return day, day


def week_of(day: date) -> tuple[date, date]:
    """Monday and Friday of the week that a date stands for; a Sunday begins one, a Saturday ends one."""
    monday = day + timedelta(days=1) if day.weekday() == 6 else day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=FRIDAY)


def _week_of_month(which: str, month_name: str, year_text: str | None, today: date) -> tuple[date, date]:
    """The n-th week of a month, Monday to Friday: a week belongs to the month that has three days of it or more."""
    month = [name.lower() for name in MONTH_NAMES].index(month_name[:3].lower()) + 1
    year = int(year_text) if year_text else today.year + (month < today.month)
    days = [date(year, month, number) for number in range(1, monthrange(year, month)[1] + 1)]
    # A week belongs where its Wednesday lies.
    mondays = [day - timedelta(days=2) for day in days if day.weekday() == WEDNESDAY]
    monday = mondays[-1] if which == "last" else mondays[_WEEK_NUMBERS[which]]
    return monday, monday + timedelta(days=FRIDAY)


def _day(words: str, today: date) -> date:
    try:
        moment = find_moment(words, datetime.combine(today, time(0)))
    except MomentFault as fault:
        raise PolicyFault(str(fault)) from None
    if moment is None:
        raise PolicyFault(f"I can't read “{words.strip()}” as a day. Write it like 4 January or 12 May.")
    left = (words[: moment.start] + words[moment.end :]).strip(" ,")
    if re.sub(r"\b(?:the|on|of|onwards?)\b", "", left).strip():
        raise PolicyFault(f"I can't read “{words.strip()}” as a day. Write it like 4 January or 12 May.")
    return moment.day


def _last_day(words: str, starts: date) -> date:
    """A day without a year is the first of that name after the start, not one shortly before it."""
    try:
        return _day(words, starts)
    except PolicyFault:
        if re.search(r"\d{4}", words):
            raise
        return _day(words, starts + timedelta(days=SLIP_DAYS + 1))


def _weekday(word: str) -> int:
    return [name[:3].lower() for name in WEEKDAYS].index(word[:3].lower())
