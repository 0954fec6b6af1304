"""Rules of the HTML renderer that a single card shows best."""

import pytest

from bot.render.html import read_values, render
from handlers.actions import act
from handlers.cards import Button, Buttons, Card, Emphasis, Field, FieldKind, plain
from tests.contract.html_rules import Fragment
from tests.contract.sample_cards import CARDS, SEND, SKIP


def web(card: Card, *, key: str = "") -> str:
    return str(
        render(
            card,
            form_target="/press",
            hidden={"as": "amara@example.org"},
            chart_address=lambda _: "/c.png",
            download_address=lambda _: "/f.csv",
            key=key,
        )
    )


def test_typed_markup_is_shown_not_obeyed() -> None:
    assert "&lt;b&gt;R&amp;D&lt;/b&gt;" in web(plain("<b>R&D</b>"))


def test_a_card_without_fields_and_buttons_is_no_form() -> None:
    assert "<form" not in web(plain("Nothing is waiting for you."))


def test_a_form_carries_the_hidden_pairs() -> None:
    assert ("as", "amara@example.org") in Fragment(web(Card("", (Buttons((SEND,)),)))).pairs


def test_two_cards_on_a_page_share_no_id() -> None:
    card = CARDS["every kind of field"]
    assert Fragment(web(card, key="m1") + web(card, key="m2")).faults == []


@pytest.mark.parametrize(
    ("buttons", "expected"),
    [
        ((SKIP, SEND), {"name": "action", "value": SEND.action.encode()}),
        ((SKIP,), {"name": "action", "value": SKIP.action.encode()}),
        ((SKIP, Button("Delete", act("a.b"), Emphasis.DANGER)), {"disabled": ""}),
    ],
    ids=["presses the primary button", "presses the only button", "presses none of several"],
)
def test_enter_in_a_field(buttons: tuple[Button, ...], expected: dict[str, str]) -> None:
    fragment = Fragment(web(Card("", (Field("who", "Who"), Buttons(buttons)))))
    first = next(named for tag, named in fragment.tags if tag == "button")
    assert first == {"type": "submit", "hidden": "", **expected}


def test_one_can_skip_although_a_field_is_required() -> None:
    fragment = Fragment(web(Card("", (Field("who", "Who", required=True), Buttons((SKIP, SEND))))))
    shown = [named for tag, named in fragment.tags if tag == "button" and "hidden" not in named]
    assert ["formnovalidate" in named for named in shown] == [True, False]


def test_a_text_keeps_its_first_empty_line() -> None:
    html = web(Card("", (Field("memo", "Memo", FieldKind.LONG, value="\nfirst"),)))
    assert ">\n\nfirst</textarea>" in html


def test_choices_are_joined_and_line_ends_are_ours() -> None:
    pairs = [
        ("action", "a.b"),
        ("field-r", ""),
        ("field-r", "1"),
        ("field-r", "3"),
        ("field-t", "a\r\nb"),
        ("field-e", ""),
    ]
    assert read_values(pairs) == {"r": "1\n3", "t": "a\nb", "e": ""}


def test_a_chart_gives_its_figures_as_a_table() -> None:
    html = web(CARDS["a chart"])
    assert '<th scope="row">Lincoln</th><td>4</td>' in html
    assert '<th scope="row">Adams</th><td>not known</td>' in html
