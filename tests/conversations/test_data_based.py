"""A data conversation: a few figures of each, the two that contradict each other laid side by side, and one act."""

import pytest

from storage.database import Store
from tests.pair import Pair


@pytest.fixture
def pair(store: Store) -> Pair:
    return Pair(store)


def bring_figures(pair: Pair) -> None:
    pair.says(pair.visitor, "data conversation lincoln middle")
    pair.says(pair.host, "Do my ratings of teachers tell us anything about what students can do?")
    pair.says(pair.host, "100 % of teachers were rated effective\n64 lesson visits since September", "done")
    pair.says(pair.visitor, "38 % of students met the standard\n9 of 18 notes quote a student", "done")


def tell_facts(pair: Pair) -> None:
    for who in (pair.host, pair.visitor):
        pair.presses(who, "Go on")
    pair.says(pair.host, "Every teacher was rated effective.", "done")
    pair.says(pair.visitor, "38 of 100 students met the standard.", "done")


def explain(pair: Pair) -> None:
    pair.says(pair.host, "My forms ask about order. Ten of them would show it.", "done")
    pair.says(pair.visitor, "The forms may not ask about thinking.", "done")


def test_the_principals_question_comes_first_and_the_ild_brings_figures_to_it(pair: Pair) -> None:
    pair.says(pair.visitor, "data conversation lincoln middle")
    pair.visitor.sees("Grace is choosing the question")
    pair.host.sees("Imani Brooks opens a data conversation with you", "Which question about teaching")
    pair.says(pair.host, "Do my ratings tell us what students can do?")
    pair.visitor.sees("Do my ratings tell us what students can do?", "Which few numbers bear on Grace's")


def test_a_fifth_figure_is_one_too_many(pair: Pair) -> None:
    pair.says(pair.visitor, "data conversation lincoln middle")
    pair.says(pair.host, "Do my ratings tell us what students can do?")
    pair.says(pair.host, "1 % late\n2 % absent\n3 meetings\n4 visits\n5 notes")
    pair.host.sees("That is five figures. Few say more. Which four shall we keep?")
    pair.says(pair.host, "drop 3")
    assert [e.text for e in pair.run().state.live("figures")] == [
        "1 % late",
        "2 % absent",
        "4 visits",
        "5 notes",
    ]


def test_the_two_that_fit_least_lie_side_by_side_and_the_others_under_them(pair: Pair) -> None:
    bring_figures(pair)
    pair.host.sees(
        "Where two do not fit together, they come first",
        "These two fit least together",
        "100 % of teachers were rated effective \nYou: \n38 % of students met the standard \nImani:",
        "64 lesson visits since September",
        "You:",
        "9 of 18 notes quote a student",
        "Imani:",
    )
    pair.visitor.sees("100 % of teachers were rated effective", "Grace:", "9 of 18 notes", "You:")


def bring(pair: Pair, *, host: str, visitor: str) -> None:
    pair.says(pair.visitor, "data conversation lincoln middle")
    pair.says(pair.host, "Who misses lessons, and what do we do about it?")
    pair.says(pair.host, host, "done")
    pair.says(pair.visitor, visitor, "done")


def test_counts_of_different_things_are_not_set_against_each_other(pair: Pair) -> None:
    bring(
        pair,
        host="14 suspensions since Oct 3",
        visitor="3 visits to grade 7\nAt 10:30, 6 adults in the hallway",
    )
    for who in (pair.host, pair.visitor):
        who.sees("14 suspensions since Oct 3", "3 visits to grade 7", "6 adults in the hallway")
        who.does_not_see("These two fit least together")


def test_counts_of_the_same_thing_are(pair: Pair) -> None:
    bring(pair, host="40 students enrolled in room 12\n3 visits", visitor="Students absent in week 6: 12")
    pair.visitor.sees(
        "These two fit least together", "40 students enrolled", "Students absent in week 6: 12", "3 visits"
    )


def test_shares_in_words_are_set_against_percentages(pair: Pair) -> None:
    bring(
        pair,
        host="Nine out of ten teachers call parents\n41 % of parents were called",
        visitor="3/4 of calls were short",
    )
    pair.host.sees(
        "These two fit least together",
        "Nine out of ten teachers",
        "41 % of parents",
        "3/4 of calls were short",
    )


def test_a_line_with_a_label_and_no_figure_is_asked_for_its_number(pair: Pair) -> None:
    pair.says(pair.visitor, "data conversation lincoln middle")
    pair.says(pair.host, "Who misses lessons?")
    pair.says(pair.host, "grade 3 reading at 10:30")
    pair.host.sees("Each line needs a number and what it counts")


def test_all_figures_are_on_the_table_before_anybody_says_what_they_say(pair: Pair) -> None:
    bring_figures(pair)
    assert "9 of 18 notes quote a student" in pair.host.everything()
    for who in (pair.host, pair.visitor):
        pair.presses(who, "Go on")
    pair.host.sees("What do these numbers say, and no more than that?")


def test_a_judgement_among_the_facts_is_questioned_and_rewritten(pair: Pair) -> None:
    bring_figures(pair)
    for who in (pair.host, pair.visitor):
        pair.presses(who, "Go on")
    pair.says(pair.host, "Teachers are doing a wonderful job.")
    pair.host.sees("You wrote", "Teachers are doing a wonderful job", "[Rewrite]", "[Keep as my impression]")
    pair.presses(pair.host, "Rewrite", text="Every teacher was rated effective.")
    pair.host.sees("Another fact")
    pair.visitor.sees("Every teacher was rated effective.")
    assert "wonderful job" not in pair.visitor.everything()


def test_only_the_one_who_leads_is_told_the_time_and_may_add_to_it(pair: Pair) -> None:
    bring_figures(pair)
    pair.visitor.sees("until 09:1", "[5 more minutes]")
    pair.host.does_not_see("[5 more minutes]")
    pair.comes("2026-12-01 09:12")
    pair.visitor.sees("“What does not fit” is up", "[Go on]")
    assert "is up" not in pair.host.everything()


def test_back_pause_and_resume_leave_everything_in_its_place(pair: Pair) -> None:
    bring_figures(pair)
    tell_facts(pair)
    pair.says(pair.host, "My forms ask about order. Ten of them would show it.")
    pair.says(pair.visitor, "back")
    pair.visitor.sees("38 of 100 students met the standard.", "[Leave it as it is]")
    pair.says(pair.visitor, "done", "pause")
    pair.host.sees("Imani paused")
    pair.chat.move_to("2026-12-02 10:00")
    pair.says(pair.host, "resume")
    pair.host.sees("Another explanation, or shall we go on?")
    pair.visitor.sees("Grace resumed", "Grace first, then you.")


def test_the_principal_explains_first_and_the_visitor_adds_to_what_was_said(pair: Pair) -> None:
    bring_figures(pair)
    tell_facts(pair)
    pair.host.sees("How can both be true? You go first.")
    pair.visitor.does_not_see("How can both be true?")
    pair.says(pair.visitor, "The forms may not ask about thinking.")
    pair.visitor.sees("Grace first, then you.", "The forms may not ask about thinking.", "[Send it now]")
    assert "may not ask about thinking" not in pair.host.everything()
    pair.says(pair.host, "My forms ask about order. Ten of them would show it.", "done")
    pair.visitor.sees("My forms ask about order.", "Grace has gone first.")
    pair.presses(pair.visitor, "Send it now")
    pair.host.sees("The forms may not ask about thinking.")


def test_the_host_names_her_own_part_leaves_questions_unanswered_and_chooses_one_act(pair: Pair) -> None:
    bring_figures(pair)
    tell_facts(pair)
    explain(pair)
    pair.host.sees("What does this mean for your own leadership")
    pair.visitor.sees("Hold your own answer back")
    pair.says(pair.host, "I rate what I see in five minutes, and ask no student.")
    pair.visitor.sees("I rate what I see in five minutes", "What would you ask so that Grace thinks a step")
    pair.host.sees("Imani is writing questions. Leave them unanswered for now")
    pair.says(pair.visitor, "What would you have to see to rate a lesson lower?", "done")
    assert "What would you have to see to rate a lesson lower?" in pair.host.everything()
    pair.says(pair.host, "I will ask more.")
    pair.host.sees("You wrote", "I will ask more", "[Rewrite]")
    pair.says(
        pair.host,
        "I will ask two students in each visit to explain the task, because then my rating rests on what they can "
        "say and teachers plan for it.",
    )
    pair.visitor.sees("I will ask two students in each visit", "which number or evidence")
    pair.says(pair.host, "I will ask ten students by Fri 18 Dec, evidence: the ten answers I wrote down")
    pair.says(pair.visitor, "done")
    for who, lead in ((pair.host, "You"), (pair.visitor, "Grace")):
        who.sees("Next steps", "ask ten students", f"{lead}:", "By Fri 18 Dec. To look at: the ten answers")
    pair.presses(pair.visitor, "All that was written")
    pair.visitor.sees(
        "These two fit least together", "100 % of teachers were rated effective", "64 lesson visits"
    )
    pair.presses(pair.host, "Edit my answers")
    pair.host.sees("The question:", "[Edit]")
