"""Runs as rows: the events are the run, and only one of two simultaneous writers wins."""

from datetime import UTC, datetime

import pytest

from protocols.guided.catalog import library
from protocols.guided.engine import begin, decide
from protocols.guided.history import follow
from protocols.guided.moves import Answer
from protocols.guided.steps import Role, seat_key
from storage import runs
from storage.database import Store
from storage.people import schools_on

AT = datetime(2026, 12, 1, 14, 0, tzinfo=UTC)


def begun(store: Store) -> int:
    protocol = library()["walkthrough"]
    with store.begin() as tx:
        school = schools_on(tx, AT.date())[0]
        assert school.principal_id is not None
        assert school.ild_id is not None
        return runs.begin(
            tx,
            protocol,
            begin(protocol, at=AT),
            school_id=school.id,
            people={seat_key(Role.HOST): school.principal_id, seat_key(Role.VISITOR): school.ild_id},
            person_id=school.ild_id,
            at=AT,
        )


def read(store: Store, run_id: int) -> runs.Run:
    with store.read() as tx:
        run = runs.get(tx, run_id)
    assert run is not None
    return run


def add(store: Store, run: runs.Run, text: str) -> None:
    events = decide(run.protocol, run.state, Answer(Role.HOST, run.state.step, text), at=AT)
    with store.begin() as tx:
        runs.append(
            tx,
            run,
            events,
            follow(run.protocol, run.state, events),
            person_id=run.people[seat_key(Role.HOST)],
            at=AT,
        )


def test_a_run_reads_back_as_it_was_written(store: Store) -> None:
    run = read(store, begun(store))
    add(store, run, "Students talk to each other.")
    again = read(store, run.id)
    assert again.protocol == library()["walkthrough"]
    assert [entry.text for entry in again.state.entries] == ["Students talk to each other."]
    assert [event.seq for event in again.events] == list(range(1, again.state.version + 1))


def test_whoever_read_an_older_state_is_told_that_the_run_moved_on(store: Store) -> None:
    run = read(store, begun(store))
    add(store, run, "Students talk to each other.")
    with pytest.raises(runs.RunMovedOnError):
        add(store, run, "Something else altogether.")
    assert [entry.text for entry in read(store, run.id).state.entries] == ["Students talk to each other."]


def test_a_run_is_reminded_of_once_until_it_moves(store: Store) -> None:
    run = read(store, begun(store))
    later = datetime(2026, 12, 3, 14, 0, tzinfo=UTC)
    with store.begin() as tx:
        assert runs.silent_since(tx, later) == [run.id]
        assert runs.mark_reminded(tx, run, at=later)
        assert not runs.mark_reminded(tx, run, at=later)
        assert runs.silent_since(tx, later) == []


def test_a_run_that_moved_is_not_reminded_of_from_an_older_reading(store: Store) -> None:
    run = read(store, begun(store))
    add(store, run, "Students talk to each other.")
    with store.begin() as tx:
        assert not runs.mark_reminded(tx, run, at=AT)
