"""Guided runs: the protocol as it was, the events one after another, and what a look-up needs beside them.

The events are the run; ``run.state`` and ``run.version`` only repeat what they say, for queries and locks. The
unique (run, seq) lets one of two simultaneous writers win; the other gets ``RunMovedOnError`` and decides again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, CursorResult, or_, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from protocols.guided.events import Event
from protocols.guided.state import RunState, Status, replay
from protocols.guided.steps import Protocol, Role
from storage.database import Tx
from storage.tables import ProtocolVersionRow, RunEventRow, RunRow

_STATES = {
    Status.NEW: "open",
    Status.RUNNING: "open",
    Status.PAUSED: "paused",
    Status.ENDED: "done",
    Status.ABANDONED: "abandoned",
}
GOING = ("open", "paused")


class RunMovedOnError(Exception):
    """Somebody else wrote between reading the run and adding to it. Read it again and decide anew."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it stands: who, where, and the state that its events lead to."""

    id: int
    protocol: Protocol
    school_id: int
    visit_id: int | None
    host_id: int
    visitor_id: int
    events: tuple[Event, ...]
    state: RunState
    started_at: datetime
    moved_at: datetime

    def role_of(self, person_id: int) -> Role | None:
        """The person's seat, or None where they have no part in it."""
        return {self.host_id: Role.HOST, self.visitor_id: Role.VISITOR}.get(person_id)

    def person_in(self, role: Role) -> int:
        return self.host_id if role is Role.HOST else self.visitor_id


@dataclass(frozen=True, slots=True)
class RunLine:
    """What a list of runs shows without reading their events."""

    id: int
    protocol_key: str
    school_id: int
    visit_id: int | None
    host_id: int
    visitor_id: int
    state: str
    moved_at: datetime


def begin(
    tx: Tx,
    protocol: Protocol,
    events: Sequence[Event],
    *,
    school_id: int,
    visit_id: int | None,
    host_id: int,
    visitor_id: int,
    person_id: int,
    at: datetime,
) -> int:
    """Write a new run with its first events; its id."""
    if tx.get(ProtocolVersionRow, protocol.version) is None:
        row = ProtocolVersionRow(
            digest=protocol.version,
            key=protocol.key,
            title=protocol.title,
            body=protocol.to_json(),
            created_at=at,
        )
        tx.add(row)
        tx.flush()
    run = RunRow(
        protocol_key=protocol.key,
        protocol_digest=protocol.version,
        school_id=school_id,
        visit_id=visit_id,
        host_id=host_id,
        visitor_id=visitor_id,
        version=len(events),
        started_at=at,
        moved_at=at,
    )
    tx.add(run)
    tx.flush()
    assert run.id is not None
    tx.add_all([_event_row(run.id, event, person_id) for event in events])
    tx.flush()
    return run.id


def get(tx: Tx, run_id: int) -> Run | None:
    """The run with everything that happened in it, or None where there is none of that id."""
    row = tx.exec(
        select(RunRow).where(RunRow.id == run_id).execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        return None
    version = tx.get(ProtocolVersionRow, row.protocol_digest)
    assert version is not None  # a foreign key
    protocol = Protocol.from_json(version.body)
    bodies = select(RunEventRow.body).where(RunEventRow.run_id == run_id).order_by(col(RunEventRow.seq))
    events = tuple(Event.from_json(body) for body in tx.exec(bodies))
    return Run(
        id=run_id,
        protocol=protocol,
        school_id=row.school_id,
        visit_id=row.visit_id,
        host_id=row.host_id,
        visitor_id=row.visitor_id,
        events=events,
        state=replay(protocol, events),
        started_at=row.started_at,
        moved_at=row.moved_at,
    )


def append(
    tx: Tx, run: Run, events: Sequence[Event], state: RunState, *, person_id: int, at: datetime
) -> None:
    """Add what happened. Raises ``RunMovedOnError`` where another writer was first; nothing is written then."""
    try:
        with tx.begin_nested():
            tx.add_all([_event_row(run.id, event, person_id) for event in events])
            tx.flush()
            changed = tx.execute(
                update(RunRow)
                .where(col(RunRow.id) == run.id, col(RunRow.version) == run.state.version)
                .values(
                    version=state.version, state=_STATES[state.status], moved_at=at, ended_at=state.ended_at
                )
                .execution_options(synchronize_session=False)
            )
            assert isinstance(changed, CursorResult)
            if changed.rowcount != 1:
                raise RunMovedOnError
    except IntegrityError:
        raise RunMovedOnError from None


def link_visit(tx: Tx, run_id: int, visit_id: int) -> None:
    """The visit in which the run took place."""
    tx.execute(update(RunRow).where(col(RunRow.id) == run_id).values(visit_id=visit_id))


def going(tx: Tx, person_id: int, *, school_id: int | None = None) -> list[RunLine]:
    """The runs open or paused in which the person has a seat, the one moved last first."""
    conditions = [col(RunRow.state).in_(GOING), _takes_part(person_id)]
    if school_id is not None:
        conditions.append(col(RunRow.school_id) == school_id)
    query = select(RunRow).where(*conditions).order_by(col(RunRow.moved_at).desc(), col(RunRow.id).desc())
    return [_line(row) for row in tx.exec(query)]


def ended(tx: Tx, person_id: int, *, limit: int = 5) -> list[RunLine]:
    """The person's runs that came to their end, the latest first."""
    query = select(RunRow).where(RunRow.state == "done", _takes_part(person_id))
    query = query.order_by(col(RunRow.ended_at).desc(), col(RunRow.id).desc()).limit(limit)
    return [_line(row) for row in tx.exec(query)]


def last_at(tx: Tx, school_id: int) -> Run | None:
    """The run that ended last at the school."""
    query = select(RunRow.id).where(RunRow.school_id == school_id, RunRow.state == "done")
    found = tx.exec(query.order_by(col(RunRow.ended_at).desc(), col(RunRow.id).desc())).first()
    return get(tx, found) if found is not None else None


def silent_since(tx: Tx, before: datetime) -> list[int]:
    """Runs open or paused that nobody has moved since ``before``, and nobody was reminded of after the last move."""
    query = select(RunRow.id).where(
        col(RunRow.state).in_(GOING),
        RunRow.moved_at < before,
        or_(col(RunRow.reminded_at).is_(None), col(RunRow.reminded_at) < col(RunRow.moved_at)),
    )
    return [run_id for run_id in tx.exec(query.order_by(col(RunRow.id))) if run_id is not None]


def mark_reminded(tx: Tx, run: Run, *, at: datetime) -> bool:
    """Claim the one reminder of this silence. False where another clock had it or the run has moved on."""
    changed = tx.execute(
        update(RunRow)
        .where(
            col(RunRow.id) == run.id,
            col(RunRow.version) == run.state.version,
            or_(col(RunRow.reminded_at).is_(None), col(RunRow.reminded_at) < col(RunRow.moved_at)),
        )
        .values(reminded_at=at)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(changed, CursorResult)
    return changed.rowcount == 1


def is_waiting(tx: Tx, run_id: int) -> bool:
    """Whether the run is going and nobody has moved it since it was last brought up."""
    row = tx.get(RunRow, run_id)
    return row is not None and row.state in GOING and (not row.reminded_at or row.moved_at <= row.reminded_at)


def _takes_part(person_id: int) -> ColumnElement[bool]:
    return or_(col(RunRow.host_id) == person_id, col(RunRow.visitor_id) == person_id)


def _event_row(run_id: int, event: Event, person_id: int) -> RunEventRow:
    return RunEventRow(run_id=run_id, seq=event.seq, body=event.to_json(), person_id=person_id, at=event.at)


def _line(row: RunRow) -> RunLine:
    assert row.id is not None
    return RunLine(
        id=row.id,
        protocol_key=row.protocol_key,
        school_id=row.school_id,
        visit_id=row.visit_id,
        host_id=row.host_id,
        visitor_id=row.visitor_id,
        state=row.state,
        moved_at=row.moved_at,
    )
