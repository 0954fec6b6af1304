"""Why a memo asks: quoted where its own words surely say so, and left out where they may belong to something else."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.buffer.reading import read_memo
from protocols.buffer.reasons import LONGEST_REASON, reason_for

DAY = date(2026, 11, 23)


def reason(text: str, words: str, *, wording: str = "") -> str:
    """The reason for the demand whose sentence has these words."""
    demands = read_memo(text, memo_date=DAY).demands
    (mine,) = [one for one in demands if words in one.quote]
    return reason_for(text, mine, [one for one in demands if one is not mine], wording=wording)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Schools must test taps by December 9, 2026. This helps keep the water clean.",
            "This helps keep the water clean.",
            id="the sentence after it",
        ),
        pytest.param(
            "This helps families plan the holidays. Schools must post the bell times by December 9, 2026.",
            "This helps families plan the holidays.",
            id="the sentence before it",
        ),
        pytest.param(
            "Lead testing\n\nThe purpose of the tests is clean water.\n\nSchools must test taps by December 9, 2026.",
            "The purpose of the tests is clean water.",
            id="under the same heading, where the memo asks one thing",
        ),
        pytest.param(
            "1. Schools must test taps by December 9, 2026.\n2. Schools must send the roster by December 11, 2026.\n\n"
            "The purpose of this is a clean record.",
            "",
            id="of two demands, nobody knows whose it is",
        ),
        pytest.param(
            "Schools must test taps by December 9, 2026.\n\nWhy: nobody drinks lead.",
            "nobody drinks lead.",
            id="called the reason, in whatever words",
        ),
        pytest.param(
            "Schools must test taps by December 9, 2026. Maintenance brings the bottles.",
            "",
            id="no reason given",
        ),
        pytest.param(
            "Schools must test taps by December 9, 2026. This helps "
            + "a very long list of people " * 9
            + ".",
            "",
            id="an argument is no reason to quote",
        ),
    ],
)
def test_the_sentence_that_gives_the_reason(text: str, expected: str) -> None:
    assert reason(text, "test taps" if "test taps" in text else "bell times") == expected


def test_a_reason_in_the_demand_itself_is_told_where_the_wording_lost_it() -> None:
    text = "Schools must send the roster by December 9, 2026 so that buses can be planned."
    assert reason(text, "roster", wording="Send the roster.") == "so that buses can be planned"
    assert reason(text, "roster", wording="Send the roster so that buses can be planned.") == ""


SENTENCES = st.sampled_from(
    [
        "Schools must test taps by December 9, 2026.",
        "Principals should post the bell times.",
        "This helps keep the water clean.",
        "This helps families plan.",
        "Because of the audit we ask early.",
        "Maintenance brings the bottles on December 2, 2026.",
    ]
)


@given(st.lists(SENTENCES, max_size=8), st.sampled_from([" ", "\n", "\n\n", "\n- "]))
def test_a_reason_is_always_the_memos_own_words_and_nobody_elses_demand(
    parts: list[str], between: str
) -> None:
    text = between.join(parts)
    demands = read_memo(text, memo_date=DAY).demands
    for demand in demands:
        said = reason_for(text, demand, [one for one in demands if one is not demand], wording="x")
        assert said in " ".join(text.split())
        assert len(said) <= LONGEST_REASON
        assert not any(" ".join(one.quote.split()) == said for one in demands)
