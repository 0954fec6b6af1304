"""Drifting schools as rows, and the past visits that the rules look at."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta

import sqlalchemy
from sqlmodel import col, select

from protocols.cadence.drift import Drift, DriftKind, Past
from storage import targets, visits
from storage.database import Tx, add_row
from storage.tables import DriftRow, RunRow, VisitRow
from storage.threads import INQUIRY, LOST

DAYS = ("starts", "ends", "since")


def load_pasts(
    tx: Tx, schools: Mapping[int, bool], *, since: date, until: date, since_instant: datetime
) -> list[Past]:
    """The visits of these schools in these days, and the last one before them.

    ``schools`` says of each whether its principal is experienced; ``since_instant`` is when the first day begins.
    """
    ids = list(schools)
    before = visits.last_held(tx, ids, until=since - timedelta(days=1))
    held = {school_id: [(before[school_id], "other")] if school_id in before else [] for school_id in ids}
    fell: dict[int, list[date]] = {school_id: [] for school_id in ids}
    query = sqlalchemy.select(
        col(VisitRow.school_id),
        col(VisitRow.day),
        col(VisitRow.kind),
        col(VisitRow.status),
        col(VisitRow.made_good_by),
    ).where(
        col(VisitRow.school_id).in_(ids),
        col(VisitRow.status).in_(("held", "cancelled")),
        col(VisitRow.day).between(since.toordinal(), until.toordinal()),
    )
    for school_id, day, what, status, made_good_by in tx.execute(query.order_by(col(VisitRow.day))):
        if status == "held":
            held[school_id].append((date.fromordinal(day), what))
        elif made_good_by is None:
            fell[school_id].append(date.fromordinal(day))
    begun: dict[int, list[date]] = {school_id: [] for school_id in ids}
    runs = select(RunRow.school_id, RunRow.started_at).where(
        col(RunRow.school_id).in_(ids),
        RunRow.counts_as == INQUIRY,
        RunRow.state != LOST,
        col(RunRow.started_at) >= since_instant,
    )
    for run_school, started_at in tx.exec(runs):
        begun[run_school or 0].append(started_at.date())
    mended: dict[int, dict[DriftKind, date]] = {}
    for row in tx.exec(
        select(DriftRow).where(col(DriftRow.school_id).in_(ids), col(DriftRow.mended_on).is_not(None))
    ):
        known = mended.setdefault(row.school_id, {})
        kinds = [DriftKind(row.kind)]
        if row.kind == DriftKind.FORGOTTEN:  # the visit that ended the gap answers for the term, too
            kinds.append(DriftKind.FALLING)
        for kind in kinds:
            known[kind] = max(row.mended_on or date.min, known.get(kind, date.min))
    held_targets = targets.load(tx, ids)
    return [
        Past(
            school_id,
            held_targets[school_id],
            tuple(held[school_id]),
            tuple(fell[school_id]),
            tuple(begun[school_id]),
            schools[school_id],
            mended.get(school_id, {}),
        )
        for school_id in ids
    ]


def add(tx: Tx, found: Drift, *, ild_id: int, on: date) -> int:
    """A school was found drifting; the episode's id."""
    numbers = {key: str(value) if key in DAYS else value for key, value in asdict(found).items()}
    return add_row(
        tx,
        DriftRow(
            school_id=found.school,
            kind=found.kind,
            ild_id=ild_id,
            found_on=on,
            since=found.since,
            numbers=numbers,
        ),
    )


def drift_of(row: DriftRow) -> Drift:
    """The drift as it was found."""
    known = row.numbers
    return Drift(
        row.school_id,
        DriftKind(row.kind),
        row.since,
        date.fromisoformat(known["starts"]),
        date.fromisoformat(known["ends"]),
        known["part"],
        known["whole"],
        known["other_part"],
        known["other_whole"],
    )


def open_at(tx: Tx, school_ids: Collection[int]) -> list[DriftRow]:
    """The episodes of these schools that are not mended, the one found first first."""
    query = select(DriftRow).where(col(DriftRow.school_id).in_(school_ids), col(DriftRow.mended_on).is_(None))
    return list(tx.exec(query.order_by(col(DriftRow.found_on), col(DriftRow.id))))


def mended_at(tx: Tx, school_ids: Collection[int], *, since: date) -> list[DriftRow]:
    """The episodes of these schools of which somebody was told and that were mended from that day on."""
    query = select(DriftRow).where(
        col(DriftRow.school_id).in_(school_ids),
        col(DriftRow.mended_on) >= since,
        col(DriftRow.told_on).is_not(None),
    )
    return list(tx.exec(query.order_by(col(DriftRow.mended_on), col(DriftRow.id))))


def last_told(tx: Tx, ild_id: int) -> date | None:
    """When this ILD was last told of drift, found or mended."""
    query = sqlalchemy.select(
        sqlalchemy.func.max(col(DriftRow.told_on)), sqlalchemy.func.max(col(DriftRow.mended_said_on))
    ).where(col(DriftRow.ild_id) == ild_id)
    return max((day for day in tx.execute(query).one() if day is not None), default=None)


def seen_by_executives(tx: Tx, on: date) -> list[DriftRow]:
    """The open episodes whose day has come, the oldest first."""
    query = select(DriftRow).where(col(DriftRow.seen_from) <= on, col(DriftRow.mended_on).is_(None))
    return list(tx.exec(query.order_by(col(DriftRow.since), col(DriftRow.id))))


def last_told_executives(tx: Tx) -> date | None:
    """When executives were last told of drift."""
    query = sqlalchemy.select(sqlalchemy.func.max(col(DriftRow.executives_told_on)))
    found: date | None = tx.execute(query).scalar_one()
    return found
