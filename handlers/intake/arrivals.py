"""What comes in while nobody waits for an answer: a feed's entry, a mail, what a unit's own program sends.

It is kept before it is read (``storage/originals.py``), read between two transactions, and here settled: it becomes a
memo, or it is kept with the reason why none came of it. Whoever has to know is told by the topic it came through.
"""

from dataclasses import dataclass
from datetime import datetime

from handlers.district import District, load_district
from handlers.errors import UserError
from handlers.intake import mandates
from handlers.intake.memo_news import Taken
from handlers.permissions import Right, may
from handlers.turn import Turn
from protocols.documents.document import Document, DocumentFault
from storage import originals, people
from storage.database import Tx
from storage.originals import Original, Source, State
from storage.people import Person, Role

LONGEST_UNIT = 60


@dataclass(frozen=True, slots=True)
class Settled:
    """What came of an original: the memo it became, or ``why`` none came of it. ``notes`` are sentences about what of
    it could not be read."""

    original: Original
    taken: Taken | None
    why: str = ""
    is_unreadable: bool = False
    notes: tuple[str, ...] = ()


def settle(tx: Tx, original: Original, read: Document | DocumentFault, *, now: datetime) -> Settled:
    """Take the words of an original in, or write down why they are none."""
    if isinstance(read, DocumentFault):
        originals.mark_unreadable(tx, original.id, why=str(read), at=now)
        return Settled(original, None, str(read), is_unreadable=True)
    person = _answers_for(tx, original, now)
    if person is None:
        why = (
            "Nobody in the roster may send it: its office has no staff there, and there is no administrator."
        )
        originals.mark_read(tx, original.id, mandate_id=None, at=now, why=why)
        return Settled(original, None, why)
    turn = turn_of(tx, load_district(tx), person, key=f"original:{original.id}", now=now)
    try:
        with tx.begin_nested():
            taken = mandates.take(turn, read.text, original=original, notes=read.notes, came=read.attached)
        return Settled(original, taken, notes=read.notes)
    except UserError as error:
        originals.mark_read(tx, original.id, mandate_id=None, at=now, why=error.sentence)
        return Settled(original, None, error.sentence, notes=read.notes)


def _answers_for(tx: Tx, original: Original, now: datetime) -> Person | None:
    """Whose memo it is: of a mail its sender, or whoever took it in; else the spokesperson of its office."""
    if original.source is not Source.MAIL:
        return spokesperson(tx, original.unit, original.sender_id, now=now)
    if original.sender_id is None:
        return None
    today = now.astimezone(load_district(tx).zone).date()
    return people.get_person(tx, original.sender_id, on=today)


def turn_of(tx: Tx, district: District, person: Person, *, key: str, now: datetime) -> Turn:
    """A turn in which somebody's memo comes in though they are not writing."""
    return Turn(tx=tx, person=person, now=now, district=district, key=key)


def is_open(original: Original) -> bool:
    """Whether it still is to be read."""
    return original.state is State.KEPT


def spokesperson(tx: Tx, unit: str, person_id: int | None, *, now: datetime) -> Person | None:
    """Who answers for what an office sends by itself: that person where they are of the office, else its first member
    of staff, else that person, else an administrator. None where there is nobody."""
    today = now.astimezone(load_district(tx).zone).date()
    named = people.get_people(tx, [person_id], on=today).get(person_id) if person_id else None
    named = named if named is not None and may(named, Right.SEND_MANDATE) else None
    staff = staff_of(tx, unit, now=now)
    if named is not None and (not staff or named.id in {one.id for one in staff}):
        return named
    administrators = people.people_with_role(tx, Role.ADMINISTRATOR, on=today)
    return next(iter([*staff, *([named] if named else []), *administrators]), None)


def staff_of(tx: Tx, unit: str, *, now: datetime) -> list[Person]:
    """The active staff of an office, by family name."""
    if not unit:
        return []
    today = now.astimezone(load_district(tx).zone).date()
    found = people.people_with_role(tx, Role.UNIT, on=today)
    return [person for person in found if (person.unit or "").casefold() == unit.casefold()]


def name_unit(tx: Tx, words: str, *, now: datetime) -> str:
    """The office that somebody named, as the roster writes it where it has it. Raises ``UserError``."""
    name = " ".join(words.split()).strip(" .,;“”\"'")
    if not name or len(name) > LONGEST_UNIT:
        raise UserError(f"Name the office in at most {LONGEST_UNIT} letters, as the roster writes it.")
    staff = staff_of(tx, name, now=now)
    return (staff[0].unit or name) if staff else name
