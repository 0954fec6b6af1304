"""The process an administrator starts, ``throughline web``, over a deploy in the middle of a story and a fan-out."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp

from storage.database import Store
from tests.contract.slack_bench import SECRET, Bench
from tests.district import PEOPLE
from tests.slack_stories.workspace import Workspace, tell

THROUGHLINE = Path(sys.executable).with_name("throughline")
NOTES_EACH = 2


class Door(Bench):
    """The way to a server in another process. What it has done is seen only by what it says."""

    async def post(self, body: bytes, content_type: str, **how: Any) -> aiohttp.ClientResponse:
        self.clocks.wall = datetime.now(UTC)
        return await super().post(body, content_type, **how)

    async def settle(self) -> None:
        return


class Live(Workspace):
    """A workspace whose server is ``throughline web`` with an environment, logging all it can."""

    async def _open(self, store: Store) -> None:
        self._look = self._assemble(store)  # never started: only to read the database from here
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
        self._process: Process = await asyncio.create_subprocess_exec(
            THROUGHLINE,
            "web",
            env=kept
            | {
                "DATABASE_URL": store.url,
                "SLACK_BOT_TOKEN": "xoxb-invented",
                "SLACK_SIGNING_SECRET": SECRET,
                "SLACK_API_URL": self.slack.url,
                "PORT": "0",
                "LOG_LEVEL": "DEBUG",
            },
            stderr=PIPE,
        )
        assert self._process.stderr is not None
        async with asyncio.timeout(60):
            while not (line := (await self._process.stderr.readline()).decode()).startswith("Listening on "):
                assert line, "the process ended before it listened"
                self.log.append(line)
        self._reading = asyncio.create_task(self._read(self._process.stderr))
        url = line.removeprefix("Listening on ").strip().rstrip("/")
        self.clocks.wall = datetime.now(UTC)
        self.bench = Door(self.slack, self._look, self.clocks, url, self._http)

    async def _read(self, stream: asyncio.StreamReader) -> None:
        async for line in stream:
            self.log.append(line.decode())

    async def _close(self) -> None:
        """A deploy stops it so."""
        self._process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(30):
            assert await self._process.wait() == 0
            await self._reading
        assert "claimed" not in self.bench.states()
        self._look.inbox.close()
        self._look.store.close()


def test_a_deploy_in_the_middle_of_a_walkthrough_and_a_fan_out(tmp_path: Path) -> None:
    async def scene(slack: Workspace) -> None:
        imani, grace = slack.member("imani.brooks"), slack.member("grace.lindqvist")
        await imani.commands("walkthrough lincoln")
        await imani.hears("Which one")
        await imani.presses("Lincoln Middle")
        await grace.hears("One strength")
        await grace.says("Students talk to each other about their work.")
        await grace.hears("One challenge")
        for name, *_ in PEOPLE:
            for number in range(NOTES_EACH):
                slack.bench.queue(name, f"Note {number} to {name}")
        async with asyncio.timeout(60):
            while sum(notes(slack).values()) < 3:
                await asyncio.sleep(0.01)
        await grace.says("The same few students answer in every lesson.")
        await slack.restart()
        async with asyncio.timeout(60):
            while slack.bench.states().keys() != {"sent"}:
                await asyncio.sleep(0.02)
        assert notes(slack) == Counter({name: NOTES_EACH for name, *_ in PEOPLE})
        grace.sees("One to three things")
        await grace.presses("Send", {"One a line": "students explain their thinking"})
        await grace.hears("[Go on]")
        await grace.presses("Go on")
        await imani.hears("The same few students answer in every lesson.")

    tell(tmp_path, scene, where=Live)


def notes(slack: Workspace) -> Counter[str]:
    """How many notes each was sent."""
    return Counter(
        one.text.partition(" to ")[2] for one in slack.slack.ledger if one.text.startswith("Note ")
    )
