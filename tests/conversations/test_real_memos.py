"""Every real memo at hand, from the paste to Monday's digest; nothing lost on the way and nothing made up.

The memos stay outside the project: ``THROUGHLINE_DATA`` (or ``DATA``) says where, by default the folder
``shared/data`` beside the checkout. Without them this is skipped, and says so.
"""

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from bot.render import block_kit
from handlers.cards import Card, buttons_of
from handlers.digest.digest_sending import send_digests
from handlers.intake.mandate_cards import LONGEST_QUOTE, split_parts
from protocols.buffer.faithfulness import check_faithful
from protocols.buffer.headlines import shorten, split_lead
from protocols.buffer.letterhead import looks_like_memo, read_letterhead
from storage.database import Store
from storage.mandates import demand_of
from storage.tables import DemandRow, DigestItemRow, DigestRow, MandateRow, TriageRow
from tests.chat import Chat
from tests.district import email

FOLDER = os.environ.get("THROUGHLINE_DATA") or os.environ.get("DATA")
BESIDE = Path(__file__).resolve().parents[2].parent / "shared" / "data"
PATH = (Path(FOLDER) if FOLDER else BESIDE) / "mandates" / "memos.jsonl"
pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(
        not PATH.is_file(),
        reason=f"NO REAL MEMOS at {PATH}: set THROUGHLINE_DATA to the folder that holds mandates/",
    ),
]


@pytest.fixture(scope="module")
def memos() -> list[dict[str, Any]]:
    return [json.loads(line) for line in PATH.read_text(encoding="utf-8").splitlines() if line.strip()]


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store, at="2026-12-01 14:00")


def check_card(card: Card) -> None:
    """It fits one message of Slack's, whatever the memo is like."""
    messages = block_kit.render(card, chart_address=str, download_address=str)
    assert len(messages) == 1, f"{card.title!r} needs {len(messages)} messages"
    assert len(buttons_of(card)) <= 30


def test_each_is_listed_demand_by_demand_and_its_original_shown_whole(
    chat: Chat, store: Store, memos: list[dict[str, Any]]
) -> None:
    dev = chat.person(email("dev.patel"))
    for number, memo in enumerate(memos, 1):
        received = dev.says("memo\n" + memo["text"])
        assert received.outcome == "done", memo["id"]
        with store.read() as tx:
            kept = tx.exec(select(MandateRow).order_by(col(MandateRow.id).desc())).first()
            assert kept is not None, memo["id"]
            assert kept.id == number, memo["id"]
            demands = list(tx.exec(select(DemandRow).where(DemandRow.mandate_id == number)))
        assert demands
        assert all(kept.text[demand.start : demand.end] == demand.quote for demand in demands)
        assert "".join(kept.text[start:end] for start, end in split_parts(kept.text)) == kept.text
        listed = dev.last_words()
        for _page in range(len(demands) // 5 + 1):
            check_card(dev.seen[-1])
            if not any(button.label.startswith("Show the next") for button in buttons_of(dev.seen[-1])):
                break
            dev.presses("Show the next")
            listed += dev.last_words()
        leads = [split_lead(shorten(demand.quote, LONGEST_QUOTE))[0] for demand in demands]
        assert all(lead in listed for lead in leads), memo["id"]
        dev.presses("Original")
        check_card(dev.seen[-1])
        opening = "" if looks_like_memo(memo["text"]) else "memo\n"
        dev.says(opening + memo["text"].replace("\n", "\r\n"))
        dev.sees("I have this one already")


def test_all_of_them_become_one_digest_a_principal_that_says_nothing_else(
    chat: Chat, store: Store, memos: list[dict[str, Any]]
) -> None:
    dev = chat.person(email("dev.patel"))
    for memo in memos:
        dev.says("memo\n" + memo["text"])
    for name in ("imani.brooks", "tomas.rivera"):
        ild = chat.person(email(name))
        ild.says("triage")
        check_card(ild.seen[-1])
        ild.says("pass on all suggested")
        ild.sees("Done as suggested")
        ild.says("preview")
    with store.read() as tx:
        memo_of = {memo.id: memo for memo in tx.exec(select(MandateRow))}
        for triage, row in tx.exec(
            select(TriageRow, DemandRow).join(DemandRow, col(DemandRow.id) == col(TriageRow.demand_id))
        ):
            if triage.wording != row.headline:
                memo_row = memo_of[row.mandate_id]
                told = f" by {row.due_words}" if row.due and row.due_role == "deadline" else ""
                assert not check_faithful(
                    triage.wording + told, memo_row.text, demand_of(row), memo_date=memo_row.memo_date
                )
    chat.move_to("2026-12-07 06:30")
    assert send_digests(store, chat.now) == 5
    for name in ("grace.lindqvist", "farid.haddad", "mei.tanaka", "oluchi.eze", "peter.novak"):
        principal = chat.person(email(name))
        (card,) = principal.collect()
        check_card(card)
    with store.read() as tx:
        assert len(list(tx.exec(select(DigestRow)))) == 5
        given = {(i.demand_id, i.section) for i in tx.exec(select(DigestItemRow))}
        passed = {row.demand_id for row in tx.exec(select(TriageRow).where(TriageRow.decision == "pass_on"))}
    assert {demand for demand, section in given if section != "off_plate"} == passed


def test_a_memos_own_date_is_read_where_it_bears_one(memos: list[dict[str, Any]]) -> None:
    for memo in memos:
        if memo["date"]:
            found = read_letterhead(memo["text"], today=date.fromisoformat(memo["date"])).day
            assert found in (None, date.fromisoformat(memo["date"])), memo["id"]
