"""An inquiry between an ILD and a principal: over weeks, in meetings, round again where the evidence says so."""

from datetime import date

import pytest
from sqlmodel import select

from handlers.clock import run_due
from storage import runs
from storage.database import Store
from storage.tables import PromiseRow, RunRow, VisitRow
from tests.chat import Chat, Speaker
from tests.district import email

PROBLEM = (
    "I give my 7th-grade teachers feedback on classroom order, but rarely on whether students explain their thinking, "
    "so students seldom do."
)
RATIONALE = (
    "Because teachers tell me they plan for what I look at, feedback on student talk will make them plan for talk, "
    "so that students explain their thinking more often."
)


class Inquiry:
    def __init__(self, store: Store) -> None:
        self.chat = Chat(store, at="2026-12-01 09:00")
        self.imani = self.chat.person(email("imani.brooks"), platform="slack")
        self.grace = self.chat.person(email("grace.lindqvist"), platform="playground")

    def says(self, who: Speaker, *texts: str) -> None:
        for text in texts:
            self.chat.wait(minutes=2)
            assert who.says(text).outcome in ("done", "refused")

    def first_meeting(self) -> None:
        self.says(self.imani, "inquiry lincoln middle")
        self.says(self.grace, PROBLEM)
        if "[Keep it as it is]" in self.grace.last_words():
            self.says(self.grace, "keep")
        self.says(self.imani, "In 9 of 12 feedback notes the first sentence was about seating.", "done")
        self.says(self.grace, "Two of my last ten notes quoted a student.", "done")
        self.says(self.imani, "What do your teachers think you come to see?", "done")
        self.says(self.grace, "Each of my notes quotes one student.", RATIONALE)
        if "[Keep it as it is]" in self.grace.last_words():
            self.says(self.grace, "keep")
        self.says(self.grace, "pause")

    def comes(self, at: str) -> int:
        """The clock moves there; how many check-ins came back."""
        self.chat.move_to(at)
        return run_due(self.chat.store, self.chat.now)["run_calls"]


@pytest.fixture
def inquiry(store: Store) -> Inquiry:
    return Inquiry(store)


def held_days(store: Store) -> list[int]:
    with store.read() as tx:
        return sorted(tx.exec(select(VisitRow.day).where(VisitRow.status == "held")))


def test_the_principal_begins_with_her_own_problem_of_practice(inquiry: Inquiry) -> None:
    inquiry.says(inquiry.imani, "inquiry lincoln middle")
    inquiry.grace.sees(
        "Imani Brooks opens a cycle of inquiry with you", "Which one problem of your own leadership"
    )
    inquiry.imani.sees("Grace is putting the problem of practice into words")


def test_a_problem_about_others_is_questioned_once_and_may_stay(inquiry: Inquiry) -> None:
    inquiry.says(inquiry.imani, "inquiry lincoln middle")
    inquiry.says(inquiry.grace, "Our teachers don't want to change how they teach math.")
    inquiry.grace.sees("You wrote", "Our teachers don't want to change", "[Rewrite]", "[Keep it as it is]")
    inquiry.says(inquiry.grace, "keep")
    inquiry.grace.sees("What makes you think you know why?")
    inquiry.imani.sees("Our teachers don't want to change", "bears on why Grace's problem is there")


def test_both_read_the_others_evidence_and_the_host_leaves_questions_unanswered(inquiry: Inquiry) -> None:
    inquiry.first_meeting()
    assert "In 9 of 12 feedback notes" in inquiry.grace.everything()
    assert "Two of my last ten notes" in inquiry.imani.everything()
    assert "What do your teachers think you come to see?" in inquiry.grace.everything()


def test_a_meeting_in_which_both_took_part_counts_as_a_visit_once_a_day(
    inquiry: Inquiry, store: Store
) -> None:
    inquiry.first_meeting()
    first = date(2026, 12, 1).toordinal()
    assert held_days(store) == [first]
    inquiry.says(inquiry.imani, "resume", "pause")
    assert held_days(store) == [first]
    inquiry.chat.move_to("2026-12-15 10:00")
    inquiry.says(inquiry.imani, "resume", "Three of five notes now quote a student.")
    inquiry.says(inquiry.grace, "Four of six notes quote a student.", "pause")
    assert held_days(store) == [first, date(2026, 12, 15).toordinal()]


def test_a_meeting_to_which_only_one_came_is_no_visit(inquiry: Inquiry, store: Store) -> None:
    inquiry.says(inquiry.imani, "inquiry lincoln middle")
    inquiry.says(inquiry.grace, PROBLEM, "pause")
    assert held_days(store) == []


def test_adapting_goes_round_again_and_the_end_keeps_the_promises(inquiry: Inquiry, store: Store) -> None:
    inquiry.first_meeting()
    inquiry.chat.move_to("2026-12-15 10:00")
    inquiry.says(inquiry.grace, "resume", "Three of five notes now quote a student.", "done")
    inquiry.grace.sees("adopt the strategy", "[Adapt it and go round again]")
    inquiry.grace.presses("Adapt it")
    inquiry.grace.sees("What will you do about it?", "round 2")
    inquiry.says(inquiry.grace, "Each note quotes two students.", RATIONALE)
    if "[Keep it as it is]" in inquiry.grace.last_words():
        inquiry.says(inquiry.grace, "keep")
    inquiry.says(inquiry.imani, "Five of six notes quote two students.", "done")
    inquiry.says(inquiry.grace, "adopt")
    inquiry.says(inquiry.grace, "I will read my notes before I send them.")
    inquiry.says(inquiry.imani, "I will ask to see the notes first.")
    inquiry.says(
        inquiry.imani, "Grace shows her notes to two principals by 22 Jan, evidence: the six notes", "done"
    )
    inquiry.grace.sees("Next steps", "show her notes to two principals", "Differently from now on")
    with store.read() as tx:
        run = runs.get(tx, 1)
        rows = list(tx.exec(select(PromiseRow)))
        row = tx.exec(select(RunRow)).one()
    assert run is not None
    assert (row.phase, row.way) == ("", "adopt")
    assert [entry.round for entry in run.state.entries if entry.step == "strategy"] == [1, 2]
    assert [(row.owner_id, row.by_when) for row in rows] == [(inquiry.grace.id, date(2027, 1, 22))]
    assert held_days(store) == [date(2026, 12, 1).toordinal(), date(2026, 12, 15).toordinal()]


def test_a_check_in_comes_back_by_itself_after_ten_school_days_and_again_after_ten_more(
    inquiry: Inquiry,
) -> None:
    inquiry.first_meeting()
    days = ("2026-12-02", "2026-12-03", "2026-12-04", "2026-12-07", "2026-12-14", "2026-12-15", "2026-12-16")
    came = [inquiry.comes(f"{day} 13:00") for day in days]
    assert came == [0, 0, 0, 0, 0, 1, 0]
    inquiry.grace.sees("time for “Check-in” again. What do you see of it now?", "[Write it now]")
    inquiry.imani.sees("time for “Check-in” again", "beside Grace's own")
    assert "is paused since" not in inquiry.grace.everything()
    assert [inquiry.comes(f"{day} 13:00") for day in ("2026-12-22", "2027-01-07", "2027-01-08")] == [0, 0, 1]
    inquiry.grace.presses("Write it now")
    inquiry.grace.sees("What do you see of it now?")


def test_nothing_new_yet_is_an_answer_and_writes_nothing(inquiry: Inquiry) -> None:
    inquiry.first_meeting()
    inquiry.says(inquiry.grace, "resume", "nothing new yet")
    inquiry.grace.sees("I'll bring it up again Tue 15 Dec", "[Write it now]")
    inquiry.grace.does_not_see("You wrote")
    with inquiry.chat.store.read() as tx:
        run = runs.get(tx, 1)
    assert run is not None
    assert run.state.live("check_in") == ()
    assert [inquiry.comes(f"{day} 13:00") for day in ("2026-12-14", "2026-12-15")] == [0, 1]


def test_without_a_peer_nobody_is_waited_for_and_the_questions_come_next(inquiry: Inquiry) -> None:
    inquiry.says(inquiry.imani, "inquiry lincoln middle")
    inquiry.says(inquiry.grace, PROBLEM)
    if "[Keep it as it is]" in inquiry.grace.last_words():
        inquiry.says(inquiry.grace, "keep")
    inquiry.says(inquiry.imani, "In 9 of 12 feedback notes the first sentence was about seating.", "done")
    inquiry.says(inquiry.grace, "Two of my last ten notes quoted a student.", "done")
    inquiry.imani.sees("Which questions would help Grace see the causes differently?")
    inquiry.grace.sees("Imani is writing questions on the causes")
    inquiry.grace.does_not_see("think along")


def test_the_adapted_round_opens_with_the_strategy_of_the_one_before(inquiry: Inquiry) -> None:
    inquiry.first_meeting()
    inquiry.says(inquiry.grace, "resume", "Three of five notes now quote a student.", "enough")
    inquiry.grace.presses("Adapt it")
    inquiry.grace.sees("round 2", "Each of my notes quotes one student.", "You, round 1")
    inquiry.says(inquiry.grace, "Each note quotes two students.", "back")
    inquiry.grace.sees("Each note quotes two students.", "[Leave it as it is]")
