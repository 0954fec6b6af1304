"""Fetching feeds from real servers on this machine; what is refused, and how it is said."""

import gzip
import logging
import socket
import ssl
import time
import zlib
from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.services.calendar_feed import check, fetch
from bot.services.fetching import MAX_REDIRECTS, Copy, Fault, FetchError, Validators
from bot.services.safe_network import Reach
from tests.certificate import make_certificate
from tests.unit.services.server import Server, reply, serving

CALENDAR = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"
SECRET = "/private-0123456789abcdef/basic.ics"


def get(server: Server, path: str = SECRET, **more: object) -> Copy | None:
    return fetch(server.url(path), reach=server.reach, **more)  # type: ignore[arg-type]  # a test's shorthand


def refused(server: Server, path: str = SECRET, **more: object) -> FetchError:
    with pytest.raises(FetchError) as caught:
        get(server, path, **more)
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None
    return caught.value


def test_a_feed_comes_with_what_the_other_side_calls_it() -> None:
    with serving(reply(CALENDAR, 'ETag: "v1"', "Last-Modified: Mon, 30 Nov 2026 10:00:00 GMT")) as server:
        feed = get(server)
    assert feed == Copy(CALENDAR, Validators('"v1"', "Mon, 30 Nov 2026 10:00:00 GMT"))
    assert server.header("User-Agent") == "Throughline calendar reader"
    assert server.header("If-None-Match") is None


def test_what_has_not_changed_is_not_sent_again() -> None:
    with serving(reply(b"", status="304 Not Modified")) as server:
        assert get(server, known=Validators('"v1"', "Mon, 30 Nov 2026 10:00:00 GMT")) is None
    assert server.header("If-None-Match") == '"v1"'
    assert server.header("If-Modified-Since") == "Mon, 30 Nov 2026 10:00:00 GMT"


def test_not_changed_is_no_answer_to_who_has_nothing() -> None:
    with serving(reply(b"", status="304 Not Modified")) as server:
        assert refused(server).fault is Fault.LATER


def test_a_packed_feed_is_unpacked() -> None:
    with serving(reply(gzip.compress(CALENDAR), "Content-Encoding: gzip")) as server:
        feed = get(server)
    assert feed is not None
    assert feed.data == CALENDAR


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"x" * 7_000, ()),
        (gzip.compress(b"x" * 5_000_000), ("Content-Encoding: gzip",)),
        (gzip.compress(b"x" * 6_001), ("Content-Encoding: gzip",)),
    ],
    ids=["as it is", "packed small", "one byte over"],
)
def test_what_is_too_large_is_refused_packed_or_not(body: bytes, headers: tuple[str, ...]) -> None:
    with serving(reply(body, *headers)) as server:
        fault = refused(server, limit=6_000)
    assert "is larger than" in str(fault)
    assert fault.fault is Fault.ADDRESS


def test_what_says_beforehand_that_it_is_too_large_is_not_read() -> None:
    with serving(reply(b"", length=10**15)) as server:
        assert "is larger than" in str(refused(server))


def test_what_never_says_how_long_it_is_is_cut_off_at_the_limit() -> None:
    def endless(_request: bytes, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            connection.sendall(b"400\r\n" + b"x" * 1_024 + b"\r\n")

    with serving(endless) as server:
        assert "is larger than" in str(refused(server, limit=100_000))


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "deflate"])
def test_packing_that_nobody_asked_for_is_refused(encoding: str) -> None:
    with serving(reply(zlib.compress(CALENDAR), f"Content-Encoding: {encoding}")) as server:
        assert "packs the calendar" in str(refused(server))


@pytest.mark.parametrize(
    "body", [b"not packed at all", gzip.compress(CALENDAR)[:-12]], ids=["false", "cut off"]
)
def test_a_damaged_package_is_refused(body: bytes) -> None:
    with serving(reply(body, "Content-Encoding: gzip")) as server:
        assert refused(server).fault is Fault.LATER


@pytest.mark.parametrize(
    ("status", "fault", "words"),
    [
        ("401 Unauthorized", Fault.GONE, "does not let me read"),
        ("403 Forbidden", Fault.GONE, "does not let me read"),
        ("404 Not Found", Fault.GONE, "has no calendar at that address"),
        ("410 Gone", Fault.GONE, "has no calendar at that address"),
        ("500 Oops", Fault.LATER, "answers 500"),
        ("206 Partial Content", Fault.LATER, "answers 206"),
        ("302 Found", Fault.LATER, "answers 302"),
    ],
)
def test_other_answers_are_said_with_what_to_do(status: str, fault: Fault, words: str) -> None:
    with serving(reply(b"", status=status)) as server:
        found = refused(server)
    assert (found.fault, words in str(found)) == (fault, True)


@pytest.mark.parametrize(
    ("said", "wait"),
    [("120", timedelta(seconds=120)), ("9999999", timedelta(days=1)), ("soon", None), ("-5", None)],
)
def test_who_asks_to_wait_is_heard(said: str, wait: timedelta | None) -> None:
    with serving(reply(b"", f"Retry-After: {said}", status="429 Too Many Requests")) as server:
        assert refused(server).wait == wait


def test_a_web_page_is_no_calendar() -> None:
    with serving(reply(b"\n <!doctype html><title>Sign in</title>")) as server:
        assert "a web page, not a calendar" in str(refused(server))


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200_000,
    ],
    ids=["hangs up", "nonsense", "cut off", "endless head"],
)
def test_what_is_no_answer_is_a_sentence(answer: bytes) -> None:
    def send(_request: bytes, connection: socket.socket) -> None:
        connection.sendall(answer)

    with serving(send) as server:
        assert "cannot be reached" in str(refused(server))


@pytest.mark.parametrize(
    "head", [b"", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"], ids=["head", "body"]
)
def test_who_dribbles_is_left_after_the_time_for_all_of_it(head: bytes) -> None:
    def dribble(_request: bytes, connection: socket.socket) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(b"1\r\nx\r\n" if head else b"H")
            time.sleep(0.01)

    with serving(dribble) as server:
        assert "takes too long" in str(refused(server, seconds=0.3))


# ---------------------------------------------------------------- redirects


def to(location: str) -> object:
    return reply(b"", f"Location: {location}", status="302 Found")


def test_a_redirect_is_followed_and_a_relative_one_too() -> None:
    def answer(request: bytes, connection: socket.socket) -> None:
        if request.startswith(b"GET /old"):
            reply(b"", "Location: ../new.ics?x=1", status="301 Moved")(request, connection)
        else:
            reply(CALENDAR)(request, connection)

    with serving(answer) as server:
        feed = get(server, "/old/basic.ics")
    assert feed is not None
    assert server.requests[1].startswith(b"GET /new.ics?x=1 ")


def test_five_redirects_are_followed_and_not_six() -> None:
    def answer(request: bytes, connection: socket.socket) -> None:
        step = int(request.split(b" ")[1].strip(b"/") or b"0")
        body = reply(CALENDAR) if step == 0 else reply(b"", f"Location: /{step - 1}", status="302 Found")
        body(request, connection)

    with serving(answer) as server:
        assert get(server, "/5") is not None
        assert "more than 5 times" in str(refused(server, "/6"))


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("http://169.254.169.254/latest/meta-data/", "port 80"),
        ("http://localhost:22/", "port 22"),
        ("file:///etc/passwd", "begins with https"),
        ("ftp://calendar.example/basic.ics", "begins with https"),
        ("http://someone:password@127.0.0.1/", "user name or password"),
        ("http://[::1", "no address"),
    ],
)
def test_each_step_is_checked_like_the_first(location: str, words: str) -> None:
    with serving(reply(b"", f"Location: {location}", status="302 Found")) as server:
        fault = refused(server)
    assert words in str(fault)
    assert fault.fault is Fault.ADDRESS
    assert len(server.requests) == 1


def test_a_redirect_into_the_network_is_refused_by_its_address() -> None:
    with serving(reply(b"", "Location: http://inside.example:{port}/", status="302 Found")) as server:
        answer = reply(b"", f"Location: http://inside.example:{server.port}/", status="302 Found")
    with serving(answer) as first:
        reach = Reach(ports=frozenset({first.port, server.port}), is_loopback_allowed=True)

        def resolve(host: str, port: int) -> list[str]:
            return ["10.0.0.7"] if host == "inside.example" else ["127.0.0.1"]

        with pytest.raises(FetchError, match="inside a private network"):
            fetch(first.url(), reach=reach, resolve=resolve)


# ---------------------------------------------------------------- names


def test_a_name_that_turns_private_at_the_second_look_is_looked_up_once() -> None:
    """DNS rebinding: whatever the name says after it was checked, the connection goes to what was checked."""
    looked: list[str] = []

    def resolve(host: str, port: int) -> Sequence[str]:
        looked.append(host)
        return ["127.0.0.1"] if len(looked) == 1 else ["10.0.0.1"]

    with serving(reply(CALENDAR)) as server:
        feed = fetch(server.url(host="calendar.example"), reach=server.reach, resolve=resolve)
    assert feed is not None
    assert looked == ["calendar.example"]
    assert server.header("Host") == f"calendar.example:{server.port}"


def test_a_name_that_turns_private_between_two_steps_is_refused_at_the_second() -> None:
    looked: list[str] = []

    def resolve(host: str, port: int) -> Sequence[str]:
        looked.append(host)
        return ["127.0.0.1"] if len(looked) == 1 else ["192.168.0.1"]

    with (
        serving(reply(b"", "Location: /again", status="302 Found")) as server,
        pytest.raises(FetchError, match="inside a private network"),
    ):
        fetch(server.url(host="calendar.example"), reach=server.reach, resolve=resolve)


def test_the_second_address_of_a_name_is_tried_where_the_first_does_not_answer() -> None:
    with serving(reply(CALENDAR)) as server:
        addresses = ["127.0.0.2", "127.0.0.1"]  # the server listens on the second only
        feed = fetch(server.url(host="calendar.example"), reach=server.reach, resolve=lambda h, p: addresses)
    assert feed is not None


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "0x7f.1", "2130706433", "127.1", "[::1]", "[::ffff:127.0.0.1]"]
)
def test_this_machine_is_refused_however_it_is_written(host: str) -> None:
    with pytest.raises(FetchError, match=r"inside a private network|cannot be reached"):
        fetch(f"http://{host}/basic.ics")


def test_an_unknown_name_is_a_sentence() -> None:
    def resolve(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(FetchError, match=r"nowhere\.example cannot be reached"):
        fetch("https://nowhere.example/basic.ics", resolve=resolve)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("ftp://calendar.example/a.ics", "begins with https"),
        ("calendar.example/a.ics", "begins with https"),
        ("javascript:alert(1)", "begins with https"),
        ("https://me:secret@calendar.example/a.ics", "user name or password"),
        ("https://me@calendar.example/a.ics", "user name or password"),
        ("https:///a.ics", "names no host"),
        ("https://calendar.example/" + "a" * 3_000, "too long"),
        ("https://calendar.example/\r\nX: y", "not an address"),
    ],
)
def test_what_is_no_address_of_a_calendar_is_said_with_what_to_do(address: str, words: str) -> None:
    with pytest.raises(FetchError, match=words) as caught:
        check(address)
    assert caught.value.fault is Fault.ADDRESS


def test_a_webcal_address_is_asked_for_with_encryption() -> None:
    assert str(check("webcal://calendar.example/a.ics#top")) == "https://calendar.example/a.ics"


# ---------------------------------------------------------------- certificates and the log


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context with a certificate for calendar.example, and a client's that trusts it."""
    folder = tmp_path_factory.mktemp("certificate")
    public, private = make_certificate(folder, hosts=["calendar.example"], addresses=["127.0.0.9"])
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(public, private)
    return server, ssl.create_default_context(cafile=str(public))


def test_the_certificate_is_checked_for_the_name_and_not_the_address(
    certified: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    theirs, ours = certified
    with serving(reply(CALENDAR), tls=theirs) as server:

        def ask(host: str) -> Copy | None:
            url = server.url(scheme="https", host=host)
            return fetch(url, reach=server.reach, resolve=lambda h, p: ["127.0.0.1"], trusted=ours)

        assert ask("calendar.example") is not None
        with pytest.raises(FetchError, match="no certificate that I can trust"):
            ask("other.example")


def test_a_certificate_of_nobody_known_is_refused(certified: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    with serving(reply(CALENDAR), tls=certified[0]) as server:
        url = server.url(scheme="https", host="calendar.example")
        with pytest.raises(FetchError, match="no certificate that I can trust"):
            fetch(url, reach=server.reach, resolve=lambda h, p: ["127.0.0.1"])


def test_a_secret_address_is_not_sent_on_without_encryption(
    certified: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    theirs, ours = certified
    answer = reply(b"", "Location: http://calendar.example/a.ics", status="302 Found")
    with serving(answer, tls=theirs) as server, pytest.raises(FetchError, match="without encryption"):
        fetch(
            server.url(scheme="https", host="calendar.example"),
            reach=server.reach,
            resolve=lambda h, p: ["127.0.0.1"],
            trusted=ours,
        )


def test_the_log_holds_no_address(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), serving(reply(CALENDAR)) as server:
        assert get(server) is not None
    assert SECRET not in caplog.text


def test_what_is_fetched_through_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy would connect for us, to wherever the name leads it."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with serving(reply(CALENDAR)) as server:
        assert get(server) is not None
    assert MAX_REDIRECTS == 5
