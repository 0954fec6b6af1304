"""Visits that were kept elsewhere, taken in once: a visit that is already there is passed over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from protocols.roster.visits import VisitRecord, VisitStatus
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
    """Write the visits that are not there yet, known by school, ILD, day, kind and whether they were held.

    A held visit of the file that is counted already on that day under another kind, of which one side says no more
    than "other", is the same one; one that is planned for that day is held by it. A length that only the file knows is
    kept. The file does not say which half of the day, so they are written as mornings; only plans need the half. Ids
    are those of ``storage.roster.load_roster``; raises ``KeyError`` for others.
    """
    schools = dict(tx.exec(select(SchoolRow.sourced_id, SchoolRow.id)).all())
    people = {
        person_key(row_id, key): row_id for row_id, key in tx.exec(select(PersonRow.id, PersonRow.sourced_id))
    }
    wanted = [(schools[visit.school_id] or 0, people[visit.ild_id] or 0, visit) for visit in visits]
    if not wanted:
        return VisitImport(0, 0)
    days = [visit.day.toordinal() for _, _, visit in wanted]
    span = col(VisitRow.day).between(min(days), max(days))
    there: dict[tuple[int, int, int], list[VisitRow]] = {}
    for row in tx.exec(select(VisitRow).where(span, VisitRow.status != "withdrawn")):
        there.setdefault((row.school_id, row.ild_id, row.day), []).append(row)
    rows = []
    used: set[int] = set()  # a visit that is there stands for one line of the file, not for two
    held_now = 0
    for school_id, ild_id, visit in wanted:
        known = [
            row
            for row in there.get((school_id, ild_id, visit.day.toordinal()), [])
            if (row.id or 0) not in used
        ]
        match = _same(known, visit)
        if match is not None:
            match.minutes = match.minutes if match.minutes is not None else visit.minutes
            tx.add(match)
            used.add(match.id or 0)
            continue
        planned = next((row for row in known if row.status == "planned"), None)
        if planned is not None and visit.status is VisitStatus.HELD:
            planned.status, planned.kind, planned.version = "held", visit.kind, planned.version + 1
            planned.minutes = visit.minutes if visit.minutes is not None else planned.minutes
            planned.confirmed_by = planned.confirmed_by or "imported"
            tx.add(planned)
            used.add(planned.id or 0)
            held_now += 1
            continue
        rows.append(
            VisitRow(
                school_id=school_id,
                ild_id=ild_id,
                day=visit.day.toordinal(),
                half="am",
                minutes=visit.minutes,
                kind=visit.kind,
                status=visit.status,
                cancelled_by=visit.cancelled_by,
                cancel_reason=visit.reason or None,
                confirmed_by="imported" if visit.status is VisitStatus.HELD else None,
                created_at=now,
            )
        )
    tx.add_all(rows)
    added = len(rows) + held_now
    if added:
        audit(tx, at=now, actor_id=actor_id, action="visits_imported", object="visits", added=added)
    return VisitImport(added, len(wanted) - added)


def _same(known: list[VisitRow], visit: VisitRecord) -> VisitRow | None:
    """The visit of that school, ILD and day that this one is; not one that the file itself has just added."""
    alike = [row for row in known if row.status == visit.status.value]
    exact = next((row for row in alike if row.kind == visit.kind), None)
    if exact is not None or visit.status is not VisitStatus.HELD:
        return exact
    return next((row for row in alike if "other" in (row.kind, visit.kind)), None)
