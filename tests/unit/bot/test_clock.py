"""A tick does what is due, and one topic's bug does not silence the others."""

import logging
from datetime import datetime

import pytest

from handlers.clock import run_due
from storage.database import Store
from tests.district import NOW

NOTE = "what somebody wrote"


def test_a_job_that_fails_is_counted_and_the_next_ones_run(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(store: Store, now: datetime) -> int:
        raise RuntimeError(NOTE)

    counts = run_due(
        store, NOW, jobs=(("first", lambda s, n: 2), ("broken", broken), ("last", lambda s, n: 1))
    )
    assert counts == {"first": 2, "last": 1, "failed": 1}
    assert [one.levelno for one in caplog.records] == [logging.ERROR]
    assert NOTE not in caplog.text


def test_running_it_twice_is_no_fault(store: Store) -> None:
    assert run_due(store, NOW)["failed"] == 0
    assert run_due(store, NOW)["failed"] == 0
