"""A card as JSON text and back, for the outbox. Each block names its kind, so nothing is guessed on the way back."""

import json
from typing import Any

from pydantic import TypeAdapter

from handlers.actions import decode
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
    data: dict[str, Any] = {"title": card.title, "blocks": blocks}
    if card.refresh is not None:
        data["refresh"] = card.refresh.encode()
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def decode_card(body: str) -> Card:
    """The card that ``encode_card`` wrote. Raises ``ValueError`` for anything else."""
    data = json.loads(body)
    blocks = []
    for block in data["blocks"]:
        name = block.pop("block")
        blocks.append(_ADAPTERS[name].validate_python(block))
    refresh = decode(data["refresh"]) if "refresh" in data else None
    return Card(title=data["title"], blocks=tuple(blocks), refresh=refresh)
