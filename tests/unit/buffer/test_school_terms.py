"""Terms that the school calendar turns into a day, and those it leaves alone."""

from datetime import date, timedelta

import pytest

from protocols.buffer.demands import DateRole
from protocols.buffer.reading import read_memo

CLOSED = {
    *(date(2026, 11, 26) + timedelta(days=n) for n in range(2)),
    *(date(2026, 12, 24) + timedelta(days=n) for n in range(11)),
    *(date(2027, 3, 22) + timedelta(days=n) for n in range(5)),
    date(2027, 1, 18),
}


class Calendar:
    """A school year from 3 September 2026 to 25 June 2027."""

    def is_school_day(self, day: date) -> bool:
        return date(2026, 9, 3) <= day <= date(2027, 6, 25) and day.weekday() < 5 and day not in CLOSED


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("within ten school days of receipt", date(2026, 11, 16)),
        ("by the last school day before winter break", date(2026, 12, 23)),
        ("before winter break", date(2026, 12, 23)),
        ("before the Thanksgiving holiday", date(2026, 11, 25)),
        ("before Thanksgiving break", date(2026, 11, 25)),
        ("prior to spring break", date(2027, 3, 19)),
        ("by the first school day after winter recess", date(2027, 1, 4)),
        ("by the first school day in December", date(2026, 12, 1)),
        ("no later than the school day before January 18, 2027", date(2027, 1, 15)),
        ("before February break", None),
        ("before half term", None),
        ("by the end of the first semester", None),
        ("within ten school days of the incident", None),
    ],
)
def test_what_the_school_calendar_makes_of_it(words: str, day: date | None) -> None:
    text = f"Schools must return the form {words}."
    (demand,) = read_memo(text, memo_date=date(2026, 11, 2), calendar=Calendar()).demands
    assert (demand.due, demand.due_role) == (day, DateRole.DEADLINE)
    assert demand.due_words in text
    assert demand.due_basis


@pytest.mark.parametrize("words", ["before winter break", "within ten school days of receipt"])
def test_without_a_calendar_it_keeps_its_words_and_has_no_day(words: str) -> None:
    (demand,) = read_memo(f"Schools must return it {words}.", memo_date=date(2026, 11, 2)).demands
    assert demand.due is None
    assert demand.due_words


def test_a_calendar_without_any_school_day_gives_no_day() -> None:
    class Closed:
        def is_school_day(self, day: date) -> bool:
            return False

    text = "Schools must return it before winter break. Send it within ten school days of receipt."
    demands = read_memo(text, memo_date=date(2026, 11, 2), calendar=Closed()).demands
    assert [demand.due for demand in demands] == [None, None]
