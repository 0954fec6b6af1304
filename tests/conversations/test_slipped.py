"""Before the digests of a week go: whatever is neither told, nor decided, nor on a desk is brought up, once."""

from typing import Any

import pytest
from sqlmodel import select

from handlers.digest.digest_sending import send_digests
from handlers.digest.slipped import check_demands
from storage.database import Store
from storage.tables import AssignmentRow, AuditRow, DemandRow
from tests.chat import Chat
from tests.district import email

FRIDAY = "2026-12-04 09:00"
MEMO = (
    "memo Schools must return the key list by December 14, 2026.\n\n"
    "Schools must keep a log of visitors.\n\nPayroll sends the list on December 9, 2026."
)


@pytest.fixture
def chat(store: Store) -> Chat:
    chat = Chat(store, at="2026-12-01 14:00")
    chat.person(email("dev.patel")).says(MEMO)
    return chat


def check_at(chat: Chat, at: str) -> int:
    chat.move_to(at)
    return check_demands(chat.store, chat.now)


def demands(store: Store) -> int:
    with store.read() as tx:
        return len(tx.exec(select(DemandRow)).all())


def audits(store: Store) -> list[dict[str, Any]]:
    with store.read() as tx:
        return [dict(row.detail) for row in tx.exec(select(AuditRow)) if row.action == "demands.checked"]


def test_what_waits_is_decided_or_told_is_accounted_for(chat: Chat, store: Store) -> None:
    imani = chat.person(email("imani.brooks"))
    imani.says("triage")
    imani.presses("Hold")
    imani.says("triage")
    imani.presses("Take off the plate")
    assert check_at(chat, "2026-12-03 12:30") == 0
    assert audits(store) == []
    assert check_at(chat, FRIDAY) == 0
    imani.says("pass on all suggested")
    chat.move_to("2026-12-07 06:30")
    send_digests(store, chat.now)
    assert check_at(chat, "2026-12-11 09:00") == 0
    both_networks = 2 * demands(store)
    assert [(one["asked"], one["slipped"]) for one in audits(store)] == [(both_networks, 0)] * 2


def test_what_waited_so_long_that_it_left_the_desk_is_brought_up_once_and_can_be_decided(
    chat: Chat, store: Store
) -> None:
    chat.person(email("tomas.rivera")).says("pass on all suggested")
    chat.move_to("2026-12-07 06:30")
    send_digests(store, chat.now)
    assert check_at(chat, "2027-02-05 09:00") > 0
    imani = chat.person(email("imani.brooks"))
    imani.sees(
        "Nothing should get lost", "key list", "neither told, nor decided, nor on your desk", "[Original]"
    )
    chat.person(email("tomas.rivera")).does_not_see("Nothing should get lost")
    assert check_at(chat, "2027-02-12 09:00") == 0
    imani.presses("Decide")
    imani.presses("Take off the plate")
    imani.sees("Taken off the plate")


def test_schools_without_an_ild_are_brought_up_to_the_administrator(chat: Chat, store: Store) -> None:
    with store.begin() as tx:
        for row in tx.exec(select(AssignmentRow)):
            if row.ild_id == chat.person(email("tomas.rivera")).id:
                row.ild_id = None
    assert check_at(chat, FRIDAY) == demands(store) > 1
    ana = chat.person(email("ana.whitefeather"))
    ana.sees("asked of schools that have no ILD")
