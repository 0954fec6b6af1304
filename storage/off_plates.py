"""What principals did not have to meet: counted by school, office, week and what became of it. No words of a memo."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select
from sqlmodel import col

from protocols.buffer.digest import Decision
from storage.database import Tx
from storage.tables import DemandRow, DigestItemRow, DigestRow, MandateRow, TriageRow

OFF_PLATE, MERGED = "off_plate", "merged"
"""Sections of a digest."""


@dataclass(frozen=True, slots=True)
class Spared:
    """Demands of one office that a school's principal did not have to meet in the digest of a week.

    ``decision`` is what the ILD decided; ``minutes`` are those of what was taken off; a merged one has none.
    """

    school_id: int
    office: str
    week: date
    decision: Decision
    demands: int
    minutes: int


def spared(tx: Tx, *, start: date, end: date, schools: Collection[int]) -> list[Spared]:
    """What the digests whose week begins in these days left off, both days included."""
    query = (
        select(
            col(DigestRow.school_id),
            col(MandateRow.unit),
            col(DigestRow.week),
            col(DigestItemRow.section),
            col(TriageRow.decision),
            func.count(),
            func.coalesce(func.sum(col(DemandRow.minutes)), 0),
        )
        .join(DigestRow, col(DigestItemRow.digest_id) == col(DigestRow.id))
        .join(DemandRow, col(DigestItemRow.demand_id) == col(DemandRow.id))
        .join(MandateRow, col(DemandRow.mandate_id) == col(MandateRow.id))
        .outerjoin(
            TriageRow,
            and_(
                col(TriageRow.demand_id) == col(DemandRow.id), col(TriageRow.ild_id) == col(DigestRow.ild_id)
            ),
        )
        .where(col(DigestRow.week).between(start, end), col(DigestItemRow.section).in_((OFF_PLATE, MERGED)))
        .group_by(
            col(DigestRow.school_id),
            col(MandateRow.unit),
            col(DigestRow.week),
            col(DigestItemRow.section),
            col(TriageRow.decision),
        )
        .order_by(col(DigestRow.week), col(MandateRow.unit))
    )
    wanted = set(schools)
    return [
        Spared(
            school_id,
            office,
            week,
            _decision(section, decision),
            count,
            0 if section == MERGED else int(minutes),
        )
        for school_id, office, week, section, decision, count, minutes in tx.execute(query)
        if school_id in wanted
    ]


def _decision(section: str, decided: str | None) -> Decision:
    """What became of it. What was decided anew since is counted as the digest gave it."""
    if section == MERGED:
        return Decision.MERGE
    decision = Decision(decided) if decided else Decision.OFF_PLATE
    taken = (Decision.SELF, Decision.STAND_IN, Decision.DECLINE)
    return decision if decision in taken else Decision.OFF_PLATE
