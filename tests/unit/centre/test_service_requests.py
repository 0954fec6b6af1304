"""The states of a service request and the steps between them, written out a second time by hand."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from protocols.cadence.calendar import Closure, ClosureKind, SchoolCalendar, SchoolYear
from protocols.centre.service_requests import (
    RULES,
    Side,
    State,
    Step,
    StepFault,
    after,
    check_step,
    days_open,
    is_late,
    steps_from,
    unanswered_since,
)

STATES = ("new", "taken", "waiting", "done", "mended", "declined", "withdrawn")
TABLE = {  # where each step leads from each state; "-" not from there
    # step        new        taken      waiting    done     mended   declined  withdrawn
    "promise":   "taken      taken      taken      -        -        -         -",
    "name":      "new        taken      waiting    -        -        -         -",
    "hand_on":   "new        new        new        -        -        -         -",
    "ask_back":  "waiting    waiting    -          -        -        -         -",
    "finish":    "done       done       done       -        -        -         -",
    "decline":   "declined   declined   declined   -        -        -         -",
    "reply":     "-          -          taken      -        -        -         -",
    "confirm":   "-          -          -          mended   -        -         -",
    "reopen":    "-          -          -          new      new      new       -",
    "withdraw":  "withdrawn  withdrawn  withdrawn  -        -        -         -",
}  # fmt: skip
SCHOOLS_STEPS = {"reply", "confirm", "reopen", "withdraw"}
ANSWERS = {"promise", "ask_back", "finish", "decline"}
TODAY = date(2026, 11, 24)
EAST = ZoneInfo("America/New_York")
CALENDAR = SchoolCalendar(
    (SchoolYear("2026-27", date(2026, 8, 31), date(2027, 6, 18)),),
    closures=(Closure(date(2026, 11, 25), date(2026, 11, 27), ClosureKind.HOLIDAY, "Thanksgiving break"),),
)


def test_the_table_has_every_step_and_every_state() -> None:
    assert set(TABLE) == {step.value for step in Step}
    assert set(STATES) == {state.value for state in State}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("step", TABLE)
def test_where_a_step_leads(step: str, state: str) -> None:
    expected = dict(zip(STATES, TABLE[step].split(), strict=True))[state]
    to = after(State(state), Step(step))
    assert (to.value if to else "-") == expected
    side = Side.SCHOOL if step in SCHOOLS_STEPS else Side.UNIT
    other = Side.UNIT if side is Side.SCHOOL else Side.SCHOOL
    assert (Step(step) in steps_from(State(state), side)) == (expected != "-")
    assert Step(step) not in steps_from(State(state), other)


@pytest.mark.parametrize("step", Step)
def test_what_counts_as_an_answer(step: Step) -> None:
    assert RULES[step].is_answer == (step.value in ANSWERS)


@pytest.mark.parametrize(
    ("step", "words", "day", "fault"),
    [
        ("promise", "", None, "Promise a day"),
        ("promise", "", TODAY - timedelta(days=1), "has passed"),
        ("promise", "", TODAY, None),
        ("promise", "", TODAY + timedelta(days=366), None),
        ("promise", "", TODAY + timedelta(days=367), "more than a year"),
        ("decline", "  ", None, "in a line"),
        ("decline", "Under warranty.", None, None),
        ("ask_back", "", None, "in a line"),
        ("reply", "", None, "in a line"),
        ("reopen", "", None, "in a line"),
        ("finish", "", None, None),
        ("confirm", "", None, None),
        ("withdraw", "", None, None),
        ("hand_on", "", None, None),
    ],
)
def test_what_a_step_needs(step: str, words: str, day: date | None, fault: str | None) -> None:
    if fault is None:
        check_step(Step(step), words=words, promised=day, today=TODAY)
    else:
        with pytest.raises(StepFault, match=fault):
            check_step(Step(step), words=words, promised=day, today=TODAY)


@pytest.mark.parametrize(
    ("asked", "days", "due"),
    [
        ("2026-11-24 14:00", 3, "2026-12-02 14:00"),  # the break stops the clock
        ("2026-11-24 14:00", 1, "2026-11-30 14:00"),
        ("2026-11-28 10:00", 1, "2026-11-30 16:00"),  # asked on a Saturday: a whole Monday
    ],
)
def test_when_a_silence_is_brought_up(asked: str, days: int, due: str) -> None:
    since = datetime.fromisoformat(asked).replace(tzinfo=EAST).astimezone(UTC)
    found = unanswered_since(since, days, CALENDAR, EAST).astimezone(EAST)
    assert found.strftime("%Y-%m-%d %H:%M") == due


def test_a_break_makes_a_request_no_older() -> None:
    assert days_open(TODAY, date(2026, 11, 29), CALENDAR) == 0
    assert days_open(TODAY, date(2026, 12, 1), CALENDAR) == 2


@pytest.mark.parametrize(
    ("state", "promised", "late"),
    [
        ("taken", TODAY - timedelta(days=1), True),
        ("taken", TODAY, False),
        ("taken", None, False),
        ("waiting", TODAY - timedelta(days=1), False),  # it is the school's turn
        ("done", TODAY - timedelta(days=1), False),
    ],
)
def test_when_a_promise_is_late(state: str, promised: date | None, late: bool) -> None:
    assert is_late(State(state), promised, TODAY) is late
