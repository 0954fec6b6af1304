"""Protected time: half-days that belong to schools.

A rule protects one weekday's morning or afternoon, for everybody, for one network or for one role, from a
day on. It holds on school days only: on a holiday there is nothing to protect. In a protected half nobody
calls principals or ILDs into a meeting, and the bot sends nothing that was not asked for; visits and
protocols are what it is for. One district blacked out a day and a half a week this way, later two and a half
(Honig and others 2010); what was not protected was lost to hearings and "fire drills".

Boundaries, in local wall time, so a change of daylight saving never makes a half shorter:

* a morning runs from midnight to noon, an afternoon from noon to midnight. A message at 06:30 of a protected
  morning would be read in that morning, so it waits too;
* only school hours, 07:30 to 16:00, are counted when protected minutes are added up, and meetings are
  offered in them.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from protocols.cadence.calendar import Half, SchoolCalendar
from protocols.cadence.day_minutes import minutes_into_day, time_of_day
from protocols.cadence.moments import say_day, say_time

NOON = 12 * 60
SCHOOL_OPENS = 7 * 60 + 30
SCHOOL_CLOSES = 16 * 60
GRID = 30
MINUTES_OF = {Half.AM: NOON - SCHOOL_OPENS, Half.PM: SCHOOL_CLOSES - NOON}
SEARCH_DAYS = 90

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom something concerns: the networks and roles of the people in it."""

    networks: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()

    @classmethod
    def of(cls, *, network: str | None = None, role: str | None = None) -> "Audience":
        """The audience of one person."""
        return cls(frozenset([network] if network else ()), frozenset([role] if role else ()))


@dataclass(frozen=True, slots=True)
class ProtectedRule:
    """One protected half-day a week.

    `weekday` is 0 for Monday; `scope` is ``all``, ``network:NAME`` or ``role:NAME``; `ends` is the last day
    it holds, None while it is in force. Refuses other scopes and an end before the start.
    """

    weekday: int
    half: Half
    scope: str
    starts: date
    ends: date | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        kind, _, name = self.scope.partition(":")
        if self.scope != "all" and (kind not in ("network", "role") or not name):
            raise ValueError(f'"{self.scope}" is not a scope. Use all, network:NAME or role:NAME.')
        if not 0 <= self.weekday <= 6:
            raise ValueError(f"Weekday {self.weekday} is not 0 (Monday) to 6 (Sunday).")
        if self.ends is not None and self.ends < self.starts:
            raise ValueError(f"The rule ends on {self.ends}, before it starts on {self.starts}.")

    def holds_on(self, day: date) -> bool:
        in_force = self.starts <= day and (self.ends is None or day <= self.ends)
        return in_force and day.weekday() == self.weekday

    def concerns(self, audience: Audience) -> bool:
        kind, _, name = self.scope.partition(":")
        match kind:
            case "network":
                return name in audience.networks
            case "role":
                return name in audience.roles
            case _:
                return True

    @property
    def window(self) -> str:
        """ "Tuesday morning" """
        return f"{_WEEKDAYS[self.weekday]} {self.half.word}"

    @property
    def whom(self) -> str:
        """ "everybody", "ILDs", "North Network" """
        kind, _, name = self.scope.partition(":")
        match kind:
            case "all":
                return "everybody"
            case "role":
                return "ILDs" if name == "ild" else f"{name}s"
            case _:
                return name


def half_at(at: time) -> Half:
    return Half.AM if at.hour < 12 else Half.PM


def halves_touched(at: time, minutes: int) -> tuple[Half, ...]:
    """The halves a stretch of `minutes` from `at` lies in; what runs past midnight is cut there."""
    start = minutes_into_day(at)
    return tuple(
        half
        for half, begins, ends in ((Half.AM, 0, NOON), (Half.PM, NOON, 24 * 60))
        if start < ends and max(start + minutes, start + 1) > begins
    )


def rule_for(
    day: date, half: Half, rules: Iterable[ProtectedRule], calendar: SchoolCalendar, audience: Audience
) -> ProtectedRule | None:
    """The rule that protects this half for anyone in the audience, the widest scope first; None if open."""
    if not calendar.is_school_day(day):
        return None
    found = [rule for rule in rules if rule.half is half and rule.holds_on(day) and rule.concerns(audience)]
    return min(found, key=lambda rule: (rule.scope != "all", rule.starts, rule.scope), default=None)


def protecting_rule(
    day: date,
    at: time,
    minutes: int,
    rules: Iterable[ProtectedRule],
    calendar: SchoolCalendar,
    audience: Audience,
) -> ProtectedRule | None:
    """The first rule that a stretch of local time runs into; a length of 0 is an instant."""
    rules = tuple(rules)
    found = (rule_for(day, half, rules, calendar, audience) for half in halves_touched(at, minutes))
    return next((rule for rule in found if rule), None)


def is_protected(
    day: date,
    at: time,
    rules: Iterable[ProtectedRule],
    calendar: SchoolCalendar,
    *,
    audience: Audience,
    minutes: int = 0,
) -> bool:
    """Whether any of `minutes` from `at` on `day` (local) is protected for anyone in the audience."""
    return protecting_rule(day, at, minutes, rules, calendar, audience) is not None


def protected_halves(
    start: date, end: date, rules: Iterable[ProtectedRule], calendar: SchoolCalendar, audience: Audience
) -> Iterator[tuple[date, Half]]:
    """Every protected half-day from `start` to `end`, both included, in order."""
    rules = tuple(rule for rule in rules if rule.concerns(audience))
    for day in calendar.school_days(start, end):
        for half in Half:
            if any(rule.half is half and rule.holds_on(day) for rule in rules):
                yield day, half


def protected_minutes(
    start: date, end: date, rules: Iterable[ProtectedRule], calendar: SchoolCalendar, audience: Audience
) -> int:
    """Protected minutes in school hours, both days included; overlapping rules count once."""
    return sum(MINUTES_OF[half] for _, half in protected_halves(start, end, rules, calendar, audience))


@dataclass(frozen=True, slots=True, order=True)
class Start:
    """A local time at which something may begin."""

    day: date
    at: time

    def say(self, today: date) -> str:
        return f"{say_day(self.day, today)} {say_time(self.at)}"


@dataclass(frozen=True, slots=True)
class Busy:
    """A stretch in which somebody concerned cannot come: local, within one day."""

    day: date
    at: time
    minutes: int

    def overlaps(self, day: date, start: int, minutes: int) -> bool:
        begins = minutes_into_day(self.at)
        return self.day == day and start < begins + self.minutes and begins < start + minutes


def nearest_allowed(
    wanted: Start,
    minutes: int,
    rules: Iterable[ProtectedRule],
    calendar: SchoolCalendar,
    *,
    audience: Audience,
    now: datetime,
    busy: Collection[Busy] = (),
    count: int = 3,
) -> tuple[Start, ...]:
    """Up to `count` allowed starts, the nearest to `wanted` first.

    Allowed is: a school day, on the half-hour, inside school hours from start to end, nowhere protected for
    the audience, not busy, later than `now` (local time; its zone is ignored). At most one start in each
    half-day, so that the three are a choice and not one afternoon said three times. Looks 90 days either
    way; fewer are returned where there are no more.
    """
    rules = tuple(rule for rule in rules if rule.concerns(audience))
    target = _position(wanted.day, minutes_into_day(wanted.at))
    this_moment = _position(now.date(), minutes_into_day(now.time()))
    found: list[tuple[int, Start]] = []
    for offset in range(SEARCH_DAYS + 1):
        if len(found) >= count and (offset - 1) * 24 * 60 > sorted(found)[count - 1][0]:
            break
        for sign in (1,) if offset == 0 else (1, -1):
            day = date.fromordinal(wanted.day.toordinal() + sign * offset)
            if day < now.date() or not calendar.is_school_day(day):
                continue
            for half in Half:
                starts = [
                    (abs(_position(day, start) - target), Start(day, time_of_day(start)))
                    for start in range(SCHOOL_OPENS, SCHOOL_CLOSES - minutes + 1, GRID)
                    if (start < NOON) is (half is Half.AM)
                    and _position(day, start) > this_moment
                    and not is_protected(
                        day, time_of_day(start), rules, calendar, audience=audience, minutes=minutes
                    )
                    and not any(block.overlaps(day, start, minutes) for block in busy)
                ]
                found.extend([min(starts)] if starts else [])
    return tuple(start for _, start in sorted(found)[:count])


@dataclass(frozen=True, slots=True)
class Cost:
    """What a meeting takes from schools: people, minutes of each, and visits that would have to move."""

    people: int
    minutes: int
    visits: int = 0

    def say(self) -> str:
        people = f"{self.people} {'person' if self.people == 1 else 'people'} x {self.minutes} minutes"
        if not self.visits:
            return people
        return f"{people}, and {self.visits} {'visit' if self.visits == 1 else 'visits'} would move"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a meeting cannot be where it was asked for, and what can be instead."""

    rule: ProtectedRule
    wanted: Start
    cost: Cost
    nearest: tuple[Start, ...]


def refusal(
    wanted: Start,
    minutes: int,
    rules: Iterable[ProtectedRule],
    calendar: SchoolCalendar,
    *,
    audience: Audience,
    now: datetime,
    people: int,
    visits: int = 0,
    busy: Collection[Busy] = (),
) -> Refusal | None:
    """The refusal of a meeting in protected time, or None where it may be held."""
    rules = tuple(rules)
    rule = protecting_rule(wanted.day, wanted.at, minutes, rules, calendar, audience)
    if rule is None:
        return None
    nearest = nearest_allowed(wanted, minutes, rules, calendar, audience=audience, now=now, busy=busy)
    return Refusal(rule, wanted, Cost(people, minutes, visits), nearest)


class OverrideReason(StrEnum):
    """Classes of reasons for which protected time may be taken; each is counted by itself."""

    SAFETY = "safety"
    LEGAL = "legal"
    STATE = "state"
    BOARD = "board"
    STAFFING = "staffing"
    OTHER = "other"


class OverrideFault(ValueError):
    """An override that lacks what makes it answerable; the text says what to write."""


@dataclass(frozen=True, slots=True)
class Override:
    """Protected time taken on purpose: when, under which rule, why, and at what cost."""

    start: Start
    rule: ProtectedRule
    reason: OverrideReason
    sentence: str
    cost: Cost


def override(refused: Refusal, reason: OverrideReason, sentence: str) -> Override:
    """Turn a refusal into an override. The sentence is shown to everyone affected, so it must say something.

    Raises `OverrideFault` for fewer than three words.
    """
    words = " ".join(sentence.split())
    if len(words.split()) < 3:
        raise OverrideFault("Say in one sentence why this cannot wait; those who lose the time will read it.")
    return Override(refused.wanted, refused.rule, reason, words, refused.cost)


def _position(day: date, minutes: int) -> int:
    return day.toordinal() * 24 * 60 + minutes
