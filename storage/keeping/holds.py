"""Legal holds as rows: putting, releasing, and whom each reaches."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import or_
from sqlmodel import col, select

from protocols.keeping.holds import Hold
from storage.database import Tx, add_row, change_if
from storage.tables import AssignmentRow, LegalHoldRow


def put(
    tx: Tx,
    *,
    people: Collection[int],
    schools: Collection[int],
    starts: date | None,
    ends: date | None,
    because: str,
    by: int | None,
    at: datetime,
) -> int:
    """Put a hold in force; its number."""
    row = LegalHoldRow(
        person_ids=sorted(people),
        school_ids=sorted(schools),
        starts=starts,
        ends=ends,
        because=because,
        put_by=by,
        put_at=at,
    )
    return add_row(tx, row)


def release(tx: Tx, hold_id: int, *, because: str, by: int | None, at: datetime) -> bool:
    """End a hold. False where there is none of that number in force."""
    in_force = (col(LegalHoldRow.id) == hold_id, col(LegalHoldRow.released_at).is_(None))
    return change_if(tx, LegalHoldRow, *in_force, released_at=at, released_by=by, released_because=because)


def rows(tx: Tx, *, with_released: bool = False) -> Sequence[LegalHoldRow]:
    """The holds, oldest first; those in force, or all."""
    query = select(LegalHoldRow)
    if not with_released:
        query = query.where(col(LegalHoldRow.released_at).is_(None))
    return list(tx.exec(query.order_by(col(LegalHoldRow.id))))


def in_force(tx: Tx) -> tuple[Hold, ...]:
    """The holds as the rules see them.

    A hold on a school reaches whoever led or accompanied it in the hold's period, too: most of what is kept about a
    school is kept with the person who wrote or read it.
    """
    return tuple(
        Hold(
            row.id or 0,
            frozenset(row.person_ids) | _of_schools(tx, row),
            frozenset(row.school_ids),
            row.starts,
            row.ends,
        )
        for row in rows(tx)
    )


def _of_schools(tx: Tx, row: LegalHoldRow) -> frozenset[int]:
    if not row.school_ids:
        return frozenset()
    query = select(AssignmentRow.ild_id, AssignmentRow.principal_id).where(
        col(AssignmentRow.school_id).in_(row.school_ids)
    )
    if row.ends is not None:
        query = query.where(col(AssignmentRow.starts) <= row.ends)
    if row.starts is not None:
        query = query.where(or_(col(AssignmentRow.ends).is_(None), col(AssignmentRow.ends) >= row.starts))
    return frozenset(person for pair in tx.exec(query) for person in pair if person is not None)
