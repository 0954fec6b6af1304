"""The publisher of homes: takes those whose page may have changed and gives it to their platform.

Nothing here needs the outbox's care: only a home's newest state counts, and publishing one twice does no harm. What
could not be published is tried again; what it showed meanwhile is older, never wrong about somebody else.
"""

import asyncio
import hashlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from bot.platforms.base import (
    Account,
    HomeKeeper,
    InDoubt,
    Limited,
    Outcome,
    Platform,
    Revoked,
    Sent,
    Unavailable,
    Unreachable,
)
from handlers.card_codec import encode_card
from handlers.front_page import Page, compose
from storage import homes
from storage.database import Store
from storage.tables import HomeRow

log = logging.getLogger(__name__)

AT_ONCE = 4
POLL_SECONDS = 5.0
TRY_AGAIN = timedelta(minutes=1)
BROKEN_AGAIN = timedelta(hours=1)
"""After a home that could not be made: a bug of ours, and no reason to try every minute."""


@dataclass(frozen=True, slots=True)
class _Due:
    row: HomeRow
    page: Page | None
    shown: str


class Homes:
    """One publisher. ``now`` decides what is due, ``wall`` how long a claim holds."""

    def __init__(
        self,
        store: Store,
        platforms: Mapping[str, Platform],
        *,
        now: Callable[[], datetime],
        wall: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._keepers = {name: one for name, one in platforms.items() if isinstance(one, HomeKeeper)}
        self._now = now
        self._wall = wall
        self._wake = asyncio.Event()
        self._is_stopping = False

    def nudge(self) -> None:
        """Something was committed: look now."""
        self._wake.set()

    async def run(self) -> None:
        """Publish until ``stop``. Survives whatever the database does."""
        while self._keepers and not self._is_stopping:
            self._wake.clear()
            try:
                await self.publish_due()
            except Exception as error:  # noqa: BLE001 - a locked database must not end the publisher
                log.error("homes cannot be read: %s", type(error).__name__)
            try:
                await asyncio.wait_for(self._wake.wait(), POLL_SECONDS)
            except TimeoutError:
                continue

    def stop(self) -> None:
        self._is_stopping = True
        self.nudge()

    async def publish_due(self) -> int:
        """Publish every home that is due; how many were."""
        count = 0
        while self._keepers and (due := await asyncio.to_thread(self._take)):
            await asyncio.gather(*(self._publish(one) for one in due))
            count += len(due)
        return count

    def _take(self) -> list[_Due]:
        now = self._now()
        with self._store.begin() as tx:
            rows = homes.take(tx, now=now, leased_at=self._wall(), limit=AT_ONCE)
        return [self._compose(row, now) for row in rows]

    def _compose(self, row: HomeRow, now: datetime) -> _Due:
        try:
            with self._store.begin() as tx:
                page = compose(tx, row, now=now)
        except Exception as error:  # noqa: BLE001 - one person's home must not keep the others from theirs
            log.error("home %d cannot be made: %s", row.id, type(error).__name__)
            return _Due(row, None, "")
        said = f"{row.page}\n{encode_card(page.card)}\n{sorted(page.tokens.items())}"
        return _Due(row, page, hashlib.sha256(said.encode()).hexdigest()[:32])

    async def _publish(self, due: _Due) -> None:
        row, page = due.row, due.page
        keeper = self._keepers.get(row.platform)
        outcome: Outcome
        if page is None:
            outcome = InDoubt("not made")
        elif due.shown == row.shown:
            outcome = Sent(())  # it stands there already
        elif keeper is None:
            outcome = Unreachable("no such platform here")
        else:
            account = Account(row.platform, row.workspace, row.user)
            try:
                outcome = await keeper.publish(account, page.card, page.tokens, row.page)
            except Exception as error:  # noqa: BLE001 - a renderer's bug concerns this home alone
                log.error("home %d cannot be shown: %s", row.id, type(error).__name__)
                page, outcome = None, InDoubt("not shown")
        await asyncio.to_thread(self._settle, due, page, outcome)

    def _settle(self, due: _Due, page: Page | None, outcome: Outcome) -> None:
        row, now = due.row, self._now()
        assert row.id is not None
        with self._store.begin() as tx:
            match outcome:
                case Sent() if page is not None and page.is_last:
                    homes.close(tx, row.id)
                case Sent():
                    homes.mark_published(tx, row.id, version=row.version, shown=due.shown, at=now)
                case Limited(wait=wait):
                    homes.postpone(tx, row.id, until=now + timedelta(seconds=wait))
                case Unavailable() | Revoked() | InDoubt():
                    homes.postpone(tx, row.id, until=now + (TRY_AGAIN if page is not None else BROKEN_AGAIN))
                case Unreachable(why=why):
                    log.warning("home %d is not taken: %s", row.id, why)
                    homes.close(tx, row.id)  # it is opened anew when somebody looks at it
                case _:
                    assert_never(outcome)
