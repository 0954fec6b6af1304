"""When a calendar is read again."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.cadence.polling import next_reading

NEW_YORK, HONOLULU = ZoneInfo("America/New_York"), ZoneInfo("Pacific/Honolulu")
NOON = datetime(2026, 12, 1, 17, tzinfo=UTC)
MIDNIGHT = datetime(2026, 12, 1, 5, tzinfo=UTC)

CASES = {
    "by day every hour": (NOON, NEW_YORK, 0, None, 60),
    "by night every four": (MIDNIGHT, NEW_YORK, 0, None, 240),
    "it is day where the owner is": (MIDNIGHT, HONOLULU, 0, None, 60),
    "after one failure an hour": (NOON, NEW_YORK, 1, None, 60),
    "after three failures four": (NOON, NEW_YORK, 3, None, 240),
    "after many a day": (NOON, NEW_YORK, 50, None, 1440),
    "whoever asks to wait is heard": (NOON, NEW_YORK, 1, 300, 300),
    "but not for ever": (NOON, NEW_YORK, 1, 100_000, 1440),
    "and never sooner": (NOON, NEW_YORK, 3, 1, 240),
}


@pytest.mark.parametrize(("now", "zone", "failures", "wait", "minutes"), CASES.values(), ids=CASES.keys())
def test_the_pause(now: datetime, zone: ZoneInfo, failures: int, wait: int | None, minutes: int) -> None:
    asked = timedelta(minutes=wait) if wait is not None else None
    assert next_reading(now, zone=zone, key=0, failures=failures, wait=asked) == now + timedelta(
        minutes=minutes
    )


@given(
    st.datetimes(timezones=st.just(UTC)).filter(lambda at: 1900 < at.year < 9000),
    st.integers(0, 10**9),
    st.integers(0, 10_000),
    st.timedeltas(timedelta(-1), timedelta(days=10_000)) | st.none(),
)
def test_it_is_never_sooner_than_half_an_hour_nor_later_than_a_day_and_a_half_hour(
    now: datetime, key: int, failures: int, wait: timedelta | None
) -> None:
    pause = next_reading(now, zone=NEW_YORK, key=key, failures=failures, wait=wait) - now
    assert timedelta(minutes=30) <= pause <= timedelta(days=1, minutes=30)


def test_people_are_spread_over_half_an_hour() -> None:
    at = {next_reading(NOON, zone=NEW_YORK, key=key) for key in range(1, 31)}
    assert len(at) == 30
