"""A message as a person has it before them: read as a screen, filled in by its labels."""

from typing import Any

from tests.contract import block_kit_rules
from tests.contract.fake_slack import Posted


def filled_in(posted: Posted, fields: dict[str, str]) -> dict[str, Any]:
    """The ``state`` of a message in which somebody filled in fields, found by the beginning of their labels."""
    state: dict[str, Any] = block_kit_rules.filled_in(posted.blocks)
    inputs = [block for block in posted.blocks if block["type"] == "input"]
    for label, value in fields.items():
        named = [block for block in inputs if block["label"]["text"].startswith(label)]
        assert named, f"no field {label!r} in\n{screen(posted)}"
        (block, element) = (named[0], named[0]["element"])
        answer = state["values"][block["block_id"]][element["action_id"]]
        match element["type"]:
            case "plain_text_input":
                assert len(value) <= element["max_length"]
                answer["value"] = value or None
            case "datepicker":
                answer["selected_date"] = value or None
            case "timepicker":
                answer["selected_time"] = value or None
            case "static_select" | "radio_buttons":
                (answer["selected_option"],) = _chosen(element, [value]) if value else (None,)
            case _:
                answer["selected_options"] = _chosen(element, value.split("\n"))
    return state


def _chosen(element: dict[str, Any], labels: list[str]) -> list[dict[str, Any]]:
    options = element.get("options") or [o for group in element["option_groups"] for o in group["options"]]
    found = [o for label in labels for o in options if o["text"]["text"].startswith(label)]
    assert len(found) == len(labels), f"{labels} are not all among {[o['text']['text'] for o in options]}"
    return found


def screen(posted: Posted) -> str:
    """A message as it reads on a screen: texts, fields as ``label: [value]``, buttons in brackets."""
    return "\n".join(line for block in posted.blocks for line in _lines(block))


def _lines(block: dict[str, Any]) -> list[str]:
    match block["type"]:
        case "header":
            return [f"# {block['text']['text']}"]
        case "section":
            return [f"{block['text']['text']} [{block['accessory']['text']['text']}]"]
        case "context":
            return [f"  ({one['text']})" for one in block["elements"]]
        case "actions":
            return ["  ".join(f"[{one['text']['text']}]" for one in block["elements"])]
        case "image":
            return [f"<picture: {block['alt_text']}>"]
        case "input":
            return [f"{block['label']['text']}: {_value(block['element'])}"]
        case _:
            return [line for part in block["elements"] for line in _rich_lines(part)]


def _rich_lines(part: dict[str, Any]) -> list[str]:
    if part["type"] == "rich_text_list":
        return [f"- {_run(one)}" for one in part["elements"]]
    return [("| " if part["type"] == "rich_text_quote" else "") + _run(part)]


def _run(section: dict[str, Any]) -> str:
    return "".join(
        f"{one.get('text', '')} <{one['url']}>" if one["type"] == "link" else one["text"]
        for one in section["elements"]
    )


def _value(element: dict[str, Any]) -> str:
    if element["type"] == "plain_text_input":
        return f"[{element.get('initial_value', '')}]"
    if element["type"] in ("datepicker", "timepicker"):
        return f"[{element.get('initial_date') or element.get('initial_time') or 'choose'}]"
    options = element.get("options") or [o for group in element["option_groups"] for o in group["options"]]
    return " / ".join(o["text"]["text"] for o in options)
