"""Principals say which half-days suit them, and plans keep to it where no rhythm suffers."""

from datetime import date

import pytest

from handlers.cadence.likings import read_times
from protocols.cadence.calendar import Half
from storage.database import Store
from tests.chat import Chat, Speaker
from tests.conversations.test_visits import add_held
from tests.district import email

AM, PM = Half.AM, Half.PM


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store, at="2026-11-30 10:00")


@pytest.mark.parametrize(
    ("words", "times"),
    [
        ("Thursday mornings", {(3, AM)}),
        ("Mondays", {(0, AM), (0, PM)}),
        ("Tue mornings and Thu afternoons", {(1, AM), (3, PM)}),
        ("mornings", {(day, AM) for day in range(5)}),
        ("Wednesday, Friday", {(2, AM), (2, PM), (4, AM), (4, PM)}),
    ],
)
def test_times_of_the_week_are_read(words: str, times: set[tuple[int, Half]]) -> None:
    assert read_times(words) == times


def test_a_plan_keeps_to_what_a_principal_would_rather_not(chat: Chat, store: Store, imani: Speaker) -> None:
    add_held(store, "Roosevelt High", date(2026, 11, 19))
    for school in ("Lincoln Middle", "Lincoln Elementary"):
        add_held(store, school, date(2026, 11, 30))
    mei = chat.person(email("mei.tanaka"))
    mei.says("not on Thursdays")
    mei.sees("Noted: rather not Thursdays")
    imani.says("plan roosevelt fri 9:00")
    imani.says("cancel roosevelt")
    imani.presses("Cancel the visit", by="ild", reason="A clash")
    imani.sees(
        "The next slot for Roosevelt High is Tue 8 Dec 8:30", "[Hold Tue 8 Dec 8:30] \n[Hold Thu 3 Dec 8:30]"
    )


def test_the_newest_word_counts_and_all_can_be_taken_back(chat: Chat) -> None:
    mei = chat.person(email("mei.tanaka"))
    mei.says("I prefer Thursday mornings and Tuesdays")
    mei.sees("you prefer Tuesdays and Thursday mornings")
    mei.says("not on Tuesdays")
    mei.sees("you prefer Thursday mornings; rather not Tuesdays")
    mei.says("any time suits me")
    mei.says("I prefer mornings, but not on Mondays")
    mei.sees("you prefer Tuesday mornings, Wednesday mornings", "rather not Mondays")
    mei.says("any time suits me")
    mei.sees("any half-day suits you")
    mei.says("not on Mondays, Tuesdays, Wednesdays, Thursdays and Fridays")
    mei.sees("no half-day would be left")


def test_an_ild_says_it_in_the_calendar_instead(imani: Speaker) -> None:
    imani.says("I prefer Thursday mornings")
    imani.sees("That is for principals")
