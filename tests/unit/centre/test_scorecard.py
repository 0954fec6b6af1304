"""A unit's scorecard: each figure on cases of its own, and that the figures hold together on any."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.cadence.calendar import Closure, ClosureKind, SchoolCalendar, SchoolYear
from protocols.centre.scorecard import BANDS, Case, in_bands, say_days, score
from protocols.centre.service_requests import OPEN, State

CALENDAR = SchoolCalendar(
    (SchoolYear("2026-27", date(2026, 8, 31), date(2027, 6, 18)),),
    closures=(Closure(date(2026, 11, 25), date(2026, 11, 27), ClosureKind.HOLIDAY, "Thanksgiving break"),),
)
TODAY = date(2026, 12, 8)
TUESDAY = date(2026, 11, 24)  # the break follows


def on(month: int, day: int) -> date:
    return date(2026, month, day)


CASES = [
    Case(TUESDAY, State.MENDED, answered=TUESDAY, done=on(12, 1)),  # 0 to answer, 2 to done
    Case(TUESDAY, State.DONE, answered=on(11, 30), done=on(12, 2), reopened=1),  # 1, 3
    Case(on(11, 30), State.TAKEN, answered=on(12, 4), promised=on(12, 7)),  # 4; late; 6 old
    Case(on(12, 1), State.NEW),  # unanswered, 5 old
    Case(on(12, 2), State.NEW, answered=on(12, 2), done=on(12, 3), reopened=2),  # reopened: open again, 4 old
    Case(on(12, 3), State.DECLINED, answered=on(12, 8)),  # 3
    Case(on(12, 7), State.WAITING, answered=on(12, 7), promised=on(12, 7)),  # 0; the school's turn; 1 old
    Case(on(12, 7), State.WITHDRAWN),
]


@pytest.mark.parametrize(
    ("figure", "value"),
    [
        ("asked", 8),
        ("answered", 6),
        ("done", 2),
        ("declined", 1),
        ("withdrawn", 1),
        ("reopened", 2),
        ("handed_on", 3),
        ("open", 4),
        ("unanswered", 2),
        ("late", 1),
        ("days_to_answer", (0, 0, 0, 1, 3, 4)),
        ("median_to_answer", 0.5),
        ("days_to_done", (2, 3)),
        ("median_to_done", 2.5),
        ("ages", (1, 4, 5, 6)),
        ("median_age", 4.5),
        ("oldest", 6),
    ],
)
def test_each_figure(figure: str, value: object) -> None:
    assert getattr(score(CASES, today=TODAY, calendar=CALENDAR, handed_on=3), figure) == value


def test_how_many_were_answered_in_time() -> None:
    found = score(CASES, today=TODAY, calendar=CALENDAR)
    assert [found.within(days) for days in (0, 1, 2, 3, 4)] == [3, 4, 4, 5, 6]


def test_nothing_asked_has_no_medians() -> None:
    found = score([], today=TODAY, calendar=CALENDAR)
    assert (found.asked, found.median_to_answer, found.median_to_done, found.oldest) == (0, None, None, None)
    assert say_days(found.median_age) == "—"


@pytest.mark.parametrize(
    ("days", "band"), [(0, 0), (1, 1), (2, 2), (3, 2), (4, 3), (5, 3), (6, 4), (10, 4), (11, 5), (99, 5)]
)
def test_every_span_is_in_one_band(days: int, band: int) -> None:
    assert in_bands([days]) == tuple(int(place == band) for place in range(len(BANDS)))


days = st.integers(0, 60).map(lambda n: date(2026, 10, 1) + timedelta(days=n))
cases = st.builds(
    Case,
    came=days,
    state=st.sampled_from(State),
    answered=st.none() | days,
    done=st.none() | days,
    reopened=st.integers(0, 3),
    promised=st.none() | days,
)


@given(st.lists(cases, max_size=12))
def test_the_figures_hold_together(rows: list[Case]) -> None:
    found = score(rows, today=TODAY, calendar=CALENDAR)
    assert found.open == sum(row.state in OPEN for row in rows) == len(found.ages)
    assert found.unanswered + found.late <= found.open <= found.asked
    assert found.answered == len(found.days_to_answer) == sum(in_bands(found.days_to_answer))
    assert found.done == len(found.days_to_done)
    assert found.open + found.done + found.declined + found.withdrawn <= found.asked
    assert min((*found.days_to_answer, *found.days_to_done, *found.ages), default=0) >= 0
