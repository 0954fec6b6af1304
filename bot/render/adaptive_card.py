"""A card as Adaptive Cards 1.5 for Teams.

People's texts are rich text, which no client reads as Markdown (``adaptive_card_parts`` says why), so they show as
typed. Over a limit a text goes on in the next block and a card in the next message, headed "Continued"; nothing is
cut. In a card with fields all fields and buttons stand in one message (``pages`` says why).

For whoever sends them: each part is the ``content`` of one attachment ``application/vnd.microsoft.card.adaptive``, to
be sent in order, one activity each. Its ``fallbackText`` is what the part says in plain words and will do as the
activity's ``summary``, which notifications show. ``read_action`` and ``read_values`` read what comes back, from
``Action.Execute`` and ``Action.Submit`` alike.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Any, assert_never

from bot.attachments import in_words
from bot.render import grid
from bot.render.adaptive_card_fields import action_of, inputs, read_action, read_values, refresh_of
from bot.render.adaptive_card_parts import (
    LIMITS,
    is_inert,
    leans_right,
    paragraphs,
    run,
    sentence,
    size_of,
    turned,
    weigh,
)
from bot.render.pages import FieldError, JsonBlock, Paper, Unit, arrange, headed
from bot.render.plain_text import labels
from bot.render.prose import NOTHING, clean, file_label, picture_words, shorten, split
from handlers.cards import (
    Button,
    Buttons,
    Card,
    Chart,
    Download,
    Emphasis,
    Field,
    Items,
    Quote,
    Table,
    Text,
    buttons_of,
)

__all__ = ["LIMITS", "FieldError", "read_action", "read_values", "render"]

_MORE = " … (the rest is in the message)"
# Letters of an item's name before a button that had to leave its item.
_NAME_LENGTH = 40


def render(
    card: Card, *, pictures: Mapping[int, str] | None = None, user_ids: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """The card as one message or, where the limits ask for it, several, to be sent in this order.

    Never empty, JSON throughout, each part at most ``LIMITS.message`` bytes (``LIMITS.form`` where one field's value
    is longer than that). ``pictures`` are the addresses of the card's charts and files by their position in
    ``card.blocks``: https, for a chart also a ``data:`` address of up to ``LIMITS.image_address`` letters. What has
    none, or a longer one, is put into words. A card that can be shown anew (``card.refresh``) says so where it is one
    message; ``user_ids`` are the Teams ids (``29:…``) of those for whom the client then asks by itself.
    Raises ``FieldError`` for a card with more fields and buttons than one message holds.
    """
    units = headed(_title(card.title), [])
    is_checked = all(button.emphasis is Emphasis.PRIMARY for button in buttons_of(card))
    for position, block in enumerate(card.blocks):
        address = (pictures or {}).get(position, "")
        match block:
            case Chart() if address and len(address) <= LIMITS.image_address:
                units += _chart(block, address)
            case Download() if address and len(address) <= LIMITS.link_address:
                units += _download(block, address)
            case Chart() | Download():
                units += _units(in_words(block))
            case Field():
                units += inputs(block, is_checked=is_checked)
            case _:
                units += _units(block)
    is_rtl = leans_right("".join(unit.words for unit in units))
    scale = _Scale(is_rtl)
    paper = Paper(
        fits=lambda some: scale.weigh(some) <= LIMITS.message,
        holds=lambda some: scale.weigh(some) <= LIMITS.form,
        rows=rows,
    )
    pages = arrange(units, paper)
    messages = [_message(page, number, len(pages), is_rtl) for number, page in enumerate(pages, 1)]
    if card.refresh is not None and len(messages) == 1:
        messages[0]["refresh"] = refresh_of(card.refresh, user_ids)
    return messages


# Blocks to units


def _units(block: Text | Quote | Buttons | Items | Table) -> list[Unit]:
    match block:
        case Text(quiet=True):
            small = [run(text, is_quiet=True, size="Small") for text in (block.lead, block.text)]
            return paragraphs(sentence(*small))
        case Text():
            return paragraphs(sentence(run(block.lead, is_bold=True), run(block.text)))
        case Quote():
            return _quote(block)
        case Buttons():
            return rows(block.buttons)
        case Items():
            heading = paragraphs([run(block.title, is_bold=True)], spacing="Medium")
            return headed(heading, _items(block))
        case Table():
            return headed(paragraphs([run(block.caption, is_bold=True)], spacing="Medium"), _table(block))
        case _:
            assert_never(block)


def _title(title: str) -> list[Unit]:
    """The title as a heading, which screen readers jump to, where it would not be read as Markdown."""
    title = clean(title).strip()
    if not title or weigh(title) > LIMITS.heading or not is_inert(title):
        return paragraphs([run(title, is_bold=True, size="Medium")])
    heading = {"type": "TextBlock", "text": title, "wrap": True, "style": "heading"}
    return [Unit(({**heading, "size": "Medium", "weight": "Bolder"},), title)]


def _quote(quote: Quote) -> list[Unit]:
    units = paragraphs([run(quote.text)])
    if quote.source.strip():
        source = paragraphs([run(f"({quote.source})", is_quiet=True, is_italic=True)], spacing="Small")
        units = [*units[:-1], *headed(units[-1:], source)]
    return [Unit((_set_apart(unit),), unit.words) for unit in units]


def _set_apart(unit: Unit) -> JsonBlock:
    return {
        "type": "Container",
        "style": "emphasis",
        "items": turned(unit.said, is_rtl=False),
    }


def _items(items: Items) -> list[Unit]:
    """Items with buttons are set apart by lines, their buttons under them; others are a list."""
    has_buttons = any(item.buttons for item in items.items)
    units: list[Unit] = []
    for number, item in enumerate(items.items, 1):
        mark = f"{number}. " if items.numbered else "" if has_buttons else "• "
        said = sentence(run(item.lead, is_bold=True), run(item.text))
        if not said and not (item.detail.strip() or item.buttons):
            said = [run("–")]
        detail = [run("\n"), run(item.detail, is_quiet=True)] if item.detail.strip() else []
        looks = {"spacing": "Medium", "separator": True} if has_buttons else {"spacing": "Small"}
        text = [run(mark, is_bold=bool(item.lead.strip())), *said, *detail]
        *first, last = paragraphs(text, **looks) or [Unit()]
        name = shorten(clean(mark + (item.lead or item.text)).replace("\n", " "), _NAME_LENGTH)
        units += [*first, *headed([last], rows(item.buttons, name))]
    return units


def rows(buttons: tuple[Button, ...], name: str = "") -> list[Unit]:
    """Buttons as units of one row each; a label too long for a button stands in full before it."""
    units: list[Unit] = []
    letters = 0
    for button in buttons:
        title = _title_of(button)
        label = clean(button.label).strip()
        said = paragraphs([run(label)]) if title != label and label else []
        units += said
        letters += grid.width(title) + 4
        row = units[-1].buttons if units else ()
        if said or not row or len(row) == LIMITS.actions or letters > LIMITS.row_letters:
            units.append(Unit(name=name))
            letters = grid.width(title) + 4
        row = (*units[-1].buttons, button)
        units[-1] = Unit(buttons=row, words=labels(row), name=name)
    return units


def _title_of(button: Button) -> str:
    """What stands on the button: one line."""
    label = " ".join(clean(button.label).split()) or "Choose"
    return shorten(label, LIMITS.button_title)


def _table(table: Table) -> list[Unit]:
    """A narrow table as one; a wide one, which a phone cannot show, as facts of each row."""
    width = max((len(cells) for cells in (table.columns, *table.rows)), default=0)
    lines = [
        tuple(clean(cell) for _, cell in zip_longest(range(width), cells, fillvalue=""))
        for cells in (table.columns, *table.rows)
    ]
    letters = [max(grid.width(cell) for cell in column) for column in zip(*lines, strict=True)]
    is_narrow = width <= LIMITS.table_columns and sum(letters) <= LIMITS.table_letters
    if table.rows and is_narrow and not any("\n" in cell for line in lines for cell in line):
        return _cells(lines, letters)
    heading = paragraphs([run(grid.heading(table), is_quiet=True)])
    units: list[Unit] = []
    for row in grid.facts(table):
        said = " · ".join(row.facts)
        facts = [run(": " if row.is_pair else "\n"), run(said, is_quiet=not row.is_pair)] if said else []
        units += paragraphs([run(row.name or "–", is_bold=True), *facts], spacing="Small")
    return headed(heading, units or paragraphs([run(NOTHING)]))


def _cells(lines: list[tuple[str, ...]], letters: list[int]) -> list[Unit]:
    """The lines as tables, each with the titles, of a size that fills messages evenly."""
    columns: list[JsonBlock] = []
    for at, width in enumerate(letters):
        column: JsonBlock = {"width": max(width, 4)}
        if at and all(grid.is_figure(line[at]) for line in lines[1:]):
            column["horizontalCellContentAlignment"] = "Right"
        columns.append(column)

    def table(body: list[tuple[str, ...]]) -> Unit:
        made = [_line(line, columns, is_head=line is lines[0]) for line in (lines[0], *body)]
        whole = {"type": "Table", "firstRowAsHeader": True, "columns": columns, "rows": made}
        return Unit((whole,), "\n".join("  ".join(line) for line in (lines[0], *body)))

    units: list[Unit] = []
    body: list[tuple[str, ...]] = []
    room = LIMITS.part
    for line in lines[1:]:
        size = size_of(_line(line, columns))
        if body and size > room:
            units.append(table(body))
            body, room = [], LIMITS.part
        body.append(line)
        room -= size
    return [*units, table(body)]


def _line(cells: tuple[str, ...], columns: list[JsonBlock], *, is_head: bool = False) -> JsonBlock:
    made = []
    for cell, column in zip(cells, columns, strict=True):
        block: JsonBlock = {"type": "RichTextBlock", "inlines": [run(cell or "–", is_bold=is_head)]}
        if "horizontalCellContentAlignment" in column:
            block["horizontalAlignment"] = "Right"
        made.append({"type": "TableCell", "items": [block]})
    return {"type": "TableRow", "cells": made}


def _chart(chart: Chart, address: str) -> list[Unit]:
    """The picture, which holds the title; its alternative says both."""
    alternative = picture_words(chart.title, chart.alternative)
    before: list[Unit] = []
    if weigh(alternative) > LIMITS.image_alternative:
        before = paragraphs([run(alternative)])
        alternative = shorten(alternative, LIMITS.image_alternative, weigh)
    image = {
        "type": "Image",
        "url": address,
        "altText": alternative,
        "size": "Stretch",
        "msteams": {"allowExpand": True},
    }
    return [*before, Unit((image,), alternative)]


def _download(file: Download, address: str) -> list[Unit]:
    label = file_label(file.label, file.name)
    title = shorten(" ".join(label.split()), LIMITS.button_title)
    before = paragraphs([run(label)]) if title != label else []
    link = {"type": "Action.OpenUrl", "title": title, "url": address}
    return headed(before, [Unit(({"type": "ActionSet", "actions": [link]},), title)])


# Units to messages


class _Scale:
    """Weighs units, each once: a card of many is tried page by page."""

    def __init__(self, is_rtl: bool) -> None:
        self._is_rtl = is_rtl
        self._known: dict[int, tuple[Unit, int]] = {}

    def weigh(self, units: list[Unit]) -> int:
        """The bytes of a message of these units, or a little more."""
        fields = size_of(_field_ids(units)) * sum(len(unit.buttons) for unit in units) * 2
        return LIMITS.envelope + fields + sum(self._size(unit) for unit in units)

    def _size(self, unit: Unit) -> int:
        known, size = self._known.get(id(unit), (None, 0))
        if known is not unit:
            size = size_of(turned(_body([unit], []), self._is_rtl))
            self._known[id(unit)] = (unit, size)
        return size


def _message(page: list[Unit], number: int, total: int, is_rtl: bool) -> JsonBlock:
    words = "\n".join(unit.words for unit in page if unit.words.strip())
    body = turned(_body(page, _field_ids(page)), is_rtl)
    if not body:
        words = NOTHING
        body = [{"type": "TextBlock", "text": NOTHING, "wrap": True}]
    if number > 1:
        note = f"Continued ({number} of {total})"
        body = [{"type": "TextBlock", "text": note, "isSubtle": True, "size": "Small"}, *body]
        words = f"{note}\n{words}"
    made: JsonBlock = {
        "type": "AdaptiveCard",
        "version": "1.5",
        "msteams": {"width": "Full"},
        "fallbackText": _shortened(words, LIMITS.fallback_text, _MORE),
        "speak": _spoken(words),
        "body": body,
    }
    return {**made, "rtl": True} if is_rtl else made


def _field_ids(page: list[Unit]) -> list[str]:
    return [block["id"] for unit in page for block in unit.inputs if "id" in block]


def _body(page: list[Unit], fields: list[str]) -> Iterable[JsonBlock]:
    is_after_row = False
    for unit in page:
        yield from unit.said
        yield from unit.inputs
        if unit.buttons:
            actions = [action_of(button, _title_of(button), fields) for button in unit.buttons]
            goes_on = is_after_row and not unit.said and not unit.inputs
            yield {"type": "ActionSet", "actions": actions, **({"spacing": "Small"} if goes_on else {})}
        is_after_row = bool(unit.buttons)


def _shortened(words: str, limit: int, ending: str) -> str:
    head = words[: limit + 1]  # a letter weighs one at least
    if len(head) <= limit and weigh(head) <= limit:
        return words
    return split(head, limit - weigh(ending), weigh)[0].rstrip() + ending


def _spoken(words: str) -> str:
    """What is read aloud before one looks. Speech may be marked up, so what could be a mark is left out."""
    plain = " ".join(words.replace("&", " and ").replace("<", " ").replace(">", " ").split())
    return _shortened(plain, LIMITS.speak, "…")
