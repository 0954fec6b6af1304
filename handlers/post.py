"""Putting cards into the outbox, now or when the recipient may be disturbed."""

from datetime import datetime, timedelta

from handlers.card_codec import encode_card
from handlers.cards import Card, Chart, Download
from handlers.courtesy.snoozing import with_snooze
from handlers.district import District, audience_of, zone_of
from handlers.message_kinds import kind_of
from protocols.cadence.courtesy import FATES, Fate, Hindrance
from storage import attachments, courtesy, homes, outbox, record
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
    place: int | None = None,
    thread: str = "",
    window: str = "",
) -> int | None:
    """Say it at once: the answer to what this person just did, or the other side of a run they are both in.

    Those pass even in protected time, for that is what it is for; after ``lifetime`` they are dropped. ``place``: it is
    the new state of what stands there; ``thread``: it belongs to that conversation (``storage/places.py``);
    ``window``: it is shown there, and ``place`` is then where the window was opened. The message's id,
    or None if it was said before.
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
        place=place,
        thread=thread,
        window=window,
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

    The kind's weight decides what else it waits for (``handlers/message_kinds.py``), now and again when it is sent.
    ``lifetime`` counts from when it may go; after that it is dropped rather than sent late.
    """
    fates = FATES[kind_of(kind).weight]
    start = max(now, not_before or now)
    is_away = is_away_at(tx, district, recipient, start)
    at = start if fates[Hindrance.CLOSED] is Fate.SENT and not is_away else None
    at = at or open_instant(tx, district, recipient, start)
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
        waits_for=Hindrance.AWAY if is_away and fates[Hindrance.AWAY] is Fate.MERGED else "",
    )


def is_away_at(tx: Tx, district: District, person: Person, at: datetime) -> bool:
    """Whether the person has said to be away at that instant."""
    away = courtesy.wishes_of(tx, person.id).away
    return away is not None and away.covers(at.astimezone(zone_of(person, district)).date())


def open_instant(tx: Tx, district: District, recipient: Person, at: datetime) -> datetime:
    """The first instant from ``at`` on at which an unasked message may reach this person."""
    return district.next_open(
        at,
        zone=zone_of(recipient, district),
        audience=audience_of(tx, recipient, at),
        wishes=courtesy.wishes_of(tx, recipient.id),
    )


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
    waits_for: str = "",
    place: int | None = None,
    thread: str = "",
    window: str = "",
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
        waits_for=waits_for,
        replaces=kind_of(kind).replaces,
        place_id=None if window else place,
        thread=thread,
        window=window,
        origin_id=place if window else None,
    )
    if message_id is not None:
        homes.touch(tx, recipient_id, at=now)
        if kind_of(kind).may_snooze and not asked:
            outbox.reword(tx, message_id, card=encode_card(with_snooze(card, message_id)))
        for position, block in enumerate(card.blocks):
            if isinstance(block, Chart | Download):
                attachments.attach(tx, message_id=message_id, position=position, token=record.new_token())
    return message_id
