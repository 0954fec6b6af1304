"""What fell out gets the next half-day that keeps most intervals; what was agreed stays."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from protocols.cadence.calendar import Half
from protocols.cadence.planner import open_slots
from protocols.cadence.protected import Audience, ProtectedRule
from protocols.cadence.repair import Replacement, repair
from protocols.cadence.visits import PlannedVisit, School
from tests.examples import tried

ANA = "Ana Ruiz"
MON = date(2026, 11, 2)
END = MON + timedelta(days=27)
RULES = [ProtectedRule(weekday, Half.AM, "all", date(2026, 8, 1)) for weekday in (1, 3)]


def visit(day: date, school: str) -> PlannedVisit:
    return PlannedVisit(day, Half.AM, school, ANA)


def mend(calendar, lost, schools, agreed=()):
    slots = open_slots({ANA: Audience()}, RULES, calendar, MON, END)
    return repair(lost, schools, slots, calendar, start=MON, end=END, agreed=agreed)


def test_a_lost_visit_gets_the_next_half_day_that_is_free(calendar):
    lost = visit(date(2026, 11, 2), "Adams")
    (found,) = mend(calendar, [lost], [School("Adams", ANA, 10, last=date(2026, 10, 20))])
    assert found.new is not None
    assert (found.new.day, found.new.school) == (date(2026, 11, 3), "Adams")


def test_a_school_that_needs_the_half_day_more_keeps_it(calendar):
    due = School("Baker", ANA, 10, last=date(2026, 10, 20))
    rested = School("Adams", ANA, 20, last=date(2026, 10, 13))
    (found,) = mend(calendar, [visit(MON, "Adams")], [rested, due])
    assert found.new is not None
    assert found.new.day == date(2026, 11, 5)


def test_an_agreed_visit_that_comes_in_time_is_enough(calendar):
    agreed = visit(date(2026, 11, 5), "Adams")
    lost = visit(MON, "Adams")
    found = mend(calendar, [lost], [School("Adams", ANA, 10, last=date(2026, 10, 26))], [agreed])
    assert found == (Replacement(lost, None, agreed.day),)


def test_where_nothing_is_free_it_says_so(calendar):
    lost = visit(MON, "Adams")
    found = repair([lost], [School("Adams", ANA, 10)], [], calendar, start=MON, end=END, agreed=[])
    assert found == (Replacement(lost, None, None),)


@tried(60, deadline=None)
@given(
    st.lists(st.sampled_from([5, 10, 15, 20]), min_size=1, max_size=6),
    st.lists(st.tuples(st.integers(0, 19), st.integers(0, 5)), max_size=5),
    st.lists(st.integers(0, 5), min_size=1, max_size=4),
)
def test_a_repair_moves_nothing_that_was_agreed_and_books_nothing_twice(calendar, targets, agreed, lost):
    schools = [
        School(f"School {at}", ANA, target, last=date(2026, 10, 15)) for at, target in enumerate(targets)
    ]
    days = calendar.school_days(MON, END)
    held = [visit(days[day % len(days)], schools[at % len(schools)].name) for day, at in agreed]
    out = [visit(MON, schools[at % len(schools)].name) for at in lost]
    found = mend(calendar, out, schools, held)
    assert sorted(one.lost.school for one in found) == sorted(one.school for one in out)
    new = [one.new for one in found if one.new]
    places = [(one.day, one.half) for one in new]
    assert len(set(places)) == len(places)
    assert not {(one.day, one.half) for one in held} & set(places)
    assert all(one.new is None or one.new.school == one.lost.school for one in found)
    assert all(calendar.is_visit_day(one.day, one.half) for one in new)
