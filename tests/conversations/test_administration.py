"""The administrator's chat: roles, and messages that did not arrive."""

import pytest

from storage.database import Store
from tests.chat import Chat
from tests.district import email


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store, at="2026-11-30 10:00")


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
        ("undelivered", "Every message arrived"),
    ],
)
def test_what_cannot_be_done_says_why(chat: Chat, words: str, answer: str) -> None:
    ana = chat.person(email("ana.whitefeather"))
    ana.says(words)
    ana.sees(answer)
