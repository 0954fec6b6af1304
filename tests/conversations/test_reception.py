"""The front desk: who is answered, once, and how it fails."""

import pytest

from handlers import topics
from handlers.turn import Turn
from storage.database import Store
from tests.chat import Chat
from tests.district import email


def test_help_lists_what_this_person_can_write(store: Store) -> None:
    imani = Chat(store, at="2026-11-24 09:00").person(email("imani.brooks"))
    imani.says("help")
    imani.sees("What you can write here")


def test_the_same_event_twice_is_answered_once(store: Store) -> None:
    imani = Chat(store, at="2026-11-24 09:00").person(email("imani.brooks"))
    assert imani.says("help", key="slack:Ev1").outcome == "done"
    imani.collect()
    count = len(imani.seen)
    assert imani.says("help", key="slack:Ev1").outcome == "repeat"
    assert len(imani.seen) == count


def test_words_nobody_understands_get_a_way_on(store: Store) -> None:
    imani = Chat(store, at="2026-11-24 09:00").person(email("imani.brooks"))
    imani.says("flibbertigibbet")
    imani.sees("did not understand", "[Help]")


def test_a_bug_is_answered_with_a_code_and_changes_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(turn: Turn, text: str) -> None:
        raise RuntimeError("a secret note")

    monkeypatch.setattr(topics, "READINGS", (broken,))
    imani = Chat(store, at="2026-11-24 09:00").person(email("imani.brooks"))
    assert imani.says("something").outcome == "failed"
    imani.sees("nothing was changed", "this code:")
    assert "something" not in caplog.messages[-1]
