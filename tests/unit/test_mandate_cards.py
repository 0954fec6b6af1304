"""The original of a memo in parts: nothing lost, nothing twice."""

from hypothesis import given
from hypothesis import strategies as st

from handlers.intake.mandate_cards import PART, split_parts


@given(st.text(alphabet="ab \n", max_size=9000))
def test_the_parts_are_the_whole_text(text: str) -> None:
    parts = split_parts(text)
    assert "".join(text[start:end] for start, end in parts) == text
    assert all(end - start <= PART for start, end in parts)
