"""From what a file says to a framework: keys given or made, nothing double, every size within its limit.

Both formats hand their words over here with the place they come from, so that a rule holds for both and a fault
names the line of either.
"""

import re
import unicodedata
from dataclasses import dataclass, field

from protocols.frameworks.faults import FrameworkFault
from protocols.frameworks.values import Area, Framework, Level, LookFor, Practice

MAX_FILE = 120_000
"""The longest file read, in characters: a framework is a few pages, whatever is longer is something else."""
MOST_AREAS, MOST_PRACTICES, MOST_LOOK_FORS = 20, 20, 20
"""Of a framework, of an area, of a practice."""
MOST_IN_ALL = 400
"""Look-fors of a framework: one hears the longest published ones called unusable at a fifth of that."""
FEWEST_LEVELS, MOST_LEVELS = 2, 6
LONGEST_TITLE, LONGEST_TEXT, LONGEST_LABEL, LONGEST_SOURCE, LONGEST_KEY = 100, 240, 40, 600, 40

_KEY = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Place:
    """Where words stand in a file."""

    line: int
    column: str = ""


@dataclass(slots=True)
class Draft:
    """Something with a title (a look-for's text, a level's label), a key if one was given, and what is under it."""

    title: str
    place: Place
    key: str = ""
    meaning: str = ""
    under: list["Draft"] = field(default_factory=list)


@dataclass(slots=True)
class FrameworkDraft:
    """A file's words before they are checked. ``place`` is where something is said to be missing altogether."""

    title: str
    place: Place
    key: str = ""
    source: str = ""
    areas: list[Draft] = field(default_factory=list)
    scale: list[Draft] = field(default_factory=list)
    scale_place: Place | None = None


def clean(text: str) -> str:
    """The text with plain line ends and without control characters, invisible marks and halves of characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", " ").replace("\u2029", " ")
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    text = unicodedata.normalize("NFC", text)
    return "".join(char for char in text if char in "\n\t" or unicodedata.category(char)[0] != "C")


def build(draft: FrameworkDraft) -> tuple[Framework, list[FrameworkFault]]:
    """The framework of a draft, and what is wrong with it; of use only where nothing is."""
    faults: list[FrameworkFault] = []

    def fault(place: Place, reason: str) -> None:
        faults.append(FrameworkFault(place.line, place.column, reason))

    def measure(ones: list[Draft], longest: int, what: str) -> None:
        for one in ones:
            if len(one.title) > longest:
                fault(one.place, f"{what} of {len(one.title)} characters; {longest} at most")
            if len(one.meaning) > LONGEST_TEXT:
                fault(one.place, f"a meaning of {len(one.meaning)} characters; {LONGEST_TEXT} at most")

    def count(number: int, most: int, what: str, place: Place) -> None:
        if not number:
            fault(place, f"at least one {what} is needed")
        elif number > most:
            fault(place, f"{number} {what}s here; {most} at most")

    practices = [practice for area in draft.areas for practice in area.under]
    look_fors = [look_for for practice in practices for look_for in practice.under]
    count(len(draft.areas), MOST_AREAS, "area", draft.place)
    for area in draft.areas:
        count(len(area.under), MOST_PRACTICES, "practice", area.place)
    for practice in practices:
        count(len(practice.under), MOST_LOOK_FORS, "look-for", practice.place)
    if len(look_fors) > MOST_IN_ALL:
        fault(draft.place, f"{len(look_fors)} look-fors in all; {MOST_IN_ALL} at most")
    if not FEWEST_LEVELS <= len(draft.scale) <= MOST_LEVELS:
        levels = "1 level" if len(draft.scale) == 1 else f"{len(draft.scale) or 'no'} levels"
        reason = f"the scale has {levels}; {FEWEST_LEVELS} to {MOST_LEVELS} are needed, the least first"
        fault(draft.scale_place or draft.place, reason)
    for text, longest, what in (
        (draft.title, LONGEST_TITLE, "a title"),
        (draft.source, LONGEST_SOURCE, "a source"),
    ):
        if len(text) > longest:
            fault(draft.place, f"{what} of {len(text)} characters; {longest} at most")
    measure([*draft.areas, *practices], LONGEST_TITLE, "a title")
    measure(look_fors, LONGEST_TEXT, "a look-for")
    measure(draft.scale, LONGEST_LABEL, "a level")
    for ones, what in ((look_fors, "look-for"), (draft.scale, "level")):
        first: dict[str, Draft] = {}
        for one in ones:
            before = first.setdefault(one.title.casefold().rstrip("."), one)
            if before is not one:
                fault(one.place, f"this {what} stands in line {before.place.line} already")
    for ones, what in (
        (draft.areas, "area"),
        (practices, "practice"),
        (look_fors, "look-for"),
        (draft.scale, "level"),
    ):
        _check_keys(ones, what, faults)
        _make_keys(ones, what)
    framework = Framework(
        key=draft.key or make_key(draft.title) or "framework",
        title=draft.title,
        source=draft.source,
        areas=tuple(
            Area(area.key, area.title, tuple(_practice(practice) for practice in area.under))
            for area in draft.areas
        ),
        scale=tuple(Level(one.key, one.title, one.meaning) for one in draft.scale),
    )
    return framework, faults


def following(found: list[FrameworkFault], more: list[FrameworkFault]) -> list[FrameworkFault]:
    """Of the faults of what a file says, those in lines that were sound: in the others they follow from the first."""
    lines = {fault.line for fault in found}
    return [fault for fault in more if fault.line not in lines]


def key_fault(key: str) -> str | None:
    """What is wrong with a key that a file gives (already in small letters); None where nothing is."""
    if len(key) > LONGEST_KEY or not _KEY.fullmatch(key):
        return (
            f"{key[:LONGEST_KEY]!r} is no key: letters a to z and digits, joined by . _ or -, "
            f"{LONGEST_KEY} at most"
        )
    return None


def make_key(title: str) -> str:
    """A key out of words: "Students say why." becomes ``students_say_why``. "" where no letter a to z is in them."""
    folded = unicodedata.normalize("NFKD", title.casefold())
    words = re.findall(r"[a-z0-9]+", "".join(char for char in folded if not unicodedata.combining(char)))
    key = ""
    for word in words:
        longer = f"{key}_{word}" if key else word
        if len(longer) > LONGEST_KEY - 4:  # room for a number, should another one read the same
            break
        key = longer
    return key or (words[0][: LONGEST_KEY - 4] if words else "")


def _practice(draft: Draft) -> Practice:
    return Practice(draft.key, draft.title, tuple(LookFor(one.key, one.title) for one in draft.under))


def _check_keys(ones: list[Draft], what: str, faults: list[FrameworkFault]) -> None:
    first: dict[str, Draft] = {}
    for one in ones:
        if not one.key:
            continue
        before = first.setdefault(one.key, one)
        if reason := key_fault(one.key):
            faults.append(FrameworkFault(one.place.line, one.place.column, reason))
        elif before is not one:
            reason = f"the {what} in line {before.place.line} has the key {one.key!r} already"
            faults.append(FrameworkFault(one.place.line, one.place.column, reason))


def _make_keys(ones: list[Draft], what: str) -> None:
    taken = {one.key for one in ones if one.key}
    for place, one in enumerate(ones, 1):
        if one.key:
            continue
        wanted = make_key(one.title) or f"{what.replace('-', '_')}_{place}"
        key, number = wanted, 2
        while key in taken:
            key, number = f"{wanted}_{number}", number + 1
        one.key = key
        taken.add(key)
