"""Help knows where one is, then the subjects; what nobody knows is answered with the two nearest."""

import pytest

from handlers.cards import buttons_of
from handlers.welcome.subjects import SUBJECTS, Subject, subject_named
from storage.database import Store
from tests.chat import Chat, Speaker
from tests.conversations.mandate_texts import CONFERENCES
from tests.district import email


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store, at="2026-12-01 14:00")


def test_help_in_a_run_says_first_what_works_there(chat: Chat, imani: Speaker) -> None:
    mei = chat.person(email("mei.tanaka"))
    imani.says("walkthrough roosevelt")
    mei.says("help")
    mei.sees("In the Roosevelt High walkthrough.", "skip because …", "pause:", "stop:", "Anything else")
    mei.does_not_see("back:")
    said = mei.last_words()
    assert said.index("In the Roosevelt") < said.index("[Visits]")
    mei.says("help")  # asking for help has answered nothing
    mei.sees("In the Roosevelt High walkthrough.")
    mei.says("Students write in every subject.")
    mei.says("help")
    mei.sees("back:", "Your words answer")


def test_help_in_a_paused_run_says_how_to_go_on(chat: Chat, imani: Speaker) -> None:
    mei = chat.person(email("mei.tanaka"))
    imani.says("walkthrough roosevelt")
    mei.says("pause")
    mei.says("help")
    mei.sees("which is paused", "resume:")


def test_help_at_the_desk(chat: Chat, imani: Speaker) -> None:
    chat.person(email("dev.patel")).says("memo\n" + CONFERENCES)
    imani.says("triage")
    imani.says("help")
    imani.sees("At your desk.", "pass on all suggested", "my rules")


def test_help_in_a_form(chat: Chat, imani: Speaker) -> None:
    imani.says("plan roosevelt thu 10 dec 8:30")
    imani.says("cancel roosevelt")
    imani.says("help")
    imani.sees("In a form.", "Nothing is kept before that")


def test_help_while_words_are_awaited(chat: Chat, imani: Speaker) -> None:
    chat.person(email("dev.patel")).says("ask principal Grace about the boiler")
    imani.says("requests")
    imani.presses("Answer")
    imani.says("help")
    imani.sees("I wait for your words.")


def test_help_nowhere_in_particular_lists_the_subjects(chat: Chat, grace: Speaker) -> None:
    grace.says("help")
    grace.sees("What you can write here", "Visits:", "Digest:", "“my digest”")
    grace.does_not_see("At your desk", "In a form", "Roles:")


def test_a_subject_shows_all_its_words(chat: Chat, imani: Speaker) -> None:
    imani.says("help")
    imani.presses("Visits")
    imani.sees("Visits and their rhythm", "cancel Lincoln", "swap Lincoln Middle")
    imani.presses("All subjects")
    imani.sees("What you can write here")


@pytest.mark.parametrize("subject", SUBJECTS, ids=[subject.key for subject in SUBJECTS])
def test_a_subject_answers_to_each_of_its_names(subject: Subject) -> None:
    for name in (subject.key, subject.label, *subject.words):
        found = subject_named(name)
        assert found is not None
        assert name in (found.key, found.label, *found.words), name


@pytest.mark.parametrize(
    ("words", "seen"),
    [
        ("help digest", "The weekly digest"),
        ("help me with walkthroughs", "Walkthroughs, inquiries and other protocols"),
        ("help with protected time", "Protected time, meetings"),
        ("help visists", "Visits and their rhythm"),
        ("help swap", "swap Lincoln Middle and Roosevelt"),
        ("HELP TRIAGE", "Deciding what reaches schools"),
    ],
)
def test_help_on_a_subject(imani: Speaker, words: str, seen: str) -> None:
    imani.says(words)
    imani.sees(seen)


def test_help_on_what_nobody_knows_offers_the_two_nearest(imani: Speaker) -> None:
    imani.says("help flobberworm")
    imani.sees("I have no help on “flobberworm”. Did you mean “help ", "[Help]")
    assert len(buttons_of(imani.seen[-1])) == 3


def test_help_on_a_subject_of_others_offers_one_s_own(grace: Speaker) -> None:
    grace.says("help roles")
    grace.sees("I have no help on “roles”")
    grace.does_not_see("[Roles]")


def test_unknown_words_get_the_two_nearest(chat: Chat, imani: Speaker) -> None:
    imani.says("triaj")
    imani.sees("Did you mean “triage”", "[Help]")
    imani.says("qqqq zzzz")
    imani.sees("The nearest I know: “", "” or “")
