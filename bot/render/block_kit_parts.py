"""The small parts of Block Kit: the limits, text objects and rich text.

Why rich text: a ``rich_text`` element holds its text as it is, apart from its style. Nothing in it is parsed, so
it needs no escaping, a bold lead stays bold whatever asterisks, backticks or line ends people typed, and
``<!channel>``, ``<@U1>`` or ``@here`` are letters, not pings. ``plain_text`` objects are as inert and are used
where Slack takes nothing else (headers, labels, buttons), with ``emoji`` off so that ``:ok:`` stays what was
typed. ``mrkdwn``, which parses what it is given, is never used.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from bot.render.prose import clean, split

JsonBlock = dict[str, Any]
Style = Literal["", "bold", "italic"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What Slack accepts, in characters or pieces. Source: docs.slack.dev, reference of blocks and elements.

    ``message_weight``, ``view_weight`` (a view may hold 250 KB), ``fallback_text`` and ``link_text`` are ours. Slack
    refuses a message as ``msg_blocks_too_long`` at an undocumented sum of about 13,000 characters (slackapi/bolt-js
    issues 2509 and 2867); it recommends 4,000 for the fallback. Rich text has no documented limit and is held to a
    section's.
    """

    blocks: int = 50
    message_weight: int = 11_000
    view_blocks: int = 100
    view_weight: int = 100_000
    view_title: int = 24
    view_button: int = 24
    private_metadata: int = 3_000
    fallback_text: int = 3_900
    section_text: int = 3_000
    header_text: int = 150
    context_text: int = 3_000
    link_text: int = 300
    actions_elements: int = 25
    action_id: int = 255
    block_id: int = 255
    button_text: int = 75
    button_value: int = 2_000
    input_label: int = 2_000
    input_hint: int = 2_000
    input_text: int = 3_000
    options: int = 100
    option_groups: int = 100
    option_text: int = 75
    option_value: int = 150
    radio_options: int = 10
    checkbox_options: int = 10
    image_address: int = 3_000
    image_alternative: int = 2_000


LIMITS = Limits()


def weigh(text: str) -> int:
    """The length as Slack may count it: UTF-16 units, with ``&``, ``<`` and ``>`` as their entities."""
    wide = len(text.encode("utf-16-le", "surrogatepass")) // 2
    return wide + 4 * text.count("&") + 3 * (text.count("<") + text.count(">"))


def escape(text: str) -> str:
    """Escape text for a place that Slack parses (only the fallback); once, and only the three that it unescapes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain(text: str) -> dict[str, Any]:
    """A ``plain_text`` object; the caller keeps the limit of its place."""
    return {"type": "plain_text", "text": text, "emoji": False}


def span(text: str, style: Style = "") -> dict[str, Any]:
    """One run of rich text, cleaned. May be empty; ``pieces`` drops it then."""
    element: dict[str, Any] = {"type": "text", "text": clean(text)}
    return {**element, "style": {style: True}} if style else element


def link(label: str, address: str) -> dict[str, Any]:
    """A link in rich text. ``label`` may be empty: the address is shown then."""
    element = {"type": "link", "url": address}
    return {**element, "text": clean(label)} if label.strip() else element


def sentence(*spans: dict[str, Any]) -> list[dict[str, Any]]:
    """The spans that say something, with a space between them."""
    spoken = [one for one in spans if one["type"] == "link" or one["text"].strip()]
    spaced: list[dict[str, Any]] = []
    for one in spoken:
        spaced += [span(" "), one] if spaced else [one]
    return spaced


def pieces(elements: Iterable[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Runs of rich text cut into parts that each fit one block; none where there is nothing to say."""
    parts: list[list[dict[str, Any]]] = []
    room = 0
    for element in elements:
        if element["type"] == "link":
            cuts = [element]
        else:
            cuts = [{**element, "text": text} for text in split(element["text"], LIMITS.section_text, weigh)]
        for cut in cuts:
            weight = weigh(words_of([cut]))
            if not parts or weight > room:
                parts.append([])
                room = LIMITS.section_text
            parts[-1].append(cut)
            room -= weight
    return [part for part in parts if words_of(part).strip()]


def words_of(elements: Iterable[dict[str, Any]]) -> str:
    """The letters of some runs of rich text."""
    return "".join(element.get("text", element.get("url", "")) for element in elements)


def section(elements: list[dict[str, Any]]) -> dict[str, Any]:
    """A paragraph of rich text, to stand in a ``rich`` block."""
    return {"type": "rich_text_section", "elements": elements}


def rich(*parts: dict[str, Any]) -> JsonBlock:
    """A block of rich text."""
    return {"type": "rich_text", "elements": list(parts)}
