"""Teams: signed requests in, messages to people in their own chat out. The only module that knows Bot Framework's SDK.

In: a request's token is checked before anything reads its body (who issued it, for whom, when, by which key); then
the body's shape, and that its service address is the token's and its organisation the district's; then the event is
written down, then acknowledged; then the work starts (``bot/inbox.py``). Whatever a token does to the SDK, the answer
is 401. Without an app id there is nothing to check, so then (in development only, see ``bot/settings.py``) whoever is
on this machine may claim to be anybody, and nobody else is answered.

Out: ``teams_posting``; who is who: ``teams_members``; the keys and our own token: ``teams_cloud``, which keeps the SDK
from blocking the event loop.

Bot Framework's SDK is at its end. What it does here is to check a token: ``_Gate`` is all of it. With its successor
(``microsoft-agents-hosting-core``) ``_Gate`` would ask ``JwtTokenValidator(AgentAuthConfiguration(…)).validate_token``,
and that checks no service address, so the comparison below stays; our keys would go where it keeps its own. Events,
cards, calls and outcomes know no SDK and would stay as they are.
"""

import asyncio
import base64
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from datetime import datetime
from typing import Any

from aiohttp import web
from botbuilder.schema import Activity
from botframework.connector.auth import (
    AuthenticationConfiguration,
    BotFrameworkAuthentication,
    BotFrameworkAuthenticationFactory,
    PasswordServiceClientCredentialFactory,
)
from botframework.connector.auth.jwt_token_extractor import JwtTokenExtractor

from bot.attachments import Addresses
from bot.platforms.base import Account, Found, NotFoundOut, Outcome, Parcel, Take
from bot.platforms.faults import Fault
from bot.platforms.teams_calls import TeamsCalls
from bot.platforms.teams_cloud import Credentials, KeysUnreachableError, TeamsCloud
from bot.platforms.teams_events import (
    CHANNEL,
    NAME,
    Heard,
    Place,
    ShapeError,
    heard_memo,
    heard_message,
    heard_press,
    is_ours,
    read_place,
    team_of,
    tenant_of,
)
from bot.platforms.teams_files import TeamsFiles
from bot.platforms.teams_members import Memory, TeamsMembers
from bot.platforms.teams_posting import CARD_TYPE, TeamsPosting
from bot.settings import is_loopback
from handlers.cards import Card
from handlers.intake.sent_files import SentFile
from handlers.reception import Inbound

log = logging.getLogger(__name__)

TYPING_AFTER_SECONDS = 1.5
LOOK_SECONDS = 4.0
"""So long may a card's client wait for it; Teams gives five seconds and then shows the old one."""

_NEVER_OLD = datetime(9999, 1, 1)  # noqa: DTZ001 - compared by the SDK with a naive now
Look = Callable[[Inbound], Card | None]
"""What a card shows now, read and nothing changed; None where there is nothing to show."""


class TeamsPlatform:
    """One organisation, one app. ``credentials`` None: development on this machine."""

    name = NAME

    def __init__(
        self,
        credentials: Credentials | None,
        *,
        tenant: str | None,
        metadata_url: str | None,
        addresses: Addresses,
        memory: Memory,
        look: Look,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        app_id = credentials.app_id if credentials else ""
        self.calls = TeamsCalls(credentials, metadata_url=metadata_url, now=now, monotonic=monotonic)
        self._cloud = self.calls.cloud
        self._gate = _Gate(self._cloud) if credentials else None
        self._members = TeamsMembers(self.calls, memory, app_id=app_id, tenant=tenant, monotonic=monotonic)
        self._posting = TeamsPosting(self.calls, self._members, addresses, monotonic=monotonic, sleep=sleep)
        self._files = TeamsFiles(self.calls.session, is_local=self._cloud.is_local)
        self._memory = memory
        self._tenant = tenant
        self._look = look
        self._take: Take | None = None
        self._side: set[asyncio.Task[None]] = set()

    # ---------------------------------------------------------------- listening

    def routes(self) -> Iterable[web.RouteDef]:
        return [web.post("/api/messages", self._on_request)]

    async def start(self, take: Take, *, is_listening: bool) -> None:
        self._take = take
        await self.calls.open()
        if self._gate is None:
            log.warning("teams: requests are not checked; whoever is on this machine may claim to be anybody")
            return
        wrong = await self.check()
        if wrong:
            log.error("teams: %s", wrong)

    async def stop_listening(self) -> None:
        self._take = None

    async def stop(self) -> None:
        for task in self._side:
            task.cancel()
        await asyncio.gather(*self._side, return_exceptions=True)
        await self.calls.close()

    async def check(self) -> str | None:
        if self._gate is None:
            return None
        try:
            await self._cloud.load_keys()
        except KeysUnreachableError as error:
            return f"Microsoft's signing keys cannot be had ({error}), so no request can be checked."
        return await self._members.check()

    def clock_skew(self) -> float | None:
        return self.calls.skew

    async def send(self, parcel: Parcel) -> Outcome:
        return await self._posting.send(parcel)

    async def look_up(self, parcel: Parcel) -> Found | NotFoundOut:
        return await self._posting.look_up(parcel)

    async def fetch(self, file: SentFile) -> bytes:
        return await self._files.fetch(file)

    async def find_account(self, email: str) -> Account | Outcome:
        return await self._members.find_account(email)

    def accounts(self) -> AsyncIterator[tuple[Account, str]]:
        return self._members.accounts()

    # ---------------------------------------------------------------- requests

    async def _on_request(self, request: web.Request) -> web.StreamResponse:
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
        if self._take is None:
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
            case "conversationUpdate" if team_of(activity):
                await self._on_team(activity, place)
            case _:
                pass  # reactions, edits, deletions, end of a call: nobody asked for these
        return web.Response(status=200)

    async def _on_invoke(self, activity: dict[str, Any], place: Place) -> web.Response:
        value = activity.get("value")
        value = value if isinstance(value, dict) else {}
        match activity.get("name"):
            case "adaptiveCard/action":
                return await self._on_action(activity, place, value)
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
            return _invoke_answer("application/vnd.microsoft.activity.message", "Thank you, one moment.")
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
        if is_ours(activity, "membersAdded", place):
            await asyncio.to_thread(self._memory.keep_team, team, place.service_url)
        elif is_ours(activity, "membersRemoved", place):
            await asyncio.to_thread(self._memory.forget_team, team)

    async def _hear(self, heard: Heard | None) -> None:
        if heard is None or self._take is None:
            return
        place = heard.place

        async def answer(card: Card) -> None:
            await self._posting.answer(place, card)

        async def identify() -> str | None:
            return await self._members.email_of(place)

        task = await self._take(heard.inbound, answer, identify)
        if place.is_personal:
            side = asyncio.create_task(self._show_typing(task, place))
            self._side.add(side)
            side.add_done_callback(self._side.discard)

    async def _show_typing(self, task: "asyncio.Task[str]", place: Place) -> None:
        done, _ = await asyncio.wait({task}, timeout=TYPING_AFTER_SECONDS)
        if not done:
            try:
                await self._posting.show_typing(place)
            except Fault as fault:
                log.info("teams: no sign of typing: %s", fault)


class _Gate:
    """Whether a request is Microsoft's and for us. The one place that asks the SDK."""

    def __init__(self, cloud: TeamsCloud) -> None:
        assert cloud.credentials is not None
        self._cloud = cloud
        self._app_id = cloud.credentials.app_id
        self._trust: dict[str, BotFrameworkAuthentication] = {}

    async def claims(self, header: str) -> dict[str, Any]:
        """What a request's token says. Raises ``PermissionError`` for one that is not good, whatever is wrong with
        it, and ``KeysUnreachableError`` where that cannot be found out."""
        scheme, _, token = header.partition(" ")
        if scheme != "Bearer" or token.count(".") != 2:
            raise PermissionError("no token")
        await self._cloud.load_keys(_key_id(token))
        # The SDK looks keys up by itself, without a time-out and in the event loop: here it finds them looked up.
        metadata = JwtTokenExtractor.get_open_id_metadata(self._cloud.metadata_url)
        metadata.keys, metadata.last_updated = self._cloud.keys, _NEVER_OLD
        try:
            found = await self._sdk().authenticate_request(Activity(channel_id=CHANNEL), header)
            claims = dict(found.claims_identity.claims)
        except Exception as error:  # noqa: BLE001 - a token may break the SDK in ways that have nothing in common
            log.info("teams: a request was refused: %s", type(error).__name__)
            raise PermissionError("not a good token") from None
        # Not asked for by the SDK: that it ends at all, and that no other issuer's token is good enough.
        if (
            claims.get("iss") != self._cloud.issuer
            or claims.get("aud") != self._app_id
            or "exp" not in claims
        ):
            raise PermissionError("not a channel's token")
        return claims

    def _sdk(self) -> BotFrameworkAuthentication:
        issuer = self._cloud.issuer
        if issuer not in self._trust:
            self._trust[issuer] = BotFrameworkAuthenticationFactory.create(
                validate_authority=True,
                to_channel_from_bot_login_url="https://login.microsoftonline.com/botframework.com",
                to_channel_from_bot_oauth_scope=issuer,
                to_bot_from_channel_token_issuer=issuer,
                oauth_url=issuer,
                to_bot_from_channel_open_id_metadata_url=self._cloud.metadata_url,
                to_bot_from_emulator_open_id_metadata_url=self._cloud.metadata_url,
                caller_id="",
                credential_factory=PasswordServiceClientCredentialFactory(
                    self._app_id, "asked for elsewhere"
                ),
                auth_configuration=AuthenticationConfiguration(),
            )
        return self._trust[issuer]


def _key_id(token: str) -> str | None:
    """The key that a token says it is signed with."""
    head = token.partition(".")[0]
    try:
        read = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except (ValueError, RecursionError):
        raise PermissionError("no token") from None
    found = read.get("kid") if isinstance(read, dict) else None
    return found if isinstance(found, str) else None


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
