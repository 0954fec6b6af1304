"""Which number a line tells, and which two of several contradict each other most."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.guided.figures import Figure, read_figure, widest_apart


@pytest.mark.parametrize(
    ("line", "figure"),
    [
        ("100 % of teachers rated effective", Figure(100, "%")),
        ("57% of students proficient", Figure(57, "%")),
        ("57.5 per cent of students", Figure(57.5, "%")),
        ("12 of 40 students revised their work", Figure(30, "%")),
        ("12 out of 1,200 students", Figure(1, "%")),
        ("1,240 students", Figure(1240, "")),
        ("-3 points since last year", Figure(-3, "")),
        ("every teacher rated effective", Figure(100, "%")),
        ("nobody revised", Figure(0, "%")),
        ("in 2025, 24 students", Figure(24, "")),
        ("in 2025 every student", Figure(100, "%")),
        ("2000 students", Figure(2000, "")),
        ("Room 204: 8 of 24 students wrote", Figure(33.3, "%")),
        ("57 % of 100 teachers", Figure(57, "%")),
        ("3rd grade 40 %", Figure(40, "%")),
        ("0 of 0 students", Figure(0, "")),
        ("grade 3-5 reading", None),
        ("many students", None),
        ("", None),
    ],
)
def test_a_line_tells_its_share_before_its_count_and_its_count_before_its_year(
    line: str, figure: Figure | None
) -> None:
    assert read_figure(line) == figure


@pytest.mark.parametrize(
    ("figures", "places"),
    [
        ([Figure(57, "%"), Figure(100, "%")], (1, 0)),
        ([Figure(57, "%"), Figure(100, "%"), Figure(60, "%")], (1, 0)),
        ([Figure(3, ""), Figure(3000, ""), Figure(57, "%"), Figure(58, "%")], (3, 2)),
        ([Figure(10, ""), Figure(20, ""), Figure(50, "")], (2, 0)),
        ([Figure(0, ""), Figure(5, ""), Figure(2, "")], (1, 0)),
        ([Figure(3, ""), Figure(3, "%")], None),
        ([Figure(57, "%"), Figure(57, "%")], None),
        ([Figure(57, "%")], None),
        ([], None),
    ],
)
def test_the_two_furthest_apart_of_one_unit_the_greater_first(
    figures: list[Figure], places: tuple[int, int] | None
) -> None:
    assert widest_apart(figures) == places


@given(st.lists(st.builds(Figure, st.floats(-1e6, 1e6), st.sampled_from(["%", ""])), max_size=8))
def test_what_is_laid_side_by_side_is_of_one_unit_and_differs(figures: list[Figure]) -> None:
    pair = widest_apart(figures)
    if pair is None:
        assert len({figure.value for figure in figures if figure.unit == "%"}) < 2
        return
    greater, less = (figures[place] for place in pair)
    assert greater.unit == less.unit
    assert greater.value > less.value


@given(st.text(max_size=80))
def test_any_line_can_be_read(line: str) -> None:
    figure = read_figure(line)
    assert figure is None or figure.unit in ("%", "")
