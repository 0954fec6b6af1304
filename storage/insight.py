"""What reports read: counts and columns, never rows as objects, which cost ten times as much each.

A ``Cut`` says which visits a question is about; it is applied in SQL, where some twenty thousand schools may be
named. Days are integers (``date.toordinal()``), as the partial indexes on held visits want them.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, case, cast, func, select
from sqlalchemy.orm import Mapped, aliased
from sqlmodel import col

from protocols.cadence.witnesses import Rests
from storage.database import Tx
from storage.tables import (
    DemandRow,
    DigestItemRow,
    DigestRow,
    MandateRow,
    PromiseRow,
    ProtectedLossRow,
    SchoolRow,
    VisitRow,
    WitnessRow,
)


@dataclass(frozen=True, slots=True)
class Cut:
    """Which visits: a period, both days included, and the schools, ILDs and kinds (None: all of them)."""

    start: date
    end: date
    schools: frozenset[int] | None = None
    ilds: frozenset[int] | None = None
    kinds: frozenset[str] | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = [
            col(VisitRow.day).between(self.start.toordinal(), self.end.toordinal())
        ]
        if self.schools is not None:
            found.append(col(VisitRow.school_id).in_(self.schools))
        if self.ilds is not None:
            found.append(col(VisitRow.ild_id).in_(self.ilds))
        if self.kinds is not None:
            found.append(col(VisitRow.kind).in_(self.kinds))
        return found


@dataclass(frozen=True, slots=True)
class SchoolCount:
    """What was counted at one school by one ILD: visits, those with a next step, and their minutes."""

    school_id: int
    ild_id: int
    visits: int
    with_next_step: int
    minutes: int
    without_length: int


def count_by_school(tx: Tx, cut: Cut) -> list[SchoolCount]:
    """Held visits by school and ILD."""
    has_step = func.sum(cast(col(VisitRow.led_to_next_step), Integer))
    query = (
        select(
            col(VisitRow.school_id),
            col(VisitRow.ild_id),
            func.count(),
            has_step,
            func.coalesce(func.sum(col(VisitRow.minutes)), 0),
            func.count() - func.count(col(VisitRow.minutes)),
        )
        .where(col(VisitRow.status) == "held", *cut.conditions())
        .group_by(col(VisitRow.school_id), col(VisitRow.ild_id))
    )
    return [SchoolCount(*row) for row in tx.execute(query)]


def rests_on(tx: Tx, cut: Cut) -> Rests:
    """On which witness the held visits of the cut rest."""
    counts = dict(_count(tx, cut, col(VisitRow.confirmed_by)))
    denied = (
        select(func.count())
        .select_from(VisitRow)
        .join(WitnessRow, col(WitnessRow.visit_id) == col(VisitRow.id))
        .where(col(WitnessRow.witness) == "principal", col(WitnessRow.took_place).is_(False))
        .where(col(VisitRow.status) == "held", *cut.conditions())
    )
    return Rests(
        principal=counts.get("principal", 0),
        calendar=counts.get("calendar", 0),
        imported=counts.get("imported", 0),
        log=counts.get(None, 0),
        denied=int(tx.execute(denied).scalar_one()),
    )


def count_by_kind(tx: Tx, cut: Cut) -> dict[str, int]:
    """Held visits by kind."""
    return dict(_count(tx, cut, col(VisitRow.kind)))


def steps_by_kind(tx: Tx, cut: Cut) -> dict[str, int]:
    """Held visits that ended in a next step, by kind."""
    return dict(_count(tx, cut, col(VisitRow.kind), col(VisitRow.led_to_next_step).is_(True)))


def count_by_day(tx: Tx, cut: Cut) -> dict[date, int]:
    """Held visits by day."""
    return {date.fromordinal(day): count for day, count in _count(tx, cut, col(VisitRow.day))}


def _count(tx: Tx, cut: Cut, key: Mapped[Any], *conditions: ColumnElement[bool]) -> list[tuple[Any, int]]:
    """(key, how many) of the held visits of the cut."""
    query = select(key, func.count()).where(col(VisitRow.status) == "held", *cut.conditions(), *conditions)
    return [(value, count) for value, count in tx.execute(query.group_by(key))]


def held_days(tx: Tx, cut: Cut) -> dict[int, list[date]]:
    """School -> the days on which it was visited, in order."""
    query = (
        select(col(VisitRow.school_id), col(VisitRow.day))
        .where(col(VisitRow.status) == "held", *cut.conditions())
        .order_by(col(VisitRow.day))
    )
    days: dict[int, list[date]] = {}
    for school_id, day in tx.execute(query):
        days.setdefault(school_id, []).append(date.fromordinal(day))
    return days


def last_day_before(tx: Tx, cut: Cut) -> dict[int, date]:
    """School -> its last visit before the cut's period, however long ago."""
    return last_held(tx, replace(cut, start=date.min, end=cut.start - timedelta(days=1)))


def last_held(tx: Tx, cut: Cut) -> dict[int, date]:
    """School -> its last held visit in the cut; schools without any are left out.

    One look into the index a school: ten years of visits are not read to find the last of each.
    """
    last = (
        select(func.max(col(VisitRow.day)))
        .where(col(VisitRow.school_id) == col(SchoolRow.id), col(VisitRow.status) == "held")
        .where(*replace(cut, schools=None).conditions())
        .correlate(SchoolRow)
        .scalar_subquery()
    )
    query = select(col(SchoolRow.id), last)
    if cut.schools is not None:
        query = query.where(col(SchoolRow.id).in_(cut.schools))
    return {school_id: date.fromordinal(day) for school_id, day in tx.execute(query) if day is not None}


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Cancelled visits of one school by one ILD for one cause: how many, how many were held another day, and how many
    have another day that is still to come."""

    school_id: int
    ild_id: int
    by: str
    kind: str
    day: date
    visits: int
    made_good: int
    rebooked: int


def count_cancelled(tx: Tx, cut: Cut) -> list[Cancelled]:
    """Cancelled visits by school, ILD, cause, kind and day. A stand-in that is only planned makes nothing good yet."""
    stand_in = aliased(VisitRow)
    query = (
        select(
            col(VisitRow.school_id),
            col(VisitRow.ild_id),
            func.coalesce(col(VisitRow.cancelled_by), "other"),
            col(VisitRow.kind),
            col(VisitRow.day),
            func.count(),
            func.count(case((col(stand_in.status) == "held", 1))),
            func.count(case((col(stand_in.status) == "planned", 1))),
        )
        .outerjoin(stand_in, col(stand_in.id) == col(VisitRow.made_good_by))
        .where(col(VisitRow.status) == "cancelled", *cut.conditions())
        .group_by(
            col(VisitRow.school_id),
            col(VisitRow.ild_id),
            col(VisitRow.cancelled_by),
            col(VisitRow.kind),
            col(VisitRow.day),
        )
    )
    return [
        Cancelled(school, ild, by, kind, date.fromordinal(day), visits, good, rebooked)
        for school, ild, by, kind, day, visits, good, rebooked in tx.execute(query)
    ]


def count_unsettled(tx: Tx, cut: Cut, *, today: date) -> int:
    """Planned visits whose day has passed and of which nobody said whether they took place."""
    query = select(func.count()).where(
        col(VisitRow.status) == "planned", col(VisitRow.day) < today.toordinal(), *cut.conditions()
    )
    return int(tx.execute(query).scalar_one())


def ratings(tx: Tx, cut: Cut) -> dict[int, list[int]]:
    """School -> its principal's own ratings of visits, 1 to 4."""
    query = select(col(VisitRow.school_id), col(VisitRow.useful)).where(
        col(VisitRow.status) == "held", col(VisitRow.useful).is_not(None), *cut.conditions()
    )
    found: dict[int, list[int]] = {}
    for school_id, useful in tx.execute(query):
        found.setdefault(school_id, []).append(useful)
    return found


@dataclass(frozen=True, slots=True)
class Loss:
    """Protected minutes that an office took from one person on one day."""

    day: date
    half: str
    minutes: int
    person_id: int
    office: str
    reason: str
    meeting_id: int | None = None


def losses(tx: Tx, *, start: date, end: date, people: Collection[int]) -> list[Loss]:
    """Protected time taken from these people in these days, both included."""
    query = select(
        col(ProtectedLossRow.day),
        col(ProtectedLossRow.half),
        col(ProtectedLossRow.minutes),
        col(ProtectedLossRow.person_id),
        col(ProtectedLossRow.office),
        col(ProtectedLossRow.reason_class),
        col(ProtectedLossRow.meeting_id),
    ).where(col(ProtectedLossRow.day).between(start.toordinal(), end.toordinal()))
    wanted = set(people)
    return [
        Loss(date.fromordinal(day), half, minutes, person, office, reason, meeting)
        for day, half, minutes, person, office, reason, meeting in tx.execute(query)
        if person in wanted
    ]


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
            col(MandateRow.id),
            col(MandateRow.unit),
            col(MandateRow.memo_date),
            col(DemandRow.audience),
            col(DemandRow.for_school),
        )
        .join(DemandRow, col(DemandRow.mandate_id) == col(MandateRow.id))
        .where(col(MandateRow.memo_date).between(start, end))
    )
    return [
        Asked(m, unit, day, tuple(audience), bool(own)) for m, unit, day, audience, own in tx.execute(query)
    ]


def digest_minutes(
    tx: Tx, *, start: date, end: date, schools: Collection[int]
) -> list[tuple[int, date, int]]:
    """(school, Monday of the week, minutes asked) of each digest whose week begins in these days."""
    query = select(col(DigestRow.school_id), col(DigestRow.week), col(DigestRow.minutes)).where(
        col(DigestRow.week).between(start, end)
    )
    wanted = set(schools)
    return [(school, week, minutes) for school, week, minutes in tx.execute(query) if school in wanted]


def digest_sections(
    tx: Tx, *, start: date, end: date, schools: Collection[int]
) -> dict[str, tuple[int, int]]:
    """Section of a digest -> (items, minutes) of the digests whose week begins in these days."""
    query = (
        select(col(DigestItemRow.section), func.count(), func.coalesce(func.sum(col(DemandRow.minutes)), 0))
        .join(DigestRow, col(DigestItemRow.digest_id) == col(DigestRow.id))
        .join(DemandRow, col(DigestItemRow.demand_id) == col(DemandRow.id))
        .where(col(DigestRow.week).between(start, end), col(DigestRow.school_id).in_(schools))
        .group_by(col(DigestItemRow.section))
    )
    return {section: (count, int(minutes)) for section, count, minutes in tx.execute(query)}


def steps_looked_at(tx: Tx, *, start: date, end: date, schools: Collection[int]) -> tuple[int, int]:
    """Next steps that fell due in these days: how many, and how many were looked at again."""
    query = select(func.count(), func.count(col(PromiseRow.looked_at))).where(
        col(PromiseRow.by_when).between(start, end), col(PromiseRow.school_id).in_(schools)
    )
    due, looked_at = tx.execute(query).one()
    return int(due), int(looked_at)


def longest_ever(tx: Tx, cut: Cut) -> tuple[int, date, date] | None:
    """The longest time between two held visits of one school, whenever: school, first and second day."""
    everything = replace(cut, start=date.min, end=cut.end)
    before = func.lag(col(VisitRow.day)).over(
        partition_by=col(VisitRow.school_id), order_by=col(VisitRow.day)
    )
    pairs = (
        select(
            col(VisitRow.school_id).label("school"), before.label("since"), col(VisitRow.day).label("until")
        )
        .where(col(VisitRow.status) == "held", *everything.conditions())
        .subquery()
    )
    query = (
        select(pairs.c.school, pairs.c.since, pairs.c.until)
        .where(pairs.c.since.is_not(None))
        .order_by((pairs.c.until - pairs.c.since).desc(), pairs.c.until)
        .limit(1)
    )
    found = tx.execute(query).first()
    return (found[0], date.fromordinal(found[1]), date.fromordinal(found[2])) if found else None
