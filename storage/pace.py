"""How much each person has had the bot do within the minute that they are in."""

from datetime import datetime, timedelta

from sqlmodel import select

from storage.database import Tx, add_once
from storage.tables import PaceRow

SPAN = timedelta(minutes=1)


def has_room(tx: Tx, person_id: int, cost: int, *, most: int, at: datetime) -> bool:
    """Whether ``cost`` more fits into the person's minute. What costs more than a whole minute fits into an empty one,
    or it would never be done."""
    row = tx.get(PaceRow, person_id)
    return row is None or _fits(row, cost, most, at)


def take(tx: Tx, person_id: int, cost: int, *, most: int, at: datetime) -> bool:
    """Count ``cost`` in the person's minute; False where it does not fit, and then it is not counted, so that whoever
    waits gets through. Of two processes one waits here for the other."""
    row = _locked(tx, person_id, at)
    if not _fits(row, cost, most, at):
        return False
    if _is_over(row, at):
        row.span_starts, row.count, row.told_at = at, 0, None
    row.count += cost
    tx.add(row)
    return True


def add(tx: Tx, person_id: int, cost: int) -> None:
    """Count what only showed when it was done: it was allowed, and the next thing waits for it."""
    row = tx.get(PaceRow, person_id)
    if row is not None:
        row.count += cost
        tx.add(row)


def tell_once(tx: Tx, person_id: int, *, at: datetime) -> bool:
    """Whether the person is to hear that the minute is full: once in each."""
    row = tx.get_one(PaceRow, person_id)
    if row.told_at is not None:
        return False
    row.told_at = at
    tx.add(row)
    return True


def _locked(tx: Tx, person_id: int, at: datetime) -> PaceRow:
    query = select(PaceRow).where(PaceRow.person_id == person_id).with_for_update()
    row = tx.exec(query).first()
    if row is None:
        add_once(tx, PaceRow(person_id=person_id, span_starts=at))
        row = tx.exec(query.execution_options(populate_existing=True)).one()
    return row


def _fits(row: PaceRow, cost: int, most: int, at: datetime) -> bool:
    return _is_over(row, at) or row.count == 0 or row.count + cost <= most


def _is_over(row: PaceRow, at: datetime) -> bool:
    """A minute that begins after now is one of a clock that was put back: it would never end."""
    return not row.span_starts <= at < row.span_starts + SPAN
