"""The clock of a run in the chat: more minutes for a press, however often it comes, and for words each time."""

import pytest

from handlers.cards import Button, buttons_of
from storage.database import Store
from tests.chat import Speaker
from tests.conversations.several import Several


@pytest.fixture
def group(store: Store) -> Several:
    """Four ILDs in a consultancy that Tomás leads, at its first step on the clock, from 10:04 to 10:14."""
    group = Several(store, "imani.brooks", "tomas.rivera", "leila.farahani", "samuel.osei")
    group.says("imani", "consultancy")
    group.presses("imani", "Begin", facilitator=group.picked("tomas"), peer=group.picked("leila", "samuel"))
    group.says("imani", "With one principal I talk for most of our meetings.", "How could I talk less?")
    group.presses("tomas", "Go on")
    return group


def more_button(speaker: Speaker) -> Button:
    speaker.collect()
    return next(b for card in reversed(speaker.seen) for b in buttons_of(card) if b.label == "5 more minutes")


def test_five_more_minutes_pressed_twice_are_five(group: Several) -> None:
    button = more_button(group["tomas"])
    group["tomas"].sees("until 10:15")
    assert group["tomas"].presses_action(button.action).outcome == "done"
    group["tomas"].sees("5 more minutes, until 10:20")
    assert group["tomas"].presses_action(button.action).outcome == "refused"
    group["tomas"].sees("5 more minutes were given already, until 10:20", "[5 more minutes]")
    assert group.run().state.extra_minutes == 5
    assert group["leila"].everything().count("5 more minutes") == 1


def test_the_button_under_the_refusal_gives_more_and_so_do_words(group: Several) -> None:
    button = more_button(group["tomas"])
    for _ in range(2):
        group["tomas"].presses_action(button.action)
    group.presses("tomas", "5 more minutes")
    group["tomas"].sees("5 more minutes, until 10:25")
    group.says("tomas", "five more minutes", "five more minutes")
    group["tomas"].sees("5 more minutes, until 10:35")
    assert group.run().state.extra_minutes == 20


def test_the_clocks_next_word_has_a_button_that_gives_more(group: Several) -> None:
    group.tick(minutes=8)
    group.presses("tomas", "5 more minutes")
    group.tick(minutes=6)
    group["tomas"].sees("[5 more minutes]")
    group.presses("tomas", "5 more minutes")
    group["tomas"].sees("5 more minutes, until 10:25")


def test_a_button_of_a_step_that_is_over_gives_the_next_one_nothing(group: Several) -> None:
    button = more_button(group["tomas"])
    group.says("tomas", "go on")
    assert group["tomas"].presses_action(button.action).outcome == "refused"
    assert group.run().state.extra_minutes == 0
