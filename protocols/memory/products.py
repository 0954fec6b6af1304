"""When somebody is asked for what they promised to bring: two days before, so that there is time to answer.

Between the meetings of a cycle of inquiry there are agreed steps and products to bring (Honig, Copland, Rainey,
Lorton and Newton 2010). Asking on the day itself would only find out; asking two days before still helps.
"""

from datetime import date, timedelta

from protocols.cadence.calendar import SchoolCalendar

AHEAD = timedelta(days=2)
"""Calendar days."""
LONGEST_BREAK = timedelta(days=28)
"""So far back a school day is looked for. A calendar without one leaves the day as it is."""


def ask_on(due: date, calendar: SchoolCalendar) -> date:
    """The day of asking: two days before ``due``, or the last school day before that where it is none."""
    wanted = due - AHEAD
    days = calendar.school_days(wanted - LONGEST_BREAK, wanted)
    return days[-1] if days else wanted


def is_asked_for(due: date, *, made_on: date, today: date, calendar: SchoolCalendar) -> bool:
    """Whether today is in the span of asking. What was promised within that span is fresh, and not asked for."""
    day = ask_on(due, calendar)
    return made_on < day <= today <= due
