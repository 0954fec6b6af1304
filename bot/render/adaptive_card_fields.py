"""Fields as inputs of an Adaptive Card, and what people filled in read back from the data of an action.

An input's id says which field it is and how its value is read: ``field-<how>-<name>``, where ``how`` is ``t`` for a
text as it is, ``c`` for a choice, ``m`` for several. A client leaves out inputs in which nothing is chosen, so an
action's data names all of its card's inputs (``fields``); what is missing was left empty.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Any, assert_never

from bot.render.adaptive_card_parts import LIMITS, is_inert, paragraphs, run, weigh
from bot.render.option_values import decode_value, encode_value
from bot.render.pages import FieldError, JsonBlock, Unit
from bot.render.prose import NO_OPTIONS, clean, shorten
from handlers.actions import Action, ActionError, decode
from handlers.cards import Button, Emphasis, Field, FieldKind, Option

# Few choices stand open, one tap each; more fold into a menu, in very many of which one can search.
_OPEN_CHOICES = 5
_OPEN_BOXES = 10
_MENU_CHOICES = 15
_FIELD_ID = re.compile(r"field-([tcm])-(.+)", re.DOTALL)
_STYLES = {Emphasis.PRIMARY: "positive", Emphasis.DANGER: "destructive"}


def inputs(field: Field, *, is_checked: bool) -> list[Unit]:
    """The field as units: texts too long for an input, then the input with its hint.

    ``is_checked``: the client may refuse to send the card while a required field is empty. Else the label says it.
    Raises ``FieldError`` where two options have one value.
    """
    before: list[Unit] = []
    label = clean(field.label).strip() or field.name
    if weigh(label) > LIMITS.input_label or "\n" in label:
        before += paragraphs([run(label, is_bold=True)])
        label = shorten(" ".join(label.split()), LIMITS.input_label, weigh)
    if field.required and not is_checked:
        label += " (required)"
    made: JsonBlock = {"type": "Input.Text", "id": f"field-t-{field.name}", "label": label}
    if field.required and is_checked:
        made |= {"isRequired": True, "errorMessage": "Fill this in first."}
    value = clean(field.value)
    match field.kind:
        case FieldKind.LINE | FieldKind.LONG:
            if field.kind is FieldKind.LONG or "\n" in value:
                made["isMultiline"] = True
            if value:
                made["value"] = value
        case FieldKind.CHOICE | FieldKind.CHOICES:
            if not field.options:
                said = (field.label, field.hint, NO_OPTIONS)
                return [unit for text in said for unit in paragraphs([run(text)])]
            explained, choices = _choices(field.options)
            before += explained
            made |= _menu(field, choices)
        case FieldKind.DATE:
            made["type"] = "Input.Date"
            if re.fullmatch(r"\d{4}-\d\d-\d\d", value) and _parses(date.fromisoformat, value):
                made["value"] = value
        case FieldKind.TIME:
            made["type"] = "Input.Time"
            if re.fullmatch(r"\d\d:\d\d", value) and _parses(time.fromisoformat, value):
                made["value"] = value
        case _:
            assert_never(field.kind)
    hint = paragraphs([run(field.hint, is_quiet=True, size="Small")])
    if len(hint) > 1 or (hint and len(hint[0].said) > 1):  # a long one explains, so it comes first
        before += hint
        hint = []
    below = ({**hint[0].said[0], "spacing": "Small"},) if hint else ()
    words = "\n".join(part for part in (label, hint[0].words if hint else "") if part)
    return [*before, Unit(words=words, inputs=(made, *below))]


def action_of(button: Button, title: str, fields: Iterable[str]) -> JsonBlock:
    """The button as ``Action.Execute``, with ``Action.Submit`` for a client that does not know it.

    ``fields`` are the ids of the inputs in its message. The data holds the encoded action under ``action``.
    """
    data: JsonBlock = {"action": button.action.encode()}
    if ids := list(fields):
        data["fields"] = ids
    style = {"style": _STYLES[button.emphasis]} if button.emphasis in _STYLES else {}
    submit = {"type": "Action.Submit", "title": title, "data": data, **style}
    verb = button.action.name
    return {"type": "Action.Execute", "title": title, "verb": verb, "data": data, **style, "fallback": submit}


def refresh_of(action: Action, user_ids: Iterable[str]) -> JsonBlock:
    """What a client asks by itself, to show the card anew. ``user_ids`` beyond Teams' limit refresh by hand."""
    execute = {"type": "Action.Execute", "verb": action.name, "data": {"action": action.encode()}}
    made: JsonBlock = {"action": execute}
    if ids := list(user_ids)[: LIMITS.refresh_users]:
        made["userIds"] = ids
    return made


def read_action(data: Any) -> Action:
    """The action in what came back: the ``data`` of an ``Action.Execute`` (``value.action.data`` of its invoke), or
    the ``value`` of a message that an ``Action.Submit`` sent. Raises ``ActionError`` for anything that is no action."""
    match data:
        case {"action": str(line)}:
            return decode(line)
        case _:
            raise ActionError("what came back holds no action")


def read_values(data: Any) -> dict[str, str]:
    """What was filled in, by field name, from the same ``data``. Empty fields are ``""``; CHOICES are joined by line
    ends. What is not ours is passed over."""
    if not isinstance(data, Mapping):
        return {}
    named = data.get("fields")
    ids = [one for one in named if isinstance(one, str)] if isinstance(named, list) else []
    read: dict[str, str] = {}
    for one in dict.fromkeys([*ids, *(key for key in data if isinstance(key, str))]):
        if found := _FIELD_ID.fullmatch(one):
            read[found[2]] = _read(found[1], data.get(one))
    return read


def _read(how: str, value: Any) -> str:
    if not isinstance(value, str):
        return ""
    match how:
        case "c":
            return decode_value(value)
        case "m":
            return "\n".join(decode_value(one) for one in value.split(",")) if value else ""
        case _:
            return value.replace("\r\n", "\n").replace("\r", "\n")


def _choices(options: tuple[Option, ...]) -> tuple[list[Unit], list[JsonBlock]]:
    """The choices; before them, numbered, their whole labels where one is too long or would be read as markup."""
    labels = [clean(option.label).strip() or clean(option.value).strip() or "–" for option in options]
    explained: list[Unit] = []
    if not all(is_inert(label) and weigh(label) <= LIMITS.choice_title for label in labels):
        labels = [f"({number}) {label}" for number, label in enumerate(labels, 1)]
        explained = [unit for label in labels for unit in paragraphs([run(label)], spacing="Small")]
        labels = [_tame(label) for label in labels]
    choices = [
        {"title": label, "value": encode_value(option.value)}
        for label, option in zip(labels, options, strict=True)
    ]
    if len({choice["value"] for choice in choices}) != len(choices):
        raise FieldError("two options of a field have the same value")
    return explained, choices


def _tame(label: str) -> str:
    """A label whose whole text stands above, as a choice: short, and without what could be read as markup."""
    short = shorten(" ".join(re.sub(r"[*_`~\[\]\\<>|&{}]", " ", label).split()), LIMITS.choice_title, weigh)
    return short if is_inert(short) else short.partition(" ")[0]


def _menu(field: Field, choices: list[JsonBlock]) -> JsonBlock:
    is_many = field.kind is FieldKind.CHOICES
    wanted = [encode_value(value) for value in (field.value.split("\n") if is_many else [field.value])]
    chosen = [choice["value"] for choice in choices if choice["value"] in wanted]
    is_open = len(choices) <= (_OPEN_BOXES if is_many else _OPEN_CHOICES)
    # Clients search a menu of one choice only.
    is_searched = not is_many and len(choices) > _MENU_CHOICES
    menu: JsonBlock = {
        "type": "Input.ChoiceSet",
        "id": f"field-{'m' if is_many else 'c'}-{field.name}",
        "choices": choices,
        "style": "expanded" if is_open else "filtered" if is_searched else "compact",
        "wrap": True,
    }
    if is_many:
        menu["isMultiSelect"] = True
    if not is_open:
        menu["placeholder"] = "Choose"
    return {**menu, "value": ",".join(chosen)} if chosen else menu


def _parses(parse: Any, value: str) -> bool:
    try:
        parse(value)
    except ValueError:
        return False
    return True
