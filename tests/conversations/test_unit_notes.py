"""A unit's weekly note: what it asked, what became of it, in numbers; and nothing where there is nothing to tell."""

import pytest

from handlers.digest.digest_sending import send_digests
from handlers.intake.unit_notes import send_unit_notes
from storage.database import Store
from tests.chat import Chat, Speaker
from tests.district import email

FRIDAY = "2026-12-04 12:30"
NEXT_FRIDAY = "2026-12-11 12:30"
MEMO = (
    "memo Schools must return the key list by December 14, 2026.\n\n"
    "Schools must send the roster by December 18, 2026."
)


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store, at="2026-12-01 14:00")


@pytest.fixture
def dev(chat: Chat) -> Speaker:
    return chat.person(email("dev.patel"))


@pytest.fixture
def imani(chat: Chat) -> Speaker:
    return chat.person(email("imani.brooks"))


def test_a_week_without_anything_has_no_note(chat: Chat, store: Store) -> None:
    chat.move_to(FRIDAY)
    assert send_unit_notes(store, chat.now) == 0


@pytest.mark.parametrize("at", ["2026-12-03 12:30", "2026-12-04 11:00", "2026-12-05 12:30"])
def test_the_note_goes_on_the_last_school_day_after_noon(
    chat: Chat, dev: Speaker, store: Store, at: str
) -> None:
    dev.says(MEMO)
    chat.move_to(at)
    assert send_unit_notes(store, chat.now) == 0


def test_it_says_what_was_asked_what_it_costs_and_what_came_back_once(
    chat: Chat, dev: Speaker, imani: Speaker, store: Store
) -> None:
    dev.says(MEMO)
    imani.says("triage")
    imani.presses("Other ways")
    imani.presses("Decline")
    imani.presses("Decline it", reason="The custodian has it already.")
    chat.move_to(FRIDAY)
    assert send_unit_notes(store, chat.now) == 1
    assert send_unit_notes(store, chat.now) == 0
    chat.wait(hours=1)
    dev.collect()
    dev.sees("You asked this week:", "2 things, about", "for all schools together")
    dev.sees("Imani Brooks declined “Return the key list”.", "The custodian has it already.")


def test_what_was_done_is_told_in_numbers_and_never_by_school(
    chat: Chat, dev: Speaker, imani: Speaker, store: Store
) -> None:
    dev.says(MEMO)
    for name in ("imani.brooks", "tomas.rivera"):
        chat.person(email(name)).says("pass on all suggested")
    chat.move_to("2026-12-07 06:30")
    assert send_digests(store, chat.now)
    grace = chat.person(email("grace.lindqvist"))
    grace.collect()
    grace.presses("Done")
    chat.move_to(NEXT_FRIDAY)
    assert send_unit_notes(store, chat.now) == 1
    chat.wait(hours=1)
    dev.collect()
    dev.sees("What became of it", "Done 1 of 5", "open 4")
    dev.does_not_see("Lincoln", "You asked this week")


def test_a_quiet_week_after_that_has_no_note(chat: Chat, dev: Speaker, store: Store) -> None:
    dev.says(MEMO)
    chat.move_to(FRIDAY)
    assert send_unit_notes(store, chat.now) == 1
    chat.move_to(NEXT_FRIDAY)
    assert send_unit_notes(store, chat.now) == 0
