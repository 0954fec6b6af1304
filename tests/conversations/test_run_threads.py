"""A long run on its people's screens: answered questions show the answer, and what belongs to it stands in a thread."""

import pytest
from sqlmodel import select

from handlers.cards import buttons_of
from storage.database import Store
from storage.tables import MessageRow
from tests.chat import Chat, Speaker, words_of


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store, at="2026-12-01 09:00")


@pytest.fixture
def walking(imani: Speaker, grace: Speaker) -> Speaker:
    """Grace, who is asked for a strength; Imani waits."""
    imani.says("walkthrough lincoln middle")
    grace.sees("One strength")
    return grace


def asking(speaker: Speaker) -> list[int]:
    """The places whose message has buttons of a step."""
    return [
        place
        for place, card in speaker.messages().items()
        if any("step" in button.action.args for button in buttons_of(card))
    ]


def threads(store: Store, speaker: Speaker) -> dict[int, str]:
    with store.read() as tx:
        rows = tx.exec(select(MessageRow).where(MessageRow.recipient_id == speaker.id))
        return {row.place_id or row.id or 0: row.thread for row in rows}


def test_an_answered_question_loses_its_buttons_and_shows_the_answer(walking: Speaker) -> None:
    grace = walking
    (first,) = asking(grace)
    grace.says("Students talk to each other about their work.")
    (second,) = asking(grace)
    assert second != first
    assert "Students talk to each other about their work." in words_of(grace.messages()[first])
    grace.presses("Send", text="The same few students answer in every lesson.")
    assert "The same few students answer" in words_of(grace.messages()[second])
    assert buttons_of(grace.messages()[second]) == []
    assert len(asking(grace)) == 1


def test_a_long_run_stands_in_a_thread_whose_head_says_where_it_is(store: Store, walking: Speaker) -> None:
    grace = walking
    (head,) = asking(grace)
    grace.says("Students talk to each other about their work.")
    grace.says("help")
    named = threads(store, grace)
    (question,) = asking(grace)
    assert named[head] == named[question] == "run:1"
    assert named[max(named)] == ""
    assert "step 2 of 9" in words_of(grace.messages()[head])
    grace.says("The same few students answer in every lesson.")
    assert "step 3 of 9" in words_of(grace.messages()[head])


def test_words_in_the_thread_belong_to_the_run_whatever_else_was_asked(walking: Speaker) -> None:
    grace = walking
    (head,) = asking(grace)
    grace.says(
        "walkthrough lincoln middle"
    )  # another question is asked meanwhile, or the same one shown again
    grace.says("Students talk to each other about their work.", under=head)
    grace.shows("Students talk to each other about their work.")
    assert "Students talk" in words_of(grace.messages()[head])
    grace.says("help")
    grace.sees("What you can write here")


def test_words_of_a_side_that_waits_are_handed_back_in_the_thread(walking: Speaker, imani: Speaker) -> None:
    (head,) = [place for place, card in imani.messages().items() if "Grace" in words_of(card)][-1:]
    imani.says("four students asked a partner why", under=head)
    imani.sees("four students asked a partner why", "[Send it now]")


def test_a_refused_answer_is_asked_again_in_its_place(walking: Speaker) -> None:
    grace = walking
    before = len(grace.messages())
    grace.presses("Send", text="  ")
    assert len(grace.messages()) == before
    assert len(asking(grace)) == 1
