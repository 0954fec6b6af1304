"""Answers changed, also after the end, and the summary read again. Former words stay in the history."""

from handlers import audit_trail
from handlers.actions import Action, act
from handlers.cards import Button, Buttons, Card, Emphasis, Item, Items, Text
from handlers.errors import StaleError, UserError
from handlers.guided import run_answers, run_ends
from handlers.guided.run_cards import asked_card
from handlers.guided.run_entries import said
from handlers.guided.run_fields import entry_fields
from handlers.guided.run_moves import answer as settle
from handlers.guided.run_moves import expect, refusal, store
from handlers.guided.run_seats import Seat, reader_seat, take_seat
from handlers.guided.run_summary import USEFUL, summary_card
from handlers.turn import Cards, Turn, Values
from protocols.guided import moves
from protocols.guided.moves import MoveRefused, Reason
from protocols.guided.state import Entry, Status
from protocols.guided.steps import Role, StepKind
from storage import record, visits


def edit_list(turn: Turn, seat: Seat) -> Card:
    """Own answers and the next steps, each with its button."""
    items = []
    for entry in seat.sees():
        step = seat.run.protocol.step(entry.step)
        if entry.seat != seat.key and step.kind is not StepKind.NEXT_STEPS:
            continue
        edit = act("run.edit_form", run=seat.run.id, e=entry.number, v=seat.run.state.version)
        items.append(
            Item(said(seat, entry, turn.today), lead=f"{step.title}:", buttons=(Button("Edit", edit),))
        )
    if not items:
        return Card("", (Text("You have written nothing here yet."),))
    return Card(f"Your answers, {seat.title}", (Items(tuple(items)),))


def press_edit_list(turn: Turn, action: Action, _values: Values) -> Cards:
    return [edit_list(turn, take_seat(turn, action.number("run")))]


def press_edit_form(turn: Turn, action: Action, _values: Values) -> Cards:
    """The form for one entry; the next plain words are its new words too."""
    seat = take_seat(turn, action.number("run"))
    entry = _entry(turn, seat, action)
    expect(turn, seat, edit=entry.number)
    ask = "Change it here, or send the new words as your next message. The former words stay in the history."
    return [_form(seat, entry, ask, entry.text, entry.data)]


def _form(seat: Seat, entry: Entry, ask: str, text: str, data: Values) -> Card:
    step = seat.run.protocol.step(entry.step)
    save = act("run.edit", run=seat.run.id, e=entry.number, v=seat.run.state.version)
    former = [Text(f"Before: {old.text}", quiet=True) for old in entry.history[-3:] if old.text != entry.text]
    fields = entry_fields(seat, step, text, data)
    return Card(step.title, (Text(ask), *former, *fields, Buttons((Button("Save", save, Emphasis.PRIMARY),))))


def press_edit(turn: Turn, action: Action, values: Values) -> Cards:
    seat = take_seat(turn, action.number("run"))
    entry = _entry(turn, seat, action)
    return save(turn, seat, entry.number, action.number("v"), values.get("text", ""), values)


def save(turn: Turn, seat: Seat, entry: int, version: int | None, text: str, values: Values) -> Cards:
    values = {key: value for key, value in values.items() if key != "text"}
    try:
        after = store(turn, seat, lambda s: [run_answers.save(turn, s, entry, version, text, values)])
    except StaleError:
        raise
    except UserError as refused:
        known = seat.run.state.entry(entry)
        if known is None:
            raise
        card = _form(seat, known, refused.sentence, text, {**known.data, **values})
        raise UserError(refused.sentence, card=card) from None
    changed = after.run.state.entry(entry)
    assert changed is not None  # it was just written
    run_ends.audit(turn, after, "run.answer_edited", entry=entry)
    confirmed = Text(f"Changed: {said(after, changed, turn.today)}")
    if after.run.state.is_over:
        record.expect_nothing(turn.tx, turn.person.id)
        if after.run.state.status is Status.ENDED:
            run_ends.keep_up(turn, after, entry)
        summary = Button("Summary", act("run.summary", run=after.run.id))
        return [Card("", (confirmed, Buttons((summary,))))]
    cards = settle(turn, seat, after)
    return [Card("", (confirmed,)), *cards]


def _entry(turn: Turn, seat: Seat, action: Action) -> Entry:
    entry = seat.run.state.entry(action.number("e"))
    if entry is None or entry.is_withdrawn or entry not in seat.sees():
        raise refusal(turn, seat, MoveRefused(Reason.NO_SUCH_ENTRY), {})
    return entry


def press_summary(turn: Turn, action: Action, _values: Values) -> Cards:
    """The summary, for both and for whoever has followed one of them at the school."""
    seat, viewer = reader_seat(turn, action.number("run"))
    if viewer is None:
        run_ends.audit(turn, seat, "run.read")
    return [summary_card(turn, seat, viewer=viewer, is_full="full" in action.args)]


def press_useful(turn: Turn, action: Action, _values: Values) -> Cards:
    """The principal's own rating of the visit, 1 to 4; shown to nobody alone, only counted with others'."""
    seat = take_seat(turn, action.number("run"))
    if seat.role is not Role.HOST or seat.run.visit_id is None:
        raise UserError("How useful a visit was is the principal's to say.")
    rating = action.number("n")
    if rating not in USEFUL:
        raise UserError("Choose one of the four answers.")
    visits.rate(turn.tx, seat.run.visit_id, useful=rating)
    visit = f"visit:{seat.run.visit_id}"
    audit_trail.write(turn, "visit.rated", visit)
    return [
        Card(
            "",
            (Text("Thank you. It counts together with others' answers and is shown to nobody by itself."),),
        )
    ]


def press_tag(turn: Turn, action: Action, _values: Values) -> Cards:
    """Put a note under a look-for."""
    seat = take_seat(turn, action.number("run"))
    entry = _entry(turn, seat, action)
    tag = action.args.get("tag", "")
    edit = moves.Edit(seat.key, entry.step, entry.number, entry.text, {"look_for": tag}, action.number("v"))
    after = store(turn, seat, lambda _s: [edit])
    if after.run.state.is_over:
        return [asked_card(after, turn.today)]
    return settle(turn, seat, after)
