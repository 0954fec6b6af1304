"""What happened at a school over time: visits held, runs that ended, promises made. Rows for the thread."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import aliased
from sqlmodel import col, select

from storage.database import Tx
from storage.tables import PromiseRow, ProtocolVersionRow, RunRow, VisitRow

LOST = "abandoned"
INQUIRY = "inquiry"
"""What a cycle of inquiry counts as, whatever its protocol is called."""


@dataclass(frozen=True, slots=True)
class PastVisit:
    """A visit that took place."""

    id: int
    school_id: int
    day: date
    kind: str
    minutes: int | None
    ended_in_step: bool


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run of a school: where it belongs, and whether it is over."""

    id: int
    school_id: int
    visit_id: int | None
    counts_as: str
    title: str
    state: str
    started_at: datetime
    ended_at: datetime | None
    cycle_id: int | None
    apart: str


def held(tx: Tx, school_ids: Collection[int], *, since: date, until: date) -> list[PastVisit]:
    """The visits held at these schools, both days included, the latest first."""
    query = select(VisitRow).where(
        VisitRow.status == "held",
        col(VisitRow.school_id).in_(school_ids),
        col(VisitRow.day).between(since.toordinal(), until.toordinal()),
    )
    return [
        PastVisit(
            row.id or 0,
            row.school_id,
            date.fromordinal(row.day),
            row.kind,
            row.minutes,
            row.led_to_next_step,
        )
        for row in tx.exec(query.order_by(col(VisitRow.day).desc(), col(VisitRow.id).desc()))
    ]


def runs_at(tx: Tx, school_ids: Collection[int], *, since: datetime) -> list[PastRun]:
    """The runs begun at these schools from that instant on, but those that were stopped; the latest first."""
    query = (
        select(RunRow, ProtocolVersionRow.title)
        .join(ProtocolVersionRow, col(ProtocolVersionRow.digest) == col(RunRow.protocol_digest))
        .where(
            col(RunRow.school_id).in_(school_ids),
            col(RunRow.started_at) >= since,
            RunRow.state != LOST,
        )
        .order_by(col(RunRow.started_at).desc(), col(RunRow.id).desc())
    )
    return [
        PastRun(
            id=row.id or 0,
            school_id=row.school_id or 0,
            visit_id=row.visit_id,
            counts_as=row.counts_as,
            title=title,
            state=row.state,
            started_at=row.started_at,
            ended_at=row.ended_at,
            cycle_id=row.cycle_id,
            apart=row.apart,
        )
        for row, title in tx.exec(query)
    ]


def promises_at(tx: Tx, school_ids: Collection[int], *, since: datetime) -> list[PromiseRow]:
    """The promises made at these schools from that instant on, the latest first."""
    query = select(PromiseRow).where(
        col(PromiseRow.school_id).in_(school_ids), col(PromiseRow.created_at) >= since
    )
    return list(tx.exec(query.order_by(col(PromiseRow.created_at).desc(), col(PromiseRow.id).desc())))


def promises_due(tx: Tx, start: date, end: date) -> list[PromiseRow]:
    """The open promises due in these days, both included, the one due first first."""
    query = select(PromiseRow).where(PromiseRow.state == "open", col(PromiseRow.by_when).between(start, end))
    return list(tx.exec(query.order_by(col(PromiseRow.by_when), col(PromiseRow.id))))


def to_be_tied(tx: Tx, *, mark: str) -> list[tuple[int, int]]:
    """Runs marked as leading to an inquiry, each with the first one begun at its school after it."""
    later = aliased(RunRow)
    query = (
        select(col(RunRow.id), col(later.id))
        .join(later, col(later.school_id) == col(RunRow.school_id))
        .where(
            RunRow.apart == mark,
            col(RunRow.cycle_id).is_(None),
            col(later.counts_as) == INQUIRY,
            col(later.started_at) >= col(RunRow.started_at),
            col(later.id) != col(RunRow.id),
            col(later.state) != LOST,
        )
        .order_by(col(RunRow.id), col(later.started_at), col(later.id))
    )
    found: dict[int, int] = {}
    for run_id, cycle_id in tx.execute(query):
        found.setdefault(run_id, cycle_id)
    return list(found.items())
