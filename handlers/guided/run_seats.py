"""A person's seat in a run: what they may see of it, what they are asked, and how people are called there.

A run belongs to the people who sit in it; each writes in their own chat. Others who may see the school's runs (a new
principal, a new ILD) read the summary and change nothing until a seat is handed over to them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from handlers.district import District, zone_of
from handlers.errors import NotAllowedError, UserError
from handlers.memory.thread_state import may_read_run
from handlers.permissions import REFUSALS, Right, Subject, may
from handlers.turn import Turn
from protocols.cadence.moments import say_day
from protocols.guided.prompts import Prompt, Waiting, shown_to
from protocols.guided.state import Entry
from protocols.guided.steps import Pool, Role, SeatKey, join_names, lowered, role_of
from protocols.guided.summary import visible
from storage import people, runs
from storage.people import Person, School
from storage.runs import Run

_OF_THE_SCHOOL = (Pool.PRINCIPAL, Pool.ILD)


@dataclass(frozen=True, slots=True)
class Seat:
    """One person's side of a run. ``people`` are those in the seats; ``known`` everybody who ever wrote in it.

    ``school`` is None where the run is about its people's own practice.
    """

    run: Run
    key: SeatKey
    school: School | None
    people: Mapping[SeatKey, Person]
    known: Mapping[int, Person]
    district: District

    @property
    def zone(self) -> ZoneInfo:
        """The zone of whoever sits here."""
        return zone_of(self.person, self.district)

    @property
    def role(self) -> Role:
        return role_of(self.key)

    @property
    def names(self) -> dict[SeatKey, str]:
        """Given names, as colleagues call each other; in full where two have the same."""
        given = {seat: person.given_name for seat, person in self.people.items()}
        if len(set(given.values())) == len(given):
            return given
        return {seat: person.name for seat, person in self.people.items()}

    @property
    def others(self) -> tuple["Seat", ...]:
        """The sides of everybody else who takes part now."""
        return tuple(replace(self, key=seat) for seat in self.run.state.seats if seat != self.key)

    @property
    def others_named(self) -> str:
        """ "Imani", "Imani and Tomas" """
        return join_names([self.names[other.key] for other in self.others])

    @property
    def person(self) -> Person:
        return self.people[self.key]

    @property
    def title(self) -> str:
        """ "Lincoln Middle walkthrough"; the protocol's own name where there is no school."""
        title = lowered(self.run.protocol.title)
        return f"{self.school.name} {title}" if self.school else title

    def asked(self) -> Prompt | Waiting:
        return shown_to(self.run.protocol, self.run.state, self.key, self.names)

    def sees(self) -> tuple[Entry, ...]:
        return visible(self.run.protocol, self.run.state, self.key)

    def after(self, run: Run) -> "Seat":
        return replace(self, run=run)

    def call(self, seat: SeatKey) -> str:
        """ "You" for the reader, else the name."""
        return "You" if seat == self.key else self.names[seat]

    def call_writer(self, entry: Entry) -> str:
        """Who wrote an entry: whoever sat there then, which need not be who sits there now."""
        writer = self.known.get(self.run.writers.get(entry.number, 0))
        if writer is None or writer.id == self.people[entry.seat].id:
            return self.call(entry.seat)
        return writer.name


def load(turn: Turn, run_id: int) -> tuple[Run, School | None]:
    """A run the person may read, and its school. Raises ``NotAllowedError`` for anybody else."""
    run = runs.get(turn.tx, run_id)
    if run is None:
        if (gone := runs.when_let_go(turn.tx, run_id)) is not None:
            raise UserError(
                f"What was said there was kept for its time and is gone since "
                f"{say_day(gone.astimezone(turn.zone).date(), turn.today)}. That it took place stays on record."
            )
        raise UserError("I can't find that conversation any more. Write “protocols” to begin one.")
    school = school_of(turn, run)
    seat = run.seat_of(turn.person.id)
    if not may_read_run(turn, run, school) and (seat is None or not may_sit(turn, run, school, seat)):
        raise NotAllowedError(_why_not(turn, school), right=Right.SEE_RUN, object=f"run:{run.id}")
    return run, school


def _why_not(turn: Turn, school: School | None) -> str:
    if school is None or not may(turn.person, Right.SEE_RUN, Subject(school=school)):
        return REFUSALS[Right.SEE_RUN]
    return f"That was written before you came to {school.name}. Its principal decides what of it goes along to you."


def school_of(turn: Turn, run: Run) -> School | None:
    return people.school_on(turn.tx, run.school_id, turn.today) if run.school_id else None


def may_sit(turn: Turn, run: Run, school: School | None, seat: SeatKey) -> bool:
    """Whether whoever sits there may still take part: the school's own people only as long as they are its people.

    Whoever a seat was handed over to sits there by that, whatever the roster says yet.
    """
    is_own = run.protocol.parts[role_of(seat)].pool in _OF_THE_SCHOOL and run.school_id is not None
    is_own = is_own and seat not in run.state.tenures
    if is_own:
        return school is not None and may(turn.person, Right.SEE_RUN, Subject(school=school))
    owners = frozenset(run.sitting.values())
    return may(turn.person, Right.TAKE_PART, Subject(owner_ids=owners))


def take_seat(turn: Turn, run_id: int) -> Seat:
    """The person's own seat. Raises ``UserError`` for those who may read the run but have no part in it."""
    run, school = load(turn, run_id)
    key = run.seat_of(turn.person.id)
    if key is None:
        seat = seat_at(turn, run, school, next(iter(run.people)))
        between = join_names([seat.people[other].name for other in run.state.seats])
        raise UserError(f"That conversation is between {between}. You can read its summary, not write in it.")
    return seat_at(turn, run, school, key)


def reader_seat(turn: Turn, run_id: int) -> tuple[Seat, SeatKey | None]:
    """A seat to read from, and the seat whose eyes one reads with: None for those who had no part."""
    run, school = load(turn, run_id)
    key = run.seat_of(turn.person.id)
    return seat_at(turn, run, school, key or next(iter(run.people))), key


def seat_at(turn: Turn, run: Run, school: School | None, key: SeatKey) -> Seat:
    ids = {*run.people.values(), *run.writers.values()}
    known = people.get_people(turn.tx, ids, on=turn.today)
    return Seat(
        run,
        key,
        school,
        {seat: known[person_id] for seat, person_id in run.people.items()},
        known,
        turn.district,
    )
