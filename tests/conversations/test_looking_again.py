"""What a card of a guided run looks like now, as a client asks whenever somebody looks at it: a pure read."""

from collections.abc import Iterator

import pytest
from sqlmodel import SQLModel, select

from handlers import router
from handlers.actions import act
from handlers.cards import Card, Field, buttons_of
from handlers.district import load_district
from handlers.errors import NotAllowedError
from handlers.turn import Turn
from storage import people
from storage.database import Store
from tests.chat import Speaker, words_of
from tests.conversations.test_walkthrough import Two


@pytest.fixture
def two(store: Store) -> Iterator[Two]:
    both = Two(store)
    yield both
    both.close()


def look(who: Speaker, card: Card) -> Card:
    """The card as the client would show it now. Nothing in the database may change by it."""
    assert card.refresh is not None
    store = who.chat.store
    before = everything(store)
    with store.begin() as tx:
        person = people.get_people(tx, {who.id}, on=who.chat.now.date())[who.id]
        turn = Turn(tx=tx, person=person, now=who.chat.now, district=load_district(tx), key="look")
        (shown,) = router.answer_press(turn, card.refresh, {})
    assert everything(store) == before
    return shown


def everything(store: Store) -> dict[str, list[tuple[object, ...]]]:
    with store.read() as tx:
        return {
            table.name: [tuple(row) for row in tx.execute(select(table))]
            for table in SQLModel.metadata.sorted_tables
        }


def newest(who: Speaker) -> Card:
    who.collect()
    return who.seen[-1]


def test_a_question_that_is_still_open_stays_as_it_is(two: Two) -> None:
    two.begin()
    two.says(two.grace, "Students talk to each other about their work.")
    asked = newest(two.grace)
    two.says(two.imani, "where are we")
    assert look(two.grace, asked) == asked


def test_an_answered_question_says_where_the_run_stands_and_has_nothing_to_fill_in(two: Two) -> None:
    two.begin()
    two.says(two.grace, "Students talk to each other about their work.")
    asked = newest(two.grace)
    two.says(two.grace, "The same few students answer in every lesson.")
    shown = look(two.grace, asked)
    assert "step 3 of" in words_of(shown)
    assert not any(isinstance(block, Field) for block in shown.blocks)
    assert [button.action.name for button in buttons_of(shown)] == ["run.here"]
    assert look(two.grace, shown) == shown


def test_whoever_waited_sees_that_it_has_gone_on(two: Two) -> None:
    two.begin()
    waited = newest(two.imani)
    two.says(two.grace, "Students talk to each other about their work.")
    two.says(two.grace, "The same few students answer in every lesson.")
    two.says(two.grace, "students explain their thinking\nstudents ask each other questions")
    two.says(two.grace, "that is all")
    assert "You: writing" in words_of(look(two.imani, waited))


def test_where_we_are_moves_on_with_the_run(two: Two) -> None:
    two.prepare()
    two.says(two.imani, "where are we")
    stood = newest(two.imani)
    assert look(two.imani, stood) == stood
    two.says(two.grace, "12 #1: two students explained the ratio to each other")
    assert "Grace: writing, 1 so far" in words_of(look(two.imani, stood))


def test_a_card_with_news_or_with_a_draft_stays_what_it_was(two: Two) -> None:
    """Looking again would take away what somebody else did, or what was typed."""
    two.begin()
    two.grace.sees("Imani Brooks")
    assert newest(two.grace).refresh is None
    two.says(two.imani, "Grace asked that we look at talk between students.")
    assert any(isinstance(block, Field) and block.value for block in newest(two.imani).blocks)
    assert newest(two.imani).refresh is None


def test_an_old_card_of_a_run_that_is_over_leads_to_its_summary(two: Two) -> None:
    two.begin()
    waited = newest(two.imani)
    two.says(two.imani, "stop")
    two.presses(two.imani, "Stop it", reason="Fire drill")
    shown = look(two.imani, waited)
    assert not any(isinstance(block, Field) for block in shown.blocks)
    assert "stopped" in words_of(shown)


def test_a_stranger_sees_nothing(two: Two) -> None:
    two.begin()
    card = Card("", refresh=act("run.look", run=1))
    tomas = two.chat.person("tomas.rivera@district.example")
    with pytest.raises(NotAllowedError):
        look(tomas, card)
