"""The administrator's chat: protected half-days and roles."""

import pytest

from storage.database import Store
from tests.chat import Chat
from tests.district import email


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store, at="2026-11-30 10:00")


def test_anybody_can_see_which_half_days_are_protected(chat: Chat) -> None:
    dev = chat.person(email("dev.patel"))
    dev.says("protected time")
    dev.sees("Tuesday morning", "Thursday morning", "for everybody")


def test_a_newly_protected_half_day_refuses_meetings_at_once(chat: Chat) -> None:
    ana, dev = chat.person(email("ana.whitefeather")), chat.person(email("dev.patel"))
    ana.says("protect Wednesday afternoon because visits come first")
    ana.sees("Wednesday afternoon is protected from today on")
    dev.says("meeting with principals Wed 13:00 about buses")
    dev.sees("Wednesday afternoon belongs to schools", "visits come first")
    ana.says("open wed afternoon")
    ana.sees("is open from today on")
    dev.says("meeting with principals Wed 13:00 about buses")
    dev.sees("is free for 5 principals")


def test_one_network_can_have_its_own(chat: Chat) -> None:
    ana, dev = chat.person(email("ana.whitefeather")), chat.person(email("dev.patel"))
    ana.says("protect fri morning for South Network")
    dev.says("meeting with north network Fri 9:00 about buses")
    dev.sees("is free for 3 principals")
    dev.says("meeting with south network Fri 9:00 about buses")
    dev.sees("Friday morning belongs to schools")


def test_only_the_administrator_changes_protected_time(chat: Chat) -> None:
    dev = chat.person(email("dev.patel"))
    dev.says("protect Wednesday afternoon")
    dev.sees("is for administrators")
    dev.says("protected time")
    dev.does_not_see("Wednesday")


def test_a_role_is_given_and_taken_away(chat: Chat) -> None:
    ana, dev = chat.person(email("ana.whitefeather")), chat.person(email("dev.patel"))
    ana.says(f"make {email('dev.patel')} executive")
    ana.sees("Dev Patel is now an executive")
    dev.says("meeting with principals Tue 9:00 about substitutes")
    dev.sees("[Take it all the same]")
    ana.says(f"end {email('dev.patel')} executive")
    ana.sees("no longer an executive")
    dev.says("meeting with principals Tue 9:00 about substitutes")
    dev.does_not_see("[Take it all the same]")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("make nobody@district.example executive", "Nobody active in the roster"),
        ("make dev.patel@district.example unit", "Write the office"),
        ("protect Tuesday morning", "protected already"),
        ("open Monday morning", "is not protected"),
        ("protect Friday morning for the pirates", "don't know whom"),
        ("undelivered", "Every message arrived"),
    ],
)
def test_what_cannot_be_done_says_why(chat: Chat, words: str, answer: str) -> None:
    ana = chat.person(email("ana.whitefeather"))
    ana.says(words)
    ana.sees(answer)
