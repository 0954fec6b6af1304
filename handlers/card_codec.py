"""A card as JSON text and back, for the outbox. Each block names its kind, so nothing is guessed on the way back."""

import json
from typing import Any

from pydantic import TypeAdapter

from handlers.cards import Block, Buttons, Card, Chart, Download, Field, Items, Quote, Table, Text

_BLOCKS: dict[str, type[Block]] = {
    kind.__name__.lower(): kind for kind in (Text, Quote, Buttons, Items, Field, Table, Chart, Download)
}
_ADAPTERS: dict[str, TypeAdapter[Any]] = {name: TypeAdapter(kind) for name, kind in _BLOCKS.items()}


def encode_card(card: Card) -> str:
    """The card as JSON text."""
    blocks = []
    for block in card.blocks:
        name = type(block).__name__.lower()
        blocks.append({"block": name, **_ADAPTERS[name].dump_python(block, mode="json")})
    return json.dumps({"title": card.title, "blocks": blocks}, ensure_ascii=False, separators=(",", ":"))


def decode_card(body: str) -> Card:
    """The card that ``encode_card`` wrote. Raises ``ValueError`` for anything else."""
    data = json.loads(body)
    blocks = []
    for block in data["blocks"]:
        name = block.pop("block")
        blocks.append(_ADAPTERS[name].validate_python(block))
    return Card(title=data["title"], blocks=tuple(blocks))
