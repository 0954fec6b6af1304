"""The dates that words stand for: school years and their parts, breaks, and US holidays on their usual dates."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from dateutil.easter import easter
from dateutil.relativedelta import relativedelta

from protocols.insight.query import Period
from protocols.insight.vocabulary import SchoolYear, Vocabulary
from protocols.insight.wording import plain

_DAY = timedelta(days=1)


def _nth(month: int, weekday: int, nth: int) -> Callable[[int], date]:
    """The nth such weekday (Monday is 0) of a month; -1 is the last."""

    def on(year: int) -> date:
        if nth > 0:
            first = date(year, month, 1)
            return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
        last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        return last - timedelta(days=(last.weekday() - weekday) % 7)

    return on


def _fixed(month: int, day: int) -> Callable[[int], date]:
    return lambda year: date(year, month, day)


def _election_day(year: int) -> date:
    return _nth(11, 0, 1)(year) + timedelta(days=1)


CLOCKS_BACK = (
    r"(?:the )?(?:clocks? (?:went|fell|go|were set|were turned|turned|got set|moved|being set) back|"
    r"(?:(?:we|they|everyone|everybody) )?(?:all )?(?:turned|set|put|moved) (?:our|the|their) clocks? back|"
    r"(?:we )?fell back|daylight savings?(?: time)? (?:ended|ends|ending|was over|finished)|"
    r"end of daylight savings?(?: time)?)"
)
CLOCKS_FORWARD = (
    r"(?:the )?(?:clocks? (?:went|go|were set|were turned|turned|got set|moved) (?:forward|ahead)|"
    r"(?:(?:we|they|everyone|everybody) )?(?:all )?(?:turned|set|put|moved) (?:our|the|their) clocks? "
    r"(?:forward|ahead)|(?:we )?sprang forward|"
    r"daylight savings?(?: time)? (?:started|starts|began|begins|kicked in)|"
    r"start of daylight savings?(?: time)?)"
)
CLOCKS_CHANGED = (
    r"(?:the )?(?:(?:time|clock|daylight savings?(?: time)?) change|clocks? changed|time changed|"
    r"(?:(?:we|they|everyone|everybody) )?(?:all )?changed (?:our|the|their) clocks?|"
    r"daylight savings?(?: time)?)"
)
_clocks_back, _clocks_forward = _nth(11, 6, 1), _nth(3, 6, 2)

HOLIDAYS: dict[str, Callable[[int], date]] = {
    "new years?(?: day)?": _fixed(1, 1),
    "new years eve": _fixed(12, 31),
    "(?:martin luther king|mlk|king)(?: jr)? (?:day|holiday|weekend)": _nth(1, 0, 3),
    "groundhog day": _fixed(2, 2),
    "valentines?(?: day)?": _fixed(2, 14),
    "presidents? day": _nth(2, 0, 3),
    "st patricks?(?: day)?|saint patricks?(?: day)?": _fixed(3, 17),
    "good friday": lambda year: easter(year) - timedelta(days=2),
    "easter(?: sunday)?": easter,
    "earth day": _fixed(4, 22),
    "cinco de mayo": _fixed(5, 5),
    "mothers? day": _nth(5, 6, 2),
    "memorial day": _nth(5, 0, -1),
    "juneteenth": _fixed(6, 19),
    "fathers? day": _nth(6, 6, 3),
    "(?:the )?(?:fourth|4th|4) of july|july (?:fourth|4th)|independence day": _fixed(7, 4),
    "labor day": _nth(9, 0, 1),
    "patriot day": _fixed(9, 11),
    "(?:columbus|indigenous peoples?) day": _nth(10, 0, 2),
    "halloween": _fixed(10, 31),
    "election day": _election_day,
    "veterans? day": _fixed(11, 11),
    "thanksgiving(?: day)?": _nth(11, 3, 4),
    "black friday": lambda year: _nth(11, 3, 4)(year) + timedelta(days=1),
    CLOCKS_BACK: _clocks_back,
    CLOCKS_FORWARD: _clocks_forward,
    CLOCKS_CHANGED: _clocks_back,
    "christmas eve": _fixed(12, 24),
    "christmas(?: day)?|xmas": _fixed(12, 25),
}


class UnknownDate(Exception):
    """A period whose dates are not known: an event, a break or a school year that the calendar does not hold."""


class Calendar:
    """The dates that words stand for, as of `today`."""

    def __init__(self, vocabulary: Vocabulary, today: date) -> None:
        self.today = today
        self.vocabulary = vocabulary
        year = vocabulary.year_of(today)
        self.year = year or SchoolYear(date(today.year, 1, 1), date(today.year, 12, 31))
        self.last_year = vocabulary.year_before(today)

    def year_marked(self, mark: str | None) -> SchoolYear | None:
        """The school year that "last year", "this year", "2025-26" stand for; None without a mark."""

        if not mark:
            return None
        if mark.startswith("this"):
            return self.year
        if re.match(r"(?:last|previous|prior|past)", mark):
            return self._known(self.last_year, mark)
        if mark == "the year before":
            return self._known(self.last_year, mark)
        if found := re.search(r"(\d\d)[-/](?:20)?(\d\d)(?: school year)?$", mark):
            first, second = int(found.group(1)), int(found.group(2))
            if second != first + 1:
                raise UnknownDate(mark)
            for year in self.vocabulary.years:
                if (year.start.year % 100, year.end.year % 100) == (first, second):
                    return year
        raise UnknownDate(mark)

    def _known(self, year: SchoolYear | None, mark: str) -> SchoolYear:
        if year is None:
            raise UnknownDate(mark)
        return year

    def recurring(
        self, on: Callable[[int], date], mark: str | None, *, after: date | None = None
    ) -> tuple[int, date]:
        """The year and day on which something that comes every year falls: in the year marked, else the latest begun
        (or, with `after`, the first from that day on)."""

        if mark and re.fullmatch(r"(?:19|20)\d\d", mark):
            return int(mark), on(int(mark))
        if marked := self.year_marked(mark):
            opening = min(date(marked.start.year, 8, 1), marked.start)
            for number in (marked.start.year, marked.start.year + 1):
                if opening <= on(number) < opening + relativedelta(years=1):
                    if mark and mark.startswith("this") and on(number) > self.today:
                        break
                    return number, on(number)
        if after:
            number = after.year if on(after.year) >= after else after.year + 1
            return number, on(number)
        number = self.today.year if on(self.today.year) <= self.today else self.today.year - 1
        return number, on(number)

    def clocks_changed(self) -> date:
        """The latest day on which clocks were changed, in spring or in autumn."""

        return max(self.recurring(on, None)[1] for on in (_clocks_back, _clocks_forward))

    def is_school_day(self, day: date) -> bool:
        """Whether school is open on a day, as far as the breaks tell."""

        return day.weekday() < 5 and not any(one.start <= day <= one.end for one in self.vocabulary.breaks)

    def in_school_year(self, day: date) -> SchoolYear:
        """The school year in which a day lies, or that is the last to have begun before it."""

        return self.vocabulary.year_of(day) or self.year

    def semesters(self) -> list[Period]:
        return [
            semester
            for year in self.vocabulary.years
            for semester in year.semesters
            if semester.start <= self.today
        ]

    def quarters(self) -> list[Period]:
        return [
            quarter
            for year in self.vocabulary.years
            for quarter in year.quarters
            if quarter.start <= self.today
        ]

    def week(self, day: date) -> Period:
        monday = day - timedelta(days=day.weekday())
        return Period(monday, monday + 6 * _DAY)

    def month(self, day: date) -> Period:
        first = day.replace(day=1)
        return Period(first, first + relativedelta(months=1) - _DAY)

    def current(self, unit: str) -> Period:
        match unit:
            case "week":
                return self.week(self.today)
            case "month":
                return self.month(self.today)
            case "semester":
                return self._latest(self.semesters(), "semester")
            case "quarter":
                return self._latest(self.quarters(), "quarter")
            case _:
                return self.year.period

    def before(self, period: Period, unit: str) -> Period:
        """The period of that unit just before another."""

        match unit:
            case "week":
                return self.week(period.start - 7 * _DAY)
            case "month":
                return self.month(period.start - _DAY)
            case "semester":
                return self._latest(
                    [one for one in self.semesters() if one.end < period.start], "semester before"
                )
            case "quarter":
                earlier = [one for one in self.quarters() if one.end < period.start]
                return self._latest(earlier, "quarter before")
            case "day":
                return Period(period.start - _DAY, period.start - _DAY)
            case "rolling":
                return Period(period.start - period.days * _DAY, period.start - _DAY)
            case _:
                years = [year for year in self.vocabulary.years if year.end < period.start]
                return self._known(years[-1] if years else None, "year before").period

    def _latest(self, periods: list[Period], what: str) -> Period:
        if not periods:
            raise UnknownDate(what)
        return periods[-1]

    def break_named(self, name: str, mark: str | None, *, upcoming: bool, after: date | None) -> Period:
        """A break by name: in the year marked, else the latest begun (`upcoming`: this school year's)."""

        known = [one for one in self.vocabulary.breaks if plain(one.name) == name]
        found = [Period(one.start, one.end) for one in sorted(known, key=lambda one: one.start)]
        if mark and re.fullmatch(r"(?:19|20)\d\d", mark):
            chosen = [one for one in found if one.start.year == int(mark)]
        elif marked := self.year_marked(mark):
            chosen = [one for one in found if marked.start <= one.start <= marked.end]
        elif after:
            chosen = [one for one in found if one.start >= after][:1]
        elif upcoming:
            chosen = [one for one in found if self.year.start <= one.start <= self.year.end]
        else:
            chosen = [one for one in found if one.start <= self.today]
        if not chosen:
            raise UnknownDate(name)
        return chosen[-1]
