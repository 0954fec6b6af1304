"""A card as Slack messages in Block Kit.

Texts are rich text, never ``mrkdwn`` (``block_kit_parts`` says why). Over a limit a text goes on in the next block
and a card in the next message, headed "Continued"; nothing is cut. The fallback text, which notifications and
screen readers read, is the one place that Slack parses; it is escaped there, once. Whoever posts it must leave
``parse`` and ``link_names`` off (Slack's default), else a typed ``@here`` in the fallback would ping; and should
set ``unfurl_links`` off.

Slack sends the values of fields with a button only from the button's own message. So in a card with fields all
fields and buttons stand in one message, with everything that explains them ahead of it where it must be split.

Tables are aligned letters of one width where a phone can show that, else lists of facts (``grid``); Slack's own
table block scrolls sideways on a phone and is limited to one a message.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, assert_never

from bot.render import grid
from bot.render.block_kit_fields import FieldError, inputs, read_action, read_values
from bot.render.block_kit_parts import (
    LIMITS,
    JsonBlock,
    escape,
    link,
    pieces,
    plain,
    rich,
    section,
    sentence,
    span,
    weigh,
    words_of,
)
from bot.render.plain_text import join, labels
from bot.render.prose import NOTHING, clean, shorten, split
from handlers.cards import (
    Button,
    Buttons,
    Card,
    Chart,
    Download,
    Emphasis,
    Field,
    Item,
    Items,
    Quote,
    Table,
    Text,
)

__all__ = ["LIMITS", "FieldError", "SlackMessage", "read_action", "read_values", "render"]

_MORE = " … (the rest is in the message)"
# Letters of labels in one row of buttons: a row is one unit, and several units should fit a message.
_ROW_WEIGHT = 4_000
# Letters of an item's name before a button that had to leave its item.
_NAME_LENGTH = 40


@dataclass(frozen=True, slots=True)
class SlackMessage:
    """One message: ``text`` is the fallback (escaped), ``blocks`` what is shown."""

    text: str
    blocks: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _Unit:
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


def render(
    card: Card, *, chart_address: Callable[[Chart], str], download_address: Callable[[Download], str]
) -> tuple[SlackMessage, ...]:
    """The card as one message or, where Slack's limits ask for it, several, to be posted in this order.

    Never empty. The addresses are public URLs. In each message ``action_id`` is ``act-<n>`` and unique, a
    button's value is its encoded action (``read_action`` reads it) and what was filled in comes with it
    (``read_values``). Raises ``FieldError`` for a card with more fields and buttons than one message holds.
    """
    fingerprint = hashlib.sha256(repr(card).encode("utf-8", "backslashreplace")).hexdigest()[:8]
    units = _headed(_title(card.title), [])
    for number, block in enumerate(card.blocks):
        match block:
            case Field():
                before, fields = inputs(block, number=number, fingerprint=fingerprint)
                units += [_Unit((one,), _words(one)) for one in before[:-1]]
                spoken = "\n".join(_words(one) for one in (*before[-1:], *fields))
                units.append(_Unit(tuple(before[-1:]), spoken, tuple(fields)))
            case Chart():
                units += _chart(block, chart_address(block))
            case Download():
                units += _download(block, download_address(block))
            case _:
                units += _units(block)
    has_fields = any(unit.inputs for unit in units)
    pages = _form_pages(units) if has_fields else _pages(units)
    return tuple(_message(page, number, len(pages)) for number, page in enumerate(pages, 1))


# Blocks to units


def _units(block: Text | Quote | Buttons | Items | Table) -> list[_Unit]:
    match block:
        case Text(quiet=True):
            texts = split(join(block.lead, block.text), LIMITS.context_text, weigh)
            return [_Unit(({"type": "context", "elements": [plain(t)]},), t) for t in texts if t.strip()]
        case Text():
            return _paragraphs(sentence(span(block.lead, "bold"), span(block.text)))
        case Quote():
            return _quote(block)
        case Buttons():
            return _rows(block.buttons)
        case Items():
            heading = _paragraphs([span(block.title, "bold")])
            has_buttons = any(item.buttons for item in block.items)
            return _headed(heading, _items(block) if has_buttons else _list(block))
        case Table():
            return _headed(_paragraphs([span(block.caption, "bold")]), _table(block))
        case _:
            assert_never(block)


def _title(title: str) -> list[_Unit]:
    title = clean(title).strip()
    if not title or weigh(title) > LIMITS.header_text or "\n" in title:
        return _paragraphs([span(title, "bold")])
    return [_Unit(({"type": "header", "text": plain(title)},), title)]


def _paragraphs(elements: list[dict[str, Any]]) -> list[_Unit]:
    return [_Unit((rich(section(part)),), words_of(part)) for part in pieces(elements)]


def _quote(quote: Quote) -> list[_Unit]:
    units = [
        _Unit((rich({"type": "rich_text_quote", "elements": part}),), words_of(part))
        for part in pieces([span(quote.text)])
    ]
    source = _paragraphs([span(f"({quote.source})", "italic")] if quote.source.strip() else [])
    return [*units[:-1], *_headed(units[-1:], source)] if source else units


def _rows(buttons: tuple[Button, ...], name: str = "") -> list[_Unit]:
    """Buttons as units of one row each; a label longer than any block begins as paragraphs before its button."""
    units: list[_Unit] = []
    weight = 0
    for button in buttons:
        *begun, rest = split(clean(button.label), LIMITS.section_text, weigh) or [""]
        units += [_Unit((rich(section([span(text)])),), text) for text in begun]
        weight += weigh(rest)
        if begun or not units or len(units[-1].buttons) == LIMITS.actions_elements or weight > _ROW_WEIGHT:
            units.append(_Unit(name=name))
            weight = weigh(rest)
        row = (*units[-1].buttons, replace(button, label=rest))
        units[-1] = replace(units[-1], buttons=row, words=labels(row))
    return units


def _items(items: Items) -> list[_Unit]:
    """Items that have buttons: a paragraph each, its buttons under it."""
    units: list[_Unit] = []
    for number, item in enumerate(items.items, 1):
        mark = f"{number}. " if items.numbered else ""
        *first, last = _paragraphs([span(mark, "bold"), *_spans(item)]) or [_Unit()]
        name = shorten(clean(mark + (item.lead or item.text)).replace("\n", " "), _NAME_LENGTH)
        units += [*first, *_headed([last], _rows(item.buttons, name))]
    return units


def _list(items: Items) -> list[_Unit]:
    """Items without buttons: a list, in blocks that each hold as many as fit."""
    units: list[_Unit] = []
    batch: list[list[dict[str, Any]]] = []

    def listed(following: int) -> _Unit:
        start = following - len(batch)
        style = "ordered" if items.numbered else "bullet"
        elements = [section(part) for part in batch]
        marked = [f"{start + at}. " * items.numbered + words_of(part) for at, part in enumerate(batch)]
        block = {
            "type": "rich_text_list",
            "style": style,
            "indent": 0,
            "offset": start - 1,
            "elements": elements,
        }
        return _Unit((rich(block),), "\n".join(marked))

    for number, item in enumerate(items.items, 1):
        head, *rest = pieces(_spans(item)) or [[span("–")]]
        if batch and sum(weigh(words_of(part)) for part in (*batch, head)) > LIMITS.section_text:
            units.append(listed(number))
            batch = []
        batch.append(head)
        if rest:
            units += [listed(number + 1), *(_Unit((rich(section(part)),), words_of(part)) for part in rest)]
            batch = []
    return [*units, listed(len(items.items) + 1)] if batch else units


def _spans(item: Item) -> list[dict[str, Any]]:
    elements = sentence(span(item.lead, "bold"), span(item.text))
    detail = [span(item.detail)] if item.detail.strip() else []
    return [*elements, span("\n"), *detail] if elements and detail else elements or detail


def _table(table: Table) -> list[_Unit]:
    if lines := grid.align(table):
        size = LIMITS.section_text // (2 * grid.PHONE_WIDTH)
        head, body = lines[0], lines[1:]
        units = []
        for first in range(0, len(body), size):
            text = "\n".join((head, *body[first : first + size]))
            units.append(_Unit((rich({"type": "rich_text_preformatted", "elements": [span(text)]}),), text))
        return units
    heading = _paragraphs([span(grid.heading(table), "italic")])
    rows = [[span(row.name, "bold"), span("\n"), span(" · ".join(row.facts))] for row in grid.facts(table)]
    units = []
    for row in rows:
        for unit in _paragraphs(row):
            if units and weigh(units[-1].words + unit.words) < LIMITS.section_text // 2:
                units[-1] = _merged(units[-1], unit)
            else:
                units.append(unit)
    return _headed(heading, units or _paragraphs([span(NOTHING)]))


def _merged(one: _Unit, other: _Unit) -> _Unit:
    """Two units of one rich text block each, as one: rows of a table are many and blocks are few."""
    elements = [*one.said[0]["elements"], section([span("\n")]), *other.said[0]["elements"]]
    return _Unit((rich(*elements),), f"{one.words}\n{other.words}")


def _chart(chart: Chart, address: str) -> list[_Unit]:
    alternative = clean(chart.alternative).strip() or clean(chart.title).strip() or "A chart"
    title = clean(chart.title).strip()
    before: list[_Unit] = []
    if weigh(alternative) > LIMITS.image_alternative:
        before = _paragraphs([span(alternative)])
        alternative = shorten(alternative, LIMITS.image_alternative, weigh)
    if weigh(title) > LIMITS.image_title:
        before = [*_paragraphs([span(title, "bold")]), *before]
        title = ""
    image: JsonBlock = {"type": "image", "image_url": address, "alt_text": alternative}
    if title:
        image["title"] = plain(title)
    return [*before, _Unit((image,), "\n".join(line for line in (title, alternative) if line))]


def _download(file: Download, address: str) -> list[_Unit]:
    if weigh(file.label) > LIMITS.link_text:
        return [*_paragraphs([span(file.label)]), *_paragraphs([link(file.name, address)])]
    return _paragraphs([link(file.label, address), span(f" ({file.name})")])


def _headed(heading: list[_Unit], units: list[_Unit]) -> list[_Unit]:
    """The heading joined to the first unit, so that no page ends with a heading."""
    if not heading or not units:
        return [*heading, *units]
    last, first = heading[-1], units[0]
    said, words = (*last.said, *first.said), "\n".join(word for word in (last.words, first.words) if word)
    return [*heading[:-1], replace(first, said=said, words=words), *units[1:]]


# Units to messages


def _pages(units: list[_Unit]) -> list[list[_Unit]]:
    """As few pages as the limits allow, in order; at least one."""
    pages: list[list[_Unit]] = [[]]
    for unit in units:
        if pages[-1] and not _fits([*pages[-1], unit]):
            pages.append([])
        pages[-1].append(unit)
    return pages


def _form_pages(units: list[_Unit]) -> list[list[_Unit]]:
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
            *(_Unit(inputs=unit.inputs, words=unit.words) for unit in form if unit.inputs),
            *_packed(form),
        ]
        if len(_blocks(form)) > LIMITS.blocks - 1:
            raise FieldError("a card has more fields and buttons than one Slack message holds")
    return [*(_pages(before) if before else []), form, *(_pages(after) if after else [])]


def _packed(form: list[_Unit]) -> list[_Unit]:
    """All buttons in full rows, each saying what it is about: "Lincoln: Open"."""
    buttons = [
        replace(button, label=f"{unit.name}: {button.label}" if unit.name else button.label)
        for unit in form
        for button in unit.buttons
    ]
    return _units(Buttons(tuple(buttons)))


def _fits(units: list[_Unit]) -> bool:
    blocks = _blocks(units)
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


def _blocks(units: list[_Unit]) -> list[JsonBlock]:
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


def _message(page: list[_Unit], number: int, total: int) -> SlackMessage:
    blocks = _blocks(page)
    words = "\n".join(unit.words for unit in page if unit.words.strip())
    if not blocks:
        words = NOTHING
        blocks = [rich(section([span(NOTHING)]))]
    if number > 1:
        note = f"Continued ({number} of {total})"
        blocks = [{"type": "context", "elements": [plain(note)]}, *blocks]
        words = f"{note}\n{words}"
    if weigh(words) > LIMITS.fallback_text:
        words = split(words, LIMITS.fallback_text - len(_MORE), weigh)[0].rstrip() + _MORE
    return SlackMessage(escape(words), blocks)


def _words(block: JsonBlock) -> str:
    """What a text or an input says, for the fallback."""
    if block["type"] == "input":
        return "\n".join(block[part]["text"] for part in ("label", "hint") if part in block)
    return "".join(words_of(part["elements"]) for part in block["elements"])
