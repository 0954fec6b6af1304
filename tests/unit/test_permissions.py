"""Every cell of the permission table, written out a second time by hand: right, role, and whose the thing is.

The reach of a cell, from nothing to everything: ``-`` nothing, ``own`` what one made oneself, ``school`` the school
one leads, ``network`` the schools one carries, ``all`` everything.
"""

import dataclasses
import itertools

import pytest

from handlers.errors import NotAllowedError
from handlers.permissions import REFUSALS, TABLE, Right, Subject, may, require, which
from handlers.router import SAY_ROLE, say_roles
from storage.people import Person, Role, School

ROLES = (Role.ILD, Role.PRINCIPAL, Role.EXECUTIVE, Role.UNIT, Role.ADMINISTRATOR)
EXPECTED = {
    # right             ILD        principal  executive  unit   administrator
    "start_run":        "network   school     -          -      -",
    "see_run":          "network   school     -          -      -",
    "take_part":        "own       own        own        own    own",
    "adapt_protocol":   "own       -          -          -      -",
    "manage_protocols": "-         -          -          -      all",
    "see_visits":       "network   school     all        -      -",
    "plan_visit":       "network   school     -          -      -",
    "see_rhythm":       "network   school     all        -      -",
    "set_rhythm":       "network   -          -          -      -",
    "set_travel":       "network   -          -          -      all",
    "see_drift":        "network   school     all        -      -",
    "check_year":       "network   -          all        -      -",
    "see_drop_uses":    "all       -          all        all    all",
    "set_goal":         "-         -          all        -      all",
    "set_drop_quota":   "-         -          -          -      all",
    "replace_memo":     "own       -          own        own    all",
    "send_mandate":     "all       -          all        all    all",
    "see_mandate":      "all       all        all        own    own",
    "follow_feed":      "-         -          -          own    all",
    "manage_tokens":    "-         -          -          -      all",
    "settle_mail":      "-         -          -          -      all",
    "triage":           "network   -          -          -      -",
    "keep_rule":        "own       -          -          -      -",
    "answer_challenge": "own       -          own        own    own",
    "set_minutes":      "network   -          -          -      all",
    "keep_areas":       "-         -          -          -      all",
    "answer_digest":    "-         own        -          -      -",
    "see_digest_state": "network   school     -          -      -",
    "see_done_counts":  "-         -          -          own    own",
    "find_memo":        "network   school     -          own    own",
    "find_title":       "-         -          all        -      -",
    "ask_meeting":      "all       -          all        all    all",
    "override":         "-         -          all        -      -",
    "see_protected":    "network   school     all        -      all",
    "manage_calendar":  "-         -          -          -      all",
    "manage_framework": "-         -          -          -      all",
    "hand_over":        "network   -          -          -      all",
    "connect_calendar": "own       own        -          -      -",
    "publish_feed":     "own       own        -          -      -",
    "ask_through":      "-         -          -          all    all",
    "answer_request":   "own       own        own        own    own",
    "name_responder":   "network   -          -          -      all",
    "declare_emergency": "network  -          all        -      all",
    "witness_visit":    "-         school     -          -      -",
    "settle_visit":     "network   -          -          -      -",
    "set_courtesy":     "-         -          -          -      all",
    "keep_theory":      "-         -          all        -      -",
    "keep_own_theory":  "own       -          -          -      -",
    "see_ties":         "-         -          all        -      -",
    "see_theory":       "network   school     all        -      -",
    "ask_unit":         "-         school     -          -      -",
    "see_service_request": "network school    -          own    -",
    "answer_service_request": "-   -          -          own    -",
    "confirm_service_request": "-  school     -          -      -",
    "see_scorecard":    "all       all        all        all    -",
    "set_service_clock": "-        -          -          -      all",
    "start_pulse":      "-         -          all        -      all",
    "answer_pulse":     "-         own        -          -      -",
    "see_pulse":        "all       all        all        all    all",
    "see_ild_pulse":    "own       -          all        -      -",
    "say_done":         "-         -          all        own    -",
    "set_retention":    "-         -          -          -      all",
    "put_hold":         "-         -          -          -      all",
    "export_person":    "own       own        own        own    own",
    "forget_person":    "-         -          -          -      all",
    "see_audit":        "own       own        own        own    all",
}  # fmt: skip

ME, SOMEBODY_ELSE = 7, 8


def school(*, ild: int | None, principal: int | None) -> School:
    return School(1, "s-1", "Lincoln Middle", "middle", "North Network", ild, principal, 10)


SUBJECTS = {
    "what I made myself": Subject(owner_ids=frozenset({ME})),
    "what somebody else made": Subject(owner_ids=frozenset({SOMEBODY_ELSE})),
    "the school I lead": Subject(school=school(ild=SOMEBODY_ELSE, principal=ME)),
    "a school I carry": Subject(school=school(ild=ME, principal=SOMEBODY_ELSE)),
    "another network's school": Subject(school=school(ild=SOMEBODY_ELSE, principal=SOMEBODY_ELSE)),
    "a school without anybody": Subject(school=school(ild=None, principal=None)),
    "nothing in particular": Subject(),
}
REACHED = {
    "-": set(),
    "own": {"what I made myself"},
    "school": {"the school I lead"},
    "network": {"a school I carry"},
    "all": set(SUBJECTS),
}


def person(*roles: Role, active: bool = True) -> Person:
    return Person(ME, "me@district.example", "Imani", "Brooks", frozenset(roles), active=active)


def reach(right: Right, role: Role) -> str:
    return dict(zip(ROLES, EXPECTED[right.value].split(), strict=True))[role]


CELLS = [
    pytest.param(right, role, relation, id=f"{right}, {role}, {relation}")
    for right, role, relation in itertools.product(Right, ROLES, SUBJECTS)
]


def test_the_expectation_names_every_right_and_the_table_every_role() -> None:
    assert set(EXPECTED) == {right.value for right in Right} == {right.value for right in TABLE}
    assert set(ROLES) == set(Role)
    assert all(set(row) == set(Role) for row in TABLE.values())


@pytest.mark.parametrize(("right", "role", "relation"), CELLS)
def test_a_cell_reaches_exactly_what_it_says(right: Right, role: Role, relation: str) -> None:
    assert may(person(role), right, SUBJECTS[relation]) == (relation in REACHED[reach(right, role)])


@pytest.mark.parametrize("right", Right)
@pytest.mark.parametrize("role", ROLES)
def test_without_a_subject_one_may_where_the_cell_reaches_anything(right: Right, role: Role) -> None:
    assert may(person(role), right) == (reach(right, role) != "-")


@pytest.mark.parametrize("right", Right)
def test_two_roles_reach_what_either_reaches_and_no_more(right: Right) -> None:
    for first, second in itertools.combinations(ROLES, 2):
        both = {name for name, subject in SUBJECTS.items() if may(person(first, second), right, subject)}
        assert both == REACHED[reach(right, first)] | REACHED[reach(right, second)]


@pytest.mark.parametrize("right", Right)
@pytest.mark.parametrize("roles", [(), *itertools.combinations(ROLES, 1), *itertools.combinations(ROLES, 2)])
def test_many_schools_at_once_are_decided_as_each_by_itself(right: Right, roles: tuple[Role, ...]) -> None:
    schools = [subject.school for subject in SUBJECTS.values() if subject.school is not None]
    for somebody in (person(*roles), person(*roles, active=False)):
        one_by_one = [school for school in schools if may(somebody, right, Subject(school=school))]
        assert list(which(somebody, right, schools)) == one_by_one


@pytest.mark.parametrize("right", Right)
def test_who_has_left_may_nothing(right: Right) -> None:
    gone = person(*ROLES, active=False)
    assert not may(gone, right)
    assert not any(may(gone, right, subject) for subject in SUBJECTS.values())


@pytest.mark.parametrize("right", Right)
def test_who_has_no_role_or_one_that_the_table_does_not_know_may_nothing(right: Right) -> None:
    unknown = dataclasses.replace(person(), roles=frozenset({"superintendent"}))  # type: ignore[arg-type]  # as from an old database
    for somebody in (person(), unknown):
        assert not may(somebody, right)
        assert not any(may(somebody, right, subject) for subject in SUBJECTS.values())


@pytest.mark.parametrize("right", Right)
def test_every_refusal_is_a_kind_sentence_that_says_why(right: Right) -> None:
    sentence = REFUSALS[right]
    assert sentence.endswith(".")
    assert sentence[0].isupper()
    assert 30 <= len(sentence) <= 200
    assert not {"!", "error", "denied", "permission"} & set(sentence.casefold().replace(".", " ").split())


@pytest.mark.parametrize("right", Right)
def test_require_says_the_rights_sentence_and_names_right_and_object_for_the_audit_log(right: Right) -> None:
    with pytest.raises(NotAllowedError) as refused:
        require(person(), right, Subject(), object="visit:12")
    assert refused.value.sentence == REFUSALS[right]
    assert (refused.value.right, refused.value.object) == (right, "visit:12")


@pytest.mark.parametrize(
    ("roles", "said"),
    [
        ({Role.ILD}, "ILDs"),
        ({Role.ILD, Role.PRINCIPAL}, "ILDs and principals"),
        ({Role.ILD, Role.PRINCIPAL, Role.EXECUTIVE}, "executives, ILDs and principals"),
        (set(Role), "administrators, central-office staff, executives, ILDs and principals"),
    ],
)
def test_whose_a_command_is(roles: set[Role], said: str) -> None:
    assert say_roles(roles) == said


@pytest.mark.parametrize(
    "roles",
    sorted(
        {
            *(frozenset(role for role, scope in row.items() if scope) for row in TABLE.values()),
            *(
                frozenset(chosen)
                for count in range(1, len(ROLES) + 1)
                for chosen in itertools.combinations(ROLES, count)
            ),
        },
        key=sorted,  # in every process the same order
    ),
    ids=lambda roles: "+".join(sorted(roles)),
)
def test_several_roles_are_named_once_each_with_commas_and_one_and(roles: frozenset[Role]) -> None:
    said = say_roles(roles)
    parts = said.replace(" and ", ", ").split(", ")
    assert sorted(parts) == sorted(SAY_ROLE[role] for role in roles)
    assert said.count(" and ") == min(1, len(roles) - 1)
    assert said.count(", ") == max(0, len(roles) - 2)
