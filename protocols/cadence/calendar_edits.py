"""A change of the calendar as a value, and what it does to the days.

An edit is kept until somebody says yes, so it can be written as JSON. What it does is told by laying two calendars
against each other, the one before and the one after; how it came about does not matter then.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Any

from protocols.cadence.calendar import (
    DISTRICT_WIDE,
    VISIT_STARTS,
    Closure,
    ClosureKind,
    Half,
    SchoolCalendar,
    SchoolYear,
    Term,
    days_of,
)
from protocols.cadence.protected import Audience, ProtectedRule

MOST_REMOVED = 0.05
"""The share of a source's days that may go without a question, as with rosters."""
MOST_CLOSED = 5
"""School days that a feed may close without a question: a week."""


@dataclass(frozen=True, slots=True)
class CalendarEdit:
    """Closures, school years and terms to put in force. With a ``source`` it is all that this source says."""

    closures: tuple[Closure, ...] = ()
    years: tuple[SchoolYear, ...] = ()
    terms: tuple[Term, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "closures": [
                {
                    "starts": one.starts.isoformat(),
                    "ends": one.ends.isoformat(),
                    "kind": one.kind.value,
                    "title": one.title,
                    "at": one.at.isoformat() if one.at else None,
                    "scope": one.scope,
                }
                for one in self.closures
            ],
            "years": [_period(one) for one in self.years],
            "terms": [_period(one) for one in self.terms],
        }

    @classmethod
    def from_json(cls, known: dict[str, Any]) -> "CalendarEdit":
        """What ``to_json`` wrote."""
        return cls(
            closures=tuple(
                Closure(
                    date.fromisoformat(one["starts"]),
                    date.fromisoformat(one["ends"]),
                    ClosureKind(one["kind"]),
                    one["title"],
                    time.fromisoformat(one["at"]) if one["at"] else None,
                    one["scope"],
                )
                for one in known["closures"]
            ),
            years=tuple(SchoolYear(*_read_period(one)) for one in known["years"]),
            terms=tuple(Term(*_read_period(one)) for one in known["terms"]),
        )


def _period(one: SchoolYear | Term) -> dict[str, str]:
    return {"label": one.label, "starts": one.starts.isoformat(), "ends": one.ends.isoformat()}


def _read_period(known: dict[str, str]) -> tuple[str, date, date]:
    return known["label"], date.fromisoformat(known["starts"]), date.fromisoformat(known["ends"])


def cut_out(closure: Closure, starts: date, ends: date) -> Iterator[Closure]:
    """What is left of a closure without the days from ``starts`` to ``ends``: none, one or two pieces."""
    if closure.ends < starts or closure.starts > ends:
        yield closure
        return
    if closure.starts < starts:
        yield replace(closure, ends=starts - timedelta(days=1))
    if closure.ends > ends:
        yield replace(closure, starts=ends + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Difference:
    """What a change does to the district's days: school days gone and won, and half-days that visits lose or win.

    ``halves_lost`` are protected ones, those of any network or role; ``scopes`` are the narrow closures that are new.
    """

    lost: tuple[date, ...]
    won: tuple[date, ...]
    halves_lost: tuple[tuple[date, Half], ...]
    halves_won: tuple[tuple[date, Half], ...]

    @property
    def is_nothing(self) -> bool:
        return not (self.lost or self.won or self.halves_lost or self.halves_won)


def compare(
    before: SchoolCalendar,
    after: SchoolCalendar,
    rules: Iterable[ProtectedRule],
    *,
    since: date = date.min,
    scopes: Collection[str] = (),
) -> Difference:
    """Lay two calendars against each other, from ``since`` on.

    ``scopes``: the schools, networks or levels whose own closures count as well.
    """
    rules = tuple(rules)
    old, new = (set(one.school_days(since, date.max)) for one in (before, after))

    def halves(calendar: SchoolCalendar, days: set[date]) -> set[tuple[date, Half]]:
        return {
            (day, half)
            for day in days
            for half in Half
            if any(rule.protects(day, half, _whose(rule)) for rule in rules)
            and calendar.takes_visit(day, VISIT_STARTS[half], concerns=scopes)
        }

    had, has = halves(before, old), halves(after, new)
    return Difference(
        lost=tuple(sorted(old - new)),
        won=tuple(sorted(new - old)),
        halves_lost=tuple(sorted(had - has)),
        halves_won=tuple(sorted(has - had)),
    )


def _whose(rule: ProtectedRule) -> Audience:
    kind, _, name = rule.scope.partition(":")
    return Audience.of(**{kind: name}) if name else Audience()


def removed_share(known: Iterable[Closure], found: Iterable[Closure], *, since: date) -> float:
    """The share of the days a source has closed from ``since`` on that its newest copy leaves out, 0 to 1.

    Days are laid against days, so a break that only changes its title takes nothing away.
    """
    had, has = (
        {day for one in closures for day in days_of(max(one.starts, since), one.ends)}
        for closures in (known, found)
    )
    return len(had - has) / len(had) if had else 0.0


def why_to_ask(
    difference: Difference, share: float, before: SchoolCalendar, found: CalendarEdit
) -> str | None:
    """Why a change that nobody has looked at waits for a yes, in a clause; None where it may be taken and told."""
    for year in found.years:
        known = next((one for one in before.years if one.label == year.label), None)
        if known is not None and (year.ends < known.ends or year.starts > known.starts):
            return f"it makes the school year {year.label} shorter"
    if share > MOST_REMOVED:
        return f"it takes away {share:.0%} of its days"
    if len(difference.lost) > MOST_CLOSED:
        return f"it closes {len(difference.lost)} school days"
    return None


def scopes_of(closures: Iterable[Closure]) -> frozenset[str]:
    """The scopes of closures that are not the whole district's."""
    return frozenset(one.scope for one in closures) - {DISTRICT_WIDE}
