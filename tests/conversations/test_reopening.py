"""School after all: the visits that a closure had called off are named, and come back with a press."""

from datetime import date

import pytest

from protocols.cadence.calendar import Half
from storage.database import Store
from tests.chat import Chat, Speaker
from tests.conversations.test_calendar import planned, status_of
from tests.district import email


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store, at="2026-11-30 12:30")


@pytest.fixture
def ana(chat: Chat) -> Speaker:
    return chat.person(email("ana.whitefeather"))


@pytest.fixture
def two(store: Store) -> list[int]:
    return [
        planned(store, "Lincoln Middle", date(2026, 12, 3)),
        planned(store, "Roosevelt High", date(2026, 12, 3), half=Half.PM),
    ]


def close(ana: Speaker) -> None:
    ana.says("snow day 3 December")
    ana.presses("Put in force")


def reopen(ana: Speaker) -> None:
    ana.says("reopen 3 December")
    ana.presses("Put in force")


def statuses(store: Store, ids: list[int]) -> list[str]:
    return [status_of(store, one)[0] for one in ids]


def test_what_was_called_off_comes_back_with_one_press(
    chat: Chat, store: Store, ana: Speaker, imani: Speaker, two: list[int]
) -> None:
    close(ana)
    assert statuses(store, two) == ["cancelled", "cancelled"]
    reopen(ana)
    ana.sees("2 visits called off for it can be put back; the ILDs are asked")
    imani.sees(
        "School after all, Thu 3 Dec",
        "Called off before",
        "Lincoln Middle",
        "Thu 3 Dec 8:30, free for both.",
        "[Put it back]",
        "[Put all 2 back]",
    )
    imani.presses("Put all 2 back")
    imani.sees("Put back: Lincoln Middle, Thu 3 Dec 8:30; Roosevelt High, Thu 3 Dec 13:00.")
    assert statuses(store, two) == ["planned", "planned"]
    mei = chat.person(email("mei.tanaka"))
    mei.sees("The visit to Roosevelt High on Thu 3 Dec 13:00 takes place after all.", "[That suits me]")
    mei.presses("That suits me")
    mei.sees("Good: Roosevelt High")
    imani.presses("Put all 2 back")
    imani.sees("settled already")


def test_only_what_is_free_for_both_is_offered(
    chat: Chat, store: Store, ana: Speaker, imani: Speaker, two: list[int]
) -> None:
    close(ana)
    chat.person(email("mei.tanaka")).says("I am away 3 Dec")
    reopen(ana)
    ana.sees("1 visit called off for it can be put back")
    imani.sees("Thu 3 Dec 13:00. That half-day is not free for both any more.", "[Put it back]")
    imani.does_not_see("[Put all")
    imani.presses("Put it back")
    imani.sees("Put back: Lincoln Middle, Thu 3 Dec 8:30.")
    assert statuses(store, two) == ["planned", "cancelled"]
    imani.presses("Put it back")
    imani.sees("settled already")


def test_a_visit_with_another_in_its_place_stays_off(
    store: Store, ana: Speaker, imani: Speaker, two: list[int]
) -> None:
    close(ana)
    imani.presses("Hold these")
    reopen(ana)
    ana.does_not_see("can be put back")
    imani.sees("Thu 3 Dec 8:30. Another visit stands in for it.")
    imani.does_not_see("[Put it back]")
    assert statuses(store, two) == ["cancelled", "cancelled"]


def test_a_visit_that_somebody_else_called_off_is_not_brought_back(
    store: Store, ana: Speaker, imani: Speaker, two: list[int]
) -> None:
    imani.says("cancel lincoln middle")
    imani.presses("Cancel the visit", by="ild", reason="Hearing")
    close(ana)
    reopen(ana)
    imani.sees("Thu 3 Dec 13:00, free for both.", "[Put it back]")
    imani.does_not_see("Thu 3 Dec 8:30, free for both", "[Put all")


def test_the_other_network_and_nobody_else_may(
    chat: Chat, store: Store, ana: Speaker, imani: Speaker, tomas: Speaker, two: list[int]
) -> None:
    close(ana)
    reopen(ana)
    imani.collect()
    button = next(
        b.action
        for card in imani.seen
        for block in card.blocks
        for b in getattr(block, "buttons", ())
        if b.label == "Put all 2 back"
    )
    tomas.presses_action(button)
    tomas.sees("You are neither there")
    assert statuses(store, two) == ["cancelled", "cancelled"]
