"""What people said lies in files that nobody else on the machine can read."""

import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.backup import back_up, restore
from storage.database import Store
from storage.private_files import is_open_to_others, make_private

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the system knows no such rights")
NOW = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def loose_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("is_migrated", [True, False])
def test_a_new_database_and_the_log_beside_it_are_the_owners_alone(tmp_path: Path, is_migrated: bool) -> None:
    store = Store(f"sqlite:///{tmp_path / 'new.sqlite'}")
    if is_migrated:
        store.migrate()
    with store.begin() as tx:
        tx.connection().exec_driver_sql("CREATE TABLE said (words TEXT)")
        assert {rights(file) for file in tmp_path.iterdir()} == {0o600}
    store.close()


def test_a_backup_and_what_is_put_back_are_the_owners_alone(tmp_path: Path) -> None:
    source, backup, travelled = tmp_path / "a.sqlite", tmp_path / "b.sqlite", tmp_path / "c.sqlite"
    store = Store(f"sqlite:///{source}")
    store.migrate()
    back_up(source, backup)
    assert rights(backup) == 0o600
    travelled.write_bytes(backup.read_bytes())
    assert rights(travelled) == 0o666
    store.close()
    restore(travelled, source, now=NOW)
    assert rights(source) == 0o600


def test_a_database_that_was_given_to_a_group_keeps_its_rights_and_its_content(tmp_path: Path) -> None:
    path = tmp_path / "given.sqlite"
    path.write_bytes(b"what was there")
    path.chmod(0o660)
    make_private(path)
    assert (rights(path), path.read_bytes()) == (0o660, b"what was there")
    assert not is_open_to_others(path)
    path.chmod(0o664)
    assert is_open_to_others(path)
    assert not is_open_to_others(tmp_path / "none")


def test_where_no_file_can_be_made_the_database_says_so_as_before(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'no such folder' / 'x.sqlite'}")
    assert "unable to open database file" in (store.check() or "")
    store.close()
