"""The longest time between two held visits of one school, in all the years that are recorded.

Half a million visits would have to be read to look at every pair. But once some gap of G days is known, only gaps
of G days or more matter, and those are found in leaps: from a visit to the last one within G days of it, and only
where there is none, to the next one. A dozen leaps a year take the place of as many visits as there were.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import Integer, cast, func, null, select

from storage.database import Tx
from storage.insight import HELD, SCHOOL, VISIT, Cut

SAMPLE = 20
"""Schools all of whose visits are read, to know a gap to begin with. Of the others more are leapt through each time,
so that most are with leaps as long as a gap among many."""

Gap = tuple[int, date, date]
"""(school, the first day, the second)."""


def longest_ever(tx: Tx, cut: Cut) -> Gap | None:
    """The longest gap of the cut's schools, ILDs and kinds up to the end of its period; of several, the earliest."""
    schools = list(
        tx.execute(select(SCHOOL.c.id).where(*cut.at(SCHOOL.c.id)).order_by(SCHOOL.c.id)).scalars()
    )
    known = _by_pairs(tx, _only(cut, schools[:SAMPLE]))
    if len(schools) <= SAMPLE:
        return known
    if known is None:
        return _by_pairs(tx, cut)
    done, each = SAMPLE, 2 * SAMPLE
    while done < len(schools):
        some = _only(cut, schools[done : done + each])
        found = _by_leaps(tx, some, least=max(1, _days(known)))
        if found is not None and (-_days(found), *_order(found)) < (-_days(known), *_order(known)):
            known = found
        done, each = done + each, 2 * each
    return known


def _only(cut: Cut, schools: Sequence[int]) -> Cut:
    return replace(cut, schools=frozenset(schools), but=frozenset())


def _days(gap: Gap) -> int:
    return (gap[2] - gap[1]).days


def _order(gap: Gap) -> tuple[date, int]:
    """In which of several as long comes first: the earliest, of these the school first taken in."""
    return gap[2], gap[0]


def _by_pairs(tx: Tx, cut: Cut) -> Gap | None:
    """By looking at each visit and the one before it. Of a few schools those visits are read that lie between the
    first and the last of them in the index of schools, in whose order all are read."""
    day, school = VISIT.c.day, VISIT.c.school_id
    around = [school.between(min(cut.schools), max(cut.schools))] if cut.schools else []
    before = func.lag(day).over(partition_by=school, order_by=day)
    pairs = (
        select(school.label("school"), before.label("since"), day.label("until"))
        # A sum is in no index, so that the one of schools is taken.
        .where(HELD, day + 0 <= cut.end.toordinal(), *around, *cut.at(school), *cut.whose())
        .subquery()
    )
    query = (
        select(pairs.c.school, pairs.c.since, pairs.c.until)
        .where(pairs.c.since.is_not(None))
        .order_by((pairs.c.until - pairs.c.since).desc(), pairs.c.until, pairs.c.school)
    )
    return _gap(tx.execute(query.limit(1)).first())


def _by_leaps(tx: Tx, cut: Cut, *, least: int) -> Gap | None:
    """By leaps of less than ``least`` days; None where no gap is as long as that."""
    day, school = VISIT.c.day, VISIT.c.school_id
    first = select(func.min(day)).where(HELD, school == SCHOOL.c.id, *cut.whose())
    leaps = (
        select(
            SCHOOL.c.id.label("school"),
            cast(null(), Integer).label("since"),
            first.correlate(SCHOOL).scalar_subquery().label("at"),
        )
        .where(*cut.at(SCHOOL.c.id))
        .cte("leaps", recursive=True)
    )
    after = (HELD, school == leaps.c.school, day > leaps.c.at, *cut.whose())
    within = select(func.max(day)).where(*after, day < leaps.c.at + least).correlate(leaps).scalar_subquery()
    beyond = select(func.min(day)).where(*after).correlate(leaps).scalar_subquery()
    leaps = leaps.union_all(
        select(leaps.c.school, leaps.c.at, func.coalesce(within, beyond)).where(leaps.c.at.is_not(None))
    )
    query = (
        select(leaps.c.school, leaps.c.since, leaps.c.at)
        .where(leaps.c.at - leaps.c.since >= least, leaps.c.at <= cut.end.toordinal())
        .order_by((leaps.c.at - leaps.c.since).desc(), leaps.c.at, leaps.c.school)
    )
    return _gap(tx.execute(query.limit(1)).first())


def _gap(found: tuple[int, int, int] | None) -> Gap | None:
    return (found[0], date.fromordinal(found[1]), date.fromordinal(found[2])) if found else None
