"""What two people counted: the first number of people or things in a note, so that a debrief can lay them side by side.

"six of 24 students wrote" counts six students. Numbers of rooms, minutes, grades and shares are no counts of what was
seen, and two numbers are set against each other only where both are of the same thing or one does not say of what.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_WORDS = {
    "no": 0, "none": 0, "nobody": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
}  # fmt: skip
_SAID = {0: "none", **{number: word for word, number in _WORDS.items() if 1 <= number <= 10}}
_NUMBER = rf"(?:\d{{1,3}}|{'|'.join(_WORDS)})"
_COUNT = re.compile(
    rf"(?<![\w.,:/#-])(?P<number>{_NUMBER})(?![\w:%-]|[.,/]\d)"
    rf"(?:\s+(?:out\s+)?of(?:\s+(?:the|my|our))?(?:\s+{_NUMBER})?)?(?=(?P<after>(?:\s+[a-z][a-z’'-]*){{0,3}}))",
    re.IGNORECASE,
)
_NOT_BEFORE = re.compile(
    r"\b(?:rooms?|classrooms?|rm|number|no|grades?|periods?|page|lesson|unit|level|at|this|that|the|which|any|each)[\s.]*$",
    re.IGNORECASE,
)
_MEASURE = re.compile(
    r"(?:second|sec|minute|min|hour|day|week|month|year|time|percent|grade|period|page|pm|am|o[’']?clock)"
)
_PRONOUNS = frozenset(["them", "us", "these", "those"])
STUDENTS = frozenset(["student", "pupil", "child", "children", "kid", "girl", "boy", "learner", "hand"])


@dataclass(frozen=True, slots=True)
class Count:
    """``of`` is what was counted, in the singular; "" where the note does not say."""

    number: int
    of: str = ""

    def is_comparable(self, other: "Count") -> bool:
        return self.of == other.of or "" in (self.of, other.of)


def find_counts(text: str) -> Iterator[Count]:
    """The counts of one note, in their order. One that does not say of what counts only where it comes first."""
    is_first = True
    for found in _COUNT.finditer(text):
        word = found["number"].casefold()
        number = _WORDS[word] if word in _WORDS else int(word)
        after = [singular(each) for each in found["after"].casefold().split()]
        if _NOT_BEFORE.search(text[: found.start()]) or (after and _MEASURE.fullmatch(after[0])):
            continue
        people = any(each in STUDENTS for each in after)
        thing = _thing(found["after"].casefold().split(), is_one=number == 1)
        is_bare = not people and not thing
        if is_bare and (word == "no" or not is_first):
            continue
        is_first = False
        yield Count(number, "student" if people else thing)


def differing_counts(mine: Sequence[str], theirs: Sequence[str]) -> tuple[Count, Count] | None:
    """The first counts of two sides' notes that are of the same thing; None where there are none, or they agree."""
    others = [count for text in theirs for count in find_counts(text)]
    for count in (count for text in mine for count in find_counts(text)):
        for other in others:
            if count.is_comparable(other):
                return (count, other) if count.number != other.number else None
    return None


def say_counts(mine: Count, name: str, theirs: Count) -> str:
    """ "you counted nine students, Imani six" """
    things = f" {mine.of}{'' if mine.number == 1 else 's'}" if mine.of and mine.of == theirs.of else ""
    if mine.number == 0:
        return f"you counted none, {name} {say_number(theirs.number)}{things}"
    return f"you counted {say_number(mine.number)}{things}, {name} {say_number(theirs.number)}"


def say_number(number: int) -> str:
    """In words up to ten; none for zero."""
    return _SAID.get(number, str(number))


def _thing(after: Sequence[str], *, is_one: bool) -> str:
    """What a number is of, by the word right after it: a plural, or anything where it is one."""
    if not after or after[0] in _PRONOUNS:
        return ""
    plain = singular(after[0])
    return plain if is_one or plain != after[0] else ""


def singular(word: str) -> str:
    """The plain form of a regular plural; anything else as it is."""
    if word == "children":
        return "child"
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("sses", "xes", "ches", "shes")):  # cases and absences have their e of their own
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word
