"""Fetching a calendar feed: a district publishes its school year, a person a calendar of their own, as an address.

The address of a personal calendar is a secret, as good as a password: it stands in no log and in no error; errors
name the host. Fetching is polite (conditional requests, one connection, no repetition) and careful: see
``safe_network`` for where it goes; redirects are followed by hand, each step checked like the first; what comes is
counted as it comes, and again as it unpacks. The module speaks to ``httpcore`` itself, because ``httpx`` writes the
whole address of each request into the log.
"""

import ssl
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache

import httpcore
import httpx

from bot.services.safe_network import (
    PUBLIC,
    CheckedBackend,
    OutOfReachError,
    Reach,
    Resolve,
    TooSlowError,
    UntrustedError,
    resolve_name,
)
from protocols.cadence.feed_addresses import AddressFault, read_address

MAX_BYTES = 5_000_000
"""A district's whole year is a few hundred kilobytes."""
MAX_REDIRECTS = 5
SECONDS = 60.0
"""For all of it, redirects included; a single step may take 20."""
_TIMEOUT = {"connect": 10.0, "read": 20.0, "write": 20.0, "pool": 10.0}
_FAULTS = (
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
    TooSlowError,
    UntrustedError,
    OSError,
)
_REDIRECTS = (301, 302, 303, 307, 308)


class Fault(StrEnum):
    """What kind of fault, for whoever decides when to ask again."""

    ADDRESS = "address"  # the address itself is no good: another one is needed
    GONE = "gone"  # the other side does not give it to us any more
    LATER = "later"  # it may work next time


class FeedError(Exception):
    """The feed cannot be had; the text says why and what to do, and never holds the address."""

    def __init__(self, text: str, fault: Fault = Fault.LATER, *, wait: timedelta | None = None) -> None:
        super().__init__(text)
        self.fault = fault
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Validators:
    """What the other side called the last copy, to ask "has it changed since"."""

    etag: str = ""
    modified: str = ""

    def headers(self) -> Iterator[tuple[bytes, bytes]]:
        if self.etag:
            yield b"If-None-Match", self.etag.encode("latin-1", "ignore")
        if self.modified:
            yield b"If-Modified-Since", self.modified.encode("latin-1", "ignore")


@dataclass(frozen=True, slots=True)
class Feed:
    """A copy of a feed."""

    data: bytes
    validators: Validators = Validators()


def check(address: str) -> httpx.URL:
    """The address as it is asked for. Raises ``FeedError``."""
    try:
        return httpx.URL(read_address(address).url)
    except AddressFault as fault:
        raise FeedError(str(fault), Fault.ADDRESS) from None
    except (httpx.InvalidURL, ValueError):
        raise FeedError("That is not an address I can read. Copy it again, whole.", Fault.ADDRESS) from None


def fetch(
    address: str,
    *,
    known: Validators = Validators(),
    limit: int = MAX_BYTES,
    reach: Reach = PUBLIC,
    resolve: Resolve = resolve_name,
    seconds: float = SECONDS,
    trusted: ssl.SSLContext | None = None,
) -> Feed | None:
    """The feed, or None where it has not changed since ``known``. At most ``limit`` bytes, packed and unpacked.

    Raises ``FeedError``.
    """
    url = check(address)
    backend = CheckedBackend(reach=reach, resolve=resolve, seconds=seconds)
    with httpcore.ConnectionPool(
        ssl_context=trusted or _trusted(), max_connections=1, network_backend=backend
    ) as pool:
        for _ in range(MAX_REDIRECTS + 1):
            found = _ask(pool, url, known, limit)
            if not isinstance(found, httpx.URL):
                return found
            if (url.scheme, found.scheme) == ("https", "http"):
                raise FeedError(
                    f"{url.host} sends me on to an address without encryption, which would give yours away. "
                    "Copy the private address again.",
                    Fault.ADDRESS,
                )
            url = found
    raise FeedError(
        f"{url.host} sends me on more than {MAX_REDIRECTS} times. Copy the private address again.",
        Fault.ADDRESS,
    )


def _ask(
    pool: httpcore.ConnectionPool, url: httpx.URL, known: Validators, limit: int
) -> Feed | httpx.URL | None:
    """One request: a copy, None for "not changed", or where it is to be asked for instead."""
    host = url.host
    try:
        with pool.stream(
            "GET",
            httpcore.URL(
                scheme=url.raw_scheme,
                host=url.raw_host,
                port=url.port,
                target=url.raw_path,
            ),
            headers=[
                (b"Host", url.netloc),
                (b"User-Agent", b"Throughline calendar reader"),
                (b"Accept", b"text/calendar, text/plain;q=0.5, */*;q=0.1"),
                (b"Accept-Encoding", b"gzip"),
                *known.headers(),
            ],
            extensions={"timeout": _TIMEOUT},
        ) as response:
            headers = httpx.Headers(response.headers)
            status = response.status
            if status in _REDIRECTS and headers.get("Location"):
                return _next(url, headers["Location"])
            if status == 304 and (known.etag or known.modified):
                return None
            if status != 200:
                raise _refusal(host, status, headers)
            if int(headers.get("Content-Length", "0")) > limit:
                raise _too_large(host, limit)
            data = _read(host, response.iter_stream(), headers.get("Content-Encoding", ""), limit)
    except OutOfReachError as error:
        raise FeedError(f"{host} {error}. Use the calendar's public address.", Fault.ADDRESS) from None
    except _FAULTS as error:
        raise FeedError(_say_fault(host, error)) from None
    except ValueError:
        raise FeedError(f"{host} does not answer as a calendar does. Try again later.") from None
    if data.lstrip()[:1] == b"<":
        raise FeedError(
            f"{host} answers with a web page, not a calendar. Copy the private address in iCal format, which "
            "mostly ends in .ics.",
            Fault.ADDRESS,
        )
    return Feed(data, Validators(headers.get("ETag", ""), headers.get("Last-Modified", "")))


def _next(url: httpx.URL, location: str) -> httpx.URL:
    try:
        joined = url.join(location)
    except (httpx.InvalidURL, ValueError):
        raise FeedError(
            f"{url.host} sends me on to something that is no address. Copy the private address again.",
            Fault.ADDRESS,
        ) from None
    return check(str(joined))


def _refusal(host: str, status: int, headers: httpx.Headers) -> FeedError:
    if status in (401, 403, 407):
        return FeedError(
            f"{host} does not let me read that calendar. Copy its private address again; it may have been renewed.",
            Fault.GONE,
        )
    if status in (404, 410):
        return FeedError(
            f"{host} has no calendar at that address. Copy the private address again; it may have been renewed.",
            Fault.GONE,
        )
    wait = headers.get("Retry-After", "")
    seconds = min(int(wait), 86_400) if wait.isascii() and wait.isdigit() and len(wait) < 10 else None
    return FeedError(
        f"{host} answers {status}, not a calendar. Try again later.",
        wait=timedelta(seconds=seconds) if seconds else None,
    )


def _too_large(host: str, limit: int) -> FeedError:
    return FeedError(
        f"The calendar at {host} is larger than {limit // 1_000_000} MB, which is more than I read. "
        "Use one without old entries or attachments.",
        Fault.ADDRESS,
    )


def _say_fault(host: str, error: Exception) -> str:
    match error:
        case TooSlowError() | httpcore.TimeoutException():
            return f"{host} takes too long to answer. Try again later."
        case UntrustedError():
            return f"{host} has no certificate that I can trust, so I did not read it. Check the address."
        case _:
            return f"{host} cannot be reached. Check the address, or try again later."


def _read(host: str, chunks: Iterable[bytes], encoding: str, limit: int) -> bytes:
    """The content, unpacked and never longer than ``limit``: a small file may unpack to a large one."""
    kind = encoding.strip().lower()
    if kind not in ("", "identity", "gzip", "x-gzip"):
        raise FeedError(f"{host} packs the calendar in a way I did not ask for. Try again later.")
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS) if kind in ("gzip", "x-gzip") else None
    data = bytearray()
    came = 0
    for chunk in chunks:
        came += len(chunk)
        if came > limit:
            raise _too_large(host, limit)
        if unpacker is None:
            data += chunk
            continue
        try:
            data += unpacker.decompress(chunk, limit + 1 - len(data))
        except zlib.error:
            raise FeedError(f"What {host} sends cannot be unpacked. Try again later.") from None
        if len(data) > limit:
            raise _too_large(host, limit)
    if unpacker is not None and not unpacker.eof:
        raise FeedError(f"What {host} sends is cut off. Try again later.")
    return bytes(data)


@cache
def _trusted() -> ssl.SSLContext:
    """The certificates trusted here; SSL_CERT_FILE and SSL_CERT_DIR are heeded, proxies of the environment are not:
    through one, nobody could say where a connection leads."""
    return httpx.create_ssl_context()
