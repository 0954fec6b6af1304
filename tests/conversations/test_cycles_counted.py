"""Cycles of inquiry in numbers: open, in which phase, how old, how closed ones were decided; never a word of one."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from storage.database import Store
from storage.people import schools_on
from storage.tables import ProtocolVersionRow, RunRow
from tests.chat import Chat, Speaker
from tests.conversations.bigger_district import add_principals
from tests.conversations.test_cycle_of_inquiry import PROBLEM, Inquiry
from tests.district import email

LAST_TERM = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


@pytest.fixture
def inquiry(store: Store) -> Inquiry:
    return Inquiry(store)


def ask(chat: Chat, name: str, question: str) -> Speaker:
    speaker = chat.person(email(name))
    speaker.says(question)
    return speaker


def test_an_open_cycle_is_counted_in_its_phase_with_its_age(inquiry: Inquiry) -> None:
    inquiry.says(inquiry.imani, "inquiry lincoln middle")
    inquiry.chat.move_to("2026-12-03 09:00")
    ruth = ask(inquiry.chat, "ruth.castellanos", "open cycles of inquiry by phase")
    ruth.sees("1 cycle of inquiry open", "question 1", "1 begun and 0 closed in that time")
    ruth.sees("Counted: cycles of inquiry open and closed, by phase, 31 Aug to 3 Dec")
    ruth.sees("In their present phase for 2 days")


def test_the_phase_follows_the_run_and_says_no_word_of_it(inquiry: Inquiry, store: Store) -> None:
    inquiry.first_meeting()
    ruth = ask(inquiry.chat, "ruth.castellanos", "in which phase are the cycles of inquiry?")
    ruth.sees("try 1")
    ruth.does_not_see("question 1", PROBLEM[:30], "quotes one student")
    ruth.says("by school")
    ruth.sees("Lincoln Middle 1", "In their phases: try 1")
    ruth.says("by level")
    ruth.sees("middle 1", "high 0")


def test_a_cycle_that_was_written_before_phases_were_kept_is_read_from_its_events(
    inquiry: Inquiry, store: Store
) -> None:
    inquiry.first_meeting()
    with store.begin() as tx:
        run = tx.exec(select(RunRow)).one()
        run.phase = run.phase_since = None
        tx.add(run)
    ask(inquiry.chat, "ruth.castellanos", "open cycles of inquiry by phase").sees("try 1")


def test_a_cycle_that_was_given_up_is_closed(inquiry: Inquiry) -> None:
    inquiry.says(inquiry.imani, "inquiry lincoln middle")
    inquiry.says(inquiry.imani, "stop")
    inquiry.imani.presses("Stop it", reason="she takes another school")
    inquiry.chat.wait(minutes=2)
    ruth = ask(inquiry.chat, "ruth.castellanos", "how many cycles of inquiry are open")
    ruth.sees("0 cycles of inquiry open", "1 begun and 1 closed", "from 5 principals up")


def test_an_ild_counts_her_own_and_a_principal_the_own_schools(inquiry: Inquiry) -> None:
    inquiry.first_meeting()
    ask(inquiry.chat, "imani.brooks", "my open cycles of inquiry by school").sees("Lincoln Middle 1")
    ask(inquiry.chat, "grace.lindqvist", "is our cycle of inquiry still open").sees("1 cycle of inquiry open")
    tomas = ask(inquiry.chat, "tomas.rivera", "open cycles of inquiry in North Network")
    tomas.sees("not yours to see")
    ask(inquiry.chat, "mei.tanaka", "is our cycle of inquiry still open").sees("0 cycles of inquiry open")


# ---------------------------------------------------------------- how they were decided


def close(store: Store, schools: int, *, ended: datetime, way: str = "adopt") -> None:
    """A cycle of each of so many schools, which came to its end then; the first was decided in another way."""
    with store.begin() as tx:
        if tx.get(ProtocolVersionRow, "c") is None:
            tx.add(
                ProtocolVersionRow(
                    digest="c", key="cycle_of_inquiry", title="Cycle", body="{}", created_at=ended
                )
            )
            tx.flush()
        for place, school in enumerate(schools_on(tx, date(2026, 11, 1))[:schools]):
            tx.add(
                RunRow(
                    protocol_key="cycle_of_inquiry",
                    protocol_digest="c",
                    counts_as="inquiry",
                    school_id=school.id,
                    state="done",
                    started_at=ended - timedelta(days=40),
                    moved_at=ended,
                    ended_at=ended,
                    phase="",
                    phase_since=ended,
                    way="abandon" if place == 0 else way,
                )
            )


def test_how_cycles_were_decided_is_said_of_five_principals_once_their_term_is_over(
    inquiry: Inquiry, store: Store
) -> None:
    close(store, 5, ended=LAST_TERM)
    ruth = ask(
        inquiry.chat,
        "ruth.castellanos",
        "how many inquiry cycles closed last semester and with which decision",
    )
    ruth.sees("5 closed in that time", "4 adopted, 1 abandoned")


def test_it_is_not_said_of_fewer_nor_of_a_school_nor_of_a_term_that_runs(
    inquiry: Inquiry, store: Store
) -> None:
    add_principals(store, 3)
    close(store, 5, ended=LAST_TERM)
    close(store, 5, ended=datetime(2026, 10, 6, 15, 0, tzinfo=UTC))
    for question in (
        "how many inquiry cycles closed last semester at Lincoln Middle",
        "how many inquiry cycles closed last semester in South Network",
        "how many inquiry cycles closed this semester",
        "how many inquiry cycles closed from 1 Feb 2026 to 1 Apr 2026",
    ):
        ruth = ask(inquiry.chat, "ruth.castellanos", question)
        ruth.sees("in that time", "How they were decided I say")
        ruth.does_not_see("adopted", "abandoned")
