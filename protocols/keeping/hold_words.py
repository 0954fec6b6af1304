"""The days of a hold's period as an administrator writes them: "1 September", "9/1/2026", "2026-09-01"."""

from datetime import date, datetime, time

from dateutil import parser
from dateutil.relativedelta import relativedelta

FIRST_YEAR = 1990


class PeriodFault(ValueError):
    """A period that cannot be used; the text says what to write."""


def read_period(starts: str, ends: str, today: date) -> tuple[date | None, date | None]:
    """The first and last day of a period, each None where nothing was written for it.

    A first day without a year is the latest such day that has come; a last day without a year the first such day from
    the first day on. Raises ``PeriodFault``.
    """
    first = _day(starts, today, latest=today) if starts.strip() else None
    last = None
    if ends.strip():
        last = _day(ends, today, earliest=first) if first else _day(ends, today, latest=today)
    if first is not None and last is not None and last < first:
        raise PeriodFault("That period ends before it begins. Write: from 1 September 2026 to 30 June 2027.")
    return first, last


def _day(words: str, today: date, *, latest: date | None = None, earliest: date | None = None) -> date:
    if words.strip().casefold() in ("today", "now"):
        return today
    around = latest or earliest or today
    # Read twice, with other values for what is left out: a text in which a day or a month is missing differs.
    one, other = (
        _parse(words, default) for default in (date(around.year, 1, 1), date(around.year - 4, 2, 2))
    )
    if one is None or other is None or (one.month, one.day) != (other.month, other.day):
        return _unclear(words)
    has_year = one.year == other.year
    if has_year:
        return one if one.year >= FIRST_YEAR else _unclear(words)
    if latest is not None and one > latest:
        return one - relativedelta(years=1)
    if earliest is not None and one < earliest:
        return one + relativedelta(years=1)
    return one


def _parse(words: str, default: date) -> date | None:
    try:
        return parser.parse(words, default=datetime.combine(default, time())).date()
    except (ValueError, OverflowError):
        return None


def _unclear(words: str) -> date:
    raise PeriodFault(
        f"I can't read “{words.strip()}” as a day. Write it like 1 September 2026 or 2026-09-01."
    )
