"""A school's thread as one reader may see it, from the rows.

The principal and the ILD of the school read it, nobody else. Each thread belongs to one principal: a successor
begins a new one. An ILD who is new to the school sees what happened since she came, and of the time before exactly
the parts that the principal agreed to hand over.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from handlers.permissions import Right, Subject, may, require
from handlers.turn import Turn
from protocols.guided.state import Entry
from protocols.guided.steps import Challenge
from protocols.guided.summary import visible
from protocols.guided.tags import tag_of
from protocols.memory.thread import (
    Inquiry,
    Observation,
    Part,
    Promised,
    Proposal,
    ProposalKind,
    Session,
    Thread,
)
from storage import handovers, people, promises, proposals, runs, threads
from storage.people import Person, School
from storage.runs import Run
from storage.tables import PromiseRow
from storage.threads import INQUIRY, PastRun, PastVisit

MOST_READ = 20
"""Conversations whose evidence is gathered, the latest first: a year of one school."""
MOST_SHOWN = 5
VISIT_WORDS = {"network_meeting": "network meeting", "coaching": "coaching visit", "other": "visit"}
"""What a kind of visit is called, where it is not called by its own name."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far back a reader sees: ``since`` for everything, ``further`` for the parts handed over to them."""

    since: date
    further: date
    parts: frozenset[Part]

    def of(self, part: Part) -> date:
        return self.further if part in self.parts else self.since

    @property
    def is_cut(self) -> bool:
        return self.since > self.further and len(self.parts) < len(Part)


def reach_of(turn: Turn, school: School, reader: Person) -> Reach:
    """How far back this reader sees into the thread of the school's present principal."""
    tenure = handovers.tenure(turn.tx, school.id, turn.today)
    if tenure is None:
        return Reach(turn.today, turn.today, frozenset())
    start = tenure.principal_since
    if reader.id == school.principal_id:
        return Reach(start, start, frozenset(Part))
    agreed: frozenset[Part] = frozenset()
    if school.principal_id is not None:
        row = handovers.latest(
            turn.tx, school_id=school.id, principal_id=school.principal_id, to_id=reader.id
        )
        agreed = frozenset(Part(part) for part in row.parts.split()) if row else frozenset()
    # Whoever was there when the principal came has always shared the whole of the thread.
    return Reach(max(start, tenure.ild_since), start, agreed)


def load_thread(
    turn: Turn, school: School, *, reader: Person | None = None, with_evidence: bool = False
) -> Thread:
    """The thread as ``reader`` (else the person whose turn it is) may see it. Raises ``NotAllowedError``.

    Evidence needs every conversation read, so it comes only where it is asked for.
    """
    reader = reader or turn.person
    require(reader, Right.SEE_RUN, Subject(school=school), object=f"thread:{school.id}")
    return _load(turn, school, reach_of(turn, school, reader), reader if with_evidence else None)


def load_parts(turn: Turn, school: School, parts: Collection[Part]) -> Thread:
    """What the principal, whose turn it is, hands over: these parts from the day they came, and nothing else."""
    require(turn.person, Right.SEE_RUN, Subject(school=school), object=f"thread:{school.id}")
    tomorrow = turn.today + timedelta(days=1)
    whole = reach_of(turn, school, turn.person)
    return _load(turn, school, Reach(tomorrow, whole.further, frozenset(parts)), None)


def _load(turn: Turn, school: School, reach: Reach, evidence_for: Person | None) -> Thread:
    past = threads.runs_at(turn.tx, [school.id], since=_instant(turn, reach.further))
    evidence = _evidence(turn, past, reach, evidence_for) if evidence_for else []
    return Thread(
        school=school.name,
        focus=_focus(turn, school, reach),
        sessions=_sessions(turn, school, past, reach),
        promises=_promises(turn, school, reach),
        inquiries=_inquiries(turn, past, reach),
        proposals=_proposals(turn, school, reach),
        evidence=tuple(evidence[:MOST_SHOWN]),
        evidence_count=len(evidence),
        closed_before=reach.since if reach.is_cut else None,
    )


def part_of(counts_as: str) -> Part:
    """The part of a thread that a conversation belongs to: the inquiry, or what is seen in classrooms."""
    return Part.INQUIRY if counts_as == INQUIRY else Part.WALKTHROUGHS


def may_read_run(turn: Turn, run: Run, school: School | None) -> bool:
    """Whether the person may read a run of the school in which they have no part.

    A principal sees all that is written about the own school; an ILD what she was there for, and of the time before
    what the principal agreed to hand over.
    """
    if school is None or not may(turn.person, Right.SEE_RUN, Subject(school=school)):
        return False
    if turn.person.id == school.principal_id:
        return True
    began = run.started_at.astimezone(turn.zone).date()
    return began >= reach_of(turn, school, turn.person).of(part_of(run.protocol.counts_as))


def open_promises(
    turn: Turn, schools: Collection[School], *, reader: Person | None = None
) -> list[PromiseRow]:
    """The promises still open at these schools that ``reader`` (else the person whose turn it is) may see."""
    reader = reader or turn.person
    rows = promises.open_at(turn.tx, [school.id for school in schools])
    promised_at = {row.school_id for row in rows}
    since = {
        school.id: reach_of(turn, school, reader).of(Part.PROMISES)
        for school in schools
        if school.id in promised_at and may(reader, Right.SEE_RUN, Subject(school=school))
    }
    return [
        row
        for row in rows
        if row.school_id in since and row.created_at.astimezone(turn.zone).date() >= since[row.school_id]
    ]


def problem_of(run: Run) -> str:
    """The problem of practice as it stands in its last wording, or what else the run says it is about; maybe ""."""
    entries = visible(run.protocol, run.state, None)
    for kind in (Challenge.PROBLEM_OF_PRACTICE, Challenge.AIM):
        if found := _last(entries, {step.key for step in run.protocol.steps if step.challenge is kind}):
            return found
    return ""


def open_inquiries(turn: Turn, school: School) -> list[Run]:
    """The cycles of inquiry that are open at the school, the one moved last first."""
    found = [line.id for line in runs.going_at(turn.tx, [school.id]) if line.counts_as == INQUIRY]
    return [run for run_id in found if (run := runs.get(turn.tx, run_id)) is not None]


def focus_of(turn: Turn, school: School) -> str:
    """The school's own focus as the person of the turn may see it: the agreed one, else the problem of practice or aim
    of the inquiry that is open; "" where there is none. Raises ``NotAllowedError``."""
    require(turn.person, Right.SEE_RUN, Subject(school=school), object=f"thread:{school.id}")
    if agreed := _focus(turn, school, reach_of(turn, school, turn.person)):
        return agreed
    problems = (problem_of(run) for run in open_inquiries(turn, school) if may_read_run(turn, run, school))
    return next(filter(None, problems), "")


def _focus(turn: Turn, school: School, reach: Reach) -> str:
    taken = proposals.last_taken(turn.tx, school.id, ProposalKind.FOCUS)
    if taken is None or taken.decided_at is None:
        return school.focus
    agreed_on = taken.decided_at.astimezone(turn.zone).date()
    return school.focus if agreed_on >= reach.of(Part.FOCUS) else ""


def _inquiries(turn: Turn, past: Collection[PastRun], reach: Reach) -> tuple[Inquiry, ...]:
    found = []
    for line in past:
        started_on = line.started_at.astimezone(turn.zone).date()
        if line.counts_as != INQUIRY or line.ended_at or started_on < reach.of(Part.INQUIRY):
            continue
        run = runs.get(turn.tx, line.id)
        if run is None or run.state.is_over:
            continue
        state, entries = run.state, visible(run.protocol, run.state, None)
        found.append(
            Inquiry(
                run_id=run.id,
                title=line.title,
                problem=problem_of(run),
                strategy=_last(entries, {"strategy"}),
                round=max(state.rounds.values(), default=1),
                check_in=state.rests.get(state.step),
                started_on=started_on,
            )
        )
    return tuple(found)


def _sessions(turn: Turn, school: School, past: Collection[PastRun], reach: Reach) -> tuple[Session, ...]:
    """Held visits, each with the conversation it was, and conversations that ended and were no visit."""
    of_visit = {run.visit_id: run for run in reversed(list(past)) if run.visit_id is not None}
    found = []
    for visit in threads.held(turn.tx, [school.id], since=reach.further, until=turn.today):
        found.append(_visit_session(turn, visit, of_visit.get(visit.id), reach))
    for run in past:
        if run.ended_at is None or run.visit_id is not None:
            continue
        day = run.ended_at.astimezone(turn.zone).date()
        if day >= reach.of(part_of(run.counts_as)):
            found.append(Session(day, run.title.lower(), run_id=run.id))
    return tuple(sorted(found, key=lambda session: session.day, reverse=True))


def _visit_session(turn: Turn, visit: PastVisit, run: PastRun | None, reach: Reach) -> Session:
    what = VISIT_WORDS.get(visit.kind, visit.kind)
    if visit.day < reach.of(Part.WALKTHROUGHS):
        return Session(visit.day, what, minutes=visit.minutes)
    is_walkthrough = run.counts_as == "walkthrough" if run else visit.kind == "walkthrough"
    cycle = runs.get(turn.tx, run.cycle_id) if run and run.cycle_id else None
    return Session(
        visit.day,
        run.title.lower() if run else what,
        run_id=run.id if run else None,
        minutes=visit.minutes,
        is_walkthrough=is_walkthrough,
        belongs_to=(problem_of(cycle) or cycle.protocol.title) if cycle else "",
        apart=run.apart if run else "",
    )


def _promises(turn: Turn, school: School, reach: Reach) -> tuple[Promised, ...]:
    rows = threads.promises_at(turn.tx, [school.id], since=_instant(turn, reach.of(Part.PROMISES)))
    owners = people.get_people(turn.tx, {row.owner_id for row in rows}, on=turn.today)
    return tuple(
        Promised(
            id=row.id or 0,
            owner_id=row.owner_id,
            owner=owners[row.owner_id].given_name,
            what=row.what,
            by_when=row.by_when,
            evidence=row.evidence,
            state=row.state,
            outcome=row.outcome,
            made_on=row.created_at.astimezone(turn.zone).date(),
        )
        for row in rows
    )


def _proposals(turn: Turn, school: School, reach: Reach) -> tuple[Proposal, ...]:
    rows = proposals.standing(turn.tx, [school.id])
    askers = people.get_people(turn.tx, {row.person_id for row in rows}, on=turn.today)
    return tuple(
        Proposal(
            id=row.id or 0,
            kind=ProposalKind(row.kind),
            text=row.text,
            day=row.day,
            by_id=row.person_id,
            by=askers[row.person_id].given_name,
        )
        for row in rows
        if row.person_id == school.principal_id
        and row.created_at.astimezone(turn.zone).date() >= reach.of(Part.FOCUS)
    )


def _evidence(turn: Turn, past: Collection[PastRun], reach: Reach, reader: Person) -> list[Observation]:
    found = []
    for line in list(past)[:MOST_READ]:
        if line.started_at.astimezone(turn.zone).date() < reach.of(part_of(line.counts_as)):
            continue
        run = runs.get(turn.tx, line.id)
        if run is None:
            continue
        asked = {step.key for step in run.protocol.steps if step.challenge is Challenge.EVIDENCE}
        writers = people.get_people(turn.tx, set(run.writers.values()), on=turn.today)
        seat = run.seat_of(reader.id)
        for entry in visible(run.protocol, run.state, seat):
            writer = writers.get(run.writers.get(entry.number, 0))
            if entry.step in asked and not entry.is_impression:
                day = entry.at.astimezone(turn.zone).date()
                by = writer.given_name if writer else ""
                about = str(tag_of(run.protocol, run.state, entry, seat) or "")
                found.append(Observation(day, by, entry.text, run.id, about))
    return sorted(found, key=lambda piece: piece.day, reverse=True)


def _last(entries: Collection[Entry], steps: Collection[str]) -> str:
    return next((entry.text for entry in reversed(list(entries)) if entry.step in steps), "")


def _instant(turn: Turn, day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=turn.zone)
