"""Posting to Slack, and looking up what may have been posted.

One card may be several messages, in order. Each carries metadata with the outbox's key, by which it is found in the
conversation's history. What may be shown twice: a message that Slack accepted but does not yet show when it is
looked up, half a minute later.

The first message to somebody is posted to their id, which opens the conversation: opening it in a call of its own
is allowed some fifty times a minute, and a district's first digests would take half an hour.

A card that is the new state of messages that are there changes them where they stand (``chat.update``, which leaves
their metadata alone) and removes those that it does not need. Where it needs more of them, or one is gone, it is posted
anew at the end and the old ones are removed: half of a card far up and half of it below would be read by nobody.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from bot.platforms.base import (
    Found,
    InDoubt,
    Limited,
    NotFoundOut,
    Outcome,
    Parcel,
    Revoked,
    Sent,
    Unavailable,
)
from bot.platforms.faults import Fault, FaultKind
from bot.platforms.pace import Pace
from bot.platforms.slack_calls import SlackCalls, outcome_of
from bot.platforms.slack_drawing import SlackDrawing, names_of
from bot.platforms.slack_members import SlackMembers
from bot.platforms.slack_windows import SlackWindows
from bot.render import block_kit
from handlers.cards import Card

EVENT_TYPE = "throughline"
"""The ``event_type`` of our messages' metadata."""

MESSAGES_A_MINUTE, BURST = 300, 10
MESSAGES_A_SECOND = (MESSAGES_A_MINUTE - BURST) / 60
"""Of the whole app: "several hundred a minute" (docs.slack.dev, rate limits), read as 300 in whichever minute, the
burst among them; what is refused all the same pauses everything."""
CHANNEL_A_SECOND, CHANNEL_BURST = 1.0, 3

_GONE = frozenset(
    {"message_not_found", "cant_update_message", "edit_window_closed", "channel_not_found", "is_inactive"}
)
"""Slack's words for a message that cannot be changed any more, while a new one may well be posted."""
_NO_THREAD = frozenset({"thread_not_found", "invalid_thread_ts", "cannot_reply_to_message"})
_PAGES = 20
_CLOCK_SLACK = timedelta(days=2)
"""So far before a message was written it is looked for: this machine's clock may have been ahead then, and a message
that is not found is sent again."""


class SlackPosting:
    """Direct messages to people, at Slack's pace."""

    def __init__(
        self,
        calls: SlackCalls,
        members: SlackMembers,
        drawing: SlackDrawing,
        windows: SlackWindows,
        *,
        monotonic: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._calls = calls
        self._members = members
        self._drawing = drawing
        self._windows = windows
        self._sleep = sleep
        self._pace = Pace(rate=MESSAGES_A_SECOND, burst=BURST, clock=monotonic)
        self._channel_pace = Pace(rate=CHANNEL_A_SECOND, burst=CHANNEL_BURST, clock=monotonic)

    async def send(self, parcel: Parcel) -> Outcome:
        assert parcel.account is not None
        if parcel.window and not parcel.parts:
            outcome = await self._windows.fill(parcel)
            if outcome is not None:
                return outcome
        parts = list(parcel.parts)
        user = parcel.account.user
        channel = parcel.account.address.get("channel") or user
        try:
            drawn = await self._drawing.draw(parcel)
        except Fault as fault:
            return outcome_of(fault, parcel.parts, is_posting=False)
        messages, thread = drawn.messages, parcel.thread
        if channel != user and not parts and 0 < drawn.count <= len(parcel.replaces) and not drawn.files:
            changed = await self._change(parcel, channel, messages)
            if changed is not None:
                return changed
        while len(parts) < drawn.count:
            number = len(parts)
            await self._wait_turn(channel)
            try:
                if number < len(messages):
                    metadata = _metadata(parcel, number, drawn.count)
                    stamp, channel = await self._post(channel, messages[number], metadata, thread)
                else:
                    stamp = await self._drawing.post_file(drawn.files[number - len(messages)], channel)
                parts.append(stamp)
            except Fault as fault:
                if fault.code == "invalid_blocks" and drawn.has_own_pictures and not parts:
                    drawn = self._drawing.draw_in_words(parcel)  # Slack is not ready with a picture
                    messages = drawn.messages
                    continue
                if fault.code in _NO_THREAD and thread:
                    thread = ""
                    continue
                if fault.code == "channel_not_found" and channel != user:
                    channel = user  # the conversation moved (a migrated workspace)
                    continue
                known = channel if channel != user else None
                return await self._judged(fault, tuple(parts), channel=known)
        left = [stamp for stamp in parcel.replaces if stamp not in parts]
        waiting = await self._remove(left, channel)
        return replace(waiting, parts=tuple(parts)) if waiting else Sent(tuple(parts), {"channel": channel})

    async def _change(
        self, parcel: Parcel, channel: str, messages: tuple[block_kit.SlackMessage, ...]
    ) -> Outcome | None:
        """Give the messages that are there their new content; None where one of them cannot be changed any more."""
        for stamp, message in zip(parcel.replaces, messages, strict=False):
            await self._wait_turn(channel)
            try:
                await self._calls.run(
                    self._calls.client.chat_update(
                        channel=channel, ts=stamp, text=message.text, blocks=message.blocks
                    )
                )
            except Fault as fault:
                if fault.kind is FaultKind.REFUSED and fault.code in _GONE:
                    return None
                if fault.kind is FaultKind.IN_DOUBT:
                    return InDoubt(fault.code, may_repeat=True)
                return await self._judged(fault, (), channel=channel)
        kept, left = parcel.replaces[: len(messages)], parcel.replaces[len(messages) :]
        # Limited while removing: no part is noted, so the next attempt makes the whole change once more.
        return await self._remove(left, channel) or Sent(kept, {"channel": channel})

    async def _remove(self, stamps: Sequence[str], channel: str) -> Limited | Unavailable | Revoked | None:
        """Take away messages that something else has taken the place of. One that will not go is only older than what
        stands elsewhere; only a Slack that asks to wait, or is away, is waited for: the outcome, else None."""
        for stamp in stamps:
            await self._wait_turn(channel)
            try:
                await self._calls.run(self._calls.client.chat_delete(channel=channel, ts=stamp))
            except Fault as fault:
                outcome = await self._judged(fault, (), channel=channel)
                if isinstance(outcome, Limited | Unavailable | Revoked):
                    return outcome
        return None

    async def look_up(self, parcel: Parcel) -> Found | NotFoundOut:
        assert parcel.account is not None
        found: dict[int, str] = {}
        total = None
        files: list[tuple[str, str]] = []
        try:
            channel = parcel.account.address.get("channel") or await self._open(parcel.account.user)
            async for message in self._messages(channel, parcel):
                metadata = message.get("metadata") or {}
                payload = metadata.get("event_payload") or {}
                if metadata.get("event_type") == EVENT_TYPE and payload.get("message") == parcel.key:
                    found[int(payload["part"])] = str(message["ts"])
                    total = int(payload["parts"])
                files += names_of(message, self._members.us.get("user_id"))
        except Fault as fault:
            is_final = fault.kind is FaultKind.REFUSED or fault.code == "missing_scope"
            return NotFoundOut(fault.code, is_final=is_final)
        if total is not None:
            found |= self._drawing.find_files(parcel, files, total)
        parts: list[str] = []
        while len(parts) in found:
            parts.append(found[len(parts)])
        return Found(tuple(parts), total is not None and len(parts) >= total, {"channel": channel})

    async def _messages(self, channel: str, parcel: Parcel) -> AsyncIterator[dict[str, Any]]:
        """The conversation since the parcel was written, and the thread that it belongs to, which is not in it."""
        asked: dict[str, Any] = {
            "channel": channel,
            "oldest": f"{max((parcel.since - self._ahead() - _CLOCK_SLACK).timestamp(), 0.0):.6f}",
            "include_all_metadata": True,
            "limit": 200,
        }
        ways: list[Callable[..., Awaitable[Any]]] = [self._calls.client.conversations_history]
        if parcel.thread:
            ways.append(partial(self._calls.client.conversations_replies, ts=parcel.thread))
        for way in ways:
            cursor = ""
            for _page in range(_PAGES):
                try:
                    answer = await self._calls.run(way(**asked, cursor=cursor or None))
                except Fault as fault:
                    if fault.code in _NO_THREAD:
                        return  # so it was posted outside of it, if at all
                    raise
                for message in answer.get("messages", []):
                    yield message
                cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
                if not cursor:
                    break

    def _ahead(self) -> timedelta:
        """How far our clock is ahead of Slack's now, as far as its answers say."""
        return timedelta(seconds=max(self._calls.skew or 0.0, 0.0))

    async def _open(self, user: str) -> str:
        answer = await self._calls.run(self._calls.client.conversations_open(users=user))
        return str(answer["channel"]["id"])

    async def _post(
        self,
        channel: str,
        message: block_kit.SlackMessage,
        metadata: dict[str, Any] | None,
        thread: str = "",
    ) -> tuple[str, str]:
        """The message's timestamp, which is its name, and the conversation it is in."""
        answer = await self._calls.run(
            self._calls.client.chat_postMessage(
                channel=channel,
                text=message.text,
                blocks=message.blocks,
                metadata=metadata,
                thread_ts=thread or None,
                unfurl_links=False,
                unfurl_media=False,
            )
        )
        return str(answer.get("ts", "")), str(answer.get("channel") or channel)

    async def answer(self, user: str, channel: str | None, card: Card) -> None:
        channel = channel or user
        for message in self._drawing.in_words(card):
            await self._wait_turn(channel)
            await self._post(channel, message, None)

    async def _wait_turn(self, channel: str) -> None:
        wait = max(self._pace.take(), self._channel_pace.take(channel))
        if wait > 0:
            await self._sleep(wait)

    async def _judged(self, fault: Fault, parts: tuple[str, ...], *, channel: str | None) -> Outcome:
        """``account_inactive`` is said of a person who has left and of a token whose app was removed: ask which."""
        if fault.code == "account_inactive" and await self._members.check() is not None:
            return Revoked(fault.code, parts)
        return outcome_of(fault, parts, is_posting=True, channel=channel)


def _metadata(parcel: Parcel, part: int, parts: int) -> dict[str, Any]:
    return {
        "event_type": EVENT_TYPE,
        "event_payload": {"message": parcel.key, "part": part, "parts": parts},
    }
