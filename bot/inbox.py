"""From the platforms to the front desk: the work that follows an acknowledgement.

The conversation is plain synchronous code, so each event runs in a thread. One person's events run one after the
other, in the order they came: what somebody writes second is often about what they wrote first.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from weakref import WeakValueDictionary

from bot.platforms.base import Answer, Identify
from handlers.cards import Card
from handlers.reception import Inbound, Received, receive
from storage.database import Store

log = logging.getLogger(__name__)

_REMEMBERED = 2_000
"""Strangers' events kept in mind; they have no outbox, so nothing else keeps a repeat from being answered again."""


class Inbox:
    """Takes events of all platforms. ``on_change`` is called after each commit, so that answers go out at once."""

    def __init__(
        self,
        store: Store,
        *,
        now: Callable[[], datetime],
        on_change: Callable[[], None],
        count: Callable[[str, str], None] = lambda platform, outcome: None,
        threads: int = 4,
    ) -> None:
        self._store = store
        self._now = now
        self._on_change = on_change
        self._count = count
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="inbox")
        self._locks: WeakValueDictionary[tuple[str, str, str], asyncio.Lock] = WeakValueDictionary()
        self._answered: dict[str, None] = {}
        self._running: set[asyncio.Task[str]] = set()

    def take(self, inbound: Inbound, answer: Answer, identify: Identify | None = None) -> asyncio.Task[str]:
        """Start to work on an event; the task ends with the outcome's name and never raises."""
        task = asyncio.create_task(self._work(inbound, answer, identify))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def drain(self) -> None:
        """Wait until everything acknowledged has been worked on."""
        while self._running:
            await asyncio.gather(*self._running)

    def close(self) -> None:
        self._pool.shutdown(wait=False)

    async def _work(self, inbound: Inbound, answer: Answer, identify: Identify | None) -> str:
        sender = inbound.sender
        lock = self._locks.setdefault((sender.platform, sender.workspace, sender.user), asyncio.Lock())
        async with lock:
            received = await self._receive(inbound)
            if received.outcome == "unknown" and identify is not None:
                email = await identify()
                if email:
                    received = await self._receive(replace(inbound, sender=replace(sender, email=email)))
        self._count(sender.platform, received.outcome)
        if received.person_id is not None:
            self._on_change()
        elif received.answer is not None and not self._is_answered(inbound.keys):
            await self._say(answer, received.answer)
        return received.outcome

    async def _receive(self, inbound: Inbound) -> Received:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, lambda: receive(self._store, inbound, now=self._now()))

    def _is_answered(self, keys: tuple[str, ...]) -> bool:
        if any(key in self._answered for key in keys):
            return True
        self._answered.update(dict.fromkeys(keys))
        while len(self._answered) > _REMEMBERED:
            del self._answered[next(iter(self._answered))]
        return False

    async def _say(self, answer: Answer, card: Card) -> None:
        try:
            await answer(card)
        except Exception as error:  # noqa: BLE001 - nobody is left to tell but the log
            log.warning("a stranger could not be answered: %s", type(error).__name__)
