"""Teams: signed requests in, messages to people in their own chat out. The only module that knows Bot Framework's SDK.

In: ``teams_requests``, which hands each request's token to ``_Gate`` before anything else. Whatever a token does to the
SDK, it is refused. Without an app id there is nothing to check, so then (in development only, see
``bot/settings.py``) whoever is on this machine may claim to be anybody, and nobody else is answered.

Out: ``teams_posting``; who is who: ``teams_members``; the keys and our own token: ``teams_cloud``. The SDK would do
these over connections of its own: without time-outs, in the event loop, and with no word for "perhaps".

Bot Framework's SDK is at its end. All that it does here is to check a token, so all that its successor has to replace
is ``_Gate``: with ``microsoft-agents-hosting-core`` that asks ``JwtTokenValidator(AgentAuthConfiguration(…))`` for
``validate_token``, with the issuer and the keys' address of ``teams_cloud`` in the configuration; what is compared
after that (issuer, app, end) stays. Events, cards, calls and outcomes know no SDK and stay as they are.
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
from bot.platforms.teams_calls import TeamsCalls
from bot.platforms.teams_cloud import Credentials, KeysUnreachableError, TeamsCloud
from bot.platforms.teams_events import CHANNEL, NAME, place_of
from bot.platforms.teams_files import TeamsFiles
from bot.platforms.teams_members import Memory, TeamsMembers
from bot.platforms.teams_posting import TeamsPosting
from bot.platforms.teams_requests import Look, TeamsRequests
from bot.platforms.teams_uploads import OpenFileOf, TeamsUploads
from handlers.intake.sent_files import SentFile
from handlers.reception import Sender

log = logging.getLogger(__name__)

_NEVER_OLD = datetime(9999, 1, 1)  # noqa: DTZ001 - compared by the SDK with a naive now


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
        open_file: OpenFileOf,
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
        self._requests = TeamsRequests(
            self._gate,
            tenant=tenant,
            cloud=self._cloud,
            members=self._members,
            posting=self._posting,
            memory=memory,
            look=look,
            uploads=TeamsUploads(self.calls.session, self._files, open_file),
        )

    # ---------------------------------------------------------------- listening

    def routes(self) -> Iterable[web.RouteDef]:
        return [web.post("/api/messages", self._requests.answer)]

    async def start(self, take: Take, *, is_listening: bool) -> None:
        self._requests.take = take
        await self.calls.open()
        if self._gate is None:
            log.warning("teams: requests are not checked; whoever is on this machine may claim to be anybody")
            return
        wrong = await self.check()
        if wrong:
            log.error("teams: %s", wrong)

    async def stop_listening(self) -> None:
        self._requests.take = None

    async def stop(self) -> None:
        await self._requests.stop()
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

    async def email_of(self, sender: Sender) -> str | None:
        return await self._members.email_of(place_of(sender))

    async def find_account(self, email: str) -> Account | Outcome:
        return await self._members.find_account(email)

    def accounts(self) -> AsyncIterator[tuple[Account, str]]:
        return self._members.accounts()


class _Gate:
    """Whether a request is Microsoft's and for us. The one place that asks the SDK."""

    def __init__(self, cloud: TeamsCloud) -> None:
        assert cloud.credentials is not None
        self._cloud = cloud
        self._app_id = cloud.credentials.app_id
        self._trust: dict[str, BotFrameworkAuthentication] = {}

    async def claims(self, header: str) -> dict[str, Any]:
        """As ``Gate`` says it."""
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
