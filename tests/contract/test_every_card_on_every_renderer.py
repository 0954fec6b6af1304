"""Every sample card on every renderer: rendered, within limits, nothing lost, nothing parsed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render import adaptive_card, block_kit, html, plain_text
from handlers.cards import Card
from tests.contract import adaptive_card_rules, block_kit_rules
from tests.contract.every_renderer import (
    assert_good_as_text,
    assert_good_everywhere,
    assert_good_in_html,
    assert_good_in_slack,
    assert_good_in_teams,
    slack,
    teams,
    web,
)
from tests.contract.sample_cards import CARDS, everywhere, values_of
from tests.examples import tried

CASES = pytest.mark.parametrize("card", CARDS.values(), ids=CARDS.keys())


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
    assert_good_as_text(card)


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


@tried(40, deadline=None)
@given(st.text(st.characters(), max_size=120))
def test_any_text_in_every_place_is_shown_and_inert(text: str) -> None:
    card = everywhere(text)
    assert_good_everywhere(card)


@tried(25, deadline=None)
@given(
    st.text(st.sampled_from("&<>*_`~@!# \n.a\u0301👩\u200d🏫ש"), min_size=1, max_size=40), st.integers(1, 200)
)
def test_any_text_of_any_length_keeps_the_limits(text: str, times: int) -> None:
    assert_good_everywhere(everywhere(text * times))
