"""A line of chat taken apart: a classroom note into room and words, a next step into who, what, by when, evidence.

People in a corridor type "12: three students explained..." with one thumb. What is not in the line stays empty
and is asked for; nothing is guessed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from protocols.cadence.moments import find_moment

_NUMBER = r"[a-z]{0,2}[- ]?\d{1,4}[a-z]?"
_ROOM = re.compile(
    rf"\s*(?:in\s+)?(?:(?:class)?(?:room|rm\.?)\s*#?\s*(?P<said>{_NUMBER})\b\s*[:,;.–—-]?"
    rf"|(?!(?:at|to|by|no)\b)(?P<bare>{_NUMBER})\s*(?::(?!\d\d\b)|\s[–—-]\s|[–—]))\s*",
    re.IGNORECASE,
)
_LOOK_FOR = re.compile(r"\s*\(?#\s?(?P<number>\d{1,2})\)?(?!\w)[,:]?")
_EVIDENCE = re.compile(
    r"[\s;,.–—-]*\b(?:and\s+)?(?:(?:the\s+)?evidence(?:\s+is)?\s*:?"
    r"|(?:we(?:['’]ll|\s+will|\s+both)?\s+(?:both\s+)?look\s+at|to\s+look\s+at)\s*:?|look\s+at\s*:)\s+"
    r"(?P<evidence>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_MARKED_EVIDENCE = re.compile(
    r"[\s;,.–—-]*\b(?:and\s+)?(?:the\s+)?evidence\s*:\s*(?P<evidence>.+)$", re.IGNORECASE | re.DOTALL
)
"""With its colon the word is no part of what is promised: "I ask for evidence first, evidence: my notes"."""
_BEFORE_DATE = re.compile(
    r"(?<![\s,;–—-])[\s,;–—-]*+(?:\b(?:by|before|until|on|no later than))?\s*+$", re.IGNORECASE
)
_IRREGULAR = {"has": "have", "does": "do", "goes": "go"}
_AFTER_WHO = r"(?:\s*[:,–—-]\s*|\s+(?:will|is going to|to|shall)\s+|['’]ll\s+|\s+)"
_PLACES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_PLACE = rf"(?:\b\d{{1,2}}\b|\b(?:{'|'.join(_PLACES)})\b)"
_CHOICE = re.compile(
    r"(?:(?P<drop>drop|without|leave out|all but|all except|not)|keep|take|just|only)?\s*(?:numbers?|no\.?)?\s*"
    rf"(?P<places>{_PLACE}(?:(?:\s|[,;.&+/]|\band\b)+{_PLACE})*)"
)
_FIRST = re.compile(rf"(?:keep |take |just )?(?:the )?first (?P<count>{_PLACE})")


@dataclass(frozen=True, slots=True)
class NoteLine:
    """``room`` "" where none was given; ``look_for`` counts from 1 in the order of the list."""

    text: str
    room: str = ""
    look_for: int | None = None


@dataclass(frozen=True, slots=True)
class NextStepLine:
    """``who`` is a key of the seats given, "" where nobody was named; what else is missing is "" or None."""

    what: str
    who: str = ""
    by_when: date | None = None
    evidence: str = ""


def read_note(text: str) -> NoteLine:
    """ "12 #2: three students explained..." or "room B12, ..." """
    look_for = None
    if tagged := _LOOK_FOR.search(text):
        look_for = int(tagged["number"])
        colon = ":" if tagged[0].endswith(":") else ""
        text = text[: tagged.start()] + colon + text[tagged.end() :]
    place = _ROOM.match(text)
    if place is None:
        return NoteLine(text.strip(" :,\n"), look_for=look_for)
    room = re.sub(r"[- ]", "", place["said"] or place["bare"]).upper()
    return NoteLine(text[place.end() :].strip(), room, look_for)


def read_choice(text: str, count: int) -> tuple[int, ...] | None:
    """The places chosen from a list of ``count``: "1, 2 and 4", "the first three", "drop 3".

    None where the words are no choice by number (a list written anew). Places out of range are not judged here.
    """
    words = " ".join(text.casefold().replace("#", " ").split()).rstrip(".!")
    if first := _FIRST.fullmatch(words):
        return tuple(range(1, _place(first["count"]) + 1))
    found = _CHOICE.fullmatch(words)
    if found is None:
        return None
    places = tuple(dict.fromkeys(_place(word) for word in re.findall(_PLACE, found["places"])))
    if found["drop"]:
        return tuple(place for place in range(1, count + 1) if place not in places)
    return places


def _place(word: str) -> int:
    return int(word) if word.isdigit() else _PLACES.index(word) + 1


def count_rooms(text: str) -> int:
    """How many lines begin with a classroom: two notes in one message are two notes."""
    return sum(1 for line in text.splitlines() if _ROOM.match(line))


def read_next_step(text: str, now: datetime, seats: Mapping[str, str], *, writer: str) -> NextStepLine:
    """ "Grace gives three feedback notes by Fri 11 Dec, evidence: the notes".

    ``seats`` are the people it may be about (key to name), ``writer`` the key that "I" stands for; ``now`` is
    local. Raises ``MomentFault`` where a day is named that is unclear or past.
    """
    words, evidence = " ".join(text.split()), ""
    if found := _MARKED_EVIDENCE.search(words) or _EVIDENCE.search(words):
        words, evidence = words[: found.start()], found["evidence"].strip(" .")
    by_when = None
    if moment := find_moment(words, now):
        by_when = moment.day
        words = _BEFORE_DATE.sub("", words[: moment.start]) + words[moment.end :]
    elif evidence and (moment := find_moment(evidence, now)):
        by_when = moment.day
        evidence = (_BEFORE_DATE.sub("", evidence[: moment.start]) + evidence[moment.end :]).strip(" ,.;")
    who, words = _split_who(words.strip(" ,.;"), seats, writer)
    return NextStepLine(words.strip(" ,.;"), who, by_when, evidence)


def _split_who(words: str, seats: Mapping[str, str], writer: str) -> tuple[str, str]:
    names = {writer: ["I"]}
    for key, name in seats.items():
        names.setdefault(key, []).extend([name, *name.split()])
    for key, known in names.items():
        for name in sorted(known, key=len, reverse=True):
            if match := re.match(rf"{re.escape(name)}{_AFTER_WHO}(?=\S)", words, re.IGNORECASE):
                rest = words[match.end() :]
                is_told = key != writer or name != "I"
                return key, _plain_verb(rest) if is_told and match[0].endswith(" ") else rest
    return "", words


def _plain_verb(words: str) -> str:
    """ "gives three notes" -> "give three notes", so that it reads well after "You" as after a name."""
    verb, space, rest = words.partition(" ")
    low = verb.lower()
    if low in _IRREGULAR:
        return _IRREGULAR[low] + space + rest
    if not low.endswith("s") or low.endswith(("ss", "us", "is")) or not space:
        return words
    for ending, plain in (
        ("ies", "y"),
        ("sses", "ss"),
        ("ches", "ch"),
        ("shes", "sh"),
        ("xes", "x"),
        ("s", ""),
    ):
        if low.endswith(ending):
            return verb[: -len(ending)] + plain + space + rest
    return words
