"""Who says that a visit took place: one word of each witness for a visit, the last one standing."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, update
from sqlmodel import col, select

from protocols.cadence.witnesses import Witness, Word, best
from storage import visits
from storage.database import Tx, add_once
from storage.tables import VisitRow, WitnessRow
from storage.visits import Visit


def say(
    tx: Tx,
    visit_id: int,
    witness: Witness,
    *,
    took_place: bool,
    at: datetime,
    person_id: int | None = None,
    words: str = "",
) -> None:
    """Write down what a witness says of a visit, and which witness the visit rests on now."""
    known = select(WitnessRow).where(WitnessRow.visit_id == visit_id, WitnessRow.witness == witness)
    row = tx.exec(known).first()
    if row is None:
        row = WitnessRow(visit_id=visit_id, witness=witness, took_place=took_place, at=at)
        if not add_once(tx, row):
            row = tx.exec(known).one()
    row.took_place, row.at, row.person_id, row.words = took_place, at, person_id, words
    tx.add(row)
    tx.flush()
    found = best(words_of(tx, [visit_id]).get(visit_id, ()))
    visits.confirm(tx, visit_id, by=found.value if found else None)


def words_of(tx: Tx, visit_ids: Collection[int]) -> dict[int, list[Word]]:
    """Visit -> what its witnesses say, oldest first; visits without any are left out."""
    query = select(WitnessRow).where(col(WitnessRow.visit_id).in_(visit_ids))
    found: dict[int, list[Word]] = {}
    for row in tx.exec(query.order_by(col(WitnessRow.at), col(WitnessRow.id))):
        word = Word(Witness(row.witness), row.took_place, row.at, row.words)
        found.setdefault(row.visit_id, []).append(word)
    return found


def to_ask(tx: Tx, start: date, end: date) -> list[Visit]:
    """Visits held, or planned, on these days of which the principal has not said whether they took place."""
    unsaid = (col(VisitRow.confirmed_by).is_distinct_from("principal"), ~_said_by(Witness.PRINCIPAL))
    return _held_or_planned(tx, _within(start, end), *unsaid)


def without_calendar(tx: Tx, start: date, end: date) -> list[Visit]:
    """Visits held, or planned, on these days that no calendar confirms yet."""
    return _held_or_planned(tx, _within(start, end), ~_said_by(Witness.CALENDAR))


def perhaps_to_settle(tx: Tx, ild_id: int, start: date, end: date) -> list[Visit]:
    """The ILD's visits of these days that are planned still, or of which the principal has said something."""
    own = (_within(start, end), col(VisitRow.ild_id) == ild_id)
    planned = visits.find(tx, *own, col(VisitRow.status) == "planned")
    witnessed = visits.find(
        tx, *own, col(VisitRow.status).in_(("held", "cancelled")), _said_by(Witness.PRINCIPAL)
    )
    return sorted(planned + witnessed, key=lambda visit: (visit.day, visit.id))


def _within(start: date, end: date) -> ColumnElement[bool]:
    return col(VisitRow.day).between(start.toordinal(), end.toordinal())


def _said_by(witness: Witness) -> ColumnElement[bool]:
    """That this witness has said something of the visit: looked up for each visit, for there are as many words as
    visits in all the years."""
    return exists().where(
        col(WitnessRow.visit_id) == col(VisitRow.id), col(WitnessRow.witness) == witness.value
    )


def _held_or_planned(tx: Tx, *conditions: ColumnElement[bool]) -> list[Visit]:
    """Each kind has an index of its own by days."""
    found = [
        *visits.find(tx, *conditions, col(VisitRow.status) == "held"),
        *visits.find(tx, *conditions, col(VisitRow.status) == "planned"),
    ]
    return sorted(found, key=lambda visit: (visit.day, visit.half, visit.starts or 0, visit.id))


def not_held_after_all(tx: Tx, visit_id: int, *, reason: str) -> None:
    """The ILD agrees that a visit did not take place: it is cancelled, with her sentence as the reason."""
    held = (col(VisitRow.id) == visit_id, col(VisitRow.status) == "held")
    tx.execute(
        update(VisitRow)
        .where(*held)
        .values(
            status="cancelled",
            cancelled_by="other",
            cancel_reason=reason,
            version=VisitRow.version + 1,
        )
    )


def held_after_all(tx: Tx, visit_id: int) -> None:
    """The ILD agrees that a cancelled visit did take place."""
    cancelled = (col(VisitRow.id) == visit_id, col(VisitRow.status) == "cancelled")
    tx.execute(
        update(VisitRow)
        .where(*cancelled)
        .values(status="held", cancelled_by=None, cancel_reason=None, version=VisitRow.version + 1)
    )
