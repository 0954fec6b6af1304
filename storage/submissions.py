"""Uses of "do not drop this ball" by units: scarce, and counted in the open."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from storage.database import Tx, add_once
from storage.tables import DemandRow, DropUseRow, MandateRow

Use = tuple[DropUseRow, DemandRow, MandateRow]
"""A use, what for, and the memo it stands in."""


def use(tx: Tx, *, unit: str, demand_id: int, person_id: int, at: datetime) -> bool:
    """Note a use; False where the demand has one."""
    return add_once(tx, DropUseRow(unit=unit, demand_id=demand_id, person_id=person_id, at=at))


def uses(tx: Tx, *, first: date, last: date, zone: ZoneInfo) -> list[Use]:
    """The uses from the first to the last day in that zone, in the order of time."""
    starts = datetime.combine(first, time(), tzinfo=zone)
    ends = datetime.combine(last + timedelta(days=1), time(), tzinfo=zone)
    query = (
        select(DropUseRow, DemandRow, MandateRow)
        .join(DemandRow, col(DemandRow.id) == col(DropUseRow.demand_id))
        .join(MandateRow, col(MandateRow.id) == col(DemandRow.mandate_id))
        .where(col(DropUseRow.at) >= starts, col(DropUseRow.at) < ends)
    )
    return [(use, demand, memo) for use, demand, memo in tx.exec(query.order_by(col(DropUseRow.id)))]


def use_of(tx: Tx, demand_id: int) -> DropUseRow | None:
    return tx.exec(select(DropUseRow).where(DropUseRow.demand_id == demand_id)).first()
