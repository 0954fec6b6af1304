"""Where somebody is just now, and what can be said there: in a run, asked for words, in a form, at the desk, in the
digest. Told from what the bot waits for and from the message that reached them last; nothing is kept for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from handlers.card_codec import decode_card
from handlers.cards import Field, buttons_of
from handlers.guided.run_seats import Seat, may_sit, school_of, seat_at
from handlers.topics import commands_for, find_topic
from handlers.turn import Turn
from protocols.guided.prompts import Prompt
from protocols.guided.state import Status
from storage import places, record, runs

MOST_LINES = 6
RECENT = timedelta(hours=12)
"""Where somebody was is where they are for so long."""
LOOKED_AT = 5
EVERYWHERE = frozenset({"help", "home", "welcome", "tour"})
"""Topics of messages that lead everywhere and are no place themselves."""
AT: dict[str, tuple[str, tuple[str, ...]]] = {
    "triage": ("At your desk", ("triage", "rules", "challenge", "minutes")),
    "digest": ("In the digest", ("digest", "deadlines", "languages")),
    "visit": ("Among your visits", ("visit", "rhythm")),
    "meeting": ("About that meeting", ("meeting", "budget")),
    "insight": ("Among the figures", ("insight",)),
}
"""By the topic of the newest message's buttons: what the place is called, and the topics whose words go on there."""


@dataclass(frozen=True, slots=True)
class Here:
    """``lines`` are what one can write there and what it does; ``text`` explains, where there is need."""

    title: str
    text: str = ""
    lines: tuple[tuple[str, str], ...] = ()


def here(turn: Turn) -> Here | None:
    """Where the person is; None where nothing is going on."""
    awaited = record.expectation_of(turn.tx, turn.person.id)
    if awaited is not None and awaited.topic == "run":
        seat = _seat(turn, int(awaited.args["run"]))
        if seat is not None:
            return _in_run(seat)
    elif awaited is not None and find_topic(awaited.topic) is not None:
        text = "What you write next is the answer to what I asked last. A command in between does no harm."
        return Here("I wait for your words.", text)
    return _at_newest(turn)


def _seat(turn: Turn, run_id: int) -> Seat | None:
    run = runs.get(turn.tx, run_id)
    key = run.seat_of(turn.person.id) if run else None
    if run is None or key is None or run.state.is_over:
        return None
    school = school_of(turn, run)
    return seat_at(turn, run, school, key) if may_sit(turn, run, school, key) else None


def _in_run(seat: Seat) -> Here:
    asked = seat.asked()
    title = f"In the {seat.title}"
    if seat.run.state.status is Status.PAUSED:
        lines = [
            ("resume", "Goes on where it stood."),
            ("where are we", "How it stands."),
            ("stop", "Ends it."),
        ]
        return Here(f"{title}, which is paused.", lines=tuple(lines))
    ways = [
        ("back", "To the step before. Nothing written is lost.", asked.may_go_back),
        (
            "skip because …",
            "Leaves this step out, for a reason.",
            isinstance(asked, Prompt) and asked.may_skip,
        ),
        ("done", "Closes this step for you.", isinstance(asked, Prompt) and asked.may_finish),
        ("pause", "Puts it down, for days if need be.", True),
        ("time left", "How long this step may take.", asked.ends_at is not None),
        ("edit", "Changes an answer of yours.", True),
        ("where are we", "How it stands.", True),
        ("stop", "Ends it for good. I ask first.", True),
    ]
    text = f"Your words answer “{asked.title}”." if isinstance(asked, Prompt) else asked.text
    return Here(f"{title}.", text, tuple((words, what) for words, what, is_open in ways if is_open))


def _at_newest(turn: Turn) -> Here | None:
    """What the message that reached them last is about, passing over those that lead everywhere."""
    for row in places.last_states(turn.tx, turn.person.id, limit=LOOKED_AT):
        if row.created_at < turn.now - RECENT:
            return None
        card = decode_card(row.card)
        topics = [button.action.topic for button in buttons_of(card)]
        if any(isinstance(block, Field) for block in card.blocks):
            text = "Fill in what you know and press a button under it. Nothing is kept before that."
            return Here("In a form.", text)
        if not EVERYWHERE & set(topics):
            return _at(turn, topics)
    return None


def _at(turn: Turn, topics: Sequence[str]) -> Here | None:
    found = next((AT[topic] for topic in topics if topic in AT), None)
    if found is None:
        return None
    title, names = found
    lines = [
        (command.example, command.what)
        for name in names
        if (topic := find_topic(name)) is not None
        for command in commands_for(turn)
        if command in topic.commands and command.example
    ]
    return Here(f"{title}.", lines=tuple(lines[:MOST_LINES])) if lines else None
