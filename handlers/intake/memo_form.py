"""A memo pasted into a form, for whoever is not in the chat: Slack's shortcut "Send to the buffer"."""

from handlers.actions import Action, act
from handlers.cards import Button, Buttons, Card, Emphasis, Field, FieldKind, Text
from handlers.errors import UserError
from handlers.intake.mandates import receive
from handlers.permissions import Right, require
from handlers.turn import Cards, Topic, Turn, Values


def open_form(turn: Turn, _action: Action, _values: Values) -> Cards:
    """The form, for those who may send memos."""
    require(turn.person, Right.SEND_MANDATE, object="mandate")
    text = "I list what it asks, of whom and by when, and keep it whole. Nothing reaches a principal unread."
    memo = Field("memo", "The memo, just as it came", FieldKind.LONG, required=True)
    send = Button("Send to the buffer", act("memo.take"), Emphasis.PRIMARY)
    return [Card("Send to the buffer", (Text(text), memo, Buttons((send,))))]


def take_memo(turn: Turn, _action: Action, values: Values) -> Cards:
    """Read what was pasted, as if it had been pasted in the chat."""
    require(turn.person, Right.SEND_MANDATE, object="mandate")
    if not values.get("memo", "").strip():
        raise UserError("Paste the text of the memo. I keep it just as it came.", field="memo")
    return receive(turn, values["memo"])


TOPIC = Topic(name="memo", actions={"memo.form": open_form, "memo.take": take_memo})
