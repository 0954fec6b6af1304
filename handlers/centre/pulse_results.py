"""What came of a pulse: offices' results for everybody alike, an ILD's for herself and executives, and what was done.

Which groups may be shown is the rule's to say (``protocols/centre/pulse.py``), on the same answers for every reader, so
that two readers who compare notes learn no more than either.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from handlers import audit_trail
from handlers.actions import Action, act
from handlers.audit_trail import Shown
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
    Quote,
    Text,
    plain,
)
from handlers.centre.pulse_parts import ILD, about_ild, about_unit, ild_of
from handlers.centre.pulse_picture import say_groups, say_statements, scale_chart
from handlers.errors import UserError
from handlers.free_words import read_words
from handlers.permissions import Right, Subject, may, require
from handlers.turn import Cards, Command, Turn, Values
from protocols.cadence.moments import say_day
from protocols.centre.pulse import ABOUT_ILD, ABOUT_UNIT, FEWEST, Ballot, Reading, Tally, open_lines, read
from storage import people, pulse
from storage.database import Tx
from storage.people import Role
from storage.tables import PulseDoneRow, PulseRow

TOGETHER = "ilds"
"""The key of all ILDs together."""
FEWEST_ILDS = 3
"""From so many ILDs of enough answers up their whole is open to everybody: of two, either could take off her own."""
FEW = "fewer than five answers"


@dataclass(frozen=True, slots=True)
class Result:
    """What a pulse says about one unit, one ILD or all of them. ``tally`` is None where it may not be shown, as ``why``
    says."""

    key: str
    about: str
    name: str
    tally: Tally | None
    why: str = ""
    reading: Reading | None = None


# ---------------------------------------------------------------- reading


def _results(turn: Turn, row: PulseRow) -> list[Result]:
    """What this person may see of a closed pulse, small groups included, which say only that they are."""
    answers = pulse.ballots(turn.tx, row.id or 0)
    found = []
    for at, unit in enumerate(row.units):
        about = about_unit(unit)
        reading = read(Ballot(network, marks) for one, network, marks in answers if one == about)
        why = "" if reading.whole else FEW
        found.append(Result(f"u{at}", about, unit, reading.whole, why, reading))
    return [*found, *_ild_results(turn, answers)]


def _ild_results(turn: Turn, answers: list[tuple[str, str, tuple[int, ...]]]) -> list[Result]:
    reading = read(Ballot(about, marks) for about, _network, marks in answers if about.startswith(ILD))
    ilds = {*reading.groups, *reading.few, *reading.withheld}
    known = people.get_people(turn.tx, {ild_of(about) for about in ilds}, on=turn.today)
    mine = {about_ild(i) for i, one in known.items() if _may_see_ild(turn, one.id)}
    if Role.ILD in turn.person.roles:
        mine.add(about_ild(turn.person.id))
    names = {
        about: known[ild_of(about)].name if ild_of(about) in known else turn.person.name for about in mine
    }
    found = [
        Result(
            f"i{ild_of(about)}",
            about,
            names[about],
            reading.groups.get(about),
            "" if about in reading.groups else _why_not(reading, about),
        )
        for about in sorted(mine, key=lambda about: names[about])
    ]
    large = len(reading.groups) + len(reading.withheld)
    if ilds and (large >= FEWEST_ILDS or Role.EXECUTIVE in turn.person.roles):
        whole = Result(TOGETHER, TOGETHER, "ILDs together", reading.whole, "" if reading.whole else FEW)
        found.insert(0, whole)
    return found


def _may_see_ild(turn: Turn, ild_id: int) -> bool:
    return may(turn.person, Right.SEE_ILD_PULSE, Subject(owner_ids=frozenset({ild_id})))


def _why_not(reading: Reading, about: str) -> str:
    if about in reading.withheld:
        return f"not shown, so that nobody can work out what fewer than {FEWEST} others answered"
    return FEW


# ---------------------------------------------------------------- showing


def overview(turn: Turn) -> Cards:
    """The newest result: a line for each unit, and for the ILDs whom this person may read about."""
    require(turn.person, Right.SEE_PULSE, object="pulse")
    closed = pulse.closed(turn.tx)
    if not closed:
        return [plain("There was no pulse yet. An executive or the administrator starts one.")]
    return [_overview(turn, closed[0])]


def answer(turn: Turn, units: Sequence[str]) -> Cards:
    """What a question about the last pulse is answered with: the result of the unit it names, else all of them."""
    require(turn.person, Right.SEE_PULSE, object="pulse")
    closed = pulse.closed(turn.tx)
    if not closed or len(units) != 1:
        return overview(turn)
    found = next((one for one in _results(turn, closed[0]) if one.about == about_unit(units[0])), None)
    return [_detail(turn, closed[0], found)] if found is not None else overview(turn)


def _overview(turn: Turn, row: PulseRow) -> Card:
    results = _results(turn, row)
    if not turn.is_private:
        results = [one for one in results if not one.about.startswith(ILD)]
    said = {one.about for one in pulse.done(turn.tx, row.id or 0)}
    items = tuple(
        Item(
            f"{one.tally.answers} answers" if one.tally else one.why,
            lead=one.name,
            detail="with what was done" if one.about in said else "",
            buttons=(Button("Open", act("pulse.result", id=row.id or 0, part=one.key)),) if one.tally else (),
        )
        for one in results
    )
    count = f"{row.answered} of {row.asked} principals answered"
    blocks: list[Block] = [
        Text(f"{count}, {say_day(row.opened_on, turn.today)} to {say_day(row.closes_on, turn.today)}.")
    ]
    blocks.append(Items(items) if items else Text("There was no office to answer about."))
    return Card("The pulse: what principals answered", tuple(blocks))


def _press_result(turn: Turn, action: Action, _values: Values) -> Cards:
    row, one = _pressed(turn, action)
    return [_detail(turn, row, one)]


def _press_overview(turn: Turn, action: Action, _values: Values) -> Cards:
    require(turn.person, Right.SEE_PULSE, object="pulse")
    return [_overview(turn, _closed(turn.tx, action))]


def _closed(tx: Tx, action: Action) -> PulseRow:
    row = pulse.get(tx, action.number("id"))
    if row is None or not row.is_closed:
        raise UserError("That pulse has no result yet. Write “pulse” to see what there is.")
    return row


def _pressed(turn: Turn, action: Action) -> tuple[PulseRow, Result]:
    """The result of a button. Raises ``NotAllowedError`` for an ILD's that is somebody else's to read."""
    require(turn.person, Right.SEE_PULSE, object="pulse")
    row, key = _closed(turn.tx, action), action.args.get("part", "")
    found = next((one for one in _results(turn, row) if one.key == key), None)
    if found is None:
        if key.startswith("i"):
            require(turn.person, Right.SEE_ILD_PULSE, Subject(), object=f"pulse:{row.id}")
        raise UserError("That was not asked about in this pulse. Write “pulse” to see what was.")
    return row, found


def _detail(turn: Turn, row: PulseRow, one: Result) -> Card:
    """One result: picture, figures with their spread and the last pulse's beside them, lines, and what was done."""
    back = Button("All results", act("pulse.overview", id=row.id or 0))
    if one.tally is None:
        return Card(one.name, (Text(one.why.capitalize() + "."), Buttons((back,))))
    audit_trail.looked(turn, Shown.PULSE, about=one.about)
    statements = ABOUT_UNIT if one.key.startswith("u") else ABOUT_ILD
    before = _before(turn, row, one)
    title = f"{one.name}: {one.tally.answers} answers, {say_day(row.closes_on, turn.today)}"
    blocks: list[Block] = [
        scale_chart(one.name, statements, one.tally),
        say_statements(statements, one.tally, before),
    ]
    if one.reading is not None:
        blocks += say_groups(statements, one.reading)
    lines = open_lines(pulse.lines(turn.tx, row.id or 0, one.about))
    if lines:
        blocks += [Text("", lead="One thing that would help:"), *(Quote(line) for line in lines)]
    blocks += _said_and_done(turn, row, one)
    buttons = [back]
    if _may_say(turn, one.about):
        done = Button(
            "Say what was done", act("pulse.done_form", id=row.id or 0, part=one.key), Emphasis.PRIMARY
        )
        buttons.insert(0, done)
    return Card(title, (*blocks, Buttons(tuple(buttons))))


def _before(turn: Turn, row: PulseRow, one: Result) -> Tally | None:
    """The same in the pulse before, where it may be shown by itself."""
    earlier = next((other for other in pulse.closed(turn.tx) if (other.id or 0) < (row.id or 0)), None)
    if earlier is None:
        return None
    return next((result.tally for result in _results(turn, earlier) if result.about == one.about), None)


# ---------------------------------------------------------------- you said, we did


def _said_and_done(turn: Turn, row: PulseRow, one: Result) -> list[Block]:
    rows = [done for done in pulse.done(turn.tx, row.id or 0) if done.about == one.about]
    if not rows:
        return []
    names = people.get_people(turn.tx, {done.said_by for done in rows}, on=turn.today)
    items = tuple(
        Item(done.text, detail=f"{names[done.said_by].name}, {say_day(done.said_on, turn.today)}")
        for done in rows
    )
    return [Items(items, title="You said, we did")]


def _may_say(turn: Turn, about: str) -> bool:
    return may(turn.person, Right.SAY_DONE, _owners(turn, about))


def _owners(turn: Turn, about: str) -> Subject:
    """A unit's result is its staff's to answer; about ILDs nobody's but the executives'."""
    is_own = turn.person.unit is not None and about == about_unit(turn.person.unit)
    return Subject(owner_ids=frozenset({turn.person.id} if is_own else ()))


def _done_form(turn: Turn, action: Action, _values: Values) -> Cards:
    row, one = _pressed(turn, action)
    require(turn.person, Right.SAY_DONE, _owners(turn, one.about), object=f"pulse:{row.id}")
    whom = f"{one.name}'s principals" if one.about.startswith(ILD) else "principals"
    send = Button(
        "Put it under the result", act("pulse.done", id=row.id or 0, part=one.key), Emphasis.PRIMARY
    )
    hint = "One or two sentences, up to 400 characters"
    blocks = (
        Text(f"It stands under the result, and {whom} get it in one message."),
        Field("done", "What was done", FieldKind.LONG, required=True, hint=hint),
        Buttons((send,)),
    )
    return [Card(f"You said, we did: {one.name}", blocks)]


def _done(turn: Turn, action: Action, values: Values) -> Cards:
    row, one = _pressed(turn, action)
    _keep_done(turn, row, one, values.get("done", ""))
    return [_detail(turn, row, one)]


def _keep_done(turn: Turn, row: PulseRow, one: Result, words: str) -> None:
    require(turn.person, Right.SAY_DONE, _owners(turn, one.about), object=f"pulse:{row.id}")
    if one.tally is None:
        raise UserError(f"About {one.name} there is no result to answer: {one.why}.")
    text = read_words(turn, words, None, ask="Write what was done, then press again.")
    said = PulseDoneRow(
        pulse_id=row.id or 0, about=one.about, text=text, said_by=turn.person.id, said_on=turn.today
    )
    done_id = pulse.add_done(turn.tx, said)
    audit_trail.write(turn, "pulse.done_said", f"pulse:{row.id}", done=done_id)


def _we_did(turn: Turn, match: re.Match[str]) -> Cards:
    """ "we did: …" for one's own office, "we did for Facilities: …" for an executive."""
    require(turn.person, Right.SAY_DONE, object="pulse")
    closed = pulse.closed(turn.tx)
    if not closed:
        raise UserError("There was no pulse yet, so there is nothing to answer.")
    results = [one for one in _results(turn, closed[0]) if one.key.startswith("u")]
    name = (match["unit"] or turn.person.unit or "").strip().casefold()
    one = next((result for result in results if result.name.casefold() == name), None)
    if one is None:
        known = ", ".join(result.name for result in results) or "none"
        raise UserError(f"Say which office: we did for Facilities: … The last pulse was about {known}.")
    _keep_done(turn, closed[0], one, match["text"])
    return [_detail(turn, closed[0], one)]


COMMANDS = (
    Command(
        re.compile(
            r"(?:you said,? )?we did(?: for (?P<unit>[^:]+))?:\s*(?P<text>\S.*)", re.IGNORECASE | re.DOTALL
        ),
        _we_did,
        example="we did: key lists are asked for once a year",
        what="What your office did about the last pulse; it stands under the result, and principals hear of it.",
        roles=frozenset({Role.UNIT, Role.EXECUTIVE}),
    ),
)
ACTIONS: Mapping[str, Callable[[Turn, Action, Values], Cards]] = {
    "pulse.result": _press_result,
    "pulse.overview": _press_overview,
    "pulse.done_form": _done_form,
    "pulse.done": _done,
}
IN_PLACE = frozenset({"pulse.result", "pulse.overview", "pulse.done"})
