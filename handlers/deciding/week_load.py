"""What a week holds for schools: the minutes that its digest asks, against the budget of their ILD or the district.

A unit sees it before it sends, an ILD while she decides. A week that has been told is read as it was told; the coming
one and those beyond as they stand decided.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from handlers.digest.digest_building import Planned, coming_week, plan_week, readers_on
from handlers.district import District
from protocols.buffer import budget
from protocols.buffer.budget import USUAL_BUDGET
from protocols.buffer.demands import DateRole
from storage import digests, record
from storage.database import Tx

SETTING = "minutes_budget"


@dataclass(frozen=True, slots=True)
class WeekLoad:
    """A week (its Monday) by school id: ``minutes`` that the digest asks, ``budget`` that it should not exceed.

    ``due`` are the minutes of what these schools were or will be asked and have not done, with its deadline in it.
    """

    week: date
    minutes: Mapping[int, int]
    budget: Mapping[int, int]
    due: Mapping[int, int]

    @property
    def most(self) -> int:
        """The minutes of the fullest school."""
        return max(self.minutes.values(), default=0)

    def over(self, more: int = 0) -> list[int]:
        """The schools whose week exceeds its budget, with so many minutes more."""
        return [school_id for school_id, held in self.minutes.items() if held + more > self.budget[school_id]]


def budget_of(tx: Tx, ild_id: int | None) -> int:
    """Minutes a week for an ILD's schools: hers, else the district's."""
    return budgets(tx, (ild_id,))[ild_id]


def budgets(tx: Tx, ild_ids: Iterable[int | None]) -> dict[int | None, int]:
    """The same for many ILDs, read once."""
    known = record.get_setting(tx, SETTING) or {}
    own, common = known.get("ilds", {}), known.get("district") or USUAL_BUDGET
    return {ild_id: int(own.get(str(ild_id)) or common) for ild_id in ild_ids}


def put_budget(tx: Tx, minutes: int | None, *, ild_id: int | None) -> None:
    """Set the budget of an ILD's schools (None: the district's again), or the district's where no ILD is named."""
    known = record.get_setting(tx, SETTING) or {}
    ilds = dict(known.get("ilds", {}))
    if ild_id is None:
        known["district"] = minutes or USUAL_BUDGET
    elif minutes is None:
        ilds.pop(str(ild_id), None)
    else:
        ilds[str(ild_id)] = minutes
    record.put_setting(tx, SETTING, {**known, "ilds": ilds})


def week_load(
    tx: Tx, district: District, week: date, *, now: datetime, school_ids: Collection[int] | None = None
) -> WeekLoad:
    """What the week that begins on this Monday holds for the schools (None: for all that are led).

    A school without a principal has nobody's minutes and is left out. Raises ``ValueError`` for any day but Monday.
    """
    if week.weekday() != 0:
        raise ValueError(f"{week} is not a Monday")
    local = now.astimezone(district.zone)
    readers = [
        reader
        for reader in readers_on(tx, local.date())
        if school_ids is None or any(one.school.id in school_ids for one in reader.schools)
    ]
    wanted = school_ids or {one.school.id for reader in readers for one in reader.schools}
    coming = coming_week(local, district.calendar)
    mine = [reader.principal.id for reader in readers]
    minutes = digests.minutes_of_week(tx, mine, week) if week < coming else {}
    due = digests.minutes_due(tx, mine, week, week + timedelta(days=6))
    if week >= coming:
        for one in plan_week(tx, readers, week, only_moved=week > coming):
            who = one.reader.principal.id
            minutes[who] = one.plan.minutes_total
            due[who] = due.get(who, 0) + _due_in(one, week)
    by_school = {
        one.school.id: (reader, one)
        for reader in readers
        for one in reader.schools
        if one.school.id in wanted
    }
    return WeekLoad(
        week,
        {key: minutes.get(reader.principal.id, 0) for key, (reader, _one) in by_school.items()},
        {key: budget_of(tx, one.school.ild_id) for key, (_reader, one) in by_school.items()},
        {key: due.get(reader.principal.id, 0) for key, (reader, _one) in by_school.items()},
    )


def _due_in(one: Planned, week: date) -> int:
    """Minutes of what a digest will ask with its deadline in that week."""
    work = (*one.plan.do_not_drop, *one.plan.do, *one.plan.decide)
    return sum(
        item.minutes
        for item in work
        if item.due is not None
        and item.due_role is DateRole.DEADLINE
        and week <= item.due <= week + timedelta(days=6)
    )


def lighter_week(
    tx: Tx,
    district: District,
    week: date,
    minutes: int,
    *,
    now: datetime,
    school_ids: Collection[int] | None = None,
) -> date | None:
    """The first week from this one on, of the next few, that has room at every one of the schools for so much more."""
    for monday in digest_weeks(district, week):
        load = week_load(tx, district, monday, now=now, school_ids=school_ids)
        if not load.over(minutes):
            return monday
    return None


def digest_weeks(district: District, week: date) -> list[date]:
    """This Monday and the few after it on which a digest goes early in the week: not in a break, not after Tuesday."""
    mondays = (week + timedelta(weeks=ahead) for ahead in range(budget.MOST_WEEKS + 1))
    return [monday for monday in mondays if district.calendar.school_days(monday, monday + timedelta(days=1))]
