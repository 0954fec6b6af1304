"""A school passes to a new ILD: the principal says what goes along, and the new ILD gets exactly that."""

from datetime import date

import pytest
from sqlmodel import select

from handlers.actions import act
from handlers.memory.handovers import ask_about_new_ilds
from storage import people
from storage.database import Store
from storage.tables import AssignmentRow, HandoverRow
from tests.chat import Chat, Speaker, words_of
from tests.conversations.lincoln import NOTES, held, inquiry, promise, run_of
from tests.conversations.test_visits import person_id, school_id
from tests.district import email

LAST_DAY, FIRST_DAY = date(2026, 12, 6), date(2026, 12, 7)


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store, at="2026-12-08 13:00")


def assign(store: Store, ild: str = "tomas.rivera") -> None:
    """The roster gives Lincoln Middle another ILD from Monday on."""
    number = school_id(store, "Lincoln Middle")
    successor = person_id(store, ild)
    with store.begin() as tx:
        row = tx.exec(select(AssignmentRow).where(AssignmentRow.school_id == number)).one()
        row.ends = LAST_DAY
        tx.add(row)
        tx.add(
            AssignmentRow(
                school_id=number,
                ild_id=successor,
                principal_id=row.principal_id,
                network="South Network",
                starts=FIRST_DAY,
                cadence_days=10,
            )
        )


def work_so_far(chat: Chat, grace: Speaker) -> None:
    held(chat.store, date(2026, 12, 1))
    promise(chat.store)
    inquiry(chat, grace)
    with chat.store.begin() as tx:
        people.set_focus(tx, school_id(chat.store, "Lincoln Middle"), "Students explain their thinking")


def test_the_roster_changes_and_the_principal_is_asked_once(
    chat: Chat, store: Store, grace: Speaker, tomas: Speaker
) -> None:
    work_so_far(chat, grace)
    assign(store)
    assert ask_about_new_ilds(store, chat.now) == 1
    assert ask_about_new_ilds(store, chat.now) == 0
    grace.collect()
    assert "Tomás Rivera follows Imani Brooks as ILD of Lincoln Middle" in grace.everything()
    tomas.says("thread lincoln middle")
    tomas.sees("From the time before Mon 7 Dec you see what Grace agreed to hand over.")
    tomas.sees("Last time (Tue 1 Dec, walkthrough):", "before you came.")
    tomas.does_not_see(NOTES, "I rarely look")
    grace.presses("Hand these over", parts="promises\ninquiry")
    grace.sees("Tomás gets: what you two promised each other and is open, the inquiry that is open.")
    tomas.collect()
    pack = next(words_of(card) for card in tomas.seen if "from Grace" in card.title)
    assert "Lincoln Middle, from Grace" in pack
    assert NOTES in pack
    assert "I rarely look at whether students explain" in pack
    assert "Walkthroughs" not in pack
    assert "Focus:" not in pack
    tomas.says("thread lincoln middle")
    tomas.sees(NOTES, "I rarely look at whether students explain", "agreed to hand over")
    tomas.presses("Sessions")
    tomas.does_not_see("Tied to no inquiry")


def test_the_new_ild_goes_on_in_the_inquiry_that_was_handed_over(
    chat: Chat, store: Store, grace: Speaker, tomas: Speaker, imani: Speaker
) -> None:
    work_so_far(chat, grace)
    assign(store)
    ask_about_new_ilds(store, chat.now)
    grace.presses("Hand these over", parts="inquiry")
    assert "Tomás Rivera goes on with you in the Lincoln Middle cycle of inquiry." in grace.everything()
    assert "From now on you take part in the Lincoln Middle cycle of inquiry." in "\n".join(
        words_of(card) for card in tomas.collect()
    )
    tomas.presses("Go on")
    tomas.sees("Evidence for the causes")
    imani.says("resume")
    imani.sees("Nothing of yours is open")


def test_an_inquiry_that_stays_behind_can_be_closed(
    chat: Chat, store: Store, grace: Speaker, tomas: Speaker
) -> None:
    work_so_far(chat, grace)
    assign(store)
    ask_about_new_ilds(store, chat.now)
    grace.presses("Begin anew")
    grace.sees("What is open between you and Imani rests; “stop” closes it.")
    tomas.collect()
    assert "cycle of inquiry" not in tomas.everything()


def test_whatever_was_agreed_is_in_the_pack(chat: Chat, store: Store, grace: Speaker, tomas: Speaker) -> None:
    work_so_far(chat, grace)
    walk = run_of(store, "walkthrough", at="2026-12-01 09:00", visit_id=held(store, date(2026, 12, 2)))
    assert walk
    assign(store)
    ask_about_new_ilds(store, chat.now)
    grace.presses("Hand these over", parts="focus\nwalkthroughs")
    tomas.collect()
    pack = next(words_of(card) for card in tomas.seen if "from Grace" in card.title)
    assert "Students explain their thinking" in pack
    assert "Wed 2 Dec" in pack
    assert "[Read]" in pack
    assert NOTES not in pack
    assert "I rarely look" not in pack


def test_an_inquiry_is_handed_over_where_none_is_open(
    chat: Chat, store: Store, grace: Speaker, tomas: Speaker
) -> None:
    promise(store)
    assign(store)
    ask_about_new_ilds(store, chat.now)
    grace.presses("Hand these over", parts="inquiry\nwalkthroughs")
    tomas.sees("Inquiry:", "none is open.", "Walkthroughs:", "none yet.")


def test_without_the_principals_word_nothing_goes_along(
    chat: Chat, store: Store, grace: Speaker, tomas: Speaker
) -> None:
    work_so_far(chat, grace)
    assign(store)
    ask_about_new_ilds(store, chat.now)
    grace.presses("Hand these over")
    grace.sees("Choose what goes along, or press Begin anew.")
    grace.presses("Begin anew")
    grace.sees("Nothing goes along. You and Tomás begin anew.")
    tomas.collect()
    assert "Grace would rather begin anew with you." in tomas.everything()
    tomas.says("thread lincoln middle")
    tomas.does_not_see(NOTES, "I rarely look")
    assert NOTES not in tomas.everything()
    grace.presses("Hand these over", parts="focus")
    grace.sees("You have answered that before.")


@pytest.mark.parametrize("name", ["imani.brooks", "ana.whitefeather"])
def test_the_leaving_ild_or_the_administrator_asks(
    chat: Chat, store: Store, grace: Speaker, tomas: Speaker, name: str
) -> None:
    work_so_far(chat, grace)
    who = chat.person(email(name))
    who.says("hand over lincoln middle to tomas rivera")
    who.sees("Grace is asked what goes along to Tomás Rivera.", "stays with the roster")
    assert NOTES not in who.everything()
    who.says("hand over lincoln middle to tomas rivera")
    who.sees("Grace was asked before and has not answered yet.")
    grace.presses("Hand these over", parts="focus")
    tomas.collect()
    assert "Students explain their thinking" in tomas.everything()
    assert NOTES not in tomas.everything()


@pytest.mark.parametrize("name", ["tomas.rivera", "grace.lindqvist", "ruth.castellanos", "dev.patel"])
def test_nobody_else_hands_a_school_over(chat: Chat, store: Store, name: str) -> None:
    other = chat.person(email(name))
    other.says("hand over lincoln middle to imani brooks")
    with store.read() as tx:
        assert list(tx.exec(select(HandoverRow))) == []


def test_nobody_else_says_what_goes_along(
    chat: Chat, store: Store, grace: Speaker, tomas: Speaker, imani: Speaker
) -> None:
    imani.says("hand over lincoln middle to tomas rivera")
    grace.collect()
    for other in (tomas, imani):
        other.seen.extend(grace.seen)
        other.presses("Hand these over", parts="promises")
    with store.read() as tx:
        assert [row.state for row in tx.exec(select(HandoverRow))] == ["asked"]


@pytest.mark.parametrize(
    ("words", "seen"),
    [
        ("hand over lincoln to tomas rivera", "Which one: Lincoln"),
        ("hand over lincoln middle to grace lindqvist", "I know no ILD called"),
        ("hand over harbor to tomas rivera", "handed over by its ILD or by the administrator"),
    ],
)
def test_what_is_unclear_is_asked(imani: Speaker, words: str, seen: str) -> None:
    imani.says(words)
    imani.sees(seen)


def test_a_school_without_a_past_is_not_asked_about(chat: Chat, store: Store) -> None:
    assign(store)
    assert ask_about_new_ilds(store, chat.now) == 0


def test_who_was_asked_before_is_not_asked_again(chat: Chat, grace: Speaker, imani: Speaker) -> None:
    work_so_far(chat, grace)
    imani.says("hand over lincoln middle to tomas rivera")
    grace.presses("Begin anew")
    imani.says("hand over lincoln middle to tomas rivera")
    imani.sees("Grace was asked before and would rather begin anew.")


def test_a_new_principal_begins_a_thread_of_their_own(
    chat: Chat, store: Store, grace: Speaker, imani: Speaker
) -> None:
    work_so_far(chat, grace)
    assign(store, ild="imani.brooks")
    farid = person_id(store, "farid.haddad")
    with store.begin() as tx:
        row = tx.exec(select(AssignmentRow).where(AssignmentRow.starts == FIRST_DAY)).one()
        row.principal_id = farid
        tx.add(row)
    for speaker in (imani, chat.person(email("farid.haddad"))):
        speaker.says("thread lincoln middle" if speaker is imani else "my thread")
        speaker.sees("Lincoln Middle")
        speaker.does_not_see(NOTES, "I rarely look", "Tue 1 Dec")
    grace.says("my thread")
    assert NOTES not in grace.last_words()


def test_what_was_written_before_the_new_ild_came_stays_closed_until_it_is_handed_over(
    chat: Chat, store: Store, grace: Speaker, tomas: Speaker
) -> None:
    promise(store)
    walk = run_of(store, "walkthrough", at="2026-12-01 09:00", visit_id=held(store, date(2026, 12, 2)))
    summary = act("run.summary", run=walk)
    assign(store)
    ask_about_new_ilds(store, chat.now)
    tomas.presses_action(summary)
    tomas.sees("That was written before you came to Lincoln Middle.", "Its principal decides")
    for words in ("my week", "plan lincoln middle Thu 8:30", "my week"):
        tomas.says(words)
        tomas.does_not_see(NOTES)
    tomas.presses("Open")
    tomas.does_not_see(NOTES)
    grace.presses("Hand these over", parts="promises\nwalkthroughs")
    tomas.presses_action(summary)
    tomas.sees("Lincoln Middle walkthrough, Tue 1 Dec")
    tomas.says("my week")
    tomas.sees(NOTES)
