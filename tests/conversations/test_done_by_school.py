"""Who has done it: school by school for the ILD, in numbers for the office, and a number only where it names nobody."""

import csv

import pytest
from sqlmodel import select

from handlers.actions import act
from handlers.cards import Download, Table
from handlers.digest.digest_sending import send_digests
from storage import mandates
from storage.database import Store
from storage.tables import DemandRow
from tests.chat import Chat, Speaker
from tests.district import email
from tests.played import Played

MEMO = (
    "memo Schools must complete the lead testing by December 18, 2026.\n\n"
    "Middle schools must send seat counts by December 18, 2026."
)


@pytest.fixture
def chat(store: Store, played: Played) -> Chat:
    return played(store, three_answers)


def three_answers(store: Store) -> Chat:
    chat = Chat(store, at="2026-12-01 14:00")
    chat.person(email("dev.patel")).says(MEMO)
    for name in ("imani.brooks", "tomas.rivera"):
        chat.person(email(name)).says("pass on all suggested")
    chat.move_to("2026-12-07 06:30")
    assert send_digests(store, chat.now) == 5
    chat.move_to("2026-12-07 13:00")
    grace, farid, mei = (
        chat.person(email(name)) for name in ("grace.lindqvist", "farid.haddad", "mei.tanaka")
    )
    grace.presses("Done")
    for speaker, label, words in ((farid, "Delegate", "=the clerk"), (mei, "Ask my ILD", "Which taps?")):
        speaker.presses("More")
        speaker.presses(label)
        speaker.says(words)
    return chat


def table(speaker: Speaker) -> tuple[tuple[str, ...], ...]:
    speaker.collect()
    return next(block.rows for block in speaker.seen[-1].blocks if isinstance(block, Table))


def download(speaker: Speaker) -> list[list[str]]:
    file = next(block for block in speaker.seen[-1].blocks if isinstance(block, Download))
    return list(csv.reader(file.content.splitlines()))


def test_the_ild_sees_school_by_school_and_no_other_network(chat: Chat) -> None:
    imani = chat.person(email("imani.brooks"))
    imani.says("who has done the lead testing?")
    assert table(imani) == (
        ("Lincoln Middle", "done", "Mon 7 Dec", ""),
        ("Lincoln Elementary", "delegated", "Mon 7 Dec", "=the clerk"),
        ("Roosevelt High", "asked", "Mon 7 Dec", ""),
    )
    imani.sees("by Fri 18 Dec", "Done 1 of 3, delegated 1, asked 1.", "Open: Roosevelt High.", "Or:")
    assert download(imani)[2] == ["Lincoln Elementary", "delegated", "2026-12-07", "'=the clerk"]
    imani.does_not_see("Harbor", "Juniper")


def test_the_office_sees_numbers_and_no_school(chat: Chat) -> None:
    dev = chat.person(email("dev.patel"))
    dev.says("who has done the lead testing")
    dev.sees("Done 1 of 5, delegated 1, asked 1, open 2.")
    assert table(dev) == (("done", "1"), ("delegated", "1"), ("asked", "1"), ("open", "2"))
    assert download(dev)[0] == ["state", "schools"]
    dev.does_not_see("Lincoln", "Roosevelt", "Harbor", "clerk", "Which taps")


def test_a_number_that_would_name_a_school_is_not_told(chat: Chat) -> None:
    dev = chat.person(email("dev.patel"))
    dev.says("who has done the seat counts")
    dev.sees("Numbers come once 5 schools are concerned.")
    dev.does_not_see("Done 0")


def test_what_waits_for_a_decision_counts_as_not_passed_on(chat: Chat) -> None:
    chat.person(email("dev.patel")).says("memo Schools must return the key list by December 18, 2026.")
    imani = chat.person(email("imani.brooks"))
    imani.says("who has done the key list")
    assert {row[1] for row in table(imani)} == {"not passed on yet"}


def test_what_an_ild_has_asked_the_office_about_counts_as_challenged(chat: Chat, store: Store) -> None:
    chat.person(email("dev.patel")).says("memo Schools must return the key list by December 18, 2026.")
    imani = chat.person(email("imani.brooks"))
    with store.begin() as tx:
        demand_id = max(row.id or 0 for row in tx.exec(select(DemandRow)))
        values = {"demand_id": demand_id, "ild_id": imani.id, "by": imani.id, "decision": "challenge"}
        assert mandates.put_triage(tx, version=0, at=chat.now, **values)
    imani.says("who has done the key list")
    assert {row[1] for row in table(imani)} == {"challenged"}
    dev = chat.person(email("dev.patel"))
    dev.says("who has done the key list")
    dev.sees("Done 0 of 5, challenged 3, not passed on yet 2.")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("grace.lindqvist", "That is for"),
        ("ruth.castellanos", "That is for"),
    ],
)
def test_it_is_not_for_principals_or_executives(chat: Chat, name: str, said: str) -> None:
    speaker = chat.person(email(name))
    speaker.says("who has done lead testing")
    speaker.sees(said)
    speaker.does_not_see("Lincoln Elementary")


def test_a_button_of_somebody_elses_memo_shows_nothing(chat: Chat) -> None:
    for name in ("ruth.castellanos", "grace.lindqvist", "ana.whitefeather"):
        speaker = chat.person(email(name))
        speaker.presses_action(act("done.show", demand=1))
        speaker.sees("for the office that asked")


def test_what_no_memo_has_is_said(chat: Chat) -> None:
    imani = chat.person(email("imani.brooks"))
    imani.says("who has done the zebra parade")
    imani.sees("Nothing that schools were asked has")
