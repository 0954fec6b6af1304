"""The outbox: what is to be said, committed together with the change that caused it.

States of a message, and every way from one to another::

    queued --claim--> claimed --mark_sent--> sent
                      claimed --mark_unsent--> queued      (not accepted: try again not before a time)
                      claimed --mark_failed--> failed      (this recipient cannot be reached; on the admin's list)
                      claimed --mark_unknown--> unknown    (perhaps accepted: looked up, never resent blindly)
                      claimed --drop--> dropped            (re-read before sending: it no longer makes sense)
             queued --replace--> dropped               (a newer message about the same thing takes its place)
             queued --merge--> merged                  (what held it back is over: it goes inside another message)
                      claimed --lease ran out--> unknown   (the sender died; it may or may not have sent)
             queued, claimed --backup put back--> unknown  (it may have been sent after the backup was taken)
    unknown --mark_sent--> sent                            (the platform has it)
    unknown --requeue--> queued                            (the platform does not have it)

The unique key (recipient, kind, period) makes a second clock, or a second run of the first, unable to say a thing
twice: ``put`` answers None for what is already there. Within one recipient, messages go out in the order written.
What may happen twice: only a message whose look-up wrongly says that the platform does not have it.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement, CursorResult, Select, and_, bindparam, func, literal_column, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from storage.database import Tx, insert_once
from storage.tables import MessageRow

LEASE = timedelta(seconds=60)
"""How long a sender may hold a message: longer than a platform's time-out, so a live sender never loses it."""
NO_WORDS = '{"title":"","blocks":[]}'
"""The card of a message whose words have gone."""
REPLACED = "a newer message took its place"


def put(
    tx: Tx,
    *,
    recipient_id: int,
    kind: str,
    period: str,
    card: str,
    asked: bool,
    not_before: datetime,
    created_at: datetime,
    subject: str = "",
    expires_at: datetime | None = None,
    waits_for: str = "",
    replaces: bool = False,
    place_id: int | None = None,
    thread: str = "",
    window: str = "",
    origin_id: int | None = None,
) -> int | None:
    """Queue a message; None where (recipient, kind, period) was said or queued before.

    ``replaces``: those of the same kind and subject that still wait for this recipient are dropped for it. They keep
    their keys, so that nothing older can be said again. ``waits_for`` is the column's. With a ``place_id`` the message
    is the new state of that place (``storage/places.py``), and states of it that were not tried yet are dropped.
    """
    row = MessageRow(
        recipient_id=recipient_id,
        kind=kind,
        period=period,
        card=card,
        asked=asked,
        subject=subject,
        not_before=not_before,
        expires_at=expires_at,
        waits_for=waits_for,
        created_at=created_at,
        place_id=place_id,
        thread=thread,
        window=window,
        origin_id=origin_id,
    )
    row.id = insert_once(tx, row)
    if row.id is None:
        return None
    if replaces and subject:
        _replace(
            tx,
            row,
            col(MessageRow.kind) == kind,
            col(MessageRow.subject) == subject,
            col(MessageRow.asked).is_(asked),
        )
    if place_id is not None:
        _replace(tx, row, col(MessageRow.place_id) == place_id, col(MessageRow.attempts) == 0)
    return row.id


def _replace(tx: Tx, row: MessageRow, *older: ColumnElement[bool]) -> None:
    """Drop what waits for the same recipient and is older in this sense."""
    waiting = (col(MessageRow.recipient_id) == row.recipient_id, col(MessageRow.state) == "queued")
    tx.execute(
        update(MessageRow)
        .where(*waiting, col(MessageRow.id) != row.id, *older)
        .values(state="dropped", why=REPLACED)
    )


def _waits(message: type[MessageRow]) -> ColumnElement[bool]:
    """``WAITS`` of the tables: so that what waits is found by the indexes of it, however much was ever said."""
    return (col(message.state) + literal_column("''")) == literal_column("'queued'")


def _due(*, asked: bool) -> Select[MessageRow]:
    """What may go, the longest due first: read along an index and left as soon as enough are found, for a sender asks
    hundreds of times while a whole district waits."""
    busy = sqlalchemy.select(col(MessageRow.recipient_id)).where(
        col(MessageRow.state).in_(("claimed", "unknown"))
    )
    other = aliased(MessageRow)
    # A value for each row, not a join: those planners that think that next to nothing waits join it all with itself.
    oldest = (
        sqlalchemy.select(func.min(other.id))
        .where(
            col(other.recipient_id) == col(MessageRow.recipient_id),
            _waits(other),
            col(other.not_before) <= bindparam("now"),
        )
        .correlate(MessageRow)
        .scalar_subquery()
    )
    return (
        sqlalchemy.select(MessageRow)
        .where(
            _waits(MessageRow),
            col(MessageRow.asked).is_(asked),
            col(MessageRow.not_before) <= bindparam("now"),
            col(MessageRow.recipient_id).not_in(busy),
            col(MessageRow.id) == oldest,
        )
        .order_by(col(MessageRow.not_before), col(MessageRow.id))
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True)
    )


# Senders ask these all day long, so they are put together once. What somebody asked for goes first.
_DUE = (_due(asked=True), _due(asked=False))
_DUE_TO_ONE = tuple(query.where(col(MessageRow.recipient_id) == bindparam("recipient")) for query in _DUE)


def claim(
    tx: Tx,
    *,
    sender: str,
    now: datetime,
    limit: int,
    recipient_id: int | None = None,
    leased_at: datetime | None = None,
) -> list[MessageRow]:
    """Take up to ``limit`` due messages for this sender, each recipient's in order and one at a time.

    ``leased_at`` is the real time, where ``now`` is one that somebody has set (a tick by hand, the playground).
    A recipient with a message under way or in doubt waits, so that nothing overtakes. PostgreSQL senders skip each
    other's rows; on SQLite the transaction itself is exclusive.
    """
    rows: list[MessageRow] = []
    for query in _DUE if recipient_id is None else _DUE_TO_ONE:
        asked = {"now": now, "most": limit - len(rows), "recipient": recipient_id}
        rows += tx.execute(query, asked).scalars() if len(rows) < limit else ()
    for row in rows:
        row.state, row.claimed_by, row.lease_until = "claimed", sender, (leased_at or now) + LEASE
        row.attempts += 1
        tx.add(row)
    tx.flush()
    return rows


def mark_sent(tx: Tx, message_id: int, *, at: datetime, platform: str, reference: dict[str, Any]) -> None:
    """The platform accepted it, under this reference."""
    _move(
        tx,
        message_id,
        {"claimed", "unknown"},
        state="sent",
        sent_at=at,
        platform=platform,
        platform_ref=reference,
    )


def mark_unsent(
    tx: Tx,
    message_id: int,
    *,
    not_before: datetime | None,
    counts: bool,
    reference: dict[str, Any] | None = None,
    waits_for: str | None = None,
    expires_at: datetime | None = None,
) -> None:
    """Surely not accepted: back to the queue. ``counts`` False for a rate limit, which is nobody's failure.

    ``not_before`` None: it stays as due as it was, whatever the clock says now.
    ``reference`` names the parts of it that were accepted before, where the platform needs several messages;
    ``waits_for`` and ``expires_at`` are set where they are given.
    """
    row = tx.get_one(MessageRow, message_id)
    attempts = row.attempts if counts else max(row.attempts - 1, 0)
    kept: dict[str, Any] = {} if reference is None else {"platform_ref": reference}
    if waits_for is not None:
        kept["waits_for"] = waits_for
    if expires_at is not None:
        kept["expires_at"] = expires_at
    if not_before is not None:
        kept["not_before"] = not_before
    _move(tx, message_id, {"claimed"}, state="queued", attempts=attempts, **kept)


def mark_failed(tx: Tx, message_id: int, *, why: str) -> None:
    """This recipient cannot be reached; ``why`` is the platform's word for it."""
    _move(tx, message_id, {"claimed", "unknown"}, state="failed", why=why)


def mark_unknown(
    tx: Tx, message_id: int, *, why: str, look_up_at: datetime, reference: dict[str, Any] | None = None
) -> None:
    """The platform may have accepted it. It waits to be looked up and is not sent again blindly.

    ``look_up_at`` is not at once: what a platform accepted a moment ago may not show yet.
    """
    kept = {} if reference is None else {"platform_ref": reference}
    _move(tx, message_id, {"claimed"}, state="unknown", why=why, not_before=look_up_at, **kept)


def postpone_look_up(tx: Tx, message_id: int, *, until: datetime) -> None:
    """The platform could not say now; ask again then."""
    _move(tx, message_id, {"unknown"}, state="unknown", not_before=until)


def drop(tx: Tx, message_id: int, *, why: str) -> None:
    """It no longer makes sense: done, expired, the person left or asked for quiet."""
    _move(tx, message_id, {"claimed", "queued", "unknown"}, state="dropped", why=why)


def held_for(tx: Tx, recipient_id: int, *, now: datetime) -> list[MessageRow]:
    """Messages held back until another may go, in the order written: those of a full week at any time, those of
    somebody who was away once they are due."""
    query = select(MessageRow).where(
        MessageRow.recipient_id == recipient_id,
        MessageRow.state == "queued",
        col(MessageRow.asked).is_(False),
        or_(
            col(MessageRow.waits_for).in_(("budget", "rate")),
            and_(col(MessageRow.waits_for) == "away", col(MessageRow.not_before) <= now),
        ),
    )
    return list(tx.exec(query.order_by(col(MessageRow.id))))


def release_away(tx: Tx, recipient_id: int, *, now: datetime) -> int:
    """The recipient is back sooner than said: what was held for the return may go from now on; how many."""
    result = tx.execute(
        update(MessageRow)
        .where(
            col(MessageRow.recipient_id) == recipient_id,
            col(MessageRow.state) == "queued",
            col(MessageRow.waits_for) == "away",
        )
        .values(not_before=now)
    )
    assert isinstance(result, CursorResult)
    return int(result.rowcount)


def merge(tx: Tx, into: MessageRow, parts: Collection[int], *, card: str) -> None:
    """The claimed message ``into`` says from now on what these said too; they do not go by themselves."""
    into.card, into.waits_for = card, ""
    tx.add(into)
    tx.flush()
    for message_id in parts:
        _move(tx, message_id, {"queued"}, state="merged", why=f"inside message {into.id}")


def reword(tx: Tx, message_id: int, *, card: str) -> None:
    """Give a message that was just queued its final words: those that need its id."""
    row = tx.get_one(MessageRow, message_id)
    row.card = card
    tx.add(row)
    tx.flush()


def told(tx: Tx, kind: str, period: str) -> set[int]:
    """Who was told this, or for whom it waits."""
    query = select(MessageRow.recipient_id).where(MessageRow.kind == kind, MessageRow.period == period)
    return set(tx.exec(query))


def blank(tx: Tx, kind: str, *, before: datetime, card: str, sent_before: datetime | None = None) -> int:
    """Put other words into the messages of a kind that were written before then, or sent before ``sent_before``, so
    that theirs are nowhere any more; how many. Their subject goes too, which is how the next call knows them."""
    is_old = col(MessageRow.created_at) < before
    if sent_before is not None:
        is_old |= (col(MessageRow.state) == "sent") & (col(MessageRow.sent_at) < sent_before)
    found = tx.execute(
        update(MessageRow)
        .where(col(MessageRow.kind) == kind, is_old, col(MessageRow.subject) != "")
        .values(card=card, subject="")
    )
    assert isinstance(found, CursorResult)
    return found.rowcount


def get(tx: Tx, message_id: int) -> MessageRow | None:
    return tx.get(MessageRow, message_id)


def requeue(tx: Tx, message_id: int, *, now: datetime, reference: dict[str, Any] | None = None) -> None:
    """Looked up, and the platform does not have it, or has only the parts that ``reference`` names."""
    _move(tx, message_id, {"unknown"}, state="queued", not_before=now, platform_ref=reference or {})


def count_by_state(tx: Tx) -> dict[str, int]:
    """State -> how many messages are in it."""
    query = select(MessageRow.state, func.count()).group_by(MessageRow.state)
    return {state: int(count) for state, count in tx.exec(query)}


def count_in_state(tx: Tx, state: str) -> int:
    """How many messages are in this state; for a state in which few are, however many there ever were."""
    return int(tx.exec(select(func.count()).where(MessageRow.state == state)).one())


def expiring(tx: Tx, *, now: datetime, before: datetime) -> int:
    """How many waiting messages will be of no use by then."""
    query = select(func.count()).where(
        MessageRow.state == "queued",
        col(MessageRow.not_before) <= now,
        col(MessageRow.expires_at) < before,
    )
    return int(tx.exec(query).one())


def undelivered(tx: Tx, *, limit: int) -> list[MessageRow]:
    """Messages that failed or are in doubt, the newest first: what an administrator should know of."""
    query = select(MessageRow).where(col(MessageRow.state).in_(("failed", "unknown")))
    return list(tx.exec(query.order_by(col(MessageRow.id).desc()).limit(limit)))


def waiting(tx: Tx, *, now: datetime) -> tuple[int, datetime | None]:
    """How many messages are due and not yet sent, and since when the oldest of them has been due."""
    query = select(func.count(), func.min(MessageRow.not_before)).where(
        col(MessageRow.state).in_(("queued", "claimed")), col(MessageRow.not_before) <= now
    )
    return tx.exec(query).one()


def next_due(tx: Tx) -> datetime | None:
    """When the next held-back message may go, or None."""
    return tx.exec(select(func.min(MessageRow.not_before)).where(MessageRow.state == "queued")).one()


def _move(tx: Tx, message_id: int, expected: set[str], **values: Any) -> None:
    """Compare and set: a message moves only from the states the diagram above allows."""
    if values["state"] != "claimed":
        values |= {"claimed_by": None, "lease_until": None}
    tx.execute(
        update(MessageRow)
        .where(col(MessageRow.id) == message_id, col(MessageRow.state).in_(expected))
        .values(**values)
        .execution_options(synchronize_session="fetch")
    )
