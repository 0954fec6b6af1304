"""Nobody waits for a walk through all visits or all messages there ever were.

Everything that the bot asks the database for while people talk to it is asked again as ``EXPLAIN QUERY PLAN``, in a
database that believes its tables to hold what ten years of a large district leave.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from handlers.answers import insight
from storage import outbox
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
    cursor.execute("ANALYZE")
    cursor.execute("DELETE FROM sqlite_stat1")
    for table, rows in (LARGE | SMALL).items():
        cursor.execute("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, NULL, ?)", (table, str(rows)))
    cursor.execute("ANALYZE sqlite_schema")
    found = []
    for statement, values in sent.items():
        for *_numbers, line in cursor.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall():
            scan = re.match(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?", line)
            if scan is None or scan[2] in IN_PART:
                continue
            if re.sub(r"_\d+$", "", scan[1]) in LARGE:
                found.append(f"{line}: {' '.join(statement.split())[:300]}")
    cursor.close()
    raw.close()
    return found


def test_no_conversation_walks_through_a_table_that_grows_with_the_years(store: Store) -> None:
    chat = Chat(store, at="2026-11-18 10:00")
    with heard(store) as sent:
        for name, lines in SAID.items():
            speaker = chat.person(email(name))
            for line in lines:
                speaker.says(line)
    assert len(sent) > 100
    assert "\n".join(walks(store, sent)) == ""


@pytest.mark.parametrize("name", ["ruth.castellanos", "imani.brooks"])
def test_no_question_walks_through_a_table_that_grows_with_the_years(store: Store, name: str) -> None:
    speaker = Chat(store, at="2026-11-18 10:00").person(email(name))
    role = Role.EXECUTIVE if name == "ruth.castellanos" else Role.ILD
    with heard(store) as sent:
        for question in (*ASKED, *insight.QUICK[role]):
            speaker.says(f"ask {question}")
    assert len(sent) > 30
    assert "\n".join(walks(store, sent)) == ""


def test_no_sender_walks_through_the_messages_that_went_long_ago(store: Store) -> None:
    chat = Chat(store, at="2026-11-18 10:00")
    chat.person(email("imani.brooks")).says("help")
    with heard(store) as sent, store.begin() as tx:
        outbox.claim(tx, sender="test", now=NOW, limit=50)
    assert sent
    assert "\n".join(walks(store, sent)) == ""
