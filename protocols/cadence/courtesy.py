"""Courtesy: what a message that nobody asked for owes the person it reaches.

Words
    weight     what kind of message it is, from an answer that always passes to a reminder that may be dropped
    hindrance  why it should not go now: no working hour, protected time, quiet hours, the person is away, a topic
               they muted, a reminder too many, a week that is full
    fate       what becomes of it then: sent all the same, waits, merged into the next one that may go, dropped

``FATES`` is the whole policy; everything else here finds out which hindrances there are. An answer to what somebody
just did, and a safety emergency, are never held back. A visit that changes on its own day is of no use later, so it
passes too, except to somebody who is away.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from protocols.cadence.calendar import SchoolCalendar
from protocols.cadence.protected import Audience, ProtectedRule, is_protected
from protocols.cadence.sending import Away, Hours, instant_of, next_open

DEFAULT_BUDGET = 7
"""Messages that nobody asked for, per person and week, until the district says otherwise: about one a school day, with
the Monday digest and one to spare."""
LARGEST_BUDGET = 50


class Weight(StrEnum):
    ANSWER = "answer"  # to what this person just did, or the other side of a run both are in
    EMERGENCY = "emergency"  # somebody's safety
    TODAY = "today"  # a visit changes on its own day
    DIGEST = "digest"  # the one weekly message
    QUESTION = "question"  # a colleague asks or answers, and waits
    WANTED = "wanted"  # a reminder this person asked for
    NOTICE = "notice"  # what a colleague did that concerns this person
    TIMELY = "timely"  # brought up by the bot itself, and of no use after its day
    REMINDER = "reminder"  # brought up by the bot itself


class Hindrance(StrEnum):
    CLOSED = "closed"
    PROTECTED = "protected"
    QUIET = "quiet"
    AWAY = "away"
    MUTED = "muted"
    NEVER = "never"
    RATE = "rate"
    BUDGET = "budget"


class Fate(StrEnum):
    SENT = "sent"
    WAITS = "waits"
    MERGED = "merged"
    DROPPED = "dropped"


class Topic(StrEnum):
    """What reminders can be turned off one by one."""

    PROMISES = "promises"
    OVERDUE = "overdue"
    PRODUCTS = "products"
    CHECK_INS = "check-ins"
    VISITS = "visits"
    DEADLINES = "deadlines"
    STILL_ON = "still-on"


class Rate(StrEnum):
    """How often the bot may bring something up by itself. Each thing comes once, whatever the rate."""

    ONCE = "once"  # each thing once, as it comes
    DAILY = "daily"  # gathered, one message a day
    WEEKLY = "weekly"  # gathered, one message a week
    NEVER = "never"


RATES = (Rate.ONCE, Rate.DAILY, Rate.WEEKLY, Rate.NEVER)
"""From most to least; "remind me less" goes one to the right."""

_S, _W, _M, _D = Fate.SENT, Fate.WAITS, Fate.MERGED, Fate.DROPPED
_HINDRANCES = tuple(Hindrance)
FATES: dict[Weight, dict[Hindrance, Fate]] = {
    weight: dict(zip(_HINDRANCES, row, strict=True))
    for weight, row in {
        # weight           closed prot. quiet away  muted never rate  budget
        Weight.ANSWER:    (_S,    _S,   _S,   _S,   _S,   _S,   _S,   _S),
        Weight.EMERGENCY: (_S,    _S,   _S,   _S,   _S,   _S,   _S,   _S),
        Weight.TODAY:     (_S,    _S,   _S,   _M,   _S,   _S,   _S,   _S),
        Weight.DIGEST:    (_W,    _W,   _W,   _M,   _S,   _S,   _S,   _S),
        Weight.QUESTION:  (_W,    _W,   _W,   _M,   _S,   _S,   _S,   _S),
        Weight.WANTED:    (_W,    _W,   _W,   _M,   _S,   _S,   _S,   _S),
        Weight.NOTICE:    (_W,    _W,   _W,   _M,   _D,   _S,   _S,   _M),
        Weight.TIMELY:    (_W,    _W,   _W,   _M,   _D,   _D,   _M,   _S),
        Weight.REMINDER:  (_W,    _W,   _W,   _M,   _D,   _D,   _M,   _M),
    }.items()
}  # fmt: skip

WHY = {
    Hindrance.CLOSED: "outside school days and working hours",
    Hindrance.PROTECTED: "the time is protected for visits",
    Hindrance.QUIET: "the person's quiet hours",
    Hindrance.AWAY: "the person is away",
    Hindrance.MUTED: "the person has turned such messages off",
    Hindrance.NEVER: "the person wants no reminders",
    Hindrance.RATE: "the person wants fewer reminders",
    Hindrance.BUDGET: "this week's messages are used up",
}
UNCOUNTED = frozenset({Weight.ANSWER, Weight.EMERGENCY, Weight.WANTED})
"""Weights that no budget counts: asked for, or more urgent than any."""
BROUGHT_UP = frozenset({Weight.TIMELY, Weight.REMINDER})
"""Weights of what the bot brings up by itself: what "remind me daily" counts."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person asked of the bot. ``working`` None: as everybody; ``away``: days on which nothing unasked comes."""

    working: Hours | None = None
    quiet: Hours | None = None
    away: Away | None = None
    rate: Rate = Rate.ONCE
    muted: frozenset[Topic] = frozenset()


@dataclass(frozen=True, slots=True)
class Received:
    """What reached the person unasked: how many this week, and reminders today and this week."""

    this_week: int = 0
    reminders_today: int = 0
    reminders_this_week: int = 0


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a message reaches: where, which half-days concern them, what they wish, what they got, what they may get."""

    zone: ZoneInfo
    audience: Audience
    wishes: Wishes = Wishes()
    received: Received = Received()
    budget: int = DEFAULT_BUDGET


@dataclass(frozen=True, slots=True)
class Ruling:
    """What becomes of a message now. ``until`` is when to look again, where it waits or is merged."""

    fate: Fate
    hindrance: Hindrance | None = None
    until: datetime | None = None

    @property
    def why(self) -> str:
        return WHY[self.hindrance] if self.hindrance else ""


SENT = Ruling(Fate.SENT)


def rule(
    weight: Weight,
    topic: Topic | None,
    reader: Reader,
    now: datetime,
    *,
    rules: Iterable[ProtectedRule],
    calendar: SchoolCalendar,
    working: Hours,
) -> Ruling:
    """What becomes of a message to this reader at the aware instant ``now``.

    ``working`` are everybody's hours, for who has none of their own. Of several hindrances the one that drops it
    counts, else the one that lasts longest.
    """
    rules = tuple(rules)
    rulings = []
    for hindrance in _hindrances(topic, reader, now, rules, calendar, working):
        fate = FATES[weight][hindrance]
        if fate is Fate.DROPPED:
            return Ruling(fate, hindrance)
        if fate is not Fate.SENT:
            until = _until(hindrance, reader, now, rules, calendar, working)
            if until is not None:
                rulings.append(Ruling(fate, hindrance, until))
    return max(rulings, key=_lasts, default=SENT)


def _lasts(ruling: Ruling) -> tuple[datetime, bool]:
    assert ruling.until is not None  # only rulings with an end are compared
    return ruling.until, ruling.fate is Fate.MERGED


def hours_of(wishes: Wishes, working: Hours) -> Hours:
    """The person's own working hours, else everybody's."""
    return wishes.working or working


def start_of_week(day: date) -> date:
    """Monday: the week that a budget counts."""
    return day - timedelta(days=day.weekday())


def _hindrances(
    topic: Topic | None,
    reader: Reader,
    now: datetime,
    rules: tuple[ProtectedRule, ...],
    calendar: SchoolCalendar,
    working: Hours,
) -> list[Hindrance]:
    local = now.astimezone(reader.zone)
    wishes, received = reader.wishes, reader.received
    found = {
        Hindrance.MUTED: topic in wishes.muted,
        Hindrance.NEVER: wishes.rate is Rate.NEVER,
        Hindrance.AWAY: wishes.away is not None and wishes.away.covers(local.date()),
        Hindrance.CLOSED: not calendar.is_school_day(local.date())
        or not hours_of(wishes, working).covers(local.time()),
        Hindrance.PROTECTED: is_protected(
            local.date(), local.time(), rules, calendar, audience=reader.audience
        ),
        Hindrance.QUIET: wishes.quiet is not None and wishes.quiet.covers(local.time()),
        Hindrance.RATE: (wishes.rate is Rate.DAILY and received.reminders_today > 0)
        or (wishes.rate is Rate.WEEKLY and received.reminders_this_week > 0),
        Hindrance.BUDGET: received.this_week >= reader.budget,
    }
    return [hindrance for hindrance, is_there in found.items() if is_there]


def _until(
    hindrance: Hindrance,
    reader: Reader,
    now: datetime,
    rules: tuple[ProtectedRule, ...],
    calendar: SchoolCalendar,
    working: Hours,
) -> datetime | None:
    """When to look again; None where there is no such moment, for a calendar that has run out silences nobody."""
    today = now.astimezone(reader.zone).date()
    wishes = reader.wishes
    next_week = start_of_week(today) + timedelta(days=7)
    match hindrance:
        case Hindrance.AWAY if wishes.away is not None:
            day = wishes.away.ends + timedelta(days=1)
        case Hindrance.RATE if wishes.rate is Rate.DAILY:
            day = today + timedelta(days=1)
        case Hindrance.RATE | Hindrance.BUDGET:
            day = next_week
        case _:
            day = today
    start = max(now, instant_of(day, time(), reader.zone))
    found = next_open(
        start,
        reader.zone,
        rules,
        calendar,
        audience=reader.audience,
        working=hours_of(wishes, working),
        quiet=wishes.quiet,
        away=wishes.away,
    )
    if found is not None or day == today:
        return found
    return instant_of(day, hours_of(wishes, working).starts, reader.zone)


def less(rate: Rate) -> Rate:
    """One step fewer reminders; the last stays."""
    return RATES[min(RATES.index(rate) + 1, len(RATES) - 1)]


def more(rate: Rate) -> Rate:
    """One step more reminders; the first stays."""
    return RATES[max(RATES.index(rate) - 1, 0)]


def minutes_open(working: Hours, quiet: Hours | None) -> int:
    """How many minutes of a day are in working hours and not quiet: wishes that leave nothing open are refused."""
    return sum(
        working.covers(at) and not (quiet is not None and quiet.covers(at))
        for at in (time(minute // 60, minute % 60) for minute in range(24 * 60))
    )
