"""Addresses of calendars and pages as people paste them: what is one, whose, and what of it may be kept in a chat.

The private address of a calendar is as good as a password: whoever has it reads the calendar.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

LONGEST = 2_000
SCHEMES = {"http": "http", "https": "https", "webcal": "https", "webcals": "https"}
"""What may stand before ``://``, and how it is asked for: ``webcal`` is what calendar programs call ``https``."""

_ANY = re.compile(r"\b(?:https?|webcals?)://[^\s<>|\"]+", re.IGNORECASE)
_OF_A_CALENDAR = re.compile(r"^webcal|\.ics\b|/ical/|calendar|private-", re.IGNORECASE)
_SURELY_A_CALENDAR = re.compile(r"^webcal|\.ics\b|/ical/", re.IGNORECASE)
_ALONE = re.compile(r"\s*<?(?P<address>https?://[^\s<>|\"]+)>?\s*", re.IGNORECASE)
_CONNECTING = re.compile(r"\bconnect\b.*\bcalendar\b|\bfollow\b.*\bfeed\b", re.IGNORECASE | re.DOTALL)


class AddressFault(ValueError):
    """Not the address of a calendar; the text says what to do, and never holds the address."""


@dataclass(frozen=True, slots=True)
class FeedAddress:
    """``url`` begins with http or https; ``host`` is the part that may be shown."""

    url: str
    host: str


@dataclass(frozen=True, slots=True)
class AddressKind:
    """What may stand before ``://`` and how it is asked for; what is said of an address that begins otherwise, and of
    one with a user name or password in it."""

    schemes: Mapping[str, str]
    begins: str
    has_password: str


CALENDAR = AddressKind(
    SCHEMES,
    "A calendar's address begins with https:// or webcal://. Copy it again, whole.",
    "That address has a user name or password in it. Use the calendar's private address, which needs none.",
)
PAGE = AddressKind(
    {"http": "http", "https": "https"},
    "The address of a page begins with https://. Copy it again, whole.",
    "That address has a user name or password in it, which I do not keep. Send the page as a file, or paste its words.",
)


def read_address(text: str, kind: AddressKind = CALENDAR) -> FeedAddress:
    """An address of that kind. Raises ``AddressFault`` for other schemes, for one without a host, with a user name or
    password in it, too long, or with blanks and control characters."""
    cleaned = text.strip()
    if len(cleaned) > LONGEST:
        raise AddressFault("That address is too long for one. Copy it again.")
    if re.search(r"[\s\x00-\x20\x7f]", cleaned):
        raise AddressFault("That is not an address I can read. Copy it again, whole.")
    try:
        parts = urlsplit(cleaned)
        host, user = parts.hostname or "", parts.username is not None or parts.password is not None
        parts.port  # noqa: B018 - reading it is the check
    except ValueError:
        raise AddressFault("That is not an address I can read. Copy it again, whole.") from None
    scheme = kind.schemes.get(parts.scheme.lower())
    if scheme is None:
        raise AddressFault(kind.begins)
    if user:
        raise AddressFault(kind.has_password)
    if not host:
        raise AddressFault("That address names no host. Copy it again, whole.")
    return FeedAddress(parts._replace(scheme=scheme, fragment="").geturl(), host)


def is_address(text: str) -> bool:
    return text.strip().lower().startswith(tuple(f"{scheme}://" for scheme in SCHEMES))


def lone_page(text: str) -> str | None:
    """The address of a page, where a text is nothing else; None for words, and for a calendar's."""
    found = _ALONE.fullmatch(text)
    if found is None or _SURELY_A_CALENDAR.search(found["address"]):
        return None
    return found["address"]


def find_address(text: str) -> str | None:
    """The first address in what somebody wrote, or None."""
    found = _ANY.search(text)
    return found[0].rstrip(").,;") if found else None


def redact(text: str) -> str:
    """The text as it may be kept: of a calendar's address only the host. In words that connect a calendar, or follow
    a feed, every address is one."""
    is_connecting = _CONNECTING.search(text) is not None

    def shorten(match: re.Match[str]) -> str:
        address = match[0]
        if not is_connecting and not _OF_A_CALENDAR.search(address):
            return address
        try:
            return f"{urlsplit(address).scheme}://{urlsplit(address).hostname}/…"
        except ValueError:
            return "(an address)"

    return _ANY.sub(shorten, text)
