"""The playground's chat: what people wrote there, and what was sent to them there, in the order it was seen.

A message may be held back for days and then go before younger ones, so the order is that of sending, not of ids.
A line of a person stands after the last message that this person had been sent when writing (the playground's clock
stands still, so the time alone does not tell). Whatever a playground's database has as sent was sent in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from storage.database import Tx
from storage.tables import ChatLineRow, MessageRow

PLATFORM = "playground"


@dataclass(frozen=True, slots=True)
class Line:
    """What a person wrote or pressed."""

    id: int
    text: str
    at: datetime
    is_press: bool
    after_message: int


@dataclass(frozen=True, slots=True)
class Message:
    """What stands in the chat at a place, in the state that was sent last.

    ``id`` is that state's, ``place`` the message's that opened the place, at the moment ``at``.
    """

    id: int
    place: int
    card: str
    at: datetime


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many messages of a kind there are, and the first moment of them."""

    kind: str
    count: int
    first: datetime


def write_line(tx: Tx, *, person_id: int, text: str, at: datetime, is_press: bool) -> int:
    """Note what a person wrote or pressed at the playground's time; the line's id."""
    newest = messages_to(tx, person_id, limit=1)
    after = newest[0].place if newest else 0
    row = ChatLineRow(person_id=person_id, text=text, at=at, is_press=is_press, after_message=after)
    tx.add(row)
    tx.flush()
    assert row.id is not None
    return row.id


def forget_line(tx: Tx, line_id: int) -> None:
    """Take a line out of the chat: what it did is seen where it was pressed."""
    row = tx.get(ChatLineRow, line_id)
    if row is not None:
        tx.delete(row)


def changed_place(tx: Tx, person_id: int, key: str) -> int | None:
    """The place that the event ``key`` changed, where that is all that it was answered with."""
    query = select(MessageRow).where(
        MessageRow.recipient_id == person_id,
        MessageRow.kind == "reply",
        col(MessageRow.period).startswith(f"{key}:", autoescape=True),
    )
    places = [row.place_id for row in tx.exec(query)]
    return places[0] if len(places) == 1 else None


def lines_of(tx: Tx, person_id: int, *, limit: int) -> list[Line]:
    """The person's last lines, the newest first."""
    query = select(ChatLineRow).where(ChatLineRow.person_id == person_id)
    return [
        Line(row.id or 0, row.text, row.at, row.is_press, row.after_message)
        for row in tx.exec(query.order_by(col(ChatLineRow.id).desc()).limit(limit))
    ]


def messages_to(tx: Tx, person_id: int, *, limit: int) -> list[Message]:
    """The last messages that were sent to the person in the playground, the newest first, each in its last state."""
    place = func.coalesce(col(MessageRow.place_id), col(MessageRow.id))
    is_theirs = (col(MessageRow.recipient_id) == person_id, col(MessageRow.state) == "sent")
    newest = select(func.max(MessageRow.id)).where(*is_theirs).group_by(place)
    opened = aliased(MessageRow)
    query = (
        select(MessageRow, opened)
        .join(opened, col(opened.id) == place)
        .where(col(MessageRow.id).in_(newest))
        .order_by(col(opened.sent_at).desc(), col(opened.id).desc())
        .limit(limit)
    )
    return [
        Message(state.id or 0, first.id or 0, state.card, first.sent_at or first.not_before)
        for state, first in tx.exec(query)
    ]


def newest_ids(tx: Tx, person_id: int, *, limit: int) -> set[int]:
    """The ids of what was sent to the person last, changes of older messages among them."""
    query = select(MessageRow.id).where(MessageRow.recipient_id == person_id, MessageRow.state == "sent")
    order = (col(MessageRow.sent_at).desc(), col(MessageRow.id).desc())
    return {found for found in tx.exec(query.order_by(*order).limit(limit)) if found is not None}


def count_messages(tx: Tx, *, before: datetime | None = None) -> dict[int, int]:
    """Person id -> how many messages were sent to them (before a moment)."""
    query = select(MessageRow.recipient_id, func.count()).where(MessageRow.state == "sent")
    if before is not None:
        query = query.where(col(MessageRow.sent_at) < before)
    return dict(tx.exec(query.group_by(col(MessageRow.recipient_id))).all())


def waiting_for(tx: Tx, person_id: int) -> list[MessageRow]:
    """What waits to be sent to the person, the next first."""
    query = select(MessageRow).where(MessageRow.recipient_id == person_id, MessageRow.state == "queued")
    return list(tx.exec(query.order_by(col(MessageRow.not_before), col(MessageRow.id))))


def unsent_to(tx: Tx, person_id: int, *, limit: int) -> list[MessageRow]:
    """What was dropped or could not be sent, the newest first."""
    query = select(MessageRow).where(
        MessageRow.recipient_id == person_id, col(MessageRow.state).in_(("dropped", "failed", "unknown"))
    )
    return list(tx.exec(query.order_by(col(MessageRow.id).desc()).limit(limit)))


def sent_between(tx: Tx, after: datetime, until: datetime) -> list[KindCount]:
    """What was sent unasked after one moment up to another, by kind, the most first."""
    query = select(MessageRow.kind, func.count(), func.min(MessageRow.sent_at)).where(
        MessageRow.state == "sent",
        col(MessageRow.asked).is_(False),
        col(MessageRow.sent_at) > after,
        col(MessageRow.sent_at) <= until,
    )
    return _counts(tx.exec(query.group_by(MessageRow.kind)).all())


def waiting_by_kind(tx: Tx) -> list[KindCount]:
    """What waits to be sent to anybody, by kind, the most first."""
    query = select(MessageRow.kind, func.count(), func.min(MessageRow.not_before))
    return _counts(tx.exec(query.where(MessageRow.state == "queued").group_by(MessageRow.kind)).all())


def _counts(rows: Sequence[tuple[str, int, datetime | None]]) -> list[KindCount]:
    counts = [KindCount(kind, count, first) for kind, count, first in rows if first is not None]
    return sorted(counts, key=lambda one: (-one.count, one.kind))
