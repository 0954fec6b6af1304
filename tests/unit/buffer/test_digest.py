"""What a principal is told in a week, in which order, and what the ILD is advised to do."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.buffer.audience import ALL
from protocols.buffer.demands import Binding, DateRole, Demand
from protocols.buffer.digest import (
    MOST_DO_NOT_DROP,
    Decision,
    DigestItem,
    SchoolProfile,
    compose,
    concerns,
    day_for,
    is_rule,
    suggest,
)
from protocols.buffer.facets import DayFor

WEEK = date(2026, 12, 7)
SCHOOL = SchoolProfile(name="Lakeview Middle", level="middle", kind="title_i", network="Network 2")
ITEM = DigestItem(
    key=1,
    what="Seat counts",
    wording="Submit seat counts.",
    due=None,
    minutes=10,
    binding=Binding.MUST,
    decision=Decision.PASS_ON,
)
DEMAND = Demand(
    start=0,
    end=5,
    quote="Quote",
    actor="school",
    for_school=True,
    binding=Binding.MUST,
    due=date(2026, 12, 11),
    due_basis="",
    audience=("all",),
    minutes=10,
    minutes_basis="",
    due_role=DateRole.DEADLINE,
)


@pytest.mark.parametrize(
    ("audience", "school", "expected"),
    [
        pytest.param(("all",), SCHOOL, True, id="everybody"),
        pytest.param((), SCHOOL, True, id="nobody named means everybody"),
        pytest.param(("middle",), SCHOOL, True, id="its level"),
        pytest.param(("elementary", "middle"), SCHOOL, True, id="one of two levels"),
        pytest.param(("high",), SCHOOL, False, id="another level"),
        pytest.param(("title_i", "all"), SCHOOL, True, id="its kind"),
        pytest.param(("charter",), SCHOOL, False, id="another kind"),
        pytest.param(("elementary",), SchoolProfile(name="X", level="k8"), True, id="K-8 holds elementary"),
        pytest.param(("high",), SchoolProfile(name="X"), True, id="an unknown level excludes nothing"),
        pytest.param(("network:network 2",), SCHOOL, True, id="its network"),
        pytest.param(("network:Network 3",), SCHOOL, False, id="another network"),
        pytest.param(("school:Lakeview Middle",), SCHOOL, True, id="by name"),
        pytest.param(("new_principals",), SCHOOL, False, id="newcomers only"),
        pytest.param(("new_principals",), replace(SCHOOL, is_new_principal=True), True, id="a newcomer"),
        pytest.param(("something_else",), SCHOOL, True, id="an unknown tag excludes nobody"),
    ],
)
def test_whom_a_demand_concerns(audience: tuple[str, ...], school: SchoolProfile, expected: bool) -> None:
    assert concerns(audience, school) is expected


def test_the_nearest_day_comes_first_then_the_more_binding() -> None:
    items = [
        replace(ITEM, key=1),
        replace(ITEM, key=2, due=date(2026, 12, 14)),
        replace(ITEM, key=3, due=date(2026, 12, 11), binding=Binding.SHOULD),
        replace(ITEM, key=4, due=date(2026, 12, 11)),
    ]
    assert [item.key for item in compose(items, week=WEEK, school=SCHOOL).do] == [4, 3, 2, 1]


def test_do_not_drop_is_scarce_and_the_rest_is_still_to_do() -> None:
    items = [replace(ITEM, key=n, due=date(2026, 12, n), do_not_drop=True) for n in range(8, 13)]
    plan = compose(items, week=WEEK, school=SCHOOL)
    assert [item.key for item in plan.do_not_drop] == [8, 9, 10]
    assert [item.key for item in plan.do] == [11, 12]


def test_minutes_count_what_is_to_do_and_what_was_taken_away() -> None:
    items = [
        ITEM,
        replace(ITEM, key=2, minutes=20, do_not_drop=True),
        replace(ITEM, key=3, minutes=30, decision=Decision.OFF_PLATE, taken_by="Facilities"),
        replace(ITEM, key=4, minutes=40, decision=Decision.SELF),
        replace(ITEM, key=5, minutes=50, decision=Decision.HOLD),
        replace(ITEM, key=6, minutes=2, binding=Binding.INFO),
        replace(ITEM, key=7, minutes=60, audience=("high",)),
    ]
    plan = compose(items, week=WEEK, school=SCHOOL)
    assert (plan.minutes_total, plan.minutes_saved, plan.things) == (30, 70, 2)
    assert [item.key for item in plan.know] == [6]


def test_a_week_in_which_things_were_only_taken_away_is_no_reason_to_write() -> None:
    plan = compose([replace(ITEM, decision=Decision.OFF_PLATE)], week=WEEK, school=SCHOOL)
    assert plan.is_empty


@pytest.mark.parametrize(
    "item",
    [
        pytest.param(replace(ITEM, binding=Binding.INFO), id="news"),
        pytest.param(replace(ITEM, binding=Binding.MAY, due=None), id="a choice without a day"),
        pytest.param(
            replace(ITEM, binding=Binding.MAY, due_role=DateRole.EVENT), id="a choice on the day of an event"
        ),
        pytest.param(replace(ITEM, is_rule=True), id="a rule"),
    ],
)
def test_what_asks_nothing_is_for_knowing(item: DigestItem) -> None:
    plan = compose([item], week=WEEK, school=SCHOOL)
    assert (plan.know, plan.things, plan.minutes_total) == ((item,), 0, 0)


@pytest.mark.parametrize(
    "item",
    [
        pytest.param(replace(ITEM, binding=Binding.MAY, due=date(2026, 12, 11)), id="a choice that ends"),
        pytest.param(replace(ITEM, decide="The bell times are yours."), id="what principals decide"),
    ],
)
def test_what_is_the_principals_to_decide_stands_by_itself(item: DigestItem) -> None:
    plan = compose([item], week=WEEK, school=SCHOOL)
    assert (plan.decide, plan.do, plan.know, plan.things) == ((item,), (), (), 1)
    assert compose([replace(item, do_not_drop=True)], week=WEEK, school=SCHOOL).things == 1


def test_a_rule_that_must_not_be_dropped_stands_above_the_others() -> None:
    plan = compose([replace(ITEM, is_rule=True, do_not_drop=True)], week=WEEK, school=SCHOOL)
    assert len(plan.do_not_drop) == 1


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("Fire doors must not be propped open on the inspection day.", True),
        ("No school may change its testing schedule.", True),
        ("Do not translate the letter.", True),
        ("Do not hold the conference; write to the evaluation desk instead.", False),
        ("Schools must not open the boxes and must send them back.", False),
        ("Schools must not test before the seal is broken unless the office agrees.", False),
        ("If a device may not be charged, write to the help line.", False),
        ("Do not staple receipts, they must be legible.", False),
        ("Schools with no nurse must submit a plan.", False),
        ("Schools must send the list.", False),
    ],
)
def test_a_rule_only_forbids(quote: str, expected: bool) -> None:
    assert is_rule(replace(DEMAND, quote=quote, due=None)) is expected
    assert not is_rule(replace(DEMAND, quote=quote))


@given(
    st.lists(
        st.builds(
            DigestItem,
            key=st.integers(0, 99),
            what=st.just("x"),
            wording=st.just("x"),
            due=st.none() | st.dates(),
            minutes=st.integers(0, 240),
            binding=st.sampled_from(Binding),
            decision=st.sampled_from(Decision),
            do_not_drop=st.booleans(),
        ),
        unique_by=lambda item: item.key,
    )
)
def test_everything_passed_on_stands_in_exactly_one_place(items: list[DigestItem]) -> None:
    plan = compose(items, week=WEEK, school=SCHOOL)
    placed = [item.key for part in (plan.do_not_drop, plan.do, plan.decide, plan.know) for item in part]
    assert sorted(placed) == sorted(i.key for i in items if i.decision is Decision.PASS_ON)
    assert len(plan.do_not_drop) <= MOST_DO_NOT_DROP


@pytest.mark.parametrize(
    ("demand", "decision", "because"),
    [
        (DEMAND, Decision.PASS_ON, "Required by Fri 11 Dec, and close."),
        (
            replace(DEMAND, due=date(2027, 3, 1)),
            Decision.PASS_ON,
            "Required by Mon 1 Mar, with time to plan it.",
        ),
        (
            replace(DEMAND, due=None, due_role=None),
            Decision.PASS_ON,
            "Required of the school; the memo names no day.",
        ),
        (
            replace(DEMAND, binding=Binding.SHOULD, due=None),
            Decision.HOLD,
            "Advice without a day; it can wait for a quiet week.",
        ),
        (
            replace(DEMAND, binding=Binding.MAY, due=None),
            Decision.OFF_PLATE,
            "A choice, not a duty, and it has no day.",
        ),
        (
            replace(DEMAND, binding=Binding.MAY),
            Decision.PASS_ON,
            "A choice that ends Fri 11 Dec; the school decides.",
        ),
        (replace(DEMAND, due_role=DateRole.EVENT), Decision.PASS_ON, "Required on Fri 11 Dec, and close."),
        (
            replace(DEMAND, binding=Binding.INFO),
            Decision.OFF_PLATE,
            "It happens Fri 11 Dec, before the next digest, and asks nothing.",
        ),
        (
            replace(DEMAND, binding=Binding.INFO, due=date(2026, 12, 14)),
            Decision.PASS_ON,
            "Good to know: it happens Mon 14 Dec, and asks nothing.",
        ),
        (
            replace(DEMAND, binding=Binding.INFO, due=None),
            Decision.OFF_PLATE,
            "It asks nothing and names no day ahead.",
        ),
        (
            replace(DEMAND, binding=Binding.INFO, due=date(2027, 3, 1)),
            Decision.HOLD,
            "It happens Mon 1 Mar, and asks nothing; tell them nearer the day.",
        ),
        (
            replace(DEMAND, binding=Binding.INFO, for_school=False, actor="district", due=date(2026, 12, 15)),
            Decision.PASS_ON,
            "Good to know: it happens Tue 15 Dec, and others do it.",
        ),
        (
            replace(DEMAND, binding=Binding.MAY, due=None, quote="Schools do not have to send a copy."),
            Decision.PASS_ON,
            "Good to know: it says what they may leave out.",
        ),
        (
            replace(DEMAND, for_school=False, actor="district"),
            Decision.OFF_PLATE,
            "It asks a district office, not the school.",
        ),
        (
            replace(DEMAND, for_school=False, actor="vendor"),
            Decision.OFF_PLATE,
            "It asks a vendor, not the school.",
        ),
        (
            replace(DEMAND, due=date(2026, 12, 1)),
            Decision.HOLD,
            "Its day, Tue 1 Dec, has passed; ask the office before you pass it on.",
        ),
    ],
)
def test_a_suggestion_gives_its_reason(demand: Demand, decision: Decision, because: str) -> None:
    suggestion = suggest(demand, date(2026, 12, 7))
    assert (suggestion.decision, suggestion.because) == (decision, because)


@pytest.mark.parametrize(
    ("level", "expected"),
    [("high", 28), ("elementary", 4), ("", 28)],
    ids=["its own day", "the day of all others", "the earlier where its level is not known"],
)
def test_a_school_goes_by_its_own_of_several_days(level: str, expected: int) -> None:
    days = [DayFor((ALL,), date(2027, 6, 4)), DayFor(("high",), date(2027, 5, 28))]
    day = day_for(days, date(2027, 6, 4), SchoolProfile("Lincoln", level=level))
    assert day is not None
    assert day.day == expected


def test_a_demand_with_one_day_has_it_for_every_school() -> None:
    assert day_for([], date(2027, 6, 4), SchoolProfile("Lincoln", level="high")) == date(2027, 6, 4)
