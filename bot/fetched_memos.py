"""Fetching memos that stand elsewhere: pages that people named, feeds that the district follows.

Between asking the database what is due and writing down what came, no transaction is open: the other side may take a
minute. What came is kept before it is read, and read in a process of its own.
"""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial

from bot.services import fetching
from bot.services.fetching import NOTHING_KNOWN, Copy, Fault, FetchError, Validators, Wanted
from handlers import clock
from handlers.intake import memo_feeds, pages, ways_in
from handlers.intake.memo_feeds import DueFeed, Waiting
from handlers.intake.pages import DuePage
from protocols.buffer.feed_entries import FeedFault, MemoFeed, with_teaser
from protocols.cadence.feed_addresses import PAGE
from protocols.documents.document import MAX_BYTES, Document, DocumentFault, Kind
from storage import originals
from storage.database import Store, StoreBusyError

log = logging.getLogger(__name__)

AT_ONCE = 4
MOST_A_TICK = 20
"""The others are due at the next tick, some seconds later."""

Fetch = Callable[[str, Validators], Copy | None]
"""From an address, and what the last copy was called, to a new copy or None. Raises ``FetchError``."""
ReadDocument = Callable[[bytes], Document]
"""Raises ``DocumentFault``."""
ReadFeed = Callable[[bytes], MemoFeed]
"""Raises ``FeedFault``."""

_PAGE = Wanted(
    noun="page",
    accept="text/html, application/pdf, application/vnd.openxmlformats-officedocument.wordprocessingml.document, "
    "text/plain;q=0.8, */*;q=0.1",
    kind=PAGE,
    limit=MAX_BYTES,
    again="Copy its address again.",
    renewed="It may need you to sign in, or have moved.",
    smaller="Send the part that asks for something.",
    public="I fetch only what is open to everybody.",
)
_FEED = Wanted(
    noun="feed",
    accept="application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1",
    kind=PAGE,
    limit=5_000_000,
    again="Copy its address again.",
    renewed="It may have moved; ask whoever publishes it.",
    smaller="Ask for one with the newest entries only.",
    public="I follow only what is open to everybody.",
)


def fetch_page(address: str, known: Validators = NOTHING_KNOWN) -> Copy | None:
    return fetching.fetch(address, _PAGE, known=known)


def fetch_feed(address: str, known: Validators) -> Copy | None:
    return fetching.fetch(address, _FEED, known=known)


def page_job(read: ReadDocument, *, fetch: Fetch = fetch_page) -> clock.Job:
    """A job: fetch the pages that are due; how many were asked for."""

    def run(store: Store, now: datetime) -> int:
        due = pages.take_due(store, now, limit=MOST_A_TICK)
        return _each(partial(_take_page, store, now, fetch, read), due)

    return run


def feed_job(
    read: ReadDocument, read_feed: ReadFeed, *, fetch: Fetch = fetch_feed, fetch_linked: Fetch = fetch_page
) -> clock.Job:
    """A job: read the feeds that are due; how many were asked for."""

    def run(store: Store, now: datetime) -> int:
        due = memo_feeds.take_due(store, now, limit=MOST_A_TICK)
        return _each(partial(_take_feed, store, now, fetch, fetch_linked, read, read_feed), due)

    return run


def unread_job(read: ReadDocument) -> clock.Job:
    """A job: read what was kept and whose reader died, and the mails an administrator took in; how many."""

    def run(store: Store, now: datetime) -> int:
        return sum(
            read_original(store, one, read, now=now) for one in ways_in.unread(store, now, limit=MOST_A_TICK)
        )

    return run


def read_original(store: Store, original_id: int, read: ReadDocument, *, now: datetime) -> bool:
    """Read an original and take its words in; False where that was done before."""
    with store.read() as tx:
        data = originals.content_of(tx, original_id)
    return ways_in.take_words(store, original_id, read_or_fault(read, data), now=now)


def read_or_fault(read: ReadDocument, data: bytes) -> Document | DocumentFault:
    """The document, or why it is none."""
    try:
        return read(data)
    except DocumentFault as fault:
        return fault


def _each(take: Callable[..., None], due: list[DuePage] | list[DueFeed]) -> int:
    """Several at a time; a bug in one does not keep the others from being read."""
    if not due:
        return 0

    def guarded(one: DuePage | DueFeed) -> None:
        try:
            take(one)
        except StoreBusyError:
            return  # its lease runs out and it is tried again
        except Exception as error:  # noqa: BLE001 - see above
            log.error("%s %d could not be read: %s", type(one).__name__, one.id, type(error).__name__)

    with ThreadPoolExecutor(min(AT_ONCE, len(due)), thread_name_prefix="memos") as pool:
        list(pool.map(guarded, due))
    return len(due)


def _take_page(store: Store, now: datetime, fetch: Fetch, read: ReadDocument, one: DuePage) -> None:
    try:
        copy = fetch(one.address, NOTHING_KNOWN)
        assert copy is not None  # nothing is known, so "not changed" is no answer
    except FetchError as error:
        is_lasting = error.fault is not Fault.LATER
        pages.take_fault(store, one.id, str(error), is_lasting=is_lasting, wait=error.wait, now=now)
        return
    original = pages.keep_copy(
        store, one.id, copy.data, address=copy.address or one.address, media_type=copy.media_type, now=now
    )
    if original is not None:
        read_original(store, original.id, read, now=now)


def _take_feed(
    store: Store,
    now: datetime,
    fetch: Fetch,
    fetch_linked: Fetch,
    read: ReadDocument,
    read_feed: ReadFeed,
    one: DueFeed,
) -> None:
    try:
        copy = fetch(one.address, Validators(one.etag, one.modified))
        if copy is None or (one.digest and memo_feeds.digest_of(copy.data) == one.digest):
            memo_feeds.take_unchanged(store, one.id, now=now)
            return
        feed = read_feed(copy.data)
    except FetchError as error:
        is_lasting = error.fault is not Fault.LATER
        memo_feeds.take_fault(store, one.id, str(error), is_lasting=is_lasting, wait=error.wait, now=now)
        return
    except FeedFault as fault:
        memo_feeds.take_fault(store, one.id, str(fault), is_lasting=True, wait=None, now=now)
        return
    waiting = memo_feeds.keep_entries(
        store,
        one.id,
        feed,
        digest=memo_feeds.digest_of(copy.data),
        etag=copy.validators.etag[:500],
        modified=copy.validators.modified[:100],
        now=now,
    )
    for entry in waiting:
        _take_entry(store, now, fetch_linked, read, entry)


def _take_entry(store: Store, now: datetime, fetch: Fetch, read: ReadDocument, waiting: Waiting) -> None:
    """An entry, with the page that it only announces and the files that hang on it. What of them cannot be had or read
    is said to whoever follows the feed: there may be a deadline in it."""
    entry, original = waiting.entry, waiting.original
    words = read_or_fault(read, entry.page.encode())
    text, notes = (words.text, words.notes) if isinstance(words, Document) else ("", ())
    for address in entry.leads_to:
        try:
            copy = fetch(address, NOTHING_KNOWN)
            assert copy is not None  # nothing is known, so "not changed" is no answer
            memo_feeds.keep_linked(
                store, original, copy.data, address=address, media_type=copy.media_type, now=now
            )
            found = read(copy.data)
        except (FetchError, DocumentFault) as fault:
            notes = (*notes, f"What it leads to could not be read: {fault}")
            continue
        text = with_teaser(text, found.text)
        notes = (*notes, *found.notes)
    if text.strip():
        words = Document(text, Kind.HTML, notes)
    ways_in.take_words(store, original.id, words, now=now)
