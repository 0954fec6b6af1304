"""Long conversations as lists of events, so that a process can be killed anywhere in them and all of it repeated.

Each is recorded from a chat that reads like one. The events carry every press's ids and versions, so playing them
against a fresh copy of the same district does the same again.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from handlers import reception
from handlers.clock import run_due
from handlers.intake.sent_files import Files
from handlers.reception import Inbound, Received
from storage.database import Store
from tests import chat as chat_module
from tests.chat import Chat
from tests.conversations.mandate_texts import CONFERENCES, SEAT_COUNTS
from tests.conversations.test_walkthrough import Two
from tests.district import email


@dataclass(frozen=True, slots=True)
class Event:
    """One message or press at its moment, or a tick of the clock where there is no ``inbound``."""

    at: datetime
    inbound: Inbound | None = None

    def play(self, store: Store) -> None:
        if self.inbound is None:
            assert run_due(store, self.at)["failed"] == 0
        else:
            assert reception.receive(store, self.inbound, now=self.at).outcome in (
                "done",
                "refused",
                "repeat",
            )


@contextmanager
def recording() -> Iterator[list[Event]]:
    """What goes through the front desk while the block runs."""
    events: list[Event] = []

    def receive(store: Store, inbound: Inbound, *, now: datetime, files: Files | None = None) -> Received:
        events.append(Event(now, inbound))
        return reception.receive(store, inbound, now=now, files=files)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chat_module, "receive", receive)
        yield events


def walkthrough(store: Store) -> list[Event]:
    """A walkthrough from the first word to the summary, with a note sent back and one edited."""
    with recording() as events:
        two = Two(store)
        two.chat.events = 1_000  # names of its own, so that both stories can happen in one district
        two.finish()
        two.close()
    return events


def week(store: Store) -> list[Event]:
    """A memo and what becomes of it, a meeting by override, visits planned, moved, cancelled and made good."""
    with recording() as events:
        chat = Chat(store, at="2026-11-24 13:00")
        imani, mei, dev, ruth = (
            chat.person(email(name))
            for name in ("imani.brooks", "mei.tanaka", "dev.patel", "ruth.castellanos")
        )
        moves: list[Callable[[], Any]] = [
            lambda: dev.says("memo\n" + CONFERENCES),
            lambda: dev.says("memo\n" + SEAT_COUNTS),
            lambda: imani.says("triage"),
            lambda: imani.presses("Take all"),
            lambda: imani.says("my line: The conferences first; the rest can wait."),
            lambda: dev.says("meeting with principals Thu 3 Dec 9:00 about the strike plan"),
            lambda: dev.presses("Ask for an override"),
            lambda: ruth.presses(
                "Override", reason="legal", sentence="The state asked for it by Friday noon."
            ),
            lambda: imani.says("plan roosevelt thu 10 dec 8:30"),
            lambda: imani.says("move roosevelt to fri 11 dec 13:00"),
            lambda: imani.says("cancel roosevelt"),
            lambda: imani.presses("Cancel the visit", by="central_office", reason="A hearing that morning"),
            lambda: imani.presses("Hold"),
            lambda: mei.says("my week"),
        ]
        for move in moves:
            chat.wait(minutes=1)
            move()
    monday = Chat(store, at="2026-11-30 06:31").now
    return [*events, Event(monday)]
