"""People's own calendars: which are connected, when they are read next, and when their owners are busy."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

import sqlalchemy
from sqlalchemy import delete, insert, update
from sqlmodel import col, select

from protocols.cadence.busy import BusyStretch
from protocols.cadence.polling import LEAST
from storage.database import Tx, add_once, change_if
from storage.tables import BusyStretchRow, FeedRow, OwnCalendarRow

LEASE = timedelta(minutes=15)
"""How long a process that began to read a calendar is given; then another may."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A calendar to be read now. ``address`` is a secret; see ``OwnCalendarRow``."""

    person_id: int
    address: str
    keeps_titles: bool
    etag: str
    modified: str
    fingerprint: str
    zone: str
    reaches: date | None
    connected_at: datetime


@dataclass(frozen=True, slots=True)
class OwnBusy:
    """When somebody is busy, on the wall clock of ``zone``."""

    zone: ZoneInfo
    stretches: tuple[BusyStretch, ...]


def connect(tx: Tx, person_id: int, *, address: str, host: str, at: datetime) -> None:
    """Connect a calendar, in place of another; what the other said is forgotten. Read as soon as can be."""
    disconnect(tx, person_id)
    tx.add(OwnCalendarRow(person_id=person_id, address=address, host=host, connected_at=at, due_at=at))
    tx.flush()


def disconnect(tx: Tx, person_id: int) -> bool:
    """Forget the address and everything that was read; False where none was connected."""
    forget_stretches(tx, person_id)
    row = tx.get(OwnCalendarRow, person_id)
    if row is None:
        return False
    tx.delete(row)
    tx.flush()
    return True


def forget_stretches(tx: Tx, person_id: int) -> None:
    tx.execute(delete(BusyStretchRow).where(col(BusyStretchRow.person_id) == person_id))


def keep_titles(tx: Tx, person_id: int, *, keep: bool, at: datetime) -> None:
    """Keep titles from the next reading on, or forget them at once. Read anew, whatever has changed, as soon as is
    polite."""
    row = tx.get_one(OwnCalendarRow, person_id)
    row.keeps_titles, row.fingerprint, row.etag, row.modified = keep, "", "", ""
    row.due_at = min(row.due_at, max(at, (row.read_at or at) + LEAST))
    tx.add(row)
    tx.execute(update(BusyStretchRow).where(col(BusyStretchRow.person_id) == person_id).values(title=""))


def calendar_of(tx: Tx, person_id: int) -> OwnCalendarRow | None:
    return tx.get(OwnCalendarRow, person_id)


def due(tx: Tx, *, now: datetime, limit: int) -> list[int]:
    """Whose calendars are to be read by now, the longest due first."""
    query = select(OwnCalendarRow.person_id).where(col(OwnCalendarRow.due_at) <= now)
    return list(tx.exec(query.order_by(col(OwnCalendarRow.due_at)).limit(limit)))


def claim(tx: Tx, person_id: int, *, now: datetime) -> Claimed | None:
    """Take a due calendar for reading; None where another process has it, or it is gone."""
    same = (col(OwnCalendarRow.person_id) == person_id, col(OwnCalendarRow.due_at) <= now)
    if not change_if(tx, OwnCalendarRow, *same, due_at=now + LEASE):
        return None
    row = tx.get_one(OwnCalendarRow, person_id)
    return Claimed(
        person_id,
        row.address,
        row.keeps_titles,
        row.etag,
        row.modified,
        row.fingerprint,
        row.zone,
        row.reaches,
        row.connected_at,
    )


def put_stretches(tx: Tx, person_id: int, stretches: Iterable[BusyStretch]) -> None:
    """What was read takes the place of what was known."""
    forget_stretches(tx, person_id)
    values = [
        {
            "person_id": person_id,
            "day": one.day.toordinal(),
            "starts": one.starts,
            "ends": one.ends,
            "title": one.title,
        }
        for one in stretches
    ]
    if values:
        tx.execute(insert(BusyStretchRow), values)


def stretches_of(
    tx: Tx, person_ids: Collection[int], start: date, end: date, *, fallback: ZoneInfo
) -> dict[int, OwnBusy]:
    """Person -> when they are busy on these days of their own, both included; people without a calendar are left out.

    ``fallback`` is the zone of calendars that were never read.
    """
    if not person_ids:
        return {}
    zones = {
        person_id: ZoneInfo(zone) if zone else fallback
        for person_id, zone in tx.exec(
            select(OwnCalendarRow.person_id, OwnCalendarRow.zone).where(
                col(OwnCalendarRow.person_id).in_(person_ids)
            )
        )
    }
    if not zones:
        return {}
    found: dict[int, list[BusyStretch]] = {person_id: [] for person_id in zones}
    query = (
        sqlalchemy.select(
            col(BusyStretchRow.person_id),
            col(BusyStretchRow.day),
            col(BusyStretchRow.starts),
            col(BusyStretchRow.ends),
            col(BusyStretchRow.title),
        )
        .where(
            col(BusyStretchRow.person_id).in_(zones.keys()),
            col(BusyStretchRow.day).between(start.toordinal(), end.toordinal()),
        )
        .order_by(col(BusyStretchRow.day), col(BusyStretchRow.starts), col(BusyStretchRow.id))
    )
    for person_id, day, starts, ends, title in tx.execute(query):
        found[person_id].append(BusyStretch(date.fromordinal(day), starts, ends, title))
    return {person_id: OwnBusy(zones[person_id], tuple(stretches)) for person_id, stretches in found.items()}


# ---------------------------------------------------------------- published feeds


MARK = "sha256:"


def _mark(token: str) -> str:
    """What is kept of a token: it is found by it, and cannot be made from it. 192 bits need no slow hash."""
    return MARK + sha256(token.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Published:
    """Whose feed it is, and since when it is under this address."""

    person_id: int
    made_at: datetime


def feed_of(tx: Tx, person_id: int) -> Published | None:
    """The person's feed, if it is published."""
    row = tx.get(FeedRow, person_id)
    return Published(row.person_id, row.made_at) if row else None


def publish(tx: Tx, person_id: int, *, token: str, at: datetime) -> bool:
    """Publish the person's feed under a token, of which a mark is kept; False where it is published already."""
    return add_once(tx, FeedRow(person_id=person_id, token=_mark(token), made_at=at))


def unpublish(tx: Tx, person_id: int) -> None:
    """The feed is under no token any more; the one it had is nobody's."""
    row = tx.get(FeedRow, person_id)
    if row is not None:
        tx.delete(row)
        tx.flush()


def published(tx: Tx, token: str) -> Published | None:
    """What is published under a token. A mark is none, though it may have been read in a copy of the database."""
    kept = [_mark(token)] if token.startswith(MARK) else [_mark(token), token]
    row = tx.exec(select(FeedRow).where(col(FeedRow.token).in_(kept))).first()
    return Published(row.person_id, row.made_at) if row else None


def mark_tokens(tx: Tx, *, before: datetime) -> int:
    """Keep marks in place of the tokens that version 0.1.0 kept; how many. ``before`` leaves out those that a process
    of that version, during a deployment, has only just made and still looks for."""
    query = select(FeedRow).where(col(FeedRow.token).not_like(f"{MARK}%"), col(FeedRow.made_at) < before)
    rows = tx.exec(query).all()
    for row in rows:
        row.token = _mark(row.token)
        tx.add(row)
    tx.flush()
    return len(rows)
