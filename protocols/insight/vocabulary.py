"""The names and dates a question may use: schools, networks, ILDs, school years and what divides them.

Storage fills it from the roster and the school calendar. Nothing outside it exists for a question: a school, a
person or an event that is not here is asked back, never guessed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from protocols.insight.query import Period


@dataclass(frozen=True, slots=True)
class SchoolName:
    """A school with what a question may filter by. `aliases` are further names people use for it."""

    name: str
    level: str
    network: str
    tier: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IldName:
    name: str
    network: str


@dataclass(frozen=True, slots=True)
class SchoolYear:
    """First to last school day of a year, with its quarters and semesters (called fall and spring)."""

    start: date
    end: date
    semesters: tuple[Period, ...] = ()
    quarters: tuple[Period, ...] = ()

    @property
    def period(self) -> Period:
        return Period(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Break:
    """Days without school that have a name ("winter break"); the same name may come once in every school year."""

    name: str
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Everything a question may name. `offices` are the central office's units; `years` are in order of time."""

    schools: tuple[SchoolName, ...]
    ilds: tuple[IldName, ...]
    networks: tuple[str, ...]
    years: tuple[SchoolYear, ...]
    breaks: tuple[Break, ...] = ()
    offices: tuple[str, ...] = ()
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # What is worked out of a vocabulary is looked up by it, several times a question.
        names = (self.schools, self.ilds, self.networks, self.years, self.breaks, self.offices)
        object.__setattr__(self, "_hash", hash(names))

    def __hash__(self) -> int:
        return self._hash

    def school(self, name: str) -> SchoolName | None:
        return next((school for school in self.schools if school.name == name), None)

    def ild(self, name: str) -> IldName | None:
        return next((ild for ild in self.ilds if ild.name == name), None)

    def schools_matching(self, filters: Mapping[str, tuple[str, ...]]) -> tuple[SchoolName, ...]:
        """The schools that the place filters (school, ild, network, level, tier) leave."""

        if not filters:
            return self.schools
        networks = {ild.network for ild in self.ilds if ild.name in filters.get("ild", ())}
        return tuple(
            school
            for school in self.schools
            if school.name in filters.get("school", (school.name,))
            and school.network in filters.get("network", (school.network,))
            and school.level in filters.get("level", (school.level,))
            and school.tier in filters.get("tier", (school.tier,))
            and (not filters.get("ild") or school.network in networks)
        )

    def year_of(self, today: date) -> SchoolYear | None:
        """The school year running on `today`, or the latest that has begun (in summer: the one just over)."""

        begun = [year for year in self.years if year.start <= today]
        return begun[-1] if begun else None

    def year_before(self, today: date) -> SchoolYear | None:
        begun = [year for year in self.years if year.start <= today]
        return begun[-2] if len(begun) > 1 else None
