"""A visit that nobody had planned, counted in one line, and taken back with one press."""

import re
from dataclasses import replace

from handlers.actions import Action, act
from handlers.cadence.visit_changes import audit, say_standing, school_of
from handlers.cards import Button, Buttons, Card, Text, plain
from handlers.errors import StaleError, UserError
from handlers.permissions import Right
from handlers.schools import find_school
from handlers.turn import Cards, Turn, Values
from handlers.week import say_kind
from protocols.cadence.moments import say_day
from protocols.cadence.protected import half_at
from protocols.cadence.visited_words import Visited, VisitedFault, read_visited
from storage import people, visits
from storage.people import School


def visited_words(turn: Turn, match: re.Match[str]) -> Cards:
    """ "visited lincoln 45 min, maths": count a visit, planned that day or not. A hallway chat is not one."""
    try:
        read = read_visited(match["rest"], turn.today)
    except VisitedFault as fault:
        raise UserError(str(fault)) from None
    if not read.school:
        raise UserError("Which school? Write it like: visited lincoln 45 min, coaching.")
    school = find_school(turn, read.school, Right.PLAN_VISIT, lambda s: act("visit.offers", school=s.id))
    then = people.school_on(turn.tx, school.id, read.day)
    ild_id = (then.ild_id if then else None) or school.ild_id
    if ild_id is None:
        raise UserError(f"{school.name} has no ILD in the roster, so nobody's visit can be counted there.")
    if visits.held_on(turn.tx, school.id, read.day) is not None:
        raise UserError(f"A visit to {school.name} on {say_day(read.day, turn.today)} is counted already.")
    return [_count(turn, replace(school, ild_id=ild_id), read)]


def _count(turn: Turn, school: School, read: Visited) -> Card:
    planned = visits.planned(turn.tx, read.day, read.day, school_ids=[school.id])
    undo: dict[str, int] = {}
    if planned:
        first = planned[0]
        visits.mark_held(turn.tx, first.id, version=first.version, minutes=read.minutes or first.minutes)
        visit_id, version = first.id, first.version + 1
        undo = {"was": first.minutes or 0}
    else:
        assert school.ild_id is not None  # the caller asked
        visit_id, version = (
            visits.record_held(
                turn.tx,
                school_id=school.id,
                ild_id=school.ild_id,
                day=read.day,
                half=half_at(turn.local.time()),
                kind=read.kind,
                minutes=read.minutes,
                at=turn.now,
                about=read.about,
            ),
            1,
        )
    audit(turn, "visit.held", visit_id, unplanned=not planned)
    kind = planned[0].kind if planned else read.kind
    parts = [school.name, say_day(read.day, turn.today), say_kind(kind)]
    if read.minutes:
        parts.append(f"{read.minutes} minutes")
    about = f" About: {read.about}." if read.about else ""
    notes = [f"{', '.join(parts)}.{about}"]
    if planned:
        notes.append("It was planned, so it counts as that one.")
    if not turn.district.calendar.is_school_day(read.day):
        notes.append("That was no school day; if the day is wrong, press Undo.")
    button = Button("Undo", act("visit.uncount", visit=visit_id, v=version, **undo))
    return Card("", (Text(f"Counted: {' '.join(notes)}"), Buttons((button,))))


def press_uncount(turn: Turn, action: Action, _values: Values) -> Cards:
    """Take back what was just counted. A visit that the principal has confirmed, or that changed since, stays."""
    visit = visits.get(turn.tx, action.number("visit"))
    if visit is None:
        raise UserError("I can't find that visit any more. Write “my week” to see what is planned.")
    school_of(turn, visit)
    was_planned = "was" in action.args
    is_done = visits.uncount(
        turn.tx,
        visit.id,
        version=action.number("v"),
        was_planned=was_planned,
        minutes=action.number("was") or None if was_planned else None,
    )
    if not is_done:
        if visit.status == "held":
            raise StaleError(
                "The principal has confirmed that visit, or it has changed since, so it stays counted."
            )
        raise StaleError(f"That was settled before. {say_standing(turn, visit.id)}")
    audit(turn, "visit.uncounted", visit.id, planned=was_planned)
    rest = "It is planned as before." if was_planned else "It counts nowhere."
    return [plain(f"Taken back: {visit.school}, {say_day(visit.day, turn.today)}. {rest}")]
