"""A card as plain text: for logs of a chat, for screen readers, for places that can show nothing else.

Everything that a card says is said, in the order of the card; buttons stand as ``[Label]``. Nothing is escaped,
because nothing here is markup: whoever puts the text into markup escapes it.
"""

from typing import assert_never

from bot.render import grid
from bot.render.prose import NOTHING, clean, file_label
from handlers.cards import (
    Block,
    Button,
    Buttons,
    Card,
    Chart,
    Download,
    Field,
    FieldKind,
    Item,
    Items,
    Quote,
    Table,
    Text,
)

_ASKS = {
    FieldKind.LINE: "write a line",
    FieldKind.LONG: "write",
    FieldKind.CHOICE: "choose one",
    FieldKind.CHOICES: "choose any",
    FieldKind.DATE: "a date",
    FieldKind.TIME: "a time",
}


def render(card: Card) -> str:
    """The card as paragraphs with an empty line between them; never empty."""
    paragraphs = [clean(card.title), *(_block(block) for block in card.blocks)]
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph.strip()) or NOTHING


def _block(block: Block) -> str:
    match block:
        case Text():
            return join(block.lead, block.text)
        case Quote():
            quoted = "\n".join(f"> {line}" for line in clean(block.text).split("\n"))
            return f"{quoted}\n({clean(block.source)})" if block.source else quoted
        case Buttons():
            return labels(block.buttons)
        case Items():
            listed = [
                _item(item, f"{n}. " if block.numbered else "- ") for n, item in enumerate(block.items, 1)
            ]
            return "\n".join(line for line in (clean(block.title), *listed) if line)
        case Field():
            return _field(block)
        case Table():
            return _table(block)
        case Chart():
            return "\n".join(clean(line) for line in (block.title, block.alternative) if line)
        case Download():
            return file_label(block.label, block.name)
        case _:
            assert_never(block)


def join(*parts: str) -> str:
    """The parts that say something, cleaned, in one line of thought."""
    return " ".join(clean(part) for part in parts if part.strip())


def labels(buttons: tuple[Button, ...]) -> str:
    """Buttons as words: ``[Done] [Remind me]``."""
    return " ".join(f"[{clean(button.label)}]" for button in buttons)


def _item(item: Item, mark: str) -> str:
    lines = [mark + join(item.lead, item.text), clean(item.detail), labels(item.buttons)]
    return "\n   ".join(line for line in lines if line.strip())


def _field(field: Field) -> str:
    ask = _ASKS[field.kind] + (", required" if field.required else "")
    lines = [f"{clean(field.label)} ({ask})", clean(field.hint)]
    chosen = set(field.value.split("\n")) if field.kind is FieldKind.CHOICES else {field.value}
    for option in field.options:
        lines.append(f"- {clean(option.label)}" + (" (chosen)" if option.value in chosen else ""))
    if not field.options and field.value:
        lines.append(f"So far: {clean(field.value)}")
    return "\n".join(line for line in lines if line.strip())


def _table(table: Table) -> str:
    rows = [f"{row.name}: {'; '.join(row.facts)}" if row.facts else row.name for row in grid.facts(table)]
    lines = [clean(table.caption), grid.heading(table), *(rows or [NOTHING])]
    return "\n".join(line for line in lines if line.strip())
