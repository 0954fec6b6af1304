"""A unit sends a request: the gate, the look at the week, and "do not drop" as a scarce thing."""

import pytest
from sqlmodel import select

from handlers.digest.digest_sending import send_digests
from storage.database import Store
from storage.tables import DemandRow, DropUseRow, MandateRow
from tests.chat import Chat, Speaker
from tests.district import email

WHOLE = {
    "whom": "all",
    "what": "Send two names to the transport desk",
    "why": "Pupils get their bus cards before the break.",
    "by": "2026-12-11",
    "minutes": "15 minutes",
    "contact": "Dev Patel, ext. 4410",
    "delegate": "yes",
    "required": "no",
}


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store, at="2026-12-01 14:00")


@pytest.fixture
def dev(chat: Chat) -> Speaker:
    return chat.person(email("dev.patel"), platform="playground")


@pytest.fixture
def imani(chat: Chat) -> Speaker:
    return chat.person(email("imani.brooks"))


def demands(store: Store) -> list[DemandRow]:
    with store.read() as tx:
        return list(tx.exec(select(DemandRow)))


def test_what_is_missing_comes_back_with_all_that_was_typed(dev: Speaker, store: Store) -> None:
    dev.says("send a request")
    dev.presses("Check it", **{**WHOLE, "why": "", "minutes": "some"})
    dev.sees(
        "almost there", "2 things are missing", "Why should they care?", "How long does it take one school?"
    )
    dev.sees("Send two names to the transport desk", "Dev Patel, ext. 4410", "2026-12-11")
    assert demands(store) == []
    dev.presses("Check it", why=WHOLE["why"], minutes="15")
    dev.sees("It says what a principal needs.", "Nothing is sent yet")


def test_a_whole_request_goes_to_the_ilds_and_into_the_digest_as_the_office_says(
    chat: Chat, dev: Speaker, imani: Speaker, store: Store
) -> None:
    dev.says("send a request")
    dev.presses("Check it", **WHOLE)
    dev.sees("by December 11, 2026", "The week of Mon 7 Dec holds up to 0 minutes", "this fits")
    dev.presses("Send it")
    dev.sees("Sent.", "Each ILD decides")
    (row,) = demands(store)
    assert (row.minutes, row.minutes_basis, row.binding) == (15, "the office says", "should")
    with store.read() as tx:
        memo = tx.exec(select(MandateRow)).one()
    assert (memo.source, memo.unit, memo.contact) == ("form", "Human Resources", "Dev Patel, ext. 4410")
    imani.says("triage")
    imani.sees("Send two names to the transport desk", "about 15 min")
    imani.presses("Pass on")
    chat.move_to("2026-12-07 06:30")
    assert send_digests(store, chat.now)
    grace = chat.person(email("grace.lindqvist"))
    grace.says("my digest")
    grace.sees("Send two names to the transport desk", "By Fri 11 Dec", "15 min", "Dev Patel")
    grace.sees("Why: “Pupils get their bus cards before the break.”", "It may be delegated.")
    grace.presses("More")
    grace.presses("Delegate")
    grace.sees("Human Resources says: “It may be delegated.” Who does it?")


def test_a_full_week_is_told_before_sending_with_the_nearest_lighter_one(
    chat: Chat, dev: Speaker, imani: Speaker
) -> None:
    chat.person(email("ana.whitefeather")).says("minutes budget 20 for everybody")
    imani.says("minutes budget 20")
    dev.says("memo Schools must send the roster by December 18, 2026.")
    imani.says("pass on all suggested")
    dev.says("send a request")
    dev.presses("Check it", **WHOLE)
    dev.sees("it would be too much for", "The nearest lighter week is that of Mon 14 Dec")
    dev.does_not_see("Lincoln")


def test_the_same_request_again_is_known(dev: Speaker, store: Store) -> None:
    for _ in range(2):
        dev.says("send a request")
        dev.presses("Check it", **WHOLE)
        dev.presses("Send it")
    dev.sees("I have this one already")
    assert len(demands(store)) == 1


def test_a_pasted_memo_is_advised_and_not_refused(dev: Speaker, store: Store) -> None:
    dev.says("memo Schools must return the key list by December 14, 2026.")
    dev.sees("It does not say why they should care, how long it takes, who answers questions and whether")
    assert len(demands(store)) == 1


def test_do_not_drop_is_counted_in_the_open_and_runs_out(
    chat: Chat, dev: Speaker, imani: Speaker, store: Store
) -> None:
    ana = chat.person(email("ana.whitefeather"))
    ana.says("do not drop quota 1")
    ana.sees("1 times a term")
    dev.says("send a request")
    dev.sees("You have 1 of 1 left")
    dev.presses("Check it", **WHOLE, drop="yes")
    dev.presses("Send it")
    dev.sees("ILDs read that you ask not to drop it: 1 of 1 used this")
    imani.says("do not drop uses")
    imani.sees("Human Resources: 1 of 1", "Send two names to the transport desk")
    imani.says("triage")
    imani.sees("Human Resources asks not to drop this.", "you decide")
    imani.presses("Pass on")
    dev.says("send a request")
    dev.does_not_see("Ask not to drop it?")
    with store.read() as tx:
        assert len(list(tx.exec(select(DropUseRow)))) == 1


def test_principals_send_no_requests_and_only_the_administrator_sets_the_quota(
    chat: Chat, imani: Speaker
) -> None:
    grace = chat.person(email("grace.lindqvist"))
    grace.says("send a request")
    grace.does_not_see("Check it")
    imani.says("do not drop quota 9")
    imani.does_not_see("From now on")
