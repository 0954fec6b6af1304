"""A meeting as asked for, and what the calendar says to it: protected, taken, or free, and which times are."""

from dataclasses import dataclass
from datetime import time, timedelta

from handlers.invitees import Invitees, invitees_of
from handlers.turn import Turn
from protocols.cadence import protected
from protocols.cadence.day_minutes import minutes_into_day, time_of_day
from protocols.cadence.protected import Busy, Refusal, Start
from storage import meetings, visits
from storage.tables import MeetingRow

USUAL_MINUTES = 60
SEARCH_AHEAD = timedelta(days=30)
"""How far ahead other meetings and visits are read when free times are looked for."""


@dataclass(frozen=True, slots=True)
class Request:
    """A meeting as asked for, before it is written down."""

    who: Invitees
    start: Start
    minutes: int
    topic: str


def request_of(turn: Turn, meeting: MeetingRow) -> Request:
    """The request a row stands for, with the people who fit it on its day."""
    who = invitees_of(turn.tx, meeting.audience, on=meeting.day)
    return Request(who, Start(meeting.day, clock_of(meeting)), meeting.minutes, meeting.topic)


def clock_of(meeting: MeetingRow) -> time:
    """The local time of day at which it starts."""
    return time_of_day(meeting.starts)


def refusal(turn: Turn, request: Request) -> Refusal | None:
    """Why the meeting cannot be then, with its cost and the nearest allowed times; None where time is open."""
    return protected.refusal(
        request.start,
        request.minutes,
        turn.district.rules,
        turn.district.calendar,
        audience=request.who.audience,
        now=turn.local.replace(tzinfo=None),
        people=len(request.who.people),
        visits=len(displaced(turn, request)),
        busy=busy(turn, request.who),
    )


def nearest(turn: Turn, request: Request) -> tuple[Start, ...]:
    """Up to three starts that are open and free for everybody invited."""
    return protected.nearest_allowed(
        request.start,
        request.minutes,
        turn.district.rules,
        turn.district.calendar,
        audience=request.who.audience,
        now=turn.local.replace(tzinfo=None),
        busy=busy(turn, request.who),
    )


def busy(turn: Turn, who: Invitees) -> list[Busy]:
    """Visits and meetings, in the coming month, of anybody invited."""
    until = turn.today + SEARCH_AHEAD
    busy = [
        Busy(visit.day, time_of_day(visit.starts), visit.minutes or USUAL_MINUTES)
        for visit in visits.planned(turn.tx, turn.today, until)
        if visit.starts is not None and (visit.school_id in who.school_ids or visit.ild_id in who.ids)
    ]
    for meeting in meetings.held_between(turn.tx, turn.today, until):
        if invitees_of(turn.tx, meeting.audience, on=meeting.day).ids & who.ids:
            busy.append(Busy(meeting.day, time_of_day(meeting.starts), meeting.minutes))
    return busy


def clash(turn: Turn, request: Request) -> str | None:
    """What already lies at the wanted time, in words that give away no more than that something does."""
    start = minutes_into_day(request.start.at)
    if any(block.overlaps(request.start.day, start, request.minutes) for block in busy(turn, request.who)):
        return "somebody invited has a visit or another meeting then"
    if not turn.district.calendar.is_school_day(request.start.day):
        return "school is closed that day"
    return None


def displaced(turn: Turn, request: Request) -> list[visits.Visit]:
    """The planned visits of those invited that the meeting would push out of their half-day."""
    halves = protected.halves_touched(request.start.at, request.minutes)
    return [
        visit
        for visit in visits.planned(turn.tx, request.start.day, request.start.day)
        if visit.half in halves
        and (visit.school_id in request.who.school_ids or visit.ild_id in request.who.ids)
    ]


def say_starts(turn: Turn, starts: tuple[Start, ...]) -> str:
    """ "Mon 7 Dec 14:00, Wed 9 Dec 13:00" """
    return ", ".join(start.say(turn.today) for start in starts)
