"""Plan, do, study, act: predictions written before looking, laid beside what came, two rounds until it is adopted."""

import pytest

from storage.database import Store
from tests.pair import Pair

AIM = "By 29 Jan, in 12 of our 24 seventh-grade classes students revise one paragraph, up from 5."
RATIONALE = (
    "Because students who get a note while they still write can act on it, they will revise, "
    "so more classes end with a revised paragraph."
)


@pytest.fixture
def pair(store: Store) -> Pair:
    return Pair(store)


def plan(pair: Pair) -> None:
    pair.says(pair.visitor, "pdsa at lincoln middle")
    pair.says(pair.host, AIM, "Two teachers give one written note on the first paragraph.", RATIONALE)
    pair.says(
        pair.host, "How many students revise after the note?\nHow long does a note take the teacher?", "done"
    )


def predict(pair: Pair) -> None:
    pair.says(pair.visitor, "8 of 24 students", "2 minutes a note")
    pair.says(pair.host, "15 of 24 students", "4 minutes a note")
    pair.says(pair.host, "The two teachers count revised paragraphs on Fri 4 Dec and Fri 11 Dec.")


def study(pair: Pair) -> None:
    pair.says(pair.host, "9 of 24 students crossed out at least one sentence.")
    pair.presses(pair.host, "Enough to go on")
    pair.says(pair.host, "11 of 24 students revised.", "The two teachers wrote for 7 minutes a note.")


def learn(pair: Pair) -> None:
    pair.presses(pair.host, "Go on")
    pair.presses(pair.visitor, "Go on")
    pair.says(pair.host, "The time goes into reading, not writing.")
    pair.says(pair.visitor, "I had not thought of the reading time.")


def test_it_opens_with_an_aim_and_a_weak_one_is_questioned_once(pair: Pair) -> None:
    pair.says(pair.visitor, "pdsa at lincoln middle")
    pair.visitor.sees("Grace is writing the aim")
    pair.host.sees(
        "Imani Brooks opens a plan-do-study-act cycle with you at Lincoln Middle",
        "What should be better, for whom, by how much, and by when?",
    )
    pair.says(pair.host, "Students should write better.")
    pair.host.sees("You wrote", "Students should write better", "[Rewrite]", "[Keep it as it is]")
    pair.says(pair.host, AIM)
    pair.host.sees("Which one change will you try?")
    pair.host.does_not_see("seems to name", "In a further round")


def test_back_changes_the_change_before_anybody_predicts(pair: Pair) -> None:
    pair.says(pair.visitor, "pdsa at lincoln middle")
    pair.says(pair.host, AIM, "Teachers give notes.", "back")
    pair.host.sees("Teachers give notes.", "[Leave it as it is]")
    pair.says(pair.host, "Two teachers give one written note on the first paragraph.", RATIONALE)
    pair.says(pair.host, "How many students revise after the note?", "done")
    pair.visitor.sees("Two teachers give one written note", "what do you predict Grace will find?")
    assert "Teachers give notes" not in pair.visitor.everything()


def test_each_predicts_alone_and_sees_the_others_only_beside_the_results(pair: Pair) -> None:
    plan(pair)
    predict(pair)
    assert "8 of 24" not in pair.host.everything()
    assert "15 of 24" not in pair.visitor.everything()
    study(pair)
    pair.host.sees(
        "How many students revise after the note?",
        "15 of 24 students",
        "Predictions, you:",
        "8 of 24 students",
        "Predictions, Imani:",
        "11 of 24 students revised.",
        "Results, you:",
    )
    pair.visitor.sees(
        "2 minutes a note",
        "Predictions, you:",
        "4 minutes a note",
        "Predictions, Grace:",
        "The two teachers wrote for 7 minutes a note.",
        "Results, Grace:",
        "Where were you furthest off?",
    )


def test_nothing_new_leaves_it_open_until_it_comes_back_to_both(pair: Pair) -> None:
    plan(pair)
    predict(pair)
    pair.host.sees("[Nothing new yet]")
    pair.says(pair.host, "nothing new yet")
    pair.host.sees("I'll bring it up again Tue 8 Dec", "[Write it now]")
    assert pair.comes("2026-12-07 13:00")["run_calls"] == 0
    assert pair.comes("2026-12-08 13:00")["run_calls"] == 1
    pair.host.sees("time for “What happened” again. What happened when you tried it?", "[Write it now]")
    pair.visitor.sees("time for “What happened” again. What have you seen or heard of Grace's change?")
    assert "waits for you since" not in pair.host.everything()
    pair.presses(pair.host, "Write it now")
    pair.says(pair.host, "The notes went really well.")
    pair.host.sees("What did you see or hear that tells you so", "[Keep as my impression]")
    pair.says(pair.host, "9 of 24 students crossed out at least one sentence.", "enough")
    pair.host.sees("How many students revise after the note?", "what did you find?")


def test_one_word_pauses_and_the_other_one_resumes_days_later(pair: Pair) -> None:
    plan(pair)
    pair.says(pair.visitor, "pause")
    pair.host.sees("Imani paused. Nothing is lost.")
    pair.chat.move_to("2026-12-03 10:00")
    pair.says(pair.host, "resume")
    pair.host.sees("what do you predict?")
    pair.visitor.sees("Grace resumed", "what do you predict Grace will find?")


def test_adapting_opens_a_second_round_with_what_was_tried_and_adopting_ends_it(pair: Pair) -> None:
    plan(pair)
    predict(pair)
    study(pair)
    learn(pair)
    pair.presses(pair.host, "Adapt it")
    pair.host.sees(
        "round 2",
        "Two teachers give one written note on the first paragraph.",
        "You, round 1",
        "Say what changes this time and what stays.",
    )
    pair.says(pair.host, "The same notes, but each teacher reads only one paragraph.", RATIONALE)
    pair.says(pair.host, "How long does a note take when only one paragraph is read?", "done")
    pair.visitor.sees("round 2", "each teacher reads only one paragraph")
    pair.says(pair.host, "3 minutes")
    pair.says(pair.visitor, "5 minutes")
    pair.says(pair.host, "Both teachers use a timer.", "Eight notes took 26 minutes together.", "enough")
    pair.says(pair.host, "3 minutes and 15 seconds a note.")
    pair.host.sees("3 minutes", "Predictions, you:", "3 minutes and 15 seconds", "Results, you:")
    learn(pair)
    pair.presses(pair.host, "Adopt it")
    pair.host.sees("Where does it go next")
    pair.says(pair.host, "All four seventh-grade English teachers; they need ten minutes on Thursdays.")
    pair.visitor.sees("All four seventh-grade English teachers", "What happens next?")
    pair.says(
        pair.visitor, "Grace shows the four teachers three notes by Fri 8 Jan, evidence: the three notes"
    )
    pair.visitor.sees("Grace: show the four teachers three notes. By Fri 8 Jan.")
    pair.says(pair.visitor, "done")
    pair.host.sees("Next steps", "show the four teachers three notes", "You:", "To look at: the three notes")
    pair.visitor.sees("show the four teachers three notes", "Grace:", "The visit counts as held")
    pair.presses(pair.host, "All that was written")
    pair.host.sees("5 minutes", "Predictions, Imani:", "3 minutes and 15 seconds a note.", "Results, you:")
    assert [e.round for e in pair.run().state.entries if e.step == "change"] == [1, 2]


def test_a_change_left_behind_is_a_result_as_well(pair: Pair) -> None:
    plan(pair)
    predict(pair)
    study(pair)
    learn(pair)
    pair.presses(pair.host, "Abandon it")
    pair.host.sees("What do you keep of it")
    pair.says(pair.host, "Notes stay, but read by a colleague.")
    pair.visitor.sees("Abandon it", "Notes stay, but read by a colleague.")
    pair.says(pair.host, "I ask two colleagues by Fri 18 Dec, evidence: their answers", "done")
    pair.host.sees("Next steps", "ask two colleagues")
