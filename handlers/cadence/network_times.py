"""When the two sides of visits cannot: an ILD and the principals of her schools, by their calendars and days away."""

from collections.abc import Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from handlers.calendars.busy_times import Taken, halves_taken
from handlers.district import District
from protocols.cadence.calendar import Half, days_of
from storage import away
from storage.database import Tx
from storage.people import Person, School

Side = tuple[Person, Sequence[School]]
"""An ILD and the schools whose principals she visits."""


def taken_by(
    tx: Tx, district: District, sides: Sequence[Side], start: date, end: date, *, is_whole: bool = False
) -> dict[int, Taken]:
    """The half-days in which ILDs and principals cannot, by their own calendars; ``is_whole``: not for two visits."""
    led = {one.principal_id: one for _ild, schools in sides for one in schools if one.principal_id}
    zones = {person_id: ZoneInfo(school.zone) for person_id, school in led.items() if school.zone}
    ids = {ild.id for ild, _schools in sides} | led.keys()
    return halves_taken(tx, district, ids, start, end, zones=zones, is_whole=is_whole)


def gone_of(tx: Tx, sides: Sequence[Side], start: date, end: date) -> dict[int, Taken]:
    """The half-days on which ILDs and principals have said that they are away."""
    ids = {ild.id for ild, _schools in sides}
    ids |= {one.principal_id for _ild, schools in sides for one in schools if one.principal_id}
    return {
        person_id: frozenset(
            (day, half)
            for first, last in spans
            for day in days_of(max(first, start), min(last, end))
            for half in Half
        )
        for person_id, spans in away.spans_of(tx, ids).items()
    }


def unable(tx: Tx, district: District, sides: Sequence[Side], start: date, end: date) -> dict[int, Taken]:
    """Both together: by their own calendars, and because they are away."""
    return merged(taken_by(tx, district, sides, start, end), gone_of(tx, sides, start, end))


def merged(taken: Mapping[int, Taken], gone: Mapping[int, Taken]) -> dict[int, Taken]:
    nothing: Taken = frozenset()
    return {one: taken.get(one, nothing) | gone.get(one, nothing) for one in {*taken, *gone}}
