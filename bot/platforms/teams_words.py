"""What people wrote, from the forms in which Teams hands it over. Pure.

A message comes as plain text, in which mentions are ``<at>`` elements, and mostly a second time as HTML, which alone
keeps the lines and lists of a memo that was pasted. A message that is replied to, or sent on, stands in it as a block
quote.
"""

import html
import re
from collections.abc import Collection
from dataclasses import dataclass

from lxml import etree

from protocols.documents.document import DocumentFault
from protocols.documents.html import read_html

_AT = re.compile(r"<at(?:\s[^>]*)?>(.*?)</at>", re.IGNORECASE | re.DOTALL)
_REPLY, _FORWARD, _MENTION = "skype.com/reply", "skype.com/forward", "skype.com/mention"
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_DEEPEST = 200
"""Elements within each other; a chat has a handful, and what is deeper is read as plain text."""


@dataclass(frozen=True, slots=True)
class Words:
    """``own`` is what the writer wrote, ``sent_on`` what they send on of somebody else's."""

    own: str
    sent_on: str = ""

    @property
    def together(self) -> str:
        return "\n".join(one for one in (self.own, self.sent_on) if one)


def read_plain(text: str, *, called: Collection[str] = ()) -> str:
    """The words of a message's ``text``. ``called``: names under which the bot was called, taken out; other people's
    names stay."""

    def name(match: re.Match[str]) -> str:
        plain = html.unescape(match[1]).strip()
        return "" if plain in called else plain

    words = html.unescape(_AT.sub(name, text)).replace("\u00a0", " ").replace("\r\n", "\n")
    return "\n".join(line.strip() for line in words.strip().split("\n"))


def read_rich(content: str, *, called: Collection[str] = ()) -> Words | None:
    """The words of a message's HTML; None where it cannot be read as such."""
    if content.count("<") > 50_000:
        return None
    try:
        page = f"<div>{_UNWRITABLE.sub('', content)}</div>"
        root = etree.fromstring(page, etree.HTMLParser(no_network=True))
        return None if root is None or _depth(root) > _DEEPEST else _read(root, called)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _read(root: etree._Element, called: Collection[str]) -> Words:
    sent_on: list[str] = []
    for element in list(root.iter("blockquote", "span", "at", "img", "emoji")):
        kind = str(element.get("itemtype") or "").lower()
        if element.tag == "blockquote" and kind.endswith(_FORWARD):
            sent_on.append(_text(element))
            _take_out(element)
        elif element.tag == "blockquote" and kind.endswith(_REPLY):
            _take_out(element)
        elif element.tag == "at" or kind.endswith(_MENTION):
            if "".join(str(part) for part in element.itertext()).strip() in called:
                _take_out(element)
        elif element.get("alt") and (element.tag == "emoji" or kind.endswith("/emoji")):
            element.tail = f"{element.get('alt')}{element.tail or ''}"
    own = _text(root)
    return Words(own, "\n\n".join(one for one in sent_on if one))


def _text(element: etree._Element) -> str:
    tail, element.tail = element.tail, None
    data = etree.tostring(element, encoding="utf-8", method="html")
    element.tail = tail
    try:
        return read_html(data, charset="utf-8")[0].replace("\u00a0", " ").strip()
    except DocumentFault:
        return ""


def _take_out(element: etree._Element) -> None:
    """Remove the element and leave the words that follow it."""
    parent, before, tail = element.getparent(), element.getprevious(), element.tail or ""
    if parent is None:
        return
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def _depth(root: etree._Element) -> int:
    deepest, depth = 0, 0
    for event, _element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest
