"""Sending the digests of 1,600 principals to a platform on loopback that enforces its published limits.

The real sender, outbox and platform code; the platform counts every window of
its limits and refuses what overruns one. One post in a hundred is accepted and its connection dropped, as networks
do. Slack's time runs ``FASTER`` times as fast, ours and the platform's alike, so that nobody waits for five minutes;
what our own work takes then weighs that much more. The baseline is the time that the limits alone ask for.
"""

import asyncio
import itertools
import tempfile
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlmodel import select

from bot.accounts import link_accounts
from bot.bootstrap import assemble
from bot.settings import Settings
from storage import outbox, people
from storage.database import Store
from storage.tables import MessageRow
from tests.bench import digests, large
from tests.bench.ground import Ground
from tests.bench.tables import Column, Report, Table
from tests.contract import fake_slack, fake_teams

FASTER = 4
DROPPED = 100
"""One in so many posts is accepted and then its connection is dropped."""
WALL = datetime(2026, 11, 23, 21, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` calls in whichever ``seconds``, of the app or of one conversation."""

    most: int
    seconds: float


@dataclass
class Gate:
    """What a platform allows, counted in sliding windows; ``overruns`` is how often somebody asked for more."""

    app: Limit
    conversation: tuple[Limit, ...]
    clock: Callable[[], float]
    overruns: int = 0
    _taken: dict[tuple[str, Limit], deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def take(self, conversation: str) -> bool:
        now = self.clock()
        windows = [("", self.app), *((conversation, limit) for limit in self.conversation)]
        for name, limit in windows:
            taken = self._taken[name, limit]
            while taken and taken[0] <= now - limit.seconds:
                taken.popleft()
            if len(taken) >= limit.most:
                self.overruns += 1
                return False
        for window in windows:
            self._taken[window].append(now)
        return True

    def seconds_for(self, messages: int) -> float:
        """How long the limits alone make so many messages to as many people take."""
        return messages * self.app.seconds / self.app.most


class Clock:
    """Time that runs ``faster`` than the wall's, from one beginning."""

    def __init__(self, faster: float) -> None:
        self._faster = faster
        self._start = time.monotonic()

    def monotonic(self) -> float:
        return (time.monotonic() - self._start) * self._faster

    def now(self) -> datetime:
        return WALL + timedelta(seconds=self.monotonic())

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self._faster)


class LimitedSlack(fake_slack.FakeSlack):
    """Slack with its limits in force: 300 messages a minute in all, one a second to one conversation after three."""

    def limit(self, gate: Gate) -> None:
        self.gate = gate
        self._posts = itertools.count(1)

    def _fault(self, method: str, body: dict[str, Any]) -> fake_slack.Fault | None:
        if method != "chat.postMessage":
            return None
        if not self.gate.take(body["channel"]):
            return fake_slack.Fault(status=429, error="ratelimited", retry_after="1")
        return fake_slack.Fault(drop=True) if next(self._posts) % DROPPED == 0 else None


class LimitedTeams(fake_teams.FakeTeams):
    """Teams with its limits in force: 50 calls a second in all, and those of one conversation."""

    def limit(self, gate: Gate) -> None:
        self.gate = gate
        self._posts = itertools.count(1)

    def _fault(self, kind: str, user: str) -> fake_teams.Fault | None:
        if kind not in ("post", "create", "member", "paged"):
            return None
        if not self.gate.take(user):
            return fake_teams.Fault(status=429, code="TooManyRequests", retry_after="1")
        is_dropped = kind == "post" and next(self._posts) % DROPPED == 0
        return fake_teams.Fault(drop=True) if is_dropped else None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a fan-out went: ``seconds`` in the platform's time."""

    seconds: float
    received: Mapping[str, int]
    states: Mapping[str, int]


async def fan_out(
    store: Store, settings: Mapping[str, object], clock: Clock, received: Callable[[], Counter[str]]
) -> Outcome:
    """Send what waits, and look up what was in doubt, until nothing is left."""
    values = {name: one.default for name, one in Settings.model_fields.items()} | settings
    parts = assemble(
        Settings.model_construct(**values),
        store=store,
        now=clock.now,
        wall=clock.now,
        monotonic=clock.monotonic,
        sleep=clock.sleep,
    )
    for platform in parts.platforms.values():
        await platform.start(parts.inbox.take, is_listening=False)
        await link_accounts(store, platform, now=clock.now)
    begin = clock.monotonic()
    sender = asyncio.create_task(parts.delivery.run())
    while len(received()) < large.SCHOOLS:
        await asyncio.sleep(0.05)
    went = clock.monotonic() - begin
    while True:  # what was in doubt is looked up
        with store.read() as tx:
            states = outbox.count_by_state(tx)
        if set(states) <= {"sent", "failed", "dropped"}:
            break
        await asyncio.sleep(0.25)
    await parts.delivery.stop()
    await sender
    for platform in parts.platforms.values():
        await platform.stop()
    return Outcome(went, received(), states)


async def slack(store: Store, table: Table) -> None:
    clock = Clock(FASTER)
    gate = Gate(Limit(300, 60), (Limit(3, 1),), clock.monotonic)
    server = LimitedSlack(
        members={f"U{number}": f"p{number}@large.example" for number in range(large.SCHOOLS)}
    )
    server.limit(gate)
    await server.start()
    outcome = await fan_out(
        store,
        {
            "slack_bot_token": SecretStr(server.token),
            "slack_signing_secret": SecretStr("not-a-secret"),
            "slack_api_url": server.url,
        },
        clock,
        lambda: Counter(one.channel for one in server.ledger),
    )
    await server.stop()
    show(table, "Slack: 300 a minute", gate, outcome)


async def teams(store: Store, table: Table) -> None:
    clock = Clock(1)
    conversation = (Limit(7, 1), Limit(8, 2), Limit(60, 30), Limit(1_800, 3_600))
    gate = Gate(Limit(50, 1), conversation, clock.monotonic)
    members = {f"aad-{number}": f"p{number}@large.example" for number in range(large.SCHOOLS)}
    server = LimitedTeams(members=members)
    server.limit(gate)
    await server.start()
    with store.begin() as tx:  # everybody has written to the bot once, so it knows where they are
        for user, email in members.items():
            person = people.find_by_email(tx, email, on=WALL.date())
            assert person is not None
            people.link_account(
                tx,
                person_id=person.id,
                platform="teams",
                workspace=fake_teams.TENANT,
                user=user,
                address={
                    "service_url": server.service_url,
                    "conversation": fake_teams.chat_of(user),
                    "bot": fake_teams.BOT,
                    "mri": f"29:{user}",
                },
                at=WALL,
            )
    outcome = await fan_out(
        store,
        {
            "microsoft_app_id": fake_teams.APP_ID,
            "microsoft_app_password": SecretStr(fake_teams.PASSWORD),
            "microsoft_app_tenant_id": fake_teams.TENANT,
            "teams_openid_metadata_url": server.metadata_url,
        },
        clock,
        lambda: Counter(one.conversation for one in server.ledger),
    )
    await server.stop()
    show(table, "Teams: 50 a second", gate, outcome)


def show(table: Table, name: str, gate: Gate, outcome: Outcome) -> None:
    people = len(outcome.received)
    twice = sum(count > 1 for count in outcome.received.values())
    allowed = gate.seconds_for(large.SCHOOLS)
    table.row(name, people, outcome.seconds, allowed, outcome.seconds / allowed, gate.overruns, twice)
    assert people == large.SCHOOLS, outcome.states


def make(folder: Path) -> Store:
    """The large district with its digests queued."""
    store = digests.make(folder)
    digests.build(store)
    with store.begin() as tx:  # what else the week brought is another bench's
        for row in tx.exec(select(MessageRow).where(MessageRow.kind != "digest")):
            tx.delete(row)
    return store


def run(report: Report, _ground: Ground) -> None:
    table = report.table(
        f"A digest to each of {large.SCHOOLS:,} principals within the platform's limits, one connection in"
        f" {DROPPED} dropped after it was taken",
        Column("people", form=",d"),
        Column("seconds", "of the platform's time, until everybody has it"),
        Column("allowed", "seconds that the platform's limits alone ask for"),
        Column("times", "the first over the second", ",.3f"),
        Column("overruns", "how often the platform had to refuse", ",d"),
        Column("twice", "how many people got it twice", ",d"),
    )
    with tempfile.TemporaryDirectory() as folder:
        for scene in (slack, teams):
            store = make(Path(tempfile.mkdtemp(dir=folder)))
            asyncio.run(scene(store, table))
            store.close()
