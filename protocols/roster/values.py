"""What a roster says, as plain values: schools, people, who leads and accompanies which school, terms.

Ids are the ``sourcedId`` of the student information system. Days are inclusive at both ends. Teachers, students and
their families are no part of it: the bot speaks with principals, those who support them and the central office, so
it keeps nobody else (data minimisation; FERPA for students).
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Level(StrEnum):
    """The grades a school serves, as people say it."""

    ELEMENTARY = "elementary"
    MIDDLE = "middle"
    HIGH = "high"
    K8 = "k8"


class RosterRole(StrEnum):
    """A role of somebody who is kept."""

    PRINCIPAL = "principal"
    ADMINISTRATOR = (
        "administrator"  # OneRoster 1.1: a principal, an assistant principal or the central office
    )
    SITE_ADMINISTRATOR = "site_administrator"
    DISTRICT_ADMINISTRATOR = "district_administrator"
    SYSTEM_ADMINISTRATOR = "system_administrator"
    STAFF = "staff"


@dataclass(frozen=True, slots=True, order=True)
class HeldRole:
    """A role at a school or office, where the file says so from a day to a day."""

    role: RosterRole
    org_id: str
    starts: date | None = None
    ends: date | None = None


@dataclass(frozen=True, slots=True)
class RosterSchool:
    """A school that is open. ``area`` is the name of the organisation above it (a community district, a zone)."""

    sourced_id: str
    name: str
    level: Level | None = None
    identifier: str = field(default="", compare=False)
    area: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class RosterPerson:
    """Somebody the bot may speak with. ``given`` is the name people use, the preferred one where there is one."""

    sourced_id: str
    email: str
    given: str
    family: str
    roles: tuple[HeldRole, ...] = field(default=(), compare=False)

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}".strip()


@dataclass(frozen=True, slots=True)
class RosterAssignment:
    """Who leads a school and which ILD accompanies it, from ``starts`` to ``ends`` (None: open).

    ``principal_id`` None is a vacancy. ``cadence_days`` is the target in school days from one visit to the next.
    """

    school_id: str
    ild_id: str
    principal_id: str | None
    starts: date
    ends: date | None
    cadence_days: int
    network: str

    @property
    def last_day(self) -> date:
        return self.ends or date.max


class TermKind(StrEnum):
    YEAR = "year"
    TERM = "term"
    QUARTER = "quarter"  # a grading period, or a shorter term beside semesters


@dataclass(frozen=True, slots=True)
class RosterTerm:
    """A school year or a semester, term or grading period of one."""

    title: str
    kind: TermKind
    starts: date
    ends: date


@dataclass(frozen=True, slots=True)
class PrincipalCandidate:
    """An administrator of exactly one school, who may be its principal; only ``assignments.csv`` decides."""

    school_id: str
    person_id: str


@dataclass(frozen=True, slots=True)
class Roster:
    """A district's roster. ``assignments`` or ``terms`` None: the file was not given, so nothing is said about them.

    ``dropped`` counts who was in the files and is not kept, by kind, for the report; ``notes`` are remarks that
    stop nothing.
    """

    schools: tuple[RosterSchool, ...] = ()
    people: tuple[RosterPerson, ...] = ()
    assignments: tuple[RosterAssignment, ...] | None = None
    terms: tuple[RosterTerm, ...] | None = None
    dropped: tuple[tuple[str, int], ...] = ()
    notes: tuple[str, ...] = ()
    candidates: tuple[PrincipalCandidate, ...] = ()
