"""Time is protected and booked in the same moment, by two processes: one after the other, and protected time wins."""

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import event
from sqlmodel import select

from handlers.actions import Action, act
from handlers.reception import Inbound, Pressed, Received, Sender, receive
from storage.database import Store
from storage.tables import MeetingRow, ProtectedRuleRow
from tests.chat import Chat
from tests.district import email
from tests.faults.conftest import Injected
from tests.faults.invariants import faults

MONDAY = "2026-11-30 13:00"
PATIENCE = 0.7
"""Seconds in which the second one surely has come to where it must wait, or is through."""


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def district(request: pytest.FixtureRequest) -> Iterator[Store]:
    if request.param == "postgres":
        store = Store(request.getfixturevalue("postgres_server").clone())
    else:
        store = request.getfixturevalue("store")
    yield store
    store.close()


def press(who: str, action: Action) -> Inbound:
    return Inbound(
        (f"test:{who}:{action.encode()}",),
        Sender("test", "T", email(who), email=email(who)),
        Pressed(action.encode()),
    )


def at_once(chat: Chat, first: Inbound, second: Inbound) -> list[Received]:
    """Both work at the same time: the second comes when the first is about to commit, and the first then waits."""
    stores = [Store(chat.store.url), Store(chat.store.url)]
    received: dict[int, Received] = {}

    def come(number: int, inbound: Inbound) -> None:
        received[number] = receive(stores[number], inbound, now=chat.now)

    thread = threading.Thread(target=come, args=(1, second))

    @event.listens_for(stores[0].engine, "commit")
    def wait(_connection: object) -> None:
        if not thread.is_alive() and 1 not in received:
            thread.start()
            thread.join(PATIENCE)

    come(0, first)
    thread.join(60)
    for store in stores:
        store.close()
    return [received[0], received[1]]


@pytest.fixture
def chat(district: Store) -> Chat:
    chat = Chat(district, at=MONDAY)
    chat.person(email("dev.patel")).says("meeting with principals Wed 13:00 for 30 min about bus routes")
    return chat


BOOK = press("dev.patel", act("meeting.book", meeting=1, v=1))


@pytest.mark.parametrize("order", ["booked first", "protected first"])
@pytest.mark.fault(23, "a meeting is booked and its half-day protected in the same moment (both databases)")
def test_what_is_booked_and_protected_at_once_is_never_both(
    chat: Chat, district: Store, injected: Injected, order: str
) -> None:
    ana = chat.person(email("ana.whitefeather"))
    ana.says("protect Wednesday afternoons")
    ana.does_not_see("booked")
    protect = press("ana.whitefeather", act("protected.put", change=1, v=1))
    pair = (BOOK, protect) if order == "booked first" else (protect, BOOK)
    first, second = at_once(chat, *pair)
    injected.count()
    assert (first.outcome, second.outcome) == ("done", "refused")
    with district.read() as tx:
        is_booked = tx.exec(select(MeetingRow.state)).one() == "booked"
        is_protected = len(tx.exec(select(ProtectedRuleRow)).all()) == 3
    assert is_booked != is_protected
    assert faults(district.url) == []


@pytest.mark.fault(
    23, "a meeting is booked after an administrator was shown that none is there (both databases)"
)
def test_a_booking_since_it_was_shown_is_named_before_it_is_saved(
    chat: Chat, district: Store, injected: Injected
) -> None:
    ana, dev = chat.person(email("ana.whitefeather")), chat.person(email("dev.patel"))
    ana.says("protect Wednesday afternoons")
    dev.presses_action(act("meeting.book", meeting=1, v=1))
    injected.count()
    assert ana.presses("Put in force").outcome == "refused"
    ana.sees("has been booked", "protect Wednesday afternoons")
    ana.says("protect Wednesday afternoons")
    ana.sees("1 booked meeting falls in it and stays booked")
    assert ana.presses("Put in force").outcome == "done"
    with district.read() as tx:
        assert len(tx.exec(select(ProtectedRuleRow)).all()) == 3


@pytest.mark.fault(
    23, "two administrators put overlapping changes in force in the same moment (both databases)"
)
def test_of_two_changes_at_once_neither_undoes_the_other(
    chat: Chat, district: Store, injected: Injected
) -> None:
    ana = chat.person(email("ana.whitefeather"))
    ana.says("protect Friday mornings")
    ana.says("protect Fridays")
    changes = [press("ana.whitefeather", act("protected.put", change=number, v=1)) for number in (1, 2)]
    first, second = at_once(chat, *changes)
    injected.count()
    assert (first.outcome, second.outcome) == ("done", "refused")
    with district.read() as tx:
        rules = tx.exec(select(ProtectedRuleRow)).all()
    assert sorted((rule.weekday, rule.half) for rule in rules) == [(1, "am"), (3, "am"), (4, "am")]


@pytest.mark.fault(23, "two meetings with the same people are booked in the same moment (both databases)")
def test_of_two_bookings_at_once_of_one_hour_one_is_told_that_it_is_taken(
    chat: Chat, district: Store, injected: Injected
) -> None:
    chat.person(email("dev.patel")).says("meeting with principals Wed 13:00 for 30 min about buses")
    first, second = at_once(chat, BOOK, press("dev.patel", act("meeting.book", meeting=2, v=1)))
    injected.count()
    assert (first.outcome, second.outcome) == ("done", "refused")
    with district.read() as tx:
        assert sorted(row.state for row in tx.exec(select(MeetingRow))) == ["asked", "booked"]
