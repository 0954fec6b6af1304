"""How fast one may talk to a platform: a steady rate with a small burst, a window, and a pause when it says so.

Times are of a clock that only goes forward (``time.monotonic``), so a jump of the wall clock neither floods nor
starves anybody.
"""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

LONGEST_PAUSE = 3_600.0
"""Seconds; a platform that asks for more is asked again after this."""


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class Pace:
    """A token bucket: ``burst`` at once, then ``rate`` a second. Buckets of the same rule are kept by key."""

    def __init__(self, *, rate: float, burst: int, clock: Callable[[], float]) -> None:
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}

    def take(self, key: str = "") -> float:
        """Take a place in the line; how many seconds to wait before using it."""
        now = self._clock()
        bucket = self._buckets.get(key)
        if bucket is None:
            self._forget(now)
            bucket = self._buckets[key] = _Bucket(float(self._burst), now)
        bucket.tokens = min(self._burst, bucket.tokens + (now - bucket.at) * self._rate) - 1
        bucket.at = now
        return max(0.0, -bucket.tokens / self._rate)

    def _forget(self, now: float) -> None:
        """Buckets that are full again say nothing; a district has thousands of people."""
        if len(self._buckets) > 1_000:
            idle = self._burst / self._rate
            self._buckets = {key: one for key, one in self._buckets.items() if now - one.at < idle}


class Window:
    """At most ``most`` calls in whichever ``seconds`` as the other side counts them, however late any arrives there.

    It counts a call some time between sending and its answer, so a call holds its place until ``seconds`` after that.
    """

    def __init__(self, *, most: int, seconds: float, clock: Callable[[], float]) -> None:
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._under_way = 0
        self._answered: deque[float] = deque()

    def take(self) -> float:
        """Zero: it goes now, and ``give_back`` follows its answer. Else seconds to wait before asking again."""
        now = self._clock()
        while self._answered and self._answered[0] <= now - self._seconds:
            self._answered.popleft()
        if self._under_way + len(self._answered) < self._most:
            self._under_way += 1
            return 0.0
        return self._answered[0] + self._seconds - now if self._answered else self._seconds / self._most

    def give_back(self) -> None:
        """The call has its answer, or will have none."""
        self._under_way -= 1
        self._answered.append(self._clock())


def read_retry_after(value: str | None, now: datetime, *, default: float = 5.0) -> float:
    """Seconds to wait from a ``Retry-After`` header: a number, an HTTP date, or nothing readable (``default``)."""
    if value is None:
        return default
    try:
        wait = float(value)
    except ValueError:
        try:
            wait = (parsedate_to_datetime(value) - now).total_seconds()
        except (ValueError, TypeError):
            return default
    return default if math.isnan(wait) else min(max(wait, 0.0), LONGEST_PAUSE)
