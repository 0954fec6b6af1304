"""What a new ILD is handed: the parts of the thread that its principal agreed to, on one card, and nothing else."""

from collections.abc import Sequence

from handlers.actions import act
from handlers.cards import Block, Button, Card, Item, Items, Text
from handlers.memory.thread_state import load_parts
from handlers.turn import Turn
from protocols.cadence.moments import say_day
from protocols.memory.thread import Inquiry, Part, Promised, Session, Thread, excerpt
from storage.people import School

MOST_LISTED = 5
WORDS = {
    Part.FOCUS: "The focus of the school",
    Part.PROMISES: "What you two promised each other and is open",
    Part.INQUIRY: "The inquiry that is open",
    Part.WALKTHROUGHS: "The summaries of the latest walkthroughs",
}
"""What the principal may choose from."""


def pack_card(turn: Turn, school: School, parts: Sequence[Part]) -> Card:
    """For the new ILD, from the principal whose turn it is: short, and exactly what was agreed."""
    given = turn.person.given_name
    title = f"{school.name}, from {given}"
    if not parts:
        text = f"{given} would rather begin anew with you. A good first question: what are you working on?"
        return Card(title, (Text(text),))
    thread = load_parts(turn, school, parts)
    blocks = [_part(turn, thread, part) for part in parts]
    rest = f"{given} agreed to hand over this much. Ask for the rest when you two have talked."
    return Card(title, (*blocks, Text(rest, quiet=True)))


def _part(turn: Turn, thread: Thread, part: Part) -> Block:
    match part:
        case Part.FOCUS:
            return Text(thread.focus or "none agreed yet.", lead="Focus:")
        case Part.PROMISES:
            items = tuple(_promise(turn, promise) for promise in thread.open_promises)
            return Items(items, title="Promised") if items else Text("none is open.", lead="Promises:")
        case Part.INQUIRY:
            items = tuple(_inquiry(turn, inquiry) for inquiry in thread.inquiries)
            return Items(items, title="Inquiry") if items else Text("none is open.", lead="Inquiry:")
        case Part.WALKTHROUGHS:
            walked = [session for session in thread.sessions if session.is_walkthrough and session.run_id]
            items = tuple(_walkthrough(turn, session) for session in walked[:MOST_LISTED])
            return Items(items, title="Walkthroughs") if items else Text("none yet.", lead="Walkthroughs:")


def _promise(turn: Turn, promise: Promised) -> Item:
    due = f"By {say_day(promise.by_when, turn.today)}. To look at: {promise.evidence}"
    return Item(promise.what, lead=f"{promise.owner}:", detail=due)


def _inquiry(turn: Turn, inquiry: Inquiry) -> Item:
    strategy = f"Strategy: {excerpt(inquiry.strategy)}. " if inquiry.strategy else ""
    check_in = f"Next check-in {say_day(inquiry.check_in, turn.today)}." if inquiry.check_in else ""
    lead = f"Round {inquiry.round}:"
    return Item(inquiry.problem or inquiry.title, lead=lead, detail=f"{strategy}{check_in}".strip())


def _walkthrough(turn: Turn, session: Session) -> Item:
    read = Button("Read", act("run.summary", run=session.run_id or 0))
    return Item(session.what, lead=say_day(session.day, turn.today), buttons=(read,))
