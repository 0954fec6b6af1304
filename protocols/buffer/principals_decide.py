"""Where a district lets principals decide: what of a demand is fixed, what is theirs, and how to ask for an exemption.

The administrator keeps a short table in words: "principals decide: schedule; theirs: the order of the day; fixed: 1,080
hours a year; ask: your ILD, by email, two weeks ahead". A demand touches an area where it names it plainly.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from protocols.buffer.focus import stem
from protocols.buffer.headlines import end_sentence

LONGEST_PART = 200

_WORD = re.compile(r"[^\W_]+")
_USUAL_WORDS: Mapping[str, str] = {
    "schedule": "schedule schedules scheduling timetable timetables bell periods",
    "budget": "budget budgets budgeting spending funds purchase purchases allocation",
    "staffing": "staffing hire hiring vacancy vacancies positions",
    "exemptions": "exemption exemptions exempt exempted waiver waivers",
}
"""What a memo calls the areas in which districts commonly leave the decision to principals."""
_NAMED = re.compile(r"(?i)\s*(?P<name>theirs|yours|fixed|ask)\s*:?\s+(?P<text>\S.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Area:
    """Something principals decide; ``theirs`` and ``fixed`` may be empty. ``ask``: how to ask for an exemption."""

    area: str
    theirs: str = ""
    fixed: str = ""
    ask: str = ""


class AreaFault(ValueError):
    """The words do not make an area; the text says what to write."""


def read_area(words: str) -> Area:
    """ "schedule; theirs: the order of the day; fixed: 1,080 hours; ask: your ILD". Raises ``AreaFault``."""
    name, *parts = [part.strip() for part in words.split(";")]
    name = " ".join(name.casefold().split())
    if not name or len(name) > 40:
        raise AreaFault("Name what they decide in a word or two: principals decide: schedule; ask: your ILD.")
    found: dict[str, str] = {}
    for part in filter(None, parts):
        named = _NAMED.fullmatch(part)
        if named is None:
            raise AreaFault(f"I can't place “{part}”. Begin each part with theirs:, fixed: or ask:.")
        key = named["name"].casefold().replace("yours", "theirs")
        found[key] = " ".join(named["text"].split()).rstrip(" .")
    if any(len(text) > LONGEST_PART for text in found.values()):
        raise AreaFault(
            f"Keep each part under {LONGEST_PART} characters: it stands under an item on a telephone."
        )
    if "ask" not in found:
        raise AreaFault("Say how a principal asks for an exemption: end with ask: and who, and how.")
    return Area(name, found.get("theirs", ""), found.get("fixed", ""), found["ask"])


def touched(text: str, areas: Iterable[Area]) -> list[Area]:
    """The areas that a demand's sentence names: all words of an area's name, or one that such areas go by."""
    there = {stem(word) for word in _WORD.findall(text.casefold())}
    return [area for area in areas if _is_touched(area.area, there)]


def _is_touched(name: str, there: set[str]) -> bool:
    own = [stem(word) for word in _WORD.findall(name)]
    usual = _USUAL_WORDS.get(name) or next(
        (words for words in _USUAL_WORDS.values() if name in words.split()), ""
    )
    return all(word in there for word in own) or any(stem(word) in there for word in usual.split())


def say_area(area: Area) -> str:
    """What a principal reads under an item: "Schedule: yours is the order of the day. Fixed: 1,080 hours a year. For an
    exemption, ask your ILD." """
    theirs = f"yours is {area.theirs}" if area.theirs else "this is yours to decide"
    parts = [f"{area.area[:1].upper()}{area.area[1:]}: {theirs}."]
    if area.fixed:
        parts.append(end_sentence(f"Fixed: {area.fixed}"))
    parts.append(end_sentence(f"For an exemption, ask {area.ask}"))
    return " ".join(parts)
