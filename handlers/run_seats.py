"""A person's seat in a run: what they may see of it, what they are asked, and how people are called there.

A run belongs to the two people it was opened between; both write in their own chat. Others who may see the
school's runs (a new principal, a new ILD) read the summary and change nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from handlers.errors import UserError
from handlers.permissions import Right, Subject, require
from handlers.turn import Turn
from protocols.guided.prompts import Prompt, Waiting, prompts
from protocols.guided.state import Entry
from protocols.guided.steps import Role
from protocols.guided.summary import visible
from storage import people, runs
from storage.people import Person, School
from storage.runs import Run


@dataclass(frozen=True, slots=True)
class Seat:
    """One side of a run. ``people`` are those in the seats."""

    run: Run
    role: Role
    school: School
    people: Mapping[Role, Person]

    @property
    def names(self) -> dict[Role, str]:
        """Given names, as colleagues call each other; in full where both have the same."""
        given = {role: person.given_name for role, person in self.people.items()}
        if len(set(given.values())) == len(given):
            return given
        return {role: person.name for role, person in self.people.items()}

    @property
    def opposite(self) -> "Seat":
        return replace(self, role=Role.VISITOR if self.role is Role.HOST else Role.HOST)

    @property
    def person(self) -> Person:
        return self.people[self.role]

    @property
    def title(self) -> str:
        """ "the Lincoln Middle walkthrough" without the article."""
        return f"{self.school.name} {self.run.protocol.title.lower()}"

    def asked(self) -> Prompt | Waiting:
        return prompts(self.run.protocol, self.run.state, self.names)[self.role]

    def sees(self) -> tuple[Entry, ...]:
        return visible(self.run.protocol, self.run.state, self.role)

    def after(self, run: Run) -> "Seat":
        return replace(self, run=run)

    def call(self, role: Role) -> str:
        """ "You" for the reader, else the name."""
        return "You" if role is self.role else self.names[role]


def school_of(turn: Turn, run: Run) -> School:
    """The school of a run the person may see. Raises ``NotAllowedError`` for anybody else."""
    school = people.school_on(turn.tx, run.school_id, turn.today)
    require(turn.person, Right.SEE_RUN, Subject(school=school), object=f"run:{run.id}")
    assert school is not None  # nobody's right reaches a school that is not there
    return school


def load(turn: Turn, run_id: int) -> tuple[Run, School]:
    """A run the person may read, and its school."""
    run = runs.get(turn.tx, run_id)
    if run is None:
        raise UserError("I can't find that conversation any more. Write “walkthrough” to begin one.")
    return run, school_of(turn, run)


def take_seat(turn: Turn, run_id: int) -> Seat:
    """The person's own seat. Raises ``UserError`` for those who may read the run but have no part in it."""
    run, school = load(turn, run_id)
    role = run.role_of(turn.person.id)
    seat = _seat(turn, run, school, role or Role.HOST)
    if role is None:
        between = f"{seat.people[Role.HOST].name} and {seat.people[Role.VISITOR].name}"
        raise UserError(f"That conversation is between {between}. You can read its summary, not write in it.")
    return seat


def reader_seat(turn: Turn, run_id: int) -> tuple[Seat, Role | None]:
    """A seat to read from, and the role whose eyes one reads with: None for those who had no part."""
    run, school = load(turn, run_id)
    role = run.role_of(turn.person.id)
    return _seat(turn, run, school, role or Role.HOST), role


def _seat(turn: Turn, run: Run, school: School, role: Role) -> Seat:
    ids = {Role.HOST: run.host_id, Role.VISITOR: run.visitor_id}
    known = people.get_people(turn.tx, set(ids.values()), on=turn.today)
    return Seat(run, role, school, {seat: known[person_id] for seat, person_id in ids.items()})
