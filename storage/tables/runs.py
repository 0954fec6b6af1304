"""Guided runs with their seats and events, and the protocols and frameworks they are held with."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import long_text, partial_index


class ProtocolVersionRow(SQLModel, table=True):
    """The text of a protocol as a run began with it; ``digest`` is the hash of ``body``."""

    __tablename__ = "protocol_version"
    digest: str = Field(primary_key=True)
    key: str
    title: str
    body: str = long_text()
    created_at: datetime


class RunRow(SQLModel, table=True):
    """One guided run between people. Its truth is its events; state and version here are for look-ups and locks.

    A run without a school is about its people's own practice (a consultancy of ILDs).
    """

    __tablename__ = "run"
    __table_args__ = (
        Index("run_school", "school_id", "state"),
        Index("run_ticks", "state", "ticks_at"),
        Index("run_started", "started_at"),
        Index("run_apart", "apart"),
        Index("run_visit", "visit_id"),
        partial_index("run_inquiry", "school_id", "ended_at", "started_at", where="counts_as = 'inquiry'"),
    )
    id: int | None = Field(default=None, primary_key=True)
    protocol_key: str
    protocol_digest: str = Field(foreign_key="protocol_version.digest")
    counts_as: str = ""  # the kind of visit its protocol is; "" where it is none
    school_id: int | None = Field(default=None, foreign_key="school.id")
    visit_id: int | None = Field(default=None, foreign_key="visit.id")
    cycle_id: int | None = Field(
        default=None, foreign_key="run.id"
    )  # the inquiry that a walkthrough belongs to
    apart: str = ""  # or why it belongs to none
    state: str = "open"  # open | paused | done | abandoned
    version: int = 0  # number of events
    ticks_at: datetime | None = None  # when the clock has something to say in it: time running out
    rests_until: date | None = None  # the day on which its open step comes back by itself
    reminded_at: datetime | None = None
    started_at: datetime
    moved_at: datetime
    ended_at: datetime | None = None
    phase: str | None = None  # of the open step; "" when over; None: written before this was kept
    phase_since: datetime | None = None
    way: str | None = None  # how a cycle was decided: protocols.guided.cycle.Way
    let_go_at: datetime | None = None  # when its words went, by their term; that it took place stays


class RunSeatRow(SQLModel, table=True):
    """Who sits where in a run, from when until when: a seat that is handed over keeps its history."""

    __tablename__ = "run_seat"
    __table_args__ = (Index("run_seat_person", "person_id", "until"), Index("run_seat_run", "run_id"))
    id: int | None = Field(default=None, primary_key=True)
    run_id: int = Field(foreign_key="run.id")
    seat: str
    person_id: int = Field(foreign_key="person.id")
    since: datetime
    until: datetime | None = None


class RunEventRow(SQLModel, table=True):
    """What happened in a run, never changed. The unique (run, seq) makes two answers at once one and a refusal."""

    __tablename__ = "run_event"
    __table_args__ = (UniqueConstraint("run_id", "seq"),)
    id: int | None = Field(default=None, primary_key=True)
    run_id: int = Field(foreign_key="run.id")
    seq: int
    body: str = long_text()
    person_id: int | None = Field(default=None, foreign_key="person.id")
    at: datetime


class MasterRow(SQLModel, table=True):
    """A protocol as the district (no owner) or one ILD has adapted it. The newest in force counts for new runs;
    older ones stay, so that one can go back."""

    __tablename__ = "protocol_master"
    __table_args__ = (Index("protocol_master_key", "key", "owner_id"),)
    id: int | None = Field(default=None, primary_key=True)
    key: str
    owner_id: int | None = Field(default=None, foreign_key="person.id")
    body: str = long_text()
    state: str = "draft"  # draft | in_force | replaced | withdrawn
    is_shared: bool = False  # other ILDs may take it
    file: str = ""  # where it came from, if from the district's folder
    made_by: int | None = Field(default=None, foreign_key="person.id")
    made_at: datetime


class FrameworkRow(SQLModel, table=True):
    """A teaching and learning framework of the district's own. One is in force; older ones stay, runs refer to them."""

    __tablename__ = "framework"
    id: int | None = Field(default=None, primary_key=True)
    key: str
    version: str = Field(unique=True)  # the hash of ``body``
    title: str
    body: str = long_text()
    is_current: bool = True
    loaded_by: int | None = Field(default=None, foreign_key="person.id")  # None: at the terminal
    loaded_at: datetime
