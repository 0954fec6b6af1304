"""From an empty database the migrations make exactly the tables of ``storage/tables``, on both databases."""

from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlmodel import SQLModel

import storage.tables  # noqa: F401 - fills the metadata
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
