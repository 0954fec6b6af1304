"""The ILD's own words: a wording that passes the gate, and a line of her own.

The gate (``protocols.buffer.faithfulness``) compares her wording with the sentence and the memo. Where it differs,
both are shown side by side and nothing is saved; a date that a principal acts on is never only somebody's memory.
"""

from handlers.actions import Action, act
from handlers.cards import Button, Buttons, Card, Emphasis, Field, FieldKind, Item, Items, Quote, Text
from handlers.deciding.triage_state import (
    Waiting,
    check_open,
    decide,
    load,
    own_before,
    scope_of,
    starting_wording,
)
from handlers.deciding.wordings import differences_of
from handlers.errors import UserError
from handlers.intake.mandate_cards import original_button
from handlers.turn import Cards, Turn, Values
from protocols.buffer.digest import Decision

LONGEST_WORDING = 600
LONGEST_NOTE = 280


def open_edit(turn: Turn, action: Action, _values: Values) -> Cards:
    one = load(turn, action)
    check_open(turn, one, action)
    own = own_before(turn, one)
    wording = (
        (one.triage.wording if one.triage else "") or (own.words if own else "") or starting_wording(one)
    )
    return [_edit_form(one, action, wording)]


def _edit_form(one: Waiting, action: Action, wording: str) -> Card:
    save = Button("Save and pass on", act("triage.save", **where_of(one, action)), Emphasis.PRIMARY)
    return Card(
        "",
        (
            Text("Say it your way. Days, numbers, “not”, “only” and “if” must stay as the memo has them."),
            Quote(one.demand.quote, source=one.memo.title),
            Field("wording", "What the principal reads", FieldKind.LONG, value=wording, required=True),
            Buttons((save, back_button(one, action), original_button(one.memo, one.demand))),
        ),
    )


def save_wording(turn: Turn, action: Action, values: Values) -> Cards:
    one = load(turn, action)
    check_open(turn, one, action)
    wording = " ".join(values.get("wording", "").split())
    if not wording or len(wording) > LONGEST_WORDING:
        raise UserError(f"Write the wording in 1 to {LONGEST_WORDING} characters; shorter is read.")
    found = differences_of(wording, one.demand, one.memo)
    if found:
        items = tuple(Item(discrepancy.message) for discrepancy in found)
        return [
            Card(
                "",
                (
                    Text("Not saved yet: your wording and the memo differ.", lead="Look once more."),
                    Items(items),
                    *_edit_form(one, action, wording).blocks[1:],
                ),
            )
        ]
    decide(turn, one, Decision.PASS_ON, wording=wording)
    return saved(one, action, f"Passed on in your words: {wording}")


def open_note(turn: Turn, action: Action, _values: Values) -> Cards:
    one = load(turn, action)
    check_open(turn, one, action)
    save = Button("Save and pass on", act("triage.save_note", **where_of(one, action)), Emphasis.PRIMARY)
    text = "One line under it, in your name: why it matters, how it serves their focus, what they may skip."
    note = one.triage.note if one.triage else ""
    field = Field("note", "Your line", FieldKind.LONG, value=note, hint=f"Up to {LONGEST_NOTE} characters")
    return [
        Card("", (Text(text, lead=one.demand.headline), field, Buttons((save, back_button(one, action)))))
    ]


def save_note(turn: Turn, action: Action, values: Values) -> Cards:
    one = load(turn, action)
    check_open(turn, one, action)
    note = " ".join(values.get("note", "").split())
    if len(note) > LONGEST_NOTE:
        raise UserError(f"Keep your line under {LONGEST_NOTE} characters: it is read on a telephone.")
    decide(turn, one, Decision.PASS_ON, note=note)
    return saved(
        one, action, f"Passed on with your line: {note}" if note else "Passed on, without a line of yours."
    )


def where_of(one: Waiting, action: Action) -> dict[str, int]:
    """The arguments of a form's button: the demand as it was when the form was opened, and the memo she is at."""
    return {"demand": one.id, "v": one.version, **scope_of(action)}


def back_button(one: Waiting, action: Action) -> Button:
    """Out of a form, to the demand as it stands on the desk."""
    return Button("Back", act("triage.back", **where_of(one, action)))


def saved(one: Waiting, action: Action, text: str) -> Cards:
    """What was done, with the way on and the way back."""
    scope = scope_of(action)
    again = act("triage.reopen", **{**where_of(one, action), "v": one.version + 1})
    next_one = act("triage.memo", **scope) if scope else act("triage.open")
    buttons = (Button("Next", next_one, Emphasis.PRIMARY), Button("Change it", again))
    return [Card("", (Text(text), Buttons(buttons)))]
