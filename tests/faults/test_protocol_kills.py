"""A walkthrough over Slack in a process that dies all the time: at any statement, commit or call, and is begun anew.

Slack repeats what was not acknowledged, people wait for their answer and go on. In the end the walkthrough is as if
nothing had been: the story's own expectations hold at every step, and the checker finds nothing.
"""

import asyncio
import random
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from storage.database import Store
from tests.contract.slack_bench import Bench
from tests.faults.conftest import Injected
from tests.faults.invariants import Expected, faults
from tests.faults.platforms import shown_on, slack_names
from tests.faults.processes import Machine, Process
from tests.slack_stories.test_slack_walkthrough import TUESDAY, Two
from tests.slack_stories.workspace import Workspace, tell, wall_time

HELD = [("Lincoln Middle", date(2026, 12, 1))]
FEWEST_STEPS, MOST_STEPS = 30, 260
"""A start takes some forty, a move with its answers some eighty."""


class Door(Bench):
    """The way to a process that may be gone. Slack repeats what it got no answer to."""

    doomed: "Doomed"

    async def post(self, body: bytes, content_type: str, **how: Any) -> aiohttp.ClientResponse:
        for _ in range(20):
            self.url = await self.doomed.door()
            self.clocks.wall = self.doomed.real_now()
            try:
                return await super().post(body, content_type, **how)
            except aiohttp.ClientError:
                continue
        raise AssertionError("nobody took it")

    async def settle(self) -> None:
        await self.doomed.rest()


class Doomed(Workspace):
    """A workspace whose server is ``throughline web``, told at each start at which of its steps to die."""

    machine: Machine
    last_words: Callable[[], int]
    injected: Injected

    async def _open(self, store: Store) -> None:
        self._look = self._assemble(store)  # never started: only to read the database from here
        self._file = Path(store.url.removeprefix("sqlite:///"))
        self.ahead = wall_time(self._at) - datetime.now(UTC)
        self.machine.clock = self.machine.folder / "clock"
        self.machine.clock.write_text(str(self.ahead.total_seconds()))
        self.machine.environment |= slack_names(self.slack) | {"DATABASE_URL": store.url}
        self._process: Process | None = None
        self.bench = Door(self.slack, self._look, self.clocks, "", self._http)
        self.bench.doomed = self

    async def _close(self) -> None:
        if self._process is not None:
            await asyncio.to_thread(self._process.kill)
            self.log.append(self._process.said())
        self._look.inbox.close()
        self._look.store.close()

    def real_now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    async def door(self) -> str:
        """Where the living process listens; one is started where there is none."""
        while True:
            if self._process is None or self._process.code() is not None:
                self._bury()
                patience = {"bot.inbox:KEEP_SECONDS": 60.0}  # a busy machine is another row's fault
                self._process = self.machine.start("web", die_at=self.last_words(), patience=patience)
            while self._process.code() is None:
                if found := re.search(r"Listening on (http://\S+)/", self._process.said()):
                    return found[1]
                await asyncio.sleep(0.01)

    def _bury(self) -> None:
        if self._process is not None:
            assert self._process.step_of_death(), self._process.said()
            self.injected.count(kind=self._process.step_of_death())
            self.log.append(self._process.said())

    async def rest(self) -> None:
        """Until everything taken is worked on and everything due is sent, by however many processes."""
        async with asyncio.timeout(120):
            while True:
                await self.door()
                await asyncio.sleep(0.02)
                if self._is_quiet():
                    return

    def _is_quiet(self) -> bool:
        due = (self.real_now() + timedelta(seconds=2)).strftime("%Y-%m-%d %H:%M:%S")
        with closing(sqlite3.connect(self._file, timeout=30)) as connection:
            kept = connection.execute("SELECT count(*) FROM kept_inbound").fetchone()[0]
            open_ones = connection.execute(
                "SELECT count(*) FROM message WHERE state IN ('claimed', 'unknown')"
                " OR (state = 'queued' AND not_before <= ?)",
                (due,),
            ).fetchone()[0]
        return not kept and not open_ones


@pytest.mark.long
@pytest.mark.fault(
    1,
    19,
    "a walkthrough over Slack whose process dies at random steps, some twenty times a story (processes)",
)
def test_a_walkthrough_whose_process_dies_all_the_time_ends_as_if_nothing_had_been(
    tmp_path: Path, machine: Machine, injected: Injected, kills: int
) -> None:
    times, stories = max(kills // 10, 2), 0
    chance = random.Random(times)
    while injected.times < times:
        stories += 1
        folder = tmp_path / f"story-{stories}"
        folder.mkdir()

        def last_words() -> int:
            return chance.randint(FEWEST_STEPS, MOST_STEPS) if injected.times < times else 10**9

        async def scene(slack: Workspace) -> None:
            two = Two(slack)
            await two.prepare()
            await two.walk()
            await two.debrief()
            for who in (two.imani, two.grace):
                who.sees("Next steps", "a written note", "reading specialist", "By Tue 15 Dec")
            expected = Expected(visits=HELD, may_wait=True)
            assert faults(slack.parts.store.url, shown_on(slack.slack), expected) == []

        here = type(
            "Here",
            (Doomed,),
            {"machine": machine, "last_words": staticmethod(last_words), "injected": injected},
        )
        tell(folder, scene, at=TUESDAY, where=here)
    injected.figures = f"{stories} stories; killed at: {', '.join(sorted(set(injected.kinds)))}"
