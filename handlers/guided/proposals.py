"""Principals start things: ask for a visit, propose a focus. The ILD holds a time, takes the focus, or answers.

Support that helps starts from the principal's own question (Honig, Copland, Rainey, Lorton and Newton 2010). What was
asked stands in the first line of the next visit until somebody has decided it.
"""

import re
from datetime import date, time

from handlers import audit_trail
from handlers.actions import Action, act
from handlers.cadence import planning
from handlers.cadence.visit_changes import half_and_start, hold, network_of
from handlers.cadence.visit_places import iso, say_slot
from handlers.cadence.visit_times import day_in, half_in, start_in
from handlers.cards import Block, Button, Buttons, Card, Emphasis, Field, FieldKind, Quote, Text, plain
from handlers.errors import StaleError, UserError
from handlers.free_words import read_words
from handlers.permissions import Right, Subject, require
from handlers.post import tell_now, tell_when_open
from handlers.turn import Cards, Command, Topic, Turn, Values
from protocols.cadence.calendar import Half
from protocols.cadence.day_minutes import minutes_into_day
from protocols.cadence.moments import MomentFault, read_moment, say_day
from protocols.cadence.visits import VISIT_STARTS
from protocols.memory.thread import ProposalKind, excerpt
from storage import people, proposals, record
from storage.database import Tx
from storage.people import Role, School
from storage.tables import ProposalRow

OFFERED = 3
DECIDED = "That was answered before."


# ---------------------------------------------------------------- the principal's words


def ask_for_visit(turn: Turn, match: re.Match[str]) -> Cards | None:
    """ "ask for a visit thursday because ...". None where the words are somebody's answer that begins so."""
    school = _own_school(turn)
    try:
        day = _wanted_day(turn, match["when"] or "")
    except UserError:
        if record.expectation_of(turn.tx, turn.person.id):
            return None
        raise
    why = read_words(turn, match["why"], school, ask="") if match["why"] else ""
    proposal_id = _keep(turn, school, ProposalKind.VISIT, why, day)
    when = f", {say_day(day, turn.today)} if it can be" if day else ""
    blocks: list[Block] = [Text(f"{turn.person.name} asks for a visit to {school.name}{when}.")]
    if why:
        blocks.append(Quote(why, source=turn.person.given_name))
    blocks.append(Buttons((*_slots(turn, school, proposal_id, day), *_answers(proposal_id))))
    name = _tell_ild(turn, school, proposal_id, Card("", tuple(blocks)))
    text = f"{name} is asked for a visit{when}. You hear from me as soon as there is a time."
    return [Card("", (Text(text), Buttons((_take_back(proposal_id),))))]


def _wanted_day(turn: Turn, words: str) -> date | None:
    """The day asked for; None where any will do."""
    when = re.sub(r"^(?:on|for|at)\b|[,.]", " ", words.strip()).strip()
    if not when:
        return None
    try:
        return read_moment(when, turn.local).day
    except MomentFault as fault:
        raise UserError(str(fault)) from None


def propose_focus(turn: Turn, match: re.Match[str]) -> Cards:
    """ "propose a focus: students explain their thinking"."""
    school = _own_school(turn)
    focus = read_words(
        turn,
        match["focus"] or "",
        school,
        ask="Write it like: propose a focus: students explain their thinking.",
    )
    proposal_id = _keep(turn, school, ProposalKind.FOCUS, focus, None)
    take = Button("Take it", act("ask.take", proposal=proposal_id), Emphasis.PRIMARY)
    blocks = (
        Text(f"{turn.person.name} proposes a focus for {school.name}:"),
        Quote(focus, source=turn.person.given_name),
        Buttons((take, _answer(proposal_id))),
    )
    name = _tell_ild(turn, school, proposal_id, Card("", blocks))
    text = (
        f"Your next visit opens with it. {name} gets a note, and may take it as the school's focus or answer."
    )
    return [Card("", (Text(text), Buttons((_take_back(proposal_id),))))]


def _own_school(turn: Turn) -> School:
    schools = people.schools_on(turn.tx, turn.today, principal_id=turn.person.id)
    if not schools:
        raise UserError("That is for principals. Plan a visit yourself: plan Lincoln Thu 8:30.")
    if len(schools) > 1:
        raise UserError("You lead more than one school, so tell your ILD which one: my week shows who it is.")
    if schools[0].ild_id is None:
        raise UserError(f"{schools[0].name} has no ILD in the roster. Ask your administrator to assign one.")
    return schools[0]


def _keep(turn: Turn, school: School, kind: ProposalKind, text: str, day: date | None) -> int:
    for row in proposals.standing(turn.tx, [school.id]):
        if row.kind == kind and row.person_id == turn.person.id:
            proposals.decide(turn.tx, row.id or 0, state="withdrawn", at=turn.now)  # the newer one counts
    proposal_id = proposals.add(
        turn.tx, school_id=school.id, person_id=turn.person.id, kind=kind, text=text, day=day, at=turn.now
    )
    _audit(turn, proposal_id, f"{kind}_asked")
    return proposal_id


def _slots(turn: Turn, school: School, proposal_id: int, wanted: date | None) -> list[Button]:
    """The wanted day's free protected half-days, then the next that keep the school's rhythm."""
    network = network_of(turn, school)
    offers = planning.offers_for(turn.tx, turn.district, network, school, turn.today, count=OFFERED * 4)
    slots = [(offer.slot.day, offer.slot.half, offer.at) for offer in offers]
    first = [slot for slot in slots if slot[0] == wanted]
    if wanted is not None and not first:
        calendar = turn.district.calendar
        first = [
            (wanted, half, VISIT_STARTS[half])
            for half in Half
            if wanted > turn.today
            and calendar.is_visit_day(wanted, half)
            and planning.is_free(network, wanted, half)
        ][:1]
    rest = [slot for slot in slots if slot not in first]
    return [
        Button(
            f"Hold {say_slot(day, at, turn.today)}",
            act("ask.hold", proposal=proposal_id, day=iso(day), half=half, at=minutes_into_day(at)),
        )
        for day, half, at in (*first, *rest)[:OFFERED]
    ]


def _tell_ild(turn: Turn, school: School, proposal_id: int, card: Card) -> str:
    """Unasked, so in the ILD's open time; her given name."""
    assert school.ild_id is not None  # checked by the caller
    ild = people.get_person(turn.tx, school.ild_id, on=turn.today)
    tell_when_open(
        turn.tx,
        turn.district,
        ild,
        card,
        kind="proposal",
        period=str(proposal_id),
        now=turn.now,
        subject=f"ask:{proposal_id}",
    )
    return ild.given_name


def press_withdraw(turn: Turn, action: Action, _values: Values) -> Cards:
    row = proposals.get(turn.tx, action.number("proposal"))
    school = people.school_on(turn.tx, row.school_id, turn.today) if row else None
    _require(turn, school, action)
    if row is None or row.person_id != turn.person.id or not _decide(turn, row, "withdrawn"):
        raise StaleError(DECIDED)
    return [plain("Taken back.")]


# ---------------------------------------------------------------- the ILD's answer


def press_hold(turn: Turn, action: Action, _values: Values) -> Cards:
    """A half-day that was offered."""
    half = half_in(action)
    return _hold(turn, action, day_in(action), half, start_in(action, half))


def press_hold_at(turn: Turn, action: Action, values: Values) -> Cards:
    """A day and time of the ILD's own."""
    try:
        moment = read_moment(f"{values.get('day', '')} {values.get('at', '')}", turn.local)
    except MomentFault as fault:
        raise UserError(str(fault)) from None
    half, start = half_and_start(moment)
    return _hold(turn, action, moment.day, half, start)


def _hold(turn: Turn, action: Action, day: date, half: Half, start: time) -> Cards:
    row, school = _load(turn, action)
    cards = hold(turn, school, day, half, start)  # the principal gets its note from there
    _decide(turn, row, "taken")
    return cards


def press_times(turn: Turn, action: Action, _values: Values) -> Cards:
    """More half-days, or one's own day and time."""
    row, school = _load(turn, action)
    wanted = iso(row.day) if row.day else ""
    number = row.id or 0
    blocks: tuple[Block, ...] = (
        Text(f"When do you visit {school.name}?"),
        Buttons(tuple(_slots(turn, school, number, None))),
        Field("day", "Another day", FieldKind.DATE, value=wanted),
        Field("at", "Time", FieldKind.TIME, value="08:30"),
        Buttons((Button("Hold it", act("ask.hold_at", proposal=number), Emphasis.PRIMARY),)),
    )
    return [Card("", blocks)]


def press_take(turn: Turn, action: Action, _values: Values) -> Cards:
    """The proposed focus is the school's focus from now on."""
    row, school = _load(turn, action)
    _decide(turn, row, "taken")
    people.set_focus(turn.tx, school.id, row.text)
    text = f"{turn.person.given_name} takes your focus: {excerpt(row.text)}. Visits to {school.name} open with it."
    _tell_asker(turn, row, text, "taken")
    return [plain(f"Taken. {school.name} has the focus: {excerpt(row.text)}.")]


def press_answer_form(turn: Turn, action: Action, _values: Values) -> Cards:
    row, _school = _load(turn, action)
    number = row.id or 0
    buttons = (
        Button("Send", act("ask.answer", proposal=number), Emphasis.PRIMARY),
        Button("Send, and leave it at that", act("ask.answer", proposal=number, close=1)),
    )
    about = f" on “{excerpt(row.text)}”" if row.text else ""
    asker = people.get_person(turn.tx, row.person_id, on=turn.today)
    text = f"Your answer to {asker.given_name}{about}. It stays open for the next visit unless you leave it at that."
    return [
        Card("", (Text(text), Field("answer", "Answer", FieldKind.LONG, required=True), Buttons(buttons)))
    ]


def press_answer(turn: Turn, action: Action, values: Values) -> Cards:
    """Words back to the principal; with ``close``, the matter is closed."""
    row, school = _load(turn, action)
    words = read_words(turn, values.get("answer", ""), school, ask="Write your answer, then press Send.")
    if "close" in action.args:
        _decide(turn, row, "declined")
    else:
        _audit(turn, row.id or 0, "answered")
    what = "the visit you asked for" if row.kind == ProposalKind.VISIT else "the focus you proposed"
    _tell_asker(turn, row, f"{turn.person.given_name} on {what}: {words}", f"answer:{turn.key}")
    return [plain("Sent.")]


def still_waits(tx: Tx, subject: str, _now: object) -> str | None:
    """Before the ILD is told: None while it is open."""
    row = proposals.get(tx, int(subject.partition(":")[2]))
    return None if row is not None and row.state == "open" else "it was taken back or answered"


def _tell_asker(turn: Turn, row: ProposalRow, text: str, what: str) -> None:
    """It answers what she asked, so it does not wait."""
    tell_now(
        turn.tx, row.person_id, plain(text), kind="proposal_answer", period=f"{row.id}:{what}", now=turn.now
    )


def _load(turn: Turn, action: Action) -> tuple[ProposalRow, School]:
    """An open proposal, for the school's ILD. Raises ``StaleError`` where it was decided before."""
    row = proposals.get(turn.tx, action.number("proposal"))
    school = people.school_on(turn.tx, row.school_id, turn.today) if row else None
    _require(turn, school, action)
    assert row is not None  # nobody has the right to a proposal of no school
    assert school is not None
    if school.ild_id != turn.person.id:
        raise UserError("That is for the school's ILD to answer. You can take it back, or ask anew.")
    if row.state != "open":
        raise StaleError(DECIDED)
    return row, school


def _require(turn: Turn, school: School | None, action: Action) -> None:
    object = f"proposal:{action.args.get('proposal')}"
    require(turn.person, Right.PLAN_VISIT, Subject(school=school), object=object)


def _decide(turn: Turn, row: ProposalRow, state: str) -> bool:
    decided = proposals.decide(turn.tx, row.id or 0, state=state, at=turn.now)
    if decided:
        _audit(turn, row.id or 0, state)
    return decided


def _audit(turn: Turn, proposal_id: int, what: str) -> None:
    audit_trail.write(turn, f"proposal.{what}", f"proposal:{proposal_id}")


def _answers(proposal_id: int) -> tuple[Button, ...]:
    return (Button("Other times", act("ask.times", proposal=proposal_id)), _answer(proposal_id))


def _answer(proposal_id: int) -> Button:
    return Button("Answer", act("ask.answer_form", proposal=proposal_id))


def _take_back(proposal_id: int) -> Button:
    return Button("Take it back", act("ask.withdraw", proposal=proposal_id))


PRINCIPAL = frozenset({Role.PRINCIPAL})

TOPIC = Topic(
    name="ask",
    commands=(
        Command(
            re.compile(
                r"(?:i(?:'d| would) like to |can i |please )?(?:ask for|request) a visit"
                r"(?:[ ,:]+(?!because|about|to look)(?P<when>.+?))??"
                r"(?:[ ,:]+(?:because|about|to look at) (?P<why>.+?))?[.?]?",
                re.IGNORECASE,
            ),
            ask_for_visit,
            example="ask for a visit Thursday because …",
            what="Ask your ILD for a visit; she gets the times that are free.",
            roles=PRINCIPAL,
        ),
        Command(
            re.compile(
                r"propose (?:a |the |this |as )?focus(?: for (?:the )?next visit)?[ :]*(?P<focus>.*)",
                re.IGNORECASE,
            ),
            propose_focus,
            example="propose a focus: students explain their thinking",
            what="Say what the next visit should be about.",
            roles=PRINCIPAL,
        ),
    ),
    actions={
        "ask.withdraw": press_withdraw,
        "ask.hold": press_hold,
        "ask.hold_at": press_hold_at,
        "ask.times": press_times,
        "ask.take": press_take,
        "ask.answer_form": press_answer_form,
        "ask.answer": press_answer,
    },
    still_true=still_waits,
    in_place=frozenset({"ask.hold_at", "ask.answer"}),
    in_place_alone=frozenset({"ask.withdraw", "ask.hold", "ask.times", "ask.take", "ask.answer_form"}),
)
