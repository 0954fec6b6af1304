"""Who writes next, where only one can: first come, first served, and what cannot wait before all others."""

import threading
import time
from collections.abc import Callable

import pytest

from storage import database, record
from storage.database import Store, StoreBusyError
from storage.writers import Line


def in_line(line: Line, started: list[str], name: str, *, is_urgent: bool = False) -> threading.Thread:
    """Somebody who stands in line by the time that this returns, and notes their name when it is their turn."""
    before = len(line)

    def wait() -> None:
        assert line.take(10, is_urgent=is_urgent)
        started.append(name)
        line.leave()

    thread = threading.Thread(target=wait)
    thread.start()
    until(lambda: len(line) > before)
    return thread


def until(is_so: Callable[[], bool]) -> None:
    ends = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < ends
        time.sleep(0.001)


def test_turns_come_in_the_order_of_asking_and_urgent_ones_before_them() -> None:
    line, started = Line(), list[str]()
    assert line.take(0)
    waiting = [
        in_line(line, started, name, is_urgent=name.startswith("press"))
        for name in ("claim", "digest", "press 1", "claim again", "press 2")
    ]
    line.leave()
    for thread in waiting:
        thread.join(10)
    assert started == ["press 1", "press 2", "claim", "digest", "claim again"]
    assert len(line) == 0
    assert line.take(0), "somebody still holds the turn"


def test_whoever_has_just_written_does_not_get_before_those_who_wait() -> None:
    line, started = Line(), list[str]()
    assert line.take(0)
    waiting = in_line(line, started, "press")
    line.leave()
    assert line.take(10)
    started.append("the same one again")
    line.leave()
    waiting.join(10)
    assert started == ["press", "the same one again"]


def test_whoever_gives_up_leaves_the_line_in_order() -> None:
    line, started = Line(), list[str]()
    assert line.take(0)
    assert not line.take(0.01)
    assert not line.take(0.01, is_urgent=True)
    waiting = in_line(line, started, "the next")
    line.leave()
    waiting.join(10)
    assert started == ["the next"]
    assert line.take(0)


def test_many_at_once_each_get_their_turn_alone() -> None:
    line, busy, most = Line(), [0], [0]

    def work(number: int) -> None:
        for _ in range(50):
            if not line.take(0.0005 if number % 3 == 0 else 10, is_urgent=number % 2 == 0):
                continue
            busy[0] += 1
            most[0] = max(most[0], busy[0])
            busy[0] -= 1
            line.leave()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert most == [1]
    assert line.take(0), "a turn was lost"


def test_a_process_of_one_writer_writes_in_that_order(store: Store) -> None:
    done: list[str] = []

    def write(name: str, *, is_urgent: bool = False) -> threading.Thread:
        before = len(store.line)

        def work() -> None:
            with store.begin(is_urgent=is_urgent) as tx:
                record.put_setting(tx, name, {})
                done.append(name)

        thread = threading.Thread(target=work)
        thread.start()
        until(lambda: len(store.line) > before)
        return thread

    with store.begin() as tx:
        record.put_setting(tx, "first", {})
        waiting = [write("claim"), write("mark"), write("press", is_urgent=True)]
    for thread in waiting:
        thread.join(10)
    assert done == ["press", "claim", "mark"]


def test_what_failed_gives_the_turn_back(store: Store) -> None:
    def fail() -> None:
        with store.begin():
            raise RuntimeError

    for _ in range(2):
        with pytest.raises(RuntimeError):
            fail()
    with store.begin() as tx:
        record.put_setting(tx, "after", {})


def test_whose_turn_does_not_come_is_told_that_it_is_busy(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_SECONDS", 0.05)
    with store.begin() as tx:
        record.put_setting(tx, "first", {})
        told: list[bool] = []

        def ask() -> None:
            with pytest.raises(StoreBusyError), store.begin() as other:
                record.put_setting(other, "never", {})
            told.append(True)

        thread = threading.Thread(target=ask)
        thread.start()
        thread.join(10)
    assert told == [True]
    with store.read() as tx:
        assert record.get_setting(tx, "never") is None
