"""What the front desk says to what it does not do: refusals, bugs, strangers, and while the database is busy."""

from handlers.answering import Pressed
from handlers.card_codec import decode_card
from handlers.cards import Buttons, Card, Text
from handlers.errors import NotAllowedError, UserError
from handlers.refusing import refused_in_place
from handlers.turn import Cards, Turn
from storage import record


def stranger(email: str | None) -> Card:
    known_as = f" ({email})" if email else ""
    text = (
        f"I don't know you yet{known_as}. Ask the administrator who keeps your district's roster to add your address; "
        "then write to me again."
    )
    return Card(title="", blocks=(Text(text),))


def busy() -> Card:
    return Card(
        title="",
        blocks=(Text("I am busy with something large, and nothing was changed. Try again in a minute."),),
    )


def broken(code: str) -> Card:
    """``code`` stands beside the bug in the log."""
    text = (
        "That did not work, and nothing was changed. Press again; "
        f"if it stays so, give your administrator this code: {code}."
    )
    return Card(title="", blocks=(Text(text),))


def refusal(turn: Turn, what: object, error: UserError) -> Cards:
    """The error's sentence, in place of what was pressed where that is about one thing, else below it."""
    if isinstance(error, NotAllowedError):
        record.audit(
            turn.tx,
            at=turn.now,
            actor_id=turn.person.id,
            action="refused",
            object=error.object,
            right=error.right,
        )
    before = turn.pressed.card if turn.pressed is not None else None
    if turn.window is not None:
        before = decode_card(turn.window.body) if turn.window.body else None
    if isinstance(what, Pressed) and before is not None:
        shown = refused_in_place(before, what.line, what.values, error, window=turn.window)
        if shown is not None:
            return [shown]
    if error.card is not None:
        return [error.card]
    buttons = (Buttons(error.buttons),) if error.buttons else ()
    return [Card(title="", blocks=(Text(error.sentence), *buttons))]
