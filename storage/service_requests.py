"""Service requests: what schools ask of units, every step of it, and who heads a unit."""

from collections.abc import Collection
from datetime import date, datetime

from sqlmodel import col, func, select

from protocols.centre.service_requests import OPEN, State, Step
from storage import record
from storage.database import Tx, add_row, change_if
from storage.tables import ServiceRequestRow, ServiceStepRow

HEADS = "unit_heads"


def add(tx: Tx, row: ServiceRequestRow) -> int:
    """Keep a new request; its number."""
    return add_row(tx, row)


def get(tx: Tx, request_id: int) -> ServiceRequestRow | None:
    return tx.get(ServiceRequestRow, request_id)


def change(tx: Tx, request_id: int, *, version: int, **values: object) -> bool:
    """False where somebody was faster, and nothing is done."""
    same = (col(ServiceRequestRow.id) == request_id, col(ServiceRequestRow.version) == version)
    return change_if(tx, ServiceRequestRow, *same, version=version + 1, **values)


def add_step(tx: Tx, row: ServiceStepRow) -> int:
    return add_row(tx, row)


def steps_of(tx: Tx, request_id: int) -> list[ServiceStepRow]:
    """All that was done, oldest first."""
    query = select(ServiceStepRow).where(ServiceStepRow.request_id == request_id)
    return list(tx.exec(query.order_by(col(ServiceStepRow.id))))


def of_schools(
    tx: Tx, school_ids: Collection[int], *, states: Collection[State], limit: int
) -> list[ServiceRequestRow]:
    """The schools' requests in these states; the one that has waited longest first."""
    if not school_ids:
        return []
    query = select(ServiceRequestRow).where(
        col(ServiceRequestRow.school_id).in_(school_ids), col(ServiceRequestRow.state).in_(states)
    )
    return list(
        tx.exec(query.order_by(col(ServiceRequestRow.asked_at), col(ServiceRequestRow.id)).limit(limit))
    )


def of_unit(tx: Tx, unit: str, *, states: Collection[State], limit: int) -> list[ServiceRequestRow]:
    """The unit's requests in these states; the one that has waited longest first."""
    query = select(ServiceRequestRow).where(
        ServiceRequestRow.unit == unit, col(ServiceRequestRow.state).in_(states)
    )
    return list(
        tx.exec(query.order_by(col(ServiceRequestRow.asked_at), col(ServiceRequestRow.id)).limit(limit))
    )


def last_owner(tx: Tx, unit: str, school_id: int) -> int | None:
    """Who of the unit had this school's newest request that somebody had: who knows the school."""
    query = select(ServiceRequestRow.owner_id).where(
        ServiceRequestRow.unit == unit,
        ServiceRequestRow.school_id == school_id,
        col(ServiceRequestRow.owner_id).is_not(None),
    )
    return tx.exec(query.order_by(col(ServiceRequestRow.id).desc()).limit(1)).first()


def unanswered(tx: Tx) -> list[ServiceRequestRow]:
    """Requests that wait for an answer and were not brought up; the longest wait first."""
    query = select(ServiceRequestRow).where(
        ServiceRequestRow.state == State.NEW, col(ServiceRequestRow.escalated_at).is_(None)
    )
    return list(tx.exec(query.order_by(col(ServiceRequestRow.clock_from), col(ServiceRequestRow.id))))


def promised_before(tx: Tx, day: date) -> list[ServiceRequestRow]:
    """Requests that the unit has and promised for a day before this one."""
    query = select(ServiceRequestRow).where(
        ServiceRequestRow.state == State.TAKEN, col(ServiceRequestRow.promised_on) < day
    )
    return list(tx.exec(query.order_by(col(ServiceRequestRow.promised_on), col(ServiceRequestRow.id))))


def came_between(tx: Tx, first: datetime, last: datetime) -> list[ServiceRequestRow]:
    """Requests by when they came to the unit that has them, both instants included."""
    query = select(ServiceRequestRow).where(
        ServiceRequestRow.arrived_at >= first, ServiceRequestRow.arrived_at <= last
    )
    return list(tx.exec(query.order_by(col(ServiceRequestRow.id))))


def handed_on(tx: Tx, first: datetime, last: datetime) -> dict[str, int]:
    """Unit -> how many requests it gave to another."""
    query = (
        select(ServiceStepRow.unit, func.count())
        .where(ServiceStepRow.step == Step.HAND_ON, ServiceStepRow.at >= first, ServiceStepRow.at <= last)
        .group_by(ServiceStepRow.unit)
    )
    return {unit: int(number) for unit, number in tx.exec(query)}


def count_open(tx: Tx) -> tuple[int, datetime | None]:
    """How many requests of the whole district are open, and when the oldest was asked."""
    query = select(func.count(), func.min(ServiceRequestRow.asked_at)).where(
        col(ServiceRequestRow.state).in_(OPEN)
    )
    number, oldest = tx.exec(query).one()
    return int(number), oldest


def head_of(tx: Tx, unit: str) -> int | None:
    """Who heads the unit, as the administrator named them."""
    found = (record.get_setting(tx, HEADS) or {}).get(unit)
    return int(found) if found is not None else None


def put_head(tx: Tx, unit: str, person_id: int) -> None:
    record.put_setting(tx, HEADS, {**(record.get_setting(tx, HEADS) or {}), unit: person_id})


def mark_brought_up(tx: Tx, request_id: int, *, at: datetime) -> bool:
    """Note that head and ILD are told; False where it was answered or noted before. The version stays, for what its
    buttons do is the same as before."""
    still = (
        col(ServiceRequestRow.id) == request_id,
        col(ServiceRequestRow.state) == State.NEW,
        col(ServiceRequestRow.escalated_at).is_(None),
    )
    return change_if(tx, ServiceRequestRow, *still, escalated_at=at)
