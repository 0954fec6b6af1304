"""Files that were shared with the bot in Teams: fetched from where Microsoft keeps them, and from nowhere else.

A file of a personal chat lies in its sender's OneDrive; the address that comes with it opens without a password, for
some minutes, so our token never goes there. A picture that was pasted lies with the connector and wants the token; it
holds no words that are read here, so it is named and not fetched.
"""

import hashlib
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.sent_files import FileFault
from bot.settings import is_loopback
from handlers.intake.sent_files import SentFile
from protocols.documents.document import MAX_BYTES, TOO_LARGE

SECONDS = 60.0
SHARED = "application/vnd.microsoft.teams.file.download.info"
_HOSTS = (".sharepoint.com", ".sharepoint.us", ".sharepoint.cn", ".sharepoint-mil.us", ".sharepoint-df.com")
_LATER = "Teams does not give it to me just now. Send it again in a few minutes."
_GONE = "Teams does not let me open it any more. Share it once more."
_ELSEWHERE = "It lies outside OneDrive and SharePoint, where I can't open it. Upload it here in the chat."


def sent_files(attachments: list[dict[str, Any]], event: str) -> tuple[SentFile, ...]:
    """The files among a message's attachments, in their order. ``event`` names the message they came with: the same
    file shared again may have changed."""
    found = []
    for number, one in enumerate(attachments):
        kind = str(one.get("contentType") or "")
        content = one.get("content")
        content = content if isinstance(content, dict) else {}
        if kind == SHARED:
            place = str(content.get("downloadUrl") or one.get("contentUrl") or "")
        elif kind.startswith(("image/", "audio/", "video/")):
            place = ""
        else:
            continue
        found.append(
            SentFile(
                reference=f"teams:{hashlib.sha256(f'{event}:{number}'.encode(errors='replace')).hexdigest()[:32]}",
                name=str(one.get("name") or ""),
                media_type="" if kind == SHARED else kind.replace("*", "unknown"),
                place=place,
            )
        )
    return tuple(found)


class TeamsFiles:
    """``is_local``: this machine plays Microsoft (tests), so files may lie on it."""

    def __init__(self, session: Callable[[], aiohttp.ClientSession], *, is_local: bool) -> None:
        self._session = session
        self._is_local = is_local

    async def fetch(self, file: SentFile) -> bytes:
        """The file's bytes. Raises ``FileFault``."""
        if not self.is_microsofts(file.place):
            raise FileFault(_ELSEWHERE, is_lasting=True)
        timeout = aiohttp.ClientTimeout(total=SECONDS, connect=10)
        try:
            async with self._session().get(file.place, allow_redirects=False, timeout=timeout) as response:
                self._check(response)
                data = bytearray()
                async for chunk in response.content.iter_chunked(65_536):
                    data += chunk
                    if len(data) > MAX_BYTES:
                        raise FileFault(TOO_LARGE, is_lasting=True)
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError):
            raise FileFault(_LATER, is_lasting=False) from None
        return bytes(data)

    def is_microsofts(self, address: str) -> bool:
        """Whether an address is one of OneDrive's or SharePoint's."""
        try:
            parts = urlsplit(address)
            host = parts.hostname or ""
        except ValueError:
            return False
        if self._is_local and is_loopback(host):
            return parts.scheme in ("http", "https")
        return parts.scheme == "https" and host.endswith(_HOSTS) and parts.port in (None, 443)

    def _check(self, response: aiohttp.ClientResponse) -> None:
        status = response.status
        if status in (301, 302, 303, 307, 308, 401, 403, 404, 410):
            raise FileFault(_GONE, is_lasting=True)
        if status != 200:
            raise FileFault(_LATER, is_lasting=False)
        if (response.content_length or 0) > MAX_BYTES:
            raise FileFault(TOO_LARGE, is_lasting=True)
