"""Where messages stand on a reader's screen: places, and threads.

A *place* is opened by a message and named by its id. A message put with that ``place_id`` is the place's new state:
it is shown where the old one was instead of below it. The platform's names of what is there (``parts``) are those of
the state that was sent last, whichever it is: an update that could not find its message any more was posted anew, and
the place moved with it.

A *thread* gathers messages of one recipient under the first of them that was sent, on platforms that have threads.
Its name says what it is about ("run:12").
"""

import json

from sqlalchemy import String, cast
from sqlmodel import col, select

from storage.database import Tx
from storage.tables import MessageRow

_ALIVE = ("queued", "claimed", "unknown", "sent")


def place_of(row: MessageRow) -> int:
    """The id of the place where the message is, or will be, shown."""
    assert row.id is not None
    return row.place_id or row.id


def parts_of(row: MessageRow) -> tuple[str, ...]:
    """The platform's names of the messages that this one is there."""
    return tuple(row.platform_ref.get("parts", ()))


def find_shown(tx: Tx, recipient_id: int, *, platform: str, reference: str) -> MessageRow | None:
    """The recipient's message that the platform calls so, as it was sent last; None where nothing is known of it."""
    if not reference:
        return None
    query = select(MessageRow).where(
        MessageRow.recipient_id == recipient_id,
        MessageRow.state == "sent",
        MessageRow.platform == platform,
        cast(col(MessageRow.platform_ref), String).contains(json.dumps(reference), autoescape=True),
    )
    rows = tx.exec(query.order_by(col(MessageRow.id).desc()))
    return next((row for row in rows if reference in parts_of(row)), None)


def newest_state(tx: Tx, place: int) -> MessageRow | None:
    """The message that was put last for the place, sent or about to be."""
    query = select(MessageRow).where(
        (col(MessageRow.place_id) == place) | (col(MessageRow.id) == place),
        col(MessageRow.state).in_(_ALIVE),
    )
    return tx.exec(query.order_by(col(MessageRow.id).desc()).limit(1)).first()


def parts_at(tx: Tx, place: int, *, platform: str) -> tuple[str, ...]:
    """What the platform calls the messages that are at the place now; empty where it has none of them."""
    query = select(MessageRow).where(
        (col(MessageRow.place_id) == place) | (col(MessageRow.id) == place),
        MessageRow.state == "sent",
        MessageRow.platform == platform,
    )
    row = tx.exec(query.order_by(col(MessageRow.id).desc()).limit(1)).first()
    return parts_of(row) if row is not None else ()


def first_of_thread(tx: Tx, recipient_id: int, thread: str) -> MessageRow | None:
    """The message under which the thread's others belong: the oldest that is out, or on its way."""
    query = select(MessageRow).where(
        MessageRow.recipient_id == recipient_id,
        MessageRow.thread == thread,
        col(MessageRow.state).in_(_ALIVE),
        col(MessageRow.place_id).is_(None),
    )
    return tx.exec(query.order_by(col(MessageRow.id)).limit(1)).first()


def last_states(tx: Tx, recipient_id: int, *, limit: int) -> list[MessageRow]:
    """What the recipient's last ``limit`` messages and changes show now, the newest first, each place once."""
    query = select(MessageRow).where(
        MessageRow.recipient_id == recipient_id, col(MessageRow.state).in_(_ALIVE)
    )
    found: dict[int, MessageRow] = {}
    for row in tx.exec(query.order_by(col(MessageRow.id).desc()).limit(limit)):
        found.setdefault(place_of(row), row)
    return list(found.values())
