"""Fetching pages and feeds: where nobody goes, what is said, and reading feeds in a process of their own."""

import pytest

from bot import fetched_memos
from bot.fetched_memos import fetch_feed, fetch_page
from bot.services import fetching
from bot.services.feed_apart import read_feed_apart
from bot.services.fetching import NOTHING_KNOWN, Fault, FetchError
from protocols.buffer.feed_entries import FeedFault, read_feed
from tests.unit.buffer.test_feed_entries import ATOM, RSS
from tests.unit.services.server import reply, serving


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/memo",
        "http://10.0.0.5/memo.pdf",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data/",
        "https://[fd00::1]/memo",
        "https://[::ffff:10.0.0.1]/memo",
        "http://2130706433/",
    ],
)
def test_pages_and_feeds_inside_a_network_are_refused(address: str) -> None:
    for fetch in (fetch_page, fetch_feed):
        with pytest.raises(FetchError, match="inside a private network") as caught:
            fetch(address, NOTHING_KNOWN)
        assert caught.value.fault is Fault.ADDRESS


def test_a_page_is_asked_for_as_a_page_and_comes_with_its_kind_and_its_place() -> None:
    with serving(reply(b"<p>x</p>", "Content-Type: text/html; charset=utf-8")) as server:
        copy = fetching.fetch(server.url("/memo"), fetched_memos._PAGE, reach=server.reach)
    assert copy is not None
    assert (copy.media_type, copy.address) == ("text/html; charset=utf-8", server.url("/memo"))
    assert server.header("User-Agent") == "Throughline page reader"
    assert (server.header("Accept") or "").startswith("text/html")


def test_what_is_said_of_a_page_says_page_and_what_to_do() -> None:
    with (
        serving(reply(b"", status="403 Forbidden")) as server,
        pytest.raises(FetchError, match=r"does not let me read that page\. It may need you to sign in"),
    ):
        fetching.fetch(server.url("/memo"), fetched_memos._PAGE, reach=server.reach)


def test_a_webcal_address_is_no_page() -> None:
    with pytest.raises(FetchError, match="address of a page begins with https"):
        fetch_page("webcal://sycamore.example/a.ics")


@pytest.mark.parametrize("data", [RSS, ATOM], ids=["rss", "atom"])
def test_a_feed_read_apart_is_what_it_is_read_here(data: bytes) -> None:
    assert read_feed_apart(data) == read_feed(data)


def test_what_is_no_feed_is_said_across_the_processes() -> None:
    with pytest.raises(FeedFault, match="not an RSS or Atom feed"):
        read_feed_apart(b"<html></html>")


def test_a_reader_that_takes_too_long_is_stopped() -> None:
    with pytest.raises(FeedFault, match="takes longer to read"):
        read_feed_apart(RSS, seconds=0.01)
