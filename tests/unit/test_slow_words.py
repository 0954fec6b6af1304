"""Words that are repeated until a regular expression goes back and forth over them cost no more than others.

An expression that looks ahead from every letter takes the square of a text's length, one in an expression in another
takes for ever. So every reader of words is given the same few letters over and over, and may compute for a few
seconds at most: what is sound takes a fraction of one, what is not takes minutes.
"""

from datetime import date

import pytest

from protocols.buffer.passages import LONGEST, WIDEST, split_passages
from protocols.buffer.reading import read_memo
from protocols.documents.reading import read_document
from tests.computing import in_time
from tests.fuzz.targets import TARGETS, run

SECONDS = 6.0
LENGTHS = {
    "memo": 24_000, "text": 40_000, "html": 40_000, "mail": 40_000, "feed": 40_000, "teams_words": 20_000,
    "note": 1_500, "question": 1_500, "moments": 2_000, "address": 4_000, "action": 4_000, "protocol": 20_000,
    "framework": 20_000, "calendar_csv": 40_000, "visits": 40_000,
}  # fmt: skip
"""Characters. What is longer is cut off or refused before, or as slow as it is long."""
REPEATED = (
    " ", "\n", "\t", "a", "A", "1", "-", ".", ",", "(", '"', "<", "_", "a ", "A ", "1 ", "a-", "a.", "a@", "a,", "1/",
    "1,", "- ", ", ", "a\n", "must ", "by ", "not ", "and ", "Principals must ", "by December 4 ", "Tue 9:00 ",
    "until ", "begins ", "http://", "Dec 4, ", "of the ", "networks ", "<p>", "=?utf-8?B?", "for\n", "always ",
    "\u00a0", "  on  the", " 1 1", "<!--a-->",
)  # fmt: skip
BEFORE = "Principals must return the list by December 4, and it "


@pytest.mark.parametrize("name", LENGTHS)
def test_letters_repeated_cost_a_reader_no_more_than_others(name: str) -> None:
    target, length = TARGETS[name], LENGTHS[name]
    for letters in REPEATED:
        words = BEFORE + letters * (length // len(letters)) + "!"
        with in_time(SECONDS):
            run(target, words.encode())


def test_two_blanks_between_words_beside_a_date_do_not_double_the_time_with_every_word() -> None:
    """A hundred letters of a memo once took hours."""
    for words in ("  on  the", " 1 1", " ,the", "\u00a0on\u00a0\u00a0the"):
        text = f"Principals must return the list by December 4, and it begins{words * 12}x December 9."
        with in_time(SECONDS):
            read_memo(text, memo_date=date(2026, 12, 1))


def test_comments_before_a_page_do_not_either() -> None:
    with in_time(SECONDS):
        read_document(b"<!--a-->" * 5_000 + b"Principals must return the list by December 4.")
        read_document(
            b"<!--a-->" * 5_000 + b"<html><p>Principals must return the list by December 4.</p></html>"
        )


def test_no_passage_is_longer_or_has_more_blanks_in_a_row_than_is_said() -> None:
    text = f"Principals must{' ' * 5_000}return the{chr(0xA0) * 300}list of{' ' * (WIDEST - 1)}seats {'and ' * 2_000}"
    passages = [one.text for one in split_passages(text)]
    assert passages[:2] == ["Principals must", "return the"]
    assert passages[2].startswith(f"list of{' ' * (WIDEST - 1)}seats")
    assert max(map(len, passages)) <= LONGEST
