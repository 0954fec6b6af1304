"""Fetching a calendar feed: a district publishes its school year, a person a calendar of their own, as an address."""

import ssl

import httpx

from bot.services import fetching
from bot.services.fetching import NOTHING_KNOWN, SECONDS, Copy, Fault, FetchError, Validators, Wanted
from bot.services.safe_network import PUBLIC, Reach, Resolve, resolve_name
from protocols.cadence.feed_addresses import CALENDAR

MAX_BYTES = 5_000_000
"""A district's whole year is a few hundred kilobytes."""
_WANTED = Wanted(
    noun="calendar",
    accept="text/calendar, text/plain;q=0.5, */*;q=0.1",
    kind=CALENDAR,
    limit=MAX_BYTES,
    again="Copy the private address again.",
    renewed="Copy its private address again; it may have been renewed.",
    smaller="Use one without old entries or attachments.",
    public="Use the calendar's public address.",
)


def check(address: str) -> httpx.URL:
    """The address as it is asked for. Raises ``FetchError``."""
    return fetching.check(address, CALENDAR)


def fetch(
    address: str,
    *,
    known: Validators = NOTHING_KNOWN,
    limit: int = MAX_BYTES,
    reach: Reach = PUBLIC,
    resolve: Resolve = resolve_name,
    seconds: float = SECONDS,
    trusted: ssl.SSLContext | None = None,
) -> Copy | None:
    """The calendar, or None where it has not changed since ``known``. Raises ``FetchError``; see ``fetching.fetch``."""
    copy = fetching.fetch(
        address,
        _WANTED,
        known=known,
        limit=limit,
        reach=reach,
        resolve=resolve,
        seconds=seconds,
        trusted=trusted,
    )
    if copy is not None and copy.data.lstrip()[:1] == b"<":
        raise FetchError(
            f"{check(address).host} answers with a web page, not a calendar. Copy the private address in iCal format, "
            "which mostly ends in .ics.",
            Fault.ADDRESS,
        )
    return copy
