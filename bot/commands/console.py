"""What every command shares: where it writes and how it fails.

JSON goes to standard output, everything else to standard error, so that a command can stand in a pipe. Exit status:
0 done, 1 failed (the sentence says why), 2 wrong usage (Typer's).
"""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import typer

from bot.bootstrap import utc_now
from handlers.district import load_district
from protocols.documents.plain import decode
from storage.database import Store


class CommandFailedError(Exception):
    """The command cannot do what was asked; the text is what the person at the terminal reads."""


def say(text: str) -> None:
    """A line for the person at the terminal."""
    sys.stderr.write(text + "\n")


def print_json(value: Any) -> None:
    """The command's result."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def show_progress(done: int, total: int, what: str) -> None:
    """How far long work is: one line that is written over on a terminal, a line each tenth elsewhere."""
    if total <= 0:
        return
    share = f"{what}: {done:,} of {total:,}"
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{share}" + ("\n" if done >= total else ""))
        sys.stderr.flush()
    elif done >= total or done * 10 // total != (done - 1) * 10 // total:
        say(share)


def read_bytes(path: Path) -> bytes:
    """The file, or a sentence about why it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandFailedError(f"{path} cannot be read: {error.strerror}.") from None


def write_bytes(path: Path, data: bytes) -> None:
    """Write the file, or a sentence about why it cannot be written."""
    try:
        path.write_bytes(data)
    except OSError as error:
        raise CommandFailedError(f"{path} cannot be written: {error.strerror}.") from None


def read_text(path: Path) -> str:
    """A text file in UTF-8 or UTF-16, or in Latin-1 where it is neither."""
    return as_text(read_bytes(path))


def as_text(data: bytes) -> str:
    """The letters of a text file, each as it stands in it."""
    return decode(data) or data.decode("latin-1")


def read_instant(text: str, store: Store) -> datetime:
    """The instant that ``--at`` names, now without one; a local time is the district's."""
    if not text:
        return utc_now()
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            "is an instant such as 2026-11-30T06:30 or 2026-11-30T11:30Z.", param_hint="--at"
        ) from None
    if instant.tzinfo is None:
        with store.read() as tx:
            instant = instant.replace(tzinfo=load_district(tx).zone)
    return instant.astimezone(utc_now().tzinfo)
