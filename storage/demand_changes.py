"""Demands that are not what principals were told any more, and who has heard of it.

An item of a digest follows its demand: where a corrected memo moves the day, the same item, with whatever became of it,
stands for the new demand from then on, so that lists, reminders and calendars show the new day at once.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_
from sqlmodel import col, select

from storage.database import Tx, add_row, change_if
from storage.digests import LOST
from storage.tables import DemandChangeRow, DigestChangeRow, DigestItemRow, DigestRow, MessageRow


@dataclass(frozen=True, slots=True)
class Change:
    """One difference, in the words that a principal reads. ``school_ids``: the schools that had been told before."""

    id: int
    kind: str
    words: str
    school_ids: frozenset[int]


def carry_over(
    tx: Tx,
    *,
    was: int,
    now: int,
    kind: str,
    words: str,
    wording: str | Callable[[int | None], str],
    due: date | None,
    at: datetime,
    ild_id: int | None = None,
    own_day: Callable[[int], date | None] = lambda _school_id: None,
) -> int:
    """The demand ``now`` stands in the place of ``was``: items already given stand for it from here on.

    ``kind`` is ``moved`` (another day) or ``changed``; ``words`` say the difference to a principal; ``wording`` is what
    the item reads from now on, or gives that for the ILD whose digest it stands in, and has passed the gate against
    the new memo. With ``ild_id`` only in the digests of that ILD's schools. ``own_day`` is a school's own of several
    days that the new demand names. Answers how many items; the change itself is told by the next digest.
    """
    _note(tx, was=was, now=now, kind=kind, words=words, due=due, at=at, ild_id=ild_id)
    count = 0
    taken = {item.digest_id for item, _digest in _items(tx, now, ild_id)}
    for item, digest in _items(tx, was, ild_id):
        # The reason was the old memo's; what the new one says of it stands in the original.
        values: dict[str, object] = {
            "demand_id": now,
            "wording": wording if isinstance(wording, str) else wording(digest.ild_id),
            "why": "",
            "own_day": own_day(digest.school_id),
        }
        if item.digest_id in taken:  # that digest holds the new one as well
            values = {"state": "withdrawn"}
        count += _change(tx, item, at, values)
    return count


def withdraw(tx: Tx, *, demand_id: int, words: str, at: datetime, ild_id: int | None = None) -> int:
    """Nothing stands in the place of the demand: its items are over. Answers how many; the next digest tells it."""
    _note(tx, was=demand_id, now=demand_id, kind="withdrawn", words=words, due=None, at=at, ild_id=ild_id)
    open_items = [item for item, _digest in _items(tx, demand_id, ild_id) if item.state != "done"]
    return sum(_change(tx, item, at, {"state": "withdrawn", "remind_on": None}) for item in open_items)


def _note(
    tx: Tx, *, was: int, now: int, kind: str, words: str, due: date | None, at: datetime, ild_id: int | None
) -> int:
    row = DemandChangeRow(demand_id=now, was_id=was, ild_id=ild_id, kind=kind, words=words, due=due, at=at)
    return add_row(tx, row)


def _items(tx: Tx, demand_id: int, ild_id: int | None) -> list[tuple[DigestItemRow, DigestRow]]:
    """Each item of the demand, with the digest it stands in."""
    query = (
        select(DigestItemRow, DigestRow)
        .join(DigestRow, col(DigestRow.id) == col(DigestItemRow.digest_id))
        .where(DigestItemRow.demand_id == demand_id)
    )
    if ild_id is not None:
        query = query.where(DigestRow.ild_id == ild_id)
    return [(item, digest) for item, digest in tx.exec(query)]


def _change(tx: Tx, item: DigestItemRow, at: datetime, values: dict[str, object]) -> bool:
    same = (col(DigestItemRow.id) == item.id, col(DigestItemRow.version) == item.version)
    return change_if(tx, DigestItemRow, *same, version=item.version + 1, changed_at=at, **values)


def over(tx: Tx, demand_ids: Collection[int]) -> set[tuple[int, int | None]]:
    """(demand, ILD or None for all) for those that no longer hold as they stand: moved, changed or withdrawn."""
    query = select(DemandChangeRow.was_id, DemandChangeRow.ild_id).where(
        col(DemandChangeRow.was_id).in_(demand_ids)
    )
    return {(demand_id, ild_id) for demand_id, ild_id in tx.exec(query)}


def untold(tx: Tx, school_ids: Collection[int], *, since: datetime) -> list[Change]:
    """Changes of what these schools were told to do, made since then, that no digest of theirs has told yet."""
    if not school_ids:
        return []
    query = (
        select(DemandChangeRow, DigestRow.school_id)
        .join(DigestItemRow, col(DigestItemRow.demand_id) == col(DemandChangeRow.demand_id))
        .join(DigestRow, col(DigestRow.id) == col(DigestItemRow.digest_id))
        .where(
            col(DigestRow.school_id).in_(school_ids),
            col(DigestItemRow.section).in_(("do_not_drop", "do", "decide", "know")),
            col(DemandChangeRow.at) >= since,
            # Whoever was told after the change was told what holds.
            col(DigestRow.created_at) < col(DemandChangeRow.at),
            or_(col(DemandChangeRow.ild_id).is_(None), col(DemandChangeRow.ild_id) == col(DigestRow.ild_id)),
        )
    )
    found: dict[int, tuple[DemandChangeRow, set[int]]] = {}
    for row, school_id in tx.exec(query.order_by(col(DemandChangeRow.at), col(DemandChangeRow.id))):
        found.setdefault(row.id or 0, (row, set()))[1].add(school_id)
    told = _told(tx, found, school_ids)
    changes = []
    for row, schools in found.values():
        left = frozenset(school for school in schools if (school, row.id) not in told)
        if left:
            changes.append(Change(row.id or 0, row.kind, row.words, left))
    return changes


def _told(tx: Tx, change_ids: Iterable[int], school_ids: Collection[int]) -> set[tuple[int, int]]:
    query = (
        select(DigestRow.school_id, DigestChangeRow.change_id)
        .join(DigestChangeRow, col(DigestChangeRow.digest_id) == col(DigestRow.id))
        .outerjoin(MessageRow, col(MessageRow.id) == col(DigestRow.message_id))
        .where(
            col(DigestChangeRow.change_id).in_(list(change_ids)),
            col(DigestRow.school_id).in_(school_ids),
            col(MessageRow.state).is_(None) | col(MessageRow.state).not_in(LOST),
        )
    )
    return {(school_id, change_id) for school_id, change_id in tx.exec(query)}


def note_told(tx: Tx, digest_id: int, changes: Iterable[Change]) -> None:
    """This digest tells these changes."""
    tx.add_all(DigestChangeRow(digest_id=digest_id, change_id=change.id) for change in changes)
    tx.flush()


def told_in(tx: Tx, digest_id: int) -> list[str]:
    """The words of the changes that a digest told."""
    query = (
        select(DemandChangeRow.words)
        .join(DigestChangeRow, col(DigestChangeRow.change_id) == col(DemandChangeRow.id))
        .where(DigestChangeRow.digest_id == digest_id)
    )
    return list(tx.exec(query.order_by(col(DigestChangeRow.id))))
