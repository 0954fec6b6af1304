"""A run that waits is brought up once, in open time, to whoever it waits for."""

import pytest

from handlers.guided.run_reminders import remind_runs
from handlers.topics import find_topic
from storage.database import Store
from tests.chat import Chat, Speaker
from tests.district import email


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store, at="2026-12-01 09:00")


def pair(chat: Chat) -> tuple[Speaker, Speaker]:
    imani, grace = chat.person(email("imani.brooks")), chat.person(email("grace.lindqvist"))
    imani.says("walkthrough lincoln middle")
    grace.collect()
    return imani, grace


@pytest.mark.parametrize(
    ("at", "count"),
    [
        ("2026-12-01 15:00", 0),  # the same day
        ("2026-12-02 15:00", 0),  # one school day later
        ("2026-12-03 15:00", 1),  # two
    ],
)
def test_after_two_school_days_the_one_asked_is_reminded(
    chat: Chat, store: Store, at: str, count: int
) -> None:
    imani, grace = pair(chat)
    chat.move_to(at)
    assert remind_runs(store, chat.now) == count
    assert len(grace.collect()) == count
    assert imani.collect() == []
    if count:
        assert "waits for you since Tue 1 Dec, at “A strength”" in grace.everything()


def test_a_weekend_is_no_silence(chat: Chat, store: Store) -> None:
    chat.move_to("2026-12-04 09:00")
    pair(chat)
    chat.move_to("2026-12-07 15:00")
    assert remind_runs(store, chat.now) == 0


def test_it_comes_once_for_each_silence_and_each_pause(chat: Chat, store: Store) -> None:
    imani, grace = pair(chat)
    chat.move_to("2026-12-03 15:00")
    assert remind_runs(store, chat.now) == 1
    assert remind_runs(store, chat.now) == 0
    chat.wait(minutes=5)
    grace.says("pause")
    chat.move_to("2026-12-07 15:00")
    assert remind_runs(store, chat.now) == 1
    assert remind_runs(store, chat.now) == 0
    grace.collect()
    assert "The Lincoln Middle walkthrough is paused since Thu 3 Dec" in grace.everything()
    assert "is paused since" not in imani.everything()


def test_in_protected_time_it_waits_and_is_dropped_where_the_run_has_gone_on(
    chat: Chat, store: Store
) -> None:
    _imani, grace = pair(chat)
    chat.move_to("2026-12-03 09:00")  # a protected morning
    assert remind_runs(store, chat.now) == 1
    assert grace.collect() == []
    topic = find_topic("run")
    assert topic is not None
    assert topic.still_true is not None
    with store.read() as tx:
        assert topic.still_true(tx, "run:1", chat.now) is None
    chat.wait(minutes=5)
    grace.says("Students talk to each other.")
    with store.read() as tx:
        assert topic.still_true(tx, "run:1", chat.now) == "the run has gone on since"


def test_the_reminders_button_goes_on_where_it_stood(chat: Chat, store: Store) -> None:
    _imani, grace = pair(chat)
    chat.move_to("2026-12-03 15:00")
    remind_runs(store, chat.now)
    grace.presses("Go on")
    grace.sees("One strength, in your words")
