"""The ILD's home: who waits for her, the schools behind their rhythm, the next visit, her protected time."""

from datetime import timedelta

from handlers import week
from handlers.actions import act
from handlers.cadence import planning, witnesses
from handlers.cadence.visit_changes import say_visit
from handlers.cards import Button, Emphasis
from handlers.deciding.triage_state import queue_of
from handlers.guided.run_waiting import turns_of
from handlers.permissions import Right, Subject, may
from handlers.turn import Turn
from handlers.welcome.lines import Line, Need, count, goes
from protocols.buffer.headlines import end_sentence, shorten
from protocols.cadence.moments import say_day
from protocols.memory.thread import ProposalKind
from storage import digests, drifts, people, proposals, requests
from storage.people import Role

AHEAD = timedelta(days=21)
LONGEST_NAME = 60


def ild_lines(turn: Turn) -> list[Line]:
    """For whoever carries a network; nothing for others."""
    if Role.ILD not in turn.person.roles:
        return []
    schools = [
        school
        for school in people.schools_on(turn.tx, turn.today, ild_id=turn.person.id)
        if may(turn.person, Right.SEE_VISITS, Subject(school=school))
    ]
    if not schools:
        text = "You carry no school in the roster yet. The administrator keeps it."
        return [Line(Need.FIGURE, "", text, Button("Help", act("help.open")))]
    ids = [school.id for school in schools]
    return [*_desk(turn), *_asked(turn, ids), *_to_settle(turn), *_drift(turn, ids), *_visits(turn)]


def _desk(turn: Turn) -> list[Line]:
    queue = queue_of(turn) if may(turn.person, Right.TRIAGE) else []
    if not queue:
        return []
    first = queue[0]
    due = f", due {say_day(first.demand.due, turn.today)}" if first.demand.due else ""
    text = f"First: {shorten(first.demand.headline, LONGEST_NAME).rstrip('.')}{due}."
    lead = f"{count(len(queue), 'request')} to decide."
    return [Line(Need.WAITING, lead, text, goes("Decide", "desk", stands_out=True))]


def _asked(turn: Turn, school_ids: list[int]) -> list[Line]:
    """Principals and offices that wait for an answer."""
    lines = []
    week_of = digests.latest_week(turn.tx, school_ids)
    if week_of is not None and may(turn.person, Right.SEE_DIGEST_STATE):
        rows = digests.at_schools(turn.tx, school_ids, week_of)
        asking = sum(item.state == "asked" for item, _digest, _demand in rows)
        if asking:
            lead = f"{count(asking, 'question')} from principals."
            lines.append(Line(Need.WAITING, lead, "About things in their digest.", goes("See them", "done")))
    open_requests = requests.open_for(turn.tx, responder_id=turn.person.id, school_ids=school_ids)
    if open_requests:
        lead = f"{count(len(open_requests), 'office waits', 'offices wait')} for your answer."
        text = f"First: {open_requests[0].office}."
        lines.append(Line(Need.WAITING, lead, text, goes("Answer", "requests")))
    for proposal in proposals.standing(turn.tx, school_ids)[:1]:
        school = people.school_on(turn.tx, proposal.school_id, turn.today)
        if school is not None:
            lead = "A visit is asked for" if proposal.kind == ProposalKind.VISIT else "A focus is proposed"
            about = f" {end_sentence(shorten(proposal.text, LONGEST_NAME))}" if proposal.text else ""
            answer = Button("Answer", act("ask.answer_form", proposal=proposal.id or 0))
            lines.append(Line(Need.WAITING, f"{lead}.", f"{school.name}.{about}", answer))
    return lines


def run_lines(turn: Turn) -> list[Line]:
    """For everybody: conversations in which it is this person's turn."""
    seats = turns_of(turn)
    if not seats:
        return []
    first = seats[0]
    step = first.run.protocol.step(first.run.state.step).title
    more = f" And {len(seats) - 1} more." if len(seats) > 1 else ""
    go_on = Button("Go on", act("run.resume", run=first.run.id), Emphasis.PRIMARY)
    title = first.title[:1].upper() + first.title[1:]
    return [Line(Need.WAITING, f"{title}.", f"It is your turn, at “{step}”.{more}", go_on)]


def _to_settle(turn: Turn) -> list[Line]:
    if not may(turn.person, Right.SETTLE_VISIT):
        return []
    unsettled = [visit for visit, _what, _words in witnesses.unsettled(turn)]
    if not unsettled:
        return []
    visit = unsettled[0]
    lead = f"{count(len(unsettled), 'visit')} to settle."
    text = f"{visit.school}, {say_visit(visit, turn.today)}: did it take place?"
    return [Line(Need.WAITING, lead, text, goes("Settle", "settle"))]


def _drift(turn: Turn, school_ids: list[int]) -> list[Line]:
    """What she has been told of; opening it is what tells of the rest."""
    rows = [row for row in drifts.open_at(turn.tx, school_ids) if row.told_on is not None]
    if not rows or not may(turn.person, Right.SEE_DRIFT):
        return []
    schools = len({row.school_id for row in rows})
    lead = f"{count(schools, 'school drifts', 'schools drift')}."
    return [Line(Need.BEHIND, lead, "Out of sight though the average is fine.", goes("See which", "drift"))]


def _visits(turn: Turn) -> list[Line]:
    """Behind, next and free, as ``my week`` says it at more length."""
    network = planning.load_network(turn.tx, turn.person, turn.today, until=turn.today + AHEAD)
    lines = []
    ranked = planning.by_need(network, turn.district, turn.today)
    planned = {visit.school_id for visit in network.planned}
    behind = [(school, stands) for school, stands in ranked if stands.is_overdue]
    bare = [(school, stands) for school, stands in behind if school.id not in planned]
    if bare:
        school, stands = bare[0]
        others = f" {count(len(bare) - 1, 'more school is', 'more schools are')} behind." if bare[1:] else ""
        text = f"{count(stands.over_by, 'school day')} over its rhythm, and no visit planned.{others}"
        find = Button("Find a time", act("visit.offers", school=school.id))
        lines.append(Line(Need.BEHIND, f"{school.name}:", text, find))
    coming = [visit for visit in network.planned if visit.day >= turn.today]
    if coming:
        visit = coming[0]
        when = f"{say_visit(visit, turn.today)}, {week.say_kind(visit.kind)}."
        need = Need.SOON if visit.day == turn.today else Need.AHEAD
        opened = Button("Open", act("visit.open", visit=visit.id, v=visit.version))
        lines.append(Line(need, f"Next: {visit.school}.", when, opened))
    monday, sunday = week.week_of(turn.today)
    this_week = [visit for visit in network.planned if visit.day <= sunday]
    free = week.say_open_halves(turn, network, this_week, monday, sunday)
    lines.append(Line(Need.AHEAD, "Protected time.", free, goes("Plan", "plan")))
    held = count(len(this_week), "visit") if this_week else "no visit"
    on_rhythm = len(ranked) - len(behind)
    text = f"{on_rhythm} of {count(len(ranked), 'school')} on rhythm, {held} planned."
    lines.append(Line(Need.FIGURE, "This week.", text, goes("My week", "week")))
    return lines
