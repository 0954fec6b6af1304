"""Overrides: protected time taken on purpose, in the open, within a budget.

Each office has so many overrides a term. Every notice says how many are gone ("2 of 3 this term"). When the
budget has run out, one executive is not enough: another one must second it, or whoever the administrator has
named for it. Emergencies pass without a budget and are counted apart; else the third fire drill of a term
would be called one.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from protocols.cadence.calendar import SchoolCalendar
from protocols.cadence.protected import ProtectedRule
from protocols.cadence.protected_times import Cost, Refusal, Start

USUAL_BUDGET = 3
"""Overrides a term that an office has where the administrator has set nothing."""


class OverrideReason(StrEnum):
    """Classes of reasons for which protected time may be taken; each is counted by itself."""

    SAFETY = "safety"
    LEGAL = "legal"
    STATE = "state"
    BOARD = "board"
    STAFFING = "staffing"
    OTHER = "other"

    @property
    def is_emergency(self) -> bool:
        """Safety comes first: it passes at once, without a budget, and is counted apart."""
        return self is OverrideReason.SAFETY


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


@dataclass(frozen=True, slots=True)
class Budget:
    """Overrides an office has in a term, emergencies apart. Refuses a negative number."""

    office: str
    allowed: int
    used: int
    called: str = "this term"

    def __post_init__(self) -> None:
        if self.allowed < 0:
            raise ValueError("A budget is 0 or more.")

    @property
    def has_run_out(self) -> bool:
        return self.used >= self.allowed

    def say(self) -> str:
        """ "2 of 3 this term", "4 this term, 1 more than the 3 it has" """
        if self.used <= self.allowed:
            return f"{self.used} of {self.allowed} {self.called}"
        return f"{self.used} {self.called}, {self.used - self.allowed} more than the {self.allowed} it has"


class Standing(StrEnum):
    """What it takes for an override to be in force."""

    PASSES = "passes"
    NEEDS_SECOND = "needs_second"


def standing(
    reason: OverrideReason, budget: Budget, *, by: int, beyond: int | None, is_seconded: bool = False
) -> Standing:
    """Whether an override by person `by` passes, or somebody has to second it.

    `beyond` is the person named for what goes beyond the budget; without one any other executive seconds.
    """
    if reason.is_emergency or not budget.has_run_out or is_seconded or by == beyond:
        return Standing.PASSES
    return Standing.NEEDS_SECOND


@dataclass(frozen=True, slots=True)
class Span:
    """The days that a budget is for, both included, and what they are called in a sentence."""

    starts: date
    ends: date
    called: str


def budget_span(calendar: SchoolCalendar, day: date) -> Span:
    """The term of that day; where the calendar has none, its school year, else the twelve months from July."""
    term = calendar.term_of(day)
    if term is not None:
        return Span(term.starts, term.ends, "this term")
    year = calendar.year_of(day)
    if year is not None:
        return Span(year.starts, year.ends, "this school year")
    first = day.year if day.month >= 7 else day.year - 1
    return Span(date(first, 7, 1), date(first + 1, 6, 30), "this year")
