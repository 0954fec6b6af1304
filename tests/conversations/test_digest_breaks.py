"""Breaks: a week without school has no digest, its items come with the next, and what is due in it comes before."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from handlers.digest.digest_sending import send_digests
from protocols.cadence.calendar import Closure, ClosureKind
from storage import calendar
from storage.database import Store
from storage.tables import DigestRow, TriageRow
from tests.chat import Chat, Speaker
from tests.district import email

LAST_DAY, BACK = "2026-12-18 06:30", "2027-01-04 06:30"
IN_BREAK = "memo Schools must return the key list by December 28, 2026."
AFTER = "memo Schools must send the roster by January 15, 2027."
NO_DAY = "memo Schools must keep the log of visitors."


@pytest.fixture
def chat(store: Store) -> Chat:
    """Wednesday of the last week before a break of two weeks."""
    with store.begin() as tx:
        winter = Closure(date(2026, 12, 21), date(2027, 1, 1), ClosureKind.HOLIDAY, "Winter break")
        calendar.put_closure(tx, winter, source="tests", uid="winter")
    return Chat(store, at="2026-12-16 14:00")


def pass_on(chat: Chat, *memos: str) -> Speaker:
    for memo in memos:
        chat.person(email("dev.patel")).says(memo)
    imani = chat.person(email("imani.brooks"))
    imani.says("pass on all suggested")
    return imani


def send_at(chat: Chat, at: str) -> int:
    chat.move_to(at)
    return send_digests(chat.store, chat.now)


def test_nothing_goes_in_a_break_and_all_of_it_comes_after(chat: Chat) -> None:
    pass_on(chat, AFTER, NO_DAY)
    for day in ("17 06:30", "18 06:30", "18 16:30", "21 06:30", "22 09:00", "28 06:30", "29 12:00"):
        assert send_at(chat, f"2026-12-{day}") == 0
    assert send_at(chat, BACK) == 3
    grace = chat.person(email("grace.lindqvist"))
    grace.sees("Your week, Lincoln Middle: 2 things", "roster", "log of visitors")


def test_what_is_due_in_the_break_comes_on_the_last_school_day_before_it_and_once(
    chat: Chat, store: Store
) -> None:
    pass_on(chat, IN_BREAK, AFTER)
    assert send_at(chat, "2026-12-17 16:30") == 0
    assert send_at(chat, LAST_DAY) == 3
    assert send_digests(store, chat.now + timedelta(minutes=5)) == 0
    grace = chat.person(email("grace.lindqvist"))
    grace.sees("Before the break, Lincoln Middle: 1 thing", "key list", "by Mon 28 Dec")
    grace.does_not_see("roster")
    assert send_at(chat, BACK) == 3
    grace.collect()
    assert grace.last_words().count("key list") == 1
    with store.read() as tx:
        assert {row.week for row in tx.exec(select(DigestRow))} == {date(2026, 12, 21), date(2027, 1, 4)}


def test_the_ild_reads_that_it_goes_early_and_later_that_she_must_tell_them_herself(chat: Chat) -> None:
    chat.person(email("dev.patel")).says(IN_BREAK)
    imani = chat.person(email("imani.brooks"))
    imani.says("triage")
    imani.sees("It goes out early, on Fri 18 Dec")
    chat.move_to("2026-12-18 12:30")
    imani.says("triage")
    imani.sees("comes before Monday's digest (Mon 4 Jan), so tell them yourself")


def test_her_line_and_the_preview_before_a_break_are_for_the_week_after_it(chat: Chat) -> None:
    imani = pass_on(chat, AFTER)
    imani.says("my line: Welcome back.")
    imani.sees("The digest of Mon 4 Jan opens with it")
    imani.says("preview")
    imani.sees("Digest of Mon 4 Jan", "roster")
    assert send_at(chat, BACK) == 3
    chat.person(email("grace.lindqvist")).sees("Welcome back.")


def test_what_was_moved_into_the_break_waits_for_its_end_unless_its_day_comes_before(
    chat: Chat, store: Store
) -> None:
    pass_on(chat, IN_BREAK, AFTER)
    with store.begin() as tx:
        for row in tx.exec(select(TriageRow)):
            row.week = date(2027, 1, 4)
    assert send_at(chat, LAST_DAY) == 3
    chat.person(email("grace.lindqvist")).sees("key list")
    assert send_at(chat, BACK) == 3
    chat.person(email("grace.lindqvist")).sees("roster")


def test_after_a_long_break_what_was_decided_before_it_is_still_told(chat: Chat, store: Store) -> None:
    with store.begin() as tx:
        long = Closure(date(2026, 12, 21), date(2027, 2, 12), ClosureKind.HOLIDAY, "The building is closed")
        calendar.put_closure(tx, long, source="tests", uid="long")
    pass_on(chat, NO_DAY)
    assert send_at(chat, "2027-02-15 06:30") == 3


def test_on_a_monday_without_school_the_weeks_digest_is_still_ahead(chat: Chat, store: Store) -> None:
    with store.begin() as tx:
        day = date(2026, 12, 14)
        calendar.put_closure(tx, Closure(day, day, ClosureKind.SNOW, "Snow"), source="tests", uid="snow")
    chat.move_to("2026-12-14 12:00")
    imani = pass_on(chat, AFTER)
    imani.says("preview")
    imani.sees("Digest of Mon 14 Dec")
