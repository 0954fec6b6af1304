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
    pair.host.sees("These two fit least together", "9 of 14 visits", "2 of 14", "so I wait for you")
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


def test_the_supervisor_is_chosen_and_told_that_it_is_no_evaluation(pair: Pair) -> None:
    pair.says(pair.host, "quarterly")
    pair.host.sees("The supervisor", "Ruth Castellanos", "[Begin]")
    pair.presses(pair.host, "Begin", visitor=str(pair.visitor.id))
    pair.visitor.sees(
        "Imani Brooks opens a quarterly cycle of an ILD with you.", "nothing of this goes into an evaluation"
    )
    pair.host.sees("Quarterly cycle of an ILD, step 1 of 12", "This is coaching")


def test_a_focus_on_others_is_questioned_and_can_be_rewritten(pair: Pair) -> None:
    pair.says(pair.host, "quarterly")
    pair.presses(pair.host, "Begin", visitor=str(pair.visitor.id))
    pair.says(pair.host, "My principals don't want to visit classrooms.")
    pair.host.sees("You wrote", "My principals don't want to visit classrooms", "[Rewrite]")
    pair.presses(
        pair.host,
        "Rewrite",
        text="I talk for most of a debrief, so that principals do not think aloud about their own teaching.",
    )
    pair.host.sees("Which few of your own numbers bear on it?")
    pair.host.does_not_see("[Rewrite]")


def test_the_supervisor_resumes_a_paused_quarter_by_one_word(pair: Pair) -> None:
    strategy(pair)
    pair.host.sees("I take the two Thursday hearings off your calendar.", "What do you see of it now?")
    pair.says(pair.host, "pause")
    pair.visitor.sees("Imani paused. Nothing is lost.")
    pair.chat.move_to("2026-12-04 10:00")
    pair.says(pair.visitor, "resume")
    pair.visitor.sees("What have you seen or heard of Imani's strategy?")
    pair.host.sees("Ruth resumed", "What do you see of it now?")


def test_the_check_in_of_a_paused_quarter_comes_back_to_both(pair: Pair) -> None:
    strategy(pair)
    pair.says(pair.host, "pause")
    came = [pair.comes(f"{day} 13:00")["run_calls"] for day in ("2026-12-04", "2026-12-21", "2026-12-22")]
    assert came == [0, 0, 1]
    for who in (pair.host, pair.visitor):
        assert "time for “Check-in” again" in who.everything()
        assert "is paused since" not in who.everything()
    pair.presses(pair.visitor, "Write it now")
    pair.visitor.sees("What have you seen or heard of Imani's strategy?")


def test_adapting_opens_a_round_with_the_strategy_of_the_one_before(pair: Pair) -> None:
    strategy(pair)
    pair.says(pair.host, "In 4 of 6 visits this week the principal wrote the step.", "enough")
    pair.presses(pair.host, "Adapt it")
    pair.host.sees("round 2", "I ask for the principal's own step first", "Say what changes this time")
    pair.says(pair.host, "I also write the question down before.", "back")
    pair.host.sees("I also write the question down before.", "[Leave it as it is]")
    pair.says(pair.host, "I also send the question the day before.")
    pair.says(
        pair.host,
        "Because a principal who has the question a day before looks at the evidence herself, "
        "she will write her own step.",
    )
    pair.visitor.sees("I also send the question the day before.", "What will you take off Imani's plate")
    pair.visitor.does_not_see("I also write the question down")
