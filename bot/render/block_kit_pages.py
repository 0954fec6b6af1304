"""The pages of a Slack message: which units fit one, and their rows of buttons (``pages`` says what a unit is)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from bot.render.block_kit_parts import LIMITS, JsonBlock, plain, rich, section, span, weigh
from bot.render.pages import Paper, Unit
from bot.render.pages import arrange as arrange_on
from bot.render.plain_text import labels
from bot.render.prose import clean, shorten, split
from handlers.cards import Button, Emphasis

# Letters of labels in one row of buttons: a row is one unit, and several units should fit a message.
_ROW_WEIGHT = 4_000


def rows(buttons: tuple[Button, ...], name: str = "") -> list[Unit]:
    """Buttons as units of one row each; a label longer than any block begins as paragraphs before its button."""
    units: list[Unit] = []
    weight = 0
    for button in buttons:
        *begun, rest = split(clean(button.label), LIMITS.section_text, weigh) or [""]
        units += [Unit((rich(section([span(text)])),), text) for text in begun]
        weight += weigh(rest)
        if begun or not units or len(units[-1].buttons) == LIMITS.actions_elements or weight > _ROW_WEIGHT:
            units.append(Unit(name=name))
            weight = weigh(rest)
        row = (*units[-1].buttons, replace(button, label=rest))
        units[-1] = replace(units[-1], buttons=row, words=labels(row))
    return units


@dataclass(frozen=True, slots=True)
class Room:
    """What one page holds: blocks, and letters as ``_weight`` counts them."""

    blocks: int
    weight: int


# One block is kept for "Continued".
MESSAGE = Room(LIMITS.blocks - 1, LIMITS.message_weight)


def arrange(units: list[Unit], room: Room = MESSAGE) -> list[list[Unit]]:
    """The units as pages, each of which is one message (or what else has ``room``); at least one page.

    Raises ``FieldError`` where all fields and buttons of a card with fields do not fit one page.
    """
    return arrange_on(
        units, Paper(fits=lambda page: _fits(page, room), holds=lambda page: _holds(page, room), rows=rows)
    )


def _fits(units: list[Unit], room: Room) -> bool:
    blocks = blocks_of(units)
    return len(blocks) <= room.blocks and sum(_weight(block) for block in blocks) <= room.weight


def _holds(units: list[Unit], room: Room) -> bool:
    return len(blocks_of(units)) <= room.blocks


def _weight(value: Any) -> int:
    """The letters in a block and a little for each of its parts, in the spirit of Slack's own count."""
    match value:
        case dict():
            return 10 + sum(_weight(one) for one in value.values())
        case list():
            return sum(_weight(one) for one in value)
        case str():
            return weigh(value)
        case _:
            return 0


def blocks_of(units: list[Unit]) -> list[JsonBlock]:
    """The blocks of one message, its buttons counted through."""
    numbers = count(1)
    return [
        block
        for unit in units
        for block in (*unit.said, *unit.inputs, *_action_blocks(unit.buttons, numbers))
    ]


def _action_blocks(buttons: tuple[Button, ...], numbers: Iterator[int]) -> Iterator[JsonBlock]:
    """Rows of buttons. A label too long for a button stands in full beside it."""
    row: list[dict[str, Any]] = []
    for button in buttons:
        label = clean(button.label).strip() or "Choose"
        element: dict[str, Any] = {
            "type": "button",
            "action_id": f"act-{next(numbers)}",
            "text": plain(shorten(label, LIMITS.button_text, weigh)),
            "value": button.action.encode(),
        }
        if button.emphasis is not Emphasis.NORMAL:
            element["style"] = button.emphasis.value
        if weigh(label) <= LIMITS.button_text:
            row.append(element)
            continue
        if row:
            yield {"type": "actions", "elements": row}
            row = []
        yield {"type": "section", "text": plain(label), "accessory": element}
    if row:
        yield {"type": "actions", "elements": row}
