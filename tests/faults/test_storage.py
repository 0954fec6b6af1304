"""The database under the real processes: full, gone, locked, damaged, and put back from a backup."""

import asyncio
import os
import resource
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from storage.database import Store
from tests.faults.conftest import Injected
from tests.faults.crowd import is_over, states, tell
from tests.faults.invariants import Expected, faults
from tests.faults.platforms import Slack, until
from tests.faults.processes import Machine, Process
from tests.faults.test_fan_out import TESTS, come_to_work, ended, on_slack

UNKNOWN_LIMIT = resource.RLIM_INFINITY


FULL = 250_000
"""Bytes that a file may have on a disk that is full: more than the process's own log, less than the database's."""


def let_no_file_grow(process: Process, size: int) -> None:
    """From outside: from now on no file of this process may become larger than that. So does a full disk feel."""
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (size, UNKNOWN_LIMIT))


@pytest.mark.long
@pytest.mark.fault(
    16, "no file of the process can grow in the middle of a fan-out, then it can again (processes)"
)
def test_on_a_full_disk_nothing_is_sent_that_was_not_claimed(machine: Machine, injected: Injected) -> None:
    async def scene(slack: Slack, store: Store) -> None:
        tell(store)
        process = machine.start("web")
        for _ in range(2):
            before = len(slack.ledger)
            await until(lambda before=before: len(slack.ledger) > before + 15, process)
            told = process.said().count("the database cannot be written to")
            let_no_file_grow(process, FULL)
            await until(
                lambda told=told: process.said().count("the database cannot be written to") > told, process
            )
            injected.count()
            full = len(slack.ledger)
            await asyncio.sleep(1.0)
            assert len(slack.ledger) <= full + 8, "sent without a claim"
            assert process.code() is None
            let_no_file_grow(process, UNKNOWN_LIMIT)
        await until(lambda: is_over(store), process)
        assert faults(store.url, slack.shown(), TESTS) == []

    on_slack(machine, 120, scene)


@pytest.mark.long
@pytest.mark.fault(16, "the folder of the database is gone and comes back (processes)")
def test_without_its_folder_the_sender_waits_and_goes_on_by_itself(
    machine: Machine, injected: Injected
) -> None:
    async def scene(slack: Slack, store: Store) -> None:
        tell(store)
        store.close()
        home, away = machine.folder / "home", machine.folder / "away"
        home.mkdir()
        for file in machine.folder.glob("crowd.sqlite*"):
            file.rename(home / file.name)
        machine.environment["DATABASE_URL"] = f"sqlite:///{home / 'crowd.sqlite'}"
        process = machine.start("web")
        await until(lambda: len(slack.ledger) > 10, process)
        home.rename(away)
        started = machine.start("tick")  # what starts meanwhile says what is wrong
        injected.count()
        assert await ended(started.wait) == 1
        assert "does not answer" in started.said()
        assert not home.exists(), "it began a new database"
        away.rename(home)
        moved = Store(machine.environment["DATABASE_URL"])
        await until(lambda: is_over(moved), process)
        assert faults(moved.url, slack.shown(), TESTS) == []
        moved.close()

    on_slack(machine, 60, scene)


@pytest.mark.long
@pytest.mark.fault(16, "the database may only be read (processes)")
def test_what_cannot_be_written_is_not_served(machine: Machine, injected: Injected) -> None:
    async def scene(slack: Slack, store: Store) -> None:
        tell(store)
        store.close()
        read_only = f"sqlite:///file:{machine.folder / 'crowd.sqlite'}?mode=ro&uri=true"
        for name in ("web", "tick"):
            process = machine.start(name, DATABASE_URL=read_only)
            injected.count()
            assert await ended(process.wait) == 1
            assert process.said().strip(), "it ended without a word"
            assert "Traceback" not in process.said()
        assert slack.ledger == []

    on_slack(machine, 20, scene)


@pytest.mark.long
@pytest.mark.parametrize(
    ("seconds", "patience"),
    [
        pytest.param(3.0, {"storage.database:BUSY_TIMEOUT_SECONDS": 1}, id="longer than it waits"),
        pytest.param(60.0, {}, id="a minute", marks=pytest.mark.long),
    ],
)
@pytest.mark.fault(
    17, "another program locks the database in the middle of a fan-out, for a minute (processes)"
)
def test_a_locked_database_is_waited_for(
    machine: Machine, injected: Injected, seconds: float, patience: dict[str, float]
) -> None:
    async def scene(slack: Slack, store: Store) -> None:
        tell(store)
        process = machine.start("web", patience=patience)
        await until(lambda: len(slack.ledger) > 20, process)
        with closing(sqlite3.connect(machine.folder / "crowd.sqlite", timeout=30)) as backup:
            backup.execute("BEGIN IMMEDIATE")
            held = len(slack.ledger)
            injected.count()
            await asyncio.sleep(seconds)
            assert len(slack.ledger) <= held + 8, "sent without a claim"
            assert process.code() is None, process.said()
            backup.execute("ROLLBACK")
        await until(lambda: is_over(store), process)
        assert "Traceback" not in process.said()
        assert faults(store.url, slack.shown(), TESTS) == []

    on_slack(machine, 120, scene)


@pytest.mark.long
@pytest.mark.fault(17, "a reader that never ends while 8,000 changes are written (processes)")
def test_behind_a_long_reader_the_log_grows_only_while_it_reads(machine: Machine, injected: Injected) -> None:
    async def scene(slack: Slack, store: Store) -> None:
        file = machine.folder / "crowd.sqlite"
        log = file.with_name(file.name + "-wal")
        tell(store, each=10)
        process = machine.start("web")
        with closing(sqlite3.connect(file)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM message").fetchone()
            await until(lambda: len(slack.ledger) > 300, process)
            grown = log.stat().st_size
            injected.count()
            assert grown > 1_000_000, "the reader held nothing up"
        await until(lambda: is_over(store), process)
        tell(store, first=10, each=1)
        await until(lambda: is_over(store), process)
        assert log.stat().st_size < max(grown, 16_000_000) / 2, "the log keeps its greatest size for ever"
        assert faults(store.url, slack.shown(), TESTS) == []

    on_slack(machine, 60, scene)


@pytest.mark.long
@pytest.mark.fault(18, "a page in the middle of the file is overwritten (processes)")
def test_a_damaged_file_is_not_served_and_nothing_is_sent(machine: Machine, injected: Injected) -> None:
    async def scene(slack: Slack, store: Store) -> None:
        tell(store)
        store.close()  # which brings the log into the file
        file = machine.folder / "crowd.sqlite"
        whole = file.read_bytes()
        for place in (len(whole) // 2, len(whole) // 3, 4096 * 3):
            file.write_bytes(whole[:place] + os.urandom(8_192) + whole[place + 8_192 :])
            process = machine.start("web")
            assert await ended(process.wait) == 1, process.said()
            assert "damaged" in process.said() or "does not answer" in process.said()
            injected.count()
        assert slack.ledger == []

    on_slack(machine, 300, scene)


@pytest.mark.long
@pytest.mark.fault(18, "a backup taken in the middle of a fan-out, put back after it (processes)")
def test_after_the_return_of_a_backup_taken_under_load_nothing_is_said_again(
    machine: Machine, injected: Injected
) -> None:
    async def scene(slack: Slack, store: Store) -> None:
        ahead = come_to_work(machine)  # for what nobody asked for
        tell(store, asked=False, ahead=ahead)
        process = machine.start("web")
        backup = machine.folder / "backup.sqlite"
        slack.takes = 0.2
        await until(lambda: len(slack.ledger) > 10, process)
        taken = machine.start("backup", str(backup))
        assert await ended(taken.wait) == 0, taken.said()
        slack.takes = 0.0
        waiting = _waiting(backup)
        assert waiting > 0, "the backup came too late to prove anything"
        tell(store, first=1, asked=False, ahead=ahead)
        await until(lambda: is_over(store), process)
        assert await ended(process.stop) == 0
        put_back = machine.start("restore", str(backup))
        assert await ended(put_back.wait) == 0, put_back.said()
        injected.count(waiting)
        restored = Store(store.url)
        tell(restored, first=1, asked=False, ahead=ahead)  # what makes messages makes them again
        process = machine.start("web")
        await until(lambda: is_over(restored), process)
        assert states(restored) == {"sent": 120}
        assert faults(restored.url, slack.shown(), Expected(kinds=("test",))) == []
        restored.close()

    on_slack(machine, 60, scene)


def _waiting(file: Path) -> int:
    """How many messages of a database file are queued or under way."""
    with closing(sqlite3.connect(file)) as connection:
        query = "SELECT count(*) FROM message WHERE state IN ('queued', 'claimed')"
        return int(connection.execute(query).fetchone()[0])
