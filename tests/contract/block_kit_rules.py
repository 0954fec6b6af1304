"""Slack's published rules for a message, written down apart from the renderer so that each checks the other.

Source: docs.slack.dev, reference of blocks, elements and composition objects, read November 2026. Characters are
counted as code points; the renderer counts more cautiously.
"""

import json
from collections.abc import Iterator
from datetime import date, time
from typing import Any

SELECTS = {"static_select", "multi_static_select"}
INPUTS = SELECTS | {"plain_text_input", "radio_buttons", "checkboxes", "datepicker", "timepicker"}


def view_faults(view: dict[str, Any]) -> list[str]:
    """What Slack would refuse in a view: a Home tab or a modal."""
    found = faults(view["blocks"], most=100)
    if view["type"] == "modal":
        for part in ("title", "submit", "close"):
            if part in view:
                found += _text(view[part], 24)
        if "title" not in view or (
            "submit" not in view and any(b["type"] == "input" for b in view["blocks"])
        ):
            found.append("no title, or fields and no way to submit them")
    elif view["type"] != "home":
        found.append(f"view of type {view['type']}")
    if len(view.get("private_metadata", "")) > 3000 or len(view.get("callback_id", "")) > 255:
        found.append("private metadata or callback id")
    if len(json.dumps(view)) > 250_000:
        found.append("more than 250 KB")
    return found


def faults(blocks: list[dict[str, Any]], *, most: int = 50) -> list[str]:
    """What Slack would refuse in a message of these blocks; none for a good one."""
    found = [fault for block in blocks for fault in _block(block)]
    if not 1 <= len(blocks) <= most:
        found.append(f"{len(blocks)} blocks")
    for kind in ("block_id", "action_id"):
        ids = [one[kind] for one in walk(blocks) if kind in one]
        if len(ids) != len(set(ids)):
            found.append(f"{kind} used twice")
        found += [f"{kind} of {len(one)}" for one in ids if not 1 <= len(one) <= 255]
    return found


def walk(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a message, in order."""
    match value:
        case list():
            for one in value:
                yield from walk(one)
        case dict():
            yield value
            for one in value.values():
                yield from walk(one)


def shown(blocks: list[dict[str, Any]]) -> str:
    """All letters of a message in reading order."""
    letters = []
    for one in walk(blocks):
        letters += [
            one[key] for key in ("text", "alt_text", "initial_value") if isinstance(one.get(key), str)
        ]
    return "\n".join(letters)


def filled_in(blocks: list[dict[str, Any]]) -> dict[str, Any]:
    """The ``state`` that Slack sends when a button is pressed before anything was changed."""
    state: dict[str, Any] = {}
    for block in blocks:
        if block["type"] == "input":
            element = block["element"]
            answer: dict[str, Any] = {"type": element["type"]}
            match element["type"]:
                case "plain_text_input":
                    answer["value"] = element.get("initial_value")
                case "static_select" | "radio_buttons":
                    answer["selected_option"] = element.get("initial_option")
                case "multi_static_select" | "checkboxes":
                    answer["selected_options"] = element.get("initial_options", [])
                case "datepicker":
                    answer["selected_date"] = element.get("initial_date")
                case "timepicker":
                    answer["selected_time"] = element.get("initial_time")
            state[block["block_id"]] = {element["action_id"]: answer}
    return {"values": state}


def _text(text: dict[str, Any], limit: int, *, least: int = 1) -> Iterator[str]:
    if text["type"] != "plain_text" or text["emoji"] is not False:
        yield f"text of type {text['type']} could be parsed"
    if not least <= len(text["text"]) <= limit:
        yield f"text of {len(text['text'])}, {limit} allowed"
    if not text["text"].strip():
        yield "blank text"


def _block(block: dict[str, Any]) -> Iterator[str]:
    match block["type"]:
        case "header":
            yield from _text(block["text"], 150)
        case "section":
            yield from _text(block["text"], 3000)
            yield from _element(block["accessory"], {"button"})
        case "context":
            if not 1 <= len(block["elements"]) <= 10:
                yield "context elements"
            for text in block["elements"]:
                yield from _text(text, 3000)
        case "rich_text":
            yield from _rich(block)
        case "actions":
            if not 1 <= len(block["elements"]) <= 25:
                yield f"{len(block['elements'])} elements in a row"
            for element in block["elements"]:
                yield from _element(element, {"button"})
        case "image":
            if ("image_url" in block) == ("slack_file" in block):
                yield "an image without a place, or with two"
            if not 1 <= len(block.get("image_url", "x")) <= 3000 or not 1 <= len(block["alt_text"]) <= 2000:
                yield "image address or alternative text"
            if "title" in block:
                yield from _text(block["title"], 2000)
        case "input":
            yield from _text(block["label"], 2000)
            if "hint" in block:
                yield from _text(block["hint"], 2000)
            yield from _element(block["element"], INPUTS)
        case other:
            yield f"block of type {other}"


def _rich(block: dict[str, Any]) -> Iterator[str]:
    length = 0
    for part in block["elements"]:
        if part["type"] == "rich_text_list":
            if part["style"] not in ("bullet", "ordered") or part["offset"] < 0:
                yield "list style"
            sections = part["elements"]
        else:
            if part["type"] not in ("rich_text_section", "rich_text_quote", "rich_text_preformatted"):
                yield f"rich text of type {part['type']}"
            sections = [part]
        for one in sections:
            if not one["elements"]:
                yield "empty rich text"
            for run in one["elements"]:
                if run["type"] not in ("text", "link") or (run["type"] == "text" and not run["text"]):
                    yield "a run that is empty or could ping"
                length += len(run.get("text", ""))
    if not 1 <= length <= 3000:
        yield f"rich text of {length}"


def _element(element: dict[str, Any], allowed: set[str]) -> Iterator[str]:
    kind = element["type"]
    if kind not in allowed:
        yield f"element of type {kind}"
    match kind:
        case "button":
            yield from _text(element["text"], 75)
            if not 1 <= len(element["value"]) <= 2000 or element.get("style", "primary") not in (
                "primary",
                "danger",
            ):
                yield "value or style of a button"
        case "plain_text_input":
            if not 1 <= element["max_length"] <= 3000:
                yield "length of an input"
            if not 1 <= len(element.get("initial_value", "x")) <= element["max_length"]:
                yield "initial value of an input"
            if "\n" in element.get("initial_value", "") and not element["multiline"]:
                yield "lines in a field of one line"
        case "datepicker":
            date.fromisoformat(element.get("initial_date", "2026-01-01"))
        case "timepicker":
            time.fromisoformat(element.get("initial_time", "09:00"))
        case _:
            yield from _options(element)


def _options(element: dict[str, Any]) -> Iterator[str]:
    most = {"radio_buttons": 10, "checkboxes": 10}.get(element["type"], 100)
    groups = element.get("option_groups", [])
    if ("options" in element) == bool(groups) or len(groups) > 100:
        yield "options or groups"
    every = []
    for group in groups or [element]:
        if groups:
            yield from _text(group["label"], 75)
        if not 1 <= len(group["options"]) <= most:
            yield f"{len(group['options'])} options"
        every += group["options"]
    for option in every:
        yield from _text(option["text"], 75)
        if not 1 <= len(option["value"]) <= 150:
            yield f"option value of {len(option['value'])}"
    chosen = element.get(
        "initial_options", [element["initial_option"]] if "initial_option" in element else []
    )
    if any(option not in every for option in chosen) or ("initial_options" in element and not chosen):
        yield "a chosen option that is not offered"
