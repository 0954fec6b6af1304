"""An item and the school's own focus; and what is a principal's own to decide."""

import pytest
from sqlmodel import select

from handlers.digest.digest_sending import send_digests
from storage.database import Store
from storage.people import schools_on, set_focus
from storage.tables import AssignmentRow, FocusTieRow, PrincipalAreaRow
from tests.chat import Chat, Speaker
from tests.district import NOW, email

TUESDAY = "2026-11-24 14:00"
MONDAY = "2026-11-30 06:30"
THINKING = "memo Middle schools must note where pupils explain their thinking by December 11, 2026."
SCHEDULE = "memo Schools must send their master schedule by December 11, 2026."


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store, at=TUESDAY)


@pytest.fixture
def dev(chat: Chat) -> Speaker:
    return chat.person(email("dev.patel"))


@pytest.fixture
def ana(chat: Chat) -> Speaker:
    return chat.person(email("ana.whitefeather"))


def give_focus(store: Store, name: str, focus: str) -> None:
    with store.begin() as tx:
        school = next(s for s in schools_on(tx, NOW.date()) if s.name == name)
        set_focus(tx, school.id, focus)


def test_shared_words_suggest_a_tie_and_the_principal_reads_it(
    chat: Chat, store: Store, dev: Speaker, imani: Speaker, grace: Speaker
) -> None:
    give_focus(store, "Lincoln Middle", "students explain their thinking in mathematics")
    dev.says(THINKING)
    imani.says("triage")
    imani.presses("Other ways")
    imani.sees(
        "Lincoln Middle:",
        "It may help the focus",
        "Both speak of “explain” and “thinking”",
        "[Tie to the focus]",
    )
    imani.presses("Tie to the focus")
    imani.sees("students explain their thinking in mathematics", "It helps", "How to make it serve the focus")
    imani.presses("Save", line="use the visits you have planned")
    imani.sees(
        "Helps your focus (students explain their thinking in mathematics): use the visits you have planned."
    )
    imani.presses("Back")
    imani.presses("Pass on")
    chat.move_to(MONDAY)
    send_digests(store, chat.now)
    grace.sees(
        "Helps your focus (students explain their thinking in mathematics): use the visits you have planned."
    )


def test_without_shared_words_nothing_is_suggested_and_she_may_say_that_it_competes(
    chat: Chat, store: Store, dev: Speaker, imani: Speaker, grace: Speaker
) -> None:
    give_focus(store, "Lincoln Middle", "students explain their thinking in mathematics")
    give_focus(store, "Roosevelt High", "feedback on essays")
    dev.says("memo Schools must return the key list by December 11, 2026.")
    imani.says("triage")
    imani.presses("Other ways")
    imani.does_not_see("It may help")
    imani.sees("2 of its schools have one")
    imani.presses("Tie to the focus")
    imani.sees("Lincoln Middle", "Roosevelt High", "For which schools")
    imani.presses("Save", schools="", fit="competes")
    imani.sees("Choose the schools")
    lincoln = next(str(r) for r in ids(store, "Lincoln Middle"))
    imani.presses("Save", schools=lincoln, fit="")
    imani.sees("Say whether it helps")
    imani.presses("Save", schools=lincoln, fit="competes", line="let the clerk do it")
    imani.presses("Back")
    imani.presses("Pass on")
    chat.move_to(MONDAY)
    send_digests(store, chat.now)
    grace.sees(
        "Competes with your focus (students explain their thinking in mathematics): let the clerk do it."
    )
    mei = chat.person(email("mei.tanaka"))
    mei.sees("key list")
    mei.does_not_see("your focus")


def ids(store: Store, name: str) -> list[int]:
    with store.read() as tx:
        return [s.id for s in schools_on(tx, NOW.date()) if s.name == name]


def test_a_neutral_item_says_nothing(
    chat: Chat, store: Store, dev: Speaker, imani: Speaker, grace: Speaker
) -> None:
    give_focus(store, "Lincoln Middle", "students explain their thinking")
    dev.says(THINKING)
    imani.says("triage")
    imani.presses("Other ways")
    imani.presses("Tie to the focus")
    imani.presses("Save", fit="neutral")
    imani.sees("Nothing is added: it is neutral")
    imani.presses("Back")
    imani.presses("Pass on")
    chat.move_to(MONDAY)
    send_digests(store, chat.now)
    grace.does_not_see("focus")


def test_the_problem_of_an_open_inquiry_is_the_focus_where_none_was_agreed(
    chat: Chat, store: Store, dev: Speaker, imani: Speaker, grace: Speaker
) -> None:
    imani.says("inquiry lincoln middle")
    grace.says("I rarely give my teachers feedback on whether students explain their thinking, so few do.")
    if "[Keep it as it is]" in grace.last_words():
        grace.says("keep")
    dev.says(THINKING)
    imani.says("triage")
    imani.presses("Other ways")
    imani.sees("It may help the focus “I rarely give my teachers feedback on whether students explain")


def test_a_tie_ends_with_the_principal_whose_focus_it_was(
    chat: Chat, store: Store, dev: Speaker, imani: Speaker
) -> None:
    give_focus(store, "Lincoln Middle", "students explain their thinking in mathematics")
    dev.says(THINKING)
    imani.says("triage")
    imani.presses("Other ways")
    imani.presses("Tie to the focus")
    imani.presses("Save", line="use the visits")
    imani.presses("Back")
    imani.presses("Pass on")
    farid = chat.person(email("farid.haddad"))
    with store.begin() as tx:
        (school_id,) = ids(store, "Lincoln Middle")
        for row in tx.exec(select(AssignmentRow).where(AssignmentRow.school_id == school_id)):
            row.principal_id = farid.id
            tx.add(row)
    chat.move_to(MONDAY)
    send_digests(store, chat.now)
    farid.sees("explain their thinking")
    farid.does_not_see("your focus")
    with store.read() as tx:
        assert tx.exec(select(FocusTieRow)).one().line == "use the visits"


# ---------------------------------------------------------------- what principals decide


def test_what_is_theirs_stands_on_the_desk_and_under_the_item(
    chat: Chat, store: Store, ana: Speaker, dev: Speaker, imani: Speaker, grace: Speaker
) -> None:
    ana.says(
        "principals decide: schedule; theirs: the order of the day; fixed: 1,080 hours a year; ask: your ILD"
    )
    said = (
        "Schedule: yours is the order of the day. Fixed: 1,080 hours a year. For an exemption, ask your ILD."
    )
    ana.sees("A demand that touches it says from now on", said)
    dev.says(SCHEDULE)
    imani.says("triage")
    imani.sees(said)
    imani.presses("Pass on")
    chat.move_to(MONDAY)
    send_digests(store, chat.now)
    grace.sees("master schedule", said)
    grace.says("what principals decide")
    grace.sees("What principals decide", said)


def test_the_table_is_the_administrators(ana: Speaker, imani: Speaker, dev: Speaker, store: Store) -> None:
    for somebody in (imani, dev):
        somebody.says("principals decide: schedule; ask: me")
        somebody.does_not_see("A demand that touches it")
    imani.says("what principals decide")
    imani.sees("is empty", "The administrator keeps it")
    ana.says("principals decide: schedule")
    ana.sees("Say how a principal asks for an exemption")
    ana.says("principals decide: schedule; ask: your ILD")
    ana.says("principals decide: schedule; ask: the area office")
    ana.says("what principals decide")
    ana.sees("ask the area office")
    ana.does_not_see("ask your ILD")
    ana.says("principals do not decide: budget")
    ana.sees("There is no “budget” in the table; there is schedule")
    ana.says("principals do not decide: schedule")
    ana.sees("Taken out")
    with store.read() as tx:
        assert tx.exec(select(PrincipalAreaRow)).first() is None
