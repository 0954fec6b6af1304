"""Fetching what people name by its address: calendars, pages, feeds of memos.

An address may be a secret, as good as a password: it stands in no log and in no error; errors name the host. Fetching
is polite (conditional requests, one connection, no repetition) and careful: see ``safe_network`` for where it goes;
redirects are followed by hand, each step checked like the first; what comes is counted as it comes, and again as it
unpacks. The module speaks to ``httpcore`` itself, because ``httpx`` writes the whole address of each request into the
log.
"""

import ssl
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
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
from protocols.cadence.feed_addresses import AddressFault, AddressKind, read_address

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


class FetchError(Exception):
    """It cannot be had; the text says why and what to do, and never holds the address."""

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


NOTHING_KNOWN = Validators()


@dataclass(frozen=True, slots=True)
class Copy:
    """What came. ``media_type`` is what the other side calls it, ``address`` where it was found in the end."""

    data: bytes
    validators: Validators = NOTHING_KNOWN
    media_type: str = field(default="", compare=False)
    address: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is fetched, as the request asks for it and the sentences name it.

    ``noun`` is the thing ("calendar"); the others are whole sentences that say what to do: ``again`` where the address
    leads nowhere, ``renewed`` where it was refused or is gone, ``smaller`` where it is too large, ``public`` where it
    is inside a private network.
    """

    noun: str
    accept: str
    kind: AddressKind
    limit: int
    again: str
    renewed: str
    smaller: str
    public: str


def check(address: str, kind: AddressKind) -> httpx.URL:
    """The address as it is asked for. Raises ``FetchError``."""
    try:
        return httpx.URL(read_address(address, kind).url)
    except AddressFault as fault:
        raise FetchError(str(fault), Fault.ADDRESS) from None
    except (httpx.InvalidURL, ValueError):
        raise FetchError("That is not an address I can read. Copy it again, whole.", Fault.ADDRESS) from None


def fetch(
    address: str,
    wanted: Wanted,
    *,
    known: Validators = NOTHING_KNOWN,
    limit: int | None = None,
    reach: Reach = PUBLIC,
    resolve: Resolve = resolve_name,
    seconds: float = SECONDS,
    trusted: ssl.SSLContext | None = None,
) -> Copy | None:
    """A copy, or None where it has not changed since ``known``. At most ``limit`` bytes, packed and unpacked.

    Raises ``FetchError``.
    """
    url = check(address, wanted.kind)
    backend = CheckedBackend(reach=reach, resolve=resolve, seconds=seconds)
    with httpcore.ConnectionPool(
        ssl_context=trusted or _trusted(), max_connections=1, network_backend=backend
    ) as pool:
        for _ in range(MAX_REDIRECTS + 1):
            found = _ask(pool, url, known, wanted, limit or wanted.limit)
            if not isinstance(found, httpx.URL):
                return found
            if (url.scheme, found.scheme) == ("https", "http"):
                raise FetchError(
                    f"{url.host} sends me on to an address without encryption, which would give yours away. "
                    f"{wanted.again}",
                    Fault.ADDRESS,
                )
            url = found
    raise FetchError(
        f"{url.host} sends me on more than {MAX_REDIRECTS} times. {wanted.again}",
        Fault.ADDRESS,
    )


def _ask(
    pool: httpcore.ConnectionPool, url: httpx.URL, known: Validators, wanted: Wanted, limit: int
) -> Copy | httpx.URL | None:
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
                (b"User-Agent", f"Throughline {wanted.noun} reader".encode()),
                (b"Accept", wanted.accept.encode()),
                (b"Accept-Encoding", b"gzip"),
                *known.headers(),
            ],
            extensions={"timeout": _TIMEOUT},
        ) as response:
            headers = httpx.Headers(response.headers)
            status = response.status
            if status in _REDIRECTS and headers.get("Location"):
                return _next(url, headers["Location"], wanted)
            if status == 304 and (known.etag or known.modified):
                return None
            if status != 200:
                raise _refusal(host, status, headers, wanted)
            if int(headers.get("Content-Length", "0")) > limit:
                raise _too_large(host, limit, wanted)
            data = _read(host, response.iter_stream(), headers.get("Content-Encoding", ""), limit, wanted)
    except OutOfReachError as error:
        raise FetchError(f"{host} {error}. {wanted.public}", Fault.ADDRESS) from None
    except _FAULTS as error:
        raise FetchError(_say_fault(host, error)) from None
    except ValueError:
        raise FetchError(f"{host} does not answer as a {wanted.noun} does. Try again later.") from None
    return Copy(
        data,
        Validators(headers.get("ETag", ""), headers.get("Last-Modified", "")),
        headers.get("Content-Type", ""),
        str(url),
    )


def _next(url: httpx.URL, location: str, wanted: Wanted) -> httpx.URL:
    try:
        joined = url.join(location)
    except (httpx.InvalidURL, ValueError):
        raise FetchError(
            f"{url.host} sends me on to something that is no address. {wanted.again}",
            Fault.ADDRESS,
        ) from None
    return check(str(joined), wanted.kind)


def _refusal(host: str, status: int, headers: httpx.Headers, wanted: Wanted) -> FetchError:
    if status in (401, 403, 407):
        return FetchError(f"{host} does not let me read that {wanted.noun}. {wanted.renewed}", Fault.GONE)
    if status in (404, 410):
        return FetchError(f"{host} has no {wanted.noun} at that address. {wanted.renewed}", Fault.GONE)
    wait = headers.get("Retry-After", "")
    seconds = min(int(wait), 86_400) if wait.isascii() and wait.isdigit() and len(wait) < 10 else None
    return FetchError(
        f"{host} answers {status}, not a {wanted.noun}. Try again later.",
        wait=timedelta(seconds=seconds) if seconds else None,
    )


def _too_large(host: str, limit: int, wanted: Wanted) -> FetchError:
    return FetchError(
        f"The {wanted.noun} at {host} is larger than {limit // 1_000_000} MB, which is more than I read. "
        f"{wanted.smaller}",
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


def _read(host: str, chunks: Iterable[bytes], encoding: str, limit: int, wanted: Wanted) -> bytes:
    """The content, unpacked and never longer than ``limit``: a small file may unpack to a large one."""
    kind = encoding.strip().lower()
    if kind not in ("", "identity", "gzip", "x-gzip"):
        raise FetchError(f"{host} packs the {wanted.noun} in a way I did not ask for. Try again later.")
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS) if kind in ("gzip", "x-gzip") else None
    data = bytearray()
    came = 0
    for chunk in chunks:
        came += len(chunk)
        if came > limit:
            raise _too_large(host, limit, wanted)
        if unpacker is None:
            data += chunk
            continue
        try:
            data += unpacker.decompress(chunk, limit + 1 - len(data))
        except zlib.error:
            raise FetchError(f"What {host} sends cannot be unpacked. Try again later.") from None
        if len(data) > limit:
            raise _too_large(host, limit, wanted)
    if unpacker is not None and not unpacker.eof:
        raise FetchError(f"What {host} sends is cut off. Try again later.")
    return bytes(data)


@cache
def _trusted() -> ssl.SSLContext:
    """The certificates trusted here; SSL_CERT_FILE and SSL_CERT_DIR are heeded, proxies of the environment are not:
    through one, nobody could say where a connection leads."""
    return httpx.create_ssl_context()
