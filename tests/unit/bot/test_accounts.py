"""Who is who on a platform, looked up for everybody: nobody who presses something waits for it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest
from sqlalchemy import event
from sqlmodel import select

from bot import accounts
from bot.accounts import link_accounts
from bot.platforms.base import Account, Platform
from storage import people
from storage.database import Store
from storage.tables import AccountRow, PersonRow
from tests.district import NOW, PEOPLE, email

MEMBERS = {f"U{number}": email(name) for number, (name, *_rest) in enumerate(PEOPLE)}


class Members:
    """All that a platform is asked for here."""

    name = "slack"

    def __init__(self, members: dict[str, str]) -> None:
        self.members = members

    async def accounts(self) -> AsyncIterator[tuple[Account, str]]:
        for user, address in self.members.items():
            yield Account("slack", "T", user, {"channel": f"D{user}"}), address


def link(store: Store, members: dict[str, str]) -> tuple[int, int]:
    """How many were new, and how many transactions that may write it took."""
    writing = [0]

    def note(_connection: object, _cursor: object, statement: str, *_rest: Any) -> None:
        writing[0] += statement == "BEGIN IMMEDIATE"

    event.listen(store.engine, "before_cursor_execute", note)
    new = asyncio.run(link_accounts(store, cast(Platform, Members(members)), now=lambda: NOW))
    event.remove(store.engine, "before_cursor_execute", note)
    return new, writing[0]


def linked(store: Store) -> dict[str, str]:
    with store.read() as tx:
        rows = tx.exec(select(AccountRow, PersonRow).join(PersonRow))
        return {account.user: person.email for account, person in rows}


def test_everybody_is_linked_in_short_steps_and_then_only_looked_at(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "LINKED_AT_ONCE", 3)
    monkeypatch.setattr(accounts, "READ_AT_ONCE", 4)
    assert link(store, MEMBERS) == (10, 5)  # 4, 4 and 2 of them, in steps of 3
    assert linked(store) == MEMBERS
    assert link(store, MEMBERS) == (0, 0)


def test_who_is_no_member_of_the_district_is_passed_over(store: Store) -> None:
    assert link(store, {"U7": "somebody@elsewhere.example"}) == (0, 1)
    assert linked(store) == {}


def test_an_account_that_was_lost_is_back_and_one_of_somebody_who_left_is_somebody_elses(
    store: Store,
) -> None:
    link(store, MEMBERS)
    with store.begin() as tx:
        people.lose_accounts(tx, platform="slack", workspace="T", user="U1", why="account_inactive")
        row = tx.exec(select(PersonRow).where(PersonRow.email == MEMBERS["U2"])).one()
        row.active = False
        tx.add(row)
    assert link(store, MEMBERS | {"U2": MEMBERS["U3"]})[0] == 1
    with store.read() as tx:
        assert [row.user for row in tx.exec(select(AccountRow).where(AccountRow.lost != ""))] == []
    assert linked(store) == MEMBERS | {"U2": MEMBERS["U3"]}
