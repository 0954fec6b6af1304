"""Putting cards into the outbox, now or when the recipient may be disturbed."""

from datetime import datetime, timedelta

from handlers.card_codec import encode_card
from handlers.cards import Card, Chart, Download
from handlers.district import District, audience_of, zone_of
from storage import outbox, record
from storage.database import Tx
from storage.people import Person


def tell_now(
    tx: Tx,
    recipient_id: int,
    card: Card,
    *,
    kind: str,
    period: str,
    now: datetime,
    subject: str = "",
    lifetime: timedelta | None = None,
) -> int | None:
    """Say it at once: the answer to what this person just did, or the other side of a run they are both in.

    Those pass even in protected time, for that is what it is for; after ``lifetime`` they are dropped. The message's
    id, or None if it was said before.
    """
    return _put(
        tx,
        recipient_id,
        card,
        kind=kind,
        period=period,
        now=now,
        not_before=now,
        asked=True,
        subject=subject,
        expires_at=now + lifetime if lifetime else None,
    )


def tell_when_open(
    tx: Tx,
    district: District,
    recipient: Person,
    card: Card,
    *,
    kind: str,
    period: str,
    now: datetime,
    not_before: datetime | None = None,
    lifetime: timedelta | None = None,
    subject: str = "",
) -> int | None:
    """Say it in the recipient's next working half-hour outside protected time: nobody there asked for it.

    ``lifetime`` counts from when it may go; after that it is dropped rather than sent late.
    """
    at = open_instant(tx, district, recipient, max(now, not_before or now))
    return _put(
        tx,
        recipient.id,
        card,
        kind=kind,
        period=period,
        now=now,
        not_before=at,
        asked=False,
        subject=subject,
        expires_at=at + lifetime if lifetime else None,
    )


def open_instant(tx: Tx, district: District, recipient: Person, at: datetime) -> datetime:
    """The first instant from ``at`` on at which an unasked message may reach this person."""
    return district.next_open(at, zone=zone_of(recipient, district), audience=audience_of(tx, recipient, at))


def _put(
    tx: Tx,
    recipient_id: int,
    card: Card,
    *,
    kind: str,
    period: str,
    now: datetime,
    not_before: datetime,
    asked: bool,
    subject: str,
    expires_at: datetime | None = None,
) -> int | None:
    message_id = outbox.put(
        tx,
        recipient_id=recipient_id,
        kind=kind,
        period=period,
        card=encode_card(card),
        asked=asked,
        not_before=not_before,
        created_at=now,
        subject=subject,
        expires_at=expires_at,
    )
    if message_id is not None:
        for position, block in enumerate(card.blocks):
            if isinstance(block, Chart | Download):
                outbox.attach(tx, message_id=message_id, position=position, token=record.new_token())
    return message_id
