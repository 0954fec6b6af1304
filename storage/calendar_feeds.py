"""Published calendars that are read again and again, and changes of the calendar that wait for a yes."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from protocols.cadence.calendar_edits import CalendarEdit
from storage.database import Tx, add_row, change_if
from storage.tables import CalendarChangeRow, CalendarFeedRow


@dataclass(frozen=True, slots=True)
class Change:
    """A change that was shown. ``feed_id``: whose newest copy it is; None for what somebody said in chat."""

    id: int
    edit: CalendarEdit
    feed_id: int | None
    state: str


def source_of(feed_id: int) -> str:
    """The name of a feed as the source of its closures."""
    return f"feed:{feed_id}"


def add_feed(
    tx: Tx, *, address: str, host: str, at: datetime, person_id: int | None = None
) -> CalendarFeedRow:
    """Subscribe to a feed, to be read from ``at`` on; one that is known already begins anew.

    ``person_id`` is who waits for the first reading. A new address takes the place of one of the same host that
    cannot be read: it is the same calendar, renewed.
    """
    # Not compared in SQL: what an older key sealed, or none, looks different there.
    row = next((one for one in tx.exec(select(CalendarFeedRow)) if one.address == address), None)
    row = row or next((one for one in feeds(tx) if one.host == host and one.failures), None)
    if row is None:
        row = CalendarFeedRow(address=address, host=host, next_at=at)
    row.address, row.person_id = address, person_id
    row.active, row.next_at, row.etag, row.modified = True, at, "", ""
    row.digest, row.failures, row.is_fault_told = "", 0, False
    tx.add(row)
    tx.flush()
    return row


def feeds(tx: Tx) -> list[CalendarFeedRow]:
    """The feeds that are subscribed to, the oldest first."""
    query = select(CalendarFeedRow).where(col(CalendarFeedRow.active)).order_by(col(CalendarFeedRow.id))
    return list(tx.exec(query))


def due_feeds(tx: Tx, *, now: datetime) -> list[CalendarFeedRow]:
    """The feeds that are to be read at ``now``."""
    return [row for row in feeds(tx) if row.next_at <= now]


def get_feed(tx: Tx, feed_id: int) -> CalendarFeedRow | None:
    return tx.get(CalendarFeedRow, feed_id)


def take_turn(tx: Tx, feed_id: int, *, was: datetime, next_at: datetime) -> bool:
    """Reserve the reading of a due feed: of two clocks one gets it."""
    return change_if(
        tx,
        CalendarFeedRow,
        col(CalendarFeedRow.id) == feed_id,
        col(CalendarFeedRow.next_at) == was,
        next_at=next_at,
    )


def propose(
    tx: Tx, edit: CalendarEdit, *, person_id: int | None, at: datetime, feed_id: int | None = None
) -> int:
    """Keep a change that is shown; its id. Of a feed's copies only the newest waits."""
    if feed_id is not None:
        for row in tx.exec(
            select(CalendarChangeRow).where(
                CalendarChangeRow.feed_id == feed_id, CalendarChangeRow.state == "shown"
            )
        ):
            row.state = "left"
            tx.add(row)
    return add_row(
        tx, CalendarChangeRow(person_id=person_id, feed_id=feed_id, edit=edit.to_json(), created_at=at)
    )


def get_change(tx: Tx, change_id: int) -> Change | None:
    row = tx.get(CalendarChangeRow, change_id)
    if row is None:
        return None
    return Change(change_id, CalendarEdit.from_json(row.edit), row.feed_id, row.state)


def settle(tx: Tx, change_id: int, state: str) -> bool:
    """What became of a change that was shown; False where that was settled before."""
    return change_if(
        tx,
        CalendarChangeRow,
        col(CalendarChangeRow.id) == change_id,
        col(CalendarChangeRow.state) == "shown",
        state=state,
    )
