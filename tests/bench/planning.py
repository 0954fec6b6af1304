"""A simulated school year, planned in several ways; and what lost protected time costs.

``python -m tests.bench --data FOLDER planning``. FOLDER holds ``calendars/``: the first CSV or iCalendar file there is
the school year, which is kept outside the project; without it a calendar of our own with as many school days is used.
Days on which only some students stay at home or are tested count as visit days, unless a row says otherwise.

    fixed        planned once in the summer, never rebooked
    greedy       each half-day to the school that is most overdue
    ours         the planner, asked again each morning
    ours, asked  the same, where principals are asked the day before; seven in ten of those who cannot say so
    all known    the planner told of every mishap beforehand: what hindsight could do, not a proof of the best
"""

import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from protocols.cadence.calendar import Closure, ClosureKind, Half, SchoolCalendar, SchoolYear
from protocols.cadence.calendar_files import read_calendar_file
from protocols.cadence.planner import open_slots
from protocols.cadence.protected import Audience, ProtectedRule
from protocols.cadence.simulation import Mishaps, Morning, Strategy, World, Year, draw_world, play_year
from protocols.cadence.strategies import ALL_KNOWN, FIXED, GREEDY, OURS
from protocols.cadence.triage import LOOK_AHEAD
from protocols.cadence.visits import PlannedVisit, School
from tests.bench.ground import Ground
from tests.bench.tables import Column, Report, Table

ILD = "The ILD"
SEEDS = range(20)
FEWER_SEEDS = range(5)
"""For the price of lost time: six shares for three caseloads."""
TOLD = 0.7
LOST = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)
HALVES = (
    (1, Half.AM),
    (3, Half.AM),
    (2, Half.AM),
    (1, Half.PM),
    (3, Half.PM),
    (2, Half.PM),
    (0, Half.PM),
    (4, Half.AM),
    (0, Half.AM),
    (4, Half.PM),
)
"""The protected half-days of a week, in the order in which a district adds them."""


@dataclass(frozen=True, slots=True)
class Caseload:
    """How many schools have which rhythm (in school days), and how many half-days of a week are protected."""

    name: str
    rhythms: dict[int, int]
    halves: int

    @property
    def schools(self) -> tuple[School, ...]:
        targets = [target for target, count in self.rhythms.items() for _ in range(count)]
        return tuple(School(f"School {at + 1:02}", ILD, target) for at, target in enumerate(targets))


CASELOADS = (
    Caseload("12 schools", {10: 2, 15: 4, 20: 6}, 5),
    Caseload("18 schools", {10: 3, 15: 5, 20: 10}, 7),
    Caseload("18, tight", {10: 2, 15: 5, 20: 11}, 6),
    Caseload("25 schools", {10: 3, 15: 8, 20: 14}, 10),
    Caseload("25, tight", {10: 3, 15: 8, 20: 14}, 9),
    Caseload("25, too many", {10: 3, 15: 9, 20: 13}, 7),
)


def own_calendar() -> SchoolCalendar:
    """An invented year of 178 school days."""
    free = (
        (date(2026, 10, 12), date(2026, 10, 12)),
        (date(2026, 11, 3), date(2026, 11, 3)),
        (date(2026, 11, 11), date(2026, 11, 11)),
        (date(2026, 11, 26), date(2026, 11, 27)),
        (date(2026, 12, 23), date(2027, 1, 1)),
        (date(2027, 1, 18), date(2027, 1, 18)),
        (date(2027, 2, 15), date(2027, 2, 19)),
        (date(2027, 4, 12), date(2027, 4, 16)),
        (date(2027, 5, 31), date(2027, 5, 31)),
    )
    closures = tuple(Closure(starts, ends, ClosureKind.HOLIDAY, "No school") for starts, ends in free)
    return SchoolCalendar((SchoolYear("2026-27", date(2026, 9, 10), date(2027, 6, 21)),), (), closures)


def read_calendar(folder: Path | None) -> tuple[str, SchoolCalendar]:
    """The school year and what it is called in the table."""
    files = sorted((folder / "calendars").iterdir()) if folder and (folder / "calendars").is_dir() else []
    found = next((path for path in files if path.suffix in (".csv", ".ics")), None)
    if found is None:
        return "a calendar of our own", own_calendar()
    read = read_calendar_file(found.name, found.read_bytes(), zone=ZoneInfo("America/New_York"))
    return "a district's own calendar", read.to_calendar()


def without_windows(calendar: SchoolCalendar) -> SchoolCalendar:
    """The calendar with visits on days on which only some students are away or tested."""
    return replace(calendar, closures=tuple(one for one in calendar.closures if one.kind.closes_school))


def worlds(caseload: Caseload, calendar: SchoolCalendar, mishaps: Mishaps, seeds: range) -> list[World]:
    """The same year, once for each seed."""
    year = calendar.years[0]
    rules = [ProtectedRule(weekday, half, "all", year.starts) for weekday, half in HALVES[: caseload.halves]]
    slots = open_slots({ILD: Audience()}, rules, calendar, year.starts, year.ends)
    return [draw_world(year, calendar, caseload.schools, slots, mishaps, seed=seed) for seed in seeds]


def years(
    caseload: Caseload,
    calendar: SchoolCalendar,
    strategy: Strategy,
    mishaps: Mishaps,
    seeds: range = SEEDS,
) -> list[Year]:
    """What comes of the same year, once for each seed; as many at a time as there are processors."""
    with ProcessPoolExecutor() as pool:
        return list(
            pool.map(partial(play_year, strategy=strategy), worlds(caseload, calendar, mishaps, seeds))
        )


def load(caseload: Caseload, calendar: SchoolCalendar) -> float:
    """Visits that the rhythms ask for over the half-days there are, before any is lost."""
    year = calendar.years[0]
    rules = [ProtectedRule(weekday, half, "all", year.starts) for weekday, half in HALVES[: caseload.halves]]
    slots = open_slots({ILD: Audience()}, rules, calendar, year.starts, year.ends)
    days = calendar.count_school_days(year.starts, year.ends)
    return sum(days / school.target for school in caseload.schools) / len(slots)


def mean(values: Sequence[float]) -> float:
    return statistics.fmean(values)


COLUMNS = (
    Column("kept %", "the share of intervals within their rhythm"),
    Column("worst", "the worst lateness of the year in school days, on average of the years played"),
    Column("most", "the worst of all of them", ",d"),
    Column("late by", "the lateness of a broken interval"),
    Column(
        "even",
        "how evenly a school is visited: 1 where all gaps are alike, 0 where they vary as by chance",
        ",.2f",
    ),
    Column("held", "visits held"),
)


def put_row(table: Table, name: str, found: list[Year]) -> None:
    worst = [one.worst for one in found]
    table.row(
        name,
        mean([100 * one.kept for one in found]),
        mean(worst),
        max(worst),
        mean([one.late_by for one in found]),
        mean([one.evenness for one in found]),
        mean([len(one.held) for one in found]),
    )


def put_strategies(
    report: Report, title: str, calendar: SchoolCalendar, caseloads: Sequence[Caseload]
) -> None:
    table = report.table(title, *COLUMNS)
    for caseload in caseloads:
        about = f"{caseload.name}, {caseload.halves} half-days, load {load(caseload, calendar):.2f}"
        for strategy, mishaps in (
            (FIXED, Mishaps()),
            (GREEDY, Mishaps()),
            (OURS, Mishaps()),
            (replace(OURS, name="ours, asked"), Mishaps(told=TOLD)),
            (ALL_KNOWN, Mishaps()),
        ):
            put_row(table, f"{about}: {strategy.name}", years(caseload, calendar, strategy, mishaps))


def put_price(report: Report, calendar: SchoolCalendar) -> None:
    table = report.table(
        "Kept %, where so much of the protected time is lost to meetings",
        *(Column(f"{share:.0%}") for share in LOST),
    )
    for caseload in (CASELOADS[0], CASELOADS[1], CASELOADS[3]):
        table.row(
            caseload.name,
            *(
                mean(
                    [
                        100 * one.kept
                        for one in years(caseload, calendar, OURS, Mishaps(taken=share), FEWER_SEEDS)
                    ]
                )
                for share in LOST
            ),
        )


def put_time(report: Report, calendar: SchoolCalendar) -> None:
    """How long one planning of the coming weeks takes, each morning of a year, beside plain greedy; processor time, for
    other work on the machine must not count."""
    table = report.table(
        f"One planning of {LOOK_AHEAD} half-days, in milliseconds of the processor",
        Column("median"),
        Column("most"),
        Column("greedy", "the half-day to whichever school is most overdue, the median"),
        Column("greedy, most"),
        Column("times", "our median over that of greedy"),
    )
    for caseload in (CASELOADS[0], CASELOADS[1], CASELOADS[3]):
        took: dict[str, list[float]] = {OURS.name: [], GREEDY.name: []}

        def timed(morning: Morning, took: dict[str, list[float]] = took) -> Sequence[PlannedVisit]:
            for strategy in (GREEDY, OURS):
                began = time.process_time()
                found = strategy.planning(morning)
                took[strategy.name].append((time.process_time() - began) * 1000)
            return found

        play_year(worlds(caseload, calendar, Mishaps(), range(1))[0], Strategy("both", timed))
        ours, greedy = took[OURS.name], took[GREEDY.name]
        middle, plain = statistics.median(ours), statistics.median(greedy)
        table.row(caseload.name, middle, max(ours), plain, max(greedy), middle / plain)


def run(report: Report, ground: Ground) -> None:
    name, imported = read_calendar(ground.data)
    calendar = without_windows(imported)
    days = calendar.count_school_days(calendar.years[0].starts, calendar.years[0].ends)
    title = (
        f"A school year on {name} ({days} school days), {Mishaps().cancelled:.0%} of visits cancelled, "
        f"{len(SEEDS)} years played"
    )
    put_strategies(report, title, calendar, CASELOADS)
    if imported != calendar:
        title = "The same with no visits in testing windows and on partial days"
        put_strategies(report, title, imported, CASELOADS[:1])
    put_price(report, calendar)
    put_time(report, calendar)
