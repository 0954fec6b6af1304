"""The same memo again: known, corrected, repeated, or doubtful; what is shown is the difference."""

import re

import pytest
from sqlmodel import select

from handlers.digest.digest_sending import send_digests
from storage.database import Store
from storage.tables import ChallengeRow, DemandRow, MandateRow, OriginalRow, TriageRow
from tests.chat import Chat, Speaker
from tests.conversations.mandate_texts import CONFERENCES
from tests.district import email

MONDAY = "2026-12-07 06:30"
NEXT_MONDAY = "2026-12-14 06:30"
KEYS = """memo To: Principals
From: Human Resources
Date: November 30, 2026
Subject: Key lists and rosters

Schools must return the key list by {keys}.

Schools must send the roster by December 18, 2026.
"""
FIRST = KEYS.format(keys="December 14, 2026")


def corrected(keys: str, *, day: str, mark: str = "REVISED: ") -> str:
    text = KEYS.format(keys=keys).replace("November 30, 2026", day)
    return text.replace("Subject: ", f"Subject: {mark}")


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store, at="2026-12-01 14:00")


@pytest.fixture
def dev(chat: Chat) -> Speaker:
    return chat.person(email("dev.patel"))


@pytest.fixture
def imani(chat: Chat) -> Speaker:
    return chat.person(email("imani.brooks"))


@pytest.fixture
def grace(chat: Chat) -> Speaker:
    return chat.person(email("grace.lindqvist"))


def rows(store: Store, words: str) -> list[DemandRow]:
    with store.read() as tx:
        return [row for row in tx.exec(select(DemandRow)) if words in row.quote]


def memos(store: Store) -> list[MandateRow]:
    with store.read() as tx:
        return list(tx.exec(select(MandateRow).order_by(MandateRow.id)))  # type: ignore[arg-type]  # a column


def test_the_same_memo_with_another_letterhead_is_known_and_its_original_kept(
    chat: Chat, dev: Speaker, store: Store
) -> None:
    dev.says(CONFERENCES)
    dev.says(
        CONFERENCES.replace("SYCAMORE UNIFIED SCHOOL DISTRICT", "Sycamore").replace(
            "Questions: evaluation desk", "With thanks, the desk"
        )
    )
    dev.sees("I have this one already", "It asks the same; only what stands around it differs.")
    assert len(memos(store)) == 1
    with store.read() as tx:
        assert [row.mandate_id for row in tx.exec(select(OriginalRow))] == [1, 1]


def test_a_corrected_memo_shows_the_difference_and_takes_the_place_of_the_first(
    chat: Chat, dev: Speaker, imani: Speaker, store: Store
) -> None:
    dev.says(FIRST)
    imani.says("pass on all suggested")
    dev.says(corrected("December 16, 2026", day="December 1, 2026"))
    dev.sees(
        "This corrects “Key lists and rosters”", "Mon 14 Dec", "Wed 16 Dec", "1 other thing stays as it was"
    )
    first, second = memos(store)
    assert (second.supersedes_id, second.version) == (first.id, 2)
    assert len(rows(store, "roster")) == 1


def test_what_changed_is_back_on_the_desk_with_the_old_decision(
    chat: Chat, dev: Speaker, imani: Speaker
) -> None:
    dev.says(FIRST)
    imani.says("triage")
    imani.presses("Take off the plate")
    imani.presses("Pass on")
    dev.says(corrected("December 16, 2026", day="December 1, 2026"))
    imani.says("triage")
    imani.sees(
        "Changed:", "was Mon 14 Dec, now Wed 16 Dec", "I would take it off the plate", "Last time: taken off"
    )
    imani.does_not_see("the roster")
    imani.presses("Take off the plate")
    imani.sees("Nothing waits")


def test_her_line_goes_along_when_she_decides_the_same(
    chat: Chat, dev: Speaker, imani: Speaker, grace: Speaker
) -> None:
    dev.says(FIRST)
    imani.says("triage")
    imani.presses("Add my line")
    imani.presses("Save and pass on", note="Ask the custodian.")
    dev.says(corrected("December 16, 2026", day="December 1, 2026"))
    imani.says("pass on all suggested")
    chat.move_to(MONDAY)
    assert send_digests(chat.store, chat.now)
    grace.collect()
    grace.sees("Ask the custodian.", "Wed 16 Dec")
    grace.does_not_see("Mon 14 Dec")


def test_her_own_wording_goes_along_where_it_is_still_true(
    chat: Chat, dev: Speaker, imani: Speaker, grace: Speaker
) -> None:
    dev.says(FIRST)
    reword(imani, "Return the key list of your school")
    dev.says(corrected("December 16, 2026", day="December 1, 2026"))
    imani.says("triage")
    imani.sees("Changed:", "Your wording goes along: “Return the key list of your school”")
    imani.presses("Pass on")
    chat.move_to(MONDAY)
    assert send_digests(chat.store, chat.now)
    grace.collect()
    grace.sees("Return the key list of your school", "Wed 16 Dec")


def test_her_own_wording_that_is_true_no_more_is_shown_beside_the_sentence_with_the_reason(
    chat: Chat, dev: Speaker, imani: Speaker, grace: Speaker, store: Store
) -> None:
    dev.says(FIRST)
    reword(imani, "The key list must be back by December 14, 2026")
    dev.says(corrected("December 16, 2026", day="December 1, 2026"))
    imani.says("triage")
    imani.sees("Your wording.", "it does not go along", "The key list must be back by December 14, 2026")
    imani.sees("December 16", "Schools must return the key list by December 16, 2026.")
    imani.presses("Pass on")
    (old, now) = rows(store, "key list")
    with store.read() as tx:
        words = {row.demand_id: row.wording for row in tx.exec(select(TriageRow))}
    assert "December 14" in words[old.id or 0]
    assert "December 14" not in words[now.id or 0]


def test_what_principals_were_told_in_her_words_stays_in_her_words(
    chat: Chat, dev: Speaker, imani: Speaker, grace: Speaker
) -> None:
    dev.says(FIRST)
    reword(imani, "Return the key list of your school")
    chat.move_to(MONDAY)
    assert send_digests(chat.store, chat.now)
    dev.says(corrected("December 16, 2026", day="December 1, 2026"))
    grace.says("my digest")
    grace.sees("Return the key list of your school", "By Wed 16 Dec")


def test_an_open_question_moves_to_the_demand_that_takes_the_place(
    chat: Chat, dev: Speaker, imani: Speaker, grace: Speaker, store: Store
) -> None:
    dev.says(FIRST)
    imani.says("triage")
    imani.presses("Other ways")
    imani.presses("Ask first")
    imani.presses("Ask", question="Which keys?")
    dev.says(corrected("December 16, 2026", day="December 1, 2026"))
    (_old, now) = rows(store, "key list")
    with store.read() as tx:
        assert [row.demand_id for row in tx.exec(select(ChallengeRow))] == [now.id]
    imani.says("triage")
    imani.sees("Changed:", "You asked Human Resources: “Which keys?”", "An answer is due by")
    dev.says("my questions")
    dev.sees("“Return the key list” (by Wed 16 Dec)")
    dev.presses("Answer")
    dev.says("Only the outer doors.")
    imani.collect()
    imani.sees("Only the outer doors.", "It is on your desk.", "[Decide]")
    imani.presses("Decide")
    imani.sees("Human Resources answers", "Only the outer doors.")
    imani.presses("Pass on")
    chat.move_to(MONDAY)
    assert send_digests(chat.store, chat.now)
    grace.collect()
    grace.sees("By Wed 16 Dec")
    grace.presses("More")
    grace.sees("Answer: Only the outer doors.")


def test_she_may_wait_on_for_the_answer_about_what_changed(dev: Speaker, imani: Speaker) -> None:
    dev.says(FIRST)
    imani.says("triage")
    imani.presses("Other ways")
    imani.presses("Ask first")
    imani.presses("Ask", question="Which keys?")
    dev.says(corrected("December 16, 2026", day="December 1, 2026"))
    imani.says("triage")
    imani.presses("Other ways")
    imani.presses("Ask first")
    imani.presses("Wait for the same answer")
    imani.sees("It waits: Return the key list")
    dev.says("my questions")
    dev.presses("Answer")
    dev.says("Only the outer doors.")
    imani.collect()
    imani.sees("It is back on your desk.")


def reword(ild: Speaker, words: str) -> None:
    ild.says("triage")
    ild.presses("Edit wording")
    ild.presses("Save and pass on", wording=words)
    ild.sees("Passed on in your words")


@pytest.fixture
def read(chat: Chat, dev: Speaker, imani: Speaker, grace: Speaker) -> Chat:
    """Principals have read Monday's digest."""
    dev.says(FIRST)
    imani.says("pass on all suggested")
    chat.move_to(MONDAY)
    assert send_digests(chat.store, chat.now)
    grace.collect()
    return chat


def test_a_principal_who_was_told_reads_the_difference_with_the_next_digest(
    read: Chat, dev: Speaker, grace: Speaker, store: Store
) -> None:
    read.move_to("2026-12-09 12:30")
    before = len(grace.seen)
    dev.says(corrected("December 16, 2026", day="December 9, 2026"))
    read.wait(hours=2)
    grace.collect()
    assert len(grace.seen) == before
    grace.says("my digest")
    grace.sees("By Wed 16 Dec")
    grace.does_not_see("Mon 14 Dec")
    read.move_to(NEXT_MONDAY)
    assert send_digests(store, read.now)
    grace.collect()
    grace.sees("was Mon 14 Dec, now Wed 16 Dec")


def test_an_earlier_day_that_the_next_digest_would_miss_is_told_at_once(
    read: Chat, dev: Speaker, grace: Speaker
) -> None:
    read.move_to("2026-12-08 12:30")
    dev.says(corrected("December 11, 2026", day="December 8, 2026"))
    read.move_to("2026-12-09 12:30")
    grace.collect()
    grace.sees("Changed since your digest.", "was Mon 14 Dec, now Fri 11 Dec")


def test_an_ild_may_take_what_changed_off_a_plate_it_was_on(
    read: Chat, dev: Speaker, imani: Speaker, grace: Speaker, store: Store
) -> None:
    read.move_to("2026-12-09 12:30")
    dev.says(corrected("December 16, 2026", day="December 9, 2026"))
    imani.says("triage")
    imani.sees("was Mon 14 Dec, now Wed 16 Dec")
    imani.presses("Take off the plate")
    imani.sees("Taken off the plate")
    read.move_to(NEXT_MONDAY)
    assert send_digests(store, read.now)
    grace.collect()
    grace.sees("taken off your plate")
    grace.says("my digest")
    grace.does_not_see("Return the key list. By")


def test_a_memo_that_may_be_another_is_asked_about_and_both_stand_meanwhile(
    chat: Chat, dev: Speaker, imani: Speaker, store: Store
) -> None:
    dev.says(FIRST)
    shorter = re.sub(r"\n\nSchools must send the roster.*", "\n", FIRST, flags=re.DOTALL)
    dev.says(shorter.replace("December 14", "December 16"))
    dev.sees("Does this replace “Key lists and rosters”", "Until you say so, both stand", "not in it")
    imani.says("triage")
    imani.sees("2 more after this one")
    dev.presses("Yes, it replaces it")
    dev.sees("holds from now on")
    imani.says("triage")
    imani.sees("Changed:", "now Wed 16 Dec")
    imani.does_not_see("more after this one", "the roster")
    dev.presses("Yes, it replaces it")
    dev.sees("has taken that memo's place already")


def test_another_memo_stands_beside_the_first(chat: Chat, dev: Speaker, imani: Speaker, store: Store) -> None:
    dev.says(FIRST)
    shorter = re.sub(r"\n\nSchools must send the roster.*", "\n", FIRST, flags=re.DOTALL)
    dev.says(shorter.replace("December 14", "December 16"))
    dev.presses("No, it is another")
    dev.sees("Both stand")
    assert [memo.supersedes_id for memo in memos(store)] == [None, None]


def test_what_is_withdrawn_leaves_queues_and_is_told(
    read: Chat, dev: Speaker, imani: Speaker, grace: Speaker, store: Store
) -> None:
    read.move_to("2026-12-09 12:30")
    shorter = re.sub(r"\n\nSchools must send the roster.*", "\n", FIRST, flags=re.DOTALL)
    dev.says(shorter.replace("November 30", "December 9"))
    dev.presses("Yes, it replaces it")
    read.move_to(NEXT_MONDAY)
    assert send_digests(store, read.now)
    grace.collect()
    grace.sees("roster: withdrawn by Human Resources")
    assert len(rows(store, "key list")) == 1


def test_a_notice_of_one_change_moves_that_day_and_leaves_the_rest(
    read: Chat, dev: Speaker, grace: Speaker, store: Store
) -> None:
    read.move_to("2026-12-09 12:30")
    dev.says(
        "memo To: Principals\nFrom: Human Resources\nDate: December 9, 2026\nSubject: Deadline extended\n\n"
        "The deadline to return the key list is extended from December 14 to December 17, 2026."
    )
    dev.sees("Does this replace", "Mon 14 Dec", "Thu 17 Dec")
    dev.presses("Yes, it changes that")
    grace.says("my digest")
    grace.sees("By Thu 17 Dec", "10 min, required", "roster")
    (was,), (now,) = rows(store, "return the key list by"), rows(store, "is extended")
    assert (now.binding, now.minutes, now.audience) == (was.binding, was.minutes, was.audience)


def test_the_next_of_a_series_is_asked_anew_with_last_times_decision(
    chat: Chat, dev: Speaker, imani: Speaker, store: Store
) -> None:
    dev.says(FIRST)
    imani.says("triage")
    imani.presses("Take off the plate")
    imani.presses("Take off the plate")
    chat.move_to("2027-01-04 10:00")
    dev.says(
        corrected("January 15, 2027", day="January 4, 2027", mark="").replace(
            "December 18, 2026", "January 22, 2027"
        )
    )
    dev.sees("Like “Key lists and rosters” of", "it is asked anew")
    first, second = memos(store)
    assert (second.supersedes_id, second.repeats_id) == (None, first.id)
    imani.says("triage")
    imani.sees("I would take it off the plate", "Last time: taken off the plate")


def test_only_who_sent_a_memo_says_that_it_replaces_another(chat: Chat, dev: Speaker, grace: Speaker) -> None:
    dev.says(FIRST)
    shorter = re.sub(r"\n\nSchools must send the roster.*", "\n", FIRST, flags=re.DOTALL)
    dev.says(shorter.replace("December 14", "December 16"))
    _place, _card, button = dev._find_button("Yes, it replaces it")
    grace.presses_action(button.action)
    grace.sees("for whoever sent it to say")
