"""What is let go of what was said and heard: messages and their links, questions, files, busy times, the audit log."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time

import sqlalchemy
from sqlalchemy import CursorResult, delete, exists, or_, update
from sqlalchemy.orm import defer
from sqlmodel import SQLModel, col, select

from protocols.keeping.holds import Bearing
from protocols.keeping.schedule import Kind
from storage.database import Tx
from storage.keeping.purging import Candidate, Part
from storage.outbox import NO_WORDS
from storage.tables import (
    AttachmentRow,
    AuditRow,
    BusyStretchRow,
    ChatLineRow,
    DigestRow,
    MandateRow,
    MessageRow,
    OriginalRow,
    PageRow,
    PlainLineRow,
    QuestionRow,
    SnoozeRow,
    TranslationRow,
    UnknownMailRow,
)

OVER = ("sent", "failed", "dropped", "merged")
"""States of a message that will not be sent any more."""
KEPT_ACTIONS = ("hold.", "retention.", "person.forgotten", "records.")
"""What the audit log keeps for good, by how it begins."""


def done_to(tx: Tx, statement: sqlalchemy.Delete | sqlalchemy.Update) -> int:
    """How many rows a statement changed."""
    result = tx.execute(statement.execution_options(synchronize_session=False))
    assert isinstance(result, CursorResult)
    return int(result.rowcount)


def noon(day: date) -> datetime:
    """A day as an instant, for terms that run in days."""
    return datetime.combine(day, time(12), UTC)


def bearing(day: date | None, *people: int | None, schools: Collection[int] = ()) -> Bearing:
    """Whom and what a row is about, without those whom it does not name."""
    return Bearing(frozenset(one for one in people if one is not None), frozenset(schools), day)


# ---------------------------------------------------------------- messages


def _read_messages(tx: Tx, after: int, limit: int) -> list[Candidate]:
    query = (
        sqlalchemy.select(
            col(MessageRow.id),
            col(MessageRow.created_at),
            col(MessageRow.recipient_id),
            col(MessageRow.state),
        )
        .where(col(MessageRow.id) > after)
        .order_by(col(MessageRow.id))
        .limit(limit)
    )
    return [
        Candidate(key, at, at if state in OVER else None, bearing(at.date(), recipient))
        for key, at, recipient, state in tx.execute(query)
    ]


def _let_messages_go(tx: Tx, keys: Collection[int], _now: datetime) -> int:
    """Answers go as a whole, unless something that stays refers to them; of all others the words do. The row of what
    came unasked is the mark that it was said, so that it is not said again."""
    mine = col(MessageRow.id).in_(keys)
    of_asked = (mine, col(MessageRow.asked), col(MessageRow.kind) != "digest")
    whole = set(tx.execute(sqlalchemy.select(col(MessageRow.id)).where(*of_asked)).scalars())
    whole -= _referred_to(tx, whole)
    done_to(tx, delete(AttachmentRow).where(col(AttachmentRow.message_id).in_(keys)))
    gone = done_to(tx, delete(MessageRow).where(col(MessageRow.id).in_(whole)))
    with_words = (mine, col(MessageRow.card) != NO_WORDS)
    return gone + done_to(tx, update(MessageRow).where(*with_words).values(card=NO_WORDS, why=""))


def _referred_to(tx: Tx, keys: set[int | None]) -> set[int | None]:
    """Those of the messages in whose place another is shown, that a window was opened from, or that were put off."""
    found: set[int | None] = set()
    others = col(MessageRow.id).not_in(keys)
    for column, apart in (
        (col(MessageRow.place_id), (others,)),
        (col(MessageRow.origin_id), (others,)),
        (col(SnoozeRow.message_id), ()),
        (col(DigestRow.message_id), ()),
    ):
        found |= set(tx.execute(sqlalchemy.select(column).where(column.in_(keys), *apart)).scalars())
    staying = found
    while staying:  # what these stand in the place of, or were opened from, stays with them
        pairs = sqlalchemy.select(col(MessageRow.place_id), col(MessageRow.origin_id)).where(
            col(MessageRow.id).in_(staying)
        )
        staying = {one for pair in tx.execute(pairs) for one in pair if one is not None} & keys - found
        found |= staying
    return found


def _read_links(tx: Tx, after: int, limit: int) -> list[Candidate]:
    """Messages that have links; most have none, and are not looked at."""
    query = (
        sqlalchemy.select(col(MessageRow.id), col(MessageRow.created_at), col(MessageRow.recipient_id))
        .join(AttachmentRow, col(AttachmentRow.message_id) == col(MessageRow.id))
        .where(col(AttachmentRow.message_id) > after)
        .order_by(col(AttachmentRow.message_id))
        .limit(limit)
    )
    return [Candidate(key, at, at, bearing(at.date(), recipient)) for key, at, recipient in tx.execute(query)]


def _let_links_go(tx: Tx, keys: Collection[int], _now: datetime) -> int:
    return done_to(tx, delete(AttachmentRow).where(col(AttachmentRow.message_id).in_(keys)))


# ---------------------------------------------------------------- rows of one person that go as a whole


def _whole(name: str, kind: Kind, table: type[SQLModel]) -> Part:
    """A table whose rows are one person's, have their moment, and go as they are."""
    columns = sqlalchemy.inspect(table).columns
    key, at, person = columns["id"], columns["at"], columns["person_id"]

    def read(tx: Tx, after: int, limit: int) -> list[Candidate]:
        query = sqlalchemy.select(key, at, person).where(key > after).order_by(key).limit(limit)
        return [Candidate(one, when, when, bearing(when.date(), who)) for one, when, who in tx.execute(query)]

    def let_go(tx: Tx, keys: Collection[int], _now: datetime) -> int:
        return done_to(tx, delete(table).where(key.in_(keys)))

    return Part(name, kind, read, let_go)


def _read_busy(tx: Tx, after: int, limit: int) -> list[Candidate]:
    query = (
        sqlalchemy.select(col(BusyStretchRow.id), col(BusyStretchRow.day), col(BusyStretchRow.person_id))
        .where(col(BusyStretchRow.id) > after)
        .order_by(col(BusyStretchRow.id))
        .limit(limit)
    )
    days = ((key, date.fromordinal(day), who) for key, day, who in tx.execute(query))
    return [Candidate(key, None, noon(day), bearing(day, who)) for key, day, who in days]


def _let_busy_go(tx: Tx, keys: Collection[int], _now: datetime) -> int:
    return done_to(tx, delete(BusyStretchRow).where(col(BusyStretchRow.id).in_(keys)))


# ---------------------------------------------------------------- what came in


def _originals(tx: Tx, after: int, limit: int) -> Sequence[OriginalRow]:
    query = select(OriginalRow).options(defer(OriginalRow.content))  # type: ignore[arg-type]  # a column, to SQLAlchemy
    return list(tx.exec(query.where(col(OriginalRow.id) > after).order_by(col(OriginalRow.id)).limit(limit)))


def _read_set_aside(tx: Tx, after: int, limit: int) -> list[Candidate]:
    rows = _originals(tx, after, limit)
    ids = [row.id for row in rows]
    waits = set(
        tx.exec(
            select(UnknownMailRow.original_id).where(
                col(UnknownMailRow.original_id).in_(ids), col(UnknownMailRow.state).in_(("new", "shown"))
            )
        )
    )
    used = sqlalchemy.select(col(MandateRow.original_id)).where(col(MandateRow.original_id).in_(ids))
    waits |= set(tx.execute(used).scalars())
    return [
        Candidate(
            row.id or 0,
            row.received_at,
            row.read_at if row.state != "kept" and row.mandate_id is None and row.id not in waits else None,
            bearing(row.received_at.date()),
        )
        for row in rows
    ]


def _let_set_aside_go(tx: Tx, keys: Collection[int], _now: datetime) -> int:
    done_to(tx, delete(UnknownMailRow).where(col(UnknownMailRow.original_id).in_(keys)))
    return done_to(tx, delete(OriginalRow).where(col(OriginalRow.id).in_(keys)))


def _read_files(tx: Tx, after: int, limit: int) -> list[Candidate]:
    return [
        Candidate(
            row.id or 0,
            row.received_at,
            row.received_at if row.mandate_id is not None and row.let_go_at is None else None,
            bearing(row.received_at.date()),
        )
        for row in _originals(tx, after, limit)
    ]


def _let_files_go(tx: Tx, keys: Collection[int], now: datetime) -> int:
    files = update(OriginalRow).where(col(OriginalRow.id).in_(keys))
    return done_to(tx, files.values(content=b"", let_go_at=now))


def _read_pages(tx: Tx, after: int, limit: int) -> list[Candidate]:
    query = select(PageRow).where(col(PageRow.id) > after).order_by(col(PageRow.id)).limit(limit)
    return [
        Candidate(
            row.id or 0,
            row.asked_at,
            row.asked_at if row.state != "waiting" else None,
            bearing(row.asked_at.date(), row.person_id),
        )
        for row in tx.exec(query)
    ]


def _let_pages_go(tx: Tx, keys: Collection[int], _now: datetime) -> int:
    return done_to(tx, delete(PageRow).where(col(PageRow.id).in_(keys)))


# ---------------------------------------------------------------- the audit log


def _read_audit(tx: Tx, after: int, limit: int) -> list[Candidate]:
    query = select(AuditRow).where(col(AuditRow.id) > after).order_by(col(AuditRow.id)).limit(limit)
    return [
        Candidate(
            row.id or 0,
            row.at,
            None if row.action.startswith(KEPT_ACTIONS) else row.at,
            _audited(row),
        )
        for row in tx.exec(query)
    ]


def _audited(row: AuditRow) -> Bearing:
    what, _, number = row.object.partition(":")
    named = int(number) if number.isdecimal() else None
    school = {named} if what == "school" and named is not None else ()
    return bearing(row.at.date(), row.actor_id, named if what == "person" else None, schools=school)


def _let_audit_go(tx: Tx, keys: Collection[int], _now: datetime) -> int:
    return done_to(tx, delete(AuditRow).where(col(AuditRow.id).in_(keys)))


# ---------------------------------------------------------------- what can be made again


def sweep_translations(tx: Tx, before: datetime, limit: int) -> int:
    """Up to so many translations and plainer lines that were made before then; a hold keeps what they came from."""
    old = (
        sqlalchemy.select(col(TranslationRow.sha256), col(TranslationRow.code))
        .where(col(TranslationRow.at) < before)
        .limit(limit)
    )
    pairs = [tuple(pair) for pair in tx.execute(old)]
    same = sqlalchemy.tuple_(col(TranslationRow.sha256), col(TranslationRow.code)).in_(pairs)
    gone = done_to(tx, delete(TranslationRow).where(same)) if pairs else 0
    lines = sqlalchemy.select(col(PlainLineRow.demand_id)).where(col(PlainLineRow.at) < before).limit(limit)
    ids = list(tx.execute(lines).scalars())
    return gone + (
        done_to(tx, delete(PlainLineRow).where(col(PlainLineRow.demand_id).in_(ids))) if ids else 0
    )


def has_translations(tx: Tx, before: datetime) -> bool:
    """Whether ``sweep_translations`` has anything to do."""
    old = or_(exists().where(col(TranslationRow.at) < before), exists().where(col(PlainLineRow.at) < before))
    return bool(tx.execute(sqlalchemy.select(old)).scalar())


PARTS = (
    Part("busy", Kind.BUSY, _read_busy, _let_busy_go),
    Part("links", Kind.ADDRESSES, _read_links, _let_links_go),
    Part("set_aside", Kind.SET_ASIDE, _read_set_aside, _let_set_aside_go),
    Part("pages", Kind.SET_ASIDE, _read_pages, _let_pages_go),
    _whole("snoozes", Kind.MESSAGES, SnoozeRow),
    Part("messages", Kind.MESSAGES, _read_messages, _let_messages_go),
    _whole("chat_lines", Kind.MESSAGES, ChatLineRow),
    _whole("questions", Kind.QUESTIONS, QuestionRow),
    Part("files", Kind.FILES, _read_files, _let_files_go),
    Part("audit", Kind.AUDIT, _read_audit, _let_audit_go),
)
"""In the order in which they are gone through."""
