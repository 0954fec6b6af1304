"""When the calendar runs out: after the last school day it knows, nothing can be planned and no message has a day.

The next school year is asked for a month before the present one ends, so by June at the latest, and again when it
is over; a calendar without any school year is asked for at once.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from protocols.cadence.calendar import SchoolCalendar
from protocols.cadence.moments import say_day

NOTICE = timedelta(days=30)
JUNE = 6


@dataclass(frozen=True, slots=True)
class Gap:
    """What the calendar lacks. ``ends``: the last day of the last school year known, None where none is."""

    ends: date | None

    @property
    def label(self) -> str:
        """The school year to write next: "2027-28"."""
        assert self.ends is not None
        return f"{self.ends.year}-{(self.ends.year + 1) % 100:02d}"

    def sentence(self, today: date) -> str:
        """What is lacking, and what to write."""
        if self.ends is None:
            first = today.year if today.month >= JUNE else today.year - 1
            label = f"{first}-{(first + 1) % 100:02d}"
            return (
                "The calendar has no school year, so no visit can be planned. "
                f"Write: school year {label} from 7 September to 24 June; or import the district's calendar."
            )
        when = say_day(self.ends, today)
        ended = f"ended on {when}" if self.ends < today else f"ends on {when}"
        return (
            f"The calendar {ended}, and no school year after it is known, so no visit can be planned from then on. "
            f"Write: school year {self.label} from 7 September to 24 June; or import the new calendar."
        )


def find_gap(calendar: SchoolCalendar, today: date) -> Gap | None:
    """What the calendar lacks so soon that somebody should know, or None."""
    if not calendar.years:
        return Gap(None)
    ends = max(year.ends for year in calendar.years)
    asked_from = min(ends - NOTICE, date(ends.year, JUNE, 1))
    return Gap(ends) if today >= asked_from else None
