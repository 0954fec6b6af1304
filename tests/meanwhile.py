"""Two processes at the same thing: the second comes while the first has not committed yet."""

import threading
from collections.abc import Callable
from typing import TypeVar

from storage.database import Store, Tx

T = TypeVar("T")
PATIENCE = 0.2
"""Seconds in which the second surely has come to where it must wait."""


def meanwhile(store: Store, first: Callable[[Tx], T], second: Callable[[Tx], T]) -> tuple[T, T]:
    """What either answers, each in a transaction and on connections of its own; the first commits last of all.

    On SQLite the second waits for the whole transaction, on PostgreSQL for the row or the key that both want.
    """
    other = Store(store.url)
    answers: list[T] = []
    failures: list[BaseException] = []

    def come_second() -> None:
        try:
            with other.begin() as tx:
                answers.append(second(tx))
        except BaseException as error:  # noqa: BLE001 - raised again below, where the test sees it
            failures.append(error)

    thread = threading.Thread(target=come_second)
    with store.begin() as tx:
        answer = first(tx)
        tx.flush()
        thread.start()
        thread.join(PATIENCE)
    thread.join(30)
    other.close()
    if failures:
        raise failures[0]
    return answer, answers[0]
