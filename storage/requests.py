"""What units asked of schools, who answers, and how it stands."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import or_
from sqlmodel import col, select

from storage.database import Tx, add_row, change_if
from storage.tables import FirstResponderRow, UnitRequestRow

OPEN = ("waiting", "asking")


def add(tx: Tx, row: UnitRequestRow) -> int:
    """Keep a request; its id."""
    return add_row(tx, row)


def get(tx: Tx, request_id: int) -> UnitRequestRow | None:
    return tx.get(UnitRequestRow, request_id)


def change(tx: Tx, request_id: int, *, version: int, **values: object) -> bool:
    """False where somebody was faster, and nothing is done."""
    same = (col(UnitRequestRow.id) == request_id, col(UnitRequestRow.version) == version)
    return change_if(tx, UnitRequestRow, *same, version=version + 1, **values)


def asked_by(tx: Tx, asker_id: int, *, limit: int) -> list[UnitRequestRow]:
    """Somebody's own requests, the newest first."""
    query = select(UnitRequestRow).where(UnitRequestRow.asker_id == asker_id)
    return list(tx.exec(query.order_by(col(UnitRequestRow.id).desc()).limit(limit)))


def open_for(tx: Tx, *, responder_id: int, school_ids: Collection[int]) -> list[UnitRequestRow]:
    """What waits for this person's answer or is about these schools, the one due first first."""
    query = select(UnitRequestRow).where(col(UnitRequestRow.state).in_(OPEN))
    wanted = set(school_ids)
    return [
        row
        for row in tx.exec(query.order_by(col(UnitRequestRow.due_at), col(UnitRequestRow.id)))
        if row.responder_id == responder_id or wanted & set(row.school_ids)
    ]


def to_remind(tx: Tx, *, now: datetime) -> list[UnitRequestRow]:
    """Requests of which half the time has gone and nobody was reminded."""
    query = select(UnitRequestRow).where(
        col(UnitRequestRow.state).in_(OPEN),
        col(UnitRequestRow.reminded_at).is_(None),
        col(UnitRequestRow.remind_at) <= now,
    )
    return list(tx.exec(query.order_by(col(UnitRequestRow.id))))


def overdue(tx: Tx, *, now: datetime) -> list[UnitRequestRow]:
    """Requests whose time has run out without an answer, and nobody was told so."""
    query = select(UnitRequestRow).where(
        col(UnitRequestRow.state).in_(OPEN),
        col(UnitRequestRow.told_overdue_at).is_(None),
        col(UnitRequestRow.due_at) <= now,
    )
    return list(tx.exec(query.order_by(col(UnitRequestRow.id))))


# ---------------------------------------------------------------- first responders


def responders_on(tx: Tx, day: date) -> list[FirstResponderRow]:
    """The first responders of that day, those of a network before those of the district."""
    query = select(FirstResponderRow).where(
        col(FirstResponderRow.starts) <= day,
        or_(col(FirstResponderRow.ends).is_(None), col(FirstResponderRow.ends) >= day),
    )
    rows = tx.exec(query.order_by(col(FirstResponderRow.subject), col(FirstResponderRow.id)))
    return sorted(rows, key=lambda row: row.network is None)


def name_responder(tx: Tx, *, subject: str, network: str | None, person_id: int, on: date) -> None:
    """From that day on this person answers first; who did before no longer does."""
    end_responder(tx, subject=subject, network=network, on=on)
    tx.add(FirstResponderRow(subject=subject, network=network, person_id=person_id, starts=on))
    tx.flush()


def end_responder(tx: Tx, *, subject: str, network: str | None, on: date) -> bool:
    """Nobody answers first about it any more; False where nobody did. What is asked already stays with them."""
    rows = [row for row in responders_on(tx, on) if (row.subject, row.network) == (subject, network)]
    for row in rows:
        if row.starts >= on:
            tx.delete(row)
        else:
            row.ends = date.fromordinal(on.toordinal() - 1)
            tx.add(row)
    tx.flush()
    return bool(rows)
