"""What was asked in figures, and what is sent again without being asked."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field, SQLModel

from storage.tables.columns import json_object


class QuestionRow(SQLModel, table=True):
    """A question that was answered: the words it was asked in, with those it followed on, and what it meant that day.

    Buttons of the answer name it by its id, so that an old answer's buttons are about that answer.
    """

    __tablename__ = "question"
    __table_args__ = (Index("question_person", "person_id", "id"),)
    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    words: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    understood: dict[str, Any] = json_object()
    at: datetime


class SubscriptionRow(SQLModel, table=True):
    """A question that is asked again for somebody, in its own words, each week or month.

    ``often`` is what ``Regularity.encode`` wrote; ``last`` the nominal day it was last answered for, at first the day
    on which it was taken out.
    """

    __tablename__ = "subscription"
    __table_args__ = (Index("subscription_person", "person_id"),)
    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    words: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    said: str
    often: str
    last: date
    stopped_at: datetime | None = None
