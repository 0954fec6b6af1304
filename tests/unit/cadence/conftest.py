"""A small invented school year: three breaks, a testing window, an early release, two terms."""

from datetime import date

import pytest

from protocols.cadence.calendar import Closure, ClosureKind, SchoolCalendar, SchoolYear, Term


@pytest.fixture(scope="session")
def calendar() -> SchoolCalendar:
    return SchoolCalendar(
        years=(SchoolYear("2026-27", date(2026, 8, 31), date(2027, 6, 11)),),
        terms=(
            Term("Fall", date(2026, 8, 31), date(2027, 1, 15)),
            Term("Spring", date(2027, 1, 19), date(2027, 6, 11)),
        ),
        closures=(
            Closure(date(2026, 9, 7), date(2026, 9, 7), ClosureKind.HOLIDAY, "Labor Day"),
            Closure(date(2026, 10, 9), date(2026, 10, 9), ClosureKind.STAFF_DAY, "Staff learning day"),
            Closure(date(2026, 11, 25), date(2026, 11, 27), ClosureKind.HOLIDAY, "Thanksgiving break"),
            Closure(date(2026, 12, 21), date(2027, 1, 1), ClosureKind.HOLIDAY, "Winter break"),
            Closure(date(2026, 12, 16), date(2026, 12, 16), ClosureKind.EARLY_RELEASE, "Early release"),
            Closure(date(2027, 3, 1), date(2027, 3, 5), ClosureKind.TESTING, "State tests"),
        ),
    )
