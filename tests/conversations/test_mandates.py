"""Story B, first half: a memo comes in and the ILD decides what of it reaches her schools."""

from typing import TypeVar

import pytest
from sqlmodel import select

from handlers.cards import buttons_of
from handlers.digest.digest_sending import send_digests
from storage.database import Store
from storage.tables import AuditRow, DemandRow, MandateRow, TriageRow
from tests.chat import Chat
from tests.conversations.mandate_texts import CONFERENCES, SEAT_COUNTS
from tests.district import email

Row = TypeVar("Row")
TUESDAY = "2026-11-24 14:00"


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store, at=TUESDAY)


def rows(store: Store, kind: type[Row]) -> list[Row]:
    with store.read() as tx:
        return list(tx.exec(select(kind)))


def test_a_memo_is_shown_as_what_it_asks_of_whom_and_by_when(chat: Chat) -> None:
    dev = chat.person(email("dev.patel"))
    dev.says("memo\n" + CONFERENCES)
    dev.sees("Teacher evaluation conferences", "by Fri 11 Dec", "by Fri 18 Dec", "required", "all schools")
    dev.sees("hold a conference with each non-tenured teacher")
    dev.sees("Fri 20 Nov", "2 ILDs get a note", "[Original]")


@pytest.mark.parametrize(
    "opening",
    [
        pytest.param("", id="pasted without a word"),
        pytest.param("memo\n", id="after the word memo on a line of its own"),
        pytest.param("Memo: ", id="after memo and a colon"),
        pytest.param("memo ", id="after memo and a space"),
    ],
)
def test_a_memo_may_come_in_several_ways(chat: Chat, store: Store, opening: str) -> None:
    chat.person(email("dev.patel")).says(opening + SEAT_COUNTS)
    assert [memo.title for memo in rows(store, MandateRow)] == ["Seat counts for science testing"]
    assert rows(store, MandateRow)[0].text.count("\n") > 5


def test_after_the_bare_word_the_next_message_is_the_memo(chat: Chat, store: Store) -> None:
    dev = chat.person(email("dev.patel"))
    dev.says("memo")
    dev.sees("Paste the memo")
    dev.says("Schools must return the key list by December 4, 2026.")
    dev.sees("It asks 1 thing of schools", "by Fri 4 Dec")
    assert len(rows(store, DemandRow)) == 1


def test_words_hours_later_are_not_taken_for_the_memo(chat: Chat, store: Store) -> None:
    dev = chat.person(email("dev.patel"))
    dev.says("memo")
    chat.wait(hours=5)
    dev.says("Schools must return the key list by December 4, 2026.")
    assert rows(store, MandateRow) == []


def test_the_same_memo_again_is_recognised_whatever_its_spaces(chat: Chat, store: Store) -> None:
    dev, imani = chat.person(email("dev.patel")), chat.person(email("imani.brooks"))
    dev.says("memo\n" + CONFERENCES)
    imani.says("memo\n" + CONFERENCES.upper().replace("\n", "\n\n"))
    imani.sees("I have this one already", "Dev Patel", "Tue 24 Nov")
    assert len(rows(store, MandateRow)) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("memo\n--- *** 123 456", "no words", id="no words"),
        pytest.param(
            "memo\nThe cafeteria was lovely this week and everybody enjoyed the soup.",
            "found nothing that it asks",
            id="nothing asked",
        ),
    ],
)
def test_a_memo_that_asks_nothing_gets_a_kind_sentence_and_leaves_nothing(
    chat: Chat, store: Store, text: str, said: str
) -> None:
    dev = chat.person(email("dev.patel"))
    dev.says(text)
    dev.sees(said)
    assert rows(store, MandateRow) == []
    assert rows(store, DemandRow) == []


def test_a_memo_of_200_kilobytes_is_read_kept_whole_and_shown_in_pages(chat: Chat, store: Store) -> None:
    dev = chat.person(email("dev.patel"))
    lines = [
        f"{n}. Schools must return list {n} to the office by December {n % 28 + 1}, 2026."
        for n in range(2700)
    ]
    dev.says("memo\nDate: November 20, 2026\n\n" + "\n".join(lines))
    dev.sees("Show the next 5 of")
    assert len(rows(store, MandateRow)[0].text) > 180_000
    dev.presses("Show the next 5")
    dev.sees("List 5", "Show the next 5")
    dev.presses("Original")
    dev.sees("Part 1 of", "Read on")
    assert all(len(buttons_of(card)) < 12 for card in dev.seen)


def test_a_principal_is_told_who_may_send_memos(chat: Chat, store: Store) -> None:
    mei = chat.person(email("mei.tanaka"))
    mei.says(CONFERENCES)
    mei.sees("Memos to schools come from an office")
    assert rows(store, MandateRow) == []


def test_markup_in_a_memo_is_only_text(chat: Chat, store: Store) -> None:
    dev = chat.person(email("dev.patel"))
    dev.says("memo\nSchools must send <b>Form A</b> to <!channel> by December 4, 2026.")
    dev.sees("<b>Form A</b>", "<!channel>")


def test_ilds_get_one_note_a_memo_in_open_time(chat: Chat) -> None:
    dev, imani = chat.person(email("dev.patel")), chat.person(email("imani.brooks"))
    chat.move_to("2026-12-01 09:00")  # Tuesday morning is protected
    dev.says("memo\n" + CONFERENCES)
    assert imani.collect() == []
    chat.move_to("2026-12-01 12:00")
    cards = imani.collect()
    assert len(cards) == 1
    imani.sees(
        "A new memo.", "Office of Human Resources", "It asks 2 things of your schools; 1 more is only to know"
    )


def test_the_desk_shows_the_oldest_deadline_first_with_a_suggestion_and_its_reason(chat: Chat) -> None:
    imani = chat.person(email("imani.brooks"))
    chat.person(email("dev.patel")).says("memo\n" + CONFERENCES)
    chat.person(email("dev.patel")).says("memo\n" + SEAT_COUNTS)
    imani.says("triage")
    imani.sees(
        "Payroll will send", "[Take off the plate]", "[Pass on]", "[Hold]", "[Other ways]", "[Original]"
    )
    imani.presses("Pass on")
    imani.sees(
        "Passed on", "device list", "by Wed 9 Dec", "Of yours: Lincoln Elementary", "I would pass it on"
    )
    imani.does_not_see("Of yours: Lincoln Elementary, Lincoln Middle")


def test_only_demands_for_a_school_of_hers_reach_an_ild(chat: Chat) -> None:
    tomas = chat.person(email("tomas.rivera"))
    chat.person(email("dev.patel")).says("memo High schools must send a room plan by December 10, 2026.")
    tomas.says("triage")
    tomas.sees("Nothing waits for your decision")


def test_all_suggestions_are_taken_on_one_press(chat: Chat, store: Store) -> None:
    imani = chat.person(email("imani.brooks"))
    chat.person(email("dev.patel")).says("memo\n" + CONFERENCES)
    imani.says("triage")
    imani.presses("Take all")
    imani.sees("Done as suggested", "2 to do, 1 good to know", "[Preview Monday's digest]")
    assert {row.decision for row in rows(store, TriageRow)} >= {"pass_on"}
    imani.presses("Take all")
    imani.sees("Something has come or was decided since")
    assert "triage.decided" in [row.action for row in rows(store, AuditRow)]


def test_a_decision_may_be_changed_and_an_old_button_says_where_it_stands(chat: Chat, store: Store) -> None:
    imani = chat.person(email("imani.brooks"))
    chat.person(email("dev.patel")).says("memo\n" + SEAT_COUNTS)
    imani.says("triage")
    imani.presses("Hold")
    imani.sees("Held until Tue 1 Dec:")
    imani.presses("Change it")
    imani.presses("Take off the plate")
    assert [row.decision for row in rows(store, TriageRow)] == ["off_plate"]
    imani.says("triage")
    first = imani.seen[-1]
    imani.presses("Other ways")
    imani.presses("I'll do it")
    imani.seen.append(first)
    imani.presses("Hold")
    imani.sees("Already decided: yours to do")


def test_a_wording_that_changes_the_day_is_shown_beside_the_memo_and_not_saved(
    chat: Chat, store: Store
) -> None:
    imani = chat.person(email("imani.brooks"))
    chat.person(email("dev.patel")).says("memo Middle schools must send seat counts by December 14, 2026.")
    imani.says("triage")
    imani.presses("Edit wording")
    imani.presses("Save and pass on", wording="Middle schools: send seat counts by December 15.")
    imani.sees("Not saved yet", "December 15", "December 14, 2026")
    assert rows(store, TriageRow) == []
    imani.presses("Save and pass on", wording="Middle schools: send seat counts by December 14.")
    imani.sees("Passed on in your words")
    assert [row.wording for row in rows(store, TriageRow)] == [
        "Middle schools: send seat counts by December 14."
    ]


def test_do_not_drop_is_scarce(chat: Chat, store: Store) -> None:
    imani = chat.person(email("imani.brooks"))
    asks = " ".join(
        f"Schools must return form {letter} by December 1{n}, 2026." for n, letter in enumerate("ABCD")
    )
    chat.person(email("dev.patel")).says("memo " + asks)
    imani.says("triage")
    for _ in range(3):
        imani.presses("Do not drop")
        imani.sees("Do not drop:")
    imani.presses("Do not drop")
    imani.sees("has 3 “do not drop” for Monday already")
    assert sum(row.do_not_drop for row in rows(store, TriageRow)) == 3


def test_what_the_ild_takes_on_is_on_her_own_list_until_done(chat: Chat) -> None:
    imani = chat.person(email("imani.brooks"))
    chat.person(email("dev.patel")).says("memo Schools must return the key list by December 4, 2026.")
    imani.says("triage")
    imani.presses("Other ways")
    imani.presses("I'll do it")
    imani.says("my tasks")
    imani.sees("Yours to do: 1", "key list", "by Fri 4 Dec")
    imani.presses("Done")
    imani.sees("nothing on yourself that is still open", "1 done")


def test_nobody_else_may_decide(chat: Chat, store: Store) -> None:
    imani, tomas = chat.person(email("imani.brooks")), chat.person(email("tomas.rivera"))
    chat.person(email("dev.patel")).says("memo High schools must send a room plan by December 10, 2026.")
    imani.says("triage")
    tomas.seen.append(imani.seen[-1])
    tomas.presses("Pass on")
    tomas.sees("What reaches a school is decided by its ILD")
    assert rows(store, TriageRow) == []


def test_a_memo_pasted_in_the_middle_of_a_walkthrough_is_a_memo_and_no_note(chat: Chat, store: Store) -> None:
    imani, mei = chat.person(email("imani.brooks")), chat.person(email("mei.tanaka"))
    imani.says("walkthrough roosevelt")
    for words in ("Students write a lot.", "Few revise.", "students revise a draft", "that is all"):
        mei.says(words)
    imani.says(SEAT_COUNTS)
    imani.sees("It asks 2 things of schools", "[Original]")
    assert len(rows(store, MandateRow)) == 1
    imani.says("12: four students crossed out a sentence and wrote it anew")
    imani.sees("12")


def test_what_is_asked_is_shown_in_full_and_once(chat: Chat) -> None:
    dev, imani = chat.person(email("dev.patel")), chat.person(email("imani.brooks"))
    dev.says("memo\n" + SEAT_COUNTS)
    imani.says("triage")
    imani.presses("Hold")
    sentence = "Middle schools must send seat counts for grade 8 science to the Office of Assessment"
    words = " ".join(imani.last_words().split())
    assert words.count("seat counts for grade 8") == 1
    imani.sees("By Mon 14 Dec, required, about 10 min.", "Of yours: Lincoln Middle", sentence)


def test_before_a_day_is_not_by_that_day(chat: Chat) -> None:
    dev = chat.person(email("dev.patel"))
    dev.says("memo Schools must return the key list before December 4, 2026.")
    dev.sees("before Fri 4 Dec")
    dev.does_not_see("by Fri 4 Dec")


def test_deciding_about_one_memo_stays_with_it_until_it_is_decided(chat: Chat) -> None:
    dev, imani = chat.person(email("dev.patel")), chat.person(email("imani.brooks"))
    dev.says("memo\n" + SEAT_COUNTS)
    dev.says("memo\n" + CONFERENCES)
    imani.collect()
    imani.presses("Decide")
    imani.sees("Teacher evaluation conferences", "2 more of this memo", "[Take all 3 suggestions]")
    imani.presses("Pass on")
    imani.sees("Teacher evaluation conferences", "1 more of this memo")
    imani.presses("Add my line")
    imani.presses("Save and pass on", note="Start with the new ones.")
    imani.presses("Next")
    imani.sees("Form HR-22")
    imani.presses("Pass on")
    imani.sees("That memo is decided", "2 more wait from other memos", "[Go on]")
    imani.presses("Go on")
    imani.sees("Seat counts for science testing", "1 more after this one")


def test_the_suggestions_of_one_memo_are_taken_without_the_others(chat: Chat, store: Store) -> None:
    dev, imani = chat.person(email("dev.patel")), chat.person(email("imani.brooks"))
    dev.says("memo\n" + SEAT_COUNTS)
    dev.says("memo\n" + CONFERENCES)
    imani.collect()
    imani.presses("Decide")
    imani.presses("Take all 3")
    imani.sees("Done as suggested", "2 to do, 1 good to know", "2 more wait from other memos")
    assert len(rows(store, TriageRow)) == 3


def test_who_does_it_is_asked_only_of_what_was_on_the_plate(chat: Chat) -> None:
    dev, imani = chat.person(email("dev.patel")), chat.person(email("imani.brooks"))
    dev.says("memo Payroll will send the list on December 2, 2026.")
    dev.says("memo Schools must return the boiler survey by December 10, 2026.")
    imani.says("triage")
    imani.presses("Take off the plate")
    imani.does_not_see("[Say who does it]")
    imani.presses("Do not drop")
    imani.says("preview")
    imani.sees("boiler survey")


def test_what_others_do_cannot_be_dropped(chat: Chat) -> None:
    imani = chat.person(email("imani.brooks"))
    chat.person(email("dev.patel")).says("memo Payroll will send the list on December 2, 2026.")
    imani.says("triage")
    imani.presses("Do not drop")
    imani.sees("Others do it, so principals have nothing to drop")


def test_a_wording_saved_as_it_is_offered_passes_the_gate(chat: Chat, store: Store) -> None:
    imani = chat.person(email("imani.brooks"))
    chat.person(email("dev.patel")).says("memo Middle schools must send seat counts by December 14, 2026.")
    imani.says("triage")
    imani.presses("Edit wording")
    imani.presses("Save and pass on")
    imani.sees("Passed on in your words: Middle schools must send seat counts")
    imani.presses("Change it")
    imani.presses("Edit wording")
    imani.presses("Save and pass on", wording="Middle schools must not send seat counts.")
    imani.sees("Not saved yet")


def test_a_memo_without_a_title_says_its_sentence_once(chat: Chat) -> None:
    dev, imani = chat.person(email("dev.patel")), chat.person(email("imani.brooks"))
    dev.says("memo Schools must return the key list by December 4, 2026.")
    imani.collect()
    assert imani.last_words().count("key list") == 1


def test_a_memo_for_a_network_reaches_only_its_schools(chat: Chat, store: Store) -> None:
    dev, tomas = chat.person(email("dev.patel")), chat.person(email("tomas.rivera"))
    imani = chat.person(email("imani.brooks"))
    dev.says("memo Bus lists\n\nPrincipals in network South must return the bus list by December 14, 2026.")
    dev.sees("for network South")
    tomas.says("triage")
    tomas.sees("bus list")
    tomas.presses("Pass on")
    imani.says("triage")
    imani.does_not_see("bus list")
    chat.move_to("2026-12-07 06:30")
    assert send_digests(store, chat.now)
    oluchi, grace = chat.person(email("oluchi.eze")), chat.person(email("grace.lindqvist"))
    oluchi.says("my digest")
    oluchi.sees("bus list")
    grace.says("my digest")
    grace.does_not_see("bus list")


def test_what_only_looks_like_a_network_narrows_nothing(chat: Chat) -> None:
    dev = chat.person(email("dev.patel"))
    dev.says(
        "memo Guest access\n\nPrincipals in the Wi-Fi Network must return the form by December 14, 2026."
    )
    dev.sees("for all schools")
