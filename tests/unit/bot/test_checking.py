"""What ``throughline check`` finds of a district: each fault in a sentence that says what to do."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, update
from sqlmodel import col

from bot.commands.checking import district_faults, running_faults
from handlers.card_codec import encode_card
from handlers.cards import plain
from handlers.clock import note_tick
from storage import outbox
from storage.database import Store
from storage.people import Role, count_linked
from storage.tables import AssignmentRow, ProtectedRuleRow, RoleRow
from tests.district import NOW


def no_administrator(store: Store) -> None:
    with store.begin() as tx:
        tx.execute(delete(RoleRow).where(col(RoleRow.role) == Role.ADMINISTRATOR))


def no_principal(store: Store) -> None:
    with store.begin() as tx:
        tx.execute(update(AssignmentRow).where(col(AssignmentRow.school_id) == 1).values(principal_id=None))


def nothing_protected(store: Store) -> None:
    with store.begin() as tx:
        tx.execute(delete(ProtectedRuleRow))


@pytest.mark.parametrize(
    ("breaks", "words"),
    [
        (no_administrator, "Run `throughline grant EMAIL administrator`."),
        (no_principal, "No principal today at Lincoln Middle: nobody gets their digest."),
        (nothing_protected, "Set the protected half-days."),
    ],
)
def test_what_a_district_lacks(store: Store, breaks: Callable[[Store], None], words: str) -> None:
    assert not any(words in fault for fault in district_faults(store, NOW))
    breaks(store)
    assert any(words in fault for fault in district_faults(store, NOW))


def put(store: Store, due: datetime) -> None:
    with store.begin() as tx:
        card = encode_card(plain("Hello."))
        outbox.put(
            tx, recipient_id=1, kind="test", period=str(due), card=card, asked=True, not_before=due, created_at=due
        )  # fmt: skip


@pytest.mark.parametrize(
    ("ticked", "due", "expected"),
    [
        pytest.param(None, 60, [], id="just set up"),
        pytest.param(1, 5, [], id="all is well"),
        pytest.param(6, 5, ["The clock last ticked at"], id="a clock that stands"),
        pytest.param(1, 16, ["1 message has been due for more than 15 minutes"], id="a message that waits"),
    ],
)
def test_what_does_not_run(store: Store, ticked: int | None, due: int, expected: list[str]) -> None:
    now = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
    if ticked is not None:
        note_tick(store, now - timedelta(minutes=ticked))
    put(store, now - timedelta(minutes=due))
    found = running_faults(store, now)
    assert len(found) == len(expected)
    assert all(fault.startswith(words) for fault, words in zip(found, expected, strict=True))


def test_people_without_an_account_are_counted(store: Store) -> None:
    with store.read() as tx:
        linked, known = count_linked(tx, on=NOW.date())
    assert (linked, known) == (0, known)
    assert known > 5
