"""Fetching the files that hang on an event, keeping them, and having them read, before the event's turn.

Nothing here holds the database while a platform or a reader takes its time. A file is kept in a transaction of its own
as soon as its bytes are there, so whatever becomes of its reader, or of this process, it is not lost; after a restart
the event is worked on again and finds it.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from bot.services.reading_apart import read_apart
from handlers.intake.sent_files import (
    MOST_FILES,
    ReadFile,
    SentFile,
    find_kept,
    is_wanted_from,
    keep,
    refusal,
)
from handlers.pace import Pace
from handlers.reception import Inbound, Said, cost_of_event
from protocols.documents.document import Document, DocumentFault
from storage.database import Store

log = logging.getLogger(__name__)

PAUSES = (1.0, 4.0, 10.0)
"""Seconds between attempts to fetch a file that a platform does not give just now."""


class FileFault(Exception):
    """The platform does not give the file. The text is a sentence or two for whoever sent it; ``is_lasting``: asking
    again is of no use."""

    def __init__(self, text: str, *, is_lasting: bool) -> None:
        super().__init__(text)
        self.is_lasting = is_lasting


FetchFile = Callable[[SentFile], Awaitable[bytes]]
"""The bytes of a file that somebody shared on a platform. Raises ``FileFault``."""
Read = Callable[[bytes], Document]


class SentFiles:
    """``fetch`` is, by platform, how it hands files over."""

    def __init__(
        self,
        store: Store,
        fetch: Mapping[str, FetchFile],
        *,
        now: Callable[[], datetime],
        read: Read = read_apart,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._store = store
        self._fetch = fetch
        self._now = now
        self._read = read
        self._sleep = sleep

    async def bring(self, inbound: Inbound, *, pace: Pace | None = None) -> dict[str, ReadFile]:
        """The event's files, kept and read, or why not; nothing where its sender may not send memos anyway, or sends
        more than ``pace`` allows."""
        files = inbound.what.files[:MOST_FILES] if isinstance(inbound.what, Said) else ()
        if not files or not await asyncio.to_thread(self._is_wanted, inbound, pace):
            return {}
        return {file.reference: await self._bring(inbound.sender.platform, file) for file in files}

    def _is_wanted(self, inbound: Inbound, pace: Pace | None) -> bool:
        sender = inbound.sender
        return is_wanted_from(
            self._store,
            platform=sender.platform,
            workspace=sender.workspace,
            user=sender.user,
            email=sender.email,
            now=self._now(),
            cost=cost_of_event(inbound.what),
            pace=pace,
        )

    async def _bring(self, platform: str, file: SentFile) -> ReadFile:
        found = await asyncio.to_thread(find_kept, self._store, file)
        if found is None:
            why = refusal(file)
            if why is not None:
                return ReadFile(why=why)
            try:
                data = await self._fetched(platform, file)
            except FileFault as fault:
                return ReadFile(why=str(fault))
            found = await asyncio.to_thread(keep, self._store, file, data, now=self._now()), data
        original, data = found
        try:
            return ReadFile(original, await asyncio.to_thread(self._read, data))
        except DocumentFault as fault:
            return ReadFile(original, why=str(fault))

    async def _fetched(self, platform: str, file: SentFile) -> bytes:
        fetch = self._fetch.get(platform)
        if fetch is None or not file.place:
            raise FileFault("I could not get it. Send it once more.", is_lasting=True)
        for pause in PAUSES:
            try:
                return await fetch(file)
            except FileFault as fault:
                if fault.is_lasting:
                    raise
                log.warning("%s: a file could not be fetched; next try in %.0f s", platform, pause)
            await self._sleep(pause)
        return await fetch(file)
