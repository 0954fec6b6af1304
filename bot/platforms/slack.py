"""Slack: signed requests or a socket in, direct messages out. The only module that knows ``slack_bolt``.

In: a request's signature is checked on its bytes before anything reads them (five minutes either way); then it is
acknowledged; then the work starts (``bot/inbox.py``). Slack may deliver one message up to eleven times under
different event ids, so an event's first key is (team, channel, event timestamp, type).

Out: one card may be several messages, in order. Each carries metadata with the outbox's key, by which a message
in doubt is looked up in the channel's history. What may be shown twice: a message whose part Slack accepted but
does not yet show when it is looked up, half a minute later.
"""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.signature import Clock, SignatureVerifier

from bot.attachments import Addresses, reachable
from bot.platforms.base import (
    Account,
    Found,
    InDoubt,
    Limited,
    NotFoundOut,
    NotListedError,
    Outcome,
    Parcel,
    Revoked,
    Sent,
    Take,
    Unavailable,
    Unreachable,
)
from bot.platforms.pace import Pace
from bot.platforms.slack_calls import Fault, FaultKind, SlackCalls
from bot.platforms.slack_events import (
    Heard,
    heard_action,
    heard_command,
    heard_event,
    heard_shortcut,
    is_readable,
)
from bot.render import block_kit
from handlers.cards import Card

log = logging.getLogger(__name__)

NAME = "slack"
EVENT_TYPE = "throughline"
"""The ``event_type`` of our messages' metadata."""

MESSAGES_A_SECOND, BURST = 5.0, 20
"""Of the whole app: "several hundred a minute" (docs.slack.dev, rate limits); what is refused pauses everything."""
CHANNEL_A_SECOND, CHANNEL_BURST = 1.0, 3

_PAGES = 20
_CLOCK_SLACK = timedelta(minutes=5)


class SlackPlatform:
    """One workspace, one app."""

    name = NAME

    def __init__(
        self,
        *,
        token: str,
        signing_secret: str | None,
        app_token: str | None,
        api_url: str,
        addresses: Addresses,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.calls = SlackCalls(token=token, api_url=api_url, now=now)
        self._addresses = addresses
        self._sleep = sleep
        self._verifier = SignatureVerifier(signing_secret, _SignatureClock(now)) if signing_secret else None
        self._app_token = app_token
        self._socket: AsyncSocketModeHandler | None = None
        self._take: Take | None = None
        self._pace = Pace(rate=MESSAGES_A_SECOND, burst=BURST, clock=monotonic)
        self._channel_pace = Pace(rate=CHANNEL_A_SECOND, burst=CHANNEL_BURST, clock=monotonic)
        self._us: dict[str, Any] = {}
        self._app = self._make_app()

    # ---------------------------------------------------------------- listening

    def routes(self) -> Iterable[web.RouteDef]:
        return [web.post("/slack/events", self._on_request)] if self._verifier is not None else []

    async def start(self, take: Take, *, is_listening: bool) -> None:
        self._take = take
        await self.calls.open()
        wrong = await self.check()
        if wrong:
            log.error("slack: %s", wrong)
        if self._app_token and is_listening:
            self._socket = AsyncSocketModeHandler(self._app, self._app_token, web_client=self.calls.client)
            await self._socket.connect_async()  # type: ignore[no-untyped-call]  # bolt leaves it untyped

    async def stop(self) -> None:
        if self._socket is not None:
            await self._socket.close_async()  # type: ignore[no-untyped-call]  # bolt leaves it untyped
        await self.calls.close()

    async def check(self) -> str | None:
        try:
            self._us = await self.calls.run(self.calls.client.auth_test())
        except Fault as fault:
            if fault.kind is FaultKind.REVOKED or fault.code == "account_inactive":
                return f"Slack does not accept the token ({fault.code}). Set a new SLACK_BOT_TOKEN."
            return f"Slack cannot be reached ({fault.code})."
        return None

    def clock_skew(self) -> float | None:
        return self.calls.skew

    async def _on_request(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        if not self._is_signed(request.headers, body):
            return web.Response(status=401, text="The signature is missing, wrong or too old.")
        try:
            read = AsyncBoltRequest(
                body=body.decode("utf-8"), query=request.query_string, headers=dict(request.headers)
            )
        except (ValueError, TypeError, AttributeError, LookupError):
            return _unreadable()
        if not is_readable(read.body):
            return _unreadable()
        try:
            answer = await self._app.async_dispatch(read)
        except Exception as error:  # noqa: BLE001 - a signed request of a shape that Slack never sends
            log.error("slack: a request could not be dispatched: %s", type(error).__name__)
            return _unreadable()
        return await to_aiohttp_response(answer)

    def _is_signed(self, headers: Any, body: bytes) -> bool:
        assert self._verifier is not None  # the route exists only with a signing secret
        stamp, signature = headers.get("X-Slack-Request-Timestamp"), headers.get("X-Slack-Signature")
        try:
            return self._verifier.is_valid(body, stamp, signature)
        except (ValueError, TypeError, OverflowError):  # a time that is no number, a body that is no text
            return False

    def _make_app(self) -> AsyncApp:
        async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
            # Known from ``check``: asking Slack here would put a call ahead of every acknowledgement.
            return AuthorizeResult(
                enterprise_id=enterprise_id,
                team_id=team_id,
                bot_token=self.calls.client.token,
                bot_user_id=self._us.get("user_id"),
                bot_id=self._us.get("bot_id"),
            )

        quiet = logging.getLogger("throughline.slack_bolt")
        quiet.setLevel(logging.ERROR)  # below it bolt logs bodies of requests
        app = AsyncApp(
            name="throughline",
            client=self.calls.client,
            logger=quiet,
            authorize=authorize,
            signing_secret="checked before bolt sees the request",
            request_verification_enabled=False,
        )
        app.event("message")(self._on_event)
        app.event("app_mention")(self._on_event)
        app.event(re.compile(".*"))(_pass_over)
        app.command(re.compile(".*"))(self._on_command)
        app.action(re.compile(".*"))(self._on_action)
        app.shortcut(re.compile(".*"))(self._on_shortcut)
        app.view(re.compile(".*"))(_acknowledge)
        app.error(_log_error)
        return app

    async def _on_event(self, body: dict[str, Any]) -> None:
        self._hear(heard_event(body, bot_user=self._us.get("user_id")))

    async def _on_command(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        self._hear(heard_command(body))

    async def _on_action(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        self._hear(heard_action(body))

    async def _on_shortcut(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        self._hear(heard_shortcut(body, bot_user=self._us.get("user_id")))

    def _hear(self, heard: Heard | None) -> None:
        if heard is None or self._take is None:
            return
        user, channel = heard.inbound.sender.user, heard.channel

        async def answer(card: Card) -> None:
            await self._answer(user, channel, card)

        async def identify() -> str | None:
            return await self._email_of(user)

        self._take(heard.inbound, answer, identify)

    # ---------------------------------------------------------------- people

    async def _email_of(self, user: str) -> str | None:
        """The address of a member of our own workspace. A guest from elsewhere could claim anybody's."""
        try:
            found = (await self.calls.run(self.calls.client.users_info(user=user))).get("user")
        except Fault as fault:
            log.warning("slack: users.info: %s", fault)
            return None
        return self._member_email(found) if isinstance(found, dict) else None

    def _member_email(self, user: dict[str, Any]) -> str | None:
        if user.get("deleted") or user.get("is_bot") or user.get("is_stranger"):
            return None
        ours, theirs = self._us.get("team_id"), user.get("team_id")
        grid = (user.get("enterprise_user") or {}).get("enterprise_id")
        is_ours = theirs in (None, ours) or (grid is not None and grid == self._us.get("enterprise_id"))
        email = (user.get("profile") or {}).get("email")
        return str(email) if email and (is_ours or ours is None) else None

    async def find_account(self, email: str) -> Account | Outcome:
        try:
            answer = await self.calls.run(self.calls.client.users_lookupByEmail(email=email))
        except Fault as fault:
            return _outcome(fault, (), is_posting=False)
        user = answer["user"]
        if self._member_email(user) is None:
            return Unreachable("not a member of this workspace")
        return Account(NAME, self._workspace(user), str(user["id"]))

    async def accounts(self) -> AsyncIterator[tuple[Account, str]]:
        cursor = ""
        while True:
            try:
                answer = await self.calls.run(self.calls.client.users_list(limit=200, cursor=cursor or None))
            except Fault as fault:
                raise NotListedError(str(fault)) from None
            for user in answer.get("members", []):
                email = self._member_email(user)
                if email:
                    yield Account(NAME, self._workspace(user), str(user["id"])), email
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    def _workspace(self, user: dict[str, Any]) -> str:
        return str(self._us.get("team_id") or user.get("team_id") or "")

    # ---------------------------------------------------------------- sending

    async def send(self, parcel: Parcel) -> Outcome:
        assert parcel.account is not None
        parts = list(parcel.parts)
        channel = parcel.account.address.get("channel")
        is_remembered = channel is not None
        messages = self._render(parcel)
        try:
            if channel is None:
                channel = await self._open(parcel.account.user)
        except Fault as fault:
            return await self._judged(fault, (), is_posting=False)
        while len(parts) < len(messages):
            number = len(parts)
            await self._wait_turn(channel)
            try:
                message = messages[number]
                parts.append(await self._post(channel, message, _metadata(parcel, number, len(messages))))
            except Fault as fault:
                if fault.code == "channel_not_found" and is_remembered:
                    is_remembered = (
                        False  # the conversation moved (a migrated workspace): open it again, once
                    )
                    try:
                        channel = await self._open(parcel.account.user)
                    except Fault as second:
                        return await self._judged(second, tuple(parts), is_posting=False)
                    continue
                return await self._judged(fault, tuple(parts), is_posting=True, channel=channel)
        return Sent(tuple(parts), {"channel": channel})

    async def look_up(self, parcel: Parcel) -> Found | NotFoundOut:
        assert parcel.account is not None
        found: dict[int, str] = {}
        total = None
        try:
            channel = parcel.account.address.get("channel") or await self._open(parcel.account.user)
            cursor = ""
            for _page in range(_PAGES):
                answer = await self.calls.run(
                    self.calls.client.conversations_history(
                        channel=channel,
                        oldest=f"{(parcel.created_at - _CLOCK_SLACK).timestamp():.6f}",
                        include_all_metadata=True,
                        limit=200,
                        cursor=cursor or None,
                    )
                )
                for message in answer.get("messages", []):
                    metadata = message.get("metadata") or {}
                    payload = metadata.get("event_payload") or {}
                    if metadata.get("event_type") == EVENT_TYPE and payload.get("message") == parcel.key:
                        found[int(payload["part"])] = str(message["ts"])
                        total = int(payload["parts"])
                cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
                if not cursor:
                    break
        except Fault as fault:
            is_final = fault.kind is FaultKind.REFUSED or fault.code == "missing_scope"
            return NotFoundOut(fault.code, is_final=is_final)
        parts: list[str] = []
        while len(parts) in found:
            parts.append(found[len(parts)])
        return Found(tuple(parts), total is not None and len(parts) >= total, {"channel": channel})

    def _render(self, parcel: Parcel) -> tuple[block_kit.SlackMessage, ...]:
        card, addresses = reachable(parcel.card, parcel.tokens, self._addresses)
        return block_kit.render(
            card, chart_address=addresses.__getitem__, download_address=addresses.__getitem__
        )

    async def _open(self, user: str) -> str:
        answer = await self.calls.run(self.calls.client.conversations_open(users=user))
        return str(answer["channel"]["id"])

    async def _post(
        self, channel: str, message: block_kit.SlackMessage, metadata: dict[str, Any] | None
    ) -> str:
        answer = await self.calls.run(
            self.calls.client.chat_postMessage(
                channel=channel,
                text=message.text,
                blocks=message.blocks,
                metadata=metadata,
                unfurl_links=False,
                unfurl_media=False,
            )
        )
        return str(answer.get("ts", ""))

    async def _answer(self, user: str, channel: str | None, card: Card) -> None:
        channel = channel or await self._open(user)
        shown, addresses = reachable(card, {}, self._addresses)
        for message in block_kit.render(
            shown, chart_address=addresses.__getitem__, download_address=addresses.__getitem__
        ):
            await self._wait_turn(channel)
            await self._post(channel, message, None)

    async def _wait_turn(self, channel: str) -> None:
        wait = max(self._pace.take(), self._channel_pace.take(channel))
        if wait > 0:
            await self._sleep(wait)

    async def _judged(
        self, fault: Fault, parts: tuple[str, ...], *, is_posting: bool, channel: str | None = None
    ) -> Outcome:
        """``account_inactive`` is said of a person who has left and of a token whose app was removed: ask which."""
        if fault.code == "account_inactive" and await self.check() is not None:
            return Revoked(fault.code, parts)
        return _outcome(fault, parts, is_posting=is_posting, channel=channel)


def _outcome(
    fault: Fault, parts: tuple[str, ...], *, is_posting: bool, channel: str | None = None
) -> Outcome:
    match fault.kind:
        case FaultKind.LIMITED:
            return Limited(fault.wait, parts)
        case FaultKind.UNAVAILABLE:
            return Unavailable(fault.code, parts)
        case FaultKind.REVOKED:
            return Revoked(fault.code, parts)
        case FaultKind.REFUSED:
            return Unreachable(fault.code)
        case FaultKind.IN_DOUBT if is_posting:
            return InDoubt(fault.code, parts, {"channel": channel} if channel else {})
        case FaultKind.IN_DOUBT:
            return Unavailable(fault.code, parts)  # nothing was to be posted yet


def _metadata(parcel: Parcel, part: int, parts: int) -> dict[str, Any]:
    return {
        "event_type": EVENT_TYPE,
        "event_payload": {"message": parcel.key, "part": part, "parts": parts},
    }


def _unreadable() -> web.Response:
    return web.Response(status=400, text="The request cannot be read.")


class _SignatureClock(Clock):
    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def now(self) -> float:
        return self._now().timestamp()


async def _pass_over() -> None:
    """An event nobody asked for; bolt has acknowledged it."""


async def _acknowledge(ack: AsyncAck) -> None:
    await ack()


async def _log_error(error: Exception) -> None:
    log.error("slack: a listener failed: %s", type(error).__name__)
