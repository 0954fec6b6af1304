"""Fetching a calendar feed: a district publishes its school year as an address that calendars subscribe to."""

import httpx

MAX_BYTES = 5_000_000
"""A district's whole year is a few hundred kilobytes."""
TIMEOUT = httpx.Timeout(20.0, connect=10.0)


class FeedError(Exception):
    """The feed cannot be had; the text says why."""


def is_address(text: str) -> bool:
    return text.lower().startswith(("http://", "https://", "webcal://"))


def fetch(address: str, *, transport: httpx.BaseTransport | None = None) -> bytes:
    """The feed's content. Raises ``FeedError``. ``webcal`` is what calendar programs call ``https``."""
    if address.lower().startswith("webcal://"):
        address = "https://" + address[len("webcal://") :]
    try:
        with (
            httpx.Client(timeout=TIMEOUT, follow_redirects=True, transport=transport) as client,
            client.stream("GET", address) as response,
        ):
            if response.status_code != 200:
                raise FeedError(
                    f"{address} answers {response.status_code}, not a calendar. Is the feed public?"
                )
            data = bytearray()
            for chunk in response.iter_bytes():
                data += chunk
                if len(data) > MAX_BYTES:
                    raise FeedError(
                        f"{address} is larger than {MAX_BYTES // 1_000_000} MB; no school year is."
                    )
            return bytes(data)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise FeedError(f"{address} cannot be reached ({type(error).__name__}).") from None
