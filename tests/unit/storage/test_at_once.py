"""Two processes at the same thing at the same moment: one does it, the other is told, and neither breaks."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlmodel import col, select

from protocols.cadence.calendar import Half
from storage import meetings, outbox, people, record, visits
from storage.database import Store, Tx
from storage.tables import AccountRow, MeetingRow, MessageRow, PersonRow, VisitRow
from tests.district import NOW, email
from tests.meanwhile import meanwhile

DAY = date(2026, 12, 1)


def person(tx: Tx, name: str) -> int:
    found = tx.exec(select(PersonRow.id).where(PersonRow.email == email(name))).one()
    assert found is not None
    return found


def say(tx: Tx) -> bool:
    told = outbox.put(
        tx, recipient_id=person(tx, "grace.lindqvist"), kind="digest", period="2026-11-30", card="{}",
        asked=False, not_before=NOW, created_at=NOW,
    )  # fmt: skip
    return told is not None


ONCE: dict[str, Callable[[Tx], bool]] = {
    "an inbound event": lambda tx: record.is_first_time(tx, ("team:1", "event:1"), at=NOW),
    "an inbound event of which one key is known": lambda tx: record.is_first_time(
        tx, ("event:1", f"retry:{id(tx)}"), at=NOW
    ),
    "a thing that the bot brings up": lambda tx: record.note_once(
        tx, kind="overdue", object="school:1", at=NOW
    ),
    "a message of a kind and period": say,
}


@pytest.mark.parametrize("what", ONCE)
def test_only_one_of_two_is_the_first(store: Store, what: str) -> None:
    assert meanwhile(store, ONCE[what], ONCE[what]) == (True, False)
    with store.begin() as tx:
        assert not ONCE[what](tx)


def test_the_second_who_loses_an_event_can_go_on_in_its_transaction(store: Store) -> None:
    def take(tx: Tx) -> bool:
        is_first = record.is_first_time(tx, ("event:1",), at=NOW)
        record.audit(tx, at=NOW, actor_id=None, action="tried", object="event:1")
        return is_first

    meanwhile(store, take, take)
    with store.read() as tx:
        assert len(record.audit_of(tx, "event:1")) == 2


def plan(store: Store) -> int:
    with store.begin() as tx:
        school = people.schools_on(tx, DAY)[0]
        assert school.ild_id is not None
        return visits.plan(tx, school_id=school.id, ild_id=school.ild_id, day=DAY, half=Half.AM, at=NOW)


def test_of_a_move_and_a_cancellation_at_once_the_first_stands(store: Store) -> None:
    visit = plan(store)

    def move(tx: Tx) -> bool:
        return visits.move(
            tx, visit, version=1, day=DAY + timedelta(days=1), half=Half.PM, starts=None, at=NOW
        )

    def cancel(tx: Tx) -> bool:
        return visits.cancel(tx, visit, version=1, by="ild", reason="ill")

    assert meanwhile(store, move, cancel) == (True, False)
    with store.read() as tx:
        row = tx.get_one(VisitRow, visit)
    assert (row.status, row.half, row.version, row.cancel_reason) == ("planned", "pm", 2, None)


def test_of_two_who_mark_a_visit_held_one_counts(store: Store) -> None:
    visit = plan(store)

    def hold(tx: Tx) -> bool:
        return visits.mark_held(tx, visit, version=1, minutes=60)

    assert meanwhile(store, hold, hold) == (True, False)
    with store.read() as tx:
        assert tx.get_one(VisitRow, visit).version == 2


def test_a_button_of_an_older_version_changes_nothing(store: Store) -> None:
    visit = plan(store)
    with store.begin() as tx:
        assert visits.move(tx, visit, version=1, day=DAY, half=Half.PM, starts=None, at=NOW)
    with store.begin() as tx:
        assert not visits.cancel(tx, visit, version=1, by="ild", reason="late press")
        assert visits.cancel(tx, visit, version=2, by="ild", reason="ill")
    with store.begin() as tx:
        assert not visits.mark_held(tx, visit, version=3, minutes=45), "what is cancelled is not held"


def test_of_two_decisions_on_a_meeting_the_first_stands(store: Store) -> None:
    with store.begin() as tx:
        meeting = meetings.add(
            tx, requester_id=person(tx, "dev.patel"), office="Human Resources", topic="substitutes",
            audience="principals", day=DAY, starts=540, minutes=60, state="refused", at=NOW,
        )  # fmt: skip

    def decide(state: str) -> Callable[[Tx], bool]:
        return lambda tx: meetings.change(tx, meeting, version=1, state=state)

    assert meanwhile(store, decide("overridden"), decide("withdrawn")) == (True, False)
    with store.read() as tx:
        row = tx.get_one(MeetingRow, meeting)
    assert (row.state, row.version) == ("overridden", 2)


def test_what_a_person_is_asked_last_is_awaited_even_if_two_ask_at_once(store: Store) -> None:
    def ask(topic: str) -> Callable[[Tx], None]:
        return lambda tx: record.expect(tx, person(tx, "imani.brooks"), topic, at=NOW)

    meanwhile(store, ask("run"), ask("visit"))
    with store.read() as tx:
        awaited = record.expectation_of(tx, person(tx, "imani.brooks"))
    assert awaited is not None
    assert awaited.topic == "visit"


def test_a_setting_put_by_two_at_once_is_the_later_ones(store: Store) -> None:
    def set_to(value: int) -> Callable[[Tx], None]:
        return lambda tx: record.put_setting(tx, "new", {"is": value})

    meanwhile(store, set_to(1), set_to(2))
    with store.read() as tx:
        assert record.get_setting(tx, "new") == {"is": 2}


def test_an_account_seen_by_two_at_once_is_linked_once(store: Store) -> None:
    def link(tx: Tx) -> None:
        people.link_account(
            tx, person_id=person(tx, "imani.brooks"), platform="slack", workspace="T", user="U1",
            address={"channel": "D1"}, at=NOW,
        )  # fmt: skip

    meanwhile(store, link, link)
    with store.read() as tx:
        assert len(tx.exec(select(AccountRow)).all()) == 1


def test_two_senders_claim_different_messages_and_no_recipient_twice(store: Store) -> None:
    with store.begin() as tx:
        everybody = [i for i in tx.exec(select(PersonRow.id).order_by(col(PersonRow.id))) if i]
        for recipient in everybody:
            for period in ("first", "second"):
                outbox.put(
                    tx, recipient_id=recipient, kind="test", period=period, card="{}", asked=True,
                    not_before=NOW, created_at=NOW,
                )  # fmt: skip

    def take(sender: str) -> Callable[[Tx], list[MessageRow]]:
        return lambda tx: outbox.claim(tx, sender=sender, now=NOW, limit=6)

    first, second = meanwhile(store, take("first"), take("second"))
    recipients = [row.recipient_id for row in (*first, *second)]
    assert len(recipients) == len(set(recipients)) == len(everybody)
    assert {row.period for row in (*first, *second)} == {"first"}


def test_an_offices_budget_of_overrides_is_decided_about_by_one_at_a_time(store: Store) -> None:
    def take_the_last(tx: Tx) -> bool:
        meetings.hold_budget(tx, "Human Resources")
        if meetings.taken_by_office(tx, start=DAY, end=DAY):
            return False
        meetings.add(
            tx, requester_id=person(tx, "dev.patel"), office="Human Resources", topic="buses",
            audience="principals", day=DAY, starts=540, minutes=60, state="overridden", at=NOW,
        )  # fmt: skip
        return True

    assert meanwhile(store, take_the_last, take_the_last) == (True, False)
