"""From the district's rows to the planner: schools with their rhythm, half-days that are free, visits agreed."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from types import MappingProxyType

from handlers.cadence.network_times import Side, gone_of, merged, taken_by, unable
from handlers.calendars.busy_times import Taken, say_whose
from handlers.district import District, audience_of
from protocols.cadence import planner, repair
from protocols.cadence import visits as plans
from protocols.cadence.calendar import Half, SchoolCalendar
from protocols.cadence.intervals import Standing, clock_start, standing
from protocols.cadence.moments import say_day, say_time
from protocols.cadence.protected import ProtectedRule
from protocols.cadence.targets import Targets
from protocols.cadence.travel import Travel, lasts_into
from protocols.cadence.triage import EARLIEST_SHARE
from protocols.cadence.visits import Offer, Pairing, Plan, PlannedVisit, Slot
from storage import likings, people, targets, travel, visits
from storage.database import Tx
from storage.likings import Liking
from storage.people import Person, School

EVERY_HALF = tuple(ProtectedRule(weekday, half, "all", date.min) for weekday in range(5) for half in Half)
"""A district that has not said yet which half-days belong to schools can be visited in all of them."""
OFFER_AHEAD = timedelta(days=45)
"""How far ahead free half-days are looked for when a visit has fallen out."""
LOOK_AHEAD = timedelta(days=14)
"""Beyond its end a plan looks so far ahead: what it puts off must still be seen in time."""
NOBODY: Mapping[int, Taken] = MappingProxyType({})
MOST_SAID = 3
"""Half-days named of those that a plan goes round; the others are counted."""


@dataclass(frozen=True, slots=True)
class Network:
    """An ILD's schools and what is planned in them: what the planner needs for one person."""

    ild: Person
    schools: tuple[School, ...]
    last: dict[int, date]
    planned: tuple[visits.Visit, ...]
    targets: dict[int, Targets]
    likings: dict[int, Liking]
    last_half: dict[int, Half]
    travel: Travel = field(default_factory=Travel)
    takes_two: bool = False

    def name_of(self, school: School) -> str:
        """The school's name in a plan; with its id where two of the network bear the same name."""
        counts = Counter(other.name for other in self.schools)
        return school.name if counts[school.name] == 1 else f"{school.name} ({school.sourced_id})"

    def name_visited(self, visit: visits.Visit) -> str:
        """The same for the school of a visit, which may be no school of the network any more."""
        school = next((one for one in self.schools if one.id == visit.school_id), None)
        return self.name_of(school) if school else visit.school


def load_network(tx: Tx, ild: Person, today: date, *, until: date) -> Network:
    """The ILD's schools today, their last visits, and what is planned up to ``until``."""
    schools = tuple(people.schools_on(tx, today, ild_id=ild.id))
    ids = [school.id for school in schools]
    last = visits.last_held(tx, ids, until=today)
    bare = Network(
        ild,
        schools,
        last=last,
        planned=tuple(visits.planned(tx, today, until, ild_id=ild.id)),
        targets=targets.load(tx, ids),
        likings=likings.of(tx, [school.principal_id for school in schools if school.principal_id]),
        last_half=visits.halves_held(tx, last),
        takes_two=travel.takes_two(tx, ild.id),
    )
    names = {school.id: bare.name_of(school) for school in schools}
    ways = {(names[one], names[other]): minutes for (one, other), minutes in travel.of(tx, ids).items()}
    return replace(bare, travel=Travel(ways))


def standing_of(network: Network, school: School, district: District, today: date) -> Standing:
    """How far the school is from its target today."""
    last = network.last.get(school.id)
    days = [last] if last else []
    return standing(days, target=network.targets[school.id], calendar=district.calendar, today=today)


def by_need(network: Network, district: District, today: date) -> list[tuple[School, Standing]]:
    """The network's schools, the one furthest behind its target first."""
    pairs = [(school, standing_of(network, school, district, today)) for school in network.schools]
    return sorted(pairs, key=lambda pair: (-pair[1].over_by, -pair[1].share, pair[0].name))


def offers_for(
    tx: Tx,
    district: District,
    network: Network,
    school: School,
    today: date,
    *,
    count: int = 3,
    offered: Collection[Offer] = (),
) -> tuple[Offer, ...]:
    """Free half-days for one school, best first: those that keep its interval, then the least late.

    ``offered`` are offers to other schools beside which this one is shown: the same half-day is not offered twice.
    """
    beside = [PlannedVisit(offer.slot.day, offer.slot.half, "", network.ild.name) for offer in offered]
    start, end = today + timedelta(days=1), today + OFFER_AHEAD
    taken = unable(tx, district, _sides([network]), start, end)
    cramped = _cramped(tx, district, [network], start, end)
    return planner.slots_that_keep(
        _planner_school(network, school, taken, district.calendar, today, cramped),
        _slots(tx, district, network.ild, start, end, taken),
        district.calendar,
        today=today,
        planned=[*_fixed(network), *beside],
        count=count,
        pairing=_pairing(network, cramped),
    )


def plan_visits(
    tx: Tx, district: District, ilds: Sequence[Person], *, today: date, start: date, end: date
) -> Plan:
    """The planner's proposal for these ILDs' networks from ``start`` to ``end``; agreed visits stay.

    Its first warning says which half-days it went round for people's own calendars, and whose: not what for.
    """
    ahead = end + LOOK_AHEAD
    networks = [load_network(tx, ild, today, until=ahead) for ild in ilds]
    taken = taken_by(tx, district, _sides(networks), start, ahead)
    gone = gone_of(tx, _sides(networks), start, ahead)
    cramped = _cramped(tx, district, networks, start, ahead)

    def propose(heeded: Mapping[int, Taken]) -> Plan:
        slots = [one for each in networks for one in _slots(tx, district, each.ild, start, ahead, heeded)]
        return planner.plan(
            [
                _planner_school(network, school, heeded, district.calendar, start, cramped)
                for network in networks
                for school in network.schools
            ],
            slots,
            district.calendar,
            start=start,
            end=end,
            fixed=[visit for network in networks for visit in _fixed(network)],
            pairings={network.ild.name: _pairing(network, cramped) for network in networks},
        )

    plan = propose(merged(taken, gone))
    if not any(taken.values()):
        return plan
    said = _say_gone_round(tx, networks, propose(gone), taken, today)
    return replace(plan, warnings=(said, *plan.warnings)) if said else plan


def _say_gone_round(
    tx: Tx, networks: Sequence[Network], wished: Plan, taken: Mapping[int, Taken], today: date
) -> str:
    """Which visits of the plan as wished for people's own calendars do not allow; empty where they allow all."""
    whose = {
        network.name_of(school): (network.ild, school.principal_id)
        for network in networks
        for school in network.schools
    }
    principals = people.get_people(tx, {one for _, one in whose.values() if one}, on=today)
    said: list[str] = []
    for visit in (one for one in wished.visits if not one.is_fixed):
        ild, principal_id = whose[visit.school]
        concerned = [ild, *([principals[principal_id]] if principal_id else [])]
        busy = [one for one in concerned if (visit.day, visit.half) in taken.get(one.id, frozenset())]
        when = f"{say_day(visit.day, today)} {say_time(visit.at)}"
        if line := say_whose(busy):
            said.append(f"{when} for {visit.school}, {line.rstrip('.')}")
    if not said:
        return ""
    more = f"; and {len(said) - MOST_SAID} more" if len(said) > MOST_SAID else ""
    return f"Gone round: {'; '.join(said[:MOST_SAID])}{more}."


def concerns_of(school: School) -> frozenset[str]:
    """Whose closures are this school's besides the district's: its own, its network's, its level's."""
    scopes = [f"school:{school.id}", f"network:{school.network}", f"level:{school.level}"]
    return frozenset(scopes if school.level else scopes[:2])


def repair_for(
    tx: Tx, district: District, network: Network, lost: Sequence[visits.Visit], *, today: date
) -> tuple[repair.Replacement, ...]:
    """What takes the place of the network's visits that fell out; what is agreed stays, today is over."""
    start, end = today + timedelta(days=1), today + OFFER_AHEAD
    taken = unable(tx, district, _sides([network]), start, end)
    gone = {(visit.day, visit.half) for visit in lost}
    cramped = _cramped(tx, district, [network], start, end)
    slots = _slots(tx, district, network.ild, start, end, taken)
    return repair.repair(
        _fixed(replace(network, planned=tuple(lost))),
        [
            _planner_school(network, school, taken, district.calendar, start, cramped)
            for school in network.schools
        ],
        [slot for slot in slots if (slot.day, slot.half) not in gone],
        district.calendar,
        start=start,
        end=end,
        agreed=_fixed(network),
        pairings={network.ild.name: _pairing(network, cramped)},
    )


def who_gains(
    tx: Tx, district: District, network: Network, day: date, half: Half, today: date, *, apart_from: int
) -> tuple[School, Offer, int] | None:
    """The school that needs a half-day most which has just come free, and what it would gain, of how many
    school days its interval may last; None for nobody.

    Those are left out whose next visit is planned in time, and those seen so lately that it would be wasted on them.
    ``apart_from`` is the school whose visit it was.
    """
    taken = unable(tx, district, _sides([network]), day, day)
    if day <= today or not is_free(network, day, half) or (day, half) in taken.get(network.ild.id, ()):
        return None
    following = {visit.school_id: visit.day for visit in reversed(network.planned) if visit.day >= today}
    found: list[tuple[float, str, School, Offer, int]] = []
    for school in network.schools:
        known = _planner_school(network, school, taken, district.calendar, today)
        allowed = known.allowed or known.target
        offers = planner.slots_that_keep(
            known,
            [Slot(day, half, network.ild.name)],
            district.calendar,
            today=today,
            planned=_fixed(network),
        )
        if not offers or school.id == apart_from:
            continue
        share = offers[0].interval / allowed
        following_day = following.get(school.id)
        gap = 0
        if following_day is not None:
            began = district.calendar.position(day) - offers[0].interval
            gap = district.calendar.position(following_day) - began
        is_seen = following_day is not None and (following_day <= day or gap <= allowed)
        if share >= EARLIEST_SHARE and not is_seen:
            found.append((-share, school.name, school, offers[0], allowed))
    if not found:
        return None
    _share, _name, school, offer, allowed = min(found, key=lambda one: one[:2])
    return school, offer, allowed


def is_free_for_both(
    tx: Tx, district: District, network: Network, school: School, day: date, half: Half
) -> bool:
    """Whether the ILD has no visit then, and neither she nor the school's principal is busy or away."""
    taken = unable(tx, district, _sides([network]), day, day)
    is_busy = any((day, half) in taken.get(one or 0, ()) for one in (network.ild.id, school.principal_id))
    return is_free(network, day, half) and not is_busy


def is_free(network: Network, day: date, half: Half, *, apart_from: int | None = None) -> bool:
    """Whether the ILD has no planned visit in that half-day (leaving one visit out of account)."""
    return not any(v.day == day and v.half == half and v.id != apart_from for v in network.planned)


def left_out(
    tx: Tx, district: District, network: Network, school: School, today: date, *, count: int
) -> list[tuple[Slot, frozenset[int]]]:
    """Half-days that would be among the first ``count`` offers, were somebody's own calendar not taken then: whose."""
    start, end = today + timedelta(days=1), today + OFFER_AHEAD
    taken = taken_by(tx, district, _sides([network]), start, end)
    gone = gone_of(tx, _sides([network]), start, end)
    if not any(taken.values()):
        return []
    wanted = planner.slots_that_keep(
        _planner_school(network, school, gone, district.calendar, today),
        _slots(tx, district, network.ild, start, end, gone),
        district.calendar,
        today=today,
        planned=_fixed(network),
        count=count,
    )
    concerned = {school.principal_id, network.ild.id} & taken.keys()
    found = []
    for slot in (offer.slot for offer in wanted):
        whose = frozenset(one for one in concerned if one and (slot.day, slot.half) in taken[one])
        if whose:
            found.append((slot, whose))
    return found


def _days_on(network: Network, school: School, day: date) -> int:
    """The rhythm that will hold that day."""
    target = network.targets[school.id].on(day)
    return target.days if target else school.cadence_days


def _planner_school(
    network: Network,
    school: School,
    taken: Mapping[int, Taken],
    calendar: SchoolCalendar,
    on: date,
    cramped: Mapping[int, Taken] = NOBODY,
) -> plans.School:
    """The school as the planner knows it from that day on: with its rhythm then, and when what runs now is due."""
    concerns = concerns_of(school)
    is_short = {
        (day, half)
        for of in Half
        for day, half in calendar.closed_halves(concerns, minutes=lasts_into(of))
        if half is of
    }
    last, liking = network.last.get(school.id), network.likings.get(school.principal_id or 0, Liking())
    half = network.last_half.get(school.id)
    first = clock_start(calendar, on) or on
    return plans.School(
        name=network.name_of(school),
        ild=network.ild.name,
        target=_days_on(network, school, on),
        allowed=network.targets[school.id].allowed(calendar, last or first - timedelta(days=1), on),
        last=last,
        last_time=(last.weekday(), half) if last and half else None,
        prefers=liking.prefers,
        avoids=liking.avoids,
        busy=taken.get(school.principal_id or 0, frozenset()) | calendar.closed_halves(concerns),
        cramped=cramped.get(school.principal_id or 0, frozenset()) | is_short,
    )


def _pairing(network: Network, cramped: Mapping[int, Taken]) -> Pairing:
    return Pairing(network.travel, network.takes_two, cramped.get(network.ild.id, frozenset()))


def _sides(networks: Iterable[Network]) -> list[Side]:
    return [(network.ild, network.schools) for network in networks]


def _cramped(
    tx: Tx, district: District, networks: Sequence[Network], start: date, end: date
) -> Mapping[int, Taken]:
    """The half-days of which their own calendars leave too little for two visits; asked only where two are wanted."""
    wanting = [network for network in networks if network.takes_two and network.travel.minutes]
    return taken_by(tx, district, _sides(wanting), start, end, is_whole=True) if wanting else NOBODY


def _slots(
    tx: Tx, district: District, ild: Person, start: date, end: date, taken: Mapping[int, Taken]
) -> tuple[Slot, ...]:
    """The ILD's half-days for visits: the protected ones; every school half-day where none is protected at all. Those
    that her own calendar takes are none."""
    audience = audience_of(tx, ild, district.noon(start))
    rules = district.rules or EVERY_HALF
    slots = planner.open_slots({ild.name: audience}, rules, district.calendar, start, end)
    gone = taken.get(ild.id, frozenset())
    return tuple(slot for slot in slots if (slot.day, slot.half) not in gone)


def _fixed(network: Network) -> list[PlannedVisit]:
    return [
        PlannedVisit(
            visit.day,
            visit.half,
            network.name_visited(visit),
            network.ild.name,
            starts=visit.starts,
            minutes=visit.minutes,
        )
        for visit in network.planned
    ]
