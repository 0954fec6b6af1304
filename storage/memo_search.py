"""Memos that may be what somebody looks for, and what became of their demands at schools.

The database only narrows down, with what SQLite and PostgreSQL both do: the newest memos in which a word occurs at all.
Which of them comes first is the rules' business (``protocols.buffer.searching``).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import col, select

from storage.database import Tx
from storage.digests import LOST
from storage.tables import (
    DemandRow,
    DigestItemRow,
    DigestRow,
    MandateRow,
    MemoSearchRow,
    MessageRow,
    TriageRow,
)

MOST_CANDIDATES = 400


@dataclass(frozen=True, slots=True)
class Reach:
    """Which memos somebody may find: sent to these schools, or made by this person or office; ``is_all``: every one."""

    school_ids: frozenset[int] = frozenset()
    sender_id: int | None = None
    unit: str = ""
    is_all: bool = False


def candidates(
    tx: Tx,
    reach: Reach,
    *,
    terms: Sequence[str] = (),
    unit: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[MandateRow]:
    """The newest memos within reach that have any of the terms and come from the office in that time.

    ``until`` is not included. Terms in lower case; letters beyond ASCII are found as they are written.
    """
    conditions: list[ColumnElement[bool]] = [_within(reach)]
    if terms:
        conditions.append(or_(*(_has(term) for term in terms)))
    if unit:
        conditions.append(col(MandateRow.unit) == unit)
    if since is not None:
        conditions.append(col(MandateRow.received_at) >= since)
    if until is not None:
        conditions.append(col(MandateRow.received_at) < until)
    newest = col(MandateRow.received_at).desc()
    query = select(MandateRow).where(*conditions).order_by(newest, col(MandateRow.id).desc())
    return list(tx.exec(query.limit(MOST_CANDIDATES)))


def _has(term: str) -> ColumnElement[bool]:
    fields = (MandateRow.title, MandateRow.unit, MandateRow.text)
    return or_(*(func.lower(field).contains(term, autoescape=True) for field in fields))


def _within(reach: Reach) -> ColumnElement[bool]:
    if reach.is_all:
        return col(MandateRow.id).is_not(None)
    sent = (
        select(DemandRow.mandate_id)
        .join(DigestItemRow, col(DigestItemRow.demand_id) == col(DemandRow.id))
        .join(DigestRow, col(DigestRow.id) == col(DigestItemRow.digest_id))
        .outerjoin(MessageRow, col(MessageRow.id) == col(DigestRow.message_id))
        .where(
            col(DigestRow.school_id).in_(reach.school_ids),
            col(MessageRow.state).is_(None) | col(MessageRow.state).not_in(LOST),
        )
    )
    own = [col(MandateRow.sender_id) == reach.sender_id] if reach.sender_id is not None else []
    if reach.unit:
        own.append(col(MandateRow.unit) == reach.unit)
    return or_(col(MandateRow.id).in_(sent), *own)


def units_of(tx: Tx) -> list[str]:
    """The offices that memos have come from."""
    return sorted(tx.exec(select(MandateRow.unit).distinct()))


def given_of(
    tx: Tx, demand_ids: Collection[int], school_ids: Collection[int] | None = None
) -> list[tuple[DigestItemRow, DigestRow]]:
    """What digests gave of these demands (to these schools), the oldest first."""
    query = (
        select(DigestItemRow, DigestRow)
        .join(DigestRow, col(DigestRow.id) == col(DigestItemRow.digest_id))
        .outerjoin(MessageRow, col(MessageRow.id) == col(DigestRow.message_id))
        .where(
            col(DigestItemRow.demand_id).in_(demand_ids),
            col(MessageRow.state).is_(None) | col(MessageRow.state).not_in(LOST),
        )
    )
    if school_ids is not None:
        query = query.where(col(DigestRow.school_id).in_(school_ids))
    return [(item, digest) for item, digest in tx.exec(query.order_by(col(DigestItemRow.id)))]


def triage_by(tx: Tx, demand_ids: Collection[int], ild_id: int) -> dict[int, TriageRow]:
    """What an ILD decided about these demands."""
    query = select(TriageRow).where(col(TriageRow.demand_id).in_(demand_ids), TriageRow.ild_id == ild_id)
    return {row.demand_id: row for row in tx.exec(query)}


def note_search(tx: Tx, person_id: int, words: str) -> int:
    """Remember what the person looks for; the search's version."""
    row = tx.get(MemoSearchRow, person_id) or MemoSearchRow(person_id=person_id, words="", version=0)
    row.words, row.version = words, row.version + 1
    tx.add(row)
    tx.flush()
    return row.version


def last_search(tx: Tx, person_id: int) -> tuple[str, int] | None:
    """The person's last words and their version."""
    row = tx.get(MemoSearchRow, person_id)
    return (row.words, row.version) if row else None
