"""Fields as Block Kit inputs, and what people filled in read back from a button's payload.

A field is one ``input`` block, or several where its value is longer than one input takes. The block id says which
field it is: ``field-<card>-<number>-<part><join>:<name>``. ``card`` is a fingerprint of the whole card: Slack keeps
what was typed when a message is updated with the same block ids, so the answer to one question would otherwise
stand in the box of the next. ``join`` is how the part follows the one before it: at the start, after a line end,
after a space, or with nothing between (``s n w j``).
"""

import re
from datetime import date, time
from typing import Any, assert_never

from bot.render.block_kit_parts import LIMITS, JsonBlock, pieces, plain, rich, section, span, weigh
from bot.render.option_values import decode_value, encode_value
from bot.render.pages import FieldError
from bot.render.prose import NO_OPTIONS, clean, shorten, split
from handlers.actions import Action, decode
from handlers.cards import Field, FieldKind, Option

# A part leaves room in its input for what people add to it.
_PART_OF_VALUE = 2_500
# Few choices are shown open, one tap each; more fold into a menu.
_OPEN_CHOICES = 5
_BLOCK_ID = re.compile(r"field-[0-9a-f]+-(\d+)-(\d+)([snwj]):(.+)", re.DOTALL)
_JOINTS = {"s": "", "n": "\n", "w": " ", "j": ""}


def inputs(field: Field, *, number: int, fingerprint: str) -> tuple[list[JsonBlock], list[JsonBlock]]:
    """What stands before the field (texts too long for an input) and the input blocks themselves.

    ``number`` is the field's place in its card. Raises ``FieldError`` for a name, an option's value or a number
    of options beyond what Slack takes.
    """
    before: list[JsonBlock] = []
    label = clean(field.label).strip() or field.name
    if weigh(label) > LIMITS.input_label - len(" (10 of 10)"):
        before += _paragraphs(label)
        label = shorten(label, LIMITS.button_text, weigh)
    hint = clean(field.hint).strip()
    if weigh(hint) > LIMITS.input_hint:
        before += _paragraphs(hint)
        hint = ""

    def block(element: dict[str, Any], part: int = 0, joint: str = "s", heading: str = label) -> JsonBlock:
        block_id = f"field-{fingerprint}-{number}-{part}{joint}:{field.name}"
        if weigh(block_id) > LIMITS.block_id:
            raise FieldError(f"a field's name of {len(field.name)} characters is too long for Slack")
        made: JsonBlock = {
            "type": "input",
            "block_id": block_id,
            "label": plain(heading),
            "optional": not field.required,
            "element": {**element, "action_id": f"field-{number}-{part}"},
        }
        return {**made, "hint": plain(hint)} if hint and not part else made

    match field.kind:
        case FieldKind.LINE | FieldKind.LONG:
            parts = _parts(clean(field.value)) or [("s", "")]
            blocks = []
            for at, (joint, value) in enumerate(parts):
                heading = label if len(parts) == 1 else f"{label} ({at + 1} of {len(parts)})"
                is_long = field.kind is FieldKind.LONG or "\n" in value or len(parts) > 1
                element = {"type": "plain_text_input", "multiline": is_long, "max_length": LIMITS.input_text}
                blocks.append(
                    block({**element, **({"initial_value": value} if value else {})}, at, joint, heading)
                )
            return before, blocks
        case FieldKind.CHOICE | FieldKind.CHOICES:
            if not field.options:
                return [*before, *_paragraphs(label), *_paragraphs(hint), *_paragraphs(NO_OPTIONS)], []
            explained, shown = _options(field.options)
            return [*before, *explained], [block(_menu(field, shown))]
        case FieldKind.DATE:
            is_date = _parses(date.fromisoformat, field.value) and len(field.value) == 10
            return before, [
                block({"type": "datepicker", **({"initial_date": field.value} if is_date else {})})
            ]
        case FieldKind.TIME:
            is_time = _parses(time.fromisoformat, field.value) and re.fullmatch(r"\d\d:\d\d", field.value)
            return before, [
                block({"type": "timepicker", **({"initial_time": field.value} if is_time else {})})
            ]
        case _:
            assert_never(field.kind)


def read_values(state: dict[str, Any] | None) -> dict[str, str]:
    """What was filled in, by field name, from the ``state`` of a button's payload (``{"values": ...}``).

    Empty fields are ``""``; CHOICES are joined by newlines. Blocks that are not ours and shapes that Slack does
    not send are passed over.
    """
    found: dict[tuple[int, int], tuple[str, str, str]] = {}
    values = state.get("values") if isinstance(state, dict) else None
    for block_id, actions in (values if isinstance(values, dict) else {}).items():
        named = _BLOCK_ID.fullmatch(block_id)
        if named and isinstance(actions, dict):
            number, part, joint, name = named.groups()
            for answer in actions.values():
                if isinstance(answer, dict):
                    found[int(number), int(part)] = (name, _JOINTS[joint], _answer(answer))
    read: dict[str, str] = {}
    for _, (name, joint, value) in sorted(found.items()):
        so_far = read.get(name, "")
        read[name] = so_far + joint + value if so_far and value else so_far or value
    return read


def field_of(block_id: str) -> str:
    """The name of the field that an input block is (a part of); empty for any other block."""
    named = _BLOCK_ID.fullmatch(block_id)
    return named[4] if named else ""


def read_action(value: str) -> Action:
    """The action in a button's value. Slack may send ``&`` back as an entity; an action never holds one itself.

    Raises ``ActionError`` for anything that is no action.
    """
    return decode(value.replace("&amp;", "&"))


def _answer(answer: dict[str, Any]) -> str:
    match answer:
        case {"value": str(text)}:
            return text
        case {"selected_option": {"value": str(value)}}:
            return decode_value(value)
        case {"selected_options": list(options)}:
            return "\n".join(
                decode_value(o["value"]) for o in options if isinstance(o, dict) and "value" in o
            )
        case {"selected_date": str(value)} | {"selected_time": str(value)}:
            return value
        case _:
            return ""


def _parts(value: str) -> list[tuple[str, str]]:
    """A long value as (joint, text), cut where the joint stands for the line end or space that was there."""
    parts = []
    joint = "s"
    for text in split(value, _PART_OF_VALUE, weigh):
        ending = {"\n": "n", " ": "w"}.get(text[-1], "j")
        parts.append((joint, text if ending == "j" else text[:-1]))
        joint = ending
    if joint in "nw" and parts:
        parts[-1] = (parts[-1][0], parts[-1][1] + _JOINTS[joint])
    return parts


def _options(options: tuple[Option, ...]) -> tuple[list[JsonBlock], list[dict[str, Any]]]:
    """The options; before them, numbered, their whole labels where one is too long for Slack."""
    labels = [clean(option.label).strip() or clean(option.value).strip() or "–" for option in options]
    explained: list[JsonBlock] = []
    if any(weigh(label) > LIMITS.option_text for label in labels):
        labels = [f"{number}. {label}" for number, label in enumerate(labels, 1)]
        explained = _paragraphs("\n".join(labels))
    shown = [
        {"text": plain(shorten(label, LIMITS.option_text, weigh)), "value": _option_value(option.value)}
        for label, option in zip(labels, options, strict=True)
    ]
    if len({option["value"] for option in shown}) != len(shown):
        raise FieldError("two options of a field have the same value")
    return explained, shown


def _menu(field: Field, options: list[dict[str, Any]]) -> dict[str, Any]:
    is_many = field.kind is FieldKind.CHOICES
    wanted = field.value.split("\n") if is_many else [field.value]
    chosen = [option for option in options if decode_value(option["value"]) in wanted]
    if not is_many:
        chosen = chosen[:1]
    start: dict[str, Any] = {}
    if chosen:
        start = {"initial_options": chosen} if is_many else {"initial_option": chosen[0]}
    if len(options) <= (LIMITS.checkbox_options if is_many else _OPEN_CHOICES):
        return {"type": "checkboxes" if is_many else "radio_buttons", "options": options, **start}
    menu = {
        "type": "multi_static_select" if is_many else "static_select",
        "placeholder": plain("Choose"),
        **start,
    }
    if len(options) <= LIMITS.options:
        return {**menu, "options": options}
    if len(options) > LIMITS.options * LIMITS.option_groups:
        raise FieldError(f"a field of {len(options)} options is too long for Slack")
    groups = []
    for first in range(0, len(options), LIMITS.options):
        group = options[first : first + LIMITS.options]
        groups.append({"label": plain(f"{first + 1} to {first + len(group)}"), "options": group})
    return {**menu, "option_groups": groups}


def _option_value(value: str) -> str:
    coded = encode_value(value)
    if weigh(coded) > LIMITS.option_value:
        raise FieldError(f"an option's value of {len(value)} characters is too long for Slack")
    return coded


def _paragraphs(text: str) -> list[JsonBlock]:
    return [rich(section(part)) for part in pieces([span(text)])]


def _parses(parse: Any, value: str) -> bool:
    try:
        parse(value)
    except ValueError:
        return False
    return True
