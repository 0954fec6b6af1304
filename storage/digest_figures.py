"""What reports read of memos and digests: counts and columns, as `storage/insight.py` has them of visits."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, case, func, select

from storage.database import Tx
from storage.insight import SCHOOL, Cut
from storage.tables import DemandRow, DigestItemRow, DigestRow, MandateRow
from storage.tables.columns import table_of

DEMAND = table_of(DemandRow)
DIGEST = table_of(DigestRow)
DIGEST_ITEM = table_of(DigestItemRow)
MANDATE = table_of(MandateRow)


@dataclass(frozen=True, slots=True)
class Asked:
    """A demand that came in: its mandate, office and day, and whom it is for."""

    mandate_id: int
    office: str
    day: date
    audience: tuple[str, ...]
    for_school: bool


def demands(tx: Tx, *, start: date, end: date) -> list[Asked]:
    """The demands of memos dated in these days, both included."""
    query = (
        select(
            MANDATE.c.id,
            MANDATE.c.unit,
            MANDATE.c.memo_date,
            DEMAND.c.audience,
            DEMAND.c.for_school,
        )
        .join(DEMAND, DEMAND.c.mandate_id == MANDATE.c.id)
        .where(MANDATE.c.memo_date.between(start, end))
    )
    return [
        Asked(m, unit, day, tuple(audience), bool(own))
        for m, unit, day, audience, own in tx.execute(query).all()
    ]


def digest_minutes(tx: Tx, cut: Cut) -> dict[int, tuple[int, int]]:
    """School -> its digests whose week begins in the cut's days, and the minutes that they asked."""
    query = select(DIGEST.c.school_id, func.count(), func.sum(DIGEST.c.minutes)).where(*_weeks(cut))
    query = query.group_by(DIGEST.c.school_id)
    return {school: (digests, int(minutes)) for school, digests, minutes in tx.execute(query).all()}


def digest_minutes_by_week(tx: Tx, cut: Cut) -> dict[date, int]:
    """Monday of the week -> minutes that its digests asked."""
    query = select(DIGEST.c.week, func.sum(DIGEST.c.minutes)).where(*_weeks(cut)).group_by(DIGEST.c.week)
    return {week: int(minutes) for week, minutes in tx.execute(query.order_by(DIGEST.c.week)).all()}


def digests_by_minutes(tx: Tx, cut: Cut) -> dict[int, int]:
    """Minutes -> how many digests asked so many."""
    query = select(DIGEST.c.minutes, func.count()).where(*_weeks(cut)).group_by(DIGEST.c.minutes)
    return {row[0]: row[1] for row in tx.execute(query).all()}


def count_with_digest(tx: Tx, cut: Cut) -> int:
    """Schools that got a digest in the cut's days: one look into the index a school."""
    got = select(DIGEST.c.id).where(
        DIGEST.c.school_id == SCHOOL.c.id, DIGEST.c.week.between(cut.start, cut.end)
    )
    query = (
        select(func.count()).select_from(SCHOOL).where(*cut.at(SCHOOL.c.id), got.correlate(SCHOOL).exists())
    )
    return int(tx.execute(query).scalar_one())


def _weeks(cut: Cut) -> list[ColumnElement[bool]]:
    return [DIGEST.c.week.between(cut.start, cut.end), *cut.at(DIGEST.c.school_id)]


@dataclass(frozen=True, slots=True)
class Sections:
    """Items of digests: all, those merged into others, those taken off plates and the minutes of these."""

    items: int
    merged: int
    taken_off: int
    minutes: int


def digest_sections(tx: Tx, cut: Cut) -> Sections:
    """What became of the items of the digests whose week begins in the cut's days, in one pass without an order."""
    is_off = DIGEST_ITEM.c.section == "off_plate"
    query = (
        select(
            func.count(),
            func.count(case((DIGEST_ITEM.c.section == "merged", 1))),
            func.count(case((is_off, 1))),
            func.coalesce(func.sum(case((is_off, DEMAND.c.minutes))), 0),
        )
        .select_from(DIGEST_ITEM)
        .join(DIGEST, DIGEST_ITEM.c.digest_id == DIGEST.c.id)
        .join(DEMAND, DIGEST_ITEM.c.demand_id == DEMAND.c.id)
        .where(*_weeks(cut))
    )
    return Sections(*(int(value) for value in tx.execute(query).one()))
