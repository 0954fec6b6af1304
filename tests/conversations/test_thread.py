"""One thread for a principal and a school: what a visit opens with, what was promised and what came of it."""

from datetime import date

import pytest
from sqlmodel import select

from handlers.memory.products import ask_for_products
from handlers.memory.thread_pages import tie_walkthroughs
from handlers.memory.threads import ask_cycle
from handlers.topics import find_topic
from storage import people, promises
from storage.database import Store
from storage.tables import AssignmentRow, MessageRow, PromiseRow, RunRow, SchoolRow
from tests.chat import Chat, Speaker, words_of
from tests.conversations.bigger_district import add_people
from tests.conversations.lincoln import FRIDAY, NOTES, held, inquiry, opening_for, promise, run_of, turn_of
from tests.conversations.test_visits import school_id
from tests.district import LAST_YEAR_STARTS, NOW, email

TUESDAY = "2026-12-08 13:00"


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store, at=TUESDAY)


# ---------------------------------------------------------------- opening


def test_a_visit_opens_with_three_lines_in_each_readers_words(
    chat: Chat, store: Store, grace: Speaker
) -> None:
    held(store, date(2026, 12, 1))
    promise(store)
    promise(store, "imani.brooks", "The reading specialist on Mondays", by_when=date(2026, 12, 14))
    inquiry(chat, grace)
    with store.begin() as tx:
        people.set_focus(tx, school_id(store, "Lincoln Middle"), "Students explain their thinking.")
    assert opening_for(chat, "imani.brooks") == [
        "Focus: Students explain their thinking.",
        f"Last time (Tue 1 Dec, walkthrough): Grace promised “{NOTES}” by Fri 11 Dec; you promised “The reading "
        "specialist on Mondays” by Mon 14 Dec.",
        "Inquiry: “I rarely look at whether students explain their thinking, so my teachers rarely plan for …”, "
        "round 1.",
    ]
    assert opening_for(chat, "grace.lindqvist")[1].startswith(
        f"Last time (Tue 1 Dec, walkthrough): You promised “{NOTES}”"
    )


def test_where_nothing_is_known_a_visit_opens_with_no_line(chat: Chat) -> None:
    assert opening_for(chat, "imani.brooks") == []


def test_a_walkthrough_begins_with_the_lines_and_asks_what_it_belongs_to(
    store: Store, imani: Speaker, grace: Speaker
) -> None:
    held(store, date(2026, 12, 1))
    promise(store)
    imani.says("walkthrough lincoln middle")
    imani.sees(
        "Last time (Tue 1 Dec, walkthrough):",
        f"Grace promised “{NOTES}” by Fri 11 Dec.",
        "Lincoln Middle has no inquiry open. What is this walkthrough for?",
    )
    grace.collect()
    assert f"You promised “{NOTES}” by Fri 11 Dec." in grace.everything()
    assert "What is this walkthrough for?" not in grace.everything()
    imani.presses("Apart: a first look")
    imani.sees("Noted: apart from any inquiry, a first look.")
    assert placed(store, 1) == (None, "a first look")


# ---------------------------------------------------------------- the thread


def test_the_thread_is_three_lines_and_the_rest_one_press_away(
    store: Store, chat: Chat, imani: Speaker, grace: Speaker
) -> None:
    held(store, date(2026, 12, 1))
    promise(store)
    inquiry(chat, grace)
    imani.says("thread lincoln middle")
    imani.sees(
        "Last time (Tue 1 Dec, walkthrough)",
        "Inquiry:",
        "1 of 1 visit ended in a next step; no next step has come due yet.",
        "The one walkthrough is tied to no inquiry, and nobody has said why.",
        "[Promises (1)]",
        "[Sessions (1)]",
        "[Inquiry (1)]",
    )
    imani.presses("Sessions")
    imani.sees("Tue 1 Dec", "walkthrough, 50 minutes", "Tied to no inquiry, and nobody has said why.")
    imani.presses("Inquiry")
    imani.sees("Round 1:", "I rarely look at whether students explain", "[Read]")
    imani.presses("Promises")
    imani.sees("Open, by both", "Grace:", NOTES, "By Fri 11 Dec. To look at: the notes")
    imani.presses("Kept")
    imani.sees(f"Kept: {NOTES}", "What came of it, in a sentence?")
    imani.presses("Keep it", outcome="Two of the three quote a student.")
    imani.sees("Kept.")
    imani.says("thread lincoln middle")
    imani.sees(f"“{NOTES}” was kept. Two of the three quote a student.")
    grace.says("my thread")
    grace.sees("Lincoln Middle", "Two of the three quote a student.")


@pytest.mark.parametrize(
    "name", ["ruth.castellanos", "ana.whitefeather", "dev.patel", "tomas.rivera", "mei.tanaka"]
)
def test_nobody_else_reads_a_thread(chat: Chat, store: Store, name: str) -> None:
    promise(store)
    stranger = chat.person(email(name))
    for words in ("thread lincoln middle", "my thread"):
        stranger.says(words)
        assert NOTES not in stranger.everything()


def test_an_ild_of_many_schools_chooses_one_from_a_list(store: Store, imani: Speaker) -> None:
    add_people(store)
    with store.begin() as tx:
        for name in ("Aspen Middle", "Elm Middle"):
            school = SchoolRow(sourced_id=f"s-{name}", name=name, level="middle")
            tx.add(school)
            tx.flush()
            assert school.id is not None
            held_by = {"ild_id": imani.id, "network": "North Network", "cadence_days": 10}
            tx.add(AssignmentRow(school_id=school.id, starts=LAST_YEAR_STARTS, **held_by))
    imani.says("my thread")
    imani.presses("Open the thread")
    imani.sees("Choose a school first")
    imani.says("thread")
    imani.presses("Open the thread", school=str(school_id(store, "Roosevelt High")))
    imani.sees("Roosevelt High", "A first walkthrough begins it.")
    imani.says("thread")
    imani.presses("Open the thread", school=str(school_id(store, "Juniper K-8")))
    imani.does_not_see("A first walkthrough begins it.")


def test_which_school_is_asked_where_it_is_left_out(imani: Speaker, grace: Speaker) -> None:
    imani.says("thread")
    imani.sees("The thread of which school?", "[Lincoln Elementary]")
    imani.presses("Roosevelt High")
    imani.sees("Roosevelt High", "A first walkthrough begins it.")
    grace.says("thread")
    grace.sees("Lincoln Middle", "A first walkthrough begins it.")


@pytest.mark.parametrize(
    "answer",
    [
        "Thread of the lesson: what makes a fraction a fraction, said by four students",
        "Hand over the last ten minutes to the students, as two of five teachers did",
    ],
)
def test_an_answer_that_begins_like_a_command_is_an_answer(
    chat: Chat, imani: Speaker, grace: Speaker, answer: str
) -> None:
    inquiry(chat, grace)
    imani.says("resume")
    imani.says(answer)
    imani.does_not_see("I know no")
    imani.says("where are we")
    imani.sees("Evidence for the causes")


def test_a_teacher_is_not_named_in_what_came_of_a_promise(store: Store, imani: Speaker) -> None:
    promise(store)
    imani.says("thread lincoln middle")
    imani.presses("Promises")
    imani.presses("Kept")
    imani.presses("Keep it", outcome="Mrs. Delgado wrote none of them.")
    imani.sees("seems to name a teacher")
    with store.read() as tx:
        assert tx.exec(select(PromiseRow.outcome)).one() == ""


def test_evidence_is_counted_and_the_latest_shown(chat: Chat, grace: Speaker, imani: Speaker) -> None:
    inquiry(chat, grace)
    grace.says("Two of my last ten notes quoted a student.")
    chat.wait(days=1)
    grace.says("One of five teachers had read the note by Friday.")
    imani.says("thread lincoln middle")
    imani.sees("[Evidence (2)]")
    imani.presses("Evidence")
    imani.sees("Wed 9 Dec, Grace:", "One of five teachers", "Tue 8 Dec, Grace:", "Two of my last ten notes")


# ---------------------------------------------------------------- products due


def test_what_was_promised_is_asked_for_two_days_before_once(
    chat: Chat, store: Store, grace: Speaker
) -> None:
    promise(store)
    assert ask_for_products(store, chat.now) == 0  # Tuesday, three days before
    chat.move_to("2026-12-09 09:00")
    assert ask_for_products(store, chat.now) == 1
    assert ask_for_products(store, chat.now) == 0
    grace.collect()
    words = words_of(grace.seen[-1])
    assert f"For Fri 11 Dec you promised: {NOTES}. Bring it, or tell Imani what came in between." in words
    assert "[It is ready]" in words
    assert "[Drop it, and why]" in words


def test_what_is_ready_the_other_side_knows_and_it_stays_open(
    chat: Chat, store: Store, grace: Speaker, imani: Speaker
) -> None:
    promise(store)
    chat.move_to("2026-12-09 09:00")
    ask_for_products(store, chat.now)
    grace.presses("It is ready")
    grace.sees("Good. Imani gets a note. You look at it together: the notes.")
    imani.collect()
    assert f"Grace has “{NOTES}” ready for you both." in imani.everything()
    imani.says("thread lincoln middle")
    imani.sees("by Fri 11 Dec (ready since Wed 9 Dec)")


def test_what_is_moved_is_asked_for_again(chat: Chat, store: Store, grace: Speaker, imani: Speaker) -> None:
    promise(store)
    chat.move_to("2026-12-09 09:00")
    ask_for_products(store, chat.now)
    grace.presses("Move it")
    grace.presses("Move it", day="2026-12-16")
    grace.sees("Moved to Wed 16 Dec. Imani gets a note.")
    imani.collect()
    assert "from Fri 11 Dec to Wed 16 Dec" in imani.everything()
    chat.move_to("2026-12-14 09:00")
    assert ask_for_products(store, chat.now) == 1


def test_what_is_dropped_says_why(chat: Chat, store: Store, grace: Speaker, imani: Speaker) -> None:
    promise(store)
    chat.move_to("2026-12-09 09:00")
    ask_for_products(store, chat.now)
    grace.presses("Drop it, and why")
    grace.presses("Drop it", outcome="")
    grace.sees("Say why in a few words.")
    grace.presses("Drop it, and why")
    grace.presses("Drop it", outcome="Testing took both mornings.")
    grace.sees("Dropped. Imani gets a note.")
    imani.collect()
    assert f"Grace drops “{NOTES}”: Testing took both mornings." in imani.everything()
    grace.presses("It is ready")
    grace.sees("settled before")


def test_what_was_kept_meanwhile_is_not_asked_for(chat: Chat, store: Store) -> None:
    promise_id = promise(store)
    chat.move_to("2026-12-09 06:00")
    ask_for_products(store, chat.now)
    topic = find_topic("thread")
    assert topic is not None
    assert topic.still_true is not None
    with store.begin() as tx:
        subject = tx.exec(select(MessageRow.subject).where(MessageRow.kind == "product")).one()
        assert topic.still_true(tx, subject, chat.now) is None
        promises.settle(tx, promise_id, state="kept", at=chat.now)
        assert topic.still_true(tx, subject, chat.now) == "the promise was settled"


@pytest.mark.parametrize(
    ("owner", "asked"),
    [("imani.brooks", 1), ("grace.lindqvist", 1), ("tomas.rivera", 0), ("farid.haddad", 0)],
    ids=["the ILD", "the principal", "an ILD of other schools", "a principal who thought along"],
)
def test_the_two_sides_of_the_school_are_asked(chat: Chat, store: Store, owner: str, asked: int) -> None:
    promise(store, owner)
    chat.move_to("2026-12-09 09:00")
    assert ask_for_products(store, chat.now) == asked


# ---------------------------------------------------------------- what a walkthrough belongs to


def show_cycle(chat: Chat, speaker: Speaker, run_id: int) -> str:
    """The card that comes after a walkthrough begins, as the run would show it."""
    with chat.store.begin() as tx:
        turn, school = turn_of(tx, chat, speaker.email.partition("@")[0])
        card = ask_cycle(turn, run_id, school)
    speaker.seen.append(card)
    return words_of(card)


def placed(store: Store, run_id: int) -> tuple[int | None, str]:
    with store.read() as tx:
        row = tx.get_one(RunRow, run_id)
        return row.cycle_id, row.apart


def test_a_walkthrough_is_part_of_the_open_inquiry(
    chat: Chat, store: Store, grace: Speaker, imani: Speaker
) -> None:
    cycle = inquiry(chat, grace)
    walk = run_of(store, "walkthrough", at=TUESDAY, visit_id=held(store, date(2026, 12, 8)))
    assert "has an inquiry open. Does this walkthrough serve it?" in show_cycle(chat, imani, walk)
    imani.presses("Part of: I rarely look")
    imani.sees("Part of the inquiry “I rarely look")
    assert placed(store, walk) == (cycle, "")
    imani.says("thread lincoln middle")
    imani.sees("The one walkthrough is part of an inquiry.")
    imani.presses("Sessions")
    imani.sees("Part of the inquiry “I rarely look")


def test_a_walkthrough_says_why_it_stands_apart(chat: Chat, store: Store, imani: Speaker) -> None:
    walk = run_of(store, "walkthrough", at=TUESDAY, visit_id=held(store, date(2026, 12, 8)))
    assert "has no inquiry open. What is this walkthrough for?" in show_cycle(chat, imani, walk)
    imani.presses("Apart, because")
    imani.presses("Keep it", reason="")
    imani.sees("Say in a few words what it is for")
    imani.presses("Keep it", reason="the new wing opens on Monday")
    assert placed(store, walk) == (None, "the new wing opens on Monday")
    imani.says("thread lincoln middle")
    imani.sees("The one walkthrough stands apart from one, with a reason.")
    imani.presses("Sessions")
    imani.sees("Apart from any inquiry: the new wing opens on Monday.")


def test_an_inquiry_that_follows_from_a_walkthrough_takes_it_in(
    chat: Chat, store: Store, imani: Speaker, grace: Speaker
) -> None:
    walk = run_of(store, "walkthrough", at=TUESDAY)
    show_cycle(chat, imani, walk)
    imani.presses("Open an inquiry from it")
    imani.sees("Walk first", "[Open the inquiry now]")
    assert tie_walkthroughs(store, chat.now) == 0
    cycle = run_of(store, "cycle_of_inquiry", at="2026-12-08 15:00")
    assert tie_walkthroughs(store, chat.now) == 1
    assert tie_walkthroughs(store, chat.now) == 0
    assert placed(store, walk) == (cycle, "")


# ---------------------------------------------------------------- follow-through


def test_follow_through_is_a_sentence_with_the_spread_and_no_rank(store: Store, imani: Speaker) -> None:
    held(store, date(2026, 11, 10))
    held(store, date(2026, 11, 17), step=False)
    held(store, date(2026, 11, 18), school="Roosevelt High")
    looked = promise(store, by_when=date(2026, 12, 2))
    promise(store, by_when=date(2026, 12, 3))
    promise(store, by_when=FRIDAY)
    with store.begin() as tx:
        promises.settle(tx, looked, state="kept", at=NOW)
    imani.says("my follow-through")
    imani.sees(
        "2 of 3 visits ended in a next step, by school from 1 of 2 to 1 of 1.",
        "1 of 2 next steps that came due was looked at again.",
        "Of 3 walkthroughs, 3 are tied to no inquiry, and nobody has said why.",
        "Walkthroughs help where they serve a strategy",
        "Since Mon 31 Aug, for you alone.",
    )
    words = imani.last_words()
    assert words.index("Lincoln Elementary") < words.index("Lincoln Middle") < words.index("Roosevelt High")
    assert "Harbor" not in words


@pytest.mark.parametrize("name", ["ruth.castellanos", "grace.lindqvist", "ana.whitefeather"])
def test_follow_through_is_shown_to_the_ild_alone(chat: Chat, store: Store, name: str) -> None:
    held(store, date(2026, 11, 10))
    other = chat.person(email(name))
    other.says("my follow-through")
    other.does_not_see("ended in a next step")
