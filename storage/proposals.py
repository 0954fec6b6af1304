"""What principals ask of their ILD: a visit, or a focus. Each is open until somebody decides it."""

from collections.abc import Collection
from datetime import date, datetime

from sqlmodel import col, select

from storage.database import Tx, add_row, change_if
from storage.tables import ProposalRow


def add(
    tx: Tx, *, school_id: int, person_id: int, kind: str, text: str, at: datetime, day: date | None = None
) -> int:
    """Keep what was asked; its id."""
    row = ProposalRow(school_id=school_id, person_id=person_id, kind=kind, text=text, day=day, created_at=at)
    return add_row(tx, row)


def get(tx: Tx, proposal_id: int) -> ProposalRow | None:
    return tx.get(ProposalRow, proposal_id)


def standing(tx: Tx, school_ids: Collection[int]) -> list[ProposalRow]:
    """What waits for an answer at these schools, the oldest first."""
    query = select(ProposalRow).where(col(ProposalRow.school_id).in_(school_ids), ProposalRow.state == "open")
    return list(tx.exec(query.order_by(col(ProposalRow.id))))


def last_taken(tx: Tx, school_id: int, kind: str) -> ProposalRow | None:
    """The proposal of that kind that was agreed to last."""
    query = select(ProposalRow).where(
        ProposalRow.school_id == school_id, ProposalRow.kind == kind, ProposalRow.state == "taken"
    )
    return tx.exec(query.order_by(col(ProposalRow.decided_at).desc(), col(ProposalRow.id).desc())).first()


def decide(tx: Tx, proposal_id: int, *, state: str, at: datetime) -> bool:
    """Take, decline or withdraw an open proposal. False where it was decided before."""
    is_open = (col(ProposalRow.id) == proposal_id, col(ProposalRow.state) == "open")
    return change_if(tx, ProposalRow, *is_open, state=state, decided_at=at)
