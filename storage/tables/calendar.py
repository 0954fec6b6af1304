"""The school year's periods and closures, the time that is protected in it, and who took of it."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import long_text


class PeriodRow(SQLModel, table=True):
    """A school year, or a term or quarter of one."""

    __tablename__ = "period"
    __table_args__ = (UniqueConstraint("kind", "label", "starts"),)
    id: int | None = Field(default=None, primary_key=True)
    kind: str  # year | term | quarter
    label: str
    starts: date
    ends: date


class ClosureRow(SQLModel, table=True):
    """Days that differ: holidays, staff days, testing windows, early release, snow. Both ends included.

    ``source``: ``chat``, ``feed:ID`` or the name of a file. ``scope``: all, network:NAME, school:ID or level:NAME.
    """

    __tablename__ = "closure"
    __table_args__ = (UniqueConstraint("source", "uid"),)
    id: int | None = Field(default=None, primary_key=True)
    kind: str
    title: str
    starts: date
    ends: date
    at: int | None = None  # when students come or go, minutes since local midnight
    scope: str = "all"
    source: str
    uid: str


class ProtectedRuleRow(SQLModel, table=True):
    """A weekly half-day that belongs to schools. ``scope``: all, network:NAME or role:ROLE."""

    __tablename__ = "protected_rule"
    id: int | None = Field(default=None, primary_key=True)
    weekday: int  # Monday is 0
    half: str  # am | pm
    scope: str = "all"
    starts: date
    ends: date | None = None
    reason: str = ""


class OpeningRow(SQLModel, table=True):
    """An exception: what is protected on these days, both included, is open. ``half`` None: both halves."""

    __tablename__ = "protected_opening"
    id: int | None = Field(default=None, primary_key=True)
    starts: date
    ends: date
    half: str | None = None
    scope: str = "all"
    reason: str = ""


class PolicyChangeRow(SQLModel, table=True):
    """A change of the policy of protected time as somebody wrote it; ``seen`` marks the policy it was shown for,
    and names the booked meetings that it was shown to meet."""

    __tablename__ = "policy_change"
    id: int | None = Field(default=None, primary_key=True)
    author_id: int = Field(foreign_key="person.id")
    words: str = long_text()
    seen: str
    state: str = "shown"  # shown | in_force | left
    version: int = 1
    created_at: datetime


class MeetingRow(SQLModel, table=True):
    """A meeting asked for through the bot, and what became of it."""

    __tablename__ = "meeting"
    id: int | None = Field(default=None, primary_key=True)
    requester_id: int = Field(foreign_key="person.id")
    office: str
    topic: str
    audience: str  # principals | ilds | network:NAME
    day: date
    starts: int
    minutes: int
    zone: str | None = None  # IANA name of the clock that day and start are told by; None: the district's
    state: str  # refused | asked | to_second | booked | overridden | note | withdrawn
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    seconded_by: int | None = Field(default=None, foreign_key="person.id")
    reason_class: str | None = None
    reason: str | None = None
    version: int = 1
    created_at: datetime


class EmergencyRow(SQLModel, table=True):
    """A message about safety that passes at once, protected time or not; each is counted."""

    __tablename__ = "emergency"
    id: int | None = Field(default=None, primary_key=True)
    author_id: int = Field(foreign_key="person.id")
    audience: str  # as a meeting's
    text: str = long_text()
    state: str = "shown"  # shown | sent | left
    people: int = 0  # how many it went to
    version: int = 1
    created_at: datetime


class ProtectedLossRow(SQLModel, table=True):
    """Protected time that somebody took, once for each person whose time it was."""

    __tablename__ = "protected_loss"
    __table_args__ = (Index("loss_day", "day"),)
    id: int | None = Field(default=None, primary_key=True)
    day: int
    half: str
    minutes: int
    person_id: int = Field(foreign_key="person.id")
    network: str | None = None
    office: str
    reason_class: str
    meeting_id: int | None = Field(default=None, foreign_key="meeting.id")
