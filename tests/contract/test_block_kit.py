"""Rules of the Slack renderer that a single card shows best."""

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block

from bot.render.block_kit import FieldError, SlackMessage, read_action, read_values, render
from handlers.actions import Action, ActionError, act
from handlers.cards import Button, Buttons, Card, Field, FieldKind, Item, Items, Option, Table, Text, plain
from tests.contract.block_kit_rules import filled_in, shown, walk
from tests.contract.sample_cards import CARDS, LONG, OPEN, SENTENCE, SKIP, options
from tests.examples import tried


def slack(card: Card) -> tuple[SlackMessage, ...]:
    return render(
        card,
        chart_address=lambda _: "https://bot.example/c.png",
        download_address=lambda _: "https://b.example/f",
    )


def only(card: Card) -> SlackMessage:
    (message,) = slack(card)
    return message


def elements(message: SlackMessage, kind: str) -> list[dict[str, Any]]:
    return [one for one in walk(message.blocks) if one.get("type") == kind]


@pytest.mark.parametrize("card", CARDS.values(), ids=CARDS.keys())
def test_slacks_own_sdk_finds_no_fault(card: Card) -> None:
    for message in slack(card):
        for block in Block.parse_all(message.blocks):
            block.validate_json()


def test_a_lead_stays_bold_whatever_was_typed() -> None:
    message = only(plain("a *b* `c`\n> d", lead="*not* _mine_ <!channel>"))
    runs = message.blocks[0]["elements"][0]["elements"]
    assert runs[0] == {"type": "text", "text": "*not* _mine_ <!channel>", "style": {"bold": True}}
    assert runs[2] == {"type": "text", "text": "a *b* `c`\n> d"}


def test_the_fallback_is_escaped_once_and_cannot_ping() -> None:
    assert only(plain("R&D <!channel> &amp; <@U1>")).text == "R&amp;D &lt;!channel&gt; &amp;amp; &lt;@U1&gt;"


def test_nothing_that_slack_parses_is_ever_sent() -> None:
    for message in slack(CARDS["markup in every field"]):
        assert "mrkdwn" not in json.dumps(message.blocks)
        kinds = {one["type"] for one in walk(message.blocks) if "type" in one}
        assert not kinds & {"user", "usergroup", "channel", "broadcast", "emoji", "color", "markdown"}


def test_a_long_fallback_says_that_there_is_more() -> None:
    message = slack(plain(LONG))[0]
    assert len(message.text) <= 3900
    assert message.text.endswith("(the rest is in the message)")


def test_an_empty_card_still_is_a_message() -> None:
    assert only(Card("")).text == "Nothing to show."


def test_texts_break_at_a_sentence() -> None:
    blocks = [
        block for message in slack(plain(LONG)) for block in message.blocks if block["type"] == "rich_text"
    ]
    assert len(blocks) > 1
    assert all(shown([block]).rstrip().endswith("answer.") for block in blocks)


def test_later_messages_say_that_they_go_on() -> None:
    first, *others = slack(CARDS["60 items with buttons"])
    assert "Continued" not in first.text
    assert [m.text.partition("\n")[0] for m in others] == [f"Continued ({n} of 3)" for n in (2, 3)]


def test_an_item_is_not_torn_from_its_buttons() -> None:
    for message in slack(CARDS["60 items with buttons"]):
        kinds = [block["type"] for block in message.blocks]
        assert ("actions", "actions") not in pairwise(kinds)
        assert kinds[0] != "actions"


def test_a_numbered_list_goes_on_counting_in_the_next_block() -> None:
    items = Items(tuple(Item(SENTENCE * 10) for _ in range(9)), numbered=True)
    lists = [one for m in slack(Card("", (items,))) for one in elements(m, "rich_text_list")]
    assert len(lists) > 1
    starts, count = [one["offset"] for one in lists], 0
    for start, one in zip(starts, lists, strict=True):
        assert start == count
        count += len(one["elements"])
    assert count == 9


def test_buttons_that_leave_their_item_say_whose_they_are() -> None:
    last = slack(CARDS["60 items with buttons, then a field"])[-1]
    labels = [button["text"]["text"] for button in elements(last, "button")]
    assert labels[:2] == ["1. Demand 1: Done", "1. Demand 1: Ask"]
    assert labels[-1] == "Send"


def test_a_label_too_long_for_a_button_stands_beside_it_in_full() -> None:
    label = SENTENCE * 3
    (section,) = only(Card("", (Buttons((Button(label, OPEN),)),))).blocks
    assert section["text"]["text"] == label.strip()
    assert section["accessory"]["text"]["text"].endswith("…")


def test_action_ids_count_through_a_message() -> None:
    message = only(CARDS["80 buttons"])
    assert [button["action_id"] for button in elements(message, "button")] == [
        f"act-{n}" for n in range(1, 81)
    ]


def test_the_same_question_in_another_card_is_another_block() -> None:
    """Slack would show the text typed for the first question in the box of the second."""
    ids = {
        only(Card(title, (Field("answer", "Your answer"),))).blocks[-1]["block_id"]
        for title in ("One", "Two")
    }
    assert len(ids) == 2


def test_a_narrow_table_is_aligned_and_a_wide_one_is_facts() -> None:
    (block,) = only(Card("", (Table(("School", "Visits"), (("Lincoln", "4"), ("Adams", "12"))),))).blocks
    assert shown([block]) == "School   Visits\nLincoln       4\nAdams        12"
    wide = only(CARDS["a wide table"])
    assert "Visits held: 4 · Longest gap: 21 school days · Why: testing" in wide.text
    assert not elements(wide, "rich_text_preformatted")


def test_right_to_left_tables_are_never_aligned() -> None:
    message = only(Card("", (Table(("מ", "n"), (("ב", "4"),)),)))
    assert not elements(message, "rich_text_preformatted")


@pytest.mark.parametrize(
    ("count", "kind", "element"),
    [
        (5, FieldKind.CHOICE, "radio_buttons"),
        (6, FieldKind.CHOICE, "static_select"),
        (10, FieldKind.CHOICES, "checkboxes"),
        (11, FieldKind.CHOICES, "multi_static_select"),
    ],
)
def test_few_choices_stand_open_and_many_fold(count: int, kind: FieldKind, element: str) -> None:
    message = only(Card("", (Field("room", "Room", kind, options=options(count)),)))
    assert message.blocks[0]["element"]["type"] == element


@pytest.mark.parametrize("value", ["2026-12-8", "tomorrow", "20261208", "2026-13-01", ""])
def test_a_date_that_is_none_starts_empty(value: str) -> None:
    message = only(Card("", (Field("day", "Day", FieldKind.DATE, value=value),)))
    assert "initial_date" not in message.blocks[0]["element"]


@pytest.mark.parametrize(
    "card",
    [
        Card("", (Field("a", "A", FieldKind.CHOICE, options=(Option("v" * 200, "V"),)),)),
        Card("", (Field("a", "A", FieldKind.CHOICE, options=(Option("v", "V"), Option("v", "W"))),)),
        Card("", (Field("n" * 300, "A"),)),
        Card("", tuple(Field(f"f{n}", "A") for n in range(60))),
    ],
    ids=["a value of 200", "one value twice", "a name of 300", "60 fields"],
)
def test_a_card_that_no_slack_message_can_hold_is_refused_aloud(card: Card) -> None:
    with pytest.raises(FieldError):
        slack(card)


@tried(150, deadline=None)
@given(st.text(st.sampled_from("ab .\n\u0301👩\u200d🏫&<"), max_size=60), st.integers(1, 400))
def test_a_value_of_any_length_comes_back_as_it_was(text: str, times: int) -> None:
    value = text * times
    state: dict[str, str] = {}
    for message in slack(Card("", (Field("memo", "Memo", FieldKind.LONG, value=value), Buttons((SKIP,))))):
        state |= read_values(filled_in(message.blocks))
    assert state == {"memo": value}


@tried(100, deadline=None)
@given(
    st.lists(
        st.text(max_size=12).filter(lambda v: "\n" not in v and "\r" not in v),
        min_size=1,
        max_size=14,
        unique=True,
    )
)
def test_option_values_come_back_as_they_were(values: list[str]) -> None:
    field = Field("a", "A", FieldKind.CHOICES, "\n".join(values), tuple(Option(v, "x") for v in values))
    read = read_values(filled_in(only(Card("", (field,))).blocks))
    assert read == {"a": "\n".join(values)}


@pytest.mark.parametrize(
    "state",
    [
        None,
        {},
        {"values": None},
        {"values": []},
        {"values": {"b1": {"a": {"value": "x"}}}},
        {"values": {"field-ab-1-0s:n": 3}},
    ],
)
def test_a_state_that_is_not_ours_reads_as_nothing(state: Any) -> None:
    assert read_values(state) == {}


def test_an_action_is_read_even_where_slack_escaped_it() -> None:
    action = act("run.answer", run=3, amp="a&b;", step=2)
    assert read_action(action.encode()) == action
    assert read_action(action.encode().replace("&", "&amp;")) == action


def test_what_is_no_action_is_refused() -> None:
    with pytest.raises(ActionError):
        read_action("<script>")


def test_an_action_of_a_button_is_its_value() -> None:
    (button,) = elements(only(Card("", (Buttons((Button("Go", Action("a.b", {"q": "x y&z"})),)),))), "button")
    assert read_action(button["value"]) == Action("a.b", {"q": "x y&z"})


def test_quiet_text_is_small_print() -> None:
    assert only(Card("", (Text("43 of 46", quiet=True),))).blocks[0]["type"] == "context"
