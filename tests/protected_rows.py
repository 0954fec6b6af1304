"""Protected time in the plainest way: a row for each protected half-day of each school's principal."""

from collections.abc import Sequence
from datetime import date

from handlers.district import District
from handlers.protected_time.protected_rows import protected_time
from protocols.cadence.protected import MINUTES_OF
from protocols.insight.measures import ProtectedRow
from storage.database import Tx
from storage.people import School


def protected_rows(
    tx: Tx, district: District, schools: Sequence[School], *, start: date, end: date
) -> list[tuple[School, ProtectedRow]]:
    """(school, row); a half-day that was taken, or part of it, has a row for each taking and for what it left."""
    found = protected_time(tx, district, schools, start=start, end=end)
    return [
        (school, row)
        for school in found.led
        for day, half in found.halves[school.network]
        for row in found.taken.get((school.id, day, half), [ProtectedRow(day, MINUTES_OF[half])])
    ]
