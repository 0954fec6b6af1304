"""What units ask of schools, which goes to the ILD or a first responder instead of to the principal."""

from datetime import date, datetime

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field, SQLModel

from storage.tables.columns import long_text


class UnitRequestRow(SQLModel, table=True):
    """A unit's question or message for principals of one ILD's schools, and what became of it."""

    __tablename__ = "unit_request"
    __table_args__ = (Index("unit_request_open", "state", "due_at"), Index("unit_request_asker", "asker_id"))
    id: int | None = Field(default=None, primary_key=True)
    asker_id: int = Field(foreign_key="person.id")
    office: str
    school_ids: list[int] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    ild_id: int = Field(foreign_key="person.id")  # who carried the schools when it was asked
    responder_id: int = Field(foreign_key="person.id")
    subject: str = ""  # what the first responder is for; empty: the ILD answers
    question: str = long_text()
    state: str = "waiting"  # waiting | asking | answered | in_digest | declined
    answer: str = long_text(default="")  # the answer, or the reason for declining
    remind_at: datetime
    due_at: datetime
    reminded_at: datetime | None = None
    told_overdue_at: datetime | None = None
    version: int = 1
    created_at: datetime
    settled_at: datetime | None = None


class FirstResponderRow(SQLModel, table=True):
    """Who answers units first about a subject: for the whole district (``network`` None), or for one network."""

    __tablename__ = "first_responder"
    id: int | None = Field(default=None, primary_key=True)
    subject: str
    network: str | None = None
    person_id: int = Field(foreign_key="person.id")
    starts: date
    ends: date | None = None
