"""Principals start things: they ask for a visit and propose a focus, and the ILD takes it up or answers."""

import pytest
from sqlmodel import col, select

from handlers.topics import find_topic
from storage import people
from storage.database import Store
from storage.tables import ProposalRow, VisitRow
from tests.chat import Chat, Speaker
from tests.conversations.lincoln import opening_for
from tests.conversations.test_visits import school_id
from tests.district import email

FOCUS = "Students explain their thinking to each other"


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store, at="2026-12-08 13:00")


def states(store: Store) -> list[tuple[str, str]]:
    with store.read() as tx:
        return [(row.kind, row.state) for row in tx.exec(select(ProposalRow).order_by(col(ProposalRow.id)))]


def test_a_principal_asks_for_a_visit_and_gets_a_time(
    chat: Chat, store: Store, grace: Speaker, imani: Speaker
) -> None:
    grace.says("ask for a visit thursday because two classes try the new protocol")
    grace.sees("Imani is asked for a visit, Thu 10 Dec if it can be.", "[Take it back]")
    imani.sees(
        "Grace Lindqvist asks for a visit to Lincoln Middle, Thu 10 Dec if it can be.",
        "two classes try the new protocol",
        "[Hold Thu 10 Dec 8:30]",
        "[Other times]",
        "[Answer]",
    )
    assert opening_for(chat, "imani.brooks") == [
        "For today: Grace asked for a visit: “two classes try the new protocol”."
    ]
    imani.presses("Hold Thu 10 Dec 8:30")
    imani.sees("Held: Lincoln Middle, Thu 10 Dec 8:30", "Grace Lindqvist gets a note")
    grace.collect()
    assert "Imani Brooks plans a visit to Lincoln Middle on Thu 10 Dec 8:30" in grace.everything()
    assert states(store) == [("visit", "taken")]
    imani.presses("Hold Thu 10 Dec 8:30")
    imani.sees("answered before")
    with store.read() as tx:
        assert len(list(tx.exec(select(VisitRow)))) == 1


@pytest.mark.parametrize(
    ("words", "seen"),
    [
        ("ask for a visit", "Imani is asked for a visit."),
        ("request a visit on Friday", "Imani is asked for a visit, Fri 11 Dec if it can be."),
        ("ask for a visit, to look at our new schedule", "Imani is asked for a visit."),
        ("ask for a visit sometime", "I can't read"),
        ("ask for a visit because Mrs. Delgado struggles", "seems to name a teacher"),
    ],
)
def test_a_visit_is_asked_for_in_ones_own_words(grace: Speaker, words: str, seen: str) -> None:
    grace.says(words)
    grace.sees(seen)


def test_an_answer_that_begins_so_is_an_answer(store: Store, grace: Speaker) -> None:
    grace.says("inquiry")
    grace.says(
        "Ask for a visit by the coach is all I ever tell my mathematics teachers when a lesson goes wrong."
    )
    grace.does_not_see("I can't read", "is asked for a visit")
    assert states(store) == []


def test_the_ild_may_choose_another_time(store: Store, grace: Speaker, imani: Speaker) -> None:
    grace.says("ask for a visit")
    imani.presses("Other times")
    imani.sees("When do you visit Lincoln Middle?")
    imani.presses("Hold it", day="2026-12-14", at="13:00")
    imani.sees("Held: Lincoln Middle, Mon 14 Dec 13:00")
    assert states(store) == [("visit", "taken")]


def test_the_ild_may_answer_and_leave_it_open_or_not(
    chat: Chat, store: Store, grace: Speaker, imani: Speaker
) -> None:
    grace.says("ask for a visit")
    imani.presses("Answer")
    imani.presses("Send", answer="After the testing window. Would January do?")
    grace.sees("Imani on the visit you asked for: After the testing window. Would January do?")
    assert states(store) == [("visit", "open")]
    imani.presses("Answer")
    imani.presses("Send, and leave it at that", answer="January it is.")
    assert states(store) == [("visit", "declined")]
    assert opening_for(chat, "imani.brooks") == []


def test_a_proposed_focus_opens_the_next_visit_and_may_become_the_schools(
    chat: Chat, store: Store, grace: Speaker, imani: Speaker
) -> None:
    grace.says(f"propose a focus: {FOCUS}")
    grace.sees("Your next visit opens with it.")
    assert opening_for(chat, "imani.brooks") == [f"For today: Grace proposes “{FOCUS}”."]
    assert opening_for(chat, "grace.lindqvist") == [f"For today: You propose “{FOCUS}”."]
    imani.sees("Grace Lindqvist proposes a focus for Lincoln Middle:", FOCUS)
    imani.presses("Take it")
    imani.sees(f"Taken. Lincoln Middle has the focus: {FOCUS}.")
    grace.sees(f"Imani takes your focus: {FOCUS}.")
    assert opening_for(chat, "imani.brooks") == [f"Focus: {FOCUS}."]
    with store.read() as tx:
        school = people.school_on(tx, school_id(store, "Lincoln Middle"), chat.now.date())
    assert school is not None
    assert school.focus == FOCUS


def test_a_newer_focus_takes_the_place_of_one_that_waits(store: Store, grace: Speaker) -> None:
    grace.says(f"propose a focus: {FOCUS}")
    grace.says("propose a focus: what teachers ask after a wrong answer")
    assert states(store) == [("focus", "withdrawn"), ("focus", "open")]


def test_what_was_taken_back_reaches_nobody(chat: Chat, store: Store, grace: Speaker, imani: Speaker) -> None:
    chat.move_to("2026-12-10 09:00")  # a protected morning: the ILD is not told yet
    grace.says("ask for a visit")
    assert imani.collect() == []
    topic = find_topic("ask")
    assert topic is not None
    assert topic.still_true is not None
    with store.read() as tx:
        assert topic.still_true(tx, "ask:1", chat.now) is None
    grace.presses("Take it back")
    grace.sees("Taken back.")
    with store.read() as tx:
        assert topic.still_true(tx, "ask:1", chat.now) == "it was taken back or answered"


def test_only_the_schools_own_ild_answers(chat: Chat, store: Store, grace: Speaker, imani: Speaker) -> None:
    grace.says(f"propose a focus: {FOCUS}")
    imani.collect()
    for name in ("tomas.rivera", "mei.tanaka", "ruth.castellanos", "grace.lindqvist"):
        other = chat.person(email(name))
        other.seen.extend(imani.seen)
        other.presses("Take it")
    assert states(store) == [("focus", "open")]
