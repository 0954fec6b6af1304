"""What a run amounts to: who may see which entry, both sides' notes side by side, and the summary for both.

Trust decides what is seen: a private entry is its writer's alone; one to be revealed together stays with its
writer until the reveal step opens, or until all its seats have written; in a run that was abandoned it stays
there for good.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from protocols.guided.comparison import Comparison, Contrast, compare, contrasts
from protocols.guided.state import Entry, Promise, RunState, Skipped, Status
from protocols.guided.steps import Protocol, SeatKey, Step, StepKind, Visibility, role_of


@dataclass(frozen=True, slots=True)
class Section:
    """All entries of one step that the reader may see, of every round."""

    step: str
    title: str
    phase: str
    kind: StepKind
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class NextStep:
    """A promise made at the end. ``who`` is a seat or a name."""

    entry: int
    added_by: SeatKey
    who: str
    what: str
    by_when: date
    evidence: str


@dataclass(frozen=True, slots=True)
class Summary:
    """A run for those who took part. ``impressions`` are the entries kept as such after a challenge."""

    title: str
    status: Status
    started_at: datetime | None
    ended_at: datetime | None
    promises_before: tuple[Promise, ...]
    sections: tuple[Section, ...]
    comparisons: tuple[Comparison, ...]
    contrasts: tuple[Contrast, ...]
    commitments: Mapping[SeatKey, tuple[Entry, ...]]
    next_steps: tuple[NextStep, ...]
    skipped: tuple[Skipped, ...]
    impressions: tuple[Entry, ...]

    def entries(self, step: str) -> tuple[Entry, ...]:
        """What was written in one step; nothing where it was skipped or may not be seen."""
        return next((section.entries for section in self.sections if section.step == step), ())

    @property
    def promises(self) -> tuple[Promise, ...]:
        """What the next visit opens with: what each will do differently, then the next steps, by both."""
        own = [Promise(entry.text, seat, seat) for seat, mine in self.commitments.items() for entry in mine]
        agreed = [
            Promise(step.what, _seat(step.who), step.who, step.by_when.isoformat(), step.evidence)
            for step in self.next_steps
        ]
        return (*own, *agreed)


def may_see(protocol: Protocol, state: RunState, entry: Entry, viewer: SeatKey | None) -> bool:
    """Whether ``viewer`` sees the entry now. None is what all who took part may see."""
    step = protocol.step(entry.step)
    if viewer == entry.seat:  # who takes a seat over does not inherit what was private there
        return step.visibility is not Visibility.PRIVATE or entry.seq > state.tenures.get(viewer, 0)
    match step.visibility:
        case Visibility.SHARED:
            return True
        case Visibility.PRIVATE:
            return False
        case Visibility.TOGETHER:
            return _is_revealed(protocol, state, step, entry)


def visible(protocol: Protocol, state: RunState, viewer: SeatKey | None) -> tuple[Entry, ...]:
    """The entries that stand and that ``viewer`` may see, in the order they were written."""
    return tuple(
        entry for entry in state.entries if not entry.is_withdrawn and may_see(protocol, state, entry, viewer)
    )


def summary(protocol: Protocol, state: RunState, *, viewer: SeatKey | None = None) -> Summary:
    """The run as ``viewer`` may see it; with None, as all who took part may."""
    seen = visible(protocol, state, viewer)
    of_step = {step.key: tuple(e for e in seen if e.step == step.key) for step in protocol.steps}
    commitments = [
        e for step in protocol.steps if step.kind is StepKind.COMMITMENT for e in of_step[step.key]
    ]
    writers = dict.fromkeys([*state.seats, *(entry.seat for entry in commitments)])
    promised = [e for step in protocol.steps if step.kind is StepKind.NEXT_STEPS for e in of_step[step.key]]
    opened = {key for key, _, _ in state.opened}
    revealed = [step.reveals for step in protocol.steps if step.key in opened]
    return Summary(
        title=protocol.title,
        status=state.status,
        started_at=state.started_at,
        ended_at=state.ended_at,
        promises_before=state.promises,
        sections=tuple(
            Section(step.key, step.title, step.phase, step.kind, of_step[step.key])
            for step in protocol.steps
            if of_step[step.key]
        ),
        comparisons=tuple(
            found
            for steps in revealed
            for c in compare(protocol, state, steps)
            if any((found := c.only(seen)).sides.values())
        ),
        contrasts=tuple(
            pair
            for steps in revealed
            for c in contrasts(protocol, state, steps)
            if (pair := c.only(seen)).left or pair.right
        ),
        commitments={seat: tuple(e for e in commitments if e.seat == seat) for seat in writers},
        next_steps=tuple(_next_step(entry) for entry in promised),
        skipped=state.skipped,
        impressions=tuple(entry for entry in seen if entry.is_impression),
    )


def _is_revealed(protocol: Protocol, state: RunState, step: Step, entry: Entry) -> bool:
    if state.status is Status.ENDED:
        return True
    reveal = next((other for other in protocol.steps if step.key in other.reveals), None)
    lap = _lap(state, step, entry)
    if reveal is None:
        return (step.key, entry.round, lap) in state.closed
    is_same_block = bool(reveal.repeats) and reveal.repeats == step.repeats
    return any(
        key == reveal.key and shown >= entry.round and (not is_same_block or shown_lap >= lap)
        for key, shown, shown_lap in state.opened
    )


def _lap(state: RunState, step: Step, entry: Entry) -> int:
    """The lap in which the entry was written, from 1: small groups begin at different entries of the list."""
    items = [str(item.number) for item in state.live(step.repeats)] if step.repeats else []
    about = entry.data.get("lap", "")
    if about not in items:
        return 1
    return (items.index(about) - state.groups.get(entry.seat, 1) + 1) % len(items) + 1


def _next_step(entry: Entry) -> NextStep:
    data = entry.data
    by_when = date.fromisoformat(data["by_when"])
    return NextStep(entry.number, entry.seat, data["who"], entry.text, by_when, data["evidence"])


def _seat(who: str) -> SeatKey | None:
    try:
        role_of(SeatKey(who))
    except ValueError:
        return None
    return SeatKey(who)
