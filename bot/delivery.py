"""The sender: takes due messages from the outbox and gives them to the platforms.

For each message: claim it (only one sender can), look once more whether it still makes sense, send it within the
platform's limits, write down what came of it. ``bot/platforms/base.py`` has the words for what can come of it:

* accepted: ``sent``;
* surely not accepted: back to the queue. A rate limit or a lost platform pauses the whole platform, with jitter,
  and counts against no message; the order within a recipient stays;
* not to this person: ``failed``, with the platform's word for it, and the others go on;
* our credentials: the platform stops, one alarm is logged, the queue stays as it is; every minute it is asked
  whether they work again;
* perhaps accepted: ``unknown``. After ``SETTLE`` the platform is asked whether it has it. What a sender was holding
  when it died comes the same way, once its lease has run out.

Everything needed to go on is in the database; the pauses are not, and need not be: a platform repeats them.
"""

import asyncio
import logging
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from bot import dispatching
from bot.platforms.base import (
    Account,
    Found,
    InDoubt,
    Limited,
    NotFoundOut,
    Outcome,
    Parcel,
    Platform,
    Revoked,
    Sent,
    Unavailable,
    Unreachable,
)
from storage.database import Store

log = logging.getLogger(__name__)

IN_FLIGHT = 8
"""Messages held at once: enough to hide a platform's latency, few enough that an answer overtakes a fan-out."""
REFILL = IN_FLIGHT // 2
"""With fewer places free than these, more are claimed only when something new was said: a claim is a transaction."""
POLL_SECONDS = 1.0
LOOK_UP_SECONDS = 5.0
PROBE_SECONDS = 60.0
LAST_WORDS_SECONDS = 10.0
"""What is under way when the process is asked to stop has this long to end."""
LONGEST_BACK_OFF = 60.0

T = TypeVar("T")


class Delivery:
    """One sender. ``now`` decides what is due and may be set by somebody, ``wall`` is the real time and decides how
    long a claim holds; pauses are measured on the forward-only ``monotonic``."""

    def __init__(
        self,
        store: Store,
        platforms: Mapping[str, Platform],
        *,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        wall: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
        count: Callable[[str], None] = lambda outcome: None,
    ) -> None:
        self._desk = dispatching.Desk(store, tuple(platforms), wall=wall)
        self._platforms = platforms
        self._now = now
        self._monotonic = monotonic
        self._sleep = sleep
        self._jitter = jitter
        self._count = count
        self.outcomes: Counter[str] = Counter()  # of all attempts so far, by name
        self._wake = asyncio.Event()
        self._is_called = False  # something was said since the last claim
        self._tasks: dict[asyncio.Task[None], Parcel] = {}
        self._ended: list[dispatching.Ended] = []  # to be written down by whoever has the pen next
        self._pen = asyncio.Lock()
        self._paused: dict[str, float] = {}  # platform -> until when (monotonic)
        self._failures: Counter[str] = Counter()
        self._stopped: dict[str, float] = {}  # platforms that do not know us -> when to ask again
        self._next_look_up = 0.0
        self._is_stopping = False

    # ---------------------------------------------------------------- running

    def nudge(self) -> None:
        """Something was committed: look now, not in a second."""
        self._is_called = True
        self._wake.set()

    async def run(self) -> None:
        """Send until ``stop``. Survives whatever the database does; it waits and tries again."""
        back_off = POLL_SECONDS
        while not self._is_stopping:
            self._wake.clear()
            try:
                is_busy = await self._pass()
                back_off = POLL_SECONDS
            except Exception as error:  # noqa: BLE001 - a full disk or a locked database must not end the sender
                # What could not be claimed is not sent.
                log.error("the outbox cannot be read: %s; next try in %.0f s", type(error).__name__, back_off)
                is_busy = False
                await self._wait(back_off)
                back_off = min(back_off * 2, LONGEST_BACK_OFF)
            if not is_busy:
                await self._wait(POLL_SECONDS)

    async def stop(self) -> None:
        """Take nothing new, let what is under way end (ten seconds), give back the rest."""
        self._is_stopping = True
        self.nudge()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=LAST_WORDS_SECONDS)
        for task in list(self._tasks):
            task.cancel()  # becomes unknown, and is looked up by whoever comes next
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=1.0)

    async def deliver_due(self) -> None:
        """Send everything that is due now and can go now, then return. For one-off ticks and tests."""
        while await self._pass() or self._tasks:
            # After each one that ends, look again: the recipient's next message waited for it.
            if self._tasks:
                await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)

    async def _wait(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._wake.wait(), seconds)
        except TimeoutError:
            return

    async def _pass(self) -> bool:
        """One look at the outbox; True where there may be more to do at once."""
        await self._probe()
        if self._monotonic() >= self._next_look_up:
            self._next_look_up = self._monotonic() + LOOK_UP_SECONDS
            await self._look_up_doubts()
        free = IN_FLIGHT - len(self._tasks)
        if free < (1 if self._is_called else REFILL):
            return False  # the next one that ends wakes us
        self._is_called = False
        now = self._now()
        silent = {name: now + self._silence(name) for name in self._platforms if self._is_silent(name)}
        if silent.keys() == self._platforms.keys():
            return False
        claimed = await asyncio.to_thread(self._desk.claim, now=now, limit=free, silent=silent)
        for parcel in claimed.parcels:
            task = asyncio.create_task(self._deliver(parcel))
            self._tasks[task] = parcel
            task.add_done_callback(self._finished)
        return bool(claimed.count)

    def _finished(self, task: "asyncio.Task[None]") -> None:
        self._tasks.pop(task, None)
        self._wake.set()

    # ---------------------------------------------------------------- one message

    async def _deliver(self, parcel: Parcel) -> None:
        name = parcel.account.platform if parcel.account else next(iter(self._platforms), "")
        outcome: Outcome
        try:
            name, found = (name, parcel.account) if parcel.account else await self._find_account(parcel)
            if isinstance(found, Account):
                if parcel.account is None:
                    parcel = await asyncio.to_thread(self._desk.link, parcel, found, at=self._now())
                outcome = await self._attempt(parcel)
            else:
                outcome = found
        except asyncio.CancelledError:
            outcome = InDoubt("stopped while sending", parcel.parts)
        except Exception as error:  # noqa: BLE001 - a renderer's bug concerns this message, not the sender
            log.error("message %d cannot be sent: %s", parcel.message_id, type(error).__name__)
            outcome = Unreachable(f"cannot be shown ({type(error).__name__})")
        await self._write_down(parcel, outcome, name)

    async def _attempt(self, parcel: Parcel) -> Outcome:
        assert parcel.account is not None  # `_with_account` comes first
        name = parcel.account.platform
        if self._is_stopping or self._is_silent(name):
            return Limited(0.0, parcel.parts)
        return await self._platforms[name].send(parcel)

    async def _find_account(self, parcel: Parcel) -> tuple[str, Account | Outcome]:
        """An account by the recipient's address, and whose word it is; else which platform kept it from being found."""
        said: tuple[str, Outcome] = (
            next(iter(self._platforms), ""),
            Unreachable("no account on any platform"),
        )
        for name, platform in self._platforms.items():
            found = await platform.find_account(parcel.email)
            if isinstance(found, Account):
                return name, found
            if not isinstance(found, Unreachable):
                said = (name, found)
            elif found.advice and isinstance(said[1], Unreachable):
                said = (name, Unreachable(found.advice))
        return said

    async def _write_down(self, parcel: Parcel, outcome: Outcome, name: str) -> None:
        now = self._now()
        match outcome:
            case Sent():
                self._failures.pop(name, None)
            case Limited(wait=wait) if wait > 0:
                await self._pause(name, wait)
            case Unavailable(why=why):
                self._failures[name] += 1
                wait = min(2.0 ** self._failures[name], LONGEST_BACK_OFF)
                log.warning("%s cannot be reached (%s); next try in about %.0f s", name, why, wait)
                await self._pause(name, wait)
            case Revoked(why=why):
                self._alarm(name, why)
            case Unreachable(why=why):
                log.warning("message %d to person %d failed: %s", parcel.message_id, parcel.recipient_id, why)
            case InDoubt(why=why):
                log.warning("message %d is in doubt: %s", parcel.message_id, why)
            case _:
                pass
        self.outcomes[type(outcome).__name__.lower()] += 1
        self._count(type(outcome).__name__.lower())
        self._ended.append(dispatching.Ended(parcel, outcome, now))
        await self._put_down()

    async def _put_down(self) -> None:
        """Write down what has ended, all that ended meanwhile in one transaction; the disk is waited for once."""
        async with self._pen:
            ended, self._ended = self._ended, []
            if not ended:
                return  # whoever had the pen before wrote it down
            try:
                await asyncio.to_thread(self._desk.settle, ended)
                return
            except Exception as error:  # noqa: BLE001 - whatever it is, one message must not keep the others back
                log.error("what was sent cannot be written down: %s", type(error).__name__)
        await asyncio.gather(*(self._insist(partial(self._desk.settle, (one,))) for one in ended))

    async def _insist(self, write: Callable[[], T]) -> T | None:
        """Write down what came of a message, however long the database is full or locked.

        Gives up when stopping: then the lease runs out and the message is looked up.
        """
        wait = POLL_SECONDS
        while True:
            try:
                return await asyncio.to_thread(write)
            except Exception as error:  # noqa: BLE001 - as above: whatever the database says, the fact stays true
                log.error("what was sent cannot be written down: %s", type(error).__name__)
                if self._is_stopping:
                    return None
                await self._sleep(wait)
                wait = min(wait * 2, LONGEST_BACK_OFF)

    # ---------------------------------------------------------------- platforms

    def _is_silent(self, name: str) -> bool:
        return name in self._stopped or self._paused.get(name, 0.0) > self._monotonic()

    def _silence(self, name: str) -> timedelta:
        until = max(self._paused.get(name, 0.0), self._stopped.get(name, 0.0))
        return timedelta(seconds=max(until - self._monotonic(), 0.0))

    async def _pause(self, name: str, wait: float) -> None:
        wait += self._jitter() * min(1.0 + wait * 0.1, 5.0)  # so that several senders do not come back as one
        until = self._monotonic() + wait
        if until <= self._paused.get(name, 0.0):
            return
        self._paused[name] = until
        now = self._now()
        late = await self._insist(partial(self._desk.expiring, now=now, before=now + timedelta(seconds=wait)))
        log.log(
            logging.ERROR if late else logging.WARNING,
            "%s: no messages for %.0f s; %d will come too late",
            name,
            wait,
            late or 0,
        )

    def _alarm(self, name: str, why: str) -> None:
        if name not in self._stopped:
            log.critical(
                "%s no longer accepts our credentials (%s): nothing is sent, all stays queued", name, why
            )
        self._stopped[name] = self._monotonic() + PROBE_SECONDS

    async def _probe(self) -> None:
        for name, at in list(self._stopped.items()):
            if self._monotonic() >= at:
                if await self._platforms[name].check() is None:
                    del self._stopped[name]
                    log.warning("%s accepts our credentials again", name)
                else:
                    self._stopped[name] = self._monotonic() + PROBE_SECONDS

    # ---------------------------------------------------------------- doubts

    async def _look_up_doubts(self) -> None:
        now = self._now()
        for parcel in await asyncio.to_thread(self._desk.doubts, now=now):
            answer = await self._look_up(parcel)
            if answer is None:
                continue
            if isinstance(answer, NotFoundOut):
                log.warning("message %d cannot be looked up: %s", parcel.message_id, answer.why)
            await self._insist(partial(self._desk.resolve, parcel, answer, now=now))

    async def _look_up(self, parcel: Parcel) -> Found | NotFoundOut | None:
        """What its platform says; None where it is silent just now."""
        account = parcel.account
        if account is None:
            # Perhaps linked only after the backup that was put back: so not being linked proves nothing.
            _name, found = await self._find_account(parcel)
            if isinstance(found, Unreachable):
                return Found((), is_complete=False)
            if not isinstance(found, Account):
                return NotFoundOut("no account to be had now")
            account = found
            parcel = await asyncio.to_thread(self._desk.link, parcel, account, at=self._now())
        if self._is_silent(account.platform):
            return None
        return await self._platforms[account.platform].look_up(parcel)
