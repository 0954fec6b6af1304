"""Columns and indexes that several tables write alike."""

from typing import Any

from sqlalchemy import JSON, Column, Dialect, Index, Table, Text, TypeDecorator, text
from sqlalchemy.types import TypeEngine
from sqlmodel import AutoString, Field, SQLModel

from storage.sealing import keys_of


class Sealed(TypeDecorator[str]):
    """Text that is sealed in the database where the process has a key for it (``storage/sealing.py``). Compared in SQL
    it is only equal to what the same key sealed; what must be found surely is compared here."""

    impl: type[TypeEngine[Any]] = AutoString
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return value if value is None else keys_of(dialect).seal(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return value if value is None else keys_of(dialect).open(value)


class SealedText(Sealed):
    """The same, of any length on every database."""

    impl = Text
    cache_ok = True


def secret_address(kind: type[Sealed] = Sealed, *, unique: bool = False) -> Any:
    """An address that opens what is behind it to whoever has it."""
    return Field(sa_column=Column(kind, nullable=False, unique=unique))


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
