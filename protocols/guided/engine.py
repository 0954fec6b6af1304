"""The rules of a run: from a state and a move to the events that follow, or a refusal.

``decide`` never changes anything: the caller stores the events it returns (all or none) and ``follow``s them.
Rules that come from the study (Honig and others 2010): a claim is asked for its evidence once and never blocked;
long lists of look-fors get cut; a conversation ends in next steps, which therefore cannot be skipped; whatever
else is left out is left out with a reason.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from protocols.guided import moves
from protocols.guided.entry_rules import (
    HELD_DATA,
    JUDGED,
    KEPT_DATA,
    PLACE_DATA,
    check_next_step,
    checked_text,
    chosen_option,
    new_lines,
    note_data,
    only,
)
from protocols.guided.events import Event, EventKind
from protocols.guided.moves import Move, MoveRefused, Reason
from protocols.guided.state import (
    Held,
    HeldKind,
    Promise,
    RunState,
    Status,
    asked_step,
    counted,
    follow,
    open_step_key,
    waited_for,
)
from protocols.guided.steps import Challenge, Protocol, Role, Step, StepKind


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
    draft = _Draft(protocol, state, _aware(at))
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
            _within_step(draft, move)
    _advance(draft)
    return tuple(draft.events)


class _Draft:
    """Events being decided, and the state they lead to, so that each rule sees what the one before it caused."""

    def __init__(self, protocol: Protocol, state: RunState, at: datetime) -> None:
        self.protocol = protocol
        self.state = state
        self.at = at
        self.events: list[Event] = []

    def add(
        self,
        kind: EventKind,
        role: Role | None = None,
        step: str = "",
        *,
        entry: int | None = None,
        text: str = "",
        data: Mapping[str, str] | None = None,
    ) -> None:
        event = Event(self.state.version + 1, kind, self.at, role, step, entry, text, dict(data or {}))
        self.state = follow(self.protocol, self.state, (event,))
        self.events.append(event)


# Which step is meant, and whether it still is


def _check_fresh(state: RunState, role: Role, version: int | None) -> None:
    if version is not None and not state.asked_since.get(role, 0) <= version <= state.version:
        raise MoveRefused(Reason.STALE, step=state.step)


def _check_running(state: RunState) -> None:
    if state.is_over:
        raise MoveRefused(Reason.OVER)
    if state.status is Status.PAUSED:
        raise MoveRefused(Reason.PAUSED)


def _asked(draft: _Draft, role: Role, step: str, version: int | None) -> Step:
    """The step the role is asked, which must be the one meant. Refuses what is stale or not theirs to do now."""
    _check_running(draft.state)
    _check_fresh(draft.state, role, version)
    asked = asked_step(draft.protocol, draft.state, role)
    if asked is None and step and step == draft.state.step:
        raise MoveRefused(
            _why_waiting(draft.protocol.step(step), role),
            roles=",".join(waited_for(draft.protocol, draft.state)),
        )
    if asked is None or asked.key != step:
        raise MoveRefused(Reason.STALE, step=asked.key if asked else draft.state.step)
    return asked


def _why_waiting(step: Step, role: Role) -> Reason:
    if role in step.listens:
        return Reason.LISTENING
    return Reason.DONE_HERE if role in step.who else Reason.NOT_YOUR_TURN


# Moves within a step


def _within_step(
    draft: _Draft,
    move: moves.Answer | moves.Rewrite | moves.KeepAsImpression | moves.Choose | moves.Finish | moves.Skip,
) -> None:
    step = _asked(draft, move.role, move.step, move.version)
    held = draft.state.held.get(move.role)
    if held and held.kind is HeldKind.OVERFULL and not isinstance(move, moves.Choose):
        raise MoveRefused(Reason.CHOOSE_FIRST, max=step.max_entries)
    match move:
        case moves.Answer() | moves.Rewrite():
            if isinstance(move, moves.Rewrite) and held is None:
                raise MoveRefused(Reason.NOTHING_HELD)
            _answer(draft, step, held, move.role, move.text, move.data)
        case moves.KeepAsImpression():
            if held is None:
                raise MoveRefused(Reason.NOTHING_HELD)
            _keep(draft, move.role, held)
            _finish_single(draft, step, move.role)
        case moves.Choose():
            if held is None or held.kind is not HeldKind.OVERFULL:
                raise MoveRefused(Reason.NOTHING_HELD)
            _choose(draft, step, held, move)
        case moves.Finish():
            _finish(draft, step, held, move.role)
        case moves.Skip():
            _skip(draft, step, held, move)


def _answer(
    draft: _Draft, step: Step, held: Held | None, role: Role, text: str, data: Mapping[str, str]
) -> None:
    if step.kind is StepKind.REVEAL:
        raise MoveRefused(Reason.NOTHING_TO_WRITE)
    text = checked_text(text, data)
    if step.kind is StepKind.LIST:
        _answer_list(draft, step, role, text)
        return
    given = {**only(PLACE_DATA, held.data), **data} if held else dict(data)
    if step.kind is StepKind.CHOICE:
        text, given = chosen_option(step, text), {}
    elif step.kind is StepKind.NOTES:
        given = note_data(draft.state, step, role, given)
    elif step.kind is StepKind.NEXT_STEPS:
        check_next_step(given, at=draft.at)
    replaces = held.replaces if held else _replaced_by_answer(draft.state, step, role)
    if held is None and replaces is None and len(counted(draft.state, step, role)) >= step.max_entries:
        raise MoveRefused(Reason.TOO_MANY, max=step.max_entries)
    if held is None and step.challenge is not Challenge.NONE and data.get("verdict") in JUDGED:
        kept = only(HELD_DATA, given)
        draft.add(EventKind.CHALLENGED, role, step.key, entry=replaces, text=text, data=kept)
        return
    _write(draft, step.key, role, text, given, replaces)
    _finish_single(draft, step, role)


def _replaced_by_answer(state: RunState, step: Step, role: Role) -> int | None:
    """A step of one answer, looked at again, has that answer changed; others get a further one."""
    mine = state.live(step.key, role)
    return mine[-1].number if mine and not step.takes_many else None


def _write(
    draft: _Draft, step: str, role: Role, text: str, data: Mapping[str, str], replaces: int | None
) -> None:
    kind = EventKind.ANSWERED if replaces is None else EventKind.EDITED
    number = replaces or len(draft.state.entries) + 1
    draft.add(kind, role, step, entry=number, text=text, data=only(KEPT_DATA, data))


def _answer_list(draft: _Draft, step: Step, role: Role, text: str) -> None:
    """One entry a line. The line over the limit holds all further ones back until it is chosen what to keep."""
    have = [entry.text for entry in draft.state.live(step.key, role)]
    lines = new_lines(text, have)
    if not lines:
        raise MoveRefused(Reason.ALREADY_SAID)
    if len(have) + len(lines) > step.max_entries:
        draft.add(EventKind.OVERFULL, role, step.key, text="\n".join(lines))
        return
    for words in lines:
        _write(draft, step.key, role, words, {}, None)
    _finish_single(draft, step, role)


def _choose(draft: _Draft, step: Step, held: Held, move: moves.Choose) -> None:
    entries = draft.state.live(step.key, move.role)
    keep = set(move.keep)
    in_range = all(1 <= place <= len(entries) + len(held.texts) for place in keep)
    if not in_range or len(keep) != len(move.keep) or not step.min_entries <= len(keep) <= step.max_entries:
        raise MoveRefused(Reason.CHOOSE_COUNT, min=step.min_entries, max=step.max_entries)
    draft.add(EventKind.CHOSEN, move.role, step.key)
    for place, entry in enumerate(entries, 1):
        if place not in keep:
            draft.add(EventKind.WITHDRAWN, move.role, step.key, entry=entry.number)
    for place, words in enumerate(held.texts, len(entries) + 1):
        if place in keep:
            _write(draft, step.key, move.role, words, {}, None)
    _leave(draft, step, move.role)


def _keep(draft: _Draft, role: Role, held: Held) -> None:
    number = held.replaces or len(draft.state.entries) + 1
    data = only(KEPT_DATA, held.data)
    draft.add(EventKind.KEPT, role, held.step, entry=number, text=held.texts[0], data=data)


def _finish(draft: _Draft, step: Step, held: Held | None, role: Role) -> None:
    if held:  # a challenge never blocks: what is left unanswered stands as an impression
        _keep(draft, role, held)
    have = len(counted(draft.state, step, role))
    if step.kind is not StepKind.REVEAL and have < step.min_entries and role not in draft.state.revisiting:
        raise MoveRefused(Reason.TOO_FEW, min=step.min_entries, have=have)
    _leave(draft, step, role)


def _skip(draft: _Draft, step: Step, held: Held | None, move: moves.Skip) -> None:
    if step.is_required:
        raise MoveRefused(Reason.REQUIRED, step=step.key)
    if (step.key, move.role) in draft.state.done:
        raise MoveRefused(Reason.ALREADY_ANSWERED)
    if not move.reason.strip():
        raise MoveRefused(Reason.NO_REASON)
    reason = checked_text(move.reason, move.data)
    if held:
        _keep(draft, move.role, held)
    draft.add(EventKind.SKIPPED, move.role, step.key, text=reason)


def _finish_single(draft: _Draft, step: Step, role: Role) -> None:
    if not step.takes_many:
        _leave(draft, step, role)


def _leave(draft: _Draft, step: Step, role: Role) -> None:
    """The role is done here: back to where the run stands, or on to what comes next."""
    if draft.state.revisiting.get(role) == step.key:
        draft.add(EventKind.RETURNED, role, step.key)
    if (step.key, role) not in draft.state.done:
        draft.add(EventKind.FINISHED, role, step.key)
    _begin_round(draft, step, role)


def _begin_round(draft: _Draft, step: Step, role: Role) -> None:
    """Round again where the option chosen says so: adapt a strategy, and gather evidence anew."""
    if step.kind is not StepKind.CHOICE:
        return
    mine = draft.state.live(step.key, role)
    again = step.option(mine[-1].text).again if mine else ""
    if again:
        _settle_all(draft)
        number = draft.state.round_of(again) + 1
        draft.add(EventKind.ROUND_BEGAN, None, again, data={"round": str(number)})


# Moves across steps


def _go_back(draft: _Draft, move: moves.Back) -> None:
    state, role = draft.state, move.role
    _check_running(state)
    _check_fresh(state, role, move.version)
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
        _keep(draft, role, held)
    draft.add(EventKind.WENT_BACK, role, before[-1].key)


def _hold_or_stop(draft: _Draft, move: moves.Pause | moves.Resume | moves.Abandon) -> None:
    state = draft.state
    if state.is_over:
        raise MoveRefused(Reason.OVER)
    _check_fresh(state, move.role, move.version)
    match move:
        case moves.Pause():
            _check_running(state)
            draft.add(EventKind.PAUSED, move.role, state.step)
        case moves.Resume():
            if state.status is not Status.PAUSED:
                raise MoveRefused(Reason.NOT_PAUSED)
            draft.add(EventKind.RESUMED, move.role, state.step)
        case moves.Abandon():
            if not move.reason.strip():
                raise MoveRefused(Reason.NO_REASON)
            _settle_all(draft)
            draft.add(EventKind.ABANDONED, move.role, state.step, text=checked_text(move.reason, {}))


def _edit(draft: _Draft, move: moves.Edit) -> None:
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
                raise MoveRefused(Reason.ALREADY_ANSWERED)
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


def _add_next_step(draft: _Draft, move: moves.AddNextStep) -> None:
    promise = {"who": move.who, "by_when": move.by_when.isoformat(), "evidence": move.evidence}
    data = {**move.data, **promise}
    step = next((s for s in draft.protocol.steps if s.key == move.step), None)
    if step is None or step.kind is not StepKind.NEXT_STEPS:
        raise MoveRefused(Reason.STALE, step=draft.state.step)
    if draft.state.status is not Status.ENDED:
        _within_step(draft, moves.Answer(move.role, move.step, move.what, data, move.version))
        return
    _check_fresh(draft.state, move.role, move.version)
    if len(counted(draft.state, step, move.role)) >= step.max_entries:
        raise MoveRefused(Reason.TOO_MANY, max=step.max_entries)
    text = checked_text(move.what, move.data)
    check_next_step(data, at=draft.at)
    _write(draft, step.key, move.role, text, data, None)


def _advance(draft: _Draft) -> None:
    """The run ends when nothing is left to do; whatever was still held then stands."""
    if draft.state.status is Status.RUNNING and not open_step_key(draft.protocol, draft.state):
        _settle_all(draft)
        draft.add(EventKind.ENDED)


def _settle_all(draft: _Draft) -> None:
    for role, held in tuple(draft.state.held.items()):
        if held.kind is HeldKind.CHALLENGED:
            _keep(draft, role, held)
        else:
            draft.add(EventKind.CHOSEN, role, held.step)


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None or at.utcoffset() is None:
        raise ValueError("a moment needs its zone")
    return at
