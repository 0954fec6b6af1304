"""People's own calendars: the one they connected, when it says they are busy, and the address of the one they get."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from storage.tables.columns import SealedText, secret_address


class OwnCalendarRow(SQLModel, table=True):
    """A person's connected calendar. ``address`` is a secret like a password: shown to nobody, logged nowhere."""

    __tablename__ = "own_calendar"
    __table_args__ = (Index("own_calendar_due", "due_at"),)
    person_id: int = Field(primary_key=True, foreign_key="person.id")
    address: str = secret_address(SealedText)
    host: str  # the part of the address that may be shown
    keeps_titles: bool = False
    state: str = "new"  # new | good | failing
    fault: str = ""  # why the last reading failed, in a sentence without the address
    failures: int = 0  # in a row
    etag: str = ""
    modified: str = ""
    fingerprint: str = ""  # of the last good copy; the copy itself is not kept
    zone: str = ""  # whose wall time the stretches are in
    reaches: date | None = None  # the last day that was read
    left_out: int = 0  # events that could not be read
    connected_at: datetime
    due_at: datetime
    read_at: datetime | None = None  # the last good reading
    is_told: bool = False  # the owner knows that it fails


class BusyStretchRow(SQLModel, table=True):
    """Minutes of a local day in which the owner of a connected calendar cannot come."""

    __tablename__ = "busy_stretch"
    __table_args__ = (Index("busy_stretch_day", "person_id", "day"),)
    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    day: int
    starts: int
    ends: int
    title: str = ""


class FeedRow(SQLModel, table=True):
    """The unguessable address of a person's published feed. A new one takes its place, and the old one is nobody's.

    ``token`` is a mark of it (``sha256:…``); the token itself only where version 0.1.0 published it, until the clock
    comes by (``storage/busy.py``).
    """

    __tablename__ = "feed"
    person_id: int = Field(primary_key=True, foreign_key="person.id")
    token: str = Field(unique=True)
    made_at: datetime
