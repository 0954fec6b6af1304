"""A card as a fragment of HTML for the playground: semantic, usable by keyboard and screen reader, no script.

A card with fields or buttons is one form; a button sends ``action`` (its encoded action), the ``hidden`` pairs and
the fields, whose names begin with ``field-`` so that they meet no other (``read_values`` takes it off again).
Every string goes through ``Markup.format``, which escapes it; people's texts have ``dir="auto"`` so that right-to-left
and left-to-right stand side by side.

The classes a style sheet may use: ``card``; ``card-title``; ``text``, ``lead``, ``quiet``, ``fault``; ``quote``;
``buttons``, ``button`` with ``primary`` or ``danger``; ``items``, ``items-title``, ``item-text``, ``detail``;
``field``, ``hint``, ``options``, ``option``, ``required``; ``table`` (scrolls sideways), each cell with its column in
``data-label``; ``chart``, ``figures``; ``download``, ``file-name``; ``nothing``; ``hidden`` (for screen readers).
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import assert_never

from markupsafe import Markup

from bot.render.prose import NO_OPTIONS, NOTHING, clean, figure, file_label
from handlers.cards import (
    Block,
    Button,
    Buttons,
    Card,
    Chart,
    Download,
    Emphasis,
    Field,
    FieldKind,
    Item,
    Items,
    Option,
    Quote,
    Table,
    Text,
    buttons_of,
)

_PREFIX = "field-"
# More choices than this fold into a menu.
_OPEN_CHOICES = 7
_EMPTY = Markup("")


@dataclass(frozen=True, slots=True)
class _Page:
    """What the blocks of one card share: ``key`` begins every id, so that many cards can stand on one page."""

    key: str
    chart_address: Callable[[Chart], str]
    download_address: Callable[[Download], str]


def render(
    card: Card,
    *,
    form_target: str,
    hidden: Mapping[str, str],
    chart_address: Callable[[Chart], str],
    download_address: Callable[[Download], str],
    key: str = "",
) -> Markup:
    """The card as an ``article``. ``form_target`` is where buttons post to, ``hidden`` what they send as well.

    ``key`` makes the ids unique on the page (letters, digits, hyphens); without one it comes from the card and
    ``hidden``, so give one where the same card may stand twice with the same hidden pairs.
    """
    seed = repr((card, sorted(hidden.items()))).encode("utf-8", "backslashreplace")
    page = _Page(key or "c" + hashlib.sha256(seed).hexdigest()[:10], chart_address, download_address)
    title = _EMPTY
    if card.title.strip():
        title = Markup('<h2 class="card-title" id="{}-title" dir="auto">{}</h2>\n').format(
            page.key, _lines(card.title)
        )
    body = _join(_block(block, f"{page.key}-{number}", page) for number, block in enumerate(card.blocks))
    if not title and not body:
        body = Markup('<p class="nothing">{}</p>\n').format(NOTHING)
    buttons = buttons_of(card)
    if buttons or any(isinstance(block, Field) for block in card.blocks):
        pairs = _join(
            Markup('<input type="hidden" name="{}" value="{}">\n').format(name, value)
            for name, value in hidden.items()
        )
        form = Markup('<form method="post" action="{}">\n{}{}{}</form>\n')
        body = form.format(form_target, _enter(card, buttons), pairs, body)
    named = Markup(' aria-labelledby="{}-title"').format(page.key) if title else _EMPTY
    return Markup('<article class="card" id="{}"{}>\n{}{}</article>\n').format(page.key, named, title, body)


def read_values(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What was filled in, by field name, from the pairs of a posted form in their order.

    Several values of one field (CHOICES) are joined by newlines; a field left empty is ``""``.
    """
    read: dict[str, str] = {}
    for name, value in pairs:
        if name.startswith(_PREFIX):
            known = read.get(name.removeprefix(_PREFIX), "")
            value = value.replace("\r\n", "\n")
            read[name.removeprefix(_PREFIX)] = f"{known}\n{value}" if known and value else known or value
    return read


def _block(block: Block, key: str, page: _Page) -> Markup:
    match block:
        case Text():
            return _text(block)
        case Quote():
            source = Markup('<figcaption dir="auto">{}</figcaption>').format(_lines(block.source))
            return Markup(
                '<figure class="quote"><blockquote><p dir="auto">{}</p></blockquote>{}</figure>\n'
            ).format(_lines(block.text), source if block.source.strip() else "")
        case Buttons():
            return _row(block.buttons)
        case Items():
            return _items(block, key)
        case Field():
            return _field(block, key)
        case Table():
            return _table(block, key)
        case Chart():
            return _chart(block, page.chart_address(block))
        case Download():
            named = file_label(block.label, block.name) != clean(block.label).strip()
            return Markup('<p class="download"><a href="{}" download="{}">{}</a>{}</p>\n').format(
                page.download_address(block),
                clean(block.name),
                _lines(block.label or block.name),
                Markup(' <span class="file-name">({})</span>').format(clean(block.name)) if named else "",
            )
        case _:
            assert_never(block)


def _text(text: Text) -> Markup:
    lead = (
        Markup('<strong class="lead">{}</strong>').format(_lines(text.lead)) if text.lead.strip() else _EMPTY
    )
    words = Markup(" ").join(part for part in (lead, _lines(text.text)) if part.strip())
    if not words:
        return _EMPTY
    if text.is_fault:
        return Markup('<p class="text fault" role="alert" dir="auto">{}</p>\n').format(words)
    if text.quiet:
        return Markup('<p class="text quiet" dir="auto"><small>{}</small></p>\n').format(words)
    return Markup('<p class="text" dir="auto">{}</p>\n').format(words)


def _row(buttons: tuple[Button, ...], name: str = "") -> Markup:
    if not buttons:
        return _EMPTY
    label = Markup(' role="group" aria-label="{}"').format(name) if name else _EMPTY
    return Markup('<div class="buttons"{}>{}</div>\n').format(
        label, _join(_button(button) for button in buttons)
    )


def _button(button: Button) -> Markup:
    """Only the primary button asks the browser to check required fields: one must be able to skip or go back."""
    kind = "" if button.emphasis is Emphasis.NORMAL else f" {button.emphasis.value}"
    unchecked = _EMPTY if button.emphasis is Emphasis.PRIMARY else Markup(" formnovalidate")
    return Markup('<button type="submit" class="button{}" name="action" value="{}"{}>{}</button>\n').format(
        kind, button.action.encode(), unchecked, clean(button.label).strip() or "Choose"
    )


def _enter(card: Card, buttons: list[Button]) -> Markup:
    """What the Enter key does in a one-line field: browsers press the form's first button, whatever it is.

    So the first is the only primary one, hidden; where there is no such button Enter does nothing.
    """
    primary = [button for button in buttons if button.emphasis is Emphasis.PRIMARY]
    chosen = primary if len(primary) == 1 else buttons if len(buttons) == 1 else []
    if not any(isinstance(block, Field) for block in card.blocks):
        return _EMPTY
    if not chosen:
        return Markup('<button type="submit" hidden disabled></button>\n')
    return Markup('<button type="submit" hidden name="action" value="{}"></button>\n').format(
        chosen[0].action.encode()
    )


def _items(items: Items, key: str) -> Markup:
    title, named = _EMPTY, _EMPTY
    if items.title.strip():
        title = Markup('<h3 class="items-title" id="{}-title" dir="auto">{}</h3>\n').format(
            key, _lines(items.title)
        )
        named = Markup(' aria-labelledby="{}-title"').format(key)
    kind = "ol" if items.numbered else "ul"
    listed = Markup('<{0} class="items"{1}>\n{2}</{0}>\n').format(kind, named, _join(map(_item, items.items)))
    return title + listed if items.items else title


def _item(item: Item) -> Markup:
    lead = (
        Markup('<strong class="lead">{}</strong>').format(_lines(item.lead)) if item.lead.strip() else _EMPTY
    )
    words = Markup(" ").join(part for part in (lead, _lines(item.text)) if part.strip())
    detail = (
        Markup('<p class="detail" dir="auto">{}</p>').format(_lines(item.detail))
        if item.detail.strip()
        else ""
    )
    about = clean(item.lead or item.text)
    return Markup('<li><p class="item-text" dir="auto">{}</p>{}{}</li>\n').format(
        words, detail, _row(item.buttons, about)
    )


def _field(field: Field, key: str) -> Markup:
    label = clean(field.label).strip() or field.name
    hint, described = _EMPTY, _EMPTY
    if field.hint.strip():
        hint = Markup('<p class="hint" id="{}-hint" dir="auto">{}</p>\n').format(key, _lines(field.hint))
        described = Markup(' aria-describedby="{}-hint"').format(key)
    mark = Markup(' <span class="required">(required)</span>') if field.required else _EMPTY
    name = _PREFIX + field.name
    required = Markup(" required") if field.required else _EMPTY
    value = clean(field.value)
    is_menu = len(field.options) > _OPEN_CHOICES
    match field.kind:
        case FieldKind.LINE | FieldKind.DATE | FieldKind.TIME:
            kind = {FieldKind.DATE: "date", FieldKind.TIME: "time"}.get(field.kind, "text")
            control = Markup('<input type="{}" id="{}" name="{}" value="{}" dir="auto"{}{}>').format(
                kind, key, name, value, described, required
            )
        case FieldKind.LONG:
            # A browser drops the first line end in a text area: this one, not the person's.
            control = Markup('<textarea id="{}" name="{}" rows="5" dir="auto"{}{}>\n{}</textarea>').format(
                key, name, described, required, value
            )
        case FieldKind.CHOICE if is_menu:
            options = [
                Markup('<option value="">Choose</option>\n'),
                *(_menu_option(one, field) for one in field.options),
            ]
            control = Markup('<select id="{}" name="{}"{}{}>\n{}</select>').format(
                key, name, described, required, _join(options)
            )
        case FieldKind.CHOICE | FieldKind.CHOICES:
            return Markup(
                '<fieldset class="field options"{}><legend dir="auto">{}{}</legend>\n{}{}</fieldset>\n'
            ).format(described, label, mark, hint, _choices(field, key, name))
        case _:
            assert_never(field.kind)
    return Markup('<div class="field"><label for="{}" dir="auto">{}{}</label>\n{}{}\n</div>\n').format(
        key, label, mark, hint, control
    )


def _menu_option(option: Option, field: Field) -> Markup:
    selected = Markup(" selected") if option.value == field.value else _EMPTY
    return Markup('<option value="{}"{}>{}</option>\n').format(option.value, selected, _label(option))


def _choices(field: Field, key: str, name: str) -> Markup:
    """Radio buttons or check boxes. The empty pair before them says "shown, none chosen"."""
    if not field.options:
        return Markup('<p class="nothing">{}</p>\n').format(NO_OPTIONS)
    is_many = field.kind is FieldKind.CHOICES
    wanted = field.value.split("\n") if is_many else [field.value]
    required = Markup(" required") if field.required and not is_many else _EMPTY
    boxes = [Markup('<input type="hidden" name="{}" value="">\n').format(name)]
    for number, option in enumerate(field.options):
        checked = Markup(" checked") if option.value in wanted else _EMPTY
        boxes.append(
            Markup(
                '<div class="option"><input type="{}" id="{}" name="{}" value="{}"{}{}>'
                '<label for="{}" dir="auto">{}</label></div>\n'
            ).format(
                "checkbox" if is_many else "radio",
                f"{key}-{number}",
                name,
                option.value,
                checked,
                required,
                f"{key}-{number}",
                _label(option),
            )
        )
    return _join(boxes)


def _label(option: Option) -> str:
    return clean(option.label).strip() or clean(option.value).strip() or "–"


def _table(table: Table, key: str) -> Markup:
    """The first cell of a row is its header. A phone's style sheet can stack the cells: each knows its column."""
    heads = _join(
        Markup('<th scope="col" dir="auto">{}</th>').format(_lines(title)) for title in table.columns
    )
    rows = []
    for row in table.rows:
        first, *others = list(zip_longest(table.columns, row, fillvalue="")) or [("", "")]
        cells = [Markup('<th scope="row" dir="auto">{}</th>').format(_lines(first[1]))]
        for title, cell in others:
            cells.append(Markup('<td data-label="{}" dir="auto">{}</td>').format(clean(title), _lines(cell)))
        rows.append(Markup("<tr>{}</tr>\n").format(_join(cells)))
    if not rows:
        span = max(len(table.columns), 1)
        rows = [Markup('<tr><td class="nothing" colspan="{}">{}</td></tr>\n').format(span, NOTHING)]
    caption = Markup('<caption id="{}-caption" dir="auto">{}</caption>\n').format(key, _lines(table.caption))
    is_named = bool(table.caption.strip())
    # What scrolls must be reachable by keyboard, and what takes the focus must have a name.
    label = Markup('aria-labelledby="{}-caption"').format(key) if is_named else Markup('aria-label="Table"')
    return Markup(
        '<div class="table" role="region" tabindex="0" {}>\n<table>\n{}<thead><tr>{}</tr></thead>\n'
        "<tbody>\n{}</tbody>\n</table>\n</div>\n"
    ).format(label, caption if is_named else "", heads, _join(rows))


def _chart(chart: Chart, address: str) -> Markup:
    """The picture, its sentence as alternative text, and its figures as a table to unfold.

    The title is drawn in the picture, so only those who do not see it get it once more (class ``hidden``).
    """
    title = _lines(chart.title)
    columns = ("", *(series.name for series in chart.series))
    rows = tuple(
        (label, *(_figure(series.values[at] if at < len(series.values) else None) for series in chart.series))
        for at, label in enumerate(chart.labels)
    )
    heads = _join(Markup('<th scope="col">{}</th>').format(clean(name)) for name in columns[1:])
    body = _join(
        Markup('<tr><th scope="row">{}</th>{}</tr>\n').format(
            clean(name), _join(Markup("<td>{}</td>").format(figure) for figure in figures)
        )
        for name, *figures in rows
    )
    goal = _EMPTY
    if chart.goal is not None:
        goal = Markup("<p>{} {}</p>").format(clean(chart.goal_label) or "Goal:", _figure(chart.goal))
    figures = Markup(
        '<details class="figures"><summary>Figures</summary>\n<table><caption>{}</caption>\n'
        "<thead><tr><td></td>{}</tr></thead>\n<tbody>\n{}</tbody></table>{}</details>"
    ).format(clean(chart.unit), heads, body, goal)
    return Markup('<figure class="chart">{}<img src="{}" alt="{}">\n{}</figure>\n').format(
        Markup('<figcaption class="hidden" dir="auto">{}</figcaption>\n').format(title) if title else "",
        address,
        clean(chart.alternative).strip() or clean(chart.title).strip() or "A chart",
        figures if rows else "",
    )


def _figure(value: float | None) -> str:
    return "not known" if value is None else figure(value)


def _lines(text: str) -> Markup:
    """The text, escaped, with its line ends kept."""
    return Markup("<br>").join(clean(text).split("\n"))


def _join(parts: Iterable[Markup]) -> Markup:
    return _EMPTY.join(parts)
