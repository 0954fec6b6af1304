"""Words that are repeated until a regular expression goes back and forth over them cost no more than others.

An expression that looks ahead from every letter takes the square of a text's length, one in an expression in another
takes for ever. So every reader of words is given the same few letters over and over, and may compute for a few
seconds at most: what is sound takes a fraction of one, what is not takes minutes.
"""

import pytest

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
)  # fmt: skip
BEFORE = "Principals must return the list by December 4, and it "


@pytest.mark.parametrize("name", LENGTHS)
def test_letters_repeated_cost_a_reader_no_more_than_others(name: str) -> None:
    target, length = TARGETS[name], LENGTHS[name]
    for letters in REPEATED:
        words = BEFORE + letters * (length // len(letters)) + "!"
        with in_time(SECONDS):
            run(target, words.encode())
