"""The district's folder of protocols (``PROTOCOLS_DIR``), read at each tick of the clock."""

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from handlers.guided.masters_files import take_folder
from protocols.guided.catalog import MAX_FILE
from storage.database import Store

log = logging.getLogger(__name__)

MOST_FILES = 200
"""More protocols than any district has; a folder with more is another folder."""
_ENDINGS = (".yaml", ".yml")
_MAX_BYTES = MAX_FILE * 4 + 1
"""A longer file is refused for its length, so the rest of it need not be read."""


def read_protocol_files(path: Path) -> dict[str, str | None]:
    """Name and text of a file, or of every YAML file of a folder; None where a file is no text in UTF-8.

    Files that begin with a dot are passed over: editors keep copies so. Raises ``OSError`` where ``path`` is not
    there or cannot be opened.
    """
    if not path.is_dir():
        return {path.name: _read(path)}
    files = [
        one
        for one in sorted(path.iterdir())
        if one.suffix.lower() in _ENDINGS and one.is_file() and not one.name.startswith(".")
    ]
    if len(files) > MOST_FILES:
        log.error(
            "the folder of protocols holds %d files; only the first %d are read", len(files), MOST_FILES
        )
    return {one.name: _read(one) for one in files[:MOST_FILES]}


def _read(path: Path) -> str | None:
    with path.open("rb") as file:
        data = file.read(_MAX_BYTES)
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return None


def folder_job(folder: Path) -> Callable[[Store, datetime], int]:
    """A job of the clock: take what is new in the folder. A folder that is gone changes nothing and is logged."""

    def run(store: Store, now: datetime) -> int:
        return take_folder(store, read_protocol_files(folder), now)

    return run
