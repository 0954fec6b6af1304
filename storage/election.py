"""One elected clock among several processes.

On PostgreSQL the leader holds an advisory lock on a connection of its own; when its process or its connection
dies, the server gives the lock to whoever asks next. On SQLite every process may lead: one machine, and unique
keys keep a second clock from saying anything twice.
"""

from contextlib import suppress

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from storage.database import Store

CLOCK_LOCK = 7_415_202
"""Any number that nothing else in this database uses."""


class Election:
    """Asked at every tick. Not for several threads at once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._held: Connection | None = None

    def is_leader(self) -> bool:
        """Whether this process is the clock now; takes the lock where it is free."""
        if self._store.is_sqlite:
            return True
        if self._held is not None:
            try:
                self._held.execute(text("SELECT 1"))
                return True
            except SQLAlchemyError:  # the connection died, and the lock with it
                self.resign()
        connection = self._store.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        if connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": CLOCK_LOCK}).scalar_one():
            self._held = connection
            return True
        connection.close()
        return False

    def resign(self) -> None:
        """Give the lock back. The connection is closed for good, for a pooled one would keep the lock."""
        if self._held is None:
            return
        # A closed connection is noticed by the server in its own time; an unlock is done when it answers.
        with suppress(SQLAlchemyError):
            self._held.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": CLOCK_LOCK})
        self._held.invalidate()
        self._held.close()
        self._held = None
