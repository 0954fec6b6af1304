"""When people are busy by their own calendars, as planning and meetings ask for it: when, never what with."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from handlers.district import District
from protocols.cadence.busy import VISIT_MINUTES, BusyStretch, cramped_halves, in_zone, taken_halves
from protocols.cadence.calendar import Half
from storage import busy, courtesy
from storage.database import Tx
from storage.people import Person

_ONE_DAY = timedelta(days=1)

Taken = frozenset[tuple[date, Half]]
"""Half-days in whose usual visit hour somebody cannot come."""


def busy_of(
    tx: Tx, district: District, person_ids: Collection[int], start: date, end: date, *, zone: ZoneInfo
) -> dict[int, tuple[BusyStretch, ...]]:
    """Person -> when they are busy, on the wall clock of ``zone``; who has connected no calendar is left out."""
    known = busy.stretches_of(tx, person_ids, start - _ONE_DAY, end + _ONE_DAY, fallback=district.zone)
    return {
        person_id: tuple(one for one in in_zone(own.stretches, own.zone, zone) if start <= one.day <= end)
        for person_id, own in known.items()
    }


def halves_taken(
    tx: Tx,
    district: District,
    person_ids: Collection[int],
    start: date,
    end: date,
    *,
    zones: Mapping[int, ZoneInfo] = MappingProxyType({}),
    is_whole: bool = False,
) -> dict[int, Taken]:
    """Person -> the half-days in which they cannot be visited, by their calendar or because they said to be away.

    ``is_whole``: those too of which the calendar takes not the usual hour but some of the rest, which two visits need.
    Who has connected no calendar and is not away is left out.
    ``zones`` are the clocks by which the visits to some people are told, where their school's is not the district's.
    """
    found: dict[int, Taken] = {}
    for zone in {zones.get(one, district.zone) for one in person_ids}:
        ids = [one for one in person_ids if zones.get(one, district.zone) == zone]
        for person_id, stretches in busy_of(tx, district, ids, start, end, zone=zone).items():
            found[person_id] = cramped_halves(stretches) if is_whole else taken_halves(stretches)
    for person_id, away in courtesy.away_between(tx, person_ids, start, end).items():
        first, last = max(away.starts, start).toordinal(), min(away.ends, end).toordinal()
        gone = {(date.fromordinal(day), half) for day in range(first, last + 1) for half in Half}
        found[person_id] = found.get(person_id, frozenset()) | gone
    return found


def is_taken(
    tx: Tx, district: District, person_id: int, day: date, start: int, minutes: int, *, zone: ZoneInfo
) -> bool:
    """Whether the person is busy at a time: ``start`` is minutes since midnight of ``zone``."""
    found = busy_of(tx, district, [person_id], day, day, zone=zone).get(person_id, ())
    return any(one.overlaps(day, start, minutes) for one in found)


def say_taken(
    tx: Tx,
    district: District,
    people: Sequence[Person],
    day: date,
    start: int,
    *,
    reader_id: int,
    zone: ZoneInfo,
    minutes: int = VISIT_MINUTES,
) -> str:
    """ "Grace Lindqvist's calendar is taken then." for those of the people whose is; empty where nobody's is."""
    taken = [person for person in people if is_taken(tx, district, person.id, day, start, minutes, zone=zone)]
    said = say_whose(taken, reader_id)
    return said[:1].upper() + said[1:]


def say_whose(people: Iterable[Person], reader_id: int | None = None) -> str:
    """ "Grace Lindqvist's calendar is taken then.", "your calendar is taken then."; empty for nobody."""
    names = ["your" if person.id == reader_id else f"{person.name}'s" for person in people]
    if not names:
        return ""
    return f"{' and '.join(names)} calendar{' is' if len(names) == 1 else 's are'} taken then."
