"""Published calendars that are read again and again, and changes of the calendar that wait for a yes."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from storage.tables.columns import json_object, secret_address


class CalendarFeedRow(SQLModel, table=True):
    """A published calendar that is read again and again. The last good copy is what its closures say.

    The address may be a secret: it stands in no log and is shown to nobody, only its host.
    """

    __tablename__ = "calendar_feed"
    id: int | None = Field(default=None, primary_key=True)
    address: str = secret_address(unique=True)
    host: str
    person_id: int | None = Field(default=None, foreign_key="person.id")  # who waits for the first reading
    etag: str = ""
    modified: str = ""
    digest: str = ""  # of the last copy that was taken, or that the administrator left
    next_at: datetime
    taken_at: datetime | None = None
    failures: int = 0  # in a row
    is_fault_told: bool = False
    active: bool = True


class CalendarChangeRow(SQLModel, table=True):
    """A change of the calendar that was shown and waits for a yes."""

    __tablename__ = "calendar_change"
    id: int | None = Field(default=None, primary_key=True)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    feed_id: int | None = Field(default=None, foreign_key="calendar_feed.id")
    edit: dict[str, Any] = json_object()
    state: str = "shown"  # shown | in_force | left
    created_at: datetime
