"""A pulse in a district of many schools: told, closed and answered in batches, and a process may die between two."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlmodel import select

from handlers.centre import pulse_clock, pulse_invitations
from handlers.clock import run_due
from storage import pulse, record
from storage.database import Store
from storage.tables import MessageRow, PulseAnsweredRow, PulseBallotRow, PulseLineRow
from tests.chat import Chat
from tests.conversations.bigger_district import add_people
from tests.district import email

MONDAY, LAST, AFTER, LATER = "2026-11-30 14:00", "2026-12-07 12:00", "2026-12-08 14:00", "2026-12-09 14:00"
FIVE = ("grace.lindqvist", "farid.haddad", "mei.tanaka", "oluchi.eze", "peter.novak")


class KilledError(BaseException):
    """The process is gone: nothing catches it, and the open transaction is lost."""


@pytest.fixture
def chat(store: Store, monkeypatch: pytest.MonkeyPatch) -> Chat:
    """Nine principals, told two at a time."""
    add_people(store)
    monkeypatch.setattr(pulse_invitations, "BATCH", 2)
    monkeypatch.setattr(pulse_clock, "BATCH", 2)
    monkeypatch.setattr(pulse_clock, "GROUPS", 1)
    return Chat(store, at=MONDAY)


@contextmanager
def killed_at(owner: Any, name: str, *, call: int) -> Iterator[None]:
    """The process dies in that call of a function, the first is 1."""
    whole: Callable[..., Any] = getattr(owner, name)
    calls = 0

    def dying(*args: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == call:
            raise KilledError
        return whole(*args, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, name, dying)
        with pytest.raises(KilledError):
            yield


def told(store: Store, kind: str) -> Counter[int]:
    with store.read() as tx:
        return Counter(tx.exec(select(MessageRow.recipient_id).where(MessageRow.kind == kind)).all())


def tick(chat: Chat) -> None:
    assert run_due(chat.store, chat.now)["failed"] == 0


def start(chat: Chat) -> None:
    ruth = chat.person(email("ruth.castellanos"))
    ruth.says("start pulse")
    ruth.presses("Start the pulse")


def test_the_first_batch_is_invited_at_once_and_the_clock_invites_the_others_once(chat: Chat) -> None:
    start(chat)
    assert len(told(chat.store, "pulse")) == 2
    with killed_at(pulse_invitations, "tell_when_open", call=4):  # the second one of the second batch
        tick(chat)
    assert len(told(chat.store, "pulse")) == 4
    tick(chat)
    assert set(told(chat.store, "pulse").values()) == {1}
    assert len(told(chat.store, "pulse")) == 9
    tick(chat)
    assert len(told(chat.store, "pulse")) == 9


def test_somebody_who_comes_later_is_not_invited_to_what_began_before(chat: Chat) -> None:
    start(chat)
    tick(chat)
    with chat.store.read() as tx:
        assert record.get_setting(tx, pulse_invitations.INVITING) == {}


def answer(chat: Chat) -> None:
    chat.move_to(LAST)
    for number, name in enumerate(FIVE):
        speaker = chat.person(email(name))
        speaker.says("pulse")
        speaker.presses("Human Resources")
        speaker.presses("Send", answer="2", worth="3", known="4", line=f"Fewer forms, part {number}")


def test_closing_takes_answers_apart_group_by_group_and_shows_nothing_before_all_are(chat: Chat) -> None:
    start(chat)
    tick(chat)
    answer(chat)
    chat.move_to(AFTER)
    with killed_at(pulse, "take_apart", call=2):
        tick(chat)
    with chat.store.read() as tx:
        receipts = {row.network: row.receipt for row in tx.exec(select(PulseBallotRow)).all()}
        assert "" in receipts.values()  # one group is taken apart
        assert any(receipts.values())  # and one is not
    ruth = chat.person(email("ruth.castellanos"))
    ruth.says("pulse")
    ruth.sees("There was no pulse yet")
    tick(chat)
    with chat.store.read() as tx:
        assert {row.receipt for row in tx.exec(select(PulseBallotRow)).all()} == {""}
        assert {row.receipt for row in tx.exec(select(PulseLineRow)).all()} == {""}
        assert tx.exec(select(PulseAnsweredRow)).all() == []
    ruth.says("pulse")
    ruth.sees("5 of 9 principals answered", "5 answers")


def test_everybody_hears_once_that_it_is_closed_and_what_was_done(chat: Chat) -> None:
    start(chat)
    tick(chat)
    answer(chat)
    chat.move_to(AFTER)
    with killed_at(pulse_clock, "tell_when_open", call=4):
        tick(chat)
    assert len(told(chat.store, "pulse_result")) == 2
    tick(chat)
    heard = told(chat.store, "pulse_result")
    assert set(heard.values()) == {1}
    chat.person(email("dev.patel")).says("we did: forms are asked for once a year")
    chat.move_to(LATER)
    with killed_at(pulse_clock, "tell_when_open", call=3):
        tick(chat)
    assert len(told(chat.store, "pulse_done")) == 2
    tick(chat)
    tick(chat)
    assert len(told(chat.store, "pulse_done")) == 9
    assert set(told(chat.store, "pulse_done").values()) == {1}
    assert told(chat.store, "pulse_result") == heard


def test_a_receipt_is_taken_out_once_it_has_arrived(chat: Chat) -> None:
    start(chat)
    tick(chat)
    chat.move_to(LAST)
    grace = chat.person(email("grace.lindqvist"))
    grace.says("pulse")
    grace.presses("Human Resources")
    grace.presses("Send", answer="2", worth="3", known="4")
    grace.sees("Your receipt")
    chat.wait(minutes=4)
    assert pulse_clock.blank_receipts(chat.store, chat.now) == 0
    chat.wait(minutes=2)
    assert pulse_clock.blank_receipts(chat.store, chat.now) == 1
    assert pulse_clock.blank_receipts(chat.store, chat.now) == 0
