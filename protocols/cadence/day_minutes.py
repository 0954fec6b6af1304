"""Times of day as minutes since local midnight: as tables keep them, and as they are added up and compared."""

from datetime import time


def minutes_into_day(at: time) -> int:
    return at.hour * 60 + at.minute


def time_of_day(minutes: int) -> time:
    """Raises ValueError outside one day."""
    return time(minutes // 60, minutes % 60)
