"""Reading people's own calendars when they are due: the fetching between two decisions of ``handlers``.

Not part of a tick's other work: a slow host must not hold up a digest. Nothing is held open while a host answers;
each calendar is claimed in one transaction and its outcome kept in another.
"""

import logging
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from hashlib import sha256

from bot.services.busy_apart import Wanted, read_apart
from bot.services.calendar_feed import fetch
from bot.services.fetching import Copy, Fault, FetchError, Validators
from handlers.calendars import own_calendar_reading as reading
from handlers.calendars.own_calendar_reading import Failed, Read, Reading, Unchanged
from protocols.cadence.busy_files import MAX_BYTES, BusyFault, BusyTimes
from storage.database import Store, StoreBusyError

log = logging.getLogger(__name__)

AT_ONCE = 4
MOST_A_TICK = 60
"""The others are due at the next tick, a minute later."""

FetchFeed = Callable[[str, Validators], Copy | None]
ReadBusy = Callable[[bytes, Wanted], BusyTimes]

_STAMPS = re.compile(rb"(?m)^(?:DTSTAMP|LAST-MODIFIED|X-WR-[A-Z]+)[:;].*\r?\n")
"""Lines that some hosts write anew at every request, whatever has changed."""


def fetch_own(address: str, known: Validators) -> Copy | None:
    return fetch(address, known=known, limit=MAX_BYTES)


def read_own_calendars(
    store: Store, now: datetime, *, fetch: FetchFeed = fetch_own, read: ReadBusy = read_apart
) -> int:
    """Read the calendars that are due; how many were read, changed or not."""
    ids = reading.due(store, now, limit=MOST_A_TICK)
    if not ids:
        return 0
    with ThreadPoolExecutor(min(AT_ONCE, len(ids)), thread_name_prefix="calendars") as pool:
        return sum(pool.map(partial(_read_one, store, now, fetch, read), ids))


def _read_one(store: Store, now: datetime, fetch: FetchFeed, read: ReadBusy, person_id: int) -> bool:
    """One calendar, from the claim to what is kept; a bug in one does not keep the others from being read."""
    try:
        found = reading.begin(store, person_id, now)
        if found is None:
            return False
        outcome = _outcome(found, fetch, read)
        return reading.end(store, found, outcome, now) and not isinstance(outcome, Failed)
    except StoreBusyError:
        return False
    except Exception as error:  # noqa: BLE001 - see above; the claim runs out and it is tried again
        log.error("the calendar of person %d could not be read: %s", person_id, type(error).__name__)
        return False


def _outcome(found: Reading, fetch: FetchFeed, read: ReadBusy) -> Read | Unchanged | Failed:
    claimed = found.claimed
    known = Validators(claimed.etag, claimed.modified) if found.is_known_enough else Validators()
    try:
        feed = fetch(claimed.address, known)
        if feed is None:
            return Unchanged()
        fingerprint = sha256(_STAMPS.sub(b"", feed.data)).hexdigest()
        etag, modified = feed.validators.etag[:500], feed.validators.modified[:100]
        if found.is_known_enough and fingerprint == claimed.fingerprint:
            return Unchanged(etag, modified)
        wanted = Wanted.of(
            found.zone, found.first, found.last, emails=found.emails, keeps_titles=claimed.keeps_titles
        )
        return Read(read(feed.data, wanted), etag, modified, fingerprint)
    except FetchError as error:
        return Failed(str(error), is_lasting=error.fault is not Fault.LATER, wait=error.wait)
    except BusyFault as error:
        return Failed(str(error), is_lasting=True)
