"""The page that a platform keeps for each person: what is shown on it, and whether that is still so."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import long_text


class HomeRow(SQLModel, table=True):
    """A home that somebody has opened. ``storage/homes.py`` says how it is kept."""

    __tablename__ = "home"
    __table_args__ = (
        UniqueConstraint("platform", "workspace", "user"),
        Index("home_person", "person_id"),
        Index("home_due", "due_at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    platform: str
    workspace: str
    user: str
    page: int = 1  # which page of it is looked at, where it has several
    version: int = 1  # goes up with everything that may have changed what it shows
    due_at: datetime | None = None  # from when on it is to be published; None: it is as it should be
    lease_until: datetime | None = None
    shown: str = ""  # the fingerprint of what stands there; empty: nothing does, or nobody knows
    published_at: datetime | None = None
    answered_at: datetime | None = None  # when a button on it was answered elsewhere, last


class HomeAttachmentRow(SQLModel, table=True):
    """The unguessable address of a chart or file on a home; ``block`` is the block of the card, as JSON."""

    __tablename__ = "home_attachment"
    __table_args__ = (Index("home_attachment_home", "home_id"),)
    token: str = Field(primary_key=True)
    home_id: int = Field(foreign_key="home.id")
    block: str = long_text()
