"""What principals did not have to meet: counted by office, week, school and what became of it. No words of a memo."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal_column, null, select

from protocols.buffer.digest import Decision
from storage.database import Tx
from storage.digest_figures import DEMAND, DIGEST, DIGEST_ITEM, MANDATE
from storage.insight import Cut
from storage.tables import TriageRow
from storage.tables.columns import table_of

TRIAGE = table_of(TriageRow)
OFF_PLATE, MERGED = "off_plate", "merged"
"""Sections of a digest."""
MINUTES = func.coalesce(func.sum(case((DIGEST_ITEM.c.section == OFF_PLATE, DEMAND.c.minutes))), 0)
"""Of what was taken off; what was merged into another costs no less for it."""


@dataclass(frozen=True, slots=True)
class Spared:
    """Demands of one office that principals did not have to meet, of all their digests together or of those of a week.

    ``decision`` is what the ILD decided; ``minutes`` are those of what was taken off; a merged one has none.
    """

    office: str
    decision: Decision
    demands: int
    minutes: int
    week: date | None = None


def spared(tx: Tx, cut: Cut, *, is_by_week: bool) -> list[Spared]:
    """What the digests whose week begins in the cut's days left off, in order of weeks where they are told apart."""
    week: ColumnElement[Any] = DIGEST.c.week if is_by_week else null()
    keys = (MANDATE.c.unit, DIGEST_ITEM.c.section, TRIAGE.c.decision, *([week] if is_by_week else ()))
    query = (
        _left_off(
            select(MANDATE.c.unit, DIGEST_ITEM.c.section, TRIAGE.c.decision, week, func.count(), MINUTES), cut
        )
        .join(MANDATE, DEMAND.c.mandate_id == MANDATE.c.id)
        .outerjoin(TRIAGE, and_(TRIAGE.c.demand_id == DEMAND.c.id, TRIAGE.c.ild_id == DIGEST.c.ild_id))
        .group_by(*keys)
        .order_by(*reversed(keys))
    )
    return [
        Spared(office, _decision(section, decision), demands, int(minutes), week)
        for office, section, decision, week, demands, minutes in tx.execute(query).all()
    ]


def spared_by_school(tx: Tx, cut: Cut) -> dict[int, tuple[int, int]]:
    """School -> demands left off in those digests, and the minutes of what was taken off."""
    # A sum is in no index, so that the one of weeks is taken: in that of schools all years would be read.
    school = DIGEST.c.school_id + literal_column("0")
    query = _left_off(select(school, func.count(), MINUTES), cut).group_by(school)
    return {school: (demands, int(minutes)) for school, demands, minutes in tx.execute(query).all()}


def _left_off(query: Select[Any], cut: Cut) -> Select[Any]:
    """The query of the items that digests of the cut's days and schools left off, with their demands."""
    return (
        query.select_from(DIGEST_ITEM)
        .join(DIGEST, DIGEST_ITEM.c.digest_id == DIGEST.c.id)
        .join(DEMAND, DIGEST_ITEM.c.demand_id == DEMAND.c.id)
        .where(DIGEST.c.week.between(cut.start, cut.end), DIGEST_ITEM.c.section.in_((OFF_PLATE, MERGED)))
        .where(*cut.at(DIGEST.c.school_id))
    )


def _decision(section: str, decided: str | None) -> Decision:
    """What became of it. What was decided anew since is counted as the digest gave it."""
    if section == MERGED:
        return Decision.MERGE
    decision = Decision(decided) if decided else Decision.OFF_PLATE
    taken = (Decision.SELF, Decision.STAND_IN, Decision.DECLINE)
    return decision if decision in taken else Decision.OFF_PLATE
