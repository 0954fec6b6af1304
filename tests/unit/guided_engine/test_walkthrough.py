"""The walkthrough, read as the chat it is."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from protocols.guided.comparison import start_here
from protocols.guided.events import EventKind
from protocols.guided.moves import (
    Abandon,
    AddNextStep,
    Answer,
    Back,
    Choose,
    Edit,
    Finish,
    KeepAsImpression,
    Pause,
    Reason,
    Resume,
    Rewrite,
    Skip,
)
from protocols.guided.prompts import Manner, Prompt, Waiting
from protocols.guided.state import Promise, Status
from protocols.guided.steps import Visibility
from protocols.guided.summary import summary, visible
from tests.unit.guided_engine.chat import HOST, NAMES, VISITOR, Chat

DUE = date(2026, 12, 15)


def before(chat: Chat) -> Chat:
    chat.say(HOST, "Children read every day.")
    chat.say(HOST, "In most rooms only the adult talks.")
    chat.say(HOST, "students explain their thinking\nwait time after a question")
    chat.press(HOST, Finish)
    return chat


def during(chat: Chat) -> Chat:
    before(chat)
    chat.say(VISITOR, "Three students gave a reason for their answer.", room="2", look_for="3")
    chat.say(HOST, "One student said why.", room="2", look_for="3")
    chat.say(VISITOR, "Eleven seconds between question and first hand.", room="14", look_for="4")
    chat.press(VISITOR, Finish)
    chat.press(HOST, Finish)
    return chat


def debrief(chat: Chat) -> Chat:
    during(chat)
    chat.say(VISITOR, "In room 2 a girl turned to her neighbour and asked him why.")
    chat.press(VISITOR, Finish)
    chat.say(VISITOR, "Who was asked, and who was not?")
    chat.press(VISITOR, Finish)
    chat.press(HOST, Finish)
    chat.press(VISITOR, Finish)
    return chat


def whole(chat: Chat) -> Chat:
    debrief(chat)
    chat.say(HOST, "I will count who is asked, twice a week.")
    chat.say(VISITOR, "I will count beside her.")
    chat.do(AddNextStep(VISITOR, "next_steps", "host", "Three feedback notes", DUE, "the notes themselves"))
    chat.press(HOST, Finish)
    return chat


def test_the_host_prepares_and_the_visitor_waits_knowing_for_whom() -> None:
    chat = Chat()
    assert "what is going well" in chat.sees(HOST)
    waiting = chat.asked(VISITOR)
    assert isinstance(waiting, Waiting)
    assert waiting.seats == (HOST,)
    assert NAMES[HOST] in waiting.text
    chat.say(HOST, "Children read every day.")
    assert "what is hard" in chat.sees(HOST)


def test_a_fourth_look_for_is_declined_and_the_host_chooses_which_three() -> None:
    chat = Chat()
    chat.say(HOST, "Children read every day.")
    chat.say(HOST, "In most rooms only the adult talks.")
    chat.say(HOST, "1. students explain their thinking\n2) wait time\n- anchor charts")
    chat.say(HOST, "exit tickets")
    assert chat.sees(HOST) == (
        "That is four things to look for. Visitors see more when they look for less. Which three shall we keep?"
    )
    prompt = chat.asked(HOST)
    assert isinstance(prompt, Prompt)
    assert [option.label for option in prompt.options] == [
        "students explain their thinking",
        "wait time",
        "anchor charts",
        "exit tickets",
    ]
    reason, sentence = chat.refused(Answer(HOST, "look_fors", "one more"))
    assert reason is Reason.CHOOSE_FIRST
    assert (
        sentence == "At most 3: mark which to keep, or send their numbers, such as 1 2 4, or a shorter list."
    )
    assert chat.refused(Choose(HOST, "look_fors", (1, 2, 3, 4)))[0] is Reason.CHOOSE_COUNT
    assert chat.refused(Choose(HOST, "look_fors", (1, 1)))[0] is Reason.CHOOSE_COUNT
    chat.press(HOST, Choose, (1, 2, 4))
    assert [entry.text for entry in chat.state.live("look_fors")] == [
        "students explain their thinking",
        "wait time",
        "exit tickets",
    ]
    assert chat.step(HOST) == "notes"


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("- anchor charts\n- Exit tickets.", ["anchor charts", "Exit tickets."]),
        ("wait time", ["wait time"]),
        ("wait time\nwho asks the questions", ["wait time", "who asks the questions"]),
        ("pairs at work\nwho asks\nwho answers", ["pairs at work", "who asks", "who answers"]),
    ],
    ids=["two of the four", "one of the four", "one of them and a new one", "three new ones"],
)
def test_a_shorter_list_written_out_is_the_choice_too(words: str, kept: list[str]) -> None:
    chat = Chat()
    chat.say(HOST, "Children read every day.")
    chat.say(HOST, "In most rooms only the adult talks.")
    chat.say(HOST, "students explain their thinking\nwait time\nanchor charts")
    chat.say(HOST, "exit tickets")
    chat.say(HOST, words)
    assert [entry.text for entry in chat.state.live("look_fors")] == kept
    assert chat.step(HOST) == "notes"


def test_a_fourth_and_a_fifth_line_still_ask_for_the_choice() -> None:
    chat = Chat()
    chat.say(HOST, "Children read every day.")
    chat.say(HOST, "In most rooms only the adult talks.")
    chat.say(HOST, "a\nb\nc\nd")
    for words in ("a\nb\nc\nd", "one more", "e\nf\ng\nh"):
        assert chat.refused(Answer(HOST, "look_fors", words))[0] is Reason.CHOOSE_FIRST


def test_four_look_fors_in_one_message_are_held_like_a_fourth() -> None:
    chat = Chat()
    chat.say(HOST, "a")
    chat.say(HOST, "b")
    chat.say(HOST, "talk\nwait time\ncharts\ntickets")
    assert chat.sees(HOST).startswith("That is four things")
    chat.press(HOST, Choose, (2, 4))
    assert [entry.text for entry in chat.state.live("look_fors")] == ["wait time", "tickets"]


def test_both_log_notes_in_any_order_and_neither_makes_the_others_button_stale() -> None:
    chat = before(Chat())
    visitors_card = chat.asked(VISITOR)
    chat.say(HOST, "One student said why.", room="2", look_for="3")
    chat.do(
        Answer(
            VISITOR, "notes", "Three students gave a reason.", {"room": "b12"}, version=visitors_card.version
        )
    )
    assert [entry.data["room"] for entry in chat.state.live("notes")] == ["2", "B12"]


def test_a_note_without_a_room_belongs_to_the_room_before() -> None:
    chat = before(Chat())
    assert chat.refused(Answer(VISITOR, "notes", "Two hands up."))[0] is Reason.ROOM_MISSING
    chat.say(VISITOR, "Two hands up.", room="204")
    chat.say(VISITOR, "Then nine.")
    assert [entry.data["room"] for entry in chat.state.live("notes", VISITOR)] == ["204", "204"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"room": "Ms Hale"}, Reason.ROOM_NOT_A_NUMBER),
        ({"room": "the library"}, Reason.ROOM_NOT_A_NUMBER),
        ({"room": "12", "look_for": "1"}, Reason.UNKNOWN_LOOK_FOR),
        ({"room": "12", "look_for": "ninety"}, Reason.UNKNOWN_LOOK_FOR),
        ({"room": "12", "names": "teacher"}, Reason.NAMES_TEACHER),
        ({"room": "12", "names": "student"}, Reason.NAMES_STUDENT),
    ],
)
def test_a_classroom_is_a_number_and_a_name_is_never_kept(data: dict[str, str], reason: Reason) -> None:
    chat = before(Chat())
    count = len(chat.events)
    assert chat.refused(Answer(VISITOR, "notes", "Ms Hale asked nine questions.", data))[0] is reason
    assert len(chat.events) == count


def test_a_judgement_is_challenged_once_and_its_rewrite_never() -> None:
    chat = before(Chat())
    chat.say(
        VISITOR,
        "Strong engagement.",
        room="3",
        look_for="3",
        verdict="judgement",
        question="What did you see that tells you so?",
    )
    prompt = chat.asked(VISITOR)
    assert isinstance(prompt, Prompt)
    assert (prompt.manner, prompt.quote) == (Manner.CHALLENGE, "Strong engagement.")
    assert prompt.text == "What did you see that tells you so?"
    assert chat.state.live("notes") == ()
    chat.do(Rewrite(VISITOR, "notes", "Still strong: all were busy.", {"verdict": "judgement"}))
    entry = chat.state.live("notes")[0]
    assert (entry.text, entry.data["room"], entry.data["look_for"]) == (
        "Still strong: all were busy.",
        "3",
        "3",
    )
    assert (entry.was_challenged, entry.is_impression) == (True, False)
    chat.say(VISITOR, "Poor pacing.", verdict="mixed")
    assert chat.sees(VISITOR).startswith('You wrote "Poor pacing.". What did you see or hear')


def test_an_impression_is_kept_and_marked_and_pressing_twice_keeps_it_once() -> None:
    chat = before(Chat())
    chat.say(VISITOR, "Strong engagement.", room="3", verdict="judgement")
    card = chat.asked(VISITOR)
    press = KeepAsImpression(VISITOR, "notes", version=card.version)
    chat.do(press)
    assert chat.refused(press)[0] is Reason.STALE
    assert [entry.text for entry in summary(chat.protocol, chat.state, viewer=VISITOR).impressions] == [
        "Strong engagement."
    ]
    assert summary(chat.protocol, chat.state).impressions == ()


def test_plain_words_while_a_challenge_is_open_are_the_rewrite() -> None:
    chat = before(Chat())
    chat.say(VISITOR, "Strong engagement.", room="3", verdict="judgement")
    chat.say(VISITOR, "Nine of twelve wrote; three looked out.", verdict="evidence")
    assert [entry.text for entry in chat.state.live("notes")] == ["Nine of twelve wrote; three looked out."]


def test_done_with_an_open_challenge_keeps_the_note_and_goes_on() -> None:
    chat = before(Chat())
    chat.say(VISITOR, "Strong engagement.", room="3", verdict="judgement")
    chat.do(Finish(VISITOR, "notes"))
    assert chat.state.live("notes")[0].is_impression
    assert chat.sees(VISITOR) == f"You are done here. Waiting for {NAMES[HOST]}."


def test_notes_stay_with_their_writer_until_the_reveal() -> None:
    chat = before(Chat())
    chat.say(VISITOR, "Three students gave a reason.", room="2", look_for="3")
    assert "notes" not in {entry.step for entry in visible(chat.protocol, chat.state, HOST)}
    chat = debrief(Chat())
    assert "notes" in {entry.step for entry in visible(chat.protocol, chat.state, HOST)}


def test_the_host_listens_while_the_visitor_writes() -> None:
    chat = during(Chat())
    waiting = chat.asked(HOST)
    assert isinstance(waiting, Waiting)
    assert waiting.is_listening
    reason, sentence = chat.refused(Answer(HOST, "warm_feedback", "But that was an exception"))
    assert reason is Reason.LISTENING
    assert sentence.startswith(f"Now you listen, and {NAMES[VISITOR]} writes.")


def test_the_reveal_sets_both_sides_together_and_says_where_to_start() -> None:
    chat = during(Chat())
    chat.say(VISITOR, "A girl asked her neighbour why.")
    chat.press(VISITOR, Finish)
    chat.say(VISITOR, "Who was asked?")
    chat.press(VISITOR, Finish)
    prompt = chat.asked(HOST)
    assert isinstance(prompt, Prompt)
    assert [(c.topic, c.room, len(c.sides[HOST]), len(c.sides[VISITOR])) for c in prompt.comparisons] == [
        ("students explain their thinking", "2", 1, 1),
        ("wait time after a question", "14", 0, 1),
    ]
    assert start_here(prompt.comparisons, HOST, NAMES) == (
        f"You both looked at “students explain their thinking”. Room 2: you counted one student, {NAMES[VISITOR]} "
        "three. What did each of you count? Start there."
    )
    assert prompt.text.startswith("You both looked at")
    assert start_here(prompt.comparisons[1:], HOST, NAMES) == (
        f"“wait time after a question”. Room 14: only {NAMES[VISITOR]} wrote about it. "
        "What did you see there? Start there."
    )
    assert chat.refused(Answer(HOST, "side_by_side", "I see"))[0] is Reason.NOTHING_TO_WRITE
    chat.press(HOST, Finish)
    assert chat.sees(HOST) == f"You are done here. Waiting for {NAMES[VISITOR]}."


def test_what_each_will_do_differently_is_seen_when_both_have_written() -> None:
    chat = debrief(Chat())
    chat.say(HOST, "I will count who is asked.")
    assert "differently" not in {entry.step for entry in visible(chat.protocol, chat.state, VISITOR)}
    chat.say(VISITOR, "I will count beside her.")
    assert "differently" in {entry.step for entry in visible(chat.protocol, chat.state, VISITOR)}
    assert [e.text for e in summary(chat.protocol, chat.state).commitments[HOST]] == [
        "I will count who is asked."
    ]


def test_no_end_without_a_next_step() -> None:
    chat = debrief(Chat())
    chat.say(HOST, "I will count.")
    chat.say(VISITOR, "So will I.")
    assert chat.refused(Finish(VISITOR, "next_steps"))[0] is Reason.TOO_FEW
    assert chat.refused(Skip(VISITOR, "next_steps", "no time"))[0] is Reason.REQUIRED


@pytest.mark.parametrize(
    ("data", "reason", "says"),
    [
        ({}, Reason.NEXT_STEP_INCOMPLETE, "who does it, by when and what evidence you will look at"),
        ({"who": "host", "by_when": "2026-12-15"}, Reason.NEXT_STEP_INCOMPLETE, "what evidence"),
        ({"who": "host", "by_when": "soon", "evidence": "notes"}, Reason.NEXT_STEP_DATE, "date"),
        ({"who": "host", "by_when": "20261215", "evidence": "notes"}, Reason.NEXT_STEP_DATE, "date"),
        ({"who": "host", "by_when": "2026-11-29", "evidence": "notes"}, Reason.NEXT_STEP_PAST, "has passed"),
    ],
)
def test_a_next_step_says_who_what_by_when_and_what_evidence(
    data: dict[str, str], reason: Reason, says: str
) -> None:
    chat = debrief(Chat())
    chat.say(HOST, "I will count.")
    chat.say(VISITOR, "So will I.")
    refused, sentence = chat.refused(Answer(HOST, "next_steps", "Three feedback notes", data))
    assert refused is reason
    assert says in sentence


def test_the_summary_holds_all_and_the_next_visit_opens_with_what_both_promised() -> None:
    chat = whole(Chat())
    assert chat.state.status is Status.ENDED
    found = summary(chat.protocol, chat.state)
    assert [entry.text for entry in found.entries("look_fors")] == [
        "students explain their thinking",
        "wait time after a question",
    ]
    assert len(found.entries("warm_feedback")) == len(found.entries("questions")) == 1
    assert [(step.who, step.what, step.by_when) for step in found.next_steps] == [
        ("host", "Three feedback notes", DUE)
    ]
    following = Chat(promises=found.promises)
    opening = following.asked(HOST)
    assert isinstance(opening, Prompt)
    assert [(promise.by, promise.what) for promise in opening.promises] == [
        (HOST, "I will count who is asked, twice a week."),
        (VISITOR, "I will count beside her."),
        (HOST, "Three feedback notes"),
    ]
    assert opening.promises[-1] == Promise(
        "Three feedback notes", HOST, "host", "2026-12-15", "the notes themselves"
    )


def test_an_answer_can_be_edited_after_the_end_and_the_old_words_stay_in_its_history() -> None:
    chat = whole(Chat())
    entry = chat.state.live("warm_feedback")[0]
    chat.do(Edit(VISITOR, "warm_feedback", entry.number, "In room 2 a boy asked why."))
    edited = chat.state.live("warm_feedback")[0]
    assert edited.text == "In room 2 a boy asked why."
    assert [revision.text for revision in edited.history] == [entry.text]
    assert chat.state.status is Status.ENDED
    assert chat.refused(Edit(HOST, "warm_feedback", entry.number, "No."))[0] is Reason.NOT_YOURS
    stale = Edit(VISITOR, "warm_feedback", entry.number, "Another.", version=entry.seq)
    assert chat.refused(stale)[0] is Reason.STALE
    same = Edit(VISITOR, "warm_feedback", entry.number, edited.text)
    assert chat.refused(same)[0] is Reason.UNCHANGED


def test_a_next_step_can_be_added_or_changed_by_either_after_the_end() -> None:
    chat = whole(Chat())
    chat.do(AddNextStep(HOST, "next_steps", "visitor", "Find a reading specialist", DUE, "her first day"))
    first = chat.state.live("next_steps")[0]
    chat.now += timedelta(days=60)
    chat.do(Edit(HOST, "next_steps", first.number, "Four feedback notes"))
    assert [step.what for step in summary(chat.protocol, chat.state).next_steps] == [
        "Four feedback notes",
        "Find a reading specialist",
    ]


def test_back_shows_the_answer_given_and_new_words_replace_it() -> None:
    chat = Chat()
    chat.say(HOST, "Children read every day.")
    chat.press(HOST, Back)
    prompt = chat.asked(HOST)
    assert isinstance(prompt, Prompt)
    assert [entry.text for entry in prompt.entries] == ["Children read every day."]
    assert prompt.is_revisited
    chat.say(HOST, "Children read aloud every day.")
    assert chat.step(HOST) == "challenge"
    assert [entry.text for entry in chat.state.live("strength")] == ["Children read aloud every day."]
    chat.press(HOST, Back)
    chat.press(HOST, Finish)
    assert chat.step(HOST) == "challenge"
    assert [entry.text for entry in chat.state.live("strength")] == ["Children read aloud every day."]


def test_who_waits_can_go_back_and_add_a_note() -> None:
    chat = before(Chat())
    chat.say(VISITOR, "Two hands up.", room="2")
    chat.press(VISITOR, Finish)
    chat.do(Back(VISITOR, "notes"))
    chat.say(VISITOR, "Then nine.")
    chat.press(VISITOR, Finish)
    assert len(chat.state.live("notes", VISITOR)) == 2
    assert isinstance(chat.asked(VISITOR), Waiting)


def test_there_is_nothing_before_the_first_step() -> None:
    assert Chat().refused(Back(HOST, "strength"))[0] is Reason.NOTHING_BEFORE


def test_a_step_is_skipped_with_a_reason_that_the_summary_shows() -> None:
    chat = Chat()
    assert chat.refused(Skip(HOST, "strength", "  "))[0] is Reason.NO_REASON
    chat.press(HOST, Skip, "We spoke of it on the phone")
    assert [(skip.step, skip.reason) for skip in summary(chat.protocol, chat.state).skipped] == [
        ("strength", "We spoke of it on the phone")
    ]
    chat.press(HOST, Back)
    chat.say(HOST, "Children read every day.")
    assert summary(chat.protocol, chat.state).skipped == ()


def test_look_fors_cannot_be_skipped() -> None:
    chat = Chat()
    chat.say(HOST, "a")
    chat.say(HOST, "b")
    assert chat.refused(Skip(HOST, "look_fors", "no time"))[0] is Reason.REQUIRED


def test_either_pauses_and_the_other_resumes_days_later_where_it_stood() -> None:
    chat = before(Chat())
    chat.say(VISITOR, "Strong engagement.", room="3", verdict="judgement")
    chat.do(Pause(HOST))
    assert chat.sees(VISITOR) == f"Paused by {NAMES[HOST]}. Say “resume” and it goes on where it stands."
    assert chat.refused(Answer(HOST, "notes", "Two hands up.", {"room": "2"}))[0] is Reason.PAUSED
    assert chat.refused(Pause(VISITOR))[0] is Reason.PAUSED
    chat.now += timedelta(days=6)
    chat.do(Resume(VISITOR))
    assert chat.sees(VISITOR).startswith('You wrote "Strong engagement."')
    assert chat.refused(Resume(HOST))[0] is Reason.NOT_PAUSED


def test_a_button_pressed_twice_answers_once_and_says_where_the_run_stands() -> None:
    chat = Chat()
    press = Answer(HOST, "strength", "Children read every day.", version=chat.asked(HOST).version)
    chat.do(press)
    reason, sentence = chat.refused(press)
    assert reason is Reason.STALE
    assert sentence.endswith('It stands at "A challenge".')
    assert chat.refused(Answer(HOST, "strength", "Again."))[0] is Reason.STALE


def test_an_abandoned_run_keeps_what_was_written_and_reveals_nothing_more() -> None:
    chat = before(Chat())
    chat.say(VISITOR, "Two hands up.", room="2")
    chat.do(Abandon(HOST, "Fire drill"))
    assert chat.state.status is Status.ABANDONED
    assert chat.refused(Answer(VISITOR, "notes", "More.", {"room": "2"}))[0] is Reason.OVER
    assert summary(chat.protocol, chat.state).entries("notes") == ()
    assert len(summary(chat.protocol, chat.state, viewer=VISITOR).entries("notes")) == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", Reason.EMPTY), (" \n\t", Reason.EMPTY), ("\x00\x07", Reason.EMPTY), ("x" * 3001, Reason.TOO_LONG)],
    ids=["nothing", "blanks", "control characters", "too long"],
)
def test_a_text_has_words_and_an_end(text: str, reason: Reason) -> None:
    assert Chat().refused(Answer(HOST, "strength", text))[0] is reason


def test_going_back_from_a_challenge_keeps_the_note_as_an_impression() -> None:
    chat = before(Chat())
    chat.say(HOST, "Strong engagement.", room="3", verdict="judgement")
    chat.press(HOST, Back)
    assert chat.step(HOST) == "look_fors"
    assert [entry.is_impression for entry in chat.state.live("notes", HOST)] == [True]


def test_what_the_other_still_held_stands_when_the_run_ends() -> None:
    chat = debrief(Chat())
    chat.say(HOST, "I will count.")
    chat.say(VISITOR, "So will I.")
    chat.do(AddNextStep(VISITOR, "next_steps", "host", "Three notes", DUE, "the notes"))
    chat.do(AddNextStep(HOST, "next_steps", "host", "Be better", DUE, "a feeling", {"verdict": "weak"}))
    assert len(chat.state.live("next_steps")) == 1
    chat.press(VISITOR, Finish)
    assert [entry.text for entry in chat.state.live("next_steps")] == ["Three notes", "Be better"]
    assert [event.kind for event in chat.events].count(EventKind.ENDED) == 1


def test_a_private_answer_is_its_writers_alone_even_after_the_end() -> None:
    walkthrough = Chat().protocol
    steps = tuple(
        replace(step, visibility=Visibility.PRIVATE) if step.key == "differently" else step
        for step in walkthrough.steps
    )
    chat = Chat()
    chat.protocol = replace(walkthrough, steps=steps)
    whole(chat)
    assert chat.state.status is Status.ENDED
    assert summary(chat.protocol, chat.state).entries("differently") == ()
    mine = summary(chat.protocol, chat.state, viewer=HOST).entries("differently")
    assert [entry.seat for entry in mine] == [HOST]


def test_editing_an_old_answer_keeps_every_wording_and_leaves_ones_open_card_fresh() -> None:
    chat = before(Chat())
    card = chat.asked(HOST)
    chat.do(Edit(HOST, "strength", 1, "Children read aloud."))
    chat.do(Edit(HOST, "strength", 1, "Children read aloud daily."))
    assert [r.text for r in chat.state.entries[0].history] == [
        "Children read every day.",
        "Children read aloud.",
    ]
    chat.do(Answer(HOST, "notes", "Two hands up.", {"room": "2"}, version=card.version))


def test_a_step_looked_at_again_is_asked_in_its_own_words() -> None:
    chat = before(Chat())
    chat.press(HOST, Back)
    assert chat.sees(HOST).startswith("What should you both look for")


def test_a_challenge_left_open_when_a_new_round_begins_stands_as_an_impression() -> None:
    chat = Chat("cycle_of_inquiry")
    chat.say(HOST, "My feedback comes late.")
    chat.say(HOST, "Two of nine notes came the same day.")
    chat.press(HOST, Finish)
    chat.say(VISITOR, "Four teachers had forgotten the lesson.")
    chat.press(VISITOR, Finish)
    chat.say(VISITOR, "What could be left out?")
    chat.press(VISITOR, Finish)
    chat.say(HOST, "One note a week.")
    chat.say(HOST, "The lesson is still fresh then.")
    chat.say(HOST, "Two of three came the same day.")
    chat.say(VISITOR, "Much better feedback.", verdict="judgement")
    chat.press(HOST, Finish)
    chat.say(HOST, "adapt")
    assert [entry.text for entry in chat.state.entries if entry.is_impression] == ["Much better feedback."]
    assert dict(chat.state.held) == {}
