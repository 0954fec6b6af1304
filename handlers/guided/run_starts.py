"""Beginning a guided run: which protocol, which school, who takes part, and what was promised last time."""

import re
from collections.abc import Mapping
from datetime import date, timedelta

from rapidfuzz import fuzz

from handlers.actions import Action, act
from handlers.cadence.visit_changes import say_visit
from handlers.cards import Block, Button, Buttons, Card, Emphasis, Field, FieldKind, Item, Items, Option, Text
from handlers.errors import UserError
from handlers.guided.run_cards import asked_card, stop_button
from handlers.guided.run_ends import audit
from handlers.guided.run_moves import ask_other, expect, in_thread, tell
from handlers.guided.run_people import (
    choices,
    choose_card,
    chosen,
    groups,
    has_meeting,
    needs_school,
    say_groups,
    say_opening,
    seated,
)
from handlers.guided.run_seats import Seat, take_seat
from handlers.memory.thread_state import open_promises
from handlers.memory.threads import ask_cycle, opening_lines
from handlers.permissions import Right, Subject, require
from handlers.schools import find_school, match_schools, my_schools
from handlers.turn import Cards, Turn, Values
from protocols.cadence.protected import half_at
from protocols.frameworks.offers import levels, offers
from protocols.guided import steps
from protocols.guided.binding import bind
from protocols.guided.engine import begin
from protocols.guided.state import Promise
from protocols.guided.steps import Protocol, SeatKey
from protocols.guided.summary import summary
from storage import frameworks, masters, people, record, runs, visits
from storage.people import Role as Post
from storage.people import School
from storage.runs import Run
from storage.visits import Visit

NEAR = timedelta(days=1)
"""A visit planned so near is the one that begins now."""
MOST_BUTTONS = 5
NAMES = (
    (r"walk-?\s?through|learning walk", "walkthrough"),
    (r"coaching(?: visit)?|one-on-one(?: visit)?", "coaching_visit"),
    (r"cycle of inquiry|inquiry(?: cycle)?", "cycle_of_inquiry"),
    (r"data(?:-based)? (?:protocol|conversation)|data talk", "data_based"),
    (r"modell?ing(?: cycle)?", "modeling"),
    (r"pdsa|plan,? do,? study,? act", "pdsa"),
    (r"network (?:walk-?\s?through|visit)|visiting group", "network_walkthrough"),
    (r"network meeting", "network_meeting"),
    (r"consultancy", "consultancy"),
    (r"tuning(?: protocol)?", "tuning"),
    (r"atlas|student work(?: protocol)?", "atlas"),
    (r"(?:my )?quarterly(?: cycle)?|own cycle", "ild_quarterly"),
)
"""What people call each protocol, those for two people at a school first."""
SPOKEN = "|".join(pattern for pattern, _ in NAMES)
ALIKE = 88
"""From so much likeness on (0 to 100) what somebody wrote is taken for a protocol's title."""


def protocols_for(turn: Turn, school: School | None = None) -> Mapping[str, Protocol]:
    """The protocols one may begin, as they are in force: as the school's ILD has adapted them, else the district.

    Without a school, as the person's own where they are an ILD.
    """
    own = turn.person.id if Post.ILD in turn.person.roles else None
    return masters.available(turn.tx, school.ild_id if school else own)


def start_words(turn: Turn, match: re.Match[str]) -> Cards | None:
    """ "walkthrough lincoln". None where the words are somebody's answer that happens to begin so."""
    key = next(key for pattern, key in NAMES if re.fullmatch(pattern, match["kind"], re.IGNORECASE))
    protocol = protocols_for(turn)[key]
    words = match["school"] or ""
    if words and not needs_school(protocol):
        return None
    if re.match(r"visits?\b", words, re.IGNORECASE):
        return None  # "coaching visits this semester" asks for a figure
    if (
        words
        and record.expectation_of(turn.tx, turn.person.id)
        and not match_schools(words, people.schools_on(turn.tx, turn.today))
    ):
        return None
    return _start_at(turn, protocol, words)


def _start_at(turn: Turn, protocol: Protocol, school: str) -> Cards:
    """Begin at the school that was named, if the protocol is about one; without a name, ask."""
    if not needs_school(protocol):
        return start(turn, None, protocol)
    if not school:
        return choose_school(turn, protocol)
    found = find_school(
        turn, school, Right.START_RUN, lambda s: act("run.start", school=s.id, kind=protocol.key)
    )
    return start(turn, found, protocol)


def start_by_title(turn: Turn, match: re.Match[str]) -> Cards | None:
    """ "begin lesson study at lincoln": any protocol in force, by the title that the district or ILD gave it.

    None where no protocol is called like that.
    """
    words = match["words"].split()
    titles = [(protocol, protocol.title.casefold()) for protocol in protocols_for(turn).values()]
    likeness, length, protocol = max(
        (
            (fuzz.ratio(" ".join(words[:length]).casefold(), title), length, protocol)
            for protocol, title in titles
            for length in range(1, len(words) + 1)
        ),
        key=lambda found: found[:2],
    )
    rest = re.sub(r"^(?:at|with|in|for|of|to)\s+", "", " ".join(words[length:]), flags=re.IGNORECASE)
    if likeness < ALIKE or (rest and not needs_school(protocol)):
        return None
    return _start_at(turn, protocol, rest)


def list_words(turn: Turn, _match: re.Match[str]) -> Cards:
    """ "protocols": what one can begin, each with what it is for."""
    require(turn.person, Right.START_RUN, object="protocols")
    order = {key: place for place, (_, key) in enumerate(NAMES)}
    found = sorted(protocols_for(turn).values(), key=lambda p: (order.get(p.key, len(order)), p.title))
    items = tuple(
        Item(
            protocol.purpose,
            lead=f"{protocol.title}.",
            buttons=(Button("Begin", act("run.start", kind=protocol.key)),),
        )
        for protocol in found
    )
    return [Card("Protocols", (Items(items),))]


def choose_school(turn: Turn, protocol: Protocol) -> Cards:
    """The person's own schools, those with a visit planned today first; the only one is not asked for."""
    require(turn.person, Right.START_RUN, object="school")
    schools = my_schools(turn)
    if not schools:
        raise UserError("The roster has no school of yours today. Ask your administrator to assign you.")
    if len(schools) == 1:
        return start(turn, schools[0], protocol)
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
    protocol = protocols_for(turn).get(action.args.get("kind", "walkthrough"))
    if protocol is None:
        raise UserError("That protocol is not in use any more. Write “protocols” to see those that are.")
    if not needs_school(protocol):
        return start(turn, None, protocol)
    chosen_school = action.args.get("school") or values.get("school", "")
    if not chosen_school:
        return choose_school(turn, protocol)
    school = _school(turn, chosen_school)
    visit = visits.get(turn.tx, action.number("visit")) if "visit" in action.args else None
    return start(turn, school, protocol, visit=visit)


def press_begin(turn: Turn, action: Action, values: Values) -> Cards:
    """From the form in which the people were chosen."""
    protocol = protocols_for(turn).get(action.args.get("kind", ""))
    if protocol is None:
        raise UserError("That protocol is not in use any more. Write “protocols” to see those that are.")
    school = _school(turn, action.args.get("school", "")) if needs_school(protocol) else None
    return start(turn, school, protocol, values=values)


def _school(turn: Turn, number: str) -> School:
    if not re.fullmatch(r"[0-9]{1,9}", number):
        raise UserError("Choose a school first, then press Start.")
    school = people.school_on(turn.tx, int(number), turn.today)
    if school is None:
        raise UserError("That school is no longer active.")
    return school


def start(
    turn: Turn,
    school: School | None,
    protocol: Protocol,
    *,
    visit: Visit | None = None,
    values: Values | None = None,
) -> Cards:
    """Open the run, or ask first who takes part. ``values`` are those of the form that asked."""
    subject = Subject(school=school) if school else None
    where = f"school:{school.id}" if school else "protocols"
    require(turn.person, Right.START_RUN, subject, object=where)
    protocol = protocols_for(turn, school).get(protocol.key, protocol)
    sitting = seated(turn, protocol, school)
    if turn.person.id not in sitting.values():
        raise UserError(
            f"A {steps.lowered(protocol.title)} has no part for you here. Ask your ILD to begin it."
        )
    if school is not None and (line := _open_already(turn, school, protocol, sitting)):
        return _already_open(turn, line)
    if choices(turn, protocol, school, sitting) or has_meeting(protocol):
        if values is None:
            return [choose_card(turn, protocol, school, sitting)]
        sitting = chosen(turn, protocol, school, sitting, values)
    return _open(turn, school, protocol, sitting, visit, _meets_on(turn, protocol, values or {}))


def _open_already(
    turn: Turn, school: School, protocol: Protocol, sitting: Mapping[SeatKey, int]
) -> int | None:
    """A run of the same protocol that is open at the school between the same people of it."""
    for line in runs.going(turn.tx, turn.person.id, school_id=school.id):
        run = runs.get(turn.tx, line.id) if line.protocol_key == protocol.key else None
        if run and all(run.people.get(seat) == person_id for seat, person_id in sitting.items()):
            return line.id
    return None


def _meets_on(turn: Turn, protocol: Protocol, values: Values) -> date | None:
    if not has_meeting(protocol):
        return None
    try:
        day = date.fromisoformat(values.get("meets_on", ""))
    except ValueError:
        raise UserError("On which day is the meeting? Choose it, then press Begin.") from None
    if day < turn.today:
        raise UserError("That day has passed. Choose the day of the meeting, then press Begin.")
    return day


def _open(
    turn: Turn,
    school: School | None,
    protocol: Protocol,
    sitting: Mapping[SeatKey, int],
    visit: Visit | None,
    meets_on: date | None,
) -> Cards:
    bound = _bound(turn, protocol)
    promised = _promised(turn, school, sitting) if school else ()
    openings = _openings(turn, school, sitting)
    roles = list(protocol.parts)
    seats = tuple(sorted(sitting, key=lambda seat: (roles.index(steps.role_of(seat)), len(seat), seat)))
    assigned = groups(protocol, seats)
    run_id = runs.begin(
        turn.tx,
        bound,
        begin(bound, at=turn.now, promises=promised, seats=seats, groups=assigned, meets_on=meets_on),
        school_id=school.id if school else None,
        visit_id=_visit_for(turn, school, protocol, visit) if school else None,
        people={seat: sitting[seat] for seat in seats},
        person_id=turn.person.id,
        at=turn.now,
    )
    seat = take_seat(turn, run_id)
    audit(turn, seat, "run.started", school=school.id if school else None, protocol=protocol.key)
    in_groups = [Text(say_groups(assigned, seat.names))] if assigned else []
    for other in seat.others:
        opening = Text(say_opening(seat, other))
        ask_other(turn, other, [opening, *in_groups, *openings.get(other.person.id, ())])
    expect(turn, seat)
    before = [*in_groups, *openings.get(turn.person.id, ())]
    return [*_belonging(turn, seat), *in_thread(seat, [asked_card(seat, turn.today, before=before)])]


def _openings(turn: Turn, school: School | None, sitting: Mapping[SeatKey, int]) -> dict[int, list[Text]]:
    """The three lines that a visit opens with, for the principal and the ILD; nothing where others take part."""
    if school is None or set(sitting.values()) != {school.principal_id, school.ild_id}:
        return {}
    readers = people.get_people(turn.tx, set(sitting.values()), on=turn.today)
    return {reader.id: opening_lines(turn, school, reader=reader) for reader in readers.values()}


def _belonging(turn: Turn, seat: Seat) -> list[Card]:
    """What a walkthrough belongs to, asked of the ILD: now, or in her own chat."""
    if seat.run.protocol.counts_as != "walkthrough" or seat.school is None:
        return []
    card = ask_cycle(turn, seat.run.id, seat.school)
    if turn.person.id == seat.school.ild_id:
        return [card]
    for other in seat.others:
        if other.person.id == seat.school.ild_id:
            tell(turn, other, card)
    return []


def _bound(turn: Turn, protocol: Protocol) -> Protocol:
    framework = frameworks.in_force(turn.tx)
    return bind(
        protocol,
        offers=[steps.Offer(offer.key, offer.text, offer.practice) for offer in offers(framework)],
        levels=[steps.Option(level.key, level.label) for level in levels(framework)],
    )


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
    if held is not None or protocol.counts_as != "walkthrough":
        return held
    assert school.ild_id is not None  # checked by the caller
    visit_id = visits.plan(
        turn.tx,
        school_id=school.id,
        ild_id=school.ild_id,
        day=turn.today,
        half=half_at(turn.local.time()),
        starts=turn.local.hour * 60 + turn.local.minute,
        kind=protocol.counts_as,
        at=turn.now,
    )
    record.audit(
        turn.tx, at=turn.now, actor_id=turn.person.id, action="visit.planned", object=f"visit:{visit_id}"
    )
    return visit_id


def _promised(turn: Turn, school: School, sitting: Mapping[SeatKey, int]) -> tuple[Promise, ...]:
    """What is still open of all visits, and what each said at the last one they would do differently.

    Only between the principal and the ILD, and only what both may see: nobody else is told what they promised.
    """
    seats = {person_id: seat for seat, person_id in sitting.items()}
    if set(sitting.values()) != {school.principal_id, school.ild_id}:
        return ()
    last = runs.last_at(turn.tx, school.id)
    own = _commitments(turn, last, seats) if last else ()
    readers = people.get_people(turn.tx, set(sitting.values()), on=turn.today).values()
    seen = [{row.id for row in open_promises(turn, [school], reader=reader)} for reader in readers]
    rows = [row for row in open_promises(turn, [school]) if all(row.id in ids for ids in seen)]
    owners = people.get_people(turn.tx, {row.owner_id for row in rows}, on=turn.today)
    agreed = tuple(
        Promise(
            row.what,
            seats.get(row.owner_id),
            owners[row.owner_id].name,
            row.by_when.isoformat(),
            row.evidence,
        )
        for row in rows
    )
    return (*own, *agreed)


def _commitments(turn: Turn, last: Run, seats: Mapping[int, SeatKey]) -> tuple[Promise, ...]:
    """What those who meet again said they would do differently; what a predecessor said stays with that run."""
    found = summary(last.protocol, last.state).commitments
    known = people.get_people(turn.tx, set(last.people.values()), on=turn.today)
    return tuple(
        Promise(entry.text, seats.get(last.people[seat]), known[last.people[seat]].name)
        for seat, entries in found.items()
        for entry in entries
        if last.people[seat] in seats
    )
