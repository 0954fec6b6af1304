"""Which addresses a connection may be made to, whatever they look like."""

import ipaddress

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.safe_network import PUBLIC, CheckedBackend, OutOfReachError, Reach, is_public

PRIVATE = {
    "loopback": "127.0.0.1",
    "another loopback": "127.8.9.10",
    "loopback of IPv6": "::1",
    "private, 10": "10.1.2.3",
    "private, 172": "172.16.0.9",
    "private, 192": "192.168.1.1",
    "link-local": "169.254.1.1",
    "metadata of a cloud": "169.254.169.254",
    "metadata of a cloud, IPv6": "fd00:ec2::254",
    "platform of a cloud": "168.63.129.16",
    "metadata in shared space": "100.100.100.200",
    "metadata among protocol assignments": "192.0.0.192",
    "protocol assignments": "192.0.0.8",
    "relays of 6to4": "192.88.99.1",
    "documentation, IPv6, the newer": "3fff::1",
    "an IPv4 address, compatible": "::127.0.0.1",
    "translated": "::ffff:0:10.0.0.1",
    "NAT64 of a network's own": "64:ff9b:1::10.0.0.1",
    "shared space": "100.64.0.1",
    "this network": "0.0.0.0",
    "unspecified, IPv6": "::",
    "multicast": "224.0.0.1",
    "multicast, global": "233.252.0.1",
    "multicast, IPv6": "ff02::1",
    "reserved": "240.0.0.1",
    "broadcast": "255.255.255.255",
    "documentation": "192.0.2.1",
    "benchmarks": "198.18.0.1",
    "unique local": "fc00::1",
    "link-local, IPv6": "fe80::1",
    "link-local with its interface": "fe80::1%eth0",
    "site-local": "fec0::1",
    "documentation, IPv6": "2001:db8::1",
    "mapped loopback": "::ffff:127.0.0.1",
    "mapped private": "::ffff:10.0.0.1",
    "mapped metadata": "::ffff:169.254.169.254",
    "6to4 of a private one": "2002:0a00:0001::1",
    "NAT64 of a private one": "64:ff9b::10.0.0.1",
    "Teredo with a private client": "2001:0:4136:e378:8000:63bf:f5ff:fffe",
    "no address": "calendar.example",
    "nothing": "",
}


@pytest.mark.parametrize("address", PRIVATE.values(), ids=PRIVATE.keys())
def test_what_is_not_of_the_open_internet_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "142.250.80.46", "2607:f8b0:4006:80b::200e", "64:ff9b::808:808"]
)
def test_addresses_of_the_open_internet_are_public(address: str) -> None:
    assert is_public(address)


@given(st.integers(0, 2**32 - 1).map(ipaddress.IPv4Address))
def test_an_address_in_an_address_is_as_public_as_itself(inner: ipaddress.IPv4Address) -> None:
    for form in (f"::ffff:{inner}", f"64:ff9b::{inner}"):
        assert is_public(form) == is_public(str(inner))
    sixtofour = ipaddress.IPv6Address((0x2002 << 112) | (int(inner) << 80) | 1)
    assert is_public(str(sixtofour)) == is_public(str(inner))


def backend(*addresses: str, reach: Reach = PUBLIC) -> CheckedBackend:
    return CheckedBackend(reach=reach, resolve=lambda host, port: addresses, seconds=5)


def test_a_name_with_one_private_address_among_public_ones_is_refused() -> None:
    with pytest.raises(OutOfReachError, match="private network"):
        backend("8.8.8.8", "10.0.0.1").connect_tcp("calendar.example", 443)


def test_the_address_of_a_socket_on_this_machine_is_refused() -> None:
    with pytest.raises(OutOfReachError):
        backend().connect_unix_socket("/run/docker.sock")


@pytest.mark.parametrize("port", [22, 25, 3306, 6379, 8080])
def test_other_ports_are_refused_before_the_name_is_looked_up(port: int) -> None:
    def resolve(host: str, port: int) -> list[str]:
        raise AssertionError("looked up")

    refusing = CheckedBackend(reach=PUBLIC, resolve=resolve, seconds=5)
    with pytest.raises(OutOfReachError, match=f"port {port}"):
        refusing.connect_tcp("calendar.example", port)


def test_loopback_for_tests_lets_nothing_else_in() -> None:
    reach = Reach(ports=frozenset({80}), is_loopback_allowed=True)
    with pytest.raises(OutOfReachError):
        backend("10.0.0.1", reach=reach).connect_tcp("calendar.example", 80)


def test_a_name_without_addresses_cannot_be_connected_to() -> None:
    with pytest.raises(httpcore.ConnectError):
        backend().connect_tcp("calendar.example", 443)
