"""What reports read: counts and columns, never rows as objects, which cost ten times as much each.

A ``Cut`` says which visits a question is about; it is applied in SQL, where some twenty thousand schools may be
named. Days are integers (``date.toordinal()``), as the partial indexes on held visits want them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, case, cast, func, literal_column, not_, select

from protocols.cadence.witnesses import Rests
from storage.among import among
from storage.database import Tx
from storage.tables import (
    PersonRow,
    PromiseRow,
    ProtectedLossRow,
    SchoolRow,
    VisitRow,
    WitnessRow,
)
from storage.tables.columns import table_of

PERSON = table_of(PersonRow)
PROMISE = table_of(PromiseRow)
PROTECTED_LOSS = table_of(ProtectedLossRow)
SCHOOL = table_of(SchoolRow)
VISIT = table_of(VisitRow)
WITNESS = table_of(WitnessRow)

FEW_SCHOOLS = 100
"""Visits of up to so many schools are found school by school; of more, by their days."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Which visits: a period, both days included, and the schools, ILDs and kinds (None: all of them).

    ``but`` are schools left out where ``schools`` is None: of nearly all schools, the few others are the shorter list.
    """

    start: date
    end: date
    schools: frozenset[int] | None = None
    ilds: frozenset[int] | None = None
    kinds: frozenset[str] | None = None
    but: frozenset[int] = frozenset()

    @classmethod
    def of_schools(
        cls, start: date, end: date, schools: Iterable[int], *, everywhere: frozenset[int]
    ) -> "Cut":
        """A cut to these of all the schools there are (``everywhere``), put the shorter way."""
        wanted = frozenset(schools)
        others = everywhere - wanted
        if len(others) < len(wanted):
            return cls(start, end, but=others)
        return cls(start, end, schools=wanted)

    def conditions(self) -> list[ColumnElement[bool]]:
        days = VISIT.c.day.between(self.start.toordinal(), self.end.toordinal())
        return [days, *self.at(VISIT.c.school_id), *self.whose()]

    def whose(self) -> list[ColumnElement[bool]]:
        """That a visit is one of the ILDs' and of the kinds."""
        found: list[ColumnElement[bool]] = []
        if self.ilds is not None:
            found.append(VISIT.c.ild_id.in_(self.ilds))
        if self.kinds is not None:
            found.append(VISIT.c.kind.in_(self.kinds))
        return found

    def at(self, school_id: ColumnElement[int]) -> list[ColumnElement[bool]]:
        """That a column names one of the schools."""
        if self.schools is None:
            return [not_(among(school_id, self.but))] if self.but else []
        if len(self.schools) == 1:
            return [school_id == next(iter(self.schools))]
        # A sum is in no index, so that the index of the days is taken, which holds all that is counted.
        return [among(school_id if len(self.schools) <= FEW_SCHOOLS else school_id + 0, self.schools)]


# The partial indexes are of these very words; a bound value would only sometimes be taken for the same.
HELD: ColumnElement[bool] = literal_column("visit.status = 'held'")
_CANCELLED: ColumnElement[bool] = literal_column("visit.status = 'cancelled'")
_PLANNED: ColumnElement[bool] = literal_column("visit.status = 'planned'")
_DENIED: ColumnElement[bool] = literal_column("witness.witness = 'principal' AND NOT witness.took_place")


def visits_by_school(tx: Tx, cut: Cut) -> dict[int, int]:
    """School -> held visits; schools without any are left out."""
    return _visits_by(tx, cut, VISIT.c.school_id, SCHOOL.c.id, cut.at(SCHOOL.c.id))


def visits_by_ild(tx: Tx, cut: Cut) -> dict[int, int]:
    """ILD -> held visits."""
    return _visits_by(tx, cut, VISIT.c.ild_id, PERSON.c.id, [])


def _visits_by(
    tx: Tx, cut: Cut, key: ColumnElement[int], of: ColumnElement[int], of_these: list[ColumnElement[bool]]
) -> dict[int, int]:
    """Held visits of each school or person (``of``).

    SQLite sorts what it groups. So where an index has them in that order each is counted by itself there, which takes
    an eighth of the time on ten years of visits, and no longer on a quarter of a year.
    """
    if cut.ilds is not None or cut.kinds is not None or not _is_sqlite(tx):
        return dict(_count(tx, cut, key))
    within = replace(cut, schools=None, but=frozenset()) if key is VISIT.c.school_id else cut
    visits = select(func.count()).where(key == of, HELD, *within.conditions())
    query = select(of, visits.correlate(of.table).scalar_subquery()).where(*of_these)
    return {row[0]: row[1] for row in tx.execute(query).all() if row[1]}


def _is_sqlite(tx: Tx) -> bool:
    return tx.get_bind().dialect.name == "sqlite"


Steps = dict[int, tuple[int, int]]
"""School or ILD -> held visits, and those of them that ended in a next step."""


def steps_by_school(tx: Tx, cut: Cut) -> Steps:
    return _steps_by(tx, cut, VISIT.c.school_id)


def steps_by_ild(tx: Tx, cut: Cut) -> Steps:
    return _steps_by(tx, cut, VISIT.c.ild_id)


def _steps_by(tx: Tx, cut: Cut, key: ColumnElement[int]) -> Steps:
    query = select(key, func.count(), func.sum(cast(VISIT.c.led_to_next_step, Integer)))
    query = query.where(HELD, *cut.conditions()).group_by(key)
    return {row[0]: (row[1], int(row[2])) for row in tx.execute(query).all()}


def minutes_by_ild(tx: Tx, cut: Cut) -> list[tuple[int, int, int]]:
    """(ILD, minutes of held visits, visits of unknown length)."""
    minutes = VISIT.c.minutes
    query = select(VISIT.c.ild_id, func.coalesce(func.sum(minutes), 0), func.count() - func.count(minutes))
    query = query.where(HELD, *cut.conditions()).group_by(VISIT.c.ild_id)
    return [(ild, int(total), without) for ild, total, without in tx.execute(query).all()]


def rests_on(tx: Tx, cut: Cut) -> Rests:
    """On which witness the held visits of the cut rest."""
    row = tx.execute(select(*_WITNESSES).where(HELD, *cut.conditions())).one()
    return _rests(row, denied=_count_denied(tx, cut))


def count_by_day(tx: Tx, cut: Cut) -> tuple[dict[date, int], Rests]:
    """Held visits by day, in order of the days; and, of the same reading, on which witness they rest."""
    query = select(VISIT.c.day, *_WITNESSES).where(HELD, *cut.conditions()).group_by(VISIT.c.day)
    rows = tx.execute(query.order_by(VISIT.c.day)).all()
    sums = [sum(column) for column in list(zip(*rows, strict=True))[1:]] or [0] * len(_WITNESSES)
    days = {date.fromordinal(row[0]): row[1] for row in rows}
    return days, _rests(sums, denied=_count_denied(tx, cut) if rows else 0)


# Counted in one pass: grouped by witness they would be put in order first.
_WITNESSES = (
    func.count(),
    *(
        func.count(case((VISIT.c.confirmed_by == literal_column(f"'{who}'"), 1)))
        for who in ("principal", "calendar", "imported")
    ),
)


def _rests(counts: Sequence[int], *, denied: int) -> Rests:
    whole, principal, calendar, imported = counts
    return Rests(
        principal=principal,
        calendar=calendar,
        imported=imported,
        log=whole - principal - calendar - imported,
        denied=denied,
    )


def _count_denied(tx: Tx, cut: Cut) -> int:
    # From the few that were denied to their visits, not the other way round.
    denied = select(WITNESS.c.visit_id).where(_DENIED)
    query = select(func.count()).where(VISIT.c.id.in_(denied), HELD, *cut.conditions())
    return int(tx.execute(query).scalar_one())


def count_by_kind(tx: Tx, cut: Cut) -> dict[str, int]:
    """Held visits by kind."""
    return dict(_count(tx, cut, VISIT.c.kind))


def steps_by_kind(tx: Tx, cut: Cut) -> dict[str, int]:
    """Held visits that ended in a next step, by kind."""
    return dict(_count(tx, cut, VISIT.c.kind, VISIT.c.led_to_next_step.is_(True)))


def _count(
    tx: Tx, cut: Cut, key: ColumnElement[Any], *conditions: ColumnElement[bool]
) -> list[tuple[Any, int]]:
    """(key, how many) of the held visits of the cut."""
    query = select(key, func.count()).where(HELD, *cut.conditions(), *conditions).group_by(key)
    return [(value, count) for value, count in tx.execute(query).all()]


def held_days(tx: Tx, cut: Cut) -> dict[int, list[int]]:
    """School -> the days (ordinals) on which it was visited, in order."""
    query = select(VISIT.c.school_id, VISIT.c.day).where(HELD, *cut.conditions())
    days: dict[int, list[int]] = defaultdict(list)
    for school_id, day in tx.execute(query.order_by(VISIT.c.day)).all():
        days[school_id].append(day)
    return days


def last_day_before(tx: Tx, cut: Cut) -> dict[int, int]:
    """School -> its last visit (ordinal) before the cut's period, however long ago."""
    return last_held(tx, replace(cut, start=date.min, end=cut.start - timedelta(days=1)))


def last_held(tx: Tx, cut: Cut) -> dict[int, int]:
    """School -> its last held visit (ordinal) in the cut; schools without any are left out.

    One look into the index a school: ten years of visits are not read to find the last of each. Where ILDs are named
    and many schools, their own visits are read, for most of the schools they have never been to.
    """
    if cut.ilds is not None and (cut.schools is None or len(cut.schools) > FEW_SCHOOLS):
        own = select(VISIT.c.school_id, func.max(VISIT.c.day)).where(HELD, *cut.conditions())
        return {row[0]: row[1] for row in tx.execute(own.group_by(VISIT.c.school_id)).all()}
    last = (
        select(func.max(VISIT.c.day))
        .where(VISIT.c.school_id == SCHOOL.c.id, HELD)
        .where(*replace(cut, schools=None, but=frozenset()).conditions())
        .correlate(SCHOOL)
        .scalar_subquery()
    )
    query = select(SCHOOL.c.id, last).where(*cut.at(SCHOOL.c.id))
    return {school_id: day for school_id, day in tx.execute(query).all() if day is not None}


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
    stand_in = VISIT.alias()
    query = (
        select(
            VISIT.c.school_id,
            VISIT.c.ild_id,
            func.coalesce(VISIT.c.cancelled_by, "other"),
            VISIT.c.kind,
            VISIT.c.day,
            func.count(),
            func.count(case((stand_in.c.status == "held", 1))),
            func.count(case((stand_in.c.status == "planned", 1))),
        )
        .outerjoin(stand_in, stand_in.c.id == VISIT.c.made_good_by)
        .where(_CANCELLED, *cut.conditions())
        .group_by(
            VISIT.c.school_id,
            VISIT.c.ild_id,
            VISIT.c.cancelled_by,
            VISIT.c.kind,
            VISIT.c.day,
        )
    )
    return [
        Cancelled(school, ild, by, kind, date.fromordinal(day), visits, good, rebooked)
        for school, ild, by, kind, day, visits, good, rebooked in tx.execute(query).all()
    ]


def count_unsettled(tx: Tx, cut: Cut, *, today: date) -> int:
    """Planned visits whose day has passed and of which nobody said whether they took place."""
    until = min(cut.end, today - timedelta(days=1))
    query = select(func.count()).where(_PLANNED, *replace(cut, end=until).conditions())
    return int(tx.execute(query).scalar_one())


Rating = tuple[int, int, str, int]
"""School, day as an ordinal, kind of visit, and its principal's own rating of it, 1 to 4."""


def ratings(tx: Tx, cut: Cut) -> list[Rating]:
    """The held visits that were rated, in the order of their days."""
    query = select(VISIT.c.school_id, VISIT.c.day, VISIT.c.kind, VISIT.c.useful).where(
        HELD, VISIT.c.useful.is_not(None), *cut.conditions()
    )
    rows = tx.execute(query.order_by(VISIT.c.day)).all()
    return [(school, day, kind, useful) for school, day, kind, useful in rows]


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
        PROTECTED_LOSS.c.day,
        PROTECTED_LOSS.c.half,
        PROTECTED_LOSS.c.minutes,
        PROTECTED_LOSS.c.person_id,
        PROTECTED_LOSS.c.office,
        PROTECTED_LOSS.c.reason_class,
        PROTECTED_LOSS.c.meeting_id,
    ).where(PROTECTED_LOSS.c.day.between(start.toordinal(), end.toordinal()))
    wanted = set(people)
    return [
        Loss(date.fromordinal(day), half, minutes, person, office, reason, meeting)
        for day, half, minutes, person, office, reason, meeting in tx.execute(query).all()
        if person in wanted
    ]


def steps_looked_at(tx: Tx, cut: Cut) -> tuple[int, int]:
    """Next steps that fell due in the cut's days: how many, and how many were looked at again."""
    query = select(func.count(), func.count(PROMISE.c.looked_at)).where(
        PROMISE.c.by_when.between(cut.start, cut.end), *cut.at(PROMISE.c.school_id)
    )
    due, looked_at = tx.execute(query).one()
    return int(due), int(looked_at)
