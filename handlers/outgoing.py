"""The last look before a message goes out: does it still make sense, and may this person be disturbed now?

A message may have waited for days. In between the person may have left or asked for quiet, the thing may be done,
a half-day may have become protected, school may have closed. Answers to what somebody just did are not held back.
"""

from dataclasses import dataclass
from datetime import datetime

from handlers.district import District, audience_of, zone_of
from handlers.topics import find_topic
from protocols.cadence import sending
from protocols.cadence.sending import DIGEST_AT, WORKING_HOURS, Hours
from storage import people
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
    at: datetime


def recheck(tx: Tx, district: District, message: MessageRow, *, now: datetime) -> Send | Drop | Later:
    """What to do with a due message at the aware instant ``now``."""
    person = people.get_person(tx, message.recipient_id, on=now.date())
    if message.expires_at is not None and message.expires_at <= now:
        return Drop("it came too late to be of use")
    if not person.active:
        return Drop("the person has left")
    if message.asked:
        return Send(person)
    topic = find_topic(message.subject.partition(":")[0]) if message.subject else None
    if topic is not None and topic.still_true is not None:
        why = topic.still_true(tx, message.subject, now)
        if why is not None:
            return Drop(why)
    if person.muted_until is not None and person.muted_until > now:
        return Later(person.muted_until)
    audience = audience_of(tx, person, now)
    at = sending.next_open(
        now,
        zone_of(person, district),
        district.rules,
        district.calendar,
        audience=audience,
        working=SENDING_HOURS,
    )
    # A calendar that has run out is no reason to say nothing for ever.
    return Send(person) if at is None or at <= now else Later(at)
