"""The minutes budget: what competes, and that no move passes a deadline or loses an item."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.buffer.budget import (
    LEAD_DAYS,
    MOST_WEEKS,
    Load,
    competing,
    latest_week,
    nearest_lighter,
    over_by,
    plan_moves,
    weeks_for,
)

WEEK = date(2026, 12, 7)
WEEKS = [WEEK + timedelta(weeks=n) for n in range(MOST_WEEKS + 1)]


def load(key: int, minutes: int, due: date | None = None, *, drop: bool = False) -> Load:
    return Load(key, minutes, due, WEEK, drop)


@pytest.mark.parametrize(
    ("due", "latest"),
    [
        pytest.param(None, date(2027, 1, 4), id="without a day, four weeks and no further"),
        pytest.param(date(2026, 12, 11), WEEK, id="due this week: it stays"),
        pytest.param(date(2026, 12, 16), WEEK, id="due on the next Wednesday: two days would be too few"),
        pytest.param(
            date(2026, 12, 17), date(2026, 12, 14), id="due on the next Thursday: it may be told on Monday"
        ),
        pytest.param(date(2026, 12, 1), WEEK, id="a day that has passed moves nothing"),
        pytest.param(date(2027, 6, 1), date(2027, 1, 4), id="a day far off, four weeks and no further"),
    ],
)
def test_how_far_an_item_may_be_moved(due: date | None, latest: date) -> None:
    assert latest_week(due, WEEK) == latest


def test_within_the_budget_nothing_competes() -> None:
    assert competing([load(1, 60), load(2, 30)], 90, WEEKS) == []
    assert over_by([load(1, 60), load(2, 30)], 90) == 0


def test_the_item_with_the_latest_day_gives_way_first_and_do_not_drop_never() -> None:
    items = [
        load(1, 30, date(2026, 12, 10)),
        load(2, 30, date(2026, 12, 24)),
        load(3, 60, drop=True),
        load(4, 30),
    ]
    assert [item.key for item in competing(items, 60, WEEKS)] == [4, 2, 1]
    assert weeks_for(items[2], WEEKS) == []


def test_what_has_a_time_that_is_no_day_stays_for_it_may_run_already() -> None:
    running = Load(1, 60, None, WEEK, is_running=True)
    assert weeks_for(running, WEEKS) == []
    assert plan_moves([running, load(2, 60)], 90, WEEKS, {}) == [(2, WEEKS[1])]


def test_a_week_without_a_digest_takes_nothing() -> None:
    without_break = [week for week in WEEKS if week != date(2026, 12, 14)]
    assert weeks_for(load(1, 10, date(2026, 12, 18)), without_break) == []
    assert plan_moves([load(1, 70), load(2, 50)], 90, [WEEK, date(2027, 1, 4)], {}) == [(1, date(2027, 1, 4))]


def test_a_full_week_is_passed_over() -> None:
    held = {date(2026, 12, 14): 85}
    assert plan_moves([load(1, 80), load(2, 40)], 90, WEEKS, held) == [(1, date(2026, 12, 21))]


def test_the_nearest_lighter_week() -> None:
    held = {WEEKS[0]: 80, WEEKS[1]: 70, WEEKS[2]: 10}
    assert nearest_lighter(held, 20, 90) == WEEKS[1]
    assert nearest_lighter(held, 10, 90) == WEEKS[0]
    assert nearest_lighter(held, 100, 90) is None


days = st.one_of(st.none(), st.dates(WEEK - timedelta(days=20), WEEK + timedelta(days=60)))
loads = st.lists(
    st.builds(lambda minutes, due, drop: (minutes, due, drop), st.integers(0, 180), days, st.booleans()),
    max_size=12,
).map(lambda found: [Load(key, m, due, WEEK, drop) for key, (m, due, drop) in enumerate(found)])
budgets = st.integers(10, 240)
weeks = st.lists(st.sampled_from(WEEKS), unique=True).map(sorted)
held = st.dictionaries(st.sampled_from(WEEKS), st.integers(0, 200))


@given(loads, budgets, weeks, held)
def test_no_item_is_moved_past_its_deadline_nor_told_too_late_for_it(
    items: list[Load], budget: int, open_weeks: list[date], full: dict[date, int]
) -> None:
    by_key = {item.key: item for item in items}
    for key, week in plan_moves(items, budget, open_weeks, full):
        due = by_key[key].due
        assert week in open_weeks
        assert WEEK < week <= WEEK + timedelta(weeks=MOST_WEEKS)
        assert due is None or week + timedelta(days=LEAD_DAYS) <= due


@given(loads, budgets, weeks, held)
def test_no_item_is_lost_or_moved_twice_and_do_not_drop_stays(
    items: list[Load], budget: int, open_weeks: list[date], full: dict[date, int]
) -> None:
    moves = plan_moves(items, budget, open_weeks, full)
    moved = [key for key, _week in moves]
    assert len(moved) == len(set(moved))
    assert set(moved) <= {item.key for item in items if not item.do_not_drop and item.minutes}


@given(loads, budgets, weeks, held)
def test_no_week_is_filled_beyond_the_budget_and_no_more_is_moved_than_has_to_be(
    items: list[Load], budget: int, open_weeks: list[date], full: dict[date, int]
) -> None:
    moves = dict(plan_moves(items, budget, open_weeks, full))
    minutes = {item.key: item.minutes for item in items}
    for week in set(moves.values()):
        added = sum(minutes[key] for key, to in moves.items() if to == week)
        assert full.get(week, 0) + added <= budget
    moved = sum(minutes[key] for key in moves)
    for key in moves:
        assert moved - minutes[key] < over_by(items, budget)
