"""Units of a Slack message and their pages: what stays together, and what goes on in the next message.

Slack sends the values of fields with a button only from the button's own message. So in a card with fields all
fields and buttons stand in one message, with everything that explains them ahead of it where it must be split.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from bot.render.block_kit_fields import FieldError
from bot.render.block_kit_parts import LIMITS, JsonBlock, plain, rich, section, span, weigh
from bot.render.plain_text import labels
from bot.render.prose import clean, shorten, split
from handlers.cards import Button, Emphasis

# Letters of labels in one row of buttons: a row is one unit, and several units should fit a message.
_ROW_WEIGHT = 4_000


@dataclass(frozen=True, slots=True)
class Unit:
    """What must not be torn apart by a page: texts, then inputs, then buttons. ``words`` is the same, spoken.

    ``name`` says what the buttons are about, for when they must stand away from their text.
    """

    said: tuple[JsonBlock, ...] = ()
    words: str = ""
    inputs: tuple[JsonBlock, ...] = ()
    buttons: tuple[Button, ...] = ()
    name: str = ""

    @property
    def is_form(self) -> bool:
        return bool(self.inputs or self.buttons)


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


def arrange(units: list[Unit]) -> list[list[Unit]]:
    """The units as pages, each of which is one message; at least one page.

    Raises ``FieldError`` where all fields and buttons of a card with fields do not fit one message.
    """
    return _form_pages(units) if any(unit.inputs for unit in units) else _pages(units)


def _pages(units: list[Unit]) -> list[list[Unit]]:
    """As few pages as the limits allow, in order; at least one."""
    pages: list[list[Unit]] = [[]]
    for unit in units:
        if pages[-1] and not _fits([*pages[-1], unit]):
            pages.append([])
        pages[-1].append(unit)
    return pages


def _form_pages(units: list[Unit]) -> list[list[Unit]]:
    """Pages with all fields and buttons on one of them, tried from the gentlest change of order to the hardest."""
    if _fits(units):
        return [units]
    at = [place for place, unit in enumerate(units) if unit.is_form]
    before, form, after = units[: at[0]], units[at[0] : at[-1] + 1], units[at[-1] + 1 :]
    if not _fits(form):
        # What explains goes ahead; then fields and buttons stay near the end, where people act.
        before += [unit for unit in form if not unit.is_form]
        form = [unit for unit in form if unit.is_form]
    if not _fits(form):
        before += [replace(unit, inputs=(), buttons=()) for unit in form if unit.said]
        form = [
            *(Unit(inputs=unit.inputs, words=unit.words) for unit in form if unit.inputs),
            *_packed(form),
        ]
        if len(blocks_of(form)) > LIMITS.blocks - 1:
            raise FieldError("a card has more fields and buttons than one Slack message holds")
    return [*(_pages(before) if before else []), form, *(_pages(after) if after else [])]


def _packed(form: list[Unit]) -> list[Unit]:
    """All buttons in full rows, each saying what it is about: "Lincoln: Open"."""
    buttons = [
        replace(button, label=f"{unit.name}: {button.label}" if unit.name else button.label)
        for unit in form
        for button in unit.buttons
    ]
    return rows(tuple(buttons))


def _fits(units: list[Unit]) -> bool:
    blocks = blocks_of(units)
    # One block is kept for "Continued".
    return len(blocks) < LIMITS.blocks and sum(_weight(block) for block in blocks) <= LIMITS.message_weight


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
