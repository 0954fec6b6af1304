"""Words out of the blue from somebody whose run waits for others or rests: never lost, never kept unasked."""

import pytest
from sqlmodel import select

from handlers.cards import Field
from storage import runs
from storage.database import Store
from storage.tables import AuditRow
from tests.chat import Chat, Speaker
from tests.district import email

PROBLEM = "I give feedback after visits days later, so teachers of mathematics do not use it."
FOR_THE_RUN = [
    "Three of five visits now quote a student.",
    "In room 14 five students waited. How many asked a question?",
    "Now what about the second group?",
    "The same few students answer in every lesson.",
]


class Inquiry:
    """Grace's inquiry with Imani."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.chat = Chat(store, at="2026-12-01 09:00")
        self.grace = self.chat.person(email("grace.lindqvist"), platform="slack")
        self.imani = self.chat.person(email("imani.brooks"), platform="playground")
        self.grace.says("inquiry")

    def says(self, who: Speaker, *texts: str) -> None:
        for text in texts:
            self.chat.wait(minutes=1)
            assert who.says(text).outcome in ("done", "refused")

    def to_check_in(self) -> None:
        self.says(self.grace, PROBLEM)
        self.says(self.grace, "Two of my last ten notes quoted a student.", "done")
        self.says(self.imani, "In 9 of 12 feedback notes the first sentence was about seating.", "done")
        self.says(self.imani, "What did the last note say?", "done")
        self.says(self.grace, "Each of my notes quotes one student.")
        self.says(self.grace, "Because a quote shows the teacher the very moment to change.")

    def texts(self) -> list[str]:
        with self.store.read() as tx:
            run = runs.get(tx, 1)
        assert run is not None
        return [entry.text for entry in run.state.entries]

    def refusals(self) -> int:
        with self.store.read() as tx:
            return len(tx.exec(select(AuditRow.id).where(AuditRow.action == "refused")).all())


@pytest.fixture
def inquiry(store: Store) -> Inquiry:
    return Inquiry(store)


def handed_back(speaker: Speaker) -> str:
    """What stands in the field of the last card."""
    speaker.collect()
    return next(block.value for block in speaker.seen[-1].blocks if isinstance(block, Field))


@pytest.mark.parametrize("words", FOR_THE_RUN)
def test_who_was_only_told_of_a_run_is_told_whom_it_waits_for_and_keeps_the_words(
    inquiry: Inquiry, words: str
) -> None:
    inquiry.says(inquiry.imani, words)
    inquiry.imani.sees(
        "The Lincoln Middle cycle of inquiry waits for Grace now, so I kept nothing of that in it.",
        "Your words wait here until then.",
        "[Send it now]",
        "Write “help”",
    )
    assert handed_back(inquiry.imani) == words
    assert inquiry.texts() == []
    assert inquiry.refusals() == 0


def test_the_words_go_in_with_a_press_once_it_is_ones_turn(inquiry: Inquiry) -> None:
    words = "In 9 of 12 feedback notes the first sentence was about seating."
    inquiry.says(inquiry.imani, words)
    card = inquiry.imani.seen[-1]
    inquiry.says(inquiry.grace, PROBLEM)
    send = next(b for block in card.blocks for b in getattr(block, "buttons", ()) if b.label == "Send it now")
    inquiry.imani.presses_action(send.action, text=words)
    assert words in inquiry.texts()


def test_words_after_nothing_new_yet_are_offered_to_be_added(inquiry: Inquiry) -> None:
    inquiry.to_check_in()
    inquiry.says(inquiry.grace, "nothing new yet")
    inquiry.says(inquiry.grace, "Three of five visits now quote a student.")
    inquiry.grace.sees("“Check-in” of the Lincoln Middle cycle of inquiry rests until Tue 15 Dec", "add it")
    before = inquiry.texts()
    inquiry.grace.presses("Add it now")
    assert inquiry.texts() == [*before, "Three of five visits now quote a student."]
    inquiry.imani.sees("Three of five visits now quote a student.")


COMMANDS = {
    "my week": "This week",
    "where are we": "Grace: writing",
    "visits this month?": "visit",
    "which schools are behind rhythm": "rhythm",
    "thanks": "You are welcome",
    "help": "[",
    "my weak": "Did you mean “my week”",
    "who has the longest gap in the north of town?": "got stuck at “north” and “town”",
}


@pytest.mark.parametrize("words", COMMANDS)
def test_commands_and_questions_stay_what_they_are(inquiry: Inquiry, words: str) -> None:
    inquiry.says(inquiry.imani, words)
    inquiry.imani.does_not_see("I kept nothing of that in it")
    inquiry.imani.sees(COMMANDS[words])


def test_words_are_no_follow_up_to_a_question_asked_before(inquiry: Inquiry) -> None:
    inquiry.says(inquiry.imani, "visits this month?", "I visited room 204 on Monday")
    inquiry.imani.sees("waits for Grace now", "I visited room 204 on Monday")
    inquiry.says(inquiry.imani, "by school")
    inquiry.imani.does_not_see("waits for Grace now")


def test_words_that_seem_to_name_a_student_are_not_put_on_a_card(inquiry: Inquiry) -> None:
    inquiry.says(inquiry.imani, "The student Jayden Miller waited for ten minutes.")
    inquiry.imani.sees("waits for Grace now")
    inquiry.imani.does_not_see("Jayden")


def test_whose_two_runs_wait_is_not_guessed_at(inquiry: Inquiry) -> None:
    inquiry.says(inquiry.chat.person(email("farid.haddad")), "inquiry")
    inquiry.says(inquiry.imani, FOR_THE_RUN[-1])
    inquiry.imani.does_not_see("I kept nothing of that in it")


def test_who_is_asked_or_in_no_run_meets_nothing_new(inquiry: Inquiry) -> None:
    inquiry.says(inquiry.grace, PROBLEM)
    assert PROBLEM in inquiry.texts()
    mei = inquiry.chat.person(email("mei.tanaka"))
    inquiry.says(mei, "Students in room 12 explained their thinking twice.")
    mei.sees("I did not understand that")
