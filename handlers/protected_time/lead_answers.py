"""Answering what offices ask: the ILD's and the first responder's side, and the clock that reminds once.

Whoever asked reads the answer, or the reason for none. What is passed on stands in the principals' next digest, in the
office's own words.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from handlers.actions import Action, act
from handlers.cards import Button, Buttons, Card, Quote, Text, plain
from handlers.district import load_district, zone_of
from handlers.errors import UserError
from handlers.post import tell_now, tell_when_open
from handlers.protected_time.lead_state import (
    answer_days,
    find,
    ilds_of,
    load,
    request_card,
    say_due,
    schools_of,
    settle,
)
from handlers.turn import Cards, Turn, Values
from protocols.buffer.demands import Binding, Demand
from protocols.buffer.digest import Decision
from protocols.buffer.letterhead import fingerprint_of
from protocols.cadence import answer_clock
from storage import mandates, people, record, requests
from storage.database import Store, Tx
from storage.people import Person
from storage.tables import MandateRow, UnitRequestRow

LONGEST_ANSWER = 1500
MINUTES = 10
"""What a question of an office is taken to cost a principal who reads and answers it."""


def show(turn: Turn, _match: re.Match[str]) -> Cards:
    """What waits for this person's answer, or is about her schools; the one due first first."""
    own = [school.id for school in people.schools_on(turn.tx, turn.today, ild_id=turn.person.id)]
    rows = requests.open_for(turn.tx, responder_id=turn.person.id, school_ids=own)
    if not rows:
        return [plain("No office waits for an answer from you.")]
    return [request_card(turn, row, reader=turn.person) for row in rows]


# ---------------------------------------------------------------- buttons


def _answer_form(turn: Turn, action: Action, _values: Values) -> Cards:
    row = load(turn, action)
    record.expect(turn.tx, turn.person.id, "lead", at=turn.now, what="answer", request=row.id, v=row.version)
    return [_ask_for_words("Write the answer in your next message; it goes straight to them.", row)]


def _decline_form(turn: Turn, action: Action, _values: Values) -> Cards:
    row = load(turn, action)
    _require_ild(turn, row)
    record.expect(turn.tx, turn.person.id, "lead", at=turn.now, what="decline", request=row.id, v=row.version)
    return [_ask_for_words("Why not? Write the reason in your next message; they read it.", row)]


def _ask_for_words(text: str, row: UnitRequestRow) -> Card:
    never_mind = Button("Never mind", act("lead.never_mind", request=row.id or 0))
    return Card("", (Text(text), Quote(row.question, row.office), Buttons((never_mind,))))


def _never_mind(turn: Turn, action: Action, _values: Values) -> Cards:
    awaited = record.expectation_of(turn.tx, turn.person.id)
    if awaited is not None and awaited.topic == "lead":
        record.expect_nothing(turn.tx, turn.person.id)
    row = find(turn, action.number("request"))
    return [plain(f"Left as it was: {row.office} still waits for an answer.")]


def awaited(turn: Turn, args: Mapping[str, Any], text: str) -> Cards | None:
    """The words that *Answer* or *Decline* asked for."""
    words = text.strip()
    if len(words) > LONGEST_ANSWER:
        raise UserError(f"Keep it under {LONGEST_ANSWER:,} characters. Your next message is taken for it.")
    pressed = act("lead.answer", request=int(args["request"]), v=int(args["v"]))
    row = load(turn, pressed)
    record.expect_nothing(turn.tx, turn.person.id)
    is_answer = args.get("what") == "answer"
    if not is_answer:
        _require_ild(turn, row)
    state = "answered" if is_answer else "declined"
    settle(turn, row, state=state, answer=words, responder_id=turn.person.id)
    verb = "answers" if is_answer else "declines"
    _tell_asker(turn, row, f"{turn.person.name} {verb} what you asked about {_names(turn, row)}.", words)
    asker = people.get_person(turn.tx, row.asker_id, on=turn.today)
    said = "your answer" if is_answer else "your reason"
    return [plain(f"{asker.name} has {said}.")]


def _asking(turn: Turn, action: Action, _values: Values) -> Cards:
    """The ILD asks the principal herself; the clock starts once more and reminds once more."""
    row = load(turn, action)
    _require_ild(turn, row)
    if row.state == "asking":
        raise UserError("You ask the principal yourself already. Press Answer when you know.")
    days, zone, known = answer_days(turn.tx), turn.zone, turn.district.calendar
    settle(
        turn,
        row,
        state="asking",
        responder_id=turn.person.id,
        remind_at=answer_clock.reminder(turn.now, days, known, zone),
        due_at=answer_clock.due(turn.now, days, known, zone),
        reminded_at=None,
        told_overdue_at=None,
    )
    asker = people.get_person(turn.tx, row.asker_id, on=turn.today)
    due = say_due(turn, row, zone_of(asker, turn.district))
    _tell_asker(turn, row, f"{turn.person.name} asks at {_names(turn, row)} herself and answers by {due}.")
    return [
        plain(
            f"Yours. Write “requests” when you know; {asker.name} expects an answer by {say_due(turn, row, zone)}."
        )
    ]


def _give(turn: Turn, action: Action, _values: Values) -> Cards:
    """A first responder hands it on to the ILD; the clock goes on."""
    row = load(turn, action)
    ilds = ilds_of(turn, row)
    if turn.person.id in ilds:
        raise UserError("It is yours already: you carry that school.")
    ild = people.get_person(turn.tx, min(ilds), on=turn.today)
    settle(turn, row, state="waiting", responder_id=ild.id, subject="", reminded_at=None)
    card = request_card(turn, row, reader=ild, opening=f"{turn.person.name} gives this to you.")
    _tell(turn.tx, turn, ild, card, row, what="given")
    return [plain(f"{ild.name} has it now.")]


def _pass_on(turn: Turn, action: Action, _values: Values) -> Cards:
    """Into the principals' next digest, in the office's words, decided by the ILD as any demand of a memo is."""
    row = load(turn, action)
    _require_ild(turn, row)
    schools = schools_of(turn, row)
    if not schools:
        raise UserError("None of those schools is active any more. Decline it with a reason instead.")
    memo = MandateRow(
        title=f"{row.office} asks",
        one_line=row.question,
        text=row.question,
        fingerprint=fingerprint_of(f"request {row.id} {row.question}"),
        unit=row.office,
        sender_id=row.asker_id,
        memo_date=row.created_at.astimezone(turn.zone).date(),
        received_at=turn.now,
    )
    demand = Demand(
        start=0,
        end=len(row.question),
        quote=row.question,
        actor="principal",
        for_school=True,
        binding=Binding.SHOULD,
        due=None,
        due_basis="",
        audience=tuple(f"school:{school.name}" for school in schools),
        minutes=MINUTES,
        minutes_basis="a question of an office",
    )
    memo_id = mandates.add(turn.tx, memo, [(demand, row.question)])
    for kept in mandates.demands_of(turn.tx, memo_id):
        mandates.put_triage(
            turn.tx,
            demand_id=kept.id or 0,
            ild_id=turn.person.id,
            version=0,
            by=turn.person.id,
            at=turn.now,
            decision=Decision.PASS_ON.value,
            wording=row.question,
        )
    settle(turn, row, state="in_digest", responder_id=turn.person.id)
    _tell_asker(
        turn,
        row,
        f"{turn.person.name} passes on what you asked: it stands in Monday's digest for {_names(turn, row)}.",
    )
    return [plain("It stands in your principals' next digest. Write “preview” to see it.")]


def _require_ild(turn: Turn, row: UnitRequestRow) -> None:
    if turn.person.id not in ilds_of(turn, row):
        raise UserError("That is the ILD's to decide. Answer it, or give it to her.")


# ---------------------------------------------------------------- telling


def _names(turn: Turn, row: UnitRequestRow) -> str:
    return ", ".join(school.name for school in schools_of(turn, row)) or "a school"


def _tell_asker(turn: Turn, row: UnitRequestRow, text: str, words: str = "") -> None:
    """The answer to what somebody asked; it goes at once, as every answer does."""
    blocks: list[Text | Quote] = [Text(text)]
    if words:
        blocks += [Quote(words, turn.person.name), Text(f"You asked: {row.question}", quiet=True)]
    tell_now(
        turn.tx,
        row.asker_id,
        Card("", tuple(blocks)),
        kind="unit-request-answer",
        period=f"{row.id}:{row.version}",
        now=turn.now,
        subject=f"lead:{row.id}",
    )


def _tell(tx: Tx, turn: Turn, person: Person, card: Card, row: UnitRequestRow, *, what: str) -> None:
    tell_when_open(
        tx,
        turn.district,
        person,
        card,
        kind="unit-request",
        period=f"{row.id}:{what}",
        now=turn.now,
        subject=f"lead:{row.id}",
    )


# ---------------------------------------------------------------- the clock


def remind_requests(store: Store, now: datetime) -> int:
    """Remind once when half the time has gone; say once, to ILD and office, when it has run out. How many messages."""
    with store.read() as tx:
        waiting = [row.id or 0 for row in (*requests.to_remind(tx, now=now), *requests.overdue(tx, now=now))]
    told = 0
    for request_id in dict.fromkeys(waiting):
        with store.begin() as tx:
            row = requests.get(tx, request_id)
            if row is not None and row.state in requests.OPEN:
                told += _bring_up(tx, row, now)
    return told


def _bring_up(tx: Tx, row: UnitRequestRow, now: datetime) -> int:
    district = load_district(tx)
    today = now.astimezone(district.zone).date()
    responder = people.get_person(tx, row.responder_id, on=today)
    turn = Turn(tx=tx, person=responder, now=now, district=district, key=f"lead:{row.id}")
    if row.due_at > now:
        row.reminded_at = now
        tx.add(row)
        opening = f"{row.office} still waits. This is the one reminder."
        _tell(
            tx,
            turn,
            responder,
            request_card(turn, row, reader=responder, opening=opening),
            row,
            what=_mark(row, "reminder"),
        )
        return 1
    row.told_overdue_at = row.reminded_at = now
    tx.add(row)
    told = 0
    for ild in people.get_people(tx, ilds_of(turn, row), on=today).values():
        opening = "Nobody has answered this yet." if ild.id != responder.id else "This is unanswered now."
        _tell(
            tx,
            turn,
            ild,
            request_card(turn, row, reader=ild, opening=opening),
            row,
            what=_mark(row, "overdue"),
        )
        told += 1
    asker = people.get_person(tx, row.asker_id, on=today)
    due = say_due(turn, row, zone_of(asker, district))
    text = f"Unanswered: {responder.name} had until {due}. It stays on the ILD's list."
    card = Card("", (Text(text), Quote(row.question, asker.name)))
    _tell(tx, turn, asker, card, row, what=_mark(row, "overdue"))
    return told + 1


def _mark(row: UnitRequestRow, what: str) -> str:
    """One message a clock: a request that the ILD took on has a second one."""
    return f"{what}:{row.version}"


def still_true(tx: Tx, subject: str, _now: datetime) -> str | None:
    """A note about a request is of no use once it is settled; an answer is."""
    _topic, request_id = subject.split(":")
    row = requests.get(tx, int(request_id))
    return "the request has been settled" if row is None or row.state not in requests.OPEN else None


ACTIONS: dict[str, Callable[[Turn, Action, Values], Cards]] = {
    "lead.answer": _answer_form,
    "lead.decline": _decline_form,
    "lead.never_mind": _never_mind,
    "lead.asking": _asking,
    "lead.give": _give,
    "lead.digest": _pass_on,
}
