"""Budgets of overrides: what is gone, what it takes beyond, and for which days."""

from datetime import date

import pytest

from protocols.cadence.calendar import SchoolCalendar
from protocols.cadence.protected_overrides import (
    Budget,
    OverrideReason,
    Span,
    Standing,
    budget_span,
    standing,
)

RUTH, AMARA = 7, 8
BOARD, SAFETY = OverrideReason.BOARD, OverrideReason.SAFETY


@pytest.mark.parametrize(
    ("reason", "allowed", "used", "beyond", "is_seconded", "expected"),
    [
        pytest.param(BOARD, 3, 2, None, False, Standing.PASSES, id="the third of three"),
        pytest.param(BOARD, 3, 3, None, False, Standing.NEEDS_SECOND, id="a fourth"),
        pytest.param(BOARD, 0, 0, None, False, Standing.NEEDS_SECOND, id="an office without a budget"),
        pytest.param(BOARD, 3, 3, None, True, Standing.PASSES, id="a fourth that was seconded"),
        pytest.param(BOARD, 3, 3, RUTH, False, Standing.PASSES, id="by whoever is named for it"),
        pytest.param(BOARD, 3, 3, AMARA, False, Standing.NEEDS_SECOND, id="by somebody else than is named"),
        pytest.param(SAFETY, 3, 9, AMARA, False, Standing.PASSES, id="safety never waits for a budget"),
    ],
)
def test_what_an_override_takes(
    reason: OverrideReason, allowed: int, used: int, beyond: int | None, is_seconded: bool, expected: Standing
) -> None:
    budget = Budget("HR", allowed, used)
    assert standing(reason, budget, by=RUTH, beyond=beyond, is_seconded=is_seconded) is expected


@pytest.mark.parametrize("reason", OverrideReason)
def test_only_safety_is_an_emergency(reason: OverrideReason) -> None:
    assert reason.is_emergency == (reason is SAFETY)


@pytest.mark.parametrize(
    ("allowed", "used", "said"),
    [
        (3, 0, "0 of 3 this term"),
        (3, 2, "2 of 3 this term"),
        (3, 3, "3 of 3 this term"),
        (3, 4, "4 this term, 1 more than the 3 it has"),
        (0, 1, "1 this term, 1 more than the 0 it has"),
    ],
)
def test_a_budget_is_said_in_the_open(allowed: int, used: int, said: str) -> None:
    assert Budget("HR", allowed, used).say() == said


def test_a_budget_below_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="0 or more"):
        Budget("HR", -1, 0)


@pytest.mark.parametrize(
    ("day", "span"),
    [
        pytest.param(
            date(2026, 12, 1), Span(date(2026, 8, 31), date(2027, 1, 15), "this term"), id="in a term"
        ),
        pytest.param(
            date(2027, 1, 18),
            Span(date(2026, 8, 31), date(2027, 6, 11), "this school year"),
            id="between terms",
        ),
        pytest.param(
            date(2027, 7, 1), Span(date(2027, 7, 1), date(2028, 6, 30), "this year"), id="in the summer"
        ),
        pytest.param(
            date(2026, 6, 30),
            Span(date(2025, 7, 1), date(2026, 6, 30), "this year"),
            id="before the calendar",
        ),
    ],
)
def test_a_budget_is_for_a_term_or_what_comes_nearest(
    calendar: SchoolCalendar, day: date, span: Span
) -> None:
    assert budget_span(calendar, day) == span
