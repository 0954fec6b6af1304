"""The events of a run folded into its state, one after another."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from protocols.guided.events import Event, EventKind
from protocols.guided.state import (
    Entry,
    Held,
    HeldKind,
    Promise,
    Revision,
    RunState,
    Skipped,
    Status,
    open_step_key,
    seats_of,
    waited_for,
)
from protocols.guided.steps import Challenge, Closing, Protocol, SeatKey, Step, role_of

_Value = TypeVar("_Value")
_Key = TypeVar("_Key")
_ASIDE = (
    *(EventKind.EXTENDED, EventKind.RESTED, EventKind.CALLED),
    *(EventKind.JOINED, EventKind.LEFT, EventKind.HANDED_OVER),
)
"""What changes nothing that anybody is asked, so that no card goes stale."""


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
        if step != state.step or event.kind is EventKind.LAP_BEGAN:
            opened = changed.opened | {_pass(protocol.step(step), changed)} if step else changed.opened
            changed = replace(
                changed, step=step, opened=opened, opened_at=event.at, extra_minutes=0, extended=0
            )
        since = {
            **changed.asked_since,
            **dict.fromkeys(_asked_anew(protocol, state, changed, event), event.seq),
        }
        state = replace(changed, asked_since=since)
    return state


def _asked_anew(protocol: Protocol, before: RunState, after: RunState, event: Event) -> Collection[SeatKey]:
    """Whose cards the event makes stale: everybody's when the run moves, else its author's.

    New words for an old entry change nothing that is asked.
    """
    has_moved = after.step != before.step or after.laps != before.laps or after.status != before.status
    if has_moved or event.seat is None:
        return after.seats
    if event.kind in _ASIDE:
        return ()
    is_aside = event.kind is EventKind.EDITED and after.held == before.held
    next_up = waited_for(protocol, after)[:1] if after.step and protocol.step(after.step).in_turns else ()
    return () if is_aside else (event.seat, *next_up)


def _apply(protocol: Protocol, state: RunState, event: Event) -> RunState:
    match event.kind:
        case EventKind.STARTED:
            return _started(state, event)
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
            is_for_all = step.closing is Closing.ANY or event.data.get("for") == "all"
            return _done(state, step, seats_of(state, step) if is_for_all else (_actor(event),))
        case EventKind.SKIPPED:
            seat, round_ = _actor(event), state.round_of(event.step)
            skip = Skipped(event.step, seat, event.text, event.at, round_)
            return replace(_done(state, protocol.step(event.step), (seat,)), skipped=(*state.skipped, skip))
        case EventKind.WENT_BACK:
            return replace(state, revisiting={**state.revisiting, _actor(event): event.step})
        case EventKind.RETURNED:
            return replace(state, revisiting=_without(state.revisiting, _actor(event)))
        case EventKind.PAUSED:
            return replace(state, status=Status.PAUSED, paused_by=event.seat, paused_at=event.at)
        case EventKind.RESUMED:
            return _resumed(state, event)
        case EventKind.ROUND_BEGAN:
            again = protocol.steps[protocol.position(event.step) :]
            keys = {step.key for step in again}
            return replace(
                _undone(state, keys),
                rounds={**state.rounds, **{key: state.round_of(key) + 1 for key in keys}},
                laps=_without(state.laps, *{step.repeats for step in again}),
            )
        case EventKind.LAP_BEGAN:
            block = event.data["list"]
            keys = {step.key for step in protocol.steps if step.repeats == block}
            return replace(_undone(state, keys), laps={**state.laps, block: int(event.data["lap"])})
        case EventKind.EXTENDED:
            minutes = state.extra_minutes + int(event.data["minutes"])
            return replace(state, extra_minutes=minutes, extended=event.seq)
        case EventKind.RESTED:
            until = date.fromisoformat(event.data["until"])
            return replace(state, rests={**state.rests, event.step: until})
        case EventKind.CALLED:
            calls = {**state.calls, event.step: state.calls.get(event.step, 0) + 1}
            return replace(state, rests=_without(state.rests, event.step), calls=calls)
        case EventKind.JOINED:
            return _joined(protocol, state, event)
        case EventKind.LEFT:
            return _left(protocol, state, _actor(event))
        case EventKind.HANDED_OVER:
            return replace(state, tenures={**state.tenures, _actor(event): event.seq})
        case EventKind.ENDED | EventKind.ABANDONED:
            status = Status.ENDED if event.kind is EventKind.ENDED else Status.ABANDONED
            return replace(
                state, status=status, ended_at=event.at, closing_reason=event.text, revisiting={}, held={}
            )


def _started(state: RunState, event: Event) -> RunState:
    data = event.data
    groups = json.loads(data.get("groups", "{}"))
    return replace(
        state,
        status=Status.RUNNING,
        seats=tuple(SeatKey(seat) for seat in json.loads(data["seats"])),
        groups={SeatKey(seat): int(group) for seat, group in groups.items()},
        meets_on=date.fromisoformat(data["meets_on"]) if data.get("meets_on") else None,
        promises=tuple(
            Promise(**{**promise, "by": SeatKey(promise["by"]) if promise["by"] else None})
            for promise in json.loads(data["promises"])
        ),
        started_at=event.at,
    )


def _resumed(state: RunState, event: Event) -> RunState:
    """The time of the open step stood still meanwhile."""
    opened_at = state.opened_at
    if opened_at is not None and state.paused_at is not None:
        opened_at += event.at - max(state.paused_at, opened_at)
    return replace(state, status=Status.RUNNING, paused_by=None, paused_at=None, opened_at=opened_at)


def _joined(protocol: Protocol, state: RunState, event: Event) -> RunState:
    """Somebody begins where the run stands: what is behind it is done for them too, and open to them by going back."""
    seat = _actor(event)
    behind = protocol.steps[: protocol.position(state.step)] if state.step else protocol.steps
    return replace(
        state,
        seats=(*state.seats, seat),
        done=state.done | {(step.key, seat) for step in behind if role_of(seat) in step.who},
        tenures={**state.tenures, seat: event.seq},
    )


def _left(protocol: Protocol, state: RunState, seat: SeatKey) -> RunState:
    """Nobody waits for who has left: if all others have done the open step, it is closed."""
    others = replace(
        state,
        seats=tuple(other for other in state.seats if other != seat),
        held=_without(state.held, seat),
        revisiting=_without(state.revisiting, seat),
    )
    return _done(others, protocol.step(state.step), ()) if state.step else others


def _undone(state: RunState, keys: Collection[str]) -> RunState:
    done = frozenset(pair for pair in state.done if pair[0] not in keys)
    return replace(state, done=done, revisiting={})


def _done(state: RunState, step: Step, seats: Iterable[SeatKey]) -> RunState:
    done = state.done | {(step.key, seat) for seat in seats}
    is_closed = all((step.key, seat) in done for seat in seats_of(state, step))
    closed = state.closed | {_pass(step, state)} if is_closed else state.closed
    return replace(
        state, done=done, closed=closed, rests=_without(state.rests, step.key) if is_closed else state.rests
    )


def _pass(step: Step, state: RunState) -> tuple[str, int, int]:
    """One time that a step is gone through: its key, round and lap."""
    return step.key, state.round_of(step.key), state.lap_of(step)


def _write(step: Step, state: RunState, event: Event) -> RunState:
    """A new entry, or new words for one; clears what the seat had held where this settles it."""
    seat, number = _actor(event), event.entry
    if number is None:
        raise BrokenHistory(f"event {event.seq} writes no entry")
    held = state.held.get(seat)
    is_settling = held is not None and (event.kind is not EventKind.EDITED or held.replaces == number)
    is_impression = event.kind is EventKind.KEPT and step.challenge is Challenge.EVIDENCE
    old = state.entry(number)
    if old is None:
        entry = Entry(
            number=number,
            step=event.step,
            seat=seat,
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
            history=(*old.history, Revision(old.text, old.data, seat, event.at)),
        )
        entries = _with(state.entries, entry)
    skipped = tuple(
        skip
        for skip in state.skipped
        if (skip.step, skip.seat, skip.round) != (event.step, seat, state.round_of(event.step))
    )
    return replace(
        state,
        entries=entries,
        skipped=skipped,
        held=_without(state.held, seat) if is_settling else state.held,
    )


def _with(entries: tuple[Entry, ...], changed: Entry) -> tuple[Entry, ...]:
    return tuple(changed if entry.number == changed.number else entry for entry in entries)


def _existing(state: RunState, event: Event) -> Entry:
    entry = state.entry(event.entry or 0)
    if entry is None:
        raise BrokenHistory(f"event {event.seq} is about an entry that is not there")
    return entry


def _actor(event: Event) -> SeatKey:
    if event.seat is None:
        raise BrokenHistory(f"event {event.seq} ({event.kind}) names nobody")
    return event.seat


def _without(mapping: Mapping[_Key, _Value], *keys: _Key) -> Mapping[_Key, _Value]:
    return {key: value for key, value in mapping.items() if key not in keys}
