"""Which cuts of anonymous answers may be asked about, and how finely a mean of them is said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.insight.measures import coarse, usefulness
from protocols.insight.small_groups import LINES, Answerer, may_cut, open_cuts


def principals(**counts: int) -> list[Answerer]:
    """So many of a network and a level: ``north_high=3``."""
    return [
        {
            "network": name.split("_")[0],
            "level": name.split("_")[1],
            "ild": name.split("_")[0],
            "tier": "weekly",
            "experience": "new",
        }
        for name, count in counts.items()
        for _ in range(count)
    ]


@pytest.mark.parametrize(
    ("answered", "filters", "may"),
    [
        ({"north_high": 5}, {}, True),
        ({"north_high": 4}, {}, False),
        ({}, {}, True),  # that nobody answered may be said
        ({"north_high": 5, "south_high": 5}, {"network": ("north",)}, True),
        ({"north_high": 5, "south_high": 4}, {"network": ("north",)}, False),  # the whole less north is south
        ({"north_high": 5, "south_high": 0}, {"network": ("north",)}, True),
        ({"north_high": 5, "south_high": 5, "west_high": 2}, {"network": ("north", "south")}, False),
        ({"north_high": 6, "south_high": 5, "west_high": 2}, {"network": ("north",)}, True),
        ({"north_high": 6, "south_high": 5, "west_high": 2}, {"network": ("south",)}, False),  # it hides west
        ({"north_high": 5, "north_k8": 1, "south_high": 9}, {"network": ("north",)}, True),
        (
            {"north_high": 5, "north_k8": 1, "south_high": 9},
            {"network": ("north",), "level": ("high",)},
            False,
        ),
        ({"north_high": 5, "north_k8": 5, "south_high": 9}, {"level": ("high",)}, True),
        ({"north_high": 5, "south_high": 5}, {"school": ("A", "B", "C", "D", "E")}, False),
        ({"north_high": 5, "south_high": 5}, {"network": ("north",), "ild": ("north",)}, True),
        ({"north_high": 5, "south_high": 5}, {"network": ("west",)}, True),
    ],
)
def test_a_cut_may_be_asked_where_nobody_can_be_subtracted(
    answered: dict[str, int], filters: dict[str, tuple[str, ...]], may: bool
) -> None:
    assert may_cut(principals(**answered), filters) is may


LETTERS = {"network": "nsw", "ild": "ab", "level": "hk", "tier": "wm", "experience": "oe"}


@st.composite
def answerers(draw: st.DrawFn) -> list[Answerer]:
    each = st.fixed_dictionaries({line: st.sampled_from(letters) for line, letters in LETTERS.items()})
    return draw(st.lists(each, max_size=40))


@given(
    answerers(),
    st.dictionaries(st.sampled_from(LINES), st.lists(st.sampled_from("nsabhkwmoe"), min_size=1, max_size=2)),
    st.sampled_from(LINES),
)
def test_the_groups_of_a_line_that_may_be_asked_about_are_those_that_may_each(
    some: list[Answerer], filters: dict[str, list[str]], line: str
) -> None:
    cut = {key: tuple(names) for key, names in filters.items()}
    chosen = [one for one in some if all(one[key] in names for key, names in cut.items() if key != line)]
    expected = {group for group in {one[line] for one in chosen} if may_cut(some, {**cut, line: (group,)})}
    assert open_cuts(some, cut, line) == expected


@pytest.mark.parametrize(
    ("mean", "principals", "said"),
    [(3.4, 5, 3.5), (3.2, 5, 3.0), (2.9, 12, 3.0), (2.62, 12, 2.5), (2.64, 30, 2.6), (2.64, 400, 2.6)],
)
def test_a_mean_is_said_as_finely_as_one_cannot_move_it(mean: float, principals: int, said: float) -> None:
    assert coarse(mean, principals) == said


@given(st.lists(st.integers(1, 4), min_size=6, max_size=60), st.integers(1, 4))
def test_a_principal_more_moves_what_is_said_by_a_step_at_most_while_the_step_stays(
    ratings: list[int], another: int
) -> None:
    before = usefulness({str(n): [rating] for n, rating in enumerate(ratings)})
    after = usefulness({str(n): [rating] for n, rating in enumerate([*ratings, another])})
    step = 0.5 if len(ratings) < 12 else 0.25
    assert before is not None
    assert after is not None
    assert abs(after - before) <= step + 1e-9
