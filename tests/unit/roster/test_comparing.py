"""What a new roster changes: the past as recorded, the same file twice nothing."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.roster.comparing import Change, RosterChanges, compare
from protocols.roster.values import (
    Roster,
    RosterAssignment,
    RosterPerson,
    RosterSchool,
    RosterTerm,
    TermKind,
)
from tests.examples import tried

TODAY = date(2026, 11, 10)
AUGUST = date(2026, 8, 15)


def led(
    ild: str,
    starts: date = AUGUST,
    ends: date | None = None,
    *,
    school: str = "S1",
    principal: str | None = "P1",
    cadence: int = 5,
) -> RosterAssignment:
    return RosterAssignment(school, ild, principal, starts, ends, cadence, "North")


def person(sourced_id: str, family: str = "Moreau") -> RosterPerson:
    return RosterPerson(sourced_id, f"{sourced_id.lower()}@maple.example", "Inès", family)


def roster(*assignments: RosterAssignment) -> Roster:
    schools = tuple(RosterSchool(f"S{n}", f"School {n}") for n in range(1, 5))
    return Roster(schools, tuple(person(i) for i in ("I1", "I2", "P1", "P2")), assignments)


def apply(current: Roster, changes: RosterChanges) -> Roster:
    """What is recorded after the assignments' changes."""
    gone = {*changes.assignments.removed, *(change.before for change in changes.assignments.changed)}
    kept = [item for item in current.assignments or () if item not in gone]
    kept += [*changes.assignments.added, *(change.after for change in changes.assignments.changed)]
    return replace(current, assignments=tuple(sorted(kept, key=lambda item: (item.school_id, item.starts))))


YESTERDAY = TODAY - timedelta(days=1)
OCTOBER_END, NOVEMBER, DECEMBER = date(2026, 10, 31), date(2026, 11, 1), date(2026, 12, 1)

CASES = [
    pytest.param([], [led("I1")], [led("I1")], id="a first import is taken as it is"),
    pytest.param([led("I1")], [led("I1")], [led("I1")], id="the same file changes nothing"),
    pytest.param(
        [led("I1")],
        [led("I1", ends=OCTOBER_END), led("I2", NOVEMBER)],
        [led("I1", ends=OCTOBER_END), led("I2", NOVEMBER)],
        id="a handover written as two rows",
    ),
    pytest.param(
        [led("I1")],
        [led("I2", NOVEMBER)],
        [led("I1", ends=OCTOBER_END), led("I2", NOVEMBER)],
        id="a handover written late, the old row gone, begins on the day it names",
    ),
    pytest.param(
        [led("I1")],
        [led("I2")],
        [led("I1", ends=YESTERDAY), led("I2", TODAY)],
        id="an ILD exchanged in place takes over today and the past stays the other's",
    ),
    pytest.param(
        [led("I1")],
        [led("I1", cadence=20)],
        [led("I1", ends=YESTERDAY), led("I1", TODAY, cadence=20)],
        id="a rhythm changed in place holds from today",
    ),
    pytest.param(
        [led("I1")],
        [led("I2", DECEMBER)],
        [led("I1", ends=YESTERDAY), led("I2", DECEMBER)],
        id="a gap before the next one is left",
    ),
    pytest.param([led("I1")], [], [led("I1", ends=YESTERDAY)], id="a missing row ends yesterday"),
    pytest.param(
        [led("I1", date(2025, 8, 15), date(2026, 6, 30)), led("I2")],
        [led("I2")],
        [led("I1", date(2025, 8, 15), date(2026, 6, 30)), led("I2")],
        id="history that the file no longer names stays",
    ),
    pytest.param(
        [led("I1", ends=OCTOBER_END), led("I2", NOVEMBER)],
        [led("I2")],
        [led("I1", ends=OCTOBER_END), led("I2", NOVEMBER)],
        id="a row that reaches back over history does not rewrite it",
    ),
    pytest.param([led("I1", DECEMBER)], [], [], id="what has not begun is withdrawn"),
    pytest.param(
        [led("I1", DECEMBER)],
        [led("I2", DECEMBER)],
        [led("I2", DECEMBER)],
        id="what has not begun may change",
    ),
    pytest.param(
        [led("I1", ends=YESTERDAY)],
        [led("I1")],
        [led("I1")],
        id="a row that comes back goes on as if never gone",
    ),
    pytest.param(
        [led("I1", TODAY)], [led("I2", TODAY)], [led("I2", TODAY)], id="what begins today may change today"
    ),
    pytest.param(
        [led("I1")],
        [led("I1", principal="P2")],
        [led("I1", ends=YESTERDAY), led("I1", TODAY, principal="P2")],
        id="a principal exchanged in place takes over today",
    ),
]


@pytest.mark.parametrize(("recorded", "rows", "expected"), CASES)
def test_assignments(
    recorded: list[RosterAssignment], rows: list[RosterAssignment], expected: list[RosterAssignment]
) -> None:
    current, new = roster(*recorded), roster(*rows)
    after = apply(current, compare(current, new, today=TODAY))
    assert list(after.assignments or ()) == expected
    assert compare(after, new, today=TODAY).is_empty


def test_a_missing_school_is_closed_and_a_missing_person_deactivated() -> None:
    current = roster(led("I1"))
    new = replace(current, schools=current.schools[1:], people=current.people[1:], assignments=None)
    changes = compare(current, new, today=TODAY)
    assert [school.sourced_id for school in changes.schools.removed] == ["S1"]
    assert [gone.sourced_id for gone in changes.people.removed] == ["I1"]
    assert changes.assignments.changed == (Change(led("I1"), led("I1", ends=YESTERDAY)),)


def test_a_principal_who_leaves_leaves_a_vacancy_where_assignments_are_not_given() -> None:
    current = roster(led("I1"))
    new = replace(current, people=tuple(p for p in current.people if p.sourced_id != "P1"), assignments=None)
    after = apply(current, compare(current, new, today=TODAY))
    assert after.assignments == (led("I1", ends=YESTERDAY), led("I1", TODAY, principal=None))


def test_a_changed_name_is_a_change_and_roles_are_not() -> None:
    current = roster()
    new = replace(current, people=(person("I1", "Moreau-Diallo"), *current.people[1:]))
    changes = compare(current, new, today=TODAY)
    assert [change.after.family for change in changes.people.changed] == ["Moreau-Diallo"]
    assert changes.people.unchanged == 3


@pytest.mark.parametrize(
    ("count", "gone", "needs_yes"),
    [(100, 5, False), (100, 6, True), (100, 90, True), (12, 1, True), (0, 0, False)],
)
def test_more_than_a_twentieth_gone_needs_a_yes(count: int, gone: int, needs_yes: bool) -> None:
    people = tuple(person(f"X{n:03}") for n in range(count))
    changes = compare(Roster(people=people), Roster(people=people[gone:]), today=TODAY)
    assert changes.needs_yes is needs_yes


def test_schools_that_lose_their_assignment_count_as_gone_and_handovers_do_not() -> None:
    rows = [led("I1", school=f"S{n}") for n in range(1, 5)]
    handed_over = [replace(row, ild_id="I2") for row in rows]
    assert compare(roster(*rows), roster(*handed_over), today=TODAY).removal_share == 0
    assert compare(roster(*rows), roster(*rows[:3]), today=TODAY).removal_share == 0.25


def test_terms_that_are_over_stay() -> None:
    old = RosterTerm("2025-26", TermKind.YEAR, date(2025, 9, 4), date(2026, 6, 26))
    new = RosterTerm("2026-27", TermKind.YEAR, date(2026, 9, 3), date(2027, 6, 25))
    changes = compare(Roster(terms=(old,)), Roster(terms=(new,)), today=TODAY)
    assert (changes.terms.added, changes.terms.removed) == ((new,), ())


@st.composite
def school_years(draw: st.DrawFn) -> list[RosterAssignment]:
    """Rows of two schools that do not overlap, open or closed, round today."""
    rows = []
    for school in ("S1", "S2"):
        day = TODAY + timedelta(days=draw(st.integers(-40, 5)))
        for _ in range(draw(st.integers(0, 4))):
            last = day + timedelta(days=draw(st.integers(0, 20)))
            is_open = draw(st.booleans())
            ild, cadence = draw(st.sampled_from(["I1", "I2"])), draw(st.sampled_from([5, 10]))
            rows.append(led(ild, day, None if is_open else last, school=school, cadence=cadence))
            if is_open:
                break
            day = last + timedelta(days=draw(st.integers(1, 9)))
    return rows


@given(recorded=school_years(), rows=school_years(), later=st.integers(0, 30))
@tried(400, deadline=None)
def test_whatever_is_imported_applies_once_and_never_erases_what_has_begun(
    recorded: list[RosterAssignment], rows: list[RosterAssignment], later: int
) -> None:
    current, new = roster(*recorded), roster(*rows)
    changes = compare(current, new, today=TODAY)
    after = apply(current, changes)
    assert compare(after, new, today=TODAY + timedelta(days=later)).is_empty
    assert all(item.starts >= TODAY for item in changes.assignments.removed)
    assert all(
        change.before.ild_id == change.after.ild_id
        for change in changes.assignments.changed
        if change.before.starts < TODAY
    )
    for one, next_one in pairwise(after.assignments or ()):
        assert one.school_id != next_one.school_id or one.last_day < next_one.starts
