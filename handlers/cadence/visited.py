"""A visit that nobody had planned, counted in one line, and taken back with one press."""

import re
from dataclasses import replace
from datetime import date

from handlers.actions import Action, ActionError, act
from handlers.cadence.visit_changes import audit, say_standing, school_of
from handlers.cards import Button, Buttons, Card, Emphasis, Field, FieldKind, Option, Text, plain
from handlers.errors import StaleError, UserError
from handlers.permissions import Right, Subject, may, require
from handlers.schools import find_school
from handlers.turn import Cards, Turn, Values
from handlers.week import say_kind
from protocols.cadence.moments import find_minutes, say_day
from protocols.cadence.protected import half_at
from protocols.cadence.visited_words import (
    KINDS,
    LONGEST_BACK,
    LONGEST_MINUTES,
    Visited,
    VisitedFault,
    read_visited,
)
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
    return [_counted(turn, school, read)]


def log_form(turn: Turn, _action: Action | None = None, _values: Values | None = None) -> Cards:
    """The same as a form: school, day, length, kind, what it was about."""
    schools = [one for one in people.schools_on(turn.tx, turn.today) if may_log(turn, one)]
    if not schools:
        require(turn.person, Right.PLAN_VISIT, object="school")
    options = tuple(Option(str(one.id), one.name) for one in schools)
    own = next((str(one.id) for one in schools if turn.person.id in (one.ild_id, one.principal_id)), "")
    kinds = tuple(Option(kind, say_kind(kind).capitalize()) for kind in (*KINDS, "other"))
    fields = (
        Field("school", "School", FieldKind.CHOICE, value=own, options=options, required=True),
        Field("day", "Day", FieldKind.DATE, value=turn.today.isoformat(), required=True),
        Field("minutes", "Minutes in the school", hint="Empty: not known"),
        Field("kind", "What it was", FieldKind.CHOICE, value="walkthrough", options=kinds, required=True),
        Field("about", "About", hint="In a few words, without names"),
    )
    text = "A visit that nobody had planned. One that was planned for that day counts as held."
    count = Button("Count it", act("visit.log"), Emphasis.PRIMARY)
    return [Card("Log a visit", (Text(text), *fields, Buttons((count,))))]


def may_log(turn: Turn, school: School) -> bool:
    return may(turn.person, Right.PLAN_VISIT, Subject(school=school))


def press_log(turn: Turn, _action: Action, values: Values) -> Cards:
    """Count what was filled in."""
    try:
        chosen = act("visit.log", school=values.get("school", "")).number("school")
    except ActionError:
        raise UserError("Which school? Choose one.", field="school") from None
    school = people.school_on(turn.tx, chosen, turn.today)
    require(turn.person, Right.PLAN_VISIT, Subject(school=school), object="school")
    try:
        day = date.fromisoformat(values.get("day", "").strip())
    except ValueError:
        raise UserError("Which day? Choose one, up to today.", field="day") from None
    if not turn.today - LONGEST_BACK <= day <= turn.today:
        raise UserError("Choose a day up to today, of the last year.", field="day")
    said = values.get("minutes", "").strip()
    minutes = int(said) if said.isascii() and said.isdigit() and len(said) < 5 else find_minutes(said)
    if said and not (minutes and minutes <= LONGEST_MINUTES):
        raise UserError("How many minutes was it? Write a number up to 600, or nothing.", field="minutes")
    kind = values.get("kind", "")
    assert school is not None  # a right to no school at all is nobody's
    about = " ".join(values.get("about", "").split())
    read = Visited(school.name, day, minutes, kind if kind in KINDS else "other", about)
    return [_counted(turn, school, read)]


def _counted(turn: Turn, school: School, read: Visited) -> Card:
    then = people.school_on(turn.tx, school.id, read.day)
    ild_id = (then.ild_id if then else None) or school.ild_id
    if ild_id is None:
        raise UserError(f"{school.name} has no ILD in the roster, so nobody's visit can be counted there.")
    if visits.held_on(turn.tx, school.id, read.day) is not None:
        raise UserError(f"A visit to {school.name} on {say_day(read.day, turn.today)} is counted already.")
    return _count(turn, replace(school, ild_id=ild_id), read)


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
