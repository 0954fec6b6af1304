"""Where a run stands, as one value, and what can be read off it: who is asked what, for whom it waits.

States of a run: RUNNING until the last step is done by all its seats (ENDED), PAUSED in between, or ABANDONED
from either. ENDED and ABANDONED are final; entries can still be edited. Within RUNNING, exactly one step is open
(the first that not every seat of it has done); each of its seats is *asked* it until done, then *waits*. A seat
may meanwhile *revisit* a step it has done, and may have one text *held*: a note that was challenged, or the
surplus of a list. A held text comes before everything else that seat is asked.

A *round* is what a choice begins again (adapt a strategy, and try anew). A *lap* is one pass through a block of
steps that is repeated for each entry of a list (one classroom after another). ``history`` folds events into this.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from protocols.guided.steps import Closing, Protocol, Role, SeatKey, Step, Visibility, role_of


class Status(StrEnum):
    NEW = "new"
    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"
    ABANDONED = "abandoned"


@dataclass(frozen=True, slots=True)
class Revision:
    """A former wording of an entry, and who replaced it when."""

    text: str
    data: Mapping[str, str]
    replaced_by: SeatKey
    replaced_at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer. ``number`` is its name within the run; ``seq`` the event that last changed it."""

    number: int
    step: str
    seat: SeatKey
    text: str
    data: Mapping[str, str]
    at: datetime
    seq: int
    round: int = 1
    is_impression: bool = False
    was_challenged: bool = False
    is_withdrawn: bool = False
    history: tuple[Revision, ...] = ()


class HeldKind(StrEnum):
    CHALLENGED = "challenged"
    OVERFULL = "overfull"


@dataclass(frozen=True, slots=True)
class Held:
    """What waits for its writer's word. ``replaces`` is the entry it would change, if it is not a new one."""

    kind: HeldKind
    step: str
    texts: tuple[str, ...]
    data: Mapping[str, str]
    replaces: int | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    step: str
    seat: SeatKey
    reason: str
    at: datetime
    round: int = 1


@dataclass(frozen=True, slots=True)
class Promise:
    """What was promised at the last visit. ``by`` is the seat that promised, where one of them did."""

    what: str
    by: SeatKey | None = None
    who: str = ""
    by_when: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class RunState:
    """A run at one moment. ``version`` is the number of events; ``step`` the open step's key ("" when over).

    ``seats`` are those taken, ``groups`` the small groups they work in (1 where there are none), ``tenures`` the event
    by which a seat was last handed over. ``opened`` holds every step the run has come to, ``closed`` every one that
    all its seats have done, each with its round and lap. ``laps`` counts, for each list that a block repeats for, the
    present lap from 1. ``asked_since`` gives for each seat the event after which what it is asked last changed: a
    button made before it is stale. ``rests`` holds the day on which a step comes back by itself, ``calls`` how often
    it has. ``extra_minutes`` were given to the open step, the last of them by event ``extended`` (0 for none).
    ``meets_on`` is the day of the meeting.
    """

    version: int = 0
    status: Status = Status.NEW
    seats: tuple[SeatKey, ...] = ()
    groups: Mapping[SeatKey, int] = field(default_factory=dict)
    meets_on: date | None = None
    step: str = ""
    entries: tuple[Entry, ...] = ()
    done: frozenset[tuple[str, SeatKey]] = frozenset()
    skipped: tuple[Skipped, ...] = ()
    held: Mapping[SeatKey, Held] = field(default_factory=dict)
    revisiting: Mapping[SeatKey, str] = field(default_factory=dict)
    rounds: Mapping[str, int] = field(default_factory=dict)
    laps: Mapping[str, int] = field(default_factory=dict)
    opened: frozenset[tuple[str, int, int]] = frozenset()
    closed: frozenset[tuple[str, int, int]] = frozenset()
    tenures: Mapping[SeatKey, int] = field(default_factory=dict)
    asked_since: Mapping[SeatKey, int] = field(default_factory=dict)
    promises: tuple[Promise, ...] = ()
    rests: Mapping[str, date] = field(default_factory=dict)
    calls: Mapping[str, int] = field(default_factory=dict)
    extra_minutes: int = 0
    extended: int = 0
    started_at: datetime | None = None
    opened_at: datetime | None = None
    ended_at: datetime | None = None
    paused_by: SeatKey | None = None
    paused_at: datetime | None = None
    closing_reason: str = ""

    @property
    def is_over(self) -> bool:
        return self.status in (Status.ENDED, Status.ABANDONED)

    def round_of(self, step: str) -> int:
        return self.rounds.get(step, 1)

    def lap_of(self, step: Step) -> int:
        """The present lap of a step that is repeated for each entry of a list; 1 for all others."""
        return self.laps.get(step.repeats, 1)

    def entry(self, number: int) -> Entry | None:
        """Entry ``number``, counted from 1, withdrawn ones included."""
        return self.entries[number - 1] if 1 <= number <= len(self.entries) else None

    def live(self, step: str, seat: SeatKey | None = None) -> tuple[Entry, ...]:
        """Entries of a step in its present round that stand, of one seat or of all; of every lap."""
        present = self.round_of(step)
        return tuple(
            entry
            for entry in self.entries
            if entry.step == step
            and not entry.is_withdrawn
            and entry.round == present
            and seat in (None, entry.seat)
        )


def seats_of(state: RunState, step: Step) -> tuple[SeatKey, ...]:
    """Whoever does the step, in the order of the seats."""
    return _with_roles(state.seats, step.who)


@lru_cache(maxsize=4096)
def _with_roles(seats: tuple[SeatKey, ...], roles: tuple[Role, ...]) -> tuple[SeatKey, ...]:
    return tuple(seat for seat in seats if role_of(seat) in roles)


def place_of(protocol: Protocol, state: RunState, key: str) -> tuple[int, int]:
    """Which step ``key`` is, from 1, and of how many: a step that nobody here has a part in is not counted."""
    steps = [step.key for step in protocol.steps if step.key == key or seats_of(state, step)]
    return steps.index(key) + 1, len(steps)


def leading_seats(protocol: Protocol, state: RunState) -> tuple[SeatKey, ...]:
    """Whoever keeps the time and may close a step for all."""
    return tuple(seat for seat in state.seats if role_of(seat) is protocol.leads)


def is_passed_over(state: RunState, step: Step) -> bool:
    """Whether the run leaves the step out: another branch was chosen, or the list it is asked for is empty."""
    if step.when is not None:
        chosen = state.live(step.when.step)
        if not chosen or chosen[-1].text not in step.when.options:
            return True
    return any(key and not state.live(key) for key in (step.per, step.repeats))


def open_step_key(protocol: Protocol, state: RunState) -> str:
    """The first step that one of its seats has not done; "" when all are done."""
    for step in protocol.steps:
        if is_passed_over(state, step):
            continue
        if any((step.key, seat) not in state.done for seat in seats_of(state, step)):
            return step.key
    return ""


def asked_step(protocol: Protocol, state: RunState, seat: SeatKey) -> Step | None:
    """The step this seat is asked now, or None where it waits (or the run is paused or over)."""
    if state.status is not Status.RUNNING:
        return None
    if seat in state.held:
        return protocol.step(state.held[seat].step)
    if seat in state.revisiting:
        return protocol.step(state.revisiting[seat])
    if not state.step:
        return None
    step = protocol.step(state.step)
    waiting = waited_for(protocol, state)
    is_asked = seat in (waiting[:1] if step.in_turns else waiting)
    return step if is_asked else None


def led_step(protocol: Protocol, state: RunState, seat: SeatKey) -> Step | None:
    """The open step that this seat may close for others although it is not asked itself."""
    if state.status is not Status.RUNNING or not state.step or asked_step(protocol, state, seat):
        return None
    step = protocol.step(state.step)
    return step if step.closing is Closing.LEAD and role_of(seat) is protocol.leads else None


def closes_for_all(protocol: Protocol, state: RunState, step: Step, seat: SeatKey) -> bool:
    """Whether this seat, which is asked the step itself, closes it for everybody by finishing it: it leads, and the
    step is the open one. An answer of its own closes nothing."""
    is_open = step.key == state.step and (step.key, seat) not in state.done
    return is_open and step.closing is Closing.LEAD and role_of(seat) is protocol.leads


def is_enough_for_all(state: RunState, step: Step) -> bool:
    """Whether a step that one closes for all may be closed: what anybody wrote in it counts."""
    if not step.is_written or not step.is_required:
        return True
    if step.repeats and state.lap_of(step) < len(state.live(step.repeats)):
        return True  # one classroom may have been closed that day
    have = len(state.live(step.key)) if step.repeats else _written_by_all(state, step)
    return have >= step.min_entries


def _written_by_all(state: RunState, step: Step) -> int:
    return sum(len(counted(state, step, seat)) for seat in seats_of(state, step))


def waited_for(protocol: Protocol, state: RunState) -> tuple[SeatKey, ...]:
    """The seats who have not done the open step."""
    if not state.step:
        return ()
    step = protocol.step(state.step)
    return tuple(seat for seat in seats_of(state, step) if (step.key, seat) not in state.done)


def own(state: RunState, step: Step, seat: SeatKey) -> tuple[Entry, ...]:
    """What stands of a seat in a step, of every lap. What was private to whoever sat there before is not theirs."""
    since = state.tenures.get(seat, 0) if step.visibility is Visibility.PRIVATE else 0
    return tuple(entry for entry in state.live(step.key, seat) if entry.seq > since)


def counted(state: RunState, step: Step, seat: SeatKey) -> tuple[Entry, ...]:
    """What counts towards the limits of a step for one seat: of everybody where any may close it, of this lap."""
    entries = state.live(step.key) if step.closing is Closing.ANY else own(state, step, seat)
    if not step.repeats:
        return entries
    item = lap_item(state, step, seat)
    return tuple(entry for entry in entries if item and entry.data.get("lap") == str(item.number))


def lap_item(state: RunState, step: Step, seat: SeatKey) -> Entry | None:
    """The entry that this lap of a repeated step is about for one seat. Small groups begin at different entries
    and go round, so that they do not crowd one classroom. None where the step is not repeated."""
    items = state.live(step.repeats) if step.repeats else ()
    if not items:
        return None
    return items[(state.lap_of(step) - 1 + state.groups.get(seat, 1) - 1) % len(items)]


def unanswered(state: RunState, step: Step, seat: SeatKey) -> tuple[Entry, ...]:
    """The entries of the list that a step is asked for each of, and that this seat has not answered yet."""
    answered = {entry.data.get("of") for entry in counted(state, step, seat)}
    items = state.live(step.per) if step.per else ()
    return tuple(item for item in items if str(item.number) not in answered)


def ends_at(protocol: Protocol, state: RunState) -> datetime | None:
    """When the time of the open step is up; None where it is not timed."""
    if state.status is not Status.RUNNING or not state.step or state.opened_at is None:
        return None
    step = protocol.step(state.step)
    if not step.is_timed or step.minutes is None:
        return None
    return state.opened_at + timedelta(minutes=step.minutes + state.extra_minutes)
