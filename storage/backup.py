"""Backups of a SQLite database: taken while it is in use, checked before they count, put back without loss.

PostgreSQL has its own tools (``pg_dump``, ``pg_restore``), which do this better than we could.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

from storage.private_files import make_private

PAGES_A_STEP = 1_000
"""Pages copied at a time; between steps writers go on."""
_HEADER = b"SQLite format 3\x00"

Progress = Callable[[int, int], None]
"""Called with pages done and pages in all."""


class BackupError(Exception):
    """A backup that was not taken or not put back; the text says why, and that nothing was changed."""


def sqlite_path(url: str) -> Path:
    """The file of a SQLite URL. Raises ``BackupError`` for other databases, with what to use for them."""
    if not url.startswith("sqlite:///"):
        raise BackupError(
            "This district is on PostgreSQL. Back it up with `pg_dump --format=custom` and put it back with "
            "`pg_restore --clean`, then run `throughline restore` without a file."
        )
    return Path(url.removeprefix("sqlite:///"))


def back_up(source: Path, target: Path, *, progress: Progress = lambda done, total: None) -> None:
    """Copy the database to ``target`` as of one moment, while others read and write. An older backup is replaced
    only when the new one is whole; any other file there is left alone. Raises ``BackupError``."""
    if not source.exists():
        raise BackupError(f"There is no database at {source}.")
    if target.exists() and (target.samefile(source) or not _is_database(target)):
        raise BackupError(f"{target} is not a backup; I will not write over it.")
    partial = target.with_name(target.name + ".partial")
    try:
        partial.unlink(missing_ok=True)
        make_private(partial)
        with closing(sqlite3.connect(source)) as original, closing(sqlite3.connect(partial)) as copy:
            original.backup(
                copy, pages=PAGES_A_STEP, progress=lambda _status, left, total: progress(total - left, total)
            )
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
        _check(partial)
        os.replace(partial, target)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(
            f"The backup could not be written: {error}. The older one, if any, is untouched."
        ) from None
    finally:
        partial.unlink(missing_ok=True)


def restore(backup: Path, target: Path, *, now: datetime) -> Path | None:
    """Put a backup in the place of the database. The present one is kept; its new name, or None where there was none.

    The backup is checked first, and copied beside the database before anything moves. Nothing may be running on the
    database meanwhile. Raises ``BackupError``.
    """
    if not backup.exists():
        raise BackupError(f"There is no file {backup}.")
    if not _is_database(backup):
        raise BackupError(f"{backup} is not a backup: it is no SQLite database. Nothing was changed.")
    _check(backup)
    incoming = target.with_name(target.name + ".incoming")
    kept = target.with_name(f"{target.name}.before-restore-{now:%Y%m%d-%H%M%S}") if target.exists() else None
    try:
        incoming.unlink(missing_ok=True)
        make_private(incoming)  # whatever rights the backup was given on its way
        shutil.copyfile(backup, incoming)
        if kept is not None:
            _fold_log(target)
            os.replace(target, kept)
        for suffix in ("-wal", "-shm"):
            target.with_name(target.name + suffix).unlink(missing_ok=True)
        os.replace(incoming, target)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(f"The backup could not be put back: {error}.") from None
    finally:
        incoming.unlink(missing_ok=True)
    return kept


def _is_database(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_HEADER)) == _HEADER


def _check(path: Path) -> None:
    """Raises ``BackupError`` where the file is damaged or is not a database of ours."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if found != "ok":
                raise BackupError(f"{path} is damaged ({found}). Nothing was changed; take an older backup.")
            connection.execute("SELECT version_num FROM alembic_version")
    except sqlite3.DatabaseError as error:
        raise BackupError(f"{path} is damaged or not ours ({error}). Nothing was changed.") from None


def _fold_log(path: Path) -> None:
    """Bring what is still in the write-ahead log into the file. Refuses where the database is in use."""
    with closing(sqlite3.connect(path, timeout=2)) as connection:
        is_busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if is_busy:
            raise BackupError(
                "The database is in use. Stop `throughline web` and `clock` first. Nothing was changed."
            )
