"""The audit log, inbound deduplication, expectations and small facts of the deployment."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select

from protocols.keeping.schedule import SCHEDULE, Kind
from storage.database import Tx, add_once
from storage.tables import AuditRow, ExpectationRow, InboundRow, KeptInboundRow, NoticeRow, SettingRow

INBOUND_KEPT = timedelta(days=SCHEDULE[Kind.ARRIVALS].days or 0)
"""Platforms repeat an event for minutes or hours, never for days; buttons are guarded by versions instead."""


def audit(tx: Tx, *, at: datetime, actor_id: int | None, action: str, object: str, **detail: Any) -> None:
    """Write who did what to what. ``detail`` holds ids, counts and reason classes, never content."""
    tx.add(AuditRow(at=at, actor_id=actor_id, action=action, object=object, detail=detail))


def audit_of(tx: Tx, object: str) -> list[AuditRow]:
    """Everything that was done to an object (``visit:12``), oldest first."""
    return list(tx.exec(select(AuditRow).where(AuditRow.object == object).order_by(col(AuditRow.id))))


def looks_since(tx: Tx, object: str, action: str, *, since: datetime) -> list[AuditRow]:
    """What was done to an object in this way since then, newest first."""
    query = select(AuditRow).where(AuditRow.object == object, AuditRow.action == action, AuditRow.at >= since)
    return list(tx.exec(query.order_by(col(AuditRow.id).desc())))


def changes_of(tx: Tx, objects: Collection[str]) -> dict[str, datetime]:
    """Object (``visit:12``) -> when something was last done to it; objects that nothing was done to are left out."""
    found: dict[str, datetime] = {}
    if objects:
        query = select(AuditRow.object, AuditRow.at).where(col(AuditRow.object).in_(objects))
        for object, at in tx.exec(query):
            found[object] = max(at, found.get(object, at))
    return found


def is_first_time(tx: Tx, keys: tuple[str, ...], *, at: datetime) -> bool:
    """Whether none of an event's keys was seen before; if so they are now, in this transaction."""
    if tx.exec(select(InboundRow.key).where(col(InboundRow.key).in_(keys))).first() is not None:
        return False
    return add_once(tx, *(InboundRow(key=key, at=at) for key in dict.fromkeys(keys)))


def keep_inbound(tx: Tx, *, key: str, body: str, at: datetime) -> None:
    """Hold on to an event before it is acknowledged, so that a process killed in between loses nothing."""
    insert = postgresql.insert if tx.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = insert(KeptInboundRow).values(key=key, body=body, at=at)
    tx.execute(row.on_conflict_do_nothing())  # the platform repeats it, perhaps to another process


def kept_inbound(tx: Tx) -> list[str]:
    """The bodies of events that were acknowledged and not worked on, in the order they came."""
    return list(
        tx.exec(select(KeptInboundRow.body).order_by(col(KeptInboundRow.at), col(KeptInboundRow.key)))
    )


def release_inbound(tx: Tx, keys: tuple[str, ...]) -> None:
    """The event has been worked on, or answered otherwise."""
    tx.execute(delete(KeptInboundRow).where(col(KeptInboundRow.key).in_(keys)))


def forget_inbound(tx: Tx, *, now: datetime) -> int:
    """Drop keys older than any platform repeats them; how many."""
    result = tx.execute(delete(InboundRow).where(col(InboundRow.at) < now - INBOUND_KEPT))
    assert isinstance(result, CursorResult)
    return int(result.rowcount)


def expect(tx: Tx, person_id: int, topic: str, *, at: datetime, **args: Any) -> None:
    """The person's next plain words answer this."""
    row = tx.get(ExpectationRow, person_id)
    if row is None:
        if add_once(tx, ExpectationRow(person_id=person_id, topic=topic, args=args, since=at)):
            return
        row = tx.get_one(ExpectationRow, person_id)
    row.topic, row.args, row.since = topic, args, at


def expectation_of(tx: Tx, person_id: int) -> ExpectationRow | None:
    return tx.get(ExpectationRow, person_id)


def expect_nothing(tx: Tx, person_id: int) -> None:
    row = tx.get(ExpectationRow, person_id)
    if row is not None:
        tx.delete(row)
        tx.flush()


def note_once(tx: Tx, *, kind: str, object: str, at: datetime) -> bool:
    """Whether the bot brings this up for the first time; from now on it has."""
    if tx.get(NoticeRow, (kind, object)) is not None:
        return False
    return add_once(tx, NoticeRow(kind=kind, object=object, at=at))


def is_noted(tx: Tx, *, kind: str, object: str) -> bool:
    """Whether ``note_once`` has noted it."""
    return tx.get(NoticeRow, (kind, object)) is not None


def noted(tx: Tx, *, kind: str, objects: Collection[str]) -> set[str]:
    """Those of the objects that ``note_once`` has noted."""
    query = select(NoticeRow.object).where(NoticeRow.kind == kind, col(NoticeRow.object).in_(list(objects)))
    return set(tx.exec(query))


def get_setting(tx: Tx, name: str) -> dict[str, Any] | None:
    row = tx.get(SettingRow, name)
    return dict(row.value) if row else None


def put_setting(tx: Tx, name: str, value: dict[str, Any]) -> None:
    row = tx.get(SettingRow, name)
    if row is None:
        if add_once(tx, SettingRow(name=name, value=value)):
            return
        row = tx.get_one(SettingRow, name)
    row.value = value


def new_token() -> str:
    """An unguessable name for an address (192 bits)."""
    return secrets.token_urlsafe(24)
