"""What a memo asks, as plain values.

Words used here and in the rest of the package:

- A *memo* is whatever a school is sent: a circular, a regulation, a notice, an e-mail.
- A *passage* is one sentence, bullet, table row or heading of it.
- A *demand* is a passage that asks, forbids or allows something, or announces something dated that others
  will do and the school has to know.
- *Binding* is how much choice is left: must, should, may, or mere information.
- The *school's side* is everybody a principal answers for (the school, the principal, its teachers and staff);
  district offices, the state, parents, vendors and applicants acting for themselves are not.

Offsets are characters of the memo's text as it was given, so that ``text[start:end]`` is always the quote.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol

from protocols.buffer.facets import Facets


class DayCalendar(Protocol):
    """The one question about the school year that reading a memo asks."""

    def is_school_day(self, day: date) -> bool: ...


class Binding(StrEnum):
    """How much choice the reader has, strongest first."""

    MUST = "must"
    SHOULD = "should"
    MAY = "may"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for must up to 3 for information, so that sorting puts the strongest first."""
        return _BINDING_RANK[self]


_BINDING_RANK: Mapping[Binding, int] = {Binding.MUST: 0, Binding.SHOULD: 1, Binding.MAY: 2, Binding.INFO: 3}


class DateRole(StrEnum):
    """What a date is for: done by then, happening then, in force from (or until) then, or something else."""

    DEADLINE = "deadline"
    EVENT = "event"
    EFFECTIVE = "effective"
    OTHER = "other"


class Precision(StrEnum):
    """How exactly a memo says when.

    ``DAY`` is one day; ``RANGE`` a stretch with a first and last day; ``COARSE`` a month or the like;
    ``RELATIVE`` hangs on something the memo does not date ("within ten school days of receipt").
    """

    DAY = "day"
    RANGE = "range"
    COARSE = "coarse"
    RELATIVE = "relative"


@dataclass(frozen=True, slots=True)
class DateMention:
    """One expression of time in a memo.

    ``iso`` is set only where the memo names one day. ``first`` and ``last`` bound a day, range or month and are
    ``None`` for relative ones. ``basis`` says how the day was found where the words alone do not say it.
    """

    start: int
    end: int
    text: str
    iso: date | None
    role: DateRole
    precision: Precision = Precision.DAY
    first: date | None = None
    last: date | None = None
    basis: str = ""

    def to_json(self) -> dict[str, object]:
        return {
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "iso": self.iso.isoformat() if self.iso else None,
            "role": self.role.value,
            "precision": self.precision.value,
            "from": self.first.isoformat() if self.first else None,
            "to": self.last.isoformat() if self.last else None,
        }


@dataclass(frozen=True, slots=True)
class Demand:
    """One thing a memo asks, forbids, allows or announces; ``quote`` is its sentence, untouched.

    ``due`` is the day that matters for it: the deadline where there is one (``due_role`` is then ``DEADLINE``),
    else the day it happens, or, for information only, the day it takes effect. ``due_words`` are the memo's
    own words for the time, kept even where no day can be named, so that "within ten school days" is never lost.
    ``more_dates`` are further days the same sentence names for it. ``conditions`` are its "if", "unless" and
    "except" clauses in the memo's words, ``facets`` what else it says: authority, forms, contact and the like.
    ``minutes`` estimates the school's own time and ``minutes_basis`` says from what.
    """

    start: int
    end: int
    quote: str
    actor: str
    for_school: bool
    binding: Binding
    due: date | None
    due_basis: str
    audience: tuple[str, ...]
    minutes: int
    minutes_basis: str
    due_role: DateRole | None = None
    due_words: str = ""
    more_dates: tuple[date, ...] = ()
    conditions: tuple[str, ...] = ()
    facets: Facets = field(default_factory=Facets)

    def to_json(self) -> dict[str, object]:
        return {
            "start": self.start,
            "end": self.end,
            "quote": self.quote,
            "actor": self.actor,
            "for_school": self.for_school,
            "binding": self.binding.value,
            "due": self.due.isoformat() if self.due else None,
            "due_basis": self.due_basis,
            "audience": list(self.audience),
            "minutes": self.minutes,
            "minutes_basis": self.minutes_basis,
            "due_role": self.due_role.value if self.due_role else None,
            "due_words": self.due_words,
            "more_dates": [day.isoformat() for day in self.more_dates],
            "conditions": list(self.conditions),
            **self.facets.to_json(),
        }


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was understood of one memo; demands and dates stand in the order of the text."""

    title: str
    one_line: str
    contact: str | None
    demands: tuple[Demand, ...]
    dates: tuple[DateMention, ...]

    @property
    def asks_nothing(self) -> bool:
        """True where the school's side has nothing to do: no must and no should."""
        return not any(d.for_school and d.binding in (Binding.MUST, Binding.SHOULD) for d in self.demands)

    def ranked(self) -> tuple[Demand, ...]:
        """The demands most worth a principal's minute first.

        The school's side before others, then what has a deadline, then the shorter and more binding sentence: the
        first fifth of the words should hold as many of the school's demands as it can.
        """
        return tuple(sorted(self.demands, key=_rank))

    def to_json(self) -> dict[str, object]:
        """The shape printed by ``translate --json``; demands most pressing first, dates in the text's order."""
        return {
            "title": self.title,
            "one_line": self.one_line,
            "contact": self.contact,
            "demands": [demand.to_json() for demand in self.ranked()],
            "dates": [mention.to_json() for mention in self.dates],
        }


_WORDS_WEIGH: Mapping[Binding, float] = {
    Binding.MUST: 1.0,
    Binding.SHOULD: 1.1,
    Binding.MAY: 1.5,
    Binding.INFO: 2.0,
}
"""A permission must be shorter than a duty to come before it."""


def _rank(demand: Demand) -> tuple[bool, bool, float, int]:
    has_deadline = demand.due is not None and demand.due_role is DateRole.DEADLINE
    weight = _WORDS_WEIGH[demand.binding] * len(demand.quote.split())
    return (not demand.for_school, not has_deadline, weight, demand.start)
