"""From what people call a school to the school: one of the person's own, a choice, or a kind "not here"."""

import re
from collections.abc import Callable, Sequence

from rapidfuzz import fuzz, process

from handlers.actions import Action
from handlers.cards import Button, Buttons, Card, Text
from handlers.errors import UserError
from handlers.permissions import Right, Subject, may, require
from handlers.turn import Turn
from storage.people import School, school_on, schools_on

SIMILAR = 78
"""A misspelt name counts as the school's from this similarity on (0 to 100)."""
CLOSE = 8
"""Schools within so many points of the best are offered as a choice instead of guessed between."""
MOST_CHOICES = 5


def my_schools(turn: Turn) -> list[School]:
    """The schools the person carries as ILD or leads as principal, by name."""
    mine = schools_on(turn.tx, turn.today, ild_id=turn.person.id)
    mine += schools_on(turn.tx, turn.today, principal_id=turn.person.id)
    return sorted({school.id: school for school in mine}.values(), key=lambda school: school.name)


def find_school(turn: Turn, words: str, right: Right, choose: Callable[[School], Action]) -> School:
    """The school meant by ``words`` for which the person has the right.

    Raises ``UserError``: a choice where several fit (each button is ``choose(school)``), the person's own schools
    where none does; ``NotAllowedError`` where it is clearly somebody else's school.
    """
    reachable = [s for s in schools_on(turn.tx, turn.today) if may(turn.person, right, Subject(school=s))]
    found = match_schools(words, reachable)
    if len(found) == 1:
        return found[0]
    if found:
        raise UserError("", card=_choice(f"Which one: {_either(found)}?", found, choose))
    elsewhere = match_schools(words, schools_on(turn.tx, turn.today))
    if len(elsewhere) == 1:
        require(turn.person, right, Subject(school=elsewhere[0]), object=f"school:{elsewhere[0].id}")
    if not reachable:
        require(turn.person, right, object="school")
    near = process.extract(words, {s.id: s.name for s in reachable}, scorer=fuzz.WRatio, limit=3)
    names = [next(s for s in reachable if s.id == key) for _name, _score, key in near]
    raise UserError(
        "", card=_choice(f"I know no school called “{words.strip()}” here. Did you mean", names, choose)
    )


def pressed_school(turn: Turn, action: Action, right: Right, *, object: str) -> School:
    """The school of a button, for which the person has the right. Raises ``NotAllowedError``; and ``UserError`` where
    somebody whose right is to every school presses a button of one that is not there."""
    school = school_on(turn.tx, action.number("school"), turn.today)
    require(turn.person, right, Subject(school=school), object=object)
    if school is None:
        raise UserError("That school is not here any more. Write its name to find it.")
    return school


def match_schools(words: str, schools: Sequence[School]) -> list[School]:
    """The schools that these words may mean, best first: one where it is clear, several where it is not.

    An exact name wins; then names that contain all the words, begun words included ("linc mid"); then misspellings.
    """
    wanted = _fold(words)
    if not wanted:
        return []
    exact = [
        school for school in schools if _fold(school.name) == wanted or school.sourced_id == words.strip()
    ]
    if exact:
        return exact
    tokens = wanted.split()
    begun = [s for s in schools if _begins(tokens, _fold(s.name).split())]
    if begun:
        return begun[:MOST_CHOICES]
    scored = [
        (max(fuzz.ratio(wanted, _fold(s.name)), _by_word(tokens, _fold(s.name).split())), s) for s in schools
    ]
    scored = sorted((pair for pair in scored if pair[0] >= SIMILAR), key=lambda pair: -pair[0])
    return [school for score, school in scored if score >= scored[0][0] - CLOSE][:MOST_CHOICES]


def _begins(tokens: list[str], name: list[str]) -> bool:
    return all(any(part.startswith(token) for part in name) for token in tokens)


def _by_word(tokens: list[str], name: list[str]) -> float:
    """The worst word's best likeness: "linkoln midle" is near "Lincoln Middle", "linkoln high" is not."""
    return min(
        (max((fuzz.ratio(token, part) for part in name), default=0.0) for token in tokens), default=0.0
    )


def _fold(text: str) -> str:
    folded = re.sub(
        r"\b(the|school|schools)\b", " ", text.casefold().replace("st.", "saint").replace("-", " ")
    )
    return re.sub(r"[^\w ]+", "", re.sub(r"\s+", " ", folded)).strip()


def _either(schools: Sequence[School]) -> str:
    *names, last = [school.name for school in schools]
    return f"{', '.join(names)} or {last}" if names else last


def _choice(sentence: str, schools: Sequence[School], choose: Callable[[School], Action]) -> Card:
    text = sentence if sentence.endswith("?") else f"{sentence} {_either(schools)}?"
    return Card("", (Text(text), Buttons(tuple(Button(school.name, choose(school)) for school in schools))))
