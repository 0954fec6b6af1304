"""What of a run stands on its people's screens: an answered question loses its buttons and shows the answer.

The messages of a long run belong together (``Card.thread``): a platform that has threads gathers them under the first
of them, which says from then on where the run stands. On the others they stand one below the other.
"""

from dataclasses import replace
from datetime import date

from handlers.actions import ActionError
from handlers.card_codec import decode_card
from handlers.cards import Block, Card, Item, Items, Text, buttons_of
from handlers.guided.run_coach import names_somebody
from handlers.guided.run_entries import said
from handlers.guided.run_seats import Seat
from handlers.post import tell_now
from handlers.turn import Turn
from protocols.guided.prompts import Manner, Prompt
from protocols.guided.state import Status, place_of
from storage import places
from storage.database import Tx
from storage.runs import Run

LONG_RUN = 10
"""From so many steps on a run has a thread of its own; a shorter one is read as part of the chat."""
LOOK_BACK = 12
"""So many of a person's last messages are looked through for the question that was just answered by words."""
NOW = "Now:"


def thread_of(run: Run) -> str:
    """Which thread the run's messages belong to; "" for a short run."""
    return f"run:{run.id}" if len(run.protocol.steps) >= LONG_RUN else ""


def run_of_thread(thread: str) -> int | None:
    """The run whose thread that is; None for any other, and outside of threads."""
    topic, _, number = thread.partition(":")
    return int(number) if topic == "run" and number.isdigit() else None


def settle(turn: Turn, before: Seat, after: Seat) -> list[Card]:
    """Take the buttons off the question that this side has just answered and put the answer there: the new state of
    what was pressed, or, where it was answered by words, queued for where the question stands."""
    prompt = before.asked()
    if not isinstance(prompt, Prompt):
        return []
    card = _settled(before, after, prompt, turn.today)
    if turn.pressed is not None and _asks(turn.pressed.card, before.run.id):
        root = _root(turn.tx, after)
        is_root = root is not None and root == turn.pressed.place
        return [replace(_with_standing(card, after) if is_root else card, in_place=True)]
    _put(turn, after, _question_at(turn.tx, before), card, "answered")
    return []


def settle_closed(turn: Turn, before: Seat, after: Seat) -> None:
    """The same for somebody whose question another one has closed."""
    prompt, now = before.asked(), after.asked()
    if not isinstance(prompt, Prompt) or (isinstance(now, Prompt) and now.step == prompt.step):
        return
    words = f"{turn.person.given_name} went on from here."
    card = Card(prompt.title, (Text(prompt.text), Text(words, quiet=True)))
    _put(turn, after, _question_at(turn.tx, before), card, "closed")


def show_standing(turn: Turn, after: Seat) -> None:
    """Say at the head of the run's thread where it stands now, unless a question is still open there."""
    root = _root(turn.tx, after)
    state = places.newest_state(turn.tx, root) if root is not None else None
    if root is None or state is None or (turn.pressed is not None and turn.pressed.place == root):
        return
    card = decode_card(state.card)
    if _asks(card, after.run.id):
        return
    fresh = _with_standing(card, after)
    if fresh != card:
        _put(turn, after, root, fresh, "standing")


def _put(turn: Turn, seat: Seat, place: int | None, card: Card, what: str) -> None:
    if place is None:
        return
    root = _root(turn.tx, seat)
    tell_now(
        turn.tx,
        seat.person.id,
        _with_standing(card, seat) if place == root else card,
        kind="run",
        period=f"{seat.run.id}:{seat.run.state.version}:{turn.key}:{what}",
        now=turn.now,
        subject=f"run:{seat.run.id}",
        place=place,
        thread=thread_of(seat.run),
    )


def _settled(before: Seat, after: Seat, prompt: Prompt, today: date) -> Card:
    known = len(before.run.state.entries)
    new = [entry for entry in after.run.state.entries[known:] if entry.seat == before.key]
    kept = [
        entry for entry in new if names_somebody(after, entry.text) is None
    ]  # a card is kept, with the name
    blocks: list[Block] = [Text(prompt.text)]
    if kept:
        lines = [said(after, entry, today) for entry in kept]
        blocks.append(
            Text(lines[0], lead="You:")
            if len(lines) == 1
            else Items(tuple(Item(line) for line in lines), title="You")
        )
    else:
        blocks.append(Text(_say_without_words(before, after, prompt), quiet=True))
    return Card(prompt.title, tuple(blocks))


def _say_without_words(before: Seat, after: Seat, prompt: Prompt) -> str:
    """What became of a question that was not answered with words that are kept."""
    state, protocol, asked = after.run.state, after.run.protocol, after.asked()
    if state.status is Status.PAUSED:
        return "Paused here."
    if isinstance(asked, Prompt) and asked.manner is Manner.CHALLENGE and asked.step == prompt.step:
        return "I asked back about it."
    if not state.is_over and protocol.position(asked.step) < protocol.position(prompt.step):
        return "You went back from here."
    if len(state.entries) > len(before.run.state.entries):
        return "Kept."
    return "You went on from here."


def _with_standing(card: Card, seat: Seat) -> Card:
    state, protocol = seat.run.state, seat.run.protocol
    if state.is_over:
        words = "it has ended." if state.status is Status.ENDED else "it was stopped."
    else:
        step = protocol.step(state.step)
        number, total = place_of(protocol, state, step.key)
        paused = ", paused" if state.status is Status.PAUSED else ""
        words = f"step {number} of {total}, {step.title}{paused}. It goes on below."
    title = f"{seat.title[:1].upper()}{seat.title[1:]}"
    rest = [block for block in card.blocks if not (isinstance(block, Text) and block.lead.endswith(NOW))]
    return replace(card, blocks=(Text(words, lead=f"{title}. {NOW}"), *rest))


def _root(tx: Tx, seat: Seat) -> int | None:
    """The place at the head of the run's thread."""
    thread = thread_of(seat.run)
    first = places.first_of_thread(tx, seat.person.id, thread) if thread else None
    return first.id if first is not None else None


def _question_at(tx: Tx, seat: Seat) -> int | None:
    """Where this side's question stands on the person's screen; None where it is too far back."""
    for row in places.last_states(tx, seat.person.id, limit=LOOK_BACK):
        if "run." in row.card and _asks(decode_card(row.card), seat.run.id):
            return places.place_of(row)
    return None


def _asks(card: Card, run_id: int) -> bool:
    """Whether the card has buttons of a step of the run."""
    for button in buttons_of(card):
        action = button.action
        try:
            if action.topic == "run" and "step" in action.args and action.number("run") == run_id:
                return True
        except ActionError:
            continue
    return False
