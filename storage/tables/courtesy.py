"""What people asked of the bot about being disturbed, what they put off, and how much they have it do."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import json_object


class CourtesyRow(SQLModel, table=True):
    """A person's own hours, quiet hours, days away and reminders. No row: as everybody. Hours in minutes of the day."""

    __tablename__ = "courtesy"
    person_id: int = Field(primary_key=True, foreign_key="person.id")
    works_from: int | None = None
    works_to: int | None = None
    quiet_from: int | None = None
    quiet_to: int | None = None
    away_from: date | None = None  # with away_to, both included
    away_to: date | None = None
    rate: str = "once"  # once | daily | weekly | never
    deadline_days: int = 2  # school days before a deadline on which it is brought up
    muted: dict[str, bool] = json_object()  # topic -> True


class SnoozeRow(SQLModel, table=True):
    """A reminder that somebody put off. A message is put off once; the one that comes back may be put off again."""

    __tablename__ = "snooze"
    __table_args__ = (UniqueConstraint("message_id"), Index("snooze_person", "person_id", "at"))
    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    message_id: int = Field(foreign_key="message.id")
    kind: str  # of the reminder when it first came
    subject: str = ""
    choice: str  # later | tomorrow | week
    until: datetime
    at: datetime


class PaceRow(SQLModel, table=True):
    """What a person had the bot do in the minute since ``span_starts``, counted as messages."""

    __tablename__ = "pace"
    person_id: int = Field(primary_key=True, foreign_key="person.id")
    span_starts: datetime  # of the wall's clock
    count: int = 0
    told_at: datetime | None = None  # when the person heard, in this minute, that it is too much
