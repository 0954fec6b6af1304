"""Every sample card on every renderer: rendered, within limits, nothing lost, nothing parsed."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.render import adaptive_card, block_kit, html, plain_text
from bot.render.prose import clean
from handlers.cards import Card, Chart, Download
from tests.contract import adaptive_card_rules, block_kit_rules
from tests.contract.html_rules import Fragment
from tests.contract.sample_cards import CARDS, actions_of, everywhere, strings_of, values_of

CASES = pytest.mark.parametrize("card", CARDS.values(), ids=CARDS.keys())


def slack(card: Card) -> tuple[block_kit.SlackMessage, ...]:
    return block_kit.render(
        card,
        chart_address=lambda _: "https://bot.example/charts/a.png",
        download_address=lambda _: "https://bot.example/files/a.csv",
    )


def web(card: Card) -> Fragment:
    return Fragment(
        html.render(
            card,
            form_target="/press",
            hidden={"message": "12"},
            chart_address=lambda _: "/charts/a.png",
            download_address=lambda _: "/files/a.csv",
        )
    )


def teams(card: Card) -> list[dict[str, Any]]:
    pictures = {
        position: f"https://bot.example/{position}"
        for position, block in enumerate(card.blocks)
        if isinstance(block, Chart | Download)
    }
    return adaptive_card.render(card, pictures=pictures)


def packed(text: str) -> str:
    """Without white space, which pages and columns may change."""
    return "".join(clean(text).split())


def assert_all_said(card: Card, output: str) -> None:
    said = packed(output)
    lost = [text for text in strings_of(card) if packed(text) not in said]
    assert not lost, lost[:3]


def assert_good_in_slack(card: Card) -> None:
    messages = slack(card)
    assert messages
    for message in messages:
        assert block_kit_rules.faults(message.blocks) == []
        assert message.text.strip()
        assert len(message.text) <= 4000
    # The note on a later page stands between two halves of a long text.
    blocks = [
        block for number, message in enumerate(messages) for block in message.blocks[1 if number else 0 :]
    ]
    assert_all_said(card, block_kit_rules.shown(blocks))
    pressed = [one["value"] for one in block_kit_rules.walk(blocks) if one.get("type") == "button"]
    assert sorted(pressed) == sorted(actions_of(card))


def assert_good_in_teams(card: Card) -> None:
    messages = teams(card)
    assert messages
    for message in messages:
        assert adaptive_card_rules.faults(message) == []
    # The note on a later page stands between two halves of a long text.
    shown = [
        adaptive_card_rules.shown({"body": message["body"][1 if number else 0 :]})
        for number, message in enumerate(messages)
    ]
    assert_all_said(card, "\n".join(shown))
    pressed = [
        str(adaptive_card_rules.filled_in(message, button)["action"])
        for message in messages
        for button in adaptive_card_rules.buttons(message)
    ]
    assert sorted(pressed) == sorted(actions_of(card))


def assert_good_in_html(card: Card) -> None:
    fragment = web(card)
    assert fragment.faults == []
    assert_all_said(card, "".join(fragment.letters))
    pressed = [named["value"] for tag, named in fragment.tags if tag == "button" and "hidden" not in named]
    assert pressed == actions_of(card)


@CASES
def test_slack_accepts_the_card_and_shows_all_of_it(card: Card) -> None:
    assert_good_in_slack(card)


@CASES
def test_teams_accepts_the_card_and_shows_all_of_it(card: Card) -> None:
    assert_good_in_teams(card)
    assert adaptive_card_rules.whole_faults(teams(card)[0]) == []


@CASES
def test_html_is_well_formed_and_shows_all_of_it(card: Card) -> None:
    assert_good_in_html(card)


@CASES
def test_plain_text_says_all_of_it(card: Card) -> None:
    text = plain_text.render(card)
    assert text.strip()
    # A quotation's mark begins each of its lines.
    assert_all_said(card, text)


@CASES
def test_fields_and_buttons_of_a_card_come_in_one_slack_message(card: Card) -> None:
    messages = slack(card)
    with_inputs = [m for m in messages if any(block["type"] == "input" for block in m.blocks)]
    with_buttons = [
        m for m in messages if any(one.get("type") == "button" for one in block_kit_rules.walk(m.blocks))
    ]
    assert len(with_inputs) <= 1
    if with_inputs and with_buttons:
        assert with_buttons == with_inputs


@CASES
def test_fields_and_buttons_of_a_card_come_in_one_teams_message(card: Card) -> None:
    messages = teams(card)
    with_inputs = [m for m in messages if any("id" in one for one in adaptive_card_rules.walk(m["body"]))]
    with_buttons = [m for m in messages if adaptive_card_rules.buttons(m)]
    assert len(with_inputs) <= 1
    if with_inputs and with_buttons:
        assert with_buttons == with_inputs


@CASES
def test_what_fields_hold_comes_back_from_teams_with_every_button(card: Card) -> None:
    for message in teams(card):
        for button in adaptive_card_rules.buttons(message):
            data = adaptive_card_rules.filled_in(message, button)
            assert adaptive_card.read_values(data) == values_of(card)
            assert adaptive_card.read_action(data).encode() == data["action"]


@CASES
def test_what_fields_hold_comes_back_from_slack(card: Card) -> None:
    read: dict[str, str] = {}
    for message in slack(card):
        read |= block_kit.read_values(block_kit_rules.filled_in(message.blocks))
    assert read == values_of(card)


@CASES
def test_what_fields_hold_comes_back_from_a_form(card: Card) -> None:
    read = html.read_values(web(card).pairs)
    assert {name: value for name, value in read.items() if value} == {
        name: value for name, value in values_of(card).items() if value
    }
    assert read.keys() >= values_of(card).keys()


@CASES
def test_a_card_renders_the_same_twice(card: Card) -> None:
    assert slack(card) == slack(card)
    assert teams(card) == teams(card)
    assert plain_text.render(card) == plain_text.render(card)


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(), max_size=120))
def test_any_text_in_every_place_is_shown_and_inert(text: str) -> None:
    card = everywhere(text)
    assert_good_in_slack(card)
    assert_good_in_teams(card)
    assert_good_in_html(card)
    assert_all_said(card, plain_text.render(card))


@settings(max_examples=25, deadline=None)
@given(
    st.text(st.sampled_from("&<>*_`~@!# \n.a\u0301👩\u200d🏫ש"), min_size=1, max_size=40), st.integers(1, 200)
)
def test_any_text_of_any_length_keeps_the_limits(text: str, times: int) -> None:
    card = everywhere(text * times)
    assert_good_in_slack(card)
    assert_good_in_teams(card)
    assert_good_in_html(card)
