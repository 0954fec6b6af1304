"""A card as a view: the Home tab, which holds twice as many blocks as a message, in pages with buttons between."""

import re
from collections.abc import Callable
from typing import Any

from bot.render.block_kit import units_of
from bot.render.block_kit_pages import Room, arrange, blocks_of
from bot.render.block_kit_parts import LIMITS, JsonBlock, plain, rich, section, span
from bot.render.prose import NOTHING
from handlers.cards import Card, Chart, Download

HOME_ROOM = Room(LIMITS.view_blocks - 2, LIMITS.view_weight)
"""Two blocks are kept: which page this is, and the way to the others."""
_TURNING = re.compile(r"home-page-(\d{1,4})")


def home_view(
    card: Card,
    page: int,
    *,
    chart_address: Callable[[Chart], str],
    download_address: Callable[[Download], str],
) -> dict[str, Any]:
    """The card as a Home tab, as ``views.publish`` takes it: page ``page`` of it, or the last where it has fewer."""
    units = units_of(card, chart_address=chart_address, download_address=download_address)
    pages = arrange(units, HOME_ROOM)
    page = min(max(page, 1), len(pages))
    blocks = blocks_of(pages[page - 1]) or [rich(section([span(NOTHING)]))]
    if len(pages) > 1:
        where: JsonBlock = {"type": "context", "elements": [plain(f"Page {page} of {len(pages)}")]}
        blocks = [where, *blocks, _turning(page, len(pages))]
    return {"type": "home", "blocks": blocks}


def read_turning(action_id: str) -> int | None:
    """Which page of the home a button leads to; None for any other button."""
    found = _TURNING.fullmatch(action_id)
    return int(found[1]) if found else None


def _turning(page: int, last: int) -> JsonBlock:
    ways = [("Back", page - 1), ("More", page + 1)]
    buttons = [
        {"type": "button", "action_id": f"home-page-{to}", "text": plain(label), "value": str(to)}
        for label, to in ways
        if 1 <= to <= last
    ]
    return {"type": "actions", "elements": buttons}
