"""A simulated year: the same mishaps for everybody, counted as real visits are."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.cadence.calendar import Half
from protocols.cadence.planner import open_slots, plan
from protocols.cadence.protected import Audience, ProtectedRule
from protocols.cadence.simulation import Mishaps, Strategy, draw_world, play_year
from protocols.cadence.triage import Network, most_overdue_first
from protocols.cadence.visits import PlannedVisit, School, Slot
from tests.examples import tried

ANA = "Ana Ruiz"
RULES = [
    ProtectedRule(weekday, half, "all", date(2026, 8, 1))
    for weekday, half in ((1, Half.AM), (1, Half.PM), (2, Half.AM), (3, Half.AM), (3, Half.PM))
]
SCHOOLS = tuple(
    School(f"School {at}", ANA, target) for at, target in enumerate([10] * 2 + [15] * 4 + [20] * 6)
)


def world(calendar, mishaps=None, *, seed=1, schools=SCHOOLS):
    year = calendar.years[0]
    slots = open_slots({ANA: Audience()}, RULES, calendar, year.starts, year.ends)
    return draw_world(year, calendar, schools, slots, mishaps or Mishaps(), seed=seed)


def ours(morning):
    taken = {(visit.day, visit.half) for visit in morning.agreed}
    ahead = [slot for slot in morning.slots if (slot.day, slot.half) not in taken][:20]
    end = ahead[-1].day if ahead else morning.today
    return plan(
        morning.schools, ahead, morning.calendar, start=morning.today, end=end, fixed=morning.agreed
    ).visits


def greedy(morning):
    network = Network(morning.schools, morning.agreed, morning.calendar, morning.today, morning.end)
    return network.fill(morning.slots[:5], most_overdue_first)


OURS, GREEDY = Strategy("ours", ours), Strategy("greedy", greedy)


def test_a_seed_is_the_same_year_again(calendar):
    assert world(calendar, Mishaps(snow_days=2)) == world(calendar, Mishaps(snow_days=2))
    assert world(calendar, seed=1) != world(calendar, seed=2)


def test_about_one_visit_in_eight_falls_out(calendar):
    held = fallen_out = 0
    for seed in range(6):
        year = play_year(world(calendar, seed=seed), GREEDY)
        held, fallen_out = held + len(year.held), fallen_out + len(year.fallen_out)
    assert 0.09 < fallen_out / (held + fallen_out) < 0.15


def test_more_lost_time_takes_what_less_took_and_moves_no_cancellation(calendar):
    little, much = world(calendar, Mishaps(taken=0.1)), world(calendar, Mishaps(taken=0.3))
    assert little.taken < much.taken
    assert len(much.taken) == round(0.3 * len(much.slots))
    assert (little.called_away, little.cannot) == (much.called_away, much.cannot)


def test_nothing_is_held_in_lost_time_in_snow_or_where_somebody_cannot(calendar):
    drawn = world(calendar, Mishaps(taken=0.2, snow_days=4, told=0.5))
    year = play_year(drawn, OURS)
    assert year.held
    assert year.fallen_out
    for visit in year.held:
        slot = Slot(visit.day, visit.half, visit.ild)
        assert slot in drawn.slots
        assert slot not in drawn.taken
        assert slot not in drawn.called_away
        assert (visit.school, slot) not in drawn.cannot
        assert visit.day not in drawn.snow
    booked = [(visit.day, visit.half) for visit in (*year.held, *year.fallen_out)]
    assert len(booked) == len(set(booked))


def test_without_mishaps_a_light_load_is_kept_all_year(calendar):
    light = tuple(School(f"School {at}", ANA, 20) for at in range(8))
    year = play_year(world(calendar, Mishaps(cancelled=0), schools=light), OURS)
    assert (year.kept, year.worst, year.late_by, year.fallen_out) == (1.0, 0, 0, ())


def test_a_way_that_plans_once_never_rebooks(calendar):
    mornings: list[date] = []

    def once(morning):
        mornings.append(morning.today)
        return ours(replace(morning, slots=morning.slots[:20]))

    play_year(world(calendar), Strategy("fixed", once, notice=None))
    assert len(mornings) == 1


def test_visits_agreed_ahead_stay_where_they_are(calendar):
    promised: dict[tuple[date, Half], str] = {}

    def watch(morning):
        for visit in morning.agreed:
            assert promised.setdefault((visit.day, visit.half), visit.school) == visit.school
        return ours(morning)

    year = play_year(world(calendar), Strategy("ours", watch, notice=6))
    assert len(promised) > 50
    assert year.kept > 0.5


def test_asking_the_day_before_wastes_fewer_half_days(calendar):
    asked = sum(
        len(play_year(world(calendar, Mishaps(told=1.0), seed=seed), OURS).fallen_out) for seed in range(4)
    )
    silent = sum(len(play_year(world(calendar, seed=seed), OURS).fallen_out) for seed in range(4))
    assert asked < silent


def test_who_knows_all_loses_no_visit_and_keeps_more(calendar):
    def whole(morning):
        return plan(
            morning.schools, morning.slots, morning.calendar, start=morning.today, end=morning.end
        ).visits

    drawn = world(calendar)
    known = play_year(drawn, Strategy("all known", whole, knows_all=True))
    assert known.fallen_out == ()
    assert not any(drawn.falls_out(visit) for visit in known.held)
    assert known.kept > play_year(drawn, GREEDY).kept


def test_the_planner_keeps_more_intervals_than_plain_greedy_over_years(calendar):
    tight = tuple(
        School(f"School {at}", ANA, target) for at, target in enumerate([5] + [10] + [15] * 4 + [20] * 6)
    )
    drawn = [world(calendar, seed=seed, schools=tight) for seed in range(5)]
    assert sum(play_year(one, OURS).kept for one in drawn) > sum(play_year(one, GREEDY).kept for one in drawn)


@pytest.mark.parametrize("wrong", [{"cancelled": 1.5}, {"taken": -0.1}, {"told": 2}, {"snow_days": -1}])
def test_impossible_mishaps_are_refused(wrong):
    with pytest.raises(ValueError, match=r"\d"):
        Mishaps(**wrong)


@tried(15, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([0.0, 0.12, 0.3]), st.sampled_from([0.0, 0.4]))
def test_the_figures_agree_with_one_another(calendar, seed, cancelled, taken):
    year = play_year(world(calendar, Mishaps(cancelled=cancelled, taken=taken), seed=seed), GREEDY)
    gaps = [gap - one.target for one in year.rhythms.values() for gap in one.gaps]
    assert year.worst == max([0, *gaps])
    assert year.kept == pytest.approx(sum(gap <= 0 for gap in gaps) / len(gaps))
    assert len(year.late) == sum(gap > 0 for gap in gaps)
    assert isinstance(year.held[0], PlannedVisit)
