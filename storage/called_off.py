"""Visits that the calendar called off, because there was no school in their time: they may come back when there is."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import update
from sqlmodel import col

from storage import visits
from storage.database import Tx, change_if
from storage.tables import VisitRow
from storage.visits import Visit


def mark(tx: Tx, visit_ids: Collection[int]) -> None:
    """These visits, which are cancelled, were called off by the calendar."""
    tx.execute(update(VisitRow).where(col(VisitRow.id).in_(visit_ids)).values(for_closure=True))


def called_off(tx: Tx, start: date, end: date, *, school_ids: Collection[int]) -> list[Visit]:
    """Visits to these schools that the calendar called off, of these days, both included, in order of time."""
    return visits.find(
        tx,
        col(VisitRow.status) == "cancelled",
        col(VisitRow.for_closure).is_(True),
        col(VisitRow.school_id).in_(school_ids),
        col(VisitRow.day).between(start.toordinal(), end.toordinal()),
    )


def put_back(tx: Tx, visit_id: int, *, version: int, ild_id: int, put_by: int, at: datetime) -> bool:
    """It is planned again as it was, by this ILD, and nobody has agreed to it yet. False where it has changed since."""
    return change_if(
        tx,
        VisitRow,
        col(VisitRow.id) == visit_id,
        col(VisitRow.version) == version,
        col(VisitRow.status) == "cancelled",
        col(VisitRow.for_closure).is_(True),
        status="planned",
        for_closure=False,
        cancelled_by=None,
        cancel_reason=None,
        ild_id=ild_id,
        put_by=put_by,
        put_at=at,
        agreed_at=None,
        version=version + 1,
    )
