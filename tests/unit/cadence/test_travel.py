"""When two visits fit into one half-day."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.cadence.calendar import Half
from protocols.cadence.travel import (
    LONGEST_WAY,
    MOST_TRAVEL,
    PAIRED_MINUTES,
    Stay,
    Travel,
    clash,
    most_pairs,
    nearest_start,
    second_start,
    usual_stay,
)

WAYS = Travel(
    {("Adams", "Baker"): 12, ("Adams", "Cole"): 31, ("Baker", "Dunbar"): 10, ("Dunbar", "Baker"): 25}
)


def at(hour: int, minute: int = 0, school: str = "Adams", minutes: int = 60) -> Stay:
    return Stay(hour * 60 + minute, minutes, school)


@pytest.mark.parametrize(
    ("one", "other", "way"),
    [
        pytest.param("Adams", "Baker", 12, id="as told"),
        pytest.param("Baker", "Adams", 12, id="the way back is as long unless it is told"),
        pytest.param("Dunbar", "Baker", 25, id="each direction as told"),
        pytest.param("Adams", "Adams", 0, id="no way to where one is"),
        pytest.param("Cole", "Baker", None, id="not told"),
    ],
)
def test_one_direction_stands_for_both_unless_both_are_known(one: str, other: str, way: int | None) -> None:
    assert WAYS.between(one, other) == way


@pytest.mark.parametrize("minutes", [0, -3, LONGEST_WAY + 1])
def test_an_impossible_way_is_refused(minutes: int) -> None:
    with pytest.raises(ValueError, match="no way between"):
        Travel({("Adams", "Baker"): minutes})


@pytest.mark.parametrize(
    ("half", "school", "day", "starts"),
    [
        pytest.param(Half.AM, "Baker", [at(8, 30, minutes=45)], (9, 30), id="forty-five minutes and the way"),
        pytest.param(Half.AM, "Baker", [at(8, 30)], (9, 45), id="after an hour and the way"),
        pytest.param(Half.AM, "Baker", [at(10)], (8, 30), id="before, where there is time before"),
        pytest.param(Half.AM, "Baker", [at(9)], (10, 15), id="after, where there is too little before"),
        pytest.param(Half.AM, "Baker", [at(10, 30, minutes=85)], (8, 30), id="before a long late one"),
        pytest.param(Half.AM, "Baker", [at(9, minutes=125)], None, id="too little before and after"),
        pytest.param(Half.PM, "Baker", [at(13)], (14, 15), id="an afternoon holds two as well"),
        pytest.param(Half.PM, "Baker", [at(14, minutes=60)], (13, 0), id="arriving just in time is in time"),
        pytest.param(Half.AM, "Cole", [at(8, 30)], None, id="a way too long for the planner"),
        pytest.param(Half.AM, "Dunbar", [at(8, 30)], None, id="a way that nobody has told"),
        pytest.param(Half.AM, "Adams", [at(8, 30)], None, id="the same school twice is one visit"),
        pytest.param(Half.AM, "Baker", [], None, id="nothing to be the second of"),
        pytest.param(
            Half.AM,
            "Baker",
            [at(8, 30, minutes=30), at(10, minutes=30, school="Dunbar")],
            None,
            id="never a third",
        ),
        pytest.param(Half.AM, "Baker", [at(13)], None, id="the other half-day is no company"),
        pytest.param(
            Half.PM,
            "Baker",
            [at(14, 30, minutes=90), at(11, 30, school="Dunbar", minutes=80)],
            (13, 15),
            id="a morning that runs on is heeded",
        ),
    ],
)
def test_when_a_visit_can_be_the_second_of_its_half_day(
    half: Half, school: str, day: list[Stay], starts: tuple[int, int] | None
) -> None:
    found = second_start(half, school, day, WAYS)
    assert found == (None if starts is None else starts[0] * 60 + starts[1])


@pytest.mark.parametrize(
    ("stay", "others", "met"),
    [
        pytest.param(at(9, 45, "Baker"), [at(8, 30)], None, id="time enough for the way"),
        pytest.param(at(9, 40, "Baker"), [at(8, 30)], 12, id="two minutes short"),
        pytest.param(at(8, 0, "Baker", 30), [at(8, 30)], 12, id="the way counts before, too"),
        pytest.param(at(10, 30, "Dunbar"), [at(8, 30)], "unknown", id="no known way in one half-day"),
        pytest.param(at(13, 0, "Dunbar"), [at(8, 30)], None, id="half a day apart no way need be known"),
        pytest.param(at(12, 15, "Dunbar"), [at(11, 30)], "unknown", id="but nobody is in two places"),
        pytest.param(at(12, 40, "Baker"), [at(11, 30)], 12, id="nor arrives late where the way is known"),
        pytest.param(
            at(10, 5, "Baker", 45), [at(9, 0, "Dunbar", 45)], 25, id="the way there is not the way back"
        ),
    ],
)
def test_a_visit_stands_beside_others_or_says_which_one_is_in_its_way(
    stay: Stay, others: list[Stay], met: object
) -> None:
    found = clash(stay, others, WAYS)
    if met is None:
        assert found is None
    else:
        assert found is not None
        assert (found.other, found.way) == (others[0], met if isinstance(met, int) else None)


@pytest.mark.parametrize(
    ("wanted", "others", "starts"),
    [
        pytest.param(at(9, 0, "Baker", 45), [at(8, 30)], (9, 45), id="the nearest after"),
        pytest.param(at(10, 0, "Baker", 45), [at(10, 30)], (9, 30), id="the nearest before"),
        pytest.param(at(9, 0, "Cole", 45), [at(8, 30)], (10, 5), id="by hand a long way is one's own choice"),
        pytest.param(at(9, 0, "Dunbar", 45), [at(8, 30)], None, id="none without a known way"),
        pytest.param(at(9, 0, "Baker", 45), [at(8, minutes=230)], None, id="none in a full half-day"),
    ],
)
def test_the_nearest_start_that_works_is_found(
    wanted: Stay, others: list[Stay], starts: tuple[int, int] | None
) -> None:
    found = nearest_start(wanted, others, WAYS)
    assert found == (None if starts is None else starts[0] * 60 + starts[1])


def test_a_start_must_be_possible_otherwise_too() -> None:
    found = nearest_start(at(9, 0, "Baker", 45), [at(8, 30)], WAYS, is_possible=lambda start: start >= 630)
    assert found == 630


@pytest.mark.parametrize(
    ("asked", "pairs"),
    [
        pytest.param({"Adams": 10, "Baker": 6}, 6, id="each visit is in one pair"),
        pytest.param({"Adams": 10, "Baker": 6, "Dunbar": 4}, 6, id="who has one neighbour chooses first"),
        pytest.param({"Adams": 10, "Cole": 10}, 0, id="too far"),
        pytest.param({"Adams": 10, "Baker": 0}, 0, id="nothing asked for"),
        pytest.param({}, 0, id="no schools"),
    ],
)
def test_pairs_are_counted(asked: dict[str, float], pairs: float) -> None:
    assert most_pairs(asked, WAYS) == pairs


SCHOOLS = st.sampled_from(["Adams", "Baker", "Cole", "Dunbar"])
TRAVELS = st.dictionaries(st.tuples(SCHOOLS, SCHOOLS), st.integers(1, LONGEST_WAY), max_size=8).map(Travel)


@given(
    TRAVELS,
    st.sampled_from(Half),
    SCHOOLS,
    st.lists(st.builds(Stay, st.integers(450, 900), st.integers(15, 90), SCHOOLS), max_size=4),
)
def test_a_second_visit_is_never_late_nor_far(
    travel: Travel, half: Half, school: str, day: list[Stay]
) -> None:
    starts = second_start(half, school, day, travel)
    if starts is None:
        return
    stay = usual_stay(half, school, starts)
    assert (stay.minutes, stay.half) == (PAIRED_MINUTES, half)
    for other in day:
        first, second = sorted((other, stay), key=lambda one: one.starts)
        way = travel.between(first.school, second.school)
        assert first.ends + (way or 0) <= second.starts
        if other.half is half:
            assert way is not None
            assert way <= MOST_TRAVEL


@given(TRAVELS, st.dictionaries(SCHOOLS, st.integers(0, 20).map(float)))
def test_no_more_pairs_than_visits(travel: Travel, asked: dict[str, float]) -> None:
    assert 0 <= most_pairs(asked, travel) <= sum(asked.values()) / 2
