"""A teaching and learning framework: what people agree to look for in classrooms, and how much of it they saw.

It has areas, each with practices, each with look-fors: sentences about what students or adults do that can be seen
or heard, so counted or quoted. The scale says how much of it there was, in levels from least to most. It describes
teaching, never a teacher. Keys are unique among the areas, the practices and the look-fors of a framework.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from pydantic import TypeAdapter
from rapidfuzz import fuzz

SIMILAR = 78
"""Words count as a look-for's from this likeness on (0 to 100)."""
CLOSE = 6
"""Look-fors within so many points of the most alike are offered beside it instead of guessed between."""
MOST_FOUND = 8
"""So many look-fors at most are found by words: more is a list to read, not an answer."""

_NUMBER = re.compile(r"#?\s*(\d{1,3}(?:\s*\.\s*\d{1,3}){0,2})\.?")
_SMALL = frozenset(
    {"a", "an", "and", "are", "at", "for", "in", "is", "it", "of", "on", "or", "the", "their", "to"}
)


@dataclass(frozen=True, slots=True)
class LookFor:
    """One thing to look and listen for, as a sentence."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Practice:
    """What teaching does, in a few words, and how one would notice it."""

    key: str
    title: str
    look_fors: tuple[LookFor, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """Practices that belong together."""

    key: str
    title: str
    practices: tuple[Practice, ...]

    @property
    def look_fors(self) -> tuple[LookFor, ...]:
        return tuple(look_for for practice in self.practices for look_for in practice.look_fors)


@dataclass(frozen=True, slots=True)
class Level:
    """One level of intensity: a short label, and what it means in words one can check."""

    key: str
    label: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Framework:
    """``source`` names who wrote it and what it rests on, "" where nobody said; ``scale`` begins with the least."""

    key: str
    title: str
    source: str
    areas: tuple[Area, ...]
    scale: tuple[Level, ...]

    @property
    def version(self) -> str:
        """Twelve hexadecimal digits that change with any word of the framework, not with its layout in a file."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()[:12]

    @property
    def practices(self) -> tuple[Practice, ...]:
        return tuple(practice for area in self.areas for practice in area.practices)

    @property
    def look_fors(self) -> tuple[LookFor, ...]:
        return tuple(look_for for area in self.areas for look_for in area.look_fors)

    def area(self, key: str) -> Area:
        """Raises ``KeyError`` where there is none of that name."""
        return _by_key(self.areas, key)

    def practice(self, key: str) -> Practice:
        """Raises ``KeyError`` where there is none of that name."""
        return _by_key(self.practices, key)

    def look_for(self, key: str) -> LookFor:
        """Raises ``KeyError`` where there is none of that name."""
        return _by_key(self.look_fors, key)

    def level(self, key: str) -> Level:
        """Raises ``KeyError`` where there is none of that name."""
        return _by_key(self.scale, key)

    def practice_of(self, look_for_key: str) -> Practice:
        """The practice a look-for belongs to. Raises ``KeyError`` where there is no such look-for."""
        for practice in self.practices:
            if any(look_for.key == look_for_key for look_for in practice.look_fors):
                return practice
        raise KeyError(look_for_key)

    def area_of(self, practice_key: str) -> Area:
        """The area a practice belongs to. Raises ``KeyError`` where there is no such practice."""
        for area in self.areas:
            if any(practice.key == practice_key for practice in area.practices):
                return area
        raise KeyError(practice_key)

    def numbered(self) -> Iterator[tuple[tuple[int, int, int], LookFor]]:
        """Each look-for with its number, counted from 1: area, practice, look-for."""
        for a, area in enumerate(self.areas, 1):
            for p, practice in enumerate(area.practices, 1):
                for n, look_for in enumerate(practice.look_fors, 1):
                    yield (a, p, n), look_for

    def find(self, words: str) -> tuple[LookFor, ...]:
        """The look-fors that words typed in chat may mean: one where it is clear, none where nothing fits.

        In this order: the key of a look-for, practice or area; a number ("2.3.1" one look-for, "2.3" a practice,
        "2" an area); the words of a look-for or a title; look-fors that have all the words, begun ones included
        ("explain thinking"), in themselves or with their practice; look-fors that are alike, misspelt or reworded,
        the most alike first. Of a practice or area all are found, otherwise ``MOST_FOUND`` at most.
        """
        wanted = _fold(words)
        if not wanted:
            return ()
        groups: tuple[Practice | Area, ...] = (*self.practices, *self.areas)
        if named := [one for one in self.look_fors if one.key == words.strip().casefold()]:
            return tuple(named)
        if group := next((one for one in groups if one.key == words.strip().casefold()), None):
            return group.look_fors
        if number := _NUMBER.fullmatch(words.strip()):
            return self._at(tuple(int(part) for part in number[1].split(".")))
        if same := [one for one in self.look_fors if _fold(one.text) == wanted]:
            return tuple(same)
        if group := next((one for one in groups if _fold(one.title) == wanted), None):
            return group.look_fors
        texts = {one.key: _fold(one.text) for one in self.look_fors}
        more = {
            one.key: f"{texts[one.key]} {_fold(one.key)} {_fold(practice.title)}"
            for practice in self.practices
            for one in practice.look_fors
        }
        keys = _containing(wanted, texts) or _containing(wanted, more) or _alike(wanted, more)
        return tuple(self.look_for(key) for key in keys[:MOST_FOUND])

    def _at(self, number: tuple[int, ...]) -> tuple[LookFor, ...]:
        return tuple(one for place, one in self.numbered() if place[: len(number)] == number)

    def to_json(self) -> str:
        """One line of JSON that ``from_json`` reads back to an equal value."""
        return _FRAMEWORK.dump_json(self).decode()

    @staticmethod
    def from_json(text: str) -> "Framework":
        """The framework that ``to_json`` wrote. Raises ``ValueError`` where the text is none."""
        return _FRAMEWORK.validate_json(text)


_Keyed = TypeVar("_Keyed", Area, Practice, LookFor, Level)


def _by_key(ones: tuple[_Keyed, ...], key: str) -> _Keyed:
    for one in ones:
        if one.key == key:
            return one
    raise KeyError(key)


def _fold(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]+|_", " ", text.casefold()).split())


def _telling(folded: str) -> list[str]:
    """The words that tell one look-for from another; all of them where there are only small ones."""
    words = folded.split()
    return [word for word in words if word not in _SMALL] or words


def _containing(wanted: str, texts: Mapping[str, str]) -> list[str]:
    """The keys of texts that have all the telling words, begun ones included."""
    tokens = _telling(wanted)
    return [
        key
        for key, text in texts.items()
        if all(any(word.startswith(token) for word in text.split()) for token in tokens)
    ]


def _alike(wanted: str, texts: Mapping[str, str]) -> list[str]:
    """The keys of texts in which the words are found misspelt or with other endings, the most alike first."""
    scores = {key: _likeness(wanted, text) for key, text in texts.items()}
    least = max(SIMILAR, max(scores.values()) - CLOSE)
    near = [key for key, score in scores.items() if score >= least]
    return sorted(near, key=lambda key: (-scores[key], -fuzz.ratio(wanted, texts[key])))


def _likeness(wanted: str, text: str) -> float:
    """How well each telling word is found in the text, on average (0 to 100). Of three or more, one may be missing."""
    words = text.split()
    best = sorted(max((fuzz.ratio(token, word) for word in words), default=0.0) for token in _telling(wanted))
    counted = best[1:] if len(best) > 2 else best
    return sum(counted) / len(counted)


_FRAMEWORK: TypeAdapter[Framework] = TypeAdapter(Framework)
