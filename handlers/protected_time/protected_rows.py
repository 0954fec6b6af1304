"""Principals' protected time as rows: what every figure about it, in the ledger or in an answer, is counted from."""

from collections.abc import Sequence
from datetime import date

from handlers.district import District
from protocols.cadence.calendar import Half
from protocols.cadence.protected import MINUTES_OF, Audience, protected_halves
from protocols.insight.ledger import Taking, split
from protocols.insight.measures import ProtectedRow
from storage import insight
from storage.database import Tx
from storage.people import School


def protected_rows(
    tx: Tx, district: District, schools: Sequence[School], *, start: date, end: date
) -> list[tuple[School, ProtectedRow]]:
    """(school, row) for each protected half-day of its principal in these days, both included.

    Minutes are those of school hours. A half-day that was taken, or part of it, is a row of its own with its office
    and reason; on a day that turned out to be closed nothing was protected and nothing is lost.
    """
    led = [(school, school.principal_id) for school in schools if school.principal_id is not None]
    taken: dict[tuple[int, date, str], list[Taking]] = {}
    for loss in insight.losses(tx, start=start, end=end, people=[person for _school, person in led]):
        where = (loss.person_id, loss.day, loss.half)
        taken.setdefault(where, []).append(Taking(loss.minutes, loss.office, loss.reason))
    whole: dict[str, list[tuple[date, Half, ProtectedRow]]] = {}
    rows: list[tuple[School, ProtectedRow]] = []
    for school, person in led:
        if school.network not in whole:
            found = protected_halves(
                start,
                end,
                district.rules,
                district.calendar,
                Audience.of(network=school.network, role="principal"),
            )
            whole[school.network] = [(day, half, ProtectedRow(day, MINUTES_OF[half])) for day, half in found]
        for day, half, row in whole[school.network]:
            # Taken once, also from somebody who leads two schools.
            takings = taken.pop((person, day, half.value), None)
            rows += [(school, part) for part in (split(day, row.minutes, takings) if takings else (row,))]
    return rows
