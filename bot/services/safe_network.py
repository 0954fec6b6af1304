"""Connections to addresses that people name: never into the district's own network, never for longer than allowed.

Whoever may name an address could name a machine behind the firewall, or a name that leads there only at the second
look (DNS rebinding). So a name is resolved once, every address it has is checked, and the connection is made to
the address that was checked; the name stays in the request and in the certificate's check.
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import httpcore

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Sequence[str]]
"""From a name and a port to its addresses. Raises ``OSError`` where there are none."""

_OF_CLOUDS = frozenset({ipaddress.ip_address("168.63.129.16")})
"""Addresses that look public and answer to a machine of the cloud they are in (Azure's platform address)."""
_SPECIAL = tuple(
    ipaddress.ip_network(one)
    for one in ("192.0.0.0/24", "192.88.99.0/24", "3fff::/20")  # RFC 6890, 7526, 9637
)
"""Set aside, and called public by some versions of Python all the same; one cloud has its metadata in the first."""
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_SITE_LOCAL = ipaddress.ip_network("fec0::/10")


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a connection may lead: public addresses, and the ports on which pages and calendars are published.

    ``is_loopback_allowed`` is for tests, which have their servers on this machine.
    """

    ports: frozenset[int] = frozenset({80, 443, 8443})
    is_loopback_allowed: bool = False


PUBLIC = Reach()


class OutOfReachError(Exception):
    """The name leads to no public address. The text is a clause about the host, without the address."""


class UntrustedError(Exception):
    """The other side has no certificate that is trusted here for the name."""


class TooSlowError(Exception):
    """The time for the whole exchange is over."""


def resolve_name(host: str, port: int) -> list[str]:
    """The addresses of a name, in the order of the system's preference."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(text: str) -> bool:
    """Whether an IP address belongs to the open internet.

    Private, loopback, link-local (the metadata addresses of clouds among them), shared (RFC 6598), multicast,
    reserved, unspecified and documentation addresses do not; an IPv6 address that carries an IPv4 address (mapped,
    6to4, Teredo, NAT64) is as public as the one it carries.
    """
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return all(_is_public(one) for one in _carried(address))


def _carried(address: Address) -> Iterable[Address]:
    """The address, or every IPv4 address inside it."""
    if isinstance(address, ipaddress.IPv4Address):
        return (address,)
    if address.ipv4_mapped is not None:
        return (address.ipv4_mapped,)
    if address.sixtofour is not None:
        return (address.sixtofour,)
    if address.teredo is not None:
        return address.teredo
    if address in _NAT64:
        return (ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF),)
    return (address,)


def _is_public(address: Address) -> bool:
    if address in _OF_CLOUDS or address in _SITE_LOCAL or any(address in network for network in _SPECIAL):
        return False
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not address.is_unspecified
    )


class CheckedBackend(httpcore.NetworkBackend):
    """Connects only where it may, and to the very address it has checked. One for each exchange: ``seconds`` from
    now on everything that is read or written fails, however little the other side sends at a time."""

    def __init__(self, *, reach: Reach, resolve: Resolve, seconds: float) -> None:
        self._reach = reach
        self._resolve = resolve
        self._ends = time.monotonic() + seconds
        self._inner = httpcore.SyncBackend()

    def remaining(self, timeout: float | None) -> float:
        """How long the next step may take. Raises ``TooSlowError`` where no time is left."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TooSlowError
        return left if timeout is None else min(left, timeout)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        fault: Exception = httpcore.ConnectError("the name has no address")
        for address in self.checked(host, port):
            try:
                stream = self._inner.connect_tcp(
                    address, port, self.remaining(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                fault = error
                continue
            return _TimedStream(stream, self)
        raise fault

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        raise OutOfReachError("is on this machine")

    def checked(self, host: str, port: int) -> list[str]:
        """Every address of the name. Raises ``OutOfReachError`` where one of them, or the port, is out of reach:
        a name that is public and private at once is not that of anything published."""
        if port not in self._reach.ports:
            raise OutOfReachError(f"is asked for on port {port}, where nothing is published for everybody")
        try:
            addresses = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError("the name is not known") from error
        for address in addresses:
            if not is_public(address) and not (self._reach.is_loopback_allowed and _is_loopback(address)):
                raise OutOfReachError("is inside a private network, where I do not go")
        return list(addresses)


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address.partition("%")[0]).is_loopback
    except ValueError:
        return False


class _TimedStream(httpcore.NetworkStream):
    """A connection whose every step ends with the exchange's time."""

    def __init__(self, inner: httpcore.NetworkStream, backend: CheckedBackend) -> None:
        self._inner = inner
        self._backend = backend

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._backend.remaining(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._backend.remaining(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        try:
            inner = self._inner.start_tls(ssl_context, server_hostname, self._backend.remaining(timeout))
        except httpcore.ConnectError as error:
            if isinstance(error.__cause__, ssl.SSLCertVerificationError):
                raise UntrustedError from error
            raise
        return _TimedStream(inner, self._backend)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
