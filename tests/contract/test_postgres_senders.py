"""On PostgreSQL: one elected clock, and several senders that never take the same message."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlmodel import select

from bot.dispatching import Desk
from handlers.card_codec import encode_card
from handlers.cards import plain
from storage import outbox
from storage.database import Store
from storage.election import CLOCK_LOCK, Election
from storage.tables import PersonRow
from tests import postgres
from tests.district import NOW, PEOPLE

pytestmark = pytest.mark.postgres


@pytest.fixture
def stores(postgres_server: postgres.Server) -> Iterator[list[Store]]:
    url = postgres_server.clone()
    opened = [Store(url) for _ in range(3)]
    yield opened
    for store in opened:
        store.close()


def test_of_several_clocks_one_leads_and_the_next_takes_over_when_it_resigns(stores: list[Store]) -> None:
    clocks = [Election(store) for store in stores]
    assert [clock.is_leader() for clock in clocks] == [True, False, False]
    assert [clock.is_leader() for clock in clocks] == [True, False, False]
    clocks[0].resign()
    assert [clock.is_leader() for clock in clocks[1:]] == [True, False]
    assert not clocks[0].is_leader()
    for clock in clocks:
        clock.resign()


def test_a_leader_whose_connection_dies_leads_no_more_once_another_does(stores: list[Store]) -> None:
    first, second = Election(stores[0]), Election(stores[1])
    assert first.is_leader()
    with stores[2].begin() as tx:
        query = text(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = :key"
        )
        tx.execute(query, {"key": CLOCK_LOCK})
    assert second.is_leader()
    assert not first.is_leader()
    second.resign()
    assert first.is_leader()
    first.resign()


def test_senders_that_claim_at_once_never_take_the_same_message_and_leave_none(
    stores: list[Store],
) -> None:
    with stores[0].begin() as tx:
        for person in tx.exec(select(PersonRow)).all():
            for number in range(5):
                assert person.id is not None
                outbox.put(
                    tx,
                    recipient_id=person.id,
                    kind="test",
                    period=str(number),
                    card=encode_card(plain("words")),
                    asked=True,
                    not_before=NOW,
                    created_at=NOW,
                )

    def send(store: Store) -> list[tuple[int, int]]:
        desk = Desk(store, ("slack",), wall=lambda: datetime.now(UTC))
        taken = []
        for _ in range(200):
            claimed = desk.claim(now=NOW, limit=3, silent={})
            for parcel in claimed.parcels:
                taken.append((parcel.recipient_id, parcel.message_id))
                with store.begin() as tx:
                    outbox.mark_sent(tx, parcel.message_id, at=NOW, platform="slack", reference={})
        return taken

    with ThreadPoolExecutor(3) as pool:
        taken = [one for part in pool.map(send, stores) for one in part]
    assert len(taken) == len(set(taken)) == 5 * len(PEOPLE)
    with stores[0].read() as tx:
        assert outbox.count_by_state(tx) == {"sent": 5 * len(PEOPLE)}
