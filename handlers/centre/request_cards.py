"""A service request as people read it: where it stands, what was said, and what the reader may do next."""

from collections.abc import Sequence

from handlers.actions import Action, act
from handlers.cards import Block, Button, Buttons, Card, Emphasis, Item, Items, Quote, Text
from handlers.errors import StaleError, UserError
from handlers.permissions import Right, Subject, may, require
from handlers.turn import Turn
from handlers.units import people_of
from protocols.buffer.headlines import shorten
from protocols.cadence.moments import say_day
from protocols.centre.service_requests import OPEN, Side, State, Step, days_open, is_late, steps_from
from storage import people, service_requests
from storage.people import Person
from storage.tables import ServiceRequestRow, ServiceStepRow

LONGEST_TITLE = 60
CLOSED = "A school that is closed"
LABELS = {
    Step.PROMISE: "Take it",
    Step.NAME: "Name somebody",
    Step.HAND_ON: "Hand it on",
    Step.ASK_BACK: "Ask the school",
    Step.FINISH: "Done",
    Step.DECLINE: "Decline",
    Step.REPLY: "Reply",
    Step.CONFIRM: "It is mended",
    Step.REOPEN: "Reopen",
    Step.WITHDRAW: "Not needed any more",
}
FIRST = frozenset({Step.PROMISE, Step.REPLY, Step.CONFIRM})
AT_ONCE = frozenset({Step.CONFIRM, Step.WITHDRAW})
"""Steps that need no form: the press is all."""
SAID = {
    Step.PROMISE: "promised {day}",
    Step.NAME: "gave it to {named}",
    Step.HAND_ON: "handed it on to {unit}",
    Step.ASK_BACK: "asked the school",
    Step.FINISH: "said it is done",
    Step.DECLINE: "declined",
    Step.REPLY: "replied",
    Step.CONFIRM: "said it is mended",
    Step.REOPEN: "reopened it",
    Step.WITHDRAW: "took it back",
}


def find(turn: Turn, request_id: int) -> ServiceRequestRow:
    """The request, if this person may read it. A number that is not theirs is answered like one that is nobody's."""
    row = service_requests.get(turn.tx, request_id)
    if row is None or not may(turn.person, Right.SEE_SERVICE_REQUEST, subject_of(turn, row)):
        require(turn.person, Right.SEE_SERVICE_REQUEST, object=f"service_request:{request_id}")
        raise UserError("There is no such request of yours. Write “service requests” to see those that are.")
    return row


def load(turn: Turn, action: Action) -> ServiceRequestRow:
    """The request of a button, as it was when the button was drawn."""
    row = find(turn, action.number("id"))
    if row.version != action.number("v"):
        raise StaleError(
            "", card=request_card(turn, row, opening="It has moved on. This is how it stands now.")
        )
    return row


def subject_of(turn: Turn, row: ServiceRequestRow) -> Subject:
    """Whose it is: the school's, as of today, and everybody's of the unit that has it now."""
    staff = frozenset(person.id for person in people_of(turn, row.unit))
    return Subject(people.school_on(turn.tx, row.school_id, turn.today), staff)


def side_of(turn: Turn, row: ServiceRequestRow) -> Side | None:
    """On which side this person may act; None for those who only read."""
    subject = subject_of(turn, row)
    if may(turn.person, Right.CONFIRM_SERVICE_REQUEST, subject):
        return Side.SCHOOL
    return Side.UNIT if may(turn.person, Right.ANSWER_SERVICE_REQUEST, subject) else None


def school_name(turn: Turn, row: ServiceRequestRow) -> str:
    school = people.school_on(turn.tx, row.school_id, turn.today)
    return school.name if school is not None else CLOSED


def request_card(turn: Turn, row: ServiceRequestRow, *, opening: str = "") -> Card:
    """The whole request for the person of the turn, who may read it."""
    steps = service_requests.steps_of(turn.tx, row.id or 0)
    names = _names(turn, row, steps)
    asked = row.asked_at.astimezone(turn.district.zone).date()
    age = days_open(asked, turn.today, turn.district.calendar)
    blocks: list[Block] = [Text(opening)] if opening else []
    since = f"Asked {say_day(asked, turn.today)}"
    if row.state in OPEN and age:
        since += f", open for {_count(age, 'school day')}"
    blocks += [
        Text(f"{since}.", lead=f"{school_name(turn, row)} to {row.unit}."),
        Quote(row.what, source=names.get(row.asker_id, "")),
        Text(standing(turn, row)),
    ]
    told = tuple(_step_item(turn, step, names) for step in steps)
    if told:
        blocks.append(Items(told, title="What happened"))
    side = side_of(turn, row)
    if side is not None and (buttons := _buttons(row, side)):
        blocks.append(Buttons(buttons))
    return Card(f"Request {row.id}: {shorten(row.what, LONGEST_TITLE)}", tuple(blocks))


def standing(turn: Turn, row: ServiceRequestRow, owner: Person | None = None) -> str:
    """Where it stands, in a sentence or two. ``owner`` is who has it, where already read."""
    if owner is None and row.owner_id is not None:
        owner = people.get_people(turn.tx, [row.owner_id], on=turn.today).get(row.owner_id)
    who = owner.name if owner else row.unit
    match State(row.state):
        case State.NEW:
            said = (
                f"{who} has it and has not answered yet."
                if owner
                else f"Nobody of {row.unit} has taken it yet."
            )
            if row.escalated_at is not None:
                day = row.escalated_at.astimezone(turn.zone).date()
                said += f" Brought to the head of {row.unit} and the ILD on {say_day(day, turn.today)}."
            return said
        case State.TAKEN if row.promised_on is None:
            return f"{who} has it. No day is promised yet."
        case State.TAKEN:
            assert row.promised_on is not None
            late = is_late(State(row.state), row.promised_on, turn.today)
            tail = ", which has passed" if late else ""
            return f"{who} has it and promises {say_day(row.promised_on, turn.today)}{tail}."
        case State.WAITING:
            return f"{who} asked the school something and waits for the reply."
        case State.DONE:
            return f"{row.unit} says it is done. Whether it is, the principal says."
        case State.MENDED:
            return "The principal says it is mended."
        case State.DECLINED:
            return f"{row.unit} declined it."
        case State.WITHDRAWN:
            return "The school does not need it any more."


def list_items(turn: Turn, rows: Sequence[ServiceRequestRow], side: Side | None) -> Items:
    """A line for each, from which it opens. The unit reads which school, the school which unit, her ILD both."""
    schools = {
        one.id: one for one in people.schools_on(turn.tx, turn.today, ids=[row.school_id for row in rows])
    }
    owners = people.get_people(turn.tx, {row.owner_id for row in rows if row.owner_id}, on=turn.today)
    items = []
    for row in rows:
        school = schools[row.school_id].name if row.school_id in schools else CLOSED
        between = {Side.UNIT: school, Side.SCHOOL: row.unit}.get(side) if side else f"{school} to {row.unit}"
        asked = row.asked_at.astimezone(turn.district.zone).date()
        age = days_open(asked, turn.today, turn.district.calendar)
        waits = f"Open for {_count(age, 'school day')}" if age else f"Asked {say_day(asked, turn.today)}"
        since = f" {waits}." if row.state in OPEN else ""
        items.append(
            Item(
                shorten(row.what, LONGEST_TITLE),
                lead=f"{row.id}, {between}:",
                detail=f"{standing(turn, row, owners.get(row.owner_id or 0))}{since}",
                buttons=(Button("Open", act("service.open", id=row.id or 0)),),
            )
        )
    return Items(tuple(items))


def _buttons(row: ServiceRequestRow, side: Side) -> tuple[Button, ...]:
    return tuple(_button(row, step) for step in steps_from(State(row.state), side))


def _button(row: ServiceRequestRow, step: Step) -> Button:
    label = LABELS[step]
    if step is Step.PROMISE and row.state != State.NEW:
        label = "Promise another day" if row.promised_on else "Promise a day"
    verb = "service.put" if step in AT_ONCE else "service.form"
    is_first = (step in FIRST and row.promised_on is None) or step in (Step.REPLY, Step.CONFIRM)
    return Button(
        label,
        act(verb, id=row.id or 0, v=row.version, step=step),
        Emphasis.PRIMARY if is_first else Emphasis.NORMAL,
    )


def _step_item(turn: Turn, step: ServiceStepRow, names: dict[int, str]) -> Item:
    day = step.at.astimezone(turn.zone).date()
    said = SAID[Step(step.step)].format(
        day=say_day(step.day, turn.today) if step.day else "a day",
        named=names.get(step.named_id or 0, "a colleague"),
        unit=step.to_unit,
    )
    words = f": “{step.words}”" if step.words else "."
    who = names.get(step.actor_id, "Somebody")
    return Item(f"{who} {said}{words}", lead=f"{say_day(day, turn.today)}:")


def _names(turn: Turn, row: ServiceRequestRow, steps: list[ServiceStepRow]) -> dict[int, str]:
    ids = {row.asker_id, *(s.actor_id for s in steps), *(s.named_id for s in steps if s.named_id)}
    return {i: person.name for i, person in people.get_people(turn.tx, ids, on=turn.today).items()}


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
