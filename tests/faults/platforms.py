"""Slack and Teams as the fault cases meet them: with real time, slow where asked, and a ledger in common terms."""

import asyncio
import itertools
import re
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from aiohttp import web

from tests.contract import fake_slack, fake_teams
from tests.contract.fake_slack import FakeSlack, Posted
from tests.contract.slack_bench import SECRET
from tests.faults.invariants import Shown
from tests.faults.processes import PATIENCE_SECONDS, Process


class Slack(FakeSlack):
    """The fake Slack on real time: its messages carry the second in which it took them, and what is asked for since a
    time is not answered with older ones. ``takes`` seconds pass between a post's arrival and its being there;
    ``answers_after`` more until it is answered; ``fault_of`` names the fault of each post by its number from 1.
    """

    def __init__(self, members: dict[str, str]) -> None:
        super().__init__(members=members)
        self.takes = 0.0
        self.answers_after = 0.0
        self.date_off = 0.0
        self.fault_of: Callable[[int], fake_slack.Fault | None] = lambda number: None
        self.injected: Counter[str] = Counter()
        self._posts = itertools.count(1)

    async def _call(self, request: web.Request) -> web.StreamResponse:
        is_post = request.match_info["method"] == "chat.postMessage"
        if is_post and self.takes:
            await request.read()
            await asyncio.sleep(self.takes)
        answer = await super()._call(request)
        if is_post and self.answers_after:
            await asyncio.sleep(self.answers_after)
        if self.date_off:
            answer.headers["Date"] = time.strftime(
                "%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + self.date_off)
            )
        return answer

    def _fault(self, method: str, body: dict[str, Any]) -> fake_slack.Fault | None:
        fault = self.fault_of(next(self._posts)) if method == "chat.postMessage" else None
        fault = fault or super()._fault(method, body)
        if fault is not None:
            self.injected["dropped" if fault.drop else fault.error or str(fault.status)] += 1
        return fault

    def _chat_postMessage(self, body: dict[str, Any]) -> dict[str, Any]:
        answer = super()._chat_postMessage(body)
        if answer["ok"]:
            posted = self.ledger[-1]
            posted.ts = answer["ts"] = f"{time.time():.0f}.{int(posted.ts.partition('.')[2]):06d}"
        return answer

    def _told(self, posted: list[Posted], body: dict[str, Any]) -> dict[str, Any]:
        oldest = float(body.get("oldest") or 0)
        return super()._told([one for one in posted if float(one.ts) >= oldest], body)

    def shown(self) -> list[Shown]:
        return shown_on(self)


def shown_on(slack: FakeSlack) -> list[Shown]:
    """The ledger, by the names that the bot gave its messages."""
    people = {fake_slack.channel_of(user): email for user, email in slack.members.items()}
    found = []
    for one in slack.ledger:
        said = (one.metadata or {}).get("event_payload") or {}
        name, part = said.get("message", ""), int(said.get("part", 0))
        found.append(Shown(people[one.channel], name, part, one.text, one.ts))
    return found


class Teams(fake_teams.FakeTeams):
    """The fake Teams; ``fault_of`` as for Slack. Teams messages carry no name of ours: their words stand for it."""

    fault_of: Callable[[int], fake_teams.Fault | None] = staticmethod(lambda number: None)
    injected: Counter[str]
    posts: Any

    async def start(self) -> None:
        self.injected, self.posts = Counter(), itertools.count(1)
        await super().start()

    def _fault(self, kind: str, user: str) -> fake_teams.Fault | None:
        fault = self.fault_of(next(self.posts)) if kind == "post" else None
        fault = fault or super()._fault(kind, user)
        if fault is not None:
            self.injected["dropped" if fault.drop else fault.code or str(fault.status)] += 1
        return fault

    def shown(self) -> list[Shown]:
        people = {fake_teams.chat_of(user): email for user, email in self.members.items()}
        return [Shown(people[one.conversation], "", 0, one.text, one.id) for one in self.ledger]


def slack_names(slack: FakeSlack) -> dict[str, str]:
    """The settings of a bot that lives in this Slack."""
    return {"SLACK_BOT_TOKEN": slack.token, "SLACK_SIGNING_SECRET": SECRET, "SLACK_API_URL": slack.url}


def teams_names(teams: fake_teams.FakeTeams) -> dict[str, str]:
    """The settings of a bot that lives in this Teams."""
    return {
        "MICROSOFT_APP_ID": fake_teams.APP_ID,
        "MICROSOFT_APP_PASSWORD": fake_teams.PASSWORD,
        "MICROSOFT_APP_TENANT_ID": fake_teams.TENANT,
        "TEAMS_OPENID_METADATA_URL": teams.metadata_url,
    }


async def until(is_so: Callable[[], bool], *processes: Process, patience: float = PATIENCE_SECONDS) -> None:
    """Wait until it is so. ``processes`` say in their logs why it is not."""
    ends = time.monotonic() + patience
    while not is_so():
        if time.monotonic() > ends:
            logs = "\n".join(one.said()[-2_000:] for one in processes)
            raise AssertionError(f"it did not come to that:\n{logs}")
        await asyncio.sleep(0.02)


async def address(process: Process) -> str:
    """Where a ``web`` process listens, once it does."""
    found: list[str] = []

    def listens() -> bool:
        assert process.code() is None, process.said()
        found[:] = re.findall(r"Listening on (http://\S+)/", process.said())
        return bool(found)

    await until(listens, process)
    return found[0]
