"""A modeling cycle: the ILD does it and says why, the principal watches and tries, and both say how far they came."""

import pytest

from storage.database import Store
from tests.pair import Pair


@pytest.fixture
def pair(store: Store) -> Pair:
    return Pair(store)


def prepare(pair: Pair) -> None:
    pair.says(pair.visitor, "modeling at lincoln middle")
    pair.says(pair.host, "A feedback talk after a lesson.")
    pair.says(pair.visitor, "I ask for the evidence before I say what I think.")
    pair.says(pair.visitor, "If I begin, teachers wait for my view and stop looking at their own lesson.")
    pair.says(pair.host, "how long Imani waits\nwho speaks first", "done")


def model(pair: Pair) -> None:
    prepare(pair)
    pair.says(pair.visitor, "go on")
    pair.says(pair.host, "Imani waited nine seconds, and the teacher named two students.", "done")


def try_it(pair: Pair, seen: str) -> None:
    pair.says(pair.host, "go on")
    pair.says(pair.visitor, seen, "done")
    pair.says(pair.host, "I had to stop and think when it got silent.")
    pair.says(pair.visitor, "What would be different with a first-year teacher?", "done")
    for who in (pair.host, pair.visitor):
        pair.presses(who, "Go on")


def promise(pair: Pair) -> None:
    pair.says(
        pair.host, "I ask for evidence first in three talks by Fri 18 Dec, evidence: my notes of them", "done"
    )


def test_the_move_and_its_reason_are_named_before_anybody_watches(pair: Pair) -> None:
    pair.says(pair.visitor, "modeling at lincoln middle")
    pair.host.sees("Imani Brooks opens a modeling cycle with you", "What would you like to see done once")
    pair.says(pair.host, "A feedback talk after a lesson.")
    pair.visitor.sees(
        "A feedback talk after a lesson.", "Name the move. What exactly will you do in front of Grace?"
    )
    pair.says(pair.visitor, "I ask for evidence.", "back")
    pair.visitor.sees("I ask for evidence.", "[Leave it as it is]")
    pair.says(pair.visitor, "I ask for two pieces of evidence.", "If I begin, teachers wait for my view.")
    pair.host.sees(
        "I ask for two pieces of evidence.", "If I begin, teachers wait", "What will you watch for"
    )
    pair.host.does_not_see("I ask for evidence.")
    pair.says(pair.host, "how long Imani waits\nwho speaks first\nwhat is written down")
    pair.host.sees("That is three things, and the move goes fast. Which two shall we keep?")
    pair.says(pair.host, "1 and 2")
    pair.visitor.sees("how long Imani waits", "who speaks first", "say aloud what you are doing and why")
    pair.host.sees("Watch Imani. Listen for the why")


def test_what_was_seen_is_told_as_evidence(pair: Pair) -> None:
    prepare(pair)
    pair.says(pair.visitor, "go on")
    pair.says(pair.host, "Imani did a great job.")
    pair.host.sees("You wrote", "Imani did a great job", "[Rewrite]")
    pair.presses(pair.host, "Rewrite", text="Imani waited nine seconds.")
    pair.host.sees("What else did you see or hear")


def test_another_day_waits_where_it_was_and_the_other_one_may_resume(pair: Pair) -> None:
    model(pair)
    pair.presses(pair.host, "I'll try it")
    pair.visitor.sees("Grace tries it. Hands off")
    pair.says(pair.host, "pause")
    pair.chat.move_to("2026-12-08 09:00")
    pair.says(pair.visitor, "resume")
    pair.host.sees("Imani resumed", "Do it in your own words")


def test_tried_and_tried_once_more_lies_side_by_side_and_is_recorded_as_talked_over(pair: Pair) -> None:
    model(pair)
    pair.presses(pair.host, "I'll try it")
    pair.says(pair.host, "go on")
    pair.visitor.sees("What did Grace do and say")
    pair.says(pair.visitor, "Grace asked for one piece of evidence and waited four seconds.", "done")
    pair.host.sees("waited four seconds", "How was it to do it?")
    pair.visitor.sees("Grace speaks first")
    pair.says(pair.host, "I had to stop and think when it got silent.")
    pair.visitor.sees("I had to stop and think", "Ask Grace about the why")
    pair.says(pair.visitor, "What would be different with a first-year teacher?", "done")
    pair.host.sees(
        "Imani waited nine seconds, and the teacher named two students. \nYou:",
        "Grace asked for one piece of evidence and waited four seconds. \nImani:",
    )
    for who in (pair.host, pair.visitor):
        pair.presses(who, "Go on")
    pair.presses(pair.host, "Yes, once more")
    pair.host.sees("round 2", "Do it in your own words")
    try_it(pair, "Grace waited eight seconds.")
    pair.presses(pair.host, "No, it is mine now")
    pair.host.sees("How far did you two come with it?", "There is no wrong answer")
    pair.presses(pair.host, "Shown, tried by me, talked over")
    pair.visitor.sees("How far we came", "Shown, tried by me, talked over", "What happens next?")
    promise(pair)
    pair.visitor.sees("ask for evidence first in three talks", "To look at: my notes of them", "Grace:")
    pair.host.sees("ask for evidence first in three talks", "You:", "How useful was this visit")
    pair.presses(pair.visitor, "All that was written")
    pair.visitor.sees("Grace waited eight seconds.", "What would be different with a first-year teacher?")


@pytest.mark.parametrize(
    ("label", "asked", "words"),
    [
        (
            "Shown to me",
            "When will you try it yourself, and who watches?",
            "On Thu 10 Dec, and Imani watches.",
        ),
        (
            "Shown, and tried by me",
            "What would you still like to talk over with Imani",
            "The silence, on Thursday.",
        ),
    ],
    ids=["only shown: when the principal tries", "tried but not talked over: what is left"],
)
def test_how_far_one_came_decides_what_is_asked_of_the_principal(
    pair: Pair, label: str, asked: str, words: str
) -> None:
    model(pair)
    pair.presses(pair.host, "Not this time")
    pair.presses(pair.host, label)
    pair.host.sees(asked)
    pair.says(pair.host, words)
    pair.visitor.sees(words, "What happens next?")
    promise(pair)
    pair.host.sees("Next steps")


def test_what_was_done_for_the_principal_is_asked_about_of_the_one_who_did_it(pair: Pair) -> None:
    model(pair)
    pair.presses(pair.host, "Not this time")
    pair.presses(pair.host, "Done for me")
    pair.visitor.sees("This time it was done for Grace. Which part will you leave to Grace next time")
    pair.says(pair.visitor, "Grace opens the next talk, and I sit beside her.")
    pair.host.sees("Grace opens the next talk", "What happens next?")
    promise(pair)
    pair.host.sees("Next steps")
