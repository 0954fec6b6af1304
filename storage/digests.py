"""Digests as they were given, and what became of each item."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement, bindparam, func, insert, union_all, update
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from protocols.buffer.demands import DateRole
from storage.database import Tx, change_if, insert_once
from storage.tables import DemandRow, DigestItemRow, DigestRow, MandateRow, MessageRow, NoticeRow
from storage.tables.columns import table_of

LOST = ("dropped", "failed")
"""A digest whose message ended so never reached anybody; its items go out again."""
TO_DO = ("do_not_drop", "do", "decide")
"""Sections whose items are ticked off."""
_DAY = func.coalesce(col(DigestItemRow.own_day), col(DemandRow.due))
"""An item's day: the school's own of several, else the demand's."""
EARLIEST = timedelta(days=14)
"""By so much the Monday that a digest is of may come before what stands in it: twice a week, to be safe."""
MISSED = "digest_missed"
"""The kind of the notice that an ILD was told of a digest that did not reach its reader."""


@dataclass(frozen=True, slots=True)
class GivenItem:
    """An item of a digest and what became of it: a row as a value, for 1,600 digests are written in one go."""

    id: int
    digest_id: int
    demand_id: int
    section: str
    wording: str
    minutes: int = 0
    own_day: date | None = None
    note: str = ""
    why: str = ""
    taken_by: str = ""
    besides: str = ""
    focus: str = ""
    decide: str = ""
    merged_into: int | None = None
    state: str = "open"
    delegated_to: str = ""
    question: str = ""
    answer: str = ""
    answered_at: datetime | None = None
    remind_on: date | None = None
    changed_at: datetime | None = None
    version: int = 1
    spoken: Mapping[str, str] = field(default_factory=dict)
    """How its facts are said in its reader's language, never kept: sentence with marks -> the same translated."""


def _item(row: DigestItemRow) -> GivenItem:
    return GivenItem(**{name: getattr(row, name) for name in _COLUMNS})


_COLUMNS = tuple(one.name for one in fields(GivenItem) if one.name != "spoken")


_ITEMS = table_of(DigestItemRow)
_ADD_ITEMS = insert(_ITEMS)
_IDS = sqlalchemy.select(_ITEMS.c.demand_id, _ITEMS.c.id).where(_ITEMS.c.digest_id == bindparam("digest"))


def add(tx: Tx, digest: DigestRow, items: Sequence[GivenItem]) -> list[GivenItem] | None:
    """Keep a digest with its items, given without ids; None where the principal has one of that week already.

    The digest gets its id and stays a value: what changes of it later goes through this module.
    """
    digest.id = insert_once(tx, digest)
    if digest.id is None:
        return None
    placed = [replace(item, digest_id=digest.id) for item in items]
    values = [{name: getattr(item, name) for name in _COLUMNS if name != "id"} for item in placed]
    if not placed:  # it only tells what changed
        return []
    tx.execute(_ADD_ITEMS, values)
    ids = {row.demand_id: row.id for row in tx.execute(_IDS, {"digest": digest.id})}
    return [replace(item, id=ids[item.demand_id]) for item in placed]


def note_message(tx: Tx, digest_id: int, message_id: int | None) -> None:
    """The message that brings the digest to its reader."""
    tx.execute(update(DigestRow).where(col(DigestRow.id) == digest_id).values(message_id=message_id))


def get(tx: Tx, digest_id: int) -> DigestRow | None:
    return tx.get(DigestRow, digest_id)


def of_week(tx: Tx, week: date) -> set[int]:
    """The principals who have a digest of that week."""
    return set(tx.exec(select(DigestRow.principal_id).where(DigestRow.week == week)))


def given(tx: Tx, demand_ids: Collection[int], school_ids: Collection[int]) -> set[tuple[int, int]]:
    """(school, demand) for everything that these schools were told already, whoever led them then."""
    if not demand_ids or not school_ids:
        return set()
    came = (
        select(func.min(MandateRow.received_at))
        .join(DemandRow, col(DemandRow.mandate_id) == col(MandateRow.id))
        .where(col(DemandRow.id).in_(demand_ids))
    )
    first: datetime | None = tx.exec(came).one()
    if first is None:
        return set()
    query = (
        select(DigestRow.school_id, DigestItemRow.demand_id)
        .join(DigestItemRow, col(DigestItemRow.digest_id) == col(DigestRow.id))
        .outerjoin(MessageRow, col(MessageRow.id) == col(DigestRow.message_id))
        .where(
            col(DigestItemRow.demand_id).in_(demand_ids),
            col(DigestRow.school_id).in_(school_ids),
            # Nothing was told before it came; the years of digests before that need not be looked through.
            col(DigestRow.week) >= first.date() - EARLIEST,
            col(MessageRow.state).is_(None) | col(MessageRow.state).not_in(LOST),
        )
    )
    return {(school_id, demand_id) for school_id, demand_id in tx.exec(query)}


def sent_of(tx: Tx, demand_id: int, ild_id: int) -> DigestRow | None:
    """A digest in which this ILD's schools were told of the demand, or None: a decision may still change."""
    query = (
        select(DigestRow)
        .join(DigestItemRow, col(DigestItemRow.digest_id) == col(DigestRow.id))
        .where(DigestItemRow.demand_id == demand_id, DigestRow.ild_id == ild_id)
    )
    return tx.exec(query.order_by(col(DigestRow.week))).first()


def latest(tx: Tx, principal_id: int) -> DigestRow | None:
    """The principal's newest digest."""
    query = select(DigestRow).where(DigestRow.principal_id == principal_id)
    return tx.exec(query.order_by(col(DigestRow.week).desc())).first()


def items_of(tx: Tx, digest_id: int) -> list[tuple[GivenItem, DemandRow, MandateRow]]:
    """The items in the order they were given; not those that are read in another's place."""
    query = _joined().where(DigestItemRow.digest_id == digest_id, col(DigestItemRow.merged_into).is_(None))
    return [(_item(i), d, m) for i, d, m in tx.exec(query.order_by(col(DigestItemRow.id)))]


def open_before(tx: Tx, principal_id: int, week: date) -> list[tuple[GivenItem, DemandRow, MandateRow]]:
    """Things to do of earlier digests that are still open, oldest deadline first."""
    query = (
        _joined()
        .join(DigestRow, col(DigestRow.id) == col(DigestItemRow.digest_id))
        .outerjoin(MessageRow, col(MessageRow.id) == col(DigestRow.message_id))
        .where(
            DigestRow.principal_id == principal_id,
            col(DigestRow.week) < week,
            col(DigestItemRow.section).in_(TO_DO),
            col(DigestItemRow.state).in_(("open", "asked")),
            col(MessageRow.state).is_(None) | col(MessageRow.state).not_in(LOST),
        )
    )
    found = [(_item(i), d, m) for i, d, m in tx.exec(query)]
    return sorted(found, key=lambda one: (one[0].own_day or one[1].due or date.max, one[0].id))


def due_between(
    tx: Tx, start: date, end: date
) -> list[tuple[tuple[GivenItem, DemandRow, MandateRow], DigestRow]]:
    """What principals were asked to do by a deadline in that span, both days included, and have not done."""
    query = (
        select(DigestItemRow, DemandRow, MandateRow, DigestRow)
        .join(DemandRow, col(DemandRow.id) == col(DigestItemRow.demand_id))
        .join(MandateRow, col(MandateRow.id) == col(DemandRow.mandate_id))
        .join(DigestRow, col(DigestRow.id) == col(DigestItemRow.digest_id))
        .outerjoin(MessageRow, col(MessageRow.id) == col(DigestRow.message_id))
        .where(
            DemandRow.due_role == DateRole.DEADLINE,
            _is_due(start, end),
            col(DigestItemRow.section).in_(TO_DO),
            col(DigestItemRow.state).in_(("open", "asked")),
            col(MessageRow.state).is_(None) | col(MessageRow.state).not_in(LOST),
        )
        .order_by(_DAY, col(DigestItemRow.id))
    )
    return [((_item(item), demand, memo), digest) for item, demand, memo, digest in tx.exec(query)]


def _is_due(start: date, end: date) -> ColumnElement[bool]:
    """Whether an item's day is in that span. Asked of both kinds of days apart, so that each is found by its index: the
    items of ten years are millions."""
    of_demand = (
        sqlalchemy.select(col(DigestItemRow.id))
        .join(DemandRow, col(DemandRow.id) == col(DigestItemRow.demand_id))
        .where(col(DemandRow.due).between(start, end), col(DigestItemRow.own_day).is_(None))
    )
    own = sqlalchemy.select(col(DigestItemRow.id)).where(
        col(DigestItemRow.own_day).is_not(None), col(DigestItemRow.own_day).between(start, end)
    )
    return col(DigestItemRow.id).in_(union_all(of_demand, own))


def answers_before(tx: Tx, digest: DigestRow) -> list[tuple[GivenItem, DemandRow]]:
    """The principal's questions that were answered between the digest before this one and this one."""
    earlier = select(DigestRow.created_at).where(
        DigestRow.principal_id == digest.principal_id, col(DigestRow.week) < digest.week
    )
    since = tx.exec(earlier.order_by(col(DigestRow.week).desc())).first()
    if since is None:
        return []
    query = (
        select(DigestItemRow, DemandRow)
        .join(DigestRow, col(DigestRow.id) == col(DigestItemRow.digest_id))
        .join(DemandRow, col(DemandRow.id) == col(DigestItemRow.demand_id))
        .where(
            DigestRow.principal_id == digest.principal_id,
            col(DigestItemRow.answered_at) > since,
            col(DigestItemRow.answered_at) <= digest.created_at,
        )
    )
    return [(_item(item), demand) for item, demand in tx.exec(query.order_by(col(DigestItemRow.answered_at)))]


def answers_of_all(
    tx: Tx, principal_ids: Collection[int], week: date, *, until: datetime
) -> dict[int, list[tuple[GivenItem, DemandRow]]]:
    """As ``answers_before``, for the digests of that week which many principals get at that instant."""
    earlier = aliased(DigestRow)
    since = (
        select(earlier.created_at)
        .where(col(earlier.principal_id) == col(DigestRow.principal_id), col(earlier.week) < week)
        .order_by(col(earlier.week).desc())
        .limit(1)
        .correlate(DigestRow)
        .scalar_subquery()
    )
    query = (
        select(DigestRow.principal_id, DigestItemRow, DemandRow)
        .join(DigestItemRow, col(DigestItemRow.digest_id) == col(DigestRow.id))
        .join(DemandRow, col(DemandRow.id) == col(DigestItemRow.demand_id))
        .where(col(DigestItemRow.answered_at) <= until, col(DigestItemRow.answered_at) > since)
    )
    wanted = set(principal_ids)
    found: dict[int, list[tuple[GivenItem, DemandRow]]] = {}
    for principal_id, item, demand in tx.exec(query.order_by(col(DigestItemRow.answered_at))):
        if principal_id in wanted:
            found.setdefault(principal_id, []).append((_item(item), demand))
    return found


def find_item(tx: Tx, item_id: int) -> tuple[GivenItem, DigestRow, DemandRow, MandateRow] | None:
    query = (
        select(DigestItemRow, DigestRow, DemandRow, MandateRow)
        .join(DigestRow, col(DigestRow.id) == col(DigestItemRow.digest_id))
        .join(DemandRow, col(DemandRow.id) == col(DigestItemRow.demand_id))
        .join(MandateRow, col(MandateRow.id) == col(DemandRow.mandate_id))
        .where(DigestItemRow.id == item_id)
    )
    row = tx.exec(query).first()
    return (_item(row[0]), row[1], row[2], row[3]) if row else None


def change_item(tx: Tx, item_id: int, *, version: int, at: datetime, **values: Any) -> bool:
    """False where somebody was faster, and nothing is done. What was merged into the item becomes what it becomes."""
    same = (col(DigestItemRow.id) == item_id, col(DigestItemRow.version) == version)
    if not change_if(tx, DigestItemRow, *same, version=version + 1, changed_at=at, **values):
        return False
    shared = {name: values[name] for name in ("state", "delegated_to") if name in values}
    lead = tx.get_one(DigestItemRow, item_id)
    if shared:
        merged = (
            col(DigestItemRow.digest_id) == lead.digest_id,
            col(DigestItemRow.merged_into) == lead.demand_id,
        )
        tx.execute(update(DigestItemRow).where(*merged).values(changed_at=at, **shared))
    return True


def to_remind(tx: Tx, until: date) -> list[int]:
    """Items whose principal asked to be reminded by then."""
    query = select(DigestItemRow.id).where(
        col(DigestItemRow.remind_on).is_not(None), col(DigestItemRow.remind_on) <= until
    )
    return [item_id for item_id in tx.exec(query) if item_id is not None]


def at_schools(
    tx: Tx, school_ids: Collection[int], week: date
) -> list[tuple[GivenItem, DigestRow, DemandRow]]:
    """What these schools were given in that week's digests to do."""
    query = (
        select(DigestItemRow, DigestRow, DemandRow)
        .join(DigestRow, col(DigestRow.id) == col(DigestItemRow.digest_id))
        .join(DemandRow, col(DemandRow.id) == col(DigestItemRow.demand_id))
        .where(
            col(DigestRow.school_id).in_(school_ids),
            DigestRow.week == week,
            col(DigestItemRow.section).in_(TO_DO),
            DigestItemRow.state != "withdrawn",
        )
    )
    found = [(_item(i), g, d) for i, g, d in tx.exec(query)]
    return sorted(found, key=lambda one: (one[2].due or date.max, one[2].id or 0, one[1].school_id))


def latest_week(tx: Tx, school_ids: Collection[int], *, before: date | None = None) -> date | None:
    """The newest week in which any of these schools had a digest (before a week)."""
    query = select(func.max(DigestRow.week)).where(col(DigestRow.school_id).in_(school_ids))
    if before is not None:
        query = query.where(col(DigestRow.week) < before)
    return tx.exec(query).one()


def minutes_of_week(tx: Tx, principal_ids: Collection[int], week: date) -> dict[int, int]:
    """Principal -> the minutes that their digest of that week asked."""
    query = select(DigestRow.principal_id, DigestRow.minutes).where(DigestRow.week == week)
    wanted = set(principal_ids)
    return {who: minutes for who, minutes in tx.exec(query) if who in wanted}


def minutes_due(tx: Tx, principal_ids: Collection[int], start: date, end: date) -> dict[int, int]:
    """Principal -> the minutes of what they were told to do by a deadline in these days and have not done."""
    query = (
        select(DigestRow.principal_id, DemandRow.minutes)
        .join(DigestItemRow, col(DigestItemRow.digest_id) == col(DigestRow.id))
        .join(DemandRow, col(DemandRow.id) == col(DigestItemRow.demand_id))
        .where(
            col(DigestItemRow.section).in_(TO_DO),
            col(DigestItemRow.state).in_(("open", "asked")),
            DemandRow.due_role == DateRole.DEADLINE,
            _is_due(start, end),
        )
    )
    wanted = set(principal_ids)
    found: dict[int, int] = {}
    for who, minutes in tx.exec(query):
        if who in wanted:
            found[who] = found.get(who, 0) + minutes
    return found


def undelivered(tx: Tx, week: date) -> list[DigestRow]:
    """Digests of that week whose message was dropped or failed, as far as no ILD has heard of it (``missed_key``)."""
    query = (
        select(DigestRow)
        .join(MessageRow, col(MessageRow.id) == col(DigestRow.message_id))
        .where(DigestRow.week == week, col(MessageRow.state).in_(LOST))
    )
    lost = tx.exec(query.order_by(col(DigestRow.id)))
    return [row for row in lost if tx.get(NoticeRow, (MISSED, missed_key(row.principal_id, week))) is None]


def missed_key(principal_id: int, week: date) -> str:
    """What a notice about a digest that reached nobody is about."""
    return f"{principal_id}:{week.isoformat()}"


def _joined() -> Any:
    return (
        select(DigestItemRow, DemandRow, MandateRow)
        .join(DemandRow, col(DemandRow.id) == col(DigestItemRow.demand_id))
        .join(MandateRow, col(MandateRow.id) == col(DemandRow.mandate_id))
    )
