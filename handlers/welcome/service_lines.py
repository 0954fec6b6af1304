"""Service requests on the home: what a school must answer or confirm, what a unit has not answered, what waits."""

from handlers.actions import act
from handlers.cards import Button, Emphasis
from handlers.centre.request_counts import MOST_COUNTED, open_at, say_open
from handlers.permissions import Right, Subject, may
from handlers.turn import Turn
from handlers.welcome.lines import Line, Need, count, goes
from protocols.buffer.headlines import end_sentence, shorten
from protocols.centre.service_requests import OPEN, State, days_open
from storage import people, service_requests
from storage.people import Role, School
from storage.tables import ServiceRequestRow

LONGEST_NAME = 60


def service_lines(turn: Turn) -> list[Line]:
    """By the roles of the reader; nothing where nothing waits."""
    return [*_of_school(turn), *_of_unit(turn), *_of_network(turn), *_of_district(turn)]


def _of_school(turn: Turn) -> list[Line]:
    led = _readable(turn, people.schools_on(turn.tx, turn.today, principal_id=turn.person.id))
    ids = [school.id for school in led]
    lines = [
        *_one(turn, ids, State.WAITING, "{unit} asks you something:", "Reply"),
        *_one(turn, ids, State.DONE, "{unit} says it is done:", "Is it mended"),
    ]
    if rows := [row for row in open_at(turn, ids) if row.state != State.WAITING]:
        lines.append(Line(Need.AHEAD, "You asked units.", say_open(turn, rows), goes("See them", "service")))
    return lines


def _one(turn: Turn, ids: list[int], state: State, lead: str, label: str) -> list[Line]:
    rows = service_requests.of_schools(turn.tx, ids, states={state}, limit=MOST_COUNTED)
    if not rows:
        return []
    more = f" And {len(rows) - 1} more." if len(rows) > 1 else ""
    look = Button(label, act("service.open", id=rows[0].id or 0), Emphasis.PRIMARY)
    return [Line(Need.WAITING, lead.format(unit=rows[0].unit), f"{_named(rows[0])}{more}", look)]


def _of_unit(turn: Turn) -> list[Line]:
    if Role.UNIT not in turn.person.roles or not turn.person.unit:
        return []
    own = Subject(owner_ids=frozenset({turn.person.id}))
    if not may(turn.person, Right.ANSWER_SERVICE_REQUEST, own):
        return []
    rows = service_requests.of_unit(turn.tx, turn.person.unit, states=OPEN, limit=MOST_COUNTED)
    # What a colleague was named for waits for the colleague.
    new = [row for row in rows if row.state == State.NEW and row.owner_id in (None, turn.person.id)]
    lines = []
    if new:
        lead = f"{count(len(new), 'school waits', 'schools wait')} for an answer."
        text = f"First: {_named(new[0])}"
        lines.append(Line(Need.WAITING, lead, text, goes("Answer", "service", stands_out=True)))
    if rows:
        lines.append(Line(Need.AHEAD, "Schools asked.", say_open(turn, rows), goes("See them", "service")))
    return lines


def _of_network(turn: Turn) -> list[Line]:
    carried = _readable(turn, people.schools_on(turn.tx, turn.today, ild_id=turn.person.id))
    rows = open_at(turn, [school.id for school in carried])
    if not rows:
        return []
    brought = sum(row.state == State.NEW and row.escalated_at is not None for row in rows)
    need = Need.BEHIND if brought else Need.AHEAD
    return [Line(need, "Your schools asked units.", say_open(turn, rows), goes("See them", "service"))]


def _of_district(turn: Turn) -> list[Line]:
    """An executive's: how much waits, and the way to the scorecards. No request, no school."""
    if Role.EXECUTIVE not in turn.person.roles or not may(turn.person, Right.SEE_SCORECARD):
        return []
    number, oldest = service_requests.count_open(turn.tx)
    if oldest is None:
        return []
    asked = oldest.astimezone(turn.district.zone).date()
    age = days_open(asked, turn.today, turn.district.calendar)
    text = f"The oldest for {count(age, 'school day')}."
    lead = f"Schools wait for units: {count(number, 'request')} open."
    return [Line(Need.FIGURE, lead, text, goes("Scorecards", "scorecards"))]


def _readable(turn: Turn, schools: list[School]) -> list[School]:
    return [one for one in schools if may(turn.person, Right.SEE_SERVICE_REQUEST, Subject(school=one))]


def _named(row: ServiceRequestRow) -> str:
    return end_sentence(shorten(row.what, LONGEST_NAME))
