"""The values a plan is made of: schools with their rhythm, half-days, visits, and the plan itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from protocols.cadence import calendar
from protocols.cadence.calendar import Half
from protocols.cadence.day_minutes import time_of_day
from protocols.cadence.travel import Travel

VISIT_STARTS = calendar.VISIT_STARTS


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A half-day in which one ILD can visit one school."""

    day: date
    half: Half
    ild: str


@dataclass(frozen=True, slots=True)
class School:
    """A school to be seen every `target` school days.

    `last` is the last held visit. Without one the clock runs from `since` (the first day of the promise, by
    default the school year's). `prefers` holds (weekday, half) that suit the principal, `avoids` those that she
    would rather not have, `busy` the half-days in which she cannot. `last_time` is the (weekday, half) of the
    last visit, so that she is not always seen at the same time of the week. `allowed` is how many school days the
    interval that runs now may last, where the target changed while it ran (`targets.Targets.allowed`). `cramped` are
    half-days in which she has the usual hour but not the rest, so that no second visit can be hers.
    """

    name: str
    ild: str
    target: int
    last: date | None = None
    since: date | None = None
    prefers: frozenset[tuple[int, Half]] = frozenset()
    busy: frozenset[tuple[date, Half]] = frozenset()
    avoids: frozenset[tuple[int, Half]] = frozenset()
    last_time: tuple[int, Half] | None = None
    allowed: int | None = None
    cramped: frozenset[tuple[date, Half]] = frozenset()

    @property
    def grown(self) -> int:
        """School days that the running interval may last beyond the target; fewer than none where it may last less."""
        return 0 if self.allowed is None else self.allowed - self.target

    def __post_init__(self) -> None:
        if self.target < 1:
            raise ValueError(f"{self.name}: a rhythm of {self.target} school days is not possible.")


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """A visit in the plan. `because` is one sentence; `is_fixed` marks one that was agreed before.

    `starts` is minutes since local midnight, None for the usual hour of its half-day; `minutes` is its length, None
    for the usual one.
    """

    day: date
    half: Half
    school: str
    ild: str
    because: str = ""
    is_fixed: bool = False
    starts: int | None = None
    minutes: int | None = None

    @property
    def at(self) -> time:
        return _start(self.half, self.starts)


@dataclass(frozen=True, slots=True)
class Pairing:
    """What one ILD's half-days know of a second visit: the ways between her schools, and whether she wants two.

    `cramped` are half-days in which her own calendar leaves her the usual hour but not the rest.
    """

    travel: Travel = field(default_factory=Travel)
    is_wanted: bool = False
    cramped: frozenset[tuple[date, Half]] = frozenset()


@dataclass(frozen=True, slots=True)
class Plan:
    """The visits in order, and whether the promise can be kept.

    `load` is visits asked for by all rhythms over the half-days there are (1.0 is full), `loads` the same for
    each ILD. `feasible` says that no ILD's load is over 1. `displaced` are agreed visits on a day
    without school or on a half-day that has no room for them: they cannot be held and must be moved by hand.
    """

    visits: tuple[PlannedVisit, ...]
    load: float
    loads: Mapping[str, float]
    feasible: bool
    warnings: tuple[str, ...]
    displaced: tuple[PlannedVisit, ...] = ()
    worst_lateness: int = 0

    def to_json(self) -> dict[str, Any]:
        """The shape of `throughline plan --json`."""
        return {
            "visits": [
                {
                    "date": visit.day.isoformat(),
                    "half": str(visit.half),
                    "starts": f"{visit.at:%H:%M}",
                    "school": visit.school,
                    "ild": visit.ild,
                    "because": visit.because,
                }
                for visit in self.visits
            ],
            "load": round(self.load, 3),
            "loads": {ild: round(load, 3) for ild, load in self.loads.items()},
            "feasible": self.feasible,
            "warnings": list(self.warnings),
            "displaced": [
                {"date": visit.day.isoformat(), "half": str(visit.half), "school": visit.school}
                for visit in self.displaced
            ],
        }


@dataclass(frozen=True, slots=True)
class Offer:
    """A half-day for a visit that was cancelled: the interval it gives, and whether that is within the target.

    `starts` is minutes since local midnight where it is the second visit of its half-day, None for the usual hour.
    """

    slot: Slot
    interval: int
    over_by: int
    because: str
    starts: int | None = None

    @property
    def at(self) -> time:
        return _start(self.slot.half, self.starts)

    @property
    def keeps(self) -> bool:
        return self.over_by == 0


def _start(half: Half, starts: int | None) -> time:
    return VISIT_STARTS[half] if starts is None else time_of_day(starts)
