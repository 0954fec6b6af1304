"""Words that come when the run asks nothing of their writer: handed back with a button, never kept and never lost.

In a corridor people type when they have something to say. Whoever waits, listens or is in a paused run gets the own
words back in a field; one press sends them once it is their turn.
"""

import hashlib

from handlers import run_answers
from handlers.actions import Action
from handlers.cards import Text
from handlers.errors import StaleError, UserError
from handlers.run_cards import asked_card
from handlers.run_moves import refusal
from handlers.run_seats import Seat, take_seat
from handlers.turn import Cards, Turn, Values
from protocols.guided.moves import MoveRefused, Reason
from protocols.guided.prompts import Prompt, Waiting
from protocols.guided.state import Status
from storage import record


def hand_back(turn: Turn, seat: Seat, waiting: Waiting, text: str) -> UserError:
    """Why these words are not taken now, with the words in a field."""
    step = seat.run.protocol.step(waiting.step)
    if seat.run.state.status is Status.PAUSED:
        reason = Reason.PAUSED
    elif waiting.is_listening:
        reason = Reason.LISTENING
    else:
        reason = Reason.DONE_HERE if (step.key, seat.key) in seat.run.state.done else Reason.NOT_YOUR_TURN
    refused = MoveRefused(reason, seats=",".join(waiting.seats))
    return refusal(turn, seat, refused, {"text": text})


def press_say(turn: Turn, action: Action, values: Values) -> Cards:
    """Send words that were handed back, as if they were typed now. Raises ``StaleError`` where they went already."""
    seat = take_seat(turn, action.number("run"))
    text = values.get("text", "").strip()
    if seat.run.state.is_over:
        return [asked_card(seat, turn.today)]
    if not text:
        raise refusal(turn, seat, MoveRefused(Reason.EMPTY), {})
    asked = seat.asked()
    if not isinstance(asked, Prompt):
        raise hand_back(turn, seat, asked, text)
    name = hashlib.sha256(text.encode()).hexdigest()[:16]  # the same words pressed twice are sent once
    if not record.note_once(
        turn.tx, kind="run_said", object=f"run:{seat.run.id}:{turn.person.id}:{name}", at=turn.now
    ):
        sentence = "Those words were sent already."
        raise StaleError(sentence, card=asked_card(seat, turn.today, before=(Text(sentence),)))
    return run_answers.say(turn, seat, text)
