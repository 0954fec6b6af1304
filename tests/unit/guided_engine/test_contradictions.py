"""Which two lines of a data conversation contradict each other most."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.guided.contradictions import widest_apart
from protocols.guided.figure_readers import Figure
from protocols.guided.figures import read_figures


@pytest.mark.parametrize(
    ("lines", "places"),
    [
        (["57 % of students proficient", "100 % of teachers effective"], (1, 0)),
        (["57 %", "every teacher", "60 %"], (1, 0)),
        (["12 of 40 students revised", "three quarters of teachers say they ask for it"], (1, 0)),
        (["3 students", "3,000 students", "57 %", "58 %"], (3, 2)),
        (["10 kids tardy", "20 students absent", "50 pupils"], (2, 0)),
        (["no visits", "5 visits", "2 visits"], (1, 0)),
        (["12 students absent", "3 visits", "40 students enrolled"], (2, 0)),
        (["45 minutes of PD", "2 hours of PD"], (1, 0)),
        (["rated 3 out of 4", "level 2.1 by my notes"], (0, 1)),
        (["90 minutes a week", "1.5 hours a week"], None),
        (["90 minutes a week", "20 minutes a day"], None),
        (["14 suspensions since September", "3 visits"], None),
        (["14 suspensions in 5 weeks", "3 visits in 2 weeks"], None),
        (["14 suspensions", "3"], None),
        (["$14", "14 visits", "14 %"], None),
        (["up 12 %", "57 % proficient"], None),
        (["14 last fall", "3 now"], (0, 1)),
        (["14", "3", "14 visits", "12 visits"], (2, 3)),
        (["57 % of students", "57 percent of teachers"], None),
        (["57 % of students, 92 % of teachers"], None),
        (["57 % of students, 92 % of teachers", "90 % of parents"], (1, 0)),
        (["52 referrals, 3 visits", "40 visits", "50 referrals"], (1, 0)),
        (["57 %"], None),
        (["no number"], None),
        ([], None),
    ],
)
def test_only_figures_of_the_same_unit_contradict_each_other_the_greater_first(
    lines: list[str], places: tuple[int, int] | None
) -> None:
    assert widest_apart([read_figures(line) for line in lines]) == places


_FIGURES = st.builds(
    Figure,
    st.floats(-1e6, 1e6) | st.integers(-5, 5),
    st.sampled_from(["%", "", "student", "visit", "minute"]),
)
_LINES = st.lists(st.lists(_FIGURES, max_size=3), max_size=6)


@given(_LINES)
def test_what_is_laid_side_by_side_is_of_one_unit_and_differs(lines: list[list[Figure]]) -> None:
    pair = widest_apart(lines)
    if pair is None:
        for place, line in enumerate(lines):
            others = [other for against, rest in enumerate(lines) if against != place for other in rest]
            assert all(one.value == other.value for one in line for other in others if one.unit == other.unit)
        return
    greater, less = (lines[place] for place in pair)
    assert pair[0] != pair[1]
    assert any(one.unit == other.unit and one.value > other.value for one in greater for other in less)


@given(st.lists(_FIGURES, max_size=6).flatmap(lambda all_: st.tuples(st.just(all_), st.permutations(all_))))
def test_the_order_of_lines_decides_nothing(orders: tuple[list[Figure], list[Figure]]) -> None:
    assert _laid(orders[0]) == _laid(orders[1])


def _laid(figures: list[Figure]) -> list[Figure]:
    """The two figures, one a line, that are laid against each other."""
    pair = widest_apart([[figure] for figure in figures])
    return [figures[place] for place in pair or ()]
