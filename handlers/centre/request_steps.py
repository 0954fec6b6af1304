"""What a unit and a school do with a service request: the form of each step, the step, and who hears of it."""

from datetime import date, datetime

from handlers import audit_trail
from handlers.actions import Action, ActionError, act
from handlers.cards import Block, Button, Buttons, Card, Emphasis, Field, FieldKind, Option, Quote, Text
from handlers.centre.request_cards import LABELS, load, request_card, subject_of
from handlers.centre.request_news import tell_person, tell_school, tell_unit
from handlers.errors import StaleError, UserError
from handlers.free_words import read_words
from handlers.permissions import Right, require
from handlers.turn import Cards, Turn, Values
from handlers.units import people_of, units_of
from protocols.cadence.moments import MomentFault, read_day, say_day
from protocols.centre.service_requests import (
    RULES,
    Side,
    State,
    Step,
    StepFault,
    after,
    check_step,
)
from storage import people, service_requests
from storage.people import Person
from storage.tables import ServiceRequestRow, ServiceStepRow

LONGEST = 1000
"""Characters of a request, and of what is said with a step."""
ASKED = {
    Step.PROMISE: "By when will it be done? The principal is told the day.",
    Step.NAME: "Who of your unit sees to it? They are told.",
    Step.HAND_ON: "Which unit is it for? The school's clock goes on from when it was asked.",
    Step.ASK_BACK: "What do you need from the school? It waits for the reply.",
    Step.FINISH: "What was done? The principal says whether it is mended.",
    Step.DECLINE: "Why not, and what can the school do instead? The principal reads it as you write it.",
    Step.REPLY: "Your reply goes to the unit.",
    Step.REOPEN: "What is not mended? The unit has it again, with a new clock.",
}
TELLS = {
    Step.PROMISE: "{who}, {unit}, has your request and promises {day}.",
    Step.HAND_ON: "{unit} handed your request on to {to}.",
    Step.ASK_BACK: "{who}, {unit}, asks you something about your request.",
    Step.FINISH: "{who}, {unit}, says that it is done. Is it mended?",
    Step.DECLINE: "{unit} declined your request. You can reopen it, and your ILD can read it.",
    Step.REPLY: "{who} replied.",
    Step.CONFIRM: "{who} says it is mended.",
    Step.REOPEN: "{who} says it is not mended, and reopened it.",
    Step.WITHDRAW: "{who} does not need it any more.",
}
"""What the other side reads first."""
DID = {
    Step.PROMISE: "It is with you. The principal is told.",
    Step.NAME: "{named} is told.",
    Step.HAND_ON: "It is with {to} now. The principal is told, too.",
    Step.ASK_BACK: "Your question is with the principal.",
    Step.FINISH: "The principal is asked whether it is mended.",
    Step.DECLINE: "The principal has your reason.",
    Step.REPLY: "Your reply is with the unit.",
    Step.CONFIRM: "Good. The unit is told.",
    Step.REOPEN: "It is open again, and the unit is told.",
    Step.WITHDRAW: "It is off the unit's list.",
}


def press_form(turn: Turn, action: Action, _values: Values) -> Cards:
    """What a step asks for, under the request it is about."""
    row, step = load(turn, action), _step_of(action)
    _check_may(turn, row, step)
    blocks: list[Block] = [
        Quote(row.what),
        Text(ASKED.get(step, ""), lead=f"{LABELS[step]}:"),
        *_fields(turn, row, step),
        Buttons(
            (
                Button(
                    _label(step),
                    act("service.put", id=row.id or 0, v=row.version, step=step),
                    Emphasis.PRIMARY,
                ),
                Button("Back", act("service.open", id=row.id or 0)),
            )
        ),
    ]
    return [Card(f"Request {row.id}", tuple(blocks))]


def _label(step: Step) -> str:
    return {Step.PROMISE: "Promise it", Step.NAME: "Give it to them", Step.FINISH: "It is done"}.get(
        step, LABELS[step]
    )


def _fields(turn: Turn, row: ServiceRequestRow, step: Step) -> list[Block]:
    rule = RULES[step]
    fields: list[Block] = []
    if rule.needs_day:
        known = row.promised_on.isoformat() if row.promised_on else ""
        fields.append(Field("day", "Promised day", FieldKind.DATE, value=known, required=True))
    if step is Step.NAME:
        staff = tuple(Option(str(person.id), person.name) for person in people_of(turn, row.unit))
        fields.append(Field("who", "Who", FieldKind.CHOICE, options=staff, required=True))
    if step is Step.HAND_ON:
        others = tuple(Option(unit, unit) for unit in units_of(turn) if unit != row.unit)
        if not others:
            raise UserError("There is no other unit in the roster. Decline it with a reason instead.")
        fields.append(Field("unit", "Unit", FieldKind.CHOICE, options=others, required=True))
    if step is not Step.NAME:
        label = "In a line" if rule.needs_words else "In a line, if you like"
        fields.append(
            Field("words", label, FieldKind.LONG, required=rule.needs_words, hint="No student's name")
        )
    return fields


def press_put(turn: Turn, action: Action, values: Values) -> Cards:
    """Take the step, tell whom it concerns, and show where the request stands now."""
    row, step = load(turn, action), _step_of(action)
    _check_may(turn, row, step)
    to = after(State(row.state), step)
    assert to is not None  # _check_may
    school = people.school_on(turn.tx, row.school_id, turn.today)
    words = values.get("words", "").strip()
    if words:
        words = read_words(turn, words, school, ask="", longest=LONGEST, field="words", may_name_adults=True)
    day = _read_day(turn, values.get("day", "")) if RULES[step].needs_day else None
    try:
        check_step(step, words=words, promised=day, today=turn.today)
    except StepFault as fault:
        raise UserError(str(fault), field="day" if RULES[step].needs_day else "words") from None
    named = _named(turn, row, values) if step is Step.NAME else None
    unit = _other_unit(turn, row, values) if step is Step.HAND_ON else ""
    kept = ServiceStepRow(
        request_id=row.id or 0,
        step=step,
        unit=row.unit,
        actor_id=turn.person.id,
        words=words,
        day=day,
        named_id=named.id if named else None,
        to_unit=unit,
        at=turn.now,
    )
    changed = changes(
        row,
        step,
        at=turn.now,
        by=turn.person.id,
        day=day,
        named_id=named.id if named else None,
        unit=unit,
    )
    if not service_requests.change(turn.tx, row.id or 0, version=row.version, state=to, **changed):
        raise StaleError("Somebody was faster. Write “service requests” to see how it stands.")
    service_requests.add_step(turn.tx, kept)
    turn.tx.refresh(row)
    audit_trail.write(turn, f"service_request.{step}", f"service_request:{row.id}")
    _tell(turn, row, step, kept, named)
    said = DID[step].format(named=named.name if named else "", to=row.unit)
    if step is Step.HAND_ON:  # it is another unit's now, and shown to it
        return [Card("", (Text(said),))]
    return [request_card(turn, row, opening=said)]


def _check_may(turn: Turn, row: ServiceRequestRow, step: Step) -> None:
    rule = RULES[step]
    right = Right.ANSWER_SERVICE_REQUEST if rule.side is Side.UNIT else Right.CONFIRM_SERVICE_REQUEST
    require(turn.person, right, subject_of(turn, row), object=f"service_request:{row.id}")
    if after(State(row.state), step) is None:
        raise StaleError("", card=request_card(turn, row, opening="That is settled already."))


def _step_of(action: Action) -> Step:
    try:
        return Step(action.args.get("step", ""))
    except ValueError:
        raise ActionError(f"{action.name} names no step") from None


def _read_day(turn: Turn, text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        pass
    try:
        return read_day(text, turn.today)
    except MomentFault as fault:
        raise UserError(str(fault), field="day") from None


def _named(turn: Turn, row: ServiceRequestRow, values: Values) -> Person:
    found = next((one for one in people_of(turn, row.unit) if str(one.id) == values.get("who")), None)
    if found is None:
        raise UserError(f"Choose somebody of {row.unit}.", field="who")
    return found


def _other_unit(turn: Turn, row: ServiceRequestRow, values: Values) -> str:
    unit = values.get("unit", "")
    if unit == row.unit or unit not in units_of(turn):
        raise UserError("Choose the unit that it is for.", field="unit")
    return unit


def changes(
    row: ServiceRequestRow,
    step: Step,
    *,
    at: datetime,
    by: int,
    day: date | None = None,
    named_id: int | None = None,
    unit: str = "",
) -> dict[str, object]:
    """What the step changes besides the state. ``at`` is aware; ``by`` is who takes it, ``named_id`` whom they name."""
    changed: dict[str, object] = {"changed_at": at}
    if RULES[step].is_answer:
        changed |= {"answered_at": row.answered_at or at, "owner_id": row.owner_id or by}
    match step:
        case Step.PROMISE:
            changed |= {"promised_on": day, "owner_id": by}
        case Step.NAME if named_id is not None:
            changed |= {"owner_id": named_id}
        case Step.HAND_ON:
            changed |= {
                "unit": unit,
                "owner_id": None,
                "promised_on": None,
                "answered_at": None,
                "reopened": 0,
                "arrived_at": at,
            }
        case Step.FINISH:
            changed |= {"done_at": at}
        case Step.REOPEN:
            changed |= {
                "promised_on": None,
                "clock_from": at,
                "escalated_at": None,
                "reopened": row.reopened + 1,
            }
        case _:
            pass
    return changed


def _tell(turn: Turn, row: ServiceRequestRow, step: Step, kept: ServiceStepRow, named: Person | None) -> None:
    if step is Step.NAME:
        assert named is not None
        tell_person(turn, named, row, f"{turn.person.name} asks you to see to this.")
        return
    opening = TELLS[step].format(
        who=turn.person.name,
        unit=kept.unit,
        to=kept.to_unit,
        day=say_day(kept.day, turn.today) if kept.day else "",
    )
    if RULES[step].side is Side.SCHOOL:
        tell_unit(turn, row, opening)
        return
    tell_school(turn, row, opening)
    if step is Step.HAND_ON:
        tell_unit(turn, row, f"{kept.unit} handed this on to you.")
