"""What a change of protected time would do, in sentences: half-days, minutes, meetings and visits that it touches."""

from collections.abc import Sequence
from datetime import timedelta

from handlers.cadence.visit_changes import say_visit
from handlers.cards import Block, Item, Items, Text
from handlers.protected_time.meeting_times import clock_of, request_of, rule_against
from handlers.turn import Turn
from protocols.cadence.protected import Audience, ProtectedRule, rule_for, whom_of
from protocols.cadence.protected_changes import Change, Effect, Rules, after, effect
from protocols.cadence.protected_times import Start
from storage import meetings, people, visits
from storage.tables import MeetingRow
from storage.visits import Visit

LOOK_AHEAD = timedelta(days=400)
MOST_LISTED = 6


def effect_lines(turn: Turn, policy: Rules, change: Change) -> list[Block]:
    """The figures of the change, and what is booked or planned in the half-days it touches."""
    does = effect(policy, change, turn.district.calendar, turn.today)
    later = after(policy, change)
    blocks: list[Block] = [Text(_say(does, whom_of(change.scope)))]
    caught = caught_by(turn, policy, change)
    if caught:
        is_one = len(caught) == 1
        lead = "1 booked meeting falls" if is_one else f"{len(caught)} booked meetings fall"
        items = tuple(_meeting_item(turn, one) for one in caught[:MOST_LISTED])
        blocks.append(Items(items, title=f"{lead} in it and {'stays' if is_one else 'stay'} booked"))
    bare = _visits_bared(turn, policy.in_force, later.in_force)
    if bare:
        is_one = len(bare) == 1
        lead = f"{len(bare)} planned {'visit loses its' if is_one else 'visits lose their'} protection"
        items = tuple(Item(say_visit(v, turn.today), lead=v.school, detail=v.ild) for v in bare[:MOST_LISTED])
        blocks.append(Items(items, title=lead))
    more = max(0, len(caught) - MOST_LISTED) + max(0, len(bare) - MOST_LISTED)
    if more:
        blocks.append(Text(f"{more} more are not listed here.", quiet=True))
    return blocks


def _say(does: Effect, whom: str) -> str:
    whom = whom[:1].upper() + whom[1:]
    if does.week_before == does.week_after:
        a_week = f"{whom}: {_halves(does.week_after)} a week as before ({does.share_after:.0%} of the school week)."
    else:
        a_week = (
            f"{whom}: {_halves(does.week_before)} a week now, {does.week_after} then "
            f"({does.share_after:.0%} of the school week)."
        )
    touched = []
    if does.added:
        touched.append(f"{_halves(len(does.added))} {_become(does.added)} protected")
    if does.removed:
        touched.append(f"{_halves(len(does.removed))} {_become(does.removed)} open")
    difference = does.minutes_after - does.minutes_before
    if does.year and difference:
        more = "more" if difference > 0 else "fewer"
        changed = f"{abs(difference) / 60:,.0f} {more} than now"
        hours = f"{does.minutes_after / 60:,.0f} hours a person in {does.year}, {changed}."
    else:
        hours = f"{does.minutes_after / 60:,.0f} hours a person in {does.year}, as now." if does.year else ""
    counted = f"{' and '.join(touched).capitalize()}. " if touched else ""
    return f"{a_week} {counted}{hours}".strip()


def _halves(count: int) -> str:
    return "1 half-day" if count == 1 else f"{count} half-days"


def _become(some: Sequence[object]) -> str:
    return "becomes" if len(some) == 1 else "become"


def caught_by(turn: Turn, policy: Rules, change: Change) -> list[MeetingRow]:
    """Booked meetings that are in open time now and would be in protected time."""
    before, then = policy.in_force, after(policy, change).in_force
    found = []
    for meeting in meetings.held_between(turn.tx, turn.today, turn.today + LOOK_AHEAD):
        request = request_of(turn, meeting)
        if rule_against(turn, request, then) and not rule_against(turn, request, before):
            found.append(meeting)
    return found


def _meeting_item(turn: Turn, meeting: MeetingRow) -> Item:
    when = Start(meeting.day, clock_of(meeting)).say(turn.today)
    return Item(f"{meeting.topic}, {meeting.minutes} minutes", lead=when, detail=meeting.office)


def _visits_bared(turn: Turn, before: Sequence[ProtectedRule], then: Sequence[ProtectedRule]) -> list[Visit]:
    """Planned visits whose half-day is protected for the school's principal now and would be open."""
    schools = {school.id: school for school in people.schools_on(turn.tx, turn.today)}
    known = turn.district.calendar
    found = []
    for visit in visits.planned(turn.tx, turn.today, turn.today + LOOK_AHEAD):
        school = schools.get(visit.school_id)
        if school is None:
            continue
        whose = Audience.of(network=school.network, role="principal")
        is_now = rule_for(visit.day, visit.half, before, known, whose)
        if is_now and not rule_for(visit.day, visit.half, then, known, whose):
            found.append(visit)
    return found
