"""What every platform does for the rest of the bot, and the words for what can come of sending.

Neither Slack nor Teams offers a key that makes posting idempotent. So an attempt has one of three kinds of end,
and the difference between them is what keeps a person from reading a thing twice or never:

* **surely accepted**: ``Sent``;
* **surely not accepted**: ``Limited`` and ``Unavailable`` (nobody's fault; the whole platform pauses and the
  message goes back), ``Unreachable`` (this person, for good), ``Revoked`` (our credentials; everything stops);
* **perhaps**: ``InDoubt``. It is never sent again blindly but looked up first (``Platform.look_up``); a change of
  messages that are there already (``Parcel.replaces``) is simply made once more.

A card may be several messages on a platform. ``parts`` are the references of those that are known to be there, in
order; a later attempt goes on after them.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable

from aiohttp import web

from handlers.cards import Card
from handlers.intake.sent_files import SentFile
from handlers.reception import Inbound, Sender


@dataclass(frozen=True, slots=True)
class Account:
    """A person's account on a platform. ``address`` is what the platform remembered about reaching it."""

    platform: str
    workspace: str
    user: str
    address: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message of the outbox, ready to go.

    ``key`` is its name on the platform, by which it is found again; the same for the same (recipient, kind,
    period), so also after a database was restored and counts its messages anew.
    ``replaces`` are the messages that this one is the new state of, in order: they are changed where they stand, those
    too many go away, and where they cannot be changed (deleted, too old, too few for it) it is posted anew and what is
    left of them goes away. ``thread`` is the message under which it belongs, for a platform that has threads.
    ``window`` is the platform's window that was opened for it; where that is closed it is a message.
    ``account`` is None where the person has none on any platform yet. ``tokens`` are those of the addresses of
    the card's pictures and files, by position (``bot/attachments.py``). ``parts`` are already there. It was surely
    not sent before ``since``. ``is_after_restore``: it is in doubt only because a backup was put back.
    """

    message_id: int
    key: str
    recipient_id: int
    email: str
    account: Account | None
    card: Card
    created_at: datetime
    since: datetime
    tokens: Mapping[int, str] = field(default_factory=dict)
    parts: tuple[str, ...] = ()
    attempts: int = 1
    is_after_restore: bool = False
    replaces: tuple[str, ...] = ()
    thread: str = ""
    window: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """Accepted. ``address`` is to be remembered with the account for the next time."""

    parts: tuple[str, ...]
    address: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limited:
    """Too many requests: nothing may be sent to this platform for ``wait`` seconds."""

    wait: float
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unavailable:
    """The platform could not be reached at all, so surely nothing was accepted."""

    why: str
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unreachable:
    """The platform takes messages, but not this one to this person. ``why`` is its own word for it; ``advice``, where
    there is one, says what is missing on the person's side, for the administrator's list."""

    why: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Revoked:
    """The platform no longer knows us. Nothing more is tried until its credentials work again."""

    why: str
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InDoubt:
    """Perhaps accepted: a time-out, a dropped connection, a server error.

    ``may_repeat``: it was a change of messages that are there, so doing it once more does no harm.
    """

    why: str
    parts: tuple[str, ...] = ()
    address: dict[str, str] = field(default_factory=dict)
    may_repeat: bool = False


Outcome = Sent | Limited | Unavailable | Unreachable | Revoked | InDoubt


@dataclass(frozen=True, slots=True)
class Found:
    """What the platform has of a message in doubt: all of it, some of it, or (no parts) nothing."""

    parts: tuple[str, ...]
    is_complete: bool
    address: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NotFoundOut:
    """The look-up itself did not work. ``is_final``: it never will, so the message is reported, not repeated."""

    why: str
    is_final: bool = False


class NotListedError(Exception):
    """The platform did not list its accounts; people are then found one by one."""


Answer = Callable[[Card], Awaitable[None]]
"""Says a card straight to whoever wrote: only for those who have no outbox (strangers, a busy store)."""

Identify = Callable[[], Awaitable[str | None]]
"""Asks the platform for the sender's e-mail address: only for accounts that are not linked to a person yet."""

EmailOf = Callable[[Sender], Awaitable[str | None]]
"""Says the same of whoever sent an event that was written down earlier."""

Take = Callable[[Inbound, Answer, Identify | None], Awaitable["asyncio.Task[str]"]]
"""Writes an event down, so that it may be acknowledged, and hands it to the front desk; the task ends with the
outcome's name."""


@runtime_checkable
class HomeKeeper(Protocol):
    """A platform that keeps a home for each person: a page of the bot's, shown until another is published."""

    async def publish(self, account: Account, card: Card, tokens: Mapping[int, str], page: int) -> Outcome:
        """Show the card there, at that page where it needs several. ``tokens`` as in ``Parcel``. Publishing the same
        twice does no harm. Never raises for what the platform does."""
        ...


class Platform(Protocol):
    """A place where people write to the bot. ``name`` is what accounts and messages carry."""

    name: str

    def routes(self) -> Iterable[web.RouteDef]:
        """The addresses it is called on, if any."""
        ...

    async def start(self, take: Take, *, is_listening: bool) -> None:
        """Get ready to send and, if asked to, begin to listen. Does not fail for want of the network: ``check``."""
        ...

    async def stop_listening(self) -> None:
        """Take nothing new; what was taken is still worked on and answered."""
        ...

    async def stop(self) -> None:
        """Close the connections it sends over."""
        ...

    async def check(self) -> str | None:
        """None where the platform answers and knows us, else what is wrong, in a sentence."""
        ...

    def clock_skew(self) -> float | None:
        """Seconds by which our clock is ahead of the platform's; None where it does not say."""
        ...

    async def send(self, parcel: Parcel) -> Outcome:
        """Send one message to ``parcel.account`` (not None). Never raises for what the platform does."""
        ...

    async def look_up(self, parcel: Parcel) -> Found | NotFoundOut:
        """Whether the platform has a message that was in doubt. A change of messages that are there (``replaces``) has
        nothing to be found: it is made once more."""
        ...

    async def fetch(self, file: SentFile) -> bytes:
        """The bytes of a file that was shared with the bot. Raises ``bot.sent_files.FileFault``."""
        ...

    async def email_of(self, sender: Sender) -> str | None:
        """The address of who sent an event; None where the platform does not say, or they are nobody of ours."""
        ...

    async def find_account(self, email: str) -> Account | Outcome:
        """The account with this e-mail address, or why there is none (``Unreachable``) or none to be had now."""
        ...

    def accounts(self) -> AsyncIterator[tuple[Account, str]]:
        """Every account with its e-mail address. Raises ``NotListedError`` where they cannot be listed (now)."""
        ...
