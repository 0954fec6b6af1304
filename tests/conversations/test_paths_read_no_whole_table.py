"""Nobody waits for a walk through all visits or all messages there ever were.

Everything that the bot asks the database for while people talk to it, and at each tick of the clock, is asked again as
``EXPLAIN``, in a database that believes its tables to hold what ten years of a large district leave: SQLite, and
PostgreSQL.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import JSON, Boolean, Column, Date, DateTime, Float, Integer, UniqueConstraint, event
from sqlmodel import SQLModel

from handlers import clock
from handlers.answers import insight
from storage import digests, doubts, outbox
from storage.database import Store
from storage.people import Role
from tests.chat import Chat
from tests.district import NOW, email

LARGE = {
    "visit": 640_000, "witness": 640_000, "message": 2_000_000, "attachment": 200_000, "inbound": 100_000,
    "audit": 3_000_000, "notice": 500_000, "run": 80_000, "run_event": 2_000_000, "run_seat": 200_000,
    "promise": 400_000, "digest": 640_000, "digest_item": 3_000_000, "triage": 500_000, "question": 100_000,
    "protected_loss": 50_000, "busy_stretch": 500_000, "chat_line": 500_000,
}  # fmt: skip
"""Rows of the tables that grow with every year."""
SMALL = {"school": 1_600, "person": 4_000, "assignment": 16_000, "mandate": 20_000, "demand": 60_000}
IN_PART = (
    "witness_denied", "visit_open", "visit_open_day", "visit_cancelled_day", "run_inquiry",
    "digest_item_asked", "digest_item_own_day", "digest_item_remind", "message_lost", "triage_held",
)  # fmt: skip
"""Indexes of the few rows that are still open, or were ever denied: to read one of them wholly is no walk."""
SAID = {
    "imani.brooks": (
        "home", "my week", "plan", "visits", "my thread", "drift", "rhythm", "protected time", "triage", "preview",
        "requests", "who looked at my figures", "my messages", "walkthrough roosevelt", "pause", "resume",
        "plan Lincoln Middle Thu 8:30", "cancel Lincoln Middle", "find lead testing", "my follow-through",
    ),
    "grace.lindqvist": (
        "home", "digest", "my digest", "my thread", "protected time", "find lead testing", "service requests",
        "who looked at my figures", "my tasks",
    ),
    "ruth.castellanos": ("home", "overrides", "ledger", "scorecards", "pulse", "ties"),
    "dev.patel": ("home", "meeting with principals Tue 9:00 about substitutes", "requests", "my requests", "memo"),
}  # fmt: skip
ASKED = (
    "visits since September by school", "visits this school year by network", "visits since 2025 by month",
    "visits this semester against last semester", "longest gap this school year",
    "share of intervals kept this school year", "evenness of visits since September by network",
    "time in schools since September", "visits cancelled since September and why",
    "share of cancelled visits made good since September", "protected time kept this school year",
    "protected time lost since September by reason", "mandates since September by office",
    "demands taken off plates by office since September", "minutes asked since September by network",
    "share of visits with a next step since September", "open cycles of inquiry by phase",
    "visits at high schools since September", "visits to Lincoln Middle since September",
)  # fmt: skip


@contextmanager
def heard(store: Store) -> Iterator[dict[str, Any]]:
    """The statements that are sent meanwhile, each with values that it was sent with."""
    sent: dict[str, Any] = {}

    def listen(_c: Any, _cursor: Any, statement: str, values: Any, _context: Any, many: bool) -> None:
        if not many and statement.lstrip().upper().startswith(("SELECT", "WITH", "UPDATE", "DELETE")):
            sent.setdefault(statement, values)

    event.listen(store.engine, "before_cursor_execute", listen)
    try:
        yield sent
    finally:
        event.remove(store.engine, "before_cursor_execute", listen)


def walks(store: Store, sent: dict[str, Any]) -> list[str]:
    """The tables that are read from end to end, with the beginning of the statement."""
    raw = store.engine.raw_connection()
    cursor = raw.cursor()
    (_believe_sqlite if store.is_sqlite else _believe_postgres)(cursor)
    read = _walked_by_sqlite if store.is_sqlite else _walked_by_postgres
    found = [
        f"{walk}: {' '.join(statement.split())[:300]}"
        for statement, values in sent.items()
        for walk in read(cursor, statement, values)
    ]
    cursor.close()
    raw.close()
    return found


def _believe_sqlite(cursor: Any) -> None:
    """Statistics as of a database with ten years in it."""
    cursor.execute("ANALYZE")
    cursor.execute("DELETE FROM sqlite_stat1")
    for table, rows in (LARGE | SMALL).items():
        cursor.execute("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, NULL, ?)", (table, str(rows)))
    cursor.execute("ANALYZE sqlite_schema")


def _walked_by_sqlite(cursor: Any, statement: str, values: Any) -> Iterator[str]:
    for *_numbers, line in cursor.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall():
        scan = re.match(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?", line)
        if scan is None or scan[2] in IN_PART:
            continue
        if re.sub(r"_\d+$", "", scan[1]) in LARGE:
            yield line


THERE = 2_000
"""Rows that are really put into each large table of PostgreSQL: it estimates by the pages that a file has."""


def _believe_postgres(cursor: Any) -> None:
    """Some rows in every large table, analysed, and as many more in what the planner believes of their number."""
    cursor.execute("SET session_replication_role = replica")
    for name in LARGE:
        table = SQLModel.metadata.tables[name]
        columns = [one for one in table.columns if not one.nullable or one.foreign_keys]
        keys = {
            one.name for key in table.constraints if isinstance(key, UniqueConstraint) for one in key.columns
        }
        names = ", ".join(f'"{one.name}"' for one in columns)
        made = ", ".join(_invented(one, is_key=one.primary_key or one.name in keys) for one in columns)
        cursor.execute(
            f"INSERT INTO {name} ({names}) SELECT {made} FROM generate_series(1, {THERE}) AS one(n)"
        )
    cursor.execute("ANALYZE")
    for name, rows in (LARGE | SMALL).items():
        cursor.execute(
            "UPDATE pg_class SET relpages = greatest(pg_relation_size(oid) / 8192, 1), "
            "reltuples = CASE WHEN relname = ANY(%s) THEN %s / 100.0 ELSE %s END WHERE oid IN "
            "(SELECT %s::regclass::oid UNION SELECT indexrelid FROM pg_index WHERE indrelid = %s::regclass)",
            (list(IN_PART), rows, rows, name, name),
        )


LATELY = {"inbound"}
"""What is kept for days alone."""
KINDS = 200
"""So many different words a column of text holds that is no key."""


def _invented(column: Column[Any], *, is_key: bool) -> str:
    """A value of the column's type in row ``n``: days and hours over ten years and some, numbers that are nobody's."""
    match getattr(column.type, "impl", column.type):
        case JSON():
            return "'{}'"
        case Boolean():
            return "n % 2 = 0"
        case DateTime():
            first, hours = ("2026-11-18", 0.08) if column.table.name in LATELY else ("2016-09-01", 48)
            return f"timestamptz '{first}' + n * interval '{hours} hours'"
        case Date():
            return f"date '2016-09-01' + n * {11 * 365 // THERE}"
        case Integer():
            return f"{1_000_000} + n"
        case Float():
            return "n"
        case _:
            return "'of ' || n" if is_key else f"'of ' || n % {KINDS}"


def _walked_by_postgres(cursor: Any, statement: str, values: Any) -> Iterator[str]:
    cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}", values)
    ((plan,),) = cursor.fetchall()
    cursor.execute("SELECT indexname, tablename FROM pg_indexes WHERE schemaname = 'public'")
    table_of = dict(cursor.fetchall())
    for node in _nodes(plan[0]["Plan"]):
        kind, index = node["Node Type"], node.get("Index Name", "")
        table = node.get("Relation Name") or table_of.get(index, "")
        is_whole = kind == "Seq Scan" or (
            "Index" in kind and "Index Cond" not in node and index not in IN_PART
        )
        if is_whole and table in LARGE:
            yield f"{kind} of {table} {index}".strip()


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for one in node.get("Plans", ()):
        yield from _nodes(one)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def large_store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """The small district in a database that nobody gets after this test: it believes to be large."""
    if request.param == "sqlite":
        yield request.getfixturevalue("store")
        return
    opened = Store(request.getfixturevalue("postgres_server").clone())
    yield opened
    opened.close()


def test_no_conversation_walks_through_a_table_that_grows_with_the_years(large_store: Store) -> None:
    store = large_store
    chat = Chat(store, at="2026-11-18 10:00")
    with heard(store) as sent:
        for name, lines in SAID.items():
            speaker = chat.person(email(name))
            for line in lines:
                speaker.says(line)
    assert len(sent) > 100
    assert "\n".join(walks(store, sent)) == ""


@pytest.mark.parametrize("name", ["ruth.castellanos", "imani.brooks"])
def test_no_question_walks_through_a_table_that_grows_with_the_years(large_store: Store, name: str) -> None:
    store = large_store
    speaker = Chat(store, at="2026-11-18 10:00").person(email(name))
    role = Role.EXECUTIVE if name == "ruth.castellanos" else Role.ILD
    with heard(store) as sent:
        for question in (*ASKED, *insight.QUICK[role]):
            speaker.says(f"ask {question}")
    assert len(sent) > 30
    assert "\n".join(walks(store, sent)) == ""


def test_no_sender_walks_through_the_messages_that_went_long_ago(large_store: Store) -> None:
    store = large_store
    chat = Chat(store, at="2026-11-18 10:00")
    chat.person(email("imani.brooks")).says("help")
    with heard(store) as sent, store.begin() as tx:
        outbox.claim(tx, sender="test", now=NOW, limit=50)
        doubts.holders(tx)
        doubts.expire_leases(tx, now=NOW, look_up_at=NOW)
        doubts.in_doubt(tx, now=NOW)
        outbox.expiring(tx, now=NOW, before=NOW)
        outbox.undelivered(tx, limit=50)
        outbox.waiting(tx, now=NOW)
    assert sent
    assert "\n".join(walks(store, sent)) == ""


def test_no_tick_walks_through_a_table_that_grows_with_the_years(large_store: Store) -> None:
    """A tick comes every minute, and what it writes others wait for. At night letting go reads the tables in windows of
    their keys."""
    store = large_store
    jobs = tuple(job for job in clock.JOBS if job[0] != "records_let_go")
    with heard(store) as sent:
        for hours in (0, 5, 20):
            counts = clock.run_due(store, NOW + timedelta(hours=hours), jobs=jobs)
            assert counts["failed"] == 0
    assert len(sent) > 50
    assert "\n".join(walks(store, sent)) == ""


def test_an_ilds_week_is_weighed_without_a_walk_through_all_items(large_store: Store) -> None:
    with heard(large_store) as sent, large_store.read() as tx:
        digests.minutes_due(tx, [1], NOW.date(), NOW.date() + timedelta(days=6))
        digests.due_between(tx, NOW.date(), NOW.date() + timedelta(days=100))
        digests.given(tx, [1], [1])
        digests.latest_week(tx, [1])
        outbox.told(tx, "pulse", "1")
    assert sent
    assert "\n".join(walks(large_store, sent)) == ""
