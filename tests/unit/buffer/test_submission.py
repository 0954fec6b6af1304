"""The gate of a unit's request: what does not say what a principal needs to know goes back with what is missing."""

from dataclasses import replace
from datetime import date

import pytest

from protocols.buffer.demands import Binding, DateRole
from protocols.buffer.reading import read_memo
from protocols.buffer.reasons import reason_for
from protocols.buffer.submission import Request, advise, compose_memo, find_lacks

TODAY = date(2026, 12, 1)
WHOLE = Request(
    audience="middle",
    why="Pupils get their bus cards before the break.",
    what="send two names to the transport desk",
    by=date(2026, 12, 11),
    minutes=15,
    contact="Dev Patel, ext. 4410",
    delegate="yes",
)


def test_a_whole_request_lacks_nothing() -> None:
    assert find_lacks(WHOLE, today=TODAY) == ()


@pytest.mark.parametrize(
    ("request_", "begins"),
    [
        (replace(WHOLE, audience=""), "Who is it for?"),
        (replace(WHOLE, why="Because."), "Why should they care?"),
        (replace(WHOLE, what="  "), "What do you want them to do?"),
        (replace(WHOLE, by=None), "By when?"),
        (replace(WHOLE, by=TODAY), "By when? That day has come already"),
        (replace(WHOLE, minutes=None), "How long does it take"),
        (replace(WHOLE, minutes=0), "How long does it take"),
        (replace(WHOLE, contact="-"), "Who answers questions?"),
        (replace(WHOLE, delegate=""), "May it be delegated?"),
        (replace(WHOLE, why="word " * 200), "It has 207 words."),
        (replace(WHOLE, what="Send two names by December 4, 2026"), "By when? Your words name another day"),
        (
            replace(
                WHOLE,
                why="Bus cards are printed. Schools must also return the old cards by December 9, 2026.",
            ),
            "Why should they care? That asks one thing more",
        ),
    ],
)
def test_what_is_missing_is_named_and_nothing_else(request_: Request, begins: str) -> None:
    (lack,) = find_lacks(request_, today=TODAY)
    assert lack.startswith(begins)


def test_an_empty_form_lacks_all_seven() -> None:
    assert len(find_lacks(Request("", "", "", None, None, "", ""), today=TODAY)) == 7


def test_the_demand_is_as_the_form_has_it() -> None:
    text, reading = compose_memo(WHOLE)
    (demand,) = reading.demands
    assert text[demand.start : demand.end] == demand.quote
    assert demand.quote == "Send two names to the transport desk by December 11, 2026."
    assert (demand.due, demand.due_role, demand.binding) == (WHOLE.by, DateRole.DEADLINE, Binding.SHOULD)
    assert (demand.minutes, demand.minutes_basis) == (15, "the office says")
    assert demand.audience == ("middle",)
    assert (demand.facets.contact, demand.facets.delegation) == (WHOLE.contact, "It may be delegated.")
    for words in ("For: middle schools.", WHOLE.why, "about 15 minutes", WHOLE.contact):
        assert words in text


@pytest.mark.parametrize(
    "why",
    [
        "Pupils get their bus cards before the break.",
        "Nobody waits in the cold at stop 12.",
        "Last year 40 families had no seat until January.",
        "Principals told us that the old list is wrong.",
        "The vendor prints on December 14, 2026, and only once",
    ],
)
def test_the_forms_why_is_the_reason_whatever_its_words(why: str) -> None:
    request = replace(WHOLE, why=why)
    assert find_lacks(request, today=TODAY) == ()
    text, reading = compose_memo(request)
    said = reason_for(text, reading.demands[0], wording="Send two names to the transport desk")
    assert said == why
    assert said in text


def test_of_a_long_why_the_first_sentences_are_the_reason() -> None:
    first = "Pupils get their bus cards before the break."
    text, reading = compose_memo(replace(WHOLE, why=f"{first} {'The rest is a long story ' * 10}."))
    assert reason_for(text, reading.demands[0]) == first


def test_a_request_without_a_day_is_not_composed() -> None:
    with pytest.raises(ValueError, match="not whole"):
        compose_memo(replace(WHOLE, by=None))


@pytest.mark.parametrize(
    ("text", "open_ones"),
    [
        (
            "Schools must return the key list.",
            (
                "why they should care",
                "by when",
                "how long it takes",
                "who answers questions",
                "whether it may be delegated",
            ),
        ),
        (
            "Schools must return the key list by December 14, 2026, which may be delegated. "
            "This takes about ten minutes. This helps the fire marshal find every door.\n\n"
            "Questions? Contact the facilities desk at 512-555-0142.",
            (),
        ),
        ("The office will be closed on December 14, 2026.", ()),
    ],
)
def test_a_memo_is_told_what_it_leaves_open(text: str, open_ones: tuple[str, ...]) -> None:
    assert advise(text, read_memo(text, memo_date=TODAY, calendar=None)) == open_ones
