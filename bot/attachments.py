"""Addresses of pictures and files in a card, and the card for readers who have no such address.

An address holds an unguessable token and no name, so it can be fetched without signing in; whoever has the link
has the picture, as with any link in a direct message. Slack's servers fetch pictures themselves, so they are drawn
only where BASE_URL is a public https address; elsewhere the sentence that says what the picture shows stands in
for it. A file is fetched by the reader's own browser, for which any BASE_URL will do.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import assert_never
from urllib.parse import quote

from bot.render.workbook import write_workbook
from handlers.cards import WORKBOOK, Block, Card, Chart, Download, Text

_NONE: Mapping[Chart, str] = {}


@dataclass(frozen=True, slots=True)
class Addresses:
    """``base`` is the public address (None: none); ``has_pictures`` whether pictures can be fetched from it."""

    base: str | None
    has_pictures: bool

    def chart(self, token: str) -> str:
        return f"{self.base}/charts/{token}.png"

    def file(self, token: str, name: str) -> str:
        return f"{self.base}/files/{token}/{quote(name, safe='')}"


def bytes_of(file: Download) -> bytes:
    """The bytes of a small file: a text as it is, a table as the workbook it becomes."""
    if file.media_type == WORKBOOK:
        return write_workbook(file.content)
    # The mark lets spreadsheets see that the letters are UTF-8.
    return ("\ufeff" * (file.media_type == "text/csv") + file.content).encode()


def reachable(
    card: Card,
    tokens: Mapping[int, str],
    addresses: Addresses,
    *,
    own: Mapping[Chart, str] = _NONE,
    follows: bool = False,
) -> tuple[Card, dict[Chart | Download, str]]:
    """The card with what has no address put into words, and the addresses of the rest.

    ``tokens`` is position in the card -> token. Of two equal charts in one card either address will do.
    ``own`` are pictures that the platform itself holds, ``follows``: it will show the files below the card.
    """
    blocks: list[Block] = []
    found: dict[Chart | Download, str] = {}
    for position, block in enumerate(card.blocks):
        token = tokens.get(position)
        match block:
            case Chart() if block in own:
                found[block] = own[block]
                blocks.append(block)
            case Chart() if token is None or addresses.base is None or not addresses.has_pictures:
                blocks.append(in_words(block))
            case Download() if follows and token is not None and addresses.base is None:
                blocks.append(Text(f"{block.label} ({block.name}) follows below.", quiet=True))
            case Download() if token is None or addresses.base is None:
                blocks.append(in_words(block))
            case Chart() if token is not None:
                found[block] = addresses.chart(token)
                blocks.append(block)
            case Download() if token is not None:
                found[block] = addresses.file(token, block.name)
                blocks.append(block)
            case _:
                blocks.append(block)
    return replace(card, blocks=tuple(blocks)), found


def in_words(block: Chart | Download) -> Text:
    """What stands for a picture or a file that has no address."""
    match block:
        case Chart():
            is_titled = block.alternative.startswith(block.title)
            return Text(block.alternative, lead="" if is_titled else block.title)
        case Download():
            return Text(f"{block.label}: I have no address to offer files from yet.", quiet=True)
        case _:
            assert_never(block)
