"""The edition of the roster and the calendar: a token that is another one after each change of them.

What is worked out of both (a district's vocabulary, its calendar ready for counting) costs more than most answers, and
both hardly ever change. ``Kept`` keeps it in the process for as long as the edition stands. Nobody is ever shown the
past: the token is read in the transaction that asks, and it changes in the transaction that changes the roster, so
that another process's change counts from its commit on. A transaction that has itself changed anything is given
nothing kept. Tokens are random, so that a database put back from a backup is never taken for another.

Only changes through ``Tx`` are noticed; a statement written by hand past it is not, and needs a restart.
"""

import secrets
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Generic, TypeVar

from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import ORMExecuteState
from sqlmodel import Session, SQLModel, col, select

from storage.tables import (
    AssignmentRow,
    ClosureRow,
    OpeningRow,
    PeriodRow,
    PersonRow,
    ProtectedRuleRow,
    SchoolRow,
    SettingRow,
    TargetRow,
)

Value = TypeVar("Value")

SETTING = "edition"
WATCHED: tuple[type[SQLModel], ...] = (
    AssignmentRow,
    ClosureRow,
    OpeningRow,
    PeriodRow,
    PersonRow,
    ProtectedRuleRow,
    SchoolRow,
    TargetRow,
)
"""The tables whose change makes a new edition."""
_TABLES = frozenset(str(row.__tablename__) for row in WATCHED)
_CHANGED = "roster or calendar changed"


class WatchedSession(Session):
    """A session that notices when it changes the roster or the calendar."""


@event.listens_for(WatchedSession, "after_flush")
def _note_rows(session: Session, _context: Any) -> None:
    if any(
        isinstance(row, WATCHED) for rows in (session.new, session.dirty, session.deleted) for row in rows
    ):
        session.info[_CHANGED] = True


@event.listens_for(WatchedSession, "do_orm_execute")
def _note_statement(state: ORMExecuteState) -> None:
    if not state.is_select:
        table = getattr(state.statement, "table", None)
        if table is not None and table.name in _TABLES:
            state.session.info[_CHANGED] = True


@event.listens_for(WatchedSession, "before_commit")
def _begin_edition(session: Session) -> None:
    """Last of all, so that two who change the roster at once wait for each other no longer than a commit takes."""
    if session.in_nested_transaction():
        return
    session.flush()
    if session.info.pop(_CHANGED, False):
        begin(session)


def begin(session: Session) -> None:
    """From this transaction's commit on, nothing kept from before holds."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    value = {"token": secrets.token_hex(12)}
    new = insert(SettingRow).values(name=SETTING, value=value)
    session.execute(new.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


def current(session: Session) -> str | None:
    """The edition that this transaction sees; None where nothing may be kept of it."""
    found = session.exec(select(SettingRow.value).where(col(SettingRow.name) == SETTING)).first()
    # Reading has flushed what was pending, so it is known only now whether the transaction has changed anything.
    return None if found is None or session.info.get(_CHANGED) else str(found["token"])


class Kept(Generic[Value]):
    """Values worked out of the roster and the calendar, the newest few of them. Whoever gets one must not change it."""

    def __init__(self, most: int = 4) -> None:
        self._most = most
        self._values: dict[Hashable, Value] = {}
        self._lock = Lock()

    def get(self, session: Session, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value under this key in the edition that the transaction sees, made where it is not kept.

        ``make`` reads after the edition was read: what commits in between may be kept under the old edition, which
        nobody who asks later is in, and never the other way round.
        """
        edition = current(session)
        if edition is None:
            return make()
        whole = (edition, key)
        with self._lock:
            if whole in self._values:
                return self._values[whole]
        value = make()
        with self._lock:
            self._values[whole] = value
            while len(self._values) > self._most:
                del self._values[next(iter(self._values))]
        return value
