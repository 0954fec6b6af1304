"""Words that come when the run asks nothing of their writer: handed back with a button, never kept and never lost.

In a corridor people type when they have something to say. Whoever waits, listens or is in a paused run gets the own
words back in a field; one press sends them once it is their turn. That holds, too, where nothing was asked of them for
a while: they may sit in one run only that waits for somebody else, or whose step they left for another day.
"""

import hashlib
from collections.abc import Iterator

from handlers.actions import Action, act
from handlers.cards import Button, Buttons, Card, Emphasis, Field, FieldKind, Text
from handlers.errors import StaleError, UserError
from handlers.guided import run_answers
from handlers.guided.run_cards import asked_card, words_back
from handlers.guided.run_coach import names_somebody
from handlers.guided.run_moves import refusal
from handlers.guided.run_seats import Seat, may_sit, school_of, seat_at, take_seat
from handlers.turn import Cards, Turn, Values
from protocols.cadence.moments import say_day
from protocols.guided.moves import MoveRefused, Reason
from protocols.guided.prompts import Prompt, Waiting
from protocols.guided.state import Status
from protocols.guided.steps import join_names
from storage import record, runs

NAMED = 4
"""So many people are named; of more it is said how many they are."""
_ELSE = Text("Was it meant for me? Write “help” to see what I understand.", quiet=True)


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


def waiting_seat(turn: Turn) -> Seat | None:
    """The person's side of the one running run that waits for somebody else, or rests until its step comes back.

    None where there are several, or where one asks something of the person now: their words may belong to any.
    """
    found: Seat | None = None
    for seat in _running_seats(turn):
        if found is not None or not _is_idle(seat):
            return None
        found = seat
    return found


def turns_of(turn: Turn) -> list[Seat]:
    """The person's sides of the runs that ask something of them now, the run moved last first."""
    return [seat for seat in _running_seats(turn) if not _is_idle(seat)]


def _running_seats(turn: Turn) -> Iterator[Seat]:
    for line in runs.going(turn.tx, turn.person.id):
        run = runs.get(turn.tx, line.id)
        key = run.seat_of(turn.person.id) if run else None
        if run is None or key is None or run.state.status is not Status.RUNNING:
            continue
        school = school_of(turn, run)
        if may_sit(turn, run, school, key):
            yield seat_at(turn, run, school, key)


def _is_idle(seat: Seat) -> bool:
    asked = seat.asked()
    return isinstance(asked, Waiting) or (asked.may_rest and asked.rests_until is not None)


def hand_back_unasked(turn: Turn, seat: Seat, text: str) -> UserError:
    """Whom the run waits for, or until when it rests, and the words in a field: nothing of them was kept in it."""
    asked = seat.asked()
    if isinstance(asked, Waiting):
        step = seat.run.protocol.step(asked.step)
        awaited = asked.seats[:1] if step.in_turns else asked.seats
        people = [seat.names[other] for other in awaited if other != seat.key]
        named = join_names(people) if len(people) <= NAMED else f"{len(people)} people"
        sentence = f"The {seat.title} waits for {named} now, so I kept nothing of that in it."
    else:
        step, until = seat.run.protocol.step(asked.step), asked.rests_until
        assert until is not None  # it would be asked else
        sentence = (
            f"“{step.title}” of the {seat.title} rests until {say_day(until, turn.today)}, "
            "so I kept nothing of that in it."
        )
    if names_somebody(seat, text) is not None:  # a card is kept, and the name with it
        return UserError(sentence, card=Card("", (Text(sentence), _ELSE)))
    if isinstance(asked, Waiting):
        card = words_back(seat, text, sentence)
    else:
        add = Button("Add it now", act("run.say", run=seat.run.id), Emphasis.PRIMARY)
        field = Field("text", "Your words", FieldKind.LONG, value=text)
        card = Card("", (Text(f"{sentence} If it belongs there, add it."), field, Buttons((add,))))
    return UserError(sentence, card=Card(card.title, (*card.blocks, _ELSE)))


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
