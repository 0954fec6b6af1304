"""Principals' protected time: what every figure about it, in the ledger or in an answer, is counted from."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from handlers.district import District
from protocols.cadence.calendar import Half
from protocols.cadence.protected import MINUTES_OF, Audience, protected_halves
from protocols.insight.ledger import Taking, split
from protocols.insight.measures import ProtectedRow
from storage import insight
from storage.database import Tx
from storage.people import School

Halves = Sequence[tuple[date, Half]]
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class ProtectedTime:
    """The protected half-days of some schools' principals over a time, and what was taken of them.

    Principals of a network have the same ``halves``. ``taken`` holds, by school and half-day, the rows of those few of
    which something was taken.
    """

    led: Sequence[School]
    halves: Mapping[str, Halves]
    taken: Mapping[tuple[int, date, Half], Sequence[ProtectedRow]]

    def minutes(self) -> Mapping[str, int]:
        """Minutes of school hours that each principal of a network has, by network."""
        return _for_each(self.halves, lambda some: sum(MINUTES_OF[half] for _day, half in some))

    def principals(self) -> Sequence[tuple[Halves, int]]:
        """The different half-days there are, each with how many schools' principals have them."""
        counts = Counter(id(self.halves[school.network]) for school in self.led)
        return [
            (some, counts[key]) for key, some in {id(some): some for some in self.halves.values()}.items()
        ]

    def rows(self) -> list[tuple[str, ProtectedRow]]:
        """(network, row): what was taken has a row for each taking, with its office and reason, and for what it left of
        the half-day; of all else a half-day of a network's principals is one row, with the minutes of all of them."""
        networks = {school.id: school.network for school in self.led}
        principals = Counter(networks.values())
        touched = Counter((networks[school], day, half) for school, day, half in self.taken)
        whole = (
            (network, ProtectedRow(day, MINUTES_OF[half] * left))
            for network, halves in self.halves.items()
            for day, half in halves
            if (left := principals[network] - touched[network, day, half])
        )
        taken = (
            (networks[school], row) for (school, _day, _half), rows in self.taken.items() for row in rows
        )
        return [*whole, *taken]


def protected_time(
    tx: Tx, district: District, schools: Sequence[School], *, start: date, end: date
) -> ProtectedTime:
    """The protected time of these schools' principals in these days, both included.

    On a day that turned out to be closed nothing was protected and nothing is lost. What was taken counts once, also
    from somebody who leads two schools.
    """
    led = [school for school in schools if school.principal_id is not None]
    halves = _halves_by_network(district, {school.network for school in led}, start=start, end=end)
    takings: dict[int, dict[tuple[date, Half], list[Taking]]] = {}
    principals = {school.principal_id for school in led if school.principal_id is not None}
    for loss in insight.losses(tx, start=start, end=end, people=principals):
        of_person = takings.setdefault(loss.person_id, {})
        of_person.setdefault((loss.day, Half(loss.half)), []).append(
            Taking(loss.minutes, loss.office, loss.reason)
        )
    protected = _for_each(halves, frozenset)
    taken: dict[tuple[int, date, Half], Sequence[ProtectedRow]] = {}
    for school in led:
        of_person = takings.get(school.principal_id or 0, {})
        for day, half in sorted(protected[school.network] & of_person.keys()) if of_person else ():
            some = of_person.pop((day, half))
            taken[school.id, day, half] = split(day, MINUTES_OF[half], some)
    return ProtectedTime(led, halves, taken)


def _for_each(halves: Mapping[str, Halves], make: Callable[[Halves], Made]) -> dict[str, Made]:
    """Network -> what is made of its half-days, once where several networks have the same."""
    made: dict[int, Made] = {}
    for some in halves.values():
        if id(some) not in made:
            made[id(some)] = make(some)
    return {network: made[id(some)] for network, some in halves.items()}


def _halves_by_network(
    district: District, networks: set[str], *, start: date, end: date
) -> dict[str, Halves]:
    """Networks of which no rule and no exception speaks have the same half-days, so that they are found once."""
    scopes = {rule.scope for rule in district.rules}
    scopes |= {opening.scope for rule in district.rules for opening in rule.openings}
    found: dict[str | None, Halves] = {}
    by_network: dict[str, Halves] = {}
    for network in sorted(networks):
        own = network if f"network:{network}" in scopes else None
        if own not in found:
            audience = Audience.of(network=network, role="principal")
            found[own] = tuple(protected_halves(start, end, district.rules, district.calendar, audience))
        by_network[network] = found[own]
    return by_network
