"""What the end of a run does: the visit counts, what was promised is kept, both get the summary.

A visit counts once. The run's own visit is marked as held on the day the classrooms were seen; where the school's
visit of that day counts already, the run belongs to that one.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

from handlers import audit_trail
from handlers.cards import Card, Text
from handlers.guided.run_screen import thread_of
from handlers.guided.run_seats import Seat
from handlers.guided.run_summary import rating_card, say_promise, summary_card
from handlers.post import tell_now, tell_when_open
from handlers.turn import Cards, Turn
from protocols.cadence.protected import half_at
from protocols.guided.events import Event, EventKind
from protocols.guided.steps import Role, SeatKey, StepKind, role_of
from protocols.guided.summary import NextStep, summary
from storage import people, promises, record, runs, visits
from storage.people import Person
from storage.visits import Visit

LONGEST_PAUSE = timedelta(minutes=45)
"""A longer silence between two entries is a break, not part of the visit."""


def conclude(turn: Turn, seat: Seat) -> Cards:
    """The last step is done. Answers with the summary and sends it to the other side too."""
    visit_id = count_visit(turn, seat) if _sees_classrooms(seat) else count_meeting(turn, seat)
    if seat.school is not None:
        promises.look_at(turn.tx, seat.school.id, at=turn.now)
    next_steps = _next_steps(seat)
    for step in next_steps:
        _keep(turn, seat, step, visit_id)
    if next_steps and visit_id is not None:
        visits.note_next_step(turn.tx, visit_id)
    audit(turn, seat, "run.ended", next_steps=len(next_steps), visit=visit_id)
    _forget_expectation(turn, turn.person.id, seat.run.id)
    wrote = {role_of(entry.seat) for entry in seat.run.state.entries}
    if visit_id is not None and Role.HOST in wrote:
        visits.confirm(turn.tx, visit_id, by="principal")
    for other in seat.others:
        for number, card in enumerate(_closing(turn, other, visit_id)):
            tell_now(
                turn.tx,
                other.person.id,
                card,
                kind="run_summary",
                period=f"{seat.run.id}:{number}",
                now=turn.now,
                subject=f"run:{seat.run.id}",
                thread=thread_of(other.run),
            )
    return _closing(turn, seat, visit_id)


def _closing(turn: Turn, seat: Seat, visit_id: int | None) -> list[Card]:
    cards = [summary_card(turn, seat, viewer=seat.key, visit_id=visit_id)]
    if seat.role is Role.HOST and visit_id is not None:
        cards.append(rating_card(seat))
    return cards


def abandon(turn: Turn, seat: Seat) -> Cards:
    """Stopped before its end: nothing counts, both are told, each keeps the own words."""
    audit(turn, seat, "run.abandoned")
    for sitter in seat.run.sitting.values():
        _forget_expectation(turn, sitter, seat.run.id)
    text = f"{turn.person.given_name} stopped the {seat.title}. What you wrote is kept{_no_visit(seat)}."
    for other in seat.others:
        tell_now(
            turn.tx,
            other.person.id,
            Card("", (Text(text),)),
            kind="run_stopped",
            period=str(seat.run.id),
            now=turn.now,
            thread=thread_of(other.run),
        )
    return [
        Card(
            "",
            (Text(f"Stopped. {_know(seat)} Your words are kept{_no_visit(seat)}."),),
        )
    ]


def _know(seat: Seat) -> str:
    """ "Imani knows.", "Imani and Tomas know." """
    return f"{seat.others_named} {'knows' if len(seat.others) == 1 else 'know'}." if seat.others else ""


def _no_visit(seat: Seat) -> str:
    return "; the visit does not count" if seat.run.protocol.counts_as else ""


def keep_up(turn: Turn, seat: Seat, entry: int) -> None:
    """After the end a next step was added or has new words: its promise follows, and the other one is told."""
    steps = _next_steps(seat)
    place = next((place for place, step in enumerate(steps) if step.entry == entry), None)
    if place is None:
        return
    step = steps[place]
    rows = promises.of_run(turn.tx, seat.run.id)
    if place < len(rows):
        promises.reword(
            turn.tx,
            rows[place].id or 0,
            owner_id=_owner(seat, step),
            what=step.what,
            by_when=step.by_when,
            evidence=step.evidence,
        )
    else:
        _keep(turn, seat, step, seat.run.visit_id)
    for other in seat.others:
        promised = say_promise(other, step, turn.today)
        text = f"{turn.person.given_name} changed a next step of the {seat.title}: {promised}"
        tell_when_open(
            turn.tx,
            turn.district,
            other.person,
            Card("", (Text(text),)),
            kind="run_next_step",
            period=f"{seat.run.id}:{seat.run.state.version}",
            now=turn.now,
        )


def count_meeting(turn: Turn, seat: Seat) -> int | None:
    """A meeting of a run that goes on over weeks (an inquiry) counts as a visit of its day where both took part.

    A run that sees classrooms is one visit, counted at its end; a pause in it is none. The visit's id, or None.
    """
    today = [event for event in seat.run.events if local_day(turn, event.at) == turn.today]
    wrote = {event.seat for event in today if event.kind in (EventKind.ANSWERED, EventKind.KEPT)}
    is_meeting = _is_visit(seat) and len(wrote) > 1
    return count_visit(turn, seat) if is_meeting and not _sees_classrooms(seat) else None


def _is_visit(seat: Seat) -> bool:
    """Whether the protocol counts as a visit to a school that has an ILD to visit it."""
    return bool(seat.run.protocol.counts_as) and seat.school is not None and seat.school.ild_id is not None


def count_visit(turn: Turn, seat: Seat) -> int | None:
    """The one visit that this run, or this meeting of it, was, counted as held; its id. None where it is no visit."""
    run = seat.run
    if seat.school is None or not _is_visit(seat):
        return None
    day = local_day(turn, _seen_at(seat) or turn.now)
    since = _first_note(seat)
    minutes = minutes_of([e for e in run.events if e.seq >= since and local_day(turn, e.at) == day])
    linked = visits.get(turn.tx, run.visit_id) if run.visit_id else None
    held = visits.held_on(turn.tx, seat.school.id, day)
    if held is not None:
        _stand_in(turn, linked, held, day)
        visit_id = held
    else:
        visit_id = _hold(turn, seat, linked, day, minutes)
    if visit_id != run.visit_id:
        runs.link_visit(turn.tx, run.id, visit_id)
    return visit_id


def _hold(turn: Turn, seat: Seat, linked: Visit | None, day: date, minutes: int) -> int:
    """Mark the planned visit as held on the day it was, or write down one nobody had planned."""
    school = seat.school
    assert school is not None  # the caller asked
    assert school.ild_id is not None
    planned = visits.planned(turn.tx, day, day, school_ids=[school.id])
    visit = linked if linked and linked.status == "planned" else (planned[0] if planned else None)
    half = half_at(turn.local.time())
    if visit is not None:
        version = visit.version
        if visit.day != day:
            visits.move(
                turn.tx, visit.id, version=version, day=day, half=half, starts=visit.starts, at=turn.now
            )
            version += 1
        visits.mark_held(turn.tx, visit.id, version=version, minutes=minutes or visit.minutes)
        visit_id = visit.id
    else:
        visit_id = visits.record_held(
            turn.tx,
            school_id=school.id,
            ild_id=school.ild_id,
            day=day,
            half=half,
            kind=seat.run.protocol.counts_as,
            minutes=minutes or None,
            at=turn.now,
        )
        if linked is not None and linked.status == "cancelled":
            visits.make_good(turn.tx, linked.id, visit_id)
    audit_trail.write(turn, "visit.held", f"visit:{visit_id}", run=seat.run.id)
    return visit_id


def _stand_in(turn: Turn, linked: Visit | None, held: int, day: date) -> None:
    """The day's visit counts already: what the run had planned for the same day is that one."""
    if linked is not None and linked.id != held and linked.status == "planned" and linked.day == day:
        visits.cancel(
            turn.tx, linked.id, version=linked.version, by="other", reason="counted as another visit"
        )
        visits.make_good(turn.tx, linked.id, held)
        audit_trail.write(turn, "visit.cancelled", f"visit:{linked.id}", by="other")


def minutes_of(events: Sequence[Event]) -> int:
    """How long people were at it: the time between events, without the breaks."""
    spans = (after.at - before.at for before, after in pairwise(events))
    return round(sum((span for span in spans if span <= LONGEST_PAUSE), timedelta()).total_seconds() / 60)


def local_day(turn: Turn, at: datetime) -> date:
    return at.astimezone(turn.zone).date()


def audit(turn: Turn, seat: Seat, action: str, **detail: object) -> None:
    audit_trail.write(turn, action, f"run:{seat.run.id}", **detail)


def _note_steps(seat: Seat) -> list[str]:
    return [step.key for step in seat.run.protocol.steps if step.kind is StepKind.NOTES]


def _sees_classrooms(seat: Seat) -> bool:
    return bool(_note_steps(seat))


def _seen_at(seat: Seat) -> datetime | None:
    """When the last classroom was written about; None where the protocol sees none or nobody wrote."""
    notes = _note_steps(seat)
    return max((entry.at for entry in seat.run.state.entries if entry.step in notes), default=None)


def _first_note(seat: Seat) -> int:
    """The event from which on the visit itself ran; what was answered before it was preparation."""
    notes = _note_steps(seat)
    return min((event.seq for event in seat.run.events if event.step in notes), default=1)


def _next_steps(seat: Seat) -> tuple[NextStep, ...]:
    return summary(seat.run.protocol, seat.run.state).next_steps


def _keep(turn: Turn, seat: Seat, step: NextStep, visit_id: int | None) -> None:
    """A next step becomes a promise of the school's thread; without a school it stays in the summary."""
    if seat.school is None:
        return
    owner_id = _owner(seat, step)
    promise_id = promises.add(
        turn.tx,
        run_id=seat.run.id,
        visit_id=visit_id,
        school_id=_school_of(turn, seat.school.id, owner_id),
        owner_id=owner_id,
        what=step.what,
        by_when=step.by_when,
        evidence=step.evidence,
        at=turn.now,
    )
    audit_trail.write(turn, "promise.made", f"promise:{promise_id}", run=seat.run.id)


def _school_of(turn: Turn, here: int, owner_id: int) -> int:
    """Whose thread a promise belongs to: what a visiting principal will try is about their own school."""
    own = people.schools_on(turn.tx, turn.today, principal_id=owner_id)
    return own[0].id if own and here not in {school.id for school in own} else here


def _owner(seat: Seat, step: NextStep) -> int:
    """Whose promise it is: somebody who takes part. What somebody else is to do, its writer answers for."""
    person: Person = seat.people[SeatKey(step.who) if step.who in seat.people else step.added_by]
    return person.id


def _forget_expectation(turn: Turn, person_id: int, run_id: int) -> None:
    awaited = record.expectation_of(turn.tx, person_id)
    if awaited and awaited.topic == "run" and awaited.args.get("run") == run_id:
        record.expect_nothing(turn.tx, person_id)
