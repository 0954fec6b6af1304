"""Finding a memo again: what the words mean, and which memo comes first."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.buffer.searching import Found, Search, mend, rank, read_search, stem

TODAY = date(2026, 12, 9)
UNITS = ("Facilities", "Office of Assessment", "Human Resources")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("lead testing", Search(("lead", "test"))),
        ("the memos about lead testing", Search(("lead", "test"))),
        ("lead testing from Facilities", Search(("lead", "test"), "Facilities")),
        ("seat counts by the assessment", Search(("seat", "count"), "Office of Assessment")),
        ("keys from facilites since October", Search(("key",), "Facilities", date(2026, 10, 1))),
        ("keys from the north", Search(("key", "north"))),
        ("rosters in November", Search(("roster",), "", date(2026, 11, 1), date(2026, 11, 30))),
        ("rosters in december 2025", Search(("roster",), "", date(2025, 12, 1), date(2025, 12, 31))),
        ("rosters in February", Search(("roster",), "", date(2026, 2, 1), date(2026, 2, 28))),
        ("rosters since 3 Nov", Search(("roster",), "", date(2026, 11, 3))),
        ("rosters after Nov 3", Search(("roster",), "", date(2026, 11, 4))),
        ("rosters before 2026-11-03", Search(("roster",), "", None, date(2026, 11, 2))),
        ("rosters on 24 Dec", Search(("roster",), "", date(2025, 12, 24), date(2025, 12, 24))),
        ("rosters on 31 Feb", Search(("roster", "31", "feb"))),
        ("last week", Search((), "", date(2026, 12, 2), TODAY)),
        ("HR-22", Search(("hr-22",))),
        ("", Search(())),
    ],
)
def test_what_somebody_looks_for(words: str, expected: Search) -> None:
    assert read_search(words, units=UNITS, today=TODAY) == expected


@pytest.mark.parametrize("word", ["test", "tests", "testing", "tested"])
def test_forms_of_a_word_share_a_beginning(word: str) -> None:
    assert stem(word) == "test"


LEAD = Found(
    1,
    "Lead testing of drinking water",
    "Facilities",
    "Schools must test taps for lead by May 3. Label them.",
    date(2026, 10, 1),
    ((11, "Schools must test taps for lead by May 3."), (12, "Label them.")),
)
READING = Found(
    2, "Reading tests", "Office of Assessment", "Who takes the lead is named here.", date(2026, 11, 1)
)
BUSES = Found(3, "Bus times", "Facilities", "Buses leave at three.", date(2026, 11, 20))


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        (("lead", "test"), [1, 2]),
        (("test",), [2, 1]),
        (("bus",), [3]),
        (("boiler",), []),
        ((), [3, 2, 1]),
    ],
)
def test_the_memo_that_says_the_most_of_it_comes_first(terms: tuple[str, ...], expected: list[int]) -> None:
    assert [hit.key for hit in rank([READING, BUSES, LEAD], terms)] == expected


def test_of_a_memo_the_sentences_with_the_words_are_named() -> None:
    (hit,) = rank([LEAD], ("label",))
    assert hit.demands == (12,)


def test_a_word_that_stands_nowhere_becomes_the_nearest_that_does() -> None:
    titles = [memo.title for memo in (LEAD, READING, BUSES)]
    assert mend(("laed", "test", "zzzz"), titles) == {"laed": "lead"}


@given(st.text(max_size=80))
def test_whatever_is_written_is_a_search(words: str) -> None:
    search = read_search(words, units=UNITS, today=TODAY)
    assert all(term == term.casefold() for term in search.terms)
    assert {hit.key for hit in rank([LEAD, READING, BUSES], search.terms)} <= {1, 2, 3}
    mend(search.terms, [LEAD.title])
