"""The units there are, and who answers for one."""

from collections.abc import Collection

from rapidfuzz import fuzz
from rapidfuzz.utils import default_process

from handlers.turn import Turn
from storage import people
from storage.people import Person, Role
from storage.tables import MandateRow

SIMILAR = 80
"""From so much likeness on (of 100), a letterhead names a unit."""


def units_of(turn: Turn) -> list[str]:
    """The names of the units that somebody in the roster works for, in order."""
    return sorted({person.unit for person in _staff(turn) if person.unit})


def people_of(turn: Turn, unit: str) -> list[Person]:
    return [person for person in _staff(turn) if person.unit == unit]


def match_units(words: str, units: Collection[str]) -> list[str]:
    """The units that these words may mean: one where it is clear ("facilities", "HR"), several where it is not."""
    wanted = default_process(words)
    if not wanted:
        return []
    folded = {unit: default_process(unit) for unit in units}
    exact = [unit for unit, name in folded.items() if name == wanted or _initials(name) == wanted]
    if exact:
        return exact
    tokens = wanted.split()
    begun = [
        unit
        for unit, name in folded.items()
        if all(any(part.startswith(token) for part in name.split()) for token in tokens)
    ]
    return begun or [unit for unit, name in folded.items() if fuzz.ratio(name, wanted) >= SIMILAR]


def _initials(name: str) -> str:
    return "".join(part[0] for part in name.split() if part != "and")


def unit_of(turn: Turn, memo: MandateRow, *, units: Collection[str] | None = None) -> str:
    """Which of the units a memo comes from: its sender's, else the one that its letterhead names; maybe none ("")."""
    known = units_of(turn) if units is None else units
    sender = people.get_person(turn.tx, memo.sender_id, on=turn.today)
    if sender.unit in known:
        return str(sender.unit)
    return unit_named(memo.unit, known)


def unit_named(letterhead: str, units: Collection[str]) -> str:
    """The unit that a letterhead names: "Office of Human Resources" is Human Resources. "" where it names none."""
    best = max(units, key=lambda unit: _alike(unit, letterhead), default="")
    return best if best and _alike(best, letterhead) >= SIMILAR else ""


def _alike(one: str, other: str) -> float:
    return fuzz.token_set_ratio(one, other, processor=default_process)


def _staff(turn: Turn) -> list[Person]:
    return people.people_with_role(turn.tx, Role.UNIT, on=turn.today)
