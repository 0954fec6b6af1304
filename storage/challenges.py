"""Questions to units about demands: who asked, who waits, what was answered."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import col, select

from storage.database import Tx, add_once, add_row, change_if
from storage.tables import ChallengeRow, ChallengeWaiterRow, DemandRow, MandateRow

OPEN = "open"


def add(tx: Tx, row: ChallengeRow) -> int:
    """Keep a question, for whose answer its asker waits; its id."""
    challenge_id = add_row(tx, row)
    join(tx, challenge_id, row.asker_id, at=row.created_at)
    return challenge_id


def get(tx: Tx, challenge_id: int) -> ChallengeRow | None:
    return tx.get(ChallengeRow, challenge_id)


def join(tx: Tx, challenge_id: int, ild_id: int, *, at: datetime) -> bool:
    """One ILD more waits for the same answer; False where she does already."""
    return add_once(tx, ChallengeWaiterRow(challenge_id=challenge_id, ild_id=ild_id, joined_at=at))


def waiters(tx: Tx, challenge_id: int) -> list[int]:
    """The ILDs who wait for the answer, the first asker first."""
    query = select(ChallengeWaiterRow.ild_id).where(ChallengeWaiterRow.challenge_id == challenge_id)
    return list(tx.exec(query.order_by(col(ChallengeWaiterRow.joined_at), col(ChallengeWaiterRow.ild_id))))


def of_demand(tx: Tx, demand_id: int) -> list[ChallengeRow]:
    """Everything that was asked about the demand, the first question first."""
    query = select(ChallengeRow).where(ChallengeRow.demand_id == demand_id)
    return list(tx.exec(query.order_by(col(ChallengeRow.id))))


def by_id(tx: Tx, challenge_ids: Collection[int]) -> dict[int, ChallengeRow]:
    if not challenge_ids:
        return {}
    query = select(ChallengeRow).where(col(ChallengeRow.id).in_(challenge_ids))
    return {row.id or 0: row for row in tx.exec(query)}


def about(tx: Tx, demand_ids: Collection[int]) -> dict[int, list[ChallengeRow]]:
    """Demand -> what was asked about it and answered, the first question first."""
    found: dict[int, list[ChallengeRow]] = {}
    if demand_ids:
        query = select(ChallengeRow).where(
            col(ChallengeRow.demand_id).in_(demand_ids), ChallengeRow.state != OPEN
        )
        for row in tx.exec(query.order_by(col(ChallengeRow.id))):
            found.setdefault(row.demand_id, []).append(row)
    return found


def open_for(tx: Tx, responder_id: int, unit: str | None) -> list[tuple[ChallengeRow, DemandRow, MandateRow]]:
    """What waits for this person's answer, or for anybody's of the unit; the one due first first."""
    query = (
        select(ChallengeRow, DemandRow, MandateRow)
        .join(DemandRow, col(DemandRow.id) == col(ChallengeRow.demand_id))
        .join(MandateRow, col(MandateRow.id) == col(DemandRow.mandate_id))
        .where(
            ChallengeRow.state == OPEN,
            (col(ChallengeRow.responder_id) == responder_id) | (col(ChallengeRow.unit) == (unit or "\x00")),
        )
    )
    ordered = query.order_by(col(ChallengeRow.due_at), col(ChallengeRow.id))
    return [(challenge, demand, memo) for challenge, demand, memo in tx.exec(ordered)]


def change(tx: Tx, challenge_id: int, *, version: int, **values: object) -> bool:
    """False where somebody was faster, and nothing is done."""
    same = (col(ChallengeRow.id) == challenge_id, col(ChallengeRow.version) == version)
    return change_if(tx, ChallengeRow, *same, version=version + 1, **values)


def to_bring_up(tx: Tx, *, now: datetime) -> list[int]:
    """Open questions of which half the time has gone, or all of it, and nobody was told so."""
    query = select(ChallengeRow.id).where(
        ChallengeRow.state == OPEN,
        (col(ChallengeRow.reminded_at).is_(None) & (col(ChallengeRow.remind_at) <= now))
        | (col(ChallengeRow.told_overdue_at).is_(None) & (col(ChallengeRow.due_at) <= now)),
    )
    return [challenge_id for challenge_id in tx.exec(query.order_by(col(ChallengeRow.id))) if challenge_id]
