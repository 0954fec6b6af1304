"""Calls of the Bot Connector, which is how one speaks in Teams, and what each can come to.

Each call is made once. The SDK's own client would repeat some and tells a lost answer from a refused connection by
nothing; for a message that is the difference between once and twice. Microsoft asks for 412, 429, 502 and 504 to be
tried again after a while, longer each time (learn.microsoft.com, "Optimize your bot: rate limiting and best practices
in Teams"), so these count as not accepted.
"""

import json
import logging
from collections.abc import Callable
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urlencode

import aiohttp
from yarl import URL

from bot.platforms.faults import Fault, FaultKind
from bot.platforms.pace import read_retry_after
from bot.platforms.teams_cloud import Credentials, TeamsCloud

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 20
"""Shorter than an outbox lease, so that a live sender always has an end to report."""
_AGAIN_LATER = frozenset({412, 429, 502, 504})
_LONGEST_WAIT = 60.0


class TeamsCalls:
    """The session and the one way to call through it."""

    def __init__(
        self,
        credentials: Credentials | None,
        *,
        metadata_url: str | None,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
    ) -> None:
        self.cloud = TeamsCloud(
            credentials, metadata_url=metadata_url, session=self.session, now=now, monotonic=monotonic
        )
        self._http: aiohttp.ClientSession | None = None
        self._now = now
        self._limited = 0
        self.skew: float | None = None
        """Seconds by which our clock is ahead of Microsoft's, from the last answer; None before the first."""

    async def open(self) -> None:
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS, connect=10)
        self._http = aiohttp.ClientSession(timeout=timeout, trust_env=True)

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()

    def session(self) -> aiohttp.ClientSession:
        assert self._http is not None  # opened by ``start``
        return self._http

    async def run(
        self,
        method: str,
        service_url: str,
        *path: str,
        body: dict[str, Any] | None = None,
        query: dict[str, str] | None = None,
    ) -> dict[str, Any]:
        """The answer of ``/v3/conversations/…`` at a service address. Raises ``Fault`` for every other end of it.

        The parts of ``path`` are escaped. A token that is refused is replaced once: a call refused so was surely not
        accepted.
        """
        if not self.cloud.may_be_called(service_url):
            raise Fault(FaultKind.REFUSED, "not a service address")
        url = "/".join((service_url.rstrip("/"), "v3/conversations", *(quote(one, safe="") for one in path)))
        if asked := {name: value for name, value in (query or {}).items() if value}:
            url = f"{url}?{urlencode(asked)}"
        token = await self.cloud.token()
        try:
            return await self._once(method, url, token, body)
        except Fault as fault:
            if fault.kind is not FaultKind.REVOKED or not token:
                raise
        return await self._once(method, url, await self.cloud.token(after=token), body)

    async def _once(self, method: str, url: str, token: str, body: dict[str, Any] | None) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            async with self.session().request(
                method, URL(url, encoded=True), json=body, headers=headers, allow_redirects=False
            ) as response:
                text = await response.text()
                self._note_skew(response.headers.get("Date"))
                if response.status >= 300:
                    raise self._fault(response.status, response.headers.get("Retry-After"), text)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise Fault(FaultKind.UNAVAILABLE, type(error).__name__) from None
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
            raise Fault(FaultKind.IN_DOUBT, type(error).__name__) from None
        self._limited = 0
        try:
            read = json.loads(text) if text.strip() else {}
        except ValueError:
            read = {}
        return read if isinstance(read, dict) else {"items": read}

    def _fault(self, status: int, retry_after: str | None, text: str) -> Fault:
        code = _code(text) or f"HTTP {status}"
        if status in _AGAIN_LATER:
            self._limited += 1
            patience = min(2.0**self._limited, _LONGEST_WAIT)
            wait = read_retry_after(retry_after, self._now(), default=patience)
            return Fault(FaultKind.LIMITED, code, wait=max(wait, 0.1))
        if status == 401:
            return Fault(FaultKind.REVOKED, code)
        if status >= 500 or status == 408:
            return Fault(FaultKind.IN_DOUBT, code)
        if status < 400 or text.lstrip().startswith("<"):
            return Fault(FaultKind.UNAVAILABLE, f"HTTP {status}")  # a proxy's page, not the connector
        return Fault(FaultKind.REFUSED, code)

    def _note_skew(self, stamp: str | None) -> None:
        if not stamp:
            return
        try:
            self.skew = (self._now() - parsedate_to_datetime(stamp)).total_seconds()
        except (ValueError, TypeError):
            return


def _code(text: str) -> str:
    """The connector's word for what is wrong: the innermost it gives, for "Forbidden" alone says little."""
    try:
        read = json.loads(text)
    except ValueError:
        return ""
    error = read.get("error") if isinstance(read, dict) else None
    if not isinstance(error, dict):
        error = read if isinstance(read, dict) else {}
    inner = _subcode(error.get("message"))
    return (inner or str(error.get("code") or ""))[:80]


def _subcode(message: object) -> str:
    """The ``subCode`` of a message that is JSON in JSON, as some of the connector's are."""
    for _depth in range(3):
        if not isinstance(message, str) or not message.lstrip().startswith("{"):
            return ""
        try:
            read = json.loads(message)
        except ValueError:
            return ""
        if not isinstance(read, dict):
            return ""
        if read.get("subCode"):
            return str(read["subCode"])
        message = read.get("message")
    return ""
