"""A key for addresses, black box: made, set, changed, lost."""

import os
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.own_calendars import read_own_calendars
from storage import busy
from storage.database import Store
from tests.district import fill
from tests.forked_bot import ForkedBot

ROOT = Path(__file__).parent.parent.parent
AT = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
ADDRESS = "https://calendar.example/private-imani/basic.ics"
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def bot() -> Iterator[ForkedBot]:
    with ForkedBot() as forked:
        yield forked


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A district in which one person has connected a calendar, without a key."""
    store = Store(f"sqlite:///{tmp_path / 'seal.sqlite'}")
    store.migrate()
    with store.begin() as tx:
        fill(tx)
        busy.connect(tx, 1, address=ADDRESS, host="calendar.example", at=AT)
    store.close()
    return store.url


@pytest.fixture
def run(bot: ForkedBot, tmp_path: Path, url: str) -> Run:
    def run_it(*arguments: str, **names: str) -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
        environment = {**kept, "DATABASE_URL": url, "PYTHONPATH": str(ROOT), **names}
        return bot.run(*arguments, folder=tmp_path, environment=environment, given="")

    return run_it


def kept_in(folder: Path) -> str:
    with sqlite3.connect(folder / "seal.sqlite") as connection:
        [(address,)] = connection.execute("SELECT address FROM own_calendar").fetchall()
    connection.close()
    return str(address)


def new_key(run: Run) -> str:
    done = run("seal", "--new-key")
    assert done.returncode == 0
    return done.stdout.strip()


def test_any_start_with_a_key_seals_what_lay_open(run: Run, tmp_path: Path) -> None:
    key = new_key(run)
    assert "lie open in the database" in run("check").stderr
    assert run("tick", ADDRESS_KEY=key).returncode == 0
    assert kept_in(tmp_path).startswith("sealed:")
    assert "sealed: 1; that lie open: 0" in run("seal", ADDRESS_KEY=key).stderr
    assert "lie open" not in run("check", ADDRESS_KEY=key).stderr


def test_with_another_key_it_does_not_start_and_says_what_to_do(run: Run, tmp_path: Path) -> None:
    old, new = new_key(run), new_key(run)
    run("seal", ADDRESS_KEY=old)
    sealed = kept_in(tmp_path)
    for names in ({}, {"ADDRESS_KEY": new}):
        for command in ("tick", "check", "seal"):
            done = run(command, **names)
            assert done.returncode == 1, command
            assert "sealed with a key that ADDRESS_KEY does not hold: 1" in done.stderr
            assert "throughline seal --give-up" in done.stderr
    assert kept_in(tmp_path) == sealed
    assert run("tick", ADDRESS_KEY=f"{new},{old}").returncode == 0
    assert run("tick", ADDRESS_KEY=new).returncode == 0


def test_an_address_whose_key_is_lost_is_let_go_and_its_owner_told_what_to_do(run: Run, url: str) -> None:
    run("seal", ADDRESS_KEY=new_key(run))
    key = new_key(run)
    done = run("seal", "--give-up", ADDRESS_KEY=key)
    assert done.returncode == 0
    assert "let go: 1" in done.stderr
    store = Store(url, keys=[key])
    assert read_own_calendars(store, AT) == 0
    with store.read() as tx:
        row = busy.calendar_of(tx, 1)
        assert row is not None
        assert (row.state, row.failures) == ("failing", 1)
        assert "https:// or webcal://" in row.fault
        assert "lost:" not in row.fault


@pytest.mark.parametrize("key", ["short", "A" * 86 + ",short", "é" * 86])
def test_what_is_no_key_is_refused_without_being_repeated(run: Run, key: str) -> None:
    done = run("seal", ADDRESS_KEY=key)
    assert done.returncode == 1
    assert "ADDRESS_KEY is malformed: it is what `throughline seal --new-key` prints" in done.stderr
    assert "short" not in done.stderr
