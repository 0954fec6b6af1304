"""Somebody comes along on a walkthrough to learn: reads what is shared, and is asked one thing at the end."""

from collections.abc import Iterator

import pytest

from storage import runs
from storage.database import Store
from tests.chat import Speaker
from tests.conversations.test_walkthrough import Two
from tests.district import email


class Three(Two):
    """Grace and Imani, and Farid, a principal of the network, whom Grace asked along."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.farid = self.chat.person(email("farid.haddad"))

    def prepare(self) -> None:
        super().prepare()
        self.says(self.grace, "invite Farid to my walkthrough")
        self.presses(self.farid, "Join")


@pytest.fixture
def three(store: Store) -> Iterator[Three]:
    yield (three := Three(store))
    three.close()


def cards(speaker: Speaker) -> int:
    speaker.collect()
    return len(speaker.messages())


def test_whoever_comes_along_reads_what_is_shared_and_is_asked_nothing(three: Three) -> None:
    three.prepare()
    three.farid.sees("Grace and Imani are in the classrooms", "keep what you see to yourself")
    three.farid.does_not_see("[Log it]")
    three.walk_on()
    assert "how they found the ratio" not in three.farid.everything()
    three.says(three.imani, "Three students explained the ratio without being asked.")
    three.farid.sees("Three students explained the ratio without being asked.")
    three.says(three.farid, "In room 12 I saw the same.")
    three.farid.sees("Grace listens, and so do you. Your words wait here", "In room 12 I saw the same.")
    assert "I saw the same" not in three.grace.everything() + three.imani.everything()


def test_both_sides_notes_are_open_to_them_at_the_debrief(three: Three) -> None:
    three.walk()
    for words in ("Three students explained the ratio.", "done", "What was the task of the five?", "done"):
        three.says(three.imani, words)
    three.farid.sees("you listen", "how they found the ratio", "two students explained the ratio")


def test_at_the_end_they_say_what_they_take_along_and_nobody_has_to(three: Three) -> None:
    three.debrief()
    three.farid.sees("What did you see today that you take along into your own work?")
    three.grace.sees("Whoever came along says what they take from your school")
    three.says(three.farid, "I will ask a student before I ask the teacher.")
    three.says(three.farid, "done")
    three.promise()
    for who in (three.grace, three.imani, three.farid):
        three.presses(who, "All that was written")
        who.sees("I will ask a student before I ask the teacher.", "Farid:" if who != three.farid else "You:")
    assert cards(three.farid) <= 18


def test_the_visitor_goes_on_without_an_observer_who_has_left_for_a_call(three: Three) -> None:
    three.debrief()
    three.presses(three.imani, "Go on")
    three.promise()
    three.grace.sees("Next steps", "Grace", "written note")
    with three.chat.store.read() as tx:
        run = runs.get(tx, 1)
    assert run is not None
    assert run.state.is_over


def test_without_an_observer_nobody_hears_of_the_part(store: Store) -> None:
    two = Two(store)
    two.finish()
    for who in (two.grace, two.imani):
        words = who.everything()
        assert "came along" not in words
        assert "observer" not in words
        assert "step 9 of 9" in words
