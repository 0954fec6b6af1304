"""What was acknowledged is not lost: it is written down first, and worked on by whoever starts next."""

import asyncio
import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import event
from sqlmodel import select

from bot.arrivals import Arrivals
from bot.inbox import Inbox
from handlers.cards import Card
from handlers.reception import Inbound, Received, Said, Sender
from storage import record
from storage.database import Store, StoreBusyError, Tx
from storage.tables import KeptInboundRow, MessageRow
from tests.district import email

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
WRITERS = ("imani.brooks", "grace.lindqvist", "ruth.castellanos", "dev.patel", "tomas.rivera")


def hello(number: int, *, who: str = "imani.brooks") -> Inbound:
    return Inbound((f"test:{number}",), Sender("slack", "T", who, email=email(who)), Said("help"))


async def ignore(_card: Card) -> None:
    return


async def nobody(_sender: Sender) -> str | None:
    return None


def inbox(store: Store) -> Inbox:
    return Inbox(store, now=lambda: NOW, on_change=lambda: None)


def kept(store: Store) -> list[str]:
    with store.read() as tx:
        return list(tx.exec(select(KeptInboundRow.key)))


def answers(store: Store) -> int:
    with store.read() as tx:
        return len(tx.exec(select(MessageRow.id)).all())


def test_an_event_is_written_down_until_it_has_been_worked_on(store: Store) -> None:
    async def scene() -> None:
        desk = inbox(store)
        task = await desk.take(hello(1), ignore)
        assert await task == "done"
        desk.close()

    asyncio.run(scene())
    assert kept(store) == []
    assert answers(store) == 1


def test_what_a_killed_process_had_acknowledged_is_answered_once_by_the_next(store: Store) -> None:
    async def killed() -> None:
        desk = inbox(store)
        await desk._keep(hello(1))  # acknowledged here, and then the process dies
        desk.close()

    async def next_process() -> int:
        desk = inbox(store)
        count = await desk.resume(nobody)
        await desk.drain()
        desk.close()
        return count

    asyncio.run(killed())
    assert (kept(store), answers(store)) == (["test:1"], 0)
    assert [asyncio.run(next_process()), asyncio.run(next_process())] == [1, 0]
    assert (kept(store), answers(store)) == ([], 1)


def test_words_of_somebody_not_known_yet_survive_a_kill_too(store: Store) -> None:
    """The next process asks the platform who they are, as this one would have."""
    words = Inbound(("test:1",), Sender("slack", "T", "U7"), Said("help"))
    asked = []

    async def email_of(sender: Sender) -> str | None:
        asked.append(sender.user)
        return email("imani.brooks")

    async def scene() -> None:
        killed = inbox(store)
        await killed._keep(words)
        killed.close()
        desk = inbox(store)
        await desk.resume(email_of)
        await desk.drain()
        desk.close()

    asyncio.run(scene())
    assert asked == ["U7"]
    assert (kept(store), answers(store)) == ([], 1)


def test_an_event_worked_on_by_another_process_meanwhile_is_only_crossed_out(store: Store) -> None:
    async def scene() -> None:
        desk = inbox(store)
        await (await desk.take(hello(1), ignore))
        await desk._keep(hello(1))
        await desk.resume(nobody)
        await desk.drain()
        desk.close()

    asyncio.run(scene())
    assert (kept(store), answers(store)) == ([], 1)


def test_a_strangers_event_is_not_kept_for_ever(store: Store) -> None:
    async def scene() -> None:
        desk = inbox(store)
        stranger = Inbound(("test:1",), Sender("slack", "T", "U9"), Said("hello"))
        assert await (await desk.take(stranger, ignore)) == "unknown"
        desk.close()

    asyncio.run(scene())
    assert kept(store) == []


def test_an_event_answered_with_try_again_is_not_acted_on_later(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.inbox.receive", lambda *_args, **_kwargs: Received("busy"))

    async def scene() -> None:
        desk = inbox(store)
        assert await (await desk.take(hello(1), ignore)) == "busy"
        desk.close()

    asyncio.run(scene())
    assert kept(store) == []


def test_a_store_that_stays_busy_does_not_break_the_desk(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_args: object, **_kwargs: object) -> None:
        raise StoreBusyError

    monkeypatch.setattr("bot.inbox.receive", lambda *_args, **_kwargs: Received("busy"))
    monkeypatch.setattr(Inbox, "_release", locked)

    async def scene() -> None:
        desk = inbox(store)
        assert await (await desk.take(hello(1), ignore)) == "busy"
        desk.close()

    asyncio.run(scene())


def test_keeping_twice_keeps_once(store: Store) -> None:
    for _ in range(2):
        with store.begin() as tx:
            record.keep_inbound(tx, key="test:1", body="{}", at=NOW)
    assert kept(store) == ["test:1"]


# -------------------------------------------------------------------- written down at once, whatever else goes on


def test_writing_down_does_not_wait_for_the_work_that_others_make(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_end = threading.Event()

    def slow(*_args: object, **_kwargs: object) -> Received:
        assert may_end.wait(20)
        return Received("done")

    monkeypatch.setattr("bot.inbox.receive", slow)
    monkeypatch.setattr("bot.inbox.KEEP_SECONDS", 20.0)

    async def scene() -> None:
        desk = inbox(store)
        for number, who in enumerate(WRITERS * 3):
            await desk.take(hello(number, who=who), ignore)
        assert len(kept(store)) == 3 * len(WRITERS), "acknowledged before it was written down"
        may_end.set()
        await desk.drain()
        desk.close()

    asyncio.run(scene())


def test_what_comes_at_once_is_written_down_together(store: Store) -> None:
    commits = [0]

    def count(_connection: object) -> None:
        commits[0] += 1

    event.listen(store.engine, "commit", count)

    async def scene() -> None:
        arrivals = Arrivals(store, wall=lambda: NOW)
        await asyncio.gather(*(arrivals.keep(hello(number)) for number in range(50)))
        arrivals.close()

    asyncio.run(scene())
    assert len(kept(store)) == 50
    assert commits[0] <= 2


def test_one_that_cannot_be_written_down_does_not_keep_the_others_back(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = record.keep_inbound

    def fail(tx: Tx, *, key: str, body: str, at: datetime) -> None:
        if key == "test:1":
            raise ValueError(key)
        write(tx, key=key, body=body, at=at)

    monkeypatch.setattr(record, "keep_inbound", fail)

    async def scene() -> list[object]:
        arrivals = Arrivals(store, wall=lambda: NOW)
        came = [arrivals.keep(hello(number)) for number in range(3)]
        ended = await asyncio.gather(*came, return_exceptions=True)
        arrivals.close()
        return list(map(type, ended))

    assert asyncio.run(scene()) == [type(None), ValueError, type(None)]
    assert sorted(kept(store)) == ["test:0", "test:2"]


def test_what_cannot_be_written_down_in_time_is_acknowledged_and_still_written_down(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.inbox.KEEP_SECONDS", 0.05)

    async def scene() -> None:
        desk = inbox(store)
        with store.begin() as tx:
            record.put_setting(tx, "a long one", {})
            await desk._keep(hello(1))
            assert kept(store) == []
        monkeypatch.setattr("bot.inbox.KEEP_SECONDS", 20.0)
        await desk._keep(hello(2))  # comes after the first
        desk.close()

    asyncio.run(scene())
    assert sorted(kept(store)) == ["test:1", "test:2"]
