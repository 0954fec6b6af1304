"""Pictures and files put into Slack itself, for a bot that Slack cannot fetch them from (Socket Mode).

The current flow: an address is asked for, the bytes go there, the upload is completed. A picture is completed without
a conversation, so nobody is shown it until a message holds it (``slack_file`` in an image block); Slack looks at it for
a moment first and refuses it until then. A file to take along is completed in the reader's conversation, which posts
it there.

What may happen twice: a picture nobody is shown.
"""

import asyncio
import hashlib
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.platforms.faults import Fault, FaultKind
from bot.platforms.slack_calls import SlackCalls
from bot.render.block_kit import OWN_FILE
from handlers.cards import Card, Chart

log = logging.getLogger(__name__)

_REMEMBERED = 500
_LOOKS = (0.3, 0.7, 1.0, 2.0, 3.0)
"""Seconds between looks at whether Slack is ready with a picture."""
NO_UPLOAD = frozenset(
    {"missing_scope", "not_allowed_token_type", "file_uploads_disabled", "storage_limit_reached"}
)
"""Slack's words for a workspace into which this app may not put files: then words stand for pictures."""


def draw(chart: Chart) -> bytes:
    """The chart as PNG."""
    # matplotlib takes half of every command's start, and few messages have a picture: it is loaded with the first.
    from bot.render import chart as drawing

    return drawing.draw(chart)


class SlackUploads:
    """Over the client and the session of ``calls``. ``api_url`` says which host besides Slack's own is Slack."""

    def __init__(
        self, calls: SlackCalls, *, api_url: str, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._calls = calls
        self._own = urlsplit(api_url).netloc
        self._sleep = sleep
        self._pictures: OrderedDict[str, str] = OrderedDict()
        self._drawing = asyncio.Semaphore(2)

    async def picture(self, chart: Chart) -> str:
        """The id of the chart's picture in Slack, ready to be shown. Raises ``Fault``."""
        key = hashlib.sha256(repr(chart).encode("utf-8", "backslashreplace")).hexdigest()
        known = self._pictures.get(key)
        if known is None:
            async with self._drawing:
                data = await asyncio.to_thread(draw, chart)
            known = await self.put("chart.png", data, title=chart.title, alternative=chart.alternative)
            await self._wait_until_ready(known)
        self._pictures[key] = known
        self._pictures.move_to_end(key)
        while len(self._pictures) > _REMEMBERED:
            self._pictures.popitem(last=False)
        return known

    async def pictures(self, card: Card) -> dict[Chart, str]:
        """Addresses of the card's charts in Slack, for its renderer; without those for which words have to do. Raises
        ``Fault`` where trying again later is right."""
        found: dict[Chart, str] = {}
        for block in card.blocks:
            if isinstance(block, Chart):
                try:
                    found[block] = OWN_FILE + await self.picture(block)
                except Fault as fault:
                    if fault.kind is not FaultKind.REFUSED and fault.code not in NO_UPLOAD:
                        raise
                    log.warning("slack: a picture is put into words: %s", fault)
        return found

    async def put(
        self, name: str, data: bytes, *, title: str, alternative: str = "", channel: str | None = None
    ) -> str:
        """Put a file into Slack and, with a ``channel``, into that conversation; its id. Raises ``Fault``: one that
        is in doubt was posted or not, all others were surely not."""
        asked = await self._calls.run(
            self._calls.client.files_getUploadURLExternal(
                filename=name, length=len(data), alt_txt=alternative[:1000] or None
            )
        )
        file_id = str(asked["file_id"])
        try:
            await self._carry(str(asked["upload_url"]), data)
            files: list[dict[str, str | None]] = [{"id": file_id, "title": title or name}]
            completing = self._calls.client.files_completeUploadExternal(files=files, channel_id=channel)
        except Fault as fault:
            raise _surely_not(fault) from None
        try:
            await self._calls.run(completing)
        except Fault as fault:
            raise (fault if channel else _surely_not(fault)) from None
        return file_id

    async def _carry(self, address: str, data: bytes) -> None:
        parts = urlsplit(address)
        host = parts.hostname or ""
        is_slack = parts.netloc == self._own or (parts.scheme == "https" and host.endswith(".slack.com"))
        session = self._calls.client.session
        if not is_slack or session is None:
            raise Fault(FaultKind.REFUSED, "upload_elsewhere")
        try:
            async with session.post(address, data=data, allow_redirects=False) as response:
                status = response.status
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise Fault(FaultKind.UNAVAILABLE, type(error).__name__) from None
        if status == 429:
            raise Fault(FaultKind.LIMITED, "ratelimited", wait=30.0)
        if status != 200:
            raise Fault(FaultKind.UNAVAILABLE, f"HTTP {status}")

    async def _wait_until_ready(self, file_id: str) -> None:
        """Until Slack knows what the file is; after that a message may hold it. Goes on in the end, ready or not."""
        for wait in _LOOKS:
            answer = await self._calls.run(self._calls.client.files_info(file=file_id))
            file: Any = answer.get("file")
            if isinstance(file, dict) and file.get("mimetype"):
                return
            await self._sleep(wait)


def _surely_not(fault: Fault) -> Fault:
    """Nothing was to be posted, so nothing is in doubt."""
    if fault.kind is FaultKind.IN_DOUBT:
        return Fault(FaultKind.UNAVAILABLE, fault.code)
    return fault
