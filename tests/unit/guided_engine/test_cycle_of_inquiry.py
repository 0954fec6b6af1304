"""The cycle of inquiry on the same engine: weeks long, and round again."""

from datetime import date, timedelta

from protocols.guided.moves import AddNextStep, Answer, Back, Edit, Finish, Pause, Reason, Resume, Rewrite
from protocols.guided.state import Status
from protocols.guided.summary import summary, visible
from tests.unit.guided_engine.chat import HOST, VISITOR, Chat


def question(chat: Chat) -> Chat:
    chat.say(HOST, "My feedback comes days after the lesson, and nobody changes the next one.")
    chat.say(HOST, "Of nine notes since October two came the same day.")
    chat.say(VISITOR, "Four teachers said they had forgotten the lesson by then.")
    chat.press(VISITOR, Finish)
    chat.press(HOST, Finish)
    chat.say(VISITOR, "What would a same-day note have to leave out?")
    chat.press(VISITOR, Finish)
    return chat


def attempt(chat: Chat, strategy: str) -> Chat:
    chat.say(HOST, strategy)
    chat.say(HOST, "Because the lesson is still fresh then, the next one can change.")
    return chat


def test_a_weak_problem_of_practice_is_asked_about_once() -> None:
    chat = Chat("cycle_of_inquiry")
    chat.say(
        HOST, "Teachers lack rigor.", verdict="weak", fault="about_others", question="What is yours in it?"
    )
    assert chat.sees(HOST) == "What is yours in it?"
    chat.do(Rewrite(HOST, "problem", "My feedback comes too late.", {"verdict": "weak"}))
    assert chat.state.live("problem")[0].text == "My feedback comes too late."
    assert chat.step(HOST) == chat.step(VISITOR) == "causes"


def test_adapting_goes_round_again_from_the_strategy_and_keeps_the_first_round() -> None:
    chat = attempt(question(Chat("cycle_of_inquiry")), "One same-day note a week.")
    chat.say(HOST, "Two of three notes came the same day.")
    chat.do(Pause(HOST))
    chat.now += timedelta(days=14)
    chat.do(Resume(HOST))
    chat.say(VISITOR, "In room 5 the next lesson began with the question of the note.")
    chat.press(HOST, Finish)
    assert chat.refused(Answer(HOST, "decision", "maybe"))[1] == (
        "Choose one of these: Adopt it, Adapt it and go round again, Abandon it."
    )
    chat.say(HOST, "2")
    assert chat.step(HOST) == "strategy"
    assert chat.state.live("strategy") == ()
    attempt(chat, "Two same-day notes a week, three lines each.")
    chat.say(HOST, "Six of six came the same day.")
    chat.press(VISITOR, Finish)
    chat.say(HOST, "adopt it")
    chat.say(HOST, "Short and soon beats long and late.")
    chat.say(VISITOR, "I ask for the note, not for the form.")
    chat.do(
        AddNextStep(HOST, "next_steps", "host", "Show the notes", date(2027, 1, 12), "twelve notes, dated")
    )
    chat.press(HOST, Finish)
    assert chat.state.status is Status.ENDED
    found = summary(chat.protocol, chat.state)
    assert [(entry.text, entry.round) for entry in found.entries("strategy")] == [
        ("One same-day note a week.", 1),
        ("Two same-day notes a week, three lines each.", 2),
    ]
    assert [entry.text for entry in found.entries("decision")] == ["adapt", "adopt"]
    assert len(found.entries("check_in")) == 3


def test_a_decision_may_be_changed_by_going_back_and_then_begins_the_round() -> None:
    chat = attempt(question(Chat("cycle_of_inquiry")), "One same-day note a week.")
    chat.say(HOST, "Two of three notes came the same day.")
    chat.press(HOST, Finish)
    chat.say(HOST, "adopt")
    chat.press(HOST, Back)
    chat.say(HOST, "adapt")
    assert chat.step(HOST) == "strategy"
    decision = chat.state.entries[-1]
    assert (decision.text, decision.history[0].text) == ("adapt", "adopt")
    again = Edit(HOST, "decision", decision.number, "adopt")
    assert chat.refused(again)[0] is Reason.DECIDED


def test_what_one_has_written_stays_unseen_when_the_round_begins_again_before_the_other_wrote() -> None:
    chat = attempt(question(Chat("cycle_of_inquiry")), "One same-day note a week.")
    chat.say(HOST, "Two of three notes came the same day.")
    chat.press(HOST, Finish)
    chat.say(HOST, "adopt")
    chat.say(VISITOR, "I ask for the note, not for the form.")
    chat.press(HOST, Back)
    chat.say(HOST, "adapt")
    assert "learned" not in {entry.step for entry in visible(chat.protocol, chat.state, HOST)}
    assert "learned" in {entry.step for entry in visible(chat.protocol, chat.state, VISITOR)}
