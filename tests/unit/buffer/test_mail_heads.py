"""The head of a mail: from whom, which one, by a person or a machine, and whether the server vouches for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.buffer.mail_heads import read_head
from tests.computing import in_time
from tests.examples import tried

BODY = b"\r\n\r\nSchools must return the key list.\r\n"


def head(*lines: str) -> bytes:
    return "\r\n".join(lines).encode("utf-8", "surrogateescape") + BODY


@pytest.mark.parametrize(
    ("line", "address", "name"),
    [
        ("From: Dev Patel <Dev.Patel@District.Example>", "dev.patel@district.example", "Dev Patel"),
        ("From: dev@district.example", "dev@district.example", ""),
        ("From: =?utf-8?q?D=C3=A9v?= <d@district.example>", "d@district.example", "Dév"),
        ('From: "Patel, Dev" <d@district.example>', "d@district.example", "Patel, Dev"),
        ("Subject: none", "", ""),
        ("From:", "", ""),
    ],
)
def test_from_whom(line: str, address: str, name: str) -> None:
    read = read_head(head(line))
    assert (read.address, read.name) == (address, name)


def test_the_same_mail_by_two_ways_is_one_and_two_mails_with_one_id_are_two() -> None:
    first = read_head(head("Received: a", "Message-ID: <1@x>"))
    again = read_head(head("Received: b", "Received: c", "Message-ID: <1@x>"))
    other = read_head(head("Message-ID: <1@x>").replace(b"key", b"seat"))
    nameless = read_head(head("Subject: x"))
    assert first.reference == again.reference
    assert len({first.reference, other.reference, nameless.reference}) == 3


@pytest.mark.parametrize(
    ("lines", "is_automatic"),
    [
        (("Auto-Submitted: auto-replied",), True),
        (("Auto-Submitted: auto-replied (vacation)",), True),
        (("Content-Type: multipart/report; report-type=delivery-status; boundary=x",), True),
        (("Auto-Submitted: auto-generated",), False),  # an office's own program sends its memos so
        (("Auto-Submitted: no",), False),
        ((), False),
    ],
)
def test_an_answer_of_a_machine_is_none(lines: tuple[str, ...], is_automatic: bool) -> None:
    assert read_head(head("From: a@b.example", *lines)).is_automatic is is_automatic


@pytest.mark.parametrize(
    ("result", "is_unverified"),
    [
        ("mx.example; dmarc=fail header.from=b.example; spf=pass", True),
        ("mx.example; spf=fail; dkim=fail; dmarc=pass", False),
        ("mx.example; spf=fail smtp.mailfrom=x; dkim=none", False),
        ("mx.example; spf=fail; dkim=fail", True),
        ("mx.example; spf=fail", True),
        ("mx.example; spf=softfail; dkim=pass", False),
        ("mx.example; none", False),
    ],
)
def test_whether_the_server_says_that_the_sender_is_another(result: str, is_unverified: bool) -> None:
    read = read_head(head(f"Authentication-Results: {result}", "From: a@b.example"))
    assert read.is_unverified is is_unverified


def test_only_the_topmost_result_counts() -> None:
    theirs = "Authentication-Results: evil; dmarc=pass"
    forged = head("Authentication-Results: mx; dmarc=fail", theirs, "From: a@b.example")
    assert read_head(forged).is_unverified


@tried(150, deadline=None)
@given(st.binary(max_size=400))
def test_a_broken_head_is_a_head(data: bytes) -> None:
    for mail in (
        data,
        b"From: " + data,
        b"Message-ID: " + data,
        b"Content-Type: " + data,
        b"Subject: " + data,
    ):
        read = read_head(mail)
        assert read.reference
        assert not any("\x00" in text or "\n" in text for text in (read.address, read.name, read.subject))
        (read.reference + read.address + read.name + read.subject).encode()


FIELDS = ("From", "Subject", "Message-ID", "Authentication-Results", "Auto-Submitted", "Content-Type")


@pytest.mark.parametrize("field", FIELDS)
def test_a_header_of_a_quarter_of_a_million_letters_costs_no_more_than_others(field: str) -> None:
    """Any stranger may send one, and it is looked at by the process that does everything else, too."""
    for letters in (
        "a",
        "a ",
        "(",
        '"',
        "<",
        "\\\\",
        "[",
        ":",
        ",",
        "a@b.c, ",
        "=?utf-8?q?a?= ",
        "=?punycode?q?999?=",
        "a\r\n ",
    ):
        with in_time(4):
            read_head(head(f"{field}: {letters * (250_000 // len(letters))}"))
    with in_time(4):
        read_head(head(f"{field}: =?punycode?q?{'99' * 100_000}?="))


def test_what_fails_at_the_end_of_a_long_result_counts() -> None:
    """A sender chooses much of what stands before it."""
    result = f"mx.example; spf=pass smtp.mailfrom={'a' * 10_000}@x.example; dmarc=fail header.from=b.example"
    assert read_head(head(f"Authentication-Results: {result}")).is_unverified


def test_of_a_long_name_the_address_is_not_taken_from_the_middle() -> None:
    read = read_head(head(f"From: {'a' * 3_000} <dev@district.example>"))
    assert read.address != "dev@district.example"
