"""Pictures and files have an address, or stand as words."""

import pytest

from bot.attachments import Addresses, reachable
from handlers.cards import Block, Card, Chart, ChartKind, Download, Series, Text

CHART = Chart(
    ChartKind.BARS, "Visits", ("Adams",), (Series("held", (3.0,)),), "visits", "Adams had 3 visits."
)
FILE = Download("visits 2026.csv", "The rows as CSV", "school,visits\r\nAdams,3\r\n")
CARD = Card("October", (Text("46 visits"), CHART, FILE))
TOKENS = {1: "tokenA", 2: "tokenB"}


def test_with_a_public_address_both_are_fetched_from_it() -> None:
    card, found = reachable(CARD, TOKENS, Addresses("https://bot.example.org", has_pictures=True))
    assert card == CARD
    assert found == {
        CHART: "https://bot.example.org/charts/tokenA.png",
        FILE: "https://bot.example.org/files/tokenB/visits%202026.csv",
    }


@pytest.mark.parametrize(
    ("addresses", "tokens", "kinds"),
    [
        pytest.param(
            Addresses("http://10.0.0.1", has_pictures=False), TOKENS, [Text, Text, Download], id="private"
        ),
        pytest.param(Addresses(None, has_pictures=False), TOKENS, [Text, Text, Text], id="no address"),
        pytest.param(
            Addresses("https://bot.example.org", has_pictures=True), {}, [Text, Text, Text], id="no tokens"
        ),
    ],
)
def test_what_has_no_address_is_put_into_words(
    addresses: Addresses, tokens: dict[int, str], kinds: list[type[Block]]
) -> None:
    card, found = reachable(CARD, tokens, addresses)
    assert [type(block) for block in card.blocks] == kinds
    assert card.blocks[1] == Text("Adams had 3 visits.", lead="Visits")
    assert set(found) == {block for block in card.blocks if isinstance(block, Chart | Download)}
