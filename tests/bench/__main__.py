"""``make bench``: every benchmark in turn, as tables of medians and ratios, headed by machine and date."""

import os
import platform
import sqlite3
from datetime import UTC, datetime

from tests.bench import digests, inbound, insight


def machine() -> str:
    """What the figures were measured on, in one line."""
    cores = os.cpu_count()
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {platform.system()} {platform.machine()}, {cores} cores, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


def main() -> None:
    print(machine(), flush=True)  # noqa: T201 - a table for people
    for one in (inbound, digests, insight):
        one.main()


if __name__ == "__main__":
    main()
