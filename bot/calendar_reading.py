"""Reading the published calendars that the district has subscribed to, as a job of the clock.

Between asking the database what is due and writing down what came, no transaction is open: the other side may take
a minute.
"""

from collections.abc import Callable
from datetime import datetime

from bot.services.calendar_feed import fetch
from bot.services.fetching import Copy, Fault, FetchError, Validators
from handlers.calendars import calendar_feeds
from storage.database import Store

Fetch = Callable[[str, Validators], Copy | None]
"""From an address, and what the last copy was called, to a new copy or None. Raises ``FetchError``."""


def _fetch(address: str, known: Validators) -> Copy | None:
    return fetch(address, known=known)


def feed_job(fetch: Fetch = _fetch) -> Callable[[Store, datetime], int]:
    """A job of the clock: read the feeds that are due; how many were asked for."""

    def run(store: Store, now: datetime) -> int:
        due = calendar_feeds.take_due(store, now)
        for one in due:
            try:
                feed = fetch(one.address, Validators(one.etag, one.modified))
            except FetchError as error:
                calendar_feeds.take_fault(
                    store,
                    one.id,
                    str(error),
                    is_lasting=error.fault is not Fault.LATER,
                    wait=error.wait,
                    now=now,
                )
                continue
            if feed is None:
                calendar_feeds.take_unchanged(store, one.id, now=now)
                continue
            calendar_feeds.take_copy(
                store,
                one.id,
                feed.data,
                etag=feed.validators.etag,
                modified=feed.validators.modified,
                now=now,
            )
        return len(due)

    return run
