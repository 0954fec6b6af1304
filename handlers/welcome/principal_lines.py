"""The principal's home: what this week asks, the next visit, what both sides promised, how the rhythm stands."""

from datetime import timedelta

from handlers import week
from handlers.actions import act
from handlers.cadence import planning
from handlers.cadence.visit_changes import say_visit
from handlers.cards import Button
from handlers.digest.digest_entry import OPEN, day_of, minutes_of
from handlers.memory.thread_state import open_promises
from handlers.permissions import Right, Subject, may
from handlers.turn import Turn
from handlers.welcome.lines import Line, Need, count, goes
from protocols.buffer.effort import say_minutes
from protocols.buffer.headlines import shorten
from protocols.cadence.intervals import say_cadence
from protocols.cadence.moments import say_day
from storage import digests, people, visits
from storage.digests import TO_DO
from storage.people import Role, School
from storage.visits import Visit

SOON = timedelta(days=3)
AHEAD = timedelta(days=200)
LONGEST_NAME = 60


def principal_lines(turn: Turn) -> list[Line]:
    """For whoever leads a school; nothing for others."""
    if Role.PRINCIPAL not in turn.person.roles:
        return []
    led = people.schools_on(turn.tx, turn.today, principal_id=turn.person.id)
    lines = _digest(turn)
    for school in led:
        if may(turn.person, Right.SEE_VISITS, Subject(school=school)):
            lines += [*_visit(turn, school), *_promises(turn, school), *_rhythm(turn, school)]
    return lines


def _digest(turn: Turn) -> list[Line]:
    digest = digests.latest(turn.tx, turn.person.id)
    own = Subject(owner_ids=frozenset({turn.person.id}))
    if digest is None or not may(turn.person, Right.ANSWER_DIGEST, own):
        return []
    entries = digests.items_of(turn.tx, digest.id or 0)
    left = [entry for entry in entries if entry[0].section in TO_DO and entry[0].state in OPEN]
    if not left:
        return [Line(Need.FIGURE, "This week’s things.", "All done.", goes("My digest", "digest"))]
    first = min(
        left, key=lambda entry: (entry[0].section != "do_not_drop", day_of(entry) or turn.today + AHEAD)
    )
    due = day_of(first)
    by = f", by {say_day(due, turn.today)}" if due else ""
    minutes = sum(map(minutes_of, left))
    about = f", about {say_minutes(minutes)}" if minutes else ""
    name = shorten(first[1].headline, LONGEST_NAME).rstrip(".")
    is_soon = due is not None and due <= turn.today + SOON
    return [
        Line(
            Need.WAITING if is_soon else Need.SOON,
            f"{count(len(left), 'thing')} to do{about}.",
            f"First: {name}{by}.",
            goes("My digest", "digest", stands_out=True),
        )
    ]


def _visit(turn: Turn, school: School) -> list[Line]:
    planned = visits.planned(turn.tx, turn.today, turn.today + AHEAD, school_ids=[school.id])
    if not planned:
        text = "You can ask for one: ask for a visit Thursday because …"
        return [Line(Need.BEHIND, f"No visit to {school.name} is planned.", text, goes("My week", "week"))]
    visit = planned[0]
    when = f"{say_visit(visit, turn.today)}, {week.say_kind(visit.kind)}, with {visit.ild}."
    if _is_asked(turn, visit):
        return [Line(Need.WAITING, "Does this suit you?", f"{school.name}, {when}", goes("Answer", "week"))]
    opened = Button("Open", act("visit.open", visit=visit.id, v=visit.version))
    need = Need.SOON if visit.day <= turn.today + SOON else Need.AHEAD
    return [Line(need, f"Next visit: {school.name}.", when, opened)]


def _is_asked(turn: Turn, visit: Visit) -> bool:
    return visit.put_by not in (None, turn.person.id) and not visit.is_agreed


def _promises(turn: Turn, school: School) -> list[Line]:
    rows = open_promises(turn, [school])
    if not rows:
        return []
    first = min(rows, key=lambda row: row.by_when)
    owners = people.get_people(turn.tx, [first.owner_id], on=turn.today)
    who = "You" if first.owner_id == turn.person.id else owners[first.owner_id].name
    more = f" And {len(rows) - 1} more." if len(rows) > 1 else ""
    what = shorten(first.what, LONGEST_NAME).rstrip(".")
    text = f"{what}, by {say_day(first.by_when, turn.today)}.{more}"
    is_soon = first.owner_id == turn.person.id and first.by_when <= turn.today + SOON
    return [Line(Need.SOON if is_soon else Need.AHEAD, f"{who} promised:", text, goes("See them", "week"))]


def _rhythm(turn: Turn, school: School) -> list[Line]:
    if school.ild_id is None or not may(turn.person, Right.SEE_RHYTHM, Subject(school=school)):
        return []
    ild = people.get_person(turn.tx, school.ild_id, on=turn.today)
    network = planning.load_network(turn.tx, ild, turn.today, until=turn.today)
    stands = planning.standing_of(network, school, turn.district, turn.today)
    since = (
        f"{count(stands.days_since, 'school day')} since the last"
        if stands.last
        else "None yet this school year"
    )
    lead = f"Visits {say_cadence(stands.target)}."
    return [Line(Need.FIGURE, lead, f"{since}.", goes("Our thread", "thread"))]
