"""Files that hold what people said: made so that only the account that runs the bot can read them (mode 0600).

A database that was made under a loose umask stays as it is, for an administrator may have given it to a group on
purpose; ``throughline check`` says so. Where a system knows no such rights nothing is done.
"""

import os
import stat
from pathlib import Path

OWNER_ONLY = 0o600
_OTHERS = stat.S_IRWXO


def make_private(path: Path) -> None:
    """Make an empty file there that nobody else can read; one that is there already keeps its content and rights.

    Raises ``OSError`` where no file can be made.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY))
    except FileExistsError:
        return


def is_open_to_others(path: Path) -> bool:
    """Whether anybody with an account on this machine could read or change the file. False where there is none."""
    try:
        return os.name == "posix" and bool(path.stat().st_mode & _OTHERS)
    except OSError:
        return False
