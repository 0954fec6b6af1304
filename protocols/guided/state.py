"""Where a run stands: the events folded into one value.

States of a run: RUNNING until the last step is done by all its roles (ENDED), PAUSED in between, or ABANDONED
from either. ENDED and ABANDONED are final; entries can still be edited. Within RUNNING, exactly one step is open
(the first that not every role of it has done); each of its roles is *asked* it until done, then *waits*. A role
may meanwhile *revisit* a step it has done, and may have one text *held*: a note that was challenged, or the
surplus of a list. A held text comes before everything else that role is asked.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from protocols.guided.events import Event, EventKind
from protocols.guided.steps import Challenge, Closing, Protocol, Role, Step

_Value = TypeVar("_Value")


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
    replaced_by: Role
    replaced_at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer. ``number`` is its name within the run; ``seq`` the event that last changed it."""

    number: int
    step: str
    role: Role
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
    role: Role
    reason: str
    at: datetime
    round: int = 1


@dataclass(frozen=True, slots=True)
class Promise:
    """What was promised at the last visit. ``by`` is the role that promised, where it was one of the two."""

    what: str
    by: Role | None = None
    who: str = ""
    by_when: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class RunState:
    """A run at one moment. ``version`` is the number of events; ``step`` the open step's key ("" when over).

    ``opened`` holds every step the run has come to, ``closed`` every one that all its roles have done, each with
    its round. ``asked_since`` gives for each role the
    event after which what it is asked last changed: a button made before it is stale.
    """

    version: int = 0
    status: Status = Status.NEW
    step: str = ""
    entries: tuple[Entry, ...] = ()
    done: frozenset[tuple[str, Role]] = frozenset()
    skipped: tuple[Skipped, ...] = ()
    held: Mapping[Role, Held] = field(default_factory=dict)
    revisiting: Mapping[Role, str] = field(default_factory=dict)
    rounds: Mapping[str, int] = field(default_factory=dict)
    opened: frozenset[tuple[str, int]] = frozenset()
    closed: frozenset[tuple[str, int]] = frozenset()
    asked_since: Mapping[Role, int] = field(default_factory=dict)
    promises: tuple[Promise, ...] = ()
    started_at: datetime | None = None
    opened_at: datetime | None = None
    ended_at: datetime | None = None
    paused_by: Role | None = None
    closing_reason: str = ""

    @property
    def is_over(self) -> bool:
        return self.status in (Status.ENDED, Status.ABANDONED)

    def round_of(self, step: str) -> int:
        return self.rounds.get(step, 1)

    def entry(self, number: int) -> Entry | None:
        """Entry ``number``, counted from 1, withdrawn ones included."""
        return self.entries[number - 1] if 1 <= number <= len(self.entries) else None

    def live(self, step: str, role: Role | None = None) -> tuple[Entry, ...]:
        """Entries of a step in its present round that stand, of one role or of all."""
        return tuple(
            entry
            for entry in self.entries
            if entry.step == step
            and not entry.is_withdrawn
            and entry.round == self.round_of(step)
            and role in (None, entry.role)
        )


class BrokenHistory(ValueError):
    """The events do not follow on one another: one is missing, doubled or out of order."""


def replay(protocol: Protocol, events: Sequence[Event]) -> RunState:
    """The state after ``events``, from nothing. Raises ``BrokenHistory`` where they do not follow on."""
    return follow(protocol, RunState(), events)


def follow(protocol: Protocol, state: RunState, events: Iterable[Event]) -> RunState:
    """The state after further ``events``. Raises ``BrokenHistory`` where they do not follow on ``state``."""
    for event in events:
        if event.seq != state.version + 1:
            raise BrokenHistory(f"event {event.seq} after {state.version}")
        changed = replace(_apply(protocol, state, event), version=event.seq)
        step = "" if changed.is_over else open_step_key(protocol, changed)
        if step != state.step:
            opened = changed.opened | {(step, changed.round_of(step))} if step else changed.opened
            changed = replace(changed, step=step, opened=opened, opened_at=event.at)
        since = {
            **changed.asked_since,
            **dict.fromkeys(_asked_anew(protocol, state, changed, event), event.seq),
        }
        state = replace(changed, asked_since=since)
    return state


def _asked_anew(protocol: Protocol, before: RunState, after: RunState, event: Event) -> Collection[Role]:
    """Whose cards the event makes stale: everybody's when the run moves, else its author's.

    New words for an old entry change nothing that is asked.
    """
    if after.step != before.step or after.status != before.status or event.role is None:
        return protocol.roles
    is_aside = event.kind is EventKind.EDITED and after.held == before.held
    return () if is_aside else (event.role,)


def open_step_key(protocol: Protocol, state: RunState) -> str:
    """The first step that one of its roles has not done; "" when all are done."""
    for step in protocol.steps:
        if any((step.key, role) not in state.done for role in step.who):
            return step.key
    return ""


def asked_step(protocol: Protocol, state: RunState, role: Role) -> Step | None:
    """The step this role is asked now, or None where it waits (or the run is paused or over)."""
    if state.status is not Status.RUNNING:
        return None
    if role in state.held:
        return protocol.step(state.held[role].step)
    if role in state.revisiting:
        return protocol.step(state.revisiting[role])
    if not state.step:
        return None
    step = protocol.step(state.step)
    return step if role in step.who and (step.key, role) not in state.done else None


def waited_for(protocol: Protocol, state: RunState) -> tuple[Role, ...]:
    """The roles who have not done the open step."""
    if not state.step:
        return ()
    step = protocol.step(state.step)
    return tuple(role for role in step.who if (step.key, role) not in state.done)


def counted(state: RunState, step: Step, role: Role) -> tuple[Entry, ...]:
    return state.live(step.key, None if step.closing is Closing.ANY else role)


def _apply(protocol: Protocol, state: RunState, event: Event) -> RunState:
    match event.kind:
        case EventKind.STARTED:
            promises = tuple(
                Promise(**{**promise, "by": Role(promise["by"]) if promise["by"] else None})
                for promise in json.loads(event.data["promises"])
            )
            return replace(state, status=Status.RUNNING, promises=promises, started_at=event.at)
        case EventKind.ANSWERED | EventKind.KEPT | EventKind.EDITED:
            return _write(protocol.step(event.step), state, event)
        case EventKind.CHALLENGED:
            held = Held(HeldKind.CHALLENGED, event.step, (event.text,), event.data, event.entry)
            return replace(state, held={**state.held, _actor(event): held})
        case EventKind.OVERFULL:
            held = Held(HeldKind.OVERFULL, event.step, tuple(event.text.split("\n")), event.data)
            return replace(state, held={**state.held, _actor(event): held})
        case EventKind.CHOSEN:
            return replace(state, held=_without(state.held, _actor(event)))
        case EventKind.WITHDRAWN:
            gone = replace(_existing(state, event), is_withdrawn=True, seq=event.seq)
            return replace(state, entries=_with(state.entries, gone))
        case EventKind.FINISHED:
            step = protocol.step(event.step)
            roles = step.who if step.closing is Closing.ANY else (_actor(event),)
            return _done(state, step, roles)
        case EventKind.SKIPPED:
            role, round_ = _actor(event), state.round_of(event.step)
            skip = Skipped(event.step, role, event.text, event.at, round_)
            return replace(_done(state, protocol.step(event.step), (role,)), skipped=(*state.skipped, skip))
        case EventKind.WENT_BACK:
            return replace(state, revisiting={**state.revisiting, _actor(event): event.step})
        case EventKind.RETURNED:
            return replace(state, revisiting=_without(state.revisiting, _actor(event)))
        case EventKind.PAUSED:
            return replace(state, status=Status.PAUSED, paused_by=event.role)
        case EventKind.RESUMED:
            return replace(state, status=Status.RUNNING, paused_by=None)
        case EventKind.ROUND_BEGAN:
            again = [step.key for step in protocol.steps[protocol.position(event.step) :]]
            return replace(
                state,
                done=frozenset(pair for pair in state.done if pair[0] not in again),
                rounds={**state.rounds, **{key: state.round_of(key) + 1 for key in again}},
                revisiting={},
            )
        case EventKind.ENDED | EventKind.ABANDONED:
            status = Status.ENDED if event.kind is EventKind.ENDED else Status.ABANDONED
            return replace(
                state, status=status, ended_at=event.at, closing_reason=event.text, revisiting={}, held={}
            )


def _done(state: RunState, step: Step, roles: Iterable[Role]) -> RunState:
    done = state.done | {(step.key, role) for role in roles}
    is_closed = all((step.key, role) in done for role in step.who)
    closed = state.closed | {(step.key, state.round_of(step.key))} if is_closed else state.closed
    return replace(state, done=done, closed=closed)


def _write(step: Step, state: RunState, event: Event) -> RunState:
    """A new entry, or new words for one; clears what the role had held where this settles it."""
    role, number = _actor(event), event.entry
    if number is None:
        raise BrokenHistory(f"event {event.seq} writes no entry")
    held = state.held.get(role)
    is_settling = held is not None and (event.kind is not EventKind.EDITED or held.replaces == number)
    is_impression = event.kind is EventKind.KEPT and step.challenge is Challenge.EVIDENCE
    old = state.entry(number)
    if old is None:
        entry = Entry(
            number=number,
            step=event.step,
            role=role,
            text=event.text,
            data=event.data,
            at=event.at,
            seq=event.seq,
            round=state.round_of(event.step),
            is_impression=is_impression,
            was_challenged=is_settling,
        )
        entries = (*state.entries, entry)
    else:
        entry = replace(
            old,
            text=event.text,
            data=event.data,
            seq=event.seq,
            is_impression=is_impression
            or (old.is_impression and not is_settling and event.data.get("verdict") != "evidence"),
            was_challenged=old.was_challenged or is_settling,
            history=(*old.history, Revision(old.text, old.data, role, event.at)),
        )
        entries = _with(state.entries, entry)
    skipped = tuple(
        skip
        for skip in state.skipped
        if (skip.step, skip.role, skip.round) != (event.step, role, state.round_of(event.step))
    )
    return replace(
        state,
        entries=entries,
        skipped=skipped,
        held=_without(state.held, role) if is_settling else state.held,
    )


def _with(entries: tuple[Entry, ...], changed: Entry) -> tuple[Entry, ...]:
    return tuple(changed if entry.number == changed.number else entry for entry in entries)


def _existing(state: RunState, event: Event) -> Entry:
    entry = state.entry(event.entry or 0)
    if entry is None:
        raise BrokenHistory(f"event {event.seq} is about an entry that is not there")
    return entry


def _actor(event: Event) -> Role:
    if event.role is None:
        raise BrokenHistory(f"event {event.seq} ({event.kind}) names nobody")
    return event.role


def _without(mapping: Mapping[Role, _Value], role: Role) -> Mapping[Role, _Value]:
    return {key: value for key, value in mapping.items() if key != role}
