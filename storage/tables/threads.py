"""What goes on between visits: promises, what a principal proposes, schools handed over."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from storage.tables.columns import long_text


class PromiseRow(SQLModel, table=True):
    """A next step: who, what, by when, and the evidence to look at together."""

    __tablename__ = "promise"
    __table_args__ = (
        Index("promise_school", "school_id", "state"),
        Index("promise_owner", "owner_id", "state"),
        Index("promise_made", "created_at", "school_id", "owner_id"),
        Index("promise_due", "by_when", "school_id", "looked_at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    run_id: int | None = Field(default=None, foreign_key="run.id")
    visit_id: int | None = Field(default=None, foreign_key="visit.id")
    school_id: int = Field(foreign_key="school.id")
    owner_id: int = Field(foreign_key="person.id")
    what: str = long_text()
    by_when: date
    evidence: str = long_text()
    state: str = "open"  # open | kept | dropped
    looked_at: datetime | None = None  # the meeting that reviewed it
    outcome: str = ""  # what came of it, in the words of whoever looked
    created_at: datetime


class ProposalRow(SQLModel, table=True):
    """What a principal asks of the ILD: a visit, or a focus for the next one."""

    __tablename__ = "proposal"
    __table_args__ = (Index("proposal_school", "school_id", "state"),)
    id: int | None = Field(default=None, primary_key=True)
    school_id: int = Field(foreign_key="school.id")
    person_id: int = Field(foreign_key="person.id")
    kind: str  # visit | focus
    text: str = long_text()
    day: date | None = None
    state: str = "open"  # open | taken | declined | withdrawn
    created_at: datetime
    decided_at: datetime | None = None


class HandoverRow(SQLModel, table=True):
    """A school handed from one ILD to the next, and what of the thread its principal agreed to hand over."""

    __tablename__ = "handover"
    id: int | None = Field(default=None, primary_key=True)
    school_id: int = Field(foreign_key="school.id")
    principal_id: int = Field(foreign_key="person.id")
    from_id: int = Field(foreign_key="person.id")
    to_id: int = Field(foreign_key="person.id")
    parts: str = ""  # focus, promises, inquiry, walkthroughs: what was agreed, joined by blanks
    state: str = "asked"  # asked | agreed | declined
    created_at: datetime
    decided_at: datetime | None = None
