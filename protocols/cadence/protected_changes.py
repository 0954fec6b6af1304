"""What a change of the policy of protected time would do, worked out before it is in force.

A policy is rules (half-days of every week) and openings (exceptions by date). A change adds rules, ends
rules, opens days and closes openings again. The past is never rewritten: a rule that is ended keeps the days
before, and nothing begins before today, or before tomorrow where today's half is over.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from protocols.cadence.calendar import Half, SchoolCalendar
from protocols.cadence.protected import (
    MINUTES_OF,
    NOON,
    SCHOOL_CLOSES,
    WEEKDAYS,
    Audience,
    Opening,
    ProtectedRule,
    protected_halves,
    whom_of,
)
from protocols.cadence.protected_words import Days, Policy, PolicyFault

HALVES_A_WEEK = 10
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rules:
    """A whole policy: weekly rules without their exceptions, and the exceptions."""

    weekly: tuple[ProtectedRule, ...] = ()
    openings: tuple[Opening, ...] = ()

    @property
    def in_force(self) -> tuple[ProtectedRule, ...]:
        """The rules with their exceptions, as every question about a half-day wants them."""
        return tuple(replace(rule, openings=self.openings) for rule in self.weekly)


@dataclass(frozen=True, slots=True)
class End:
    """A weekly half-day is open from `opens` on."""

    weekday: int
    half: Half
    scope: str
    opens: date

    def ends(self, rule: ProtectedRule) -> bool:
        same = (rule.weekday, rule.half, rule.scope) == (self.weekday, self.half, self.scope)
        return same and (rule.ends is None or rule.ends >= self.opens)


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become different; `scope` is whose time it is."""

    scope: str
    rules: tuple[ProtectedRule, ...] = ()
    ends: tuple[End, ...] = ()
    openings: tuple[Opening, ...] = ()
    closes: tuple[Days, ...] = ()

    @property
    def first_day(self) -> date:
        """The first day that is different; the last there is where nothing is."""
        days = [rule.starts for rule in self.rules] + [end.opens for end in self.ends]
        days += [opening.starts for opening in self.openings] + [closed.starts for closed in self.closes]
        return min(days, default=date.max)


def to_protect(policy: Policy, scope: str, rules: Rules, calendar: SchoolCalendar, now: datetime) -> Change:
    """The change that protects what was written. `now` is local. Raises `PolicyFault` where nothing would change."""
    added: list[ProtectedRule] = []
    for weekday, half in policy.windows:
        starts = _from(policy.starts, half, now)
        wanted = ProtectedRule(weekday, half, scope, starts, policy.ends, policy.reason)
        added += uncovered(wanted, rules.weekly)
    if policy.windows and not added:
        weekday, half = policy.windows[0]
        name = f"{WEEKDAYS[weekday]} {half.word}"
        raise PolicyFault(f"{name} is protected already, for {whom_of(scope)}.")
    closes = []
    for days in policy.days:
        for day, half in _halves(days, calendar, now):
            if any(o.scope == scope and o.includes(day, half) for o in rules.openings):
                closes.append(Days(day, day, half))
            one = ProtectedRule(day.weekday(), half, scope, day, day, policy.reason)
            added += uncovered(one, rules.weekly)
    if policy.days and not added and not closes:
        raise PolicyFault("All of that is protected already. Write “protected time” to see what is.")
    # An exception is one from the half-days named beside it, not from whatever else is protected that week.
    openings = [
        Opening(day, day, half, scope)
        for excepted in policy.exceptions
        for day, half in _halves(excepted, calendar, now)
        if (day.weekday(), half) in policy.windows
    ]
    if policy.exceptions and not openings:
        raise PolicyFault(
            "The exception names no day on which that would be protected. Write it by date: except 12 May."
        )
    return Change(scope, tuple(added), openings=tuple(openings), closes=tuple(closes))


def to_open(policy: Policy, scope: str, rules: Rules, calendar: SchoolCalendar, now: datetime) -> Change:
    """The change that opens what was written: for good, or by date. Raises `PolicyFault` where nothing would change."""
    if policy.exceptions:
        raise PolicyFault(
            "Write what stays protected as a sentence of its own: protect Tuesday 12 May morning."
        )
    if policy.windows and policy.ends is None:
        ends = []
        for weekday, half in policy.windows:
            end = End(weekday, half, scope, _from(policy.starts, half, now))
            if not any(end.ends(rule) for rule in rules.weekly):
                raise PolicyFault(_not_for(weekday, half, scope, rules))
            ends.append(end)
        return Change(scope, ends=tuple(ends))
    wanted: list[tuple[date, Half]] = []
    if policy.windows:
        assert policy.ends is not None
        for day in calendar.school_days(policy.starts or now.date(), policy.ends):
            wanted += [(day, half) for weekday, half in policy.windows if weekday == day.weekday()]
        wanted = [(day, half) for day, half in wanted if day > now.date() or not _is_over(half, now)]
    else:
        wanted = [pair for days in policy.days for pair in _halves(days, calendar, now)]
    if not any(_protects(rules, day, half, scope) for day, half in wanted):
        raise PolicyFault("Nothing is protected then. Write “protected time” to see what is.")
    if policy.windows:
        spans = [Days(day, day, half) for day, half in wanted if _protects(rules, day, half, scope)]
    else:
        spans = [ahead for days in policy.days for ahead in _ahead(days, now)]
    return Change(
        scope,
        openings=tuple(Opening(days.starts, days.ends, days.half, scope, policy.reason) for days in spans),
    )


def _protects(rules: Rules, day: date, half: Half, scope: str) -> bool:
    """Whether a half-day is protected for anyone of the scope."""
    if scope != "all":
        return any(rule.protects(day, half, audience_of(scope)) for rule in rules.in_force)
    return any(
        rule.half is half
        and rule.holds_on(day)
        and not any(one.includes(day, half) and one.scope in ("all", rule.scope) for one in rule.openings)
        for rule in rules.in_force
    )


def _not_for(weekday: int, half: Half, scope: str, rules: Rules) -> str:
    """Why a half-day of every week cannot be opened for a scope, and what can be written."""
    name = f"{WEEKDAYS[weekday]} {half.word}"
    if scope != "all" and any((r.weekday, r.half, r.scope) == (weekday, half, "all") for r in rules.weekly):
        whom = whom_of(scope)
        return f"{name} is protected for everybody. Say until when it is open: open {name} for {whom} until 11 June."
    return f"{name} is not protected for {whom_of(scope)}. Write “protected time” to see what is."


def after(rules: Rules, change: Change) -> Rules:
    """The policy once the change is in force. Whatever was protected before its first day stays on record."""
    weekly: list[ProtectedRule] = []
    for rule in rules.weekly:
        opens = min((end.opens for end in change.ends if end.ends(rule)), default=None)
        if opens is None:
            weekly.append(rule)
        elif rule.starts < opens:
            weekly.append(replace(rule, ends=opens - ONE_DAY))
    openings = list(rules.openings)
    for closed in change.closes:
        openings = [piece for one in openings for piece in _without(one, closed, change.scope)]
    return Rules((*weekly, *change.rules), (*openings, *change.openings))


def uncovered(wanted: ProtectedRule, known: Iterable[ProtectedRule]) -> tuple[ProtectedRule, ...]:
    """The parts of a rule's span in which the same half-day is not protected yet for the same people."""
    pieces = [wanted]
    for rule in known:
        if (rule.weekday, rule.half, rule.scope) != (wanted.weekday, wanted.half, wanted.scope):
            continue
        left: list[ProtectedRule] = []
        for piece in pieces:
            if (rule.ends is not None and rule.ends < piece.starts) or (
                piece.ends is not None and piece.ends < rule.starts
            ):
                left.append(piece)
                continue
            if piece.starts < rule.starts:
                left.append(replace(piece, ends=rule.starts - ONE_DAY))
            if rule.ends is not None and (piece.ends is None or rule.ends < piece.ends):
                left.append(replace(piece, starts=rule.ends + ONE_DAY))
        pieces = left
    return tuple(piece for piece in pieces if _has_its_weekday(piece))


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does for the people it is for.

    `week_before` and `week_after` count protected half-days of an ordinary week, of ten; minutes are those of
    one person in school hours, in the whole school year `year`; `added` and `removed` are the half-days that
    become protected or open, from today to the end of the calendar.
    """

    week_before: int
    week_after: int
    minutes_before: int
    minutes_after: int
    year: str
    added: tuple[tuple[date, Half], ...]
    removed: tuple[tuple[date, Half], ...]

    @property
    def share_after(self) -> float:
        return self.week_after / HALVES_A_WEEK


def effect(rules: Rules, change: Change, calendar: SchoolCalendar, today: date) -> Effect:
    """What the change would do, for everybody, or for one person of its network or role."""
    later = after(rules, change)
    audience = audience_of(change.scope)
    last = max((year.ends for year in calendar.years), default=today)
    added: set[tuple[date, Half]] = set()
    removed: set[tuple[date, Half]] = set()
    for whose in (audience, _anyone(rules, later)) if change.scope == "all" else (audience,):
        before = set(protected_halves(today, last, rules.in_force, calendar, whose))
        then = set(protected_halves(today, last, later.in_force, calendar, whose))
        added |= then - before
        removed |= before - then
    first = max(today, min(change.first_day, last))
    year = calendar.year_of(first) or next((y for y in calendar.years if y.ends >= first), None)
    minutes = [0, 0]
    if year is not None:
        for place, some in enumerate((rules, later)):
            found = protected_halves(year.starts, year.ends, some.in_force, calendar, audience)
            minutes[place] = sum(MINUTES_OF[half] for _, half in found)
    return Effect(
        week_before=halves_a_week(rules.weekly, audience, first),
        week_after=halves_a_week(later.weekly, audience, first),
        minutes_before=minutes[0],
        minutes_after=minutes[1],
        year=year.label if year else "",
        added=tuple(sorted(added)),
        removed=tuple(sorted(removed)),
    )


def halves_a_week(rules: Iterable[ProtectedRule], audience: Audience, day: date) -> int:
    """How many half-days the seven days from `day` protect, holidays and exceptions aside. Single days do not count."""
    held = {
        (rule.weekday, rule.half)
        for rule in rules
        if rule.concerns(audience)
        and rule.starts != rule.ends
        and any(rule.holds_on(day + timedelta(days=offset)) for offset in range(7))
    }
    return len(held)


def _anyone(*policies: Rules) -> Audience:
    """Everybody for whom there is a rule."""
    scopes = [rule.scope.partition(":") for policy in policies for rule in policy.weekly]
    return Audience(
        networks=frozenset(name for kind, _, name in scopes if kind == "network"),
        roles=frozenset(name for kind, _, name in scopes if kind == "role"),
    )


def audience_of(scope: str) -> Audience:
    """The people of a scope alone: for everybody, only what is for everybody counts."""
    kind, _, name = scope.partition(":")
    match kind:
        case "network":
            return Audience.of(network=name)
        case "role":
            return Audience.of(role=name)
        case _:
            return Audience()


def _is_over(half: Half, now: datetime) -> bool:
    minutes = now.hour * 60 + now.minute
    return minutes >= (NOON if half is Half.AM else SCHOOL_CLOSES)


def _from(starts: date | None, half: Half, now: datetime) -> date:
    """The first day of something that begins on `starts`, by default at once; never in the past."""
    today = now.date()
    wanted = starts or today
    return wanted + ONE_DAY if wanted == today and _is_over(half, now) else wanted


def _halves(days: Days, calendar: SchoolCalendar, now: datetime) -> list[tuple[date, Half]]:
    """The half-days of school in these days that are not over yet."""
    return [
        (day, half)
        for day in calendar.school_days(max(days.starts, now.date()), days.ends)
        for half in ((days.half,) if days.half else Half)
        if day > now.date() or not _is_over(half, now)
    ]


def _ahead(days: Days, now: datetime) -> list[Days]:
    """What of these days is not over yet; a morning that is over keeps what it was."""
    today = now.date()
    if days.ends < today:
        return []
    if days.starts > today:
        return [days]
    left = []
    if days.half is None and _is_over(Half.AM, now):
        left = [] if _is_over(Half.PM, now) else [Days(today, today, Half.PM)]
    elif not _is_over(days.half or Half.AM, now):
        return [Days(today, days.ends, days.half)]
    if days.ends > today:
        left.append(Days(today + ONE_DAY, days.ends, days.half))
    return left


def _has_its_weekday(rule: ProtectedRule) -> bool:
    """Whether any day of the span is the rule's weekday; a gap of three days may hold none."""
    if rule.ends is None:
        return True
    first = rule.starts + timedelta(days=(rule.weekday - rule.starts.weekday()) % 7)
    return first <= rule.ends


def _without(opening: Opening, closed: Days, scope: str) -> list[Opening]:
    """What is left of an exception when some of its days are protected again."""
    overlaps = opening.starts <= closed.ends and closed.starts <= opening.ends
    if opening.scope != scope or not overlaps or (closed.half and opening.half not in (None, closed.half)):
        return [opening]
    left = []
    if opening.starts < closed.starts:
        left.append(replace(opening, ends=closed.starts - ONE_DAY))
    if closed.half is not None and opening.half is None:
        other = Half.PM if closed.half is Half.AM else Half.AM
        inside = (max(opening.starts, closed.starts), min(opening.ends, closed.ends))
        left.append(replace(opening, starts=inside[0], ends=inside[1], half=other))
    if closed.ends < opening.ends:
        left.append(replace(opening, starts=closed.ends + ONE_DAY))
    return left
