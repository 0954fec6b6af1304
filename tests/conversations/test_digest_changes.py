"""What changed since last week: a day that moved, a demand withdrawn, a question answered; told once, in the digest."""

import re
from datetime import date

import icalendar
import pytest
from sqlmodel import select

from handlers.calendars.own_feed import read_feed
from handlers.digest.digest_sending import send_digests
from handlers.district import put_base_url
from storage import demand_changes
from storage.database import Store
from storage.tables import DemandRow, DigestItemRow, PersonRow
from tests.chat import Chat, Speaker
from tests.district import email
from tests.played import Played

MONDAY = "2026-12-07 06:30"
NEXT_MONDAY = "2026-12-14 06:30"
MEMO = (
    "memo Schools must return the key list by December 14, 2026. This helps the fire marshal find every door.\n\n"
    "Schools must send the roster by December 18, 2026."
)


@pytest.fixture
def chat(store: Store, played: Played) -> Chat:
    return played(store, digest_read)


def digest_read(store: Store) -> Chat:
    """The key list and the roster have been passed on, and Monday's digest was read."""
    chat = Chat(store, at="2026-12-01 14:00")
    chat.person(email("dev.patel")).says(MEMO)
    for name in ("imani.brooks", "tomas.rivera"):
        chat.person(email(name)).says("pass on all suggested")
    chat.move_to(MONDAY)
    assert send_digests(store, chat.now) == 5
    return chat


@pytest.fixture
def grace(chat: Chat) -> Speaker:
    return chat.person(email("grace.lindqvist"))


def demand(store: Store, words: str) -> DemandRow:
    with store.read() as tx:
        return next(row for row in tx.exec(select(DemandRow)) if words in row.quote)


def move(chat: Chat, *, ild: str = "") -> None:
    """The office moves the key list to Wednesday the 16th."""
    old = demand(chat.store, "key list")
    with chat.store.begin() as tx:
        new = DemandRow(**{**old.model_dump(exclude={"id"}), "start": 9000, "due": date(2026, 12, 16)})
        tx.add(new)
        tx.flush()
        demand_changes.carry_over(
            tx,
            was=old.id or 0,
            now=new.id or 0,
            kind="moved",
            words="Return the key list: was Mon 14 Dec, now Wed 16 Dec",
            wording="Return the key list.",
            due=new.due,
            at=chat.now,
            ild_id=chat.person(email(ild)).id if ild else None,
        )


def test_a_reason_of_the_memo_stands_beside_its_item(grace: Speaker) -> None:
    grace.sees("Why: “This helps the fire marshal find every door.”", "Questions: Human Resources.")


def test_a_moved_day_is_told_once_and_counts_at_once(chat: Chat, store: Store, grace: Speaker) -> None:
    grace.collect()
    chat.move_to("2026-12-09 12:30")
    move(chat)
    grace.says("my digest")
    grace.sees("Return the key list.", "By Wed 16 Dec")
    grace.does_not_see("By Mon 14 Dec", "Why:")
    chat.move_to(NEXT_MONDAY)
    assert send_digests(store, chat.now) == 5
    grace.collect()
    grace.sees("something you were told has changed", "was Mon 14 Dec, now Wed 16 Dec")
    chat.move_to("2026-12-21 06:30")
    assert send_digests(store, chat.now) == 0


def test_a_change_for_one_networks_schools_is_told_to_those_alone(chat: Chat, store: Store) -> None:
    chat.move_to("2026-12-09 12:30")
    move(chat, ild="tomas.rivera")
    chat.move_to(NEXT_MONDAY)
    assert send_digests(store, chat.now) == 2


def test_what_is_done_stays_done_when_its_day_moves(chat: Chat, grace: Speaker) -> None:
    grace.presses("Done")
    chat.move_to("2026-12-09 12:30")
    move(chat)
    grace.says("my digest")
    grace.sees("1 thing left")
    grace.sees("Not done after all")


def test_what_is_withdrawn_is_over_and_its_buttons_say_so(chat: Chat, store: Store, grace: Speaker) -> None:
    grace.collect()
    chat.move_to("2026-12-09 12:30")
    old = demand(store, "key list")
    with store.begin() as tx:
        gone = demand_changes.withdraw(
            tx, demand_id=old.id or 0, words="Return the key list: withdrawn by Human Resources", at=chat.now
        )
    assert gone == 5
    grace.presses("Done")
    grace.sees("older than this", "Withdrawn Wed 9 Dec")
    chat.move_to(NEXT_MONDAY)
    assert send_digests(store, chat.now) == 5
    grace.collect()
    grace.sees("withdrawn by Human Resources")
    with store.read() as tx:
        states = {row.state for row in tx.exec(select(DigestItemRow)) if row.demand_id == old.id}
    assert states == {"withdrawn"}


def test_an_answer_that_came_in_between_is_told_again_with_the_next_digest(
    chat: Chat, store: Store, grace: Speaker
) -> None:
    grace.collect()
    grace.presses("More")
    grace.presses("Ask my ILD")
    grace.says("Keys of the gym too?")
    chat.move_to("2026-12-09 12:30")
    imani = chat.person(email("imani.brooks"))
    imani.presses("Answer")
    imani.says("No, only classrooms.")
    chat.person(email("dev.patel")).says("memo Schools must return form A by December 18, 2026.")
    imani.says("pass on all suggested")
    chat.move_to(NEXT_MONDAY)
    send_digests(store, chat.now)
    grace.collect()
    grace.sees("Changed since last week", "You asked about", "Answer: No, only classrooms.")


def test_only_a_new_principal_reads_what_each_thing_is(store: Store) -> None:
    with store.begin() as tx:
        row = tx.exec(select(PersonRow).where(PersonRow.email == email("farid.haddad"))).one()
        row.since = date(2026, 9, 1)
    chat = Chat(store, at="2026-12-01 14:00")
    chat.person(email("dev.patel")).says(MEMO)
    chat.person(email("imani.brooks")).says("pass on all suggested")
    chat.move_to(MONDAY)
    send_digests(store, chat.now)
    farid, grace = chat.person(email("farid.haddad")), chat.person(email("grace.lindqvist"))
    farid.sees("What it is: entering or reporting data, for Human Resources, which sent it.")
    grace.does_not_see("What it is:")


def test_what_was_taken_off_the_plate_is_told_with_the_minutes_it_saved(chat: Chat, store: Store) -> None:
    chat.move_to("2026-12-08 12:30")
    chat.person(email("dev.patel")).says(
        "memo Schools must complete the boiler survey by December 18, 2026. This takes about 30 minutes.\n\n"
        "Schools must return form B by December 18, 2026."
    )
    imani = chat.person(email("imani.brooks"))
    imani.says("triage")
    imani.presses("Take off the plate")
    imani.presses("Say who does it")
    imani.presses("Save", taker="Facilities")
    imani.says("pass on all suggested")
    chat.move_to(NEXT_MONDAY)
    send_digests(store, chat.now)
    grace = chat.person(email("grace.lindqvist"))
    grace.sees("Taken off your plate this week:", "1 item, about 30 minutes saved", "Facilities: ")


def test_a_feed_keeps_the_name_of_what_moves_and_loses_what_is_done(chat: Chat, grace: Speaker) -> None:
    def due() -> list[tuple[str, str, int]]:
        data = read_feed(chat.store, token, chat.now)
        assert data is not None
        events = icalendar.Calendar.from_ical(data).walk("VEVENT")
        return [
            (str(one["UID"]), one["DTSTART"].dt.isoformat(), int(one["SEQUENCE"]))
            for one in events
            if str(one["SUMMARY"]).startswith("Due: Return")
        ]

    with chat.store.begin() as tx:
        put_base_url(tx, "https://throughline.example")
    grace.collect()
    grace.says("my feed")
    (token,) = re.findall(r"/calendar/([\w-]+)\.ics", grace.last_words())
    ((name, day, number),) = due()
    assert (day, number) == ("2026-12-14", 0)
    chat.move_to("2026-12-09 12:30")
    move(chat)
    assert due() == [(name, "2026-12-16", 1)]
    grace.says("my digest")
    grace.presses("Done")
    assert due() == []


SEVERAL = """memo Assessment Office

To: Principals
From: Assessment
Date: November 24, 2026
Subject: {subject}

{first} must return the reading records by December {elementary} (elementary), December {middle} (middle).
"""


def test_each_school_reads_its_own_of_several_days(store: Store) -> None:
    chat = Chat(store, at="2026-12-01 14:00")
    dev = chat.person(email("dev.patel"))
    dev.says(SEVERAL.format(subject="Reading records", first="Schools", elementary=11, middle=17))
    for name in ("imani.brooks", "tomas.rivera"):
        chat.person(email(name)).says("pass on all suggested")
    chat.move_to(MONDAY)
    send_digests(store, chat.now)
    middle, elementary = (chat.person(email(name)) for name in ("grace.lindqvist", "farid.haddad"))
    middle.sees("by Thu 17 Dec")
    middle.does_not_see("Fri 11 Dec")
    elementary.sees("by Fri 11 Dec")
    elementary.does_not_see("Thu 17 Dec")

    # The feed and a corrected memo keep to it too.
    chat.move_to("2026-12-08 12:00")
    dev.says(SEVERAL.format(subject="CORRECTED: Reading records", first="Schools", elementary=14, middle=18))
    middle.says("my digest")
    middle.sees("by Fri 18 Dec")
    elementary.says("my digest")
    elementary.sees("by Mon 14 Dec")
