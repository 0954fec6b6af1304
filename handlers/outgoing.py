"""The last look before a message goes out: does it still make sense, and may this person be disturbed now?

A message may have waited for days. In between the person may have left, gone away or asked for fewer messages, the
thing may be done, a half-day may have become protected, school may have closed. Answers to what somebody just did are
not held back. What is held back for a full week or for somebody's return goes inside the message that is sent next.
"""

from dataclasses import dataclass
from datetime import datetime

from handlers.courtesy.bundling import gather
from handlers.courtesy.readers import reader_of
from handlers.district import District
from handlers.message_kinds import kind_of
from handlers.topics import find_topic
from protocols.cadence import courtesy
from protocols.cadence.courtesy import Fate, Hindrance, Reader, Ruling, Weight
from protocols.cadence.sending import DIGEST_AT, WORKING_HOURS, Hours
from storage import outbox, people
from storage.database import Tx
from storage.people import Person
from storage.tables import MessageRow

SENDING_HOURS = Hours(DIGEST_AT, WORKING_HOURS.ends)
"""From the digest's half hour on; whoever queued the message chose a moment in it (``handlers/post.py``)."""


@dataclass(frozen=True, slots=True)
class Send:
    person: Person


@dataclass(frozen=True, slots=True)
class Drop:
    """``why`` stands on the administrator's list."""

    why: str


@dataclass(frozen=True, slots=True)
class Later:
    """``waits_for``: it is held for the next message that may go. ``expires_at``: until when it is of use, where that
    has changed."""

    at: datetime
    waits_for: str = ""
    expires_at: datetime | None = None


def recheck(
    tx: Tx, district: District, message: MessageRow, *, now: datetime, person: Person | None = None
) -> Send | Drop | Later:
    """What to do with a due message at the aware instant ``now``. ``person`` is its recipient, where already read."""
    person = person or people.get_person(tx, message.recipient_id, on=now.date())
    if not person.active:
        return Drop("the person has left")
    if (why := _is_useless(tx, message, now)) is not None:
        return Drop(why)
    if message.asked:
        return Send(person)
    reader = reader_of(tx, district, person, now)
    ruling = _rule(district, reader, message, now)
    match ruling.fate:
        case Fate.SENT:
            held = _held_with(tx, district, reader, message, now)
            gather(tx, message, held)
            return Send(person)
        case Fate.DROPPED:
            return Drop(ruling.why)
        case _:
            assert ruling.until is not None  # what waits, waits for something
            return _later(message, ruling, ruling.until, now)


def _is_useless(tx: Tx, message: MessageRow, now: datetime) -> str | None:
    if message.expires_at is not None and message.expires_at <= now:
        return "it came too late to be of use"
    topic = find_topic(message.subject.partition(":")[0]) if message.subject and not message.asked else None
    return topic.still_true(tx, message.subject, now) if topic and topic.still_true else None


def _rule(district: District, reader: Reader, message: MessageRow, now: datetime) -> Ruling:
    kind = kind_of(message.kind)
    return courtesy.rule(
        kind.weight,
        kind.topic,
        reader,
        now,
        rules=district.rules,
        calendar=district.calendar,
        working=SENDING_HOURS,
    )


def _later(message: MessageRow, ruling: Ruling, until: datetime, now: datetime) -> Later:
    """Held back. The digest of somebody who is away keeps, for it is the week's one message; all else may lapse."""
    if ruling.fate is not Fate.MERGED:
        return Later(until)
    is_kept = ruling.hindrance is Hindrance.AWAY and kind_of(message.kind).weight is Weight.DIGEST
    expires_at = until + (message.expires_at - now) if is_kept and message.expires_at else None
    return Later(until, str(ruling.hindrance), expires_at)


def _held_with(
    tx: Tx, district: District, reader: Reader, message: MessageRow, now: datetime
) -> list[MessageRow]:
    """What may go inside this message; what is of no use any more is dropped on the way."""
    fitting = []
    for row in outbox.held_for(tx, message.recipient_id, now=now):
        assert row.id is not None
        why = _is_useless(tx, row, now)
        ruling = _rule(district, reader, row, now)
        if why is not None or ruling.fate is Fate.DROPPED:
            outbox.drop(tx, row.id, why=why or ruling.why)
        elif ruling.hindrance in (None, Hindrance.BUDGET, Hindrance.RATE):
            fitting.append(row)
    return fitting
