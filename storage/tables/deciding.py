"""What goes with an ILD's decisions: questions to units, her rules, ties to a focus, what principals decide."""

from datetime import date, datetime

from sqlalchemy import JSON, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import long_text


class ChallengeRow(SQLModel, table=True):
    """A question about a demand to the unit that asked; it gets it once, however many ILDs wait for the answer."""

    __tablename__ = "challenge"
    __table_args__ = (Index("challenge_demand", "demand_id"), Index("challenge_state", "state", "due_at"))
    id: int | None = Field(default=None, primary_key=True)
    demand_id: int = Field(foreign_key="demand.id")
    unit: str
    responder_id: int = Field(foreign_key="person.id")
    asker_id: int = Field(foreign_key="person.id")  # the ILD who asked first
    question: str = long_text()
    answer: str = long_text(default="")
    state: str = "open"  # open | answered
    remind_at: datetime
    due_at: datetime
    reminded_at: datetime | None = None
    told_overdue_at: datetime | None = None
    answered_by: int | None = Field(default=None, foreign_key="person.id")
    answered_at: datetime | None = None
    created_at: datetime
    version: int = 1


class ChallengeWaiterRow(SQLModel, table=True):
    """An ILD who waits for the answer to a challenge."""

    __tablename__ = "challenge_waiter"
    challenge_id: int = Field(foreign_key="challenge.id", primary_key=True)
    ild_id: int = Field(foreign_key="person.id", primary_key=True)
    joined_at: datetime


class BufferRuleRow(SQLModel, table=True):
    """A rule an ILD made in words: what it fits, what it decides, who does it instead. It ends, it is not deleted."""

    __tablename__ = "buffer_rule"
    __table_args__ = (Index("buffer_rule_ild", "ild_id", "ended_at"),)
    id: int | None = Field(default=None, primary_key=True)
    ild_id: int = Field(foreign_key="person.id")
    sentence: str = long_text()  # as she wrote it
    topic: str = ""
    unit: str = ""
    audience: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    binding: str = ""
    decision: str
    taken_by: str = ""
    made_at: datetime
    ended_at: datetime | None = None


class FocusTieRow(SQLModel, table=True):
    """How a demand stands to a school's own focus, as its ILD sees it.

    It holds for the principal whose focus it was; a successor's digest does not show it.
    """

    __tablename__ = "focus_tie"
    __table_args__ = (UniqueConstraint("demand_id", "school_id"),)
    id: int | None = Field(default=None, primary_key=True)
    demand_id: int = Field(foreign_key="demand.id")
    school_id: int = Field(foreign_key="school.id")
    principal_id: int | None = Field(default=None, foreign_key="person.id")
    fit: str  # helps | competes | neutral
    focus: str = long_text()  # as it stood then
    line: str = long_text(default="")  # how to make it serve the focus
    tied_by: int = Field(foreign_key="person.id")
    tied_at: datetime


class PrincipalAreaRow(SQLModel, table=True):
    """Something the district lets principals decide: what is fixed, what is theirs, how to ask for an exemption."""

    __tablename__ = "principal_area"
    id: int | None = Field(default=None, primary_key=True)
    area: str = Field(unique=True)
    theirs: str = long_text(default="")
    fixed: str = long_text(default="")
    ask: str = long_text(default="")
    set_by: int = Field(foreign_key="person.id")
    set_on: date
