"""A request of an office as people read it, and who may answer it.

States of a request::

    waiting --answer--> answered        waiting --pass on--> in_digest      waiting --decline--> declined
    waiting --ask the principal myself--> asking --answer, pass on, decline--> as above

Unanswered is no state: it is a request whose clock has run out while it waits.
"""

from zoneinfo import ZoneInfo

from handlers import audit_trail
from handlers.actions import Action, act
from handlers.cards import Block, Button, Buttons, Card, Emphasis, Quote, Text
from handlers.district import zone_of
from handlers.errors import StaleError, UserError
from handlers.permissions import Right, Subject, require
from handlers.turn import Turn
from protocols.cadence.answer_clock import USUAL_DAYS
from protocols.cadence.moments import say_day, say_time
from storage import people, record, requests
from storage.database import Tx
from storage.people import Person, School
from storage.tables import UnitRequestRow

STATES = {
    "waiting": "waits for an answer",
    "asking": "asks the principal herself",
    "answered": "answered",
    "in_digest": "passed on in the weekly digest",
    "declined": "declined",
}


def answer_days(tx: Tx) -> int:
    """School days that whoever is asked has."""
    known = record.get_setting(tx, "answer_clock") or {}
    return int(known.get("days", USUAL_DAYS))


def schools_of(turn: Turn, row: UnitRequestRow) -> list[School]:
    """The schools it is about, those that are still active."""
    return people.schools_on(turn.tx, turn.today, ids=row.school_ids)


def ilds_of(turn: Turn, row: UnitRequestRow) -> set[int]:
    """Who carries those schools today; whoever did when it was asked may have handed them over."""
    return {school.ild_id for school in schools_of(turn, row) if school.ild_id} or {row.ild_id}


def say_due(turn: Turn, row: UnitRequestRow, zone: ZoneInfo) -> str:
    """ "Wed 2 Dec 10:00" """
    local = row.due_at.astimezone(zone)
    return f"{say_day(local.date(), turn.today)} {say_time(local.time())}"


def request_card(turn: Turn, row: UnitRequestRow, *, reader: Person, opening: str = "") -> Card:
    """The request with what its reader can do: an ILD everything, a first responder answer or give it to her."""
    schools = ", ".join(school.name for school in schools_of(turn, row))
    asker = people.get_person(turn.tx, row.asker_id, on=turn.today)
    by = say_due(turn, row, zone_of(reader, turn.district))
    late = row.due_at <= turn.now
    when = f"It has been unanswered since {by}." if late else f"Answer by {by}."
    about = f", about {row.subject}" if row.subject else ""
    blocks: list[Block] = [Text(opening)] if opening else []
    blocks += [
        Text(f"{schools}{about}. {when}", lead=f"{asker.name}, {row.office}, asks."),
        Quote(row.question, asker.name),
        Buttons(buttons_for(turn, row, reader)),
    ]
    return Card("", tuple(blocks))


def buttons_for(turn: Turn, row: UnitRequestRow, reader: Person) -> tuple[Button, ...]:
    args = {"request": row.id or 0, "v": row.version}
    answer = Button("Answer", act("lead.answer", **args), Emphasis.PRIMARY)
    if reader.id not in ilds_of(turn, row):
        return answer, Button("Give it to the ILD", act("lead.give", **args))
    digest = Button("Pass it on in the digest", act("lead.digest", **args))
    decline = Button("Decline with a reason", act("lead.decline", **args))
    if row.state == "asking":
        return answer, digest, decline
    return answer, digest, Button("Ask the principal myself", act("lead.asking", **args)), decline


def load(turn: Turn, action: Action) -> UnitRequestRow:
    """The request of a button, if it is this person's to answer and still open."""
    row = find(turn, action.number("request"))
    if row.version != action.number("v") or row.state not in requests.OPEN:
        raise StaleError(f"That was settled before: {say_standing(turn, row)}.")
    return row


def find(turn: Turn, request_id: int) -> UnitRequestRow:
    row = requests.get(turn.tx, request_id)
    if row is None:
        raise UserError("I can't find that request any more. Write “requests” to see what waits.")
    owners = frozenset({row.responder_id, *ilds_of(turn, row)})
    require(turn.person, Right.ANSWER_REQUEST, Subject(owner_ids=owners), object=f"unit_request:{request_id}")
    return row


def say_standing(turn: Turn, row: UnitRequestRow) -> str:
    who = people.get_person(turn.tx, row.responder_id, on=turn.today).name
    return f"{who}: {STATES[row.state]}"


def settle(turn: Turn, row: UnitRequestRow, *, state: str, **values: object) -> None:
    """Compare and set, with its audit row; the row in hand then shows the new state."""
    settled = {"settled_at": turn.now} if state not in requests.OPEN else {}
    if not requests.change(turn.tx, row.id or 0, version=row.version, state=state, **settled, **values):
        raise StaleError("Somebody settled this a moment ago. Write “requests” to see how it stands.")
    turn.tx.refresh(row)
    audit_trail.write(turn, f"unit_request.{state}", f"unit_request:{row.id}")
