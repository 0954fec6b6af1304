"""``make bench``: every benchmark in turn, as tables of medians and ratios, headed by machine and date.

With a folder (``make bench DATA=folder``) years are planned on the school calendar that is kept there.
"""

import os
import platform
import sqlite3
import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import calendar_files, digests, files, inbound, insight, memos, planning, retention


def machine() -> str:
    """What the figures were measured on, in one line."""
    cores = os.cpu_count()
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {platform.system()} {platform.machine()}, {cores} cores, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


def main() -> None:
    print(machine(), flush=True)  # noqa: T201 - a table for people
    for one in (inbound, digests, insight, calendar_files, files, memos, retention):
        one.main()
    planning.main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)


if __name__ == "__main__":
    main()
