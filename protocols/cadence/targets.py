"""The target of a school over time: in how many school days it is to be seen again, from when to when, and why.

The roster's assignment has a number for every school; the ILD may set another one for a time or for good, because
support is differentiated by need (Honig and others 2010). The past is never rewritten:

* A change begins on the day it is made or later; the newest change that covers a day decides it, and where one ends
  the earlier ones hold again, at last the roster's number.
* An interval is measured by the targets that held while it ran. It breaks on the first day on which it is over the
  target of that day, and a slower rhythm set afterwards mends nothing.
* A quicker rhythm counts from its first day: a school seen twelve days ago that becomes weekly today is due within
  five school days, not late at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from protocols.cadence.calendar import SchoolCalendar

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Target:
    """A visit every `days` school days from `starts` to `ends`, both included (None: until further notice).

    `because` is the reason in the words of whoever set it; `set_by` the id of that person, None for the roster's own.
    """

    days: int
    starts: date
    ends: date | None = None
    because: str = ""
    set_by: int | None = None

    def __post_init__(self) -> None:
        if self.days < 1:
            raise ValueError(f"a target of {self.days} school days is not possible")
        if self.ends is not None and self.ends < self.starts:
            raise ValueError(f"a target ends on {self.ends}, before it starts on {self.starts}")

    def holds_on(self, day: date) -> bool:
        return self.starts <= day and (self.ends is None or day <= self.ends)


@dataclass(frozen=True, slots=True)
class Change:
    """A target as it was set; `days` None goes back to the roster's number. Later ones win over earlier ones."""

    days: int | None
    starts: date
    ends: date | None = None
    because: str = ""
    set_by: int | None = None

    def holds_on(self, day: date) -> bool:
        return self.starts <= day and (self.ends is None or day <= self.ends)


@dataclass(frozen=True, slots=True)
class Targets:
    """One school's targets in order of time, none of them overlapping. Days without any belong to nobody.

    `roster` and `changes` are what `spans` were laid from.
    """

    spans: tuple[Target, ...]
    roster: tuple[Target, ...] = field(default=(), compare=False)
    changes: tuple[Change, ...] = field(default=(), compare=False)

    def changed(self, change: Change) -> "Targets":
        """The targets as they would be with one more change, made after all that are there."""
        return lay(self.roster or self.spans, (*self.changes, change))

    def on(self, day: date) -> Target | None:
        """The target that holds on that day."""
        return next((span for span in self.spans if span.holds_on(day)), None)

    def following(self, day: date) -> Target | None:
        """The next target that begins after that day."""
        return next((span for span in self.spans if span.starts > day), None)

    def allowed(self, calendar: SchoolCalendar, after: date, until: date) -> int | None:
        """How many school days an interval that began on `after` may last, by what held until `until`.

        `after` is the day of the last visit, or the day before the clock starts. None where no target held at all.
        """
        began = calendar.position(after)
        due: int | None = None
        before = 0
        for span in self.spans:
            if span.starts > until:
                break
            if span.ends is not None and span.ends <= after:
                continue
            came = calendar.position(max(span.starts, after + _DAY) - _DAY)
            if due is None:
                due = came + span.days
            elif came > due:
                break  # broken before this target came
            elif span.days >= before:
                due = max(due, began + span.days)
            else:
                due = min(due, came + span.days)
            before = span.days
        return None if due is None else due - began

    def steady_after(self, after: int) -> int | None:
        """How many school days every interval may last that begins on that day (an ordinal) or later, where one
        target holds from then on until further notice; None where it takes a closer look (`allowed`)."""
        if len(self.spans) != 1:
            return None
        (span,) = self.spans
        return span.days if span.ends is None and span.starts.toordinal() <= after + 1 else None

    def asked(self, calendar: SchoolCalendar, start: date, end: date) -> float:
        """How many visits the targets ask for from `start` to `end`, both included."""
        return sum(
            calendar.count_school_days(max(start, span.starts), min(end, span.ends or end)) / span.days
            for span in self.spans
            if span.starts <= end and (span.ends is None or span.ends >= start)
        )


def steady(days: int) -> Targets:
    """One target for all time."""
    return Targets((Target(days, date.min),))


def lay(roster: Iterable[Target], changes: Iterable[Change]) -> Targets:
    """The targets that hold: the roster's, with the changes laid over them in the order in which they were set.

    A change covers only days on which the roster has the school, for without an assignment nobody promises a visit.
    """
    bases = tuple(sorted(roster, key=lambda span: span.starts))
    set_later = tuple(changes)
    if not set_later:
        return Targets(bases, bases)
    spans: list[Target] = []
    for base in bases:
        for starts, ends in _pieces(base, set_later):
            covering = [change for change in set_later if change.holds_on(starts)]
            newest = covering[-1] if covering else None
            if newest is None or newest.days is None:
                reason = newest.because if newest else ""
                by = newest.set_by if newest else None
                piece = Target(base.days, starts, ends, reason, by)
            else:
                piece = Target(newest.days, starts, ends, newest.because, newest.set_by)
            spans.append(piece)
    return Targets(_joined(spans), bases, set_later)


def _pieces(base: Target, changes: Iterable[Change]) -> list[tuple[date, date | None]]:
    """The days of a roster's target, cut wherever a change begins or ends."""
    cuts = {base.starts}
    for change in changes:
        cuts.add(change.starts)
        if change.ends is not None:
            cuts.add(change.ends + _DAY)
    begins = sorted(cut for cut in cuts if base.holds_on(cut))
    last: list[date | None] = [later - _DAY for later in begins[1:]]
    return list(zip(begins, [*last, base.ends], strict=True))


def _joined(spans: Iterable[Target]) -> tuple[Target, ...]:
    """Neighbours that say the same, as one."""
    found: list[Target] = []
    for span in spans:
        last = found[-1] if found else None
        if last is not None and last.ends == span.starts - _DAY and _says(last) == _says(span):
            found[-1] = Target(last.days, last.starts, span.ends, last.because, last.set_by)
        else:
            found.append(span)
    return tuple(found)


def _says(span: Target) -> tuple[int, str, int | None]:
    return span.days, span.because, span.set_by
