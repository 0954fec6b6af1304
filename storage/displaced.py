"""Visits that overrides pushed out, and whether they were made good."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select

from storage.database import Tx
from storage.tables import VisitRow


@dataclass(frozen=True, slots=True)
class DisplacedVisit:
    """A visit that an override took. It is made good once a visit in its stead was held, not while one is planned."""

    visit_id: int
    school_id: int
    day: date
    meeting_id: int
    made_good_on: date | None
    planned_for: date | None


def displaced_visits(tx: Tx, *, start: date, end: date, school_ids: Collection[int]) -> list[DisplacedVisit]:
    """Those of these schools whose day was in these days, both included, in order."""
    query = select(VisitRow).where(
        col(VisitRow.displaced_by).is_not(None),
        VisitRow.status == "cancelled",
        col(VisitRow.day).between(start.toordinal(), end.toordinal()),
    )
    wanted = set(school_ids)
    found = []
    for row in tx.exec(query.order_by(col(VisitRow.day), col(VisitRow.id))).all():
        if row.school_id not in wanted:
            continue
        held, planned = _stand_in(tx, row)
        found.append(
            DisplacedVisit(
                row.id or 0, row.school_id, date.fromordinal(row.day), row.displaced_by or 0, held, planned
            )
        )
    return found


def _stand_in(tx: Tx, row: VisitRow) -> tuple[date | None, date | None]:
    """(held on, planned for): a stand-in that was itself cancelled hands on to the one that stood in for it."""
    seen = {row.id}
    while row.made_good_by is not None and row.made_good_by not in seen:
        row = tx.get_one(VisitRow, row.made_good_by)
        seen.add(row.id)
        if row.status == "held":
            return date.fromordinal(row.day), None
        if row.status == "planned":
            return None, date.fromordinal(row.day)
    return None, None
