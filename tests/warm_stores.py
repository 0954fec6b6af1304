"""Stores for one test after another that need not begin cold.

An engine compiles each statement once; a new engine for every test would compile the same few hundred each time. So
all tests of a worker share one engine for SQLite and one for PostgreSQL, which are led to the database of the test
that runs. A test's listeners on its store are its own.
"""

import shutil
import sqlite3
from pathlib import Path

from sqlalchemy import Engine, event, make_url
from sqlalchemy.exc import DBAPIError

from storage.database import Store
from storage.writers import Line
from tests import postgres

RENEWED_AFTER = 40
"""Tests. So often a PostgreSQL database is emptied and filled again, before the rows deleted in it slow it down."""


class WarmStore(Store):
    """A database behind an engine that others used before it and will use after it."""

    def __init__(self, url: str, *, shared: Engine) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self.engine = shared.execution_options()
        self._reading = self.engine.execution_options(throughline_reading=True)
        self.line = Line()


class WarmStores:
    """Opens the stores of a worker's tests, one at a time; each holds the district of ``tests/district.py``."""

    def __init__(self) -> None:
        self._engines: dict[str, Engine] = {}
        self._url = ""
        self._postgres_url = ""
        self._fillings = 0

    def sqlite(self, filled: Path, copy: Path) -> WarmStore:
        """The district in the file ``copy``. Nothing waits for the disk, since no test takes away the power."""
        shutil.copy(filled, copy)
        return self._open(f"sqlite:///{copy}")

    def postgres(self, server: postgres.Server) -> WarmStore:
        """The district on the server; in the database of the test before, where that can be put right."""
        self._fillings += 1
        if self._fillings % RENEWED_AFTER == 1 or not self._put_right():
            if "postgresql" in self._engines:
                self._engines["postgresql"].dispose()
            self._postgres_url = server.clone()
        return self._open(self._postgres_url)

    def _put_right(self) -> bool:
        self._url = self._postgres_url
        try:
            with self._engines["postgresql"].begin() as connection:
                connection.exec_driver_sql(postgres.PUT_RIGHT)
        except DBAPIError:  # a test has left a transaction open, or changed the tables
            return False
        return True

    def _open(self, url: str) -> WarmStore:
        self._url = url
        backend = make_url(url).get_backend_name()
        if backend not in self._engines:
            self._engines[backend] = self._engine(url)
        return WarmStore(url, shared=self._engines[backend])

    def _engine(self, url: str) -> Engine:
        engine = Store(url).engine

        @event.listens_for(engine, "do_connect")
        def lead(_dialect: object, _record: object, args: list[str], named: dict[str, object]) -> None:
            args[:], here = engine.dialect.create_connect_args(make_url(self._url))
            named.update(here)

        if engine.dialect.name == "sqlite":

            @event.listens_for(engine, "connect")
            def hurry(connection: sqlite3.Connection, _record: object) -> None:
                connection.execute("PRAGMA synchronous=OFF")

        return engine
