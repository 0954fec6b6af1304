"""The sample district's present school year as the simulation takes it, without a database."""

from bot.sample.calendar import CLOSURES, PROTECTED, TERMS, YEARS
from bot.sample.people import NETWORKS
from protocols.cadence.calendar import Closure, SchoolCalendar, SchoolYear, Term
from protocols.cadence.planner import open_slots
from protocols.cadence.protected import Audience, ProtectedRule
from protocols.cadence.simulation import Mishaps, World, draw_world
from protocols.cadence.visits import School

MOST_SCHOOLS = sum(len(schools) for _network, _ild, schools in NETWORKS)


def sample_calendar() -> SchoolCalendar:
    """Both school years with their breaks and testing windows."""
    return SchoolCalendar(
        tuple(SchoolYear(*year) for year in YEARS),
        tuple(Term(*term) for term in TERMS),
        tuple(Closure(starts, ends, kind, title) for kind, title, starts, ends in CLOSURES),
    )


def sample_world(count: int, mishaps: Mishaps, *, seed: int) -> World:
    """The coming year of the first ``count`` schools as one ILD's network, on the protected half-days."""
    calendar = sample_calendar()
    year = calendar.years[-1]
    ild = NETWORKS[0][1]
    name = f"{ild.given} {ild.family}"
    every = [school for _network, _ild, schools in NETWORKS for school in schools]
    schools = [School(school.name, name, school.cadence) for school in every[:count]]
    rules = [ProtectedRule(weekday, half, "all", year.starts) for weekday, half in PROTECTED]
    slots = open_slots({name: Audience()}, rules, calendar, year.starts, year.ends)
    return draw_world(year, calendar, schools, slots, mishaps, seed=seed)
