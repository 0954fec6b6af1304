"""What a unit's own program sends to POST /mandates: whose it is, whether it may, and what came of it.

Three steps, each a transaction of its own, so that a program that hears nothing can send the same again and nothing
is lost or doubled: ``admit`` knows the token and counts the request, ``keep`` keeps what was sent, ``take`` makes a
memo of its words. The same words are the same memo, with a ``ref`` or without; the same ``ref`` with other words is a
new version of it.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from handlers.intake import arrivals
from protocols.documents.document import Document, DocumentFault, Kind
from storage import mandate_tokens, mandates, originals, versions
from storage.database import Store
from storage.originals import Arrival, Original, Source

MOST_AN_HOUR = 120
"""Requests of one token. An office has a few memos a week; a first load of its archive has some hundreds."""
LONGEST_REF = 200
LONGEST_TITLE = 300


class RefusedError(Exception):
    """The request is not taken. ``status`` is HTTP's, the text a sentence for whoever wrote the program."""

    def __init__(self, status: int, sentence: str, *, wait: timedelta | None = None) -> None:
        super().__init__(sentence)
        self.status = status
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Admitted:
    """A request with a good token, of that office."""

    token_id: int
    unit: str
    made_by: int


@dataclass(frozen=True, slots=True)
class Posted:
    """What was sent. ``ref`` is the sender's own name for it, empty for none."""

    data: bytes
    name: str
    media_type: str
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """What came of it: the memo's id, how many demands it has, whether it was known already, and what of it could not
    be read."""

    id: int
    demands: int
    known: bool
    notes: tuple[str, ...] = ()


def admit(store: Store, token: str | None, now: datetime) -> Admitted:
    """Whose token it is. Raises ``RefusedError``: 401 for none or a wrong one, 429 for too many requests."""
    with store.begin() as tx:
        row = mandate_tokens.find(tx, token) if token else None
        if row is None or row.id is None:
            raise RefusedError(
                401, "That token is missing, wrong or taken back. Send it as Authorization: Bearer tl_…"
            )
        wait = mandate_tokens.count_use(tx, row.id, most=MOST_AN_HOUR, now=now)
        if wait is not None:
            minutes = max(1, -(-int(wait.total_seconds()) // 60))
            raise RefusedError(
                429,
                f"That is more than {MOST_AN_HOUR} requests an hour. Try again in {minutes} min.",
                wait=wait,
            )
        return Admitted(row.id, row.unit, row.made_by)


def compose(text: str, *, title: str = "", day: date | None = None) -> str:
    """The text with the title and day that were sent beside it above it, as a memo bears them."""
    lines = []
    if title:
        lines.append(f"Subject: {title}")
    if day is not None:
        lines.append(f"Date: {day:%B} {day.day}, {day.year}")
    return "\n".join([*lines, "", text]) if lines else text


def as_document(text: str) -> Document:
    """A text that needed no reader."""
    return Document(text, Kind.TEXT)


def with_head(document: Document, *, title: str = "", day: date | None = None) -> Document:
    """A file's words with what was sent beside it above them."""
    return replace(document, text=compose(document.text, title=title, day=day))


def keep(store: Store, admitted: Admitted, posted: Posted, now: datetime) -> Original:
    """Keep what was sent, as it is; what was sent under the same ``ref`` with the same bytes is found again."""
    # The token may be renewed, so the office says whose ref it is; the bytes say which version of it.
    mark = hashlib.sha256(posted.data).hexdigest()[:16]
    ref = f"{admitted.unit.casefold()}:{posted.ref}:{mark}"
    with store.begin() as tx:
        return originals.receive_original(
            tx,
            Arrival(
                posted.data,
                Source.POST,
                now,
                source_ref=ref,
                name=posted.name,
                media_type=posted.media_type,
                unit=admitted.unit,
                sender_id=admitted.made_by,
            ),
        )


def answer_again(store: Store, original: Original) -> Accepted:
    """What came of what was sent and read before. Raises ``RefusedError`` (422) where it was nothing."""
    if original.mandate_id is None:
        raise RefusedError(422, original.why)
    with store.read() as tx:
        memo = mandates.get(tx, original.mandate_id)
        return Accepted(original.mandate_id, len(versions.standing(tx, memo)) if memo else 0, known=True)


def take(store: Store, original: Original, read: Document | DocumentFault, now: datetime) -> Accepted:
    """Make a memo of the words. Raises ``RefusedError`` (422) where none comes of them; what was sent stays kept."""
    with store.begin() as tx:
        settled = arrivals.settle(tx, original, read, now=now)
        if settled.taken is not None:
            taken = settled.taken
            stands = versions.standing(tx, taken.memo)
            return Accepted(taken.memo.id or 0, len(stands), taken.is_known, settled.notes)
    raise RefusedError(422, settled.why)
