"""A backup is whole, and putting it back loses nothing."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from handlers.district import load_district, put_district
from storage.backup import BackupError, back_up, restore, sqlite_path
from storage.database import Store

NOW = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)


def _name(path: Path) -> str:
    store = Store(f"sqlite:///{path}")
    with store.read() as tx:
        name = load_district(tx).name
    store.close()
    return name


def _rename(store: Store, name: str) -> None:
    with store.begin() as tx:
        put_district(tx, name=name, zone="America/New_York")


def test_a_backup_taken_in_use_is_put_back_and_the_present_is_kept(store: Store, tmp_path: Path) -> None:
    source, backup = tmp_path / "test.sqlite", tmp_path / "backup.sqlite"
    seen: list[tuple[int, int]] = []
    with store.begin() as tx:  # somebody is writing meanwhile
        put_district(tx, name="unfinished", zone="America/New_York")
        back_up(source, backup, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1][0] == seen[-1][1] > 0
    _rename(store, "after the backup")
    store.close()
    kept = restore(backup, source, now=NOW)
    assert _name(source) == "Sycamore Unified"
    assert kept is not None
    assert _name(kept) == "after the backup"


@pytest.mark.parametrize(
    "content", [b"a letter to the board", b"", b"SQLite format 3\x00" + b"rubbish" * 999]
)
def test_what_is_no_backup_is_not_put_back(store: Store, tmp_path: Path, content: bytes) -> None:
    store.close()
    (tmp_path / "no-backup").write_bytes(content)
    with pytest.raises(BackupError):
        restore(tmp_path / "no-backup", tmp_path / "test.sqlite", now=NOW)
    assert _name(tmp_path / "test.sqlite") == "Sycamore Unified"


def test_a_database_of_something_else_is_not_put_back(store: Store, tmp_path: Path) -> None:
    store.close()
    with closing(sqlite3.connect(tmp_path / "other.sqlite")) as other:
        other.execute("CREATE TABLE song (title TEXT)")
    with pytest.raises(BackupError, match="not ours"):
        restore(tmp_path / "other.sqlite", tmp_path / "test.sqlite", now=NOW)
    assert _name(tmp_path / "test.sqlite") == "Sycamore Unified"


def test_a_backup_does_not_write_over_something_else(store: Store, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("to the board")
    with pytest.raises(BackupError, match="not write over"):
        back_up(tmp_path / "test.sqlite", letter)
    with pytest.raises(BackupError, match="not write over"):
        back_up(tmp_path / "test.sqlite", tmp_path / "test.sqlite")
    assert letter.read_text() == "to the board"


def test_an_older_backup_is_replaced(store: Store, tmp_path: Path) -> None:
    source, backup = tmp_path / "test.sqlite", tmp_path / "backup.sqlite"
    back_up(source, backup)
    _rename(store, "newer")
    back_up(source, backup)
    assert _name(backup) == "newer"
    assert not list(tmp_path.glob("*.partial"))


def test_on_postgresql_it_says_what_to_use() -> None:
    with pytest.raises(BackupError, match="pg_dump"):
        sqlite_path("postgresql://localhost/throughline")
