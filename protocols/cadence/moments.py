"""Days and times as people type them in chat, and as the bot says them.

`read_moment` reads a whole text ("Tue 9:00"), `find_moment` finds one inside a sentence ("meeting with
principals Tue 9:00 about substitutes"). What is not certain is asked, never guessed. The rules:

* A bare weekday is the next one that is still ahead, today included while its time is ahead.
* "next Tuesday" is the Tuesday of the calendar week after this one (weeks begin on Monday); "this Tuesday"
  is this week's, and past if it is over. From Saturday on "this Tuesday" is the coming one.
* A date without a year is the coming one; up to 60 days back it is taken as a slip and refused as past.
* "12/8" is December 8: the month comes first, as American districts write it.
* An hour without am or pm is in the school day: 7 to 12 as written, 1 to 6 in the afternoon ("2:30" is
  14:30). A leading zero or an hour from 13 on is a 24-hour clock ("06:30" is 06:30).
* "Tue 8" is asked about when the coming 8th is a Tuesday, and is 8:00 otherwise.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from protocols.cadence.calendar import Half
from protocols.cadence.day_minutes import minutes_into_day
from protocols.cadence.moment_words import (
    COUNTED_THING,
    DAY,
    DURATION,
    HALF,
    JOIN,
    LISTED,
    MONTH_NAMES,
    NUMBER,
    NUMBERS,
    TIME,
    UNIT,
    WEEKDAY_NAMES,
)

SLIP_DAYS = 60
SATURDAY = 5
LOOK_BACK = 40
HOW_TO_WRITE = "Write it like Tue 9:00, 8 Dec 13:30 or tomorrow morning."


class MomentFault(ValueError):
    """A day or time that cannot be used; the text says what to write instead."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A local day, with a time or half of it if one was given.

    `minutes` is set when the text gave an end ("9:00-10:30"). `start` and `end` are the characters of the
    text that were read, so that the rest can be used as a subject.
    """

    day: date
    at: time | None
    half: Half | None
    minutes: int | None
    start: int
    end: int


def read_moment(text: str, now: datetime) -> Moment:
    """Read a text that is a day and perhaps a time, relative to `now` (local; its zone is ignored).

    Raises `MomentFault` when there is none, when it is unclear, or when it is past.
    """
    moment = find_moment(text, now)
    if moment is None:
        raise MomentFault(f'I can\'t read "{text.strip()}" as a day and time. {HOW_TO_WRITE}')
    return moment


def find_moment(text: str, now: datetime) -> Moment | None:
    """The day and time named in a longer text, None when no day or time is named.

    Raises `MomentFault` when two differ ("Tue 9:00 or Wed 10:00"), when only a time is given, when it does
    not exist, or when it is past.
    """
    found = [_Phrase(match, text) for match in DAY.finditer(text) if not _is_a_word(match, text)]
    timed = [phrase for phrase in found if phrase.is_timed] or found[:1]
    if not timed:
        lone = next((m for m in TIME.finditer(text) if m["clock"] or (m["lead"] and m["bare"])), None)
        if lone is None:
            return None
        raise MomentFault(f"Which day? I see only {lone[0].strip()}. {HOW_TO_WRITE}")
    for left, right in pairwise(found):
        if (left in timed or right in timed) and LISTED.fullmatch(text, left.end, right.start):
            days = f"{text[left.start : left.end].strip()} and {text[right.start : right.end].strip()}"
            raise MomentFault(f"I see two days, {days}. Which one shall it be?")
    moments = [phrase.read(now) for phrase in timed]
    first = moments[0]
    for other in moments[1:]:
        if (other.day, other.at, other.half) != (first.day, first.at, first.half):
            one, two = (text[m.start : m.end].strip() for m in (first, other))
            raise MomentFault(f"I see two times, {one} and {two}. Which one shall it be?")
    return first


def read_day(text: str, today: date) -> date:
    """The one day that the whole text names, past or to come ("yesterday", "3 December", "Fri").

    Raises ``MomentFault`` where it names none, or one that does not exist.
    """
    words = text.strip()
    if words.casefold() == "yesterday":
        return today - timedelta(days=1)
    match = DAY.fullmatch(words)
    if match is None:
        raise MomentFault(f'I can\'t read "{words}" as a day. Write it like 8 December or Friday.')
    return _Phrase(match, words).day_from(datetime.combine(today, time()))


class _Phrase:
    """One day phrase of a text, with the time or half that stands next to it."""

    def __init__(self, match: re.Match[str], text: str) -> None:
        self.match = match
        self.text = text
        self.start, self.end = match.span()
        self.time: re.Match[str] | None = None
        self.half = _half(match["half"]) if match["half"] else None
        self._take_after() or self._take_before()

    @property
    def is_timed(self) -> bool:
        return self.time is not None or self.half is not None

    def _take_after(self) -> bool:
        join = JOIN.match(self.text, self.end)
        after = join.end() if join else self.end
        if half := HALF.match(self.text, after):
            self.half = _half(half["half"])
            self.end = half.end()
            join = JOIN.match(self.text, self.end)
            after = join.end() if join else self.end
        for begin in (after, self.end):
            if (found := TIME.match(self.text, begin)) and not _is_quantity(found, self.text):
                self.time, self.end = found, found.end()
                break
        return self.is_timed

    def _take_before(self) -> bool:
        near = max(0, self.start - LOOK_BACK)
        for found in TIME.finditer(self.text, near, self.start):
            joined = JOIN.fullmatch(self.text, found.end(), self.start)
            if joined and (found["clock"] or found["lead"]):
                self.time, self.start = found, found.start()
                return True
        for half in HALF.finditer(self.text, near, self.start):
            if half["half"].lower() in ("morning", "afternoon") and re.fullmatch(
                r"\s+(?:of\s+)?", self.text[half.end() : self.start]
            ):
                self.half, self.start = _half(half["half"]), half.start()
                return True
        return False

    def read(self, now: datetime) -> Moment:
        at, minutes = self._clock(now)
        half = None if at else self.half
        day = self._day(now, at, half)
        today = now.date()
        if day < today:
            raise MomentFault(f"{say_day(day, today)} is past. {HOW_TO_WRITE}")
        if day == today and at is not None and at <= now.time():
            raise MomentFault(f"{say_time(at)} today is past. Write a later time or another day.")
        if day == today and half is Half.AM and now.hour >= 12:
            raise MomentFault("This morning is past. Write a later time or another day.")
        return Moment(day, at, half, minutes, self.start, self.end)

    def day_from(self, now: datetime) -> date:
        """The day alone, whether or not it is past."""
        return self._day(now, None, None)

    def _clock(self, now: datetime) -> tuple[time | None, int | None]:
        if self.time is None:
            return None, None
        spoken = self.time["clock"] or self.time["bare"]
        until = self.time["until"]
        if self.time["bare"] and not self.time["lead"] and not until:
            self._ask_about_bare(int(self.time["bare"]), now)
        if until and not re.search(r"[ap]\.?m", spoken, re.I) and (m := re.search(r"[ap]\.?m", until, re.I)):
            # "9-10am" and "1 to 3pm": the half of the end is the half of the start, where that fits.
            guess = read_clock(spoken + m[0])
            at = guess if guess < read_clock(until) else read_clock(spoken)
        else:
            at = read_clock(spoken, self.half)
        if not until:
            return at, None
        minutes = minutes_into_day(read_clock(until, self.half)) - minutes_into_day(at)
        if minutes <= 0:
            raise MomentFault(f"It would end at {until.strip()}, before it starts at {say_time(at)}.")
        return at, minutes

    def _ask_about_bare(self, number: int, now: datetime) -> None:
        if not self.match["weekday"] or not 1 <= number <= 31:
            return
        wanted = _weekday(self.match["weekday"])
        ahead = [now.date() + timedelta(days=offset) for offset in range(31)]
        for day in ahead:
            if day.day == number and day.weekday() == wanted:
                name = WEEKDAY_NAMES[wanted]
                hours = f"{name} {number}:00" if number < 24 else "a time"
                raise MomentFault(f"Do you mean {hours} or {say_day(day, now.date())}? Write one of them.")

    def _day(self, now: datetime, at: time | None, half: Half | None) -> date:
        groups = self.match.groupdict()
        today = now.date()
        if groups["iso"]:
            year, month, day = (int(part) for part in re.split("[-/]", groups["iso"]))
            return self._exact(year, month, day)
        if groups["us"]:
            numbers = [int(part) for part in re.split("[-/]", groups["us"])]
            given = numbers[2] % 2000 + 2000 if len(numbers) == 3 else None
            return self._dated(numbers[0], numbers[1], given, today)
        if month_name := groups["month"] or groups["month2"]:
            month = [name.lower() for name in MONTH_NAMES].index(month_name[:3].lower()) + 1
            year_text = groups["year"] or groups["year2"]
            day = int(groups["day"] or groups["day2"])
            return self._dated(month, day, int(year_text) if year_text else None, today)
        if groups["half"]:
            return today
        if groups["relative"]:
            word = groups["relative"].lower()
            return today + timedelta(days=0 if word == "today" else 2 if "after" in word else 1)
        if groups["ahead"]:
            count = NUMBERS.get(groups["ahead"].lower()) or int(groups["ahead"])
            return today + timedelta(days=count * (7 if groups["unit"].lower().startswith("week") else 1))
        return self._weekday(now, at, half)

    def _weekday(self, now: datetime, at: time | None, half: Half | None) -> date:
        today = now.date()
        monday = today - timedelta(days=today.weekday())
        wanted = _weekday(self.match["weekday"])
        which = "next" if self.match["week"] else (self.match["which"] or "").lower()
        ahead = today + timedelta(days=(wanted - today.weekday()) % 7)
        is_over = (at is not None and at <= now.time()) or (half is Half.AM and now.hour >= 12)
        match which:
            case "next":
                return monday + timedelta(days=7 + wanted)
            case "this":
                # From Saturday on "this week" is the coming one, for those, too, whose week begins on Sunday.
                return ahead if today.weekday() >= SATURDAY else monday + timedelta(days=wanted)
            case "every":
                raise MomentFault(f"I can set one day at a time. {HOW_TO_WRITE}")
            case "" | "coming":
                return ahead + timedelta(days=7) if ahead == today and is_over else ahead
            case _:
                return ahead + timedelta(days=7)

    def _dated(self, month: int, day: int, year: int | None, today: date) -> date:
        if year is None:
            year = today.year
            # 29 February is looked for in the coming four years.
            for candidate in (today.year - 1, *range(today.year, today.year + 5)):
                if _exists(candidate, month, day) and date(candidate, month, day) >= today - timedelta(
                    days=SLIP_DAYS
                ):
                    year = candidate
                    break
        found = self._exact(year, month, day)
        if (named := self.match["dated"]) and _weekday(named) != found.weekday():
            right = WEEKDAY_NAMES[found.weekday()]
            raise MomentFault(
                f"{found.day} {MONTH_NAMES[found.month - 1]} is a {right}, "
                f"not a {WEEKDAY_NAMES[_weekday(named)]}. Which day do you mean?"
            )
        return found

    def _exact(self, year: int, month: int, day: int) -> date:
        if not _exists(year, month, day):
            raise MomentFault(
                f'There is no day "{self.match[0].strip()}"; the month comes first in 12/8. {HOW_TO_WRITE}'
            )
        return date(year, month, day)


def find_minutes(text: str) -> int | None:
    """A length named in a text, in minutes: "45 min", "for an hour", "1.5 hours", "1h30"; None without one."""
    match = DURATION.search(text)
    if match is None:
        return None
    if match["halfhour"]:
        return 30
    if match["hourhalf"]:
        return 90
    if match["quarters"]:
        return 45 if match["three"] else 15
    if match["h"]:
        return int(match["h"]) * 60 + int(match["hm"])
    if match["hours"]:
        word = match["hours"].lower()
        return round(float(NUMBERS.get(word, word)) * 60) or None
    return int(match["minutes"]) or None


def say_day(day: date, today: date) -> str:
    """ "Tue 8 Dec"; with the year when it lies in another school year (1 July to 30 June) than `today`."""
    text = f"{WEEKDAY_NAMES[day.weekday()]} {day.day} {MONTH_NAMES[day.month - 1]}"
    is_same_year = day.year - (day.month < 7) == today.year - (today.month < 7)
    return text if is_same_year else f"{text} {day.year}"


def say_time(at: time) -> str:
    """ "9:00", "13:30" """
    return f"{at.hour}:{at.minute:02d}"


def read_clock(text: str, half: Half | None = None) -> time:
    """The time of "12:30", "2 pm" or "noon"; an hour without am or pm is in the school day. Raises ``MomentFault``."""
    words = text.lower().strip()
    if words in ("noon", "midday"):
        return time(12)
    match = re.match(r"(\d{1,2})(?:[:.h]?(\d{2}))?\s*(?:([ap])\.?m)?", words)
    assert match is not None  # every text given here was matched by _CLOCK or is a bare number
    hour, minute, suffix = int(match[1]), int(match[2] or 0), match[3]
    if (suffix and not 1 <= hour <= 12) or hour > 23 or minute > 59:
        raise MomentFault(f'There is no time "{text.strip()}". {HOW_TO_WRITE}')
    if suffix:
        hour = hour % 12 + (12 if suffix == "p" else 0)
    elif hour < 12 and not match[1].startswith("0") and (half is Half.PM or (not half and 1 <= hour <= 6)):
        hour += 12
    return time(hour, minute)


def _is_a_word(match: re.Match[str], text: str) -> bool:
    """Whether "sat", "sun", "may" or "march" is the English word and no day.

    "sat" and "sun" are words unless a time or "on" stands by them, "may 3" and "march 3" when they count
    something ("we may 3 times").
    """
    if (match["month"] or "") in ("may", "march") and not match["dated"] and not match["year"]:
        return bool(COUNTED_THING.match(text, match.end()))
    if (match["weekday"] or "").lower() not in ("sat", "sun") or match["which"]:
        return False
    is_alone = len(text) < LOOK_BACK and text.strip() == match[0].strip()
    if match[0].lower().startswith("on ") or is_alone:
        return False
    return not _Phrase(match, text).is_timed


def _is_quantity(found: re.Match[str], text: str) -> bool:
    """Whether a bare number counts things ("Tue 5 principals", "Tue 30 min") instead of telling the hour."""
    if not found["bare"] or found["until"]:
        return False
    if UNIT.match(text, found.end()) or NUMBER.match(text, found.end()):
        return True
    return not found["lead"] and bool(COUNTED_THING.match(text, found.end()))


def _half(word: str) -> Half:
    return Half.AM if word.lower() in ("morning", "am") else Half.PM


def _weekday(word: str) -> int:
    return [name.lower() for name in WEEKDAY_NAMES].index(word[:3].lower())


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
