"""Every way by which originals come in without being pasted, and what each does with their words.

An original is read between two transactions, by whoever took it in or, where that process died, by the next clock.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from handlers.intake import arrivals, mailbox, memo_feeds, pages
from handlers.intake.arrivals import is_open
from protocols.documents.document import Document, DocumentFault
from storage import mailboxes, originals
from storage.database import Store, Tx
from storage.originals import Original, Source

PATIENCE = timedelta(minutes=15)
"""So long whoever took an original in is given to read it."""

Read = Document | DocumentFault


def _take_posted(tx: Tx, original: Original, read: Read, *, now: datetime) -> None:
    """Of a program that went away before it was answered: it finds the memo when it sends the same again."""
    arrivals.settle(tx, original, read, now=now)


WORDS: Mapping[Source, Callable[..., None]] = {
    Source.WEB: pages.take_words,
    Source.FEED: memo_feeds.take_words,
    Source.MAIL: mailbox.take_words,
    Source.POST: _take_posted,
}


def take_words(store: Store, original_id: int, read: Read, *, now: datetime) -> bool:
    """Take in what was read of an original; False where somebody else has, or its way in reads for itself."""
    with store.begin() as tx:
        original = originals.get(tx, original_id)
        if original is None or not is_open(original) or original.source not in WORDS:
            return False
        WORDS[original.source](tx, original, read, now=now)
        return True


def unread(store: Store, now: datetime, *, limit: int) -> list[int]:
    """Originals that nobody reads: whoever took them in has died since, or an administrator took a mail in."""
    with store.read() as tx:
        left = originals.waiting(tx, before=now - PATIENCE, limit=limit)
        ids = [*mailboxes.taken_unread(tx, limit=limit), *(one.id for one in left if one.source in WORDS)]
    return list(dict.fromkeys(ids))[:limit]
