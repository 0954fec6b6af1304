"""A process that is killed at a chosen step of its work with the database, and what the database holds after.

A step is a statement about to run, a commit about to begin, or a commit that has just been made. The child is a
fork, so that nothing but its connections differs from a real process; ``SIGKILL`` gives it no last word.
"""

import multiprocessing
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import event, text
from sqlmodel import SQLModel

from storage.database import Store

_FORK = multiprocessing.get_context("fork")
_NO_LIMIT = 10**9


def copy_of(district: Path, folder: Path, name: str) -> str:
    """A fresh copy of a database file; its URL."""
    return f"sqlite:///{shutil.copy(district, folder / f'{name}.sqlite')}"


def count_steps(url: str, work: Callable[[Store], None]) -> int:
    """How many steps the whole work takes."""
    store = Store(url)
    steps = _watch(store, lambda _number: None)
    work(store)
    store.close()
    return steps[0]


def run_killed(url: str, work: Callable[[Store], None], *, at_step: int) -> bool:
    """Run the work in a process of its own that is killed at that step; False where it ended before."""
    child = _FORK.Process(target=_live_until, args=(url, work, at_step))
    child.start()
    child.join()
    assert child.exitcode in (0, -signal.SIGKILL), f"the child ended with {child.exitcode}"
    return child.exitcode != 0


def run_together(url: str, work: Callable[[Store], None], *, count: int) -> None:
    """Run the work in several processes at the same time."""
    children = [_FORK.Process(target=_live_until, args=(url, work, _NO_LIMIT)) for _ in range(count)]
    for child in children:
        child.start()
    for child in children:
        child.join()
        assert child.exitcode == 0


def contents(url: str) -> dict[str, list[Any]]:
    """Every row of every table, in the order of its key."""
    store = Store(url)
    found: dict[str, list[Any]] = {}
    with store.read() as tx:
        for table in SQLModel.metadata.sorted_tables:
            order = ", ".join(f'"{column.name}"' for column in table.primary_key)
            rows = tx.execute(text(f'SELECT * FROM "{table.name}" ORDER BY {order}')).mappings()
            found[table.name] = [dict(row) for row in rows]
    store.close()
    return found


def _live_until(url: str, work: Callable[[Store], None], at_step: int) -> None:
    store = Store(url)

    def die(number: int) -> None:
        if number == at_step:
            os.kill(os.getpid(), signal.SIGKILL)

    _watch(store, die)
    work(store)
    store.close()


def _watch(store: Store, on_step: Callable[[int], None]) -> list[int]:
    steps = [0]

    def step(*_what: object) -> None:
        steps[0] += 1
        on_step(steps[0])

    event.listen(store.engine, "before_cursor_execute", step)
    event.listen(store.engine, "commit", step)

    # There is no event after a commit: the pool's is the next thing that happens.
    event.listen(store.engine, "checkin", step)
    return steps
