"""The rhythm of visits to one school."""

from datetime import date

import pytest

from protocols.cadence.intervals import CadenceFault, evenness, read_cadence, rhythm, say_cadence, standing


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("weekly", 5), ("Every week", 5), ("biweekly", 10), ("bi-weekly", 10), ("every 2 weeks", 10),
        ("every two weeks", 10), ("every other week", 10), ("fortnightly", 10), ("every three weeks", 15),
        ("3 weeks", 15), ("monthly", 20), ("once a month", 20), ("10", 10), ("8 school days", 8),
        ("every 12 days", 12), ("every_two_weeks", 10), (" Monthly. ", 20),
    ],
)  # fmt: skip
def test_rhythms_are_read_as_people_write_them(text, days):
    assert read_cadence(text) == days


@pytest.mark.parametrize("text", ["", "often", "0", "every 500 days", "-3", "when needed", "every 2.5 weeks"])
def test_what_is_no_rhythm_is_answered_with_what_to_write(text):
    with pytest.raises(CadenceFault, match="Write weekly, every two weeks"):
        read_cadence(text)


@pytest.mark.parametrize("days", [5, 10, 15, 20, 8, 1])
def test_a_rhythm_said_is_a_rhythm_read(days):
    said = say_cadence(days)
    assert said.startswith("every")
    if days > 1:
        assert read_cadence(said) == days


@pytest.mark.parametrize(
    ("visits", "today", "days_since", "over_by"),
    [
        pytest.param([date(2026, 9, 14)], date(2026, 9, 28), 10, 0, id="due today is not overdue"),
        pytest.param([date(2026, 9, 14)], date(2026, 9, 29), 11, 1, id="a day later it is"),
        pytest.param([date(2026, 9, 14)], date(2026, 10, 3), 14, 4, id="a weekend adds nothing"),
        pytest.param([date(2026, 12, 18)], date(2027, 1, 4), 1, 0, id="nor does a winter break"),
        pytest.param(
            [], date(2026, 8, 31), 1, 0, id="a school never visited counts from the year's first day"
        ),
        pytest.param([], date(2026, 9, 15), 11, 1, id="and becomes overdue like any other"),
        pytest.param(
            [date(2026, 9, 14), date(2026, 10, 1)], date(2026, 9, 16), 2, 0, id="later visits are ignored"
        ),
    ],
)
def test_standing(calendar, visits, today, days_since, over_by):
    found = standing(visits, target=10, calendar=calendar, today=today)
    assert (found.days_since, found.over_by, found.is_overdue) == (days_since, over_by, over_by > 0)


def test_a_new_assignment_starts_its_own_clock(calendar):
    found = standing([], target=10, calendar=calendar, today=date(2026, 10, 2), since=date(2026, 9, 28))
    assert found.days_since == 5
    assert found.last is None


def test_an_empty_second_semester_shows_although_the_autumn_was_perfect(calendar):
    visits = [
        date(2026, 9, 14),
        date(2026, 9, 28),
        date(2026, 10, 13),
        date(2026, 10, 27),
        date(2026, 11, 10),
    ]
    found = rhythm(visits, target=10, calendar=calendar, start=date(2026, 8, 31), end=date(2027, 2, 26))
    assert found.gaps[:5] == (10, 10, 10, 10, 10)
    assert found.longest == found.gaps[5] > 50
    assert found.kept == pytest.approx(5 / 6)


def test_a_running_interval_within_its_target_is_not_counted_yet(calendar):
    found = rhythm(
        [date(2026, 9, 14)], target=10, calendar=calendar, start=date(2026, 9, 14), end=date(2026, 9, 28)
    )
    assert found.gaps == (1,)
    assert found.evenness is None


def test_the_first_interval_reaches_back_to_the_visit_before_the_period(calendar):
    visits = [date(2026, 9, 14), date(2026, 10, 5)]
    found = rhythm(visits, target=10, calendar=calendar, start=date(2026, 10, 1), end=date(2026, 10, 6))
    assert found.gaps == (15,)
    assert (found.visits, found.within, found.kept) == (1, 0, 0.0)


def test_two_visits_on_one_day_are_one(calendar):
    day = date(2026, 9, 14)
    found = rhythm([day, day], target=10, calendar=calendar, start=date(2026, 8, 31), end=day)
    assert found.visits == 1


def test_nothing_happened_and_nothing_is_due(calendar):
    found = rhythm([], target=10, calendar=calendar, start=date(2026, 8, 31), end=date(2026, 9, 4))
    assert (found.gaps, found.kept, found.longest) == ((), None, 0)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([10, 10, 10], 1.0),
        ([0, 20], 0.0),
        ([], None),
        ([7], None),
        ([0, 0], None),
        ([5, 15], 0.5),
        ([1, 1, 40], 0.0),
    ],
)
def test_evenness_is_one_for_equal_values_and_zero_for_chance(values, expected):
    assert evenness(values) == (None if expected is None else pytest.approx(expected, abs=0.001))
