"""Reading busy times from a personal calendar in iCalendar form (RFC 5545), as Google, Outlook and Apple give it.

What makes somebody busy:

    ===============================  =====================================================================
    timed event                      busy, unless it says free (TRANSP:TRANSPARENT, Outlook's FREE or
                                     WORKINGELSEWHERE); tentative and out of office are busy
    event of whole days              busy only where it says so (TRANSP:OPAQUE, Outlook's BUSY, TENTATIVE, OOF):
                                     people note birthdays and weeks this way, and mark leave as leave
    cancelled, or declined by owner  not busy
    the bot's own visits             not busy: whoever subscribes to them would otherwise never be free for one
    ===============================  =====================================================================

Outlook's own word wins over TRANSP where both stand there. A time without a zone is the owner's. Recurrences are
worked out for the days asked for only, with exceptions and moved instances. One event that cannot be read is left
out and counted; a file that is cut off, damaged, or made to take for ever is refused whole, so that the last good
copy stays. Without ``keeps_titles`` no title is ever looked at, and touching times become one.
"""

import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

from protocols.cadence.busy import DAY_MINUTES, BusyStretch, merged, split
from protocols.cadence.busy_blocks import DECLINED, LONGEST_SPAN, Block, BusyFault, find_blocks
from protocols.cadence.calendar_files import LIBRARY_FAULTS

__all__ = ["MAX_BYTES", "OWN_UIDS", "BusyFault", "BusyTimes", "read_busy"]

MAX_BYTES = 10_000_000
"""Ten years of a full calendar with its descriptions are about 5 MB."""
MOST_STRETCHES = 60_000
LONGEST_TITLE = 200
OWN_UIDS = "@throughline"
"""How the identifiers of the bot's own published events end."""

_NAMED_BY_ADDRESS = re.compile(r"^X-WR-CALNAME:(\S+@\S+)\s*$", re.MULTILINE)
_FREE = frozenset({"FREE", "WORKINGELSEWHERE"})
_BUSY = frozenset({"BUSY", "TENTATIVE", "OOF"})
_PRIVATE = frozenset({"PRIVATE", "CONFIDENTIAL"})


@dataclass(frozen=True, slots=True)
class BusyTimes:
    """What a calendar says about the days asked for; ``left_out`` counts events that could not be read."""

    stretches: tuple[BusyStretch, ...]
    left_out: int = 0


def read_busy(
    data: bytes,
    *,
    zone: ZoneInfo,
    first: date,
    last: date,
    emails: Iterable[str] = (),
    keeps_titles: bool = False,
    own_uids: str = OWN_UIDS,
) -> BusyTimes:
    """When the owner is busy from ``first`` to ``last``, both included, on the wall clock of ``zone``.

    ``emails`` are the owner's, to tell what they declined; events whose UID ends with ``own_uids`` are passed over.
    Raises ``BusyFault``.
    """
    if len(data) > MAX_BYTES:
        raise BusyFault(
            f"This calendar is larger than {MAX_BYTES // 1_000_000} MB. Connect one without its past."
        )
    text = _decode(data)
    if not text.lstrip().upper().startswith("BEGIN:VCALENDAR"):
        raise BusyFault(
            "This is not a calendar. Copy the private address in iCal format; it mostly ends in .ics."
        )
    blocks = find_blocks(
        text, first=first, last=last, emails=_owners(text, emails), keeps_titles=keeps_titles
    )
    events = [one for one in blocks.events if not (own_uids and one.uid.endswith(own_uids))]
    window = (first - timedelta(days=1), last + timedelta(days=2))
    left_out = blocks.left_out
    stretches: set[BusyStretch] = set()
    for event in _occurrences(events, blocks.zones, window):
        if event is None:
            left_out += 1
            continue
        stretches.update(_stretches(event, zone, first, last))
        if len(stretches) > MOST_STRETCHES:
            raise BusyFault("This calendar has more entries than anybody's. Connect one of your own only.")
    kept = tuple(sorted(stretches)) if keeps_titles else merged(stretches)
    return BusyTimes(kept, left_out)


def _owners(text: str, emails: Iterable[str]) -> frozenset[str]:
    """Whose answers count: the addresses given, and the one that the calendar is called by (Google's first is)."""
    named = _NAMED_BY_ADDRESS.findall(text)
    return frozenset(email.strip().casefold() for email in (*emails, *named[:1]) if email.strip())


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _occurrences(
    events: list[Block], zones: Iterable[str], window: tuple[date, date]
) -> Iterator[Any | None]:
    """Every occurrence between two days; None for each event that cannot be worked out.

    All at once where that goes; where one event breaks it, series by series, so that it breaks alone.
    """
    if not events:
        return
    try:
        yield from _expand(events, zones, window)
        return
    except LIBRARY_FAULTS:
        pass
    by_uid = sorted(events, key=lambda one: one.uid)
    for _uid, series in groupby(by_uid, key=lambda one: one.uid):
        try:
            yield from _expand(list(series), zones, window)
        except LIBRARY_FAULTS:
            yield None


def _expand(events: list[Block], zones: Iterable[str], window: tuple[date, date]) -> list[Any]:
    bodies = ["\n".join(["BEGIN:VEVENT", *event.lines, "END:VEVENT"]) for event in events]
    text = "\n".join(["BEGIN:VCALENDAR", *zones, *bodies, "END:VCALENDAR", ""]).replace("\n", "\r\n")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about old spellings in other people's files
        calendar = icalendar.Calendar.from_ical(text)
        parsed: list[Any] = calendar.walk("VEVENT")
        if any(event.errors or not isinstance(event["DTSTART"].dt, date) for event in parsed):
            raise ValueError("an event that cannot be read")
        return list(recurring_ical_events.of(calendar).between(*window))


def _stretches(event: Any, zone: ZoneInfo, first: date, last: date) -> list[BusyStretch]:
    start, end = event["DTSTART"].dt, event["DTEND"].dt
    is_timed = isinstance(start, datetime)
    if not _is_busy(event, is_timed=is_timed):
        return []
    title = " ".join(str(event.get("SUMMARY", "")).split())[:LONGEST_TITLE]
    if str(event.get("CLASS", "")).upper() in _PRIVATE:
        title = ""
    if not is_timed:
        days = range((min(end, last + timedelta(days=1)) - max(start, first)).days)
        return [BusyStretch(max(start, first) + timedelta(days=one), 0, DAY_MINUTES, title) for one in days]
    begins, stops = _aware(start, zone), _aware(end, zone)
    if stops - begins > LONGEST_SPAN:
        return []
    opens = datetime.combine(first, time(), tzinfo=zone).astimezone(UTC)
    closes = datetime.combine(last + timedelta(days=1), time(), tzinfo=zone).astimezone(UTC)
    return split(max(begins, opens), min(stops, closes), zone, title=title)


def _aware(value: datetime | date, zone: ZoneInfo) -> datetime:
    """The instant in UTC; a time without a zone is the owner's."""
    local = value if isinstance(value, datetime) else datetime.combine(value, time())
    return (local if local.tzinfo else local.replace(tzinfo=zone)).astimezone(UTC)


def _is_busy(event: Any, *, is_timed: bool) -> bool:
    if str(event.get("STATUS", "")).upper() == "CANCELLED" or DECLINED in event:
        return False
    outlook = str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).strip().upper()
    if outlook in _FREE | _BUSY:
        return outlook in _BUSY
    shown = str(event.get("TRANSP", "")).strip().upper()
    return shown != "TRANSPARENT" if is_timed else shown == "OPAQUE"
