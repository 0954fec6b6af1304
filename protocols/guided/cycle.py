"""Where a cycle of inquiry stands, read off its run: the phase it is in, and the way it was decided.

A protocol is a cycle where one of its choices may begin a new round: adopt the strategy, adapt it and go round again,
or abandon it. Only which way was chosen is read here; what it is about is not.
"""

from enum import StrEnum

from protocols.guided.state import RunState, Status
from protocols.guided.steps import Protocol, StepKind


class Way(StrEnum):
    """How a cycle ended. ``OTHER``: a choice of the district's own; ``NONE``: it ended before anything was decided."""

    ADOPT = "adopt"
    ADAPT = "adapt"
    ABANDON = "abandon"
    OTHER = "other"
    NONE = "none"


def phase_of(protocol: Protocol, state: RunState) -> str:
    """The phase of the open step, in the protocol's word; "" once the run is over."""
    return protocol.step(state.step).phase if state.step and not state.is_over else ""


def way_of(protocol: Protocol, state: RunState) -> Way | None:
    """How the cycle was decided; None while it runs. One that was given up holds no decision, whatever was chosen."""
    if not state.is_over:
        return None
    if state.status is Status.ABANDONED:
        return Way.NONE
    deciding = [
        step.key
        for step in protocol.steps
        if step.kind is StepKind.CHOICE and any(option.again for option in step.options)
    ]
    chosen = [entry.text for key in deciding for entry in state.live(key)]
    if not chosen:
        return Way.NONE
    return Way(chosen[-1]) if chosen[-1] in (Way.ADOPT, Way.ADAPT, Way.ABANDON) else Way.OTHER
