"""Originals: what came in, byte for byte, and what became of it.

``receive_original`` is called in the transaction that takes something in, before anything reads it: a reader that
fails, hangs or is killed loses nothing. From then on an original is

* ``kept``: nobody has read it yet, or its reader died; ``waiting`` finds it again;
* ``read``: it became the mandate it names, or (no mandate) ``why`` says why none came of it;
* ``unreadable``: ``why`` is the sentence that was said about it.

A source that names its things (a mail's Message-ID, a feed's entry, a platform's file) may hand the same one over any
number of times: (source, source_ref) is one original. The same bytes from two sources are two.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import defer
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.database import Tx, add_once, change_if
from storage.tables import OriginalRow


class Source(StrEnum):
    """By which way it came in."""

    PASTED = "pasted"  # as a message
    FORWARDED = "forwarded"  # somebody else's message, sent on
    FILE = "file"  # shared in the chat
    WEB = "web"  # fetched from an address
    FEED = "feed"
    MAIL = "mail"
    POST = "post"  # POST /mandates
    FORM = "form"  # a unit's submission form


class State(StrEnum):
    KEPT = "kept"
    READ = "read"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something that came in. ``source_ref`` is the source's own name for it, None where it has none.

    ``sender_id`` is the person who sent it in; ``sender`` says who it was in the source's words (an address) where the
    roster does not know them. ``received_at`` is aware UTC.
    """

    data: bytes
    source: Source
    received_at: datetime
    source_ref: str | None = None
    name: str = ""
    media_type: str = ""
    unit: str = ""
    sender_id: int | None = None
    sender: str = ""


@dataclass(frozen=True, slots=True)
class Original:
    """An original without its bytes, which ``content_of`` has."""

    id: int
    name: str
    media_type: str
    sha256: str
    size: int
    source: Source
    source_ref: str | None
    unit: str
    sender_id: int | None
    sender: str
    received_at: datetime
    state: State
    why: str
    mandate_id: int | None
    let_go_at: datetime | None = None


def receive_original(tx: Tx, arrival: Arrival) -> Original:
    """Keep what came in, or find what the source handed over before under the same name."""
    if arrival.source_ref is not None:
        known = find_by_reference(tx, arrival.source, arrival.source_ref)
        if known is not None:
            return known
    row = OriginalRow(
        name=arrival.name,
        media_type=arrival.media_type,
        sha256=sha256(arrival.data).hexdigest(),
        size=len(arrival.data),
        content=arrival.data,
        source=arrival.source.value,
        source_ref=arrival.source_ref,
        unit=arrival.unit,
        sender_id=arrival.sender_id,
        sender=arrival.sender,
        received_at=arrival.received_at,
    )
    if not add_once(tx, row):  # another process took the same one in, in this very moment
        assert arrival.source_ref is not None
        known = find_by_reference(tx, arrival.source, arrival.source_ref)
        assert known is not None
        return known
    return _of(row)


def find_by_reference(tx: Tx, source: Source, source_ref: str) -> Original | None:
    query = _query().where(OriginalRow.source == source.value, OriginalRow.source_ref == source_ref)
    found = tx.exec(query).first()
    return _of(found) if found else None


def get(tx: Tx, original_id: int) -> Original | None:
    found = tx.exec(_query().where(OriginalRow.id == original_id)).first()
    return _of(found) if found else None


def content_of(tx: Tx, original_id: int) -> bytes:
    """The bytes, as they came. Raises ``NoResultFound`` where there is no such original."""
    return tx.exec(select(OriginalRow.content).where(OriginalRow.id == original_id)).one()


def waiting(tx: Tx, *, before: datetime, limit: int) -> list[Original]:
    """What was received before then and nobody has read, oldest first: whoever took it in has died since."""
    query = _query().where(OriginalRow.state == State.KEPT.value, OriginalRow.received_at < before)
    found = tx.exec(query.order_by(col(OriginalRow.received_at), col(OriginalRow.id)).limit(limit))
    return [_of(row) for row in found]


def mark_read(
    tx: Tx, original_id: int, *, mandate_id: int | None, at: datetime, why: str = "", unit: str = ""
) -> None:
    """It became that mandate; or none, and ``why`` says why. ``unit`` is who it turned out to be from."""
    values: dict[str, Any] = {"state": State.READ.value, "mandate_id": mandate_id, "why": why, "read_at": at}
    if unit:
        values["unit"] = unit
    change_if(tx, OriginalRow, col(OriginalRow.id) == original_id, **values)


def note_sender(tx: Tx, original_id: int, *, sender_id: int, unit: str) -> None:
    """Who sent it in, where that is known only after it was kept."""
    nobody = (col(OriginalRow.id) == original_id, col(OriginalRow.sender_id).is_(None))
    change_if(tx, OriginalRow, *nobody, sender_id=sender_id, unit=unit)


def mark_unreadable(tx: Tx, original_id: int, *, why: str, at: datetime) -> None:
    """No reader can make words of it; ``why`` is what was said about it."""
    state = State.UNREADABLE.value
    change_if(tx, OriginalRow, col(OriginalRow.id) == original_id, state=state, why=why, read_at=at)


def give_to(tx: Tx, original_id: int, *, sender_id: int) -> None:
    """Somebody answers for what came from nobody known: it is to be read as theirs."""
    change_if(
        tx,
        OriginalRow,
        col(OriginalRow.id) == original_id,
        state=State.KEPT.value,
        sender_id=sender_id,
        why="",
    )


def count_by_source(tx: Tx) -> dict[tuple[str, str], int]:
    """(source, state) -> how many originals."""
    query = select(OriginalRow.source, OriginalRow.state, func.count()).group_by(
        col(OriginalRow.source), col(OriginalRow.state)
    )
    return {(source, state): count for source, state, count in tx.exec(query)}


def _query() -> SelectOfScalar[OriginalRow]:
    """Originals without their bytes, which may be many megabytes."""
    return select(OriginalRow).options(defer(OriginalRow.content))  # type: ignore[arg-type]  # a column, to SQLAlchemy


def _of(row: OriginalRow) -> Original:
    assert row.id is not None
    return Original(
        id=row.id,
        name=row.name,
        media_type=row.media_type,
        sha256=row.sha256,
        size=row.size,
        source=Source(row.source),
        source_ref=row.source_ref,
        unit=row.unit,
        sender_id=row.sender_id,
        sender=row.sender,
        received_at=row.received_at,
        state=State(row.state),
        why=row.why,
        mandate_id=row.mandate_id,
        let_go_at=row.let_go_at,
    )
