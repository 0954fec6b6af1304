"""The real process with Teams, set up by its environment alone."""

import asyncio
import itertools
import os
import re
import signal
import sys
from pathlib import Path

import aiohttp
import pytest

from storage.database import Store
from tests.contract.fake_teams import APP_ID, PASSWORD, TENANT, FakeTeams
from tests.contract.slack_bench import Clocks
from tests.contract.teams_bench import MEMBERS, Bench
from tests.district import make_store

ROOT = Path(__file__).parent.parent.parent


def _environment(folder: Path, **names: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    database = f"sqlite:///{folder / 'test.sqlite'}"
    return kept | {"DATABASE_URL": database, "PORT": "0", "PYTHONPATH": str(ROOT)} | names


async def _start(folder: Path, *command: str, **names: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *command,
        env=_environment(folder, **names),
        cwd=folder,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )


async def _address(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None
    said = ""
    async with asyncio.timeout(90):
        while line := (await process.stderr.readline()).decode():
            said += line
            if found := re.search(r"Listening on (http://\S+)/", line):
                return found[1]
    raise AssertionError(said)


def test_words_in_an_answer_out_and_a_good_end(tmp_path: Path) -> None:
    make_store(tmp_path).close()

    async def scene() -> None:
        teams = FakeTeams(members=dict(MEMBERS))
        await teams.start()
        names = {
            "MICROSOFT_APP_ID": APP_ID,
            "MICROSOFT_APP_PASSWORD": PASSWORD,
            "MICROSOFT_APP_TENANT_ID": TENANT,
            "TEAMS_OPENID_METADATA_URL": teams.metadata_url,
        }
        process = await _start(tmp_path, "web", **names)
        url = await _address(process)
        async with aiohttp.ClientSession() as http:
            store = Store(f"sqlite:///{tmp_path / 'test.sqlite'}")
            bench = Bench(teams, None, Clocks(), url, http, itertools.count(1))  # type: ignore[arg-type]  # elsewhere
            assert (await bench.activity(bench.payload("message_personal"), token="")).status == 401
            assert (await bench.activity(bench.payload("message_personal"))).status == 200
            async with asyncio.timeout(60):
                while not teams.ledger:
                    await asyncio.sleep(0.02)
            store.close()
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(30):
            _, said = await process.communicate()
        assert process.returncode == 0
        assert b"Traceback" not in said
        assert "What you can write here" in teams.ledger[0].text
        checked = await _start(tmp_path, "check", **names)
        async with asyncio.timeout(90):
            _, told = await checked.communicate()
        assert b"teams: the credentials work." in told
        await teams.stop()

    asyncio.run(scene())


@pytest.mark.parametrize(
    "names",
    [
        pytest.param({"HOST": "0.0.0.0"}, id="on every address of the machine"),
        pytest.param(
            {"MICROSOFT_APP_ID": "a", "MICROSOFT_APP_PASSWORD": "b", "MICROSOFT_APP_TENANT_ID": "c"},
            id="beside an app",
        ),
    ],
)
def test_unchecked_it_does_not_start_for_others(tmp_path: Path, names: dict[str, str]) -> None:
    async def scene() -> None:
        names["TEAMS_UNAUTHENTICATED_DEVELOPMENT"] = "true"
        process = await _start(tmp_path, "web", **names)
        async with asyncio.timeout(90):
            _, said = await process.communicate()
        assert process.returncode == 1
        assert b"TEAMS_UNAUTHENTICATED_DEVELOPMENT is set" in said

    asyncio.run(scene())


def test_unchecked_it_answers_this_machine(tmp_path: Path) -> None:
    make_store(tmp_path).close()

    async def scene() -> None:
        teams = FakeTeams(members=dict(MEMBERS), is_open=True)
        await teams.start()
        process = await _start(tmp_path, "web", TEAMS_UNAUTHENTICATED_DEVELOPMENT="true")
        url = await _address(process)
        async with aiohttp.ClientSession() as http:
            bench = Bench(teams, None, Clocks(), url, http, itertools.count(1))  # type: ignore[arg-type]  # elsewhere
            activity = bench.payload("message_personal")
            assert (await bench.activity(activity, token="")).status == 200
            elsewhere = {"Host": "bot.district.org"}
            assert (await bench.activity(activity, token="", headers=elsewhere)).status == 401
            async with asyncio.timeout(60):
                while not teams.ledger:
                    await asyncio.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(30):
            await process.communicate()
        await teams.stop()

    asyncio.run(scene())
