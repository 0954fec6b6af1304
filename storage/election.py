"""One elected clock among several processes.

On PostgreSQL the leader holds an advisory lock on a connection of its own; when its process or its connection
dies, the server gives the lock to whoever asks next. A leader that says nothing for ``SILENT_SECONDS``, because its
machine hangs or lost its network, loses the connection and so the lock, though nobody told the server of its end. On
SQLite every process may lead: one machine, and unique keys keep a second clock from saying anything twice.
"""

from contextlib import suppress
from threading import Lock

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from storage.database import Store

CLOCK_LOCK = 7_415_202
"""Any number that nothing else in this database uses."""
SILENT_SECONDS = 40
"""A leader asks its server far more often than that; the next one leads within a minute."""


class Election:
    """Asked at every tick, by several threads at once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._held: Connection | None = None
        self._asking = Lock()

    def is_leader(self) -> bool:
        """Whether this process is the clock now; takes the lock where it is free."""
        if self._store.is_sqlite:
            return True
        with self._asking:
            return self._holds() or self._takes()

    def resign(self) -> None:
        """Give the lock back."""
        with self._asking:
            self._let_go()

    def _holds(self) -> bool:
        if self._held is None:
            return False
        try:
            self._held.execute(text("SELECT 1"))
        except SQLAlchemyError:  # the connection died, and the lock with it
            self._let_go()
            return False
        return True

    def _takes(self) -> bool:
        connection = self._store.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            query = text("SELECT pg_try_advisory_lock(:key)")
            is_ours = bool(connection.execute(query, {"key": CLOCK_LOCK}).scalar_one())
        except SQLAlchemyError:
            connection.close()
            raise
        if not is_ours:
            connection.close()
            return False
        self._held = connection
        with suppress(SQLAlchemyError):  # servers older than version 14 know only connections that are closed
            connection.execute(text(f"SET idle_session_timeout = '{SILENT_SECONDS}s'"))
        return True

    def _let_go(self) -> None:
        """The connection is closed for good, for a pooled one would keep the lock and the time limit."""
        if self._held is None:
            return
        # A closed connection is noticed by the server in its own time; an unlock is done when it answers.
        with suppress(SQLAlchemyError):
            self._held.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": CLOCK_LOCK})
        self._held.invalidate()
        self._held.close()
        self._held = None
