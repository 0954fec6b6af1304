"""What becomes of reading somebody's own calendar. The reading itself is ``bot``'s; here it is decided when, and kept.

new      --read--> good         the owner is told, once
new      --failed--> failing    the owner is told at once: they have just given the address
good     --failed--> failing    what was read last stays; told once, after several failures in a row
failing  --read--> good
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.cards import Card, plain
from handlers.district import District, load_district, zone_of
from handlers.permissions import Right, Subject, may
from handlers.post import tell_now, tell_when_open
from protocols.cadence.busy_files import BusyTimes
from protocols.cadence.moments import say_day
from protocols.cadence.polling import next_reading
from storage import busy, people
from storage.busy import Claimed
from storage.database import Store, Tx
from storage.people import Person
from storage.tables import OwnCalendarRow

AHEAD = timedelta(days=200)
"""As far as visits can be planned."""
STALE = timedelta(days=14)
"""A copy that reaches so much less far is read again, changed or not: what repeats goes on."""
TOLD_AFTER, TOLD_AFTER_LASTING = 4, 2
"""Failures in a row until the owner hears of it; fewer where trying again will not help."""
_JUST_NOW = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Reading:
    """A calendar to be read now, and what is wanted of it."""

    claimed: Claimed
    zone: ZoneInfo
    first: date
    last: date
    emails: tuple[str, ...]

    @property
    def is_known_enough(self) -> bool:
        """Whether "it has not changed" is all that is needed to know."""
        known = self.claimed
        return (
            bool(known.fingerprint)
            and known.zone == self.zone.key
            and known.reaches is not None
            and known.reaches >= self.last - STALE
        )


@dataclass(frozen=True, slots=True)
class Read:
    """A good copy: what it says, and how it is recognised next time."""

    times: BusyTimes
    etag: str
    modified: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The other side has nothing new, or the same words again."""

    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """A sentence without the address; ``is_lasting`` where trying again will not help."""

    why: str
    is_lasting: bool
    wait: timedelta | None = None


def due(store: Store, now: datetime, *, limit: int) -> Sequence[int]:
    """Whose calendars are to be read now."""
    with store.read() as tx:
        return busy.due(tx, now=now, limit=limit)


def begin(store: Store, person_id: int, now: datetime) -> Reading | None:
    """Take one for reading; None where another process has it, or its owner no longer visits or is visited. Of
    somebody who has left, all is forgotten."""
    with store.begin() as tx:
        claimed = busy.claim(tx, person_id, now=now)
        if claimed is None:
            return None
        district = load_district(tx)
        today = now.astimezone(district.zone).date()
        person = people.get_person(tx, person_id, on=today)
        if not person.active:
            busy.disconnect(tx, person_id)
            busy.unpublish(tx, person_id)
            return None
        if not may(person, Right.CONNECT_CALENDAR, Subject(owner_ids=frozenset({person_id}))):
            return None
        zone = zone_of(person, district)
        first = now.astimezone(zone).date()
        return Reading(claimed, zone, first, first + AHEAD, (person.email,))


def end(store: Store, reading: Reading, outcome: Read | Unchanged | Failed, now: datetime) -> bool:
    """Keep what came of it; False where the calendar was disconnected or replaced meanwhile."""
    with store.begin() as tx:
        row = busy.calendar_of(tx, reading.claimed.person_id)
        is_same = row is not None and (row.address, row.connected_at, row.keeps_titles) == (
            reading.claimed.address,
            reading.claimed.connected_at,
            reading.claimed.keeps_titles,
        )
        if row is None or not is_same:
            return False
        district = load_district(tx)
        person = people.get_person(tx, row.person_id, on=reading.first)
        match outcome:
            case Failed():
                _fail(tx, district, person, row, outcome, now)
            case Unchanged():
                _note_good(row, outcome, now)
            case Read():
                _take(tx, district, person, row, reading, outcome, now)
        wait = outcome.wait if isinstance(outcome, Failed) else None
        row.due_at = next_reading(now, zone=reading.zone, key=row.person_id, failures=row.failures, wait=wait)
        tx.add(row)
        return True


def _take(
    tx: Tx,
    district: District,
    person: Person,
    row: OwnCalendarRow,
    reading: Reading,
    read: Read,
    now: datetime,
) -> None:
    is_first = row.read_at is None
    busy.put_stretches(tx, row.person_id, read.times.stretches)
    row.fingerprint, row.zone, row.reaches = read.fingerprint, reading.zone.key, reading.last
    row.left_out = read.times.left_out
    _note_good(row, Unchanged(read.etag, read.modified), now)
    if is_first:
        what = f"{say_count(len(read.times.stretches))} up to {say_day(reading.last, reading.first)}"
        text = (
            f"I have read your calendar at {row.host}: {what}. "
            f"{say_kept(row.keeps_titles)} “my calendar” shows where it stands."
        )
        _tell(tx, district, person, row, plain(text), what="read", now=now)


def _note_good(row: OwnCalendarRow, validators: Unchanged, now: datetime) -> None:
    row.etag, row.modified = validators.etag or row.etag, validators.modified or row.modified
    row.state, row.fault, row.failures, row.is_told, row.read_at = "good", "", 0, False, now


def _fail(
    tx: Tx, district: District, person: Person, row: OwnCalendarRow, failed: Failed, now: datetime
) -> None:
    row.state, row.fault, row.failures = "failing", failed.why, row.failures + 1
    enough = TOLD_AFTER_LASTING if failed.is_lasting else TOLD_AFTER
    if row.is_told or (row.read_at is not None and row.failures < enough):
        return
    row.is_told = True
    if row.read_at is None:
        text = f"I could not read your calendar. {failed.why} I'll try again by myself."
    else:
        last = say_day(row.read_at.astimezone(zone_of(person, district)).date(), now.date())
        text = (
            f"I can't read your calendar at {row.host} any more. {failed.why} Until then I plan by what I read on "
            f"{last}. To connect it anew, write: connect my calendar, and its address."
        )
    _tell(tx, district, person, row, plain(text), what="broken", now=now)


def _tell(
    tx: Tx,
    district: District,
    person: Person,
    row: OwnCalendarRow,
    card: Card,
    *,
    what: str,
    now: datetime,
) -> None:
    """At once to somebody who has just connected it and waits; else in their open time."""
    period = f"{what}:{row.connected_at.isoformat()}:{row.read_at.isoformat() if row.read_at else ''}"
    kind, subject = "own_calendar", f"own_calendar:{row.person_id}:{what}"
    if now - row.connected_at < _JUST_NOW:
        tell_now(tx, person.id, card, kind=kind, period=period, now=now)
    else:
        tell_when_open(tx, district, person, card, kind=kind, period=period, now=now, subject=subject)


def still_failing(tx: Tx, subject: str, _now: datetime) -> str | None:
    """None while what the message says is so; a calendar that is read again, or gone, is no news."""
    row = busy.calendar_of(tx, int(subject.split(":")[1]))
    if row is None:
        return "the calendar was disconnected"
    return "the calendar is read again" if subject.endswith(":broken") and row.state == "good" else None


def say_count(count: int) -> str:
    return "nothing taken" if count == 0 else f"{count:,} busy time{'' if count == 1 else 's'}"


def say_kept(keeps_titles: bool) -> str:
    if keeps_titles:
        return "I keep when you are busy, and the titles, which only you can see."
    return "I keep when you are busy, not what with."
