"""Finding again what was sent: the right memo first, where it stands, and nothing that is not one's own to see."""

import pytest

from handlers.actions import act
from handlers.digest.digest_sending import send_digests
from storage import record
from storage.database import Store
from tests.chat import Chat, Speaker
from tests.conversations.mandate_texts import CONFERENCES, SEAT_COUNTS
from tests.conversations.test_visits import person_id
from tests.district import email
from tests.played import Played

LEAD = """Facilities Department

To: Principals
From: Facilities
Date: November 24, 2026
Subject: Lead testing of drinking water

Middle schools must test each drinking tap for lead by December 11, 2026. Schools must label the taps.
"""


@pytest.fixture
def chat(store: Store, played: Played) -> Chat:
    return played(store, memos_kept)


def memos_kept(store: Store) -> Chat:
    """Three memos, passed on in the North only, and Monday's digest has gone."""
    chat = Chat(store, at="2026-12-01 14:00")
    for memo in (LEAD, CONFERENCES, SEAT_COUNTS):
        chat.person(email("dev.patel")).says("memo\n" + memo)
    chat.person(email("imani.brooks")).says("pass on all suggested")
    chat.move_to("2026-12-07 06:30")
    assert send_digests(store, chat.now) == 3
    chat.move_to("2026-12-07 13:00")
    return chat


@pytest.fixture
def grace(chat: Chat) -> Speaker:
    grace = chat.person(email("grace.lindqvist"))
    grace.collect()
    return grace


def test_a_principal_finds_what_was_sent_to_the_school_with_its_status(grace: Speaker) -> None:
    grace.says("find lead testing")
    grace.sees("1 memo for “lead testing”", "Lead testing of drinking water", "Facilities, Tue 24 Nov.")
    grace.sees("by Fri 11 Dec", "Open. Told Mon 7 Dec.", "[Open]", "[Original]")
    grace.presses("Open")
    grace.presses("Done")
    grace.says("find memos about the taps")
    grace.sees("Done Mon 7 Dec.")
    grace.presses("Original")
    grace.sees("drinking tap for lead")


def test_what_was_not_sent_to_the_school_is_not_found(chat: Chat) -> None:
    farid = chat.person(email("farid.haddad"))
    farid.says("find label the taps")
    farid.sees("Lead testing")
    farid.does_not_see("drinking tap for lead by")
    for name in ("oluchi.eze", "peter.novak"):
        other = chat.person(email(name))
        other.says("find lead testing")
        other.sees("Nothing that was sent has “lead testing”")


def test_by_office_and_by_time(grace: Speaker) -> None:
    grace.says("find from the Office of Assessment")
    grace.sees("1 memo", "Seat counts")
    grace.says("find counts from facilities")
    grace.sees("Nothing that was sent")
    grace.says("find testing since 1 Dec")
    grace.sees("Lead testing", "Seat counts")
    grace.says("find testing in November")
    grace.sees("Nothing that was sent")
    grace.says("find memo")
    grace.sees("What shall I look for?")


def test_a_slip_of_the_pen_finds_it_all_the_same_and_says_so(grace: Speaker) -> None:
    grace.says("find drinkng watre")
    grace.sees("I looked for “drink”", "Lead testing of drinking water")


def test_an_ild_finds_what_is_for_her_network_with_what_she_decided(chat: Chat) -> None:
    imani, tomas = chat.person(email("imani.brooks")), chat.person(email("tomas.rivera"))
    chat.person(email("grace.lindqvist")).presses("Done")
    imani.says("find lead testing")
    imani.sees("Passed on. Done 1 of 1.", "[Which schools]", "[Original]")
    tomas.says("find lead testing")
    tomas.sees("Waits for your decision.", "[Decide]")


def test_an_office_finds_its_own_memos_with_numbers(chat: Chat) -> None:
    dev = chat.person(email("dev.patel"))
    dev.says("find label the taps")
    dev.sees("Lead testing")
    dev.does_not_see("Lincoln")


def test_an_executive_finds_titles_and_no_more(chat: Chat) -> None:
    ruth = chat.person(email("ruth.castellanos"))
    ruth.says("find lead testing")
    ruth.sees("Lead testing of drinking water", "Facilities, Tue 24 Nov.")
    ruth.does_not_see("Fri 11 Dec", "tap", "[Original]", "Done")
    ruth.says("find label the taps")
    ruth.sees("Nothing that was sent")


def test_many_come_in_pages_whose_buttons_carry_no_words(chat: Chat, store: Store) -> None:
    dev = chat.person(email("dev.patel"))
    for number in range(12):
        dev.says(f"memo Schools must return boiler form {number} by January {number + 5}, 2027.")
    imani = chat.person(email("imani.brooks"))
    imani.says("find boiler")
    imani.sees("12 memos for “boiler”", "[Show the next 5 of 7]")
    imani.presses("Show the next 5 of 7")
    imani.sees("[Show the next 2 of 2]")
    imani.says("find taps")
    imani.presses_action(act("memos.more", v=1, start=5))
    imani.sees("You have looked for something else since")


def test_words_that_begin_so_are_still_an_answer_where_one_is_awaited(grace: Speaker) -> None:
    grace.presses("More")
    grace.presses("Delegate")
    grace.says("find out first")
    grace.sees("Noted: find out first does it.")


def test_words_that_were_no_answer_after_all_look_for_memos(grace: Speaker, store: Store) -> None:
    with store.begin() as tx:
        record.expect(tx, person_id(store, "grace.lindqvist"), "gone", at=grace.chat.now)
    grace.says("find survey")
    grace.sees("Nothing that was sent has “survey”")


@pytest.mark.parametrize(
    "words", ["find %", "find _", "find ' or zz=zz", "find \\", "find ☃", "find " + "x" * 300]
)
def test_odd_words_find_nothing_and_break_nothing(grace: Speaker, words: str) -> None:
    grace.says(words)
    grace.does_not_see("That did not work", "Lead testing of")
