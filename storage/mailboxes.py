"""How far the mailbox has been read, and the mails of senders whom nobody knows."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from storage.database import Tx, add_once, change_if
from storage.tables import MailboxRow, OriginalRow, UnknownMailRow


@dataclass(frozen=True, slots=True)
class UnknownMail:
    """A mail that waits for an administrator; ``why`` is unknown, unverified or not_allowed."""

    id: int
    original_id: int
    address: str
    subject: str
    why: str


def open_mailbox(tx: Tx, name: str, *, at: datetime) -> MailboxRow:
    """The mailbox of that name, known or new; a new one is to be read from ``at`` on."""
    query = select(MailboxRow).where(MailboxRow.name == name)
    row = tx.exec(query).first()
    if row is None:
        add_once(tx, MailboxRow(name=name, next_at=at))
        row = tx.exec(query).one()
    return row


def take_turn(tx: Tx, mailbox_id: int, *, was: datetime, next_at: datetime) -> bool:
    """Reserve the reading: of two clocks one gets it."""
    is_same = (col(MailboxRow.id) == mailbox_id, col(MailboxRow.next_at) == was)
    return change_if(tx, MailboxRow, *is_same, next_at=next_at)


def restart(tx: Tx, mailbox_id: int, *, validity: int, of_before: int) -> None:
    """The server numbers its mails anew, or for the first time; up to which number they were there before."""
    row = tx.get_one(MailboxRow, mailbox_id)
    row.validity, row.of_before, row.taken_uid, row.seen_uid = validity, of_before, 0, 0
    tx.add(row)


def note_taken(tx: Tx, mailbox_id: int, uid: int) -> None:
    row = tx.get_one(MailboxRow, mailbox_id)
    row.taken_uid = max(row.taken_uid, uid)
    tx.add(row)


def note_seen(tx: Tx, mailbox_id: int, uid: int) -> None:
    row = tx.get_one(MailboxRow, mailbox_id)
    row.seen_uid = max(row.seen_uid, uid)
    tx.add(row)


def note_good(tx: Tx, mailbox_id: int, *, read_at: datetime | None, next_at: datetime) -> bool:
    """It could be read, to its end at ``read_at``; whether somebody had been told that it could not."""
    row = tx.get_one(MailboxRow, mailbox_id)
    was_told = row.is_fault_told
    row.next_at, row.failures, row.is_fault_told = next_at, 0, False
    if read_at is not None:
        row.read_at, row.taken_uid = read_at, max(row.taken_uid, row.of_before)
        row.seen_uid = row.taken_uid
    tx.add(row)
    return was_told


def note_bad(tx: Tx, mailbox_id: int) -> tuple[int, bool]:
    """It could not be read: how often in a row by now, and whether somebody was told."""
    row = tx.get_one(MailboxRow, mailbox_id)
    row.failures += 1
    tx.add(row)
    return row.failures, row.is_fault_told


def put_next(tx: Tx, mailbox_id: int, *, next_at: datetime, is_fault_told: bool) -> None:
    row = tx.get_one(MailboxRow, mailbox_id)
    row.next_at, row.is_fault_told = next_at, is_fault_told
    tx.add(row)


def add_unknown(tx: Tx, *, original_id: int, address: str, subject: str, why: str) -> None:
    """A mail that waits for an administrator."""
    add_once(tx, UnknownMailRow(original_id=original_id, address=address, subject=subject, why=why))


def unknown(tx: Tx, *, states: tuple[str, ...], limit: int) -> list[UnknownMail]:
    """Mails of unknown senders in these states, oldest first."""
    query = select(UnknownMailRow).where(col(UnknownMailRow.state).in_(states))
    return [_of(row) for row in tx.exec(query.order_by(col(UnknownMailRow.id)).limit(limit))]


def taken_unread(tx: Tx, *, limit: int) -> list[int]:
    """The originals of mails that an administrator took in and nobody has read yet, oldest first."""
    query = (
        select(UnknownMailRow.original_id)
        .join(OriginalRow, col(OriginalRow.id) == col(UnknownMailRow.original_id))
        .where(UnknownMailRow.state == "taken", OriginalRow.state == "kept")
    )
    return list(tx.exec(query.order_by(col(UnknownMailRow.settled_at)).limit(limit)))


def get_unknown(tx: Tx, mail_id: int) -> UnknownMail | None:
    row = tx.get(UnknownMailRow, mail_id)
    return _of(row) if row else None


def note_shown(tx: Tx, mail_ids: list[int]) -> None:
    for mail_id in mail_ids:
        is_new = (col(UnknownMailRow.id) == mail_id, col(UnknownMailRow.state) == "new")
        change_if(tx, UnknownMailRow, *is_new, state="shown")


def settle_unknown(tx: Tx, mail_id: int, state: str, *, by: int, at: datetime) -> bool:
    """Taken or left by an administrator; False where somebody was faster."""
    is_open = (col(UnknownMailRow.id) == mail_id, col(UnknownMailRow.state).in_(("new", "shown")))
    return change_if(tx, UnknownMailRow, *is_open, state=state, settled_by=by, settled_at=at)


def _of(row: UnknownMailRow) -> UnknownMail:
    return UnknownMail(row.id or 0, row.original_id, row.address, row.subject, row.why)
