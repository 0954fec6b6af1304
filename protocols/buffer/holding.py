"""Until when a demand is held: it comes back to the desk by itself, in time for its own day."""

from datetime import date, timedelta

QUIET_WEEK = timedelta(days=14)
"""What has no day is looked at again so much later."""
NEARER = timedelta(days=14)
"""What has a day far off comes back so long before it: time for one digest and a week of work."""
LAST_CALL = timedelta(days=7)
RUNNING = timedelta(days=3)
"""A time that is no day ("within ten school days of receipt") may run already, so it is not left for long."""
LONGEST_HOLD = timedelta(days=120)


def hold_day(due: date | None, today: date, *, is_running: bool = False) -> date:
    """The day on which a demand held today comes back, where the ILD names none.

    Two weeks before its day; where that is nearer, half-way to it; a week from now where its day has passed.
    ``is_running``: it has a time that is no day.
    """
    if due is None:
        return today + (RUNNING if is_running else QUIET_WEEK)
    if due <= today:
        return today + LAST_CALL
    return max(due - NEARER, today + max(timedelta(days=1), (due - today) / 2))


def last_hold_day(due: date | None, today: date) -> date:
    """The last day until which a demand may be held: the day before its own, while that is ahead."""
    furthest = today + LONGEST_HOLD
    return min(furthest, due - timedelta(days=1)) if due is not None and due > today else furthest
