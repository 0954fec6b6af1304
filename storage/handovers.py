"""Schools handed from one ILD to the next, and what of the thread the principal agreed to hand over."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, select

from storage.database import Tx, add_row, change_if
from storage.tables import AssignmentRow, HandoverRow


@dataclass(frozen=True, slots=True)
class Tenure:
    """Since when, without a break in the record, the same ILD and the same principal have been at a school."""

    ild_since: date
    principal_since: date
    ild_before: int | None


def tenure(tx: Tx, school_id: int, on: date) -> Tenure | None:
    """How long today's ILD and principal have been there, and who was the ILD before; None without an assignment."""
    query = select(AssignmentRow).where(AssignmentRow.school_id == school_id, col(AssignmentRow.starts) <= on)
    rows = list(tx.exec(query.order_by(col(AssignmentRow.starts).desc())))
    if not rows:
        return None
    now = rows[0]
    ild_since, principal_since, before = now.starts, now.starts, None
    for row in rows:
        if row.ild_id != now.ild_id:
            before = row.ild_id
            break
        ild_since = row.starts
    for row in rows:
        if row.principal_id != now.principal_id:
            break
        principal_since = row.starts
    return Tenure(ild_since, principal_since, before)


def begun_since(tx: Tx, since: date, on: date) -> list[int]:
    """The schools whose assignment in force began in that span."""
    query = select(AssignmentRow.school_id).where(
        col(AssignmentRow.starts).between(since, on), col(AssignmentRow.ild_id).is_not(None)
    )
    return list(tx.exec(query.distinct().order_by(col(AssignmentRow.school_id))))


def add(tx: Tx, *, school_id: int, principal_id: int, from_id: int, to_id: int, at: datetime) -> int:
    """The principal is being asked; the id of the handover."""
    row = HandoverRow(
        school_id=school_id, principal_id=principal_id, from_id=from_id, to_id=to_id, created_at=at
    )
    return add_row(tx, row)


def get(tx: Tx, handover_id: int) -> HandoverRow | None:
    return tx.get(HandoverRow, handover_id)


def latest(tx: Tx, *, school_id: int, principal_id: int, to_id: int) -> HandoverRow | None:
    """The last time this principal was asked about handing over to this ILD."""
    query = select(HandoverRow).where(
        HandoverRow.school_id == school_id,
        HandoverRow.principal_id == principal_id,
        HandoverRow.to_id == to_id,
    )
    return tx.exec(query.order_by(col(HandoverRow.id).desc())).first()


def decide(tx: Tx, handover_id: int, *, parts: Collection[str], at: datetime) -> bool:
    """What the principal agreed to, possibly nothing. False where it was decided before."""
    is_open = (col(HandoverRow.id) == handover_id, col(HandoverRow.state) == "asked")
    state = "agreed" if parts else "declined"
    return change_if(tx, HandoverRow, *is_open, parts=" ".join(parts), state=state, decided_at=at)
