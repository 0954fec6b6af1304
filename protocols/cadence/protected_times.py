"""Finding times that leave protected half-days alone: a refusal with its cost, and the nearest allowed times.

All times are local to whoever asks. Those who live by another clock (`Elsewhere`) count by their own: a
half past twelve in the East is a protected morning in the Central zone.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from protocols.cadence.calendar import Half, SchoolCalendar
from protocols.cadence.day_minutes import minutes_into_day, time_of_day
from protocols.cadence.moments import say_day, say_time
from protocols.cadence.protected import (
    GRID,
    NOON,
    SCHOOL_CLOSES,
    SCHOOL_OPENS,
    Audience,
    ProtectedRule,
    is_protected,
    protecting_rule,
)

SEARCH_DAYS = 90


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


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """People concerned whose clock differs from that of whoever asks: the asker's zone, theirs, and who they are."""

    asked_in: ZoneInfo
    zone: ZoneInfo
    audience: Audience

    def see(self, start: Start) -> Start:
        """The start as their clock shows it. An hour that a clock skips or repeats is read as its first."""
        local = datetime.combine(start.day, start.at, tzinfo=self.asked_in).astimezone(self.zone)
        return Start(local.date(), local.time())


def _suits_elsewhere(
    start: Start,
    minutes: int,
    rules: tuple[ProtectedRule, ...],
    calendar: SchoolCalendar,
    elsewhere: Collection[Elsewhere],
) -> bool:
    for others in elsewhere:
        theirs = others.see(start)
        begins = minutes_into_day(theirs.at)
        if (
            not calendar.is_school_day(theirs.day)
            or begins < SCHOOL_OPENS
            or begins + minutes > SCHOOL_CLOSES
            or is_protected(theirs.day, theirs.at, rules, calendar, audience=others.audience, minutes=minutes)
        ):
            return False
    return True


def nearest_allowed(
    wanted: Start,
    minutes: int,
    rules: Iterable[ProtectedRule],
    calendar: SchoolCalendar,
    *,
    audience: Audience | None,
    now: datetime,
    busy: Collection[Busy] = (),
    elsewhere: Collection[Elsewhere] = (),
    count: int = 3,
) -> tuple[Start, ...]:
    """Up to `count` allowed starts, the nearest to `wanted` first.

    Allowed is: a school day, on the half-hour, inside school hours from start to end, nowhere protected for
    the audience (None: nobody invited lives by the asker's clock), not busy, later than `now` (local time;
    its zone is ignored), and the same by the clocks of those `elsewhere`. At most one start in each half-day,
    so that the three are a choice and not one afternoon said three times. Looks 90 days either way; fewer are
    returned where there are no more.
    """
    every_rule = tuple(rules)
    rules = tuple(rule for rule in every_rule if audience is not None and rule.concerns(audience))
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
                    and not (
                        audience is not None
                        and is_protected(
                            day, time_of_day(start), rules, calendar, audience=audience, minutes=minutes
                        )
                    )
                    and not any(block.overlaps(day, start, minutes) for block in busy)
                    and _suits_elsewhere(
                        Start(day, time_of_day(start)), minutes, every_rule, calendar, elsewhere
                    )
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


def found_rule(
    wanted: Start,
    minutes: int,
    rules: Iterable[ProtectedRule],
    calendar: SchoolCalendar,
    *,
    audience: Audience | None,
    elsewhere: Collection[Elsewhere] = (),
) -> ProtectedRule | None:
    """The rule that a meeting runs into by the clock of anyone concerned; None where it may be held."""
    rules = tuple(rules)
    if audience is not None:
        rule = protecting_rule(wanted.day, wanted.at, minutes, rules, calendar, audience)
        if rule is not None:
            return rule
    for others in elsewhere:
        theirs = others.see(wanted)
        rule = protecting_rule(theirs.day, theirs.at, minutes, rules, calendar, others.audience)
        if rule is not None:
            return rule
    return None


def refusal(
    wanted: Start,
    minutes: int,
    rules: Iterable[ProtectedRule],
    calendar: SchoolCalendar,
    *,
    audience: Audience | None,
    now: datetime,
    people: int,
    visits: int = 0,
    busy: Collection[Busy] = (),
    elsewhere: Collection[Elsewhere] = (),
) -> Refusal | None:
    """The refusal of a meeting in protected time, or None where it may be held."""
    rules = tuple(rules)
    rule = found_rule(wanted, minutes, rules, calendar, audience=audience, elsewhere=elsewhere)
    if rule is None:
        return None
    nearest = nearest_allowed(
        wanted, minutes, rules, calendar, audience=audience, now=now, busy=busy, elsewhere=elsewhere
    )
    return Refusal(rule, wanted, Cost(people, minutes, visits), nearest)


def _position(day: date, minutes: int) -> int:
    return day.toordinal() * 24 * 60 + minutes
