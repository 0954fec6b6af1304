"""Building the digests of 1,600 principals, against a bare loop that inserts as many prepared outbox rows.

The week is the same each time: memos passed on by 80 ILDs to all their schools, beside those of the years before.
Either side writes one transaction a principal, since a kill between two must leave each with one or none; the
second line shows the bare rows in one transaction, which promises less.
"""

import statistics
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, insert
from sqlmodel import col, select

from handlers.digest.digest_sending import SETTLED, monday_of, send_digests
from handlers.reception import Inbound, Said, Sender, receive
from protocols.buffer.digest import Decision
from storage.database import Store
from storage.tables import (
    AssignmentRow,
    AuditRow,
    DemandRow,
    DigestItemRow,
    DigestRow,
    MessageRow,
    SettingRow,
    TriageRow,
)
from tests.bench import large
from tests.bench.ground import Ground
from tests.bench.tables import Column, Report
from tests.bench.timing import Ratio, milliseconds

ROUNDS = 5
MEMOS = Path(__file__).parent.parent / "data" / "memos"
DECIDED = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 21, 0, tzinfo=UTC)
"""After the hour of every principal's digest that week, within what is caught up with."""


def make(folder: Path) -> Store:
    """The large district with four memos read and passed on by everybody; no visits, which digests do not read."""
    store = large.make(folder, visits=0)
    with store.read() as tx:
        known = tx.exec(select(func.max(DemandRow.id))).one() or 0
    for number, path in enumerate(sorted(MEMOS.glob("*.txt"))):
        sender = Sender("bench", "T", "executive", email=large.EXECUTIVE)
        said = Said(f"memo: {path.read_text()}")
        received = receive(store, Inbound((f"bench:{number}",), sender, said), now=large.NOW)
        assert received.outcome == "done", received
    with store.begin() as tx:
        fresh = select(DemandRow.id).where(col(DemandRow.id) > known)
        demands = [one for one in tx.exec(fresh) if one is not None]
        ilds = [one for one in tx.exec(select(AssignmentRow.ild_id).distinct()) if one is not None]
        tx.execute(
            insert(TriageRow),
            [
                TriageRow(
                    demand_id=demand,
                    ild_id=ild,
                    decision=Decision.PASS_ON,
                    wording="",
                    note="",
                    decided_by=ild,
                    decided_at=DECIDED,
                ).model_dump(exclude={"id"})
                for ild in ilds
                for demand in demands
            ],
        )
    return store


def forget(store: Store) -> None:
    """The week as if no digest had been built; those of the years before stay."""
    of_week = select(DigestRow.id).where(DigestRow.week == monday_of(MONDAY.date()))
    with store.begin() as tx:
        tx.execute(delete(DigestItemRow).where(col(DigestItemRow.digest_id).in_(of_week)))
        tx.execute(delete(DigestRow).where(col(DigestRow.week) == monday_of(MONDAY.date())))
        for table in (MessageRow, AuditRow):
            tx.execute(delete(table))
        tx.execute(delete(SettingRow).where(col(SettingRow.name) == SETTLED))


def prepared(store: Store) -> list[dict[str, Any]]:
    """The outbox rows that the digests came to."""
    with store.read() as tx:
        return [row.model_dump(exclude={"id"}) for row in tx.exec(select(MessageRow))]


def build(store: Store) -> None:
    count = send_digests(store, MONDAY)
    assert count == large.SCHOOLS, count


def run(report: Report, _ground: Ground) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = make(Path(folder))
        build(store)
        rows = [row for row in prepared(store) if row["kind"] == "digest"]
        assert len(rows) == large.SCHOOLS

        def insert_each() -> None:
            for row in rows:
                with store.begin() as tx:
                    tx.execute(insert(MessageRow), row)

        def insert_all() -> None:
            with store.begin() as tx:
                tx.execute(insert(MessageRow), rows)

        took: dict[Callable[[], None], list[float]] = {insert_each: [], insert_all: []}
        built: list[float] = []
        for _ in range(ROUNDS):
            forget(store)
            built.append(milliseconds(lambda: build(store)))
            for call in took:
                forget(store)
                took[call].append(milliseconds(call))
        size = statistics.mean(len(row["card"]) for row in rows)
        table = report.ratios(
            f"{large.SCHOOLS:,} digests of {size:,.0f} characters (SQLite)",
            Column("built", "built and queued, one transaction a principal", ",.0f"),
            Column("bare rows", "as many prepared rows inserted", ",.0f"),
        )
        for name, call in (
            ("one transaction each", insert_each),
            ("bare rows in one transaction", insert_all),
        ):
            table.ratio(name, Ratio(statistics.median(built), statistics.median(took[call])))
        store.close()
