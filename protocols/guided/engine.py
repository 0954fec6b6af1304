"""The rules of a run: from a state and a move to the events that follow, or a refusal.

``decide`` never changes anything: the caller stores the events it returns (all or none) and ``follow``s them.
Rules that come from the study (Honig and others 2010): a claim is asked for its evidence once and never blocked;
long lists of look-fors get cut; a conversation ends in next steps, which therefore cannot be skipped; whatever
else is left out is left out with a reason.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime

from protocols.guided import moves
from protocols.guided.draft import Draft, asked_now, check_fresh, check_running
from protocols.guided.entry_rules import (
    KEPT_DATA,
    check_next_step,
    checked_text,
    chosen_option,
    line_data,
    note_data,
    only,
)
from protocols.guided.events import Event, EventKind
from protocols.guided.moves import Move, MoveRefused, Reason
from protocols.guided.seat_moves import move_people
from protocols.guided.state import (
    HeldKind,
    Promise,
    RunState,
    Status,
    asked_step,
    counted,
    is_passed_over,
    open_step_key,
    waited_for,
)
from protocols.guided.step_moves import keep, settle_all, within_step, write
from protocols.guided.steps import Protocol, SeatKey, StepKind, role_of, seat_key
from protocols.guided.summary import may_see

MOST_EXTRA = 60
"""The most minutes that are added to a step at once."""


def begin(
    protocol: Protocol,
    *,
    at: datetime,
    promises: Sequence[Promise] = (),
    seats: Sequence[SeatKey] = (),
    groups: Mapping[SeatKey, int] | None = None,
    meets_on: date | None = None,
) -> tuple[Event, ...]:
    """The first events of a run.

    ``promises`` are those of the last visit, and open this one. ``seats`` are the seats taken (one for each role
    that must be there, where left out), ``groups`` the small groups they work in, ``meets_on`` the day of the
    meeting. Raises ``ValueError`` where the seats are not what the protocol asks for.
    """
    taken = tuple(seats) or tuple(
        seat_key(role, number)
        for role, part in protocol.parts.items()
        for number in range(1, part.at_least + 1)
    )
    if len(set(taken)) < len(taken) or any(role_of(seat) not in protocol.parts for seat in taken):
        raise ValueError(f"each seat once, of roles {', '.join(protocol.parts)}")
    for role, part in protocol.parts.items():
        if not part.at_least <= sum(role_of(seat) is role for seat in taken) <= part.at_most:
            raise ValueError(f"{part.at_least} to {part.at_most} of role {role}")
    data = {
        "protocol": protocol.key,
        "version": protocol.version,
        "promises": json.dumps([asdict(promise) for promise in promises], ensure_ascii=False),
        "seats": json.dumps(taken),
        "groups": json.dumps(groups or {}),
        "meets_on": meets_on.isoformat() if meets_on else "",
    }
    return (Event(seq=1, kind=EventKind.STARTED, at=_aware(at), data=data),)


def call(protocol: Protocol, state: RunState, *, at: datetime) -> tuple[Event, ...]:
    """The open step comes back by itself, because its day has come. Nothing where it was closed since."""
    if state.is_over or not state.step or protocol.step(state.step).every is None:
        return ()
    draft = Draft(protocol, state, _aware(at))
    draft.add(EventKind.CALLED, None, state.step)
    return tuple(draft.events)


def decide(protocol: Protocol, state: RunState, move: Move, *, at: datetime) -> tuple[Event, ...]:
    """The events that ``move`` causes at ``at`` (aware). Raises ``MoveRefused``; the state stays as it is."""
    draft = Draft(protocol, state, _aware(at))
    if move.seat not in state.seats and not isinstance(move, moves.Join):
        raise MoveRefused(Reason.NOT_TAKING_PART)
    match move:
        case moves.Join() | moves.Leave() | moves.HandOver():
            move_people(draft, move)
        case moves.Extend():
            _extend(draft, move)
        case moves.Rest():
            _rest(draft, move)
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


def _extend(draft: Draft, move: moves.Extend) -> None:
    """More time for the open step, from whoever leads.

    A button gives it once, whoever presses it how often: one made before the last minutes were given is refused.
    """
    state = draft.state
    check_running(state)
    if role_of(move.seat) is not draft.protocol.leads:
        raise MoveRefused(Reason.NOT_LEADING)
    if move.step != state.step:
        raise MoveRefused(Reason.STALE, step=state.step)
    check_fresh(state, move.seat, move.version)
    if not draft.protocol.step(state.step).is_timed or not 1 <= move.minutes <= MOST_EXTRA:
        raise MoveRefused(Reason.NOT_TIMED)
    if move.version is not None and move.version < state.extended:
        raise MoveRefused(Reason.EXTENDED_ALREADY, minutes=state.extra_minutes)
    draft.add(EventKind.EXTENDED, move.seat, state.step, data={"minutes": str(move.minutes)})


def _rest(draft: Draft, move: moves.Rest) -> None:
    """Nothing more for now, from somebody who is asked the step: it stays open and comes back by itself."""
    state = draft.state
    asked = asked_now(draft, move.seat, move.step, move.version)
    if asked.key != state.step:
        raise MoveRefused(Reason.STALE, step=state.step)
    if (asked.key, move.seat) in state.done:
        raise MoveRefused(Reason.DONE_HERE, seats=",".join(waited_for(draft.protocol, state)))
    if asked.every is None:
        raise MoveRefused(Reason.DOES_NOT_RETURN)
    if held := state.held.get(move.seat):
        if held.kind is HeldKind.OVERFULL:
            raise MoveRefused(Reason.CHOOSE_FIRST, max=draft.protocol.step(held.step).max_entries)
        keep(draft, move.seat, held)
    draft.add(EventKind.RESTED, move.seat, state.step, data={"until": move.until.isoformat()})


def _go_back(draft: Draft, move: moves.Back) -> None:
    state, seat = draft.state, move.seat
    check_running(state)
    check_fresh(state, seat, move.version)
    asked = asked_step(draft.protocol, state, seat)
    standing = asked.key if asked else state.step
    if move.step != standing:
        raise MoveRefused(Reason.STALE, step=standing)
    held = state.held.get(seat)
    if held and held.kind is HeldKind.OVERFULL:
        raise MoveRefused(Reason.CHOOSE_FIRST, max=draft.protocol.step(held.step).max_entries)
    # Who waits may go back into the step that is open; who is asked goes to one before it.
    end = draft.protocol.position(standing) + (0 if asked else 1)
    before = [
        step
        for step in draft.protocol.steps[:end]
        if (step.key, seat) in state.done and not is_passed_over(state, step)
    ]
    if not before:
        raise MoveRefused(Reason.NOTHING_BEFORE)
    if held:
        keep(draft, seat, held)
    draft.add(EventKind.WENT_BACK, seat, before[-1].key)


def _hold_or_stop(draft: Draft, move: moves.Pause | moves.Resume | moves.Abandon) -> None:
    state = draft.state
    if state.is_over:
        raise MoveRefused(Reason.OVER)
    check_fresh(state, move.seat, move.version)
    match move:
        case moves.Pause():
            check_running(state)
            draft.add(EventKind.PAUSED, move.seat, state.step)
        case moves.Resume():
            if state.status is not Status.PAUSED:
                raise MoveRefused(Reason.NOT_PAUSED)
            draft.add(EventKind.RESUMED, move.seat, state.step)
        case moves.Abandon():
            if not move.reason.strip():
                raise MoveRefused(Reason.NO_REASON)
            settle_all(draft)
            draft.add(EventKind.ABANDONED, move.seat, state.step, text=checked_text(move.reason, {}))


def _edit(draft: Draft, move: moves.Edit) -> None:
    entry = draft.state.entry(move.entry)
    if entry is None or entry.is_withdrawn or entry.step != move.step:
        raise MoveRefused(Reason.NO_SUCH_ENTRY)
    step = draft.protocol.step(entry.step)
    is_own = entry.seat == move.seat and may_see(draft.protocol, draft.state, entry, move.seat)
    if not is_own and step.kind is not StepKind.NEXT_STEPS:
        raise MoveRefused(Reason.NOT_YOURS)
    if move.version is not None and not entry.seq <= move.version <= draft.state.version:
        raise MoveRefused(Reason.STALE, step=draft.state.step)
    text = checked_text(move.text, move.data)
    data = only(KEPT_DATA, {**entry.data, **move.data})
    match step.kind:
        case StepKind.CHOICE:
            text = chosen_option(step, text)
            branches = any(other.when and other.when.step == step.key for other in draft.protocol.steps)
            if step.option(text).again or step.option(entry.text).again or branches:
                raise MoveRefused(Reason.DECIDED)
        case StepKind.LIST | StepKind.FIGURES:
            text, known = line_data(step, " ".join(text.split()))
            data = {**data, **known}
        case StepKind.NOTES:
            data = note_data(draft.state, step, entry.seat, data)
        case StepKind.NEXT_STEPS:
            is_same_day = data.get("by_when") == entry.data.get("by_when")
            check_next_step(data, at=None if is_same_day else draft.at)
    if text == entry.text and data == entry.data:
        raise MoveRefused(Reason.UNCHANGED)
    draft.add(EventKind.EDITED, move.seat, step.key, entry=entry.number, text=text, data=data)


def _add_next_step(draft: Draft, move: moves.AddNextStep) -> None:
    promise = {"who": move.who, "by_when": move.by_when.isoformat(), "evidence": move.evidence}
    data = {**move.data, **promise}
    step = next((s for s in draft.protocol.steps if s.key == move.step), None)
    if step is None or step.kind is not StepKind.NEXT_STEPS:
        raise MoveRefused(Reason.STALE, step=draft.state.step)
    if draft.state.status is not Status.ENDED:
        within_step(draft, moves.Answer(move.seat, move.step, move.what, data, move.version))
        return
    check_fresh(draft.state, move.seat, move.version)
    if len(counted(draft.state, step, move.seat)) >= step.max_entries:
        raise MoveRefused(Reason.TOO_MANY, max=step.max_entries)
    text = checked_text(move.what, move.data)
    check_next_step(data, at=draft.at)
    write(draft, step.key, move.seat, text, data, None)


def _advance(draft: Draft) -> None:
    """The run ends when nothing is left to do; whatever was still held then stands."""
    if draft.state.status is Status.RUNNING and not open_step_key(draft.protocol, draft.state):
        settle_all(draft)
        draft.add(EventKind.ENDED)


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None or at.utcoffset() is None:
        raise ValueError("a moment needs its zone")
    return at
