"""The digest fits a telephone's screen as far as it can; what does not fit is named, counted and one press away."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.cards import Buttons, Card, Items, Text, buttons_of
from handlers.digest.digest_cards import (
    FEWEST,
    SCREEN,
    DigestView,
    digest_card,
    height_of,
    page_card,
    title_height,
)
from handlers.digest.digest_entry import Entry
from storage.digests import TO_DO, GivenItem
from storage.tables import DemandRow, MandateRow

TODAY = date(2026, 12, 7)
MEMO = MandateRow(
    id=1,
    title="Keys",
    one_line="",
    text="",
    fingerprint="x",
    unit="Facilities",
    sender_id=1,
    memo_date=TODAY,
    received_at=datetime(2026, 12, 1, tzinfo=UTC),
)


def entry(number: int, section: str, words: str, why: str = "") -> Entry:
    demand = DemandRow(
        id=number,
        mandate_id=1,
        start=number,
        end=number,
        headline=words,
        quote=words,
        actor="school",
        for_school=True,
        binding="must",
        due=date(2026, 12, 11),
        due_role="deadline",
        minutes=10,
    )
    return GivenItem(number, 1, number, section, words, why=why), demand, MEMO


def view(entries: list[Entry], *, line: str = "", changes: tuple[str, ...] = ()) -> DigestView:
    return DigestView(1, "Lincoln Middle", "Imani Brooks", line, False, entries, changes=changes)


def shown(card: Card) -> int:
    return sum(len(block.items) for block in card.blocks if isinstance(block, Items))


def height(card: Card) -> int:
    return title_height(card.title) + sum(map(height_of, card.blocks))


def test_an_ordinary_week_is_one_screen() -> None:
    entries = [
        entry(1, "do_not_drop", "Enter the dates of three observations."),
        entry(2, "do", "Send seat counts for grade 8.", why="This helps the office order the right number."),
        entry(3, "do", "Return the key list."),
        entry(4, "do", "Name a coordinator."),
        entry(5, "know", "The bus contract was renewed."),
        entry(6, "off_plate", "Complete the boiler survey."),
    ]
    card = digest_card(view(entries, line="Read the first one today; the rest can wait."), today=TODAY)
    assert height(card) <= SCREEN
    assert shown(card) >= 2


@pytest.mark.parametrize(
    ("takers", "said"),
    [
        (("",), "Imani Brooks took it off."),
        (("", ""), "Imani Brooks took them off."),
        (("Facilities", ""), "Facilities: Return form 1. Imani Brooks took the others off."),
        (("Facilities",), "Facilities: Return form 1."),
    ],
)
def test_by_whom_things_were_taken_off_the_plate(takers: tuple[str, ...], said: str) -> None:
    entries = [
        (replace(item, taken_by=taker), demand, memo)
        for number, taker in enumerate(takers, 1)
        for item, demand, memo in [entry(number, "off_plate", f"Return form {number}.")]
    ]
    texts = [
        block.text for block in digest_card(view(entries), today=TODAY).blocks if isinstance(block, Text)
    ]
    assert texts[-1].endswith(said)


SECTIONS = st.sampled_from([*TO_DO, "know", "off_plate"])
WORDS = st.text("abcdefgh ", min_size=1, max_size=200).filter(str.strip)


@given(st.lists(st.tuples(SECTIONS, WORDS, st.just("") | WORDS), max_size=12), st.just("") | WORDS)
def test_it_fits_or_shows_the_fewest_and_nothing_is_lost(
    parts: list[tuple[str, str, str]], line: str
) -> None:
    ordered = sorted(
        enumerate(parts), key=lambda one: ([*TO_DO, "know", "off_plate"].index(one[1][0]), one[0])
    )
    entries = [entry(number + 1, section, words, why) for number, (section, words, why) in ordered]
    one = view(entries, line=line)
    card = digest_card(one, today=TODAY)
    to_do = len(one.to_do)
    assert height(card) <= SCREEN or shown(card) <= FEWEST
    more = [button for button in buttons_of(card) if button.label.startswith("Show ")]
    assert [button.label for button in more] == (
        [f"Show {to_do - shown(card)} more"] if shown(card) < to_do else []
    )
    seen, start = shown(card), shown(card)
    while start < to_do:
        page = page_card(one, start=start, today=TODAY)
        seen, start = seen + shown(page), start + shown(page)
    assert seen == to_do
    assert sum(isinstance(block, Buttons) for block in card.blocks) <= 1
