"""The pulse: principals answer without names, the centre reads it in the open, and says what it did."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from handlers.actions import act
from handlers.clock import run_due
from storage.database import Store
from storage.tables import AuditRow, MessageRow, PulseAnsweredRow, PulseBallotRow, PulseLineRow
from tests.chat import Chat, Speaker
from tests.conversations.bigger_district import add_people
from tests.district import email

MONDAY = "2026-11-30 14:00"
AFTER = "2026-12-08 14:00"
FIVE = ("grace.lindqvist", "farid.haddad", "mei.tanaka", "oluchi.eze", "peter.novak")
MORE = ("wen.zhao", "rosa.delgado", "amir.nasser", "hana.kimura")
LINES = ("Answer by phone", "Fewer forms", "One list a year", "Come and see us", "Say no sooner")


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store, at=MONDAY)


@pytest.fixture
def ruth(chat: Chat) -> Speaker:
    return chat.person(email("ruth.castellanos"))


@pytest.fixture
def dev(chat: Chat) -> Speaker:
    return chat.person(email("dev.patel"))


def start(ruth: Speaker) -> None:
    ruth.says("start pulse")
    ruth.presses("Start the pulse")


def answer_unit(speaker: Speaker, *steps: int, line: str = "", unit: str = "Human Resources") -> None:
    speaker.presses(unit)
    speaker.presses(
        "Send", **dict(zip(("answer", "worth", "known"), map(str, steps), strict=True)), line=line
    )


def answer_ild(speaker: Speaker, ild: str, *steps: int, line: str = "") -> None:
    speaker.presses(ild)
    keys = ("teaching", "thinking", "again", "shield")
    speaker.presses("Send", **dict(zip(keys, map(str, steps), strict=True)), line=line)


def close(chat: Chat) -> None:
    chat.move_to(AFTER)
    assert run_due(chat.store, chat.now)["failed"] == 0


def test_an_executive_sees_what_is_asked_and_starts_it(ruth: Speaker, grace: Speaker) -> None:
    ruth.says("start pulse")
    ruth.sees(
        "5 principals", "1 office", "No name and no time is kept", "worth the time", "2 ILDs accompany fewer"
    )
    ruth.presses("Start the pulse")
    ruth.sees("Started", "through Mon 7 Dec")
    grace.sees("How do you find the support", "[Imani Brooks]", "[Human Resources]", "through Mon 7 Dec")
    ruth.says("start pulse")
    ruth.sees("open through Mon 7 Dec")
    ruth.says("pulse")
    ruth.sees("0 of 5 principals have answered")


def test_five_answers_are_shown_to_everybody_alike_once_it_is_closed(
    chat: Chat, ruth: Speaker, dev: Speaker
) -> None:
    start(ruth)
    for name, steps in zip(FIVE, ((1, 2, 3), (2, 2, 3), (4, 4, 3), (4, 5, 3), (5, 5, 3)), strict=True):
        answer_unit(chat.person(email(name)), *steps)
    dev.says("pulse")
    dev.sees("5 of 5 principals have answered", "The result comes after")
    dev.does_not_see("Human Resources")
    close(chat)
    dev.sees("5 of 5 principals answered", "[See what came of it]")
    for speaker in (dev, ruth, chat.person(email("grace.lindqvist"))):
        speaker.says("pulse")
        speaker.sees("5 of 5 principals answered", "Human Resources", "5 answers")
        speaker.presses("Open")
        speaker.sees(
            "3.2",
            "2 to 4",
            "1, 1, 0, 2, 1",
            "all on 3",
            "40% below the middle",
            "North Network, South Network",
        )


def test_four_answers_are_not_shown(chat: Chat, ruth: Speaker, dev: Speaker) -> None:
    start(ruth)
    for name in FIVE[:4]:
        answer_unit(chat.person(email(name)), 1, 1, 1)
    close(chat)
    dev.says("pulse")
    dev.sees("fewer than five answers")
    dev.does_not_see("[Open]")
    dev.presses_action(act("pulse.result", id=1, part="u0"))
    dev.sees("Fewer than five answers")
    dev.does_not_see("1.0", "Mean")


def test_no_row_and_no_message_ties_an_answer_to_a_person(chat: Chat, ruth: Speaker, store: Store) -> None:
    start(ruth)
    grace = chat.person(email("grace.lindqvist"))
    grace.presses("Human Resources")
    grace.presses("Send", answer="1", worth="2", line="Fewer forms, more answers")  # one is missing
    grace.sees("Choose a step for each statement")
    grace.presses("Send", answer="1", worth="2", known="5", line="Ms. Alvarez never answers")
    grace.sees("seems to name somebody")
    grace.presses("Send", answer="1", worth="2", known="5", line="Lincoln Middle needs fewer forms")
    grace.sees("or your school")
    grace.presses("Send", answer="1", worth="2", known="5", line="Fewer forms, more answers")
    grace.sees("Your answer about Human Resources is in", "[Take it out]")
    with store.read() as tx:
        written = "\n".join(tx.exec(select(MessageRow.card)))
        assert "Fewer forms" not in written
        assert '"value":"1"' not in written.replace('"value":"1","label"', "")
        assert not [
            row for row in tx.exec(select(AuditRow)) if row.actor_id == grace.id and "pulse" in row.action
        ]
        for table in (PulseBallotRow, PulseLineRow):
            columns = set(table.__table__.columns.keys())  # type: ignore[attr-defined]  # SQLModel's own
            assert not columns & {"person_id", "at", "created_at", "answered_at"}
        assert set(PulseAnsweredRow.__table__.columns.keys()) == {"pulse_id", "person_id", "about"}  # type: ignore[attr-defined]
        [ballot] = tx.exec(select(PulseBallotRow))
        assert ballot.receipt not in written
        assert ballot.id not in written


def test_an_answer_can_be_taken_out_and_given_anew_until_it_closes(
    chat: Chat, ruth: Speaker, store: Store
) -> None:
    start(ruth)
    grace = chat.person(email("grace.lindqvist"))
    answer_unit(grace, 1, 1, 1, line="Fewer forms")
    grace.says("pulse")
    grace.sees("Answered:", "Human Resources", "[Imani Brooks]")
    grace.does_not_see("[Human Resources]")
    chat.wait(days=1)
    run_due(store, chat.now)
    with store.read() as tx:
        assert "Take it out" not in "\n".join(tx.exec(select(MessageRow.card)))
    grace.presses("Take it out")
    grace.sees("Taken out", "[Answer anew]")
    with store.read() as tx:
        assert not list(tx.exec(select(PulseBallotRow)))
        assert not list(tx.exec(select(PulseLineRow)))
    grace.presses("Answer anew")
    grace.presses("Send", answer="5", worth="5", known="4")
    with store.read() as tx:
        assert [row.marks for row in tx.exec(select(PulseBallotRow))] == [[5, 5, 4]]
    close(chat)
    grace.presses("Take it out")
    grace.sees("This pulse is closed")


def test_closing_takes_apart_what_held_answers_to_their_answerers(
    chat: Chat, ruth: Speaker, store: Store
) -> None:
    start(ruth)
    for name, line in zip(FIVE, LINES, strict=True):
        answer_unit(chat.person(email(name)), 3, 3, 3, line=line)
    with store.read() as tx:
        before = {row.id for row in tx.exec(select(PulseBallotRow))}
    close(chat)
    with store.read() as tx:
        ballots, lines = list(tx.exec(select(PulseBallotRow))), list(tx.exec(select(PulseLineRow)))
        assert not list(tx.exec(select(PulseAnsweredRow)))
        assert len(ballots) == len(lines) == 5
        assert {row.receipt for row in (*ballots, *lines)} == {""}
        assert not before & {row.id for row in ballots}


def test_the_tables_keep_no_order_of_writing(chat: Chat, ruth: Speaker, store: Store) -> None:
    """SQLite counts rows up unless a table says not to; PostgreSQL notes which transaction wrote a row, so a group's
    ballots are written anew with each one that comes."""
    start(ruth)
    for name in FIVE[:3]:
        answer_unit(chat.person(email(name)), 3, 3, 3, line="Fewer forms")
    for table in ("pulse_ballot", "pulse_line", "pulse_answered"):
        with store.read() as tx:
            if store.is_sqlite:
                with pytest.raises(OperationalError, match="no such column"):
                    tx.execute(text(f"SELECT rowid FROM {table}"))
            elif table != "pulse_answered":
                found = tx.execute(text(f"SELECT count(*), count(DISTINCT xmin::text) FROM {table}"))
                assert found.one() == (3, 1)


def test_lines_are_shown_from_five_up(chat: Chat, ruth: Speaker, dev: Speaker) -> None:
    start(ruth)
    for name, line in zip(FIVE, (*LINES[:4], ""), strict=True):
        answer_unit(chat.person(email(name)), 3, 3, 3, line=line)
    close(chat)
    dev.says("pulse")
    dev.presses("Open")
    dev.does_not_see("Fewer forms", "One thing that would help")


def test_an_ilds_result_is_hers_and_the_executives(
    chat: Chat, store: Store, ruth: Speaker, imani: Speaker, tomas: Speaker
) -> None:
    add_people(store)
    start(ruth)
    for name in (*FIVE[:3], *MORE):
        answer_ild(chat.person(email(name)), "Imani Brooks", 4, 4, 4, 5)
    close(chat)
    imani.says("pulse")
    imani.sees("Imani Brooks", "7 answers")
    imani.presses("Open")
    imani.sees("Imani Brooks: 7 answers", "Helps me think", "4.0")
    ruth.says("pulse")
    ruth.sees("ILDs together", "Imani Brooks")
    tomas.says("pulse")
    tomas.does_not_see("Imani Brooks", "ILDs together")
    for part in (f"i{imani.id}", "ilds"):
        tomas.presses_action(act("pulse.result", id=1, part=part))
        tomas.does_not_see("4.0", "7 answers")
    grace = chat.person(email("grace.lindqvist"))
    grace.presses_action(act("pulse.result", id=1, part=f"i{imani.id}"))
    grace.sees("is for her and executives")


def test_a_group_is_left_out_where_it_would_give_away_a_smaller_one(
    chat: Chat, store: Store, ruth: Speaker, imani: Speaker
) -> None:
    add_people(store)
    start(ruth)
    for name in (*FIVE[:3], *MORE):
        answer_ild(chat.person(email(name)), "Imani Brooks", 4, 4, 4, 5)
    answer_ild(chat.person(email("peter.novak")), "Tomás Rivera", 1, 1, 1, 1)
    close(chat)
    ruth.says("pulse")
    ruth.sees(
        "8 answers",
        "so that nobody can work out what fewer than 5 others answered",
        "fewer than five answers",
    )
    imani.says("pulse")
    imani.sees("so that nobody can work out")


def test_you_said_we_did(chat: Chat, ruth: Speaker, dev: Speaker, grace: Speaker, tomas: Speaker) -> None:
    start(ruth)
    for name in FIVE:
        answer_unit(chat.person(email(name)), 2, 2, 2)
    close(chat)
    dev.says("we did: Key lists are asked for once a year.")
    dev.sees("You said, we did", "Key lists are asked for once a year", "Dev Patel, Tue 8 Dec")
    ruth.says("pulse")
    ruth.presses("Open")
    ruth.presses("Say what was done")
    ruth.presses("Put it under", done="The office answers the telephone until five.")
    ruth.sees("You said, we did", "until five", "Key lists")
    grace.sees("5 of 5 principals answered the pulse")
    chat.wait(days=1)
    run_due(chat.store, chat.now)
    grace.sees("You said, we did", "Human Resources", "Key lists are asked for once a year", "until five")
    said = len(grace.seen)
    run_due(chat.store, chat.now)
    grace.collect()
    assert len(grace.seen) == said
    tomas.presses_action(act("pulse.done", id=1, part="u0"), done="Nothing")
    tomas.sees("for the office that it is about")


def test_the_last_pulse_stands_beside(chat: Chat, ruth: Speaker, dev: Speaker) -> None:
    start(ruth)
    for name in FIVE:
        answer_unit(chat.person(email(name)), 2, 2, 2)
    close(chat)
    ruth.says("start pulse")
    ruth.presses("Start the pulse")
    for name in FIVE:
        answer_unit(chat.person(email(name)), 4, 4, 4)
    chat.move_to("2026-12-16 14:00")
    run_due(chat.store, chat.now)
    dev.says("pulse")
    dev.presses("Open")
    dev.sees("4.0", "2.0 of 5 answers")


def test_who_may_not_start_one(dev: Speaker, grace: Speaker) -> None:
    grace.says("start pulse")
    grace.sees("administrators and executives")
    dev.presses_action(act("pulse.start"), days="5")
    dev.sees("started by an executive or the administrator")


def test_a_principal_who_was_not_asked_answers_nothing(
    chat: Chat, ruth: Speaker, dev: Speaker, store: Store
) -> None:
    start(ruth)
    dev.presses_action(act("pulse.send", id=1, part="u0"), answer="1", worth="1", known="1")
    dev.sees("put to other principals")
    with store.read() as tx:
        assert not list(tx.exec(select(PulseBallotRow)))
