"""Which week's digest tells what: breaks are passed over, and no deadline is lost in one.

A digest belongs to a week, named by its Monday. A week without a school day has none: its items come with the next.
What has its day before that next digest would come too late, so it is told by an early digest on the last school day
before the break, which belongs to the break's first week.
"""

from datetime import date, timedelta

from protocols.cadence.calendar import SchoolCalendar

WEEK = timedelta(days=7)
LONGEST_BREAK = timedelta(days=140)
"""Further ahead no school day is looked for: the calendar of the next year is not there yet."""


def has_school(week: date, calendar: SchoolCalendar) -> bool:
    """Whether the week that begins on this Monday has a school day."""
    return calendar.count_school_days(week, week + timedelta(days=6)) > 0


def next_digest_week(week: date, calendar: SchoolCalendar) -> date | None:
    """The Monday of the first later week with a school day; None where the calendar knows none."""
    days = calendar.school_days(week + WEEK, week + LONGEST_BREAK)
    return days[0] - timedelta(days=days[0].weekday()) if days else None


def early_day(week: date, calendar: SchoolCalendar) -> date | None:
    """For the first week of a break, the last school day before it; None for every other week."""
    if has_school(week, calendar) or not has_school(week - WEEK, calendar):
        return None
    return calendar.school_days(week - WEEK, week)[-1]


def is_for(week: date, *, meant: date | None, due: date | None, calendar: SchoolCalendar) -> bool:
    """Whether the digest of ``week`` tells something with that day (``due``), meant for the digest of ``meant`` (None:
    the next one).

    An early digest tells only what cannot wait; and nothing waits for a later week past its own day.
    """
    if has_school(week, calendar) and (meant is None or meant <= week):
        return True
    if due is None:
        return False
    following = next_digest_week(week, calendar)
    if following is None:
        return True
    first = calendar.school_days(following, following + timedelta(days=6))[0]
    return week <= due <= first
