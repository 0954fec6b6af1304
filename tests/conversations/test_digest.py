"""Story B, second half: Monday's digest, once to each principal, and what they do with it."""

import threading
from datetime import date, timedelta
from typing import Any, TypeVar

import pytest
from sqlalchemy import event
from sqlmodel import col, select

from handlers.cards import Items
from handlers.clock import run_due
from handlers.digest import digests
from handlers.digest.digest_sending import send_digests
from handlers.district import load_district
from handlers.outgoing import Drop, recheck
from protocols.cadence.calendar import Closure, ClosureKind, Half
from protocols.cadence.protected import ProtectedRule
from storage import calendar, outbox
from storage.database import Store, Tx
from storage.tables import (
    AssignmentRow,
    AuditRow,
    DigestItemRow,
    DigestRow,
    MessageRow,
    PersonRow,
)
from tests.chat import Chat, Speaker
from tests.conversations.mandate_texts import CONFERENCES, SEAT_COUNTS
from tests.district import YEAR_STARTS, email
from tests.played import Played

Row = TypeVar("Row")
TUESDAY = "2026-12-01 14:00"
FRIDAY = "2026-12-04 10:00"
MONDAY = "2026-12-07 06:30"


@pytest.fixture
def chat(store: Store, played: Played) -> Chat:
    return played(store, two_memos_passed_on)


def two_memos_passed_on(store: Store) -> Chat:
    """Two memos have come, and both ILDs have passed on what was suggested."""
    chat = Chat(store, at=TUESDAY)
    dev = chat.person(email("dev.patel"))
    dev.says("memo\n" + CONFERENCES)
    dev.says("memo\n" + SEAT_COUNTS)
    for name in ("imani.brooks", "tomas.rivera"):
        ild = chat.person(email(name))
        ild.says("pass on all suggested")
        ild.sees("Done as suggested")
    return chat


def rows(store: Store, kind: type[Row]) -> list[Row]:
    with store.read() as tx:
        return list(tx.exec(select(kind)))


def digest_messages(store: Store) -> list[MessageRow]:
    return [message for message in rows(store, MessageRow) if message.kind == "digest"]


def principal(chat: Chat, name: str) -> Speaker:
    """A principal on Monday at 06:30, with the digest read."""
    chat.move_to(MONDAY)
    send_digests(chat.store, chat.now)
    speaker = chat.person(email(name))
    speaker.collect()
    return speaker


# ---------------------------------------------------------------- sending


def test_each_principal_gets_one_digest_on_monday_at_half_past_six(chat: Chat, store: Store) -> None:
    chat.move_to("2026-12-07 06:29")
    assert send_digests(store, chat.now) == 0
    chat.move_to(MONDAY)
    assert send_digests(store, chat.now) == 5
    grace = chat.person(email("grace.lindqvist"))
    grace.sees(
        "Your week, Lincoln Middle: 3 things", "conference", "by Fri 11 Dec", "seat counts", "by Mon 14 Dec"
    )
    grace.sees("[Done]", "[Original]", "[More]", "Questions: evaluation desk, extension 4410.")
    grace.presses("More")
    grace.sees("[Done]", "[Remind me]", "[Ask my ILD]", "[Delegate]", "[Original]")
    grace.does_not_see("device list", "This comes late")


def test_a_digest_holds_only_what_concerns_the_school(chat: Chat) -> None:
    farid = principal(chat, "farid.haddad")
    farid.sees("Lincoln Elementary", "device list")
    farid.does_not_see("seat counts for grade 8")


def test_running_the_clock_again_sends_nothing_again(chat: Chat, store: Store) -> None:
    chat.move_to(MONDAY)
    send_digests(store, chat.now)
    for minutes in (0, 1, 600, 1500):
        assert send_digests(store, chat.now + timedelta(minutes=minutes)) == 0
    assert len(digest_messages(store)) == 5


def test_two_clocks_at_once_give_nobody_two_and_nobody_none(chat: Chat, store: Store) -> None:
    chat.move_to(MONDAY)
    counts: list[int] = []
    clocks = [threading.Thread(target=lambda: counts.append(send_digests(store, chat.now))) for _ in range(4)]
    for clock in clocks:
        clock.start()
    for clock in clocks:
        clock.join()
    assert sum(counts) == 5
    recipients = [message.recipient_id for message in digest_messages(store)]
    assert len(recipients) == len(set(recipients)) == 5


@pytest.mark.parametrize("survivors", range(5))
def test_killed_after_any_digest_the_next_run_writes_the_rest(
    chat: Chat, store: Store, monkeypatch: pytest.MonkeyPatch, survivors: int
) -> None:
    chat.move_to(MONDAY)
    put = outbox.put
    calls: list[int] = []

    def dying_put(tx: Tx, **values: Any) -> int | None:
        calls.append(1)
        if len(calls) > survivors:
            raise SystemExit("killed")
        return put(tx, **values)

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "put", dying_put)
        with pytest.raises(SystemExit):
            send_digests(store, chat.now)
    assert len(rows(store, DigestRow)) == survivors
    send_digests(store, chat.now + timedelta(minutes=1))
    assert len(digest_messages(store)) == len(rows(store, DigestRow)) == 5
    assert all(digest.message_id for digest in rows(store, DigestRow))


def test_what_was_told_is_not_told_again_next_week(chat: Chat, store: Store) -> None:
    chat.move_to(MONDAY)
    send_digests(store, chat.now)
    chat.move_to("2026-12-14 06:30")
    assert send_digests(store, chat.now) == 0


def test_nothing_undecided_and_nothing_held_is_sent(store: Store) -> None:
    chat = Chat(store, at=TUESDAY)
    chat.person(email("dev.patel")).says("memo Schools must return the key list by December 14, 2026.")
    chat.move_to(MONDAY)
    assert send_digests(store, chat.now) == 0
    imani = chat.person(email("imani.brooks"))
    chat.move_to("2026-12-08 13:00")
    imani.says("triage")
    imani.presses("Hold")
    chat.move_to("2026-12-14 06:30")
    assert send_digests(store, chat.now) == 0


def test_a_decision_after_the_hour_belongs_to_the_next_week(store: Store) -> None:
    chat = Chat(store, at=MONDAY)
    chat.wait(minutes=5)
    chat.person(email("dev.patel")).says("memo Schools must return the key list by December 18, 2026.")
    chat.person(email("imani.brooks")).says("pass on all suggested")
    chat.wait(hours=1)
    assert send_digests(store, chat.now) == 0
    chat.move_to("2026-12-14 06:30")
    assert send_digests(store, chat.now) == 3


def test_each_principal_is_served_by_the_clock_on_their_own_wall(chat: Chat, store: Store) -> None:
    with store.begin() as tx:
        row = tx.exec(select(PersonRow).where(PersonRow.email == email("mei.tanaka"))).one()
        row.zone = "Pacific/Honolulu"
    chat.move_to(MONDAY)
    assert send_digests(store, chat.now) == 4
    chat.wait(hours=5)
    assert send_digests(store, chat.now) == 1
    late = [digest.is_late for digest in rows(store, DigestRow)]
    assert late == [False] * 5


def test_in_protected_time_it_waits_for_the_next_open_half_hour(chat: Chat, store: Store) -> None:
    with store.begin() as tx:
        calendar.put_rule(tx, ProtectedRule(0, Half.AM, "all", YEAR_STARTS, None, "visits"))
    chat.move_to(MONDAY)
    assert send_digests(store, chat.now) == 0
    chat.move_to("2026-12-07 12:00")
    assert send_digests(store, chat.now) == 5
    assert {message.not_before for message in digest_messages(store)} == {chat.now}


def test_on_a_holiday_it_comes_the_next_school_day(chat: Chat, store: Store) -> None:
    day = date(2026, 12, 7)
    with store.begin() as tx:
        calendar.put_closure(tx, Closure(day, day, ClosureKind.SNOW, "Snow"), source="tests", uid="snow")
    chat.move_to("2026-12-07 11:00")
    assert send_digests(store, chat.now) == 0
    chat.move_to("2026-12-08 12:00")  # Tuesday morning is protected
    assert send_digests(store, chat.now) == 5


def test_a_clock_that_was_down_on_monday_morning_sends_late_and_says_so(chat: Chat, store: Store) -> None:
    chat.move_to("2026-12-07 15:00")
    assert send_digests(store, chat.now) == 5
    grace = chat.person(email("grace.lindqvist"))
    grace.sees("This comes late")


def test_a_clock_that_was_down_until_wednesday_skips_the_week_and_tells_the_ild_once(
    chat: Chat, store: Store
) -> None:
    chat.move_to("2026-12-09 09:00")
    assert send_digests(store, chat.now) == 0
    assert send_digests(store, chat.now + timedelta(minutes=1)) == 0
    imani = chat.person(email("imani.brooks"))
    imani.sees("did not go out everywhere", "Lincoln Middle", "Roosevelt High")
    assert len([m for m in rows(store, MessageRow) if m.kind == "digest_missed"]) == 2
    chat.move_to("2026-12-14 06:30")
    assert send_digests(store, chat.now) == 5


def test_a_digest_that_could_not_be_delivered_goes_again_and_the_ild_hears_of_it(
    chat: Chat, store: Store
) -> None:
    chat.move_to(MONDAY)
    send_digests(store, chat.now)
    with store.begin() as tx:
        grace = tx.exec(select(PersonRow).where(PersonRow.email == email("grace.lindqvist"))).one()
        message = tx.exec(
            select(MessageRow).where(MessageRow.kind == "digest", col(MessageRow.recipient_id) == grace.id)
        ).one()
        message.state = "failed"
    chat.move_to("2026-12-08 13:00")
    assert run_due(store, chat.now)["digests_undelivered"] == 1
    imani = chat.person(email("imani.brooks"))
    imani.sees("could not be delivered", "Lincoln Middle")
    chat.move_to("2026-12-14 06:30")
    assert send_digests(store, chat.now) == 1


def test_no_digest_goes_to_a_principal_who_has_left_the_school(chat: Chat, store: Store) -> None:
    chat.move_to(MONDAY)
    send_digests(store, chat.now)
    with store.begin() as tx:
        people = {row.email: row.id for row in tx.exec(select(PersonRow))}
        lincoln = tx.exec(
            select(AssignmentRow).where(AssignmentRow.principal_id == people[email("grace.lindqvist")])
        ).one()
        lincoln.ends = date(2026, 12, 6)
        tx.add(
            AssignmentRow(
                school_id=lincoln.school_id,
                ild_id=lincoln.ild_id,
                principal_id=people[email("peter.novak")],
                network=lincoln.network,
                starts=date(2026, 12, 7),
                cadence_days=10,
            )
        )
    with store.begin() as tx:
        message = tx.exec(
            select(MessageRow).where(
                MessageRow.kind == "digest", MessageRow.recipient_id == people[email("grace.lindqvist")]
            )
        ).one()
        verdict = recheck(tx, load_district(tx), message, now=chat.now)
    assert verdict == Drop("the principal has left the school")


def test_who_leads_two_schools_gets_one_digest_about_both(chat: Chat, store: Store) -> None:
    with store.begin() as tx:
        people = {row.email: row.id for row in tx.exec(select(PersonRow))}
        for row in tx.exec(
            select(AssignmentRow).where(AssignmentRow.principal_id == people[email("farid.haddad")])
        ):
            row.principal_id = people[email("grace.lindqvist")]
    grace = principal(chat, "grace.lindqvist")
    grace.sees("Lincoln Elementary and Lincoln Middle: 4 things", "device list", "seat counts")
    assert len(digest_messages(store)) == 4


def test_a_digest_is_one_short_transaction_whatever_stands_in_it(chat: Chat, store: Store) -> None:
    """Whoever presses something on a Monday at half past six waits for one of them, not for 1,600."""
    transactions: list[list[str]] = [[]]

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("BEGIN IMMEDIATE"):
            transactions.append([])
        transactions[-1].append(statement.split("(")[0])

    chat.move_to(MONDAY)
    event.listen(store.engine, "before_cursor_execute", note)
    assert send_digests(store, chat.now) == 5
    event.remove(store.engine, "before_cursor_execute", note)
    assert [len(statements) for statements in transactions[1:]] == [7] * 5, transactions[1]


def test_every_digest_has_an_audit_row(chat: Chat, store: Store) -> None:
    chat.move_to(MONDAY)
    send_digests(store, chat.now)
    assert [row.action for row in rows(store, AuditRow)].count("digest.sent") == 5


# ---------------------------------------------------------------- preview


def test_the_preview_shows_what_all_read_and_what_only_some_do(chat: Chat) -> None:
    imani = chat.person(email("imani.brooks"))
    imani.says("my line: Read the first one today; the rest can wait until Wednesday.")
    imani.sees("The digest of Mon 7 Dec opens with it")
    imani.says("preview")
    imani.sees(
        "Digest of Mon 7 Dec: 3 schools", "All of them", "Only Lincoln Middle", "Only Lincoln Elementary"
    )
    imani.sees("Read the first one today")
    grace = principal(chat, "grace.lindqvist")
    grace.sees("Read the first one today", "Imani Brooks")


def test_her_own_line_her_wording_and_do_not_drop_reach_the_principal(store: Store) -> None:
    chat = Chat(store, at=TUESDAY)
    chat.person(email("dev.patel")).says("memo Schools must return the key list by December 14, 2026.")
    imani = chat.person(email("imani.brooks"))
    imani.says("triage")
    imani.presses("Do not drop")
    imani.says("preview")
    imani.presses("Change")
    imani.presses("Add my line")
    imani.presses("Save and pass on", note="The fire marshal asks for it; your custodian has it.")
    grace = principal(chat, "grace.lindqvist")
    grace.sees("Do not drop", "key list", "your custodian has it")


def test_on_friday_the_ild_is_reminded_once_of_what_waits(chat: Chat, store: Store) -> None:
    chat.person(email("dev.patel")).says("memo Schools must return the key list by December 14, 2026.")
    chat.move_to("2026-12-03 14:00")
    assert run_due(store, chat.now)["previews_reminded"] == 0
    chat.move_to(FRIDAY)
    assert run_due(store, chat.now)["previews_reminded"] == 2
    assert run_due(store, chat.now + timedelta(minutes=1))["previews_reminded"] == 0
    imani = chat.person(email("imani.brooks"))
    imani.sees("Monday's digest", "1 demand waits for your decision", "opening line is still missing")


def test_once_it_is_out_a_decision_stands(chat: Chat) -> None:
    imani = chat.person(email("imani.brooks"))
    imani.says("preview")
    principal(chat, "grace.lindqvist")
    imani.presses("Change")
    imani.sees("went out on Mon 7 Dec", "the decision stands")


def test_what_is_taken_off_the_plate_is_told_with_who_does_it(store: Store) -> None:
    chat = Chat(store, at=TUESDAY)
    dev, imani = chat.person(email("dev.patel")), chat.person(email("imani.brooks"))
    dev.says("memo Schools must return the boiler survey by December 10, 2026.")
    dev.says("memo Schools must return the key list by December 14, 2026.")
    imani.says("triage")
    imani.presses("Take off the plate")
    imani.presses("Say who does it")
    imani.presses("Save", taker="Facilities")
    imani.says("pass on all suggested")
    grace = principal(chat, "grace.lindqvist")
    grace.sees("1 thing", "Taken off your plate this week", "1 item", "Facilities")


# ---------------------------------------------------------------- the principal's buttons


def test_done_is_shown_counted_and_can_be_undone(chat: Chat, store: Store) -> None:
    grace = principal(chat, "grace.lindqvist")
    grace.presses("Done")
    grace.sees("Done:", "2 left this week")
    grace.presses("Not done after all")
    grace.sees("Open again")
    assert "done" not in {item.state for item in rows(store, DigestItemRow)}


def test_done_pressed_twice_or_a_week_late(chat: Chat) -> None:
    grace = principal(chat, "grace.lindqvist")
    digest = grace.seen[-1]
    chat.wait(days=8)
    grace.presses("Done")
    grace.sees("Done:")
    grace.seen.append(digest)
    grace.presses("Done")
    grace.sees("Done Tue 15 Dec", "[Not done after all]")


def test_my_digest_shows_where_each_item_stands(chat: Chat) -> None:
    grace = principal(chat, "grace.lindqvist")
    grace.presses("Done")
    grace.says("my digest")
    grace.sees("2 things left", "Done Mon 7 Dec")


def test_a_reminder_comes_once_on_its_day_in_working_hours(chat: Chat, store: Store) -> None:
    grace = principal(chat, "grace.lindqvist")
    grace.presses("More")
    grace.presses("Remind me")
    grace.sees("[Tomorrow, Tue 8 Dec]", "[2 days before, Wed 9 Dec]", "Another day")
    grace.presses("2 days before")
    grace.sees("I'll bring it up on Wed 9 Dec")
    chat.move_to("2026-12-08 13:00")
    assert run_due(store, chat.now)["item_reminders"] == 0
    chat.move_to("2026-12-09 05:00")
    assert run_due(store, chat.now)["item_reminders"] == 1
    assert run_due(store, chat.now)["item_reminders"] == 0
    assert grace.collect() == []
    chat.move_to("2026-12-09 07:00")
    grace.sees("You asked me to bring this up", "conference")
    grace.presses("Done")
    grace.sees("Done:")


@pytest.mark.parametrize(
    ("day", "said"),
    [
        pytest.param("", "Which day?", id="no day"),
        pytest.param("2026-12-01", "past", id="a past day"),
        pytest.param("2029-12-01", "more than a year off", id="years ahead"),
    ],
)
def test_a_reminder_needs_a_day_that_can_be_used(chat: Chat, day: str, said: str) -> None:
    grace = principal(chat, "grace.lindqvist")
    grace.presses("More")
    grace.presses("Remind me")
    grace.presses("Remind me then", day=day)
    grace.sees(said)


def test_a_question_goes_to_the_ild_and_the_answer_comes_back(chat: Chat, store: Store) -> None:
    grace, imani = principal(chat, "grace.lindqvist"), chat.person(email("imani.brooks"))
    chat.move_to("2026-12-07 10:00")
    grace.presses("More")
    grace.presses("Ask my ILD")
    grace.sees("What would you like to ask Imani Brooks?")
    grace.says("Does this include the long-term substitute?")
    grace.sees("Imani Brooks has your question")
    imani.sees("Grace Lindqvist, Lincoln Middle", "long-term substitute")
    imani.presses("Answer")
    imani.says("No, only teachers on contract.")
    imani.sees("Grace Lindqvist has your answer")
    grace.sees("Imani Brooks answers", "only teachers on contract", "[Done]")
    grace.presses("Done")
    grace.sees("Done:")


def test_a_delegated_item_keeps_who_does_it(chat: Chat, store: Store) -> None:
    grace, imani = principal(chat, "grace.lindqvist"), chat.person(email("imani.brooks"))
    grace.presses("More")
    grace.presses("Delegate")
    grace.says("the clerk")
    grace.sees("Noted: the clerk does it", "Delegated to the clerk")
    imani.says("who has done what")
    imani.sees("Delegated: Lincoln Middle (to the clerk)")


def test_the_ild_sees_who_has_done_what(chat: Chat) -> None:
    grace = principal(chat, "grace.lindqvist")
    grace.presses("Done")
    imani = chat.person(email("imani.brooks"))
    imani.says("who has done what")
    imani.sees("Week of Mon 7 Dec", "1 of", "Done 1 of 3", "Open: Lincoln Elementary, Roosevelt High")
    imani.does_not_see("Harbor")


@pytest.mark.parametrize("name", ["ruth.castellanos", "dev.patel"])
def test_who_has_done_what_is_not_for_executives_or_units(chat: Chat, name: str) -> None:
    principal(chat, "grace.lindqvist")
    other = chat.person(email(name))
    other.says("who has done what")
    other.does_not_see("Lincoln Middle")


def test_another_principals_buttons_do_nothing(chat: Chat, store: Store) -> None:
    grace, farid = principal(chat, "grace.lindqvist"), chat.person(email("farid.haddad"))
    farid.collect()
    farid.seen.append(grace.seen[-1])
    farid.presses("More")
    farid.sees("That item belongs to another principal")
    grace.presses("More")
    farid.seen.append(grace.seen[-1])
    for label in ("Done", "Remind me", "Ask my ILD", "Delegate"):
        farid.presses(label)
        farid.sees("That item belongs to another principal")
    assert {item.state for item in rows(store, DigestItemRow)} == {"open"}


def test_the_original_is_one_tap_away(chat: Chat) -> None:
    grace = principal(chat, "grace.lindqvist")
    grace.presses("Original")
    grace.sees("The sentence it comes from", "SYCAMORE UNIFIED SCHOOL DISTRICT", "extension 4410")


def test_a_long_week_is_one_screen_with_the_rest_counted(store: Store) -> None:
    chat = Chat(store, at=TUESDAY)
    asks = " ".join(
        f"Schools must return form {letter} by December {n}, 2026."
        for n, letter in enumerate("ABCDEFGHIJKL", 9)
    )
    chat.person(email("dev.patel")).says("memo " + asks)
    chat.person(email("imani.brooks")).says("pass on all suggested")
    grace = principal(chat, "grace.lindqvist")
    grace.sees("12 things", "Then: ", "Return form D (by Sat 12 Dec)", "[Show 9 more]")
    grace.presses("Show 9 more")
    grace.sees("Form F", "[Show 4 more")


# ---------------------------------------------------------------- short enough to be read


def test_the_preview_begins_with_what_must_not_be_dropped(chat: Chat) -> None:
    imani = chat.person(email("imani.brooks"))
    chat.person(email("dev.patel")).says("memo Middle schools must send Form Z by December 18, 2026.")
    imani.says("triage")
    imani.presses("Do not drop")
    imani.says("preview")
    titles = [block.title for block in imani.seen[-1].blocks if isinstance(block, Items)]
    assert titles[0] == "Do not drop"
    imani.sees("Form Z", "Lincoln Middle, by Fri 18 Dec")


def test_who_leads_two_schools_reads_for_which_each_thing_is(chat: Chat, store: Store) -> None:
    with store.begin() as tx:
        people = {row.email: row.id for row in tx.exec(select(PersonRow))}
        for row in tx.exec(
            select(AssignmentRow).where(AssignmentRow.principal_id == people[email("farid.haddad")])
        ):
            row.principal_id = people[email("grace.lindqvist")]
    grace = principal(chat, "grace.lindqvist")
    grace.sees(
        "Both schools: by Fri 11 Dec", "Lincoln Middle: by Mon 14 Dec", "Lincoln Elementary: by Wed 9 Dec"
    )
    grace.says("my digest")
    grace.sees("Both schools: by Fri 11 Dec", "Lincoln Middle: by Mon 14 Dec")


def test_a_sentence_stands_in_the_digest_once_with_its_facts_behind(chat: Chat) -> None:
    grace = principal(chat, "grace.lindqvist")
    assert grace.last_words().count("seat counts") == 1
    grace.sees(
        "to the Office of Assessment. By Mon 14 Dec, 10 min, required.", "By Fri 11 Dec, 2 hours, required."
    )
    grace.sees("Upload the signed Form HR-22. ", "By Fri 18 Dec, 30 min, required.")
    grace.presses("Done")
    grace.does_not_see("..", "….")


def test_what_only_forbids_is_good_to_know_and_not_to_be_ticked_off(store: Store) -> None:
    chat = Chat(store, at=TUESDAY)
    chat.person(email("dev.patel")).says(
        "memo Schools must return the key list by December 14, 2026. No school may copy a key. "
        "Schools may ask for a spare set until December 16, 2026."
    )
    chat.person(email("imani.brooks")).says("pass on all suggested")
    grace = principal(chat, "grace.lindqvist")
    grace.sees("2 things, about 13 minutes", "Decide", "spare set", "Good to know: ", "copy a key")
    grace.presses("Read it")
    grace.sees("copy a key", "[Original]")
    grace.does_not_see("[Done]")


def test_open_schools_are_named_while_they_are_few(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    grace = principal(chat, "grace.lindqvist")
    imani = chat.person(email("imani.brooks"))
    imani.says("who has done what")
    imani.sees("Open: Lincoln Elementary, Lincoln Middle, Roosevelt High.")
    monkeypatch.setattr(digests, "MOST_NAMED", 1)
    imani.says("who has done what")
    imani.sees("Open: all 3.")
    imani.does_not_see("[Which schools]")
    grace.presses("Done")
    imani.says("who has done what")
    imani.sees("Done 1 of 3. Open: 2 of 3.", "[Which schools]")
    imani.presses("Which schools")
    imani.sees("Open (2):", "Lincoln Elementary, Roosevelt High.", "Done (1):")


def test_the_names_behind_an_item_are_for_its_schools_alone(chat: Chat) -> None:
    principal(chat, "grace.lindqvist")
    imani, tomas = chat.person(email("imani.brooks")), chat.person(email("tomas.rivera"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(digests, "MOST_NAMED", 0)
        principal(chat, "farid.haddad").presses("Done")
        imani.says("who has done what")
    tomas.collect()
    tomas.seen.append(imani.seen[-1])
    tomas.presses("Which schools")
    tomas.does_not_see("Lincoln", "Roosevelt")


def test_what_is_held_until_nearer_its_day_comes_up_again(store: Store) -> None:
    chat = Chat(store, at=TUESDAY)
    imani = chat.person(email("imani.brooks"))
    chat.person(email("dev.patel")).says("memo Payroll will send the list on December 23, 2026.")
    imani.says("pass on all suggested")
    imani.sees("1 on hold")
    imani.says("preview")
    imani.sees("1 demand on hold has its day soon: Wed 23 Dec", "[See what is on hold]")
