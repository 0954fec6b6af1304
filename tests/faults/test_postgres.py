"""On PostgreSQL: several processes share the work, and go on when connections, servers and each other die."""

import asyncio
import random
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, event, text
from sqlmodel import select

from handlers.actions import act
from handlers.reception import Inbound, Pressed, Said, Sender, receive
from storage import database
from storage.database import Store
from storage.election import CLOCK_LOCK, Election
from storage.tables import InboundRow, MeetingRow
from tests import postgres
from tests.chat import Chat
from tests.district import NOW, email
from tests.faults.conftest import Injected
from tests.faults.crowd import is_over, members, put_crowd, tell
from tests.faults.invariants import Expected, faults
from tests.faults.platforms import Slack, slack_names, until
from tests.faults.processes import Machine, Process

pytestmark = pytest.mark.postgres
TESTS = Expected(kinds=("test",))
MONDAY = "2026-11-30 13:00"


@pytest.fixture
def district(postgres_server: postgres.Server) -> Iterator[Store]:
    store = Store(postgres_server.clone())
    yield store
    store.close()


class Outside:
    """What an administrator of the server can do to one database, on a connection elsewhere."""

    def __init__(self, store: Store) -> None:
        self.name = store.engine.url.database
        self.engine = create_engine(
            store.engine.url.set(database="postgres"), isolation_level="AUTOCOMMIT", pool_size=1
        )

    def run(self, statement: str, **values: Any) -> Any:
        with self.engine.connect() as connection:
            result = connection.execute(text(statement), {"name": self.name} | values)
            return result.scalar_one_or_none() if result.returns_rows else None

    def end_connections(self) -> int:
        """Kill every connection to the database; how many there were."""
        return int(
            self.run(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE datname = :name AND pid <> pg_backend_pid()"
            )
        )

    def let_in(self, is_open: bool) -> None:
        """Whether the server takes new connections to it."""
        self.run(f'ALTER DATABASE "{self.name}" WITH ALLOW_CONNECTIONS {"true" if is_open else "false"}')

    def leader(self) -> int | None:
        """The connection that holds the clock's lock."""
        found = self.run(
            "SELECT min(l.pid) FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
            " WHERE d.datname = :name AND l.locktype = 'advisory' AND l.objid = :lock AND l.granted",
            lock=CLOCK_LOCK,
        )
        return None if found is None else int(found)


@pytest.fixture
def outside(district: Store) -> Iterator[Outside]:
    outside = Outside(district)
    yield outside
    outside.let_in(True)
    outside.engine.dispose()


Scene = Callable[[Slack, list[Process]], Awaitable[None]]


def with_several(machine: Machine, store: Store, people: int, scene: Scene) -> None:
    """Two that serve and one clock, all of which send, on one database."""

    async def play() -> None:
        with store.begin() as tx:
            put_crowd(tx, people)
        slack = Slack(members(people))
        await slack.start()
        machine.environment |= slack_names(slack) | {"DATABASE_URL": store.url}
        try:
            await scene(slack, [machine.start(name) for name in ("web", "web", "clock")])
        finally:
            for process in machine.started:
                if process.code() is None:
                    await asyncio.to_thread(process.kill)
            await slack.stop()

    asyncio.run(play())


@pytest.mark.long
@pytest.mark.fault(1, 4, "three senders on PostgreSQL, one killed and begun anew again and again (processes)")
def test_several_senders_of_which_one_is_always_dying(
    machine: Machine, injected: Injected, district: Store, kills: int
) -> None:
    times = max(kills // 10, 2)
    chance = random.Random(times)

    async def scene(slack: Slack, running: list[Process]) -> None:
        slack.takes = 0.05
        for number in range(times):
            tell(district, first=number)
            before = len(slack.ledger)
            await until(lambda before=before: len(slack.ledger) > before + 10, *running)
            place = chance.randrange(len(running))
            assert await asyncio.to_thread(running[place].kill) == -signal.SIGKILL
            injected.count()
            running[place] = machine.start("clock" if place == 2 else "web")
        await until(lambda: is_over(district), *running)
        assert faults(district.url, slack.shown(), TESTS) == []

    with_several(machine, district, 50, scene)


@pytest.mark.long
@pytest.mark.fault(27, "every connection is killed again and again in mid-sending (processes)")
def test_connections_that_die_in_the_middle_of_a_fan_out(
    machine: Machine, injected: Injected, district: Store, outside: Outside
) -> None:
    async def scene(slack: Slack, running: list[Process]) -> None:
        slack.takes = 0.05
        tell(district, each=3)
        for _ in range(6):
            before = len(slack.ledger)
            await until(lambda before=before: len(slack.ledger) > before + 8 or is_over(district), *running)
            injected.count(await asyncio.to_thread(outside.end_connections))
        await until(lambda: is_over(district), *running)
        assert [one.code() for one in running] == [None] * 3
        assert faults(district.url, slack.shown(), TESTS) == []

    with_several(machine, district, 50, scene)


@pytest.mark.long
@pytest.mark.fault(27, "the server takes no connections for some seconds, as in a fail-over (processes)")
def test_a_fail_over_is_waited_for(
    machine: Machine, injected: Injected, district: Store, outside: Outside
) -> None:
    async def scene(slack: Slack, running: list[Process]) -> None:
        slack.takes = 0.05
        tell(district, each=2)
        await until(lambda: len(slack.ledger) > 20, *running)
        await asyncio.to_thread(outside.let_in, False)
        injected.count(await asyncio.to_thread(outside.end_connections))
        await asyncio.sleep(1.0)
        there = len(slack.ledger)
        await asyncio.sleep(1.0)
        assert len(slack.ledger) == there, "sent without a claim"
        await asyncio.to_thread(outside.let_in, True)
        await until(lambda: is_over(district), *running)
        assert [one.code() for one in running] == [None] * 3
        assert faults(district.url, slack.shown(), TESTS) == []

    with_several(machine, district, 50, scene)


# -------------------------------------------------------------------- one press, disturbed at each of its statements

BOOK = act("meeting.book", meeting=1, v=1)


def press() -> Inbound:
    who = email("dev.patel")
    return Inbound(("test:book",), Sender("test", "T", who, email=who), Pressed(BOOK.encode()))


def statements_of(store: Store, work: Callable[[], object]) -> int:
    """How many statements the work takes."""
    seen = [0]

    def count(*_what: object) -> None:
        seen[0] += 1

    event.listen(store.engine, "before_cursor_execute", count)
    work()
    event.remove(store.engine, "before_cursor_execute", count)
    return seen[0]


def disturbed(store: Store, at: int, disturb: Callable[[Connection], None]) -> list[str]:
    """The outcome of the press when something happens to its connection at that statement, and of its repeat."""
    seen = [0]

    def step(connection: Connection, *_what: object) -> None:
        seen[0] += 1
        if seen[0] == at:
            disturb(connection)

    event.listen(store.engine, "before_cursor_execute", step)
    first = receive(store, press(), now=NOW + timedelta(days=6)).outcome
    event.remove(store.engine, "before_cursor_execute", step)
    return [first, receive(store, press(), now=NOW + timedelta(days=6)).outcome]


def kill_it(outside: Outside) -> Callable[[Connection], None]:
    def disturb(connection: Connection) -> None:
        assert connection.connection.dbapi_connection is not None
        pid = connection.connection.dbapi_connection.info.backend_pid
        outside.run("SELECT pg_terminate_backend(:pid)", pid=pid)

    return disturb


def fail_with(code: str) -> Callable[[Connection], None]:
    def disturb(connection: Connection) -> None:
        cursor = connection.connection.cursor()
        with suppress(Exception):
            cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'injected' USING ERRCODE = '{code}'; END $$")
        # The next statement would only be told that the transaction is over; so this one is told why.
        cursor = connection.connection.cursor()
        cursor.execute("ROLLBACK")
        cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'injected' USING ERRCODE = '{code}'; END $$")

    return disturb


@pytest.mark.parametrize("kind", ["connection killed", "serialization failure", "deadlock"])
@pytest.mark.fault(
    27, "a press whose transaction fails at a statement: killed, serialization, deadlock (both halves)"
)
def test_a_press_that_the_database_breaks_off_is_made_again_as_a_whole(
    postgres_server: postgres.Server, injected: Injected, kills: int, kind: str
) -> None:
    store = Store(postgres_server.clone())
    chat = Chat(store, at=MONDAY)
    chat.person(email("dev.patel")).says("meeting with principals Wed 13:00 for 30 min about bus routes")
    outside = Outside(store)
    ways = {
        "connection killed": kill_it(outside),
        "serialization failure": fail_with("40001"),
        "deadlock": fail_with("40P01"),
    }
    snapshot = f"{outside.name}_before"
    store.close()
    outside.run(f'CREATE DATABASE "{snapshot}" TEMPLATE "{outside.name}"')
    total = statements_of(store, lambda: receive(store, press(), now=NOW + timedelta(days=6)))
    assert total > 10
    places = random.Random(kind).sample(range(1, total + 1), min(max(kills // 8, 3), total))
    for place in places:
        store.close()
        outside.end_connections()
        outside.run(f'DROP DATABASE "{outside.name}"')
        outside.run(f'CREATE DATABASE "{outside.name}" TEMPLATE "{snapshot}"')
        assert disturbed(store, place, ways[kind]) == ["done", "repeat"], f"statement {place} of {total}"
        injected.count()
        with store.read() as tx:
            assert [row.state for row in tx.exec(select(MeetingRow))] == ["booked"]
        assert faults(store.url) == []
    store.close()
    outside.engine.dispose()


@pytest.mark.fault(27, "all connections of the pool are in use (both sides of a bounded wait)")
def test_when_the_pool_is_used_up_a_person_is_asked_to_try_again(
    district: Store, injected: Injected, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(district.engine.pool, "_timeout", 0.2)
    who = email("dev.patel")
    said = Inbound(("test:help",), Sender("test", "T", who, email=who), Said("help"))
    held = [district.engine.connect() for _ in range(20)]
    injected.count(len(held))
    received = receive(district, said, now=NOW)
    assert (received.outcome, received.answer is not None) == ("busy", True)
    for one in held:
        one.close()
    assert receive(district, said, now=NOW).outcome == "done"


@pytest.mark.long
@pytest.mark.fault(27, "a server that accepts connections and never answers; one that is not there (both)")
def test_a_server_that_does_not_answer_is_not_waited_for_for_ever(
    injected: Injected, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "CONNECT_SECONDS", 2)

    who = email("dev.patel")
    said = Inbound(("test:help",), Sender("test", "T", who, email=who), Said("help"))
    with socket.create_server(("127.0.0.1", 0)) as silent:  # the kernel accepts, and nobody is there
        for where in (silent.getsockname()[1], 1):
            store = Store(f"postgresql+psycopg://postgres@127.0.0.1:{where}/nothing")
            assert receive(store, said, now=NOW).outcome == "busy"
            injected.count()
            store.close()


# -------------------------------------------------------------------- the elected clock


def old_event(store: Store) -> None:
    """What only a clock does away with: an event of long ago."""
    with store.begin() as tx:
        tx.add(InboundRow(key="test:old", at=datetime.now(UTC) - timedelta(days=365)))


def is_forgotten(store: Store) -> bool:
    with store.read() as tx:
        return tx.exec(select(InboundRow).where(InboundRow.key == "test:old")).first() is None


@pytest.mark.long
@pytest.mark.parametrize("how", ["killed", "frozen", "stopped"])
@pytest.mark.fault(4, "the elected clock is killed, frozen or stopped beside another (processes)")
def test_the_next_clock_takes_over_and_does_what_is_due(
    machine: Machine, injected: Injected, district: Store, outside: Outside, how: str
) -> None:
    """A minute of the clock is a second here: what is due must be done before the second one's next minute is over."""
    machine.patience = dict(machine.patience) | {
        "storage.election:SILENT_SECONDS": 8,
        "bot.scheduler:HEARTBEAT_SECONDS": 1,
    }

    async def scene() -> None:
        slack = Slack({})
        await slack.start()
        machine.environment |= slack_names(slack) | {"DATABASE_URL": district.url}
        first = machine.start("clock")
        await until(lambda: outside.leader() is not None, first)
        leader = outside.leader()
        second = machine.start("clock")
        await until(lambda: "Ticking" in second.said(), second)
        await asyncio.sleep(1.5)
        assert outside.leader() == leader, "there are two"
        old_event(district)
        number = {"killed": signal.SIGKILL, "frozen": signal.SIGSTOP, "stopped": signal.SIGTERM}[how]
        first.send(number)
        injected.count()
        await until(lambda: outside.leader() not in (None, leader), first, second, patience=30)
        await until(lambda: is_forgotten(district), first, second, patience=30)
        if how == "frozen":
            follower = outside.leader()
            first.send(signal.SIGCONT)
            await asyncio.sleep(2.0)
            assert outside.leader() == follower, "the one that woke up leads again"
        for one in (first, second):
            await asyncio.to_thread(one.kill)
        await slack.stop()

    asyncio.run(scene())


@pytest.mark.fault(4, "a clock's ticks ask at the same moment whether it leads (threads)")
def test_a_clock_may_be_asked_by_all_its_ticks_at_once(district: Store, injected: Injected) -> None:
    election = Election(district)
    with ThreadPoolExecutor(8) as pool:
        for _ in range(40):
            answers = list(pool.map(lambda _one: election.is_leader(), range(8)))
            injected.count(8)
            assert answers == [True] * 8
            if random.random() < 0.3:
                election.resign()
    election.resign()
