"""The Procfile and the Dockerfile as they stand: what a host would run, run here."""

import asyncio
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from handlers.card_codec import encode_card
from handlers.cards import plain
from storage import outbox
from storage.database import Store
from storage.tables import MessageRow, PersonRow
from tests import postgres
from tests.contract.fake_slack import FakeSlack
from tests.district import PEOPLE, email

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60
ANY_ADDRESS = "00000000"
"""0.0.0.0 as the kernel writes it: what a host's router needs to reach the process."""


def procfile() -> dict[str, str]:
    lines = (line.partition(":") for line in (ROOT / "Procfile").read_text().splitlines() if line.strip())
    return {name: command.strip() for name, _, command in lines}


@contextmanager
def running(command: str, environment: dict[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    """The line in a shell, as hosts run it; stopped as hosts stop it, and it must end well."""
    process = subprocess.Popen(
        ["bash", "-c", command],
        env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_SECONDS) == 0
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def answers(port: int, path: str) -> int:
    """The HTTP status, or 0 where nobody listens yet."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await asyncio.to_thread(is_so):
            await asyncio.sleep(0.1)


@pytest.mark.postgres
def test_the_procfile_works_as_it_stands_on_a_host_that_sets_port_and_database_url(
    postgres_server: postgres.Server,
) -> None:
    """The release line makes the tables, `web` is reachable from outside and ready, `clock` sends what is due."""

    async def scene() -> None:
        slack = FakeSlack({f"U{number}": email(person[0]) for number, person in enumerate(PEOPLE)})
        await slack.start()
        url, port, lines = postgres_server.clone(), free_port(), procfile()
        environment = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "DATABASE_URL": url.replace("postgresql+psycopg://", "postgres://"),
            "PORT": str(port),
            "SLACK_BOT_TOKEN": "xoxb-invented",
            "SLACK_SIGNING_SECRET": "invented",
            "SLACK_API_URL": slack.url,
        }
        released = await asyncio.to_thread(
            subprocess.run, ["bash", "-c", lines["release"]], env=environment, cwd=ROOT, check=False
        )
        assert released.returncode == 0
        with running(lines["web"], environment), running(lines["clock"], environment):
            await until(lambda: answers(port, "/healthz") == 200)
            await until(lambda: answers(port, "/readyz") == 200)
            listening = Path("/proc/net/tcp").read_text()
            assert f"{ANY_ADDRESS}:{port:04X}" in listening
            store = Store(url)
            put_one_message(store)
            await until(lambda: is_sent(store))
            store.close()
        await slack.stop()

    asyncio.run(scene())


def put_one_message(store: Store) -> None:
    with store.begin() as tx:
        person = tx.exec(select(PersonRow)).first()
        assert person is not None
        assert person.id is not None
        now = datetime.now(UTC)
        card = encode_card(plain("Hello."))
        outbox.put(
            tx, recipient_id=person.id, kind="test", period="1", card=card, asked=True, not_before=now, created_at=now
        )  # fmt: skip


def is_sent(store: Store) -> bool:
    with store.read() as tx:
        return tx.exec(select(MessageRow.state).where(MessageRow.kind == "test")).all() == ["sent"]


def test_what_the_image_copies_is_all_that_the_bot_needs(tmp_path: Path) -> None:
    """The folders the Dockerfile copies, alone in a folder: its command starts there, and says what is missing."""
    instructions = (ROOT / "Dockerfile").read_text().replace("\\\n", " ").splitlines()
    copied = [
        shlex.split(line)[1:] for line in instructions if line.startswith("COPY") and "--from" not in line
    ]
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    for source, target in copied:
        assert source in allowed
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, tmp_path / target, ignore=shutil.ignore_patterns("__pycache__"))
    settings = dict(re.findall(r"(\w+)=(\S+)", next(line for line in instructions if line.startswith("ENV"))))
    done = subprocess.run(
        [sys.executable, "-c", "import runpy, bot, sys; sys.argv[1:] = ['check']; print(bot.__file__); "
         "runpy.run_module('bot', run_name='__main__')"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "DATABASE_URL": f"sqlite:///{tmp_path}/new.sqlite", "HOST": settings["HOST"]},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert Path(done.stdout.strip()).is_relative_to(tmp_path)
    assert done.returncode == 1
    assert "Run `throughline migrate`" in done.stderr


def test_a_deployment_installs_what_is_locked_and_nothing_for_tests() -> None:
    """Every package of requirements.txt stands in requirements.lock, in the same version and with the same hashes."""

    def pinned(name: str) -> dict[str, str]:
        blocks = re.split(r"\n(?=\S)", (ROOT / name).read_text())
        found = (re.match(r"([\w.-]+)==", block) for block in blocks)
        return {
            match[1]: re.sub(r"\s*#.*", "", block)
            for match, block in zip(found, blocks, strict=True)
            if match
        }

    deployed, locked = pinned("requirements.txt"), pinned("requirements.lock")
    assert len(deployed) > 50
    assert {name: block for name, block in deployed.items() if locked.get(name) != block} == {}
    assert "pytest" not in deployed
