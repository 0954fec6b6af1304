"""Questions in words about units' service and the pulse: the same cards, rights and smallest groups as by name."""

import pytest

from handlers.answers import insight
from handlers.district import load_district
from handlers.turn import Turn
from storage import people
from storage.database import Store
from tests.chat import Chat
from tests.conversations.test_pulse import FIVE, MONDAY, answer_unit, close, start
from tests.conversations.test_scorecards import WORDS
from tests.conversations.test_scorecards import chat as chat  # three requests to two units
from tests.district import email


@pytest.mark.parametrize("name", ["ruth.castellanos", "imani.brooks", "farid.haddad", "lena.voss"])
def test_how_long_requests_to_a_unit_wait_is_its_scorecard(chat: Chat, name: str) -> None:
    asker = chat.person(email(name))
    asker.collect()
    asker.says("how long do service requests to facilities wait?")
    asker.sees("Scorecard: Facilities", "1 of 2 answered", "this school year, since Mon 31 Aug")
    asker.does_not_see(*WORDS)


def test_without_a_unit_all_stand_beside_one_another(chat: Chat) -> None:
    ruth = chat.person(email("ruth.castellanos"))
    ruth.says("which unit answers service requests slowest?")
    ruth.sees("Scorecards of units", "Schools asked for 3 things; 2 open")
    ruth.says("how many service requests are open this term")
    ruth.sees("this term, since Mon 31 Aug")


def test_another_period_is_not_counted_and_that_is_said(chat: Chat) -> None:
    ruth = chat.person(email("ruth.castellanos"))
    ruth.says("how many service requests did schools have in October?")
    ruth.sees("I count what schools ask of units by school year or by term")


def test_one_schools_requests_are_not_in_a_scorecard(chat: Chat) -> None:
    ruth = chat.person(email("ruth.castellanos"))
    ruth.says("how many service requests of Lincoln Middle are open?")
    ruth.sees("Scorecards of units name no school", "[All units]")
    ruth.does_not_see("1 of 2", *WORDS)


def test_what_was_asked_of_a_unit_is_nobodys_to_read_in_an_answer(chat: Chat) -> None:
    ruth = chat.person(email("ruth.castellanos"))
    for question in (
        "what did Lincoln Middle ask facilities for?",
        "what are the service requests of Lincoln Middle about?",
        "quote the service requests to facilities",
    ):
        ruth.says(question)
        ruth.does_not_see(*WORDS)


def test_the_answer_is_a_look_that_the_unit_can_see(chat: Chat) -> None:
    ruth, lena = chat.person(email("ruth.castellanos")), chat.person(email("lena.voss"))
    ruth.says("ask how fast does facilities answer schools")
    lena.says("who looked at our scorecard")
    lena.sees("the scorecard of Facilities", "Ruth Castellanos")


def test_a_program_is_told_where_it_stands(chat: Chat) -> None:
    ruth = chat.person(email("ruth.castellanos"))
    with chat.store.begin() as tx:
        turn = Turn(
            tx=tx,
            person=people.get_person(tx, ruth.id, on=chat.now.date()),
            now=chat.now,
            district=load_district(tx),
            key="test",
        )
        told = insight.ask(turn, "how long do service requests to facilities wait", context=None)
    assert told["unclear"] is True
    assert "“scorecards”" in told["answer"]


def test_what_principals_answered_about_units_is_the_pulses_card_from_five_up(store: Store) -> None:
    chat = Chat(store, at=MONDAY)
    ruth = chat.person(email("ruth.castellanos"))
    ruth.says("what did principals say about the units' support in the pulse?")
    ruth.sees("There was no pulse yet")
    start(ruth)
    for name in FIVE:
        answer_unit(chat.person(email(name)), 4, 4, 4)
    close(chat)
    ruth.says("what did principals say about the units' support in the pulse?")
    ruth.sees("5 of 5 principals answered", "Human Resources", "[Open]")
    ruth.says("how do principals find the support of human resources?")
    ruth.sees("Human Resources: 5 answers")


def test_four_answers_are_not_shown_to_a_question_either(store: Store) -> None:
    chat = Chat(store, at=MONDAY)
    ruth = chat.person(email("ruth.castellanos"))
    start(ruth)
    for name in FIVE[:4]:
        answer_unit(chat.person(email(name)), 1, 1, 1)
    close(chat)
    ruth.says("what do principals think of human resources?")
    ruth.sees("Fewer than five answers")
    ruth.does_not_see("4 answers:", "1.0")
