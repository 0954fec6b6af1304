"""A question to the unit that asked: it gets it once, and every ILD who waits reads its answer."""

import pytest
from sqlmodel import select

from handlers.actions import act
from handlers.deciding.challenges import remind_challenges
from handlers.digest.digest_sending import send_digests
from storage.database import Store
from storage.tables import AuditRow, ChallengeRow, TriageRow
from tests.chat import Chat, Speaker
from tests.district import email

TUESDAY = "2026-11-24 14:00"
KEYS = "memo Schools must return the key list by December 11, 2026. This takes 20 minutes."
QUESTION = "Which keys: those of the rooms, or the outer doors too?"


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store, at=TUESDAY)


@pytest.fixture
def dev(chat: Chat) -> Speaker:
    return chat.person(email("dev.patel"))


def ask(ild: Speaker, question: str = QUESTION) -> None:
    ild.says("triage")
    ild.presses("Other ways")
    ild.presses("Ask first")
    ild.presses("Ask", question=question)


def asked(store: Store) -> list[ChallengeRow]:
    with store.read() as tx:
        return list(tx.exec(select(ChallengeRow)))


def test_the_unit_is_asked_and_the_demand_waits_with_a_clock(
    dev: Speaker, imani: Speaker, store: Store
) -> None:
    dev.says(KEYS)
    ask(imani)
    imani.sees(
        "Human Resources has the question, and until Tue 1 Dec 14:00 to answer",
        "It waits: Return the key list",
    )
    dev.sees(
        "Imani Brooks",
        "asks about “Return the key list” (by Fri 11 Dec)",
        QUESTION,
        "by Tue 1 Dec 14:00",
        "[Answer]",
    )
    imani.says("triage")
    imani.sees("Nothing waits for your decision", "1 demand is on hold")
    imani.presses("See what is on hold")
    imani.sees("You asked Human Resources", QUESTION, "An answer is due by Tue 1 Dec")
    with store.read() as tx:
        actions = {row.action: row for row in tx.exec(select(AuditRow))}
    assert actions["challenge.asked"].actor_id == imani.id
    assert "keys" not in str(actions["challenge.asked"].detail)


def test_a_second_ild_with_the_same_question_waits_for_the_same_answer(
    dev: Speaker, imani: Speaker, tomas: Speaker, store: Store
) -> None:
    dev.says(KEYS)
    ask(imani)
    dev.collect()
    tomas.says("triage")
    tomas.presses("Other ways")
    tomas.presses("Ask first")
    tomas.sees("Imani Brooks has asked Human Resources already", QUESTION, "[Wait for the same answer]")
    tomas.presses("Wait for the same answer")
    tomas.sees("Human Resources has the question")
    assert dev.collect() == []
    assert len(asked(store)) == 1
    dev.presses("Answer")
    dev.sees("Every ILD who waits reads it")
    dev.says("Only the outer doors.")
    dev.sees("Imani Brooks and Tomás Rivera have your answer")
    for ild in (imani, tomas):
        ild.sees("Dev Patel, Human Resources", "It is back on your desk", "Only the outer doors.")
        ild.presses("Decide")
        ild.sees("Human Resources was asked", "Only the outer doors.", "[Pass on]")


def test_nearly_the_same_words_are_the_same_question(
    dev: Speaker, imani: Speaker, tomas: Speaker, store: Store
) -> None:
    dev.says(KEYS)
    ask(imani)
    ask(tomas, "which keys: those of the rooms or the outer doors too")
    assert len(asked(store)) == 1
    dev.presses("Answer")
    dev.says("Only the outer doors.")
    tomas.sees("Only the outer doors.")


def test_another_question_goes_to_the_unit_as_well(
    dev: Speaker, imani: Speaker, tomas: Speaker, store: Store
) -> None:
    dev.says(KEYS)
    ask(imani)
    ask(tomas, "May the clerk sign for the principal?")
    assert len(asked(store)) == 2
    dev.says("my questions")
    dev.sees(QUESTION, "May the clerk sign for the principal?")


def test_a_question_that_was_answered_is_not_asked_again(
    dev: Speaker, imani: Speaker, tomas: Speaker, store: Store
) -> None:
    dev.says(KEYS)
    ask(imani)
    dev.presses("Answer")
    dev.says("Only the outer doors.")
    tomas.says("triage")
    tomas.sees("Human Resources was asked", "Only the outer doors.")
    ask(tomas, QUESTION)
    tomas.sees("Human Resources has answered that already", "Only the outer doors.")
    assert len(asked(store)) == 1
    dev.says("my questions")
    dev.sees("No ILD waits for an answer from you")


def test_the_answer_stands_under_the_item_in_the_digest(
    chat: Chat, store: Store, dev: Speaker, imani: Speaker, grace: Speaker
) -> None:
    dev.says(KEYS)
    ask(imani)
    dev.presses("Answer")
    dev.says("Only the outer doors.")
    imani.collect()
    imani.presses("Decide")
    imani.presses("Pass on")
    chat.move_to("2026-11-30 06:30")
    send_digests(store, chat.now)
    grace.sees(
        "Return the key list", f"Human Resources was asked: “{QUESTION}” Answer: Only the outer doors."
    )


def test_one_reminder_then_the_demand_is_back_without_an_answer(
    chat: Chat, store: Store, dev: Speaker, imani: Speaker
) -> None:
    dev.says(KEYS)
    ask(imani)
    dev.collect()
    chat.move_to("2026-11-30 10:30")
    assert remind_challenges(store, chat.now) == 0
    chat.move_to("2026-11-30 14:30")
    assert remind_challenges(store, chat.now) == 1
    assert remind_challenges(store, chat.now) == 0
    dev.sees("This still waits. It is the one reminder.", QUESTION)
    chat.move_to("2026-12-01 14:10")
    assert remind_challenges(store, chat.now) == 1
    assert remind_challenges(store, chat.now) == 0
    imani.sees("Human Resources", "has not answered about “Return the key list” in time", "back on your desk")
    imani.says("triage")
    imani.sees("Human Resources has not answered in time. Decide without, or wait on.", "[Pass on]")
    imani.presses("Pass on")
    dev.presses("Answer")
    dev.says("Only the outer doors.")
    imani.sees("Only the outer doors.")
    imani.does_not_see("It is back on your desk")


def test_it_never_waits_up_to_its_own_day(chat: Chat, store: Store, dev: Speaker, imani: Speaker) -> None:
    dev.says("memo Schools must return the key list by December 1, 2026.")
    ask(imani)
    imani.sees("until Mon 30 Nov 12:00 to answer")
    dev.says("memo Schools must return the room list by November 25, 2026.")
    imani.says("triage")
    imani.presses("Other ways")
    imani.presses("Ask first")
    imani.presses("Ask", question="Which rooms?")
    imani.sees("too near to wait for an answer. Decide now, and ask Human Resources beside it")
    assert len(asked(store)) == 1


def test_where_nobody_of_the_unit_is_in_the_roster_that_is_said(chat: Chat, imani: Speaker) -> None:
    imani.says("memo Schools must return the key list by December 11, 2026.")
    imani.says("triage")
    imani.presses("Other ways")
    imani.presses("Ask first")
    imani.sees("Nobody of", "is in the roster, so I can't ask them")


def test_only_the_unit_answers(dev: Speaker, imani: Speaker, chat: Chat, store: Store) -> None:
    dev.says(KEYS)
    ask(imani)
    for name in ("mei.tanaka", "ruth.castellanos", "tomas.rivera", "imani.brooks"):
        somebody = chat.person(email(name))
        somebody.presses_action(act("challenge.answer", id=1, v=1))
        somebody.sees("That question was put to another office")
    tomas = chat.person(email("tomas.rivera"))
    tomas.presses_action(act("challenge.join", demand=1, v=0, id=99))
    tomas.sees("That question is not about this demand")
    assert [row.state for row in asked(store)] == ["open"]


def test_an_answer_may_be_left_and_is_given_once(dev: Speaker, imani: Speaker, store: Store) -> None:
    dev.says(KEYS)
    ask(imani)
    dev.presses("Answer")
    dev.presses("Never mind")
    dev.sees("Left as it was")
    dev.presses("Answer")
    dev.says("Only the outer doors.")
    dev.presses("Answer")
    dev.sees("Answered already: Only the outer doors.")
    with store.read() as tx:
        assert [row.decision for row in tx.exec(select(TriageRow))] == ["challenge"]
