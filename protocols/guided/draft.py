"""A decision in the making, and the checks that come before any rule: is the run on, whose turn is it, is it stale."""

from collections.abc import Mapping
from datetime import datetime

from protocols.guided.events import Event, EventKind
from protocols.guided.history import follow
from protocols.guided.moves import MoveRefused, Reason
from protocols.guided.state import RunState, Status, asked_step, waited_for
from protocols.guided.steps import Protocol, SeatKey, Step, role_of


class Draft:
    """Events being decided, and the state they lead to, so that each rule sees what the one before it caused."""

    def __init__(self, protocol: Protocol, state: RunState, at: datetime) -> None:
        self.protocol = protocol
        self.state = state
        self.at = at
        self.events: list[Event] = []

    def add(
        self,
        kind: EventKind,
        seat: SeatKey | None = None,
        step: str = "",
        *,
        entry: int | None = None,
        text: str = "",
        data: Mapping[str, str] | None = None,
    ) -> None:
        event = Event(self.state.version + 1, kind, self.at, seat, step, entry, text, dict(data or {}))
        self.state = follow(self.protocol, self.state, (event,))
        self.events.append(event)


def check_fresh(state: RunState, seat: SeatKey, version: int | None) -> None:
    """Refuses what was pressed on a card that this seat has since moved past (or that never was)."""
    if version is not None and not state.asked_since.get(seat, 0) <= version <= state.version:
        raise MoveRefused(Reason.STALE, step=state.step)


def check_running(state: RunState) -> None:
    """Refuses whatever needs a run that is neither paused nor over."""
    if state.is_over:
        raise MoveRefused(Reason.OVER)
    if state.status is Status.PAUSED:
        raise MoveRefused(Reason.PAUSED)


def asked_now(draft: Draft, seat: SeatKey, step: str, version: int | None) -> Step:
    """The step the seat is asked, which must be the one meant. Refuses what is stale or not theirs to do now."""
    check_running(draft.state)
    check_fresh(draft.state, seat, version)
    asked = asked_step(draft.protocol, draft.state, seat)
    if asked is None and step and step == draft.state.step:
        raise MoveRefused(
            _why_waiting(draft, draft.protocol.step(step), seat),
            seats=",".join(waited_for(draft.protocol, draft.state)),
        )
    if asked is None or asked.key != step:
        raise MoveRefused(Reason.STALE, step=asked.key if asked else draft.state.step)
    return asked


def _why_waiting(draft: Draft, step: Step, seat: SeatKey) -> Reason:
    if role_of(seat) in step.listens:
        return Reason.LISTENING
    return Reason.DONE_HERE if (step.key, seat) in draft.state.done else Reason.NOT_YOUR_TURN
