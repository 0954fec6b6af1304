"""The picture of a simulated year: what it shows is what came of the year, and it says so in words."""

import io
import json
from datetime import date
from pathlib import Path

import matplotlib.image
import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.commands.simulating import _row
from bot.render.year import draw_year
from bot.render.year_shown import Stretch, YearPicture, YearRow
from bot.sample.year import sample_world
from protocols.cadence.simulation import Mishaps, play_year
from protocols.cadence.strategies import GREEDY, late_spans

YEAR = play_year(sample_world(6, Mishaps(taken=0.1, snow_days=2), seed=4), GREEDY)


def test_a_school_is_shown_late_exactly_where_an_interval_was_over() -> None:
    for name, rhythm in YEAR.rhythms.items():
        spans = late_spans(YEAR, name)
        assert [span.over for span in spans] == [
            gap - rhythm.target for gap in rhythm.gaps if gap > rhythm.target
        ]
        held = {visit.day for visit in YEAR.held if visit.school == name}
        for span in spans:
            assert span.ends in held | {YEAR.world.year.ends}
            assert not [day for day in held if span.starts <= day < span.ends]


def test_every_visit_is_in_the_row_of_its_school() -> None:
    rows = [_row(YEAR, school.name) for school in YEAR.world.schools]
    assert sum(len(row.held) for row in rows) == len(YEAR.held)
    assert sum(len(row.fallen_out) for row in rows) == len(YEAR.fallen_out)


@pytest.mark.parametrize("name", ["Lincoln Middle", "A school with a very long name $x^2$ indeed", "学校 🚌"])
def test_a_year_is_drawn_the_same_each_time(name: str) -> None:
    day = date(2026, 10, 1)
    row = YearRow(
        name, "every week", (day,), (day,), (Stretch(day, date(2026, 10, 9), "3"),), "50%", "8 of 5"
    )
    year = YearPicture("Title $5", "Sub", date(2026, 9, 1), date(2027, 6, 1), (row,), (), (day,), (day,))
    drawn = draw_year(year)
    assert drawn == draw_year(year)
    height, width = matplotlib.image.imread(io.BytesIO(drawn)).shape[:2]
    assert (width, height) > (1000, 200)


def test_simulate_prints_its_figures_and_says_what_the_picture_shows(tmp_path: Path) -> None:
    picture = tmp_path / "year.png"
    arguments = [
        "simulate",
        "--schools",
        "4",
        "--weeks-lost",
        "0.2",
        "--seed",
        "7",
        "--json",
        "--picture",
        str(picture),
    ]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0
    found = json.loads(done.stdout)
    assert set(found) == {"Throughline", "most overdue first", "a fixed timetable"}
    assert 0 < found["Throughline"]["kept"] <= 1
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert "Lincoln Middle, every two weeks: " in done.stderr
    assert "35 of 176 protected half-days lost" in done.stderr


@pytest.mark.parametrize("wrong", [["--schools", "0"], ["--schools", "25"], ["--weeks-lost", "1.2"]])
def test_what_cannot_be_simulated_is_wrong_usage(wrong: list[str]) -> None:
    assert CliRunner().invoke(app, ["simulate", *wrong]).exit_code == 2
