"""Who should have a half-day, when any visit may fall out."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.cadence.foresight import Foresight, cost_of, is_seen_anyhow
from tests.examples import tried

TODAY = 100
NOBODY = frozenset[int]()


def first(dues, *, slots=range(8), agreed=None):
    """Who gets today's half-day, where school 0, 1, ... is due so many days from today."""
    foresight = Foresight(
        [20] * len(dues),
        [12] * len(dues),
        [(TODAY + days, NOBODY) for days in slots],
        agreed or [[] for _ in dues],
        TODAY + 14,
    )
    ordered = sorted((TODAY + days, at) for at, days in enumerate(dues))
    ripe = [TODAY - 1] * len(dues)
    return foresight.rank(0, range(len(dues)), ordered, ripe, 0)[0]


@pytest.mark.parametrize(
    ("dues", "chosen"),
    [
        pytest.param([5, 0], 1, id="whoever is due today before whoever can wait"),
        pytest.param([-1, 0], 1, id="an interval that can still be kept before one a day late"),
        pytest.param([-6, 0], 0, id="nobody is given up for an interval that could be kept"),
    ],
)
def test_the_half_day_goes_to_the_school_with_which_the_weeks_go_best(dues, chosen):
    assert first(dues) == chosen


def test_a_school_with_an_agreed_visit_in_time_leaves_the_half_day_to_another():
    assert first([1, 2], slots=(0, 3), agreed=[[TODAY + 1], []]) == 1


def test_a_school_that_can_have_no_later_half_day_goes_first():
    here, later = (TODAY, NOBODY), (TODAY + 2, frozenset({1}))
    foresight = Foresight([20, 20], [12, 12], [here, later], [[], []], TODAY + 14)
    assert foresight.rank(0, [0, 1], [(TODAY + 2, 0), (TODAY + 2, 1)], [0, 0], 0) == [1, 0]


@pytest.mark.parametrize(
    ("coming", "due", "target", "expected"),
    [
        pytest.param(TODAY + 9, TODAY + 9, 20, True, id="in time on the last day"),
        pytest.param(TODAY + 10, TODAY + 9, 20, False, id="too late by a day"),
        pytest.param(TODAY + 7, TODAY - 3, 20, True, id="late, but soon"),
        pytest.param(TODAY + 8, TODAY - 3, 20, False, id="late, and not soon"),
    ],
)
def test_an_agreed_visit_is_enough_where_it_comes_in_time_or_soon(coming, due, target, expected):
    assert is_seen_anyhow(coming, TODAY, due, target) is expected


def test_the_third_day_of_lateness_weighs_more_than_the_first():
    costs = [cost_of(0, days) for days in range(5)]
    steps = [after - before for before, after in pairwise(costs)]
    assert costs[0] == 0
    assert steps == sorted(steps)
    assert cost_of(1, 0) > cost_of(0, 2)
    assert cost_of(1, 0) < cost_of(0, 3)


@tried(60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(-10, 20), st.sampled_from([5, 10, 15, 20]), st.lists(st.integers(1, 14), max_size=2)
        ),
        min_size=1,
        max_size=6,
    ),
    st.lists(st.integers(0, 14), min_size=1, max_size=12),
    st.integers(0, 5),
)
def test_every_school_is_ranked_once_and_the_same_way_again(schools, days, worst):
    def ranked():
        foresight = Foresight(
            [target for _, target, _ in schools],
            [max(1, target // 2) for _, target, _ in schools],
            [(TODAY + day, NOBODY) for day in sorted(days)],
            [sorted({TODAY + mark for mark in marks}) for _, _, marks in schools],
            TODAY + 14,
        )
        dues = sorted((TODAY + due, at) for at, (due, _, _) in enumerate(schools))
        return foresight.rank(0, range(len(schools)), dues, [0] * len(schools), worst)

    assert sorted(ranked()) == list(range(len(schools)))
    assert ranked() == ranked()
