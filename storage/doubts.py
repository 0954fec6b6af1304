"""Messages of the outbox that may or may not have been sent: how they come to be in doubt, and which to look up now.

Of whoever died holding them, and of the time between a backup and its return. The states are those of
``storage/outbox.py``.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, or_, update
from sqlmodel import col, select

from storage import record
from storage.database import Tx
from storage.tables import MessageRow

FARTHEST_LOOK_UP = timedelta(minutes=10)
"""No look-up is ever put off for so long: one that is was written while the clock was ahead."""
RESTORED = "restored"
"""The setting that says when a backup was put back."""
PUT_BACK = "a backup was put back"
"""Why a message is in doubt that was perhaps sent between a backup and its return."""


def expire_leases(tx: Tx, *, now: datetime, look_up_at: datetime, dead: Collection[str] = ()) -> int:
    """Messages whose sender died holding them become unknown; the count of them.

    ``now`` is the real time. ``dead`` names senders that are known to be gone before their leases ran out.
    ``look_up_at`` is not at once: the platform may still be at work on what it was given with the last breath, and
    after a jump of the clock the sender may not be dead at all.
    """
    result = tx.execute(
        update(MessageRow)
        .where(
            col(MessageRow.state) == "claimed",
            or_(col(MessageRow.lease_until) < now, col(MessageRow.claimed_by).in_(dead)),
        )
        .values(
            state="unknown",
            why="the sender stopped while sending",
            not_before=look_up_at,
            claimed_by=None,
            lease_until=None,
        )
    )
    assert isinstance(result, CursorResult)
    return int(result.rowcount)


def holders(tx: Tx) -> set[str]:
    """The names of the senders that hold a message now."""
    query = select(MessageRow.claimed_by).where(MessageRow.state == "claimed").distinct()
    return {name for name in tx.exec(query) if name is not None}


def doubt_restored(tx: Tx, *, now: datetime) -> int:
    """After a backup was put back: what was due may have been sent since it was taken, so it is looked up first."""
    result = tx.execute(
        update(MessageRow)
        .where(col(MessageRow.state).in_(("queued", "claimed")), col(MessageRow.not_before) <= now)
        .values(state="unknown", why=PUT_BACK, claimed_by=None, lease_until=None)
    )
    assert isinstance(result, CursorResult)
    record.put_setting(tx, RESTORED, {"at": now.isoformat()})
    return int(result.rowcount)


def restored_at(tx: Tx) -> datetime | None:
    """When a backup was put back last, or None."""
    known = record.get_setting(tx, RESTORED)
    return datetime.fromisoformat(known["at"]) if known else None


def in_doubt(tx: Tx, *, now: datetime, limit: int = 100) -> list[MessageRow]:
    """Messages to look up on the platform now, those among them that a wrong clock has put off for hours."""
    is_due = or_(col(MessageRow.not_before) <= now, col(MessageRow.not_before) > now + FARTHEST_LOOK_UP)
    query = select(MessageRow).where(MessageRow.state == "unknown", is_due)
    return list(tx.exec(query.order_by(col(MessageRow.id)).limit(limit)))
