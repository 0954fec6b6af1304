"""Messages that change where they stand: what is on a person's screen after a press, and after the next one."""

import pytest

from handlers.digest.digest_sending import send_digests
from storage.database import Store
from tests.chat import Chat, Speaker, words_of
from tests.conversations.mandate_texts import CONFERENCES, SEAT_COUNTS
from tests.district import email

TUESDAY = "2026-11-24 14:00"
MONDAY = "2026-11-30 06:30"


@pytest.fixture
def chat(store: Store) -> Chat:
    chat = Chat(store, at=TUESDAY)
    dev = chat.person(email("dev.patel"))
    dev.says("memo\n" + CONFERENCES)
    dev.says("memo\n" + SEAT_COUNTS)
    return chat


def newest(speaker: Speaker) -> str:
    return words_of(list(speaker.messages().values())[-1])


def digest_of(chat: Chat, name: str) -> Speaker:
    """A principal on Monday, after the ILDs have passed everything on."""
    for ild in ("imani.brooks", "tomas.rivera"):
        chat.person(email(ild)).says("pass on all suggested")
    chat.move_to(MONDAY)
    send_digests(chat.store, chat.now)
    speaker = chat.person(email(name))
    speaker.collect()
    return speaker


def test_the_desk_shows_the_next_item_where_the_last_one_was(imani: Speaker) -> None:
    imani.says("triage")
    before, first = len(imani.messages()), newest(imani)
    imani.presses("Hold")
    assert len(imani.messages()) == before
    assert newest(imani) != first
    imani.sees("Held until", "[Change it]", "[Other ways]")
    imani.presses("Other ways")
    imani.presses("Hold until a day")
    imani.presses("Back")
    imani.sees("[Pass on]")
    assert len(imani.messages()) == before


def test_a_form_on_the_desk_keeps_what_was_typed_until_it_is_right(imani: Speaker) -> None:
    imani.says("triage")
    before = len(imani.messages())
    imani.presses("Add my line")
    long = "Start with the seat counts. " * 12
    imani.presses("Save and pass on", note=long)
    assert len(imani.messages()) == before
    imani.shows("Keep your line under", long)
    imani.presses("Save and pass on", note="Start with the seat counts.")
    imani.shows("Passed on with your line: Start with the seat counts.")
    imani.does_not_show("Keep your line under")


def test_an_item_done_is_done_in_the_digest_itself_and_can_be_undone_there(chat: Chat) -> None:
    grace = digest_of(chat, "grace.lindqvist")
    before, first = len(grace.messages()), newest(grace)
    grace.presses("Done")
    assert len(grace.messages()) == before
    grace.shows("2 things left", "Done:", "[Not done after all]")
    grace.presses("Not done after all")
    assert len(grace.messages()) == before
    grace.shows("Open again")
    grace.does_not_show("[Not done after all]")
    title = first.splitlines()[0].strip()
    assert newest(grace).startswith(title)


def test_an_item_opened_from_the_digest_changes_by_itself_and_leaves_the_digest(chat: Chat) -> None:
    grace = digest_of(chat, "grace.lindqvist")
    before = len(grace.messages())
    grace.presses("More")
    assert len(grace.messages()) == before + 1
    grace.presses("Remind me")
    grace.presses("Back")
    grace.shows("[Delegate]")
    grace.presses("Remind me")
    grace.presses("Tomorrow")
    assert len(grace.messages()) == before + 1
    assert "I'll bring it up on" in newest(grace)


def test_a_button_of_an_earlier_state_shows_the_digest_as_it_stands(chat: Chat) -> None:
    grace = digest_of(chat, "grace.lindqvist")
    place, digest, done = grace._find_button("Done")
    grace.presses("Done")
    chat.wait(minutes=1)
    before = len(grace.messages())
    grace.presses_again(place, done)
    assert len(grace.messages()) == before
    grace.shows("Done Mon 30 Nov")
    assert digest.title != ""


def test_help_unfolds_where_it_stands(imani: Speaker) -> None:
    imani.says("help")
    before = len(imani.messages())
    imani.presses("All of them")
    assert len(imani.messages()) == before
    imani.does_not_show("[All of them]")
