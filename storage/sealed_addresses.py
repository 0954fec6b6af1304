"""The addresses that are sealed at rest: sealing what is not, sealing anew after a new key, letting go of what no key
opens. Which columns those are is said by their type (``Sealed``)."""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy
from sqlalchemy import Column, String, Table, type_coerce
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

from storage.database import Tx
from storage.sealing import PREFIX, Keys, SealedError, keys_of
from storage.tables.columns import Sealed

LOST = "lost:"
"""In place of an address that no key opens: whoever reads it is told that it is none, and asks for a new one."""


@dataclass(frozen=True, slots=True)
class State:
    """How many addresses are sealed, lie open, and cannot be opened with the keys there are."""

    sealed: int = 0
    open: int = 0
    lost: int = 0


def state(tx: Tx) -> State:
    """How it stands; nothing is changed."""
    keys = keys_of(tx.get_bind().dialect)
    counts = {"sealed": 0, "open": 0, "lost": 0}
    for _table, _column, _key, kept in _kept(tx):
        counts[_fate(kept, keys)] += 1
    return State(**counts)


def seal(tx: Tx) -> int:
    """Seal with the first key what lies open or was sealed with an older one; how many. Nothing without a key. What no
    key opens stays as it is."""
    keys, count = keys_of(tx.get_bind().dialect), 0
    if not keys:
        return 0
    for table, column, key, kept in list(_kept(tx)):
        try:
            address = keys.open(kept)
        except SealedError:
            continue
        if keys.seal(address) != kept:
            count += _put(tx, table, column, key, address)
    return count


def give_up(tx: Tx) -> int:
    """Let go of the addresses that no key opens; how many. Their owners are told when they are next to be read."""
    keys, count = keys_of(tx.get_bind().dialect), 0
    for table, column, key, kept in list(_kept(tx)):
        if _fate(kept, keys) == "lost":
            count += _put(tx, table, column, key, f"{LOST}{key}")
    return count


def _fate(kept: str, keys: Keys) -> str:
    if not kept.startswith(PREFIX):
        return "open"
    try:
        keys.open(kept)
    except SealedError:
        return "lost"
    return "sealed"


def _kept(tx: Tx) -> Iterator[tuple[Table, Column[str], int, str]]:
    """Each address as it is kept, with its row's key."""
    for table in SQLModel.metadata.sorted_tables:
        (key,) = table.primary_key.columns if len(table.primary_key.columns) == 1 else (None,)
        for column in table.columns:
            if key is not None and isinstance(column.type, Sealed):
                query = sqlalchemy.select(key, type_coerce(column, String)).where(
                    type_coerce(column, String) != ""
                )
                for number, kept in tx.execute(query):
                    yield table, column, number, kept


def _put(tx: Tx, table: Table, column: Column[str], key: int, address: str) -> bool:
    """False where another row has the address already, sealed before."""
    (number,) = table.primary_key.columns
    try:
        with tx.begin_nested():
            tx.execute(table.update().where(number == key).values({column: address}))
    except IntegrityError:
        return False
    return True
