"""Merged demands: one item is read, the earlier deadline is the one acted on, and nothing is lost."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.buffer.demands import Binding, DateRole
from protocols.buffer.digest import Decision, DigestItem
from protocols.buffer.merging import fold, root_of

SURVEY = DigestItem(
    key=1,
    what="Boiler survey",
    wording="Return the boiler survey.",
    due=date(2026, 12, 18),
    minutes=30,
    binding=Binding.MUST,
    decision=Decision.PASS_ON,
    source="Facilities",
)
COUNTS = replace(
    SURVEY,
    key=2,
    wording="Count the radiators.",
    due=date(2026, 12, 11),
    minutes=10,
    binding=Binding.SHOULD,
    decision=Decision.MERGE,
    source="Assessment",
)
BOTH = {1: {7}, 2: {7}}


def test_the_item_with_the_earlier_day_is_read_and_names_the_other() -> None:
    folded = fold([SURVEY, COUNTS], {2: 1}, BOTH)
    (item,) = folded.read
    assert (item.key, item.due, item.decision) == (2, COUNTS.due, Decision.PASS_ON)
    assert (item.minutes, item.binding) == (30, Binding.MUST)
    assert item.besides == "Also from Facilities: Return the boiler survey. By Fri 18 Dec."
    assert folded.merged == {2: (SURVEY,)}


def test_do_not_drop_and_the_ilds_lines_are_kept() -> None:
    folded = fold(
        [replace(SURVEY, do_not_drop=True, note="First."), replace(COUNTS, note="Then.")], {2: 1}, BOTH
    )
    assert (folded.read[0].do_not_drop, folded.read[0].note) == (True, "Then. First.")


def test_work_is_read_before_news_whatever_the_days() -> None:
    news = replace(COUNTS, binding=Binding.INFO, due_role=DateRole.EVENT)
    (item,) = fold([SURVEY, news], {2: 1}, BOTH).read
    assert item.key == 1
    assert item.besides == "Also from Assessment: Count the radiators. On Fri 11 Dec."


@pytest.mark.parametrize(
    ("target", "schools"),
    [
        pytest.param(
            replace(SURVEY, decision=Decision.OFF_PLATE), BOTH, id="the other was taken off the plate"
        ),
        pytest.param(None, BOTH, id="the other goes out in another week, or has been told"),
        pytest.param(SURVEY, {1: {7}, 2: {7, 8}}, id="the other does not reach all of its schools"),
    ],
)
def test_what_was_merged_is_read_on_its_own(target: DigestItem | None, schools: dict[int, set[int]]) -> None:
    items = [COUNTS] if target is None else [target, COUNTS]
    folded = fold(items, {2: 1}, schools)
    assert replace(COUNTS, decision=Decision.PASS_ON) in folded.read
    assert folded.merged == {}


def test_a_chain_of_merges_is_one_item_and_a_circle_is_none() -> None:
    third = replace(COUNTS, key=3, wording="Send the key list.", due=None)
    schools = {1: {7}, 2: {7}, 3: {7}}
    folded = fold([SURVEY, COUNTS, third], {2: 1, 3: 2}, schools)
    assert len(folded.read) == 1
    assert {item.key for item in folded.merged[2]} == {1, 3}
    assert root_of(1, {1: 2, 2: 1}) == 1


decisions = st.sampled_from([Decision.PASS_ON, Decision.OFF_PLATE, Decision.MERGE])
days = st.one_of(st.none(), st.dates(date(2026, 12, 1), date(2026, 12, 31)))


@given(
    st.lists(
        st.tuples(decisions, days, st.integers(0, 5), st.sets(st.integers(1, 3), min_size=1)), max_size=6
    )
)
def test_nothing_is_lost_and_no_deadline_becomes_later(
    drawn: list[tuple[Decision, date | None, int, set[int]]],
) -> None:
    items = [
        replace(SURVEY, key=key, decision=decision, due=due)
        for key, (decision, due, _into, _s) in enumerate(drawn)
    ]
    into = {key: target for key, (decision, _d, target, _s) in enumerate(drawn) if decision is Decision.MERGE}
    schools = {key: some for key, (_decision, _d, _into, some) in enumerate(drawn)}
    folded = fold(items, into, schools)
    told = [item.key for item in folded.read] + [item.key for some in folded.merged.values() for item in some]
    assert sorted(told) == [item.key for item in items]
    read = {item.key: item for item in folded.read}
    for lead, some in folded.merged.items():
        for item in some:
            assert read[lead].due is None or item.due is None or read[lead].due <= item.due
            assert item.due is None or read[lead].due is not None
            assert schools[item.key] <= schools[lead]
