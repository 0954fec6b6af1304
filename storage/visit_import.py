"""Visits that were kept elsewhere, taken in once: a visit that is already there is passed over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from protocols.roster.visits import VisitRecord
from storage.database import Tx
from storage.record import audit
from storage.roster import person_key
from storage.tables import PersonRow, SchoolRow, VisitRow


@dataclass(frozen=True, slots=True)
class VisitImport:
    """How many visits of a file were written, and how many were there already."""

    added: int
    already_there: int

    def __str__(self) -> str:
        known = f" {self.already_there:,} were there already." if self.already_there else ""
        return f"Visits added: {self.added:,}.{known}"


def add_visits(
    tx: Tx, visits: Iterable[VisitRecord], *, now: datetime, actor_id: int | None = None
) -> VisitImport:
    """Write the visits that are not there yet, known by school, ILD, day and kind.

    The file does not say which half of the day, so they are written as mornings; only plans need the half. Ids are
    those of ``storage.roster.load_roster``; raises ``KeyError`` for others.
    """
    schools = dict(tx.exec(select(SchoolRow.sourced_id, SchoolRow.id)).all())
    people = {
        person_key(row_id, key): row_id for row_id, key in tx.exec(select(PersonRow.id, PersonRow.sourced_id))
    }
    columns = (VisitRow.school_id, VisitRow.ild_id, VisitRow.day, VisitRow.kind)
    wanted = [(schools[visit.school_id], people[visit.ild_id], visit) for visit in visits]
    if not wanted:
        return VisitImport(0, 0)
    days = [visit.day.toordinal() for _, _, visit in wanted]
    span = col(VisitRow.day).between(min(days), max(days))
    there = {(*found,) for found in tx.exec(select(*columns).where(span, VisitRow.status != "planned"))}
    rows = []
    for school_id, ild_id, visit in wanted:
        assert school_id is not None  # both are primary keys of stored rows
        assert ild_id is not None
        if (school_id, ild_id, visit.day.toordinal(), visit.kind) in there:
            continue
        row = VisitRow(
            school_id=school_id,
            ild_id=ild_id,
            day=visit.day.toordinal(),
            half="am",
            minutes=visit.minutes,
            kind=visit.kind,
            status=visit.status,
            cancelled_by=visit.cancelled_by,
            cancel_reason=visit.reason or None,
            created_at=now,
        )
        rows.append(row)
    tx.add_all(rows)
    if rows:
        audit(tx, at=now, actor_id=actor_id, action="visits_imported", object="visits", added=len(rows))
    return VisitImport(len(rows), len(wanted) - len(rows))
