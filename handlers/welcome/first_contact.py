"""First contact: what this is, what is kept and who sees it, three things to try. Once for each person.

Whoever installs the bot, or opens it for the first time, is told in their own open time (kind ``welcome``). Whoever
simply begins to write gets what they asked for, and under it two lines and a button; a greeting is answered with the
whole of it. Whatever comes first counts, and it never comes again by itself; ``about you`` shows it at any time.
"""

import re
from datetime import datetime

from handlers.actions import Action, act
from handlers.cards import Block, Button, Buttons, Card, Items, Text
from handlers.post import tell_when_open
from handlers.turn import Cards, Command, Topic, Turn, Values
from handlers.welcome import tour
from handlers.welcome.lines import goes
from handlers.welcome.who_sees import items_for
from storage import record
from storage.database import Tx
from storage.people import Role

KIND = "welcome"

WHAT = {
    Role.ILD: (
        "I hold walkthroughs and inquiries with you and a principal, step by step, keep every school’s rhythm, and let "
        "the week’s demands reach schools only as you decide."
    ),
    Role.PRINCIPAL: (
        "Once a week I bring what your school has to do, how long it takes and by when. I keep your visits, and hold "
        "walkthroughs and inquiries with you and your ILD."
    ),
    Role.EXECUTIVE: (
        "I answer in plain words whether every school is visited, evenly and all year, and whether protected time is "
        "kept. Overrides come to you to decide."
    ),
    Role.UNIT: (
        "I bring your requests to schools through their ILDs, tell you what became of them, and find meeting times "
        "that leave schools alone."
    ),
    Role.ADMINISTRATOR: (
        "You keep the calendar, the protected half-days and who does what. I tell you when something is missing or "
        "did not arrive."
    ),
}
"""What this is, to each role."""

TRY: dict[Role, tuple[Button, Button, Button]] = {
    Role.ILD: (
        goes("My week", "week"),
        goes("What waits for me", "desk"),
        goes("What can be begun", "protocols"),
    ),
    Role.PRINCIPAL: (goes("My digest", "digest"), goes("My week", "week"), goes("My settings", "settings")),
    Role.EXECUTIVE: (goes("Ask for figures", "figures"), goes("Ledger", "ledger"), goes("Drift", "drift")),
    Role.UNIT: (
        goes("Send a request", "send"),
        goes("Questions for me", "questions"),
        goes("What I asked", "asked"),
    ),
    Role.ADMINISTRATOR: (
        goes("Calendar", "calendar"),
        goes("Protected time", "protected"),
        goes("Undelivered", "undelivered"),
    ),
}
"""Three things that each role can try at once."""

KEPT = (
    "I keep what you tell me and what you press in your district’s own database; logs hold no words. Write of rooms "
    "and numbers rather than of people by name."
)


def is_met(turn: Turn) -> bool:
    """Whether the person has had their first contact."""
    return record.is_noted(turn.tx, kind=KIND, object=f"person:{turn.person.id}")


def meet(turn: Turn) -> bool:
    """Note that the person has been told; whether that is new."""
    return note_met(turn.tx, turn.person.id, at=turn.now)


def note_met(tx: Tx, person_id: int, *, at: datetime) -> bool:
    """The person has met the bot; whether that is new."""
    return record.note_once(tx, kind=KIND, object=f"person:{person_id}", at=at)


def tell(turn: Turn) -> None:
    """To whoever has just put the bot there or looked at it, once, in their own open time."""
    if meet(turn):
        tell_when_open(
            turn.tx, turn.district, turn.person, welcome(turn), kind="welcome", period="first", now=turn.now
        )


def after_answer(turn: Turn) -> Cards:
    """Two lines under the answer to somebody's first words or press; nothing ever after."""
    if not tour.role_of(turn) or not meet(turn):
        return []
    text = "We have not met before. What I am for, what I keep and who sees it, and three things to try:"
    more = Button("About you", act("welcome.open"))
    return [Card("", (Text(text), Buttons((more, *tour.offer()))))]


def welcome(turn: Turn) -> Card:
    """The whole of it, for the person's first role."""
    role = tour.role_of(turn)
    name = turn.person.given_name or turn.person.name
    if role is None:
        text = (
            "You have no role in this district’s roster yet. Ask the administrator who keeps it to add one."
        )
        return Card(f"Good to meet you, {name}", (Text(text),))
    blocks: list[Block] = [
        Text(WHAT[role]),
        Items(items_for(role), title="Who sees what"),
        Text(KEPT, quiet=True),
        Text("Three things to try:"),
        Buttons(TRY[role]),
        Buttons(tour.offer()),
    ]
    return Card(f"Good to meet you, {name}", tuple(blocks))


def greet(turn: Turn) -> Card | None:
    """The answer to a greeting of somebody new; None for whom one knows."""
    return welcome(turn) if meet(turn) else None


# ---------------------------------------------------------------- words and buttons


def _open(turn: Turn, _action: Action, _values: Values) -> Cards:
    return [about(turn)]


def about(turn: Turn) -> Card:
    """The same for somebody who asks for it, new or not."""
    meet(turn)
    card = welcome(turn)
    return Card("What I am for, and who sees what", card.blocks)


def _later(turn: Turn, _action: Action, _values: Values) -> Cards:
    meet(turn)
    tour.put_off(turn)
    return [tour.say_later()]


TOPIC = Topic(
    name="welcome",
    commands=(
        Command(
            re.compile(
                r"about(?: you| this)?\??|who are you\??|what (?:are|is) (?:you|this)(?: for)?\??"
                r"|(?:who (?:can )?sees? what|what (?:do|is) (?:you )?ke(?:ep|pt)|privacy)\??",
                re.IGNORECASE,
            ),
            lambda turn, _match: [about(turn)],
            example="about you",
            what="What I am for, what I keep and who sees it.",
        ),
    ),
    actions={"welcome.open": _open, "welcome.later": _later},
)
