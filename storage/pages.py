"""Pages that people named, to be fetched and read as memos."""

from datetime import datetime

from sqlmodel import col, select

from storage.database import Tx, add_row, change_if
from storage.tables import PageRow


def add(tx: Tx, *, address: str, host: str, person_id: int, unit: str, at: datetime) -> int:
    """A page to be fetched from ``at`` on; its id. One that the same person waits for already is not fetched twice."""
    query = select(PageRow).where(PageRow.person_id == person_id, PageRow.state == "waiting")
    # Not compared in SQL: what an older key sealed, or none, looks different there.
    known = next((one for one in tx.exec(query) if one.address == address), None)
    if known is not None and known.id is not None:
        return known.id
    row = PageRow(address=address, host=host, person_id=person_id, unit=unit, asked_at=at, next_at=at)
    return add_row(tx, row)


def due(tx: Tx, *, now: datetime, limit: int) -> list[PageRow]:
    """The pages to be fetched now, who waits longest first."""
    query = select(PageRow).where(PageRow.state == "waiting", col(PageRow.next_at) <= now)
    return list(tx.exec(query.order_by(col(PageRow.next_at), col(PageRow.id)).limit(limit)))


def get(tx: Tx, page_id: int) -> PageRow | None:
    return tx.get(PageRow, page_id)


def take_turn(tx: Tx, page_id: int, *, was: datetime, next_at: datetime) -> bool:
    """Reserve the fetching of a due page: of two clocks one gets it."""
    is_same = (col(PageRow.id) == page_id, col(PageRow.state) == "waiting", col(PageRow.next_at) == was)
    return change_if(tx, PageRow, *is_same, next_at=next_at)
