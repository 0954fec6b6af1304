"""What an export of one person's data needs beside their own rows: names, conversations, visits, who looked."""

from collections.abc import Collection
from datetime import date, datetime

import sqlalchemy
from sqlalchemy import func
from sqlmodel import col, select

from storage.database import Tx
from storage.tables import AssignmentRow, AuditRow, DemandRow, RunSeatRow, SchoolRow, VisitRow


def school_names(tx: Tx) -> dict[int, str]:
    """Number -> name of every school, closed ones included."""
    return {key or 0: name for key, name in tx.exec(select(SchoolRow.id, SchoolRow.name))}


def headlines(tx: Tx, demand_ids: Collection[int]) -> dict[int, str]:
    """Number -> headline of these demands."""
    query = select(DemandRow.id, DemandRow.headline).where(col(DemandRow.id).in_(demand_ids))
    return {key or 0: headline for key, headline in tx.exec(query)}


def runs_of(tx: Tx, person_id: int) -> list[int]:
    """The conversations in which the person sits or sat, oldest first."""
    query = select(RunSeatRow.run_id).where(RunSeatRow.person_id == person_id).distinct()
    return sorted(tx.exec(query))


def leads_since(tx: Tx, school_id: int, person_id: int) -> date:
    """Since when the person has led the school, first."""
    query = sqlalchemy.select(func.min(AssignmentRow.starts)).where(
        col(AssignmentRow.school_id) == school_id, col(AssignmentRow.principal_id) == person_id
    )
    return tx.execute(query).scalar() or date.max


def visits_at(
    tx: Tx, school_id: int, *, since: date
) -> list[tuple[int, str, int | None, str, str, int | None]]:
    """Day (an ordinal), half, minutes, kind, status and the principal's own rating of the school's visits."""
    query = (
        sqlalchemy.select(
            col(VisitRow.day),
            col(VisitRow.half),
            col(VisitRow.minutes),
            col(VisitRow.kind),
            col(VisitRow.status),
            col(VisitRow.useful),
        )
        .where(col(VisitRow.school_id) == school_id, col(VisitRow.day) >= since.toordinal())
        .order_by(col(VisitRow.day), col(VisitRow.id))
    )
    return [tuple(row) for row in tx.execute(query)]


def audit_about(tx: Tx, person_id: int) -> list[tuple[datetime, int | None, str]]:
    """When, by whom and what was done to the person's record by others, oldest first."""
    query = select(AuditRow.at, AuditRow.actor_id, AuditRow.action).where(
        AuditRow.object == f"person:{person_id}", col(AuditRow.actor_id).is_distinct_from(person_id)
    )
    return list(tx.exec(query.order_by(col(AuditRow.id))))
