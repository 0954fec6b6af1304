"""Promises: next steps agreed in a visit, by the principal and by the ILD, and what came of them."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import update
from sqlmodel import col, select

from storage.database import Tx, add_row
from storage.tables import PromiseRow


def add(
    tx: Tx,
    *,
    run_id: int | None,
    visit_id: int | None,
    school_id: int,
    owner_id: int,
    what: str,
    by_when: date,
    evidence: str,
    at: datetime,
) -> int:
    """Keep a promise; its id."""
    row = PromiseRow(
        run_id=run_id,
        visit_id=visit_id,
        school_id=school_id,
        owner_id=owner_id,
        what=what,
        by_when=by_when,
        evidence=evidence,
        created_at=at,
    )
    return add_row(tx, row)


def open_at(tx: Tx, school_ids: Collection[int]) -> list[PromiseRow]:
    """The open promises of these schools, the one due first first."""
    query = select(PromiseRow).where(col(PromiseRow.school_id).in_(school_ids), PromiseRow.state == "open")
    return list(tx.exec(query.order_by(col(PromiseRow.by_when), col(PromiseRow.id))))


def open_of(tx: Tx, owner_id: int, start: date, end: date) -> list[PromiseRow]:
    """A person's own open promises that are due in these days, both included, the first due first."""
    query = select(PromiseRow).where(
        PromiseRow.owner_id == owner_id,
        PromiseRow.state == "open",
        col(PromiseRow.by_when).between(start, end),
    )
    return list(tx.exec(query.order_by(col(PromiseRow.by_when), col(PromiseRow.id))))


def get(tx: Tx, promise_id: int) -> PromiseRow | None:
    return tx.get(PromiseRow, promise_id)


def of_run(tx: Tx, run_id: int) -> list[PromiseRow]:
    """The promises a run ended with."""
    return list(tx.exec(select(PromiseRow).where(PromiseRow.run_id == run_id).order_by(col(PromiseRow.id))))


def reword(tx: Tx, promise_id: int, *, owner_id: int, what: str, by_when: date, evidence: str) -> None:
    """The next step behind the promise has new words; what came of it stays as it is."""
    row = tx.get(PromiseRow, promise_id)
    assert row is not None  # promises are never removed
    row.owner_id, row.what, row.by_when, row.evidence = owner_id, what, by_when, evidence
    tx.add(row)


def settle(tx: Tx, promise_id: int, *, state: str, at: datetime) -> bool:
    """Say what came of an open promise: kept or dropped. False where it was settled before."""
    row = tx.get(PromiseRow, promise_id)
    if row is None or row.state != "open":
        return False
    row.state, row.looked_at = state, at
    tx.add(row)
    return True


def look_at(tx: Tx, school_id: int, *, at: datetime) -> None:
    """A meeting reviewed the school's open promises."""
    tx.execute(
        update(PromiseRow)
        .where(
            col(PromiseRow.school_id) == school_id,
            col(PromiseRow.state) == "open",
            col(PromiseRow.looked_at).is_(None),
        )
        .values(looked_at=at)
    )


def note_outcome(tx: Tx, promise_id: int, outcome: str) -> None:
    """What came of a promise, in the words of whoever looked; the last words stand."""
    row = tx.get_one(PromiseRow, promise_id)
    row.outcome = outcome
    tx.add(row)


def put_off(tx: Tx, promise_id: int, *, by_when: date) -> None:
    """An open promise is due on another day, and so is not ready yet."""
    row = tx.get_one(PromiseRow, promise_id)
    row.by_when, row.outcome = by_when, ""
    tx.add(row)
