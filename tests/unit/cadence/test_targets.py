"""Which target holds when, and by what an interval is measured. Days are those of the calendar in `conftest`."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.cadence.calendar import SchoolCalendar, SchoolYear
from protocols.cadence.intervals import rhythm, standing
from protocols.cadence.targets import Change, Target, Targets, lay, steady

PLAIN = SchoolCalendar((SchoolYear("2026-27", date(2026, 9, 7), date(2027, 6, 18)),))
"""Mondays to Fridays without a closure, so that a week is five school days; 7 September is a Monday."""
MONDAY = date(2026, 9, 7)
ROSTER = (Target(15, date(2026, 8, 1)),)


def day(weeks: int, days: int = 0) -> date:
    """So many weeks and days after the first Monday."""
    return MONDAY + timedelta(weeks=weeks, days=days)


def weekly(starts: date, ends: date | None = None, because: str = "Grace is new") -> Change:
    return Change(5, starts, ends, because, 7)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param([], [15, 15, 15, 15], id="without a change the roster's number holds"),
        pytest.param([weekly(day(2), day(5))], [15, 5, 15, 15], id="a change holds for its days"),
        pytest.param([weekly(day(2))], [15, 5, 5, 5], id="a change without an end holds on"),
        pytest.param(
            [weekly(day(2)), Change(10, day(4), day(7))],
            [15, 5, 10, 5],
            id="where one ends the earlier holds",
        ),
        pytest.param(
            [weekly(day(2)), Change(None, day(4))], [15, 5, 15, 15], id="back to the roster is back for good"
        ),
        pytest.param(
            [Change(20, day(2)), Change(5, day(2))],
            [15, 5, 5, 5],
            id="the one set last wins from the same day",
        ),
    ],
)
def test_the_newest_change_that_covers_a_day_decides(changes: list[Change], expected: list[int]) -> None:
    targets = lay(ROSTER, changes)
    held = [targets.on(when) for when in (day(1), day(3), day(6), day(9))]
    assert [one.days for one in held if one] == expected


def test_a_change_holds_across_the_rosters_own_and_says_why() -> None:
    bases = (Target(15, date(2026, 8, 1), day(3)), Target(20, day(3, 1)))
    targets = lay(bases, [weekly(day(2), day(8))])
    assert [(one.days, one.starts, one.because) for one in targets.spans] == [
        (15, date(2026, 8, 1), ""),
        (5, day(2), "Grace is new"),
        (20, day(8, 1), ""),
    ]
    assert targets.on(day(4)) == Target(5, day(2), day(8), "Grace is new", 7)
    following = targets.following(day(4))
    assert following is not None
    assert following.days == 20


def test_nobody_promises_a_visit_on_days_without_an_assignment() -> None:
    targets = lay((Target(10, day(4), day(8)),), [weekly(day(0))])
    assert targets.on(day(3)) is None
    assert targets.on(day(4)) == Target(5, day(4), day(8), "Grace is new", 7)
    assert targets.on(day(9)) is None


def test_one_more_change_is_laid_over_all_before_it() -> None:
    weekly_now = lay(ROSTER, [weekly(day(2))])
    assert weekly_now.changed(Change(None, day(4))) == lay(ROSTER, [weekly(day(2)), Change(None, day(4))])
    assert [one.days for one in weekly_now.changed(Change(None, day(4))).spans] == [15, 5, 15]
    assert [one.days for one in steady(10).changed(Change(5, day(4))).spans] == [10, 5]


@pytest.mark.parametrize(
    ("changes", "after", "until", "allowed"),
    [
        pytest.param([], day(0), day(9), 15, id="one target all the while"),
        pytest.param(
            [weekly(day(2))], day(0), day(9), 14, id="a quicker one gives its own days from its first"
        ),
        pytest.param([weekly(day(1))], day(0), day(9), 9, id="but no more than its own days"),
        pytest.param([Change(20, day(2))], day(0), day(9), 20, id="a slower one in time gives more"),
        pytest.param([Change(20, day(3, 1))], day(0), day(9), 20, id="on the last day it is still in time"),
        pytest.param(
            [Change(20, day(4))], day(0), day(9), 15, id="a slower one after the break mends nothing"
        ),
        pytest.param([weekly(day(2))], day(0), day(1), 15, id="what comes later does not matter yet"),
        pytest.param([weekly(day(1), day(4))], day(4), day(9), 15, id="what ended before does not matter"),
        pytest.param(
            [weekly(day(1)), Change(20, day(1, 3))], day(0), day(9), 20, id="quicker, then slower in time"
        ),
    ],
)
def test_an_interval_is_measured_by_the_targets_that_held_while_it_ran(
    changes: list[Change], after: date, until: date, allowed: int
) -> None:
    assert lay(ROSTER, changes).allowed(PLAIN, after, until) == allowed


def test_without_any_target_nothing_is_allowed_or_forbidden() -> None:
    assert Targets(()).allowed(PLAIN, day(0), day(9)) is None
    found = rhythm([day(1)], target=Targets(()), calendar=PLAIN, start=day(0), end=day(9))
    assert (found.gaps, found.within) == ((6,), 1)


def test_each_interval_of_a_period_has_its_own_measure() -> None:
    targets = lay(ROSTER, [weekly(day(6), day(9))])
    visits = [day(0), day(3), day(6), day(7), day(9), day(12)]
    found = rhythm(visits, target=targets, calendar=PLAIN, start=day(0, 1), end=day(12))
    assert found.gaps == (15, 15, 5, 10, 15)
    assert found.within == 4
    assert rhythm(visits, target=15, calendar=PLAIN, start=day(0, 1), end=day(12)).within == 5


def test_a_school_made_weekly_today_is_not_late_today() -> None:
    targets = lay(ROSTER, [weekly(day(2, 2))])
    stands = standing([day(0)], target=targets, calendar=PLAIN, today=day(2, 2))
    assert (stands.days_since, stands.target, stands.allowed, stands.over_by) == (12, 5, 15, 0)
    later = standing([day(0)], target=targets, calendar=PLAIN, today=day(3, 2))
    assert (later.days_since, later.over_by) == (17, 2)


@pytest.mark.parametrize(
    ("targets", "visits"),
    [
        pytest.param(steady(5), 8.0, id="weekly for eight weeks"),
        pytest.param(lay(ROSTER, [weekly(day(3))]), 6.0, id="each stretch by its own target"),
        pytest.param(lay((Target(5, day(4)),), []), 4.0, id="only the days of the assignment"),
    ],
)
def test_what_is_asked_for_is_counted_by_what_held(targets: Targets, visits: float) -> None:
    assert targets.asked(PLAIN, day(0), day(7, 4)) == pytest.approx(visits)


@pytest.mark.parametrize(
    ("days", "ends"),
    [pytest.param(0, None, id="no days"), pytest.param(5, day(-1), id="ends before it starts")],
)
def test_an_impossible_target_is_refused(days: int, ends: date | None) -> None:
    with pytest.raises(ValueError, match="target"):
        Target(days, day(0), ends)


changes_st = st.lists(
    st.builds(
        lambda days, starts, length: Change(
            days, day(0, starts), None if length is None else day(0, starts + length)
        ),
        st.one_of(st.none(), st.integers(1, 40)),
        st.integers(0, 250),
        st.one_of(st.none(), st.integers(0, 100)),
    ),
    max_size=6,
)


@given(changes_st, st.integers(0, 280))
def test_laid_spans_never_overlap_and_say_what_the_newest_change_says(
    changes: list[Change], when: int
) -> None:
    targets = lay(ROSTER, changes)
    assert all(one.ends is not None and one.ends < two.starts for one, two in pairwise(targets.spans))
    covering = [change for change in changes if change.holds_on(day(0, when))]
    expected = (covering[-1].days if covering else None) or 15
    found = targets.on(day(0, when))
    assert found is not None
    assert found.days == expected


@given(changes_st, changes_st, st.integers(0, 100), st.integers(1, 150))
def test_a_change_never_rewrites_what_was_before_its_first_day(
    before: list[Change], added: list[Change], starts: int, length: int
) -> None:
    """An interval that ended before any of the new changes began is measured as it was."""
    after, until = day(0, starts), day(0, starts + length)
    later = [change for change in added if change.starts > until]
    assert lay(ROSTER, [*before, *later]).allowed(PLAIN, after, until) == lay(ROSTER, before).allowed(
        PLAIN, after, until
    )


@given(changes_st, st.integers(0, 100), st.integers(1, 100), st.integers(0, 80))
def test_an_interval_once_broken_stays_broken(
    changes: list[Change], starts: int, length: int, more: int
) -> None:
    targets, after = lay(ROSTER, changes), day(0, starts)
    sooner, later = day(0, starts + length), day(0, starts + length + more)
    allowed = targets.allowed(PLAIN, after, sooner)
    assert allowed is not None
    if PLAIN.school_days_since(after, sooner) > allowed:
        still = targets.allowed(PLAIN, after, later)
        assert still is not None
        assert PLAIN.school_days_since(after, later) > still
