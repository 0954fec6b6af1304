"""Help: what this person can do here, one line a topic or in full."""

import re

from handlers.actions import Action, act
from handlers.cards import Block, Button, Buttons, Card, Item, Items, Text, plain
from handlers.topics import commands_for, first_of_each_topic
from handlers.turn import Cards, Topic, Turn, Values


def open_help(turn: Turn, *, is_full: bool = False) -> Cards:
    """What this person can write, as examples that work when typed: one of each topic, or all of them."""
    commands = [command for command in commands_for(turn) if command.example]
    if not commands:
        text = "You have no role in this district's roster yet. Ask your administrator to add one."
        return [Card("", (Text(text),))]
    shown = commands if is_full else [c for c in first_of_each_topic(turn) if c.example]
    blocks: list[Block] = [Items(tuple(Item(text=command.what, lead=command.example) for command in shown))]
    if len(shown) < len(commands):
        blocks.append(Buttons((Button("All of them", act("help.open", full=1)),)))
    return [Card("What you can write here", tuple(blocks))]


def _open(turn: Turn, action: Action, _values: Values) -> Cards:
    return open_help(turn, is_full="full" in action.args)


PATTERN = re.compile(r"(help|hilfe|ayuda|\?|hi|hello|start|what can you do\??)", re.IGNORECASE)

THANKS = re.compile(
    r"(?:ok(?:ay)?|great|good|perfect|thanks?|thank you|thx|ty|,|\s|so much|a lot|very much|all right)+[.!]*",
    re.IGNORECASE,
)
"""Words that end a talk and ask nothing."""


def read_thanks(_turn: Turn, text: str) -> Cards | None:
    """Thanks are answered, and never taken for the next question."""
    return [plain("You are welcome.")] if THANKS.fullmatch(text.strip()) else None


TOPIC = Topic(name="help", actions={"help.open": _open}, in_place_alone=frozenset({"help.open"}))
