"""Cycles of inquiry as reports read them: when they began and ended, their phase, how they were decided. No words."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from protocols.guided.cycle import Way, phase_of, way_of
from storage import runs
from storage.among import among
from storage.database import Tx
from storage.tables import RunRow
from storage.tables.columns import table_of

RUN = table_of(RunRow)
INQUIRY = "inquiry"


@dataclass(frozen=True, slots=True)
class Cycle:
    """``phase`` is that of today, "" once it is over, in which it is since ``phase_since``; ``way`` is None while it
    runs."""

    school_id: int
    started_at: datetime
    ended_at: datetime | None
    phase: str
    phase_since: datetime
    way: Way | None


def between(tx: Tx, start: datetime, end: datetime, *, schools: Collection[int] | None) -> list[Cycle]:
    """The cycles of these schools (None: of all) that had begun before ``end`` and had not ended before ``start``."""
    query = select(
        RUN.c.id,
        RUN.c.school_id,
        RUN.c.started_at,
        RUN.c.ended_at,
        RUN.c.phase,
        RUN.c.phase_since,
        RUN.c.way,
    ).where(
        RUN.c.counts_as == INQUIRY,
        RUN.c.school_id.is_not(None),
        RUN.c.started_at < end,
        or_(RUN.c.ended_at.is_(None), RUN.c.ended_at >= start),
    )
    if schools is not None:
        query = query.where(among(RUN.c.school_id, schools))
    tx.flush()  # what is selected from tables, and not as rows, does not bring out what is pending
    return [_cycle(tx, *row) for row in tx.execute(query.order_by(RUN.c.id)).all()]


def _cycle(
    tx: Tx,
    run_id: int,
    school_id: int,
    started_at: datetime,
    ended_at: datetime | None,
    phase: str | None,
    phase_since: datetime | None,
    way: str | None,
) -> Cycle:
    if phase is None or phase_since is None:
        # Written before the phase was kept beside the run; its events still say it.
        run = runs.get(tx, run_id)
        assert run is not None
        opened = run.state.opened_at or started_at
        return Cycle(
            school_id,
            started_at,
            ended_at,
            phase_of(run.protocol, run.state),
            opened,
            way_of(run.protocol, run.state),
        )
    return Cycle(school_id, started_at, ended_at, phase, phase_since, Way(way) if way else None)
