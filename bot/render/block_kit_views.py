"""A card as a view: the Home tab, or a modal, which is a form of its own window.

A view holds twice as many blocks as a message. A Home tab that needs more has pages, with buttons between them. A
modal has one button that sends what was filled in, at its foot: the card's main one. Its other buttons stand in it.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.render.block_kit import units_of
from bot.render.block_kit_pages import Room, arrange, blocks_of
from bot.render.block_kit_parts import LIMITS, JsonBlock, plain, rich, section, span, weigh
from bot.render.pages import FieldError
from bot.render.prose import NOTHING, clean
from handlers.cards import Block, Button, Buttons, Card, Chart, Download, Emphasis, Field

NAME = "Throughline"
SENDING = "form"
"""The ``callback_id`` of a modal whose foot button sends; its ``private_metadata`` is that button's action."""
HOME_ROOM = Room(LIMITS.view_blocks - 2, LIMITS.view_weight)
"""Two blocks are kept: which page this is, and the way to the others."""
MODAL_ROOM = Room(LIMITS.view_blocks, LIMITS.view_weight)
_TURNING = re.compile(r"home-page-(\d{1,4})")

Address = Callable[[Chart], str]
FileAddress = Callable[[Download], str]


def home_view(
    card: Card, page: int, *, chart_address: Address, download_address: FileAddress
) -> dict[str, Any]:
    """The card as a Home tab, as ``views.publish`` takes it: page ``page`` of it, or the last where it has fewer."""
    units = units_of(card, chart_address=chart_address, download_address=download_address)
    pages = arrange(units, HOME_ROOM)
    page = min(max(page, 1), len(pages))
    blocks = blocks_of(pages[page - 1]) or _nothing()
    if len(pages) > 1:
        where: JsonBlock = {"type": "context", "elements": [plain(f"Page {page} of {len(pages)}")]}
        blocks = [where, *blocks, _turning(page, len(pages))]
    return {"type": "home", "blocks": blocks}


def read_turning(action_id: str) -> int | None:
    """Which page of the home a button leads to; None for any other button."""
    found = _TURNING.fullmatch(action_id)
    return int(found[1]) if found else None


def modal_view(card: Card, *, chart_address: Address, download_address: FileAddress) -> dict[str, Any]:
    """The card as a modal, as ``views.open`` and ``views.update`` take it. Raises ``FieldError`` where one modal does
    not hold it: then a message does."""
    is_form = any(isinstance(block, Field) for block in card.blocks)
    sending = _sending(card) if is_form else None
    if is_form and sending is None:
        raise FieldError("a form without a button cannot be sent from a modal")
    rest = card if sending is None else _without(card, sending)
    title = clean(card.title).strip()
    is_short = 0 < weigh(title) <= LIMITS.view_title and "\n" not in title
    shown = replace(rest, title="") if is_short else rest
    pages = arrange(
        units_of(shown, chart_address=chart_address, download_address=download_address), MODAL_ROOM
    )
    if len(pages) > 1:
        raise FieldError("a card is longer than one modal")
    blocks = blocks_of(pages[0]) or _nothing()
    view = _modal(title if is_short else NAME, blocks)
    if sending is not None:
        label = clean(sending.label).strip()
        view["submit"] = plain(label if 0 < weigh(label) <= LIMITS.view_button else "Send")
        view |= {"callback_id": SENDING, "private_metadata": sending.action.encode()}
    return view


def note_view(text: str) -> dict[str, Any]:
    """A modal that says one thing: that the form is on its way, or that it has been taken."""
    return _modal(NAME, [{"type": "context", "elements": [plain(text)]}])


def fault_of(card: Card) -> tuple[str, str]:
    """What a form that was sent back says is wrong, and the name of the field it stands at (the last before it)."""
    name = ""
    for block in card.blocks:
        match block:
            case Field():
                name = block.name
            case _ if (text := _is_fault(block)) is not None:
                return text, name
            case _:
                pass
    return "", ""


def _is_fault(block: Block) -> str | None:
    return getattr(block, "text", None) if getattr(block, "is_fault", False) else None


def _modal(title: str, blocks: list[JsonBlock]) -> dict[str, Any]:
    return {"type": "modal", "title": plain(title), "close": plain("Close"), "blocks": blocks}


def _sending(card: Card) -> Button | None:
    """The main button of a form: the first that stands out, else the first of all."""
    buttons = [one for block in card.blocks if isinstance(block, Buttons) for one in block.buttons]
    main = [one for one in buttons if one.emphasis is Emphasis.PRIMARY]
    return next(iter((*main, *buttons)), None)


def _without(card: Card, gone: Button) -> Card:
    blocks: list[Block] = []
    for block in card.blocks:
        if not isinstance(block, Buttons):
            blocks.append(block)
        elif rest := tuple(one for one in block.buttons if one is not gone):
            blocks.append(Buttons(rest))
    return replace(card, blocks=tuple(blocks))


def _nothing() -> list[JsonBlock]:
    return [rich(section([span(NOTHING)]))]


def _turning(page: int, last: int) -> JsonBlock:
    ways = [("Back", page - 1), ("More", page + 1)]
    buttons = [
        {"type": "button", "action_id": f"home-page-{to}", "text": plain(label), "value": str(to)}
        for label, to in ways
        if 1 <= to <= last
    ]
    return {"type": "actions", "elements": buttons}
