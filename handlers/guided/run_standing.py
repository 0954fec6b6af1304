"""Where a guided run stands, as cards: when somebody asks, and when a client asks what an old card looks like now."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from handlers.actions import Action, act
from handlers.cards import Block, Button, Buttons, Card, Text
from handlers.guided.run_cards import asked_card
from handlers.guided.run_fields import Values
from handlers.guided.run_seats import Seat, take_seat
from handlers.turn import Cards, Turn
from protocols.guided.prompts import Prompt
from protocols.guided.state import place_of
from protocols.guided.steps import SeatKey, Step, StepKind, join_names, role_of

MOST_APART = 6
"""So many people are told of one by one; of more, those who do the same are told of together."""
MOST_NAMED = 3


def where_card(seat: Seat, today: date) -> Card:
    """Where the run stands, for both sides, and the way on."""
    if seat.run.state.is_over:
        return asked_card(seat, today)
    place, doing = _standing(seat)
    is_asked = isinstance(seat.asked(), Prompt)  # whose card says the place itself
    title = seat.run.protocol.step(seat.run.state.step).title
    text = Text(f"{'' if is_asked else f'{place}. '}{doing}.", lead=f"{title}.")
    return replace(asked_card(seat, today, before=(text,)), refresh=act("run.look", run=seat.run.id))


def press_look(turn: Turn, action: Action, _values: Values) -> Cards:
    """What a card of this run looks like now. A pure read: a client may ask this whenever somebody looks at it.

    A question that this side can still answer stays as it is. One that is answered says where the run stands and
    holds no fields, so that the newest card is the only one to write in.
    """
    seat = take_seat(turn, action.number("run"))
    if "step" not in action.args:
        return [where_card(seat, turn.today)]
    asked, version = seat.asked(), action.number("v")
    since = seat.run.state.asked_since.get(seat.key, 0)
    if asked.step == action.args["step"] and since <= version:
        return [asked_card(seat, turn.today)]
    if seat.run.state.is_over:
        return [asked_card(seat, turn.today)]
    place, doing = _standing(seat)
    blocks: list[Block] = [Text("You have gone on from here.", quiet=True), Text(f"{place}. {doing}.")]
    if isinstance(asked, Prompt):
        blocks.append(Buttons((Button("Go on", act("run.here", run=seat.run.id)),)))
    return [Card("", tuple(blocks), refresh=action)]


def _standing(seat: Seat) -> tuple[str, str]:
    """ "Lincoln Middle walkthrough, step 4 of 9", and who does what there."""
    state, protocol = seat.run.state, seat.run.protocol
    step = protocol.step(state.step)
    number, total = place_of(protocol, state, step.key)
    return f"{seat.title}, step {number} of {total}", "; ".join(_who_does_what(seat, step))


def _who_does_what(seat: Seat, step: Step) -> list[str]:
    """ "You: writing, 2 so far", "Imani: waiting"; of a group those who do the same together."""
    state = seat.run.state
    alike: dict[str, list[SeatKey]] = {}
    written: dict[SeatKey, int] = {}
    for key in sorted(state.seats, key=lambda other: other != seat.key):
        role = role_of(key)
        if step.takes_many and role in step.who:
            written[key] = len(state.live(step.key, key))
        doing = _DOING.get(step.kind, "writing")
        if (step.key, key) in state.done:
            doing = "done here"
        if role not in step.who:
            doing = "listening" if role in step.listens else "waiting"
        is_apart = key == seat.key or len(state.seats) <= MOST_APART
        alike.setdefault(f"{doing} {key}" if is_apart else doing, []).append(key)
    lines = []
    for label, keys in alike.items():
        doing = label.removesuffix(f" {keys[0]}")
        count = sum(written.get(key, 0) for key in keys)
        lines.append(f"{_together(seat, keys)}: {doing}{f', {count} so far' if count else ''}")
    return lines


def _together(seat: Seat, keys: Sequence[SeatKey]) -> str:
    """ "Grace and Farid", "Grace and 11 others" """
    names = [seat.call(key) for key in keys]
    return join_names(names) if len(names) <= MOST_NAMED else f"{names[0]} and {len(names) - 1} others"


_DOING = {StepKind.REVEAL: "reading", StepKind.TALK: "talking"}
