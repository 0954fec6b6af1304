"""What comes in, through the real process: repeated, out of order, late, forged, and in great numbers."""

import asyncio
import copy
import hashlib
import hmac
import itertools
import json
import sqlite3
import statistics
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from sqlalchemy import text

from handlers.card_codec import encode_card
from handlers.cards import plain
from storage import outbox, people
from storage.database import Store
from tests import postgres
from tests.contract.fake_slack import channel_of
from tests.contract.slack_bench import SECRET, payload
from tests.district import PEOPLE, email
from tests.faults.conftest import Injected
from tests.faults.crowd import members, put_crowd, tell
from tests.faults.invariants import Expected, faults
from tests.faults.platforms import Slack, address, shown_on, slack_names, until
from tests.faults.processes import Machine, Process

USERS = {"U0" + name.partition(".")[0].upper(): email(name) for name, *_ in PEOPLE}


class Way:
    """The way from Slack to a process: signed requests, as often and as late as one likes."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self.http = http
        self.url = url

    async def send(
        self, body: bytes, kind: str, *, age: float = 0, secret: str = SECRET, **headers: str
    ) -> int:
        stamp = str(int(time.time() - age))
        base = f"v0:{stamp}:".encode() + body
        signature = "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
        said = {"Content-Type": kind, "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature}
        async with self.http.post(self.url + "/slack/events", data=body, headers=said | headers) as response:
            await response.read()
            return response.status

    async def says(self, user: str, words: str, *, number: int, event: str = "", **how: Any) -> int:
        body = copy.deepcopy(payload("message_im")) | {"event_id": event or f"Ev{number:09d}"}
        stamp = f"1764100000.{number:06d}"
        body["event"] |= {
            "user": user,
            "channel": channel_of(user),
            "text": words,
            "ts": stamp,
            "event_ts": stamp,
        }
        return await self.send(json.dumps(body).encode(), "application/json", **how)

    async def presses(self, user: str, number: int, *, value: str = "") -> int:
        """Press help, or the button with that value."""
        body = copy.deepcopy(payload("block_actions"))
        body["user"]["id"] = user
        body["channel"]["id"] = channel_of(user)
        body["actions"][0]["action_ts"] = f"1764300000.{number:06d}"
        body["actions"][0]["value"] = value or body["actions"][0]["value"]
        return await self.send(
            urlencode({"payload": json.dumps(body)}).encode(), "application/x-www-form-urlencoded"
        )


Scene = Callable[[Slack, Way, Process], Awaitable[None]]


def over_slack(machine: Machine, store: Store, scene: Scene, *, people: int = 0, **how: Any) -> None:
    """A scene with one process that serves; ``store`` holds the small district, and is filled with a crowd."""

    async def play() -> None:
        if people:
            with store.begin() as tx:
                put_crowd(tx, people)
        slack = Slack(USERS | members(people))
        await slack.start()
        machine.environment |= slack_names(slack) | {"DATABASE_URL": store.url}
        process = machine.start("web", **how)
        try:
            async with aiohttp.ClientSession() as http:
                await scene(slack, Way(http, await address(process)), process)
        finally:
            for one in machine.started:
                if one.code() is None:
                    await asyncio.to_thread(one.kill)
            await slack.stop()

    asyncio.run(play())


def count(store: Store, query: str) -> int:
    with store.read() as tx:
        return int(tx.execute(text(query)).scalar_one())


def settled(store: Store) -> bool:
    """Whether everything that came has its answer; what goes out by itself may wait for its hour."""
    waits = (
        "SELECT count(*) FROM message WHERE state IN ('claimed', 'unknown') OR (state = 'queued' AND asked)"
    )
    return not count(store, waits) and not count(store, "SELECT count(*) FROM kept_inbound")


@pytest.mark.fault(
    9, "one message eleven times under eleven ids, one after the other and at once (processes)"
)
def test_eleven_deliveries_have_one_effect(machine: Machine, injected: Injected, store: Store) -> None:
    async def scene(slack: Slack, way: Way, process: Process) -> None:
        for number, user in enumerate(("U0IMANI", "U0TOMAS")):
            sends = [
                way.says(
                    user, "plan roosevelt thu 10 dec 2026 8:30", number=number, event=f"Ev{number}-{one}"
                )
                for one in range(11)
            ]
            answers = await asyncio.gather(*sends) if number else [await one for one in sends]
            assert answers == [200] * 11
            injected.count(10)
        await until(lambda: settled(store), process)
        assert len(slack.said_to("U0IMANI")) == 1
        assert len(slack.said_to("U0TOMAS")) == 1
        assert count(store, "SELECT count(*) FROM visit WHERE school_id = 3") == 1
        assert faults(store.url, slack.shown(), Expected(may_wait=True)) == []

    over_slack(machine, store, scene)


@pytest.mark.long
@pytest.mark.fault(10, "a cancellation before the plan it is about, a repeat that comes late (processes)")
def test_what_comes_in_the_wrong_order_is_answered_with_where_things_stand(
    machine: Machine, injected: Injected, store: Store
) -> None:
    async def scene(slack: Slack, way: Way, process: Process) -> None:
        for number, words in enumerate(("cancel roosevelt", "plan roosevelt thu 10 dec 2026 8:30")):
            assert await way.says("U0IMANI", words, number=number) == 200
            await until(lambda: settled(store), process)
            injected.count()
        assert count(store, "SELECT count(*) FROM visit WHERE status = 'planned'") == 1
        late = {"X-Slack-Retry-Num": "3", "X-Slack-Retry-Reason": "http_timeout"}
        assert await way.says("U0IMANI", "plan roosevelt thu 10 dec 2026 8:30", number=1, **late) == 200
        injected.count()
        await until(lambda: settled(store), process)
        assert count(store, "SELECT count(*) FROM visit") == 1
        assert len(slack.said_to("U0IMANI")) == 2
        assert faults(store.url, slack.shown(), Expected(may_wait=True)) == []

    over_slack(machine, store, scene)


@pytest.mark.long
@pytest.mark.fault(11, "the database is locked for longer than Slack waits, and Slack repeats (processes)")
def test_slow_work_is_acknowledged_first_and_its_repeat_does_nothing(
    machine: Machine, injected: Injected, store: Store
) -> None:
    async def scene(slack: Slack, way: Way, process: Process) -> None:
        file = Path(store.url.removeprefix("sqlite:///"))
        with closing(sqlite3.connect(file, timeout=30)) as backup:
            backup.execute("BEGIN IMMEDIATE")
            first = asyncio.create_task(way.says("U0IMANI", "plan roosevelt thu 10 dec 2026 8:30", number=1))
            assert await first == 200, "not acknowledged while the database was locked"
            injected.count()
            late = {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}
            again = asyncio.create_task(
                way.says("U0IMANI", "plan roosevelt thu 10 dec 2026 8:30", number=1, **late)
            )
            await asyncio.sleep(0.2)
            backup.execute("ROLLBACK")
        assert await again == 200
        await until(lambda: settled(store) and bool(slack.said_to("U0IMANI")), process)
        assert count(store, "SELECT count(*) FROM visit") == 1
        assert len(slack.said_to("U0IMANI")) == 1

    over_slack(machine, store, scene)


@pytest.mark.long
@pytest.mark.fault(12, "signatures that are old, wrong or replayed, a clock six minutes off (processes)")
def test_what_is_not_slacks_is_refused_and_a_wrong_clock_is_said(
    machine: Machine, injected: Injected, store: Store
) -> None:
    async def scene(slack: Slack, way: Way, process: Process) -> None:
        assert await way.says("U0IMANI", "help", number=1, age=301) == 401
        assert await way.says("U0IMANI", "help", number=2, secret="another") == 401
        assert await way.says("U0IMANI", "help", number=3) == 200
        injected.count(2)
        await until(lambda: settled(store), process)
        assert len(slack.said_to("U0IMANI")) == 1
        assert machine.clock is not None
        machine.clock.write_text("360")
        assert await way.says("U0IMANI", "help", number=4) == 401
        tell_one(store)
        await until(lambda: len(slack.said_to("U0GRACE")) == 1, process)
        async with way.http.get(way.url + "/healthz") as response:
            said = await response.json()
        injected.count()
        assert "seconds ahead of slack's" in said["clock"], said

    machine.clock = machine.folder / "clock"
    machine.clock.write_text("0")
    over_slack(machine, store, scene)


def tell_one(store: Store) -> None:
    """Something to Grace, so that the process hears what time it is at Slack."""
    now = datetime.now(UTC)
    with store.begin() as tx:
        grace = people.find_by_email(tx, email("grace.lindqvist"), on=now.date())
        assert grace is not None
        card = encode_card(plain("Hello"))
        outbox.put(
            tx,
            recipient_id=grace.id,
            kind="test",
            period="hello",
            card=card,
            asked=True,
            not_before=now,
            created_at=now,
        )


@pytest.mark.long
@pytest.mark.postgres
@pytest.mark.fault(26, "3,000 presses in a minute while 13,000 messages go out, on PostgreSQL (processes)")
def test_presses_are_acknowledged_while_everybody_is_written_to(
    machine: Machine, injected: Injected, postgres_server: postgres.Server
) -> None:
    store = Store(postgres_server.clone())
    a_second, seconds = 50, 60
    took: list[float] = []

    async def scene(slack: Slack, way: Way, process: Process) -> None:
        queued = tell(store)
        sender = machine.start("clock")
        await until(lambda: bool(slack.ledger), process, sender)
        numbers = itertools.count(1)
        users = list(members(a_second * seconds + 1))  # each presses once: one alone is slowed down

        async def press() -> None:
            number = next(numbers)
            user = users[number]
            began = time.perf_counter()
            assert await way.presses(user, number) == 200
            took.append(time.perf_counter() - began)

        began, before = time.perf_counter(), len(slack.ledger)
        pressing = []
        for number in range(a_second * seconds):
            await asyncio.sleep(max(0.0, began + number / a_second - time.perf_counter()))
            pressing.append(asyncio.create_task(press()))
        await asyncio.gather(*pressing)
        sent = len(slack.ledger) - before
        assert queued > sent, "the fan-out was over before the presses were"
        injected.count(len(took))
        done = "SELECT count(*) FROM inbound WHERE key LIKE 'slack:%1764300000%'"
        await until(lambda: count(store, done) >= len(took), process)
        ranked = statistics.quantiles(took, n=100)
        injected.figures = (
            f"acknowledged within {ranked[49] * 1000:.0f} ms (median), {ranked[98] * 1000:.0f} ms (99 of 100),"
            f" {sent:,} messages sent meanwhile"
        )
        for one in (process, sender):
            assert await asyncio.to_thread(one.stop) == 0
        twice = [fault for fault in faults(store.url, shown_on(slack)) if fault.startswith("I1")]
        assert twice == []

    pace = {"bot.platforms.slack_posting:MESSAGES_A_SECOND": 50.0, "bot.platforms.slack_posting:BURST": 10}
    machine.patience = dict(machine.patience) | pace
    over_slack(machine, store, scene, people=13_000)
    store.close()
