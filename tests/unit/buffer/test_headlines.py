"""A demand's words at the head of a line: nothing twice, nothing lost, one stop at the end."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.buffer.headlines import end_sentence, first_thing, headline, plain_sentence, split_lead
from protocols.buffer.reading import read_memo

TODAY = date(2027, 3, 8)


@pytest.mark.parametrize(
    ("sentence", "line"),
    [
        pytest.param(
            "Schools must send the absence report by Friday, March 19, 2027.",
            "Send the absence report",
            id="by the day",
        ),
        pytest.param(
            "Schools must return Form B no later than March 19, 2027.", "Return Form B", id="no later than"
        ),
        pytest.param("Schools must return Form B (by March 19).", "Return Form B", id="in brackets"),
        pytest.param(
            "Schools must return Form B by noon on March 19.",
            "Return Form B by noon on March 19",
            id="an hour",
        ),
        pytest.param(
            "Report absences by March 24, 2027, using Form A-7.",
            "Report absences by March 24, 2027, using Form A-7",
            id="a day in the middle",
        ),
    ],
)
def test_a_headline_leaves_out_the_day_that_stands_beside_it(sentence: str, line: str) -> None:
    reading = read_memo(sentence, memo_date=TODAY)
    assert headline(reading.demands[0], reading) == line


@pytest.mark.parametrize(
    ("sentence", "line"),
    [
        pytest.param("Schools must send Form B.", "Send Form B.", id="the school as subject"),
        pytest.param("Schools shall not send Form B.", "Do not send Form B.", id="and not"),
        pytest.param(
            "Schools shall not translate it themselves.",
            "Schools shall not translate it themselves.",
            id="a word that needs its subject",
        ),
        pytest.param(
            "If a teacher is on leave, do not hold it.",
            "If a teacher is on leave, do not hold it.",
            id="an if",
        ),
        pytest.param(
            "Second, send Form B\n to the office.", "Send Form B to the office.", id="a number among others"
        ),
    ],
)
def test_a_plain_sentence_keeps_every_condition(sentence: str, line: str) -> None:
    assert plain_sentence(sentence) == line


def test_the_lead_of_a_long_sentence_ends_at_the_edge_of_a_clause() -> None:
    sentence = "Middle and K-8 schools must send seat counts for grade 8 science to the Office of Assessment by Monday."
    lead, rest = split_lead(sentence)
    assert lead == "Middle and K-8 schools must send seat counts for grade 8 science"
    assert rest.startswith("to the Office of Assessment")
    assert split_lead("Send Form B.") == ("Send Form B.", "")


@given(st.lists(st.text(alphabet="abc,;.:()…", min_size=1, max_size=14), max_size=40))
def test_a_sentence_is_shown_in_full_and_once(words: list[str]) -> None:
    lead, rest = split_lead(" ".join(words))
    assert f"{lead} {rest}".strip() == " ".join(words)


@pytest.mark.parametrize(
    ("words", "ended"),
    [
        ("Winter damage", "Winter damage."),
        ("Return the key list by March 26, 2027.", "Return the key list by March 26, 2027."),
        ("roof leaks, broken windows…", "roof leaks, broken windows…"),
        ("Who is absent?", "Who is absent?"),
        ("She wrote “not yet.”", "She wrote “not yet.”"),
        ("", ""),
    ],
)
def test_a_sentence_ends_with_one_stop(words: str, ended: str) -> None:
    assert end_sentence(words) == ended


def test_the_line_of_a_memo_cut_short_has_no_second_stop() -> None:
    long = (
        "Schools must send "
        + "the list of every room and its chairs and " * 9
        + "its lamps by March 19, 2027."
    )
    line = read_memo(long, memo_date=TODAY).one_line
    assert line.endswith("…")


def test_the_count_of_what_else_is_asked_can_be_left_to_others() -> None:
    one_line = read_memo("Schools must send the list. Schools must send the map.", memo_date=TODAY).one_line
    assert one_line == "Schools must send the list. 1 more thing asked."
    assert first_thing(one_line) == "Schools must send the list."


def test_a_title_ends_without_a_stop() -> None:
    assert (
        read_memo("Schools must return the key list.", memo_date=TODAY).title
        == "Schools must return the key list"
    )
