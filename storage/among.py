"""Membership in a long list of ids, sent as one value.

An ``IN`` with a place for each of 1,600 ids takes longer to write, to send and to read than to answer. SQLite is given
the ids as one JSON text, PostgreSQL as one array.
"""

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Boolean, ColumnElement, Dialect, String, bindparam, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


class _Ids(TypeDecorator[Any]):
    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(BigInteger()) if dialect.name == "postgresql" else String())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return list(value) if dialect.name == "postgresql" else json.dumps(list(value))


class _Among(FunctionElement[bool]):
    name = "among"
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> "_Among":
        """As it stands: set beside other conditions it would else be held against 1, and no index is used for that."""
        return self


def among(column: ColumnElement[Any], ids: Collection[int]) -> ColumnElement[bool]:
    """That the column holds one of these whole numbers."""
    return _Among(column, bindparam(None, sorted(ids), type_=_Ids()))


def among_given(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """The same of ids (a list of them) that are given under this name whenever the statement is sent."""
    return _Among(column, bindparam(name, type_=_Ids()))


@compiles(_Among, "sqlite")
def _on_sqlite(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, ids = element.clauses
    return compiler.process(column.in_(select(func.json_each(ids).table_valued("value").c.value)), **options)


@compiles(_Among, "postgresql")
def _on_postgresql(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, ids = element.clauses
    return compiler.process(column == func.any(ids), **options)
