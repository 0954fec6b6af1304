"""Changing the plan of visits: hold, move, and the free half-days that keep a school's rhythm.

A visit is between the school's principal and its ILD: both may change it, and the other one is told in their own
open time. No half-day holds two visits of one ILD, and none is planned where there is no school.
"""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from handlers import audit_trail
from handlers.actions import Action, act
from handlers.cadence import planning
from handlers.cadence.freed import freed_blocks
from handlers.cadence.planning import Network
from handlers.cadence.visit_clashes import require_room, say_minutes, say_way
from handlers.cadence.visit_places import iso, offer_buttons, say_slot
from handlers.calendars.busy_times import say_taken, say_whose
from handlers.cards import Block, Button, Buttons, Card, Emphasis, Quote, Text, plain
from handlers.errors import StaleError, UserError
from handlers.free_words import read_words
from handlers.permissions import Right, Subject, require
from handlers.post import tell_when_open
from handlers.turn import Cards, Turn, Values
from protocols.cadence.calendar import VISIT_MINUTES, Closure, ClosureKind, Half
from protocols.cadence.day_minutes import minutes_into_day, time_of_day
from protocols.cadence.moments import Moment, say_day, say_time
from protocols.cadence.protected import half_at
from protocols.cadence.visits import VISIT_STARTS
from storage import people, visits
from storage.people import School
from storage.visits import Visit

LOOK_AHEAD_DAYS = 200
OFFERED = 3


def hold(
    turn: Turn,
    school: School,
    day: date,
    half: Half,
    start: time,
    *,
    stands_in_for: int | None = None,
    minutes: int | None = None,
) -> Cards:
    """Plan a visit; ``minutes`` where it is to be another length than the usual one."""
    require(turn.person, Right.PLAN_VISIT, Subject(school=school), object=f"school:{school.id}")
    network = network_of(turn, school)
    require_slot(turn, school, day, start)
    same = next(
        (v for v in network.planned if v.school_id == school.id and v.day == day and v.half == half), None
    )
    if same is not None:
        raise StaleError(f"Already held: {school.name}, {say_visit(same, turn.today)}.")
    length = require_room(turn, network, school, day, start, minutes=minutes or VISIT_MINUTES)
    visit_id = visits.plan(
        turn.tx,
        school_id=school.id,
        ild_id=network.ild.id,
        day=day,
        half=half,
        starts=minutes_into_day(start),
        minutes=length,
        at=turn.now,
        put_by=turn.person.id,
    )
    if stands_in_for is not None:
        visits.make_good(turn.tx, stands_in_for, visit_id)
    audit(turn, "visit.planned", visit_id)
    when = say_slot(day, start, turn.today)
    other = tell_other(
        turn, school, visit_id, "planned", f"{turn.person.name} plans a visit to {school.name} on {when}."
    )
    told = f" {other} gets a note." if other else ""
    taken = _say_taken(turn, school, day, start)
    shared = _say_shared(turn, school, visit_id, length)
    return [
        Card(
            "",
            (
                Text(f"Held: {school.name}, {when}{shared}.{told}{taken}"),
                Buttons(visit_buttons(turn, visit_id, 1)),
            ),
        )
    ]


def move(turn: Turn, visit: Visit, day: date, half: Half, start: time, *, why: str = "") -> Cards:
    """``why`` is kept, and the other side reads it."""
    school = school_of(turn, visit)
    if why.strip():
        why = read_words(turn, why, school, ask="")
    network = network_of(turn, school)
    require_slot(turn, school, day, start)
    length = require_room(
        turn, network, school, day, start, minutes=visit.minutes or VISIT_MINUTES, moving=visit
    )
    if not visits.move(
        turn.tx,
        visit.id,
        version=visit.version,
        day=day,
        half=half,
        starts=minutes_into_day(start),
        at=turn.now,
        put_by=turn.person.id,
        why=why,
        minutes=length,
    ):
        raise StaleError(f"That visit was changed a moment ago. {say_standing(turn, visit.id)}")
    audit(turn, "visit.moved", visit.id, day=iso(day))
    when, before = say_slot(day, start, turn.today), say_visit(visit, turn.today)
    other = tell_other(
        turn,
        school,
        visit.id,
        f"moved:{visit.version}",
        f"The visit to {school.name} moves from {before} to {when}.",
        freed=visit,
        words=why,
    )
    told = f" {other} gets a note." if other else ""
    taken = _say_taken(turn, school, day, start)
    shared = _say_shared(turn, school, visit.id, length)
    return [Card("", (Text(f"Moved: {school.name}, now {when}{shared}.{told}{taken}"),))]


def offer_slots(turn: Turn, school: School, *, cancelled: Visit | None = None) -> Cards:
    """The half-days that keep this school's interval, each one press away."""
    network = network_of(turn, school)
    offers = planning.offers_for(turn.tx, turn.district, network, school, turn.today, count=OFFERED + 1)
    # The half-day that has just fallen out is free again, but not for this visit.
    gone = (cancelled.day, cancelled.half) if cancelled else None
    offers = tuple(offer for offer in offers if (offer.slot.day, offer.slot.half) != gone)[:OFFERED]
    lead = "Cancelled." if cancelled else ""
    if not offers:
        none = f"I see no free protected half-day for {school.name} in the next six weeks."
        text = f"{none} Write: plan {school.name} Thu 13:00."
        return [Card("", (Text(text, lead=lead),))]
    first = offers[0]
    reach = f"{say_slot(first.slot.day, first.at, turn.today)}: {_lower_first(first.because)}"
    text = f"The next slot for {school.name} is {reach}"
    left_out = tuple(Text(line, quiet=True) for line in _say_left_out(turn, network, school))
    return [
        Card("", (Text(text, lead=lead), *left_out, Buttons(offer_buttons(turn, school, offers, cancelled))))
    ]


def _say_left_out(turn: Turn, network: Network, school: School) -> list[str]:
    """Which half-days are not offered for somebody's own calendar: whose, not what for."""
    lines = []
    for slot, whose in planning.left_out(turn.tx, turn.district, network, school, turn.today, count=OFFERED):
        known = people.get_people(turn.tx, whose, on=turn.today).values()
        when = say_slot(slot.day, VISIT_STARTS[slot.half], turn.today)
        lines.append(f"Left out: {when}, {say_whose(known, turn.person.id)}")
    return lines


def _say_taken(turn: Turn, school: School, day: date, start: time) -> str:
    """A sentence, after a blank, where the visit lies in a time that somebody's own calendar takes."""
    ids = {one for one in (school.ild_id, school.principal_id) if one is not None}
    said = say_taken(
        turn.tx,
        turn.district,
        list(people.get_people(turn.tx, ids, on=turn.today).values()),
        day,
        minutes_into_day(start),
        reader_id=turn.person.id,
        zone=ZoneInfo(school.zone) if school.zone else turn.district.zone,
    )
    return f" {said}" if said else ""


def visit_buttons(turn: Turn, visit_id: int, version: int) -> tuple[Button, ...]:
    """What can be done with a planned visit."""
    return (
        Button("Move", act("visit.move_form", visit=visit_id, v=version)),
        Button("Cancel", act("visit.cancel_form", visit=visit_id, v=version)),
    )


def answer_buttons(turn: Turn, visit: Visit) -> tuple[Button, ...]:
    """What the side can say to which the visit was put."""
    return (
        Button("That suits me", act("visit.agree", visit=visit.id, v=visit.version), Emphasis.PRIMARY),
        Button("Another time", act("visit.move_form", visit=visit.id, v=visit.version)),
        Button("Cancel", act("visit.cancel_form", visit=visit.id, v=visit.version)),
    )


def press_agree(turn: Turn, action: Action, _values: Values) -> Cards:
    """The other side says that it suits them; nobody is told, for it is seen wherever the visit is."""
    visit = load(turn, action)
    if visit.put_by == turn.person.id:
        raise UserError("You put this one to the other side, so it is theirs to say that it suits them.")
    if not visits.agree(turn.tx, visit.id, version=visit.version, at=turn.now):
        raise StaleError(f"That visit was changed a moment ago. {say_standing(turn, visit.id)}")
    audit(turn, "visit.agreed", visit.id)
    return [plain(f"Good: {visit.school}, {say_visit(visit, turn.today)}.")]


def say_agreed(turn: Turn, visit: Visit) -> str:
    """ ", agreed" or ", not answered yet", for whoever put it to the other side; else nothing."""
    if visit.put_by != turn.person.id:
        return ""
    return ", agreed" if visit.is_agreed else ", not answered yet"


def require_slot(turn: Turn, school: School, day: date, start: time) -> None:
    zone = ZoneInfo(school.zone) if school.zone else turn.district.zone  # a visit is on the school's clock
    if datetime.combine(day, start, tzinfo=zone).astimezone(UTC) < turn.now:
        raise UserError(f"{say_slot(day, start, turn.today)} is past. Which day do you mean?")
    closure = turn.district.calendar.closure_on(day)
    if not turn.district.calendar.is_school_day(day):
        why = closure.title if closure else "no school"
        raise UserError(f"{say_day(day, turn.today)} is no school day ({why}). Choose another day.")
    concerns = planning.concerns_of(school)
    obstacle = turn.district.calendar.obstacle(day, start, concerns=concerns)
    if obstacle is not None:
        which = "another time" if obstacle.kind.has_time else "another day"
        when = say_slot(day, start, turn.today) if obstacle.kind.has_time else say_day(day, turn.today)
        raise UserError(f"No visits on {when}: {say_closure(obstacle)}. Choose {which}.")
    if (day - turn.today).days > LOOK_AHEAD_DAYS:
        raise UserError(
            "That is more than half a year away. Plan it nearer the time; the rhythm will remind you."
        )


def _say_shared(turn: Turn, school: School, visit_id: int, minutes: int) -> str:
    """ ", 45 minutes, 12 minutes from Lincoln Middle", for the ILD, where another visit shares the half-day."""
    visit, network = visits.get(turn.tx, visit_id), network_of(turn, school)
    if visit is None or turn.person.id != network.ild.id or not (way := say_way(network, visit)):
        return ""
    return f", for {say_minutes(minutes)}, {way.rstrip('.')}"


def network_of(turn: Turn, school: School) -> Network:
    if school.ild_id is None:
        raise UserError(f"{school.name} has no ILD in the roster. Ask your administrator to assign one.")
    ild = people.get_person(turn.tx, school.ild_id, on=turn.today)
    until = date.fromordinal(turn.today.toordinal() + LOOK_AHEAD_DAYS)
    return planning.load_network(turn.tx, ild, turn.today, until=until)


def load(turn: Turn, action: Action) -> Visit:
    """The visit a button is about. Raises ``StaleError`` where it has changed since the button was made."""
    visit = visits.get(turn.tx, action.number("visit"))
    if visit is None:
        raise UserError("I can't find that visit any more. Write “my week” to see what is planned.")
    school_of(turn, visit)
    if visit.version != action.number("v") or visit.status != "planned":
        raise StaleError(f"That was settled before. {say_standing(turn, visit.id)}")
    return visit


def say_standing(turn: Turn, visit_id: int) -> str:
    visit = visits.get(turn.tx, visit_id)
    assert visit is not None
    when = say_visit(visit, turn.today)
    match visit.status:
        case "held":
            return f"The visit to {visit.school} on {when} took place."
        case "cancelled":
            return f"The visit to {visit.school} on {when} is cancelled."
        case "withdrawn":
            return f"The visit to {visit.school} on {when} was taken back and counts nowhere."
        case _:
            return f"{visit.school} is planned for {when}."


def school_of(turn: Turn, visit: Visit) -> School:
    school = people.school_on(turn.tx, visit.school_id, turn.today)
    if school is None:
        raise UserError(f"{visit.school} is no longer an active school, so its visits can't be changed.")
    require(turn.person, Right.PLAN_VISIT, Subject(school=school), object=f"visit:{visit.id}")
    return school


def school_in(turn: Turn, action: Action) -> School:
    school = people.school_on(turn.tx, action.number("school"), turn.today)
    if school is None:
        raise UserError("That school is no longer active.")
    require(turn.person, Right.PLAN_VISIT, Subject(school=school), object=f"school:{school.id}")
    return school


def next_visit(turn: Turn, school: School) -> Visit:
    until = date.fromordinal(turn.today.toordinal() + LOOK_AHEAD_DAYS)
    planned = visits.planned(turn.tx, turn.today, until, school_ids=[school.id])
    if not planned:
        raise UserError(f"No visit to {school.name} is planned. Write: plan {school.name} Thu 8:30.")
    return planned[0]


def tell_other(
    turn: Turn,
    school: School,
    visit_id: int,
    what: str,
    sentence: str,
    *,
    freed: Visit | None = None,
    words: str = "",
) -> str | None:
    """Let the other side of the visit know, in their own open time; their name, or None where there is nobody.

    A visit that is today, or was, is of no use to hear of later, so that does not wait. ``freed`` is the visit as it
    was, where its half-day is free now: an ILD gets it offered for another school. ``words`` are why it changed.
    """
    was = freed.day if freed else None
    others = {school.ild_id, school.principal_id} - {turn.person.id, None}
    names = []
    for person in people.get_people(turn.tx, {i for i in others if i is not None}, on=turn.today).values():
        visit = visits.get(turn.tx, visit_id)
        buttons = answer_buttons(turn, visit) if visit and visit.status == "planned" else ()
        blocks: list[Block] = [Text(sentence)]
        if words:
            blocks.append(Quote(words, source=turn.person.given_name))
        if buttons:
            blocks.append(Buttons(buttons))
        if freed is not None and person.id == school.ild_id:
            blocks.extend(freed_blocks(turn, person, freed))
        tell_when_open(
            turn.tx,
            turn.district,
            person,
            Card("", tuple(blocks)),
            kind="visit_today" if turn.today in (was, visit.day if visit else None) else "visit",
            period=f"{visit_id}:{what}",
            now=turn.now,
            subject=f"visit:{visit_id}",
        )
        names.append(person.name)
    return names[0] if names else None


def audit(turn: Turn, action: str, visit_id: int, **detail: object) -> None:
    audit_trail.write(turn, action, f"visit:{visit_id}", **detail)


def half_and_start(moment: Moment) -> tuple[Half, time]:
    half = half_at(moment.at) if moment.at else (moment.half or Half.AM)
    return half, moment.at or VISIT_STARTS[half]


def start_of(visit: Visit) -> time:
    return VISIT_STARTS[visit.half] if visit.starts is None else time_of_day(visit.starts)


def say_visit(visit: Visit, today: date) -> str:
    """ "Thu 10 Dec 13:00" """
    return say_slot(visit.day, start_of(visit), today)


def say_closure(closure: Closure) -> str:
    """ "Early release (students go at 12:30)" """
    if closure.at is None:
        return closure.title
    move = "come" if closure.kind is ClosureKind.LATE_START else "go"
    return f"{closure.title} (students {move} at {say_time(closure.at)})"


def _lower_first(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
