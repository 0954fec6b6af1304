"""A card survives the outbox: every word of the vocabulary goes to JSON and comes back as it was."""

import typing

import pytest

from handlers.actions import act
from handlers.card_codec import decode_card, encode_card
from handlers.cards import Block, Card
from tests.contract.sample_cards import CARDS


@pytest.mark.parametrize("name", CARDS)
def test_a_card_comes_back_as_it_went_in(name: str) -> None:
    assert decode_card(encode_card(CARDS[name])) == CARDS[name]


def test_every_kind_of_block_is_among_the_samples() -> None:
    seen = {type(block) for card in CARDS.values() for block in card.blocks}
    assert seen == set(typing.get_args(Block))


@pytest.mark.parametrize("body", ["", "{}", "[]", '{"title":"x","blocks":[{"block":"unheard of"}]}'])
def test_what_is_not_a_card_is_refused(body: str) -> None:
    with pytest.raises((ValueError, LookupError, TypeError)):
        decode_card(body)


def test_what_shows_a_card_anew_survives() -> None:
    card = Card("", refresh=act("run.where", run=12))
    assert decode_card(encode_card(card)) == card


def test_an_empty_card_is_a_card() -> None:
    assert decode_card(encode_card(Card(""))) == Card("")
