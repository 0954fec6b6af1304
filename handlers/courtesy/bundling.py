"""What was held back goes inside the next message that may go: one message on return, one instead of five.

Nothing is left out: each part keeps its texts and its buttons. A part that no longer makes sense is dropped; one that
cannot stand inside another (a form, a picture, a file) goes by itself.
"""

from handlers.card_codec import decode_card, encode_card
from handlers.cards import Block, Card, Chart, Download, Field, Text
from handlers.courtesy.snoozing import without_snooze
from handlers.message_kinds import kind_of
from protocols.cadence.courtesy import Weight
from storage import outbox
from storage.database import Tx
from storage.tables import MessageRow

CARRIES_NOTHING = frozenset({Weight.ANSWER, Weight.EMERGENCY, Weight.TODAY})
"""Weights in whose messages nothing else belongs. The digest carries what waited for somebody who was away."""
MOST_PARTS = 12
"""Parts of one message; what is more comes in a second one at once."""


def gather(tx: Tx, message: MessageRow, held: list[MessageRow]) -> int:
    """Put the held messages that fit into the claimed ``message``; how many."""
    weight = kind_of(message.kind).weight
    own = decode_card(message.card)
    if weight in CARRIES_NOTHING or not _fits(own):
        return 0
    if weight is Weight.DIGEST and message.waits_for != "away":
        return 0
    parts = [
        (row.id or 0, card) for row in held if row.id != message.id and _fits(card := decode_card(row.card))
    ]
    parts = parts[: MOST_PARTS - 1]
    if not parts:
        return 0
    lead = "While you were away" if message.waits_for == "away" else "What waited for you"
    cards = [own, *(card for _id, card in parts)]
    blocks = [block for card in cards for block in _part(card)]
    whole = Card(f"{lead}: {len(cards)} messages", tuple(blocks))
    outbox.merge(tx, message, [message_id for message_id, _card in parts], card=encode_card(whole))
    return len(parts)


def _fits(card: Card) -> bool:
    return not any(isinstance(block, Field | Chart | Download) for block in card.blocks)


def _part(card: Card) -> list[Block]:
    blocks = list(without_snooze(card).blocks)
    if card.title:
        return [Text("", lead=card.title), *blocks]
    return blocks
