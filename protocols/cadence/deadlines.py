"""When a deadline is brought up once more before its day, so that it comes neither as news nor as noise.

Usually two school days before, and what must not be dropped on the day before as well. The day on which a thing was
first told needs no reminder of it: told on Monday and due on Wednesday, it is brought up on Tuesday. Days are school
days, so what is due in a break is brought up before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from protocols.cadence.calendar import SchoolCalendar

USUAL_DAYS = 2
"""School days before a deadline, for who has not said otherwise."""
MOST_DAYS = 10


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something open with its day. ``told``: the day on which its reader first read of it."""

    key: int
    due: date
    told: date
    do_not_drop: bool = False


def reminder_days(
    deadline: Deadline, calendar: SchoolCalendar, *, days: int = USUAL_DAYS
) -> tuple[date, ...]:
    """The school days on which to bring it up, in order; each lies after ``told`` and before ``due``."""
    found: set[date] = set()
    for ahead in (days, *((1,) if deadline.do_not_drop else ())):
        wanted = calendar.add_school_days(deadline.due, -ahead)
        following = calendar.add_school_days(deadline.told, 1)
        day = max(filter(None, (wanted, following)), default=None)
        if day is not None and deadline.told < day < deadline.due:
            found.add(day)
    return tuple(sorted(found))


def due_reminders(
    deadlines: Sequence[Deadline], today: date, calendar: SchoolCalendar, *, days: int = USUAL_DAYS
) -> list[tuple[Deadline, date]]:
    """What is to be brought up by today, with the day it was meant for; the nearest deadline first.

    A day that passed while nobody was reminded counts, as long as the deadline is not past: of several such days only
    the last.
    """
    found = []
    for one in deadlines:
        come = [day for day in reminder_days(one, calendar, days=days) if day <= today]
        if come and today <= one.due:
            found.append((one, come[-1]))
    return sorted(found, key=lambda pair: (pair[0].due, not pair[0].do_not_drop, pair[0].key))
