"""From decisions to the digests of a week: who gets one, when, and what stands in it.

Everything is read in a handful of queries, whatever the number of schools; composing is the rules' business
(``protocols.buffer.digest``). A principal who leads two schools gets one digest, about both.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from handlers.digest.digest_besides import Besides
from handlers.district import District, zone_of
from handlers.networks import SchoolOf, all_networks, concerned
from protocols.buffer.audience import ALL
from protocols.buffer.demands import Binding, DateRole
from protocols.buffer.digest import (
    Decision,
    DigestItem,
    DigestPlan,
    compose,
    concerns,
    day_for,
    is_rule,
)
from protocols.buffer.facets import Facets
from protocols.buffer.merging import fold, root_of
from protocols.buffer.reasons import reason_for
from protocols.cadence.calendar import SchoolCalendar
from protocols.cadence.digest_weeks import LONGEST_BREAK, early_day, has_school, is_for, next_digest_week
from protocols.cadence.protected import Audience
from protocols.cadence.sending import DIGEST_AT, digest_instant, early_instant
from storage import demand_changes, digests, mandates
from storage.calendar import load_calendar
from storage.database import Tx
from storage.demand_changes import Change
from storage.mandates import demand_of
from storage.people import Person
from storage.tables import DemandRow, MandateRow, TriageRow

STILL_NEW = timedelta(days=28)
"""A decision that was older than this on the last school day before goes into a digest only while its day is ahead: a
school that joins a network in spring is not told all that was passed on in autumn."""

Decided = tuple[TriageRow, DemandRow, MandateRow]


@dataclass(frozen=True, slots=True)
class Reader:
    """A principal with the schools led on the day; ``ild`` carries the first of them."""

    principal: Person
    ild: Person
    schools: tuple[SchoolOf, ...]

    @property
    def names(self) -> str:
        *others, last = [one.school.name for one in self.schools]
        return f"{', '.join(others)} and {last}" if others else last

    @property
    def audience(self) -> Audience:
        networks = frozenset(one.school.network for one in self.schools)
        return Audience(networks=networks, roles=frozenset(role.value for role in self.principal.roles))


@dataclass(frozen=True, slots=True)
class Planned:
    """A reader's week; ``sources`` are the rows behind the plan's items, by the demand's id.

    ``merged`` are the items that are read in another's place, by its key; ``changes`` are differences to what the
    reader's schools were told before.
    """

    reader: Reader
    plan: DigestPlan
    sources: Mapping[int, Decided]
    merged: Mapping[int, tuple[DigestItem, ...]] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Nothing to tell: no digest."""
        return self.plan.is_empty and not self.changes


def readers_on(tx: Tx, day: date, *, ild_ids: Collection[int] | None = None) -> list[Reader]:
    """Everybody active who leads a school with an ILD on that day, once."""
    found: dict[int, tuple[Person, Person, list[SchoolOf]]] = {}
    for network in all_networks(tx, day, ild_ids=ild_ids):
        for one in network.schools:
            if one.principal is not None and one.principal.active:
                found.setdefault(one.principal.id, (one.principal, network.ild, []))[2].append(one)
    return [Reader(principal, ild, tuple(schools)) for principal, ild, schools in found.values()]


def digest_time(reader: Reader, district: District, week: date) -> datetime | None:
    """When this reader's digest of the week goes out: of a break's first week, on the last school day before it.

    None in every other week without an open half-hour.
    """
    find = digest_instant if has_school(week, district.calendar) else early_instant
    return find(
        week,
        zone_of(reader.principal, district),
        district.rules,
        district.calendar,
        audience=reader.audience,
    )


def coming_week(local: datetime, calendar: SchoolCalendar) -> date:
    """The Monday whose digest comes next on somebody's clock: this week's while its hour is ahead, else that of the
    next week with a school day."""
    monday = local.date() - timedelta(days=local.weekday())
    days = calendar.school_days(monday, monday + timedelta(days=6))
    if days and (local.date(), local.time()) < (days[0], DIGEST_AT):
        return monday
    return next_digest_week(monday, calendar) or monday + timedelta(days=7)


def early_ahead(local: datetime, calendar: SchoolCalendar) -> date | None:
    """The last school day before a break that begins next week, while its early digest is still ahead."""
    day = early_day(local.date() - timedelta(days=local.weekday()) + timedelta(days=7), calendar)
    return day if day and (local.date(), local.time()) < (day, DIGEST_AT) else None


def plan_week(
    tx: Tx,
    readers: Sequence[Reader],
    week: date,
    *,
    cutoffs: Mapping[int, datetime] | None = None,
    only_moved: bool = False,
    with_reasons: bool = False,
) -> list[Planned]:
    """Each reader's week from what was decided (for those in ``cutoffs``: by then) and not told before.

    What was moved to a later week waits for it. ``only_moved``: what an earlier digest will have told is left out, so
    that a week further ahead holds what was moved to it. ``with_reasons``: each item has its memo's own reason.
    """
    ild_ids = {one.school.ild_id or 0 for reader in readers for one in reader.schools}
    known = load_calendar(tx)
    before = known.school_days(week - LONGEST_BREAK, week - timedelta(days=1))
    since = datetime.combine((before[-1] if before else week) - STILL_NEW, time(12), tzinfo=UTC)
    rows = _holding(tx, mandates.decided(tx, since=since, week=week, ild_ids=ild_ids))
    school_ids = {one.school.id for reader in readers for one in reader.schools}
    told = digests.given(tx, {demand.id or 0 for _triage, demand, _memo in rows}, school_ids)
    by_ild: dict[int, list[Decided]] = {}
    for row in rows:
        by_ild.setdefault(row[0].ild_id, []).append(row)
    in_week = {ild_id: _of_week(some, week, known, only_moved) for ild_id, some in by_ild.items()}
    changes = [] if only_moved else demand_changes.untold(tx, school_ids, since=since)
    items = _Items(
        _Whys(tx, {memo.id or 0 for _triage, _demand, memo in rows} if with_reasons else ()),
        Besides(tx, {demand.id or 0 for _triage, demand, _memo in rows}, school_ids),
    )
    return [
        _plan(reader, in_week, told, changes, items, week, (cutoffs or {}).get(reader.principal.id))
        for reader in readers
    ]


def _of_week(
    rows: Sequence[Decided], week: date, calendar: SchoolCalendar, only_moved: bool
) -> list[Decided]:
    """Those of one ILD's decisions that the week's digest tells; what was merged moves along."""
    into = merges_of(rows)
    weeks = {demand.id or 0: triage.week for triage, demand, _memo in rows}

    def is_in(row: Decided) -> bool:
        key = row[1].id or 0
        moved_to = weeks.get(root_of(key, into), weeks[key])
        if only_moved:
            return moved_to == week
        return is_for(week, meant=moved_to, due=row[1].due, calendar=calendar)

    return [row for row in rows if is_in(row)]


def merges_of(rows: Iterable[Decided]) -> dict[int, int]:
    """What was merged -> what it was merged into."""
    return {
        demand.id or 0: triage.merged_into
        for triage, demand, _memo in rows
        if triage.decision == Decision.MERGE and triage.merged_into is not None
    }


def _holding(tx: Tx, rows: Sequence[Decided]) -> list[Decided]:
    """Without what an office has replaced or withdrawn since."""
    over = demand_changes.over(tx, {demand.id or 0 for _triage, demand, _memo in rows})
    return [row for row in rows if not over & {(row[1].id or 0, None), (row[1].id or 0, row[0].ild_id)}]


class _Whys:
    """The reasons that these memos give, read once for each demand however many schools it is for."""

    def __init__(self, tx: Tx, memo_ids: Collection[int]) -> None:
        self._memo_ids = frozenset(memo_ids)
        self._demands: dict[int, list[DemandRow]] = {}
        for demand in mandates.demands_of_all(tx, memo_ids):
            self._demands.setdefault(demand.mandate_id, []).append(demand)
        self._known: dict[tuple[int, str], str] = {}

    def of(self, row: Decided) -> str:
        triage, demand, memo = row
        if memo.id not in self._memo_ids:
            return ""
        wording = triage.wording or demand.headline
        key = (demand.id or 0, wording)
        if key not in self._known:
            others = [demand_of(one) for one in self._demands.get(memo.id or 0, ()) if one.id != demand.id]
            self._known[key] = reason_for(memo.text, demand_of(demand), others, wording=wording)
        return self._known[key]


class _Items:
    """The items of a week, each worked out once however many readers it is for: most are told to hundreds alike."""

    def __init__(self, whys: _Whys, besides: Besides) -> None:
        self._whys = whys
        self._besides = besides
        self._known: dict[tuple[int, int, date | None], DigestItem] = {}

    def of(self, row: Decided, schools: Sequence[SchoolOf]) -> DigestItem:
        """The item for a reader; ``schools`` are theirs that it is for."""
        triage, demand, _memo = row
        day = own_day(demand, schools)
        key = (demand.id or 0, triage.ild_id, day)
        if key not in self._known:
            self._known[key] = self._besides.of_demand(_item(row, self._whys, day), demand)
        return self._besides.of_schools(self._known[key], schools)


def _plan(
    reader: Reader,
    by_ild: Mapping[int, Sequence[Decided]],
    told: set[tuple[int, int]],
    changes: Sequence[Change],
    items: _Items,
    week: date,
    cutoff: datetime | None,
) -> Planned:
    sources: dict[int, Decided] = {}
    schools: dict[int, set[int]] = {}
    for one in reader.schools:
        for row in by_ild.get(one.school.ild_id or 0, ()):
            triage, demand, _memo = row
            key = demand.id or 0
            if cutoff is not None and triage.decided_at > cutoff:
                continue
            if any((school.school.id, key) in told for school in reader.schools):
                continue
            if concerns(tuple(demand.audience), one.profile) and _is_for_principals(triage, demand):
                sources.setdefault(key, row)
                schools.setdefault(key, set()).add(one.school.id)
    mine = [items.of(row, concerned(row[1], reader.schools)) for row in sources.values()]
    folded = fold(mine, merges_of(sources.values()), schools)
    plan = compose(folded.read, week=week, school=reader.schools[0].profile)
    led = {one.school.id for one in reader.schools}
    told_now = tuple(change for change in changes if change.school_ids & led)
    return Planned(reader, plan, sources, folded.merged, told_now)


def _is_for_principals(triage: TriageRow, demand: DemandRow) -> bool:
    return triage.decision in (Decision.PASS_ON, Decision.MERGE) or was_on_plate(demand)


def was_on_plate(demand: DemandRow) -> bool:
    """Whether it asks anything of a school; what others do anyway, or nobody has to, cannot be taken off its plate."""
    return demand.for_school and demand.binding in (Binding.MUST, Binding.SHOULD)


def is_to_know(demand: DemandRow) -> bool:
    """Whether a principal who is told of it has only to know: news, a rule, what others do, a choice without end."""
    ends = demand.for_school and demand.binding == Binding.MAY and demand.due is not None
    is_choice = ends and demand.due_role == DateRole.DEADLINE
    return not (was_on_plate(demand) or is_choice) or is_rule(demand_of(demand))


def own_day(demand: DemandRow, schools: Iterable[SchoolOf]) -> date | None:
    """The day that the demand names for these schools, the earliest of theirs; its only one where it names no more."""
    if not demand.facets.get("days_for"):
        return demand.due
    days = Facets.from_json(demand.facets).days_for
    theirs = (day_for(days, demand.due, one.profile) for one in schools)
    return min((day for day in theirs if day), default=demand.due)


def _item(row: Decided, whys: _Whys, day: date | None) -> DigestItem:
    triage, demand, memo = row
    is_asked = triage.decision in (Decision.PASS_ON, Decision.MERGE) and was_on_plate(demand)
    return DigestItem(
        key=demand.id or 0,
        what=demand.headline,
        wording=triage.wording or demand.headline,
        due=day,
        minutes=demand.minutes,
        # What others do is for a principal to know, however binding it is for them.
        binding=Binding(demand.binding) if demand.for_school else Binding.INFO,
        decision=Decision(triage.decision),
        note=triage.note,
        taken_by=triage.taken_by or None,
        do_not_drop=triage.do_not_drop,
        contact=memo.contact,
        audience=(ALL,),  # asked of each of the reader's schools above
        due_role=DateRole(demand.due_role) if demand.due_role else DateRole.DEADLINE,
        source=memo.unit,
        is_rule=is_rule(demand_of(demand)),
        why=whys.of(row) if is_asked else "",
    )


def sections_of(plan: DigestPlan) -> Iterable[tuple[str, DigestItem]]:
    """The plan's items in the order they are read, each with its section."""
    yield from (("do_not_drop", item) for item in plan.do_not_drop)
    yield from (("do", item) for item in plan.do)
    yield from (("decide", item) for item in plan.decide)
    yield from (("know", item) for item in plan.know)
    yield from (("off_plate", item) for item in plan.off_plate)
