"""A button that was pressed in vain: what its own message shows then, so that the answer stands beside the finger.

* Something filled in is not right: the form stays as it is, with all that was typed and, under the field that it is
  about or above the button, what is wrong with it.
* The button is older than what has happened since (``StaleError``): where the message is about one thing, it shows how
  that thing stands now; in a list, the line that was pressed loses its buttons and says it.
"""

from collections.abc import Mapping
from dataclasses import replace

from handlers.cards import Block, Buttons, Card, Field, Item, Items, Text, is_list
from handlers.errors import StaleError, UserError
from handlers.turn import Window


def refused_in_place(
    shown: Card, line: str, values: Mapping[str, str], error: UserError, *, window: Window | None = None
) -> Card | None:
    """The message ``shown``, whose button ``line`` was pressed with ``values``, with what ``error`` has to say; None
    where that is better said below it.

    So it is for a form whose values may not be kept: the message on the person's screen still holds them, and one put
    in its place would have to. A form sent from a ``window`` is answered there, and the window keeps them.
    """
    unkept = {block.name for block in shown.blocks if isinstance(block, Field) and not block.is_kept}
    if unkept and not (window is not None and window.is_sent):
        return None
    values = {name: value for name, value in values.items() if name not in unkept}
    if error.card is not None:
        return _instead(shown, values, error.card, is_stale=isinstance(error, StaleError))
    if isinstance(error, StaleError):
        return _overtaken(shown, line, values, error)
    if not error.buttons and any(isinstance(block, Field) for block in shown.blocks):
        return _with_fault(shown, line, values, error)
    return None


def _instead(shown: Card, values: Mapping[str, str], card: Card, *, is_stale: bool) -> Card | None:
    """The error's own card, where the message is about one thing and nothing that was typed is lost by it."""
    if card.in_place:
        return card
    kept = {block.value for block in card.blocks if isinstance(block, Field)}
    is_kept = all(value in kept for value in values.values() if value.strip())
    has_form = any(isinstance(block, Field) for block in shown.blocks)
    return replace(card, in_place=True) if is_kept and not is_list(shown) and (is_stale or has_form) else None


def _overtaken(shown: Card, line: str, values: Mapping[str, str], error: StaleError) -> Card:
    known = without_faults(shown).blocks
    blocks = tuple(_settled(block, line, error.sentence) for block in known)
    if blocks == known:
        # What was pressed is not there any more: this says it, and mends a screen that missed the change.
        blocks = (*known, Text(error.sentence, quiet=True, is_fault=True))
    else:
        blocks = tuple(_typed(block, values) for block in blocks)
    return replace(shown, blocks=blocks, refresh=None, in_place=True)


def _typed(block: Block, values: Mapping[str, str]) -> Block:
    """A field that nothing can be done with any more, as text: what stood in it is not lost."""
    if not isinstance(block, Field):
        return block
    names = {option.value: option.label for option in block.options}
    value = values.get(block.name, "")
    said = ", ".join(names.get(one, one) for one in value.split("\n")) if block.options else value
    return Text(said or "–", lead=f"{block.label}:", quiet=not said)


def _settled(block: Block, line: str, sentence: str) -> Block:
    """The block without the buttons beside the one that was pressed, if it was pressed in it."""
    match block:
        case Buttons(buttons=buttons) if any(one.action.encode() == line for one in buttons):
            return Text(sentence, quiet=True)
        case Items(items=items):
            return replace(block, items=tuple(_settled_item(item, line, sentence) for item in items))
        case _:
            return block


def _settled_item(item: Item, line: str, sentence: str) -> Item:
    if all(one.action.encode() != line for one in item.buttons):
        return item
    return replace(item, detail=" ".join(filter(None, (item.detail, sentence))), buttons=())


def _with_fault(shown: Card, line: str, values: Mapping[str, str], error: UserError) -> Card:
    fault = Text(error.sentence, is_fault=True)
    blocks: list[Block] = []
    is_said = False
    for block in without_faults(shown).blocks:
        if isinstance(block, Field) and block.name in values:
            block = replace(block, value=values[block.name])
        is_here = isinstance(block, Buttons) and any(one.action.encode() == line for one in block.buttons)
        if is_here and not is_said:
            blocks.append(fault)
            is_said = True
        blocks.append(block)
        if isinstance(block, Field) and block.name == error.field and not is_said:
            blocks.append(fault)
            is_said = True
    if not is_said:
        blocks.append(fault)
    return replace(shown, blocks=tuple(blocks), refresh=None, in_place=True)


def without_faults(card: Card) -> Card:
    """The card without what an earlier refusal said in it."""
    kept = tuple(block for block in card.blocks if not (isinstance(block, Text) and block.is_fault))
    return replace(card, blocks=kept)
