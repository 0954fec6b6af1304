"""Two visits in one half-day: where an interval would break otherwise, with the way between them, and nowhere else."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from protocols.cadence.calendar import Half
from protocols.cadence.pairing import stay_of
from protocols.cadence.planner import open_slots, plan, slots_that_keep
from protocols.cadence.protected import Audience, ProtectedRule
from protocols.cadence.travel import PAIRED_MINUTES, Travel, clash
from protocols.cadence.triage import GRACE, Network, most_overdue_first
from protocols.cadence.visits import Pairing, PlannedVisit, School, Slot
from tests.examples import tried
from tests.unit.cadence.test_planner import ANA, AUGUST, ILDS, MON, RULES, situations

NEAR = Travel({("Adams", "Baker"): 12})
TWO = Pairing(NEAR, is_wanted=True)
TUESDAY = [ProtectedRule(1, Half.AM, "all", AUGUST)]
LATE_TOGETHER = (
    School("Adams", ANA, 10, last=date(2026, 10, 20)),
    School("Baker", ANA, 10, last=date(2026, 10, 20)),
)


def make(calendar, schools, pairing=TWO, *, weeks=1, fixed=(), rules=TUESDAY):
    end = MON + timedelta(days=7 * weeks - 1)
    places = open_slots({ANA: Audience()}, rules, calendar, MON, end + timedelta(days=14))
    return plan(schools, places, calendar, start=MON, end=end, fixed=fixed, pairings={ANA: pairing})


def seen(found):
    return [(visit.school, f"{visit.day:%a} {visit.at:%H:%M}", visit.minutes) for visit in found.visits]


def test_two_near_schools_share_the_half_day_without_which_one_would_be_late(calendar):
    found = make(calendar, LATE_TOGETHER)
    assert seen(found) == [
        ("Adams", "Tue 08:30", PAIRED_MINUTES),
        ("Baker", "Tue 09:30", PAIRED_MINUTES),
    ]
    assert found.visits[1].because == (
        "12 minutes from Adams; a half-day of its own would come too late: 10 of 10 school days since the "
        "last visit; the next open half-day, Tue 10 Nov, is too late."
    )
    assert found.visits[0].because.startswith("10 of 10 school days")
    assert found.warnings == ()


@pytest.mark.parametrize(
    ("pairing", "why"),
    [
        pytest.param(Pairing(NEAR), "she wants one", id="one visit a half-day unless the ILD wants two"),
        pytest.param(Pairing(is_wanted=True), "unknown", id="a way that nobody has told"),
        pytest.param(Pairing(Travel({("Adams", "Baker"): 31}), is_wanted=True), "long", id="a long way"),
        pytest.param(
            Pairing(NEAR, is_wanted=True, cramped=frozenset({(date(2026, 11, 3), Half.AM)})),
            "calendar",
            id="the rest of her half-day is taken",
        ),
    ],
)
def test_otherwise_a_half_day_holds_one(calendar, pairing, why):
    found = make(calendar, LATE_TOGETHER, pairing)
    assert [visit.minutes for visit in found.visits] == [None]
    assert any("over (every two weeks)" in warning for warning in found.warnings)


def test_no_half_day_is_shared_where_each_school_can_have_its_own(calendar):
    early = [School(name, ANA, 10, last=date(2026, 10, 22)) for name in ("Adams", "Baker")]
    found = make(calendar, early, rules=RULES)
    assert len(found.visits) == 2
    assert len({(visit.day, visit.half) for visit in found.visits}) == len(found.visits)


@pytest.mark.parametrize("who", [0, 1])
def test_a_principal_who_has_only_the_usual_hour_is_no_part_of_a_pair(calendar, who):
    cramped = frozenset({(date(2026, 11, 3), Half.AM)})
    schools = list(LATE_TOGETHER)
    schools[who] = School(schools[who].name, ANA, 10, last=schools[who].last, cramped=cramped)
    assert len(make(calendar, schools).visits) == 1


def test_a_visit_agreed_for_later_in_the_half_day_keeps_its_time(calendar):
    agreed = PlannedVisit(date(2026, 11, 3), Half.AM, "Adams", ANA, starts=600, minutes=60)
    found = make(calendar, LATE_TOGETHER, fixed=[agreed])
    assert seen(found) == [("Adams", "Tue 10:00", 60), ("Baker", "Tue 08:30", PAIRED_MINUTES)]
    assert found.visits[1].because.startswith("12 minutes from Adams; ")


def test_a_school_seen_on_the_way_leaves_its_half_day_to_one_far_off(calendar):
    far = School("Far", ANA, 10, last=date(2026, 10, 20))
    near = School("Adams", ANA, 10, last=date(2026, 10, 21))
    base = School("Baker", ANA, 10, last=date(2026, 10, 21))
    rules = [*TUESDAY, ProtectedRule(2, Half.AM, "all", AUGUST)]
    found = make(calendar, [far, near, base], rules=rules)
    assert sorted(visit.school for visit in found.visits) == ["Adams", "Baker", "Far"]
    assert found.warnings == ()


def test_two_agreed_visits_of_one_half_day_stand_where_the_way_allows_it(calendar):
    def agreed(school, starts):
        return PlannedVisit(date(2026, 11, 3), Half.AM, school, ANA, starts=starts, minutes=45)

    fitting = [agreed("Adams", 510), agreed("Baker", 570)]
    assert make(calendar, LATE_TOGETHER, Pairing(NEAR), fixed=fitting).displaced == ()
    hurried = [agreed("Adams", 510), agreed("Baker", 560)]
    assert [visit.school for visit in make(calendar, LATE_TOGETHER, fixed=hurried).displaced] == ["Baker"]
    unknown = make(calendar, LATE_TOGETHER, Pairing(), fixed=fitting)
    assert [visit.school for visit in unknown.displaced] == ["Baker"]


def test_with_two_in_a_half_day_there_are_more_places(calendar):
    weekly = [School(name, ANA, 5, last=date(2026, 10, 30)) for name in ("Adams", "Baker")]
    assert make(calendar, weekly, Pairing(NEAR)).load == pytest.approx(2)
    assert make(calendar, weekly).load == pytest.approx(1)


def test_a_shared_half_day_is_offered_only_where_none_of_its_own_keeps_the_interval(calendar):
    school = School("Baker", ANA, 10, last=date(2026, 10, 20))
    places = open_slots({ANA: Audience()}, TUESDAY, calendar, MON, MON + timedelta(days=27))
    planned = [PlannedVisit(date(2026, 11, 3), Half.AM, "Adams", ANA, starts=510, minutes=60)]

    def offered(pairing, slots=places):
        found = slots_that_keep(school, slots, calendar, today=MON, planned=planned, pairing=pairing)
        return [(f"{offer.slot.day:%d %b} {offer.at:%H:%M}", offer.keeps) for offer in found]

    assert offered(TWO)[0] == ("03 Nov 09:45", True)
    assert offered(Pairing(NEAR))[0] == ("10 Nov 08:30", False)
    own = [*places, Slot(date(2026, 11, 2), Half.PM, ANA)]
    assert offered(TWO, own)[0] == ("02 Nov 13:00", True)
    assert "03 Nov 09:45" not in [when for when, _ in offered(TWO, own)]
    first = slots_that_keep(school, places, calendar, today=MON, planned=planned, pairing=TWO)[0]
    assert first.because.endswith("and moves nothing else; Adams is in that half-day too, 12 minutes away.")


@st.composite
def pairings(draw):
    """Ways between any of the schools of ``situations``, and whether each ILD wants two."""
    names = st.integers(0, 5).map(lambda number: f"School {number}")
    halves = st.tuples(st.dates(date(2026, 8, 31), date(2027, 6, 10)), st.sampled_from(Half))
    return {
        ild: Pairing(
            Travel(draw(st.dictionaries(st.tuples(names, names), st.integers(1, 45), max_size=12))),
            is_wanted=draw(st.booleans()),
            cramped=draw(st.frozensets(halves, max_size=2)),
        )
        for ild in ILDS
    }


@tried(120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(situations(), pairings())
def test_a_plan_with_pairs_is_lawful(calendar, situation, pairings):
    schools, places, fixed, start, end = situation
    found = plan(schools, places, calendar, start=start, end=end, fixed=fixed, pairings=pairings)
    new = [visit for visit in found.visits if not visit.is_fixed]
    busy = {school.name: school.busy for school in schools}

    # As without pairs: in school, in the half-days given, where the principal can, agreed visits where they were.
    assert all(calendar.is_visit_day(visit.day, visit.half) for visit in new)
    assert all(Slot(visit.day, visit.half, visit.ild) in places for visit in new)
    assert all((visit.day, visit.half) not in busy[visit.school] for visit in new)
    kept = {(v.day, v.half, v.school, v.ild) for v in (*found.visits, *found.displaced) if v.is_fixed}
    assert kept == {(v.day, v.half, v.school, v.ild) for v in fixed}
    assert all(visit.because.endswith(".") for visit in found.visits)
    # Two in a half-day at most, at times that leave the way between them; with a new one only where she wants two.
    for ild in ILDS:
        own = [visit for visit in found.visits if visit.ild == ild]
        for place in {(visit.day, visit.half) for visit in own}:
            together = [visit for visit in own if (visit.day, visit.half) == place]
            if len(together) == 1:
                continue
            if any(not visit.is_fixed for visit in together):
                assert len(together) == 2
                assert pairings[ild].is_wanted
                assert place not in pairings[ild].cramped
                assert (
                    sum(" minute" in visit.because and " from " in visit.because for visit in together) == 1
                )
            one, other = (stay_of(visit) for visit in together[:2])
            assert clash(one, [other], pairings[ild].travel) is None
    assert len({(v.day, v.school) for v in new}) == len(new)


@tried(120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(situations(), pairings())
def test_a_plan_with_pairs_is_never_worse_than_one_without_or_than_plain_greedy(
    calendar, situation, pairings
):
    schools, places, fixed, start, end = situation
    plain_plan = plan(schools, places, calendar, start=start, end=end, fixed=fixed)
    found = plan(schools, places, calendar, start=start, end=end, fixed=fixed, pairings=pairings)
    if plain_plan.displaced == found.displaced:
        assert found.worst_lateness <= plain_plan.worst_lateness
    for ild in ILDS:
        own = [school for school in schools if school.ild == ild]
        held = [visit for visit in found.visits if visit.is_fixed]
        network = Network(own, held, calendar, start, end)
        free = [
            slot
            for slot in sorted(set(places))
            if slot.ild == ild
            and calendar.is_visit_day(slot.day, slot.half)
            and not any((v.day, v.half, v.ild) == (slot.day, slot.half, ild) for v in held)
        ]
        late = network.lateness([v for v in found.visits if not v.is_fixed and v.ild == ild])
        greedy = network.lateness(network.fill(free, most_overdue_first))
        assert max(late, default=0) <= max(GRACE, *greedy, 0)
        assert len(late) <= len(greedy)


@tried(150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(situations(), pairings())
def test_a_second_visit_is_never_needless(calendar, situation, pairings):
    """Without it more intervals would break, or be over for more days."""
    schools, places, fixed, start, end = situation
    found = plan(schools, places, calendar, start=start, end=end, fixed=fixed, pairings=pairings)
    for second in found.visits:
        if " minute" not in second.because:
            continue
        own = [school for school in schools if school.name == second.school]
        held = [visit for visit in found.visits if visit.is_fixed]
        network = Network(own, held, calendar, start, end)
        mine = [v for v in found.visits if v.school == second.school and not v.is_fixed]
        with_it = network.lateness(mine)
        without = network.lateness([visit for visit in mine if visit is not second])
        measures = (len, sum, lambda days: max(days, default=0))
        assert any(measure(without) > measure(with_it) for measure in measures)
