"""What goes with ILDs' decisions: their rules, ties to a school's focus, what principals decide, what units hear."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import col, select

from protocols.buffer.digest import Decision
from storage.database import Tx, add_row, change_if
from storage.tables import (
    BufferRuleRow,
    DemandRow,
    FocusTieRow,
    MandateRow,
    PrincipalAreaRow,
    TriageRow,
)

# ---------------------------------------------------------------- rules


def add_rule(tx: Tx, row: BufferRuleRow) -> int:
    return add_row(tx, row)


def get_rule(tx: Tx, rule_id: int) -> BufferRuleRow | None:
    return tx.get(BufferRuleRow, rule_id)


def rules_of(tx: Tx, ild_ids: Collection[int]) -> list[BufferRuleRow]:
    """The rules in force of these ILDs, the oldest first."""
    query = select(BufferRuleRow).where(
        col(BufferRuleRow.ild_id).in_(ild_ids), col(BufferRuleRow.ended_at).is_(None)
    )
    return list(tx.exec(query.order_by(col(BufferRuleRow.id))))


def end_rule(tx: Tx, rule_id: int, *, at: datetime) -> bool:
    """False where it had ended."""
    is_on = (col(BufferRuleRow.id) == rule_id, col(BufferRuleRow.ended_at).is_(None))
    return change_if(tx, BufferRuleRow, *is_on, ended_at=at)


def decided_by_rules(
    tx: Tx, ild_id: int, *, since: datetime
) -> list[tuple[TriageRow, DemandRow, MandateRow, BufferRuleRow]]:
    """What this ILD's rules have decided since then and nobody has decided otherwise."""
    query = (
        select(TriageRow, DemandRow, MandateRow, BufferRuleRow)
        .join(DemandRow, col(DemandRow.id) == col(TriageRow.demand_id))
        .join(MandateRow, col(MandateRow.id) == col(DemandRow.mandate_id))
        .join(BufferRuleRow, col(BufferRuleRow.id) == col(TriageRow.rule_id))
        .where(TriageRow.ild_id == ild_id, col(TriageRow.decided_at) >= since)
    )
    return [(t, d, m, r) for t, d, m, r in tx.exec(query.order_by(col(TriageRow.id)))]


# ---------------------------------------------------------------- ties to a school's focus


def put_tie(tx: Tx, row: FocusTieRow) -> None:
    """The tie of a demand to a school's focus; a newer one takes the place of an older."""
    same = (FocusTieRow.demand_id == row.demand_id, FocusTieRow.school_id == row.school_id)
    known = tx.exec(select(FocusTieRow).where(*same)).first()
    if known is None:
        tx.add(row)
    else:
        known.principal_id, known.fit, known.focus = row.principal_id, row.fit, row.focus
        known.line, known.tied_by, known.tied_at = row.line, row.tied_by, row.tied_at
        tx.add(known)
    tx.flush()


def ties_of(
    tx: Tx, demand_ids: Collection[int], school_ids: Collection[int]
) -> dict[tuple[int, int], FocusTieRow]:
    """(demand, school) -> how it stands to that school's focus."""
    if not demand_ids or not school_ids:
        return {}
    query = select(FocusTieRow).where(
        col(FocusTieRow.demand_id).in_(demand_ids), col(FocusTieRow.school_id).in_(school_ids)
    )
    return {(row.demand_id, row.school_id): row for row in tx.exec(query)}


# ---------------------------------------------------------------- what principals decide


def areas(tx: Tx) -> list[PrincipalAreaRow]:
    """What the district lets principals decide, by name."""
    return list(tx.exec(select(PrincipalAreaRow).order_by(col(PrincipalAreaRow.area))))


def put_area(tx: Tx, row: PrincipalAreaRow) -> None:
    known = tx.exec(select(PrincipalAreaRow).where(PrincipalAreaRow.area == row.area)).first()
    if known is None:
        tx.add(row)
    else:
        known.theirs, known.fixed, known.ask = row.theirs, row.fixed, row.ask
        known.set_by, known.set_on = row.set_by, row.set_on
        tx.add(known)
    tx.flush()


def drop_area(tx: Tx, area: str) -> bool:
    """False where there is none of that name."""
    known = tx.exec(select(PrincipalAreaRow).where(PrincipalAreaRow.area == area)).first()
    if known is not None:
        tx.delete(known)
        tx.flush()
    return known is not None


# ---------------------------------------------------------------- merging, and what units hear


def merged_into(tx: Tx, demand_id: int, ild_id: int) -> list[DemandRow]:
    """What this ILD merged into the demand."""
    query = (
        select(DemandRow)
        .join(TriageRow, col(TriageRow.demand_id) == col(DemandRow.id))
        .where(
            TriageRow.ild_id == ild_id,
            TriageRow.merged_into == demand_id,
            TriageRow.decision == Decision.MERGE.value,
        )
    )
    return list(tx.exec(query.order_by(col(DemandRow.id))))
