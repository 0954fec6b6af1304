"""What happened in a run, one event after another. The list is the run; everything else is read off it.

Events are only ever added. A mistake is mended by a further event, so every former wording stays in the history.
One move of a person appends its events in one transaction; ``seq`` counts from 1 without gaps, so that a unique
key on (run, seq) lets only one of two simultaneous writers win, and the other decides again on the new state.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pydantic import AwareDatetime, TypeAdapter

from protocols.guided.steps import SeatKey


class EventKind(StrEnum):
    STARTED = "started"  # data: protocol, version, promises, seats, groups (JSON), meets_on
    ANSWERED = "answered"  # a new entry
    CHALLENGED = "challenged"  # an entry is held until its writer rewrites it or keeps it
    KEPT = "kept"  # the held entry stands as an impression
    EDITED = "edited"  # an entry has new words; the old ones stay in its history
    OVERFULL = "overfull"  # a list got too long; text: the further lines, held until some are chosen
    CHOSEN = "chosen"  # what to keep of the long list was chosen
    WITHDRAWN = "withdrawn"  # an entry was not among the chosen
    FINISHED = "finished"  # the seat is done with the step
    SKIPPED = "skipped"  # the seat left the step out; text: the reason
    WENT_BACK = "went_back"  # the seat looks at an earlier step again
    RETURNED = "returned"  # and is back where the run stands
    PAUSED = "paused"
    RESUMED = "resumed"
    ROUND_BEGAN = "round_began"  # from this step on, once more; data: round
    LAP_BEGAN = "lap_began"  # this step and its block, for the next entry of their list; data: list, lap
    EXTENDED = "extended"  # the open step may take longer; data: minutes
    RESTED = "rested"  # nothing more for now; data: until, the day on which the step comes back by itself
    CALLED = "called"  # and it came back
    JOINED = "joined"  # somebody took a further seat
    LEFT = "left"  # somebody has left theirs; what they wrote stays
    HANDED_OVER = "handed_over"  # somebody else sits there from now on
    ENDED = "ended"
    ABANDONED = "abandoned"  # text: the reason


@dataclass(frozen=True, slots=True)
class Event:
    """One fact. ``seat`` is who caused it (None: the run itself), ``entry`` the number of the entry it is about."""

    seq: int
    kind: EventKind
    at: AwareDatetime
    seat: SeatKey | None = None
    step: str = ""
    entry: int | None = None
    text: str = ""
    data: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        """One line of JSON that ``from_json`` reads back to an equal value."""
        return _EVENT.dump_json(self).decode()

    @staticmethod
    def from_json(text: str) -> "Event":
        """The event that ``to_json`` wrote. Raises ``ValueError`` where the text is none."""
        return _EVENT.validate_json(text)


_EVENT: TypeAdapter[Event] = TypeAdapter(Event)
