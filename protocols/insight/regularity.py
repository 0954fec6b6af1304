"""How often an answer is sent again: "every Monday", "every first Monday", "each month", and the days that gives.

A subscription has a nominal day; where no school is held then, it goes on the next school day, unless that is so late
that the following one is near. A question about "this month" or "this week" that goes out at the start of one is
about the one that has just ended: nobody wants the figures of a morning.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from dateutil.relativedelta import relativedelta

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
ORDINALS = ("first", "second", "third", "fourth", "last")
LAST = 5
_DAY = r"(?P<day>mon|tues?|wed(?:nes)?|thu(?:rs)?|fri)(?:days?)?"
_ORDINAL = r"(?P<ordinal>first|1st|second|2nd|third|3rd|fourth|4th|last)"
_OFTEN = r"(?:every|each|on the|on every|on each|the)"
_MONTHLY = re.compile(
    rf"(?:{_OFTEN} )?{_ORDINAL} {_DAY}(?: (?:of|in) (?:the|every|each|a) month)?|"
    rf"(?:{_OFTEN} )?{_DAY.replace('<day>', '<day2>')} of (?:the|every|each) "
    rf"{_ORDINAL.replace('<ordinal>', '<ordinal2>')} week"
)
_MONTH = re.compile(r"(?:(?:every|each|once a|once every) month|monthly)")
_WEEKLY = re.compile(
    rf"(?:every|each|on|weekly on|once a week on|every week on) {_DAY}|{_DAY.replace('<day>', '<d2>')}s"
)
_WEEK = re.compile(r"(?:(?:every|each|once a) week|weekly)")
_LATEST = {True: timedelta(days=14), False: timedelta(days=4)}
"""How late a monthly and a weekly one may still go: days after its nominal day."""


@dataclass(frozen=True, slots=True)
class Regularity:
    """``weekday`` 0 (Monday) to 4; ``ordinal`` 1 to 4 or ``LAST`` within the month, None: every week."""

    weekday: int = 0
    ordinal: int | None = None

    @property
    def is_monthly(self) -> bool:
        return self.ordinal is not None

    def last_until(self, day: date) -> date:
        """The newest nominal day that is not after ``day``."""
        if self.ordinal is None:
            return day - timedelta(days=(day.weekday() - self.weekday) % 7)
        this = self._in_month(day)
        return this if this <= day else self._in_month(day - relativedelta(months=1))

    def next_after(self, day: date) -> date:
        """The first nominal day after ``day``."""
        if self.ordinal is None:
            return day + timedelta(days=(self.weekday - day.weekday() - 1) % 7 + 1)
        this = self._in_month(day)
        return this if this > day else self._in_month(day.replace(day=1) + relativedelta(months=1))

    def due_on(self, day: date, *, after: date) -> date | None:
        """The nominal day that is due on the school day ``day``; ``after`` was the last one, or the day of asking."""
        nominal = self.last_until(day)
        return nominal if nominal > after and day - nominal <= _LATEST[self.is_monthly] else None

    def _in_month(self, day: date) -> date:
        first = day.replace(day=1)
        if self.ordinal == LAST:
            end = first + relativedelta(months=1, days=-1)
            return end - timedelta(days=(end.weekday() - self.weekday) % 7)
        assert self.ordinal is not None  # asked of monthly ones only
        return first + timedelta(days=(self.weekday - first.weekday()) % 7 + 7 * (self.ordinal - 1))

    def say(self) -> str:
        """ "every Monday", "every first Monday of the month" """
        if self.ordinal is None:
            return f"every {DAYS[self.weekday]}"
        return f"every {ORDINALS[self.ordinal - 1]} {DAYS[self.weekday]} of the month"

    def encode(self) -> str:
        """For a button and a row: "0", "0.1"."""
        return f"{self.weekday}" if self.ordinal is None else f"{self.weekday}.{self.ordinal}"

    @classmethod
    def decode(cls, line: str) -> Self:
        """What ``encode`` wrote. Raises ValueError for anything else."""
        found = re.fullmatch(r"([0-4])(?:\.([1-5]))?", line)
        if found is None:
            raise ValueError("that is not a weekday of a week or month")
        return cls(int(found[1]), int(found[2]) if found[2] else None)


def read_regularity(text: str) -> Regularity | None:
    """What the words say, None where they name no week or month. A month without a day is its first Monday."""
    line = re.sub(r"[\s,]+", " ", text.casefold()).strip(" .?!")
    if found := _MONTHLY.fullmatch(line):
        day, ordinal = found["day"] or found["day2"], found["ordinal"] or found["ordinal2"]
        return Regularity(_weekday(day), _ordinal(ordinal))
    if _MONTH.fullmatch(line):
        return Regularity(0, 1)
    if found := _WEEKLY.fullmatch(line):
        return Regularity(_weekday(found["day"] or found["d2"]))
    return Regularity() if _WEEK.fullmatch(line) else None


def ended_period(start: date, end: date, *, today: date, is_monthly: bool) -> date | None:
    """The last day of the month or week before, where the days asked for are the one that has just begun.

    ``start`` to ``end`` are what the question means today. Read again as of that last day, "this month" is the month
    that has ended. None: the question is right as it is.
    """
    begins = today.replace(day=1) if is_monthly else today - timedelta(days=today.weekday())
    return begins - timedelta(days=1) if start == begins and end >= today else None


def _weekday(word: str) -> int:
    return next(place for place, day in enumerate(DAYS) if day.casefold().startswith(word[:3]))


def _ordinal(word: str) -> int:
    return (
        LAST
        if word == "last"
        else next(place for place, one in enumerate(ORDINALS, 1) if word == one or word[0] == str(place))
    )
