"""A card as Slack messages in Block Kit.

Texts are rich text, never ``mrkdwn`` (``block_kit_parts`` says why). Over a limit a text goes on in the next block
and a card in the next message, headed "Continued"; nothing is cut. The fallback text, which notifications and
screen readers read, is the one place that Slack parses; it is escaped there, once. Whoever posts it must leave
``parse`` and ``link_names`` off (Slack's default), else a typed ``@here`` in the fallback would ping; and should
set ``unfurl_links`` off.

In a card with fields all fields and buttons stand in one message (``block_kit_pages`` says why).

Tables are aligned letters of one width where a phone can show that, else lists of facts (``grid``); Slack's own
table block scrolls sideways on a phone and is limited to one a message.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, assert_never

from bot.render import grid
from bot.render.block_kit_fields import field_of, inputs, read_action, read_values
from bot.render.block_kit_pages import arrange, blocks_of, rows
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
from bot.render.pages import FieldError, Unit, headed
from bot.render.plain_text import join
from bot.render.prose import NOTHING, clean, file_label, picture_words, shorten, split
from handlers.cards import (
    Buttons,
    Card,
    Chart,
    Download,
    Field,
    Item,
    Items,
    Quote,
    Table,
    Text,
)

__all__ = ["LIMITS", "FieldError", "SlackMessage", "field_of", "read_action", "read_values", "render"]

OWN_FILE = "slack-file:"
"""Before the id of a picture that was uploaded to Slack, where it has no address."""
_MORE = " … (the rest is in the message)"
# Letters of an item's name before a button that had to leave its item.
_NAME_LENGTH = 40


@dataclass(frozen=True, slots=True)
class SlackMessage:
    """One message: ``text`` is the fallback (escaped), ``blocks`` what is shown."""

    text: str
    blocks: list[dict[str, Any]]


def render(
    card: Card, *, chart_address: Callable[[Chart], str], download_address: Callable[[Download], str]
) -> tuple[SlackMessage, ...]:
    """The card as one message or, where Slack's limits ask for it, several, to be posted in this order.

    Never empty. The addresses are public URLs or, after ``OWN_FILE``, ids of files in
    Slack. In each message ``action_id`` is ``act-<n>`` and unique, a
    button's value is its encoded action (``read_action`` reads it) and what was filled in comes with it
    (``read_values``). Raises ``FieldError`` for a card with more fields and buttons than one message holds.
    """
    pages = arrange(units_of(card, chart_address=chart_address, download_address=download_address))
    return tuple(_message(page, number, len(pages)) for number, page in enumerate(pages, 1))


def units_of(
    card: Card, *, chart_address: Callable[[Chart], str], download_address: Callable[[Download], str]
) -> list[Unit]:
    """The card as parts that must not be torn apart, for a message or a view to arrange."""
    fingerprint = hashlib.sha256(repr(card).encode("utf-8", "backslashreplace")).hexdigest()[:8]
    units = headed(_title(card.title), [])
    for number, block in enumerate(card.blocks):
        match block:
            case Field():
                before, fields = inputs(block, number=number, fingerprint=fingerprint)
                units += [Unit((one,), _words(one)) for one in before[:-1]]
                spoken = "\n".join(_words(one) for one in (*before[-1:], *fields))
                units.append(Unit(tuple(before[-1:]), spoken, tuple(fields)))
            case Chart():
                units += _chart(block, chart_address(block))
            case Download():
                units += _download(block, download_address(block))
            case _:
                units += _units(block)
    return units


# Blocks to units


def _units(block: Text | Quote | Buttons | Items | Table) -> list[Unit]:
    match block:
        case Text(quiet=True):
            texts = split(join(block.lead, block.text), LIMITS.context_text, weigh)
            return [Unit(({"type": "context", "elements": [plain(t)]},), t) for t in texts if t.strip()]
        case Text():
            return _paragraphs(sentence(span(block.lead, "bold"), span(block.text)))
        case Quote():
            return _quote(block)
        case Buttons():
            return rows(block.buttons)
        case Items():
            heading = _paragraphs([span(block.title, "bold")])
            has_buttons = any(item.buttons for item in block.items)
            return headed(heading, _items(block) if has_buttons else _list(block))
        case Table():
            return headed(_paragraphs([span(block.caption, "bold")]), _table(block))
        case _:
            assert_never(block)


def _title(title: str) -> list[Unit]:
    title = clean(title).strip()
    if not title or weigh(title) > LIMITS.header_text or "\n" in title:
        return _paragraphs([span(title, "bold")])
    return [Unit(({"type": "header", "text": plain(title)},), title)]


def _paragraphs(elements: list[dict[str, Any]]) -> list[Unit]:
    return [Unit((rich(section(part)),), words_of(part)) for part in pieces(elements)]


def _quote(quote: Quote) -> list[Unit]:
    units = [
        Unit((rich({"type": "rich_text_quote", "elements": part}),), words_of(part))
        for part in pieces([span(quote.text)])
    ]
    source = _paragraphs([span(f"({quote.source})", "italic")] if quote.source.strip() else [])
    return [*units[:-1], *headed(units[-1:], source)] if source else units


def _items(items: Items) -> list[Unit]:
    """Items that have buttons: a paragraph each, its buttons under it."""
    units: list[Unit] = []
    for number, item in enumerate(items.items, 1):
        mark = f"{number}. " if items.numbered else ""
        *first, last = _paragraphs([span(mark, "bold"), *_spans(item)]) or [Unit()]
        name = shorten(clean(mark + (item.lead or item.text)).replace("\n", " "), _NAME_LENGTH)
        units += [*first, *headed([last], rows(item.buttons, name))]
    return units


def _list(items: Items) -> list[Unit]:
    """Items without buttons: a list, in blocks that each hold as many as fit."""
    units: list[Unit] = []
    batch: list[list[dict[str, Any]]] = []

    def listed(following: int) -> Unit:
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
        return Unit((rich(block),), "\n".join(marked))

    for number, item in enumerate(items.items, 1):
        head, *rest = pieces(_spans(item)) or [[span("–")]]
        if batch and sum(weigh(words_of(part)) for part in (*batch, head)) > LIMITS.section_text:
            units.append(listed(number))
            batch = []
        batch.append(head)
        if rest:
            units += [listed(number + 1), *(Unit((rich(section(part)),), words_of(part)) for part in rest)]
            batch = []
    return [*units, listed(len(items.items) + 1)] if batch else units


def _spans(item: Item) -> list[dict[str, Any]]:
    elements = sentence(span(item.lead, "bold"), span(item.text))
    detail = [span(item.detail)] if item.detail.strip() else []
    return [*elements, span("\n"), *detail] if elements and detail else elements or detail


def _table(table: Table) -> list[Unit]:
    if lines := grid.align(table):
        size = LIMITS.section_text // (2 * grid.PHONE_WIDTH)
        head, body = lines[0], lines[1:]
        units = []
        for first in range(0, len(body), size):
            text = "\n".join((head, *body[first : first + size]))
            units.append(Unit((rich({"type": "rich_text_preformatted", "elements": [span(text)]}),), text))
        return units
    heading = _paragraphs([span(grid.heading(table), "italic")])
    rows = [
        [span(row.name, "bold"), span(": " if row.is_pair else "\n"), span(" · ".join(row.facts))]
        for row in grid.facts(table)
    ]
    units = []
    for row in rows:
        for unit in _paragraphs(row):
            if units and weigh(units[-1].words + unit.words) < LIMITS.section_text // 2:
                units[-1] = _merged(units[-1], unit)
            else:
                units.append(unit)
    return headed(heading, units or _paragraphs([span(NOTHING)]))


def _merged(one: Unit, other: Unit) -> Unit:
    """Two units of one rich text block each, as one: rows of a table are many and blocks are few."""
    elements = [*one.said[0]["elements"], section([span("\n")]), *other.said[0]["elements"]]
    return Unit((rich(*elements),), f"{one.words}\n{other.words}")


def _chart(chart: Chart, address: str) -> list[Unit]:
    """The picture, which holds the title; Slack would say it once more above it."""
    alternative = picture_words(chart.title, chart.alternative)
    before: list[Unit] = []
    if weigh(alternative) > LIMITS.image_alternative:
        before = _paragraphs([span(alternative)])
        alternative = shorten(alternative, LIMITS.image_alternative, weigh)
    where = {"slack_file": {"id": address.removeprefix(OWN_FILE)}} if address.startswith(OWN_FILE) else None
    image: JsonBlock = {"type": "image", **(where or {"image_url": address}), "alt_text": alternative}
    return [*before, Unit((image,), alternative)]


def _download(file: Download, address: str) -> list[Unit]:
    if weigh(file.label) > LIMITS.link_text:
        return [*_paragraphs([span(file.label)]), *_paragraphs([link(file.name, address)])]
    name = file_label(file.label, file.name).removeprefix(clean(file.label).strip())
    return _paragraphs([link(file.label, address), *([span(name)] if name else [])])


# Units to messages


def _message(page: list[Unit], number: int, total: int) -> SlackMessage:
    blocks = blocks_of(page)
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
