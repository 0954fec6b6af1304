"""Addresses of calendars in what people write, and what of them is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.cadence.feed_addresses import AddressFault, find_address, is_address, read_address, redact

SECRET = "private-0123456789abcdef"
GOOGLE = f"https://calendar.google.com/calendar/ical/grace%40district.example/{SECRET}/basic.ics"
OUTLOOK = f"https://outlook.office365.com/owa/calendar/{SECRET}@district.example/0a1b/calendar.ics"
APPLE = f"webcal://p42-caldav.icloud.com/published/2/{SECRET}"


@pytest.mark.parametrize("address", [GOOGLE, OUTLOOK, APPLE])
@pytest.mark.parametrize(
    "words",
    [
        "connect my calendar {}",
        "{}",
        "Connect my calendar: <{}>",
        "conect my calender {} please",
        "Here ({}).",
    ],
)
def test_a_calendars_address_is_found_and_kept_by_its_host_alone(words: str, address: str) -> None:
    text = words.format(address)
    assert find_address(text) == address
    kept = redact(text)
    assert SECRET not in kept
    assert read_address(address).host in kept


def test_in_words_that_connect_a_calendar_every_address_is_one() -> None:
    assert (
        redact("connect my calendar https://example.org/f/abc") == "connect my calendar https://example.org/…"
    )
    assert redact("see https://example.org/f/abc") == "see https://example.org/f/abc"


def test_webcal_is_asked_for_as_https_and_shown_by_its_host() -> None:
    found = read_address(APPLE + "#here")
    assert (found.url, found.host) == (APPLE.replace("webcal", "https"), "p42-caldav.icloud.com")
    assert is_address(APPLE)
    assert not is_address("calendar.ics")


@pytest.mark.parametrize(
    "address",
    [
        *(
            "",
            "calendar.ics",
            "https://",
            "https://host:port/x",
            "https://a b/",
            "https://a/\x00",
            "ssh://a/b.ics",
        ),
        *("https://u@a/", "https://:p@a/", "https://[::1/", "https://a/" + "x" * 2_000),
    ],
)
def test_other_words_are_refused_without_being_repeated(address: str) -> None:
    with pytest.raises(AddressFault) as caught:
        read_address(address)
    assert str(caught.value).endswith(".")
    assert not address or address not in str(caught.value)


@given(
    st.text(max_size=40),
    st.text(st.characters(categories=["L", "N"]), min_size=12, max_size=40),
    st.text(max_size=40),
)
def test_whatever_stands_round_it_no_secret_is_kept(before: str, secret: str, after: str) -> None:
    kept = redact(f"{before} https://calendar.example/ical/{secret}/basic.ics {after}")
    assert secret not in kept.replace(before, "").replace(after, "")
