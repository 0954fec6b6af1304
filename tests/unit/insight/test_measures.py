"""Each measure, on rows small enough to count by hand."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.cadence.intervals import Rhythm
from protocols.insight.measures import (
    Change,
    MandateRow,
    ProtectedRow,
    Spread,
    Unvisited,
    VisitRow,
    count_cancelled,
    count_mandates,
    count_visits,
    ended_in_step,
    find_unvisited,
    intervals_kept,
    longest_calendar_gaps,
    longest_gaps,
    made_good,
    minutes_asked,
    protected_kept,
    protected_lost,
    spread,
    time_in_schools,
    usefulness,
    visit_evenness,
    without_length,
)
from protocols.insight.query import Period

OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))


def visit(school: str, day: int, *, month: int = 10, **more) -> VisitRow:
    row = {"ild": "Vega", "kind": "walkthrough", "minutes": 60, "is_held": True} | more
    return VisitRow(school=school, day=date(2026, month, day), **row)


ROWS = [
    visit("Oak", 1),
    visit("Oak", 31, minutes=None),
    visit("Elm", 9, ended_in_step=True),
    visit("Elm", 12, ended_in_step=False),
    visit("Elm", 20, month=9),
    visit("Ash", 14, is_held=False),
    visit("Ash", 15, is_held=False, is_cancelled=True, reason="hearing"),
    visit("Elm", 16, is_held=False, is_cancelled=True, reason="hearing", is_made_good=True),
    visit("Oak", 2, month=11),
]


def test_visits_are_those_held_in_the_period_and_schools_without_any_count_as_none():
    counts = count_visits(ROWS, OCTOBER, key=lambda row: row.school, groups=["Oak", "Elm", "Ash"])

    assert counts == {"Oak": 2, "Elm": 2, "Ash": 0}
    assert spread(counts) == Spread(total=4, groups=3, smallest=0, middle=2, largest=2)


def test_nothing_has_no_spread():
    with pytest.raises(ValueError, match="nothing"):
        spread({})


def test_not_visited_are_schools_without_a_held_visit_the_longest_unseen_first():
    week = Period(date(2026, 10, 13), date(2026, 10, 30))

    assert find_unvisited(ROWS, week, ["Oak", "Elm", "Ash"]) == [
        Unvisited("Ash", None, None),
        Unvisited("Oak", date(2026, 10, 1), 29),
        Unvisited("Elm", date(2026, 10, 12), 18),
    ]


def test_a_calendar_gap_runs_to_the_end_of_the_period():
    assert longest_calendar_gaps(ROWS, OCTOBER, ["Oak", "Elm", "Ash"]) == {"Ash": 30, "Oak": 30, "Elm": 19}
    assert longest_calendar_gaps(ROWS, OCTOBER, ["Oak", "Elm"], days=20) == {"Oak": 30}


def test_intervals_are_summed_over_schools_and_gaps_come_longest_first():
    rhythms = {
        "Oak": Rhythm(visits=2, gaps=(5, 12), target=10, within=1),
        "Elm": Rhythm(visits=2, gaps=(4, 5), target=5, within=2),
    }

    assert intervals_kept(rhythms.values()).value == 0.75
    assert longest_gaps(rhythms) == {"Oak": 12, "Elm": 5}
    assert longest_gaps(rhythms, days=10) == {"Oak": 12}


def test_a_weekly_and_a_monthly_school_are_even_when_each_got_what_its_target_asks():
    assert visit_evenness({"Oak": 8, "Elm": 2}, {"Oak": 8, "Elm": 2}) == 1
    assert visit_evenness({"Oak": 8, "Elm": 0}, {"Oak": 4, "Elm": 4}) == 0
    assert visit_evenness({"Oak": 8}, {"Oak": 4}) is None


def test_time_in_schools_counts_held_visits_and_says_how_many_had_no_length():
    assert time_in_schools(ROWS, OCTOBER, working_minutes=1800).value == 0.1
    assert without_length(ROWS, OCTOBER) == 1


def test_cancelled_visits_by_reason_and_how_many_were_made_good():
    assert count_cancelled(ROWS, OCTOBER, key=lambda row: row.reason) == {"hearing": 2}
    assert made_good(ROWS, OCTOBER).value == 0.5


def test_protected_time_is_lost_by_the_minute_and_never_more_than_there_was():
    rows = [
        ProtectedRow(date(2026, 10, 6), 180),
        ProtectedRow(date(2026, 10, 7), 180, 60, "Facilities", "boiler"),
        ProtectedRow(date(2026, 10, 8), 180, 500, "Curriculum", "training"),
        ProtectedRow(date(2026, 11, 3), 180, 180, "Curriculum", "training"),
    ]

    assert protected_kept(rows, OCTOBER).part == 300
    assert protected_lost(rows, OCTOBER, key=lambda row: row.office) == {"Curriculum": 180, "Facilities": 60}


def test_next_steps_are_shared_over_visits_where_it_is_known():
    assert ended_in_step(ROWS, OCTOBER).value == 0.5
    assert ended_in_step([], OCTOBER).value is None


def test_minutes_asked_multiply_by_the_principals_asked():
    rows = [
        MandateRow(date(2026, 10, 2), "Curriculum", 24, 20),
        MandateRow(date(2026, 10, 9), "Facilities", 10, None),
        MandateRow(date(2026, 9, 9), "Facilities", 10, 30),
    ]

    assert minutes_asked(rows, OCTOBER) == 480
    assert count_mandates(rows, OCTOBER) == {"Curriculum": 1, "Facilities": 1}


def test_usefulness_is_silent_below_five_principals_and_each_counts_once():
    four = {name: [4] for name in "abcd"}

    assert usefulness(four) is None
    assert usefulness(four | {"e": []}) is None
    assert usefulness(four | {"e": [1, 1, 1, 1, 1, 1]}) == 3.5


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(1, 5))))
def test_usefulness_never_shows_the_answers_of_fewer_than_five(answers):
    ratings: dict[str, list[int]] = {}
    for principal, rating in answers:
        ratings.setdefault(principal, []).append(rating)

    assert (usefulness(ratings) is None) == (len(ratings) < 5)


@pytest.mark.parametrize(("now", "earlier", "by"), [(5, 3, 2), (None, 3, None), (3, None, None)])
def test_a_change_needs_both_numbers(now, earlier, by):
    assert Change(now, earlier).by == by
