"""What may not be let go: legal holds."""

from datetime import date, datetime

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from storage.tables.columns import long_text


class LegalHoldRow(SQLModel, table=True):
    """A hold on what is kept about people or schools, or (both empty) everything; it ends by being released."""

    __tablename__ = "legal_hold"
    id: int | None = Field(default=None, primary_key=True)
    person_ids: list[int] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    school_ids: list[int] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    starts: date | None = None  # days, both included; None: open
    ends: date | None = None
    because: str = long_text()
    put_by: int | None = Field(default=None, foreign_key="person.id")
    put_at: datetime
    released_by: int | None = Field(default=None, foreign_key="person.id")
    released_at: datetime | None = None
    released_because: str = long_text(default="")
