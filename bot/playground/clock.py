"""The playground's clock: it stands still until somebody moves it, never goes back, and outlives the process.

Moving it does what the real clock would have done on the way. A real clock ticks every minute; all that the rules
decide lies on half-hours, so a step goes to the next half-hour or to the moment of the next waiting message,
whichever comes first. What one sees after a week is what a real week would have given.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from protocols.cadence.calendar import SchoolCalendar
from protocols.cadence.moments import say_day, say_time
from protocols.cadence.sending import instant_of
from storage import outbox, record
from storage.database import Store, Tx

SETTING = "playground_clock"
EARLY = time(6)
"""Before the digest's half-hour, so that one can watch it come."""
LONGEST = timedelta(days=31)
"""More than a month at once is a slip of the finger, and takes long."""
_HALF_HOUR = timedelta(minutes=30)
_MORNINGS_AHEAD = 120


FAULTS = {
    "back": "The clock only goes forward. To begin again, stop and run: throughline demo --reset",
    "far": f"That is more than {LONGEST.days} days ahead. Go there in several moves.",
    "no_school": "The calendar knows no school day ahead.",
    "no_time": "I need a day and a time, such as 30 Nov 2026, 6:00.",
}


class ClockFault(ValueError):
    """The clock cannot go there. ``code`` is one of ``FAULTS``, which says it to the person who asked."""

    def __init__(self, code: str) -> None:
        super().__init__(FAULTS[code])
        self.code = code


class Jump(StrEnum):
    """The buttons beside the clock."""

    HOUR = "hour"
    DAY = "day"
    MORNING = "morning"
    MONDAY = "monday"


@dataclass(frozen=True, slots=True)
class Moved:
    """A move that was made: from one aware instant to another."""

    start: datetime
    end: datetime


class PlaygroundClock:
    """Time as the playground has it, kept in the database."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def now(self) -> datetime:
        """The aware instant at which the clock stands. Raises ``LookupError`` before ``set_first``."""
        with self._store.read() as tx:
            return read_clock(tx)

    def set_first(self, at: datetime) -> None:
        """Where the clock starts in a new district; does nothing where it stands somewhere already."""
        with self._store.begin() as tx:
            if record.get_setting(tx, SETTING) is None:
                record.put_setting(tx, SETTING, {"now": at.astimezone(UTC).isoformat()})

    def last_move(self) -> Moved | None:
        with self._store.read() as tx:
            known = record.get_setting(tx, SETTING) or {}
        if "moved_from" not in known:
            return None
        return Moved(datetime.fromisoformat(known["moved_from"]), datetime.fromisoformat(known["now"]))

    def check(self, target: datetime) -> None:
        """Raises ``ClockFault`` where the clock may not be moved to this instant."""
        now = self.now()
        if target <= now:
            raise ClockFault("back")
        if target - now > LONGEST:
            raise ClockFault("far")

    async def move(
        self,
        target: datetime,
        *,
        work: Callable[[datetime], Awaitable[None]],
        send: Callable[[datetime], Awaitable[None]],
    ) -> None:
        """Go to ``target`` step by step; at each, do the clock's ``work`` and ``send`` what is due.

        Stopped half-way, the clock stands at a step whose work may be half done; the next move or tick ends it.
        """
        self.check(target)
        start = now = self.now()
        while now < target:
            with self._store.begin() as tx:
                now = next_step(now, target, outbox.next_due(tx))
                value = {"now": now.isoformat(), "moved_from": start.isoformat()}
                record.put_setting(tx, SETTING, value)
            await work(now)
            await send(now)


def read_clock(tx: Tx) -> datetime:
    """Where the clock stands. Raises ``LookupError`` where it was never set."""
    known = record.get_setting(tx, SETTING)
    if known is None:
        raise LookupError("the playground's clock was never set")
    return datetime.fromisoformat(known["now"])


def next_step(now: datetime, target: datetime, due: datetime | None) -> datetime:
    """The next instant at which something may be due on the way from ``now`` to ``target`` (aware, UTC)."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    grid = midnight + _HALF_HOUR * ((now - midnight) // _HALF_HOUR + 1)
    return min(at for at in (grid, target, due) if at is not None and at > now)


def target_of(jump: Jump, now: datetime, zone: ZoneInfo, calendar: SchoolCalendar) -> datetime:
    """Where a button leads. Raises ``ClockFault`` where the calendar knows no school day ahead."""
    local = now.astimezone(zone)
    today = local.date()
    match jump:
        case Jump.HOUR:
            return now + timedelta(hours=1)
        case Jump.DAY:
            return instant_of(today + timedelta(days=1), local.time(), zone)
        case Jump.MORNING:
            days = calendar.school_days(today, today + timedelta(days=_MORNINGS_AHEAD))
            ahead = (at for day in days if (at := instant_of(day, EARLY, zone)) > now)
            found = next(ahead, None)
            if found is None:
                raise ClockFault("no_school")
            return found
        case Jump.MONDAY:
            monday = today + timedelta(days=-today.weekday() % 7)
            at = instant_of(monday, EARLY, zone)
            return at if at > now else instant_of(monday + timedelta(days=7), EARLY, zone)


def read_target(words: str, zone: ZoneInfo) -> datetime:
    """The instant of a local ``2026-11-30T06:00``. Raises ``ClockFault`` for anything else."""
    try:
        return instant_of(date.fromisoformat(words[:10]), time.fromisoformat(words[11:]), zone)
    except (ValueError, OverflowError):
        raise ClockFault("no_time") from None


def say_moment(at: datetime, zone: ZoneInfo, today: date) -> str:
    """ "Mon 30 Nov, 6:00" """
    local = at.astimezone(zone)
    return f"{say_day(local.date(), today)}, {say_time(local.time())}"
