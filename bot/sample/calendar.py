"""The sample district's two school years: terms, breaks, a testing window, protected half-days."""

from datetime import date

from bot.sample.people import DISTRICT, FIRST_DAY, ZONE
from handlers.district import put_district
from protocols.cadence.calendar import Closure, ClosureKind, Half
from protocols.cadence.protected import ProtectedRule
from storage import calendar
from storage.database import Tx

YEARS = (("2025-26", FIRST_DAY, date(2026, 6, 19)), ("2026-27", date(2026, 8, 31), date(2027, 6, 18)))
TERMS = (
    ("Fall 2025", FIRST_DAY, date(2026, 1, 23)),
    ("Spring 2026", date(2026, 1, 26), date(2026, 6, 19)),
    ("Fall 2026", date(2026, 8, 31), date(2027, 1, 22)),
    ("Spring 2027", date(2027, 1, 25), date(2027, 6, 18)),
)
_HOLIDAY, _STAFF, _TESTING = ClosureKind.HOLIDAY, ClosureKind.STAFF_DAY, ClosureKind.TESTING
CLOSURES = (
    (_HOLIDAY, "Columbus / Indigenous Peoples' Day", date(2025, 10, 13), date(2025, 10, 13)),
    (_HOLIDAY, "Veterans Day", date(2025, 11, 11), date(2025, 11, 11)),
    (_HOLIDAY, "Thanksgiving break", date(2025, 11, 26), date(2025, 11, 28)),
    (_HOLIDAY, "Winter break", date(2025, 12, 22), date(2026, 1, 2)),
    (_HOLIDAY, "Martin Luther King Jr. Day", date(2026, 1, 19), date(2026, 1, 19)),
    (_HOLIDAY, "February break", date(2026, 2, 16), date(2026, 2, 20)),
    (_HOLIDAY, "Spring break", date(2026, 4, 6), date(2026, 4, 10)),
    (_TESTING, "State testing", date(2026, 5, 4), date(2026, 5, 8)),
    (_HOLIDAY, "Memorial Day", date(2026, 5, 25), date(2026, 5, 25)),
    (_HOLIDAY, "Labor Day", date(2026, 9, 7), date(2026, 9, 7)),
    (_HOLIDAY, "Columbus / Indigenous Peoples' Day", date(2026, 10, 12), date(2026, 10, 12)),
    (_STAFF, "Staff day", date(2026, 11, 3), date(2026, 11, 3)),
    (_HOLIDAY, "Veterans Day", date(2026, 11, 11), date(2026, 11, 11)),
    (_HOLIDAY, "Thanksgiving break", date(2026, 11, 25), date(2026, 11, 27)),
    (_HOLIDAY, "Winter break", date(2026, 12, 23), date(2027, 1, 1)),
    (_HOLIDAY, "Martin Luther King Jr. Day", date(2027, 1, 18), date(2027, 1, 18)),
    (_HOLIDAY, "February break", date(2027, 2, 15), date(2027, 2, 19)),
    (_STAFF, "Staff day", date(2027, 3, 19), date(2027, 3, 19)),
    (_HOLIDAY, "Spring break", date(2027, 4, 5), date(2027, 4, 9)),
    (_TESTING, "State testing", date(2027, 4, 26), date(2027, 5, 7)),
    (_HOLIDAY, "Memorial Day", date(2027, 5, 31), date(2027, 5, 31)),
)
PROTECTED = ((1, Half.AM), (1, Half.PM), (2, Half.AM), (3, Half.AM), (3, Half.PM))
"""Two and a half days a week: Tuesday, Wednesday morning, Thursday."""


def put_calendar(tx: Tx) -> None:
    """Write the district's name, its years and its protected time."""
    put_district(tx, name=DISTRICT, zone=ZONE)
    for label, starts, ends in YEARS:
        calendar.put_period(tx, kind="year", label=label, starts=starts, ends=ends)
    for label, starts, ends in TERMS:
        calendar.put_period(tx, kind="term", label=label, starts=starts, ends=ends)
    for number, (kind, title, starts, ends) in enumerate(CLOSURES):
        calendar.put_closure(tx, Closure(starts, ends, kind, title), source="sample", uid=str(number))
    for weekday, half in PROTECTED:
        calendar.put_rule(tx, ProtectedRule(weekday, half, "all", FIRST_DAY, None, "visits come first"))
