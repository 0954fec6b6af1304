"""Story C: a meeting in protected time is refused, moved, or taken in the open."""

from datetime import date

import pytest
from sqlmodel import select

from protocols.cadence.busy import BusyStretch
from storage import busy
from storage.database import Store
from storage.tables import AuditRow, MeetingRow, ProtectedLossRow
from tests.chat import Chat
from tests.district import email

MONDAY = "2026-11-30 10:00"


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store, at=MONDAY)


def meetings(store: Store) -> list[MeetingRow]:
    with store.read() as tx:
        return list(tx.exec(select(MeetingRow)))


def test_a_meeting_in_protected_time_is_refused_with_rule_cost_and_three_times(chat: Chat) -> None:
    dev = chat.person(email("dev.patel"))
    dev.says("meeting with principals Tue 9:00 about substitutes")
    dev.sees("Tuesday morning belongs to schools", "5 people x 60 minutes", "Free for all of them")
    dev.sees("[Take Tue 1 Dec 12:00]", "[Take Mon 30 Nov 15:00]", "[Take Mon 30 Nov 11:30]")


def test_a_free_time_is_booked_on_one_press_and_everyone_reads_it_in_open_time(
    chat: Chat, store: Store
) -> None:
    dev, mei = chat.person(email("dev.patel")), chat.person(email("mei.tanaka"))
    dev.says("meeting with principals Tue 9:00 about substitutes")
    dev.presses("Take Tue 1 Dec 12:00")
    dev.sees("Booked for Tue 1 Dec 12:00", "5 principals")
    mei.sees("Meeting", "Tue 1 Dec 12:00", "substitutes", "Human Resources")
    assert [meeting.state for meeting in meetings(store)] == ["booked"]


def test_the_same_press_twice_books_once(chat: Chat) -> None:
    dev = chat.person(email("dev.patel"))
    dev.says("meeting with principals Tue 9:00 about substitutes")
    dev.presses("Take Tue 1 Dec 12:00")
    dev.presses("Take Tue 1 Dec 12:00")
    dev.sees("Already settled", "booked for Tue 1 Dec 12:00")


def test_only_an_executive_may_override_and_everyone_reads_the_reason(chat: Chat, store: Store) -> None:
    dev, ruth, mei = (chat.person(email(name)) for name in ("dev.patel", "ruth.castellanos", "mei.tanaka"))
    dev.says("meeting with principals Thu 9:00 about the strike plan")
    dev.presses("Ask for an override")
    dev.sees("Ruth Castellanos decides")
    ruth.sees("Dev Patel, Human Resources, asks", "Thursday morning belongs to schools")
    ruth.presses(
        "Override", reason="staffing", sentence="Drivers strike on Friday and routes change for every school."
    )
    ruth.sees(
        "Recorded", "5 people x 60 minutes", "Human Resources has now taken protected time: 1 of 3 this term"
    )
    mei.sees("takes protected time", "Drivers strike on Friday", "Ruth Castellanos")
    chat.person(email("imani.brooks")).sees("takes protected time", "Drivers strike on Friday")
    with store.read() as tx:
        losses = list(tx.exec(select(ProtectedLossRow)))
        actions = list(tx.exec(select(AuditRow.action)))
    assert [(loss.minutes, loss.office, loss.reason_class) for loss in losses] == [
        (60, "Human Resources", "staffing")
    ] * 5
    assert "meeting.overridden" in actions


def test_an_override_without_a_reason_is_not_one(chat: Chat, store: Store) -> None:
    dev, ruth = chat.person(email("dev.patel")), chat.person(email("ruth.castellanos"))
    dev.says("meeting with principals Thu 9:00 about the strike plan")
    dev.presses("Ask for an override")
    ruth.presses("Override", reason="other", sentence="because")
    ruth.sees("Say in one sentence why")
    assert [meeting.state for meeting in meetings(store)] == ["asked"]


def test_a_unit_cannot_press_the_executives_button(chat: Chat, store: Store) -> None:
    dev = chat.person(email("dev.patel"))
    dev.says("meeting with principals Thu 9:00 about the strike plan")
    dev.presses("Ask for an override")
    line = f"meeting.override?meeting={meetings(store)[0].id}&v=2"
    from handlers.reception import Pressed

    dev._send(Pressed(line, {"reason": "other", "sentence": "I want this meeting now"}), None)
    dev.sees("Only an executive may take protected time")


def test_an_executive_keeps_it_protected_and_the_unit_gets_the_free_times(chat: Chat) -> None:
    dev, ruth = chat.person(email("dev.patel")), chat.person(email("ruth.castellanos"))
    dev.says("meeting with principals Thu 9:00 about the strike plan")
    dev.presses("Ask for an override")
    ruth.presses("Keep it protected")
    dev.sees("stays with schools", "Free for all of them")


def test_open_time_is_confirmed_before_anybody_is_told(chat: Chat) -> None:
    dev, mei = chat.person(email("dev.patel")), chat.person(email("mei.tanaka"))
    dev.says("meeting with principals Wed 13:00 for 30 min about bus routes")
    dev.sees("Wed 2 Dec 13:00, 30 minutes, is free for 5 principals")
    assert mei.collect() == []
    dev.presses("Book it")
    mei.sees("bus routes")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("meeting with principals about substitutes", "When shall it start?"),
        ("meeting with principals Tue 9:00", "What is it about?"),
        ("meeting with principals Tue 25:00 about buses", "no time"),
        ("meeting with principals 2 Nov 9:00 about buses", "past"),
        ("meeting with astronauts Wed 13:00 about buses", "don't know whom"),
    ],
)
def test_a_request_that_lacks_something_says_what_to_write(chat: Chat, words: str, answer: str) -> None:
    dev = chat.person(email("dev.patel"))
    dev.says(words)
    dev.sees(answer)


def test_a_principal_is_told_who_may_call_meetings(chat: Chat) -> None:
    mei = chat.person(email("mei.tanaka"))
    mei.says("meeting with principals Wed 13:00 about buses")
    mei.does_not_see("Book it")


def test_a_network_and_a_level_can_be_invited(chat: Chat) -> None:
    dev = chat.person(email("dev.patel"))
    dev.says("meeting with north network principals Wed 13:00 about buses")
    dev.sees("free for 3 principals")
    dev.says("meeting with elementary principals Wed 13:00 about buses")
    dev.sees("free for 2 principals")


def test_the_times_that_are_offered_heed_the_own_calendars_of_those_invited(chat: Chat, store: Store) -> None:
    dev, mei = chat.person(email("dev.patel")), chat.person(email("mei.tanaka"))
    with store.begin() as tx:
        busy.connect(
            tx, mei.id, address="https://calendar.example/mei.ics", host="calendar.example", at=chat.now
        )
        busy.put_stretches(tx, mei.id, [BusyStretch(date(2026, 12, 1), 12 * 60, 16 * 60, "dentist")])
    dev.says("meeting with principals Tue 9:00 about substitutes")
    dev.sees("Tuesday morning belongs to schools", "[Take Mon 30 Nov 15:00]")
    dev.does_not_see("[Take Tue 1 Dec", "dentist")
    dev.says("meeting with south network Tue 9:00 about substitutes")
    dev.sees("[Take Tue 1 Dec 12:00]")
