"""What every measure of an answer needs at hand, and the shape its figures have."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache

from handlers.answers.insight_scope import Ground, Place
from handlers.turn import Turn
from protocols.insight import measures
from protocols.insight.query import Grouping, Period, Query
from protocols.insight.small_groups import Answerer
from storage.insight import Cut

LEVELS = {"k8": "K-8"}
"""Levels that are said otherwise than they are kept."""
SHORT_PERIOD = 45
"""Days; a period up to so long is shown by week."""


class SmallGroupError(Exception):
    """Fewer than five principals answered: their answers could be read back to a person."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One period's figures. ``groups`` are labels with values, in the order to show; ``total`` is the whole.

    ``of`` is how many things stand behind the total (intervals, visits); ``detail`` is a second column for the
    CSV, headed ``detail_name``. Values are counts, shares from 0 to 1, days or minutes, as ``unit`` says.
    """

    total: float | None
    groups: dict[str, float | None]
    unit: str
    of: float = 0
    detail: dict[str, str] = field(default_factory=dict)
    detail_name: str = "last_visit"
    notes: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Work:
    """What every measure needs at hand: ``cut`` are the visits it is about, ``places`` the schools.

    Of a question about an ILD those differ: visits count for whoever made them, schools for whoever carries them now.
    """

    turn: Turn
    ground: Ground
    query: Query
    period: Period
    places: tuple[Place, ...]
    cut: Cut

    @cached_property
    def by_id(self) -> Mapping[int, Place]:
        """Every school that the asker may see: an ILD who is asked about has been at schools she does not carry."""
        if self.ground.places is self.ground.roll.places:
            return self.ground.roll.by_id
        return {place.school.id: place for place in self.ground.places}

    @property
    def place_ids(self) -> list[int]:
        return [place.school.id for place in self.places]

    @cached_property
    def of_places(self) -> Cut:
        """What is recorded of the places over the period, whoever did it."""
        everywhere = self.ground.roll.everywhere
        return Cut.of_schools(self.period.start, self.period.end, self.place_ids, everywhere=everywhere)

    def label(self, place: Place) -> str:
        """The group a place belongs to, for the groupings that follow from the school alone."""
        match self.query.by:
            case Grouping.NETWORK:
                return place.school.network
            case Grouping.LEVEL:
                return LEVELS.get(place.school.level or "", place.school.level or "other")
            case Grouping.TIER:
                return place.tier
            case Grouping.EXPERIENCE:
                return place.experience
            case Grouping.ILD:
                return place.ild or "nobody"
            case _:
                return place.name

    def ild_name(self, ild_id: int) -> str:
        known = self.ground.ilds.get(ild_id)
        return known.name if known else "a former ILD"


def answerer(place: Place) -> Answerer:
    """The principal of a place among those whose anonymous answers are counted, by the lines one may cut along."""
    return {
        "network": place.school.network,
        "ild": place.ild or "",
        "level": place.school.level or "",
        "tier": place.tier,
        "experience": place.experience,
    }


def say_spread(values: Iterable[float | None], noun: str, *, unit: str) -> tuple[str, ...]:
    """ "From 1 to 7 a school, median 4.": how a figure is spread over the things it is made of, which are not named.

    ``unit`` is that of ``Figures``. Nothing below two known values, for one thing has no spread.
    """
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ()
    spread = measures.spread(dict(enumerate(known)))
    low, high, middle = (
        _say_value(value, unit) for value in (spread.smallest, spread.largest, spread.middle)
    )
    if low == high:
        return (f"{low} for each {noun}.",)
    article = "an" if noun[0] in "aeiouAEIOU" else "a"
    low = low.removesuffix(f" {unit}")  # once is enough: "from 77 to 112 days"
    return (f"From {low} to {high} {article} {noun}, median {middle}.",)


def _say_value(value: float, unit: str) -> str:
    if unit == "share":
        return f"{value:.0%}"
    if unit in ("visits", "schools", "mandates", "demands"):
        return f"{value:g}"
    return f"{value:,.1f} {unit}".replace(".0 ", " ")


def cut_of(ground: Ground, query: Query, period: Period, places: tuple[Place, ...]) -> Cut:
    """The visits the query is about. Those an ILD made count wherever she made them, whoever carries the school now."""
    kinds = query.filters.get("kind")
    schools = (place.school.id for place in places)
    cut = Cut.of_schools(period.start, period.end, schools, everywhere=ground.roll.everywhere)
    return replace(cut, ilds=ground.ild_ids(query), kinds=frozenset(kinds) if kinds else None)


def ranked(counts: Mapping[str, float | None]) -> dict[str, float | None]:
    return dict(sorted(counts.items(), key=lambda pair: (-(pair[1] or 0), pair[0])))


def by_time(work: Work, days: Mapping[date, float]) -> dict[str, float | None]:
    """Counts in order of time, stretches without any included: by term or month where asked, else as fits."""
    label = stretch_of(work)
    groups: dict[str, float | None] = {}
    for ordinal in range(work.period.start.toordinal(), work.period.end.toordinal() + 1):
        day = date.fromordinal(ordinal)
        key = label(day)
        groups[key] = (groups.get(key) or 0) + days.get(day, 0)
    return groups


def month_of(day: date) -> str:
    return _month(day.year, day.month)


@lru_cache(maxsize=256)
def _month(year: int, month: int) -> str:
    return date(year, month, 1).strftime("%b %Y")


def week_of(day: date) -> str:
    """The week by its Monday: "1 Mar"."""
    monday = date.fromordinal(day.toordinal() - day.weekday())
    return f"{monday.day} {monday:%b}"


def stretch_of(work: Work) -> Callable[[date], str]:
    """How days are put together over time: as asked, else by month, and by week where that would be one bar or two."""
    if work.query.by is Grouping.TERM:
        return term_of(work)
    if work.query.by is None and work.period.days <= SHORT_PERIOD:
        return week_of
    return month_of


def term_of(work: Work) -> Callable[[date], str]:
    def label(day: date) -> str:
        term = work.turn.district.calendar.term_of(day)
        return term.label if term else "between terms"

    return label


def add_up(pairs: Iterable[tuple[str, float]]) -> dict[str, float | None]:
    counts: dict[str, float | None] = {}
    for label, value in pairs:
        counts[label] = (counts.get(label) or 0) + value
    return counts


def add_up_ilds(work: Work, pairs: Iterable[tuple[int, float]]) -> dict[str, float | None]:
    """`add_up` of (ILD, value) under their names, which several former ones share."""
    counts: dict[int, float] = {}
    for ild, value in pairs:
        counts[ild] = counts.get(ild, 0) + value
    return add_up((work.ild_name(ild), value) for ild, value in counts.items())


def add_up_days(pairs: Iterable[tuple[date, float]]) -> dict[date, float]:
    counts: dict[date, float] = {}
    for day, value in pairs:
        counts[day] = counts.get(day, 0) + value
    return counts
