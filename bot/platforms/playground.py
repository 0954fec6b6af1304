"""The playground as a platform: a chat page on this machine where one can be anybody in the district.

It goes through the same outbox, delivery and front desk as Slack, so what holds back, expires or comes once does so
here as well. Sending is no more than accepting: the page shows what the outbox has marked as sent.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable

from aiohttp import web

from bot.platforms.base import Account, Found, NotFoundOut, Outcome, Parcel, Sent, Take, Unreachable
from bot.playground.clock import PlaygroundClock
from bot.playground.pages import Pages
from bot.sent_files import FileFault
from handlers.intake.sent_files import SentFile
from handlers.reception import Sender
from storage import people
from storage.database import Store
from storage.playground import PLATFORM


class Playground:
    """Everybody in the roster has an account: their id."""

    name = PLATFORM

    def __init__(self, store: Store, clock: PlaygroundClock) -> None:
        self._store = store
        self._clock = clock
        self._pages = Pages(store, clock)

    def connect(self, nudge: Callable[[], None]) -> None:
        """Name what wakes the sender: it is put together after the platforms."""
        self._pages.nudge = nudge

    def routes(self) -> Iterable[web.RouteDef]:
        return self._pages.routes()

    async def start(self, take: Take, *, is_listening: bool) -> None:
        self._pages.take = take

    async def stop_listening(self) -> None:
        return

    async def stop(self) -> None:
        return

    async def check(self) -> str | None:
        return None

    def clock_skew(self) -> float | None:
        return None

    async def send(self, parcel: Parcel) -> Outcome:
        return Sent(parcel.replaces or (str(parcel.message_id),))

    async def look_up(self, parcel: Parcel) -> Found | NotFoundOut:
        # Nothing was accepted that is not marked as sent, so a sender that died in between leaves it to be sent.
        return Found((), is_complete=False)

    async def fetch(self, file: SentFile) -> bytes:
        # What is uploaded is kept before it comes to the front desk.
        raise FileFault("I could not get it. Send it once more.", is_lasting=True)

    async def email_of(self, sender: Sender) -> str | None:
        return sender.email

    async def find_account(self, email: str) -> Account | Outcome:
        return await asyncio.to_thread(self._find_account, email)

    async def accounts(self) -> AsyncIterator[tuple[Account, str]]:
        """None need be listed: ``find_account`` asks the roster itself."""
        listed: tuple[tuple[Account, str], ...] = ()
        for account in listed:
            yield account

    def _find_account(self, email: str) -> Account | Outcome:
        with self._store.read() as tx:
            person = people.find_by_email(tx, email, on=self._clock.now().date())
        if person is None:
            return Unreachable("not in the roster")
        return Account(PLATFORM, "", str(person.id))
