"""A person's published feed: the iCalendar text (RFC 5545, RFC 7986) that Outlook, Google and Apple subscribe to.

Times of day are given in UTC, which every program shows right on both sides of a change of the clocks. The same
entries always make the same bytes, so that "not changed" can be said. An entry keeps its UID for life; a change
raises its SEQUENCE; a cancelled one stays, marked, so that calendars which had it take it out. ``icalendar`` folds
lines at 75 octets, escapes, and ends lines as the format wants.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import icalendar

REFRESH = timedelta(hours=1)
"""How often calendars are asked to look; most look more seldom."""
_PRODUCT = "-//Throughline//Calendar of visits//EN"


@dataclass(frozen=True, slots=True)
class Entry:
    """One event. ``starts`` is an aware instant, or a date for a whole day; ``minutes`` counts for instants only.

    ``changed`` is when it was last changed, ``sequence`` how often. ``is_busy``: shown to others as taken.
    """

    uid: str
    title: str
    starts: datetime | date
    changed: datetime
    minutes: int = 0
    sequence: int = 0
    place: str = ""
    is_busy: bool = False
    is_cancelled: bool = False

    def __post_init__(self) -> None:
        is_timed = isinstance(self.starts, datetime)
        if is_timed and (self.starts.tzinfo is None or self.minutes <= 0):  # type: ignore[union-attr]  # is_timed
            raise ValueError(f"{self.uid} needs an aware start and a length.")


def write_feed(name: str, entries: Iterable[Entry]) -> bytes:
    """The feed as bytes. ``name`` is what calendars call it at first."""
    calendar = icalendar.Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", _PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", icalendar.vText(name))
    calendar.add("name", icalendar.vText(name))
    calendar.add("refresh-interval", REFRESH)
    calendar["refresh-interval"].params["VALUE"] = "DURATION"
    calendar.add("x-published-ttl", icalendar.vDuration(REFRESH))
    for entry in sorted(entries, key=lambda one: (_instant(one.starts), one.uid)):
        calendar.add_component(_event(entry))
    return bytes(calendar.to_ical())


def _event(entry: Entry) -> icalendar.Event:
    event = icalendar.Event()
    changed = entry.changed.astimezone(UTC).replace(microsecond=0)
    event.add("uid", entry.uid)
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("sequence", entry.sequence)
    if isinstance(entry.starts, datetime):
        starts = entry.starts.astimezone(UTC).replace(second=0, microsecond=0)
        event.add("dtstart", starts)
        event.add("dtend", starts + timedelta(minutes=entry.minutes))
    else:
        event.add("dtstart", entry.starts)
        event.add("dtend", entry.starts + timedelta(days=1))
        event.add("x-microsoft-cdo-alldayevent", "TRUE")
    event.add("summary", entry.title)
    if entry.place:
        event.add("location", entry.place)
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    is_taken = entry.is_busy and not entry.is_cancelled
    event.add("transp", "OPAQUE" if is_taken else "TRANSPARENT")
    event.add("x-microsoft-cdo-busystatus", "BUSY" if is_taken else "FREE")
    return event


def _instant(starts: datetime | date) -> datetime:
    if isinstance(starts, datetime):
        return starts.astimezone(UTC)
    return datetime(starts.year, starts.month, starts.day, tzinfo=UTC)
