"""What a pulse may show: nobody's answer, nor that of a group of fewer than five, also not by subtraction."""

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.centre.pulse import (
    ABOUT_ILD,
    ABOUT_UNIT,
    FEWEST,
    STEPS,
    AnswerFault,
    Ballot,
    mean,
    middle_half,
    open_lines,
    read,
    read_marks,
    shares,
)
from protocols.insight.small_groups import open_groups


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({}, set()),
        ({"North": 4}, set()),
        ({"North": 5}, {"North"}),
        ({"North": 5, "South": 5}, {"North", "South"}),
        ({"North": 5, "South": 0}, {"North"}),  # nobody there: nothing to work out
        ({"North": 5, "South": 4}, set()),  # the whole less North is South
        ({"North": 6, "West": 5, "South": 1}, {"North"}),  # West goes too: it hides South
        ({"North": 9, "West": 3, "South": 2}, {"North"}),  # five are left together
        ({"North": 9, "West": 7, "South": 2, "East": 2}, {"North"}),
    ],
)
def test_which_groups_may_be_shown(counts: dict[str, int], shown: set[str]) -> None:
    assert open_groups(counts) == shown


marks = st.tuples(*[st.integers(1, 5)] * 3)
answers = st.lists(st.tuples(st.sampled_from("ABCDE"), marks), max_size=40)


def is_in_span(wanted: list[int], rows: list[list[int]]) -> bool:
    """Whether sums and differences of the rows, each as often as one likes, make the wanted one."""
    return rank([*rows, wanted]) == rank(rows)


def rank(rows: list[list[int]]) -> int:
    left = [[Fraction(value) for value in row] for row in rows]
    found = 0
    for column in range(len(left[0]) if left else 0):
        pivot = next((at for at in range(found, len(left)) if left[at][column]), None)
        if pivot is None:
            continue
        left[found], left[pivot] = left[pivot], left[found]
        for at in range(found + 1, len(left)):
            factor = left[at][column] / left[found][column]
            left[at] = [a - factor * b for a, b in zip(left[at], left[found], strict=True)]
        found += 1
    return found


@given(answers)
def test_no_group_under_five_can_be_read_off_also_not_by_subtraction(
    given_: list[tuple[str, tuple[int, ...]]],
) -> None:
    """Of everything shown, added and subtracted at will, nothing is the sum of one to four answers.

    Groups are the smallest parts that anything shown is made of, so it is enough to look at unions of them.
    """
    reading = read(Ballot(group, one) for group, one in given_)
    counts = {group: sum(1 for one, _ in given_ if one == group) for group in "ABCDE"}
    groups = [group for group in "ABCDE" if counts[group]]
    known = [[int(group == shown) for group in groups] for shown in reading.groups]
    if reading.whole is not None:
        known.append([1] * len(groups))
    for size in range(1, len(groups) + 1):
        for some in combinations(groups, size):
            if sum(counts[group] for group in some) < FEWEST:
                assert not is_in_span([int(group in some) for group in groups], known), some


@given(answers)
def test_what_is_shown_is_what_was_answered(given_: list[tuple[str, tuple[int, ...]]]) -> None:
    reading = read((Ballot(group, one) for group, one in given_), groups=("A", "B"))
    for group, tally in reading.groups.items():
        mine = [one for other, one in given_ if other == group]
        assert tally.answers == len(mine) >= FEWEST
        for place, row in enumerate(tally.rows):
            assert row == tuple(sum(1 for one in mine if one[place] == step) for step in range(1, 6))
    assert (reading.whole is None) == (len(given_) < FEWEST)
    named = {*reading.groups, *reading.few, *reading.withheld}
    assert named == {"A", "B", *(group for group, _ in given_)}


@given(st.dictionaries(st.sampled_from("ABCDEFGH"), st.integers(0, 12)))
def test_no_more_is_left_out_than_has_to_be(counts: dict[str, int]) -> None:
    shown = open_groups(counts)
    large = {group for group, count in counts.items() if count >= FEWEST}
    assert len(large - shown) <= 1  # one group is enough to hide behind


@given(st.lists(st.text(min_size=1), max_size=9))
def test_lines_are_shown_from_five_up(lines: list[str]) -> None:
    assert open_lines(lines) == (tuple(lines) if len(lines) >= 5 else ())


def test_every_statement_must_have_a_step() -> None:
    values = {one.key: "3" for one in ABOUT_ILD}
    assert read_marks(ABOUT_ILD, values) == (3, 3, 3, 3)
    for wrong in ("", "0", "6", "³", "3.0"):
        with pytest.raises(AnswerFault) as fault:
            read_marks(ABOUT_ILD, {**values, "again": wrong})
        assert fault.value.statement == "again"


@pytest.mark.parametrize(
    ("counts", "average", "half", "parts"),
    [
        ((0, 0, 5, 0, 0), 3.0, (3, 3), (0, 100, 0)),
        ((1, 1, 0, 2, 1), 3.2, (2, 4), (40, 0, 60)),
        ((5, 0, 0, 0, 5), 3.0, (1, 5), (50, 0, 50)),
        ((0, 0, 0, 1, 7), 4.875, (5, 5), (0, 0, 100)),
    ],
)
def test_mean_and_spread(
    counts: tuple[int, int, int, int, int],
    average: float,
    half: tuple[int, int],
    parts: tuple[float, float, float],
) -> None:
    assert mean(counts) == average
    assert middle_half(counts) == half
    assert shares(counts) == parts


def test_the_standard_set_is_short_and_about_support() -> None:
    for statements in (ABOUT_ILD, ABOUT_UNIT):
        assert 3 <= len(statements) <= 5
        assert len({one.key for one in statements}) == len(statements)
        assert all(len(one.text) <= 75 and len(one.short) <= 20 for one in statements)
    assert len(STEPS) == 5
