"""A coaching visit: the principal's own question, three ways of looking, and an answer that rests on what was seen."""

import pytest

from storage.database import Store
from tests.pair import Pair

ANSWER = "They help with order and not with talk: four of six ask for nothing on talk."


@pytest.fixture
def pair(store: Store) -> Pair:
    return Pair(store)


def begin(pair: Pair, how: str) -> None:
    pair.says(pair.visitor, "coaching visit lincoln middle")
    pair.says(pair.host, "Do my feedback notes help teachers to plan for student talk?", "done")
    pair.says(pair.visitor, "done")
    pair.presses(pair.visitor, how)
    pair.host.sees("How we look today", how)
    pair.says(pair.host, "Six feedback notes. I watch for what they ask the teacher to do.")


def think(pair: Pair) -> None:
    pair.says(pair.visitor, "What would a teacher do on Monday after reading this note?")
    pair.host.sees("What would a teacher do on Monday after reading this note?")
    pair.says(pair.visitor, "done")
    pair.host.sees("Back to your own question")
    pair.says(pair.host, ANSWER)
    pair.visitor.sees(ANSWER, "Two silent minutes")


def close(pair: Pair) -> None:
    pair.says(pair.host, "I will write one thing to try.")
    assert "one thing to try" not in pair.visitor.everything()
    pair.says(pair.visitor, "I will ask before I tell.")
    pair.host.sees("I will ask before I tell.")
    pair.visitor.sees("I will write one thing to try.")
    pair.says(pair.host, "I rewrite the six notes by Fri 11 Dec, evidence: the six notes", "done")
    for who, lead in ((pair.host, "You:"), (pair.visitor, "Grace:")):
        who.sees(
            "Next steps", "rewrite the six notes", lead, "Differently from now on", "The visit counts as held"
        )


def test_line_by_line_both_write_into_one_list_and_the_first_to_finish_closes_it(pair: Pair) -> None:
    begin(pair, "Together, line by line")
    pair.visitor.sees("Six feedback notes. I watch for", "Say aloud what you look at and why")
    pair.says(pair.host, "The notes are useless.")
    pair.host.sees("You wrote", "The notes are useless", "[Keep as my impression]")
    pair.says(pair.host, "keep")
    pair.says(pair.visitor, "Four of six notes ask for nothing the teacher could do tomorrow.")
    pair.host.sees("Four of six notes ask for nothing")
    pair.says(pair.host, "done")
    pair.visitor.sees("Which questions would help Grace think further")
    think(pair)
    close(pair)
    pair.host.sees("1 kept as an impression")


def test_each_alone_sees_nothing_of_the_other_until_both_lie_side_by_side(pair: Pair) -> None:
    begin(pair, "Each alone, then compare")
    pair.says(pair.host, "Two notes quote a student.", "done")
    pair.says(pair.visitor, "pause")
    pair.host.sees("Imani paused")
    pair.says(pair.host, "resume")
    assert "Two notes quote a student" not in pair.visitor.everything()
    pair.says(pair.visitor, "One note of six quotes a student.", "done")
    for who, other in ((pair.host, "Imani:"), (pair.visitor, "Grace:")):
        who.sees("Two notes quote a student.", "One note of six quotes a student.", "You:", other)
    pair.host.sees("Where does it differ? You go first, then go on.")
    pair.visitor.sees("Where does it differ? Grace goes first, then go on.")
    for who in (pair.host, pair.visitor):
        pair.presses(who, "Go on")
    think(pair)
    close(pair)


def test_where_the_principal_leads_she_writes_and_leads_the_debrief(pair: Pair) -> None:
    begin(pair, "The principal leads")
    pair.host.sees("You lead. Choose where you both look")
    pair.says(pair.host, "Two notes quote a student.", "back")
    pair.host.sees("Six feedback notes", "[Leave it as it is]")
    pair.says(
        pair.host, "Six feedback notes of November. I watch for what they ask the teacher to do.", "done"
    )
    pair.host.sees("Lead the debrief. Say what you saw, ask Imani")
    pair.visitor.sees("Two notes quote a student.", "Grace leads the debrief")
    pair.presses(pair.host, "Go on")
    pair.visitor.sees("Which questions would help Grace think further")
    pair.host.sees("Imani is writing questions on what you both saw")
    think(pair)
    close(pair)


def test_what_was_promised_opens_the_next_visit_and_is_asked_after(pair: Pair) -> None:
    begin(pair, "Together, line by line")
    pair.says(pair.visitor, "Four of six notes ask for nothing the teacher could do tomorrow.", "done")
    think(pair)
    close(pair)
    pair.chat.move_to("2026-12-15 09:00")
    pair.says(pair.visitor, "coaching visit lincoln middle")
    pair.host.sees("rewrite the six notes")
    pair.says(pair.host, "What do teachers do with the rewritten notes?")
    pair.host.sees("What came of what you promised last time?")
