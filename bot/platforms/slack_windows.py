"""Modals: windows for forms.

Slack lets an app open a window within three seconds of a press. So it is opened at once, with a line that says to wait,
and filled when the answer is there (``views.update``, which may be done twice). Whoever closes it before that finds the
form in the chat: nothing depends on a window. What is wrong with a form that was sent is shown at its fields, with all
that was typed still there; a form that is not read in time keeps its window until it is.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from bot.attachments import Addresses, reachable
from bot.platforms.base import InDoubt, Outcome, Parcel, Sent
from bot.platforms.faults import Fault, FaultKind
from bot.platforms.slack_calls import SlackCalls, outcome_of
from bot.render.block_kit import field_of
from bot.render.block_kit_views import fault_of, modal_view, note_view
from bot.render.pages import FieldError
from handlers.cards import Card

log = logging.getLogger(__name__)

OPENING_SECONDS = 1.5
"""For opening a window; the other half of Slack's three seconds is for writing the press down."""
ANSWER_SECONDS = 2.0
"""So long a form that was sent is waited for, before its window is told to wait."""
WAIT = "One moment …"
READING = "I am reading it. You can close this; the answer comes in our chat."
TAKEN = "It is taken. What came of it is in our chat."
VIEW = "view:"
"""Before a window's id, among the names of messages."""


class SlackWindows:
    """``addresses`` are those of pictures, as for messages."""

    def __init__(self, calls: SlackCalls, addresses: Addresses) -> None:
        self._calls = calls
        self._addresses = addresses
        self.opening_seconds = OPENING_SECONDS

    async def open(self, trigger: str) -> str:
        """Open a window that says to wait; its id, or empty where there is none: then the chat will do."""
        opening = self._calls.run(self._calls.client.views_open(trigger_id=trigger, view=note_view(WAIT)))
        try:
            answer = await asyncio.wait_for(opening, self.opening_seconds)
        except (Fault, TimeoutError) as error:
            log.warning("slack: no window: %s", error if isinstance(error, Fault) else "it took too long")
            return ""
        view = answer.get("view")
        return str(view.get("id") or "") if isinstance(view, dict) else ""

    async def fill(self, parcel: Parcel) -> Outcome | None:
        """Show a message in the window that was opened for it; None where it has to be shown in the chat."""
        try:
            await self._update(parcel.window, self._view(parcel.card, parcel))
        except FieldError:
            await self.note(parcel.window, "This is too long for a window, so it is in our chat.")
            return None
        except Fault as fault:
            if fault.kind is FaultKind.REFUSED:
                return None  # closed meanwhile
            if fault.kind is FaultKind.IN_DOUBT:
                return InDoubt(fault.code, may_repeat=True)
            return outcome_of(fault, (), is_posting=False)
        return Sent((VIEW + parcel.window,))

    async def note(self, window: str, text: str) -> None:
        """Say one thing in a window, if it is still open."""
        try:
            await self._update(window, note_view(text))
        except Fault as fault:
            log.info("slack: a window was not told: %s", fault)

    async def show(self, window: str, card: Card) -> bool:
        """Show a card in a window; whether that worked."""
        try:
            await self._update(window, self.view_of(card))
        except (Fault, FieldError):
            return False
        return True

    def view_of(self, card: Card) -> dict[str, Any]:
        """The card as a modal. Raises ``FieldError``."""
        return self._view(card, None)

    def response(self, view: dict[str, Any], card: Card) -> dict[str, Any]:
        """What Slack is to do with the window ``view`` whose form came back with ``card``: show the fault at its field,
        or the card in the form's place."""
        text, name = fault_of(card)
        blocks = view.get("blocks")
        every = blocks if isinstance(blocks, list) else []
        inputs = [one for one in every if isinstance(one, dict) and one.get("type") == "input"]
        named = [block for block in inputs if field_of(str(block.get("block_id"))) == name]
        at = next(iter([*named[:1], *inputs[-1:]]), None)
        if text and at is not None:
            return {"response_action": "errors", "errors": {at["block_id"]: text}}
        try:
            return {"response_action": "update", "view": self.view_of(card)}
        except FieldError:
            return {"response_action": "update", "view": note_view(TAKEN)}

    def _view(self, card: Card, parcel: Parcel | None) -> dict[str, Any]:
        shown, found = reachable(card, parcel.tokens if parcel else {}, self._addresses)
        address: Callable[[Any], str] = found.__getitem__
        return modal_view(shown, chart_address=address, download_address=address)

    async def _update(self, window: str, view: dict[str, Any]) -> None:
        await self._calls.run(self._calls.client.views_update(view_id=window, view=view))
