"""Planning visits: the half-days there are, the plan over them, and what to offer when a visit falls out.

The choice itself is in `triage`; here it is put together for all ILDs (instructional leadership directors),
with the agreed visits, the load and what cannot be kept. A promise never shrinks in silence: each interval
that the plan breaks is a warning.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from protocols.cadence.calendar import SCHOOL_DAYS_A_WEEK, SchoolCalendar
from protocols.cadence.moments import say_day
from protocols.cadence.pairing import Pairer, start_beside, stay_of
from protocols.cadence.protected import Audience, ProtectedRule, protected_halves
from protocols.cadence.travel import clash, most_pairs
from protocols.cadence.triage import EARLIEST_SHARE, Network, interval_began, say_school_days
from protocols.cadence.visits import Offer, Pairing, Plan, PlannedVisit, School, Slot

NO_PAIRING = Pairing()
NO_PAIRINGS: Mapping[str, Pairing] = MappingProxyType({})


def open_slots(
    people: Mapping[str, Audience],
    rules: Iterable[ProtectedRule],
    calendar: SchoolCalendar,
    start: date,
    end: date,
) -> tuple[Slot, ...]:
    """The protected half-days of each ILD on visit days, from `start` to `end`, both included, in order."""
    rules = tuple(rules)
    return tuple(
        sorted(
            Slot(day, half, ild)
            for ild, audience in people.items()
            for day, half in protected_halves(start, end, rules, calendar, audience)
            if calendar.is_visit_day(day, half)
        )
    )


def plan(
    schools: Iterable[School],
    slots: Iterable[Slot],
    calendar: SchoolCalendar,
    *,
    start: date,
    end: date,
    fixed: Iterable[PlannedVisit] = (),
    pairings: Mapping[str, Pairing] = NO_PAIRINGS,
) -> Plan:
    """Plan the visits from `start` to `end`, both included.

    `fixed` are agreed visits; those before `start` or after `end` are heeded but not returned. Slots after `end`
    are looked ahead to: what is put off to them counts in the choice, but nothing is planned there. Slots off
    the calendar's visit days are ignored. `pairings` says of an ILD which schools are near each other and whether
    she wants two visits in a half-day where one would break an interval; without it no half-day gets two.
    """
    schools = tuple(sorted(schools, key=lambda school: school.name))
    held, displaced = _sort_fixed(fixed, calendar, pairings)
    taken = {(visit.day, visit.half, visit.ild) for visit in held}
    free: dict[str, list[Slot]] = {}
    for slot in sorted(set(slots)):
        if start <= slot.day and calendar.is_visit_day(slot.day, slot.half):
            free.setdefault(slot.ild, []).append(slot)
    visits = [visit for visit in held if start <= visit.day <= end]
    loads: dict[str, float] = {}
    warnings = [_say_displaced(visit, start) for visit in displaced if start <= visit.day <= end]
    asked_in_all, places_in_all, worst = 0.0, 0, 0
    weeks = calendar.count_school_days(start, end) / SCHOOL_DAYS_A_WEEK
    for ild in sorted({school.ild for school in schools}):
        own = [school for school in schools if school.ild == ild]
        ahead = free.get(ild, [])
        horizon = max([end, *(slot.day for slot in ahead[-1:])])
        network = Network(own, held, calendar, start, horizon)
        pairing = pairings.get(ild, NO_PAIRING)
        open_ones = [slot for slot in ahead if (slot.day, slot.half, ild) not in taken]
        places = frozenset((slot.day, slot.half) for slot in ahead)
        best = Pairer(network, open_ones, places, pairing).plan()
        chosen = [visit for visit in best if visit.day <= end]
        visits.extend(chosen)
        within = network if horizon == end else Network(own, held, calendar, start, end)
        worst = max([worst, *within.lateness(chosen)])
        wanted = {school.name: SCHOOL_DAYS_A_WEEK / school.target * weeks for school in own}
        asked = sum(wanted.values())
        room = sum(slot.day <= end for slot in ahead)
        if pairing.is_wanted:
            room += min(room, int(most_pairs(wanted, pairing.travel)))
        loads[ild] = _load(asked, room)
        asked_in_all, places_in_all = asked_in_all + asked, places_in_all + room
        warnings.extend(_say_load(ild, asked, room, weeks))
        warnings.extend(within.say_lateness(chosen))
    return Plan(
        visits=tuple(sorted(visits, key=lambda visit: (visit.day, visit.half, visit.ild))),
        load=_load(asked_in_all, places_in_all),
        loads=loads,
        feasible=all(load <= 1 for load in loads.values()),
        warnings=tuple(warnings),
        displaced=displaced,
        worst_lateness=worst,
    )


def slots_that_keep(
    school: School,
    slots: Iterable[Slot],
    calendar: SchoolCalendar,
    *,
    today: date,
    planned: Iterable[PlannedVisit] = (),
    count: int = 3,
    pairing: Pairing = NO_PAIRING,
) -> tuple[Offer, ...]:
    """Half-days for a visit that fell out, at most `count`: first those that keep the interval within the target,
    the earliest first but none under 0.6 of the period while there are others, nor one that the principal would rather
    not have; then the least late.

    Only free half-days of the school's ILD from `today` on are offered, so nothing else moves. Where none of them keeps
    the interval, one that holds a visit near by already is offered too, if the ILD wants two in a half-day.
    """
    planned = tuple(planned)
    taken = {(visit.day, visit.half, visit.ild) for visit in planned}
    began, allowed = interval_began(school, calendar, today), school.target + school.grown
    found: list[tuple[tuple[bool, bool, bool, Slot], Offer]] = []
    for slot in sorted(set(slots)):
        if slot.ild != school.ild or slot.day < today or (slot.day, slot.half) in school.busy:
            continue
        if not calendar.is_visit_day(slot.day, slot.half):
            continue
        interval = calendar.position(slot.day) - began
        over_by = max(0, interval - allowed)
        because, starts = _say_offer(interval, allowed), None
        if (slot.day, slot.half, slot.ild) in taken:
            day = [visit for visit in planned if (visit.day, visit.ild) == (slot.day, slot.ild)]
            starts = start_beside(school, slot, day, pairing, calendar) if pairing.is_wanted else None
            if starts is None or over_by:
                continue
            because = _say_beside(because, school, slot, day, pairing)
        is_early = interval < EARLIEST_SHARE * school.target
        is_avoided = over_by == 0 and (slot.day.weekday(), slot.half) in school.avoids
        key = (over_by > 0, is_early, is_avoided, slot)
        found.append((key, Offer(slot, interval, over_by, because, starts)))
    found.sort(key=lambda pair: pair[0])
    offers = [offer for _, offer in found]
    if any(offer.keeps and offer.starts is None for offer in offers):
        offers = [offer for offer in offers if offer.starts is None]
    return tuple(offers[:count])


def _say_beside(
    because: str, school: School, slot: Slot, day: Iterable[PlannedVisit], pairing: Pairing
) -> str:
    (first,) = (visit for visit in day if visit.half is slot.half)
    way = pairing.travel.between(first.school, school.name)
    return f"{because.rstrip('.')}; {first.school} is in that half-day too, {way} minutes away."


def _sort_fixed(
    fixed: Iterable[PlannedVisit], calendar: SchoolCalendar, pairings: Mapping[str, Pairing]
) -> tuple[list[PlannedVisit], tuple[PlannedVisit, ...]]:
    held: list[PlannedVisit] = []
    displaced: list[PlannedVisit] = []
    for visit in fixed:
        agreed = replace(visit, because="Agreed already.", is_fixed=True)
        beside = [
            stay_of(other)
            for other in held
            if (other.day, other.half, other.ild) == (visit.day, visit.half, visit.ild)
        ]
        travel = pairings.get(visit.ild, NO_PAIRING).travel
        has_room = clash(stay_of(agreed), beside, travel) is None
        (held if calendar.is_school_day(visit.day) and has_room else displaced).append(agreed)
    return held, tuple(displaced)


def _load(asked: float, places: int) -> float:
    """Visits asked for over places. Asked for without any place is counted as if there were one."""
    return asked / max(1, places)


def _say_load(ild: str, asked: float, places: int, weeks: float) -> list[str]:
    if asked == 0:
        return []
    if places == 0:
        return [f"{ild} has no protected half-day on a visit day in this time, so nothing can be planned."]
    if asked <= places:
        return []
    a_week = f"{asked / weeks:.1f} visits a week and there are {places / weeks:.1f} half-days"
    return [f"{ild}: the rhythms ask for {a_week}. It takes more half-days, or some slower rhythms."]


def _say_displaced(visit: PlannedVisit, today: date) -> str:
    return (
        f"{visit.school}, {say_day(visit.day, today)}: the agreed visit cannot be held "
        "(no school, or another visit in that half-day). Move it."
    )


def _say_offer(interval: int, allowed: int) -> str:
    if interval > allowed:
        return f"{say_school_days(interval)} by then, {interval - allowed} over."
    return f"Keeps it at {say_school_days(interval)}, within {allowed}, and moves nothing else."
