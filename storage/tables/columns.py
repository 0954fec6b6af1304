"""Columns and indexes that several tables write alike."""

from typing import Any

from sqlalchemy import JSON, Column, Index, Table, Text, text
from sqlmodel import Field, SQLModel


def json_object() -> Any:
    """A JSON object, empty at first."""
    return Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


def long_text(**options: Any) -> Any:
    """Text of any length. Options are those of ``Field``, and ``nullable`` (False)."""
    return Field(sa_column=Column(Text, nullable=options.pop("nullable", False)), **options)


def partial_index(name: str, *columns: str, where: str) -> Index:
    """An index of only the rows that a report reads."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


def table_of(row: type[SQLModel]) -> Table:
    """The table itself. What is selected from its columns is handed out as it comes from the database: of many rows
    the mapping to objects, even to tuples, takes longer than the reading."""
    return SQLModel.metadata.tables[str(row.__tablename__)]
