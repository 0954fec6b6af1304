"""Charts: always a picture, the same picture, whatever the figures and names."""

import struct
import zlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render.chart import draw
from handlers.cards import Chart, ChartKind, Series
from tests.contract.sample_cards import EMOJI, MARKUP, RIGHT_TO_LEFT
from tests.examples import tried

NAMES = ("Lincoln Middle", "Adams", "Cedar Grove School of Arts and Sciences")


def chart(
    *rows: tuple[float | None, ...],
    kind: ChartKind = ChartKind.BARS,
    labels: tuple[str, ...] = NAMES,
    title: str = "Visits",
    goal: float | None = None,
) -> Chart:
    series = tuple(Series(f"Network {number}", row) for number, row in enumerate(rows, 1))
    return Chart(kind, title, labels, series, "visits", "Visits by school.", goal, "goal" if goal else "")


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


CASES = {
    "bars": chart((7, 4, 1), goal=6),
    "pairs": chart((7, 4, 1), (3, None, 0), kind=ChartKind.PAIRED_BARS),
    "eight series": chart(*[(1, 2, 3)] * 8, kind=ChartKind.PAIRED_BARS),
    "ties": Chart(
        ChartKind.TIES,
        "Who works with whom",
        ("Adams", "Lincoln Middle", "A school with a name that is longer than its box", "Oak"),
        (
            Series("ILD, North Network", (2, 1, None, None)),
            Series("ILD, South Network", (None, None, 2, None)),
            Series("Human Resources", (1, None, 2)),
            Series("Facilities", (None, None, None, None)),
        ),
        "ties",
        "Adams and Lincoln Middle with their ILD.",
        groups=("North", "North", "South", "South"),
    ),
    "a line with a gap": chart((92, None, 80), kind=ChartKind.LINE, goal=90),
    "lines of 200 weeks": chart(
        tuple(range(200)), kind=ChartKind.LINE, labels=tuple(f"week {n}" for n in range(200))
    ),
    "a scale": chart(*[(20, 0, 100)] * 5, kind=ChartKind.DIVERGING),
    "a scale of two steps": chart((30, 20, None), (70, 80, None), kind=ChartKind.DIVERGING),
    "34 schools": chart(tuple(range(34)), labels=tuple(f"School {n}" for n in range(34))),
    "one value": chart((1204,), labels=("Lincoln",)),
    "one point": chart((3,), kind=ChartKind.LINE, labels=("Sep",)),
    "zeros": chart((0, 0, 0), goal=0),
    "zeros on a line": chart((0, 0, 0), kind=ChartKind.LINE),
    "below zero": chart((-2, -3, -1)),
    "large and small": chart((1e12, 0.001, 3)),
    "not a number": chart((float("nan"), float("inf"), 2), goal=float("nan")),
    "too few values": chart((1,)),
    "too many values": chart((1, 2, 3, 4)),
    "right to left": chart((1, 2, 3), title=RIGHT_TO_LEFT, labels=(RIGHT_TO_LEFT,) * 3),
    "emoji": chart((1, 2, 3), title=EMOJI, labels=(EMOJI, "学校", "")),
    "markup and dollars": chart((1, 2, 3), title=MARKUP + "$x_1$ $", labels=("$a$", MARKUP, "_b")),
    "names without a space": chart((1, 2, 3), title="W" * 300, labels=("W" * 200, "b", "c")),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_picture_as_wide_as_a_phone_twice_over(case: Chart) -> None:
    width, height = size(draw(case))
    assert width == 800
    assert height >= 150


@pytest.mark.parametrize("case", [CASES["pairs"], CASES["a line with a gap"]], ids=["bars", "lines"])
def test_the_same_chart_gives_the_same_bytes_in_any_thread(case: Chart) -> None:
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(draw, [case] * 6))) == 1


@pytest.mark.parametrize(
    "case",
    [chart(), chart((), labels=()), chart((None, None, None)), chart((None,) * 3, kind=ChartKind.LINE)],
    ids=["no series", "no labels", "nothing known", "nothing known over time"],
)
def test_no_figures_give_a_picture_that_says_so(case: Chart) -> None:
    assert draw(case) == draw(chart())


def test_more_schools_make_a_taller_picture_not_smaller_letters() -> None:
    few, many = (size(draw(chart((1,) * n, labels=("School",) * n))) for n in (4, 40))
    assert many[0] == few[0]
    assert many[1] > 5 * few[1]


def test_not_known_is_not_drawn_as_zero() -> None:
    assert draw(chart((7, None, 1))) != draw(chart((7, 0, 1)))


def test_a_tie_both_ways_is_drawn_otherwise_than_one_way_and_than_none() -> None:
    drawn = {draw(chart((value, 1, 1), kind=ChartKind.TIES)) for value in (None, 1, 2)}
    assert len(drawn) == 3


def test_a_thousand_schools_still_are_one_picture() -> None:
    width, height = size(draw(chart((1,) * 1000, labels=("School",) * 1000)))
    assert height < 2**16
    assert width > 300


def test_the_picture_says_nothing_of_the_program_that_drew_it() -> None:
    png = draw(CASES["bars"])
    assert b"Software" not in png
    assert zlib.crc32(png) == zlib.crc32(draw(CASES["bars"]))


@tried(25, deadline=None)
@given(
    st.text(max_size=40),
    st.sampled_from(ChartKind),
    st.lists(st.none() | st.floats(-1e9, 1e9), min_size=1, max_size=4),
)
def test_any_words_and_figures_can_be_drawn(text: str, kind: ChartKind, values: list[float | None]) -> None:
    drawn = draw(chart(tuple(values), kind=kind, labels=(text,) * len(values), title=text, goal=values[0]))
    assert size(drawn)[0] == 800
