"""Letting go in a large database: no statement walks a table, and a writer gets in between any two pieces."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import event, text

from handlers.keeping import retention_clock
from storage.database import Store
from storage.tables import MessageRow
from tests.unit.keeping.test_letting_go import FAR, count, many

DELETED = (
    *("message", "attachment", "snooze", "chat_line", "question", "busy_stretch"),
    *("original", "unknown_mail", "page", "audit", "run_event", "pulse_line"),
)


@pytest.mark.parametrize("name", DELETED)
def test_letting_a_row_go_walks_no_table_that_may_refer_to_it(store: Store, name: str) -> None:
    """A row that goes is looked for in every table that refers to its own: without an index that is a walk a row."""
    with store.read() as tx:
        key = "token" if name == "attachment" else "id"
        plan = tx.execute(text(f"EXPLAIN QUERY PLAN DELETE FROM {name} WHERE {key} IN ('1', '2')")).all()
    assert [row[-1] for row in plan if row[-1].startswith("SCAN")] == []


def test_no_piece_reads_or_writes_more_than_a_window(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    many(store, 120)
    monkeypatch.setattr(retention_clock, "ROWS", 25)
    changed: list[int] = []

    @event.listens_for(store.engine, "after_cursor_execute")
    def note(_conn: object, cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith(("DELETE", "UPDATE message")):
            changed.append(getattr(cursor, "rowcount", 0))

    try:
        retention_clock.let_go(store, FAR)
    finally:
        event.remove(store.engine, "after_cursor_execute", note)
    assert sum(changed) == 120
    assert max(changed) == 25


def test_a_writer_gets_in_between_two_pieces(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who writes while a pass is under way waits for the piece that is being written, not for the pass."""
    many(store, 60)
    monkeypatch.setattr(retention_clock, "ROWS", 10)
    (part,) = (part for part in retention_clock.PARTS if part.name == "messages")
    began, written, left = threading.Event(), threading.Event(), []

    def write() -> None:
        began.wait(30)
        with store.begin() as tx:
            tx.execute(text("UPDATE person SET zone = 'America/Denver'"))
        left.append(count(store, MessageRow))
        written.set()

    real, pieces = retention_clock._piece, 0

    def piece(*given: object) -> object:
        nonlocal pieces
        pieces += 1
        if pieces == 3:
            began.set()
            assert written.wait(30), "the writer waited for more than one piece"
        return real(*given)  # type: ignore[arg-type]  # what it was called with

    monkeypatch.setattr(retention_clock, "_piece", piece)
    monkeypatch.setattr(retention_clock, "PARTS", (part,))
    writer = threading.Thread(target=write)
    writer.start()
    assert retention_clock.let_go(store, FAR + timedelta(days=1)) == 60
    writer.join(30)
    assert left == [40]
