"""What a sender's question costs while a whole district waits to be written to."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert
from sqlmodel import select

from storage import outbox
from storage.database import Store
from storage.tables import MessageRow, PersonRow
from tests.district import NOW

BACKENDS = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
EACH = 150


@pytest.fixture
def crowded(store: Store) -> Store:
    """Everybody has ``EACH`` messages waiting, of which the last are not due yet, and no planner has heard of it."""
    with store.begin() as tx:
        people = [one for one in tx.exec(select(PersonRow.id)) if one is not None]
        rows = [
            MessageRow(
                recipient_id=person,
                kind="test",
                period=str(number),
                card="{}",
                asked=number % 7 == 0,
                not_before=NOW + timedelta(minutes=number - EACH + 10),
                created_at=NOW,
            ).model_dump(exclude={"id"})
            for number in range(EACH)
            for person in people
        ]
        tx.execute(insert(MessageRow), rows)
    return store


@pytest.mark.parametrize("store", BACKENDS, indirect=True)
def test_each_is_found_along_an_index_whatever_else_waits(crowded: Store) -> None:
    asked: dict[str, Any] = {}

    def note(_c: object, _cursor: object, statement: str, values: Any, *_rest: object) -> None:
        if statement.startswith("SELECT message."):
            asked[statement] = values

    event.listen(crowded.engine, "before_cursor_execute", note)
    with crowded.begin() as tx:
        outbox.claim(tx, sender="test", now=NOW, limit=50)
    event.remove(crowded.engine, "before_cursor_execute", note)
    assert len(asked) == 2, "what was asked for, and the rest"
    explain = "EXPLAIN QUERY PLAN" if crowded.is_sqlite else "EXPLAIN"
    for statement, values in asked.items():
        with crowded.read() as tx:
            lines = [
                str(row[-1]) for row in tx.connection().exec_driver_sql(f"{explain} {statement}", values)
            ]
        plan = "\n".join(lines)
        assert "message_next" in plan, plan
        assert "message_line" in plan, plan
        assert "Sort" not in plan, plan
        assert "TEMP B-TREE" not in plan, plan
        assert not [line for line in lines if "Seq Scan" in line or line.startswith("SCAN")], plan


@pytest.mark.parametrize("store", BACKENDS, indirect=True)
def test_what_was_asked_for_goes_first_and_each_in_the_order_it_was_written(crowded: Store) -> None:
    """Until nothing is due: one at a time to each, none before an older one of the same recipient."""
    went: dict[int, list[int]] = {}
    first: list[bool] = []
    while True:
        with crowded.begin() as tx:
            rows = outbox.claim(tx, sender="test", now=NOW, limit=4)
            assert len({row.recipient_id for row in rows}) == len(rows)
            for row in rows:
                assert row.id is not None
                went.setdefault(row.recipient_id, []).append(row.id)
                first.append(row.asked)
                outbox.mark_sent(tx, row.id, at=NOW, platform="test", reference={})
        if not rows:
            break
    assert all(first[: len(went)]), "the oldest to everybody was asked for"
    assert all(ids == sorted(ids) for ids in went.values())
    assert {len(ids) for ids in went.values()} == {EACH - 9}


@pytest.mark.parametrize("store", BACKENDS, indirect=True)
def test_whoever_is_being_written_to_or_in_doubt_is_passed_over(crowded: Store) -> None:
    with crowded.begin() as tx:
        held, doubtful = outbox.claim(tx, sender="test", now=NOW, limit=2)
        outbox.mark_unknown(tx, doubtful.id or 0, why="lost", look_up_at=NOW)
    with crowded.begin() as tx:
        others = outbox.claim(tx, sender="other", now=NOW, limit=100)
        everybody = len(tx.exec(select(PersonRow.id)).all())
    assert {held.recipient_id, doubtful.recipient_id}.isdisjoint(row.recipient_id for row in others)
    assert len(others) == everybody - 2
