"""The database: one way to open it and one unit of work.

``with store.begin() as tx`` is a transaction that commits at the end of the block or, on any exception, leaves no
trace. SQLite is the default: WAL so that readers never wait for a writer, ``BEGIN IMMEDIATE`` for whatever may
write (with a plain BEGIN two writers fail at once, whatever the time-out), ``synchronous=FULL`` because the outbox
promises that what was committed is not lost. PostgreSQL runs the same code.
"""

import logging
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, Protocol, TypeVar

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    ColumnElement,
    Connection,
    CursorResult,
    Engine,
    create_engine,
    event,
    make_url,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoFreeConnectionError
from sqlalchemy.sql.dml import ReturningInsert
from sqlmodel import Session, SQLModel

from storage import edition
from storage.private_files import make_private
from storage.sealing import Keys, use_keys
from storage.writers import Line

log = logging.getLogger(__name__)
T = TypeVar("T")

PAUSE_SECONDS = 0.01
"""Between two tries to open a file, where SQLite itself does not wait."""
BUSY_TIMEOUT_SECONDS = 30
"""How long a writer waits for another before giving up: longer than a backup's step, shorter than patience."""

Tx = Session
"""A transaction in progress. Topic modules take it as their first argument."""


_CANNOT_WRITE = ("disk is full", "readonly database", "disk I/O error", "unable to open database file")
"""SQLite's words for what an administrator has to mend."""


class StoreBusyError(Exception):
    """The database could not be written to: it stayed locked for the whole time-out, all connections were in use or
    lost, or its disk is full. Nothing was changed; trying again is right."""


class BrokenOffError(StoreBusyError):
    """The server broke the transaction off: its connection died, or it collided with another one (a deadlock, a
    serialization failure). Nothing of it is there, or all of it if the connection died with the commit; whoever can
    tell should begin it again at once."""


class Store:
    """A database and its transactions. One per process; safe to use from several threads."""

    def __init__(self, url: str, *, keys: Sequence[str] = ()) -> None:
        """``keys`` seal addresses that are secrets, the newest first (``storage/sealing.py``)."""
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self.engine = _sqlite_engine(url) if self.is_sqlite else _postgres_engine(url)
        use_keys(self.engine.dialect, Keys(keys))
        self._reading = self.engine.execution_options(throughline_reading=True)
        self.line = Line()

    @contextmanager
    def begin(self, *, is_urgent: bool = False) -> Iterator[Tx]:
        """A transaction that may write. Raises ``StoreBusyError`` where it cannot be had, or not be ended, and
        ``BrokenOffError`` where it is worth beginning again.

        ``is_urgent``: where there is but one writer, before all others of this process that wait; for something short
        that a platform waits for.
        """
        with self._turn(is_urgent=is_urgent), self._transaction() as session:
            yield session

    @contextmanager
    def _turn(self, *, is_urgent: bool) -> Iterator[None]:
        """On SQLite, this process's turn to write."""
        if not self.is_sqlite:
            yield
            return
        if not self.line.take(BUSY_TIMEOUT_SECONDS, is_urgent=is_urgent):
            raise StoreBusyError
        try:
            yield
        finally:
            self.line.leave()

    @contextmanager
    def _transaction(self) -> Iterator[Tx]:
        try:
            with edition.WatchedSession(self.engine, expire_on_commit=False) as session, session.begin():
                yield session
        except NoFreeConnectionError as error:
            raise StoreBusyError from error
        except OperationalError as error:
            if "database is locked" in str(error.orig):
                raise StoreBusyError from error
            if not self.is_sqlite and (why := _broken_off(error)):
                log.warning("a transaction was broken off: %s", why)
                raise BrokenOffError from error
            why = _disk_fault(error)
            if why is not None:
                log.critical("the database cannot be written to: %s", why)
                raise StoreBusyError from error
            raise

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A transaction that only reads: on SQLite it waits for nobody and nobody waits for it."""
        with edition.WatchedSession(self._reading, expire_on_commit=False) as session, session.begin():
            yield session

    def migrate(self, revision: str = "head") -> None:
        """Bring the tables up to this version, or to a former one.

        Additive: an older process may still be running. Tables of a newer version are left as they are, for the same
        reason: a process of this one that is started again during a deployment does its work on them.
        """
        if self.is_sqlite:
            _make_file(self.url)  # Alembic opens it in its own way
        if self._revision() > _head(self.url):
            return
        command.upgrade(_alembic(self.url), revision)
        with self.begin() as tx:
            edition.begin(tx)  # a migration may have changed the roster

    def is_current(self) -> bool:
        """Whether this version can work on the tables: they are its own or a newer version's."""
        return self._revision() >= _head(self.url)

    def _revision(self) -> str:
        """The number of the newest migration that was made; empty where there was none. Numbers have four digits."""
        with self.engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision() or ""

    def check(self) -> str | None:
        """None where the database answers and is whole, else what is wrong, in a sentence."""
        try:
            with self._reading.connect() as connection:
                if not self.is_sqlite:
                    connection.execute(text("SELECT 1"))
                    return None
                found = str(connection.execute(text("PRAGMA quick_check(1)")).scalar_one())
        except DBAPIError as error:
            if not self.is_sqlite or isinstance(error, OperationalError):
                return f"The database does not answer: {str(error.orig).strip()}. Look at DATABASE_URL."
            found = str(error.orig)
        return None if found == "ok" else f"The database file is damaged ({found}). Restore a backup."

    def close(self) -> None:
        self.engine.dispose()


ATTEMPTS = 3
"""How often work is begun whose transaction the database breaks off."""


def insist(work: Callable[[], T]) -> T:
    """Begin the work again as a whole where the database broke off its transaction, as often as ``ATTEMPTS`` allows.

    Only for work that may be done twice: its keys find what is done already. Raises ``BrokenOffError`` in the end.
    """
    for _ in range(ATTEMPTS - 1):
        try:
            return work()
        except BrokenOffError:
            continue
    return work()


def _broken_off(error: BaseException | None) -> str | None:
    """Why a PostgreSQL transaction ended through no fault of its own, if that is behind this: a savepoint that cannot
    be gone back to any more is told after it."""
    while error is not None:
        if isinstance(error, OperationalError):
            code = getattr(error.orig, "sqlstate", None)
            if error.connection_invalidated or code is None:  # without a code nobody was there to give one
                return "the server cannot be reached"
            if code[:2] in ("40", "08", "53", "57"):
                # Collisions, connections, a server that has no room, is stopping or not there yet.
                return f"SQLSTATE {code}"
        error = error.__context__
    return None


def _disk_fault(error: BaseException | None) -> str | None:
    """What is wrong with the disk, if that is behind this: SQLite gives up all savepoints with the first fault."""
    while error is not None:
        for words in _CANNOT_WRITE:
            if words in str(error):
                return words
        error = error.__context__
    return None


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
        hide_parameters=True,  # what people wrote never stands in an error
    )

    @event.listens_for(engine, "do_connect")
    def keep_private(_dialect: Any, _record: Any, _args: Any, _named: Any) -> None:
        _make_file(url)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver's own BEGIN is off: ours, below, decides which kind
        _keep_a_log(connection)
        for pragma in ("synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        is_reading = connection.get_execution_options().get("throughline_reading", False)
        connection.exec_driver_sql("BEGIN" if is_reading else "BEGIN IMMEDIATE")

    return engine


def _keep_a_log(connection: sqlite3.Connection) -> None:
    """Turn the write-ahead log on. Of two that do so at once SQLite tells one that the file is locked, and does not
    wait: each holds what the other needs."""
    for _ in range(int(BUSY_TIMEOUT_SECONDS / PAUSE_SECONDS)):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            time.sleep(PAUSE_SECONDS)
        else:
            return
    connection.execute("PRAGMA journal_mode=WAL")


def _make_file(url: str) -> None:
    """The database's file, readable by its owner alone; the log beside it gets the same rights from SQLite."""
    file = make_url(url).database
    if file and file != ":memory:" and not file.startswith("file:"):
        with suppress(
            OSError
        ):  # SQLite has its own words for a folder that is not there or cannot be written to
            make_private(Path(file))


CONNECT_SECONDS = 10
"""How long a server may take to accept a connection."""
_KEEP_ALIVE = {
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
"""A server whose machine is gone, as in a fail-over, says nothing of its end: a minute later it counts as gone."""


def _postgres_engine(url: str) -> Engine:
    return create_engine(
        url,
        pool_size=10,
        max_overflow=10,
        pool_timeout=10,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"connect_timeout": CONNECT_SECONDS, **_KEEP_ALIVE},
    )


class Numbered(Protocol):
    """A row whose key is a number that the database gives."""

    id: int | None


def add_row(tx: Tx, row: Numbered) -> int:
    """Insert the row; its number."""
    tx.add(row)
    tx.flush()
    assert row.id is not None
    return row.id


def add_once(tx: Tx, *rows: SQLModel) -> bool:
    """Insert the rows, all or none; False where their unique key is taken.

    That is so, too, where another process takes it in this very moment: this waits for it to commit. The
    transaction can go on either way.
    """
    try:
        with tx.begin_nested():
            tx.add_all(rows)
    except IntegrityError as error:
        if "unique" not in str(error.orig).casefold():  # a reference to nowhere is a bug, not a race
            raise
        return False
    return True


def insert_once(tx: Tx, row: SQLModel) -> int | None:
    """Insert the row by itself, in one statement; its number, or None where its unique key is taken, as ``add_once``.

    For what is written by the thousand: the row stays a value and is no part of the session.
    """
    tx.flush()  # what it refers to may be written only now
    query = _insert_once(type(row), tx.get_bind().dialect.name)
    return tx.execute(query, row.model_dump(exclude={"id"})).scalar_one_or_none()


@cache
def _insert_once(table: type[SQLModel], dialect: str) -> ReturningInsert[tuple[int]]:
    """Put together once, for putting it together takes as long as SQLite takes to insert."""
    known = SQLModel.metadata.tables[str(table.__tablename__)]
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(known).on_conflict_do_nothing().returning(known.c.id)


def change_if(tx: Tx, table: type[SQLModel], *conditions: ColumnElement[bool], **values: object) -> bool:
    """Compare and set: change the one row that fits the conditions, its state or ``version`` among them.

    False where somebody was faster, so that no row fits any more; nothing is done then. Of two people who press at
    once, one therefore gets it. Rows that the transaction holds already show the new values.
    """
    result = tx.execute(
        update(table).where(*conditions).values(**values).execution_options(synchronize_session="fetch")
    )
    assert isinstance(result, CursorResult)
    return result.rowcount == 1


def database_url(url: str) -> str:
    """The URL as SQLAlchemy wants it: hosts hand out ``postgres://`` and ``postgresql://``; the driver is psycopg."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _head(url: str) -> str:
    head = ScriptDirectory.from_config(_alembic(url)).get_current_head()
    assert head is not None
    return head


def _alembic(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["url"] = url
    return config
