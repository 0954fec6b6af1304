"""Messages about safety pass at once, from those who may send them, and are counted."""

import pytest
from sqlmodel import select

from handlers.actions import act
from storage.database import Store
from storage.tables import AuditRow, EmergencyRow
from tests.chat import Chat, Speaker
from tests.district import email

PROTECTED = "2026-12-01 08:00"  # Tuesday morning
WORDS = "emergency at Lincoln Middle: gas leak, everybody is outside"


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store, at=PROTECTED)


@pytest.fixture
def ruth(chat: Chat) -> Speaker:
    return chat.person(email("ruth.castellanos"))


def test_it_reaches_principal_ild_and_executives_in_protected_time(
    chat: Chat, imani: Speaker, grace: Speaker, ruth: Speaker
) -> None:
    imani.says(WORDS)
    imani.sees("Grace Lindqvist, their ILDs and the executives read it now", "2 people beside you")
    assert grace.collect() == []
    imani.presses("Send at once")
    imani.sees("Sent at once to 2 people", "counted as an emergency")
    for reader in (grace, ruth):
        reader.sees("Emergency.", "gas leak, everybody is outside", "Imani Brooks")
    assert chat.person(email("tomas.rivera")).collect() == []


def test_at_night_and_to_everybody(chat: Chat, ruth: Speaker) -> None:
    chat.move_to("2026-12-05 23:00")  # a Saturday
    ruth.says("emergency for everybody: schools stay closed on Monday, the water is not safe")
    ruth.sees("5 principals", "7 people beside you")
    ruth.presses("Send at once")
    chat.person(email("peter.novak")).sees("the water is not safe")
    chat.person(email("tomas.rivera")).sees("the water is not safe")


def test_left_or_sent_twice_or_late_nobody_is_told_again(
    chat: Chat, imani: Speaker, grace: Speaker, store: Store
) -> None:
    imani.says(WORDS)
    imani.presses("Leave it")
    imani.sees("Nobody was told")
    imani.presses("Send at once")
    imani.sees("Already settled: it was left")
    imani.says(WORDS)
    chat.wait(minutes=31)
    imani.presses("Send at once")
    imani.sees("more than half an hour ago")
    assert grace.collect() == []
    with store.read() as tx:
        assert [row.state for row in tx.exec(select(EmergencyRow))] == ["left", "shown"]


def test_who_may_not_send_one_is_told_whom_to_call(
    chat: Chat, imani: Speaker, tomas: Speaker, grace: Speaker
) -> None:
    dev = chat.person(email("dev.patel"))
    dev.says(WORDS)
    dev.sees("That is for")
    grace.says(WORDS)
    grace.does_not_see("Send at once")
    tomas.says(WORDS)
    tomas.sees("by an ILD to her own schools")
    tomas.says("emergency for everybody: gas leak")
    tomas.sees("by an ILD to her own schools")
    imani.says(WORDS)
    tomas.presses_action(act("emergency.send", emergency=1, v=1))
    tomas.sees("Only whoever wrote that message sends it")


def test_for_whom_has_to_be_said(imani: Speaker) -> None:
    imani.says("emergency: gas leak")
    imani.sees("For whom?")


def test_emergencies_are_counted_and_the_log_does_not_hold_their_words(
    imani: Speaker, ruth: Speaker, store: Store
) -> None:
    imani.says(WORDS)
    imani.presses("Send at once")
    ruth.says("ledger")
    ruth.sees("1 emergency message was sent")
    with store.read() as tx:
        row = tx.exec(select(AuditRow).where(AuditRow.action == "emergency.sent")).one()
    assert row.detail == {"people": 2}
