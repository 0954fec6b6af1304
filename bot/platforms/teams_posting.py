"""Posting to Teams, at its pace.

One card may be several messages, in order, each an activity with one Adaptive Card. Neither a key that makes posting
idempotent nor a history that a bot may read is to be had there. So what cannot be known is reported, not said twice:
a message whose answer was lost (a dropped connection, a time-out, a server error but 502 and 504) ends on the
administrator's list of undelivered messages as perhaps sent.

What may be shown twice: a message that Teams accepted although a gateway answered 412, 502 or 504, which Microsoft
asks to have repeated; and after a backup was put back, what was sent between the backup and its return, because
otherwise nothing that nobody asked for could be sent for days.
"""

import asyncio
import base64
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.attachments import Addresses
from bot.platforms.base import Found, NotFoundOut, Outcome, Parcel, Sent, Unreachable
from bot.platforms.faults import Fault, FaultKind, outcome_of
from bot.platforms.pace import Pace
from bot.platforms.teams_calls import TeamsCalls
from bot.platforms.teams_events import Place
from bot.platforms.teams_members import TeamsMembers, why_not
from bot.render import adaptive_card
from handlers.cards import Card, Chart, Download

log = logging.getLogger(__name__)

CARD_TYPE = "application/vnd.microsoft.card.adaptive"
SUMMARY_LENGTH = 300

APP_RATE, APP_BURST = 48.0, 2
"""Calls a second of the whole app, so that no second has more than 50 (learn.microsoft.com, "Rate limiting")."""
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
        self._pace = Pace(rate=APP_RATE, burst=APP_BURST, clock=monotonic)
        self._chat_pace = Pace(rate=CHAT_RATE, burst=CHAT_BURST, clock=monotonic)
        self._hour_pace = Pace(rate=HOUR_RATE, burst=HOUR_BURST, clock=monotonic)

    async def send(self, parcel: Parcel) -> Outcome:
        assert parcel.account is not None
        address = dict(parcel.account.address)
        service_url = address.get("service_url", "")
        if not service_url:
            return Unreachable("has no address in Teams: they have to write to the bot first")
        parts = list(parcel.parts)
        messages = await self._render(parcel.card, parcel.tokens, address)
        is_remembered = bool(address.get("conversation"))
        while len(parts) < len(messages):
            is_posting = bool(address.get("conversation"))
            try:
                if not is_posting:
                    address["conversation"] = await self._open(parcel.account.user, address)
                    continue
                parts.append(await self._post(service_url, address["conversation"], messages[len(parts)]))
            except Fault as fault:
                if is_remembered and fault.kind is FaultKind.REFUSED and fault.code in _GONE:
                    is_remembered, address["conversation"] = False, ""
                    continue
                if fault.kind is FaultKind.REFUSED:
                    return Unreachable(why_not(fault.code))
                return outcome_of(fault, tuple(parts), is_posting=is_posting, address=_known(address))
        return Sent(tuple(parts), _known(address))

    async def look_up(self, parcel: Parcel) -> Found | NotFoundOut:
        """A bot cannot read what it has said; see the module's first lines for what becomes of that."""
        if parcel.is_after_restore:
            return Found(parcel.parts, is_complete=False)
        return NotFoundOut("Teams does not say what it has", is_final=True)

    async def answer(self, place: Place, card: Card) -> None:
        """Say a card to whoever is at a place, in their own chat. Raises ``Fault``."""
        conversation = place.conversation
        if not place.is_personal:
            conversation = await self._open(place.user, place.address)
        for message in await self._render(card, {}, place.address):
            await self._post(place.service_url, conversation, message)

    async def say(self, place: Place, text: str) -> None:
        """A sentence, right where something was said. Raises ``Fault``."""
        await self._post(place.service_url, place.conversation, {"type": "message", "text": text})

    async def show_typing(self, place: Place) -> None:
        """That an answer is on its way. Raises ``Fault``."""
        await self._post(place.service_url, place.conversation, {"type": "typing"})

    async def shown(self, card: Card, address: Mapping[str, str]) -> dict[str, Any]:
        """The card as the answer to a client that asks for it anew: its first part."""
        return (await self._render(card, {}, address))[0]["attachments"][0]["content"]  # type: ignore[no-any-return]

    # ---------------------------------------------------------------- steps

    async def _open(self, user: str, address: Mapping[str, str]) -> str:
        await self._wait_turn("")
        return await self._members.open(address["service_url"], address["bot"], user)

    async def _post(self, service_url: str, conversation: str, message: dict[str, Any]) -> str:
        """The id of the message that was posted."""
        await self._wait_turn(conversation)
        answer = await self._calls.run("POST", service_url, conversation, "activities", body=message)
        return str(answer.get("id") or "")

    async def _wait_turn(self, conversation: str) -> None:
        waits = [self._pace.take()]
        if conversation:
            waits += [self._chat_pace.take(conversation), self._hour_pace.take(conversation)]
        if max(waits) > 0:
            await self._sleep(max(waits))

    async def _render(
        self, card: Card, tokens: Mapping[int, str], address: Mapping[str, str]
    ) -> list[dict[str, Any]]:
        pictures = await self._pictures(card, tokens)
        who = (address["mri"],) if address.get("mri") else ()
        return [_activity(one) for one in adaptive_card.render(card, pictures=pictures, user_ids=who)]

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


def _known(address: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in address.items() if value}


def _drawn(chart: Chart) -> str:
    # matplotlib takes half of a start, and few cards have pictures: it is loaded with the first one.
    from bot.render import chart as drawing

    return "data:image/png;base64," + base64.b64encode(drawing.draw(chart)).decode()
