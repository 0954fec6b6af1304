"""What became of a unit's requests, as its weekly note counts it."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import literal_column, or_
from sqlmodel import col, func, select

from protocols.buffer.digest import Decision
from storage.database import Tx
from storage.tables import ChallengeRow, DemandRow, DigestItemRow, DigestRow, MandateRow, TriageRow


def asked_by(
    tx: Tx, unit: str, person_ids: Collection[int], *, since: datetime
) -> list[tuple[DemandRow, MandateRow]]:
    """What a unit's memos, or those its people sent, have asked of schools since then."""
    query = (
        select(DemandRow, MandateRow)
        .join(MandateRow, col(MandateRow.id) == col(DemandRow.mandate_id))
        .where(
            col(MandateRow.received_at) >= since,
            or_(col(MandateRow.unit) == unit, col(MandateRow.sender_id).in_(person_ids)),
            col(DemandRow.for_school).is_(True),
            col(DemandRow.binding).in_(("must", "should")),
        )
    )
    return [(demand, memo) for demand, memo in tx.exec(query.order_by(col(DemandRow.id)))]


def declined(tx: Tx, demand_ids: Collection[int], *, since: datetime) -> list[tuple[TriageRow, DemandRow]]:
    """What ILDs declined of these since then, in the order of time."""
    query = (
        select(TriageRow, DemandRow)
        .join(DemandRow, col(DemandRow.id) == col(TriageRow.demand_id))
        .where(
            col(TriageRow.demand_id).in_(demand_ids),
            TriageRow.decision == Decision.DECLINE.value,
            col(TriageRow.decided_at) >= since,
        )
    )
    return [(triage, demand) for triage, demand in tx.exec(query.order_by(col(TriageRow.id)))]


def stood_in(tx: Tx, unit: str, *, since: datetime) -> list[tuple[TriageRow, DemandRow]]:
    """What ILDs took on since then because this unit should have done it."""
    query = (
        select(TriageRow, DemandRow)
        .join(DemandRow, col(DemandRow.id) == col(TriageRow.demand_id))
        .where(
            TriageRow.unit == unit,
            # As the index of them says it: SQLite takes that for a word of the statement, not for a value.
            col(TriageRow.decision) == literal_column(f"'{Decision.STAND_IN.value}'"),
            col(TriageRow.decided_at) >= since,
        )
    )
    return sorted(tx.exec(query), key=lambda one: one[0].id or 0)


def questions(tx: Tx, demand_ids: Collection[int], *, since: datetime) -> int:
    """How many questions principals have asked their ILDs about these since then."""
    query = select(func.count()).where(
        col(DigestItemRow.demand_id).in_(demand_ids),
        col(DigestItemRow.question) != "",
        col(DigestItemRow.changed_at) >= since,
    )
    return int(tx.exec(query).one())


def challenges(tx: Tx, unit: str, *, since: datetime) -> list[ChallengeRow]:
    """What ILDs have asked the unit since then, or asked before and wait for."""
    query = select(ChallengeRow).where(
        ChallengeRow.unit == unit,
        or_(col(ChallengeRow.created_at) >= since, col(ChallengeRow.state) == "open"),
    )
    return list(tx.exec(query.order_by(col(ChallengeRow.id))))


def any_change(tx: Tx, demand_ids: Collection[int], *, since: datetime) -> bool:
    """Whether a principal was given, did, delegated or asked about any of these since then."""
    query = (
        select(DigestItemRow.id)
        .join(DigestRow, col(DigestRow.id) == col(DigestItemRow.digest_id))
        .where(
            col(DigestItemRow.demand_id).in_(demand_ids),
            or_(col(DigestItemRow.changed_at) >= since, col(DigestRow.created_at) >= since),
        )
    )
    return tx.exec(query.limit(1)).first() is not None
