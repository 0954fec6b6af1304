"""A theory of action: how its words are read, and what figures say of it. Rules as tables."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.centre.theory import (
    GAUGES,
    LONGEST_CLAUSE,
    MOST_LINES,
    Clause,
    Gauge,
    Line,
    Reading,
    Standing,
    Theory,
    TheoryFault,
    Unit,
    Way,
    judge,
    make_line,
    make_theory,
    read_line,
    read_theory,
    say_line,
    say_standing,
    say_whole,
    stand,
    with_line,
)

F, A, U, N = Standing.FOR, Standing.AGAINST, Standing.UNKNOWN, Standing.UNTIED


@pytest.mark.parametrize(
    "words",
    [
        "if we visit, then principals lead, so that students write",
        "If we visit then principals lead so that students write.",
        "IF … we visit\nTHEN: principals lead;\nSO THAT: students write",
    ],
)
def test_a_theory_is_read_as_people_write_it(words: str) -> None:
    assert read_theory(words) == Theory("we visit", "principals lead", "students write")


@pytest.mark.parametrize(
    "words", ["", "we visit", "if we visit, then principals lead", "if, then, so that", "if a so that b"]
)
def test_what_has_not_three_parts_is_asked_for(words: str) -> None:
    with pytest.raises(TheoryFault):
        read_theory(words)


def test_a_part_that_is_too_long_to_be_told_is_refused_with_its_length() -> None:
    with pytest.raises(TheoryFault, match=f"{LONGEST_CLAUSE + 1} letters"):
        make_theory("a" * (LONGEST_CLAUSE + 1), "b", "c")


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("next steps looked at again at least 80%", (Gauge.LOOKED_AT, Way.AT_LEAST, 0.8)),
        ("next steps looked at again reaches at least 0.8", (Gauge.LOOKED_AT, Way.AT_LEAST, 0.8)),
        ("days between visits at most 10", (Gauge.BETWEEN_VISITS, Way.AT_MOST, 10)),
        ("visits within 10 school days", (Gauge.BETWEEN_VISITS, Way.AT_MOST, 10)),
        ("Protected time kept ≥ 90 percent", (Gauge.PROTECTED_KEPT, Way.AT_LEAST, 0.9)),
        ("usefulness at least 3,2", (Gauge.USEFULNESS, Way.AT_LEAST, 3.2)),
        ("minutes asked no more than 60 minutes", (Gauge.MINUTES_ASKED, Way.AT_MOST, 60)),
    ],
)
def test_a_line_is_read(words: str, line: tuple[Gauge, Way, float]) -> None:
    assert read_line(Clause.THEN, words) == Line(Clause.THEN, *line)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("test scores at least 80%", "The figures are"),
        ("next steps looked at again", "I can't read"),
        ("days between visits at most 80%", "counted in school days"),
        ("usefulness at least 9", "goes up to 4.0 of 4"),
        ("intervals kept at least 180%", "goes up to 100%"),
    ],
)
def test_a_line_that_makes_no_sense_says_why(words: str, said: str) -> None:
    with pytest.raises(TheoryFault, match=said):
        read_line(Clause.IF, words)


@given(st.sampled_from(Gauge), st.sampled_from(Way), st.integers(0, 4))
def test_a_line_as_it_is_said_reads_back_as_itself(gauge: Gauge, way: Way, value: int) -> None:
    amount = value / 100 if GAUGES[gauge].unit is Unit.SHARE else value
    line = Line(Clause.IF, gauge, way, amount)
    assert read_line(Clause.IF, say_line(line)) == line


@given(st.text(max_size=200))
def test_any_words_are_read_or_refused(words: str) -> None:
    with contextlib.suppress(TheoryFault):
        assert read_theory(words).if_
    with contextlib.suppress(TheoryFault):
        assert read_line(Clause.IF, words).gauge in Gauge
    with contextlib.suppress(TheoryFault):
        assert 0 <= make_line(Clause.IF, Gauge.NEXT_STEPS, Way.AT_MOST, words).value <= 1


SHARE = Line(Clause.IF, Gauge.INTERVALS_KEPT, Way.AT_LEAST, 0.8)
DAYS = Line(Clause.IF, Gauge.BETWEEN_VISITS, Way.AT_MOST, 10)


@pytest.mark.parametrize(
    ("line", "reading", "standing"),
    [
        (SHARE, Reading("Fall", 0.8, 10, 20), F),
        (SHARE, Reading("Fall", 0.79, 10, 20), A),
        (SHARE, Reading("Fall", 1.0, 9, 20), U),  # too few intervals
        (SHARE, Reading("Fall", 1.0, 40, 19), U),  # the term is young
        (SHARE, Reading("Fall", None, 0, 80), U),
        (SHARE, None, U),
        (DAYS, Reading("Fall", 10, 30, 80), F),
        (DAYS, Reading("Fall", 11, 30, 80), A),
        (Line(Clause.IF, Gauge.USEFULNESS, Way.AT_LEAST, 3), Reading("Fall", 3.5, 4, 80), U),
        (Line(Clause.IF, Gauge.USEFULNESS, Way.AT_LEAST, 3), Reading("Fall", 3.5, 5, 80), F),
    ],
)
def test_a_figure_speaks_for_against_or_says_nothing_yet(
    line: Line, reading: Reading | None, standing: Standing
) -> None:
    assert judge(line, reading) is standing
    said = say_standing(line, reading)
    assert said.startswith({F: "Speaks for it", A: "Speaks against it", U: "Not yet known"}[standing])


@pytest.mark.parametrize(
    ("figures", "clause"), [((), N), ((F,), F), ((F, U), U), ((F, U, A), A), ((F, F), F)]
)
def test_one_figure_against_a_clause_is_enough(figures: tuple[Standing, ...], clause: Standing) -> None:
    assert stand(figures) is clause


@pytest.mark.parametrize(
    ("standings", "said"),
    [
        ((A, F, F), "has not been tried"),
        ((A, A, A), "has not been tried"),
        ((U, A, A), "not yet known, so the figures say nothing"),
        ((N, F, F), "not yet known, so the figures say nothing"),
        ((F, A, F), "against the first step"),
        ((F, U, A), "Whether what was to follow does is not yet known"),
        ((F, N, A), "Whether what was to follow does is not yet known"),
        ((F, F, A), "against the second step"),
        ((F, F, U), "Whether it reaches what it is for"),
        ((F, F, F), "does not show that one brought about the other"),
    ],
)
def test_the_clauses_are_read_in_order(standings: tuple[Standing, ...], said: str) -> None:
    assert said in say_whole(dict(zip(Clause, standings, strict=True)))


def test_a_line_takes_the_place_of_one_for_the_same_figure() -> None:
    moved = Line(Clause.IF, Gauge.INTERVALS_KEPT, Way.AT_LEAST, 0.5)
    assert with_line((SHARE, DAYS), moved) == (DAYS, moved)


def test_a_part_is_tied_to_few_figures() -> None:
    lines: tuple[Line, ...] = ()
    for gauge in list(Gauge)[:MOST_LINES]:
        lines = with_line(lines, Line(Clause.IF, gauge, Way.AT_LEAST, 0.5))
    with pytest.raises(TheoryFault, match="Take one away"):
        with_line(lines, Line(Clause.IF, Gauge.USEFULNESS, Way.AT_LEAST, 3))
    assert with_line(lines, Line(Clause.THEN, Gauge.USEFULNESS, Way.AT_LEAST, 3))
