"""Microsoft's side of the trust: the keys that its requests are signed with, and our token for calls to it.

Both come over a session with time-outs, off the SDK, whose own look-ups block the event loop for as long as the other
side likes and do not notice that a new key has come until a day is over.

Which cloud it is (public, government, China) is said by the metadata's issuer; so one address is all there is to set.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.platforms.faults import Fault, FaultKind
from bot.platforms.pace import read_retry_after
from bot.settings import is_loopback

log = logging.getLogger(__name__)

PUBLIC_METADATA = "https://login.botframework.com/v1/.well-known/openidconfiguration"
PUBLIC_ISSUER = "https://api.botframework.com"
_LOGINS = {
    PUBLIC_ISSUER: "https://login.microsoftonline.com",
    "https://api.botframework.us": "https://login.microsoftonline.us",
    "https://api.botframework.azure.cn": "https://login.partner.microsoftonline.cn",
}
"""Where a cloud's tokens are issued, by the issuer of its channels' tokens (learn.microsoft.com, "Authentication with
the Bot Connector API", and its pages for government and 21Vianet)."""

MICROSOFTS_TENANT = "botframework.com"
"""Issues the tokens of an app that belongs to no single organisation."""

KEYS_GOOD_SECONDS = 86_400.0
ASK_AGAIN_SECONDS = 300.0
"""An unknown key may be a new one, or anybody's invention: Microsoft is asked for its keys at most this often."""
SECONDS = 15.0
_EARLY_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Credentials:
    """The app's id and secret. ``tenant`` issues its tokens: the district's, or Microsoft's for an app of many."""

    app_id: str
    password: str
    tenant: str


class KeysUnreachableError(Exception):
    """Nothing can be checked now: Microsoft's keys were never had and cannot be had."""


class TeamsCloud:
    """``session`` gives the open HTTP session; ``monotonic`` says how old things are."""

    def __init__(
        self,
        credentials: Credentials | None,
        *,
        metadata_url: str | None,
        session: Callable[[], aiohttp.ClientSession],
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
    ) -> None:
        self.credentials = credentials
        self.metadata_url = metadata_url or PUBLIC_METADATA
        self.is_local = credentials is None or is_loopback(urlsplit(self.metadata_url).hostname or "")
        """Whether this machine plays Microsoft (development, tests): only then may addresses be of this machine."""
        self.issuer = PUBLIC_ISSUER if metadata_url is None else ""
        self.keys: list[dict[str, Any]] = []
        self._token_url = ""
        self._session = session
        self._now = now
        self._monotonic = monotonic
        self._asked: float | None = None
        self._loaded: float | None = None
        self._loading = asyncio.Lock()
        self._token, self._token_until = "", 0.0
        self._token_lock = asyncio.Lock()

    def may_be_called(self, service_url: str) -> bool:
        """Whether an address can be a platform's: https, or this machine where it plays the platform."""
        try:
            parts = urlsplit(service_url)
            host, _port = parts.hostname or "", parts.port
        except ValueError:
            return False
        if parts.username or parts.query or parts.fragment:
            return False
        if is_loopback(host):
            return self.is_local and parts.scheme in ("http", "https")
        # Without an app id anybody may claim anything, so then nothing but this machine is called.
        return self.credentials is not None and parts.scheme == "https" and "." in host

    # ---------------------------------------------------------------- keys

    async def load_keys(self, key_id: str | None = None) -> None:
        """Have the keys at hand; ask for them where they are old or ``key_id`` is not among them.

        Raises ``KeysUnreachableError`` where there are none. Old ones stay good while Microsoft cannot be reached.
        """
        async with self._loading:
            if not self._is_due(key_id):
                return
            if self._asked is not None and self._monotonic() - self._asked < ASK_AGAIN_SECONDS and self.keys:
                return
            self._asked = self._monotonic()
            try:
                await self._fetch_keys()
            except (aiohttp.ClientError, TimeoutError, OSError, ValueError, KeyError, TypeError) as error:
                log.warning("teams: the signing keys cannot be had: %s", type(error).__name__)
                if not self.keys:
                    raise KeysUnreachableError(type(error).__name__) from None

    def _is_due(self, key_id: str | None) -> bool:
        if self._loaded is None or self._monotonic() - self._loaded > KEYS_GOOD_SECONDS:
            return True
        return key_id is not None and all(one.get("kid") != key_id for one in self.keys)

    async def _fetch_keys(self) -> None:
        metadata = await self._get(self.metadata_url)
        found = await self._get(str(metadata["jwks_uri"]))
        keys = [one for one in found["keys"] if isinstance(one, dict) and one.get("kid")]
        if not keys:
            raise ValueError("no keys")
        self.issuer = str(metadata["issuer"])
        self.keys = keys
        self._token_url = str(metadata.get("token_endpoint") or "") if self.is_local else ""
        self._loaded = self._monotonic()

    async def _get(self, url: str) -> dict[str, Any]:
        if urlsplit(url).scheme != "https" and not self.is_local:
            raise ValueError("not https")
        timeout = aiohttp.ClientTimeout(total=SECONDS)
        async with self._session().get(url, timeout=timeout, allow_redirects=False) as response:
            response.raise_for_status()
            read = await response.json(content_type=None)
        if not isinstance(read, dict):
            raise ValueError("not an object")
        return read

    # ---------------------------------------------------------------- our token

    async def token(self, *, after: str = "") -> str:
        """Our access token; a new one where it is about to end or equals ``after``, which was refused.

        Empty without credentials. Raises ``Fault``.
        """
        if self.credentials is None:
            return ""
        async with self._token_lock:
            is_good = self._token and self._token != after and self._monotonic() < self._token_until
            if not is_good:
                self._token = ""
                await self._fetch_token(self.credentials)
            return self._token

    async def _fetch_token(self, credentials: Credentials) -> None:
        if not self.issuer:
            try:
                await self.load_keys()
            except KeysUnreachableError as error:
                raise Fault(FaultKind.UNAVAILABLE, str(error)) from None
        form = {
            "grant_type": "client_credentials",
            "client_id": credentials.app_id,
            "client_secret": credentials.password,
            "scope": f"{self.issuer}/.default",
        }
        timeout = aiohttp.ClientTimeout(total=SECONDS)
        try:
            async with self._session().post(
                self._token_address(credentials.tenant), data=form, timeout=timeout, allow_redirects=False
            ) as response:
                status, headers = response.status, response.headers
                said = await response.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise Fault(FaultKind.UNAVAILABLE, f"no token ({type(error).__name__})") from None
        token = said.get("access_token") if isinstance(said, dict) else None
        if status == 200 and isinstance(token, str) and token:
            self._token = token
            self._token_until = self._monotonic() + _seconds(said.get("expires_in")) - _EARLY_SECONDS
            return
        raise _refused(status, headers, said, self._now())

    def _token_address(self, tenant: str) -> str:
        if self._token_url:
            return self._token_url
        login = _LOGINS.get(self.issuer, _LOGINS[PUBLIC_ISSUER])
        if self.is_local:
            parts = urlsplit(self.metadata_url)
            login = f"{parts.scheme}://{parts.netloc}"
        return f"{login}/{tenant}/oauth2/v2.0/token"


def _seconds(said: object) -> float:
    """How long a token lives. An hour is Microsoft's own habit."""
    try:
        return float(str(said))
    except ValueError:
        return 3_600.0


def _refused(status: int, headers: Mapping[str, str], said: object, now: datetime) -> Fault:
    if status == 429:
        return Fault(
            FaultKind.LIMITED, "no token (HTTP 429)", wait=read_retry_after(headers.get("Retry-After"), now)
        )
    if status in (400, 401, 403) and isinstance(said, dict) and said.get("error"):
        return Fault(FaultKind.REVOKED, str(said["error"])[:80])
    return Fault(FaultKind.UNAVAILABLE, f"no token (HTTP {status})")
