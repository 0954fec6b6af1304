"""What one inbound event costs, against a bare Bolt app and a bare botbuilder bot that do nothing with it.

All are real processes on loopback; the bot and its baseline get the same signed requests, in turn, in the same run.
"Acknowledged" is what the platform waits for (Slack gives three seconds, Teams fifteen); "worked on" ends when the last
message of a burst is answered in the outbox: transaction, permissions and the disk's confirmation included. The bot's
answers go to a fake platform in this process, so it posts as it would.
"""

import asyncio
import copy
import hashlib
import hmac
import itertools
import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
from sqlmodel import col, func, select

from storage.database import Store
from storage.tables import InboundRow
from tests.bench.ground import Ground
from tests.bench.tables import Column, Report, Table
from tests.contract import teams_bench
from tests.contract.fake_slack import FakeSlack
from tests.contract.fake_teams import APP_ID, PASSWORD, TENANT, FakeTeams, chat_of
from tests.contract.slack_bench import payload
from tests.contract.teams_bench import aad
from tests.district import PEOPLE, email

ROOT = Path(__file__).parent.parent.parent
SECRET = "not-a-secret"
ROUNDS = 200
BURST = 150
USERS = {f"U0{name.partition('.')[0].upper()}": email(name) for name, *_ in PEOPLE}

_numbers = itertools.count(1)


class Server:
    """A child process that listens; its address is in the first line it prints that has one."""

    def __init__(self, *command: str, **names: str) -> None:
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", *command],
            env=kept | names | {"PYTHONPATH": str(ROOT)},
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.url = ""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            found = re.search(r"http://127\.0\.0\.1:\d+", line)
            if found:
                self.url = found[0]
                break
        if not self.url:
            raise RuntimeError(f"{' '.join(command)} did not start")

    def stop(self) -> None:
        self.process.terminate()
        self.process.communicate(timeout=30)


def message(words: str) -> tuple[bytes, str]:
    """A direct message that nobody has sent before, each from the next person."""
    number = next(_numbers)
    user = list(USERS)[number % len(USERS)]
    body = payload("message_im")
    body["event_id"] = f"Ev{number:09}"
    stamp = f"{1_764_000_000 + number}.000100"
    body["event"] |= {"user": user, "channel": "D" + user[1:], "text": words, "ts": stamp, "event_ts": stamp}
    return json.dumps(body).encode(), "application/json"


def press() -> tuple[bytes, str]:
    """A press of the help button that nobody has made before."""
    body = payload("block_actions")
    body["actions"][0]["action_ts"] = f"{1_765_000_000 + next(_numbers)}.000100"
    return urlencode({"payload": json.dumps(body)}).encode(), "application/x-www-form-urlencoded"


Post = Callable[[aiohttp.ClientSession, str], Awaitable[None]]
"""Sends one request that was never sent before to a server, and waits for its answer."""


def to_slack(make: Callable[[], tuple[bytes, str]]) -> Post:
    """As Slack sends it: signed."""

    async def post(http: aiohttp.ClientSession, url: str) -> None:
        body, content_type = make()
        stamp = str(int(time.time()))
        signature = hmac.new(SECRET.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={signature}",
        }
        async with http.post(url + "/slack/events", data=body, headers=headers) as response:
            assert response.status == 200, await response.text()
            await response.read()

    return post


def to_teams(teams: FakeTeams, token: str, words: str) -> Post:
    """As Teams sends it: with a token, from the next person."""
    recorded = json.loads((teams_bench.PAYLOADS / "message_personal.json").read_text())

    async def post(http: aiohttp.ClientSession, url: str) -> None:
        number = next(_numbers)
        user = list(teams.members)[number % len(teams.members)]
        activity = copy.deepcopy(recorded) | {
            "serviceUrl": teams.service_url,
            "text": words,
            "attachments": [],
        }
        activity["id"] = f"1764{number:09}"
        activity["from"] |= {"id": f"29:{user}", "aadObjectId": user}
        activity["conversation"]["id"] = chat_of(user)
        headers = {"Authorization": f"Bearer {token}"}
        async with http.post(url + "/api/messages", json=activity, headers=headers) as response:
            assert response.status == 200, await response.text()
            await response.read()

    return post


def worked_on(store: Store) -> int:
    """How many events were worked on: each leaves its key in the transaction that answers it, Slack's a second one."""
    first = select(func.count()).where(~col(InboundRow.key).startswith("slack:Ev"))
    with store.read() as tx:
        return int(tx.exec(first).one())


async def settled(store: Store) -> None:
    """Until nothing new is written for a second."""
    known = -1
    while known != (known := worked_on(store)):
        await asyncio.sleep(1)


def columns(baseline: str) -> tuple[Column, ...]:
    return (
        Column("the bot", "the median until it is acknowledged", ",.2f"),
        Column("p99", "of a hundred, 99 are acknowledged by then", ",.2f"),
        Column("a second", "events a second", ",.0f"),
        Column(baseline, "a process of the same library that only acknowledges: the median", ",.2f"),
        Column("its p99", form=",.2f"),
        Column("a second ", form=",.0f"),
        Column("times", "our median over its; in the last row, its events a second over ours"),
    )


def row(table: Table, name: str, ours: "Took", bare: "Took") -> None:
    table.row(
        name, ours.median, ours.p99, ours.rate, bare.median, bare.p99, bare.rate, ours.median / bare.median
    )


@dataclass
class Took:
    """Milliseconds of each request; in a burst also how many a second there were."""

    each: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(self.each)

    @property
    def p99(self) -> float:
        return statistics.quantiles(self.each, n=100)[-1]

    @property
    def rate(self) -> float | None:
        return statistics.median(self.rates) if self.rates else None


async def timed(http: aiohttp.ClientSession, url: str, post: Post) -> float:
    start = time.perf_counter()
    await post(http, url)
    return (time.perf_counter() - start) * 1000


async def one_by_one(http: aiohttp.ClientSession, ours: str, bare: str, post: Post) -> tuple[Took, Took]:
    """Until one request is acknowledged, nothing else going on."""
    took = {ours: Took(), bare: Took()}
    for _ in range(ROUNDS):
        for url in (ours, bare):
            took[url].each.append(await timed(http, url, post))
            await asyncio.sleep(0.02)  # let the work behind the acknowledgement end
    return took[ours], took[bare]


async def burst(http: aiohttp.ClientSession, url: str, post: Post, took: Took) -> None:
    """Many from all people, ten at a time."""
    start = time.perf_counter()
    for _ in range(0, BURST, 10):
        took.each += await asyncio.gather(*(timed(http, url, post) for _one in range(10)))
    took.rates.append(BURST / (time.perf_counter() - start))


async def warm(http: aiohttp.ClientSession, store: Store, urls: Iterable[str], post: Post) -> None:
    for url in urls:
        for _ in range(20):
            await post(http, url)
    await settled(store)


async def bursts(
    http: aiohttp.ClientSession, store: Store, ours: str, bare: str, post: Post, table: Table
) -> None:
    acknowledged, baseline = Took(), Took()
    worked: list[float] = []
    for _ in range(3):
        await burst(http, bare, post, baseline)
        before = worked_on(store)
        began = time.perf_counter()
        await burst(http, ours, post, acknowledged)
        while worked_on(store) < before + BURST:
            await asyncio.sleep(0.005)
        worked.append(BURST / (time.perf_counter() - began))
        await settled(store)
    name = f"a message of {BURST}, ten at a time"
    row(table, f"{name}, until acknowledged", acknowledged, baseline)
    rate, bare_rate = statistics.median(worked), baseline.rate or 0
    table.row(f"{name}, until worked on", None, None, rate, None, None, bare_rate, bare_rate / rate)


async def over_slack(store: Store, table: Table, ours: str, bare: str) -> None:
    async with aiohttp.ClientSession() as http:
        await warm(http, store, (ours, bare), to_slack(lambda: message("help")))
        took = await one_by_one(http, ours, bare, to_slack(lambda: message("help")))
        row(table, "a message, alone", *took)
        row(table, "a button, alone", *await one_by_one(http, ours, bare, to_slack(press)))
        await settled(store)
        await bursts(http, store, ours, bare, to_slack(lambda: message("my week")), table)


async def over_teams(store: Store, table: Table, teams: FakeTeams, ours: str, bare: str) -> None:
    token = teams.sign()
    async with aiohttp.ClientSession() as http:
        await warm(http, store, (ours, bare), to_teams(teams, token, "help"))
        row(table, "a message, alone", *await one_by_one(http, ours, bare, to_teams(teams, token, "help")))
        await settled(store)
        await bursts(http, store, ours, bare, to_teams(teams, token, "my week"), table)


async def run_slack(report: Report, store: Store, where: str) -> None:
    slack = FakeSlack(members=dict(USERS))
    await slack.start()
    names = {
        "SLACK_BOT_TOKEN": "xoxb-invented",
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": slack.url,
    }
    table = report.table(f"One Slack event over signed HTTP ({where})", *columns("bare Bolt"))
    await _beside(store, "tests.bench.bare_bolt", names, lambda *urls: over_slack(store, table, *urls))
    await slack.stop()


async def run_teams(report: Report, store: Store, where: str) -> None:
    teams = FakeTeams(members={aad(name): email(name) for name, *_ in PEOPLE})
    await teams.start()
    names = {
        "MICROSOFT_APP_ID": APP_ID,
        "MICROSOFT_APP_PASSWORD": PASSWORD,
        "MICROSOFT_APP_TENANT_ID": TENANT,
        "TEAMS_OPENID_METADATA_URL": teams.metadata_url,
    }
    table = report.table(f"One Teams event, its token checked ({where})", *columns("botbuilder"))
    await _beside(
        store, "tests.bench.bare_botbuilder", names, lambda *urls: over_teams(store, table, teams, *urls)
    )
    await teams.stop()


async def _beside(
    store: Store, baseline: str, names: Mapping[str, str], measure: Callable[[str, str], Awaitable[None]]
) -> None:
    """Measure the bot's own server beside the baseline's, both with these settings."""
    with ExitStack() as stack:
        bare = await asyncio.to_thread(Server, baseline, **names)
        stack.callback(bare.stop)
        more = {"DATABASE_URL": store.url, "PORT": "0", "LOG_LEVEL": "ERROR", "MOST_PER_MINUTE": "100000"}
        ours = await asyncio.to_thread(Server, "bot", "web", **names, **more)
        stack.callback(ours.stop)
        await measure(ours.url, bare.url)


def run(report: Report, ground: Ground) -> None:
    for play in (run_slack, run_teams):
        for where, store in ground.small_districts(report):
            asyncio.run(play(report, store, where))
