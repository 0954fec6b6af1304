"""What came in, written down before it is acknowledged: the one thing that a platform waits for.

It has a thread of its own, so that it never waits for the work that earlier events make, and all that came while the
last transaction was under way goes into the next one: of fifty at once the last waits for two transactions, not fifty.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter

from handlers.reception import Inbound
from storage import record
from storage.database import Store, StoreBusyError

log = logging.getLogger(__name__)

INBOUND = TypeAdapter(Inbound)
"""An event as it is written down."""


@dataclass(frozen=True, slots=True)
class _Came:
    key: str
    body: str
    at: datetime
    kept: "asyncio.Future[None]"


class Arrivals:
    """Of one process and one event loop. ``wall`` is the real time."""

    def __init__(self, store: Store, *, wall: Callable[[], datetime]) -> None:
        self._store = store
        self._wall = wall
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="arrivals")
        self._waiting: list[_Came] = []
        self._writing: asyncio.Task[None] | None = None

    async def keep(self, inbound: Inbound) -> None:
        """Write the event down; done when it is committed. Raises what keeps it from being.

        Whoever stops waiting for it takes nothing back: it is written down as soon as that can be.
        """
        kept = asyncio.get_running_loop().create_future()
        kept.add_done_callback(_heard)
        body = INBOUND.dump_json(inbound).decode()
        self._waiting.append(_Came(inbound.keys[0], body, self._wall(), kept))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        await asyncio.shield(kept)

    def close(self) -> None:
        self._thread.shutdown(wait=False)

    async def _write(self) -> None:
        while self._waiting:
            came, self._waiting = self._waiting, []
            try:
                await self._put(came)
            except StoreBusyError as error:
                for one in came:
                    one.kept.set_exception(error)
            except Exception:  # noqa: BLE001 - one that cannot be written must not keep the others back
                await self._put_each(came)
            else:
                for one in came:
                    one.kept.set_result(None)

    async def _put_each(self, came: Sequence[_Came]) -> None:
        for one in came:
            try:
                await self._put((one,))
            except Exception as error:  # noqa: BLE001 - whoever waits for it says what is wrong
                one.kept.set_exception(error)
            else:
                one.kept.set_result(None)

    async def _put(self, came: Sequence[_Came]) -> None:
        def write() -> None:
            with self._store.begin(is_urgent=True) as tx:
                for one in came:
                    record.keep_inbound(tx, key=one.key, body=one.body, at=one.at)

        await asyncio.get_running_loop().run_in_executor(self._thread, write)


def _heard(kept: "asyncio.Future[None]") -> None:
    """Whoever waited may have given up: what became of it is no news to anybody then."""
    if not kept.cancelled():
        kept.exception()
