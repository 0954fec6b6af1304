"""Days that a calendar rule names: "second Friday in October", Thanksgiving, the day before Labor Day.

United States federal holidays as 5 U.S.C. 6103 sets them, and the few others that school memos go by.
"""

from calendar import monthrange
from datetime import date, timedelta

from dateutil.easter import easter


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date | None:
    """The ``nth`` (1 to 5, or -1 for the last) ``weekday`` (Monday is 0) of a month; None where there is no fifth."""
    if nth == -1:
        last = month_end(year, month)
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    day = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
    return day if day.month == month else None


def month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


_BY_RULE = {
    "martin luther king": (1, 0, 3),
    "mlk": (1, 0, 3),
    "presidents": (2, 0, 3),
    "memorial": (5, 0, -1),
    "labor": (9, 0, 1),
    "columbus": (10, 0, 2),
    "indigenous peoples": (10, 0, 2),
    "thanksgiving": (11, 3, 4),
    "thursday in november designated": (11, 3, 4),
}
_BY_DATE = {
    "new year": (1, 1),
    "groundhog": (2, 2),
    "valentine": (2, 14),
    "cinco de mayo": (5, 5),
    "juneteenth": (6, 19),
    "independence": (7, 4),
    "halloween": (10, 31),
    "veterans": (11, 11),
    "christmas eve": (12, 24),
    "christmas": (12, 25),
    "boxing": (12, 26),
}
_FROM_EASTER = {"ash wednesday": -46, "good friday": -2, "easter monday": 1, "easter": 0}

HOLIDAY_NAMES = (
    r"(?:(?:Dr\.?\s+)?Martin\s+Luther\s+King(?:,?\s+Jr\.?,?)?(?:\s+Day)?|MLK(?:\s+Day)?|President(?:s['’]?|"
    r"['’]s)\s+Day|"
    r"Memorial\s+Day|Labor\s+Day|Columbus\s+Day|Indigenous\s+Peoples?['’]?s?\s+Day|Thanksgiving(?:\s+Day)?|"
    r"New\s+Year['’]?s(?:\s+Day)?|Groundhog\s+Day|Valentine['’]?s\s+Day|Juneteenth|Independence\s+Day|"
    r"Halloween|"
    r"Veterans?['’]?s?\s+Day|Christmas(?:\s+(?:Eve|Day))?|Boxing\s+Day|Ash\s+Wednesday|Good\s+Friday|"
    r"Easter(?:\s+(?:Monday|Sunday))?|Thursday\s+in\s+November\s+designated(?:\s+by\s+the\s+President)?)"
)
"""A pattern for the names that ``holiday`` knows; plurals and apostrophes as people write them."""


def holiday(name: str, year: int) -> date | None:
    """The day a named holiday falls on in ``year``; None for a name that is not known."""
    plain = " ".join(name.lower().replace("’", "").replace("'", "").replace(",", "").split()).removeprefix(
        "dr. "
    )
    if plain.startswith("veteran"):
        plain = "veterans"
    for key, (month, weekday, nth) in _BY_RULE.items():
        if plain.startswith(key):
            return nth_weekday(year, month, weekday, nth)
    for key, shift in _FROM_EASTER.items():
        if plain.startswith(key):
            return easter(year) + timedelta(days=shift)
    for key, (month, day) in _BY_DATE.items():
        if plain.startswith(key):
            return date(year, month, day)
    return None
