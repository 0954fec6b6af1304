"""The pulse: principals say, without names, how they find the support of their ILD and of the units.

    start pulse     an executive or the administrator sees what would be asked, of whom and until when, and starts it
    the invitation  each principal gets one message, with a button for their ILD and for each unit
    an answer       a form of a few statements and one line; no time and no name is kept with it, and no audit row
    a receipt       the one thing that knows whose an answer is: it takes it back until the pulse closes

What was filled in stands in no message either: not in the thanks, and not in a refusal (``Field.is_kept``). The receipt
is taken out of its message once that has arrived (``handlers/centre/pulse_clock.py``).
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
    Item,
    Items,
    Option,
    Text,
    plain,
)
from handlers.centre import pulse_results
from handlers.centre.pulse_invitations import PROMISE, begin_inviting, invitation, principals
from handlers.centre.pulse_parts import Part, ild_sizes, parts_of, pressed_part
from handlers.errors import UserError
from handlers.free_words import LONGEST
from handlers.permissions import Right, Subject, require
from handlers.post import tell_now
from handlers.turn import Cards, Command, Topic, Turn, Values
from handlers.units import units_of
from protocols.cadence.moments import say_day
from protocols.centre.pulse import ABOUT_ILD, ABOUT_UNIT, FEWEST, SOURCE, STEPS, AnswerFault, read_marks
from protocols.guided.names import find_named
from storage import people, pulse
from storage.database import Tx
from storage.people import Role
from storage.tables import PulseRow

DAYS = (3, 5, 10)
"""School days for which a pulse may be open."""
USUAL_DAYS = 5
LINE = "line"
_STARTERS = frozenset({Role.EXECUTIVE, Role.ADMINISTRATOR})


# ---------------------------------------------------------------- starting one


def _preview(turn: Turn, _match: re.Match[str]) -> Cards:
    require(turn.person, Right.START_PULSE, object="pulse")
    _check_none_runs(turn)
    asked = principals(turn.tx, turn.today)
    units = units_of(turn)
    small = [size for size in ild_sizes(turn.tx, turn.today).values() if size < FEWEST]
    blocks: list[Block] = [
        Text(f"{len(asked)} principals, about their ILD and {_count(units)}. {PROMISE}"),
        _listed("About their ILD", [one.text for one in ABOUT_ILD]),
        _listed("About each office", [one.text for one in ABOUT_UNIT]),
        Text(f"Each from 1, {STEPS[0]}, to 5, {STEPS[-1]}, and one line of their own if they like."),
    ]
    if small:
        whose = "1 ILD accompanies" if len(small) == 1 else f"{len(small)} ILDs accompany"
        blocks.append(
            Text(f"{whose} fewer than {FEWEST} principals, so answers about them count in the whole only.")
        )
    options = tuple(Option(str(days), f"{days} school days") for days in DAYS)
    blocks += [
        Text(SOURCE, quiet=True),
        Field("days", "Open for", FieldKind.CHOICE, value=str(USUAL_DAYS), options=options, required=True),
        Buttons(
            (
                Button("Start the pulse", act("pulse.start"), Emphasis.PRIMARY),
                Button("Not now", act("pulse.not_now")),
            )
        ),
    ]
    return [Card("A pulse for principals", tuple(blocks))]


def _start(turn: Turn, _action: Action, values: Values) -> Cards:
    require(turn.person, Right.START_PULSE, object="pulse")
    _check_none_runs(turn)
    days = values.get("days", "")
    if days not in {str(one) for one in DAYS}:
        raise UserError("Choose for how long the pulse is open, then start it.", field="days")
    closes_on = turn.district.calendar.add_school_days(turn.today, int(days))
    if closes_on is None:
        raise UserError(
            "The school calendar ends before that. Choose fewer days, or have the calendar extended."
        )
    asked = principals(turn.tx, turn.today)
    if not asked:
        raise UserError("There is no principal in the roster to ask. Take in the roster first.")
    row = PulseRow(
        opened_on=turn.today,
        closes_on=closes_on,
        started_by=turn.person.id,
        units=units_of(turn),
        asked=len(asked),
    )
    pulse_id = pulse.start(turn.tx, row)
    audit_trail.write(turn, "pulse.started", f"pulse:{pulse_id}", asked=len(asked))
    begin_inviting(turn.tx, turn.district, row, now=turn.now)
    until = say_day(closes_on, turn.today)
    return [
        plain(
            f"Started. {len(asked)} principals get one message each in their working hours, and can answer through "
            f"{until}. “pulse” says how many have; the result is there the day after."
        )
    ]


def _not_now(_turn: Turn, _action: Action, _values: Values) -> Cards:
    return [plain("Nothing was started. “start pulse” shows it again.")]


def _check_none_runs(turn: Turn) -> None:
    if (row := pulse.running(turn.tx)) is not None:
        raise UserError(
            f"A pulse is open through {say_day(row.closes_on, turn.today)}. Wait for its result, then start the next."
        )


def still_open(tx: Tx, subject: str, _now: object) -> str | None:
    """Before it is sent: None while the pulse is open."""
    row = pulse.get(tx, int(subject.partition(":")[2]))
    return None if row is not None and not row.is_closed else "the pulse is closed"


# ---------------------------------------------------------------- answering


def _mine(turn: Turn, action: Action) -> tuple[PulseRow, list[Part]]:
    """The open pulse of a button, and what this person is asked in it."""
    row = pulse.get(turn.tx, action.number("id"))
    parts = parts_of(turn.tx, row, turn.person.id) if row is not None else []
    owners = frozenset({turn.person.id} if parts else ())
    require(turn.person, Right.ANSWER_PULSE, Subject(owner_ids=owners), object=f"pulse:{action.number('id')}")
    if row is None or row.is_closed or turn.today > row.closes_on:
        raise UserError("This pulse is closed. Write “pulse” to see what came of it.")
    return row, parts


def _form(turn: Turn, action: Action, _values: Values) -> Cards:
    row, parts = _mine(turn, action)
    part = pressed_part(parts, action)
    if part.about in pulse.answered_about(turn.tx, row.id or 0, turn.person.id):
        raise UserError(f"You have answered about {part.name}. The receipt you got then takes it back.")
    steps = tuple(Option(str(at), f"{at}, {step}") for at, step in enumerate(STEPS, 1))
    fields = [
        Field(one.key, one.text, FieldKind.CHOICE, options=steps, required=True, is_kept=False)
        for one in part.statements
    ]
    line = Field(
        LINE,
        "One thing that would help",
        hint="If you like; without names, up to 400 characters",
        is_kept=False,
    )
    send = Button("Send", act("pulse.send", id=row.id or 0, part=part.key), Emphasis.PRIMARY)
    blocks: list[Block] = [Text(PROMISE, quiet=True), *fields, line, Buttons((send,))]
    if part.is_ild and ild_sizes(turn.tx, row.opened_on).get(int(part.key[1:]), 0) < FEWEST:
        few = f"{part.name} accompanies fewer than {FEWEST} principals, so this counts in the whole district only."
        blocks.insert(1, Text(few, quiet=True))
    return [Card(part.name, tuple(blocks))]


def _send(turn: Turn, action: Action, values: Values) -> Cards:
    """Take an answer. Nothing about it goes into the audit log, which has a person and a time in every row."""
    row, parts = _mine(turn, action)
    part = pressed_part(parts, action)
    try:
        marks = read_marks(part.statements, values)
    except AnswerFault as fault:
        raise UserError(str(fault), field=fault.statement) from None
    line = _nameless(turn, row, " ".join(values.get(LINE, "").split()))
    receipt = pulse.answer(
        turn.tx, row.id or 0, turn.person.id, part.about, network=part.network, marks=marks, line=line
    )
    if receipt is None:
        raise UserError(f"You have answered about {part.name}. The receipt you got then takes it back.")
    _give_receipt(turn, row, part, receipt)
    answered = pulse.answered_about(turn.tx, row.id or 0, turn.person.id)
    return [invitation(row, parts, answered)]


def _nameless(turn: Turn, row: PulseRow, line: str) -> str:
    """The line. Raises ``UserError`` where it names somebody or the writer's school: that would say who wrote it."""
    if len(line) > LONGEST:
        raise UserError(
            f"That is {len(line)} characters, and {LONGEST} is as much as fits. Say it shorter.", field=LINE
        )
    schools = people.schools_on(turn.tx, row.opened_on, principal_id=turn.person.id)
    ids = {turn.person.id, *(school.ild_id for school in schools if school.ild_id)}
    names = {school.name for school in schools}
    for person in people.get_people(turn.tx, ids, on=turn.today).values():
        names |= {person.given_name, person.family_name}
    told = line.casefold()
    is_known = any(re.search(rf"\b{re.escape(name.casefold())}\b", told) for name in names if len(name) > 1)
    if is_known or find_named(line):
        raise UserError(
            "That seems to name somebody, or your school, so I have not taken it. Say it without the name.",
            field=LINE,
        )
    return line


def _give_receipt(turn: Turn, row: PulseRow, part: Part, receipt: str) -> None:
    back = act("pulse.take_back", id=row.id or 0, part=part.key, receipt=receipt)
    until = say_day(row.closes_on, turn.today)
    text = (
        f"Your answer about {part.name} is in. This message alone knows which it is: until it closes, through {until}, "
        "you can take it out here and answer anew."
    )
    card = Card("Your receipt", (Text(text), Buttons((Button("Take it out", back),))))
    tell_now(
        turn.tx,
        turn.person.id,
        card,
        kind="pulse_receipt",
        period=turn.key,
        now=turn.now,
        subject=f"{TOPIC.name}:{row.id}",
    )


def _take_back(turn: Turn, action: Action, _values: Values) -> Cards:
    row, parts = _mine(turn, action)
    part = pressed_part(parts, action)
    receipt = action.args.get("receipt", "")
    if not pulse.take_back(turn.tx, row.id or 0, turn.person.id, part.about, receipt=receipt):
        raise UserError("That answer was taken out before. Write “pulse” to answer anew.")
    anew = Button("Answer anew", act("pulse.form", id=row.id or 0, part=part.key), Emphasis.PRIMARY)
    text = f"Taken out. Nothing of yours is counted about {part.name} until you answer anew."
    return [Card("", (Text(text), Buttons((anew,))))]


# ---------------------------------------------------------------- looking


def _look(turn: Turn, _match: re.Match[str]) -> Cards:
    """The open pulse, for those who are asked or started it; then what came of the last one."""
    row = pulse.running(turn.tx)
    if row is None or turn.today > row.closes_on:
        return pulse_results.overview(turn)
    parts = parts_of(turn.tx, row, turn.person.id) if Role.PRINCIPAL in turn.person.roles else []
    if parts:
        answered = pulse.answered_about(turn.tx, row.id or 0, turn.person.id)
        return [invitation(row, parts, answered, opening=not answered)]
    count = pulse.count_answered(turn.tx, row.id or 0)
    until = say_day(row.closes_on, turn.today)
    text = f"A pulse is open through {until}: {count} of {row.asked} principals have answered. The result comes after."
    return [plain(text), *(pulse_results.overview(turn) if pulse.closed(turn.tx) else [])]


def _count(units: Sequence[str]) -> str:
    return "1 office" if len(units) == 1 else f"{len(units)} offices"


def _listed(title: str, texts: Sequence[str]) -> Items:
    return Items(tuple(Item(text) for text in texts), title=title)


TOPIC = Topic(
    name="pulse",
    commands=(
        Command(
            re.compile(r"(?:start|begin|new) (?:a |the )?(?:new )?pulse", re.IGNORECASE),
            _preview,
            example="start pulse",
            what="Ask principals, without names, how they find their ILD's and the offices' support.",
            roles=_STARTERS,
        ),
        Command(
            re.compile(r"(?:show )?(?:the |last )?pulse(?: results?)?", re.IGNORECASE),
            _look,
            example="pulse",
            what="The pulse that is open, or what came of the last one and what was done about it.",
        ),
        *pulse_results.COMMANDS,
    ),
    actions={
        "pulse.start": _start,
        "pulse.not_now": _not_now,
        "pulse.form": _form,
        "pulse.send": _send,
        "pulse.take_back": _take_back,
        **pulse_results.ACTIONS,
    },
    still_true=still_open,
    in_place=frozenset(
        {"pulse.start", "pulse.not_now", "pulse.send", "pulse.take_back", *pulse_results.IN_PLACE}
    ),
)
