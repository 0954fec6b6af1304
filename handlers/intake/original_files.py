"""The file a memo came as, to open again: who may, for how long, and what of it is not in the memo's text."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.cards import Block, Download, Text
from handlers.handed_over import find_handed_over
from handlers.permissions import Right, Subject, may
from storage import mandates, originals, record
from storage.database import Store, Tx
from storage.originals import Original, Source
from storage.tables import MandateRow

OPENS_FOR = timedelta(days=7)
"""From the message that held it, an address opens a file so long; the memo's card gives a new one at any time."""
_OPENABLE = "application/octet-stream"
_MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".eml": "message/rfc822",
    ".txt": "text/plain",
}
"""By the name's end. Anything else is handed over as bytes: a web page of a stranger is not shown as one of ours."""
_MISLEADING = re.compile(r"[/\\\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""Strokes and breaks, and what makes letters run backwards so that a name seems to end otherwise than it does."""
_AS_TEXT = frozenset({Source.PASTED, Source.FORM})
"""What came as words is whole in the memo's text."""


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file handed over at an address."""

    name: str
    media_type: str
    data: bytes


def unread_parts(tx: Tx, memo: MandateRow) -> list[Block]:
    """What of the memo's original its text does not hold: pages that are pictures, attachments nobody could read."""
    original = originals.get(tx, memo.original_id) if memo.original_id else None
    if original is None or not original.why:
        return []
    first, *others = original.why.split("\n")
    return [Text(first, lead="Look at this yourself."), *(Text(line) for line in others)]


def file_of(tx: Tx, memo: MandateRow) -> Download | Text | None:
    """The memo's file, for a card; None where it came as words. One that had its time is said to be gone."""
    original = originals.get(tx, memo.original_id) if memo.original_id else None
    if original is None or original.source in _AS_TEXT:
        return None
    if original.let_go_at is not None:
        return Text(
            "The file it came as had its time and is not kept any more; these are its words.", quiet=True
        )
    return download_of(original)


def download_of(original: Original) -> Download:
    """An original, for a card that somebody reads who may see it."""
    return Download(
        _name(original), "The file as it came", "", _media_type(original), original_id=original.id
    )


def open_original(store: Store, token: str, now: datetime) -> OpenFile | None:
    """The file behind an address in a message, or None where it opens no more: its time is over, or its reader may not
    see the memo any longer."""
    with store.begin() as tx:
        held = find_handed_over(tx, token, now=now, opens_for=OPENS_FOR)
        if held is None or held.block.original_id is None:
            return None
        original = originals.get(tx, held.block.original_id)
        if original is None or original.let_go_at is not None:
            return None
        memo = mandates.get(tx, original.mandate_id) if original.mandate_id else None
        owners = mandates.owners_of(memo) if memo else frozenset(filter(None, {original.sender_id}))
        if not may(held.reader, Right.SEE_MANDATE, Subject(owner_ids=owners)):
            return None
        record.audit(
            tx, at=now, actor_id=held.reader.id, action="original.opened", object=f"original:{original.id}"
        )
        return OpenFile(held.block.name, held.block.media_type, originals.content_of(tx, original.id))


def _name(original: Original) -> str:
    if original.name.strip():
        return _MISLEADING.sub("_", original.name.strip())
    return f"memo-{original.id}" + {Source.MAIL: ".eml"}.get(original.source, "")


def _media_type(original: Original) -> str:
    name = _name(original).casefold()
    return next((kind for end, kind in _MEDIA_TYPES.items() if name.endswith(end)), _OPENABLE)
