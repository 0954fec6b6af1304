"""Who is told of a service request: the unit of a new one, the school of an answer, head and ILD of a silence."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from handlers.cards import Card
from handlers.centre.request_cards import request_card
from handlers.district import load_district
from handlers.post import tell_when_open
from handlers.turn import Turn
from handlers.units import people_of
from protocols.centre.service_requests import USUAL_DAYS, State, Step, is_late, unanswered_since
from storage import people, record, service_requests
from storage.database import Store, Tx
from storage.people import Person
from storage.tables import ServiceRequestRow, ServiceStepRow

DAYS_SETTING = "service_clock"
MOST_TOLD = 10
"""People of a unit without a head who are told of a request that is nobody's."""


def answer_days(tx: Tx) -> int:
    """School days after which an unanswered request is brought up."""
    return int((record.get_setting(tx, DAYS_SETTING) or {}).get("days", USUAL_DAYS))


def tell_unit(turn: Turn, row: ServiceRequestRow, opening: str) -> list[Person]:
    """Say it to whoever of the unit it is for: who has it, else who knows the school, else its head, else everybody."""
    told = recipients(turn, row)
    for person in told:
        _tell(turn, person, row, opening, kind="service_request")
    return told


def recipients(turn: Turn, row: ServiceRequestRow) -> list[Person]:
    staff = {person.id: person for person in people_of(turn, row.unit)}
    knows = service_requests.last_owner(turn.tx, row.unit, row.school_id)
    head = service_requests.head_of(turn.tx, row.unit)
    for somebody in (row.owner_id, knows, head):
        if somebody in staff:
            return [staff[somebody]]
    return list(staff.values())[:MOST_TOLD]


def tell_person(turn: Turn, person: Person, row: ServiceRequestRow, opening: str) -> None:
    """Say it to one of the unit, who was named for it."""
    _tell(turn, person, row, opening, kind="service_request")


def tell_school(turn: Turn, row: ServiceRequestRow, opening: str) -> None:
    """Say it to the school's principal: as of today, who may be another than who asked."""
    school = people.school_on(turn.tx, row.school_id, turn.today)
    if school is None or school.principal_id is None or school.principal_id == turn.person.id:
        return
    principal = people.get_person(turn.tx, school.principal_id, on=turn.today)
    _tell(turn, principal, row, opening, kind="service_answer")


def _tell(
    turn: Turn, person: Person, row: ServiceRequestRow, opening: str, *, kind: str, because: str = ""
) -> None:
    if person.id == turn.person.id:
        return
    tell_when_open(
        turn.tx,
        turn.district,
        person,
        _card_for(turn, person, row, opening),
        kind=kind,
        period=f"{row.id}:{row.version}{because}",
        now=turn.now,
        subject=f"service:{row.id}:{_step_id(service_requests.steps_of(turn.tx, row.id or 0), kind)}:{kind}",
    )


def _card_for(turn: Turn, person: Person, row: ServiceRequestRow, opening: str) -> Card:
    return request_card(replace(turn, person=person), row, opening=opening)


# ---------------------------------------------------------------- the clock


def watch_requests(store: Store, now: datetime) -> int:
    """What the clock has to say about requests: those unanswered, and promised days that have passed. How many."""
    return bring_up_unanswered(store, now) + remind_of_promises(store, now)


def bring_up_unanswered(store: Store, now: datetime) -> int:
    """Bring requests that nobody has answered in time to the unit's head and the ILD, once. How many requests."""
    with store.read() as tx:
        days, district = answer_days(tx), load_district(tx)
        found = [
            row.id or 0
            for row in service_requests.unanswered(tx)
            if unanswered_since(row.clock_from, days, district.calendar, district.zone) <= now
        ]
    brought = 0
    for request_id in found:
        with store.begin() as tx:
            brought += _bring_up(tx, request_id, days, now)
    return brought


def _bring_up(tx: Tx, request_id: int, days: int, now: datetime) -> int:
    row = service_requests.get(tx, request_id)
    if row is None or not service_requests.mark_brought_up(tx, request_id, at=now):
        return 0  # answered, or brought up by another clock, in this moment
    district = load_district(tx)
    today = now.astimezone(district.zone).date()
    asker = people.get_person(tx, row.asker_id, on=today)
    turn = Turn(tx=tx, person=asker, now=now, district=district, key=f"service:{row.id}")
    told = _responsible(turn, row)
    opening = f"Nobody of {row.unit} has answered this for {days} school {'day' if days == 1 else 'days'}."
    for person in told:
        tell_when_open(
            tx,
            district,
            person,
            _card_for(replace(turn, person=person), person, row, opening),
            kind="service_overdue",
            period=f"{row.id}:{row.clock_from:%Y%m%d%H%M%S}",
            now=now,
            subject=f"service:{row.id}:0:service_overdue",
        )
    record.audit(
        tx, at=now, actor_id=None, action="service_request.brought_up", object=f"service_request:{row.id}",
        told=[person.id for person in told],
    )  # fmt: skip
    return 1


def remind_of_promises(store: Store, now: datetime) -> int:
    """Tell whoever has a request, once for each day they promised, that the day has passed. How many requests."""
    with store.read() as tx:
        today = now.astimezone(load_district(tx).zone).date()
        found = [row.id or 0 for row in service_requests.promised_before(tx, today)]
    reminded = 0
    for request_id in found:
        with store.begin() as tx:
            row = service_requests.get(tx, request_id)
            if row is None or not is_late(State(row.state), row.promised_on, today):
                continue
            once = f"service_request:{row.id}:{row.promised_on}"
            if not record.note_once(tx, kind="service_late", object=once, at=now):
                continue
            asker = people.get_person(tx, row.asker_id, on=today)
            turn = Turn(tx=tx, person=asker, now=now, district=load_district(tx), key=f"service:{row.id}")
            opening = "The day that was promised has passed. Promise another, or say that it is done."
            for person in recipients(turn, row):
                _tell(turn, person, row, opening, kind="service_request", because=":late")
            reminded += 1
    return reminded


def _responsible(turn: Turn, row: ServiceRequestRow) -> list[Person]:
    """The unit's head, or everybody of a unit that has none, and the school's ILD."""
    staff = {person.id: person for person in people_of(turn, row.unit)}
    head = service_requests.head_of(turn.tx, row.unit)
    told = (
        {head: staff[head]} if head in staff and head is not None else dict(list(staff.items())[:MOST_TOLD])
    )
    school = people.school_on(turn.tx, row.school_id, turn.today)
    if school is not None and school.ild_id is not None:
        told[school.ild_id] = people.get_person(turn.tx, school.ild_id, on=turn.today)
    return list(told.values())


def still_true(tx: Tx, subject: str, _now: datetime) -> str | None:
    """A message about a request is of no use once something has happened that whoever reads it is told of anew."""
    _topic, number, step_id, kind = subject.split(":")
    row = service_requests.get(tx, int(number))
    if row is None:
        return "the request is gone"
    if kind == "service_overdue":
        return None if row.state == State.NEW else "it has been answered"
    newest = _step_id(service_requests.steps_of(tx, int(number)), kind)
    return None if newest == int(step_id) else "it has moved on since"


def _step_id(steps: Sequence[ServiceStepRow], kind: str) -> int:
    """The newest step that such a message is about: the school is not told whom a unit named."""
    told = [step for step in steps if kind != "service_answer" or step.step != Step.NAME]
    return told[-1].id or 0 if told else 0


def due_words(turn: Turn) -> str:
    """ "an answer within 3 school days" """
    days = answer_days(turn.tx)
    return f"{days} school {'day' if days == 1 else 'days'}"
