"""Help: what this person can do here, in three lines or in full, and the way back to whatever waits for them."""

import re

from handlers.actions import Action, act
from handlers.cards import Button, Buttons, Card, Item, Items, Text
from handlers.topics import commands_for
from handlers.turn import Cards, Topic, Turn, Values

SHORT = 4
"""So many examples at first; the rest is one press away."""


def open_help(turn: Turn, *, is_full: bool = False) -> Cards:
    """What this person can write, as examples that work when typed."""
    commands = [command for command in commands_for(turn) if command.example]
    if not commands:
        return [
            Card(
                "",
                (Text("You have no role in this district's roster yet. Ask your administrator to add one."),),
            )
        ]
    shown = commands if is_full else commands[:SHORT]
    items = tuple(Item(text=command.what, lead=command.example) for command in shown)
    more = (
        () if len(shown) == len(commands) else (Buttons((Button("All of them", act("help.open", full=1)),)),)
    )
    return [Card("What you can write here", (Items(items), *more))]


def _open(turn: Turn, action: Action, _values: Values) -> Cards:
    return open_help(turn, is_full="full" in action.args)


PATTERN = re.compile(r"(help|hilfe|ayuda|\?|hi|hello|start|what can you do\??)", re.IGNORECASE)

TOPIC = Topic(name="help", actions={"help.open": _open})
