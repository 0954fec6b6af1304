"""The pictures under docs/flows: true to the library, readable, and safe whatever a file says."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render.flow import WIDTH, draw
from bot.render.flow_files import INDEX, flow_files, main
from bot.render.letters import measure, wrap
from protocols.guided.catalog import library
from protocols.guided.flow import Flow, describe, write_out
from protocols.guided.steps import StepKind

FOLDER = Path(__file__).parent.parent.parent.parent / "docs" / "flows"
SVG = "{http://www.w3.org/2000/svg}"
each_flow = pytest.mark.parametrize("flow", [describe(one) for one in library().values()], ids=library())


def drawn(flow: Flow) -> ElementTree.Element:
    return ElementTree.fromstring(draw(flow))  # well formed, or it raises


def test_the_pictures_are_up_to_date_with_the_library() -> None:
    kept = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.iterdir()}
    changed = sorted(name for name, text in flow_files(library()).items() if kept.pop(name, None) != text)
    assert (changed, sorted(kept)) == ([], []), "run make flows"


def test_a_protocol_that_is_no_longer_there_loses_its_picture(tmp_path: Path) -> None:
    (tmp_path / "gone.svg").write_text("old")
    main(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {INDEX, *(f"{key}.svg" for key in library())}


@each_flow
def test_a_screen_reader_hears_the_title_and_every_step(flow: Flow) -> None:
    root = drawn(flow)
    assert root.get("role") == "img"
    ids = {element.get("id"): element.text for element in root.iter() if element.get("id")}
    assert [ids[one] for one in (root.get("aria-labelledby") or "").split()] == [
        f"{flow.title}: how it goes",
        "\n".join(write_out(flow)),
    ]


@each_flow
def test_no_line_of_text_is_wider_than_its_place(flow: Flow) -> None:
    for text in drawn(flow).iter(f"{SVG}text"):
        size, x, bold = (
            float(text.get("font-size", 0)),
            float(text.get("x", 0)),
            text.get("font-weight") == "700",
        )
        wide = measure(text.text or "", size, is_bold=bold)
        left, right = (x - wide / 2, x + wide / 2) if text.get("text-anchor") == "middle" else (x, x + wide)
        edge = 58 if text.get("text-anchor") == "middle" else 362 - 12 if x > 58 else WIDTH - 12
        assert left >= 0, text.text
        assert right <= edge, text.text


@each_flow
def test_boxes_stand_below_one_another_and_inside_the_picture(flow: Flow) -> None:
    root = drawn(flow)
    boxes = [rect for rect in root.iter(f"{SVG}rect") if rect.get("x") == "58"]
    edges = [(float(box.get("y", 0)), float(box.get("y", 0)) + float(box.get("height", 0))) for box in boxes]
    assert len(edges) == len(flow.boxes)
    assert all(above[1] < below[0] for above, below in pairwise(edges))
    assert edges[-1][1] < float(root.get("height", 0))


@each_flow
def test_a_branch_is_dashed_and_says_when_it_is_taken(flow: Flow) -> None:
    root = drawn(flow)
    boxes = [rect for rect in root.iter(f"{SVG}rect") if rect.get("x") == "58"]
    assert [bool(box.get("stroke-dasharray")) for box in boxes] == [bool(box.condition) for box in flow.boxes]


def test_every_kind_of_step_can_be_drawn() -> None:
    flow = describe(library()["walkthrough"])
    phase = flow.phases[0]
    for kind in StepKind:
        drawn(replace(flow, phases=(replace(phase, boxes=(replace(phase.boxes[0], kind=kind),)),), bends=()))


@given(st.text(min_size=1, max_size=80))
def test_no_text_of_a_file_becomes_markup(words: str) -> None:
    flow = describe(library()["walkthrough"])
    phase = flow.phases[0]
    box = replace(
        phase.boxes[0], title=words, people=words, marks=(words,), condition=words, options=(words,)
    )
    hostile = replace(
        flow,
        title=words,
        purpose=words,
        source=words,
        phases=(replace(phase, title=words, boxes=(box,)),),
        bends=(),
    )
    names = {element.tag.removeprefix(SVG) for element in drawn(hostile).iter()}
    assert names <= {"svg", "title", "desc", "rect", "path", "circle", "text"}


@given(st.text(max_size=60), st.floats(20, 300))
def test_wrapped_lines_are_never_too_wide_and_lose_nothing_but_spaces(text: str, width: float) -> None:
    lines = wrap(text, width, 13)
    spaces = str.maketrans("", "", " \t\r\n")
    assert "".join(lines).translate(spaces) == text.translate(spaces)
    assert all(measure(line, 13) <= width for line in lines)
