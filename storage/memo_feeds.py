"""Feeds of memos: which are followed, when they are read next, which of their entries were seen as what."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import col, select

from storage.database import Tx, add_row, change_if
from storage.tables import MemoFeedEntryRow, MemoFeedRow


def add(tx: Tx, *, address: str, host: str, unit: str, person_id: int, at: datetime) -> MemoFeedRow | None:
    """Follow a feed from ``at`` on; None where it is followed already. One followed before goes on where it was."""
    # Not compared in SQL: what an older key sealed, or none, looks different there.
    row = next((one for one in tx.exec(select(MemoFeedRow)) if one.address == address), None)
    if row is not None and row.active:
        return None
    if row is None:
        row = MemoFeedRow(address=address, host=host, unit=unit, person_id=person_id, since=at, next_at=at)
        add_row(tx, row)
        return row
    row.unit, row.person_id, row.next_at, row.active = unit, person_id, at, True
    row.failures, row.fault, row.is_fault_told = 0, "", False
    row.etag, row.modified, row.digest, row.read_at = "", "", "", None
    tx.add(row)
    tx.flush()
    return row


def get(tx: Tx, feed_id: int) -> MemoFeedRow | None:
    return tx.get(MemoFeedRow, feed_id)


def followed(tx: Tx) -> list[MemoFeedRow]:
    """The feeds that are followed, the oldest first."""
    query = select(MemoFeedRow).where(col(MemoFeedRow.active)).order_by(col(MemoFeedRow.id))
    return list(tx.exec(query))


def due(tx: Tx, *, now: datetime, limit: int) -> list[MemoFeedRow]:
    query = select(MemoFeedRow).where(col(MemoFeedRow.active), col(MemoFeedRow.next_at) <= now)
    return list(tx.exec(query.order_by(col(MemoFeedRow.next_at), col(MemoFeedRow.id)).limit(limit)))


def take_turn(tx: Tx, feed_id: int, *, was: datetime, next_at: datetime) -> bool:
    """Reserve the reading of a due feed: of two clocks one gets it."""
    is_same = (col(MemoFeedRow.id) == feed_id, col(MemoFeedRow.next_at) == was)
    return change_if(tx, MemoFeedRow, *is_same, next_at=next_at)


def fingerprints(tx: Tx, feed_id: int) -> dict[str, str]:
    """Entry -> what it said when it was last seen."""
    query = select(MemoFeedEntryRow).where(MemoFeedEntryRow.feed_id == feed_id)
    return {row.key: row.fingerprint for row in tx.exec(query)}


def note_entries(tx: Tx, feed_id: int, entries: Iterable[tuple[str, str]], *, at: datetime) -> None:
    """These entries, with these fingerprints, have been seen."""
    query = select(MemoFeedEntryRow).where(MemoFeedEntryRow.feed_id == feed_id)
    known = {row.key: row for row in tx.exec(query)}
    for key, fingerprint in entries:
        row = known.get(key) or MemoFeedEntryRow(feed_id=feed_id, key=key, fingerprint="", seen_at=at)
        row.fingerprint, row.seen_at = fingerprint, at
        tx.add(row)
    tx.flush()
