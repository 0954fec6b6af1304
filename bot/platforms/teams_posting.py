"""Posting to Teams, at its pace.

One card may be several messages, in order, each an activity with one Adaptive Card. Neither a key that makes posting
idempotent nor a history that a bot may read is to be had there. So what cannot be known is reported, not said twice:
a message whose answer was lost (a dropped connection, a time-out, a server error but 502 and 504) ends on the
administrator's list of undelivered messages as perhaps sent.

What may be shown twice: a message that Teams accepted although a gateway answered 412, 502 or 504, which Microsoft
asks to have repeated; and after a backup was put back, what was sent between the backup and its return, because
otherwise nothing that nobody asked for could be sent for days.

A card that is the new state of messages that are there changes them where they stand, which can be done twice without
harm; those that it does not need are removed. Where it needs more, or one is gone, it is posted anew at the end (twice,
where the answer to that is lost).
"""

import asyncio
import base64
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from bot.attachments import Addresses
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
    Unreachable,
)
from bot.platforms.faults import Fault, FaultKind, outcome_of
from bot.platforms.pace import Pace, Window
from bot.platforms.teams_calls import TeamsCalls
from bot.platforms.teams_events import Place
from bot.platforms.teams_members import TeamsMembers, why_not
from bot.platforms.teams_uploads import offer
from bot.render import adaptive_card
from handlers.cards import Card, Chart, Download, Text

log = logging.getLogger(__name__)

CARD_TYPE = "application/vnd.microsoft.card.adaptive"
SUMMARY_LENGTH = 300

APP_MOST, APP_SECONDS = 50, 1.0
"""Calls of the whole app in whichever second (learn.microsoft.com, "Rate limiting")."""
CHAT_RATE, CHAT_BURST = 1.5, 5
"""Of one conversation: 7 a second, 8 in two, 60 in thirty are allowed; this keeps under each of them."""
HOUR_RATE, HOUR_BURST = 0.25, 900
"""Of one conversation, so that no hour has more than 1,800."""

_GONE = frozenset({"ConversationNotFound", "HTTP 404"})
"""Said of a conversation that was known once: it is opened anew."""


class TeamsPosting:
    """Messages to people in their own chat with the bot."""

    def __init__(
        self,
        calls: TeamsCalls,
        members: TeamsMembers,
        addresses: Addresses,
        *,
        monotonic: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._calls = calls
        self._members = members
        self._addresses = addresses
        self._sleep = sleep
        self._pace = Pace(rate=APP_MOST / APP_SECONDS, burst=1, clock=monotonic)
        self._window = Window(most=APP_MOST, seconds=APP_SECONDS, clock=monotonic)
        self._chat_pace = Pace(rate=CHAT_RATE, burst=CHAT_BURST, clock=monotonic)
        self._hour_pace = Pace(rate=HOUR_RATE, burst=HOUR_BURST, clock=monotonic)

    async def send(self, parcel: Parcel) -> Outcome:
        assert parcel.account is not None
        address = dict(parcel.account.address)
        service_url, chat = address.get("service_url", ""), address.get("conversation", "")
        if not service_url:
            return Unreachable("has no address in Teams: they have to write to the bot first")
        parts = list(parcel.parts)
        messages = await self._render(parcel.card, parcel.tokens, address)
        if chat and not parts and len(messages) <= len(parcel.replaces):
            changed = await self._change(parcel.replaces, service_url, chat, messages)
            if changed is not None:
                return changed
        is_remembered = bool(chat)
        while len(parts) < len(messages):
            is_posting = bool(chat)
            try:
                if not is_posting:
                    chat = await self._open(parcel.account.user, address)
                    continue
                parts.append(await self._post(service_url, chat, messages[len(parts)]))
            except Fault as fault:
                if is_remembered and fault.kind is FaultKind.REFUSED and fault.code in _GONE:
                    is_remembered, chat = False, ""
                    continue
                if fault.kind is FaultKind.REFUSED:
                    return Unreachable(why_not(fault.code))
                return outcome_of(fault, tuple(parts), is_posting=is_posting, address=_at(chat))
        left = [one for one in parcel.replaces if one not in parts]
        waiting = await self._remove(left, service_url, chat)
        return replace(waiting, parts=tuple(parts)) if waiting else Sent(tuple(parts), _at(chat))

    async def _change(
        self, names: Sequence[str], service_url: str, chat: str, messages: Sequence[dict[str, Any]]
    ) -> Outcome | None:
        """Give the messages that are there their new content; None where one of them cannot be changed any more."""
        for name, message in zip(names, messages, strict=False):
            try:
                async with self._turn(chat):
                    await self._calls.run(
                        "PUT", service_url, chat, "activities", name, body={**message, "id": name}
                    )
            except Fault as fault:
                if fault.kind is FaultKind.REFUSED:
                    return None
                if fault.kind is FaultKind.IN_DOUBT:
                    return InDoubt(fault.code, may_repeat=True)
                return outcome_of(fault, (), is_posting=False)
        # Limited while removing: no part is noted, so the next attempt makes the whole change once more.
        waiting = await self._remove(names[len(messages) :], service_url, chat)
        return waiting or Sent(tuple(names[: len(messages)]), _at(chat))

    async def _remove(
        self, names: Sequence[str], service_url: str, chat: str
    ) -> Limited | Unavailable | Revoked | None:
        """Take away messages that something else has taken the place of. One that will not go is only older than what
        stands elsewhere; only a Teams that asks to wait, or is away, is waited for: the outcome, else None."""
        for name in names:
            try:
                async with self._turn(chat):
                    await self._calls.run("DELETE", service_url, chat, "activities", name)
            except Fault as fault:
                outcome = outcome_of(fault, (), is_posting=True)
                if isinstance(outcome, Limited | Unavailable | Revoked):
                    return outcome
        return None

    async def look_up(self, parcel: Parcel) -> Found | NotFoundOut:
        """A bot cannot read what it has said; see the module's first lines for what becomes of that."""
        if parcel.is_after_restore or (parcel.replaces and not parcel.parts):
            return Found(parcel.parts, is_complete=False)
        return NotFoundOut("Teams does not say what it has", is_final=True)

    async def answer(self, place: Place, card: Card) -> None:
        """Say a card to whoever is at a place, in their own chat. Raises ``Fault``."""
        conversation = place.conversation
        if not place.is_personal:
            conversation = await self._open(place.user, place.address)
        for message in await self._render(card, {}, place.address):
            await self._post(place.service_url, conversation, message)

    async def may_write_to(self, place: Place) -> bool:
        """Whether the person at a place has their own chat with the bot. Raises ``Fault`` where that is not said."""
        try:
            await self._open(place.user, place.address)
        except Fault as fault:
            if fault.kind is FaultKind.REFUSED:
                return False
            raise
        return True

    async def say(self, place: Place, text: str) -> None:
        """A sentence, right where something was said. Raises ``Fault``."""
        await self.post(place, {"type": "message", "text": text})

    async def post(self, place: Place, message: dict[str, Any]) -> None:
        """A message as it is, right at a place. Raises ``Fault``."""
        await self._post(place.service_url, place.conversation, message)

    async def take_away(self, place: Place, name: str) -> None:
        """A message at a place; one that will not go stays."""
        await self._remove([name], place.service_url, place.conversation)

    async def show_typing(self, place: Place) -> None:
        """That an answer is on its way. Raises ``Fault``."""
        await self.post(place, {"type": "typing"})

    async def shown(self, card: Card, address: Mapping[str, str]) -> dict[str, Any]:
        """The card as the answer to a client that asks for it anew: its first part."""
        return (await self._render(card, {}, address))[0]["attachments"][0]["content"]  # type: ignore[no-any-return]

    # ---------------------------------------------------------------- steps

    async def _open(self, user: str, address: Mapping[str, str]) -> str:
        async with self._turn(""):
            return await self._members.open(address["service_url"], address["bot"], user)

    async def _post(self, service_url: str, conversation: str, message: dict[str, Any]) -> str:
        """The id of the message that was posted."""
        async with self._turn(conversation):
            answer = await self._calls.run("POST", service_url, conversation, "activities", body=message)
        return str(answer.get("id") or "")

    @asynccontextmanager
    async def _turn(self, conversation: str) -> AsyncIterator[None]:
        """A place among the calls that Teams allows, held until the call has its answer."""
        waits = [self._pace.take()]
        if conversation:
            waits += [self._chat_pace.take(conversation), self._hour_pace.take(conversation)]
        if max(waits) > 0:
            await self._sleep(max(waits))
        while (wait := self._window.take()) > 0:
            await self._sleep(wait)
        try:
            yield
        finally:
            self._window.give_back()

    async def _render(
        self, card: Card, tokens: Mapping[int, str], address: Mapping[str, str]
    ) -> list[dict[str, Any]]:
        pictures = await self._pictures(card, tokens)
        offered = {
            position: block
            for position, block in enumerate(card.blocks)
            if isinstance(block, Download) and position in tokens and position not in pictures
        }
        blocks = [_announced(offered[at]) if at in offered else block for at, block in enumerate(card.blocks)]
        shown = replace(card, blocks=tuple(blocks))
        who = (address["mri"],) if address.get("mri") else ()
        cards = adaptive_card.render(shown, pictures=pictures, user_ids=who)
        offers = [offer(tokens[position], block) for position, block in offered.items()]
        return [*(_activity(one) for one in cards), *offers]

    async def _pictures(self, card: Card, tokens: Mapping[int, str]) -> dict[int, str]:
        """The addresses of a card's pictures and files; a picture without one is put into the card, if it is small."""
        found: dict[int, str] = {}
        for position, block in enumerate(card.blocks):
            token = tokens.get(position)
            match block:
                case Chart() if token is not None and self._addresses.has_pictures:
                    found[position] = self._addresses.chart(token)
                case Chart():
                    found[position] = await asyncio.to_thread(_drawn, block)
                case Download() if token is not None and self._addresses.base is not None:
                    found[position] = self._addresses.file(token, block.name)
                case _:
                    pass
        return found


def _activity(card: dict[str, Any]) -> dict[str, Any]:
    words = " ".join(str(card.get("fallbackText") or "").split())
    summary = words if len(words) <= SUMMARY_LENGTH else f"{words[: SUMMARY_LENGTH - 1]}…"
    return {
        "type": "message",
        "summary": summary,
        "attachments": [{"contentType": CARD_TYPE, "content": card}],
    }


def _announced(file: Download) -> Text:
    """What stands in a card for a file that has no address and is offered below it."""
    return Text(f"{file.label}: below.", quiet=True)


def _at(chat: str) -> dict[str, str]:
    """What is to be remembered of reaching somebody."""
    return {"conversation": chat} if chat else {}


def _drawn(chart: Chart) -> str:
    # matplotlib takes half of a start, and few cards have pictures: it is loaded with the first one.
    from bot.render import chart as drawing

    return "data:image/png;base64," + base64.b64encode(drawing.draw(chart)).decode()
