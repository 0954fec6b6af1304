"""A deploy in mid-protocol: what an older process still writes and reads, while and after its tables are brought up to
date; and the buttons that it left in people's chats."""

import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import (
    JSON,
    Boolean,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    create_engine,
)
from sqlalchemy import event as sa_event

from handlers import router, topics
from storage.database import Store, _alembic
from tests.faults.conftest import Injected

RELEASED_ACTIONS = (Path(__file__).parent / "released_actions.txt").read_text().split()
"""The names of all buttons of version 0.1.0. What a release adds is added here; nothing is ever taken out."""


def revisions() -> list[str]:
    """Every version of the tables, the oldest first."""
    script = ScriptDirectory.from_config(_alembic("sqlite://"))
    return [one.revision for one in script.walk_revisions()][::-1]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgres":
        empty: str = request.getfixturevalue("postgres_server").empty()
        return empty
    return f"sqlite:///{tmp_path / 'old.sqlite'}"


class OldProcess:
    """A process of an older version, as the database knows it: the columns that it writes and reads."""

    def __init__(self, url: str) -> None:
        self.engine = create_engine(url, connect_args={"timeout": 30} if url.startswith("sqlite") else {})
        if self.engine.dialect.name == "postgresql":
            sa_event.listen(self.engine, "connect", _without_references)
        known = MetaData()
        known.reflect(self.engine)
        self.tables = [one for one in known.sorted_tables if one.name != "alembic_version"]
        self.rows = 0

    def write(self, number: int) -> None:
        """A row into each table, with every column that the old version knows and no other."""
        for table in self.tables:
            with self.engine.begin() as connection:
                connection.execute(table.insert().values(_row(table, number)))
                self.rows += 1

    def read(self) -> dict[str, int]:
        """How many rows each table has, asked for by the old columns."""
        with self.engine.connect() as connection:
            return {table.name: len(connection.execute(table.select()).all()) for table in self.tables}

    def close(self) -> None:
        self.engine.dispose()


def _without_references(connection: Any, _record: Any) -> None:
    """Rows of nobody's are enough here: whom they belong to is not what is tried."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
    connection.commit()


def _row(table: Table, number: int) -> dict[str, Any]:
    """Values that fit; unlike those of any other number."""
    row: dict[str, Any] = {}
    for place, column in enumerate(table.columns):
        match column.type:
            case Boolean():
                row[column.name] = False
            case DateTime():
                row[column.name] = datetime(2026, 11, 24, 12, number % 60, tzinfo=UTC)
            case Date():
                row[column.name] = date.fromordinal(739_000 + number)
            case Integer():
                row[column.name] = 10_000 + 100 * number + place
            case Float():
                row[column.name] = 0.5 + number
            case LargeBinary():
                row[column.name] = f"{number}".encode()
            case JSON():
                row[column.name] = {}
            case _:
                row[column.name] = f"old {number}"
    return row


def at(url: str, revision: str) -> None:
    command.upgrade(_alembic(url), revision)


def pairs() -> list[Any]:
    """Each released version, to be brought up to the newest."""
    every = revisions()
    return [pytest.param(old, id=f"from {old} to {every[-1]}") for old in every[:-1] or every]


@pytest.mark.parametrize("old", pairs())
@pytest.mark.fault(
    19,
    "an old process writes into every table before, while and after they are brought up to date (both databases)",
)
def test_an_old_process_goes_on_while_its_tables_are_brought_up_to_date(
    url: str, old: str, injected: Injected
) -> None:
    at(url, old)
    store = Store(url)
    with closing(OldProcess(url)) as process:
        assert len(process.tables) > 40
        process.write(1)
        written = live_until(process, store.migrate)
        injected.count(process.rows)
        there = process.read()
        assert all(count >= written for count in there.values()), "the old process misses rows of its own"
        assert store.is_current()
        with closing(OldProcess(url)) as new:  # as whoever comes now sees it
            seen = new.read()
        assert {name: seen[name] for name in there} == there
    store.close()


def live_until(process: OldProcess, upgrade: Callable[[], None]) -> int:
    """Let the old process write, one round after the other, until the upgrade is over; how many rounds it wrote."""
    faults: list[BaseException] = []
    rounds = [1]
    is_over = threading.Event()

    def live() -> None:
        try:
            while not is_over.is_set() or rounds[0] < 4:
                process.write(rounds[0] + 1)
                rounds[0] += 1
        except BaseException as error:  # noqa: BLE001 - raised again below
            faults.append(error)

    alive = threading.Thread(target=live)
    alive.start()
    try:
        upgrade()
    finally:
        is_over.set()
        alive.join(60)
    if faults:
        raise faults[0]
    return rounds[0]


@pytest.mark.fault(19, "each button of version 0.1.0 is looked for in this one")
def test_every_button_that_was_ever_released_is_still_answered(injected: Injected) -> None:
    known = {name for topic in (*topics.TOPICS, *router.OWN) for name in topic.actions}
    assert set(RELEASED_ACTIONS) - known == set()
    assert len(RELEASED_ACTIONS) > 200
    injected.count(len(RELEASED_ACTIONS))
