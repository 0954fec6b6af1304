"""The central office's homes: the executive's district, a unit's requests, what the administrator has to set up."""

from datetime import date, timedelta

from handlers.actions import act
from handlers.answers import insight
from handlers.cards import Button, Chart, Emphasis
from handlers.digest import done_by_school
from handlers.intake import mailbox, unit_notes
from handlers.permissions import Right, Subject, may
from handlers.protected_time import protected_ledger
from handlers.protected_time.meeting_times import request_of
from handlers.protected_time.override_budget import seconders
from handlers.turn import Turn
from handlers.units import people_of
from handlers.welcome.lines import Line, Need, count, goes
from protocols.buffer.headlines import end_sentence, shorten
from protocols.cadence.moments import say_day
from storage import challenges, drifts, mailboxes, meetings, outbox, people, requests
from storage.people import Role
from storage.tables import MeetingRow

CALENDAR_AHEAD = timedelta(days=45)
"""So long before the calendar's last day it is said that it ends."""
MOST_SENT = 2
"""Requests of an office that have a line each."""
MOST_NAMED = 3
MOST_COUNTED = 100
LONGEST_NAME = 60


# ---------------------------------------------------------------- the executive


def executive_lines(turn: Turn) -> tuple[list[Line], Chart | None]:
    """Coverage, drift and what waits for a decision, over the district; no school's content, nobody's words.

    The chart is protected time kept, month by month of this term.
    """
    if Role.EXECUTIVE not in turn.person.roles or not may(turn.person, Right.SEE_PROTECTED):
        return [], None
    lines = [*_overrides(turn), *_drift(turn), *_coverage(turn)]
    if not people.schools_on(turn.tx, turn.today):
        return lines, None
    term = protected_ledger.term_in_short(turn)
    if term is None:
        text = "Nothing is protected in this term so far."
        return [*lines, Line(Need.FIGURE, "Protected time.", text, goes("What is", "protected"))], None
    lead, text, chart = term
    return [*lines, Line(Need.FIGURE, f"Protected time: {lead}", text, goes("Ledger", "ledger"))], chart


def _overrides(turn: Turn) -> list[Line]:
    rows = [row for row in meetings.undecided(turn.tx, since=turn.today) if _is_for(turn, row)]
    if not rows or not may(turn.person, Right.OVERRIDE):
        return []
    row = rows[0]
    when = request_of(turn, row).start.say(turn.today)
    verb = "second" if row.state == "to_second" else "override_form"
    label = "Second it" if row.state == "to_second" else "Decide"
    look = Button(label, act(f"meeting.{verb}", meeting=row.id or 0, v=row.version), Emphasis.PRIMARY)
    lead = f"{count(len(rows), 'override')} to decide."
    text = f"{row.office}, {when}: {end_sentence(shorten(row.topic, LONGEST_NAME))}"
    return [Line(Need.WAITING, lead, text, look)]


def _is_for(turn: Turn, row: MeetingRow) -> bool:
    """Whether this executive can decide it now: one that waits for a second is not the first one's."""
    if row.state != "to_second":
        return True
    return turn.person in seconders(turn, apart_from=row.decided_by or 0)


def _drift(turn: Turn) -> list[Line]:
    schools = {row.school_id for row in drifts.seen_by_executives(turn.tx, turn.today)}
    if not schools or not may(turn.person, Right.SEE_DRIFT):
        return []
    lead = f"{count(len(schools), 'school drifts', 'schools drift')}."
    return [Line(Need.BEHIND, lead, "Not mended in the time its ILD had.", goes("See which", "drift"))]


def _coverage(turn: Turn) -> list[Line]:
    """The figures of two questions that an executive can press. Names come with the press, which is on record."""
    lines = []
    if (behind := insight.quick_answer(turn, insight.BEHIND)) is not None:
        which = Button("Which", act("insight.quick", q=insight.BEHIND))
        lines.append(Line(Need.BEHIND, behind.headline, "As of today, in calendar days.", which))
    if (held := insight.quick_answer(turn, insight.VISITS)) is not None:
        by_ild = Button("By ILD", act("insight.quick", q=insight.VISITS))
        text = end_sentence(held.counted[:1].upper() + held.counted[1:])
        lines.append(Line(Need.FIGURE, held.headline, text, by_ild))
    return lines


# ---------------------------------------------------------------- a unit


def unit_lines(turn: Turn) -> list[Line]:
    """What waits for the office's answer, what it asked of schools, what that costs and what became of it."""
    if Role.UNIT not in turn.person.roles:
        return []
    return [*_questions(turn), *_own_requests(turn), *_sent(turn)]


def _questions(turn: Turn) -> list[Line]:
    """Of ILDs about demands, and of colleagues as a first responder."""
    lines = []
    if asked := challenges.open_for(turn.tx, turn.person.id, turn.person.unit):
        lead = f"{count(len(asked), 'question')} from ILDs."
        text = f"First: “{shorten(asked[0][0].question, LONGEST_NAME)}”"
        lines.append(Line(Need.WAITING, lead, text, goes("Answer", "questions", stands_out=True)))
    if waiting := requests.open_for(turn.tx, responder_id=turn.person.id, school_ids=[]):
        lead = f"{count(len(waiting), 'office waits', 'offices wait')} for your answer."
        lines.append(Line(Need.WAITING, lead, f"First: {waiting[0].office}.", goes("Answer", "requests")))
    return lines


def _own_requests(turn: Turn) -> list[Line]:
    rows = requests.asked_by(turn.tx, turn.person.id, limit=MOST_COUNTED)
    waiting = [row for row in rows if row.state in requests.OPEN]
    if not waiting:
        return []
    late = sum(row.due_at <= turn.now for row in waiting)
    text = f"{late} past the answer clock." if late else "All in time."
    lead = f"{count(len(waiting), 'question')} of yours not answered yet."
    return [Line(Need.AHEAD, lead, text, goes("See them", "asked"))]


def _sent(turn: Turn) -> list[Line]:
    """The newest requests in numbers, the week's cost, and the way to send another."""
    unit = turn.person.unit or ""
    ids = {one.id for one in people_of(turn, unit)} | {turn.person.id}
    recent = unit_notes.standing_requests(turn, unit, ids)
    lines = []
    for demand, memo in reversed(recent[-MOST_SENT:]):
        owners = Subject(owner_ids=frozenset({memo.sender_id, *ids}))
        if may(turn.person, Right.SEE_DONE_COUNTS, owners):
            lead = end_sentence(shorten(demand.headline, LONGEST_NAME))
            show = Button("Show", act("done.show", demand=demand.id or 0))
            lines.append(Line(Need.AHEAD, lead, done_by_school.say_counts(turn, demand), show))
    this_week = [pair for pair in recent if pair[1].received_at >= turn.now - unit_notes.WEEK]
    text = unit_notes.say_cost(turn, this_week) if this_week else "Nothing new to schools."
    lines.append(Line(Need.FIGURE, "You asked in the past week:", text, goes("Send a request", "send")))
    return lines


# ---------------------------------------------------------------- the administrator


def administrator_lines(turn: Turn) -> list[Line]:
    """What needs setting up, and what did not arrive."""
    if not may(turn.person, Right.MANAGE_CALENDAR):
        return []
    return [*_arrivals(turn), *_calendar(turn), *_roster(turn)]


def _arrivals(turn: Turn) -> list[Line]:
    lines = []
    if failed := len(outbox.undelivered(turn.tx, limit=MOST_COUNTED)):
        lead = f"{count(failed, 'message')} not delivered."
        look = goes("See why", "undelivered", stands_out=True)
        lines.append(Line(Need.WAITING, lead, "Each with its reason.", look))
    else:
        text = "Every message arrived or is on its way."
        lines.append(Line(Need.FIGURE, "Messages.", text, goes("Undelivered", "undelivered")))
    mails = mailboxes.unknown(turn.tx, states=mailbox.WAITING, limit=MOST_COUNTED)
    if mails and may(turn.person, Right.SETTLE_MAIL):
        lead = f"{count(len(mails), 'mail')} of unknown senders."
        lines.append(Line(Need.WAITING, lead, "Take in or leave.", goes("Settle", "mails")))
    return lines


def _calendar(turn: Turn) -> list[Line]:
    known, look = turn.district.calendar, goes("Calendar", "calendar")
    last = max((year.ends for year in known.years), default=date.min)
    lines = []
    if not known.years:
        text = "Without one I can't count school days. Import one, or name a published one."
        lines.append(Line(Need.WAITING, "No school calendar yet.", text, look))
    elif last < turn.today + CALENDAR_AHEAD:
        lead = "The calendar has ended." if last < turn.today else "The calendar ends soon."
        text = f"Its last day is {say_day(last, turn.today)}. Add the next school year."
        lines.append(Line(Need.WAITING if last < turn.today else Need.SOON, lead, text, look))
    else:
        text = f"Known until {say_day(last, turn.today)}."
        lines.append(Line(Need.FIGURE, "School calendar.", text, look))
    in_force = [rule for rule in turn.district.rules if rule.ends is None or rule.ends >= turn.today]
    protected = goes("Protected time", "protected")
    if in_force:
        text = f"{count(len(in_force), 'rule')} in force."
        lines.append(Line(Need.FIGURE, "Protected time.", text, protected))
    else:
        text = "Write: protect Tuesday morning because visits come first."
        lines.append(Line(Need.WAITING, "No protected half-days yet.", text, protected))
    return lines


def _roster(turn: Turn) -> list[Line]:
    """Holes that stop the work: nobody to decide, schools without their two people."""
    lines = []
    look = Button("Look", act("home.holes"))
    if not people.people_with_role(turn.tx, Role.EXECUTIVE, on=turn.today):
        text = "Nobody can decide an override. Write: make name@district.org executive."
        lines.append(Line(Need.WAITING, "No executive yet.", text, look))
    schools = people.schools_on(turn.tx, turn.today)
    if not schools:
        text = "Import it: throughline import roster."
        lines.append(Line(Need.WAITING, "No school in the roster yet.", text, look))
    bare = [school.name for school in schools if school.ild_id is None or school.principal_id is None]
    if bare:
        lead = f"{count(len(bare), 'school')} without an ILD or a principal."
        more = f" and {len(bare) - MOST_NAMED} more" if len(bare) > MOST_NAMED else ""
        lines.append(Line(Need.WAITING, lead, f"{', '.join(bare[:MOST_NAMED])}{more}.", look))
    return lines
