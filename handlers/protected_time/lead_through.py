"""Lead through, not around: what an office would ask a principal goes to the ILD, or to a named first responder.

A principal who gets a question from every office has no morning left (Honig and others 2010). So an office writes
"ask principal grace about …" and the answer comes from whoever knows, with a clock in school hours: one reminder when
half of it has gone, and when it runs out the request is shown as unanswered, to the ILD and to the office. An office
sees its own requests and nobody else's.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from handlers import audit_trail
from handlers.cards import Card, Item, Items, Text, plain
from handlers.district import zone_of
from handlers.errors import UserError
from handlers.permissions import Right, require
from handlers.post import tell_when_open
from handlers.protected_time import first_responders, lead_answers
from handlers.protected_time.invitees import find_invitees
from handlers.protected_time.lead_state import STATES, answer_days, request_card, say_due, schools_of
from handlers.turn import Cards, Command, Topic, Turn
from protocols.cadence import answer_clock
from storage import people, record, requests
from storage.people import Person, Role, School
from storage.tables import UnitRequestRow

LONGEST_QUESTION = 1500
MOST_LISTED = 12
MOST_DAYS = 20


@dataclass(frozen=True, slots=True)
class Addressed:
    """Schools that one person answers for, and for which subject if it is a first responder."""

    responder: Person
    ild_id: int
    subject: str
    schools: tuple[School, ...]


def ask_words(turn: Turn, match: re.Match[str]) -> Cards:
    """ "ask principal grace about …", "message to principals of north network: …" """
    require(turn.person, Right.ASK_THROUGH, object="unit_request")
    question = match["question"].strip()
    if len(question) > LONGEST_QUESTION:
        raise UserError(
            f"Ask in under {LONGEST_QUESTION:,} characters. What asks many things is a memo: write memo."
        )
    schools = _find_schools(turn, (match["who"] or "").strip(" ,"))
    office = turn.person.unit or "The administrator"
    addressed = _by_responder(turn, question, office, schools)
    lines = []
    for one in addressed:
        row = _keep(turn, one, question, office)
        tell_when_open(
            turn.tx,
            turn.district,
            one.responder,
            request_card(turn, row, reader=one.responder),
            kind="unit-request",
            period=f"{row.id}",
            now=turn.now,
            subject=f"lead:{row.id}",
        )
        names = _name_schools(one.schools)
        lines.append(f"{one.responder.name}, for {names}, answers by {say_due(turn, row, turn.zone)}.")
    opening = "Principals are asked through their ILD, so that their mornings stay with their schools."
    return [
        Card(
            "",
            (
                Text(opening),
                *(Text(line) for line in lines),
                Text("Write “my requests” to see how it stands.", quiet=True),
            ),
        )
    ]


def _find_schools(turn: Turn, who: str) -> list[School]:
    every = people.schools_on(turn.tx, turn.today)
    if who:
        named = first_responders.people_named(turn.tx, turn, who, roles=(Role.PRINCIPAL,))
        led = [school for school in every if school.principal_id in {person.id for person in named}]
        if len(named) == 1 and led:
            return led
        if len(named) > 1:
            names = ", ".join(sorted(person.name for person in named))
            raise UserError(f"Which principal: {names}? Write the whole name.")
    ids = find_invitees(turn, who).school_ids
    if not ids:
        raise UserError(
            "Write whose principal: ask principal Grace about …, or message to principals of a network: …"
        )
    return [school for school in every if school.id in ids]


def _by_responder(turn: Turn, question: str, office: str, schools: Sequence[School]) -> list[Addressed]:
    """The schools by who answers for them. Raises ``UserError`` where a school has nobody."""
    grouped: dict[tuple[int, int, str], list[School]] = {}
    for school in schools:
        if school.ild_id is None:
            raise UserError(f"{school.name} has no ILD in the roster. Ask your administrator to assign one.")
        first = first_responders.responder_for(turn, question, office, school)
        if first is not None and first[0].id != turn.person.id:
            grouped.setdefault((first[0].id, school.ild_id, first[1]), []).append(school)
        else:
            grouped.setdefault((school.ild_id, school.ild_id, ""), []).append(school)
    known = people.get_people(turn.tx, {key[0] for key in grouped}, on=turn.today)
    return [
        Addressed(known[responder], ild_id, subject, tuple(some))
        for (responder, ild_id, subject), some in grouped.items()
    ]


def _keep(turn: Turn, one: Addressed, question: str, office: str) -> UnitRequestRow:
    days, zone = answer_days(turn.tx), zone_of(one.responder, turn.district)
    known = turn.district.calendar
    row = UnitRequestRow(
        asker_id=turn.person.id,
        office=office,
        school_ids=[school.id for school in one.schools],
        ild_id=one.ild_id,
        responder_id=one.responder.id,
        subject=one.subject,
        question=question,
        remind_at=answer_clock.reminder(turn.now, days, known, zone),
        due_at=answer_clock.due(turn.now, days, known, zone),
        created_at=turn.now,
    )
    request_id = requests.add(turn.tx, row)
    audit_trail.write(
        turn,
        "unit_request.asked",
        f"unit_request:{request_id}",
        schools=len(one.schools),
        responder=one.responder.id,
    )
    return row


def _name_schools(schools: Sequence[School]) -> str:
    return schools[0].name if len(schools) == 1 else f"{len(schools)} schools"


def my_requests(turn: Turn, _match: re.Match[str]) -> Cards:
    """An office's own requests, each with how it stands."""
    require(turn.person, Right.ASK_THROUGH, object="unit_request")
    rows = requests.asked_by(turn.tx, turn.person.id, limit=MOST_LISTED)
    if not rows:
        return [plain("You have asked nothing yet. Write: ask principal Grace about …")]
    known = people.get_people(turn.tx, {row.responder_id for row in rows}, on=turn.today)
    return [Card("What you asked", (Items(tuple(_item(turn, row, known) for row in rows)),))]


def _item(turn: Turn, row: UnitRequestRow, known: dict[int, Person]) -> Item:
    who = known[row.responder_id].name
    if row.state in requests.OPEN:
        late = row.due_at <= turn.now
        stands = (
            f"unanswered since {say_due(turn, row, turn.zone)}"
            if late
            else f"due {say_due(turn, row, turn.zone)}"
        )
        stands = f"{STATES[row.state]}, {stands}"
    else:
        stands = STATES[row.state]
    answer = f" “{row.answer}”" if row.answer else ""
    names = _name_schools(schools_of(turn, row)) if schools_of(turn, row) else "no school any more"
    return Item(f"{names}. {who}: {stands}.{answer}", lead=row.question)


def set_days(turn: Turn, match: re.Match[str]) -> Cards:
    """ "answer clock: 3 school days" """
    require(turn.person, Right.MANAGE_CALENDAR, object="answer_clock")
    days = int(match["days"])
    if not 1 <= days <= MOST_DAYS:
        raise UserError(f"Choose 1 to {MOST_DAYS} school days.")
    record.put_setting(turn.tx, "answer_clock", {"days": days})
    audit_trail.write(turn, "answer_clock.set", "answer_clock", days=days)
    return [
        plain(
            f"Whoever is asked by an office has {days} school {'day' if days == 1 else 'days'} from now on."
        )
    ]


ASKERS = frozenset({Role.UNIT, Role.ADMINISTRATOR})
ANSWERERS = frozenset({Role.ILD, Role.EXECUTIVE, Role.UNIT, Role.ADMINISTRATOR})
NAMERS = frozenset({Role.ILD, Role.ADMINISTRATOR})

TOPIC = Topic(
    name="lead",
    commands=(
        Command(
            re.compile(
                r"(?:ask|tell) (?:the )?principals?(?: (?:of|at|from))?(?P<who>(?: (?!about\b).+?)?)"
                r"(?: about |: ?)(?P<question>.+)",
                re.IGNORECASE,
            ),
            ask_words,
            example="ask principal Grace about the boiler",
            what="Ask a principal; her ILD or a first responder answers, with a clock.",
            roles=ASKERS,
        ),
        Command(
            re.compile(
                r"(?:send )?(?:a )?message (?:to|for) (?:the |all )?principals?(?: (?:of|at|from))?"
                r"(?P<who>(?: (?!about\b).+?)?)(?: about |: ?)(?P<question>.+)",
                re.IGNORECASE,
            ),
            ask_words,
            example="",
            what="",
            roles=ASKERS,
        ),
        Command(
            re.compile(r"(?:show )?my requests|what did i ask", re.IGNORECASE),
            my_requests,
            example="my requests",
            what="What you asked of schools, and how each stands.",
            roles=ASKERS,
        ),
        Command(
            re.compile(r"(?:show |open |unanswered )?requests", re.IGNORECASE),
            lead_answers.show,
            example="requests",
            what="What offices asked about your schools and wait for.",
            roles=ANSWERERS,
        ),
        Command(
            re.compile(r"(?:show )?first responders", re.IGNORECASE),
            first_responders.show,
            example="",
            what="",
        ),
        Command(
            re.compile(r"first responder (?:for|on) (?P<subject>.+?)(?: is|:) (?P<who>.+)", re.IGNORECASE),
            first_responders.name_words,
            example="first responder for facilities is name@district.org",
            what="Name who answers offices first about a subject.",
            roles=NAMERS,
        ),
        Command(
            re.compile(r"no first responder (?:for|on) (?P<subject>.+)", re.IGNORECASE),
            first_responders.end_words,
            example="no first responder for facilities",
            what="Let the ILD answer about it again.",
            roles=NAMERS,
        ),
        Command(
            re.compile(r"answer clock:? (?P<days>\d{1,3}) (?:school )?days?", re.IGNORECASE),
            set_days,
            example="answer clock: 2 school days",
            what="How long whoever is asked by an office has.",
            roles=frozenset({Role.ADMINISTRATOR}),
        ),
    ),
    actions=lead_answers.ACTIONS,
    answer=lead_answers.awaited,
    still_true=lead_answers.still_true,
    in_place=frozenset({"lead.never_mind", "lead.give"}),
    in_place_alone=frozenset({"lead.answer", "lead.decline", "lead.asking"}),
)
