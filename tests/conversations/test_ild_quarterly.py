"""An ILD's own quarterly cycle: numbers and a principal's words, a strategy, and a check-in that comes back."""

import pytest

from storage.database import Store
from tests.pair import Pair


@pytest.fixture
def pair(store: Store) -> Pair:
    return Pair(store, visitor="ruth.castellanos", host="imani.brooks")


def evidence(pair: Pair) -> None:
    pair.says(pair.host, "quarterly cycle")
    pair.presses(pair.host, "Begin", visitor=str(pair.visitor.id))
    pair.says(pair.host, "I answer principals' questions myself, so they do not find their own next step.")
    pair.presses(pair.host, "Keep it as it is")
    pair.says(
        pair.host, "9 of 14 visits ended in a next step I wrote\n2 of 14 in one the principal wrote", "done"
    )
    pair.says(pair.host, "“You always know what to do, so I wait for you.”", "done")


def strategy(pair: Pair) -> None:
    evidence(pair)
    pair.presses(pair.host, "Go on")
    pair.presses(pair.visitor, "Go on")
    pair.says(pair.visitor, "When did a principal last write the step before you spoke?", "done")
    pair.says(
        pair.host,
        "I ask for the principal's own step first and write nothing until it is there.",
        "Because a principal who has to name the step first looks at the evidence herself, she will write her own.",
    )
    pair.says(pair.visitor, "I take the two Thursday hearings off your calendar.", "done")


def test_numbers_that_do_not_fit_lie_beside_a_principals_words(pair: Pair) -> None:
    evidence(pair)
    pair.host.sees("Both are true", "9 of 14 visits", "2 of 14", "so I wait for you")
    pair.visitor.sees("9 of 14 visits")


def test_nothing_of_it_is_a_visit_and_the_check_in_comes_back_by_itself(pair: Pair) -> None:
    strategy(pair)
    pair.says(pair.host, "In 4 of 6 visits this week the principal wrote the step.")
    pair.presses(pair.host, "Nothing more for now")
    pair.host.sees("bring it up again")
    until = pair.run().state.rests["check_in"]
    counts = pair.comes(f"{until.isoformat()} 10:00")
    assert counts["run_calls"] == 1
    assert pair.comes(f"{until.isoformat()} 10:01")["run_calls"] == 0
    pair.host.does_not_see("Check-in")  # Tuesday morning is protected, so it waits
    pair.comes(f"{until.isoformat()} 14:00")
    pair.host.sees("Check-in")
    pair.visitor.sees("Check-in")
    assert pair.run().visit_id is None


def test_it_is_played_to_its_end_and_each_keeps_what_was_learned(pair: Pair) -> None:
    strategy(pair)
    pair.says(pair.host, "In 4 of 6 visits this week the principal wrote the step.")
    pair.presses(pair.host, "Enough to go on")
    pair.presses(pair.host, "Adopt it")
    pair.says(pair.host, "I wait longer than is comfortable.")
    pair.says(pair.visitor, "I clear the calendar before I ask for visits.")
    pair.says(
        pair.host,
        "I will ask for the principal's step first in all visits by 29 Jan, evidence: the next steps in their words",
        "done",
    )
    pair.host.sees("Next steps", "the next steps in their words", "Differently from now on")
    pair.visitor.sees("Differently from now on", "I wait longer than is comfortable")
    assert pair.run().visit_id is None


def test_no_other_executive_and_no_other_ild_reads_it(pair: Pair) -> None:
    evidence(pair)
    tomas = pair.chat.person("tomas.rivera@district.example")
    tomas.says("print")
    tomas.sees("You have taken part in nothing yet")
