"""A visit in one line, as it is written down afterwards. Today is Wednesday 2 December 2026."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.cadence.visited_words import Visited, VisitedFault, read_visited

TODAY = date(2026, 12, 2)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("lincoln 45 min, maths", Visited("lincoln", TODAY, 45, "other", "maths")),
        ("lincoln", Visited("lincoln", TODAY, None, "other", "")),
        (
            "Lincoln Middle yesterday, coaching",
            Visited("Lincoln Middle", date(2026, 12, 1), None, "coaching", ""),
        ),
        (
            "lincoln last Tuesday for an hour, walkthrough",
            Visited("lincoln", date(2026, 12, 1), 60, "walkthrough", ""),
        ),
        ("lincoln last Wednesday", Visited("lincoln", date(2026, 11, 25), None, "other", "")),
        ("lincoln Wednesday", Visited("lincoln", TODAY, None, "other", "")),
        ("lincoln on Thu", Visited("lincoln", date(2026, 11, 26), None, "other", "")),
        (
            "PS 123 on 24 Nov 30 min, inquiry, fractions",
            Visited("PS 123", date(2026, 11, 24), 30, "inquiry", "fractions"),
        ),
        ("roosevelt November 24th", Visited("roosevelt", date(2026, 11, 24), None, "other", "")),
        ("roosevelt 11/24, 1.5 hours", Visited("roosevelt", date(2026, 11, 24), 90, "other", "")),
        ("roosevelt 2026-11-24", Visited("roosevelt", date(2026, 11, 24), None, "other", "")),
        ("roosevelt 20 Dec 2025", Visited("roosevelt", date(2025, 12, 20), None, "other", "")),
        ("roosevelt Dec 20", Visited("roosevelt", date(2025, 12, 20), None, "other", "")),
        ("roosevelt two days ago", Visited("roosevelt", date(2026, 11, 30), None, "other", "")),
        (
            "roosevelt this morning for a walkthrough",
            Visited("roosevelt", TODAY, None, "walkthrough", ""),
        ),
        (
            "45 min lincoln, one-on-one about the budget",
            Visited("lincoln", TODAY, 45, "coaching", "the budget"),
        ),
        ("lincoln: reading, writing", Visited("lincoln:", TODAY, None, "other", "reading, writing")),
    ],
)
def test_a_line_is_read(line: str, expected: Visited) -> None:
    read = read_visited(line, TODAY)
    assert (read.school.rstrip(":"), read.day, read.minutes, read.kind, read.about.removeprefix("the ")) == (
        expected.school.rstrip(":"), expected.day, expected.minutes, expected.kind, expected.about.removeprefix("the "),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("lincoln 12/24/2026", "still to come"),
        ("lincoln 31 Nov", "There is no day"),
        ("lincoln 13/45", "There is no day"),
        ("lincoln 24 Nov 2024", "more than a year ago"),
        ("lincoln 900 min", "longer than a school day"),
    ],
)
def test_a_line_that_cannot_be_counted_says_why(line: str, why: str) -> None:
    with pytest.raises(VisitedFault, match=why):
        read_visited(line, TODAY)


@given(line=st.text(max_size=80))
def test_whatever_is_written_names_no_day_to_come(line: str) -> None:
    try:
        read = read_visited(line, TODAY)
    except VisitedFault:
        return
    assert read.day <= TODAY
    assert read.minutes is None or read.minutes > 0


@given(day=st.dates(date(2025, 12, 3), TODAY))
def test_any_day_of_the_past_year_is_read_as_it_is_written(day: date) -> None:
    for written in (day.isoformat(), f"{day.day} {day:%B} {day.year}", f"{day.month}/{day.day}/{day.year}"):
        assert read_visited(f"lincoln {written}", TODAY).day == day
