"""Teams' requests: let in or refused, written down, answered in the time that Teams gives.

The order matters. The token first, before anything reads the body; then the body's shape; then that its service address
is the token's and its organisation the district's; then the event is written down; then it is acknowledged; then the
work starts (``bot/inbox.py``). Knows no SDK: whoever checks tokens is handed in (``Gate``).
"""

import asyncio
import json
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Protocol

from aiohttp import web

from bot.platforms.base import Take
from bot.platforms.faults import Fault
from bot.platforms.teams_cloud import KeysUnreachableError, TeamsCloud
from bot.platforms.teams_events import (
    CHANNEL,
    Heard,
    Place,
    ShapeError,
    heard_installation,
    heard_memo,
    heard_message,
    heard_press,
    is_ours,
    read_place,
    team_of,
    tenant_of,
)
from bot.platforms.teams_members import Memory, TeamsMembers
from bot.platforms.teams_posting import CARD_TYPE, TeamsPosting
from bot.platforms.teams_uploads import Consent, TeamsUploads, read_consent
from bot.settings import is_loopback
from handlers.cards import Card
from handlers.reception import Inbound, Said

log = logging.getLogger(__name__)

TYPING_AFTER_SECONDS = 1.5
LOOK_SECONDS = 4.0
"""So long may a card's client wait for it; Teams gives five seconds and then shows the old one."""

ADD_ME = "I answer in your own chat with me, where nobody else reads it. Add me there first: press my name and Add."

NO_FILE = "The file did not get there. Press Allow again; if it stays so, ask me for it once more."

Look = Callable[[Inbound], Card | None]
"""What a card shows now, read and nothing changed; None where there is nothing to show."""


class Gate(Protocol):
    """Checks requests' tokens."""

    async def claims(self, header: str) -> dict[str, Any]:
        """What the token of an ``Authorization`` header says. Raises ``PermissionError`` for one that is not good,
        whatever is wrong with it, and ``KeysUnreachableError`` where that cannot be found out."""
        ...


class TeamsRequests:
    """``gate`` None: nothing is checked, and only this machine is answered. ``tenant`` is the one organisation."""

    def __init__(
        self,
        gate: Gate | None,
        *,
        tenant: str | None,
        cloud: TeamsCloud,
        members: TeamsMembers,
        posting: TeamsPosting,
        memory: Memory,
        look: Look,
        uploads: TeamsUploads,
    ) -> None:
        self._gate = gate
        self._tenant = tenant
        self._cloud = cloud
        self._members = members
        self._posting = posting
        self._memory = memory
        self._look = look
        self._uploads = uploads
        self._side: set[asyncio.Task[None]] = set()
        self.take: Take | None = None
        """None: nothing is taken (any more)."""

    async def stop(self) -> None:
        for task in self._side:
            task.cancel()
        await asyncio.gather(*self._side, return_exceptions=True)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        claims: dict[str, Any] = {}
        if self._gate is None:
            if not _is_from_here(request):
                return _refused("This address answers to this machine only.")
        else:
            try:
                claims = await self._gate.claims(request.headers.get("Authorization") or "")
            except KeysUnreachableError:
                return web.Response(status=503, text="The token cannot be checked now.")
            except PermissionError:
                return _refused("The token is missing, wrong or too old.")
        body = await request.read()
        try:
            activity = json.loads(body)
            if not isinstance(activity, dict):
                raise ShapeError("not an object")
            place = read_place(activity)
        except (ValueError, RecursionError):
            return _unreadable()
        if not self._is_expected(activity, place, claims):
            return _refused("The token is for another service address or organisation.")
        if self.take is None:
            return web.Response(status=503, text="Stopping.")
        return await self._answer(activity, place)

    def _is_expected(self, activity: dict[str, Any], place: Place, claims: dict[str, Any]) -> bool:
        if not self._cloud.may_be_called(place.service_url):
            return False
        if self._gate is None:
            return True
        signed = str(claims.get("serviceurl") or claims.get("serviceUrl") or "")
        is_same = signed.rstrip("/") == place.service_url.rstrip("/")
        return is_same and activity.get("channelId") == CHANNEL and tenant_of(activity) == self._tenant

    async def _answer(self, activity: dict[str, Any], place: Place) -> web.Response:
        match activity.get("type"):
            case "message":
                await self._hear(heard_message(activity, place))
            case "invoke":
                return await self._on_invoke(activity, place)
            case "conversationUpdate" | "installationUpdate":
                await self._on_team(activity, place)
                await self._hear(heard_installation(activity, place))
            case _:
                pass  # reactions, edits, deletions, end of a call: nobody asked for these
        return web.Response(status=200)

    async def _on_invoke(self, activity: dict[str, Any], place: Place) -> web.Response:
        value = activity.get("value")
        value = value if isinstance(value, dict) else {}
        match activity.get("name"):
            case "adaptiveCard/action":
                return await self._on_action(activity, place, value)
            case "fileConsent/invoke":
                consent = read_consent(value)
                if consent is None:
                    return _unreadable()
                self._beside(self._hand_over(consent, place, str(activity.get("replyToId") or "")))
                return web.Response(status=200)
            case "composeExtension/fetchTask" | "composeExtension/submitAction":
                heard = heard_memo(activity, place, value)
                if heard is None:
                    return _unreadable()
                await self._hear(heard)
                said = "It is with me. What it asks of schools is in your chat with me."
                return web.json_response({"task": {"type": "message", "value": said}})
            case _:
                return web.Response(status=501, text="This is not something I can do.")

    async def _on_action(self, activity: dict[str, Any], place: Place, value: dict[str, Any]) -> web.Response:
        """A button, or a client that asks by itself what a card looks like now."""
        action = value.get("action")
        if not isinstance(action, dict) or not isinstance(action.get("data", {}), dict):
            return _unreadable()
        heard = heard_press(activity, place, action.get("data") or {})
        if value.get("trigger") != "automatic":
            await self._hear(heard)
            # What the press does is shown where it was pressed, or under it. Without a word here Teams says that the
            # app cannot be reached, and presses again.
            return _invoke_answer("application/vnd.microsoft.activity.message", "Got it.")
        try:
            looking = asyncio.to_thread(self._look, heard.inbound)
            card = await asyncio.wait_for(looking, LOOK_SECONDS)
        except TimeoutError:
            card = None
        if card is None:  # the card stays as it is
            return web.json_response(
                {
                    "statusCode": 404,
                    "type": "application/vnd.microsoft.error",
                    "value": {"code": "NothingNew"},
                }
            )
        return _invoke_answer(CARD_TYPE, await self._posting.shown(card, place.address))

    async def _on_team(self, activity: dict[str, Any], place: Place) -> None:
        """The app was put into a team, or taken out of it."""
        team = team_of(activity)
        if team and is_ours(activity, "membersAdded", place):
            await asyncio.to_thread(self._memory.keep_team, team, place.service_url)
        elif team and is_ours(activity, "membersRemoved", place):
            await asyncio.to_thread(self._memory.forget_team, team)

    async def _hear(self, heard: Heard | None) -> None:
        if heard is None or self.take is None:
            return
        place = heard.place

        async def answer(card: Card) -> None:
            await self._posting.answer(place, card)

        async def identify() -> str | None:
            return await self._members.email_of(place)

        task = await self.take(heard.inbound, answer, identify)
        if place.is_personal:
            self._beside(self._show_typing(task, place))
        elif isinstance(heard.inbound.what, Said) and not heard.inbound.what.is_private:
            self._beside(self._show_the_way(place))

    def _beside(self, work: Coroutine[Any, Any, None]) -> None:
        side = asyncio.create_task(work)
        self._side.add(side)
        side.add_done_callback(self._side.discard)

    async def _show_the_way(self, place: Place) -> None:
        """Whoever calls the bot among others is answered in their own chat; who has none is told so there."""
        try:
            if not await self._posting.may_write_to(place):
                await self._posting.say(place, ADD_ME)
        except Fault as fault:
            log.info("teams: somebody could not be shown the way to their own chat: %s", fault)

    async def _hand_over(self, consent: Consent, place: Place, question: str) -> None:
        """A file that somebody agreed to have in their OneDrive, or did not: then only the question goes."""
        try:
            if consent.upload:
                await self._posting.post(place, await self._uploads.put(consent))
            if question:
                await self._posting.take_away(place, question)
        except Fault as fault:
            log.warning("teams: a file could not be handed over: %s", fault)
            with suppress(Fault):
                await self._posting.say(place, NO_FILE)

    async def _show_typing(self, task: "asyncio.Task[str]", place: Place) -> None:
        done, _ = await asyncio.wait({task}, timeout=TYPING_AFTER_SECONDS)
        if not done:
            try:
                await self._posting.show_typing(place)
            except Fault as fault:
                log.info("teams: no sign of typing: %s", fault)


def _is_from_here(request: web.Request) -> bool:
    """Whether it is from this machine, and not from a page elsewhere that this machine's browser shows."""
    peer: Any = request.transport.get_extra_info("peername") if request.transport else None
    host = request.url.host or ""
    return bool(peer) and is_loopback(str(peer[0])) and is_loopback(host) and "Origin" not in request.headers


def _invoke_answer(kind: str, value: Any) -> web.Response:
    return web.json_response({"statusCode": 200, "type": kind, "value": value})


def _refused(why: str) -> web.Response:
    return web.Response(status=401, text=why)


def _unreadable() -> web.Response:
    return web.Response(status=400, text="The request cannot be read.")
