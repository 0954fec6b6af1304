"""What became of principals' questions, read for a whole week's digests at once: the same as for each by itself."""

from datetime import date, datetime, timedelta

import pytest
from sqlmodel import select

from storage import digests
from storage.database import Store, Tx
from storage.digests import GivenItem
from storage.people import Role
from storage.tables import DemandRow, DigestRow, MandateRow, PersonRow, RoleRow, SchoolRow
from tests.district import NOW

WEEK = date(2026, 11, 30)
MONDAY = NOW + timedelta(days=6)
BACKENDS = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


def put_demand(tx: Tx) -> int:
    memo = MandateRow(title="Seats", one_line="", text="Count.", fingerprint="f", unit="Budget", sender_id=1,
                      memo_date=WEEK, received_at=NOW, source="pasted")  # fmt: skip
    tx.add(memo)
    tx.flush()
    demand = DemandRow(mandate_id=memo.id, start=0, end=6, headline="Count", quote="Count.", actor="principal",
                       for_school=True, binding="must", due_basis="", audience=["all"], minutes=10,
                       minutes_basis="")  # fmt: skip
    tx.add(demand)
    tx.flush()
    assert demand.id is not None
    return demand.id


def principals(tx: Tx) -> list[int]:
    query = select(PersonRow.id).join(RoleRow, RoleRow.person_id == PersonRow.id)  # type: ignore[arg-type]  # a comparison
    return [one for one in tx.exec(query.where(RoleRow.role == Role.PRINCIPAL)) if one is not None]


def give(tx: Tx, principal: int, weeks_ago: int, *, demand: int, answered: datetime | None) -> None:
    """A digest of an earlier week, written on its Monday, with an item whose question was answered then."""
    school = tx.exec(select(SchoolRow.id)).first() or 0
    week = WEEK - timedelta(days=7 * weeks_ago)
    written = MONDAY - timedelta(days=7 * weeks_ago)
    row = DigestRow(principal_id=principal, school_id=school, week=week, minutes=10, created_at=written)
    answer = f"to {principal}, {weeks_ago} weeks ago" if answered else ""
    item = GivenItem(0, 0, demand, "do", "Count.", question="Which?", answer=answer, answered_at=answered)
    assert digests.add(tx, row, [item]) is not None


@pytest.mark.parametrize("store", BACKENDS, indirect=True)
def test_read_for_all_they_are_those_of_each(store: Store) -> None:
    with store.begin() as tx:
        demand = put_demand(tx)
        asking = principals(tx)
        last = MONDAY - timedelta(days=7)
        times = [
            None, last - timedelta(seconds=1), last, last + timedelta(seconds=1), last + timedelta(days=3), MONDAY,
            MONDAY + timedelta(seconds=1),
        ]  # fmt: skip
        for number, principal in enumerate(asking[:-1]):  # the last one had no digest before
            give(tx, principal, 1, demand=demand, answered=times[number % len(times)])
            give(tx, principal, 2, demand=demand, answered=times[(number + 3) % len(times)])
        give(tx, asking[0], 9, demand=demand, answered=last + timedelta(days=1))
        by_one = {
            principal: digests.answers_before(
                tx, DigestRow(principal_id=principal, week=WEEK, created_at=MONDAY, school_id=1, minutes=0)
            )
            for principal in asking
        }
        at_once = digests.answers_of_all(tx, asking, WEEK, until=MONDAY)
        some = digests.answers_of_all(tx, asking[:2], WEEK, until=MONDAY)
    assert at_once == {principal: found for principal, found in by_one.items() if found}
    assert sum(map(len, at_once.values())) >= 5
    assert some == {principal: found for principal, found in at_once.items() if principal in asking[:2]}
