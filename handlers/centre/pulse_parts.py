"""What a pulse is about: each principal's ILD, and every unit there was when it began."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from handlers.actions import Action
from handlers.errors import UserError
from protocols.centre.pulse import ABOUT_ILD, ABOUT_UNIT, Statement
from storage import people
from storage.database import Tx
from storage.people import School
from storage.tables import PulseRow

ILD, UNIT = "ild:", "unit:"


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a principal answers about. ``key`` is what a button carries of it; ``network`` the group that the
    answer is counted in; ``name`` the ILD's or the unit's."""

    key: str
    about: str
    name: str
    network: str
    statements: tuple[Statement, ...]

    @property
    def is_ild(self) -> bool:
        return self.about.startswith(ILD)


def parts_of(tx: Tx, pulse: PulseRow, person_id: int) -> list[Part]:
    """What the person is asked about, as things stood when the pulse began; nothing where they led no school then."""
    schools = people.schools_on(tx, pulse.opened_on, principal_id=person_id)
    if not schools:
        return []
    by_ild: dict[int, School] = {}
    for school in schools:
        if school.ild_id is not None and school.ild_id != person_id:
            by_ild.setdefault(school.ild_id, school)
    ilds = people.get_people(tx, by_ild, on=pulse.opened_on)
    mine = [
        Part(f"i{ild_id}", about_ild(ild_id), ilds[ild_id].name, school.network, ABOUT_ILD)
        for ild_id, school in sorted(by_ild.items())
    ]
    return [*mine, *unit_parts(pulse.units, network=schools[0].network)]


def unit_parts(units: Sequence[str], *, network: str = "") -> list[Part]:
    return [Part(f"u{at}", about_unit(unit), unit, network, ABOUT_UNIT) for at, unit in enumerate(units)]


def about_ild(ild_id: int) -> str:
    return f"{ILD}{ild_id}"


def about_unit(unit: str) -> str:
    return f"{UNIT}{unit}"


def ild_of(about: str) -> int:
    """The ILD's id."""
    return int(about.removeprefix(ILD))


def ild_sizes(tx: Tx, day: date) -> dict[int, int]:
    """How many principals each ILD accompanies on that day."""
    pairs = {(s.ild_id, s.principal_id) for s in people.schools_on(tx, day) if s.ild_id and s.principal_id}
    sizes: dict[int, int] = {}
    for ild_id, principal_id in pairs:
        if ild_id != principal_id:
            sizes[ild_id or 0] = sizes.get(ild_id or 0, 0) + 1
    return sizes


def pressed_part(parts: Sequence[Part], action: Action) -> Part:
    """The part that a button is about. Raises ``UserError`` where it is none of these."""
    found = next((part for part in parts if part.key == action.args.get("part")), None)
    if found is None:
        raise UserError("You were not asked about that. Write “pulse” to see what you were asked.")
    return found
