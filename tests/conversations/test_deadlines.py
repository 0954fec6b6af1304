"""Reminders before deadlines: what is open and due soon, once, in one message a day, in working hours."""

from datetime import timedelta

import pytest
from sqlmodel import select

from handlers.clock import run_due
from handlers.digest import deadlines
from handlers.digest.deadlines import remind_deadlines
from handlers.digest.digest_sending import send_digests
from storage.database import Store
from storage.tables import MessageRow
from tests.chat import Chat, Speaker
from tests.conversations.test_digest_changes import move
from tests.district import email
from tests.played import Played

MONDAY = "2026-12-07 06:30"
MEMO = (
    "memo Schools must return the key list by December 11, 2026.\n\n"
    "Schools must send the roster by December 11, 2026.\n\n"
    "Schools must name a coordinator by January 15, 2027."
)


@pytest.fixture
def chat(store: Store, played: Played) -> Chat:
    return played(store, three_things_sent)


def three_things_sent(store: Store) -> Chat:
    """Three things are in Monday's digest, two of them due on Friday."""
    chat = Chat(store, at="2026-12-01 14:00", is_courteous=True)
    chat.person(email("dev.patel")).says(MEMO)
    chat.person(email("imani.brooks")).says("pass on all suggested")
    chat.move_to(MONDAY)
    assert send_digests(store, chat.now) == 3
    return chat


@pytest.fixture
def grace(chat: Chat) -> Speaker:
    grace = chat.person(email("grace.lindqvist"))
    grace.collect()
    return grace


def reminders(store: Store) -> list[MessageRow]:
    with store.read() as tx:
        return [row for row in tx.exec(select(MessageRow)) if row.kind == "deadline"]


def remind_at(chat: Chat, at: str) -> int:
    chat.move_to(at)
    return remind_deadlines(chat.store, chat.now)


def last_card(speaker: Speaker) -> str:
    speaker.collect()
    return speaker.seen[-1].title


def test_all_that_is_due_soon_comes_in_one_message_two_school_days_before(
    chat: Chat, store: Store, grace: Speaker
) -> None:
    assert remind_at(chat, "2026-12-08 12:30") == 0
    assert remind_at(chat, "2026-12-09 07:30") == 0
    assert remind_at(chat, "2026-12-09 08:00") == 3
    grace.collect()
    assert last_card(grace) == "Due soon, and still open: 2 things, the first Fri 11 Dec."
    grace.sees("key list", "roster", "[Done]", "[Original]")
    for at in ("2026-12-09 09:00", "2026-12-10 12:30", "2026-12-11 09:00"):
        assert remind_at(chat, at) == 0
    assert len(reminders(store)) == 3


def test_only_what_is_open_is_brought_up(chat: Chat, grace: Speaker) -> None:
    grace.presses("Done")
    farid = chat.person(email("farid.haddad"))
    farid.presses("More")
    farid.presses("Delegate")
    farid.says("the clerk")
    remind_at(chat, "2026-12-09 08:00")
    for speaker in (grace, farid):
        assert last_card(speaker) == "Due soon, and still open: 1 thing, the first Fri 11 Dec."


def test_what_is_done_before_the_message_goes_drops_it(chat: Chat, store: Store, grace: Speaker) -> None:
    remind_at(chat, "2026-12-09 08:00")
    with store.read() as tx:
        (message,) = [
            row
            for row in tx.exec(select(MessageRow))
            if row.kind == "deadline" and row.recipient_id == grace.id
        ]
    assert message.subject.startswith("deadlines:")
    grace.says("my digest")
    for _ in range(2):
        grace.presses("Done")
    with store.read() as tx:
        assert deadlines.still_true(tx, message.subject, chat.now) == "all of it is done"


def test_do_not_drop_is_brought_up_on_the_day_before_as_well(store: Store) -> None:
    chat = Chat(store, at="2026-12-01 14:00", is_courteous=True)
    chat.person(email("dev.patel")).says("memo Schools must return the key list by December 11, 2026.")
    imani = chat.person(email("imani.brooks"))
    imani.says("triage")
    imani.presses("Do not drop")
    chat.move_to(MONDAY)
    send_digests(store, chat.now)
    assert remind_at(chat, "2026-12-09 08:00") == 3
    assert remind_at(chat, "2026-12-10 12:30") == 3
    assert remind_at(chat, "2026-12-11 09:00") == 0


def test_in_protected_time_it_waits_and_after_the_deadline_it_is_dropped(chat: Chat, store: Store) -> None:
    """Thursday morning is protected; the clock was down on Wednesday."""
    assert remind_at(chat, "2026-12-10 09:00") == 0
    assert remind_at(chat, "2026-12-10 12:00") == 3
    assert remind_at(chat, "2026-12-12 12:00") == 0


def test_a_clock_that_was_down_past_the_deadline_says_nothing(chat: Chat) -> None:
    assert remind_at(chat, "2026-12-14 09:00") == 0


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ("no deadline reminders", "what is due soon"),
        ("remind me never", "shows what is open"),
    ],
)
def test_who_wants_none_gets_none(chat: Chat, grace: Speaker, wish: str, said: str) -> None:
    grace.says(wish)
    grace.sees(said)
    remind_at(chat, "2026-12-09 08:00")
    grace.collect()
    assert not grace.seen[-1].title.startswith("Due soon")


def test_a_principal_may_say_how_many_school_days_before(chat: Chat, grace: Speaker) -> None:
    grace.says("remind me 3 days before deadlines")
    grace.sees("3 school days before its deadline")
    assert remind_at(chat, "2026-12-08 12:00") == 1
    grace.says("remind me 30 days before deadlines")
    grace.sees("1 to 10 school days")


def test_who_asked_to_be_reminded_on_a_day_of_their_own_is_reminded_then(chat: Chat, grace: Speaker) -> None:
    grace.presses("More")
    grace.presses("Remind me")
    grace.presses("Remind me then", day="2026-12-10")
    remind_at(chat, "2026-12-09 08:00")
    assert last_card(grace) == "Due soon, and still open: 1 thing, the first Fri 11 Dec."


def test_a_moved_day_is_reminded_of_anew(chat: Chat, store: Store, grace: Speaker) -> None:
    assert remind_at(chat, "2026-12-09 08:00") == 3
    chat.wait(hours=1)
    move(chat)
    assert remind_at(chat, "2026-12-14 09:00") == 3
    grace.collect()
    grace.sees("by Wed 16 Dec")


def test_the_clock_does_it(chat: Chat) -> None:
    chat.move_to("2026-12-09 08:00")
    counts = run_due(chat.store, chat.now)
    assert (counts["deadlines_reminded"], counts["failed"]) == (3, 0)
    chat.now += timedelta(minutes=1)
    assert run_due(chat.store, chat.now)["deadlines_reminded"] == 0
