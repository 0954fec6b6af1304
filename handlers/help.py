"""Help that knows where one is: what can be said here and now, then the subjects, then every word of one of them."""

import re
from collections.abc import Sequence
from dataclasses import replace

from handlers import home
from handlers.actions import Action, ActionError, act
from handlers.cards import Block, Button, Buttons, Card, Item, Items, Text, plain
from handlers.topics import TOPICS, commands_for
from handlers.turn import Cards, Command, Topic, Turn, Values
from handlers.welcome import first_contact, tour
from handlers.welcome.subjects import SUBJECTS, Subject, nearest, subject_named
from handlers.welcome.whereabouts import here
from protocols.buffer.headlines import shorten

ROUND = (home.TOPIC, first_contact.TOPIC, tour.TOPIC)
"""Topics about the conversation itself, beside help."""
MOST_NAMED = 2
"""Examples named beside a subject."""
LONGEST_EXAMPLE = 24


def open_help(turn: Turn, *, is_full: bool = False) -> Cards:
    """What can be said here, then the subjects; or every word that this person can write."""
    known = _known(turn)
    if not turn.person.roles:
        text = "You have no role in this district's roster yet. Ask your administrator to add one."
        return [Card("", (Text(text),))]
    if is_full:
        items = tuple(Item(text=command.what, lead=command.example) for command in known)
        return [Card("What you can write here", (Items(items),))]
    blocks: list[Block] = [*_here(turn)]
    open_subjects = _subjects(turn)
    if blocks:
        blocks.append(Text("Anything else works from here, too:"))
    else:
        lines = [Item(_examples(commands), lead=f"{one.label}:") for one, commands in open_subjects]
        blocks.append(Items(tuple(lines)))
    ways = [Button(one.label, act("help.open", on=one.key)) for one, _commands in open_subjects]
    blocks.append(Buttons((*ways, Button("All of them", act("help.open", full=1)))))
    if tour.is_open(turn):
        blocks.append(Buttons(tour.offer()))
    return [Card("What you can write here", tuple(blocks))]


def _here(turn: Turn) -> list[Block]:
    place = here(turn)
    if place is None:
        return []
    blocks: list[Block] = [Text(place.text, lead=place.title)]
    if place.lines:
        blocks.append(Items(tuple(Item(what, lead=f"{words}:") for words, what in place.lines)))
    return blocks


def _known(turn: Turn) -> list[Command]:
    """Every command with an example that this person may use."""
    own = [command for topic in ROUND for command in topic.commands]
    return [command for command in (*own, *commands_for(turn)) if command.example]


def _subjects(turn: Turn) -> list[tuple[Subject, list[Command]]]:
    """The subjects in which this person can write something, each with its commands."""
    known = set(_known(turn))
    of_topic = {topic.name: topic.commands for topic in (*ROUND, *TOPICS)}
    found = []
    for subject in SUBJECTS:
        own = [c for name in of_topic if name in subject.topics for c in of_topic[name] if c in known]
        if own:
            found.append((subject, own))
    return found


def _examples(commands: Sequence[Command]) -> str:
    short = [command.example for command in commands if len(command.example) <= LONGEST_EXAMPLE]
    named = (short or [shorten(command.example, LONGEST_EXAMPLE) for command in commands])[:MOST_NAMED]
    return ", ".join(f"“{example}”" for example in named)


def help_on(turn: Turn, words: str) -> Cards:
    """One subject in full; else the commands with these words in them; else the two subjects that come nearest."""
    subjects = {one.key: (one, commands) for one, commands in _subjects(turn)}
    subject = subject_named(words)
    if subject is not None and subject.key in subjects:
        return [_page(*subjects[subject.key])]
    wanted = {word for word in re.findall(r"\w+", words.casefold()) if len(word) > 2}
    having = [c for c in _known(turn) if wanted and wanted <= set(re.findall(r"\w+", c.example.casefold()))]
    if having:
        items = tuple(Item(text=command.what, lead=command.example) for command in having)
        return [Card("What you can write", (Items(items),))]
    near = nearest(words, [one for one, _commands in subjects.values()])
    named = " or ".join(f"“help {one.key}”" for one in near)
    ways = tuple(Button(one.label, act("help.open", on=one.key)) for one in near)
    text = f"I have no help on “{shorten(words, 40)}”. Did you mean {named}?"
    return [Card("", (Text(text), Buttons((*ways, Button("Help", act("help.open"))))))]


def _page(subject: Subject, commands: Sequence[Command]) -> Card:
    items = tuple(Item(text=command.what, lead=command.example) for command in commands)
    return Card(subject.title, (Items(items), Buttons((Button("All subjects", act("help.open", back=1)),))))


def _open(turn: Turn, action: Action, _values: Values) -> Cards:
    """A page of the help, where the page before it stood; the first of them is a message of its own."""
    if "on" in action.args:
        found = next((pair for pair in _subjects(turn) if pair[0].key == action.args["on"]), None)
        if found is None:
            raise ActionError("no such subject for this person")
        return [replace(_page(*found), in_place=True)]
    cards = open_help(turn, is_full="full" in action.args)
    return [replace(card, in_place=True) for card in cards] if action.args else cards


_HELP = re.compile(r"(?:help|hilfe|ayuda|\?|what can (?:you|i) (?:do|say|write)(?: here)?\??)", re.IGNORECASE)
_HELP_ON = re.compile(r"help (?:me )?(?:(?:with|on|about|for) )?(?P<on>.+)", re.IGNORECASE)
_GREETING = re.compile(
    r"(?:hi|hello|hey|good (?:morning|afternoon|evening)|hola|start)[,.! ]*", re.IGNORECASE
)


def _greet(turn: Turn) -> Cards:
    """Somebody new is told what this is; whom one knows, what waits."""
    first = first_contact.greet(turn)
    return [first] if first is not None else open_help(turn)


THANKS = re.compile(
    r"(?:ok(?:ay)?|great|good|perfect|thanks?|thank you|thx|ty|,|\s|so much|a lot|very much|all right)+[.!]*",
    re.IGNORECASE,
)
"""Words that end a talk and ask nothing."""


def read_thanks(_turn: Turn, text: str) -> Cards | None:
    """Thanks are answered, and never taken for the next question."""
    return [plain("You are welcome.")] if THANKS.fullmatch(text.strip()) else None


TOPIC = Topic(
    name="help",
    commands=(
        Command(_HELP, lambda turn, _match: open_help(turn), example="help", what="What you can write here."),
        Command(
            _HELP_ON,
            lambda turn, match: help_on(turn, match["on"]),
            example="help visits",
            what="Everything about one subject.",
        ),
        Command(_GREETING, lambda turn, _match: _greet(turn), example="", what=""),
    ),
    actions={"help.open": _open},
    in_place_alone=frozenset({"help.open"}),
)
OWN = (TOPIC, *ROUND)
"""Their words come before all others, and lead into the others."""
