"""The bot's real server against the fake Teams, in one process, with clocks that stand still until moved."""

import asyncio
import copy
import io
import itertools
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from pydantic import SecretStr

from bot.bootstrap import Parts, Running, assemble
from bot.server import make_app
from bot.settings import Settings
from handlers.cards import Card, Chart, Download
from storage import attachments
from storage.database import Store, Tx
from tests.contract.fake_teams import APP_ID, PASSWORD, TENANT, FakeTeams, Posted, chat_of
from tests.contract.sending_bench import Clocks, Sending
from tests.district import PEOPLE, email

PAYLOADS = Path(__file__).parent.parent / "payloads" / "teams"
STRANGER = "aad-stranger"


def aad(name: str) -> str:
    """``imani.brooks`` is aad-imani in Entra, and 29:aad-imani to the bot."""
    return "aad-" + name.partition(".")[0]


MEMBERS = {aad(name): email(name) for name, *_ in PEOPLE} | {STRANGER: "somebody@elsewhere.example"}


@dataclass
class Bench(Sending):
    teams: FakeTeams
    parts: Parts
    clocks: Clocks
    url: str
    http: aiohttp.ClientSession
    ids: Any = field(default_factory=lambda: itertools.count(1))

    def payload(self, recorded: str, *, user: str = "aad-imani", **more: Any) -> dict[str, Any]:
        """A recorded activity, as if it came now, from that person, by way of this Teams."""
        activity: dict[str, Any] = json.loads((PAYLOADS / f"{recorded}.json").read_text())
        activity["serviceUrl"] = self.teams.service_url
        activity["from"] |= {"id": f"29:{user}", "aadObjectId": user}
        if activity["conversation"].get("conversationType") == "personal":
            activity["conversation"]["id"] = chat_of(user)
        activity["id"] = f"1764000{next(self.ids):06d}"
        return copy.deepcopy(activity) | more

    async def post(
        self, body: bytes, *, token: str | None = None, headers: dict[str, str] | None = None
    ) -> aiohttp.ClientResponse:
        """``token`` None: a good one; empty: none."""
        signed = self.teams.sign() if token is None else token
        every = {
            "Content-Type": "application/json",
            **({"Authorization": f"Bearer {signed}"} if signed else {}),
        }
        response = await self.http.post(
            self.url + "/api/messages", data=io.BytesIO(body), headers=every | (headers or {})
        )
        await response.read()
        return response

    async def activity(self, activity: dict[str, Any], **how: Any) -> aiohttp.ClientResponse:
        return await self.post(json.dumps(activity).encode(), **how)

    async def says(self, name: str, text: str, **more: Any) -> None:
        """Words in somebody's own chat with the bot."""
        activity = self.payload("message_personal", user=aad(name), text=text, attachments=[], **more)
        assert (await self.activity(activity)).status == 200
        await self.settle()

    async def shown_anew(
        self, posted: Posted, *, user: str, data: dict[str, Any] | None = None
    ) -> dict[str, Any] | None:
        """What a client is given that asks by itself what a message looks like now; None: it stays as it is."""
        activity = self.payload("invoke_refresh", user=user, replyToId=posted.id)
        activity["value"]["action"]["data"] = data or posted.card["refresh"]["action"]["data"]
        said = json.loads(await (await self.activity(activity)).text())
        return said["value"] if said["statusCode"] == 200 else None

    async def settle(self) -> None:
        """Until everything taken is worked on and everything due is sent."""
        await self.parts.inbox.drain()
        await self.parts.delivery.deliver_due()

    def on_queued(self, tx: Tx, message_id: int, card: Card) -> None:
        for position, block in enumerate(card.blocks):
            if isinstance(block, Chart | Download):
                token = f"token-{message_id}-{position}"
                attachments.attach(tx, message_id=message_id, position=position, token=token)

    def words(self, name: str) -> list[str]:
        return [one.text for one in self.teams.said_to(aad(name))]


def play(
    store: Store,
    scene: Callable[[Bench], Awaitable[None]],
    *,
    teams: FakeTeams | None = None,
    **settings: Any,
) -> None:
    """Run a scene. The sender is not left running: ``Bench.settle`` sends, so each test knows when."""
    asyncio.run(_play(store, scene, teams or FakeTeams(), settings))


def teams_settings(teams: FakeTeams, **more: Any) -> Settings:
    return Settings.model_construct(
        **{
            **{name: one.default for name, one in Settings.model_fields.items()},
            "microsoft_app_id": APP_ID,
            "microsoft_app_password": SecretStr(PASSWORD),
            "microsoft_app_tenant_id": TENANT,
            "teams_openid_metadata_url": teams.metadata_url,
            "most_per_minute": 100_000,  # people in tests write faster than people do
            **more,
        }
    )


async def _play(
    store: Store, scene: Callable[[Bench], Awaitable[None]], teams: FakeTeams, more: dict[str, Any]
) -> None:
    teams.members = dict(MEMBERS)
    await teams.start()
    clocks = Clocks()
    parts = assemble(
        teams_settings(teams, **more),
        store=store,
        now=clocks.now,
        wall=clocks.now,
        monotonic=clocks.monotonic,
        sleep=clocks.sleep,
    )
    for platform in parts.platforms.values():
        await platform.start(parts.inbox.take, is_listening=True)
    runner = web.AppRunner(make_app(parts), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with aiohttp.ClientSession() as http:
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            await scene(Bench(teams, parts, clocks, url, http))
        finally:
            await runner.cleanup()
            await Running(parts, is_listening=True, is_clock=False).stop()
            await teams.stop()
