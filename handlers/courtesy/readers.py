"""Whom a message reaches, as courtesy sees them: their zone, hours, days away, and what they got already."""

from datetime import datetime, time

from handlers.district import District, audience_of, zone_of
from handlers.message_kinds import kind_of
from protocols.cadence.courtesy import BROUGHT_UP, UNCOUNTED, Reader, Received, start_of_week
from protocols.cadence.sending import instant_of
from storage import courtesy
from storage.courtesy import Unasked
from storage.database import Tx
from storage.people import Person


def reader_of(tx: Tx, district: District, person: Person, now: datetime) -> Reader:
    """The person as the rules of courtesy need them at the aware instant ``now``."""
    return Reader(
        zone=zone_of(person, district),
        audience=audience_of(tx, person, now),
        wishes=courtesy.wishes_of(tx, person.id),
        received=received_by(tx, district, person, now),
        budget=courtesy.budget(tx),
    )


def received_by(tx: Tx, district: District, person: Person, now: datetime) -> Received:
    """What the budget counts of this week, and of it the bot's own reminders."""
    counted = this_week(tx, district, person, now)
    reminders = [one for one in counted if kind_of(one.kind).weight in BROUGHT_UP]
    zone = zone_of(person, district)
    midnight = instant_of(now.astimezone(zone).date(), time(), zone)
    today = sum(one.sent_at is not None and one.sent_at >= midnight for one in reminders)
    return Received(len(counted), today, len(reminders))


def this_week(tx: Tx, district: District, person: Person, now: datetime) -> list[Unasked]:
    """The messages that nobody asked for and the person got since Monday, oldest first."""
    zone = zone_of(person, district)
    monday = start_of_week(now.astimezone(zone).date())
    reached = courtesy.unasked_since(tx, person.id, instant_of(monday, time(), zone))
    return [one for one in reached if kind_of(one.kind).weight not in UNCOUNTED]
