"""A sentence that only says how long a demand takes, or who may do it, is no demand of its own."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.buffer.asides import read_aside
from protocols.buffer.demands import Reading
from protocols.buffer.reading import read_memo

ASKED = "Submit the seat counts to the Office of Assessment by December 14, 2026"


def read(after: str) -> Reading:
    return read_memo(f"{ASKED}.{after}", memo_date=date(2026, 11, 23))


@pytest.mark.parametrize(
    ("after", "minutes", "delegation"),
    [
        (
            " It takes about 20 minutes and your secretary may complete it.",
            20,
            "Your secretary may complete it",
        ),
        (" Your secretary may complete it; allow 20 minutes.", 20, "Your secretary may complete it"),
        (
            " It may be delegated to your assistant principal and takes about half an hour.",
            30,
            "It may be delegated to your assistant principal",
        ),
        (" It takes ten minutes, and a designee can enter it.", 10, "A designee can enter it"),
        (
            " The form takes 20 minutes to complete, so your clerk can fill it in.",
            20,
            "Your clerk can fill it in",
        ),
        (
            " An assistant principal may sign it in your absence.",
            30,
            "An assistant principal may sign it in your absence",
        ),
        (
            " Someone else in your office may submit the counts.",
            30,
            "Someone else in your office may submit the counts",
        ),
        (" Your clerk may submit the counts.", 30, "Your clerk may submit the counts"),
        (" You may delegate this to your clerk.", 30, "You may delegate this to your clerk"),
        (" Please do not delegate it.", 30, "Please do not delegate it"),
        (" Your secretary may not complete it.", 30, "Your secretary may not complete it"),
        (" Plan on ten to 15 minutes per school.", 15, ""),
        (" This should take no more than 15 minutes of your time.", 15, ""),
        (" It will take your secretary about 20 minutes.", 20, ""),
        (
            " The state uses them to assign rooms. It takes about 20 minutes and your secretary may complete it.",
            20,
            "Your secretary may complete it",
        ),
        (" It takes about 20 minutes. Your secretary may complete it.", 20, "Your secretary may complete it"),
        ("\n\nTime needed: about 20 minutes. Your secretary may do this.", 20, "Your secretary may do this"),
        ("\n\nIt takes about 20 minutes (your secretary may do it).", 20, "Your secretary may do it"),
    ],
)
def test_an_aside_is_folded_into_the_demand_before_it(after: str, minutes: int, delegation: str) -> None:
    (demand,) = read(after).demands
    assert demand.quote == f"{ASKED}."
    assert (demand.minutes, demand.facets.delegation) == (minutes, delegation)


@pytest.mark.parametrize(
    "after",
    [
        pytest.param("It takes about 20 minutes and must be signed by the principal.", id="a duty beside it"),
        pytest.param("Your secretary may complete it by December 16, 2026.", id="a day beside it"),
        pytest.param("Your secretary may complete it if you are away.", id="a condition beside it"),
        pytest.param("Your secretary may attend.", id="another thing"),
        pytest.param("An assistant principal may sign the lease.", id="another paper"),
        pytest.param("Allow 20 minutes for the evacuation.", id="time for another thing"),
        pytest.param("You may submit it late until December 20, 2026.", id="a permission of its own"),
    ],
)
def test_what_says_more_stays_a_demand(after: str) -> None:
    assert [d.quote for d in read(f" {after}").demands] == [f"{ASKED}.", after]


def test_what_another_party_does_is_not_folded_into_a_schools_demand() -> None:
    after = " The Office of Technology will mail the codes by December 4, 2026. Your clerk may enter them."
    assert read(after).demands[0].facets.delegation == ""


def test_a_line_below_a_list_is_not_said_of_its_last_item() -> None:
    text = "Schools must:\n- submit the counts\n- post the notice\n\nIt takes about 20 minutes."
    assert read_memo(text, memo_date=date(2026, 11, 23)).demands[-1].minutes != 20


@pytest.mark.parametrize(
    "joined", ["; it takes 20 minutes and your clerk may do it", ", and your clerk may do it"]
)
def test_in_the_demands_own_sentence_only_who_may_is_the_delegation(joined: str) -> None:
    demand = read_memo(f"{ASKED}{joined}.", memo_date=date(2026, 11, 23)).demands[0]
    assert demand.facets.delegation == "Your clerk may do it"


@given(st.text("it takes 20 minutes and your clerk may do the form, ;.()not", max_size=300))
def test_any_words_are_an_aside_or_none(words: str) -> None:
    aside = read_aside(words, ASKED)
    assert aside is None or aside.minutes or aside.delegation


@given(
    st.integers(1, 60), st.sampled_from(["must", "by Friday", "unless", "and the nurse signs it", "or call"])
)
def test_nothing_is_lost_behind_an_aside(minutes: int, more: str) -> None:
    assert read_aside(f"It takes {minutes} minutes {more}.", ASKED) is None
