"""Guided runs: the protocol as it was, the events one after another, and what a look-up needs beside them.

The events are the run; ``run.state`` and ``run.version`` only repeat what they say, for queries and locks. The
unique (run, seq) lets one of two simultaneous writers win; the other gets ``RunMovedOnError`` and decides again.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, UnaryExpression, or_, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from protocols.guided.cycle import phase_of, way_of
from protocols.guided.events import Event
from protocols.guided.history import replay
from protocols.guided.state import RunState, Status, ends_at
from protocols.guided.steps import Protocol, SeatKey
from storage.database import Tx
from storage.tables import ProtocolVersionRow, RunEventRow, RunRow, RunSeatRow

_STATES = {
    Status.NEW: "open",
    Status.RUNNING: "open",
    Status.PAUSED: "paused",
    Status.ENDED: "done",
    Status.ABANDONED: "abandoned",
}
GOING = ("open", "paused")
WARNING = timedelta(minutes=2)
"""So long before the time of a step is up, whoever leads is told."""


class RunMovedOnError(Exception):
    """Somebody else wrote between reading the run and adding to it. Read it again and decide anew."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it stands: who sits where, where it is held, and the state that its events lead to.

    ``people`` holds whoever sits in each seat now, or sat there last; ``writers`` who wrote each entry.
    """

    id: int
    protocol: Protocol
    school_id: int | None
    visit_id: int | None
    cycle_id: int | None
    apart: str
    people: Mapping[SeatKey, int]
    writers: Mapping[int, int]
    events: tuple[Event, ...]
    state: RunState
    started_at: datetime
    moved_at: datetime

    def seat_of(self, person_id: int) -> SeatKey | None:
        """Where the person sits, or None where they have no part in it now."""
        return next((seat for seat in self.state.seats if self.people[seat] == person_id), None)

    @property
    def sitting(self) -> dict[SeatKey, int]:
        """Who sits in it now."""
        return {seat: self.people[seat] for seat in self.state.seats}


@dataclass(frozen=True, slots=True)
class RunLine:
    """What a list of runs shows without reading their events."""

    id: int
    protocol_key: str
    counts_as: str
    title: str
    school_id: int | None
    visit_id: int | None
    state: str
    started_at: datetime
    moved_at: datetime
    rests_until: date | None


def begin(
    tx: Tx,
    protocol: Protocol,
    events: Sequence[Event],
    *,
    people: Mapping[SeatKey, int],
    school_id: int | None,
    visit_id: int | None = None,
    person_id: int,
    at: datetime,
) -> int:
    """Write a new run with its first events and who sits where; its id."""
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
    state = replay(protocol, events)
    run = RunRow(
        protocol_key=protocol.key,
        protocol_digest=protocol.version,
        counts_as=protocol.counts_as,
        school_id=school_id,
        visit_id=visit_id,
        version=len(events),
        ticks_at=next_tick(protocol, state, at),
        started_at=at,
        moved_at=at,
        phase=phase_of(protocol, state),
        phase_since=at,
    )
    tx.add(run)
    tx.flush()
    assert run.id is not None
    for seat, sitter in people.items():
        tx.add(RunSeatRow(run_id=run.id, seat=seat, person_id=sitter, since=at))
    tx.add_all([_event_row(run.id, event, person_id) for event in events])
    tx.flush()
    return run.id


def get(tx: Tx, run_id: int) -> Run | None:
    """The run with everything that happened in it; None where there is none of that id, or its words were let go."""
    row = tx.exec(
        select(RunRow).where(RunRow.id == run_id).execution_options(populate_existing=True)
    ).one_or_none()
    if row is None or row.let_go_at is not None:
        return None
    version = tx.get(ProtocolVersionRow, row.protocol_digest)
    assert version is not None  # a foreign key
    protocol = Protocol.from_json(version.body)
    rows = tx.exec(
        select(RunEventRow.body, RunEventRow.person_id)
        .where(RunEventRow.run_id == run_id)
        .order_by(col(RunEventRow.seq))
    ).all()
    events = tuple(Event.from_json(body) for body, _ in rows)
    seats = select(RunSeatRow).where(RunSeatRow.run_id == run_id).order_by(col(RunSeatRow.id))
    writers: dict[int, int] = {}
    for event, (_, person_id) in zip(events, rows, strict=True):
        if event.entry is not None and person_id is not None:
            writers.setdefault(event.entry, person_id)
    return Run(
        id=run_id,
        protocol=protocol,
        school_id=row.school_id,
        visit_id=row.visit_id,
        cycle_id=row.cycle_id,
        apart=row.apart,
        people={SeatKey(sitter.seat): sitter.person_id for sitter in tx.exec(seats)},
        writers=writers,
        events=events,
        state=replay(protocol, events),
        started_at=row.started_at,
        moved_at=row.moved_at,
    )


def append(
    tx: Tx, run: Run, events: Sequence[Event], state: RunState, *, person_id: int | None, at: datetime
) -> None:
    """Add what happened. Raises ``RunMovedOnError`` where another writer was first; nothing is written then.

    ``person_id`` None: the run itself, by the clock; that is no sign of life of its people.
    """
    values = {
        "version": state.version,
        "state": _STATES[state.status],
        "ended_at": state.ended_at,
        "ticks_at": next_tick(run.protocol, state, at),
        "rests_until": None if state.is_over else state.rests.get(state.step),
    }
    if person_id is not None:
        values["moved_at"] = at
    if (phase := phase_of(run.protocol, state)) != phase_of(run.protocol, run.state):
        values |= {"phase": phase, "phase_since": at, "way": way_of(run.protocol, state)}
    try:
        with tx.begin_nested():
            tx.add_all([_event_row(run.id, event, person_id) for event in events])
            tx.flush()
            changed = tx.execute(
                update(RunRow)
                .where(col(RunRow.id) == run.id, col(RunRow.version) == run.state.version)
                .values(**values)
                .execution_options(synchronize_session=False)
            )
            assert isinstance(changed, CursorResult)
            if changed.rowcount != 1:
                raise RunMovedOnError
    except IntegrityError:
        raise RunMovedOnError from None


def next_tick(protocol: Protocol, state: RunState, at: datetime) -> datetime | None:
    """When the clock next has something to say to whoever leads: shortly before the time is up, and when it is."""
    ends = ends_at(protocol, state)
    if ends is None:
        return None
    return next((moment for moment in (ends - WARNING, ends) if moment > at), None)


def ticking(tx: Tx, now: datetime) -> list[int]:
    """Runs in which time is running out by ``now``."""
    query = select(RunRow.id).where(RunRow.state == "open", col(RunRow.ticks_at) <= now)
    return [run_id for run_id in tx.exec(query.order_by(col(RunRow.id))) if run_id is not None]


def tick_on(tx: Tx, run: Run, at: datetime) -> bool:
    """Claim what the clock says at ``at``. False where another clock had it or the run has moved on."""
    changed = tx.execute(
        update(RunRow)
        .where(
            col(RunRow.id) == run.id,
            col(RunRow.version) == run.state.version,
            col(RunRow.ticks_at) <= at,
        )
        .values(ticks_at=next_tick(run.protocol, run.state, at))
        .execution_options(synchronize_session=False)
    )
    assert isinstance(changed, CursorResult)
    return changed.rowcount == 1


def resting(tx: Tx, today: date) -> list[int]:
    """Runs whose open step comes back today, or should have before."""
    query = select(RunRow.id).where(col(RunRow.state).in_(GOING), col(RunRow.rests_until) <= today)
    return [run_id for run_id in tx.exec(query.order_by(col(RunRow.id))) if run_id is not None]


def rest_until(tx: Tx, run_id: int, day: date) -> None:
    """The open step comes back on that day, unless somebody moves the run before."""
    tx.execute(update(RunRow).where(col(RunRow.id) == run_id).values(rests_until=day))


def seat(tx: Tx, run_id: int, seat: SeatKey, person_id: int, *, at: datetime) -> None:
    """From ``at`` on the person sits there; whoever did before does no longer."""
    unseat(tx, run_id, seat, at=at)
    tx.add(RunSeatRow(run_id=run_id, seat=seat, person_id=person_id, since=at))
    tx.flush()


def unseat(tx: Tx, run_id: int, seat: SeatKey, *, at: datetime) -> None:
    """Nobody sits there any more."""
    tx.execute(
        update(RunSeatRow)
        .where(
            col(RunSeatRow.run_id) == run_id, col(RunSeatRow.seat) == seat, col(RunSeatRow.until).is_(None)
        )
        .values(until=at)
        .execution_options(synchronize_session=False)
    )


def place(tx: Tx, run_id: int, *, cycle_id: int | None, apart: str) -> None:
    """The cycle of inquiry that a run belongs to, or why it belongs to none."""
    tx.execute(update(RunRow).where(col(RunRow.id) == run_id).values(cycle_id=cycle_id, apart=apart))


def when_let_go(tx: Tx, run_id: int) -> datetime | None:
    """When the words of a run were let go; None where they are kept, or there is no such run."""
    row = tx.get(RunRow, run_id)
    return row.let_go_at if row is not None else None


def begun_visits(tx: Tx, visit_ids: Collection[int]) -> set[int]:
    """Those of these visits that a run has begun on: they take place, whatever the calendar says."""
    if not visit_ids:
        return set()
    query = select(RunRow.visit_id).where(col(RunRow.visit_id).in_(visit_ids))
    return {visit_id for visit_id in tx.exec(query) if visit_id is not None}


def link_visit(tx: Tx, run_id: int, visit_id: int) -> None:
    """The visit in which the run took place."""
    tx.execute(update(RunRow).where(col(RunRow.id) == run_id).values(visit_id=visit_id))


def going(tx: Tx, person_id: int, *, school_id: int | None = None) -> list[RunLine]:
    """The runs open or paused in which the person sits, the one moved last first."""
    conditions = [col(RunRow.state).in_(GOING), _takes_part(person_id)]
    if school_id is not None:
        conditions.append(col(RunRow.school_id) == school_id)
    return _lines(tx, conditions, col(RunRow.moved_at).desc(), 200)


def going_at(tx: Tx, school_ids: Sequence[int]) -> list[RunLine]:
    """The runs open or paused at these schools, the one moved last first."""
    conditions = [col(RunRow.state).in_(GOING), col(RunRow.school_id).in_(school_ids)]
    return _lines(tx, conditions, col(RunRow.moved_at).desc(), 1000)


def ended(tx: Tx, person_id: int, *, limit: int = 5) -> list[RunLine]:
    """The person's runs that came to their end, the latest first."""
    conditions = [col(RunRow.state) == "done", col(RunRow.let_go_at).is_(None), _takes_part(person_id)]
    return _lines(tx, conditions, col(RunRow.ended_at).desc(), limit)


def ended_at(tx: Tx, school_id: int, *, limit: int = 50) -> list[RunLine]:
    """The runs of a school that came to their end, the latest first."""
    conditions = [col(RunRow.state) == "done", col(RunRow.school_id) == school_id]
    conditions.append(col(RunRow.let_go_at).is_(None))
    return _lines(tx, conditions, col(RunRow.ended_at).desc(), limit)


def last_at(tx: Tx, school_id: int) -> Run | None:
    """The run that ended last at the school."""
    query = select(RunRow.id).where(RunRow.school_id == school_id, RunRow.state == "done")
    found = tx.exec(query.order_by(col(RunRow.ended_at).desc(), col(RunRow.id).desc())).first()
    return get(tx, found) if found is not None else None


def silent_since(tx: Tx, before: datetime) -> list[int]:
    """Runs open or paused that nobody has moved since ``before``, and nobody was reminded of after the last move.

    A step that comes back by itself is not silent: its day is set.
    """
    query = select(RunRow.id).where(
        col(RunRow.state).in_(GOING),
        col(RunRow.rests_until).is_(None),
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


def is_open(tx: Tx, run_id: int) -> bool:
    """Whether the run is going."""
    row = tx.get(RunRow, run_id)
    return row is not None and row.state in GOING


def _takes_part(person_id: int) -> ColumnElement[bool]:
    mine = select(RunSeatRow.run_id).where(RunSeatRow.person_id == person_id, col(RunSeatRow.until).is_(None))
    return col(RunRow.id).in_(mine)


def _event_row(run_id: int, event: Event, person_id: int | None) -> RunEventRow:
    return RunEventRow(run_id=run_id, seq=event.seq, body=event.to_json(), person_id=person_id, at=event.at)


def _lines(
    tx: Tx, conditions: Sequence[ColumnElement[bool]], order: UnaryExpression[Any], limit: int
) -> list[RunLine]:
    query = (
        select(RunRow, ProtocolVersionRow.title)
        .join(ProtocolVersionRow, col(ProtocolVersionRow.digest) == col(RunRow.protocol_digest))
        .where(*conditions)
        .order_by(order, col(RunRow.id).desc())
        .limit(limit)
    )
    return [_line(row, title) for row, title in tx.exec(query)]


def _line(row: RunRow, title: str) -> RunLine:
    assert row.id is not None
    return RunLine(
        id=row.id,
        protocol_key=row.protocol_key,
        counts_as=row.counts_as,
        title=title,
        school_id=row.school_id,
        visit_id=row.visit_id,
        state=row.state,
        started_at=row.started_at,
        moved_at=row.moved_at,
        rests_until=row.rests_until,
    )
