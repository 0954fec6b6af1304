"""When a connected calendar is read again: often enough to plan by, never a burden to whoever publishes it.

By day every hour, by night every four; after a failure twice as long each time, up to a day, and never before the
other side said to come back. Never sooner than half an hour. People's calendars are spread over half an hour, so that
a district's do not all ask one host at once.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

LEAST = timedelta(minutes=30)
BY_DAY = timedelta(hours=1)
BY_NIGHT = timedelta(hours=4)
LONGEST = timedelta(days=1)
DAY_BEGINS, DAY_ENDS = time(6), time(20)
_SPREAD_MINUTES = 30


def next_reading(
    now: datetime, *, zone: ZoneInfo, key: int, failures: int = 0, wait: timedelta | None = None
) -> datetime:
    """The instant of the next reading after one at ``now`` (aware). ``key`` is the person's number, ``failures`` how
    many readings in a row failed, ``wait`` what the other side asked for."""
    if failures:
        pause = min(LEAST * (1 << min(failures, 8)), LONGEST)
    else:
        is_day = DAY_BEGINS <= now.astimezone(zone).time() < DAY_ENDS
        pause = BY_DAY if is_day else BY_NIGHT
    pause = max(pause, min(wait or LEAST, LONGEST), LEAST)
    return now + pause + timedelta(minutes=key * 7 % _SPREAD_MINUTES)
