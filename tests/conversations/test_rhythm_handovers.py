"""A school passes to another ILD in mid-year: its rhythm, its interval and its planned visits go on."""

from datetime import date

import pytest
from sqlmodel import select

from handlers.cadence.rhythm_handovers import hand_rhythms_over
from protocols.cadence.calendar import Half
from storage import visits
from storage.database import Store
from storage.tables import AssignmentRow, VisitRow
from tests.chat import Chat, Speaker, words_of
from tests.conversations.lincoln import NOTES, promise
from tests.conversations.test_handover import assign
from tests.conversations.test_visits import add_held, person_id, school_id
from tests.district import NOW

WEEKLY = "rhythm lincoln middle weekly until 30 January because Grace is new"


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store, at="2026-11-30 13:00")


def plan(store: Store, school: str, day: date, *, ild: str = "imani.brooks") -> int:
    with store.begin() as tx:
        return visits.plan(
            tx,
            school_id=school_id(store, school),
            ild_id=person_id(store, ild),
            day=day,
            half=Half.AM,
            starts=510,
            at=NOW,
        )


def told(speaker: Speaker) -> str:
    return "\n".join(words_of(card) for card in speaker.collect())


def hand_over(chat: Chat, store: Store) -> int:
    assign(store)
    chat.move_to("2026-12-07 13:00")
    return hand_rhythms_over(store, chat.now)


def test_the_new_ild_takes_over_rhythm_interval_and_plan(
    chat: Chat, store: Store, imani: Speaker, tomas: Speaker, grace: Speaker
) -> None:
    add_held(store, "Lincoln Middle", date(2026, 11, 24))
    imani.says(WEEKLY)
    imani.presses("Put in force")
    visit = plan(store, "Lincoln Middle", date(2026, 12, 10))
    grace.collect()
    assert hand_over(chat, store) == 1
    assert hand_rhythms_over(store, chat.now) == 0
    said = told(tomas)
    assert "A school comes to you." in said
    assert "From Imani Brooks: every week until Sat 30 Jan (Grace is new)." in said
    assert "6 school days, 1 over since the last visit (Tue 24 Nov). Planned: Thu 10 Dec 8:30." in said
    assert "move one" not in said
    with store.read() as tx:
        row = tx.get_one(VisitRow, visit)
    assert (row.ild_id, row.status, row.version) == (person_id(store, "tomas.rivera"), "planned", 2)
    heard = told(grace)
    assert "Tomás Rivera follows Imani Brooks as ILD of Lincoln Middle." in heard
    assert "What is planned stands: Thu 10 Dec 8:30. The rhythm stays: every week until Sat 30 Jan." in heard
    tomas.says("rhythm lincoln middle")
    tomas.sees("Every week", "Imani Brooks: Grace is new", "Every two weeks")
    imani.says(WEEKLY)
    imani.sees("is set by its ILD")
    imani.says("my week")
    imani.does_not_see("Lincoln Middle")


def test_a_visit_that_meets_another_is_put_to_the_new_ild_and_not_dropped(
    chat: Chat, store: Store, tomas: Speaker
) -> None:
    visit = plan(store, "Lincoln Middle", date(2026, 12, 10))
    plan(store, "Juniper K-8", date(2026, 12, 10), ild="tomas.rivera")
    hand_over(chat, store)
    said = told(tomas)
    assert "On Thu 10 Dec you are at Juniper K-8 in that half-day: move one." in said
    tomas.presses("Move")
    tomas.presses("Move to")
    tomas.sees("Moved: Lincoln Middle")
    with store.read() as tx:
        row = tx.get_one(VisitRow, visit)
    assert (row.status, row.day != date(2026, 12, 10).toordinal()) == ("planned", True)


def test_without_a_plan_the_slot_that_keeps_the_rhythm_is_offered(
    chat: Chat, store: Store, tomas: Speaker, grace: Speaker
) -> None:
    add_held(store, "Lincoln Middle", date(2026, 11, 24))
    hand_over(chat, store)
    assert "Nothing is planned." in told(tomas)
    assert told(grace) == ""
    tomas.presses("Hold")
    tomas.sees("Held: Lincoln Middle")


def test_an_interval_that_ran_across_the_handover_is_one_interval(
    chat: Chat, store: Store, tomas: Speaker
) -> None:
    add_held(store, "Lincoln Middle", date(2026, 11, 9))
    hand_over(chat, store)
    assert "17 school days, 7 over since the last visit (Mon 9 Nov)." in told(tomas)
    tomas.says("my week")
    tomas.sees("Lincoln Middle", "17 school days since the last visit (Mon 9 Nov), 7 over.")


def test_a_cancelled_visit_that_is_owed_goes_along(chat: Chat, store: Store, tomas: Speaker) -> None:
    visit = plan(store, "Lincoln Middle", date(2026, 12, 3))
    with store.begin() as tx:
        visits.cancel(tx, visit, version=1, by="ild", reason="a hearing")
    hand_over(chat, store)
    tomas.says("my week")
    tomas.sees("Cancelled and not made good", "Lincoln Middle")


def test_what_was_said_does_not_come_along_with_the_rhythm(chat: Chat, store: Store, tomas: Speaker) -> None:
    promise(store)
    hand_over(chat, store)
    said = told(tomas)
    assert "A school comes to you." in said
    assert NOTES not in said


def test_a_school_that_keeps_its_ild_is_not_handed_over(chat: Chat, store: Store, imani: Speaker) -> None:
    assign(store, ild="imani.brooks")
    chat.move_to("2026-12-07 13:00")
    assert hand_rhythms_over(store, chat.now) == 0
    assert told(imani) == ""


def test_several_schools_come_in_one_message(chat: Chat, store: Store, tomas: Speaker) -> None:
    assign(store)
    number = school_id(store, "Roosevelt High")
    with store.begin() as tx:
        row = tx.exec(select(AssignmentRow).where(AssignmentRow.school_id == number)).one()
        row.ends = date(2026, 12, 6)
        tx.add(row)
        tx.add(
            AssignmentRow(
                school_id=number,
                ild_id=person_id(store, "tomas.rivera"),
                principal_id=row.principal_id,
                network="South Network",
                starts=date(2026, 12, 7),
                cadence_days=10,
            )
        )
    chat.move_to("2026-12-07 13:00")
    assert hand_rhythms_over(store, chat.now) == 2
    assert "2 schools come to you." in told(tomas)
