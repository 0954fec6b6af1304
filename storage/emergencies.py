"""Messages about safety that passed at once, kept so that they can be counted."""

from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select

from storage.database import Tx, add_row, change_if
from storage.tables import EmergencyRow


def show(tx: Tx, *, author_id: int, audience: str, text: str, at: datetime) -> int:
    """Keep a message that its author was shown and may send; its id."""
    return add_row(tx, EmergencyRow(author_id=author_id, audience=audience, text=text, created_at=at))


def get(tx: Tx, emergency_id: int) -> EmergencyRow | None:
    return tx.get(EmergencyRow, emergency_id)


def settle(tx: Tx, emergency_id: int, *, version: int, state: str, people: int = 0) -> bool:
    """False where somebody was faster, and nothing is done."""
    same = (col(EmergencyRow.id) == emergency_id, col(EmergencyRow.version) == version)
    return change_if(tx, EmergencyRow, *same, version=version + 1, state=state, people=people)


def count_sent(tx: Tx, *, since: datetime, until: datetime) -> int:
    """How many were sent between the two instants."""
    query = select(func.count()).where(
        EmergencyRow.state == "sent", col(EmergencyRow.created_at).between(since, until)
    )
    return int(tx.exec(query).one())
