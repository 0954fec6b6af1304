"""The addresses of charts and files in messages: which block of which card a token stands for."""

from sqlmodel import select

from storage.database import Tx
from storage.tables import AttachmentRow, MessageRow


def attach(tx: Tx, *, message_id: int, position: int, token: str) -> None:
    """Give the chart or file at this place of the message's card an address."""
    tx.add(AttachmentRow(token=token, message_id=message_id, position=position))


def attachments_of(tx: Tx, message_id: int) -> dict[int, str]:
    """Position in the card -> token."""
    rows = tx.exec(select(AttachmentRow).where(AttachmentRow.message_id == message_id))
    return {row.position: row.token for row in rows}


def find_attachment(tx: Tx, token: str) -> tuple[MessageRow, int] | None:
    """The message and the position that an address stands for."""
    row = tx.get(AttachmentRow, token)
    return (tx.get_one(MessageRow, row.message_id), row.position) if row else None
