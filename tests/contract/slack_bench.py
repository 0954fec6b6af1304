"""The bot's real server against the fake Slack, in one process, with clocks that stand still until moved."""

import asyncio
import hashlib
import hmac
import io
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web
from pydantic import SecretStr

from bot.bootstrap import Parts, Running, assemble
from bot.platforms.slack import SlackPlatform
from bot.server import make_app
from bot.settings import Settings
from storage.database import Store
from tests.contract import block_kit_rules
from tests.contract.fake_slack import FakeSlack
from tests.contract.sending_bench import Clocks, Sending
from tests.district import email

SECRET = "not-a-secret"
PAYLOADS = Path(__file__).parent.parent / "payloads" / "slack"
MEMBERS = {
    "U0IMANI": email("imani.brooks"),
    "U0GRACE": email("grace.lindqvist"),
    "U0FARID": email("farid.haddad"),
    "U0MEI": email("mei.tanaka"),
    "U0STRANGER": "somebody@elsewhere.example",
}


def payload(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text())
    return read


@dataclass
class Bench(Sending):
    slack: FakeSlack
    parts: Parts
    clocks: Clocks
    url: str
    http: aiohttp.ClientSession

    async def post(
        self,
        body: bytes,
        content_type: str,
        *,
        secret: str = SECRET,
        age: float = 0,
        signed: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> aiohttp.ClientResponse:
        stamp = str(int(self.clocks.wall.timestamp() - age))
        base = f"v0:{stamp}:".encode() + (body if signed is None else signed)
        signature = "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
        all_headers = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signature,
            **(headers or {}),
        }
        response = await self.http.post(
            self.url + "/slack/events", data=io.BytesIO(body), headers=all_headers
        )
        await response.read()
        return response

    async def event(self, event: dict[str, Any], **how: Any) -> aiohttp.ClientResponse:
        return await self.post(json.dumps(event).encode(), "application/json", **how)

    async def interact(self, action: dict[str, Any], **how: Any) -> aiohttp.ClientResponse:
        body = urlencode({"payload": json.dumps(action)}).encode()
        return await self.post(body, "application/x-www-form-urlencoded", **how)

    async def command(self, command: dict[str, Any], **how: Any) -> aiohttp.ClientResponse:
        return await self.post(urlencode(command).encode(), "application/x-www-form-urlencoded", **how)

    async def settle(self) -> None:
        """Until everything taken is worked on and everything due is sent."""
        for _ in range(20):  # bolt starts its listeners a few turns of the loop after it acknowledged
            await asyncio.sleep(0.001)
        await self.parts.inbox.drain()
        await self.parts.delivery.deliver_due()
        await self.parts.homes.publish_due()

    def home(self, user: str) -> str:
        """What stands on somebody's Home tab; empty before anything was published."""
        return block_kit_rules.shown(self.slack.homes[user]["blocks"]) if user in self.slack.homes else ""

    def words(self, user: str) -> list[str]:
        return [one.text for one in self.slack.said_to(user)]


def be_patient(parts: Parts) -> None:
    """On a busy machine two seconds are soon over: here Slack's patience has no end, unless a test says so."""
    platform = parts.platforms["slack"]
    assert isinstance(platform, SlackPlatform)
    platform.answer_seconds = platform.windows.opening_seconds = 60.0


def play(
    store: Store,
    scene: Callable[[Bench], Awaitable[None]],
    *,
    slack: FakeSlack | None = None,
    **settings: Any,
) -> None:
    """Run a scene. The sender is not left running: ``Bench.settle`` sends, so each test knows when."""
    asyncio.run(_play(store, scene, slack or FakeSlack(), settings))


async def _play(
    store: Store, scene: Callable[[Bench], Awaitable[None]], slack: FakeSlack, more: dict[str, Any]
) -> None:
    slack.members = dict(MEMBERS)
    await slack.start()
    clocks = Clocks()
    settings = Settings.model_construct(
        **{
            **{name: field.default for name, field in Settings.model_fields.items()},
            "slack_bot_token": SecretStr("xoxb-invented"),
            "slack_signing_secret": SecretStr(SECRET),
            "most_per_minute": 100_000,  # people in tests write faster than people do
            "slack_api_url": slack.url,
            **more,
        }
    )
    parts = assemble(
        settings,
        store=store,
        now=clocks.now,
        wall=clocks.now,
        monotonic=clocks.monotonic,
        sleep=clocks.sleep,
    )
    be_patient(parts)
    for platform in parts.platforms.values():
        await platform.start(parts.inbox.take, is_listening=True)
    runner = web.AppRunner(make_app(parts), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with aiohttp.ClientSession() as http:
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            await scene(Bench(slack, parts, clocks, url, http))
        finally:
            await runner.cleanup()
            await Running(parts, is_listening=True, is_clock=False).stop()
            await slack.stop()
