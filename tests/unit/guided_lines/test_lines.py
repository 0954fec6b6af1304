"""A line of chat as a note or a next step: what is not in it stays empty."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.guided.lines import (
    NextStepLine,
    NoteLine,
    count_rooms,
    read_choice,
    read_next_step,
    read_note,
)

NOW = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
SEATS = {"host": "Grace Lindqvist", "visitor": "Imani Brooks"}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("12: three students explained", NoteLine("three students explained", "12")),
        ("room 204, two groups wrote", NoteLine("two groups wrote", "204")),
        ("Rm B12 six students read", NoteLine("six students read", "B12")),
        ("in room 12 three students", NoteLine("three students", "12")),
        ("in 12: three students", NoteLine("three students", "12")),
        ("12 - three students", NoteLine("three students", "12")),
        ("12 #2: three students", NoteLine("three students", "12", 2)),
        ("#1 12: three students", NoteLine("three students", "12", 1)),
        ("three students (#2)", NoteLine("three students", "", 2)),
        ("9:05 the bell rings", NoteLine("9:05 the bell rings")),
        ("204 students sat in the hall", NoteLine("204 students sat in the hall")),
        ("at 9: a boy reads", NoteLine("at 9: a boy reads")),
        ("three students explained", NoteLine("three students explained")),
    ],
)
def test_a_note_is_read_with_its_room_and_look_for(text: str, line: NoteLine) -> None:
    assert read_note(text) == line


def test_two_rooms_in_one_message_are_counted() -> None:
    assert count_rooms("12: three students\n14: two students") == 2
    assert count_rooms("12: three students\nand two more") == 1


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "Grace gives three feedback notes by Fri 11 Dec, evidence: the notes",
            NextStepLine("give three feedback notes", "host", date(2026, 12, 11), "the notes"),
        ),
        (
            "I will visit room 12 with the coach before Friday; we look at the coach's notes",
            NextStepLine("visit room 12 with the coach", "visitor", date(2026, 12, 4), "the coach's notes"),
        ),
        (
            "Imani Brooks: bring the reading specialist on 12/9. Evidence: her plan",
            NextStepLine("bring the reading specialist", "visitor", date(2026, 12, 9), "her plan"),
        ),
        (
            "Grace to write two notes, evidence: the two notes by Friday",
            NextStepLine("write two notes", "host", date(2026, 12, 4), "the two notes"),
        ),
        (
            "Grace asks for evidence first in three talks by Fri 11 Dec, evidence: her notes",
            NextStepLine("ask for evidence first in three talks", "host", date(2026, 12, 11), "her notes"),
        ),
        ("visit room 12", NextStepLine("visit room 12")),
        ("Grace tries wait time", NextStepLine("try wait time", "host")),
        ("Grace has the schedule changed", NextStepLine("have the schedule changed", "host")),
        ("Grace discusses it with the coach", NextStepLine("discuss it with the coach", "host")),
    ],
)
def test_a_next_step_is_taken_apart_and_nothing_is_guessed(text: str, line: NextStepLine) -> None:
    assert read_next_step(text, NOW, SEATS, writer="visitor") == line


@given(st.text(max_size=200))
def test_any_text_can_be_a_note_and_no_word_is_invented(text: str) -> None:
    line = read_note(text)
    assert all(word in text for word in line.text.split() if word != ":")


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("1 2 4", (1, 2, 4)),
        ("1, 2 and 4.", (1, 2, 4)),
        ("#1 #3", (1, 3)),
        ("one, two and four", (1, 2, 4)),
        ("keep 2", (2,)),
        ("the first three", (1, 2, 3)),
        ("drop 3", (1, 2, 4)),
        ("all but 1", (2, 3, 4)),
        ("2 2 3", (2, 3)),
        ("9", (9,)),
        ("3 students explain", None),
        ("1. students explain\n2. students ask", None),
        ("students explain", None),
        ("", None),
    ],
)
def test_a_choice_by_number_is_told_from_a_list_written_anew(
    text: str, places: tuple[int, ...] | None
) -> None:
    assert read_choice(text, 4) == places
