"""Repairing a plan: what fell out gets the next half-day that keeps most intervals; agreed visits stay where they are.

The whole of the coming weeks is planned again round the agreed visits, so that a visit that fell out does not take the
half-day that another school needs more. A school that is seen in time anyhow gets no visit in its place.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from protocols.cadence.calendar import SchoolCalendar
from protocols.cadence.planner import NO_PAIRINGS, plan
from protocols.cadence.visits import Pairing, PlannedVisit, School, Slot


@dataclass(frozen=True, slots=True)
class Replacement:
    """A visit that fell out and the one in its place; with none, ``seen`` is the agreed visit that is enough, or None
    where there is no half-day for it."""

    lost: PlannedVisit
    new: PlannedVisit | None
    seen: date | None = None


def repair(
    lost: Sequence[PlannedVisit],
    schools: Iterable[School],
    slots: Iterable[Slot],
    calendar: SchoolCalendar,
    *,
    start: date,
    end: date,
    agreed: Iterable[PlannedVisit],
    pairings: Mapping[str, Pairing] = NO_PAIRINGS,
) -> tuple[Replacement, ...]:
    """What takes the place of each visit that fell out, in order; two of one school get two half-days where due."""
    agreed = tuple(agreed)
    found = plan(schools, slots, calendar, start=start, end=end, fixed=agreed, pairings=pairings)
    free: dict[str, list[PlannedVisit]] = {}
    for visit in found.visits:
        if not visit.is_fixed:
            free.setdefault(visit.school, []).append(visit)
    replacements = []
    for visit in sorted(lost, key=lambda one: (one.day, one.half, one.school)):
        own = free.get(visit.school, [])
        seen = min(
            (one.day for one in agreed if one.school == visit.school and one.day >= start), default=None
        )
        if own and (seen is None or own[0].day <= seen):
            replacements.append(Replacement(visit, own.pop(0)))
        else:
            replacements.append(Replacement(visit, None, seen))
    return tuple(replacements)
