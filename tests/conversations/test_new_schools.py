"""A school that is new in a network: its ILD reads who leads it and its rhythm, and holds a first visit."""

from datetime import date

import pytest
from sqlmodel import select

from handlers.cadence.new_schools import KNOWN, tell_new_schools
from handlers.cards import buttons_of
from handlers.clock import run_due
from storage import people, record
from storage.database import Store
from storage.tables import AssignmentRow, SchoolRow
from tests.chat import Chat, Speaker
from tests.conversations.bigger_district import add_people, add_principals
from tests.district import YEAR_STARTS


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store, at="2026-11-30 10:00")


def told(imani: Speaker) -> int:
    return imani.everything().count("new in your network")


def test_a_district_s_first_roster_is_no_news(chat: Chat, store: Store, imani: Speaker) -> None:
    assert tell_new_schools(store, chat.now) == 0
    assert told(imani) == 0
    with store.read() as tx:
        known = record.get_setting(tx, KNOWN)
    assert known is not None
    assert {network: len(ids) for network, ids in known.items()} == {"North Network": 3, "South Network": 2}


def test_several_new_schools_are_one_message_and_a_visit_is_one_press(
    chat: Chat, store: Store, imani: Speaker, tomas: Speaker
) -> None:
    tell_new_schools(store, chat.now)
    add_people(store)
    assert tell_new_schools(store, chat.now) == 4
    assert tell_new_schools(store, chat.now) == 0
    imani.sees(
        "4 schools are new in your network. The first free half-days:",
        "Cedar Middle",
        "Rosa Delgado leads it. To be seen every two weeks.",
        "[Hold Tue 1 Dec 8:30]",
    )
    assert told(imani) == 1
    assert told(tomas) == 0
    labels = [button.label for card in imani.seen for button in buttons_of(card)]
    assert len(set(labels)) == len(labels), "a half-day is offered to two schools"
    imani.presses("Hold Tue 1 Dec 8:30")
    imani.sees("Held: Birch High, Tue 1 Dec 8:30.")


def test_the_clock_tells(chat: Chat, store: Store, imani: Speaker) -> None:
    assert run_due(store, chat.now)["new_schools"] == 0
    add_principals(store, 1)
    assert run_due(store, chat.now)["new_schools"] == 1
    imani.collect()
    assert told(imani) == 1


def test_one_school_reads_as_one(chat: Chat, store: Store, imani: Speaker) -> None:
    tell_new_schools(store, chat.now)
    add_principals(store, 1)
    assert tell_new_schools(store, chat.now) == 1
    imani.sees("A school is new in your network", "School P01", "P01 Principal leads it")


def test_a_network_that_is_set_up_is_no_news(chat: Chat, store: Store, imani: Speaker) -> None:
    tell_new_schools(store, chat.now)
    _open(store, "East Network", ild=imani.id)
    assert tell_new_schools(store, chat.now) == 0
    _open(store, "East Network", ild=imani.id, name="Second")
    assert tell_new_schools(store, chat.now) == 1
    imani.sees("Second", "Nobody leads it in the roster yet")


def test_a_school_that_changes_networks_is_not_new(chat: Chat, store: Store, tomas: Speaker) -> None:
    tell_new_schools(store, chat.now)
    with store.read() as tx:
        school = next(s for s in people.schools_on(tx, date(2026, 11, 30)) if s.name == "Roosevelt High")
    assignment_id = _assignment(store, school.id)
    with store.begin() as tx:
        row = tx.get_one(AssignmentRow, assignment_id)
        row.network, row.ild_id = "South Network", tomas.id
        tx.add(row)
    assert tell_new_schools(store, chat.now) == 0


def test_a_school_without_an_ild_is_told_of_once_it_has_one(chat: Chat, store: Store, imani: Speaker) -> None:
    tell_new_schools(store, chat.now)
    school_id = _open(store, "North Network", ild=None)
    assert tell_new_schools(store, chat.now) == 0
    assignment_id = _assignment(store, school_id)
    with store.begin() as tx:
        row = tx.get_one(AssignmentRow, assignment_id)
        row.ild_id = imani.id
        tx.add(row)
    assert tell_new_schools(store, chat.now) == 1
    imani.sees("A school is new in your network")


def test_it_waits_for_the_ild_s_open_time(chat: Chat, store: Store, imani: Speaker) -> None:
    tell_new_schools(store, chat.now)
    chat.move_to("2026-12-01 09:00")  # protected
    add_principals(store, 2)
    assert tell_new_schools(store, chat.now) == 2
    imani.collect()
    assert told(imani) == 0
    chat.move_to("2026-12-01 12:05")
    imani.sees("2 schools are new in your network")


def _open(store: Store, network: str, *, ild: int | None, name: str = "First") -> int:
    with store.begin() as tx:
        school = SchoolRow(sourced_id=f"s-{name}", name=name, level="middle")
        tx.add(school)
        tx.flush()
        assert school.id is not None
        tx.add(
            AssignmentRow(
                school_id=school.id, ild_id=ild, network=network, starts=YEAR_STARTS, cadence_days=10
            )
        )
        return school.id


def _assignment(store: Store, school_id: int) -> int:
    with store.read() as tx:
        found = tx.exec(select(AssignmentRow.id).where(AssignmentRow.school_id == school_id)).one()
    assert found is not None
    return found
