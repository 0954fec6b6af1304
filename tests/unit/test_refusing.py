"""What a message shows whose button was pressed in vain."""

from dataclasses import replace

import pytest

from handlers.actions import act
from handlers.cards import Block, Button, Buttons, Card, Field, FieldKind, Item, Items, Option, Text, plain
from handlers.errors import NotAllowedError, StaleError, UserError
from handlers.refusing import refused_in_place
from handlers.turn import Window

DONE = Button("Done", act("item.done", item=1, v=1))
ASK = Button("Ask", act("item.ask", item=1, v=1))
OTHER = Button("Done", act("item.done", item=2, v=1))
KEEP = Button("Keep", act("item.keep"))
BACK = Buttons((Button("Back", act("item.back")),))
NOTE = Field("note", "Your note", FieldKind.LONG)
TWO = Field("who", "Who", FieldKind.CHOICE, options=(Option("a", "Ana"), Option("b", "Ben")))
SENTENCE = "That was done a minute ago."
NOW = plain("It stands so.")


def card(*blocks: Block) -> Card:
    return Card("Title", blocks)


FORM = card(NOTE, TWO, Buttons((KEEP,)), BACK)
LIST = card(Items((Item("One", buttons=(DONE, ASK)), Item("Two", detail="10 min.", buttons=(OTHER,)))))


@pytest.mark.parametrize(
    ("shown", "pressed", "values", "error", "blocks"),
    [
        pytest.param(
            card(Text("One"), Buttons((DONE, ASK)), BACK), DONE, {}, StaleError(SENTENCE),
            (Text("One"), Text(SENTENCE, quiet=True), BACK), id="an answered question loses its buttons",
        ),
        pytest.param(
            LIST, OTHER, {}, StaleError(SENTENCE),
            (Items((Item("One", buttons=(DONE, ASK)), Item("Two", detail=f"10 min. {SENTENCE}"))),),
            id="in a list only the line that was pressed",
        ),
        pytest.param(
            card(Text("One")), DONE, {}, StaleError(SENTENCE),
            (Text("One"), Text(SENTENCE, quiet=True, is_fault=True)), id="a button that is not there any more",
        ),
        pytest.param(
            card(Text("One"), Text("Earlier.", is_fault=True)), DONE, {}, StaleError(SENTENCE),
            (Text("One"), Text(SENTENCE, quiet=True, is_fault=True)), id="an earlier refusal makes room",
        ),
        pytest.param(
            FORM, KEEP, {"note": "four students", "who": "b"}, StaleError(SENTENCE),
            (Text("four students", lead="Your note:"), Text("Ben", lead="Who:"), Text(SENTENCE, quiet=True), BACK),
            id="what was typed into a form that came too late stays to be read",
        ),
        pytest.param(
            card(Text("One"), Buttons((DONE,))), DONE, {}, StaleError("", card=NOW), NOW.blocks,
            id="about one thing: how it stands now",
        ),
        pytest.param(LIST, DONE, {}, StaleError("", card=NOW), None, id="in a list that is said below"),
        pytest.param(
            FORM, KEEP, {"note": "half"}, UserError("Who is it?"),
            (Field("note", "Your note", FieldKind.LONG, value="half"), TWO, Text("Who is it?", is_fault=True),
             Buttons((KEEP,)), BACK),
            id="a form keeps what was typed",
        ),
        pytest.param(card(Buttons((DONE,))), DONE, {}, UserError("No."), None, id="no form: said below"),
        pytest.param(
            card(Buttons((DONE,))), DONE, {}, NotAllowedError("No.", right="x", object="y"), None,
            id="not allowed: said below",
        ),
    ],
)  # fmt: skip
def test_what_the_pressed_message_shows(
    shown: Card, pressed: Button, values: dict[str, str], error: UserError, blocks: tuple[Block, ...] | None
) -> None:
    refused = refused_in_place(shown, pressed.action.encode(), values, error)
    if blocks is None:
        assert refused is None
    else:
        assert refused is not None
        assert refused.in_place
        assert refused.blocks == blocks


def test_a_form_refused_twice_says_it_once() -> None:
    first = refused_in_place(FORM, KEEP.action.encode(), {"note": "half"}, UserError("Who is it?"))
    assert first is not None
    again = refused_in_place(first, KEEP.action.encode(), {"note": "half"}, UserError("Who is it?"))
    assert again == first


SECRET = Field("mark", "Your mark", FieldKind.LINE, is_kept=False)
SECRET_FORM = card(SECRET, NOTE, Buttons((KEEP,)))


@pytest.mark.parametrize(
    "error", [UserError("Which?", field="mark"), StaleError(SENTENCE), UserError("", card=NOW)]
)
def test_what_may_not_be_kept_is_in_no_message_that_takes_the_forms_place(error: UserError) -> None:
    assert refused_in_place(SECRET_FORM, KEEP.action.encode(), {"mark": "5", "note": "x"}, error) is None


def test_a_window_that_keeps_what_was_typed_is_told_the_fault_without_it() -> None:
    window = Window("V1", is_sent=True)
    values = {"mark": "5", "note": "four students"}
    shown = refused_in_place(
        SECRET_FORM, KEEP.action.encode(), values, UserError("Which?", field="mark"), window=window
    )
    assert shown is not None
    assert shown.blocks[:3] == (SECRET, Text("Which?", is_fault=True), replace(NOTE, value="four students"))
