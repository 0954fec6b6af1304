"""The clock of an answer, which runs in school hours.

"Within two school days" means as many school hours: what is asked on Friday at three is not late on Monday at
nine. Hours are those of the answerer's own clock, so a change of daylight saving moves nothing, and a break
stops the clock.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from protocols.cadence.calendar import SchoolCalendar
from protocols.cadence.day_minutes import minutes_into_day, time_of_day
from protocols.cadence.protected import SCHOOL_CLOSES, SCHOOL_OPENS

DAY = SCHOOL_CLOSES - SCHOOL_OPENS
"""Minutes of one school day on the clock."""
USUAL_DAYS = 2
FAR = timedelta(days=400)


def after_school_time(since: datetime, minutes: int, calendar: SchoolCalendar, zone: ZoneInfo) -> datetime:
    """The UTC instant at which so many minutes of school hours have passed since the aware instant `since`.

    Where the known calendar ends first, calendar days are counted instead: a promise without a day is none.
    """
    local = since.astimezone(zone)
    left = minutes
    for day in calendar.school_days(local.date(), local.date() + FAR):
        begins = SCHOOL_OPENS
        if day == local.date():
            begins = max(SCHOOL_OPENS, min(minutes_into_day(local.time()), SCHOOL_CLOSES))
        if left <= SCHOOL_CLOSES - begins and begins < SCHOOL_CLOSES:
            at = time_of_day(begins + left)
            return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)
        left -= SCHOOL_CLOSES - begins
    return (since + timedelta(days=-(-minutes // DAY))).astimezone(UTC)


def due(since: datetime, days: int, calendar: SchoolCalendar, zone: ZoneInfo) -> datetime:
    """When an answer is due that has so many school days."""
    return after_school_time(since, days * DAY, calendar, zone)


def reminder(since: datetime, days: int, calendar: SchoolCalendar, zone: ZoneInfo) -> datetime:
    """When half of that time has gone: the one moment at which a reminder is of use and not yet a reproach."""
    return after_school_time(since, days * DAY // 2, calendar, zone)
