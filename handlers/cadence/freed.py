"""A half-day that has come free: offered at once to the ILD whose it is, for the school that gains most by it."""

from handlers.actions import act
from handlers.cadence import planning
from handlers.cards import Block, Button, Buttons, Emphasis, Text
from handlers.turn import Turn
from protocols.cadence.day_minutes import minutes_into_day, time_of_day
from protocols.cadence.moments import say_day, say_time
from protocols.cadence.protected import half_at
from protocols.cadence.visits import VISIT_STARTS
from storage.people import Person
from storage.visits import Visit


def freed_blocks(turn: Turn, ild: Person, visit: Visit) -> tuple[Block, ...]:
    """Which other school the half-day of this ILD's ``visit`` serves best, now that it is not there any more.

    Nothing where it is today or past, where something else stands in it already, and where nobody needs it. The
    visit's own start is kept, for that is the time the ILD has kept free.
    """
    network = planning.load_network(turn.tx, ild, turn.today, until=turn.today + planning.OFFER_AHEAD)
    found = planning.who_gains(
        turn.tx, turn.district, network, visit.day, visit.half, turn.today, apart_from=visit.school_id
    )
    if found is None:
        return ()
    school, offer, allowed = found
    start = VISIT_STARTS[visit.half] if visit.starts is None else time_of_day(visit.starts)
    if half_at(start) is not visit.half:
        start = VISIT_STARTS[visit.half]
    when = f"{say_day(visit.day, turn.today)} {say_time(start)}"
    used = f"{offer.interval} of {allowed} school days by then"
    text = f"{when} is free now. {school.name} would gain most: {used}."
    hold = act(
        "visit.hold", school=school.id, day=visit.day.isoformat(), half=visit.half, at=minutes_into_day(start)
    )
    return Text(text), Buttons((Button(f"Hold it for {school.name}", hold, Emphasis.PRIMARY),))
