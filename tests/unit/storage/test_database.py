"""The unit of work: writers wait for each other, readers for nobody, and what fails leaves no trace."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from handlers import reception
from handlers.cards import Text
from handlers.reception import Inbound, Said, Sender, receive
from storage import database, record
from storage.database import Store, StoreBusyError, database_url
from tests.district import NOW, email
from tests.postgres import Server


def put(store: Store, name: str) -> None:
    with store.begin() as tx:
        record.put_setting(tx, name, {"is": "there"})


def has(store: Store, name: str) -> bool:
    with store.read() as tx:
        return record.get_setting(tx, name) is not None


def test_what_fails_half_way_leaves_no_trace(store: Store) -> None:
    def fail_half_way() -> None:
        with store.begin() as tx:
            record.put_setting(tx, "half", {})
            tx.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    assert not has(store, "half")


def test_a_second_writer_waits_for_the_first_instead_of_failing(store: Store) -> None:
    """With a plain BEGIN both would read, and the second to write would be told at once that it is locked."""
    second = Store(store.url)
    first_is_in, may_end = threading.Event(), threading.Event()

    def count_up(opened: Store, *, slowly: bool) -> None:
        with opened.begin() as tx:
            known = record.get_setting(tx, "count") or {"n": 0}
            if slowly:
                first_is_in.set()
                assert may_end.wait(10)
            record.put_setting(tx, "count", {"n": known["n"] + 1})

    slow = threading.Thread(target=count_up, args=(store,), kwargs={"slowly": True})
    slow.start()
    assert first_is_in.wait(10)
    quick = threading.Thread(target=count_up, args=(second,), kwargs={"slowly": False})
    quick.start()
    quick.join(0.2)
    assert quick.is_alive()
    may_end.set()
    slow.join(10)
    quick.join(10)
    with store.read() as tx:
        assert record.get_setting(tx, "count") == {"n": 2}
    second.close()


def test_a_reader_does_not_wait_for_a_writer_and_sees_what_was_committed(store: Store) -> None:
    put(store, "before")
    with store.begin() as tx:
        record.put_setting(tx, "during", {})
        tx.flush()
        assert has(store, "before")
        assert not has(store, "during")
    assert has(store, "during")


@pytest.fixture
def busy_store(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A second way into the same file, of little patience, while the first is writing."""
    monkeypatch.setattr(database, "BUSY_TIMEOUT_SECONDS", 0.05)
    return Store(store.url)


def test_a_database_that_stays_locked_is_busy_and_nothing_else(store: Store, busy_store: Store) -> None:
    with store.begin() as tx:
        record.put_setting(tx, "first", {})
        tx.flush()
        with pytest.raises(StoreBusyError):
            put(busy_store, "never")
        assert not has(busy_store, "never")
    put(busy_store, "later")
    assert has(store, "later")
    busy_store.close()


def test_who_writes_while_it_is_busy_is_asked_to_try_again_and_can(store: Store, busy_store: Store) -> None:
    who = email("imani.brooks")
    inbound = Inbound(("test:1",), Sender("test", "T", who, email=who), Said("help"))
    with store.begin() as tx:
        record.put_setting(tx, "first", {})
        tx.flush()
        received = receive(busy_store, inbound, now=NOW)
    assert received.outcome == "busy"
    assert received.answer is not None
    (sentence,) = received.answer.blocks
    assert isinstance(sentence, Text)
    assert "nothing was changed" in sentence.text
    assert "Try again" in sentence.text
    assert reception.receive(busy_store, inbound, now=NOW).outcome == "done"
    busy_store.close()


@pytest.mark.parametrize("place", [0.0, 0.5], ids=["its head", "its middle"])
def test_a_damaged_file_is_told_with_the_way_out(store: Store, place: float) -> None:
    assert store.check() is None
    with store.begin() as tx:  # enough pages that one of them can be spoiled
        for number in range(300):
            record.put_setting(tx, f"filler {number}", {"is": "x" * 200})
    store.close()
    path = Path(store.url.removeprefix("sqlite:///"))
    content = bytearray(path.read_bytes())
    start = int(len(content) * place)
    content[start : start + 8_192] = b"\x7f" * 8_192
    path.write_bytes(bytes(content))
    wrong = Store(store.url).check()
    assert wrong is not None
    assert "Restore a backup" in wrong


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql+psycopg://h/d", "postgresql+psycopg://h/d"),
        ("sqlite:///district.sqlite", "sqlite:///district.sqlite"),
    ],
)
def test_a_hosts_url_gets_the_driver(given: str, wanted: str) -> None:
    assert database_url(given) == wanted


def test_what_people_wrote_never_stands_in_an_error(store: Store) -> None:
    with pytest.raises(Exception, match="no such table") as error, store.begin() as tx:
        tx.execute(text("INSERT INTO nowhere (note) VALUES (:note)"), {"note": "the third classroom"})
    assert "third classroom" not in str(error.value)


@pytest.mark.postgres
def test_a_connection_lost_in_the_middle_is_as_busy_and_the_next_try_works(postgres_server: Server) -> None:
    """A fail-over, or an administrator's restart: nothing of the transaction is kept, and it can be done again."""
    store = Store(postgres_server.clone())

    def lose_it() -> None:
        with store.begin() as tx:
            record.put_setting(tx, "half", {})
            tx.flush()
            own = tx.execute(text("SELECT pg_backend_pid()")).scalar_one()
            with store.read() as other:
                other.execute(text("SELECT pg_terminate_backend(:own, 5000)"), {"own": own})
            record.put_setting(tx, "whole", {})
            tx.flush()

    with pytest.raises(StoreBusyError):
        lose_it()
    assert not has(store, "half")
    put(store, "later")
    assert has(store, "later")
    store.close()


def test_opening_waits_where_sqlite_does_not() -> None:
    """Of two that turn the log on at once, SQLite tells one at once that the file is locked, whatever its time-out."""
    answers = ["database is locked", "database is locked", ""]

    class Opening:
        def execute(self, _statement: str) -> None:
            if said := answers.pop(0):
                raise sqlite3.OperationalError(said)

    database._keep_a_log(Opening())  # type: ignore[arg-type]  # all that is asked of a connection
    assert answers == []


def test_many_that_open_a_new_file_at_once_all_get_in(tmp_path: Path) -> None:
    refused = []
    for number in range(20):
        file = tmp_path / f"{number}.sqlite"
        with closing(sqlite3.connect(file)) as first:
            first.execute("CREATE TABLE t (n)")
        together = threading.Barrier(6)

        def enter(file: Path = file, together: threading.Barrier = together) -> None:
            store = Store(f"sqlite:///{file}")
            together.wait()
            try:
                assert store.check() is None
            except Exception as error:  # noqa: BLE001 - a thread's fault is told outside of it
                refused.append(error)
            store.close()

        threads = [threading.Thread(target=enter) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert refused == []
