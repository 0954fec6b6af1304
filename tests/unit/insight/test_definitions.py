"""Each measure is defined once: the page, the answers and the questions that give it agree."""

from pathlib import Path

import pytest

from protocols.insight.definitions import DEFINITIONS, GROUPED, write_page
from protocols.insight.query import Asker, Grouping, Measure, Query, Role
from protocols.insight.understanding import understand
from tests.eval.questions import OWN, load_vocabulary

PAGE = Path(__file__).parent.parent.parent.parent / "docs" / "measures.md"
VOCABULARY, TODAY = load_vocabulary(OWN / "context.json")


def test_the_page_is_what_the_definitions_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == write_page(), "run make measures"


def test_every_measure_and_every_grouping_is_defined() -> None:
    assert set(DEFINITIONS) == set(Measure)
    assert set(GROUPED) == set(Grouping)
    assert len({one.name for one in DEFINITIONS.values()}) == len(DEFINITIONS)


@pytest.mark.parametrize("measure", Measure)
def test_the_question_on_the_page_asks_for_it(measure: Measure) -> None:
    meaning = understand(
        DEFINITIONS[measure].asked, vocabulary=VOCABULARY, asker=Asker(Role.EXECUTIVE), today=TODAY
    )
    assert isinstance(meaning, Query), meaning
    assert meaning.measure is measure
