"""What has to hold for a card on every renderer: it is drawn, within the platform's limits, and nothing is lost.

Sample cards are tried with it, and so is every card that a conversation test delivers (``tests/chat.py``).
"""

from typing import Any

from bot.render import adaptive_card, block_kit, html, plain_text
from bot.render.prose import clean
from handlers.cards import Card, Chart, Download
from tests.contract import adaptive_card_rules, block_kit_rules
from tests.contract.html_rules import Fragment
from tests.contract.sample_cards import actions_of, strings_of


def assert_good_everywhere(card: Card) -> None:
    """The card is good on Slack, on Teams, on the web, and as plain text."""
    assert_good_in_slack(card)
    assert_good_in_teams(card)
    assert_good_in_html(card)
    assert_good_as_text(card)


def slack(card: Card) -> tuple[block_kit.SlackMessage, ...]:
    return block_kit.render(
        card,
        chart_address=lambda _: "https://bot.example/charts/a.png",
        download_address=lambda _: "https://bot.example/files/a.csv",
    )


def web(card: Card) -> Fragment:
    return Fragment(
        html.render(
            card,
            form_target="/press",
            hidden={"message": "12"},
            chart_address=lambda _: "/charts/a.png",
            download_address=lambda _: "/files/a.csv",
        )
    )


def teams(card: Card) -> list[dict[str, Any]]:
    pictures = {
        position: f"https://bot.example/{position}"
        for position, block in enumerate(card.blocks)
        if isinstance(block, Chart | Download)
    }
    return adaptive_card.render(card, pictures=pictures)


def packed(text: str) -> str:
    """Without white space, which pages and columns may change."""
    return "".join(clean(text).split())


def assert_all_said(card: Card, output: str) -> None:
    said = packed(output)
    lost = [text for text in strings_of(card) if packed(text) not in said]
    assert not lost, lost[:3]


def assert_good_in_slack(card: Card) -> None:
    """Slack takes the card, shows all of it, and each of its buttons comes back."""
    messages = slack(card)
    assert messages
    for message in messages:
        assert block_kit_rules.faults(message.blocks) == []
        assert message.text.strip()
        assert len(message.text) <= 4000
    # The note on a later page stands between two halves of a long text.
    blocks = [
        block for number, message in enumerate(messages) for block in message.blocks[1 if number else 0 :]
    ]
    assert_all_said(card, block_kit_rules.shown(blocks))
    pressed = [one["value"] for one in block_kit_rules.walk(blocks) if one.get("type") == "button"]
    assert sorted(pressed) == sorted(actions_of(card))


def assert_good_in_teams(card: Card) -> None:
    """Teams takes the card, shows all of it, and each of its buttons comes back."""
    messages = teams(card)
    assert messages
    for message in messages:
        assert adaptive_card_rules.faults(message) == []
    # The note on a later page stands between two halves of a long text.
    shown = [
        adaptive_card_rules.shown({"body": message["body"][1 if number else 0 :]})
        for number, message in enumerate(messages)
    ]
    assert_all_said(card, "\n".join(shown))
    pressed = [
        str(adaptive_card_rules.filled_in(message, button)["action"])
        for message in messages
        for button in adaptive_card_rules.buttons(message)
    ]
    assert sorted(pressed) == sorted(actions_of(card))


def assert_good_in_html(card: Card) -> None:
    """The page is well-formed, shows all of the card, and each of its buttons comes back."""
    fragment = web(card)
    assert fragment.faults == []
    assert_all_said(card, "".join(fragment.letters))
    pressed = [named["value"] for tag, named in fragment.tags if tag == "button" and "hidden" not in named]
    assert pressed == actions_of(card)


def assert_good_as_text(card: Card) -> None:
    """Plain text says all of the card."""
    text = plain_text.render(card)
    assert text.strip()
    # A quotation's mark begins each of its lines.
    assert_all_said(card, text)
