"""The mailbox as a deployment has it: named in the environment, read by a tick of the command line."""

import json
import os
import subprocess
import sys
from pathlib import Path

from sqlmodel import select

from storage.database import Store
from storage.tables import MandateRow
from tests.mail_server import PASSWORD, USER, mail, running

ROOT = Path(__file__).parents[2]


def test_a_tick_takes_in_what_lies_in_the_mailbox_and_logs_none_of_it(store: Store) -> None:
    with running() as server:
        server.deliver(mail("Schools must return the key list by Friday, December 11, 2026."))
        environment = {
            **os.environ,
            "DATABASE_URL": store.url,
            "IMAP_HOST": "127.0.0.1",
            "IMAP_PORT": str(server.port),
            "IMAP_USER": USER,
            "IMAP_PASSWORD": PASSWORD,
            "LOG_LEVEL": "DEBUG",
        }
        done = subprocess.run(
            [sys.executable, "-m", "bot", "tick", "--at", "2026-11-24T14:00"],
            env=environment, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["mailbox"] == 1
        assert server.unseen() == 0
    assert not any(word in done.stderr for word in ("key list", "Key lists", "dev.patel", PASSWORD))
    with store.read() as tx:
        assert tx.exec(select(MandateRow)).one().title == "Key lists"
