"""Theories of action, as they were revised."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import long_text


class TheoryRow(SQLModel, table=True):
    """One revision of a theory of action, never changed; the highest number is the one that holds.

    ``lines`` are the figures its clauses are tied to: clause, gauge, way, value.
    """

    __tablename__ = "theory"
    __table_args__ = (UniqueConstraint("scope", "number"),)
    id: int | None = Field(default=None, primary_key=True)
    scope: str  # "district", or "ild:12" for the network of that ILD
    number: int  # 1 is the first
    if_: str = long_text()
    then: str = long_text()
    so_that: str = long_text()
    lines: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    because: str = long_text(default="")
    written_by: int = Field(foreign_key="person.id")
    written_at: datetime
