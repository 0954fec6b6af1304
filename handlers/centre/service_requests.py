"""Bridge: a principal asks a unit for something, and it has a number, an owner and a clock until it is mended.

"ask facilities: the gym roof leaks" goes to whoever of the unit knows the school; they promise a day, name a
colleague, hand it on, ask back, do it or decline it with a reason. What nobody answers is brought to the unit's head
and the school's ILD. The school's ILD reads along; executives see how units answer in numbers, never a word of it.
"""

import re
from collections.abc import Sequence

from handlers import audit_trail
from handlers.actions import Action, act
from handlers.cards import (
    Block,
    Button,
    Buttons,
    Card,
    Emphasis,
    Field,
    FieldKind,
    Option,
    Text,
    plain,
)
from handlers.centre.request_cards import find, list_items, request_card
from handlers.centre.request_news import DAYS_SETTING, answer_days, due_words, still_true, tell_unit
from handlers.centre.request_steps import LONGEST, press_form, press_put
from handlers.errors import UserError
from handlers.free_words import read_words
from handlers.permissions import Right, Subject, may, require
from handlers.protected_time.first_responders import people_named
from handlers.turn import Cards, Command, Topic, Turn, Values
from handlers.units import match_units, people_of, units_of
from protocols.centre.service_requests import MOST_DAYS, OPEN, Side, State
from protocols.guided.steps import join_names
from storage import people, record, service_requests
from storage.people import Person, Role, School
from storage.tables import ServiceRequestRow

MOST_LISTED = 30
MOST_WORDS = 4
"""A unit's name has no more; longer words before a colon are a sentence."""
_NOT_A_UNIT = re.compile(r"(?:my |the |our )?(?:ild|principals?|you|me|us)\b.*", re.IGNORECASE)


def _own_schools(turn: Turn) -> list[School]:
    return [
        school
        for school in people.schools_on(turn.tx, turn.today, principal_id=turn.person.id)
        if may(turn.person, Right.ASK_UNIT, Subject(school=school))
    ]


def ask_words(turn: Turn, match: re.Match[str]) -> Cards | None:
    """ "ask facilities: the gym roof leaks" """
    named, what = match["unit"].strip(), match["what"].strip()
    known = units_of(turn)
    found = match_units(named, known)
    has_colon = match.re is _COLON
    if not found and (not has_colon or len(named.split()) > MOST_WORDS):
        return None  # a question, or something else that is asked
    if _NOT_A_UNIT.fullmatch(named) or (len(found) != 1 and not has_colon):
        return None
    schools = _own_schools(turn)
    if not schools:
        require(turn.person, Right.ASK_UNIT, Subject(), object="service_request")
    if len(found) != 1 or len(schools) != 1:
        fault = (
            f"I know no unit called “{named}”. Choose the one you mean."
            if not found
            else f"Which one: {' or '.join(found)}?"
            if len(found) > 1
            else "Which school is it about?"
        )
        return [_form(turn, schools, known, unit=found[0] if len(found) == 1 else "", what=what, say=fault)]
    return [_keep(turn, found[0], schools[0], what)]


def form_words(turn: Turn, _match: re.Match[str]) -> Cards:
    return [_form(turn, _required_schools(turn), units_of(turn))]


def press_new(turn: Turn, _action: Action, _values: Values) -> Cards:
    return [_form(turn, _required_schools(turn), units_of(turn))]


def _required_schools(turn: Turn) -> list[School]:
    schools = _own_schools(turn)
    if not schools:
        require(turn.person, Right.ASK_UNIT, Subject(), object="service_request")
    return schools


def _form(
    turn: Turn, schools: list[School], units: list[str], *, unit: str = "", what: str = "", say: str = ""
) -> Card:
    if not units:
        raise UserError("There are no units in the roster yet, so nobody would get it. Tell your ILD.")
    blocks: list[Block] = [Text(say, is_fault=True)] if say else []
    blocks.append(
        Field(
            "unit",
            "Which unit",
            FieldKind.CHOICE,
            value=unit,
            options=tuple(Option(one, one) for one in units),
            required=True,
        )
    )
    if len(schools) > 1:
        options = tuple(Option(str(school.id), school.name) for school in schools)
        blocks.append(Field("school", "School", FieldKind.CHOICE, options=options, required=True))
    blocks += [
        Field(
            "what",
            "What you need",
            FieldKind.LONG,
            value=what,
            hint="What, where, since when. No student's name.",
            required=True,
        ),
        Buttons((Button("Send it", act("service.ask"), Emphasis.PRIMARY),)),
        Text(f"The unit has {due_words(turn)} to answer. Your ILD can read it.", quiet=True),
    ]
    return Card("A request to a unit", tuple(blocks))


def press_ask(turn: Turn, _action: Action, values: Values) -> Cards:
    """The form, filled in."""
    schools, units = _required_schools(turn), units_of(turn)
    unit = values.get("unit", "")
    if unit not in units:
        raise UserError("Choose the unit that it is for.", field="unit")
    chosen = [one for one in schools if str(one.id) == values.get("school")] if len(schools) > 1 else schools
    if not chosen:
        raise UserError("Choose the school that it is about.", field="school")
    return [_keep(turn, unit, chosen[0], values.get("what", ""))]


def _keep(turn: Turn, unit: str, school: School, what: str) -> Card:
    require(turn.person, Right.ASK_UNIT, Subject(school=school), object=f"school:{school.id}")
    words = read_words(
        turn,
        what,
        school,
        ask="Say what you need: ask facilities: the gym roof leaks.",
        longest=LONGEST,
        field="what",
        may_name_adults=True,
    )
    row = ServiceRequestRow(
        school_id=school.id,
        asker_id=turn.person.id,
        unit=unit,
        what=words,
        asked_at=turn.now,
        arrived_at=turn.now,
        clock_from=turn.now,
        changed_at=turn.now,
    )
    number = service_requests.add(turn.tx, row)
    audit_trail.write(turn, "service_request.asked", f"service_request:{number}", school=school.id)
    told = tell_unit(turn, row, f"{turn.person.name} asks your unit for something.")
    who = (
        f"{told[0].name} is told and has"
        if len(told) == 1
        else f"{len(told)} people of {unit} are told and have"
    )
    return request_card(turn, row, opening=f"It is request {number}. {who} {due_words(turn)} to answer.")


# ---------------------------------------------------------------- lists


def show(turn: Turn, _match: re.Match[str] | None = None) -> Cards:
    """Every list that is this person's: the unit's, the own school's, the network's."""
    require(turn.person, Right.SEE_SERVICE_REQUEST, object="service_requests")
    cards = [card for card in (_unit_list(turn), _school_list(turn), _network_list(turn)) if card is not None]
    return cards or [plain("No service request is open.")]


def press_list(turn: Turn, _action: Action, _values: Values) -> Cards:
    return show(turn)


def _unit_list(turn: Turn) -> Card | None:
    if Role.UNIT not in turn.person.roles or not turn.person.unit:
        return None
    rows = service_requests.of_unit(turn.tx, turn.person.unit, states=OPEN, limit=MOST_LISTED)
    if not rows:
        return plain(f"No school waits for {turn.person.unit}.")
    waiting = sum(row.state == State.NEW for row in rows)
    title = f"{turn.person.unit}: {_count(len(rows), 'request')} open, {waiting} not answered"
    return _list(turn, title, rows, Side.UNIT)


def _school_list(turn: Turn) -> Card | None:
    schools = people.schools_on(turn.tx, turn.today, principal_id=turn.person.id)
    if not schools:
        return None
    ids = [school.id for school in schools]
    rows = service_requests.of_schools(turn.tx, ids, states={*OPEN, State.DONE}, limit=MOST_LISTED)
    new = Buttons((Button("Ask a unit", act("service.new")),))
    if not rows:
        text = "You have no open request to a unit. Write: ask facilities: the gym roof leaks."
        return Card("", (Text(text), new))
    card = _list(turn, f"{_count(len(rows), 'request')} to units", rows, Side.SCHOOL)
    return Card(card.title, (*card.blocks, new))


def _network_list(turn: Turn) -> Card | None:
    ids = [school.id for school in people.schools_on(turn.tx, turn.today, ild_id=turn.person.id)]
    if not ids:
        return None
    rows = service_requests.of_schools(turn.tx, ids, states=OPEN, limit=MOST_LISTED)
    if not rows:
        return plain("No school of yours waits for a unit.")
    waiting = sum(row.state == State.NEW for row in rows)
    title = f"Your schools: {_count(len(rows), 'request')} open, {waiting} not answered"
    return _list(turn, title, rows, None)


def _list(turn: Turn, title: str, rows: Sequence[ServiceRequestRow], side: Side | None) -> Card:
    blocks: list[Block] = [list_items(turn, rows, side)]
    if len(rows) == MOST_LISTED:
        blocks.append(
            Text(f"The {MOST_LISTED} that have waited longest. A number finds any: request 12.", quiet=True)
        )
    return Card(title, tuple(blocks))


def show_one(turn: Turn, match: re.Match[str]) -> Cards:
    return [request_card(turn, find(turn, int(match["number"])))]


def press_open(turn: Turn, action: Action, _values: Values) -> Cards:
    return [request_card(turn, find(turn, action.number("id")))]


# ---------------------------------------------------------------- the administrator


def set_days(turn: Turn, match: re.Match[str]) -> Cards:
    """ "service clock: 3 school days" """
    require(turn.person, Right.SET_SERVICE_CLOCK, object="service_clock")
    days = int(match["days"])
    if not 1 <= days <= MOST_DAYS:
        raise UserError(f"Choose 1 to {MOST_DAYS} school days.")
    record.put_setting(turn.tx, DAYS_SETTING, {"days": days})
    audit_trail.write(turn, "service_clock.set", "service_clock", days=days)
    return [
        plain(
            f"A request that no unit has answered after {answer_days(turn.tx)} school "
            f"{'day' if days == 1 else 'days'} is brought to the unit's head and the ILD from now on."
        )
    ]


def name_head(turn: Turn, match: re.Match[str]) -> Cards:
    """ "head of facilities is name@district.org" """
    require(turn.person, Right.SET_SERVICE_CLOCK, object="unit_heads")
    found = match_units(match["unit"], units_of(turn))
    if len(found) != 1:
        raise UserError(f"Which unit? There are {join_names(units_of(turn)) or 'none in the roster yet'}.")
    person = _of_unit(turn, found[0], match["who"].strip().rstrip("."))
    service_requests.put_head(turn.tx, found[0], person.id)
    audit_trail.write(turn, "unit_head.named", f"person:{person.id}")
    return [plain(f"{person.name} heads {found[0]}: what nobody there answers in time is brought to them.")]


def _of_unit(turn: Turn, unit: str, words: str) -> Person:
    staff = {person.id: person for person in people_of(turn, unit)}
    by_address = people.find_by_email(turn.tx, words, on=turn.today)
    named = [by_address] if by_address else people_named(turn.tx, turn, words, roles=(Role.UNIT,))
    fitting = [person for person in named if person.id in staff]
    if len(fitting) != 1:
        raise UserError(f"I know nobody of {unit} called {words}. Write the e-mail address of one of them.")
    return fitting[0]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


_COLON = re.compile(
    r"(?:please )?(?:ask|tell) (?:the )?(?P<unit>[^:\n]{2,50}?)(?: unit| office| department| team)?: *(?P<what>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_SPOKEN = re.compile(
    r"(?:please )?(?:ask|tell) (?:the )?(?P<unit>[^:\n]{2,50}?)(?: unit| office| department| team)? "
    r"(?P<what>(?:to|that|about|for|whether|if|why|when) \S.*)",
    re.IGNORECASE | re.DOTALL,
)
_PRINCIPAL = frozenset({Role.PRINCIPAL})
_ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
_READERS = frozenset({Role.PRINCIPAL, Role.ILD, Role.UNIT})

TOPIC = Topic(
    name="service",
    commands=(
        Command(
            _COLON,
            ask_words,
            example="ask facilities: the gym roof leaks",
            what="Ask a unit for something. It has a number, an owner and a clock until it is mended.",
            roles=_PRINCIPAL,
            is_verbatim=True,
        ),
        Command(_SPOKEN, ask_words, example="", what="", roles=_PRINCIPAL, is_verbatim=True),
        Command(
            re.compile(r"(?:a |new |the )?(?:service request|request to a unit|ask a unit)", re.IGNORECASE),
            form_words,
            example="service request",
            what="The same, as a form.",
            roles=_PRINCIPAL,
        ),
        Command(
            re.compile(r"(?:show |my |open |our |all )*service requests", re.IGNORECASE),
            show,
            example="service requests",
            what="What schools asked of units and is open: your own, your unit's, your schools'.",
            roles=_READERS,
        ),
        Command(
            re.compile(r"(?:show )?my requests|(?:show |open )?requests", re.IGNORECASE),
            show,
            example="",
            what="",
            roles=_PRINCIPAL,
        ),
        Command(
            re.compile(r"(?:show )?(?:service )?request (?:no\.? ?)?#?(?P<number>\d{1,9})", re.IGNORECASE),
            show_one,
            example="request 12",
            what="One of them: where it stands, and what was said.",
            roles=_READERS,
        ),
        Command(
            re.compile(r"service clock:? (?P<days>\d{1,3}) (?:school )?days?", re.IGNORECASE),
            set_days,
            example="service clock: 3 school days",
            what="After how long a service request that nobody answered is brought up.",
            roles=_ADMINISTRATOR,
        ),
        Command(
            re.compile(r"head of (?:the )?(?P<unit>.+?)(?: is|:) (?P<who>.+)", re.IGNORECASE),
            name_head,
            example="head of facilities is name@district.org",
            what="Name who heads a unit: what nobody there answers is brought to them.",
            roles=_ADMINISTRATOR,
        ),
    ),
    actions={
        "service.new": press_new,
        "service.ask": press_ask,
        "service.list": press_list,
        "service.open": press_open,
        "service.form": press_form,
        "service.put": press_put,
    },
    still_true=still_true,
    in_place=frozenset({"service.ask", "service.form", "service.put"}),
    in_place_alone=frozenset({"service.open"}),
)
