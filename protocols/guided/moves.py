"""What a person may do in a run, and why it may be refused.

Every move says which step it is meant for, and a move from a button also the ``version`` (number of events) of
the run when the button was made. A move is stale when its person has since done something, or the run has gone
on to another step; what the *other* person wrote meanwhile does not make it stale, because both write at once.

``data`` is what the caller knows about the text: ``room``, ``look_for`` (the entry's number) for notes; ``who``,
``by_when`` (YYYY-MM-DD), ``evidence`` for next steps; ``verdict``, ``question``, ``fault``, ``because`` from the
coach; ``names`` ("teacher" or "student") where the text names one. Other keys are not kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from protocols.guided.steps import SeatKey


@dataclass(frozen=True, slots=True)
class Answer:
    """One's own words in reply to a step. While a challenge is open it is taken as the rewrite; while a list is
    too long, as the list to keep."""

    seat: SeatKey
    step: str
    text: str
    data: Mapping[str, str] = field(default_factory=dict)
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Rewrite:
    """New words for the note that was challenged. Never challenged again. Data not given stays as it was."""

    seat: SeatKey
    step: str
    text: str
    data: Mapping[str, str] = field(default_factory=dict)
    version: int | None = None


@dataclass(frozen=True, slots=True)
class KeepAsImpression:
    """The challenged note stands as it is, marked."""

    seat: SeatKey
    step: str
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Choose:
    """Which of a list that got too long to keep: positions from 1 in the order they were offered."""

    seat: SeatKey
    step: str
    keep: tuple[int, ...]
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Finish:
    """Done with a step that takes several entries; a reveal was seen; or an earlier step is left as it is."""

    seat: SeatKey
    step: str
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Back:
    """Look at the step before again. ``step`` is where the person stands now."""

    seat: SeatKey
    step: str
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Skip:
    """Leave a step out, with a reason that the summary shows."""

    seat: SeatKey
    step: str
    reason: str
    data: Mapping[str, str] = field(default_factory=dict)
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    seat: SeatKey
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Resume:
    seat: SeatKey
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """New words for an entry, at any time, also after the end. ``version`` is checked against that entry only."""

    seat: SeatKey
    step: str
    entry: int
    text: str
    data: Mapping[str, str] = field(default_factory=dict)
    version: int | None = None


@dataclass(frozen=True, slots=True)
class AddNextStep:
    """A promise: ``who`` (a seat or a name) does ``what`` by ``by_when``; ``evidence`` will be looked at.

    Allowed in a next-steps step and after the end.
    """

    seat: SeatKey
    step: str
    who: str
    what: str
    by_when: date
    evidence: str
    data: Mapping[str, str] = field(default_factory=dict)
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Abandon:
    seat: SeatKey
    reason: str
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Extend:
    """Whoever leads gives the open step more time. From a button (with its ``version``) only once."""

    seat: SeatKey
    step: str
    minutes: int
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Rest:
    """Nothing more for now in a step that one is asked and that comes back by itself; ``until`` is the day."""

    seat: SeatKey
    step: str
    until: date
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Join:
    """Somebody takes ``seat``, which is a further one of a role that has room."""

    seat: SeatKey
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Leave:
    """Somebody gives up their seat, in a role that can do without."""

    seat: SeatKey
    version: int | None = None


@dataclass(frozen=True, slots=True)
class HandOver:
    """From now on somebody else sits in ``seat``."""

    seat: SeatKey
    version: int | None = None


Move = (
    Answer
    | Rewrite
    | KeepAsImpression
    | Choose
    | Finish
    | Back
    | Skip
    | Pause
    | Resume
    | Edit
    | AddNextStep
    | Abandon
    | Extend
    | Rest
    | Join
    | Leave
    | HandOver
)


class Reason(StrEnum):
    """Why a move was refused. ``refusals.explain`` has the sentence for each."""

    STALE = "stale"  # data: step
    OVER = "over"
    PAUSED = "paused"
    NOT_PAUSED = "not_paused"
    NOT_YOUR_TURN = "not_your_turn"  # data: seats waited for
    LISTENING = "listening"  # data: seats waited for
    DONE_HERE = "done_here"  # data: seats waited for
    NOT_TAKING_PART = "not_taking_part"
    EMPTY = "empty"
    TOO_LONG = "too_long"  # data: length, max
    NAMES_TEACHER = "names_teacher"
    NAMES_STUDENT = "names_student"
    ROOM_MISSING = "room_missing"
    ROOM_NOT_A_NUMBER = "room_not_a_number"
    UNKNOWN_LOOK_FOR = "unknown_look_for"
    NOT_AN_OPTION = "not_an_option"  # data: options
    NOTHING_TO_WRITE = "nothing_to_write"
    ALREADY_SAID = "already_said"
    TOO_MANY = "too_many"  # data: max
    TOO_FEW = "too_few"  # data: min, have
    CHOOSE_FIRST = "choose_first"  # data: max
    CHOOSE_COUNT = "choose_count"  # data: min, max
    NOTHING_HELD = "nothing_held"
    NEXT_STEP_INCOMPLETE = "next_step_incomplete"  # data: missing
    NEXT_STEP_DATE = "next_step_date"
    NEXT_STEP_PAST = "next_step_past"
    NO_REASON = "no_reason"
    REQUIRED = "required"
    ALREADY_DONE = "already_done"
    DECIDED = "decided"
    ON_THE_WAY = "on_the_way"
    NOTHING_BEFORE = "nothing_before"
    NO_SUCH_ENTRY = "no_such_entry"
    NOT_YOURS = "not_yours"
    UNCHANGED = "unchanged"
    NO_FIGURE = "no_figure"
    NOT_LEADING = "not_leading"
    NOT_TIMED = "not_timed"
    EXTENDED_ALREADY = "extended_already"  # data: minutes given to the step so far
    DOES_NOT_RETURN = "does_not_return"
    NO_ROOM = "no_room"  # data: max
    SEAT_NEEDED = "seat_needed"


class MoveRefused(Exception):
    """The move changes nothing, and why. ``data`` holds numbers and keys, never what somebody wrote."""

    def __init__(self, reason: Reason, **data: str | int) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.data = {key: str(value) for key, value in data.items()}
