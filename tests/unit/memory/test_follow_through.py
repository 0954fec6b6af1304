"""Two shares and what walkthroughs belong to: counted as defined, said without rank or praise."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.insight.measures import Share
from protocols.memory.follow_through import (
    AgreedStep,
    Follow,
    HeldVisit,
    Tie,
    follow_through,
    say_spread,
    say_steps,
    say_ties,
    say_visits,
)

TODAY = date(2026, 12, 8)


def test_a_next_step_counts_from_the_day_after_it_was_due() -> None:
    steps = [
        AgreedStep(1, TODAY - timedelta(days=1), True),
        AgreedStep(1, TODAY - timedelta(days=9), False),
        AgreedStep(1, TODAY, True),
        AgreedStep(2, TODAY + timedelta(days=1), False),
    ]
    found = follow_through([], steps, schools=[1, 2], today=TODAY)
    assert found.whole.steps == Share(1, 2)
    assert found.by_school[2].steps == Share(0, 0)


def test_every_school_asked_for_is_there_and_they_add_up() -> None:
    visits = [HeldVisit(1, True, Tie.INQUIRY), HeldVisit(1, False, None), HeldVisit(2, True, Tie.UNSAID)]
    found = follow_through(visits, [], schools=[1, 2, 3], today=TODAY)
    assert found.whole.visits == Share(2, 3)
    assert [follow.visits for follow in found.by_school.values()] == [Share(1, 2), Share(1, 1), Share(0, 0)]
    assert (found.whole.walkthroughs, found.by_school[1].walkthroughs) == (2, 1)


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        pytest.param([], "", id="no school"),
        pytest.param([Share(1, 2), Share(0, 0)], "", id="one school has no spread"),
        pytest.param([Share(3, 3), Share(1, 4)], "by school from 1 of 4 to 3 of 3", id="least to most"),
        pytest.param([Share(1, 2), Share(2, 4)], "the same in each school", id="all alike"),
    ],
)
def test_the_spread_names_no_school(shares: list[Share], said: str) -> None:
    assert say_spread(shares) == said


@pytest.mark.parametrize(
    ("share", "visits", "steps"),
    [
        (Share(0, 0), "no visit has been held yet", "no next step has come due yet"),
        (
            Share(1, 1),
            "1 of 1 visit ended in a next step",
            "1 of 1 next step that came due was looked at again",
        ),
        (
            Share(7, 10),
            "7 of 10 visits ended in a next step",
            "7 of 10 next steps that came due were looked at again",
        ),
    ],
)
def test_a_share_is_said_with_its_whole(share: Share, visits: str, steps: str) -> None:
    assert (say_visits(share), say_steps(share)) == (visits, steps)


@pytest.mark.parametrize(
    ("ties", "said"),
    [
        pytest.param({}, "", id="no walkthrough"),
        pytest.param({Tie.INQUIRY: 1}, "The one walkthrough is part of an inquiry.", id="one in an inquiry"),
        pytest.param(
            {Tie.UNSAID: 1},
            "The one walkthrough is tied to no inquiry, and nobody has said why.",
            id="one of which nothing is said",
        ),
        pytest.param(
            {Tie.INQUIRY: 2, Tie.APART: 1, Tie.UNSAID: 3},
            "Of 6 walkthroughs, 2 are part of an inquiry; 1 stands apart from one, with a reason; "
            "3 are tied to no inquiry, and nobody has said why.",
            id="all kinds",
        ),
    ],
)
def test_what_walkthroughs_belong_to_is_said(ties: dict[Tie, int], said: str) -> None:
    follow = Follow(Share(0, 0), Share(0, 0), {tie: ties.get(tie, 0) for tie in Tie})
    assert say_ties(follow) == said


schools = st.integers(1, 4)


@given(
    visits=st.lists(st.builds(HeldVisit, schools, st.booleans(), st.one_of(st.none(), st.sampled_from(Tie)))),
    steps=st.lists(
        st.builds(AgreedStep, schools, st.dates(date(2026, 9, 1), date(2027, 1, 31)), st.booleans())
    ),
)
def test_the_schools_always_add_up_to_the_whole(visits: list[HeldVisit], steps: list[AgreedStep]) -> None:
    found = follow_through(visits, steps, schools=[1, 2, 3, 4], today=TODAY)
    each = found.by_school.values()
    for share, of_schools in (
        (found.whole.visits, [follow.visits for follow in each]),
        (found.whole.steps, [follow.steps for follow in each]),
    ):
        assert share == Share(sum(s.part for s in of_schools), sum(s.whole for s in of_schools))
        assert share.value is None or 0 <= share.value <= 1
    assert found.whole.walkthroughs == sum(follow.walkthroughs for follow in each)
