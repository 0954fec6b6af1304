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

Neighbours: `protected_times` finds allowed times, `protected_overrides` says who may take protected time all
the same, `protected_words` reads a policy as people write it, `protected_changes` what a change would do.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time

from protocols.cadence.calendar import Half, SchoolCalendar
from protocols.cadence.day_minutes import minutes_into_day

NOON = 12 * 60
SCHOOL_OPENS = 7 * 60 + 30
SCHOOL_CLOSES = 16 * 60
GRID = 30
MINUTES_OF = {Half.AM: NOON - SCHOOL_OPENS, Half.PM: SCHOOL_CLOSES - NOON}

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


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
class Opening:
    """An exception: what is protected from `starts` to `ends` (both included) is open, for a reason.

    `half` None means mornings and afternoons. Refuses the scopes and spans that a rule refuses.
    """

    starts: date
    ends: date
    half: Half | None = None
    scope: str = "all"
    reason: str = ""

    def __post_init__(self) -> None:
        _check_scope(self.scope)
        if self.ends < self.starts:
            raise ValueError(f"The exception ends on {self.ends}, before it starts on {self.starts}.")

    def includes(self, day: date, half: Half) -> bool:
        return self.starts <= day <= self.ends and self.half in (None, half)

    def frees(self, audience: Audience) -> bool:
        """Whether everyone in the audience is among those it is for: a meeting of two networks is not open
        because one of them is."""
        kind, _, name = self.scope.partition(":")
        match kind:
            case "network":
                return audience.networks == {name}
            case "role":
                return audience.roles == {name}
            case _:
                return True

    @property
    def whom(self) -> str:
        return whom_of(self.scope)


@dataclass(frozen=True, slots=True)
class ProtectedRule:
    """One protected half-day a week.

    `weekday` is 0 for Monday; `scope` is ``all``, ``network:NAME`` or ``role:NAME``; `ends` is the last day
    it holds, None while it is in force; `openings` are the policy's exceptions. Refuses other scopes and an
    end before the start.
    """

    weekday: int
    half: Half
    scope: str
    starts: date
    ends: date | None = None
    reason: str = ""
    openings: tuple[Opening, ...] = ()

    def __post_init__(self) -> None:
        _check_scope(self.scope)
        if not 0 <= self.weekday <= 6:
            raise ValueError(f"Weekday {self.weekday} is not 0 (Monday) to 6 (Sunday).")
        if self.ends is not None and self.ends < self.starts:
            raise ValueError(f"The rule ends on {self.ends}, before it starts on {self.starts}.")

    def holds_on(self, day: date) -> bool:
        """Whether the rule is in force on that day and the day is its weekday; exceptions aside."""
        in_force = self.starts <= day and (self.ends is None or day <= self.ends)
        return in_force and day.weekday() == self.weekday

    def protects(self, day: date, half: Half, audience: Audience) -> bool:
        """Whether it protects this half of the day for anyone in the audience."""
        if self.half is not half or not self.holds_on(day) or not self.concerns(audience):
            return False
        return not any(
            opening.includes(day, half) and (opening.scope == self.scope or opening.frees(audience))
            for opening in self.openings
        )

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
        return f"{WEEKDAYS[self.weekday]} {self.half.word}"

    @property
    def whom(self) -> str:
        """ "everybody", "ILDs", "North Network" """
        return whom_of(self.scope)


def whom_of(scope: str) -> str:
    """The people of a scope: "everybody", "ILDs", "North Network"."""
    kind, _, name = scope.partition(":")
    match kind:
        case "all":
            return "everybody"
        case "role":
            return "ILDs" if name == "ild" else f"{name}s"
        case _:
            return name


def _check_scope(scope: str) -> None:
    kind, _, name = scope.partition(":")
    if scope != "all" and (kind not in ("network", "role") or not name):
        raise ValueError(f'"{scope}" is not a scope. Use all, network:NAME or role:NAME.')


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
    found = [rule for rule in rules if rule.protects(day, half, audience)]
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
            if any(rule.protects(day, half, audience) for rule in rules):
                yield day, half


def protected_minutes(
    start: date, end: date, rules: Iterable[ProtectedRule], calendar: SchoolCalendar, audience: Audience
) -> int:
    """Protected minutes in school hours, both days included; overlapping rules count once."""
    return sum(MINUTES_OF[half] for _, half in protected_halves(start, end, rules, calendar, audience))
