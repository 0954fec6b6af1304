"""A simulated school year: the same schools, half-days and mishaps, planned in different ways.

The world is drawn from a seed before anything is planned, so that every way of planning meets the same one:

    called away    the ILD (instructional leadership director) cannot go that half-day, whoever was to be seen
    cannot         a principal cannot, that half-day; known only to those who try
    snow           no school, known the same morning; the day is then no school day
    taken          a protected half-day given to a meeting for good, known from the start

A visit falls out when the ILD is called away or the principal cannot: by default 12 % of visits, in equal parts.
It is known on the day itself, when the half-day is lost. Where principals are asked the day before ("still
on?"), `told` of those who cannot say so, and somebody else may be seen instead.

Each morning on which there is a half-day the way of planning is asked for a plan from that day on. Its
visits of the next `notice` school days are agreed and stay; the rest is only an intention. A way that plans
once has agreed to everything on the first day and never rebooks.

Figures are over the intervals of all schools, as `intervals.rhythm` counts them, in school days.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from random import Random
from statistics import fmean

from protocols.cadence.calendar import Closure, ClosureKind, SchoolCalendar, SchoolYear
from protocols.cadence.intervals import Rhythm, rhythm
from protocols.cadence.visits import PlannedVisit, School, Slot

CANCELLED_SHARE = 0.12
SNOW_MONTHS = (12, 1, 2, 3)


@dataclass(frozen=True, slots=True)
class Mishaps:
    """How often what happens: shares of 0 to 1, and snow days in the year.

    `cancelled` is the share of visits that fall out, `taken` the share of protected half-days given to
    meetings, `told` the share of principals who, asked the day before, say that they cannot.
    """

    cancelled: float = CANCELLED_SHARE
    taken: float = 0.0
    told: float = 0.0
    snow_days: int = 0

    def __post_init__(self) -> None:
        if not all(0 <= share <= 1 for share in (self.cancelled, self.taken, self.told)):
            raise ValueError("A share is between 0 and 1.")
        if self.snow_days < 0:
            raise ValueError("There are no fewer than 0 snow days.")


@dataclass(frozen=True, slots=True)
class World:
    """One school year as it will come. `slots` are the protected half-days in order, before any mishap."""

    year: SchoolYear
    calendar: SchoolCalendar
    schools: tuple[School, ...]
    slots: tuple[Slot, ...]
    called_away: frozenset[Slot] = frozenset()
    cannot: frozenset[tuple[str, Slot]] = frozenset()
    told: frozenset[tuple[str, Slot]] = frozenset()
    taken: frozenset[Slot] = frozenset()
    snow: tuple[date, ...] = ()

    def falls_out(self, visit: PlannedVisit) -> bool:
        slot = Slot(visit.day, visit.half, visit.ild)
        return slot in self.called_away or (visit.school, slot) in self.cannot

    def calendar_on(self, today: date) -> SchoolCalendar:
        """The calendar as it is known that morning: snow so far."""
        return _with_snow(self.calendar, [day for day in self.snow if day <= today])


def draw_world(
    year: SchoolYear,
    calendar: SchoolCalendar,
    schools: Sequence[School],
    slots: Sequence[Slot],
    mishaps: Mishaps,
    *,
    seed: int,
) -> World:
    """The year that this seed stands for. Each kind of mishap has its own stream of chance, so that a share of
    half-days more taken takes those taken before, too, and moves no cancellation."""
    ordered = tuple(sorted(slot for slot in set(slots) if calendar.is_visit_day(slot.day, slot.half)))
    each = 1 - (1 - mishaps.cancelled) ** 0.5
    away, unable, say, meet, sky = (
        Random(f"{seed} {name}") for name in ("away", "cannot", "told", "taken", "snow")
    )
    cannot = frozenset(
        (school.name, slot) for slot in ordered for school in schools if unable.random() < each
    )
    drawn = sorted(ordered, key=lambda _slot: meet.random())
    winter = [day for day in calendar.school_days(year.starts, year.ends) if day.month in SNOW_MONTHS]
    return World(
        year=year,
        calendar=calendar,
        schools=tuple(schools),
        slots=ordered,
        called_away=frozenset(slot for slot in ordered if away.random() < each),
        cannot=cannot,
        told=frozenset(pair for pair in sorted(cannot) if say.random() < mishaps.told),
        taken=frozenset(drawn[: round(mishaps.taken * len(drawn))]),
        snow=tuple(sorted(sky.sample(winter, min(mishaps.snow_days, len(winter))))),
    )


@dataclass(frozen=True, slots=True)
class Morning:
    """What whoever plans knows on a morning: schools with their last visits, free half-days, what is agreed."""

    today: date
    end: date
    calendar: SchoolCalendar
    schools: tuple[School, ...]
    slots: tuple[Slot, ...]
    agreed: tuple[PlannedVisit, ...]


Planning = Callable[[Morning], Sequence[PlannedVisit]]
"""The visits from this morning on. Agreed ones are kept whether they are named or not."""


@dataclass(frozen=True, slots=True)
class Strategy:
    """A way of planning. `notice` is how many school days ahead visits are agreed (1: only today's); None plans
    the whole year once. `knows_all` is told every mishap beforehand."""

    name: str
    planning: Planning
    notice: int | None = 1
    knows_all: bool = False


@dataclass(frozen=True, slots=True)
class Year:
    """What came of a year: the visits held and fallen out, each school's rhythm, and how often it was planned."""

    world: World
    held: tuple[PlannedVisit, ...]
    fallen_out: tuple[PlannedVisit, ...]
    rhythms: dict[str, Rhythm] = field(repr=False)

    @property
    def kept(self) -> float:
        """Share of intervals within their target."""
        intervals = sum(len(one.gaps) for one in self.rhythms.values())
        return sum(one.within for one in self.rhythms.values()) / intervals if intervals else 1.0

    @property
    def late(self) -> list[int]:
        """School days over the target, for each broken interval, the worst first."""
        return sorted(
            (gap - one.target for one in self.rhythms.values() for gap in one.gaps if gap > one.target),
            reverse=True,
        )

    @property
    def worst(self) -> int:
        """School days over the target in the worst interval of all."""
        return max(self.late, default=0)

    @property
    def worst_share(self) -> float:
        """The worst interval as a share of its target: 2.0 is two periods."""
        return max((one.longest / one.target for one in self.rhythms.values()), default=0.0)

    @property
    def late_by(self) -> float:
        """School days over the target in a broken interval, on average; 0 where none is broken."""
        return fmean(self.late) if self.late else 0.0

    @property
    def evenness(self) -> float:
        """The mean of the schools' evenness (see `intervals.evenness`)."""
        known = [one.evenness for one in self.rhythms.values() if one.evenness is not None]
        return fmean(known) if known else 0.0


def play_year(world: World, strategy: Strategy) -> Year:
    """Let the year come as it will, planned in this way."""
    if strategy.knows_all:
        return _figures(world, _plan_knowing_all(world, strategy), ())
    known: set[tuple[str, Slot]] = set()  # what principals have said the day before
    slots = [slot for slot in world.slots if slot not in world.taken]
    last = {school.name: school.last for school in world.schools}
    agreed: list[PlannedVisit] = []
    held: list[PlannedVisit] = []
    fallen_out: list[PlannedVisit] = []
    for number, today in enumerate(sorted({slot.day for slot in slots})):
        calendar = world.calendar_on(today)
        agreed = [visit for visit in agreed if visit.day >= today and calendar.is_school_day(visit.day)]
        for _again in range(len(world.schools)):
            if strategy.notice is not None or number == 0:
                agreed = _agree(world, strategy, today, slots, last, agreed, known)
            said = {
                (visit.school, Slot(visit.day, visit.half, visit.ild))
                for visit in agreed
                if visit.day == today and (visit.school, Slot(visit.day, visit.half, visit.ild)) in world.told
            }
            if not said:
                break
            known |= said
            agreed = [v for v in agreed if (v.school, Slot(v.day, v.half, v.ild)) not in said]
        for visit in [visit for visit in agreed if visit.day == today]:
            if world.falls_out(visit):
                fallen_out.append(visit)
            else:
                held.append(visit)
                last[visit.school] = visit.day
        agreed = [visit for visit in agreed if visit.day > today]
    return _figures(world, held, fallen_out)


def _agree(
    world: World,
    strategy: Strategy,
    today: date,
    slots: Sequence[Slot],
    last: dict[str, date | None],
    agreed: Sequence[PlannedVisit],
    known: set[tuple[str, Slot]],
) -> list[PlannedVisit]:
    """What is agreed after this morning's planning, today's visits among it."""
    calendar = world.calendar_on(today)
    free = tuple(slot for slot in slots if slot.day >= today and calendar.is_visit_day(slot.day, slot.half))
    schools = tuple(
        replace(
            school,
            last=last[school.name],
            busy=school.busy | {(slot.day, slot.half) for name, slot in known if name == school.name},
        )
        for school in world.schools
    )
    plan = strategy.planning(Morning(today, world.year.ends, calendar, schools, free, tuple(agreed)))
    until = world.year.ends if strategy.notice is None else _last_day(calendar, today, strategy.notice)
    taken = {(visit.day, visit.half, visit.ild) for visit in agreed}
    new = [
        visit
        for visit in plan
        if today <= visit.day <= until and (visit.day, visit.half, visit.ild) not in taken
    ]
    return sorted([*agreed, *new], key=lambda visit: (visit.day, visit.half))


def _last_day(calendar: SchoolCalendar, today: date, notice: int) -> date:
    return calendar.add_school_days(today, notice - 1) or today


def _plan_knowing_all(world: World, strategy: Strategy) -> Sequence[PlannedVisit]:
    calendar = world.calendar_on(world.year.ends)
    free = tuple(
        slot
        for slot in world.slots
        if slot not in world.taken
        and slot not in world.called_away
        and calendar.is_visit_day(slot.day, slot.half)
    )
    schools = tuple(
        replace(
            school,
            busy=school.busy | {(slot.day, slot.half) for name, slot in world.cannot if name == school.name},
        )
        for school in world.schools
    )
    return strategy.planning(Morning(world.year.starts, world.year.ends, calendar, schools, free, agreed=()))


def _figures(world: World, held: Sequence[PlannedVisit], fallen_out: Sequence[PlannedVisit]) -> Year:
    calendar = world.calendar_on(world.year.ends)
    rhythms = {
        school.name: rhythm(
            [visit.day for visit in held if visit.school == school.name],
            target=school.target,
            calendar=calendar,
            start=world.year.starts,
            end=world.year.ends,
        )
        for school in world.schools
    }
    return Year(world, tuple(held), tuple(fallen_out), rhythms)


def _with_snow(calendar: SchoolCalendar, days: Sequence[date]) -> SchoolCalendar:
    if not days:
        return calendar
    return calendar.with_closures(Closure(day, day, ClosureKind.SNOW, "Snow day") for day in days)
