"""Slack: signed requests or a socket in, direct messages out. The only module that knows ``slack_bolt``.

In: a request's signature is checked on its bytes before anything reads them (five minutes either way); then the
event is written down; then it is acknowledged; then the work starts (``bot/inbox.py``). Slack may deliver one message
up to eleven times under different event ids, so an event's first key is (team, channel, event timestamp, type).

Out: ``slack_posting``; who is who: ``slack_members``.
"""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from slack_sdk.signature import Clock, SignatureVerifier

from bot.attachments import Addresses
from bot.manifest import SCOPES
from bot.platforms.base import Account, Found, NotFoundOut, Outcome, Parcel, Take
from bot.platforms.slack_calls import SlackCalls
from bot.platforms.slack_drawing import SlackDrawing
from bot.platforms.slack_events import (
    Heard,
    heard_action,
    heard_command,
    heard_event,
    heard_form,
    heard_global,
    heard_shortcut,
    is_readable,
    team_of,
)
from bot.platforms.slack_files import SlackFiles
from bot.platforms.slack_home import SlackHomes
from bot.platforms.slack_members import NAME, SlackMembers
from bot.platforms.slack_news import NEWS, heard_home, heard_news
from bot.platforms.slack_posting import SlackPosting
from bot.platforms.slack_uploads import SlackUploads
from bot.platforms.slack_windows import ANSWER_SECONDS, READING, TAKEN, SlackWindows
from bot.render.block_kit_views import note_view
from handlers.cards import Card
from handlers.intake.original_files import OpenFile
from handlers.intake.sent_files import SentFile
from handlers.reception import Arrived, Pressed, Sender
from handlers.topics import opens_form

log = logging.getLogger(__name__)

_ELSEWHERE = "I answer you in our direct message, where nobody else reads it."
"""To whoever writes /ild in a channel."""


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
        open_file: Callable[[str], OpenFile | None],
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.calls = SlackCalls(token=token, api_url=api_url, now=now)
        self._members = SlackMembers(self.calls)
        self._files = SlackFiles(self.calls, api_url=api_url)
        uploads = SlackUploads(self.calls, api_url=api_url, sleep=sleep)
        self.windows = SlackWindows(self.calls, addresses)
        self._posting = SlackPosting(
            self.calls,
            self._members,
            SlackDrawing(addresses, uploads, open_file),
            self.windows,
            monotonic=monotonic,
            sleep=sleep,
        )
        self._homes = SlackHomes(self.calls, addresses, uploads, monotonic=monotonic, sleep=sleep)
        self._verifier = SignatureVerifier(signing_secret, _SignatureClock(now)) if signing_secret else None
        self._app_token = app_token
        self._socket: AsyncSocketModeHandler | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._sleep = sleep
        self.answer_seconds = ANSWER_SECONDS
        self._late: set[asyncio.Task[None]] = set()
        self._take: Take | None = None
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
        missing = sorted(SCOPES.keys() - self.calls.granted) if self.calls.granted else []
        if missing:
            log.warning(
                "slack: the app lacks %s; paste the newest manifest, then reinstall it", ", ".join(missing)
            )
        if self._app_token and is_listening:
            self._socket = AsyncSocketModeHandler(self._app, self._app_token, web_client=self.calls.client)
            self._connecting = asyncio.create_task(self._connect(self._socket))

    async def stop_listening(self) -> None:
        if self._connecting is not None:
            self._connecting.cancel()
        if self._socket is not None:
            await self._socket.close_async()  # type: ignore[no-untyped-call]  # bolt leaves it untyped

    async def stop(self) -> None:
        await self.calls.close()

    async def _connect(self, socket: AsyncSocketModeHandler) -> None:
        """Open the socket, however long Slack is away; once open, the SDK keeps it open."""
        wait = 1.0
        while True:
            try:
                await socket.connect_async()  # type: ignore[no-untyped-call]  # bolt leaves it untyped
                return
            except Exception as error:  # noqa: BLE001 - whatever it was, trying again is the answer
                log.warning(
                    "slack: the socket does not open (%s); next try in %.0f s", type(error).__name__, wait
                )
                await self._sleep(wait)
                wait = min(wait * 2, 60.0)

    async def check(self) -> str | None:
        return await self._members.check()

    async def send(self, parcel: Parcel) -> Outcome:
        return await self._posting.send(parcel)

    async def publish(self, account: Account, card: Card, tokens: Mapping[int, str], page: int) -> Outcome:
        return await self._homes.publish(account, card, tokens, page)

    async def look_up(self, parcel: Parcel) -> Found | NotFoundOut:
        return await self._posting.look_up(parcel)

    async def email_of(self, sender: Sender) -> str | None:
        return await self._members.email_of(sender.user)

    async def find_account(self, email: str) -> Account | Outcome:
        return await self._members.find_account(email)

    def accounts(self) -> AsyncIterator[tuple[Account, str]]:
        return self._members.accounts()

    async def fetch(self, file: SentFile) -> bytes:
        return await self._files.fetch(file)

    def clock_skew(self) -> float | None:
        return self.calls.skew

    async def _on_request(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        if body.startswith(b"ssl_check=1") or b"&ssl_check=1" in body[:500]:
            return (
                web.Response()
            )  # Slack looks at the certificate; nothing is done, so nothing need be signed
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
                bot_user_id=self._members.us.get("user_id"),
                bot_id=self._members.us.get("bot_id"),
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
            process_before_response=True,  # what "process" means here is writing the event down: a millisecond
        )
        app.event("message")(self._on_event)
        app.event("app_mention")(self._on_event)
        app.event("app_home_opened")(self._on_home)
        for kind in NEWS:
            app.event(kind)(self._on_news)
        app.event(re.compile(".*"))(_pass_over)
        app.command(re.compile(".*"))(self._on_command)
        app.action(re.compile(".*"))(self._on_action)
        app.shortcut(re.compile(".*"))(self._on_shortcut)
        app.view(re.compile(".*"))(self._on_form)
        app.error(_log_error)
        return app

    async def _on_event(self, body: dict[str, Any]) -> None:
        await self._hear(heard_event(body, bot_user=self._members.us.get("user_id")))

    async def _on_home(self, body: dict[str, Any]) -> None:
        inbound = heard_home(body, team_of(body))
        await self._hear(Heard(inbound, is_at_home=True) if inbound else None)

    async def _on_news(self, body: dict[str, Any]) -> None:
        inbound = heard_news(body, team_of(body), self._members.member_email)
        await self._hear(Heard(inbound) if inbound else None)

    async def _on_command(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await self._hear(heard_command(body))
        if str(body.get("channel_id") or "").startswith("D"):
            await ack()
        else:  # seen by nobody but whoever wrote the command
            await ack({"response_type": "ephemeral", "text": _ELSEWHERE})

    async def _on_action(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await self._hear(await self._with_window(heard_action(body), body))
        await ack()

    async def _on_shortcut(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        heard = heard_global(body)
        if heard is not None:
            await self._hear(await self._with_window(heard, body, is_certain=True))
        else:
            await self._hear(heard_shortcut(body, bot_user=self._members.us.get("user_id")))
        await ack()

    async def _with_window(
        self, heard: Heard | None, body: dict[str, Any], *, is_certain: bool = False
    ) -> Heard | None:
        """What was pressed, with a window opened for its answer where that is a form."""
        trigger = body.get("trigger_id")
        if heard is None or not trigger or not isinstance(heard.inbound.what, Pressed):
            return heard
        pressed = heard.inbound.what
        if pressed.window or not (is_certain or opens_form(pressed.line)):
            return heard
        pressed = replace(pressed, window=await self.windows.open(str(trigger)))
        return replace(heard, inbound=replace(heard.inbound, what=pressed))

    async def _on_form(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """A form that was sent from a window: closed where it was taken, else told what is wrong."""
        heard, view = heard_form(body), body.get("view") or {}
        if heard is None or self._take is None:
            await ack()
            return
        window, answered = str(view["id"]), asyncio.get_running_loop().create_future()
        user = heard.inbound.sender.user
        is_late = False

        async def answer(card: Card) -> None:
            if not is_late:
                answered.set_result(card)
            elif not await self.windows.show(window, card):
                await self._posting.answer(user, None, card)

        ends = asyncio.get_running_loop().time() + self.answer_seconds
        work = await self._take(heard.inbound, answer, partial(self._members.email_of, user))
        await asyncio.wait([work], timeout=max(ends - asyncio.get_running_loop().time(), 0.0))
        if answered.done():
            await ack(self.windows.response(view, answered.result()))
        elif work.done():
            await ack()
        else:
            is_late = True
            await ack({"response_action": "update", "view": note_view(READING)})
            self._late.add(task := asyncio.create_task(self._close_late(work, window)))
            task.add_done_callback(self._late.discard)

    async def _close_late(self, work: "asyncio.Task[str]", window: str) -> None:
        if await work == "done":
            await self.windows.note(window, TAKEN)

    async def _hear(self, heard: Heard | None) -> None:
        if heard is None or self._take is None:
            return
        sender, channel = heard.inbound.sender, heard.channel
        user, what = sender.user, heard.inbound.what
        window = what.window if isinstance(what, Pressed) else ""

        async def answer(card: Card) -> None:
            if isinstance(what, Arrived):
                return  # a stranger who only looks is not written to; whoever writes is answered
            if heard.is_at_home:
                await self._homes.publish(Account(NAME, sender.workspace, user), card, {}, 1)
            elif not (window and await self.windows.show(window, card)):
                await self._posting.answer(user, channel, card)

        await self._take(heard.inbound, answer, partial(self.email_of, sender))


def _unreadable() -> web.Response:
    return web.Response(status=400, text="The request cannot be read.")


class _SignatureClock(Clock):
    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def now(self) -> float:
        return self._now().timestamp()


async def _pass_over() -> None:
    """An event nobody asked for; bolt has acknowledged it."""


async def _log_error(error: Exception) -> BoltResponse:
    """A listener failed: over a shape that Slack never sends, or a bug of ours. Slack repeats an event either way."""
    log.error("slack: a listener failed: %s", type(error).__name__)
    is_shape = isinstance(error, TypeError | AttributeError | LookupError | ValueError)
    return BoltResponse(
        status=400 if is_shape else 500, body="The request cannot be read." if is_shape else ""
    )
