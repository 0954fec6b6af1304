"""From words or a button to the handler that answers. The list of topics is the whole map of the conversation.

Words are read in this order: a command that matches all of them; a memo whose letterhead says that it is one; what the
thread is about that they are written in; the question the person was asked last; any other memo; a question about
visits; else a kind "did you mean". A press names its topic.
"""

import re
from collections.abc import Collection
from dataclasses import replace

from rapidfuzz import fuzz, process

from handlers import help, topics
from handlers.actions import Action
from handlers.cards import Button, Buttons, Card, Text, is_list
from handlers.errors import UserError
from handlers.turn import Cards, Turn, Values
from protocols.guided.steps import join_names
from storage import record
from storage.people import Role

SIMILAR = 72
"""From this similarity (0 to 100) on, a command may have been meant; below it is merely the nearest."""
SAY_ROLE = {
    Role.ILD: "ILDs",
    Role.PRINCIPAL: "principals",
    Role.EXECUTIVE: "executives",
    Role.UNIT: "central-office staff",
    Role.ADMINISTRATOR: "administrators",
}
LONGEST_BARE = 30
"""Characters. So short, the words of somebody else's command ("memo", "triage") are no question about visits."""
OWN = help.OWN


def answer_words(turn: Turn, text: str, *, is_command: bool = False) -> Cards:
    """What the bot says to these words."""
    words = re.sub(r"\s+", " ", text).strip()
    if not words:
        return help.open_help(turn)
    commanded = answer_command(turn, text)
    if commanded is not None:
        return commanded
    if not is_command:
        letter = topics.read_letter(turn, text)
        if letter is not None:
            return letter
        threaded = topics.read_in_thread(turn, text)
        if threaded is not None:
            return threaded
        awaited = record.expectation_of(turn.tx, turn.person.id)
        topic = topics.find_topic(awaited.topic) if awaited else None
        if awaited and topic and topic.answer:
            cards = topic.answer(turn, awaited.args, text)
            if cards is not None:
                return cards
    if len(words) <= LONGEST_BARE and (others := _others_command(turn, words)) is not None:
        return [others]
    for reading in (help.read_thanks, *topics.READINGS):
        cards = reading(turn, text)
        if cards is not None:
            return cards
    if (others := _others_command(turn, words[: topics.LONGEST_COMMAND])) is not None:
        return [others]
    return [_not_understood(turn, words)]


def answer_command(turn: Turn, text: str) -> Cards | None:
    """What the bot says to words that are a command; None for all others."""
    words = re.sub(r"\s+", " ", text).strip()
    for command in (command for topic in OWN for command in topic.commands):
        if match := command.pattern.fullmatch(words):
            cards = command.run(turn, match)
            if cards is not None:
                return cards
    return topics.run_command(turn, text)


def _others_command(turn: Turn, words: str) -> Card | None:
    """Where the words are a command of other roles: who it is for. What everybody may write was tried before."""
    every = (command for topic in topics.TOPICS for command in topic.commands if command.roles)
    found = next((command for command in every if command.pattern.fullmatch(words)), None)
    if found is None or found.roles & turn.person.roles:
        return None
    return Card(
        "", (Text(f"That is for {say_roles(found.roles)}. Write “help” to see what I can do for you."),)
    )


def say_roles(roles: Collection[Role]) -> str:
    """ "executives, ILDs and principals" """
    return join_names([SAY_ROLE[role] for role in sorted(roles, key=lambda role: SAY_ROLE[role].casefold())])


def answer_press(turn: Turn, action: Action, values: Values) -> Cards:
    """What the bot says to this button. Raises ``UserError`` where an old version's button is no longer known."""
    own = next((topic for topic in OWN if topic.name == action.topic), None)
    topic = own or topics.find_topic(action.topic)
    handler = topic.actions.get(action.name) if topic else None
    if handler is None:
        raise UserError(
            "That button is from an older version of mine. Write “help” to see what I can do now."
        )
    cards = handler(turn, action, values)
    assert topic is not None  # it has the handler
    is_here = action.name in topic.in_place or (
        action.name in topic.in_place_alone and turn.pressed is not None and not is_list(turn.pressed.card)
    )
    return [replace(cards[0], in_place=True), *cards[1:]] if cards and is_here else cards


def _not_understood(turn: Turn, words: str) -> Card:
    examples = [command.example for command in topics.commands_for(turn) if command.example]
    near = process.extract(words, examples, scorer=fuzz.WRatio, limit=2)
    if not near:
        return Card("", (Text("I did not understand that, and you have no role in the roster yet."),))
    meant = " or ".join(f"“{example}”" for example, _score, _index in near)
    is_like = near[0][1] >= SIMILAR
    text = (
        f"I did not understand that. Did you mean {meant}?"
        if is_like
        else f"I did not understand that. The nearest I know: {meant}."
    )
    return Card(title="", blocks=(Text(text), Buttons((Button("Help", Action("help.open")),))))
