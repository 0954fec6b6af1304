"""Which words ask how units serve schools or what came of the pulse, and which ask something else."""

import pytest

from protocols.centre.questions import About, period_of, read_about, units_in
from tests.eval.questions import OWN, load_rows

UNITS = ("Facilities", "Human Resources", "Curriculum")


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("how long do service requests to facilities wait", About.SCORECARD),
        ("How many service requests are open?", About.SCORECARD),
        ("how fast does Facilities answer schools", About.SCORECARD),
        ("which unit answers service requests slowest", About.SCORECARD),
        ("service requests by unit this term", About.SCORECARD),
        ("how many requests did human resources decline", About.SCORECARD),
        ("average response time of facilities", About.SCORECARD),
        ("what did principals say about the units' support in the pulse", About.PULSE),
        ("pulse results for Facilities", About.PULSE),
        ("what came out of the pulse?", About.PULSE),
        ("how do principals find the support of human resources", About.PULSE),
        ("what do principals think of facilities", About.PULSE),
        ("how satisfied are principals with human resources", About.PULSE),
        ("how do principals rate their ILD's support", About.PULSE),
        # a wish, a statement, contents, and what the answers count themselves
        ("ask facilities: the gym roof leaks", None),
        ("the service request to facilities is late", None),
        ("Facilities answered me yesterday", None),
        ("what did Lincoln ask facilities for", None),
        ("what do principals need from facilities", None),
        ("what are the service requests of Lincoln Middle about", None),
        ("protected time taken by facilities", None),
        ("how many requests has facilities sent", None),
        ("how many requests by facilities", None),
        ("requests from human resources this month", None),
        ("how useful do principals find our visits", None),
        ("what did principals say about visits in the pulse", None),
        ("mandates by office", None),
        ("", None),
    ],
)
def test_what_words_ask_about(text: str, about: About | None) -> None:
    assert read_about(text, UNITS) is about


def test_no_question_that_the_answers_count_is_taken() -> None:
    for path in OWN.glob("*.jsonl"):
        for row in load_rows(path):
            assert read_about(row["text"], UNITS) is None, row["text"]


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("service requests this term", "term"),
        ("service requests this semester", "term"),
        ("service requests this school year", "year"),
        ("how long do service requests wait", "year"),
        ("service requests in October", None),
        ("service requests last week", None),
    ],
)
def test_over_which_time_they_are_counted(text: str, period: str | None) -> None:
    assert period_of(text) == period


def test_units_are_found_by_their_names() -> None:
    assert units_in("how do Facilities and human resources answer", UNITS) == [
        "Facilities",
        "Human Resources",
    ]
