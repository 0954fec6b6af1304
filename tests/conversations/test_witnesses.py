"""Three witnesses of a visit: the log, the calendar, one tap by the principal; and what is to settle."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from handlers.cadence.witnesses import look_for_witnesses
from protocols.cadence.busy import BusyStretch
from protocols.cadence.calendar import Half
from storage import busy, record, visits
from storage.database import Store
from storage.tables import MessageRow, SchoolRow, VisitRow, WitnessRow
from tests.chat import Chat, Speaker
from tests.district import email

MONDAY = "2026-11-30 10:00"
THURSDAY = date(2026, 12, 3)


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store, at=MONDAY, is_courteous=True)


@pytest.fixture
def mei(chat: Chat) -> Speaker:
    return chat.person(email("mei.tanaka"))


def the_visit(store: Store) -> VisitRow:
    with store.read() as tx:
        return tx.exec(select(VisitRow)).one()


def plan_and_let_pass(chat: Chat, imani: Speaker, mei: Speaker) -> None:
    imani.says("plan roosevelt thu 8:30")
    mei.collect()
    chat.move_to("2026-12-03 09:00")
    assert look_for_witnesses(chat.store, chat.now) == 0  # it is not over
    chat.move_to("2026-12-03 10:05")
    look_for_witnesses(chat.store, chat.now)


def test_the_principal_is_asked_once_in_open_time_and_one_tap_counts(
    chat: Chat, store: Store, imani: Speaker, mei: Speaker
) -> None:
    plan_and_let_pass(chat, imani, mei)
    assert mei.collect() == []  # Thursday morning is protected
    chat.move_to("2026-12-03 12:00")
    mei.sees("The visit to Roosevelt High", "Thu 3 Dec 8:30, with Imani Brooks", "was it of use?")
    mei.presses("Yes, it helped")
    mei.sees("shown to nobody by itself", "[Tell Imani Brooks too]")
    visit = the_visit(store)
    assert (visit.status, visit.confirmed_by, visit.useful) == ("held", "principal", 3)
    imani.collect()
    assert "helped" not in imani.everything()
    mei.presses("Tell Imani Brooks too")
    mei.sees("Imani Brooks gets a note")
    imani.sees("Mei Tanaka says of the visit to Roosevelt High", "it helped")
    imani.says("visits since September")
    imani.sees("1 confirmed by principals")
    seen = len(mei.seen)
    chat.wait(hours=26)
    look_for_witnesses(store, chat.now)
    mei.collect()
    assert len(mei.seen) == seen


def test_at_most_one_such_message_a_week_and_it_expires(chat: Chat, store: Store, mei: Speaker) -> None:
    with store.begin() as tx:
        school = tx.exec(select(SchoolRow.id).where(SchoolRow.name == "Roosevelt High")).one()
        imani = tx.exec(select(MessageRow)).first()
        assert imani is None
    chat.person(email("imani.brooks")).says("visited roosevelt 45 min")
    chat.wait(hours=1)
    look_for_witnesses(store, chat.now)
    assert len(mei.collect()) == 1
    with store.begin() as tx:
        visits.record_held(
            tx,
            school_id=school or 0,
            ild_id=the_ild(store),
            day=date(2026, 12, 2),
            half=Half.AM,
            kind="coaching",
            minutes=30,
            at=chat.now,
        )
    for at in ("2026-12-02 13:00", "2026-12-04 09:00"):
        chat.move_to(at)
        look_for_witnesses(store, chat.now)
        assert mei.collect() == []
    chat.move_to("2026-12-07 13:00")
    assert look_for_witnesses(store, chat.now) == 2  # both, in one message
    chat.wait(days=9)
    assert mei.collect() == []
    with store.read() as tx:
        last = tx.exec(
            select(MessageRow).where(MessageRow.kind == "witness").order_by(MessageRow.id.desc())
        ).first()
    assert last is not None
    assert last.why == "it came too late to be of use"


def the_ild(store: Store) -> int:
    with store.read() as tx:
        from storage import people

        found = people.find_by_email(tx, email("imani.brooks"), on=date(2026, 12, 1))
        assert found is not None
        return found.id


def test_where_log_and_principal_differ_the_ild_settles_it_and_both_words_stay(
    chat: Chat, store: Store, imani: Speaker, mei: Speaker
) -> None:
    imani.says("visited roosevelt 45 min, coaching")
    chat.wait(hours=1)
    look_for_witnesses(store, chat.now)
    mei.presses("It did not take place")
    mei.sees("Noted: it did not take place", "Your word stays")
    imani.says("to settle")
    imani.sees(
        "To settle: 1 visit", "Roosevelt High", "My log: held.", "The principal: it did not take place."
    )
    imani.says("visits since September")
    imani.sees("1 by the bot's log only", "A principal says of one of them that it did not take place")
    imani.says("to settle")
    imani.presses("It took place")
    imani.presses("Settle it", why="")
    imani.sees("Say in a sentence")
    imani.presses("Settle it", why="We met in the library, not in the office")
    imani.sees("Settled: it took place. Mei Tanaka reads your sentence; their answer stays beside it.")
    mei.sees("We met in the library, not in the office", "Your own answer stays")
    imani.says("settle")
    imani.sees("Nothing is to settle")
    with store.read() as tx:
        rows = {(row.witness, row.took_place) for row in tx.exec(select(WitnessRow))}
    assert rows == {("principal", False), ("ild", True)}
    mei.presses("Yes, it did not help much")
    assert (the_visit(store).confirmed_by, the_visit(store).useful) == ("principal", 2)


def test_the_ild_agrees_that_it_did_not_take_place(
    chat: Chat, store: Store, imani: Speaker, mei: Speaker
) -> None:
    imani.says("visited roosevelt 45 min")
    chat.wait(hours=1)
    look_for_witnesses(store, chat.now)
    mei.presses("It did not take place")
    imani.says("to settle")
    imani.presses("It did not")
    imani.presses("Settle it", why="I mixed up two schools")
    imani.sees("Settled: it did not take place")
    assert the_visit(store).status == "cancelled"
    imani.presses("Settle it", why="Once more")
    imani.sees("settled before")


def test_a_planned_visit_that_the_principal_denies_is_to_be_settled(
    chat: Chat, store: Store, imani: Speaker, mei: Speaker
) -> None:
    plan_and_let_pass(chat, imani, mei)
    imani.says("to settle")
    imani.sees("Nobody has said whether it took place")
    chat.move_to("2026-12-03 12:00")
    mei.presses("It did not take place")
    imani.says("to settle")
    imani.sees("My log: planned. The principal: it did not take place.")
    imani.presses("It did not")
    imani.sees("Who cancels it, and why?")


def test_a_calendar_that_was_taken_at_the_time_confirms_a_visit(
    chat: Chat, store: Store, imani: Speaker, mei: Speaker
) -> None:
    imani.says("plan roosevelt thu 8:30")
    with store.begin() as tx:
        busy.connect(
            tx, mei.id, address="https://calendar.example/m.ics", host="calendar.example", at=chat.now
        )
        busy.put_stretches(tx, mei.id, [BusyStretch(THURSDAY, 8 * 60, 9 * 60)])
    chat.move_to("2026-12-03 10:05")
    look_for_witnesses(store, chat.now)
    imani.says("to settle")
    imani.sees("My log: planned. A calendar: taken at that time.")
    imani.presses("It took place")
    visit = the_visit(store)
    assert (visit.status, visit.confirmed_by) == ("held", "calendar")
    imani.says("visits since September")
    imani.sees("1 confirmed by calendars")
    chat.move_to("2026-12-03 12:00")
    mei.presses("It did not take place")
    assert the_visit(store).confirmed_by == "calendar"


def test_only_the_schools_principal_is_a_witness_and_only_its_ild_settles(
    chat: Chat, store: Store, imani: Speaker, mei: Speaker, grace: Speaker, tomas: Speaker
) -> None:
    imani.says("visited roosevelt 45 min")
    chat.wait(hours=1)
    look_for_witnesses(store, chat.now)
    mei.collect()
    _place, _card, button = mei._find_button("It did not take place")
    for other in (grace, imani):
        other.presses_action(button.action)
        other.sees("is for the school's principal to say")
    mei.presses("It did not take place")
    imani.says("to settle")
    imani.collect()
    _place, _card, settle = imani._find_button("It did not")
    for other in (tomas, mei):
        other.presses_action(settle.action)
        other.sees("its ILD settles it with the principal")
    with store.read() as tx:
        assert [row.took_place for row in tx.exec(select(WitnessRow))] == [False]
        assert any(row.action == "visit.principal_says" for row in record.audit_of(tx, "visit:1"))


def test_an_answered_question_is_not_sent(chat: Chat, store: Store, imani: Speaker, mei: Speaker) -> None:
    plan_and_let_pass(chat, imani, mei)
    with store.begin() as tx:
        from protocols.cadence.witnesses import Witness
        from storage import witnesses

        witnesses.say(tx, the_visit(store).id or 0, Witness.PRINCIPAL, took_place=True, at=chat.now)
    chat.now += timedelta(hours=3)
    assert mei.collect() == []
