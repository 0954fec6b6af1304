"""The small parts of an Adaptive Card: the limits, and people's texts as rich text.

Why rich text: Teams reads a ``TextBlock`` as Markdown, and clients differ in what they take for it and in how it is
escaped. A ``TextRun`` is never read as anything: asterisks, brackets and line marks stay what was typed. Where an
Adaptive Card takes nothing else (a heading, a choice that stands open), ``is_inert`` says whether a text would be
left as it is; else another way is found. Labels of inputs and titles of actions are not read as Markdown.

Each line of a text is a block of its own, because clients differ in what they make of a line end in a run.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.render.pages import JsonBlock, Unit
from bot.render.prose import clean, split


@dataclass(frozen=True, slots=True)
class Limits:
    """What a Teams message may hold, in bytes of its JSON where nothing else is said.

    Source: learn.microsoft.com, "Limits and specifications for Teams" and "Format cards" (a message of a bot 100 KB,
    a card safely under 28 KB; six actions a set) and the Adaptive Cards schema, read November 2026. ``message`` is
    what we keep to; ``form`` is for fields and buttons that must stay in one message, such as a long draft that was
    handed back; ``envelope`` is what is round the blocks. The others are ours: what reads well on a phone, and small
    enough parts to fill messages evenly.
    """

    message: int = 27_000
    form: int = 90_000
    envelope: int = 3_000
    actions: int = 6
    row_letters: int = 80
    button_title: int = 60
    heading: int = 150
    line: int = 4_000
    part: int = 6_000
    fallback_text: int = 2_000
    speak: int = 400
    input_label: int = 200
    choice_title: int = 200
    image_address: int = 20_000
    image_alternative: int = 1_000
    link_address: int = 2_000
    table_columns: int = 4
    table_letters: int = 44
    refresh_users: int = 60


LIMITS = Limits()

# What some client might take for Markdown, for a date to be formatted or for an address to be opened.
_READ = re.compile(
    r"[*_`~\[\]\\<>|\n\t]|&#?\w+;|\{\{|://|\bwww\.|^\s|\s$|\s\s|^([#+-]|[^\w\s]{3}|\d+[.)])", re.MULTILINE
)
# "{{DATE(…)}}" is formatted by clients even in a run of rich text; a joiner that shows nothing prevents it.
_FORMATTED = re.compile(r"\{(?=\{\s*(?:DATE|TIME)\s*\()")


def size_of(value: Any) -> int:
    """The bytes of a value's JSON."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))


def weigh(text: str) -> int:
    """The bytes of a text within JSON."""
    return size_of(text) - 2


def is_inert(text: str) -> bool:
    """Whether no client could take any of the text for markup."""
    return _READ.search(text) is None


def run(
    text: str, *, is_bold: bool = False, is_quiet: bool = False, is_italic: bool = False, size: str = ""
) -> JsonBlock:
    """One run of rich text, cleaned. May be empty; ``lines_of`` drops it then."""
    made: JsonBlock = {"type": "TextRun", "text": _FORMATTED.sub("{\u2060", clean(text))}
    if is_bold:
        made["weight"] = "Bolder"
    if is_quiet:
        made["isSubtle"] = True
    if is_italic:
        made["italic"] = True
    return {**made, "size": size} if size else made


def sentence(*runs: JsonBlock) -> list[JsonBlock]:
    """The runs that say something, with a space between them."""
    spaced: list[JsonBlock] = []
    for one in (one for one in runs if one["text"].strip()):
        spaced += [run(" "), one] if spaced else [one]
    return spaced


def lines_of(runs: Iterable[JsonBlock]) -> list[JsonBlock]:
    """Rich text as blocks, one for each line that says something; an empty line is a little more space."""
    lines: list[list[JsonBlock]] = [[]]
    for one in runs:
        for at, text in enumerate(one["text"].split("\n")):
            if at:
                lines.append([])
            if text:
                lines[-1].append({**one, "text": text})
    blocks: list[JsonBlock] = []
    is_apart = False
    for line in lines:
        if not "".join(one["text"] for one in line).strip():
            is_apart = True
            continue
        for piece in _pieces(line):
            spacing = {"spacing": "Small" if is_apart else "None"} if blocks else {}
            blocks.append({"type": "RichTextBlock", "inlines": piece, **spacing})
            is_apart = False
    return blocks


def _pieces(line: list[JsonBlock]) -> Iterator[list[JsonBlock]]:
    """A line in pieces of a size that fills messages evenly; most lines are one."""
    piece: list[JsonBlock] = []
    room = LIMITS.line
    for one in line:
        for text in split(one["text"], LIMITS.line, weigh):
            weight = weigh(text)
            if piece and weight > room:
                yield piece
                piece, room = [], LIMITS.line
            piece.append({**one, "text": text})
            room -= weight
    if piece:
        yield piece


def paragraphs(runs: Iterable[JsonBlock], **first: Any) -> list[Unit]:
    """Rich text as units, none where it says nothing. ``first`` are properties of the first block (spacing)."""
    units: list[Unit] = []
    batch: list[JsonBlock] = []
    blocks = lines_of(runs)
    if blocks and first:
        blocks[0] = {**blocks[0], **first}
    room = LIMITS.part
    for block in blocks:
        size = size_of(block)
        if batch and size > room:
            units.append(Unit(tuple(batch), words_of(batch)))
            batch, room = [], LIMITS.part
        batch.append(block)
        room -= size
    return [*units, Unit(tuple(batch), words_of(batch))] if batch else units


def words_of(blocks: Iterable[JsonBlock]) -> str:
    """The letters of some blocks of rich text, line by line."""
    return "\n".join("".join(one["text"] for one in block["inlines"]) for block in blocks)


def leans_right(text: str) -> bool:
    """Whether the text is read from right to left: by most of its letters."""
    if text.isascii():
        return False
    turns = [unicodedata.bidirectional(letter) for letter in text]
    return sum(turn in ("R", "AL") for turn in turns) > sum(turn == "L" for turn in turns)


def turned(blocks: Iterable[JsonBlock], is_rtl: bool) -> list[JsonBlock]:
    """The blocks of a card that leans as ``is_rtl`` says; what leans the other way stands in a container that does."""
    made: list[JsonBlock] = []
    lines: list[JsonBlock] | None = (
        None  # of the container that was opened last, while nothing else follows it
    )
    for block in blocks:
        words = words_of([block]) if block["type"] == "RichTextBlock" else ""
        leans = leans_right(words)
        if leans == is_rtl or not any(
            unicodedata.bidirectional(letter) in ("L", "R", "AL") for letter in words
        ):
            made.append(block)
            lines = None
        elif lines is not None and block.get("spacing") == "None":
            lines.append(block)
        else:
            lines = [block]
            outer: JsonBlock = {key: block[key] for key in ("spacing", "separator") if key in block}
            made.append({"type": "Container", "rtl": leans, "items": lines, **outer})
    return made
