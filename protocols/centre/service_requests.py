"""A service request: what a school asks of a unit, from the question to "it is mended".

States, and the steps that lead from one to the next::

    new --promise a day--> taken --ask the school--> waiting --reply--> taken
    new, taken, waiting --done--> done --it is mended--> mended
    new, taken, waiting --decline, with a reason--> declined
    done, mended, declined --reopen, with a reason--> new
    new, taken, waiting --hand on--> new, at another unit;  --withdraw--> withdrawn

``new`` means unanswered: nobody of the unit has promised a day, asked back, done or declined it. To name somebody of
the unit is no answer, and neither is to hand it on, so the clock of whoever asked goes on.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from protocols.cadence import answer_clock
from protocols.cadence.calendar import SchoolCalendar

USUAL_DAYS = 3
"""School days after which an unanswered request is brought to the unit's head and the school's ILD."""
MOST_DAYS = 20
FARTHEST = timedelta(days=366)
"""A promise beyond it is none."""


class State(StrEnum):
    NEW = "new"
    TAKEN = "taken"
    WAITING = "waiting"  # for the school
    DONE = "done"  # the unit says so
    MENDED = "mended"  # the principal says so
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


OPEN = frozenset({State.NEW, State.TAKEN, State.WAITING})
"""The unit, or the school for it, still has something to do."""


class Side(StrEnum):
    SCHOOL = "school"
    UNIT = "unit"


class Step(StrEnum):
    PROMISE = "promise"
    NAME = "name"
    HAND_ON = "hand_on"
    ASK_BACK = "ask_back"
    FINISH = "finish"
    DECLINE = "decline"
    REPLY = "reply"
    CONFIRM = "confirm"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Rule:
    """``to`` None: the state stays. ``needs_words``: a question, an answer or a reason; ``needs_day``: a promise."""

    side: Side
    starts: frozenset[State]
    to: State | None
    needs_words: bool = False
    needs_day: bool = False
    is_answer: bool = False


RULES: dict[Step, Rule] = {
    Step.PROMISE: Rule(Side.UNIT, OPEN, State.TAKEN, needs_day=True, is_answer=True),
    Step.NAME: Rule(Side.UNIT, OPEN, None),
    Step.HAND_ON: Rule(Side.UNIT, OPEN, State.NEW),
    Step.ASK_BACK: Rule(
        Side.UNIT, frozenset({State.NEW, State.TAKEN}), State.WAITING, needs_words=True, is_answer=True
    ),
    Step.FINISH: Rule(Side.UNIT, OPEN, State.DONE, is_answer=True),
    Step.DECLINE: Rule(Side.UNIT, OPEN, State.DECLINED, needs_words=True, is_answer=True),
    Step.REPLY: Rule(Side.SCHOOL, frozenset({State.WAITING}), State.TAKEN, needs_words=True),
    Step.CONFIRM: Rule(Side.SCHOOL, frozenset({State.DONE}), State.MENDED),
    Step.REOPEN: Rule(
        Side.SCHOOL, frozenset({State.DONE, State.MENDED, State.DECLINED}), State.NEW, needs_words=True
    ),
    Step.WITHDRAW: Rule(Side.SCHOOL, OPEN, State.WITHDRAWN),
}


class StepFault(ValueError):
    """The step cannot be taken like this; the text says what to write or press instead."""


def after(state: State, step: Step) -> State | None:
    """The state that the step leads to; None where it cannot be taken from this one."""
    rule = RULES[step]
    return (rule.to or state) if state in rule.starts else None


def steps_from(state: State, side: Side) -> list[Step]:
    """What a side may do with a request in this state, in the order in which it is offered."""
    return [step for step, rule in RULES.items() if rule.side is side and state in rule.starts]


def check_step(step: Step, *, words: str = "", promised: date | None = None, today: date) -> None:
    """Raise ``StepFault`` where the step lacks its words or its day, or the day cannot be kept."""
    rule = RULES[step]
    if rule.needs_words and not words.strip():
        raise StepFault("Say it in a line, so that the other side knows where it stands.")
    if not rule.needs_day:
        return
    if promised is None:
        raise StepFault("Promise a day: Tue 8 Dec, tomorrow, 2026-12-08.")
    if promised < today:
        raise StepFault("That day has passed. Promise one from today on.")
    if promised > today + FARTHEST:
        raise StepFault("That is more than a year away. Promise a nearer day, or decline it with a reason.")


def unanswered_since(clock_from: datetime, days: int, calendar: SchoolCalendar, zone: ZoneInfo) -> datetime:
    """The UTC instant at which a request that has waited since the aware ``clock_from`` is brought up: so many school
    days later, in school hours."""
    return answer_clock.due(clock_from, days, calendar, zone)


def days_open(asked: date, today: date, calendar: SchoolCalendar) -> int:
    """School days since it was asked; breaks do not count."""
    return calendar.school_days_since(asked, today)


def is_late(state: State, promised: date | None, today: date) -> bool:
    """Whether the promised day has passed and it is the unit that has not kept it."""
    return state is State.TAKEN and promised is not None and promised < today
