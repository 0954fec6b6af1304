"""A visit that one side plans is put to the other: it suits them, or another time does."""

from datetime import date

import pytest

from handlers.actions import act
from storage import visits
from storage.database import Store
from storage.visits import Visit
from tests.chat import Chat, Speaker
from tests.district import email


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store, at="2026-11-30 14:00")


@pytest.fixture
def mei(chat: Chat) -> Speaker:
    return chat.person(email("mei.tanaka"))


def only_visit(store: Store) -> Visit:
    with store.read() as tx:
        (visit,) = visits.planned(tx, date(2026, 11, 30), date(2027, 1, 31))
    return visit


def test_a_principal_says_that_it_suits_her_and_the_ild_sees_it(
    chat: Chat, store: Store, imani: Speaker, mei: Speaker
) -> None:
    imani.says("plan roosevelt fri 9:00")
    imani.says("my week")
    imani.sees("Fri 4 Dec 9:00, walkthrough, not answered yet")
    mei.sees(
        "Imani Brooks plans a visit to Roosevelt High on Fri 4 Dec 9:00", "[That suits me]", "[Another time]"
    )
    told = len(imani.seen)
    mei.presses("That suits me")
    mei.sees("Good: Roosevelt High, Fri 4 Dec 9:00.")
    imani.collect()
    assert len(imani.seen) == told  # it stands in her week, and that is enough
    imani.says("my week")
    imani.sees("Fri 4 Dec 9:00, walkthrough, agreed")
    mei.says("my week")
    mei.sees("Next visit:", "[Move]")
    mei.does_not_see("[That suits me]")


def test_another_time_moves_it_and_puts_it_to_the_ild(
    chat: Chat, store: Store, imani: Speaker, mei: Speaker
) -> None:
    imani.says("plan roosevelt fri 9:00")
    mei.presses("That suits me")
    mei.says("my week")
    mei.presses("Move")
    mei.presses("Move to")
    moved = only_visit(store)
    assert (moved.is_agreed, moved.put_by) == (False, mei.id)
    imani.sees("The visit to Roosevelt High moves from Fri 4 Dec 9:00", "[That suits me]", "[Another time]")
    imani.presses("That suits me")
    assert only_visit(store).is_agreed


def test_a_visit_that_a_principal_plans_is_put_to_the_ild(
    chat: Chat, store: Store, imani: Speaker, mei: Speaker
) -> None:
    mei.says("plan fri 9:00")
    mei.says("my week")
    mei.sees("with Imani Brooks, not answered yet.")
    imani.presses("That suits me")
    mei.says("my week")
    mei.sees("with Imani Brooks, agreed.")


def test_nobody_agrees_for_the_other_side_or_to_what_has_moved_since(
    chat: Chat, store: Store, imani: Speaker, mei: Speaker
) -> None:
    imani.says("plan roosevelt fri 9:00")
    visit = only_visit(store)
    imani.presses_action(act("visit.agree", visit=visit.id, v=visit.version))
    imani.sees("theirs to say that it suits them")
    chat.person(email("farid.haddad")).presses_action(act("visit.agree", visit=visit.id, v=visit.version))
    assert not only_visit(store).is_agreed
    imani.says("move roosevelt to mon 13:00")
    mei.presses_action(act("visit.agree", visit=visit.id, v=visit.version))
    mei.sees("That was settled before. Roosevelt High is planned for Mon 7 Dec 13:00.")
    assert not only_visit(store).is_agreed
