"""All tables, each with what is declared of it, and a person's rows by that."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement, Table, or_
from sqlmodel import SQLModel, col, select

import storage.tables  # noqa: F401 - fills the metadata
from storage import away, likings, travel
from storage.database import Tx
from storage.keeping.declared import Declared
from storage.keeping.tables_of_people import OF_PEOPLE
from storage.keeping.tables_of_practice import OF_PRACTICE
from storage.tables import SettingRow

DECLARED: Mapping[str, Declared] = {**OF_PEOPLE, **OF_PRACTICE}
"""By the table's name, in the order in which a person reads it."""

OWN_SETTINGS: Mapping[str, str] = {
    likings.NAME: "Half-days that suit you",
    away.NAME: "Days away",
    travel.TWO: "Whether a half-day may hold two of your visits",
    "tour:": "How far you are in the tour",
}
"""Settings that are a person's: how their names begin, before the person's number."""


def table_named(name: str) -> Table:
    return SQLModel.metadata.tables[name]


def owned_by(name: str, person_id: int) -> ColumnElement[bool] | None:
    """Which rows of a table are this person's, as declared; None where none ever are."""
    declared, table = DECLARED[name], table_named(name)
    if declared.through is not None:
        column, other = declared.through
        there = owned_by(other, person_id)
        assert there is not None  # whose rows are told through another table's, that one has owners
        return table.c[column].in_(sqlalchemy.select(table_named(other).c.id).where(there))
    if not declared.own:
        return None
    return or_(*(table.c[column] == person_id for column in declared.own))


@dataclass(frozen=True, slots=True)
class OwnRow:
    """A row of a person's: the columns that are shown, its school, and the principal whose it is, where it has them."""

    shown: dict[str, Any]
    school_id: int | None
    principal_id: int | None


def rows_of(tx: Tx, name: str, person_id: int) -> list[OwnRow]:
    """The person's rows of a table, oldest first."""
    declared, table = DECLARED[name], table_named(name)
    owned = owned_by(name, person_id)
    if owned is None or not declared.shown:
        return []
    columns = [table.c[column] for column in declared.shown]
    whose = [_beside(name, "school_id"), _beside(name, "principal_id")]
    query = sqlalchemy.select(*whose, *columns).where(owned).order_by(*table.primary_key.columns)
    return [
        OwnRow(dict(zip(declared.shown, values, strict=True)), school, principal)
        for school, principal, *values in tx.execute(query)
    ]


def _beside(name: str, column: str) -> ColumnElement[Any]:
    """The column of the table, or of that which tells whose it is; nothing where neither has it."""
    declared, table = DECLARED[name], table_named(name)
    if column in table.c:
        return table.c[column]
    if declared.through is not None and column in (there := table_named(declared.through[1])).c:
        own = table.c[declared.through[0]]
        return sqlalchemy.select(there.c[column]).where(there.c.id == own).scalar_subquery()
    return sqlalchemy.null()


def settings_of(tx: Tx, person_id: int) -> dict[str, dict[str, Any]]:
    """The name of each setting of the person's own -> its value."""
    names = [f"{prefix}{person_id}" for prefix in OWN_SETTINGS]
    rows = tx.exec(select(SettingRow).where(col(SettingRow.name).in_(names)))
    return {row.name: dict(row.value) for row in rows}
