"""Whatever goes wrong, no secret of the settings stands in what a command says, nor a database's password."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage.database import Store
from tests.district import fill
from tests.forked_bot import ForkedBot

ROOT = Path(__file__).parent.parent.parent
NOWHERE = "127.0.0.1:9"
SECRETS = {
    "SLACK_BOT_TOKEN": "xoxb-HUSH-1",
    "SLACK_SIGNING_SECRET": "HUSH-2",
    "MICROSOFT_APP_PASSWORD": "HUSH-3",
    "LLM_API_KEY": "HUSH-4",
    "IMAP_PASSWORD": "HUSH-5",
    "ADDRESS_KEY": "HUSH-9" + "A" * 80,
}
BESIDE = {
    "BASE_URL": "https://throughline.example.org",
    "SLACK_API_URL": f"http://{NOWHERE}/api/",
    "MICROSOFT_APP_ID": "00000000-0000-0000-0000-000000000001",
    "MICROSOFT_APP_TENANT_ID": "00000000-0000-0000-0000-000000000002",
    "TEAMS_OPENID_METADATA_URL": f"http://{NOWHERE}/openid",
    "LLM_BASE_URL": f"http://{NOWHERE}/v1",
    "LLM_MODEL": "small",
    "TRANSLATE_URL": f"http://{NOWHERE}/translate?api_key=HUSH-6",
    "IMAP_HOST": "127.0.0.1",
    "IMAP_PORT": "9",
    "IMAP_USER": "memos",
}
POSTGRES = f"postgresql://bot:HUSH-7@{NOWHERE}/district?connect_timeout=2"
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def bot() -> Iterator[ForkedBot]:
    with ForkedBot() as forked:
        yield forked


@pytest.fixture
def run(bot: ForkedBot, tmp_path: Path) -> Run:
    def run_it(*arguments: str, **names: str) -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
        url = f"sqlite:///{tmp_path / 'secrets.sqlite'}"
        environment = {**kept, "DATABASE_URL": url, "PYTHONPATH": str(ROOT), "LOG_LEVEL": "DEBUG", **names}
        return bot.run(*arguments, folder=tmp_path, environment=environment, given="")

    return run_it


def test_the_check_names_every_fault_and_no_secret(run: Run, tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'secrets.sqlite'}")
    store.migrate()
    with store.begin() as tx:
        fill(tx)
    store.close()
    done = run("check", **SECRETS, **BESIDE)
    assert done.returncode == 1
    for words in ("slack", "Microsoft", "language model", "translation service", "mailbox"):
        assert words in done.stderr, words
    assert "HUSH" not in done.stderr + done.stdout


@pytest.mark.parametrize(
    "command", [("check",), ("migrate",), ("tick",), ("ask", "visits in October", "--as", "a@b.c")]
)
def test_a_database_that_cannot_be_reached_is_named_without_its_password(
    run: Run, command: tuple[str, ...]
) -> None:
    done = run(*command, DATABASE_URL=POSTGRES)
    assert done.returncode != 0
    assert done.stderr.strip()
    assert "HUSH" not in done.stderr + done.stdout


@pytest.mark.parametrize("name", [*SECRETS, "TRANSLATE_URL", "DATABASE_URL"])
def test_a_malformed_secret_is_named_and_not_repeated(run: Run, name: str) -> None:
    done = run("check", **{**SECRETS, **BESIDE, name: "\x01HUSH\nHUSH-8"})
    assert done.returncode != 0
    assert "HUSH" not in done.stderr + done.stdout


def test_the_check_says_that_others_can_read_the_database(run: Run, tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'secrets.sqlite'}")
    store.migrate()
    store.close()
    assert "can read the database" not in run("check").stderr
    (tmp_path / "secrets.sqlite").chmod(0o644)
    assert f"Run `chmod o-rwx {tmp_path / 'secrets.sqlite'}*`" in run("check").stderr
