"""What came of a promise: ready, kept, dropped and why, or put off. Whoever made it and the other side may say so.

A next step that nobody looks at again teaches that next steps do not matter; so what came of it is asked in a
sentence, and the other side reads it.
"""

from datetime import date

from handlers import audit_trail
from handlers.actions import Action, act
from handlers.cards import Button, Buttons, Card, Emphasis, Field, FieldKind, Text, plain
from handlers.errors import StaleError, UserError
from handlers.free_words import read_words
from handlers.permissions import Right, Subject, require
from handlers.post import tell_when_open
from handlers.turn import Cards, Turn, Values
from protocols.cadence.moments import say_day
from protocols.memory.thread import excerpt
from storage import people, promises
from storage.people import School
from storage.tables import PromiseRow

SETTLED_BEFORE = "That promise was settled before."


def press_promise(turn: Turn, action: Action, _values: Values) -> Cards:
    """Kept or dropped; then what came of it is asked, in a sentence."""
    row, _school = _load(turn, action)
    state = "kept" if action.args.get("state") == "kept" else "dropped"
    if not promises.settle(turn.tx, row.id or 0, state=state, at=turn.now):
        return [plain(SETTLED_BEFORE)]
    _audit(turn, row, state)
    word = "Kept" if state == "kept" else "Dropped"
    ask = "What came of it, in a sentence?" if state == "kept" else "Why, in a sentence?"
    return [_outcome_form(row, f"{word}: {row.what}", ask)]


def press_outcome(turn: Turn, action: Action, values: Values) -> Cards:
    """The sentence on what came of it."""
    row, school = _load(turn, action)
    if row.state == "open":
        raise UserError("Say first whether it was kept or dropped. “my week” shows what is open.")
    words = read_words(turn, values.get("outcome", ""), school, ask="Write a sentence, then press Keep it.")
    promises.note_outcome(turn.tx, row.id or 0, words)
    _audit(turn, row, "outcome")
    _tell_other(
        turn, row, school, "outcome", f"On “{excerpt(row.what)}” {turn.person.given_name} says: {words}"
    )
    return [plain("Kept. The next visit opens with it where nothing else is open.")]


def press_ready(turn: Turn, action: Action, _values: Values) -> Cards:
    """It is there to be brought. It is kept when both have looked at it, so it stays open until then."""
    row, school = _open(turn, action)
    day = say_day(turn.today, turn.today)
    promises.note_outcome(turn.tx, row.id or 0, f"ready since {day}")
    _audit(turn, row, "ready")
    name = _tell_other(
        turn, row, school, "ready", f"{turn.person.given_name} has “{excerpt(row.what)}” ready for you both."
    )
    look = f" You look at it together: {excerpt(row.evidence)}." if row.evidence else ""
    return [plain(f"Good. {name} gets a note.{look}" if name else f"Good.{look}")]


def press_put_off_form(turn: Turn, action: Action, _values: Values) -> Cards:
    row, _school = _open(turn, action)
    text = f"“{excerpt(row.what)}” is due on {say_day(row.by_when, turn.today)}. Until when instead?"
    move = Button("Move it", act("thread.put_off", promise=row.id or 0), Emphasis.PRIMARY)
    return [Card("", (Text(text), Field("day", "New day", FieldKind.DATE, required=True), Buttons((move,))))]


def press_put_off(turn: Turn, action: Action, values: Values) -> Cards:
    row, school = _open(turn, action)
    try:
        day = date.fromisoformat(values.get("day", ""))
    except ValueError:
        raise UserError("Choose the new day, then press Move it.") from None
    if day < turn.today:
        raise UserError("That day has passed. Choose one that is still ahead.")
    before = say_day(row.by_when, turn.today)
    promises.put_off(turn.tx, row.id or 0, by_when=day)
    _audit(turn, row, "moved", day=day.isoformat())
    when = say_day(day, turn.today)
    text = f"{turn.person.given_name} moves “{excerpt(row.what)}” from {before} to {when}."
    name = _tell_other(turn, row, school, f"moved:{day}", text)
    told = f" {name} gets a note." if name else ""
    return [plain(f"Moved to {when}.{told} I'll ask again two days before.")]


def press_drop_form(turn: Turn, action: Action, _values: Values) -> Cards:
    row, _school = _open(turn, action)
    drop = Button("Drop it", act("thread.drop", promise=row.id or 0), Emphasis.DANGER)
    why = Field("outcome", "Why", FieldKind.LINE, required=True)
    text = f"“{excerpt(row.what)}”. What came in between?"
    return [Card("", (Text(text), why, Buttons((drop,))))]


def press_drop(turn: Turn, action: Action, values: Values) -> Cards:
    row, school = _open(turn, action)
    ask = "Say why in a few words. It tells you both what keeps getting in the way."
    words = read_words(turn, values.get("outcome", ""), school, ask=ask)
    promises.settle(turn.tx, row.id or 0, state="dropped", at=turn.now)
    promises.note_outcome(turn.tx, row.id or 0, words)
    _audit(turn, row, "dropped")
    text = f"{turn.person.given_name} drops “{excerpt(row.what)}”: {words}"
    name = _tell_other(turn, row, school, "dropped", text)
    return [plain(f"Dropped. {name} gets a note." if name else "Dropped.")]


def promise_buttons(promise_id: int) -> tuple[Button, ...]:
    """What can be said of an open promise."""
    return (
        Button("Kept", act("visit.promise", promise=promise_id, state="kept")),
        Button("Dropped", act("visit.promise", promise=promise_id, state="dropped")),
    )


def _outcome_form(row: PromiseRow, said: str, ask: str) -> Card:
    field = Field("outcome", ask, FieldKind.LINE)
    keep = Button("Keep it", act("thread.outcome", promise=row.id or 0), Emphasis.PRIMARY)
    return Card("", (Text(said), field, Buttons((keep,))))


def _load(turn: Turn, action: Action) -> tuple[PromiseRow, School]:
    row = promises.get(turn.tx, action.number("promise"))
    school = people.school_on(turn.tx, row.school_id, turn.today) if row else None
    number = action.args.get("promise")
    require(turn.person, Right.SEE_RUN, Subject(school=school), object=f"promise:{number}")
    assert row is not None  # nobody has the right to a promise of no school
    assert school is not None
    return row, school


def _open(turn: Turn, action: Action) -> tuple[PromiseRow, School]:
    row, school = _load(turn, action)
    if row.state != "open":
        raise StaleError(SETTLED_BEFORE)
    return row, school


def _tell_other(turn: Turn, row: PromiseRow, school: School, what: str, text: str) -> str:
    """The other side reads it in their own open time; their given name, or "" where there is nobody."""
    others = {school.principal_id, school.ild_id} - {turn.person.id, None}
    known = people.get_people(turn.tx, {i for i in others if i is not None}, on=turn.today)
    for other in known.values():
        tell_when_open(
            turn.tx,
            turn.district,
            other,
            Card("", (Text(text, lead=f"{school.name}:"),)),
            kind="promise",
            period=f"{row.id}:{what}:{turn.key}",
            now=turn.now,
        )
    return next((other.given_name for other in known.values()), "")


def _audit(turn: Turn, row: PromiseRow, what: str, **detail: object) -> None:
    audit_trail.write(turn, f"promise.{what}", f"promise:{row.id}", **detail)
