"""A disk that is full, a clock that jumps: nothing said twice, nothing lost, and a sentence for whoever waits."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event
from sqlmodel import select

from handlers.clock import run_due
from handlers.reception import Inbound, Said, Sender, receive
from storage import outbox
from storage.database import Store, StoreBusyError
from storage.tables import DigestRow, InboundRow
from tests.district import NOW, email
from tests.faults import stories
from tests.faults.conftest import Injected


def hello(number: int) -> Inbound:
    who = email("imani.brooks")
    return Inbound((f"test:{number}",), Sender("test", "T", who, email=who), Said("help"))


@pytest.fixture
def full_store(store: Store) -> Iterator[Store]:
    """A second way into the same file, which may not grow by a single page."""
    full = Store(store.url)

    @event.listens_for(full.engine, "connect")
    def limit(connection: object, _record: object) -> None:
        connection.execute("PRAGMA max_page_count=1")  # type: ignore[attr-defined]  # sqlite3's; it means: as now

    yield full
    full.close()


def fill(full: Store) -> None:
    """Use up what room there is left."""
    for number in range(50):
        with full.begin() as tx:
            tx.add(InboundRow(key=f"{number}{'x' * 20_000}", at=NOW))


@pytest.mark.fault(16, "the database file may not grow while people write (server)")
def test_on_a_full_disk_a_person_gets_a_sentence_and_can_go_on_when_there_is_room(
    store: Store, full_store: Store, injected: Injected
) -> None:
    received = [receive(full_store, hello(number), now=NOW) for number in range(60)]
    refused = [one for one in received if one.outcome not in ("done", "repeat")]
    assert refused, "the file grew after all"
    injected.count(len(refused))
    assert all(one.outcome == "busy" and one.answer is not None for one in refused)
    again = [receive(store, hello(number), now=NOW).outcome for number in range(60)]
    assert again.count("done") == len(refused)
    assert set(again) <= {"done", "repeat"}


def test_what_is_queued_stays_queued_while_nothing_can_be_written(store: Store, full_store: Store) -> None:
    receive(store, hello(1), now=NOW)
    with pytest.raises(StoreBusyError):
        fill(full_store)
    with store.read() as tx:
        assert outbox.count_by_state(tx) == {"queued": 1}


@pytest.mark.parametrize(
    "jumps",
    [
        pytest.param([timedelta(hours=1)], id="an hour on"),
        pytest.param([timedelta(hours=-1)], id="an hour back"),
        pytest.param([timedelta(days=1), timedelta(0)], id="a day on and back"),
        pytest.param([timedelta(days=7), timedelta(days=-7), timedelta(0)], id="a week on and two back"),
        pytest.param([datetime(1970, 1, 2, tzinfo=NOW.tzinfo) - NOW, timedelta(0)], id="back to 1970"),
    ],
)
@pytest.mark.fault(13, "the clock jumps around the digest's hour (the clock's work)")
def test_a_clock_that_jumps_gives_nobody_a_second_digest(
    store: Store, jumps: list[timedelta], injected: Injected
) -> None:
    *_events, tick = stories.week(store)
    run_due(store, tick.at)
    with store.read() as tx:
        digests = sorted((row.principal_id, row.week) for row in tx.exec(select(DigestRow)))
    assert len(digests) == 3
    for jump in jumps:
        assert run_due(store, tick.at + jump)["failed"] == 0
        injected.count()
    with store.read() as tx:
        assert sorted((row.principal_id, row.week) for row in tx.exec(select(DigestRow))) == digests


def test_a_clock_set_back_to_1970_does_not_free_what_a_sender_holds(store: Store) -> None:
    receive(store, hello(1), now=NOW)
    with store.begin() as tx:
        assert len(outbox.claim(tx, sender="first", now=NOW, limit=5)) == 1
    past = datetime(1970, 1, 2, tzinfo=NOW.tzinfo)
    run_due(store, past)
    with store.begin() as tx:
        assert outbox.claim(tx, sender="second", now=past, limit=5) == []
        assert outbox.count_by_state(tx) == {"claimed": 1}
