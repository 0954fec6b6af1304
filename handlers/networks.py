"""Networks as the buffer sees them: each ILD with her schools, and what decides whether a demand is for a school."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from protocols.buffer.digest import SchoolProfile, concerns
from storage import people
from storage.database import Tx
from storage.people import Person, School
from storage.tables import DemandRow


@dataclass(frozen=True, slots=True)
class SchoolOf:
    """A school with its principal as of a day; ``profile`` is what the rules ask about it."""

    school: School
    principal: Person | None
    profile: SchoolProfile


@dataclass(frozen=True, slots=True)
class IldNetwork:
    """An ILD and the schools she carries, by name."""

    ild: Person
    schools: tuple[SchoolOf, ...]


def all_networks(tx: Tx, day: date, *, ild_ids: Collection[int] | None = None) -> list[IldNetwork]:
    """Every active ILD with schools on that day, in few queries whatever their number."""
    schools = [s for s in people.schools_on(tx, day) if s.ild_id and (ild_ids is None or s.ild_id in ild_ids)]
    wanted = {s.ild_id for s in schools if s.ild_id} | {s.principal_id for s in schools if s.principal_id}
    known = people.get_people(tx, wanted, on=day)
    networks: dict[int, list[SchoolOf]] = {}
    for school in schools:
        principal = known.get(school.principal_id or 0)
        networks.setdefault(school.ild_id or 0, []).append(
            SchoolOf(school, principal, profile_of(school, principal, day))
        )
    return [
        IldNetwork(known[ild_id], tuple(mine))
        for ild_id, mine in sorted(networks.items())
        if ild_id in known and known[ild_id].active
    ]


def network_of_ild(tx: Tx, ild_id: int, day: date) -> tuple[SchoolOf, ...]:
    """The schools one ILD carries on that day; empty where she carries none."""
    schools = people.schools_on(tx, day, ild_id=ild_id)
    known = people.get_people(tx, {s.principal_id for s in schools if s.principal_id}, on=day)
    return tuple(SchoolOf(s, p := known.get(s.principal_id or 0), profile_of(s, p, day)) for s in schools)


def schools_led(tx: Tx, principal_id: int, day: date) -> tuple[SchoolOf, ...]:
    """The schools that a principal leads on that day."""
    principal = people.get_person(tx, principal_id, on=day)
    led = people.schools_on(tx, day, principal_id=principal_id)
    return tuple(SchoolOf(s, principal, profile_of(s, principal, day)) for s in led)


def profile_of(school: School, principal: Person | None, day: date) -> SchoolProfile:
    return SchoolProfile(
        name=school.name,
        level=school.level or "",
        network=school.network,
        is_new_principal=principal is not None and principal.is_new(day),
    )


def whose(demand: DemandRow, schools: Sequence[SchoolOf]) -> str:
    """For somebody who leads several schools, which of them a demand is for; empty where there is but one."""
    if len(schools) < 2:
        return ""
    names = [one.school.name for one in concerned(demand, schools)]
    if len(names) == len(schools):
        return "Both schools" if len(names) == 2 else "All your schools"
    return " and ".join(names)


def concerned(demand: DemandRow, schools: Sequence[SchoolOf]) -> list[SchoolOf]:
    """Those of the schools that the demand is for."""
    audience = tuple(demand.audience)
    return [one for one in schools if concerns(audience, one.profile)]
