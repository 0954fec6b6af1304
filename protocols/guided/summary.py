"""What a run amounts to: who may see which entry, both sides' notes side by side, and the summary for both.

Trust decides what is seen: a private entry is its writer's alone; one to be revealed together stays with its
writer until the reveal step opens, or until all its roles have written; in a run that was abandoned it stays
there for good.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from protocols.guided.counts import Count, differing_counts, say_counts
from protocols.guided.state import Entry, Promise, RunState, Skipped, Status
from protocols.guided.steps import Protocol, Role, Step, StepKind, Visibility


@dataclass(frozen=True, slots=True)
class Comparison:
    """What each side wrote on one topic (a look-for, or a step's title) in one classroom ("" where none)."""

    topic: str
    room: str
    sides: Mapping[Role, tuple[Entry, ...]]
    is_look_for: bool = False

    @property
    def gap(self) -> int:
        """By how many notes the fullest side exceeds the emptiest."""
        counts = [len(entries) for entries in self.sides.values()]
        return max(counts) - min(counts)


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
    """A promise made at the end. ``who`` is a role's value or a name."""

    entry: int
    added_by: Role
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
    commitments: Mapping[Role, tuple[Entry, ...]]
    next_steps: tuple[NextStep, ...]
    skipped: tuple[Skipped, ...]
    impressions: tuple[Entry, ...]

    def entries(self, step: str) -> tuple[Entry, ...]:
        """What was written in one step; nothing where it was skipped or may not be seen."""
        return next((section.entries for section in self.sections if section.step == step), ())

    @property
    def promises(self) -> tuple[Promise, ...]:
        """What the next visit opens with: what each will do differently, then the next steps, by both."""
        own = [
            Promise(entry.text, role, role.value) for role, mine in self.commitments.items() for entry in mine
        ]
        agreed = [
            Promise(step.what, _role(step.who), step.who, step.by_when.isoformat(), step.evidence)
            for step in self.next_steps
        ]
        return (*own, *agreed)


def may_see(protocol: Protocol, state: RunState, entry: Entry, viewer: Role | None) -> bool:
    """Whether ``viewer`` sees the entry now. None is what all who took part may see."""
    if viewer is entry.role:
        return True
    step = protocol.step(entry.step)
    match step.visibility:
        case Visibility.SHARED:
            return True
        case Visibility.PRIVATE:
            return False
        case Visibility.TOGETHER:
            return _is_revealed(protocol, state, step, entry.round)


def visible(protocol: Protocol, state: RunState, viewer: Role | None) -> tuple[Entry, ...]:
    """The entries that stand and that ``viewer`` may see, in the order they were written."""
    return tuple(
        entry for entry in state.entries if not entry.is_withdrawn and may_see(protocol, state, entry, viewer)
    )


def compare(protocol: Protocol, state: RunState, steps: Sequence[str]) -> tuple[Comparison, ...]:
    """Entries of these steps side by side: notes by look-for and classroom, other steps as a whole.

    Look-fors come in their own order, notes without one last; classrooms by number.
    """
    return tuple(
        comparison
        for key in steps
        for comparison in _compare_step(protocol, state, protocol.step(key))
        if any(comparison.sides.values())
    )


def start_here(comparisons: Sequence[Comparison], viewer: Role, names: Mapping[Role, str]) -> str:
    """The sentence that opens the talk: where the two sides differ most, and what each of them counted there.

    First where both wrote and counted differently, then where both wrote but not equally much, then where only
    one did; "" where nothing differs.
    """
    look_for = [c for c in comparisons if c.is_look_for]
    if counted := [(c, pair) for c in look_for if (pair := _counts(c, viewer))]:
        most, (mine, theirs) = max(counted, key=lambda found: abs(found[1][0].number - found[1][1].number))
        counts = say_counts(mine, names[_other(most, viewer)], theirs)
        return f"You both looked at “{most.topic}”. {_place(most, counts)}. What did each of you count? Start there."
    differing = [c for c in look_for if c.gap]
    if not differing:
        return ""
    most = max(differing, key=lambda c: (all(c.sides.values()), c.gap))
    other = _other(most, viewer)
    have, has = len(most.sides[viewer]), len(most.sides[other])
    if not has:
        only = _place(most, "only you wrote about it")
        return f"“{most.topic}”. {only}. What did {names[other]} see there? Start there."
    if not have:
        only = _place(most, f"only {names[other]} wrote about it")
        return f"“{most.topic}”. {only}. What did you see there? Start there."
    notes = _place(most, f"you have {_notes(have)}, {names[other]} has {_notes(has)}")
    return f"You both looked at “{most.topic}”. {notes}. What did each of you count? Start there."


def _counts(comparison: Comparison, viewer: Role) -> tuple[Count, Count] | None:
    """What the viewer and the other side counted, where both did and it differs."""
    sides = (comparison.sides[viewer], comparison.sides[_other(comparison, viewer)])
    mine, theirs = ([entry.text for entry in side] for side in sides)
    return differing_counts(mine, theirs)


def _other(comparison: Comparison, viewer: Role) -> Role:
    return next(role for role in comparison.sides if role is not viewer)


def _place(comparison: Comparison, words: str) -> str:
    """ "Room 12: you counted nine students, Imani six" """
    return f"Room {comparison.room}: {words}" if comparison.room else f"{words[:1].upper()}{words[1:]}"


def summary(protocol: Protocol, state: RunState, *, viewer: Role | None = None) -> Summary:
    """The run as ``viewer`` may see it; with None, as all who took part may."""
    seen = visible(protocol, state, viewer)
    of_step = {step.key: tuple(e for e in seen if e.step == step.key) for step in protocol.steps}
    commitments = [
        e for step in protocol.steps if step.kind is StepKind.COMMITMENT for e in of_step[step.key]
    ]
    promised = [e for step in protocol.steps if step.kind is StepKind.NEXT_STEPS for e in of_step[step.key]]
    opened = {key for key, _ in state.opened}
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
        comparisons=tuple(c for steps in revealed for c in compare(protocol, state, steps)),
        commitments={role: tuple(e for e in commitments if e.role is role) for role in protocol.roles},
        next_steps=tuple(_next_step(entry) for entry in promised),
        skipped=state.skipped,
        impressions=tuple(entry for entry in seen if entry.is_impression),
    )


def _is_revealed(protocol: Protocol, state: RunState, step: Step, round_: int) -> bool:
    if state.status is Status.ENDED:
        return True
    reveal = next((other for other in protocol.steps if step.key in other.reveals), None)
    if reveal is not None:
        return any(key == reveal.key and shown >= round_ for key, shown in state.opened)
    return (step.key, round_) in state.closed


def _compare_step(protocol: Protocol, state: RunState, step: Step) -> list[Comparison]:
    entries = state.live(step.key)
    if step.kind is not StepKind.NOTES:
        return [Comparison(step.title, "", _sides(step, entries))]
    topics: dict[str, str] = {str(e.number): e.text for e in state.live(step.tags)} if step.tags else {}
    for entry in entries:  # a look-for dropped after the note was written still heads it
        tag = entry.data.get("look_for", "")
        if tag and tag not in topics and (look_for := state.entry(int(tag))):
            topics[tag] = look_for.text
    topics[""] = step.title
    return [
        Comparison(topic, room, _sides(step, here), is_look_for=bool(tag))
        for tag, topic in topics.items()
        for room in sorted({e.data["room"] for e in entries}, key=_room_order)
        if (here := [e for e in entries if e.data.get("look_for", "") == tag and e.data["room"] == room])
    ]


def _sides(step: Step, entries: Sequence[Entry]) -> dict[Role, tuple[Entry, ...]]:
    return {role: tuple(e for e in entries if e.role is role) for role in step.who}


def _room_order(room: str) -> tuple[int, str]:
    return int("".join(filter(str.isdigit, room)) or 0), room


def _next_step(entry: Entry) -> NextStep:
    data = entry.data
    by_when = date.fromisoformat(data["by_when"])
    return NextStep(entry.number, entry.role, data["who"], entry.text, by_when, data["evidence"])


def _role(who: str) -> Role | None:
    return Role(who) if who in tuple(Role) else None


def _notes(count: int) -> str:
    return "1 note" if count == 1 else f"{count} notes"
