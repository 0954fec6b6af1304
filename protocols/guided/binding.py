"""A protocol joined with the district's teaching and learning framework as a run begins.

Until then a protocol says only that a list is filled from the framework's look-fors, or that a choice has its levels.
The run keeps what it was bound to, so that a later framework changes nothing in it.
"""

from collections.abc import Sequence
from dataclasses import replace

from protocols.guided.steps import Offer, Option, Protocol, Source, Step


def bind(protocol: Protocol, *, offers: Sequence[Offer], levels: Sequence[Option]) -> Protocol:
    """The protocol with the look-fors to pick from and the levels to rate with."""

    def bound(step: Step) -> Step:
        match step.source:
            case Source.LOOK_FORS:
                return replace(step, offers=tuple(offers))
            case Source.SCALE:
                return replace(step, options=tuple(levels))
            case Source.NONE:
                return step

    return replace(protocol, steps=tuple(bound(step) for step in protocol.steps))
