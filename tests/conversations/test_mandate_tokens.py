"""Tokens for POST /mandates in the chat: made, shown once, listed, taken back."""

import re

import pytest
from sqlmodel import select

from handlers.intake.mandate_tokens import blank_tokens
from storage import mandate_tokens
from storage.database import Store
from storage.tables import AuditRow, MandateTokenRow, MessageRow
from tests.chat import Chat, Speaker
from tests.district import email


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store, at="2026-11-24 14:00")


@pytest.fixture
def ana(chat: Chat) -> Speaker:
    return chat.person(email("ana.whitefeather"), platform="slack")


def token_in(words: str) -> str:
    found = re.search(r"tl_[\w-]+", words)
    assert found
    return found[0]


def test_a_token_is_shown_once_and_only_its_hash_is_kept(chat: Chat, store: Store, ana: Speaker) -> None:
    ana.says("new token for human resources")
    ana.sees("A token for Human Resources", "I show it once", "/mandates", "Dev Patel answers")
    token = token_in(ana.last_words())
    with store.read() as tx:
        found = mandate_tokens.find(tx, token)
        assert found is not None
        assert found.unit == "Human Resources"
        kept = " ".join(str(value) for value in found.model_dump().values())
    assert token.split("_", 2)[2] not in kept
    ana.says("tokens")
    ana.sees("Human Resources", "not used yet", f"ends in {token[-4:]}")
    ana.does_not_see(token)


def test_within_an_hour_or_so_no_message_has_it_any_more(chat: Chat, store: Store, ana: Speaker) -> None:
    ana.says("new token for Facilities")
    ana.sees("no staff of Facilities, so you answer")
    token = token_in(ana.last_words())
    assert blank_tokens(store, chat.now) == 0
    chat.wait(hours=1, minutes=1)
    assert blank_tokens(store, chat.now) == 1
    assert blank_tokens(store, chat.now) == 0
    with store.read() as tx:
        assert not any(token in message.card for message in tx.exec(select(MessageRow)))


def test_a_token_that_was_taken_back_works_no_longer(chat: Chat, store: Store, ana: Speaker) -> None:
    ana.says("new token for Facilities")
    token = token_in(ana.last_words())
    ana.presses("Take it back")
    ana.sees("The token of Facilities that ends in", "works no longer")
    with store.read() as tx:
        assert mandate_tokens.find(tx, token) is None
        actions = [row.action for row in tx.exec(select(AuditRow))]
    assert actions == ["mandate_token.made", "mandate_token.revoked"]
    ana.says("revoke token 1")
    ana.sees("was taken back before")
    ana.says("tokens")
    ana.sees("No unit has a token")


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "tl_",
        "tl__",
        "tl_zzz_zzz",
        "{name}",
        "tl_{name}_",
        "tl_{name}_wrong",
        "{token}x",
        "{upper}",
        "Bearer {token}",
    ],
)
def test_a_forged_token_is_nobodys(chat: Chat, store: Store, ana: Speaker, forged: str) -> None:
    ana.says("new token for Facilities")
    token = token_in(ana.last_words())
    forged = forged.format(name=token.split("_")[1], token=token, upper=token.upper())
    with store.read() as tx:
        assert mandate_tokens.find(tx, forged) is None


@pytest.mark.parametrize("name", ["dev.patel", "imani.brooks", "mei.tanaka", "ruth.castellanos"])
def test_only_administrators_make_tokens(chat: Chat, store: Store, name: str) -> None:
    who = chat.person(email(name))
    who.says("new token for Human Resources")
    who.does_not_see("tl_")
    with store.read() as tx:
        assert tx.exec(select(MandateTokenRow)).all() == []


def test_an_office_without_a_name_is_none(ana: Speaker) -> None:
    ana.says("new token for " + "x" * 80)
    ana.sees("at most 60 letters")
