"""Calls of Slack's Web API, and what each can come to.

``slack_sdk`` repeats a call by itself when the connection drops, which posts a message twice where Slack had
accepted it; so its retries are off and every end of a call is one of five kinds (``FaultKind``).
"""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.platforms import faults
from bot.platforms.base import Outcome
from bot.platforms.faults import Fault, FaultKind
from bot.platforms.pace import read_retry_after

TIMEOUT_SECONDS = 20
"""Shorter than an outbox lease, so that a live sender always has an end to report."""

_LIMITED = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
_REVOKED = frozenset(
    {
        "invalid_auth",
        "not_authed",
        "token_revoked",
        "token_expired",
        "org_login_required",
        "team_access_not_granted",
        "missing_scope",
    }
)
_IN_DOUBT = frozenset({"fatal_error", "internal_error", "service_unavailable", "request_timeout"})
"""Slack on fatal_error: "It's possible some aspect of the operation succeeded before the error was raised"."""


class SlackCalls:
    """The client and the one way to call through it."""

    def __init__(self, *, token: str, api_url: str, now: Callable[[], datetime]) -> None:
        quiet = logging.getLogger("throughline.slack_sdk")
        quiet.setLevel(logging.WARNING)  # below it the SDK logs what it sends
        self.client = AsyncWebClient(
            token=token, base_url=api_url, timeout=TIMEOUT_SECONDS, retry_handlers=[], logger=quiet
        )
        self._now = now
        self.skew: float | None = None
        """Seconds by which our clock is ahead of Slack's, from the last answer; None before the first."""
        self.granted: frozenset[str] = frozenset()
        """The rights of our token, as Slack says with its answers; empty before it did."""

    async def open(self) -> None:
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS, connect=10)
        self.client.session = aiohttp.ClientSession(timeout=timeout, trust_env=True)

    async def close(self) -> None:
        if self.client.session is not None:
            await self.client.session.close()

    async def run(self, call: Awaitable[AsyncSlackResponse]) -> dict[str, Any]:
        """The answer of a call. Raises ``Fault`` for every other end of it."""
        try:
            answer = await call
            self._note_skew(answer.headers)
            self._note_rights(answer.headers)
            if not isinstance(answer.data, dict):
                raise Fault(FaultKind.IN_DOUBT, "no JSON in the answer")
            return answer.data
        except SlackApiError as error:
            raise self._fault(error.response) from None
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise Fault(FaultKind.UNAVAILABLE, type(error).__name__) from None
        except (
            TimeoutError,
            aiohttp.ClientError,
            OSError,
            ValueError,
            AttributeError,
        ) as error:
            # AttributeError: the SDK stumbles over an answer that is text instead of JSON.
            raise Fault(FaultKind.IN_DOUBT, type(error).__name__) from None

    def _fault(self, response: Any) -> Fault:
        status: int = getattr(response, "status_code", None) or getattr(response, "status", None) or 0
        headers = getattr(response, "headers", None) or {}
        self._note_skew(headers)
        data = getattr(response, "data", None)
        code = str(data.get("error") or "") if isinstance(data, dict) else ""
        if status == 429 or code in _LIMITED:
            wait = read_retry_after(headers.get("Retry-After"), self._now())
            return Fault(FaultKind.LIMITED, code or "ratelimited", wait=wait)
        if status == 401 or code in _REVOKED:
            return Fault(FaultKind.REVOKED, code or "invalid_auth")
        if status >= 500 or code in _IN_DOUBT or (status < 400 and not code):
            return Fault(FaultKind.IN_DOUBT, code or f"HTTP {status}")
        if code:
            return Fault(FaultKind.REFUSED, code)
        return Fault(FaultKind.UNAVAILABLE, f"HTTP {status}")  # a proxy's page, a wrong SLACK_API_URL

    def _note_rights(self, headers: Any) -> None:
        said = (headers.get("X-OAuth-Scopes") or headers.get("x-oauth-scopes")) if headers else None
        if said:
            self.granted = frozenset(one.strip() for one in str(said).split(",") if one.strip())

    def _note_skew(self, headers: Any) -> None:
        stamp = headers.get("Date") if headers else None
        if not stamp:
            return
        try:
            self.skew = (self._now() - parsedate_to_datetime(stamp)).total_seconds()
        except (ValueError, TypeError):
            return


def outcome_of(
    fault: Fault, parts: tuple[str, ...], *, is_posting: bool, channel: str | None = None
) -> Outcome:
    """What a fault means for a message; ``channel`` is the conversation that it went to, as far as it is known."""
    address = {"channel": channel} if channel else {}
    return faults.outcome_of(fault, parts, is_posting=is_posting, address=address)
