"""What a note is evidence of: a look-for of the run, and the practice it was picked from."""

import pytest

from protocols.guided.moves import Answer, Edit, Finish, Rewrite
from protocols.guided.state import Entry
from protocols.guided.tags import Tag, tag_of
from tests.unit.guided_engine.chat import HOST, VISITOR, Chat
from tests.unit.guided_engine.table import BOUND

OWN = "students explain their thinking"


def walking(look_fors: str) -> Chat:
    """A walkthrough in its classrooms; its look-fors may be picked from a framework."""
    chat = Chat()
    chat.protocol = BOUND["walkthrough"]
    chat.say(HOST, "Children read every day.")
    chat.say(HOST, "In most rooms only the adult talks.")
    chat.say(HOST, look_fors)
    if chat.step(HOST) == "look_fors":
        chat.press(HOST, Finish)
    return chat


def tag(chat: Chat, entry: Entry | None = None) -> Tag | None:
    note = entry or chat.state.live("notes")[-1]
    return tag_of(chat.protocol, chat.state, note, VISITOR)


@pytest.mark.parametrize(
    ("picked", "expected"),
    [
        pytest.param("why", Tag("Students say why", "Talk"), id="by its key"),
        pytest.param(
            "students revise their work.", Tag("Students revise their work", "Work"), id="by its words"
        ),
        pytest.param(OWN, Tag(OWN), id="in own words, which are of no practice"),
    ],
)
def test_a_note_bears_its_look_for_and_the_practice_it_was_picked_from(picked: str, expected: Tag) -> None:
    chat = walking(f"{picked}\nwait time")
    number = chat.state.live("look_fors")[0].number
    chat.say(VISITOR, "Three of 22 gave a reason.", room="12", look_for=str(number))
    assert tag(chat) == expected


def test_of_several_look_fors_none_is_guessed() -> None:
    chat = walking("why\nwait time")
    chat.say(VISITOR, "Three of 22 gave a reason.", room="12")
    assert tag(chat) is None


def test_where_there_is_one_look_for_a_note_is_about_it() -> None:
    chat = walking("why")
    chat.say(VISITOR, "Three of 22 gave a reason.", room="12")
    assert tag(chat) == Tag("Students say why", "Talk")


def test_nor_is_it_where_the_writer_says_that_it_is_about_something_else() -> None:
    chat = walking("why")
    chat.say(VISITOR, "The door was open.", room="12", look_for="")
    assert tag(chat) is None


def test_a_tag_can_be_taken_off_and_stays_off_when_the_words_change() -> None:
    chat = walking("why")
    chat.say(VISITOR, "The door was open.", room="12")
    number = chat.state.live("notes")[0].number
    chat.do(Edit(VISITOR, "notes", number, "The door was open.", {"look_for": ""}))
    assert tag(chat) is None
    chat.do(Edit(VISITOR, "notes", number, "The door stood open."))
    assert tag(chat) is None


def test_a_challenged_note_keeps_its_tag_through_the_rewrite() -> None:
    chat = walking("why")
    judged = {"verdict": "judgement", "question": "What did you see?", "room": "12"}
    chat.do(Answer(VISITOR, "notes", "Great talk.", judged))
    chat.do(Rewrite(VISITOR, "notes", "Three of 22 gave a reason.", {}))
    assert tag(chat) == Tag("Students say why", "Talk")


def test_a_challenged_note_that_is_about_something_else_is_not_tagged_by_its_rewrite() -> None:
    chat = walking("why")
    judged = {"verdict": "judgement", "question": "What did you see?", "room": "12", "look_for": ""}
    chat.do(Answer(VISITOR, "notes", "Nice door.", judged))
    chat.do(Rewrite(VISITOR, "notes", "The door was open.", {}))
    assert tag(chat) is None


def test_a_look_for_in_new_words_keeps_its_practice() -> None:
    chat = walking("why\nwait time")
    first = chat.state.live("look_fors")[0]
    chat.say(VISITOR, "Three of 22 gave a reason.", room="12", look_for=str(first.number))
    note = chat.state.live("notes")[0]
    chat.do(Edit(HOST, "look_fors", first.number, "Students say why, unasked"))
    assert tag(chat, note) == Tag("Students say why, unasked", "Talk")
