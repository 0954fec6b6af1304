"""A question to the unit that asked: it gets it once, and its answer is read by every ILD who waits for it.

The demand waits meanwhile, with a clock in school hours: one reminder to the unit when half of it has gone; when it has
run out, or the demand's own day comes near, the demand is back on the desks of those who wait.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from handlers import audit_trail
from handlers.actions import Action, act
from handlers.cards import Block, Button, Buttons, Card, Emphasis, Field, FieldKind, Quote, Text, plain
from handlers.deciding.triage_forms import saved, where_of
from handlers.deciding.triage_state import Waiting, check_open, decide, load, scope_of
from handlers.district import load_district, zone_of
from handlers.errors import StaleError, UserError
from handlers.intake.mandate_cards import say_due
from handlers.permissions import Right, Subject, require
from handlers.post import tell_now, tell_when_open
from handlers.protected_time.lead_state import answer_days
from handlers.turn import Cards, Command, Topic, Turn, Values
from handlers.units import people_of, unit_of
from protocols.buffer.digest import Decision
from protocols.buffer.merging import likeness
from protocols.cadence import answer_clock
from protocols.cadence.moments import say_day, say_time
from storage import challenges, mandates, people, record
from storage.database import Store, Tx
from storage.people import Person, Role
from storage.tables import ChallengeRow, DemandRow, MandateRow

LONGEST = 600
SAME_QUESTION = 85
"""From so much likeness on (of 100), two questions are one."""
BEFORE_ITS_DAY = timedelta(days=1)

# ---------------------------------------------------------------- the ILD asks


def form(turn: Turn, action: Action, _values: Values) -> Cards:
    one = load(turn, action)
    check_open(turn, one, action)
    responder, unit = _responder(turn, one.memo)
    where = where_of(one, action)
    blocks: list[Block] = []
    for row in challenges.of_demand(turn.tx, one.id):
        if row.state == challenges.OPEN:
            asker = people.get_person(turn.tx, row.asker_id, on=turn.today)
            wait = Button(
                "Wait for the same answer", act("challenge.join", **where, id=row.id or 0), Emphasis.PRIMARY
            )
            blocks += [
                Text(f"{asker.name} has asked {row.unit} already:"),
                Quote(row.question, asker.name),
                Buttons((wait,)),
            ]
    text = f"Your question goes to {responder.name}, {unit}, once. The demand waits here until the answer."
    blocks += [
        Text(text, lead=one.demand.headline),
        Field("question", "Your question", FieldKind.LONG, required=True, hint=f"Up to {LONGEST} characters"),
        Buttons(
            (Button("Ask", act("challenge.ask", **where), Emphasis.NORMAL if blocks else Emphasis.PRIMARY),)
        ),
    ]
    return [Card("", tuple(blocks))]


def ask(turn: Turn, action: Action, values: Values) -> Cards:
    one = load(turn, action)
    check_open(turn, one, action)
    question = " ".join(values.get("question", "").split())
    if not 3 <= len(question) <= LONGEST:
        raise UserError(f"Write the question in up to {LONGEST} characters, then press Ask.")
    for row in challenges.of_demand(turn.tx, one.id):
        if likeness(row.question, question) >= SAME_QUESTION:
            return _join(turn, one, row, action)
    responder, unit = _responder(turn, one.memo)
    remind_at, due_at = _clock(turn, one, responder)
    row = ChallengeRow(
        demand_id=one.id,
        unit=unit,
        responder_id=responder.id,
        asker_id=turn.person.id,
        question=question,
        remind_at=remind_at,
        due_at=due_at,
        created_at=turn.now,
    )
    challenge_id = challenges.add(turn.tx, row)
    audit_trail.write(
        turn, "challenge.asked", f"challenge:{challenge_id}", demand=one.id, responder=responder.id
    )
    _tell(turn.tx, turn, responder, _question_card(turn, row, one.demand, one.memo), row, what="asked")
    return _wait(turn, one, row, action)


def join(turn: Turn, action: Action, _values: Values) -> Cards:
    one = load(turn, action)
    check_open(turn, one, action)
    row = challenges.get(turn.tx, action.number("id"))
    if row is None or row.demand_id != one.id:
        raise UserError("That question is not about this demand. Write “triage” to see what waits.")
    return _join(turn, one, row, action)


def _join(turn: Turn, one: Waiting, row: ChallengeRow, action: Action) -> Cards:
    """The same question: whoever asked it first asked it for both."""
    if row.state != challenges.OPEN:
        blocks = (Text(f"{row.unit} has answered that already:"), Quote(row.answer, row.unit))
        back = Button(
            "Decide", act("triage.reopen", demand=one.id, v=one.version, **scope_of(action)), Emphasis.PRIMARY
        )
        return [Card("", (*blocks, Buttons((back,))))]
    challenges.join(turn.tx, row.id or 0, turn.person.id, at=turn.now)
    audit_trail.write(turn, "challenge.joined", f"challenge:{row.id}", demand=one.id)
    return _wait(turn, one, row, action)


def _wait(turn: Turn, one: Waiting, row: ChallengeRow, action: Action) -> Cards:
    decide(turn, one, Decision.CHALLENGE, challenge_id=row.id)
    by = _say_due(turn, row, turn.person)
    return saved(
        one, action, f"{row.unit} has the question, and until {by} to answer. It waits: {one.demand.headline}"
    )


def _responder(turn: Turn, memo: MandateRow) -> tuple[Person, str]:
    """Who answers for the unit that asked, and its name. Raises ``UserError`` where there is nobody but herself."""
    sender = people.get_person(turn.tx, memo.sender_id, on=turn.today)
    unit = unit_of(turn, memo)
    staff = people_of(turn, unit) if unit else []
    if sender.id in {person.id for person in staff}:
        return sender, unit
    if staff:
        return staff[0], unit
    if sender.active and sender.id != turn.person.id:
        return sender, memo.unit
    raise UserError(
        f"Nobody of {memo.unit} is in the roster, so I can't ask them. Write to them yourself, and hold it until a day."
    )


def _clock(turn: Turn, one: Waiting, responder: Person) -> tuple[datetime, datetime]:
    """When to remind, and until when it waits: the clock of answers, and never up to the demand's own day."""
    days, zone, known = answer_days(turn.tx), zone_of(responder, turn.district), turn.district.calendar
    due = answer_clock.due(turn.now, days, known, zone)
    remind = answer_clock.reminder(turn.now, days, known, zone)
    day = one.demand.due
    if day is not None and day >= turn.today:
        latest = turn.district.noon(day - BEFORE_ITS_DAY)
        if latest <= turn.now:
            raise UserError(
                f"Its day is {say_day(day, turn.today)}, too near to wait for an answer. Decide now, and ask "
                f"{one.memo.unit} beside it."
            )
        if latest < due:
            return min(remind, turn.now + (latest - turn.now) / 2), latest
    return remind, due


# ---------------------------------------------------------------- the unit answers


def _question_card(
    turn: Turn, row: ChallengeRow, demand: DemandRow, memo: MandateRow, *, opening: str = ""
) -> Card:
    askers = people.get_people(turn.tx, challenges.waiters(turn.tx, row.id or 0), on=turn.today)
    names = " and ".join(askers[i].name for i in sorted(askers))
    responder = people.get_person(turn.tx, row.responder_id, on=turn.today)
    verb = "asks" if len(askers) == 1 else "ask"
    due = say_due(demand, turn.today)
    text = f"{verb} about “{demand.headline}”{f' ({due})' if due else ''}, from {memo.title}."
    blocks: list[Block] = [Text(opening)] if opening else []
    answer = Button("Answer", act("challenge.answer", id=row.id or 0, v=row.version), Emphasis.PRIMARY)
    blocks += [
        Text(text, lead=names),
        Quote(row.question, source=people.get_person(turn.tx, row.asker_id, on=turn.today).name),
        Text(
            f"It waits until you answer, by {_say_due(turn, row, responder)}. Every ILD reads the answer.",
            quiet=True,
        ),
        Buttons((answer,)),
    ]
    return Card("", tuple(blocks))


def _load(turn: Turn, challenge_id: int) -> ChallengeRow:
    row = challenges.get(turn.tx, challenge_id)
    if row is None:
        raise UserError("I can't find that question any more. Write “my questions” to see what waits.")
    owners = frozenset({row.responder_id, *(person.id for person in people_of(turn, row.unit))})
    require(
        turn.person, Right.ANSWER_CHALLENGE, Subject(owner_ids=owners), object=f"challenge:{challenge_id}"
    )
    return row


def answer_form(turn: Turn, action: Action, _values: Values) -> Cards:
    row = _load(turn, action.number("id"))
    if row.state != challenges.OPEN:
        raise StaleError(f"Answered already: {row.answer}")
    record.expect(turn.tx, turn.person.id, "challenge", at=turn.now, id=row.id)
    never_mind = Button("Never mind", act("challenge.never_mind"))
    text = (
        "Write the answer in your next message. Every ILD who waits reads it, and principals with the item."
    )
    return [Card("", (Text(text), Quote(row.question), Buttons((never_mind,))))]


def _never_mind(turn: Turn, _action: Action, _values: Values) -> Cards:
    awaited = record.expectation_of(turn.tx, turn.person.id)
    if awaited is not None and awaited.topic == "challenge":
        record.expect_nothing(turn.tx, turn.person.id)
    return [plain("Left as it was. Write “my questions” to see what waits for your answer.")]


def answered(turn: Turn, args: Mapping[str, Any], text: str) -> Cards | None:
    """The words that *Answer* asked for."""
    words = text.strip()
    if not words or len(words) > LONGEST:
        raise UserError(f"Keep the answer under {LONGEST} characters. Your next message is taken for it.")
    row = _load(turn, int(args["id"]))
    record.expect_nothing(turn.tx, turn.person.id)
    changed = row.state == challenges.OPEN and challenges.change(
        turn.tx,
        row.id or 0,
        version=row.version,
        state="answered",
        answer=words,
        answered_by=turn.person.id,
        answered_at=turn.now,
    )
    if not changed:
        raise StaleError(f"Answered already: {row.answer}")
    audit_trail.write(turn, "challenge.answered", f"challenge:{row.id}")
    found = mandates.find_demand(turn.tx, row.demand_id)
    assert found is not None
    demand, _memo = found
    waiting = people.get_people(turn.tx, challenges.waiters(turn.tx, row.id or 0), on=turn.today)
    for ild in waiting.values():
        triage = mandates.triage_of(turn.tx, demand.id or 0, ild.id)
        # Undecided: a corrected memo has brought it back before the answer came.
        still = triage is None or triage.decision == Decision.CHALLENGE
        back = "" if not still else " It is on your desk." if triage is None else " It is back on your desk."
        decide_it = act("triage.reopen", demand=demand.id or 0, v=triage.version if triage else 0)
        card = Card(
            "",
            (
                Text(f"answers about “{demand.headline}”.{back}", lead=f"{turn.person.name}, {row.unit},"),
                Quote(words, source=turn.person.name),
                Text(f"The question: {row.question}", quiet=True),
                *((Buttons((Button("Decide", decide_it, Emphasis.PRIMARY),)),) if still else ()),
            ),
        )
        tell_now(turn.tx, ild.id, card, kind="challenge_answer", period=f"{row.id}", now=turn.now)
    names = " and ".join(ild.name for ild in waiting.values())
    return [plain(f"{names} {'has' if len(waiting) == 1 else 'have'} your answer.")]


def show(turn: Turn, _match: re.Match[str]) -> Cards:
    """What ILDs asked and wait for, the one due first first."""
    rows = challenges.open_for(turn.tx, turn.person.id, turn.person.unit)
    if not rows:
        return [plain("No ILD waits for an answer from you.")]
    return [_question_card(turn, row, demand, memo) for row, demand, memo in rows]


# ---------------------------------------------------------------- the clock


def remind_challenges(store: Store, now: datetime) -> int:
    """Remind the unit once when half the time has gone; tell those who wait when it has run out. How many messages."""
    with store.read() as tx:
        found = challenges.to_bring_up(tx, now=now)
    told = 0
    for challenge_id in found:
        with store.begin() as tx:
            row = challenges.get(tx, challenge_id)
            if row is not None and row.state == challenges.OPEN:
                told += _bring_up(tx, row, now)
    return told


def _bring_up(tx: Tx, row: ChallengeRow, now: datetime) -> int:
    district = load_district(tx)
    today = now.astimezone(district.zone).date()
    responder = people.get_person(tx, row.responder_id, on=today)
    turn = Turn(tx=tx, person=responder, now=now, district=district, key=f"challenge:{row.id}")
    found = mandates.find_demand(tx, row.demand_id)
    assert found is not None
    demand, memo = found
    is_over = row.due_at <= now
    row.reminded_at = now
    if is_over:
        row.told_overdue_at = now
    tx.add(row)
    tx.flush()
    if not is_over:
        opening = "This still waits. It is the one reminder."
        _tell(
            tx,
            turn,
            responder,
            _question_card(turn, row, demand, memo, opening=opening),
            row,
            what="reminder",
        )
        return 1
    told = 0
    for ild in people.get_people(tx, challenges.waiters(tx, row.id or 0), on=today).values():
        triage = mandates.triage_of(tx, row.demand_id, ild.id)
        if triage is None or triage.decision != Decision.CHALLENGE:
            continue
        text = f"has not answered about “{demand.headline}” in time. It is back on your desk."
        decide_it = Button(
            "Decide", act("triage.reopen", demand=row.demand_id, v=triage.version), Emphasis.PRIMARY
        )
        card = Card("", (Text(text, lead=row.unit), Quote(row.question), Buttons((decide_it,))))
        _tell(tx, turn, ild, card, row, what="overdue")
        told += 1
    return told


def _tell(tx: Tx, turn: Turn, person: Person, card: Card, row: ChallengeRow, *, what: str) -> None:
    tell_when_open(
        tx,
        turn.district,
        person,
        card,
        kind="challenge",
        period=f"{row.id}:{what}",
        now=turn.now,
        subject=f"challenge:{row.id}",
    )


def _still_true(tx: Tx, subject: str, _now: datetime) -> str | None:
    row = challenges.get(tx, int(subject.split(":")[1]))
    return "it has been answered" if row is None or row.state != challenges.OPEN else None


def _say_due(turn: Turn, row: ChallengeRow, reader: Person) -> str:
    local = row.due_at.astimezone(zone_of(reader, turn.district))
    return f"{say_day(local.date(), turn.today)} {say_time(local.time())}"


ANSWERERS = frozenset({Role.UNIT, Role.EXECUTIVE, Role.ADMINISTRATOR})

TOPIC = Topic(
    name="challenge",
    commands=(
        Command(
            re.compile(
                r"(?:show )?(?:my |open )questions|(?:my )?questions (?:from|of) (?:the )?ilds", re.IGNORECASE
            ),
            show,
            example="my questions",
            what="What ILDs ask about your memos and wait for.",
            roles=ANSWERERS,
        ),
    ),
    actions={
        "challenge.form": form,
        "challenge.ask": ask,
        "challenge.join": join,
        "challenge.answer": answer_form,
        "challenge.never_mind": _never_mind,
    },
    answer=answered,
    still_true=_still_true,
    in_place=frozenset({"challenge.form", "challenge.ask", "challenge.never_mind"}),
    in_place_alone=frozenset({"challenge.join", "challenge.answer"}),
)
