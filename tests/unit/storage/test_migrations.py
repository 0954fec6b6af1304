"""From an empty database the migrations make exactly the tables of ``storage/tables``, on both databases."""

from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlmodel import SQLModel

import storage.tables
from storage.database import Store
from tests.postgres import Server


def differences(store: Store) -> list[Any]:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, SQLModel.metadata))


def check(store: Store) -> None:
    assert not store.is_current()
    store.migrate()
    assert store.is_current()
    assert differences(store) == []
    store.migrate()  # again, as every start of a process does
    assert store.is_current()
    store.close()


def test_the_migrations_make_the_tables_on_sqlite(tmp_path: Path) -> None:
    check(Store(f"sqlite:///{tmp_path / 'empty.sqlite'}"))


@pytest.mark.postgres
def test_the_migrations_make_the_tables_on_postgresql(postgres_server: Server) -> None:
    check(Store(postgres_server.empty()))


def test_a_database_of_another_version_is_not_current(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'other.sqlite'}")
    store.migrate()
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    assert not store.is_current()
    store.close()


def test_tables_of_a_newer_version_are_worked_on_and_left_as_they_are(tmp_path: Path) -> None:
    """During a deployment a process of the version before may be started again on them, and say that it is ready."""
    store = Store(f"sqlite:///{tmp_path / 'newer.sqlite'}")
    store.migrate()
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    assert store.is_current()
    store.migrate()
    with store.engine.begin() as connection:
        found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
    assert found == "9999"
    store.close()


def test_the_numbers_of_migrations_sort_as_they_follow_each_other() -> None:
    folder = Path(storage.tables.__file__).parents[1] / "migrations" / "versions"
    names = [file.name[:5] for file in sorted(folder.glob("0*.py"))]
    assert names == [f"{number:04}_" for number in range(1, len(names) + 1)]
