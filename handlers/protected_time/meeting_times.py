"""A meeting as asked for, and what the calendar says to it: protected, taken, or free, and which times are.

Times are told by the clock of whoever asks; people who live by another one count, and read, by their own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.calendars.busy_times import busy_of, say_taken
from handlers.district import zone_of
from handlers.protected_time.invitees import Invitees, invitees_of
from handlers.turn import Turn
from protocols.cadence import protected, protected_times
from protocols.cadence.busy import merged
from protocols.cadence.day_minutes import minutes_into_day, time_of_day
from protocols.cadence.protected import Audience, ProtectedRule
from protocols.cadence.protected_times import Busy, Elsewhere, Refusal, Start
from protocols.cadence.visits import VISIT_STARTS
from storage import meetings, people, visits
from storage.people import Person
from storage.tables import MeetingRow

USUAL_MINUTES = 60
SEARCH_AHEAD = timedelta(days=30)
"""How far ahead other meetings and visits are read when free times are looked for."""


@dataclass(frozen=True, slots=True)
class Request:
    """A meeting as asked for, before it is written down. ``zone`` is the clock its start is told by."""

    who: Invitees
    start: Start
    minutes: int
    topic: str
    zone: ZoneInfo

    @property
    def begins(self) -> datetime:
        """The instant at which it starts."""
        return datetime.combine(self.start.day, self.start.at, tzinfo=self.zone)

    def start_for(self, zone: ZoneInfo) -> Start:
        """Its start as another clock shows it."""
        return _start_of(self.begins, zone)


def request_of(turn: Turn, meeting: MeetingRow) -> Request:
    """The request a row stands for, with the people who fit it on its day."""
    who = invitees_of(turn.tx, meeting.audience, on=meeting.day)
    start = Start(meeting.day, clock_of(meeting))
    return Request(who, start, meeting.minutes, meeting.topic, zone_told(turn, meeting))


def clock_of(meeting: MeetingRow) -> time:
    """The local time of day at which it starts, by the clock of whoever asked for it."""
    return time_of_day(meeting.starts)


def zone_told(turn: Turn, meeting: MeetingRow) -> ZoneInfo:
    return ZoneInfo(meeting.zone) if meeting.zone else turn.district.zone


def refusal(turn: Turn, request: Request) -> Refusal | None:
    """Why the meeting cannot be then, with its cost and the nearest allowed times; None where time is open."""
    return protected_times.refusal(
        request.start,
        request.minutes,
        turn.district.rules,
        turn.district.calendar,
        audience=_here(turn, request),
        now=turn.now.astimezone(request.zone).replace(tzinfo=None),
        people=len(request.who.people),
        visits=len(displaced(turn, request)),
        busy=busy(turn, request.who, request.zone),
        elsewhere=_elsewhere(turn, request),
    )


def nearest(turn: Turn, request: Request) -> tuple[Start, ...]:
    """Up to three starts that are open and free for everybody invited."""
    return protected_times.nearest_allowed(
        request.start,
        request.minutes,
        turn.district.rules,
        turn.district.calendar,
        audience=_here(turn, request),
        now=turn.now.astimezone(request.zone).replace(tzinfo=None),
        busy=busy(turn, request.who, request.zone),
        elsewhere=_elsewhere(turn, request),
    )


def rule_against(turn: Turn, request: Request, rules: Sequence[ProtectedRule]) -> ProtectedRule | None:
    """The rule of this policy that the meeting runs into, by anybody's clock; None where time is open."""
    return protected_times.found_rule(
        request.start,
        request.minutes,
        rules,
        turn.district.calendar,
        audience=_here(turn, request),
        elsewhere=_elsewhere(turn, request),
    )


def _here(turn: Turn, request: Request) -> Audience | None:
    """Those who live by the clock the meeting is told by; None where nobody does."""
    return _audiences(turn, request.who).get(request.zone)


def _elsewhere(turn: Turn, request: Request) -> list[Elsewhere]:
    return [
        Elsewhere(request.zone, zone, audience)
        for zone, audience in _audiences(turn, request.who).items()
        if zone != request.zone
    ]


def _audiences(turn: Turn, who: Invitees) -> dict[ZoneInfo, Audience]:
    """The people invited by the clock they live by."""
    by_zone: dict[ZoneInfo, list[Person]] = {}
    for person in who.people:
        by_zone.setdefault(zone_of(person, turn.district), []).append(person)
    return {
        zone: Audience(
            networks=frozenset(who.networks[p.id] for p in some if p.id in who.networks),
            roles=who.audience.roles,
        )
        for zone, some in by_zone.items()
    }


def busy(turn: Turn, who: Invitees, zone: ZoneInfo) -> list[Busy]:
    """Visits and meetings, in the coming month, of anybody invited, by the given clock."""
    until = turn.today + SEARCH_AHEAD
    zones = {
        school.id: ZoneInfo(school.zone)
        for school in people.schools_on(turn.tx, turn.today)
        if school.zone is not None
    }
    found = []
    for visit in visits.planned(turn.tx, turn.today, until):
        if visit.starts is not None and (visit.school_id in who.school_ids or visit.ild_id in who.ids):
            told = zones.get(visit.school_id, turn.district.zone)
            at = datetime.combine(visit.day, time_of_day(visit.starts), tzinfo=told)
            start = _start_of(at, zone)
            found.append(Busy(start.day, start.at, visit.minutes or USUAL_MINUTES))
    for meeting in meetings.held_between(turn.tx, turn.today, until):
        if invitees_of(turn.tx, meeting.audience, on=meeting.day).ids & who.ids:
            at = datetime.combine(meeting.day, clock_of(meeting), tzinfo=zone_told(turn, meeting))
            start = _start_of(at, zone)
            found.append(Busy(start.day, start.at, meeting.minutes))
    return [*found, *_own(turn, who, until, zone)]


def _own(turn: Turn, who: Invitees, until: date, zone: ZoneInfo) -> list[Busy]:
    """When the own calendar of anybody invited is taken; all of them as one, for it does not matter whose it is."""
    known = busy_of(turn.tx, turn.district, who.ids, turn.today, until, zone=zone)
    together = merged(stretch for stretches in known.values() for stretch in stretches)
    return [Busy(one.day, time_of_day(one.starts), one.ends - one.starts) for one in together]


def clash(turn: Turn, request: Request) -> str | None:
    """What already lies at the wanted time, in words that give away no more than that something does."""
    start = minutes_into_day(request.start.at)
    taken = busy(turn, request.who, request.zone)
    if any(block.overlaps(request.start.day, start, request.minutes) for block in taken):
        return _say_clash(turn, request, start)
    if not turn.district.calendar.is_school_day(request.start.day):
        return "school is closed that day"
    return None


def _say_clash(turn: Turn, request: Request, start: int) -> str:
    """Who is taken is said of somebody who was named; of many invited, nobody's calendar is told from the others'."""
    if len(request.who.people) > 1:
        return "somebody invited has a visit, a meeting or something of their own then"
    own = say_taken(
        turn.tx,
        turn.district,
        request.who.people,
        request.start.day,
        start,
        reader_id=turn.person.id,
        zone=request.zone,
        minutes=request.minutes,
    )
    return own.rstrip(".") or "somebody invited has a visit or another meeting then"


def displaced(turn: Turn, request: Request) -> list[visits.Visit]:
    """The planned visits of those invited that the meeting would push out of their half-day, and have not begun."""
    zones = {school.id: school.zone for school in people.schools_on(turn.tx, request.start.day)}
    nearby = timedelta(days=1)  # a day may be another one by another clock
    found = []
    for visit in visits.planned(turn.tx, request.start.day - nearby, request.start.day + nearby):
        if visit.school_id not in request.who.school_ids and visit.ild_id not in request.who.ids:
            continue
        zone = ZoneInfo(zones.get(visit.school_id) or turn.district.zone.key)
        at = time_of_day(visit.starts) if visit.starts is not None else VISIT_STARTS[visit.half]
        if datetime.combine(visit.day, at, tzinfo=zone) <= turn.now:
            continue
        theirs = request.start_for(zone)
        if visit.day == theirs.day and visit.half in protected.halves_touched(theirs.at, request.minutes):
            found.append(visit)
    return found


def say_starts(turn: Turn, starts: tuple[Start, ...]) -> str:
    """ "Mon 7 Dec 14:00, Wed 9 Dec 13:00" """
    return ", ".join(start.say(turn.today) for start in starts)


def _start_of(at: datetime, zone: ZoneInfo) -> Start:
    local = at.astimezone(zone)
    return Start(local.date(), local.time())
