"""Files that were shared with the bot: fetched from Slack with the bot's token, and from nowhere else.

The token goes to Slack's own hosts only, and no redirect is followed: to whoever may not read a file Slack answers with
the way to its sign-in page.
"""

from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.platforms.faults import Fault, FaultKind
from bot.platforms.slack_calls import SlackCalls
from bot.sent_files import FileFault
from handlers.intake.sent_files import SentFile
from protocols.documents.document import MAX_BYTES, TOO_LARGE

SECONDS = 60.0
"""For a file of twenty megabytes over a slow line."""
_HOSTS = ".slack.com"
_LATER = "Slack does not give it to me just now. Send it again in a few minutes."
_GONE = "Slack does not have it any more. Share it once more."
_ELSEWHERE = "It lies outside Slack, where I can't open it. Save it as a PDF or DOCX, and share that."
_FORBIDDEN = (
    "Slack does not let me open files yet. Ask your administrator to give me the right files:read; until then, paste "
    "its words as a message."
)
_AS_FILE = "files.info "
"""Before the id of a file whose address Slack tells only when asked (shared from another organisation)."""


def sent_files(message: dict[str, Any], team: str) -> tuple[SentFile, ...]:
    """The files of a message's payload, in their order."""
    found = [one for one in message.get("files") or [] if isinstance(one, dict) and one.get("id")]
    return tuple(
        SentFile(
            reference=f"slack:{team}:{one['id']}",
            name=str(one.get("name") or one.get("title") or ""),
            media_type=str(one.get("mimetype") or ""),
            size=one["size"] if isinstance(one.get("size"), int) else 0,
            place=_place(one),
        )
        for one in found
    )


def _place(file: dict[str, Any]) -> str:
    """Where it can be had: an address, or that Slack has to be asked for one."""
    address = str(file.get("url_private_download") or file.get("url_private") or "")
    return address if address and file.get("file_access") != "check_file_info" else f"{_AS_FILE}{file['id']}"


class SlackFiles:
    """Fetches over the session of ``calls``. ``api_url`` says which host besides Slack's own is Slack (tests)."""

    def __init__(self, calls: SlackCalls, *, api_url: str) -> None:
        self._calls = calls
        self._own = urlsplit(api_url).netloc

    async def fetch(self, file: SentFile) -> bytes:
        """The file's bytes. Raises ``FileFault``."""
        address = file.place
        if address.startswith(_AS_FILE):
            address = await self._ask(address.removeprefix(_AS_FILE))
        if not self._is_slack(address):
            raise FileFault(_ELSEWHERE, is_lasting=True)
        session = self._calls.client.session
        if session is None:
            raise FileFault(_LATER, is_lasting=False)
        try:
            async with session.get(
                address,
                headers={"Authorization": f"Bearer {self._calls.client.token}"},
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=SECONDS, connect=10),
            ) as response:
                self._check(response, file)
                data = await self._content(response)
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError):
            raise FileFault(_LATER, is_lasting=False) from None
        if file.size and len(data) < file.size:
            raise FileFault(_LATER, is_lasting=False)
        return data

    def _is_slack(self, address: str) -> bool:
        try:
            parts = urlsplit(address)
            host = parts.hostname or ""
        except ValueError:
            return False
        return parts.netloc == self._own or (parts.scheme == "https" and host.endswith(_HOSTS))

    async def _ask(self, file_id: str) -> str:
        try:
            answer = await self._calls.run(self._calls.client.files_info(file=file_id))
        except Fault as fault:
            if fault.kind is FaultKind.REVOKED:
                raise FileFault(_FORBIDDEN, is_lasting=True) from None
            if fault.kind is FaultKind.REFUSED:
                raise FileFault(_GONE, is_lasting=True) from None
            raise FileFault(_LATER, is_lasting=False) from None
        found = answer.get("file")
        place = _place(found) if isinstance(found, dict) and found.get("id") else ""
        if not place or place.startswith(_AS_FILE):
            raise FileFault(_GONE, is_lasting=True)
        return place

    def _check(self, response: aiohttp.ClientResponse, file: SentFile) -> None:
        status = response.status
        is_sign_in = response.content_type == "text/html" and "html" not in file.media_type
        if status in (301, 302, 303, 307, 308, 401, 403) or (status == 200 and is_sign_in):
            raise FileFault(_FORBIDDEN, is_lasting=True)
        if status in (404, 410):
            raise FileFault(_GONE, is_lasting=True)
        if status != 200:
            raise FileFault(_LATER, is_lasting=False)
        if (response.content_length or 0) > MAX_BYTES:
            raise FileFault(TOO_LARGE, is_lasting=True)

    async def _content(self, response: aiohttp.ClientResponse) -> bytes:
        data = bytearray()
        async for chunk in response.content.iter_chunked(65_536):
            data += chunk
            if len(data) > MAX_BYTES:
                raise FileFault(TOO_LARGE, is_lasting=True)
        return bytes(data)
