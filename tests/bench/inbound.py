"""What one inbound Slack event costs, against a bare Bolt app that only acknowledges.

``python -m tests.bench.inbound``. Both are real processes on loopback and get the same signed requests, in turn, in
the same run. "Acknowledged" is what Slack waits for (it gives three seconds); "worked on" ends when the last message
of a burst is answered in the outbox: transaction, permissions and the disk's confirmation included. The bot's
answers go to a fake Slack in this process, so it posts as it would.
"""

import asyncio
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
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
from sqlmodel import func, select

from storage.database import Store
from storage.tables import InboundRow
from tests.bench.timing import Ratio, print_head, print_row
from tests.contract.fake_slack import FakeSlack
from tests.contract.slack_bench import payload
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


async def post(http: aiohttp.ClientSession, url: str, request: tuple[bytes, str]) -> None:
    body, content_type = request
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


def worked_on(store: Store) -> int:
    """How many events were worked on: each leaves its two keys in the transaction that answers it."""
    with store.read() as tx:
        return int(tx.exec(select(func.count()).select_from(InboundRow)).one()) // 2


async def settled(store: Store) -> None:
    """Until nothing new is written for a second."""
    known = -1
    while known != (known := worked_on(store)):
        await asyncio.sleep(1)


async def one_by_one(
    http: aiohttp.ClientSession, ours: str, bare: str, make: Callable[[], tuple[bytes, str]]
) -> Ratio:
    """Milliseconds until one request is acknowledged, nothing else going on."""
    took: dict[str, list[float]] = {ours: [], bare: []}
    for _ in range(ROUNDS):
        for url in (ours, bare):
            request = make()
            start = time.perf_counter()
            await post(http, url, request)
            took[url].append((time.perf_counter() - start) * 1000)
            await asyncio.sleep(0.02)  # let the work behind the acknowledgement end
    return Ratio(statistics.median(took[ours]), statistics.median(took[bare]))


async def burst(http: aiohttp.ClientSession, url: str, done: Callable[[], Awaitable[None]]) -> float:
    """Milliseconds a message, of many from all people at once."""
    requests = [message("my week") for _ in range(BURST)]
    start = time.perf_counter()
    for group in range(0, BURST, 10):
        await asyncio.gather(*(post(http, url, one) for one in requests[group : group + 10]))
    await done()
    return (time.perf_counter() - start) * 1000 / BURST


async def measure(store: Store, slack: FakeSlack, ours: str, bare: str) -> None:
    async def nothing() -> None:
        return None

    async with aiohttp.ClientSession() as http:
        for url in (ours, bare):
            for _ in range(20):
                await post(http, url, message("help"))
        await settled(store)
        print_head("One inbound Slack event over loopback HTTP, milliseconds", "the bot", "bare Bolt")
        ratio = await one_by_one(http, ours, bare, lambda: message("help"))
        print_row("a message, until acknowledged", ratio)
        print_row("a button, until acknowledged", await one_by_one(http, ours, bare, press))
        await settled(store)
        acknowledged, wholly, baseline = [], [], []
        for _ in range(3):
            baseline.append(await burst(http, bare, nothing))
            before = worked_on(store)
            began = time.perf_counter()
            acknowledged.append(await burst(http, ours, nothing))
            while worked_on(store) < before + BURST:
                await asyncio.sleep(0.005)
            wholly.append((time.perf_counter() - began) * 1000 / BURST)
            await settled(store)
        bare_burst = statistics.median(baseline)
        name = f"a message of {BURST} at once"
        print_row(f"{name}, until acknowledged", Ratio(statistics.median(acknowledged), bare_burst))
        print_row(f"{name}, until worked on", Ratio(statistics.median(wholly), bare_burst))


async def run(folder: Path) -> None:
    slack = FakeSlack(members=dict(USERS))
    await slack.start()
    store = make_store(folder)
    with ExitStack() as stack:
        bare = await asyncio.to_thread(Server, "tests.bench.bare_bolt")
        stack.callback(bare.stop)
        ours = await asyncio.to_thread(
            Server,
            "bot",
            "web",
            DATABASE_URL=store.url,
            SLACK_BOT_TOKEN="xoxb-invented",
            SLACK_SIGNING_SECRET=SECRET,
            SLACK_API_URL=slack.url,
            PORT="0",
            LOG_LEVEL="ERROR",
        )
        stack.callback(ours.stop)
        await measure(store, slack, ours.url, bare.url)
    await slack.stop()
    store.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(Path(folder)))


if __name__ == "__main__":
    main()
