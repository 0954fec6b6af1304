"""Where one sentence, bullet or row of a memo ends and the next begins."""

import pytest

from protocols.buffer.passages import LONGEST, Kind, split_passages


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Sign it. Send it.", ["Sign it.", "Send it."], id="two sentences"),
        pytest.param(
            "Ask Dr. Osei or Ms. Tran. Then sign.", ["Ask Dr. Osei or Ms. Tran.", "Then sign."], id="titles"
        ),
        pytest.param("Come at 9 a.m. on Monday.", ["Come at 9 a.m. on Monday."], id="hours"),
        pytest.param(
            "● Sign it\n• Send it\n1. Keep it\n(b) File it\n2.1 Copy it",
            ["Sign it", "Send it", "Keep it", "File it", "Copy it"],
            id="bullets",
        ),
        pytest.param(
            "Dates: ● Oct 7 @ Annex ● Dec 4 @ Hall",
            ["Dates:", "Oct 7 @ Annex", "Dec 4 @ Hall"],
            id="bullets in a line",
        ),
        pytest.param(
            "Call 911. (Education Code 32001) Then leave.",
            ["Call 911.", "Then leave."],
            id="a citation is left out",
        ),
        pytest.param(
            "Keep it (two copies) at hand.", ["Keep it (two copies) at hand."], id="other brackets stay"
        ),
        pytest.param(
            "Oct 7\tForms due\nOct 9\tCounts due", ["Oct 7\tForms due", "Oct 9\tCounts due"], id="rows"
        ),
        pytest.param(
            "Sign the form and\nsend it to us.", ["Sign the form and\nsend it to us."], id="a broken line"
        ),
        pytest.param("FIRE DRILLS\nHold one a month.", ["FIRE DRILLS", "Hold one a month."], id="a heading"),
        pytest.param("\r\n\f\v \u2028", [], id="nothing but breaks"),
    ],
)
def test_where_a_memo_is_cut(text: str, expected: list[str]) -> None:
    assert [" ".join(p.text.split(" ")) for p in split_passages(text)] == expected


def test_passages_are_the_texts_own_characters() -> None:
    text = "TO: All\n\n  1. Sign.  \n\tSend it (see below).\n"
    assert all(text[p.start : p.end] == p.text for p in split_passages(text))


def test_a_bullet_knows_the_line_that_leads_it_and_plain_text_ends_the_list() -> None:
    passages = split_passages("Schools must:\n• sign\n• send\nThank you.")
    assert [p.lead for p in passages] == [None, 0, 0, None]
    assert [p.kind for p in passages] == [Kind.SENTENCE, Kind.BULLET, Kind.BULLET, Kind.SENTENCE]


def test_an_endless_sentence_is_cut_between_words() -> None:
    passages = split_passages("word " * 2000)
    assert max(len(p.text) for p in passages) <= LONGEST
    assert all(set(p.text.split()) == {"word"} for p in passages)
