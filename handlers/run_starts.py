"""Beginning a guided run: which school, which visit, and what was promised last time, by both."""

import re
from datetime import timedelta

from handlers.actions import Action, act
from handlers.cards import Block, Button, Buttons, Card, Emphasis, Field, FieldKind, Option, Text
from handlers.errors import UserError
from handlers.permissions import Right, Subject, require
from handlers.run_cards import asked_card, promised_items, stop_button
from handlers.run_ends import KINDS, audit
from handlers.run_moves import ask_other, expect
from handlers.run_seats import take_seat
from handlers.schools import find_school, match_schools, my_schools
from handlers.turn import Cards, Turn, Values
from handlers.visit_changes import say_visit
from protocols.cadence.protected import half_at
from protocols.guided.catalog import library
from protocols.guided.engine import begin
from protocols.guided.state import Promise
from protocols.guided.steps import Protocol, Role
from protocols.guided.summary import summary
from storage import people, promises, record, runs, visits
from storage.people import School
from storage.runs import Run
from storage.visits import Visit

NEAR = timedelta(days=1)
"""A visit planned so near is the one that begins now."""
MOST_BUTTONS = 5


def start_words(turn: Turn, match: re.Match[str]) -> Cards | None:
    """ "walkthrough lincoln". None where the words are somebody's answer that happens to begin so."""
    protocol = library()["cycle_of_inquiry" if "inquiry" in match["kind"].casefold() else "walkthrough"]
    words = match["school"] or ""
    if not words:
        return choose_school(turn, protocol)
    if record.expectation_of(turn.tx, turn.person.id) and not match_schools(
        words, people.schools_on(turn.tx, turn.today)
    ):
        return None
    school = find_school(
        turn, words, Right.START_RUN, lambda s: act("run.start", school=s.id, kind=protocol.key)
    )
    return start(turn, school, protocol)


def choose_school(turn: Turn, protocol: Protocol) -> Cards:
    """The person's own schools, those with a visit planned today first."""
    require(turn.person, Right.START_RUN, object="school")
    schools = my_schools(turn)
    if not schools:
        raise UserError("The roster has no school of yours today. Ask your administrator to assign you.")
    planned = visits.planned(turn.tx, turn.today, turn.today, school_ids=[school.id for school in schools])
    today = {visit.school_id: visit for visit in reversed(planned)}
    ranked = sorted(schools, key=lambda school: (school.id not in today, school.name))
    first = ranked if len(ranked) <= MOST_BUTTONS else [s for s in ranked if s.id in today][:MOST_BUTTONS]
    buttons = tuple(
        Button(
            f"{school.name}, {say_visit(today[school.id], turn.today)}"
            if school.id in today
            else school.name,
            act("run.start", school=school.id, kind=protocol.key),
        )
        for school in first
    )
    blocks: list[Block] = [Text(f"{protocol.title} at which school?")]
    if buttons:
        blocks.append(Buttons(buttons))
    if len(ranked) > len(first):
        options = tuple(Option(str(school.id), school.name) for school in ranked)
        blocks.append(Field("school", "School", FieldKind.CHOICE, options=options))
        blocks.append(Buttons((Button("Start", act("run.start", kind=protocol.key), Emphasis.PRIMARY),)))
    return [Card("", tuple(blocks))]


def press_start(turn: Turn, action: Action, values: Values) -> Cards:
    """From a button of a list, a planned visit or the form."""
    protocol = library().get(action.args.get("kind", "walkthrough"))
    chosen = action.args.get("school") or values.get("school", "")
    if protocol is None or not re.fullmatch(r"[0-9]{1,9}", chosen):
        raise UserError("Choose a school first, then press Start.")
    school = people.school_on(turn.tx, int(chosen), turn.today)
    if school is None:
        raise UserError("That school is no longer active.")
    visit = visits.get(turn.tx, action.number("visit")) if "visit" in action.args else None
    return start(turn, school, protocol, visit=visit)


def start(turn: Turn, school: School, protocol: Protocol, *, visit: Visit | None = None) -> Cards:
    """Open the run between the school's principal and its ILD, whoever of them asks."""
    require(turn.person, Right.START_RUN, Subject(school=school), object=f"school:{school.id}")
    if school.principal_id is None or school.ild_id is None:
        vacant = "principal" if school.principal_id is None else "ILD"
        raise UserError(
            f"{school.name} has no {vacant} in the roster, and a run needs both. Ask your administrator."
        )
    if school.principal_id == school.ild_id:
        raise UserError(f"You are principal and ILD of {school.name} at once, and this needs two people.")
    for line in runs.going(turn.tx, turn.person.id, school_id=school.id):
        is_same_pair = (line.host_id, line.visitor_id) == (school.principal_id, school.ild_id)
        if line.protocol_key == protocol.key and is_same_pair:
            return _already_open(turn, line.id)
    promised = _promised(turn, school)
    run_id = runs.begin(
        turn.tx,
        protocol,
        begin(protocol, at=turn.now, promises=promised),
        school_id=school.id,
        visit_id=_visit_for(turn, school, protocol, visit),
        host_id=school.principal_id,
        visitor_id=school.ild_id,
        person_id=turn.person.id,
        at=turn.now,
    )
    seat = take_seat(turn, run_id)
    audit(turn, seat, "run.started", school=school.id, protocol=protocol.key)
    other = seat.opposite
    opening = Text(f"{turn.person.name} opens a {protocol.title.lower()} with you at {school.name}.")
    ask_other(turn, other, [opening, *promised_items(other, promised, turn.today)])
    expect(turn, seat)
    return [asked_card(seat, turn.today, before=promised_items(seat, promised, turn.today))]


def _already_open(turn: Turn, run_id: int) -> Cards:
    seat = take_seat(turn, run_id)
    step = seat.run.protocol.step(seat.run.state.step).title
    text = f"The {seat.title} is open already, at “{step}”. Go on with it, or stop it and begin anew."
    go_on = Button("Go on", act("run.resume", run=run_id), Emphasis.PRIMARY)
    return [Card("", (Text(text), Buttons((go_on, stop_button(run_id)))))]


def _visit_for(turn: Turn, school: School, protocol: Protocol, given: Visit | None) -> int | None:
    """The planned visit that this is, the one that counts today already, or a new one, planned for today.

    A cycle of inquiry goes on over weeks: it takes the visit that is planned, and makes none.
    """
    if given is not None and given.school_id == school.id and given.status == "planned":
        return given.id
    near = visits.planned(turn.tx, turn.today - NEAR, turn.today + NEAR, school_ids=[school.id])
    if near:
        return min(near, key=lambda visit: abs(visit.day - turn.today)).id
    held = visits.held_on(turn.tx, school.id, turn.today)
    if held is not None or protocol.key != "walkthrough":
        return held
    assert school.ild_id is not None  # checked by the caller
    visit_id = visits.plan(
        turn.tx,
        school_id=school.id,
        ild_id=school.ild_id,
        day=turn.today,
        half=half_at(turn.local.time()),
        starts=turn.local.hour * 60 + turn.local.minute,
        kind=KINDS[protocol.key],
        at=turn.now,
    )
    record.audit(
        turn.tx, at=turn.now, actor_id=turn.person.id, action="visit.planned", object=f"visit:{visit_id}"
    )
    return visit_id


def _promised(turn: Turn, school: School) -> tuple[Promise, ...]:
    """What is still open of all visits, and what each said at the last one they would do differently."""
    last = runs.last_at(turn.tx, school.id)
    own = _commitments(turn, last, school) if last else ()
    rows = promises.open_at(turn.tx, [school.id])
    owners = people.get_people(turn.tx, {row.owner_id for row in rows}, on=turn.today)
    agreed = tuple(
        Promise(
            row.what,
            _role_of(school, row.owner_id),
            owners[row.owner_id].name,
            row.by_when.isoformat(),
            row.evidence,
        )
        for row in rows
    )
    return (*own, *agreed)


def _commitments(turn: Turn, last: Run, school: School) -> tuple[Promise, ...]:
    found = summary(last.protocol, last.state).commitments
    known = people.get_people(turn.tx, {last.host_id, last.visitor_id}, on=turn.today)
    return tuple(
        Promise(entry.text, _role_of(school, last.person_in(role)), known[last.person_in(role)].name)
        for role, entries in found.items()
        for entry in entries
    )


def _role_of(school: School, person_id: int) -> Role | None:
    """The seat in the new run of whoever promised; None for somebody who has left the school since."""
    return {school.principal_id: Role.HOST, school.ild_id: Role.VISITOR}.get(person_id)
