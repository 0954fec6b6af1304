"""Targets as rows: the rhythms that ILDs set, laid over the roster's numbers. Rows are only ever added."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import sqlalchemy
from sqlmodel import col

from protocols.cadence.targets import Change, Target, Targets, lay
from storage.database import Tx, add_row
from storage.tables import AssignmentRow, TargetRow

FEW_SCHOOLS = 200
"""Up to so many are asked for by id; for more, the few targets there are cost less than a long list."""


def put(tx: Tx, school_id: int, change: Change, *, set_by: int, at: datetime) -> int:
    """A school has another rhythm from a day on; the row's id. That the day is not past is the caller's to see to."""
    row = TargetRow(
        school_id=school_id,
        days=change.days,
        starts=change.starts,
        ends=change.ends,
        because=change.because,
        set_by=set_by,
        set_at=at,
    )
    return add_row(tx, row)


def days_on(tx: Tx, day: date, school_ids: Collection[int]) -> dict[int, int]:
    """School -> the school days that an ILD's target asks for on that day; those of the roster are left out."""
    if not school_ids:
        return {}
    query = sqlalchemy.select(col(TargetRow.school_id), col(TargetRow.days)).where(
        col(TargetRow.starts) <= day,
        sqlalchemy.or_(col(TargetRow.ends).is_(None), col(TargetRow.ends) >= day),
    )
    newest = dict(_of(tx, query.order_by(col(TargetRow.id)), col(TargetRow.school_id), school_ids))
    return {school_id: days for school_id, days in newest.items() if days is not None}


def load(tx: Tx, school_ids: Collection[int]) -> dict[int, Targets]:
    """School -> its targets over time. Every school asked for is there."""
    bases: dict[int, list[Target]] = {school_id: [] for school_id in school_ids}
    assigned = sqlalchemy.select(
        col(AssignmentRow.school_id),
        col(AssignmentRow.cadence_days),
        col(AssignmentRow.starts),
        col(AssignmentRow.ends),
    )
    for school_id, days, starts, ends in _of(tx, assigned, col(AssignmentRow.school_id), school_ids):
        bases[school_id].append(Target(days, starts, ends))
    for spans in bases.values():
        spans.sort(key=lambda span: span.starts)
        # Visits of a time before the roster's first word are measured by that word; there is no other.
        spans[:1] = [replace(span, starts=date.min) for span in spans[:1]]
    changes: dict[int, list[Change]] = {}
    chosen = sqlalchemy.select(
        col(TargetRow.school_id),
        col(TargetRow.days),
        col(TargetRow.starts),
        col(TargetRow.ends),
        col(TargetRow.because),
        col(TargetRow.set_by),
    ).order_by(col(TargetRow.id))
    for school_id, *change in _of(tx, chosen, col(TargetRow.school_id), school_ids):
        changes.setdefault(school_id, []).append(Change(*change))
    return {school_id: lay(bases[school_id], changes.get(school_id, ())) for school_id in school_ids}


def newest_id(tx: Tx, school_id: int) -> int:
    """The id of the last target set for the school, 0 without one: whether a card still shows what holds."""
    query = sqlalchemy.select(sqlalchemy.func.max(col(TargetRow.id))).where(
        col(TargetRow.school_id) == school_id
    )
    return int(tx.execute(query).scalar_one() or 0)


def _of(tx: Tx, query: Any, column: Any, school_ids: Collection[int]) -> list[Any]:
    """The query's rows of these schools."""
    if len(school_ids) <= FEW_SCHOOLS:
        return list(tx.execute(query.where(column.in_(school_ids))))
    wanted = set(school_ids)
    return [row for row in tx.execute(query) if row[0] in wanted]
