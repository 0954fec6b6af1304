"""Buttons that put a reminder off: later today, tomorrow, next week."""

from handlers.actions import act
from handlers.cards import Button, Buttons, Card

CHOICES = {"later": "Later today", "tomorrow": "Tomorrow", "week": "Next week"}
NAME = "courtesy.snooze"


def with_snooze(card: Card, message_id: int) -> Card:
    """The card with the buttons under it."""
    buttons = tuple(
        Button(label, act(NAME, message=message_id, to=choice)) for choice, label in CHOICES.items()
    )
    return Card(card.title, (*card.blocks, Buttons(buttons)))


def without_snooze(card: Card) -> Card:
    """The card as it was before the buttons were put under it."""
    kept = tuple(
        block
        for block in card.blocks
        if not (isinstance(block, Buttons) and all(button.action.name == NAME for button in block.buttons))
    )
    return Card(card.title, kept)
