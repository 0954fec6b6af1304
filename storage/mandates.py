"""Memos, what they ask, and what each ILD decided about it for her own schools."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement, Select, exists, literal_column, or_, union
from sqlalchemy.orm import Mapped
from sqlmodel import col, select

from protocols.buffer.demands import Binding, DateRole, Demand
from protocols.buffer.digest import OWN_TASKS, UNSETTLED, Decision
from protocols.buffer.facets import Facets
from storage.database import Tx, add_once, add_row, change_if
from storage.tables import DemandChangeRow, DemandRow, MandateRow, TriageRow, WeekLineRow


def find_by_fingerprint(tx: Tx, fingerprint: str) -> MandateRow | None:
    return tx.exec(select(MandateRow).where(MandateRow.fingerprint == fingerprint)).first()


def get(tx: Tx, mandate_id: int) -> MandateRow | None:
    return tx.get(MandateRow, mandate_id)


def owners_of(memo: MandateRow) -> frozenset[int]:
    """Whose memo it is: its sender's, and whoever sent it on."""
    return frozenset({memo.sender_id} | ({memo.forwarded_by} if memo.forwarded_by else set()))


def add(tx: Tx, memo: MandateRow, demands: Sequence[tuple[Demand, str]]) -> int:
    """Keep a memo with its demands and their headlines; its id."""
    mandate_id = add_row(tx, memo)
    tx.add_all(_row(mandate_id, demand, headline) for demand, headline in demands)
    tx.flush()
    return mandate_id


def _row(mandate_id: int, demand: Demand, headline: str) -> DemandRow:
    return DemandRow(
        mandate_id=mandate_id,
        start=demand.start,
        end=demand.end,
        headline=headline,
        quote=demand.quote,
        actor=demand.actor,
        for_school=demand.for_school,
        binding=demand.binding.value,
        due=demand.due,
        due_role=demand.due_role.value if demand.due_role else None,
        due_words=demand.due_words,
        due_basis=demand.due_basis,
        audience=list(demand.audience),
        minutes=demand.minutes,
        minutes_basis=demand.minutes_basis,
        more_dates=[day.isoformat() for day in demand.more_dates],
        conditions=list(demand.conditions),
        facets=demand.facets.to_json(),
    )


def demand_of(row: DemandRow) -> Demand:
    """The row as the value that the rules take."""
    return Demand(
        start=row.start,
        end=row.end,
        quote=row.quote,
        actor=row.actor,
        for_school=row.for_school,
        binding=Binding(row.binding),
        due=row.due,
        due_basis=row.due_basis,
        audience=tuple(row.audience),
        minutes=row.minutes,
        minutes_basis=row.minutes_basis,
        due_role=DateRole(row.due_role) if row.due_role else None,
        due_words=row.due_words,
        more_dates=tuple(date.fromisoformat(day) for day in row.more_dates),
        conditions=tuple(row.conditions),
        facets=Facets.from_json(row.facets),
    )


def demands_of(tx: Tx, mandate_id: int) -> list[DemandRow]:
    """Everything the memo asks, in the order of its text."""
    query = select(DemandRow).where(DemandRow.mandate_id == mandate_id)
    return list(tx.exec(query.order_by(col(DemandRow.start))))


def demands_of_all(tx: Tx, mandate_ids: Collection[int]) -> list[DemandRow]:
    """Everything that these memos ask, in the order of their texts."""
    query = select(DemandRow).where(col(DemandRow.mandate_id).in_(mandate_ids))
    return list(tx.exec(query.order_by(col(DemandRow.mandate_id), col(DemandRow.start))))


def received_since(tx: Tx, since: datetime) -> list[tuple[DemandRow, MandateRow]]:
    """Everything that memos ask which came since then, in the order of their coming."""
    query = (
        select(DemandRow, MandateRow)
        .join(MandateRow, col(MandateRow.id) == col(DemandRow.mandate_id))
        .where(col(MandateRow.received_at) >= since)
    )
    return [(demand, memo) for demand, memo in tx.exec(query.order_by(col(DemandRow.id)))]


def find_demand(tx: Tx, demand_id: int) -> tuple[DemandRow, MandateRow] | None:
    """The demand and the memo it stands in."""
    row = tx.get(DemandRow, demand_id)
    return (row, tx.get_one(MandateRow, row.mandate_id)) if row else None


# ---------------------------------------------------------------- triage


def undecided(
    tx: Tx, ild_id: int, *, since: datetime, today: date
) -> list[tuple[DemandRow, MandateRow, TriageRow | None]]:
    """What an ILD has not decided about, holds or has asked its unit about: received since then, with its day still
    ahead, or held beyond.

    Oldest deadline first, what has no day last.
    """
    query = (
        select(DemandRow, MandateRow, TriageRow)
        .join(MandateRow, col(MandateRow.id) == col(DemandRow.mandate_id))
        .outerjoin(
            TriageRow, (col(TriageRow.demand_id) == col(DemandRow.id)) & (col(TriageRow.ild_id) == ild_id)
        )
        .where(
            or_(col(TriageRow.id).is_(None), col(TriageRow.decision).in_(UNSETTLED)),
            ~_replacing(ild_id),
            or_(
                col(MandateRow.received_at) >= since,
                col(DemandRow.due) >= today,
                col(TriageRow.hold_until) >= since.date(),
                col(TriageRow.decision) == Decision.CHALLENGE.value,
            ),
        )
    )
    found = [(demand, memo, triage) for demand, memo, triage in tx.exec(query)]
    return sorted(found, key=lambda one: (one[0].due or date.max, one[0].id or 0))


def _replacing(ild_id: Mapped[int] | int) -> ColumnElement[bool]:
    """Whether an office has replaced or withdrawn the demand since, for everybody or for this ILD's schools."""
    for_her = or_(col(DemandChangeRow.ild_id).is_(None), col(DemandChangeRow.ild_id) == ild_id)
    return exists().where(col(DemandChangeRow.was_id) == col(DemandRow.id), for_her)


def triage_of(tx: Tx, demand_id: int, ild_id: int) -> TriageRow | None:
    query = select(TriageRow).where(TriageRow.demand_id == demand_id, TriageRow.ild_id == ild_id)
    return tx.exec(query).first()


def held_until(tx: Tx, day: date) -> list[TriageRow]:
    """What ILDs hold until that day or an earlier one."""
    # As the index of what is held says it: SQLite takes that for a word of the statement, not for a value given to it.
    is_held = col(TriageRow.decision) == literal_column(f"'{Decision.HOLD.value}'")
    query = select(TriageRow).where(is_held, col(TriageRow.hold_until) <= day)
    return sorted(tx.exec(query), key=lambda row: row.id or 0)


def get_triage(tx: Tx, triage_id: int) -> TriageRow | None:
    return tx.get(TriageRow, triage_id)


def decided(
    tx: Tx, *, since: datetime, week: date, ild_ids: Collection[int] | None = None
) -> list[tuple[TriageRow, DemandRow, MandateRow]]:
    """Decisions that a digest of that week may hold: taken since then, about a day not past in that week, or moved to
    a week since then. Not about what has been replaced or withdrawn since."""
    query = (
        select(TriageRow, DemandRow, MandateRow)
        .join(DemandRow, col(DemandRow.id) == col(TriageRow.demand_id))
        .join(MandateRow, col(MandateRow.id) == col(DemandRow.mandate_id))
        .where(
            col(TriageRow.decision).not_in(UNSETTLED),
            ~_replacing(col(TriageRow.ild_id)),
            col(TriageRow.id).in_(union(*_standing(since, week, ild_ids))),
        )
    )
    found = [(triage, demand, memo) for triage, demand, memo in tx.exec(query)]
    return sorted(found, key=lambda one: one[0].id or 0)


def _standing(since: datetime, week: date, ild_ids: Collection[int] | None) -> Iterator[Select[int | None]]:
    """The reasons for which a decision may count for a week, each found by an index of its own: decisions of ten years
    are half a million."""
    ids = sqlalchemy.select(col(TriageRow.id))
    if ild_ids is not None:
        ids = ids.where(col(TriageRow.ild_id).in_(ild_ids))
    yield ids.where(col(TriageRow.decided_at) >= since)
    yield ids.where(
        col(TriageRow.demand_id).in_(sqlalchemy.select(col(DemandRow.id)).where(col(DemandRow.due) >= week))
    )
    yield ids.where(col(TriageRow.week).is_not(None), col(TriageRow.week) >= since.date())


def taken_on(tx: Tx, ild_id: int, *, done_since: datetime) -> list[tuple[TriageRow, DemandRow, MandateRow]]:
    """What an ILD does herself, standing in or not: open, or done since then; oldest deadline first."""
    query = (
        select(TriageRow, DemandRow, MandateRow)
        .join(DemandRow, col(DemandRow.id) == col(TriageRow.demand_id))
        .join(MandateRow, col(MandateRow.id) == col(DemandRow.mandate_id))
        .where(
            TriageRow.ild_id == ild_id,
            ~_replacing(ild_id),
            col(TriageRow.decision).in_(OWN_TASKS),
            or_(col(TriageRow.done_at).is_(None), col(TriageRow.done_at) >= done_since),
        )
    )
    found = [(triage, demand, memo) for triage, demand, memo in tx.exec(query)]
    return sorted(found, key=lambda one: (one[1].due or date.max, one[1].id or 0))


def put_triage(
    tx: Tx, *, demand_id: int, ild_id: int, version: int, by: int, at: datetime, **values: Any
) -> bool:
    """Write a decision over that version (0: none yet). False where somebody was faster; nothing is done."""
    if version == 0:
        known: dict[str, Any] = {"wording": "", "note": "", **values}
        row = TriageRow(demand_id=demand_id, ild_id=ild_id, decided_by=by, decided_at=at, **known)
        return add_once(tx, row)
    same = (
        col(TriageRow.demand_id) == demand_id,
        col(TriageRow.ild_id) == ild_id,
        col(TriageRow.version) == version,
    )
    return change_if(tx, TriageRow, *same, version=version + 1, decided_by=by, decided_at=at, **values)


def finish_own(tx: Tx, triage_id: int, *, at: datetime) -> bool:
    """The ILD has done what she took on; False where it was done already."""
    is_open = (col(TriageRow.id) == triage_id, col(TriageRow.done_at).is_(None))
    return change_if(tx, TriageRow, *is_open, done_at=at)


# ---------------------------------------------------------------- the ILD's opening line


def line_of(tx: Tx, ild_id: int, week: date) -> str:
    row = tx.exec(select(WeekLineRow).where(WeekLineRow.ild_id == ild_id, WeekLineRow.week == week)).first()
    return row.line if row else ""


def lines_of(tx: Tx, week: date) -> dict[int, str]:
    """ILD -> her line of that week."""
    return {row.ild_id: row.line for row in tx.exec(select(WeekLineRow).where(WeekLineRow.week == week))}


def put_line(tx: Tx, *, ild_id: int, week: date, line: str) -> None:
    query = select(WeekLineRow).where(WeekLineRow.ild_id == ild_id, WeekLineRow.week == week)
    row = tx.exec(query).first() or WeekLineRow(ild_id=ild_id, week=week, line="")
    row.line = line
    tx.add(row)
