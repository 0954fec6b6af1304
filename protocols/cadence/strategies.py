"""Ways of planning a school year, to be played against one another (see `simulation`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from protocols.cadence.planner import plan
from protocols.cadence.simulation import Morning, Strategy, Year
from protocols.cadence.triage import LOOK_AHEAD, Network, most_overdue_first
from protocols.cadence.visits import PlannedVisit, Slot


def _free(morning: Morning) -> list[Slot]:
    taken = {(visit.day, visit.half) for visit in morning.agreed}
    return [slot for slot in morning.slots if (slot.day, slot.half) not in taken]


def replan(morning: Morning) -> Sequence[PlannedVisit]:
    """The planner over the coming four weeks or so."""
    ahead = _free(morning)[:LOOK_AHEAD]
    end = ahead[-1].day if ahead else morning.today
    return plan(
        morning.schools, ahead, morning.calendar, start=morning.today, end=end, fixed=morning.agreed
    ).visits


def plan_whole_year(morning: Morning) -> Sequence[PlannedVisit]:
    """The planner over all that is left of the year."""
    return plan(
        morning.schools,
        morning.slots,
        morning.calendar,
        start=morning.today,
        end=morning.end,
        fixed=morning.agreed,
    ).visits


def fill_greedily(morning: Morning) -> Sequence[PlannedVisit]:
    """Plain greedy: each of the coming half-days to the school that is most overdue by then."""
    network = Network(morning.schools, morning.agreed, morning.calendar, morning.today, morning.end)
    return network.fill(_free(morning)[:LOOK_AHEAD], most_overdue_first)


OURS = Strategy("ours", replan)
GREEDY = Strategy("greedy", fill_greedily)
FIXED = Strategy("fixed", plan_whole_year, notice=None)
"""Planned once in the summer, never rebooked."""
ALL_KNOWN = Strategy("all known", plan_whole_year, knows_all=True)
"""The planner told of every mishap beforehand: what hindsight could do, not a proof of the best."""


@dataclass(frozen=True, slots=True)
class LateSpan:
    """A stretch in which a school was over its target: its first and last day, and the school days over at its end."""

    starts: date
    ends: date
    over: int


def late_spans(year: Year, school: str) -> list[LateSpan]:
    """When the school was over its target, up to the day of the visit that ended it or the end of the year."""
    calendar = year.world.calendar_on(year.world.year.ends)
    first, end = year.world.year.starts, year.world.year.ends
    target = year.rhythms[school].target
    days = calendar.school_days(first, end)
    held = sorted({visit.day for visit in year.held if visit.school == school})
    spans, since = [], 0
    for day in [*held, end]:
        at = calendar.position(day) - calendar.position(days[0]) + 1
        if at - since > target:
            spans.append(LateSpan(days[since + target], day, at - since - target))
        since = at
    return spans
