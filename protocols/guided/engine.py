"""The rules of a run: from a state and a move to the events that follow, or a refusal.

``decide`` never changes anything: the caller stores the events it returns (all or none) and ``follow``s them.
Rules that come from the study (Honig and others 2010): a claim is asked for its evidence once and never blocked;
long lists of look-fors get cut; a conversation ends in next steps, which therefore cannot be skipped; whatever
else is left out is left out with a reason.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from protocols.guided import moves
from protocols.guided.draft import Draft, check_fresh, check_running
from protocols.guided.entry_rules import (
    KEPT_DATA,
    check_next_step,
    checked_text,
    chosen_option,
    note_data,
    only,
)
from protocols.guided.events import Event, EventKind
from protocols.guided.moves import Move, MoveRefused, Reason
from protocols.guided.state import HeldKind, Promise, RunState, Status, asked_step, counted, open_step_key
from protocols.guided.step_moves import keep, settle_all, within_step, write
from protocols.guided.steps import Protocol, StepKind


def begin(protocol: Protocol, *, at: datetime, promises: Sequence[Promise] = ()) -> tuple[Event, ...]:
    """The first events of a run. ``promises`` are those of the last visit, by both, and open this one."""
    data = {
        "protocol": protocol.key,
        "version": protocol.version,
        "promises": json.dumps([asdict(promise) for promise in promises], ensure_ascii=False),
    }
    return (Event(seq=1, kind=EventKind.STARTED, at=_aware(at), data=data),)


def decide(protocol: Protocol, state: RunState, move: Move, *, at: datetime) -> tuple[Event, ...]:
    """The events that ``move`` causes at ``at`` (aware). Raises ``MoveRefused``; the state stays as it is."""
    draft = Draft(protocol, state, _aware(at))
    if move.role not in protocol.roles:
        raise MoveRefused(Reason.NOT_TAKING_PART)
    match move:
        case moves.Edit():
            _edit(draft, move)
        case moves.AddNextStep():
            _add_next_step(draft, move)
        case moves.Pause() | moves.Resume() | moves.Abandon():
            _hold_or_stop(draft, move)
        case moves.Back():
            _go_back(draft, move)
        case _:
            within_step(draft, move)
    _advance(draft)
    return tuple(draft.events)


def _go_back(draft: Draft, move: moves.Back) -> None:
    state, role = draft.state, move.role
    check_running(state)
    check_fresh(state, role, move.version)
    asked = asked_step(draft.protocol, state, role)
    standing = asked.key if asked else state.step
    if move.step != standing:
        raise MoveRefused(Reason.STALE, step=standing)
    held = state.held.get(role)
    if held and held.kind is HeldKind.OVERFULL:
        raise MoveRefused(Reason.CHOOSE_FIRST, max=draft.protocol.step(held.step).max_entries)
    # Who waits may go back into the step that is open; who is asked goes to one before it.
    end = draft.protocol.position(standing) + (0 if asked else 1)
    before = [step for step in draft.protocol.steps[:end] if (step.key, role) in state.done]
    if not before:
        raise MoveRefused(Reason.NOTHING_BEFORE)
    if held:
        keep(draft, role, held)
    draft.add(EventKind.WENT_BACK, role, before[-1].key)


def _hold_or_stop(draft: Draft, move: moves.Pause | moves.Resume | moves.Abandon) -> None:
    state = draft.state
    if state.is_over:
        raise MoveRefused(Reason.OVER)
    check_fresh(state, move.role, move.version)
    match move:
        case moves.Pause():
            check_running(state)
            draft.add(EventKind.PAUSED, move.role, state.step)
        case moves.Resume():
            if state.status is not Status.PAUSED:
                raise MoveRefused(Reason.NOT_PAUSED)
            draft.add(EventKind.RESUMED, move.role, state.step)
        case moves.Abandon():
            if not move.reason.strip():
                raise MoveRefused(Reason.NO_REASON)
            settle_all(draft)
            draft.add(EventKind.ABANDONED, move.role, state.step, text=checked_text(move.reason, {}))


def _edit(draft: Draft, move: moves.Edit) -> None:
    entry = draft.state.entry(move.entry)
    if entry is None or entry.is_withdrawn or entry.step != move.step:
        raise MoveRefused(Reason.NO_SUCH_ENTRY)
    step = draft.protocol.step(entry.step)
    if entry.role is not move.role and step.kind is not StepKind.NEXT_STEPS:
        raise MoveRefused(Reason.NOT_YOURS)
    if move.version is not None and not entry.seq <= move.version <= draft.state.version:
        raise MoveRefused(Reason.STALE, step=draft.state.step)
    text = checked_text(move.text, move.data)
    data = only(KEPT_DATA, {**entry.data, **move.data})
    match step.kind:
        case StepKind.CHOICE:
            text = chosen_option(step, text)
            if step.option(text).again or step.option(entry.text).again:
                raise MoveRefused(Reason.DECIDED)
        case StepKind.LIST:
            text = " ".join(text.split())
        case StepKind.NOTES:
            data = note_data(draft.state, step, entry.role, data)
        case StepKind.NEXT_STEPS:
            is_same_day = data.get("by_when") == entry.data.get("by_when")
            check_next_step(data, at=None if is_same_day else draft.at)
    if text == entry.text and data == entry.data:
        raise MoveRefused(Reason.UNCHANGED)
    draft.add(EventKind.EDITED, move.role, step.key, entry=entry.number, text=text, data=data)


def _add_next_step(draft: Draft, move: moves.AddNextStep) -> None:
    promise = {"who": move.who, "by_when": move.by_when.isoformat(), "evidence": move.evidence}
    data = {**move.data, **promise}
    step = next((s for s in draft.protocol.steps if s.key == move.step), None)
    if step is None or step.kind is not StepKind.NEXT_STEPS:
        raise MoveRefused(Reason.STALE, step=draft.state.step)
    if draft.state.status is not Status.ENDED:
        within_step(draft, moves.Answer(move.role, move.step, move.what, data, move.version))
        return
    check_fresh(draft.state, move.role, move.version)
    if len(counted(draft.state, step, move.role)) >= step.max_entries:
        raise MoveRefused(Reason.TOO_MANY, max=step.max_entries)
    text = checked_text(move.what, move.data)
    check_next_step(data, at=draft.at)
    write(draft, step.key, move.role, text, data, None)


def _advance(draft: Draft) -> None:
    """The run ends when nothing is left to do; whatever was still held then stands."""
    if draft.state.status is Status.RUNNING and not open_step_key(draft.protocol, draft.state):
        settle_all(draft)
        draft.add(EventKind.ENDED)


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None or at.utcoffset() is None:
        raise ValueError("a moment needs its zone")
    return at
