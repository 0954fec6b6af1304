"""Letting two million old messages go, in pieces, beside one statement that deletes them all.

What counts is how long somebody who writes meanwhile has to wait: in pieces for one of them, else for the whole.
"""

import statistics
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from handlers.keeping import retention_clock
from storage.database import Store, StoreBusyError
from storage.keeping import progress
from tests.bench.ground import Ground
from tests.bench.tables import Column, Report

THEN = datetime(2020, 10, 5, 15, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 24, 8, 10, tzinfo=UTC)
MESSAGES = 100_000
CARD = '{"title":"An answer","blocks":[{"block":"text","text":"' + "words of an answer " * 20 + '"}]}'


class Writer:
    """Writes a row again and again, as a person's press does, and remembers the longest wait, in seconds."""

    def __init__(self, store: Store) -> None:
        self.waits: list[float] = []
        self._store = store
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._write)

    def __enter__(self) -> "Writer":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _write(self) -> None:
        while not self._is_over.wait(0.02):
            began = time.perf_counter()
            with suppress(StoreBusyError), self._store.begin() as tx:  # given up after thirty seconds
                tx.execute(text("UPDATE person SET zone = NULL WHERE id = 1"))
            self.waits.append(time.perf_counter() - began)


def put(store: Store, number: int) -> None:
    """So many answers that were sent in 2020."""
    series = (
        "WITH RECURSIVE one(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM one WHERE n < :number) SELECT n FROM one"
        if store.is_sqlite
        else "SELECT n FROM generate_series(1, :number) AS s(n)"
    )
    with store.begin() as tx:
        tx.execute(
            text(
                "INSERT INTO message (recipient_id, kind, period, card, asked, subject, window, thread, state, why, "
                "not_before, waits_for, attempts, platform_ref, created_at) "
                f"SELECT 1 + n % 10, 'reply', CAST(n AS VARCHAR), :card, :asked, '', '', '', 'sent', '', :at, '', 1, "
                f"'{{}}', :at FROM ({series}) AS numbers".replace(" window,", ' "window",')
            ),
            {"number": number, "card": CARD, "asked": True, "at": THEN},
        )


def in_pieces(store: Store) -> tuple[float, int, list[float]]:
    """Seconds, ticks and the waits of the writer."""
    ticks, began = 0, time.perf_counter()
    with Writer(store) as writer:
        is_done = False
        while not is_done:
            retention_clock.let_go(store, NIGHT + timedelta(minutes=ticks))
            ticks += 1
            with store.read() as tx:
                is_done = progress.progress(tx).is_done
    return time.perf_counter() - began, ticks, writer.waits


def at_once(store: Store) -> tuple[float, list[float]]:
    """The same by one statement."""
    began = time.perf_counter()
    with Writer(store) as writer, store.begin() as tx:
        tx.execute(text("DELETE FROM message WHERE created_at < :before"), {"before": NIGHT})
    return time.perf_counter() - began, writer.waits


def run(report: Report, ground: Ground) -> None:
    table = report.table(
        f"Letting {MESSAGES:,} old messages go, while somebody writes again and again",
        Column("a second", "messages let go in pieces", ",.0f"),
        Column("ticks", "of the clock that it took", ",d"),
        Column("a wait", "the median wait of the writer meanwhile"),
        Column("longest", "the longest", ",.0f"),
        Column("at once", "messages a second by one statement", ",.0f"),
        Column("its longest", "the longest wait of the writer meanwhile", ",.0f"),
    )
    for where, store in ground.small_districts(report):
        put(store, MESSAGES)
        took, ticks, waits = in_pieces(store)
        put(store, MESSAGES)
        once, blocked = at_once(store)
        table.row(
            where,
            MESSAGES / took,
            ticks,
            statistics.median(waits) * 1000,
            max(waits) * 1000,
            MESSAGES / once,
            max(blocked, default=0.0) * 1000,
        )
