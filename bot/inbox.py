"""From the platforms to the front desk: the work that follows an acknowledgement.

An event is written down before it is acknowledged and crossed out in the transaction that acts on it, so a process
killed between the two loses nothing: ``resume`` works on what the last one left.

The conversation is plain synchronous code, so each event runs in a thread. One person's events run one after the
other, in the order they came: what somebody writes second is often about what they wrote first.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from weakref import WeakValueDictionary

from bot.arrivals import INBOUND, Arrivals
from bot.platforms.base import Answer, EmailOf, Identify
from bot.sent_files import SentFiles
from handlers.cards import Card
from handlers.guided.second_looks import Advise
from handlers.intake.sent_files import Files
from handlers.pace import Pace
from handlers.reception import Inbound, Pressed, Received, receive
from storage import record
from storage.database import Store

log = logging.getLogger(__name__)

KEEP_SECONDS = 2.0
"""So long an acknowledgement waits for the database; Slack gives three seconds, and repeats what got none."""
_REMEMBERED = 2_000
"""Strangers' events kept in mind; they have no outbox, so nothing else keeps a repeat from being answered again."""


class Inbox:
    """Takes events of all platforms. ``on_change`` is called after each commit, so that answers go out at once.

    ``advise`` is the second reader of notes, if there is one; a thread that asks it waits for it. ``files`` fetches and
    reads what hangs on a message. ``most_a_minute`` is how much it does for one account (``handlers/pace.py``); 0: all.
    """

    def __init__(
        self,
        store: Store,
        *,
        now: Callable[[], datetime],
        on_change: Callable[[], None],
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        count: Callable[[str, str], None] = lambda platform, outcome: None,
        threads: int = 4,
        advise: Advise | None = None,
        files: SentFiles | None = None,
        most_a_minute: int = 0,
    ) -> None:
        self._store = store
        self._now = now
        self._on_change = on_change
        self._wall = wall
        self._arrivals = Arrivals(store, wall=wall)
        self._count = count
        self._advise = advise
        self._files = files
        self._most = most_a_minute
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="inbox")
        self._locks: WeakValueDictionary[tuple[str, str, str], asyncio.Lock] = WeakValueDictionary()
        self._answered: dict[str, None] = {}
        self._running: set[asyncio.Task[str]] = set()

    async def take(
        self, inbound: Inbound, answer: Answer, identify: Identify | None = None
    ) -> asyncio.Task[str]:
        """Write an event down and start to work on it; once this returns, it may be acknowledged.

        The task ends with the outcome's name and never raises.
        """
        kept = asyncio.create_task(self._keep(inbound))
        task = self._start(inbound, answer, identify, after=kept)
        await kept
        return task

    async def resume(self, email_of: EmailOf) -> int:
        """Work on what an earlier process acknowledged and did not get to; how many events that were.

        ``email_of`` says who somebody is whose account is not linked yet. Two processes may find the same event: the
        second one finds its keys and does nothing.
        """
        bodies = await asyncio.to_thread(self._kept)
        for body in bodies:
            inbound = _without_window(INBOUND.validate_json(body))
            self._start(inbound, _say_nothing, partial(email_of, inbound.sender), after=None)
        return len(bodies)

    def _start(
        self,
        inbound: Inbound,
        answer: Answer,
        identify: Identify | None,
        *,
        after: asyncio.Task[None] | None,
    ) -> asyncio.Task[str]:
        """Line up at once, so that one person's events keep their order, and begin when the event is written down."""
        task = asyncio.create_task(self._work(inbound, answer, identify, after))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def _keep(self, inbound: Inbound) -> None:
        try:
            await asyncio.wait_for(self._arrivals.keep(inbound), KEEP_SECONDS)
        except Exception as error:  # noqa: BLE001 - an event that cannot be written down is still worked on
            log.warning("an event could not be written down first: %s", type(error).__name__)

    def _kept(self) -> list[str]:
        with self._store.read() as tx:
            return record.kept_inbound(tx)

    async def _let_go(self, inbound: Inbound) -> None:
        """Cross out an event whose sender was told that nothing came of it: the next start must not act on it."""
        try:
            await asyncio.to_thread(self._release, inbound)
        except Exception as error:  # noqa: BLE001 - the answer is out; what is left is seen at the next start
            log.warning("an answered event could not be crossed out: %s", type(error).__name__)

    def _release(self, inbound: Inbound) -> None:
        with self._store.begin() as tx:
            record.release_inbound(tx, inbound.keys)

    async def drain(self) -> None:
        """Wait until everything acknowledged has been worked on."""
        while self._running:
            await asyncio.gather(*self._running)

    def close(self) -> None:
        self._pool.shutdown(wait=False)
        self._arrivals.close()

    async def _work(
        self, inbound: Inbound, answer: Answer, identify: Identify | None, after: asyncio.Task[None] | None
    ) -> str:
        sender = inbound.sender
        lock = self._locks.setdefault((sender.platform, sender.workspace, sender.user), asyncio.Lock())
        async with lock:
            if after is not None:
                await after
            received = await self._receive(inbound)
            if received.outcome == "unknown" and identify is not None:
                email = await identify()
                if email:
                    received = await self._receive(replace(inbound, sender=replace(sender, email=email)))
        self._count(sender.platform, received.outcome)
        if received.person_id is not None:
            self._on_change()
        if received.answer is not None and (
            received.person_id is not None or not self._is_answered(inbound.keys)
        ):
            await self._say(answer, received.answer)
        if received.outcome in ("unknown", "busy"):
            await self._let_go(inbound)
        return received.outcome

    async def _receive(self, inbound: Inbound) -> Received:
        loop = asyncio.get_running_loop()
        pace = Pace(self._most, self._wall()) if self._most else None
        files = await self._bring_files(inbound, pace)
        work = partial(
            receive, self._store, inbound, now=self._now(), advise=self._advise, files=files, pace=pace
        )
        return await loop.run_in_executor(self._pool, work)

    async def _bring_files(self, inbound: Inbound, pace: Pace | None) -> Files:
        """The event's files; a bug with them is no reason to leave its sender without an answer."""
        if self._files is None:
            return {}
        try:
            return await self._files.bring(inbound, pace=pace)
        except Exception as error:  # noqa: BLE001 - see above; what was kept of them is there
            log.error("the files of an event could not be brought: %s", type(error).__name__)
            return {}

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


def _without_window(inbound: Inbound) -> Inbound:
    """The form was sent to an earlier process, and what its window shows is not known: a refusal goes to the chat."""
    if isinstance(inbound.what, Pressed) and inbound.what.is_sent:
        return replace(inbound, what=replace(inbound.what, is_sent=False, message="", window=""))
    return inbound


async def _say_nothing(_card: Card) -> None:
    """Whoever wrote to an earlier process and is a stranger has no outbox, and the way back is gone."""
