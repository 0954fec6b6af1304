"""Splitting and cleaning text: nothing lost, limits kept, nothing torn."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render.block_kit_parts import weigh
from bot.render.prose import clean, figure, shorten, split


@given(st.text(max_size=300), st.integers(12, 80))
def test_pieces_joined_are_the_text_and_each_keeps_the_limit(text: str, limit: int) -> None:
    pieces = split(text, limit, weigh)
    assert "".join(pieces) == text
    assert all(0 < weigh(piece) <= limit for piece in pieces)


@pytest.mark.parametrize(
    ("text", "limit", "pieces"),
    [
        ("One two. Three four.", 14, ["One two. ", "Three four."]),
        ("one two three", 9, ["one two ", "three"]),
        ("one two\nthree", 11, ["one two\n", "three"]),
        ("one two.\n\nthree. four", 17, ["one two.\n\n", "three. four"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("aae\u0301", 3, ["aa", "e\u0301"]),
        ("ab👩\u200d🏫", 4, ["ab", "👩\u200d🏫"]),
        ("", 5, []),
    ],
    ids=["a sentence", "a word", "a line", "a paragraph", "letters", "an accent", "an emoji", "nothing"],
)
def test_a_cut_comes_after(text: str, limit: int, pieces: list[str]) -> None:
    assert split(text, limit) == pieces


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\x00b\x1bc\x7f", "abc"),
        ("a\ud83db", "a\ufffdb"),
        ("a\u202eb", "ab"),
        ("tab\tand line\n", "tab\tand line\n"),
    ],
    ids=["line ends", "controls", "half a character", "a turned direction", "what people type"],
)
def test_text_is_made_safe_to_show(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_a_shortened_text_shows_that_it_is() -> None:
    assert shorten("Enter three dates", 10) == "Enter…"
    assert shorten("Enter", 10) == "Enter"
    assert shorten("Return the list. Then rest.", 18) == "Return the list…"


@pytest.mark.parametrize(
    ("value", "written"),
    [(0, "0"), (-0.001, "0"), (4.0, "4"), (3.456, "3.46"), (1204, "1,204"), (0.5, "0.5"), (100, "100")],
)
def test_figures_are_written_as_people_do(value: float, written: str) -> None:
    assert figure(value) == written
