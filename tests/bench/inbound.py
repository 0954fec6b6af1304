"""What one inbound event costs, against a bare Bolt app and a bare botbuilder bot that do nothing with it.

``python -m tests.bench.inbound``. All are real processes on loopback; the bot and its baseline get the same signed
requests, in turn, in the same run. "Acknowledged" is what the platform waits for (Slack gives three seconds, Teams
fifteen); "worked on" ends when the last message of a burst is answered in the outbox: transaction, permissions and
the disk's confirmation included. The bot's answers go to a fake platform in this process, so it posts as it would.
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
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
from sqlmodel import col, func, select

from storage.database import Store
from storage.tables import InboundRow
from tests.bench.timing import Ratio, print_head, print_row
from tests.contract import teams_bench
from tests.contract.fake_slack import FakeSlack
from tests.contract.fake_teams import APP_ID, PASSWORD, TENANT, FakeTeams, chat_of
from tests.contract.slack_bench import payload
from tests.contract.teams_bench import aad
from tests.district import PEOPLE, email, make_store

ROOT = Path(__file__).parent.parent.parent
SECRET = "not-a-secret"
ROUNDS = 60
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


async def one_by_one(http: aiohttp.ClientSession, ours: str, bare: str, post: Post) -> Ratio:
    """Milliseconds until one request is acknowledged, nothing else going on."""
    took: dict[str, list[float]] = {ours: [], bare: []}
    for _ in range(ROUNDS):
        for url in (ours, bare):
            start = time.perf_counter()
            await post(http, url)
            took[url].append((time.perf_counter() - start) * 1000)
            await asyncio.sleep(0.02)  # let the work behind the acknowledgement end
    return Ratio(statistics.median(took[ours]), statistics.median(took[bare]))


async def burst(http: aiohttp.ClientSession, url: str, post: Post) -> float:
    """Milliseconds a message, of many from all people at once."""
    start = time.perf_counter()
    for _ in range(0, BURST, 10):
        await asyncio.gather(*(post(http, url) for _one in range(10)))
    return (time.perf_counter() - start) * 1000 / BURST


async def warm(http: aiohttp.ClientSession, store: Store, urls: Iterable[str], post: Post) -> None:
    for url in urls:
        for _ in range(20):
            await post(http, url)
    await settled(store)


async def bursts(http: aiohttp.ClientSession, store: Store, ours: str, bare: str, post: Post) -> None:
    acknowledged, wholly, baseline = [], [], []
    for _ in range(3):
        baseline.append(await burst(http, bare, post))
        before = worked_on(store)
        began = time.perf_counter()
        acknowledged.append(await burst(http, ours, post))
        while worked_on(store) < before + BURST:
            await asyncio.sleep(0.005)
        wholly.append((time.perf_counter() - began) * 1000 / BURST)
        await settled(store)
    bare_burst = statistics.median(baseline)
    name = f"a message of {BURST} at once"
    print_row(f"{name}, until acknowledged", Ratio(statistics.median(acknowledged), bare_burst))
    print_row(f"{name}, until worked on", Ratio(statistics.median(wholly), bare_burst))


async def over_slack(store: Store, slack: FakeSlack, ours: str, bare: str) -> None:
    async with aiohttp.ClientSession() as http:
        await warm(http, store, (ours, bare), to_slack(lambda: message("help")))
        print_head("One inbound Slack event over loopback HTTP, milliseconds", "the bot", "bare Bolt")
        ratio = await one_by_one(http, ours, bare, to_slack(lambda: message("help")))
        print_row("a message, until acknowledged", ratio)
        print_row("a button, until acknowledged", await one_by_one(http, ours, bare, to_slack(press)))
        await settled(store)
        await bursts(http, store, ours, bare, to_slack(lambda: message("my week")))


async def over_teams(store: Store, teams: FakeTeams, ours: str, bare: str) -> None:
    token = teams.sign()
    async with aiohttp.ClientSession() as http:
        await warm(http, store, (ours, bare), to_teams(teams, token, "help"))
        print_head("One inbound Teams event over loopback HTTP, milliseconds", "the bot", "botbuilder")
        ratio = await one_by_one(http, ours, bare, to_teams(teams, token, "help"))
        print_row("a message, until acknowledged", ratio)
        await settled(store)
        await bursts(http, store, ours, bare, to_teams(teams, token, "my week"))


async def run_slack(folder: Path) -> None:
    slack = FakeSlack(members=dict(USERS))
    await slack.start()
    names = {
        "SLACK_BOT_TOKEN": "xoxb-invented",
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": slack.url,
    }
    await _beside(folder, "tests.bench.bare_bolt", names, lambda *how: over_slack(how[0], slack, *how[1:]))
    await slack.stop()


async def run_teams(folder: Path) -> None:
    teams = FakeTeams(members={aad(name): email(name) for name, *_ in PEOPLE})
    await teams.start()
    names = {
        "MICROSOFT_APP_ID": APP_ID,
        "MICROSOFT_APP_PASSWORD": PASSWORD,
        "MICROSOFT_APP_TENANT_ID": TENANT,
        "TEAMS_OPENID_METADATA_URL": teams.metadata_url,
    }
    await _beside(
        folder, "tests.bench.bare_botbuilder", names, lambda *how: over_teams(how[0], teams, *how[1:])
    )
    await teams.stop()


async def _beside(
    folder: Path,
    baseline: str,
    names: Mapping[str, str],
    measure: Callable[[Store, str, str], Awaitable[None]],
) -> None:
    """Measure the bot's own server beside the baseline's, both with these settings."""
    store = make_store(folder)
    with ExitStack() as stack:
        bare = await asyncio.to_thread(Server, baseline, **names)
        stack.callback(bare.stop)
        more = {"DATABASE_URL": store.url, "PORT": "0", "LOG_LEVEL": "ERROR"}
        ours = await asyncio.to_thread(Server, "bot", "web", **names, **more)
        stack.callback(ours.stop)
        await measure(store, ours.url, bare.url)
    store.close()


def main() -> None:
    for run in (run_slack, run_teams):
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(run(Path(folder)))


if __name__ == "__main__":
    main()
