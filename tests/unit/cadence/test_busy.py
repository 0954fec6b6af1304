"""Stretches of local days: days of clock changes, other zones, halves."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.cadence.busy import (
    BusyStretch,
    in_zone,
    merged,
    minutes_by_day,
    split,
    taken_halves,
)
from protocols.cadence.calendar import Half

NEW_YORK, DENVER, PHOENIX = (ZoneInfo(f"America/{name}") for name in ("New_York", "Denver", "Phoenix"))
DAY = date(2026, 12, 1)
SPRING, AUTUMN = date(2027, 3, 14), date(2026, 11, 1)


def local(day: date, clock: str, *, fold: int = 0, zone: ZoneInfo = NEW_YORK) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=zone, fold=fold)


def spans(stretches: list[BusyStretch]) -> list[tuple[date, int, int]]:
    return [(one.day, one.starts, one.ends) for one in stretches]


@pytest.mark.parametrize(("starts", "ends"), [(-1, 10), (10, 10), (20, 10), (0, 1441)])
def test_what_is_no_stretch_of_a_day_is_refused(starts: int, ends: int) -> None:
    with pytest.raises(ValueError, match="no stretch"):
        BusyStretch(DAY, starts, ends)


def test_a_span_over_midnight_is_a_stretch_of_each_day() -> None:
    found = split(local(DAY, "22:00"), local(date(2026, 12, 3), "01:30"), NEW_YORK)
    assert spans(found) == [
        (DAY, 1320, 1440),
        (date(2026, 12, 2), 0, 1440),
        (date(2026, 12, 3), 0, 90),
    ]


def test_a_span_to_midnight_does_not_touch_the_next_day() -> None:
    assert spans(split(local(DAY, "22:00"), local(date(2026, 12, 2), "00:00"), NEW_YORK)) == [
        (DAY, 1320, 1440)
    ]


def test_nothing_lasts_no_time() -> None:
    assert split(local(DAY, "09:00"), local(DAY, "09:00"), NEW_YORK) == []
    assert split(local(DAY, "09:00"), local(DAY, "08:00"), NEW_YORK) == []


def test_seconds_round_outwards() -> None:
    assert spans(split(local(DAY, "09:00:30"), local(DAY, "09:30:01"), NEW_YORK)) == [(DAY, 540, 571)]


def test_the_missing_hour_of_spring_is_in_a_span_over_it() -> None:
    found = split(local(SPRING, "01:30"), local(SPRING, "03:30"), NEW_YORK)
    assert spans(found) == [(SPRING, 90, 210)]


def test_the_repeated_hour_of_autumn_is_covered_as_the_wall_clock_shows_it() -> None:
    early, late = local(AUTUMN, "01:30"), local(AUTUMN, "01:15", fold=1)
    assert spans(split(early, late, NEW_YORK)) == [(AUTUMN, 60, 120)]


def test_a_morning_over_the_repeated_hour_is_no_longer_than_the_clock_says() -> None:
    found = split(local(AUTUMN, "00:30"), local(AUTUMN, "08:00"), NEW_YORK)
    assert spans(found) == [(AUTUMN, 30, 480)]


def test_the_second_pass_of_the_repeated_hour_is_the_same_minutes() -> None:
    found = split(local(AUTUMN, "01:10", fold=1), local(AUTUMN, "01:20", fold=1), NEW_YORK)
    assert spans(found) == [(AUTUMN, 70, 80)]


def test_a_day_that_begins_at_one_is_whole() -> None:
    """In Santiago the clocks go forward at midnight: the day has no midnight of its own."""
    santiago, day = ZoneInfo("America/Santiago"), date(2026, 9, 6)
    start = datetime(2026, 9, 5, 22, tzinfo=santiago)
    found = split(start, datetime(2026, 9, 6, 3, tzinfo=santiago), santiago)
    assert [one.day for one in found] == [date(2026, 9, 5), day]
    assert found[-1].ends == 180


@given(
    st.integers(0, 334 * 24 * 60),
    st.integers(1, 4 * 24 * 60),
    st.sampled_from([NEW_YORK, DENVER, PHOENIX, ZoneInfo("Pacific/Auckland"), ZoneInfo("America/St_Johns")]),
)
def test_every_minute_of_a_span_is_in_a_stretch(start: int, minutes: int, zone: ZoneInfo) -> None:
    begins = datetime(2026, 8, 1, tzinfo=UTC) + timedelta(minutes=start)
    found = split(begins, begins + timedelta(minutes=minutes), zone)
    assert spans(found) == sorted(spans(found))
    for offset in {0, minutes // 3, minutes // 2, minutes - 1}:
        at = (begins + timedelta(minutes=offset)).astimezone(zone)
        assert any(one.overlaps(at.date(), at.hour * 60 + at.minute, 1) for one in found)


def test_touching_and_overlapping_stretches_become_one_and_lose_their_titles() -> None:
    found = merged(
        BusyStretch(DAY, starts, ends, title)
        for starts, ends, title in ((600, 660, "b"), (540, 600, "a"), (700, 720, ""), (610, 620, ""))
    )
    assert found == (BusyStretch(DAY, 540, 660), BusyStretch(DAY, 700, 720))
    assert minutes_by_day(found) == {DAY: 140}


@pytest.mark.parametrize(
    ("starts", "ends", "halves"),
    [
        (0, 1440, {Half.AM, Half.PM}),
        (480, 510, set()),
        (509, 511, {Half.AM}),
        (569, 600, {Half.AM}),
        (570, 780, set()),
        (780, 781, {Half.PM}),
        (840, 900, set()),
    ],
)
def test_a_half_is_taken_where_the_usual_visit_hour_is(starts: int, ends: int, halves: set[Half]) -> None:
    assert taken_halves([BusyStretch(DAY, starts, ends)]) == {(DAY, half) for half in halves}


def test_nine_in_denver_is_eleven_in_new_york() -> None:
    here = (BusyStretch(DAY, 540, 600, "x"),)
    assert in_zone(here, DENVER, NEW_YORK) == (BusyStretch(DAY, 660, 720, "x"),)
    assert in_zone(here, NEW_YORK, NEW_YORK) == here


def test_a_late_evening_is_the_next_day_further_east() -> None:
    found = in_zone([BusyStretch(DAY, 1380, 1440)], DENVER, NEW_YORK)
    assert found == (BusyStretch(date(2026, 12, 2), 60, 120),)


def test_a_zone_without_summer_time_moves_against_one_with_it() -> None:
    winter, summer = BusyStretch(DAY, 540, 600), BusyStretch(date(2027, 6, 1), 540, 600)
    found = in_zone([winter, summer], PHOENIX, NEW_YORK)
    assert [one.starts for one in found] == [660, 720]
