"""Forms for what can be said in words, too: a visit that nobody planned, a memo to paste."""

from datetime import date

import pytest
from sqlmodel import select

from handlers.actions import act
from storage import people, visits
from storage.database import Store
from storage.tables import MandateRow
from tests.chat import Chat
from tests.district import email

DAY = date(2026, 12, 1)
AT = "2026-12-02 15:00"
SEATS = "Principals must return the seat count by Friday, December 11."


@pytest.mark.parametrize("platform", ["slack", "playground"])
def test_a_visit_is_logged_in_a_form(store: Store, platform: str) -> None:
    chat = Chat(store, at=AT)
    imani = chat.person(email("imani.brooks"), platform=platform)
    imani.says("log a visit")
    imani.sees("A visit that nobody had planned")
    imani.presses(
        "Count it", school=_school(store, "Roosevelt High"), day="2026-12-01", minutes="45 min", about="maths"
    )
    imani.sees("Counted: Roosevelt High, Tue 1 Dec, walkthrough, 45 minutes. About: maths.")
    imani.presses("Undo")
    imani.sees("It counts nowhere")


def test_a_principal_logs_one_of_the_own_school_and_no_other(store: Store) -> None:
    chat = Chat(store, at=AT)
    mei = chat.person(email("mei.tanaka"))
    mei.says("visited")
    mei.sees("A visit that nobody had planned")
    form = {"day": "2026-12-01", "kind": "coaching"}
    mei.presses("Count it", school=_school(store, "Lincoln Middle"), **form)
    mei.sees("You are neither there, so nothing was changed")
    mei.says("log visit")
    mei.presses("Count it", school=_school(store, "Roosevelt High"), **form)
    mei.sees("Counted: Roosevelt High, Tue 1 Dec, coaching visit.")


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        ({"school": ""}, "Which school?"),
        ({"school": "words"}, "Which school?"),
        ({"school": "99999999999999999999"}, "Which school?"),
        ({"day": ""}, "Which day?"),
        ({"day": "2026-12-03"}, "Choose a day up to today"),
        ({"day": "2024-12-03"}, "Choose a day up to today"),
        ({"minutes": "0"}, "How many minutes"),
        ({"minutes": "601"}, "How many minutes"),
        ({"minutes": "a while"}, "How many minutes"),
        ({"minutes": "²"}, "How many minutes"),
    ],
)
def test_what_cannot_be_counted_is_said_and_nothing_is_counted(
    store: Store, fields: dict[str, str], answer: str
) -> None:
    chat = Chat(store, at=AT)
    imani = chat.person(email("imani.brooks"))
    imani.says("log a visit")
    school = _school(store, "Roosevelt High")
    imani.presses("Count it", **({"school": school, "day": "2026-12-01", "minutes": "45"} | fields))
    imani.sees(answer)
    with store.read() as tx:
        assert visits.held_on(tx, int(school), DAY) is None


def test_whoever_visits_no_school_has_no_form(store: Store) -> None:
    chat = Chat(store, at=AT)
    dev = chat.person(email("dev.patel"))
    dev.says("log a visit")
    dev.sees("That is for ILDs and principals")


def test_a_day_that_is_counted_already_is_not_counted_again(store: Store) -> None:
    chat = Chat(store, at=AT)
    imani = chat.person(email("imani.brooks"))
    school = _school(store, "Roosevelt High")
    for answer in ("Counted: Roosevelt High", "is counted already"):
        imani.says("log a visit")
        imani.presses("Count it", school=school, day="2026-12-01")
        imani.sees(answer)


def test_a_memo_is_pasted_into_a_form(store: Store) -> None:
    chat = Chat(store, at=AT)
    dev = chat.person(email("dev.patel"))
    dev.presses_action(act("memo.form"))
    dev.sees("keep it whole")
    dev.presses("Send to the buffer", memo="   ")
    dev.sees("Paste the text of the memo")
    dev.presses("Send to the buffer", memo=SEATS)
    dev.sees("seat count", "by Fri 11 Dec")
    with store.read() as tx:
        assert tx.exec(select(MandateRow)).one().unit == "Human Resources"


def test_a_principal_pastes_no_memo(store: Store) -> None:
    chat = Chat(store, at=AT)
    mei = chat.person(email("mei.tanaka"))
    mei.presses_action(act("memo.form"))
    mei.sees("Memos to schools come from an office")
    mei.presses_action(act("memo.take"), memo=SEATS)
    mei.sees("Memos to schools come from an office")


def _school(store: Store, name: str) -> str:
    with store.read() as tx:
        return str(next(one.id for one in people.schools_on(tx, DAY) if one.name == name))
