"""Moves of the people of a run: somebody joins, leaves, or hands a seat over to somebody else."""

from protocols.guided import moves
from protocols.guided.draft import Draft, check_fresh
from protocols.guided.events import EventKind
from protocols.guided.moves import MoveRefused, Reason
from protocols.guided.step_moves import begin_lap, settle
from protocols.guided.steps import Visibility, role_of


def move_people(draft: Draft, move: moves.Join | moves.Leave | moves.HandOver) -> None:
    """Refuses a seat that is taken, a role that is full, and leaving one that the protocol cannot do without."""
    state = draft.state
    if state.is_over:
        raise MoveRefused(Reason.OVER)
    part = draft.protocol.parts.get(role_of(move.seat))
    taken = [seat for seat in state.seats if role_of(seat) is role_of(move.seat)]
    match move:
        case moves.Join():
            if part is None or len(taken) >= part.at_most or move.seat in state.seats:
                raise MoveRefused(Reason.NO_ROOM, max=part.at_most if part else 0)
            draft.add(EventKind.JOINED, move.seat)
        case moves.Leave():
            check_fresh(state, move.seat, move.version)
            if part is not None and len(taken) <= part.at_least:
                raise MoveRefused(Reason.SEAT_NEEDED)
            settle(draft, move.seat)  # what was written is not lost by leaving
            draft.add(EventKind.LEFT, move.seat)
            if state.step:
                begin_lap(draft, draft.protocol.step(state.step))
        case moves.HandOver():
            held = state.held.get(move.seat)
            if held and draft.protocol.step(held.step).visibility is Visibility.PRIVATE:
                settle(draft, move.seat)  # and is not put to whoever comes next
            draft.add(EventKind.HANDED_OVER, move.seat)
