"""What digests hold, found by indexes: the same as if every item were looked at."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import col, select

from storage import digests
from storage.database import Store, add_row
from storage.tables import AssignmentRow, DemandRow, DigestItemRow, DigestRow, MandateRow

CAME = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)
WEEK = date(2026, 11, 9)
FROM, TO = date(2026, 11, 16), date(2026, 11, 20)
BEFORE, IN, AFTER = FROM - timedelta(days=1), FROM + timedelta(days=2), TO + timedelta(days=1)


def give(
    store: Store, *, due: date | None, own_day: date | None, role: str = "deadline", week: date = WEEK
) -> tuple[int, int, int]:
    """A digest with one thing to do; whose it is, the school, and the demand."""
    with store.begin() as tx:
        led = tx.exec(select(AssignmentRow).where(col(AssignmentRow.principal_id).is_not(None))).first()
        assert led is not None
        assert led.principal_id is not None
        memo = add_row(
            tx,
            MandateRow(
                title="Memo", one_line="", text="A memo.", fingerprint="f", unit="Budget", sender_id=led.principal_id,
                memo_date=CAME.date(), received_at=CAME, source="pasted",
            ),
        )  # fmt: skip
        demand = add_row(
            tx,
            DemandRow(
                mandate_id=memo, start=0, end=1, headline="Count desks", quote="Count desks.", actor="principal",
                for_school=True, binding="must", due=due, due_role=role, due_words="", due_basis="", audience=["all"],
                minutes=15, minutes_basis="",
            ),
        )  # fmt: skip
        digest = add_row(
            tx,
            DigestRow(
                principal_id=led.principal_id, school_id=led.school_id, ild_id=led.ild_id, week=week, minutes=15,
                created_at=CAME,
            ),
        )  # fmt: skip
        item = DigestItemRow(
            digest_id=digest,
            demand_id=demand,
            section="do",
            wording="Count desks",
            minutes=15,
            own_day=own_day,
        )
        add_row(tx, item)
        return led.principal_id, led.school_id, demand


@pytest.mark.parametrize("own_day", [None, BEFORE, FROM, IN, TO, AFTER])
@pytest.mark.parametrize("due", [None, BEFORE, FROM, IN, TO, AFTER])
def test_what_is_due_goes_by_the_schools_own_day_where_it_has_one(
    store: Store, due: date | None, own_day: date | None
) -> None:
    principal, _school, demand = give(store, due=due, own_day=own_day)
    day = own_day or due
    is_due = day is not None and FROM <= day <= TO
    with store.read() as tx:
        found = [entry[1].id for entry, _digest in digests.due_between(tx, FROM, TO)]
        minutes = digests.minutes_due(tx, [principal], FROM, TO)
    assert found == ([demand] if is_due else [])
    assert minutes == ({principal: 15} if is_due else {})


def test_what_is_no_deadline_is_never_due(store: Store) -> None:
    principal, _school, _demand = give(store, due=IN, own_day=IN, role="event")
    with store.read() as tx:
        assert digests.due_between(tx, FROM, TO) == []
        assert digests.minutes_due(tx, [principal], FROM, TO) == {}


@pytest.mark.parametrize("weeks", [-1, 0, 1, 60])
def test_what_a_school_was_told_is_known_whenever_it_was_told(store: Store, weeks: int) -> None:
    """Also in the digest of the Monday before the memo came, built late."""
    week = CAME.date() - timedelta(days=CAME.weekday()) + timedelta(weeks=weeks)
    _principal, school, demand = give(store, due=None, own_day=None, week=week)
    with store.read() as tx:
        assert digests.given(tx, [demand], [school]) == {(school, demand)}
        assert digests.given(tx, [demand + 1], [school]) == set()
        assert digests.latest_week(tx, [school]) == week
        assert digests.latest_week(tx, [school], before=week) is None
