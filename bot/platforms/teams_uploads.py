"""Files put into the reader's own OneDrive, for a bot that has no address to offer them from.

Teams asks the reader first (a file consent card); whoever agrees brings the address to which the bytes go, and then
the file stands in the chat. The card holds the token of the file, as an address would: whoever has it has the file.

What may be lost: an upload that was under way when the process was stopped. The question stays, so it can be agreed to
once more.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.attachments import bytes_of
from bot.platforms.faults import Fault, FaultKind
from bot.platforms.teams_files import TeamsFiles
from handlers.cards import Download
from handlers.intake.original_files import OpenFile

log = logging.getLogger(__name__)

CONSENT = "application/vnd.microsoft.teams.card.file.consent"
INFO = "application/vnd.microsoft.teams.card.file.info"
SECONDS = 60.0
_ABOUT = 100_000
"""Bytes said of a file that is not opened before somebody wants it; Teams shows the figure and does not check it."""

OpenFileOf = Callable[[str], OpenFile | None]
"""The file that a token stands for; None where it opens nothing (any more)."""


@dataclass(frozen=True, slots=True)
class Consent:
    """What somebody said to the question: yes with the place for the bytes, or no (``upload`` empty)."""

    token: str
    upload: str = ""
    file: dict[str, str] | None = None


def offer(token: str, file: Download) -> dict[str, Any]:
    """The message that asks the reader where a file may go."""
    content = {
        "description": file.label,
        "sizeInBytes": _ABOUT if file.is_opened_late else max(len(bytes_of(file)), 1),
        "acceptContext": {"file": token},
        "declineContext": {"file": token},
    }
    attachment = {"contentType": CONSENT, "name": file.name, "content": content}
    return {"type": "message", "summary": file.label, "attachments": [attachment]}


def read_consent(value: dict[str, Any]) -> Consent | None:
    """The answer in an invoke; None where it is none."""
    context, info = value.get("context"), value.get("uploadInfo")
    token = context.get("file") if isinstance(context, dict) else None
    if not isinstance(token, str) or not token:
        return None
    if value.get("action") != "accept":
        return Consent(token)
    if not isinstance(info, dict) or not isinstance(info.get("uploadUrl"), str):
        return None
    file = {name: str(info.get(name) or "") for name in ("contentUrl", "name", "uniqueId", "fileType")}
    return Consent(token, info["uploadUrl"], file)


class TeamsUploads:
    """``files`` says which addresses are Microsoft's."""

    def __init__(
        self, session: Callable[[], aiohttp.ClientSession], files: TeamsFiles, open_file: OpenFileOf
    ) -> None:
        self._session = session
        self._files = files
        self._open_file = open_file

    async def put(self, consent: Consent) -> dict[str, Any]:
        """Put the bytes where the reader wants them; the message that shows the file. Raises ``Fault``."""
        file = await asyncio.to_thread(self._open_file, consent.token)
        if file is None or not self._files.is_microsofts(consent.upload):
            raise Fault(FaultKind.REFUSED, "no such file")
        size = len(file.data)
        headers = {"Content-Range": f"bytes 0-{size - 1}/{size}", "Content-Type": "application/octet-stream"}
        timeout = aiohttp.ClientTimeout(total=SECONDS, connect=10)
        try:
            async with self._session().put(
                consent.upload, data=file.data, headers=headers, timeout=timeout, allow_redirects=False
            ) as response:
                if response.status not in (200, 201, 202):
                    raise Fault(FaultKind.UNAVAILABLE, f"HTTP {response.status}")
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise Fault(FaultKind.UNAVAILABLE, type(error).__name__) from None
        about = consent.file or {}
        content = {"uniqueId": about.get("uniqueId", ""), "fileType": about.get("fileType", "")}
        attachment = {
            "contentType": INFO,
            "contentUrl": about.get("contentUrl", ""),
            "name": about.get("name", "") or file.name,
            "content": content,
        }
        return {"type": "message", "summary": attachment["name"], "attachments": [attachment]}
